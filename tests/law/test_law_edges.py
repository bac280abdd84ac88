"""How long the law is known, what a listing shows of it, and what a refusal shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import flows.law
from flows.law import (
    Law,
    LawFileError,
    Severity,
    UnknownForPeriod,
    describe,
    history,
    horizon,
)
from flows.law.law import parse_law
from flows.law.parameter import Parameter, Unit, Use, parse_parameter
from flows.yamlfile import load_yaml

TODAY = date(2026, 11, 22)
FOLDER = Path(flows.law.__file__).parent


def plain(text: str) -> str:
    """Write a text with ordinary spaces."""
    return text.replace("\u00a0", " ")


def contents() -> dict[str, Any]:
    """Every parameter file of the package, as read."""
    return {
        file.name.removesuffix(".yaml"): load_yaml(file)
        for file in (FOLDER / "parameters").rglob("*.yaml")
    }


def with_parameter(law: Law, name: str, **changes: Any) -> Law:
    """Give the law with one parameter changed."""
    changed: Parameter = replace(law.parameters[name], **changes)
    return replace(law, parameters={**law.parameters, name: changed})


def test_a_series_of_decisions_ends_the_day_after_the_last_known(law: Law) -> None:
    """Known until a day, unknown from the next; a rule ended on purpose needs no renewal."""
    until = law.parameters["bce_refinancement"].known_until
    assert until is not None
    assert law.lapses_on("bce_refinancement") == until + timedelta(days=1)
    assert law.lapses_on("indemnite_recouvrement") is None
    last = law.parameters["bce_refinancement"].values[-1]
    ended = with_parameter(
        law,
        "bce_refinancement",
        values=(
            *law.parameters["bce_refinancement"].values,
            replace(last, from_on=until, value=None),
        ),
    )
    assert ended.lapses_on("bce_refinancement") is None


def test_an_anchor_lapses_with_the_series_it_is_taken_from(law: Law) -> None:
    """Prolonged alone it lapses at the next half-year its source does not reach."""
    anchor, source = "bce_semestre", "bce_refinancement"
    longer = with_parameter(law, anchor, known_until=date(2027, 12, 31))
    assert longer.lapses_on(anchor) == date(2027, 1, 1)
    both = with_parameter(longer, source, known_until=date(2027, 1, 1))
    assert both.lapses_on(anchor) == date(2027, 7, 1)
    endless = with_parameter(longer, source, known_until=None)
    assert endless.lapses_on(anchor) == date(2028, 1, 1)


@pytest.mark.parametrize(
    ("today", "severity"),
    [
        (date(2026, 12, 10), Severity.SOON),
        (date(2027, 1, 1), Severity.EXPIRED),
    ],
)
def test_a_renewal_says_what_when_and_how_bad(today: date, severity: Severity, law: Law) -> None:
    """The English line begins with the name, the French one with the label, both give the day."""
    (found,) = [r for r in law.renewals(today) if r.parameter == "interet_legal_autres_cas"]
    assert (found.severity, found.on) == (severity, date(2027, 1, 1))
    assert found.english.startswith("interet_legal_autres_cas: ")
    assert "2027-01-01" in found.english
    assert found.french.startswith(law.parameters["interet_legal_autres_cas"].label)
    assert "01/01/2027" in found.french


def test_an_overdue_reading_says_since_when(law: Law) -> None:
    """A value that still holds but was to be read again is told with its day, in both languages."""
    day = date(2026, 11, 1)
    late = with_parameter(law, "indemnite_recouvrement", renew_before=day)
    (found,) = [r for r in late.renewals(TODAY) if r.parameter == "indemnite_recouvrement"]
    assert (found.severity, found.on) == (Severity.OVERDUE, day)
    assert found.english.startswith("indemnite_recouvrement: ")
    assert "2026-11-01" in found.english
    assert found.french.startswith(law.parameters["indemnite_recouvrement"].label)
    assert "01/11/2026" in found.french


def test_a_whole_number_is_asked_in_its_own_unit(law: Law) -> None:
    """Months are no days, and years no months, though all are whole numbers."""
    with pytest.raises(TypeError, match="delai_signification_injonction is not a number of days"):
        law.days("delai_signification_injonction", TODAY)
    with pytest.raises(TypeError, match="prescription_particulier is not a number of months"):
        law.months("prescription_particulier", TODAY)
    with pytest.raises(TypeError, match="delai_public is not a number of years"):
        law.years("delai_public", TODAY)


def test_a_refusal_names_the_value_in_french(law: Law) -> None:
    """The label of the parameter, between French quotes, and the period."""
    with pytest.raises(UnknownForPeriod) as refusal:
        law.value("bce_semestre", date(2027, 2, 3))
    label = law.parameters["bce_semestre"].label
    assert plain(refusal.value.sentence).startswith(f"La valeur « {label} » n’est pas connue")


def test_a_list_may_hold_a_single_text_but_not_none() -> None:
    """One town is a list; no town at all is a slip, and so is a number among them."""
    data = contents()["departements_tribunal_mixte"]
    day = next(iter(data["values"]))
    assert data["unit"] == Unit.LIST
    for value, expected in ((["97"], ("97",)), ([], None), (["97", 3], None)):
        data["values"][day]["value"] = value
        if expected:
            entry = parse_parameter("essai", data).entry(TODAY)
            assert entry is not None
            assert entry.value == expected
            continue
        with pytest.raises(LawFileError, match=f"^essai.{day}: ") as caught:
            parse_parameter("essai", data)
        assert caught.value.french.startswith(f"essai.{day}\u00a0: ")


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [
        ("days", "trente", "trente"),
        ("text", 1234, "1234"),
        ("list", "ici", "ici"),
        ("percent", "2,5", "2,5"),
    ],
)
def test_a_refused_value_is_shown_to_the_operator(unit: str, value: Any, shown: str) -> None:
    """The French line repeats what was written, so that it can be found."""
    data = contents()["indemnite_recouvrement"] | {"unit": unit}
    data.pop("bounds", None)
    day = next(iter(data["values"]))
    data["values"] = {day: data["values"][day] | {"value": value}}
    with pytest.raises(LawFileError, match=f"^essai.{day}: ") as caught:
        parse_parameter("essai", data)
    assert f"«\u00a0{shown}\u00a0»" in caught.value.french


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"metadata": {"last_checked_on": "hier"}}, "hier"),
        ({"metadata": {"use": "souvent"}}, "souvent"),
        ({"metadata": {"use": "souvent"}}, "direct, derived, none"),
        ({"metadata": {"un": 1, "deux": 2}}, "deux, un"),
    ],
)
def test_a_refused_word_is_shown_with_what_was_expected(change: dict[str, Any], shown: str) -> None:
    """Days, words of a list and unknown keys are repeated in French, in order."""
    data = contents()["indemnite_recouvrement"]
    data["metadata"] |= change["metadata"]
    with pytest.raises(LawFileError) as caught:
        parse_parameter("essai", data)
    assert shown in caught.value.french


def test_missing_keys_are_named_one_by_one() -> None:
    """The French line lists what is missing."""
    data = contents()["indemnite_recouvrement"]
    del data["metadata"]["use"], data["metadata"]["known_until"]
    with pytest.raises(LawFileError) as caught:
        parse_parameter("essai", data)
    assert caught.value.french == "essai.metadata\u00a0: il manque known_until, use."


def test_a_refused_address_is_shown() -> None:
    """A reference whose address is not https is repeated to the operator."""
    data = contents()["indemnite_recouvrement"]
    day = next(iter(data["values"]))
    data["values"][day]["reference"] = [{"title": "Texte", "href": "http://ici"}]
    with pytest.raises(LawFileError) as caught:
        parse_parameter("essai", data)
    assert "http://ici" in caught.value.french


def test_a_series_known_for_its_very_first_day_is_read() -> None:
    """The last known day may be the day of the last value, not before."""
    data = contents()["bce_refinancement"]
    last = max(data["values"])
    data["metadata"]["known_until"] = last
    assert parse_parameter("essai", data).known_until == last
    data["metadata"]["known_until"] = last - timedelta(1)
    with pytest.raises(LawFileError, match="before the last value"):
        parse_parameter("essai", data)


def test_a_law_read_without_folders_has_no_groups() -> None:
    """The folder of a parameter is given, or empty: never made up."""
    regimes = load_yaml(FOLDER / "regimes.yaml")
    assert {p.group for p in parse_law(contents(), regimes).parameters.values()} == {""}
    named = parse_law(contents(), regimes, {"bce_semestre": "taux"})
    assert named.parameters["bce_semestre"].group == "taux"
    assert named.parameters["bce_refinancement"].group == ""


def test_the_rows_of_the_listing_are_the_parameters(law: Law) -> None:
    """Label, use and day to read again; a value not known has neither confidence nor quotes."""
    for row in describe(law, TODAY):
        parameter = law.parameters[row.name]
        assert (row.label, row.use) == (parameter.label, parameter.use)
        assert row.renew_before == parameter.renew_before
    (rate,) = describe(law, date(2027, 1, 1), ["interet_legal_autres_cas"])
    assert (rate.value, rate.confidence) == ("", "")
    (text,) = describe(law, TODAY, ["mention_franchise_tva"])
    assert plain(text.value) == "« TVA non applicable, art. 293 B du CGI »"


def test_the_history_of_an_anchor_goes_to_its_last_half_year(law: Law) -> None:
    """A half-year of which a single day is known is still told."""
    longer = with_parameter(law, "bce_semestre", known_until=date(2027, 1, 1))
    assert history(longer, "bce_semestre")[-1].since == date(2027, 1, 1)


def test_what_is_to_come_is_named_and_told_apart(law: Law) -> None:
    """Each day to come bears its parameter and label, and whether the value ends or is read again."""
    terms = horizon(law, TODAY)
    for term in terms:
        parameter = law.parameters[term.name]
        assert term.label == parameter.label
        assert parameter.use is Use.DIRECT
        assert term.on == (
            law.lapses_on(term.name) if term.lapses is True else parameter.renew_before
        )
    assert {term.lapses for term in terms} == {True, False}
