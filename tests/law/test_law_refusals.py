"""What is refused in a file of the law is said with its place."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from flows.law import Law, LawFileError
from flows.law.deadlines.clock import parse_steps
from flows.law.deadlines.table import parse_table
from flows.law.explain.topics import parse_topics
from flows.law.law import parse_law
from flows.law.limitation import rules as limitation_rules
from flows.law.parameter import parse_parameter
from flows.law.regimes import parse_regimes
from flows.law.sources import parse_sources
from flows.law.terms import rules as terms_rules
from flows.law.wording import read_sentences
from flows.yamlfile import load_yaml
from tests.law.changing import changed

FOLDER = files("flows.law")
ECB = "parameters/taux/bce_refinancement.yaml"
ANCHOR = "parameters/taux/bce_semestre.yaml"


def raw(name: str) -> Any:
    """Give the content of a file of the law, read as YAML alone."""
    file = FOLDER
    for part in name.split("/"):
        file = file / part
    return load_yaml(file)


def _act(*path: str) -> tuple[str, ...]:
    return ("acts", "private", "acts", "conciliation", *path)


def _topic(*path: str) -> tuple[str, ...]:
    return ("topics", "penalites_professionnel", *path)


def _variants(*path: str) -> tuple[str, ...]:
    return ("topics", "injonction_titre", "variants", *path)


TOPIC = "explanations.yaml: penalites_professionnel"
VARIANTS = "explanations.yaml: injonction_titre.variants"


def _regime(*path: str) -> tuple[str, ...]:
    return ("regimes", "professionnel", *path)


READERS: dict[str, Callable[[Any, Law], object]] = {
    "regimes.yaml": lambda data, law: parse_regimes(data, law.parameters),
    "limitation/rules.yaml": limitation_rules.parse_rules,
    "terms/rules.yaml": terms_rules.parse_rules,
    "deadlines/deadlines.yaml": parse_table,
    "deadlines/steps.yaml": parse_steps,
    "explain/explanations.yaml": parse_topics,
    "sources.yaml": lambda data, law: parse_sources(data),
    ECB: lambda data, law: parse_parameter("essai", data),
    ANCHOR: lambda data, law: parse_parameter("essai", data),
}


@pytest.mark.parametrize(
    ("file", "path", "value", "place"),
    [
        ("regimes.yaml", ("surprise",), 1, "regimes"),
        ("regimes.yaml", ("last_checked_on",), "hier", "regimes.last_checked_on"),
        ("regimes.yaml", ("regimes", "public"), KeyError, "regimes"),
        ("regimes.yaml", _regime("surprise"), 1, "professionnel"),
        ("regimes.yaml", _regime("articles", "surprise"), [], "professionnel.articles"),
        ("regimes.yaml", _regime("articles", "interest"), "x", "professionnel"),
        ("regimes.yaml", _regime("articles", "lump_sum"), "x", "professionnel"),
        ("regimes.yaml", _regime("articles", "imputation"), "x", "professionnel"),
        ("regimes.yaml", _regime("rate", "surprise"), 1, "professionnel.rate"),
        ("regimes.yaml", _regime("rate", "base"), "x", "professionnel"),
        ("regimes.yaml", _regime("rate", "margin"), "x", "professionnel"),
        ("regimes.yaml", _regime("rate", "fixed"), 1, "professionnel.rate.fixed"),
        ("regimes.yaml", _regime("agreed", "surprise"), 1, "professionnel.agreed"),
        ("regimes.yaml", _regime("agreed", "rule"), "", "professionnel.agreed.rule"),
        ("regimes.yaml", _regime("agreed", "floor"), "x", "professionnel"),
        ("regimes.yaml", _regime("agreed", "multiple"), "x", "professionnel"),
        ("regimes.yaml", _regime("rule"), "", "professionnel.rule"),
        ("regimes.yaml", _regime("starts"), "x", "professionnel"),
        ("regimes.yaml", _regime("imputation"), "x", "professionnel"),
        ("regimes.yaml", _regime("notice"), "x", "professionnel"),
        ("regimes.yaml", _regime("lump_sum"), "x", "professionnel"),
        ("limitation/rules.yaml", ("surprise",), 1, "limitation"),
        ("limitation/rules.yaml", ("last_checked_on",), 1, "limitation.last_checked_on"),
        ("limitation/rules.yaml", ("near",), {}, "near"),
        ("limitation/rules.yaml", ("near", "months"), 0, "near"),
        ("limitation/rules.yaml", ("near", "surprise"), 1, "near"),
        ("limitation/rules.yaml", ("alarms", 0), {"days": 1.5}, "alarms"),
        ("limitation/rules.yaml", ("alarms", 0), {"days": 1, "months": 1}, "alarms"),
        ("limitation/rules.yaml", ("terms", "public", "surprise"), 1, "public"),
        ("limitation/rules.yaml", ("terms", "public", "acts"), "x", "public"),
        ("limitation/rules.yaml", ("terms", "public", "cautions"), ["x"], "public"),
        ("limitation/rules.yaml", ("terms", "public", "words"), "", "public"),
        ("limitation/rules.yaml", ("terms", "public", "articles"), [], "public"),
        ("limitation/rules.yaml", ("terms", "public", "confidence"), "x", "public"),
        ("limitation/rules.yaml", ("terms", "public", "shortest_of"), [], "public"),
        ("limitation/rules.yaml", ("terms", "public", "shortest_of"), ["x"], "public"),
        ("limitation/rules.yaml", ("terms", "public", "calendar_years"), 1, "public"),
        ("limitation/rules.yaml", ("acts", "private", "surprise"), 1, "private"),
        ("limitation/rules.yaml", ("uncounted", "after"), "", "uncounted.after"),
        ("limitation/rules.yaml", ("cautions", "contract", "text"), "", "cautions.contract"),
        ("limitation/rules.yaml", ("cautions", "contract", "articles"), 1, "cautions.contract"),
        ("limitation/rules.yaml", ("cautions", "contract", "x"), 1, "cautions.contract"),
        ("limitation/rules.yaml", ("cautions", "contract", "confidence"), 1, "cautions.contract"),
        ("limitation/rules.yaml", _act("surprise"), 1, "private.conciliation"),
        ("limitation/rules.yaml", _act("effect"), "x", "private.conciliation"),
        ("limitation/rules.yaml", _act("text"), "", "private.conciliation"),
        ("limitation/rules.yaml", _act("as"), "suspend", "private.conciliation"),
        ("limitation/rules.yaml", _act("lasts"), 1, "private.conciliation"),
        ("limitation/rules.yaml", _act("uncapped"), 1, "private.conciliation"),
        ("limitation/rules.yaml", _act("court"), 1, "private.conciliation"),
        ("limitation/rules.yaml", _act("wipes"), [], "private.conciliation"),
        ("explain/explanations.yaml", _topic("surprise"), 1, TOPIC),
        ("explain/explanations.yaml", _topic("title"), "", TOPIC),
        ("explain/explanations.yaml", _topic("title"), "x" * 45, TOPIC),
        ("explain/explanations.yaml", _topic("text"), "", TOPIC),
        ("explain/explanations.yaml", _topic("articles"), "", TOPIC),
        ("explain/explanations.yaml", _topic("approximate"), 1, TOPIC),
        ("explain/explanations.yaml", _topic("rates", "x"), {}, f"{TOPIC}.x"),
        ("explain/explanations.yaml", _topic("rates", "x"), {"y": []}, f"{TOPIC}.x"),
        ("explain/explanations.yaml", _topic("rates", "x"), {"add": []}, f"{TOPIC}.x"),
        ("explain/explanations.yaml", _topic("rates", "x"), {"add": ["y"]}, f"{TOPIC}.x"),
        ("explain/explanations.yaml", _variants("surprise"), 1, VARIANTS),
        ("explain/explanations.yaml", _variants("parameter"), "x", VARIANTS),
        ("explain/explanations.yaml", _variants("parameter"), "diviseur_jours", VARIANTS),
        ("explain/explanations.yaml", _variants("texts", "attente"), "", VARIANTS),
        ("terms/rules.yaml", ("surprise",), 1, "terms"),
        ("terms/rules.yaml", ("last_checked_on",), 1, "terms.last_checked_on"),
        ("terms/rules.yaml", ("rules", "public", "text"), "", "terms.public"),
        ("terms/rules.yaml", ("sentences", "foreign"), "", "terms.foreign"),
        ("terms/rules.yaml", ("bodies", "etat", "x"), 1, "terms.etat"),
        ("terms/rules.yaml", ("bodies", "etat", "parameter"), "x", "terms.etat"),
        ("terms/rules.yaml", ("bodies", "etat", "parameter"), "", "terms.etat"),
        ("terms/rules.yaml", ("bodies", "etat", "articles"), [], "terms.etat"),
        ("terms/rules.yaml", ("bodies", "etat", "confidence"), "x", "terms.etat"),
        ("deadlines/deadlines.yaml", ("surprise",), 1, "deadlines"),
        ("deadlines/deadlines.yaml", ("last_checked_on",), 1, "deadlines.last_checked_on"),
        ("deadlines/steps.yaml", ("surprise",), 1, "steps"),
        ("deadlines/steps.yaml", ("steps", "audience", "surprise"), 1, "audience"),
        ("deadlines/steps.yaml", ("steps", "audience", "label"), "", "audience.label"),
        ("deadlines/steps.yaml", ("steps", "audience", "to_do"), "", "audience.to_do"),
        ("deadlines/steps.yaml", ("steps", "audience", "if_missed"), 1, "audience.if_missed"),
        ("deadlines/steps.yaml", ("steps", "audience", "articles"), "", "audience.articles"),
        ("deadlines/steps.yaml", ("sentences", "no_day"), "", "steps.sentences.no_day"),
        ("explain/explanations.yaml", ("surprise",), 1, "explanations.yaml"),
        ("explain/explanations.yaml", ("to_check",), "", "explanations.yaml: to_check"),
        (
            "explain/explanations.yaml",
            ("last_checked_on",),
            1,
            "explanations.yaml: last_checked_on",
        ),
        ("sources.yaml", ("surprise",), 1, "sources.yaml"),
        ("sources.yaml", ("last_checked_on",), 1, "sources.yaml: last_checked_on"),
        ("sources.yaml", ("codes", "CPC"), {}, "sources.yaml: CPC"),
        ("sources.yaml", ("codes", "CPC", "href"), "x", "sources.yaml: CPC"),
        ("sources.yaml", ("articles", "L1 CPC"), "x", "sources.yaml: L1 CPC"),
        ("sources.yaml", ("articles", "L1 X"), "", "sources.yaml: L1 X"),
        ("sources.yaml", ("texts", "x"), {}, "sources.yaml: x"),
        ("sources.yaml", ("patterns", 0, "surprise"), 1, "sources.yaml: patterns"),
        ("sources.yaml", ("patterns", 0, "match"), "(", r"sources.yaml: ("),
        (ECB, ("label",), "", "essai.label"),
        (ECB, ("description",), "", "essai.description"),
        (ECB, ("unit",), "x", "essai"),
        (ECB, ("series",), "x", "essai"),
        (ECB, ("values",), {}, "essai.values"),
        (ECB, ("metadata", "surprise"), 1, "essai.metadata"),
        (ECB, ("metadata", "last_checked_on"), 1, "essai.last_checked_on"),
        (ECB, ("metadata", "renew_before"), 1, "essai.renew_before"),
        (ECB, ("metadata", "known_until"), 1, "essai.known_until"),
        (ECB, ("metadata", "use"), 1, "essai"),
        (ECB, ("metadata", "notes"), 1, "essai.notes"),
        (ANCHOR, ("derived", "surprise"), 1, "essai.derived"),
        (ANCHOR, ("derived", "rule"), "x", "essai.derived"),
        (ANCHOR, ("derived", "from"), 1, "essai.derived.from"),
    ],
)
def test_a_refusal_begins_with_its_place(
    file: str, path: tuple[Any, ...], value: Any, place: str, law: Law
) -> None:
    """The message names the file or the entry, in English and, where it has one, in French."""
    with pytest.raises(LawFileError) as caught:
        READERS[file](changed(raw(file), path, value), law)
    assert str(caught.value).startswith(f"{place}: ")
    assert not caught.value.french or caught.value.french.startswith(f"{place}\u00a0: ")


def test_a_derived_parameter_is_measured_as_its_source() -> None:
    """An anchor in euros cannot come from a series in percent, and the refusal names both."""
    anchor, source = raw(ANCHOR), raw(ECB)
    contents = {"bce_semestre": anchor | {"unit": "euro"}, "bce_refinancement": source}
    with pytest.raises(LawFileError, match=r"^bce_semestre: 'bce_refinancement' is not in euro$"):
        parse_law(contents, {})


def test_a_file_of_sentences_holds_sentences_alone(tmp_path: Path) -> None:
    """Keys and texts, else a refusal that names the file."""
    file = tmp_path / "phrases.yaml"
    file.write_text("un: Bonjour.\ndeux: Merci.\n", encoding="utf-8")
    assert read_sentences(file) == {"un": "Bonjour.", "deux": "Merci."}
    for wrong in ("[un, deux]", "un: Bonjour.\ndeux: 3\n", "un: 3\ndeux: Merci.\n"):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(ValueError, match=r"^phrases\.yaml: every entry must be a sentence$"):
            read_sentences(file)
