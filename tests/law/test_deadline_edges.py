"""A deadline is as firm and as fresh as all it rests on, and a step is the whole of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from flows.law import (
    Law,
)
from flows.law.deadlines import Place, claim_clock, deadline, deadline_step, deadline_table
from flows.law.deadlines.compute import work_out
from flows.law.parameter import Confidence, Parameter

TODAY = date(2026, 11, 22)
PARIS = Place(alsace_moselle=False, overseas=False)
REUNION = Place(alsace_moselle=False, overseas=True)


def with_parameter(law: Law, name: str, **changes: Any) -> Law:
    """Give the law with one parameter changed."""
    changed: Parameter = replace(law.parameters[name], **changes)
    return replace(law, parameters={**law.parameters, name: changed})


def doubted(law: Law, name: str) -> Law:
    """Give the law with every value of one parameter made likely."""
    values = law.parameters[name].values
    return with_parameter(
        law, name, values=tuple(replace(v, confidence=Confidence.LIKELY) for v in values)
    )


def test_a_deadline_carries_the_words_of_its_rule(law: Law) -> None:
    """Name, label, who acts and from which event are those of the table."""
    for name, rule in deadline_table().rules.items():
        found = deadline(name, TODAY, law, decided_on=TODAY, place=PARIS)
        assert (found.id, found.label) == (name, rule.label)
        assert (found.who, found.starts_from) == (rule.who, rule.starts_from)


def test_a_deadline_is_as_firm_as_its_rule_its_term_and_its_distance(law: Law) -> None:
    """One doubt is enough, wherever it is; a distance that is not counted casts none."""
    rule = deadline_table().rules["opposition_injonction"]
    far, term = "delai_distance_outre_mer", rule.term
    start = date(2026, 10, 5)
    for changed, extra, expected in (
        (law, far, Confidence.CONFIRMED),
        (doubted(law, term), None, Confidence.LIKELY),
        (doubted(law, far), far, Confidence.LIKELY),
        (doubted(law, far), None, Confidence.CONFIRMED),
    ):
        found = work_out(rule, start, changed, start, REUNION, extra)
        assert found.confidence is expected
    doubtful = replace(rule, confidence=Confidence.LIKELY)
    assert work_out(doubtful, start, law, start, PARIS, None).confidence is Confidence.LIKELY


@pytest.mark.parametrize("name", ["delai_opposition_injonction", "delai_distance_outre_mer"])
def test_a_deadline_is_as_fresh_as_its_oldest_term(name: str, law: Law) -> None:
    """The term and the distance count, and so does the table itself."""
    old, fresh = date(2026, 1, 5), date(2026, 12, 1)
    start = date(2026, 10, 5)
    aged = with_parameter(law, name, last_checked_on=old)
    assert deadline("opposition_injonction", start, aged, place=REUNION).checked_on == old
    newer = law
    for each in ("delai_opposition_injonction", "delai_distance_outre_mer"):
        newer = with_parameter(newer, each, last_checked_on=fresh)
    found = deadline("opposition_injonction", start, newer, place=REUNION)
    assert found.checked_on == deadline_table().last_checked_on < fresh


def test_a_deadline_of_its_own_is_a_whole_step(law: Law) -> None:
    """Label, words, articles, what follows and cautions are those of the deadline at that place."""
    start = date(2027, 1, 26)
    for place in (PARIS, Place(alsace_moselle=True, overseas=False)):
        due = deadline("declaration_creance", start, law, place=place)
        step = deadline_step("declaration_creance", start, law, place=place, today=start)
        assert step.deadline == due
        assert (step.id, step.label, step.to_do) == (due.id, due.label, due.rule)
        assert (step.if_missed, step.articles) == (due.if_missed, due.articles)
        assert step.cautions == due.cautions
    assert step.cautions


def test_a_deadline_older_than_its_term_has_its_label_and_no_day(law: Law) -> None:
    """Of an event before the first value only the name and the refusal are given."""
    step = deadline_step("declaration_creance", date(2000, 1, 3), law, today=TODAY)
    rule = deadline_table().rules["declaration_creance"]
    assert (step.label, step.articles) == (rule.label, rule.articles)
    assert (step.deadline, step.if_missed) == (None, "")
    assert "n’est pas connue" in step.to_do


def test_retention_of_title_is_only_counted_when_it_is_said(law: Law) -> None:
    """No step on goods sold unless the contract kept their property."""
    clock = claim_clock(
        law,
        procedure="liquidation",
        judgment_on=date(2026, 9, 1),
        published_on=date(2026, 9, 15),
        today=TODAY,
    )
    assert "revendication" not in [step.id for step in clock]
