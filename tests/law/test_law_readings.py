"""What is read of the files of the law is what they hold."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

from flows.dossier import DebtorKind
from flows.law import Law
from flows.law.deadlines.clock import parse_steps
from flows.law.deadlines.table import parse_table
from flows.law.explain import advisers, standing_sentence
from flows.law.explain.topics import parse_topics
from flows.law.limitation import rules as limitation_rules
from flows.law.parameter import Confidence, parse_parameter
from flows.law.prose import RuleText
from flows.law.regimes import parse_regimes
from flows.law.terms import rules as terms_rules
from flows.yamlfile import load_yaml

FOLDER = files("flows.law")
ECB = "parameters/taux/bce_refinancement.yaml"
ANCHOR = "parameters/taux/bce_semestre.yaml"


def raw(name: str) -> Any:
    """Give the content of a file of the law, read as YAML alone."""
    file = FOLDER
    for part in name.split("/"):
        file = file / part
    return load_yaml(file)


def said(rule: RuleText) -> dict[str, Any]:
    """Give a rule back as its file has it."""
    return {
        "text": rule.text,
        "articles": list(rule.articles),
        "confidence": str(rule.confidence),
    }


def written(data: dict[str, Any]) -> dict[str, Any]:
    """Give the entry of a rule with the confidence it has when it says none."""
    return {"confidence": "confirmed"} | data


def test_the_advisers_are_those_of_the_file() -> None:
    """Names, what for, addresses and the standing sentence, in the order of the file."""
    data = raw("explain/advisers.yaml")
    assert [{"name": a.name, "what": a.what, "href": a.href} for a in advisers()] == data[
        "advisers"
    ]
    assert standing_sentence() == data["sentence"]


def test_a_regime_is_what_its_file_says(law: Law) -> None:
    """Every field of every kind of debtor, and the day of the check."""
    data = raw("regimes.yaml")
    found = parse_regimes(data, law.parameters)
    assert {str(kind) for kind in found} == set(data["regimes"])
    for kind, entry in data["regimes"].items():
        regime = found[DebtorKind(kind)]
        rate, agreed = regime.rate, regime.agreed
        assert {
            "rule": regime.rule,
            "starts": str(regime.starts),
            "rate": rate and {"base": rate.base, "margin": rate.margin, "fixed": rate.fixed},
            "agreed": agreed
            and {"rule": agreed.rule, "floor": agreed.floor, "multiple": agreed.multiple},
            "agreed_note": regime.agreed_note,
            "lump_sum": regime.lump_sum,
            "imputation": str(regime.imputation),
            "notice": regime.notice,
            "wording": regime.wording,
            "caution": regime.caution,
            "articles": {
                "interest": list(regime.interest_articles),
                "lump_sum": list(regime.lump_sum_articles),
                "imputation": list(regime.imputation_articles),
            },
        } == entry
        assert regime.last_checked_on == data["last_checked_on"]


def test_a_term_of_limitation_is_what_its_file_says(law: Law) -> None:
    """Terms, acts, alarms, cautions and what is said of an act that does not count."""
    data = raw("limitation/rules.yaml")
    found = limitation_rules.parse_rules(data, law)
    assert found.last_checked_on == data["last_checked_on"]
    assert [(b.months, b.days) for b in (found.near, *found.alarms)] == [
        (entry.get("months", 0), entry.get("days", 0)) for entry in (data["near"], *data["alarms"])
    ]
    assert found.uncounted == data["uncounted"]
    assert {key: said(rule) for key, rule in found.cautions.items()} == {
        key: written(rule) for key, rule in data["cautions"].items()
    }
    assert set(found.terms) == set(data["terms"])
    for key, entry in data["terms"].items():
        term = found.terms[key]
        assert list(term.shortest_of) == entry["shortest_of"]
        assert term.calendar_years is entry["calendar_years"]
        assert list(term.cautions) == entry["cautions"]
        assert said(term.rule) == {
            "text": entry["words"],
            "articles": entry["articles"],
            "confidence": entry["confidence"],
        }


def test_an_act_of_limitation_is_what_its_set_says(law: Law) -> None:
    """Each act of each set, that of the set it is based on where it says nothing itself."""
    data = raw("limitation/rules.yaml")
    found = limitation_rules.parse_rules(data, law)
    for term_key, term_entry in data["terms"].items():
        name = term_entry["acts"]
        entries: dict[str, Any] = {}
        while name:
            entries = data["acts"][name]["acts"] | entries
            name = data["acts"][name].get("based_on")
        acts = found.terms[term_key].acts
        assert set(acts) == set(entries)
        for kind, entry in entries.items():
            act = acts[kind]
            assert said(act.rule) == written(
                {k: entry[k] for k in ("text", "articles", "confidence")}
            )
            assert str(act.effect) == entry["effect"]
            assert str(act.acts_as) == entry.get("as", entry["effect"])
            assert sorted(act.wipes) == sorted(entry.get("wipes", []))
            assert (act.lasts, act.uncapped, act.court) == tuple(
                entry.get(flag, False) for flag in ("lasts", "uncapped", "court")
            )


def test_the_rules_of_a_due_date_are_what_their_file_says(law: Law) -> None:
    """Rules, sentences, what is beyond the ceiling and the public buyers."""
    data = raw("terms/rules.yaml")
    found = terms_rules.parse_rules(data, law)
    assert found.last_checked_on == data["last_checked_on"]
    assert found.sentences == data["sentences"]
    for key, rules in (("rules", found.rules), ("excess", found.excess)):
        assert {name: said(rule) for name, rule in rules.items()} == {
            name: written(rule) for name, rule in data[key].items()
        }
    assert {
        key: {
            "parameter": body.parameter,
            "articles": list(body.articles),
            "confidence": str(body.confidence),
        }
        for key, body in found.bodies.items()
    } == data["bodies"]


def test_a_deadline_is_what_the_table_says(law: Law) -> None:
    """Every field of every deadline, under its own name."""
    data = raw("deadlines/deadlines.yaml")
    found = parse_table(data, law)
    assert found.last_checked_on == data["last_checked_on"]
    assert set(found.rules) == set(data["deadlines"])
    for key, entry in data["deadlines"].items():
        rule = found.rules[key]
        assert rule.id == key
        assert {
            "label": rule.label,
            "who": rule.who,
            "starts_from": rule.starts_from,
            "term": rule.term,
            "carry_over": str(rule.carry_over),
            "side": str(rule.side),
            "distance": rule.distance and str(rule.distance),
            "by_decision": rule.by_decision,
            "confidence": str(rule.confidence),
            "rule": rule.rule,
            "if_missed": rule.if_missed,
            "articles": list(rule.articles),
        } == entry


def test_the_words_of_a_step_are_those_of_the_file(law: Law) -> None:
    """Label, what to do, what follows and articles; every sentence of the clocks."""
    data = raw("deadlines/steps.yaml")
    steps, sentences = parse_steps(data, law)
    assert sentences == data["sentences"]
    assert {
        key: {
            "label": words.label,
            "to_do": words.to_do,
            "if_missed": words.if_missed,
            "articles": list(words.articles),
        }
        for key, words in steps.items()
    } == data["steps"]


def test_an_explanation_is_what_its_file_says(law: Law) -> None:
    """Titles, texts, variants, details and articles of every topic."""
    data = raw("explain/explanations.yaml")
    book = parse_topics(data, law)
    assert (book.to_check, book.last_checked_on) == (data["to_check"], data["last_checked_on"])
    for key, entry in data["topics"].items():
        topic = book.topics[key]
        for name in ("title", "text", "detail", "caution"):
            assert getattr(topic, name) == entry.get(name, "")
        assert list(topic.articles) == entry["articles"]
        assert list(topic.given) == entry.get("given", [])
        assert topic.approximate is entry.get("approximate", False)
        variants = entry.get("variants", {"parameter": "", "texts": {}})
        assert (topic.chosen_by, topic.variants) == (variants["parameter"], variants["texts"])
        assert {
            name: {"add" if rate.added else "multiply": list(rate.parts)}
            for name, rate in topic.rates.items()
        } == entry.get("rates", {})


@pytest.mark.parametrize("name", [ECB, ANCHOR])
def test_a_parameter_is_what_its_file_says(name: str) -> None:
    """Label, description, days, use, notes, and each value with its confidence and references."""
    data, meta = raw(name), raw(name)["metadata"]
    found = parse_parameter("essai", data, "taux")
    assert (found.name, found.group) == ("essai", "taux")
    assert (found.label, found.description) == (data["label"], data["description"].strip())
    assert (str(found.unit), str(found.series)) == (data["unit"], data["series"])
    assert found.derived_from == data.get("derived", {}).get("from")
    for key in ("last_checked_on", "renew_before", "known_until", "use"):
        assert getattr(found, key) == meta[key]
    assert found.notes == meta.get("notes", "").strip()
    assert [
        (v.from_on, str(v.confidence), [(r.title, r.href) for r in v.reference], v.own)
        for v in found.values
    ] == [
        (
            day,
            entry["confidence"],
            [(r["title"], r.get("href", "")) for r in entry["reference"]],
            False,
        )
        for day, entry in sorted(data["values"].items())
    ]


def test_a_parameter_outside_a_folder_has_no_group() -> None:
    """Without a folder the group is empty, not missing."""
    assert parse_parameter("essai", raw(ECB)).group == ""


def test_a_rule_without_confidence_is_confirmed(law: Law) -> None:
    """Only a doubt has to be written."""
    data = raw("terms/rules.yaml")
    del data["rules"]["public"]["confidence"]
    found = terms_rules.parse_rules(data, law)
    assert found.rules["public"].confidence is Confidence.CONFIRMED
