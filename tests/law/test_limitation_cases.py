"""Limitation: the YAML cases a jurist can read, and what must hold of every course of time."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.dossier import DebtorKind
from flows.law import Law, load_law
from flows.law.calendar import is_working_day
from flows.law.limitation import Effect, Limitation, LimitationEvent, UnknownTerm, limitation
from flows.law.limitation.rules import load_rules, parse_rules
from flows.law.strict import LawFileError
from flows.yamlfile import load_yaml

LAW = load_law()
TODAY = date(2026, 11, 22)
CASES: list[dict[str, Any]] = load_yaml(Path(__file__).parent / "cases" / "prescription.yaml")
INPUTS = {"name", "source", "debtor", "start", "today", "events", "special", "yearly", "body"}
KINDS = sorted(load_rules().terms["professionnel"].acts)
PLAIN = settings(deadline=None, max_examples=120)
DAYS = st.dates(date(2016, 1, 1), TODAY)
DEBTORS = st.sampled_from(DebtorKind)


@st.composite
def an_event(draw: st.DrawFn, kinds: list[str]) -> LimitationEvent:
    """Draw an act on some day, over or not."""
    on = draw(DAYS)
    until = draw(st.none() | st.dates(on, date(2027, 6, 1)))
    return LimitationEvent(draw(st.sampled_from(kinds)), on, until)


def of_effect(debtor: DebtorKind, *effects: Effect) -> list[str]:
    """Name the acts that have one of these effects on a debtor's term."""
    acts = load_rules().terms[str(debtor)].acts
    return sorted(kind for kind, act in acts.items() if act.effect in effects)


def ask(
    debtor: DebtorKind, start: date, events: list[LimitationEvent], today: date = TODAY
) -> Limitation:
    """Give the limitation of work completed on a day already past."""
    found = limitation(debtor, LAW, start_on=start, today=today, events=events)
    assert isinstance(found, Limitation)
    return found


def plain(text: str) -> str:
    """Write a text with ordinary spaces, as a case does."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in CASES])
def test_a_limitation_is_the_one_of_the_case(case: dict[str, Any], law: Law) -> None:
    """The last day, the state and the effect of each act are those a jurist wrote."""
    assert set(case) <= INPUTS | {"expected"}
    expected = dict(case["expected"])
    optional = {"special": "special_case", "yearly": "sums_yearly", "body": "public_body"}
    got = limitation(
        DebtorKind(case["debtor"]),
        law,
        start_on=case["start"],
        today=case.get("today", TODAY),
        events=[LimitationEvent(*event) for event in case.get("events", ())],
        **{optional[key]: case[key] for key in optional if key in case},
    )
    if expected == {"ask": True}:
        assert got is None
        return
    assert isinstance(got, Limitation)
    said = plain(" ".join(got.cautions))
    assert expected.pop("says", "") in said
    assert expected.pop("says_not", "\0") not in said
    if "article" in expected:
        assert expected.pop("article") in got.articles
    found: dict[str, Any] = {
        "last": got.last_on,
        "safe": got.safe_on,
        "state": str(got.state),
        "effects": [str(step.effect) for step in got.timeline],
        "possible": got.possible_on,
        "confidence": str(got.confidence),
        "alarms": list(got.alarms),
    }
    assert got.possible_on == expected.get("possible")
    assert {key: found[key] for key in expected} == expected


def test_the_work_must_be_known_to_be_finished(law: Law) -> None:
    """With no day of completion nothing is computed: the day is to be asked."""
    assert limitation(DebtorKind.CONSUMER, law, start_on=None, today=TODAY) is None


def test_the_term_is_said_in_words(law: Law) -> None:
    """A term names its length and its start."""
    words = {
        kind: plain(limitation(kind, law, start_on=TODAY, today=TODAY).term)  # type: ignore[union-attr]
        for kind in DebtorKind
    }
    assert words[DebtorKind.PROFESSIONAL].startswith("5 ans à partir de la fin")
    assert words[DebtorKind.CONSUMER].startswith("2 ans à partir de la fin")
    assert words[DebtorKind.PUBLIC].startswith("4 ans à partir du premier janvier")
    assert words[DebtorKind.FOREIGN].endswith("comme but prudent")


def test_each_event_says_why_it_counted_or_not(law: Law) -> None:
    """The timeline gives a sentence of the act itself, or of what was in its way."""
    events = [
        LimitationEvent("reconnaissance", date(2024, 1, 1)),
        LimitationEvent("reconnaissance", date(2025, 1, 1)),
        LimitationEvent("conciliation", date(2025, 3, 1), date(2025, 6, 1)),
        LimitationEvent("conciliation", date(2025, 4, 1), date(2025, 5, 1)),
        LimitationEvent("reconnaissance", date(2026, 12, 1)),
    ]
    got = ask(DebtorKind.CONSUMER, date(2024, 6, 1), events)
    said = [plain(step.sentence) for step in got.timeline]
    assert "précède le départ" in said[0]
    assert "un nouveau délai entier" in said[1]
    assert "il reste au moins 6 mois" in said[2]
    assert "déjà suspendu" in said[3]
    assert "après aujourd’hui" in said[4]
    assert [step.last_on for step in got.timeline] == [
        date(2026, 6, 1),
        date(2027, 1, 1),
        date(2027, 4, 3),
        date(2027, 4, 3),
        date(2027, 4, 3),
    ]


def test_a_suspension_over_before_the_start_is_of_no_account(law: Law) -> None:
    """What ended before the work was done neither counts nor is said to be already suspended."""
    event = LimitationEvent("conciliation", date(2025, 1, 1), date(2025, 2, 1))
    got = ask(DebtorKind.CONSUMER, date(2025, 6, 1), [event])
    assert got.last_on == date(2027, 6, 1)
    assert "précède" in got.timeline[0].sentence


@PLAIN
@given(debtor=DEBTORS, start=DAYS, events=st.lists(an_event(KINDS), max_size=5))
def test_no_date_precedes_the_start(
    debtor: DebtorKind, start: date, events: list[LimitationEvent]
) -> None:
    """The last day is after the start, the safe day is a working day before it, alarms come in order."""
    got = ask(debtor, start, events)
    assert start < got.last_on
    assert got.safe_on < got.last_on
    assert is_working_day(got.safe_on)
    assert list(got.alarms) == sorted(got.alarms)
    assert all(start <= alarm < got.last_on for alarm in got.alarms)
    assert got.possible_on is None or got.possible_on > got.last_on


@PLAIN
@given(debtor=DEBTORS, start=DAYS, events=st.lists(an_event(KINDS), max_size=4), data=st.data())
def test_an_act_that_does_not_count_changes_nothing(
    debtor: DebtorKind, start: date, events: list[LimitationEvent], data: st.DataObject
) -> None:
    """A reminder, and whatever is left to the judge, never moves the last day nor the state."""
    idle = data.draw(an_event(of_effect(debtor, Effect.NONE, Effect.POSSIBLE)))
    before, after = ask(debtor, start, events), ask(debtor, start, [*events, idle])
    assert (before.last_on, before.state) == (after.last_on, after.state)


@PLAIN
@given(debtor=DEBTORS, start=DAYS, events=st.lists(an_event(KINDS), max_size=4), data=st.data())
def test_an_interruption_never_brings_the_last_day_earlier(
    debtor: DebtorKind, start: date, events: list[LimitationEvent], data: st.DataObject
) -> None:
    """One more act of a single moment that interrupts leaves at least as long."""
    acts = load_rules().terms[str(debtor)].acts
    kinds = [kind for kind in of_effect(debtor, Effect.INTERRUPTS) if not acts[kind].lasts]
    more = data.draw(an_event(kinds))
    assert ask(debtor, start, [*events, more]).last_on >= ask(debtor, start, events).last_on


@PLAIN
@given(start=DAYS, events=st.lists(an_event(KINDS), max_size=4), data=st.data())
@pytest.mark.parametrize("debtor", [DebtorKind.PROFESSIONAL, DebtorKind.CONSUMER])
def test_a_suspension_never_brings_the_last_day_earlier(
    debtor: DebtorKind, start: date, events: list[LimitationEvent], data: st.DataObject
) -> None:
    """One more conciliation leaves at least as long, but for leap days.

    What a suspension adds is counted in days; a term that begins anew after it, in years.
    """
    more = data.draw(an_event(of_effect(debtor, Effect.SUSPENDS)))
    leap_days = timedelta(days=2)  # those that five years can hold
    after, before = ask(debtor, start, [*events, more]), ask(debtor, start, events)
    assert after.last_on >= before.last_on - leap_days


def test_a_suspension_in_days_and_a_term_in_years_differ_by_a_leap_day() -> None:
    """Five years from the end of a suspension end a day before five years and the days it lasted."""
    since = date(2024, 1, 1)
    signed = [
        LimitationEvent("echeancier_signe", since),
        LimitationEvent("petites_creances", since),
    ]
    longer = [*signed, LimitationEvent("conciliation", date(2016, 1, 1))]
    found = [ask(DebtorKind.PROFESSIONAL, date(2019, 1, 1), given) for given in (signed, longer)]
    assert [one.last_on for one in found] == [date(2031, 11, 23), date(2031, 11, 22)]


@PLAIN
@given(debtor=DEBTORS, start=DAYS, events=st.lists(an_event(KINDS), max_size=5), data=st.data())
def test_the_order_in_which_events_are_given_does_not_matter(
    debtor: DebtorKind, start: date, events: list[LimitationEvent], data: st.DataObject
) -> None:
    """Only the days of the events count."""
    assert ask(debtor, start, data.draw(st.permutations(events))) == ask(debtor, start, events)


@PLAIN
@given(start=DAYS, events=st.lists(an_event(KINDS), max_size=4))
def test_a_debtor_in_doubt_never_has_the_longer_term(
    start: date, events: list[LimitationEvent]
) -> None:
    """An association and a foreign debtor are given no later day than a professional."""
    professional = ask(DebtorKind.PROFESSIONAL, start, events).last_on
    assert ask(DebtorKind.NONTRADER, start, events).last_on <= professional
    assert (
        ask(DebtorKind.FOREIGN, start, events).last_on
        <= ask(DebtorKind.NONTRADER, start, events).last_on
    )


def test_an_unknown_act_is_refused(law: Law) -> None:
    """An act is one of those the rules name."""
    with pytest.raises(ValueError, match="not an act of limitation"):
        ask(DebtorKind.CONSUMER, TODAY, [LimitationEvent("priere", TODAY)])


def test_an_act_cannot_end_before_it_began() -> None:
    """The end of a conciliation is not before its first meeting."""
    with pytest.raises(ValueError, match="before it began"):
        LimitationEvent("conciliation", date(2026, 2, 1), date(2026, 1, 31))


def test_a_term_of_a_period_that_is_not_known_is_refused(law: Law) -> None:
    """Work of before the reform of 2008 has no term on file."""
    found = limitation(
        DebtorKind.PROFESSIONAL, law, start_on=date(2008, 6, 18), today=TODAY, special_case="aucun"
    )
    assert isinstance(found, UnknownTerm)
    assert "n’est pas connue pour la date du 18/06/2008" in found.sentence


def test_no_figure_of_the_law_stands_in_a_sentence() -> None:
    """Sentences hold blanks; every blank is a value of the calculation or a parameter."""
    rules = load_rules()
    texts = [term.rule.text for term in rules.terms.values()]
    texts += [act.rule.text for term in rules.terms.values() for act in term.acts.values()]
    texts += [caution.text for caution in rules.cautions.values()]
    for text in (*texts, *rules.uncounted.values()):
        assert not re.search(r"\d", text), text
        assert not re.search(r"(?<!\u00a0)[;?%»:]|«(?!\u00a0)|'|!", text), text
        blanks = set(re.findall(r"{(\w+)}", text))
        assert blanks <= {"term", "possible", "without", "act", "day"} | set(LAW.parameters), text


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("surprise",), 1, "unknown"),
        (("last_checked_on",), "hier", "a day"),
        (("near",), {"months": 0}, "whole number"),
        (("near",), {"months": 1, "days": 1}, "whole number"),
        (("terms", "public", "acts"), "absent", "no set of acts"),
        (("terms", "public", "cautions"), ["absente"], "no caution"),
        (("terms", "public", "calendar_years"), "oui", "true or false"),
        (("acts", "private", "acts", "relance", "effect"), "magie", "magie"),
        (("acts", "private", "acts", "relance", "effect"), "possible", "'as' goes with"),
        (("acts", "private", "acts", "relance", "effect"), "efface", "'wipes' goes with"),
        (("acts", "public", "acts"), {}, "the same acts"),
        (("cautions", "court", "text"), "", "a sentence"),
    ],
)
def test_a_slip_in_the_rules_is_refused(path: tuple[str, ...], value: Any, says: str) -> None:
    """An unknown key, a missing act or a stray word stops the reading."""
    data = deepcopy(load_yaml(files("flows.law.limitation") / "rules.yaml"))
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(LawFileError, match=says):
        parse_rules(data, LAW)
