"""The time to act on its first and last days, and on the day asked."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from flows.dossier import DebtorKind
from flows.law import (
    Law,
)
from flows.law.limitation import Effect, Limitation, LimitationEvent, State, limitation
from flows.law.limitation.rules import load_rules
from flows.law.parameter import Confidence, weakest

TODAY = date(2026, 11, 22)


def undated(text: str) -> str:
    """Give a sentence without its days, to compare what is said of two of them."""
    return re.sub(r"\d{2}/\d{2}/\d{4}", "", text)


START = date(2020, 3, 2)
"""A professional's work completed: five years to act, to 2 March 2025, and never past 2 March 2040."""


def _limit(law: Law, *events: LimitationEvent, today: date) -> Limitation:
    found = limitation(
        DebtorKind.PROFESSIONAL,
        law,
        start_on=START,
        today=today,
        events=events,
        special_case="aucun",
    )
    assert isinstance(found, Limitation)
    assert found.starts_on == START
    assert [counted.event for counted in found.timeline] == sorted(events, key=lambda e: e.on)
    return found


def test_an_act_of_today_counts_and_one_of_tomorrow_does_not(law: Law) -> None:
    """The debt acknowledged today gives a full new term today."""
    today = date(2024, 5, 6)
    act = LimitationEvent("reconnaissance", today)
    assert _limit(law, act, today=today).last_on == date(2029, 5, 6)
    assert _limit(law, act, today=today - timedelta(1)).last_on == date(2025, 3, 2)


def test_an_act_of_the_first_day_interrupts(law: Law) -> None:
    """Acknowledged on the day the work was completed, the debt is acknowledged."""
    (counted,) = _limit(law, LimitationEvent("reconnaissance", START), today=TODAY).timeline
    assert (counted.effect, counted.last_on) == (Effect.INTERRUPTS, date(2025, 3, 2))
    day_before = LimitationEvent("reconnaissance", START - timedelta(1))
    (counted,) = _limit(law, day_before, today=TODAY).timeline
    assert counted.effect is Effect.NONE


def test_a_suit_given_up_the_same_day_wipes_itself_out(law: Law) -> None:
    """What is wiped out today, or was begun the very day it lapsed, never interrupted."""
    suit = LimitationEvent("assignation", date(2024, 5, 6), date(2024, 6, 3))
    lapsed = LimitationEvent("demande_caduque", date(2024, 6, 3))
    assert _limit(law, suit, lapsed, today=date(2024, 6, 3)).last_on == date(2025, 3, 2)
    assert _limit(law, suit, today=date(2024, 6, 3)).last_on == date(2029, 6, 3)
    at_once = LimitationEvent("demande_caduque", date(2024, 5, 6))
    assert _limit(law, suit, at_once, today=date(2024, 6, 3)).last_on == date(2025, 3, 2)


def test_what_ends_today_no_longer_holds_the_time(law: Law) -> None:
    """A suit over today has ended; one that ends tomorrow goes on."""
    today = date(2024, 6, 3)
    ended = LimitationEvent("assignation", date(2024, 5, 6), today)
    open_still = LimitationEvent("assignation", date(2024, 5, 6), today + timedelta(1))
    assert _limit(law, ended, today=today).state is State.RUNNING
    assert _limit(law, open_still, today=today).state is State.INTERRUPTED_OPEN


def test_a_conciliation_that_begins_today_holds_the_time(law: Law) -> None:
    """Begun today and going on it suspends; begun and ended the same day it does nothing."""
    today = date(2024, 6, 3)
    begun = _limit(law, LimitationEvent("conciliation", today), today=today)
    assert (begun.state, begun.timeline[0].effect) == (State.SUSPENDED, Effect.SUSPENDS)
    over = _limit(law, LimitationEvent("conciliation", today, today), today=today)
    assert (over.state, over.timeline[0].effect) == (State.RUNNING, Effect.NONE)
    assert over.last_on == date(2025, 3, 2)


def test_a_conciliation_of_no_day_is_told_by_what_covers_it(law: Law) -> None:
    """On the first day or later it is covered; before, nothing had begun to run."""
    said = {}
    for day in (START - timedelta(1), START, date(2024, 6, 3)):
        event = LimitationEvent("conciliation", day, day)
        (counted,) = _limit(law, event, today=TODAY).timeline
        assert counted.effect is Effect.NONE
        said[day] = undated(counted.sentence)
    assert said[START] == said[date(2024, 6, 3)] != said[START - timedelta(1)]


def test_a_conciliation_of_the_last_day_is_in_time(law: Law) -> None:
    """Begun on the last day it leaves the minimum at its end; the day after it is too late."""
    last = date(2025, 3, 2)
    in_time = LimitationEvent("conciliation", last, date(2025, 9, 1))
    assert _limit(law, in_time, today=TODAY).last_on == date(2026, 3, 1)
    late = LimitationEvent("conciliation", last + timedelta(1), date(2025, 9, 1))
    assert _limit(law, late, today=TODAY).last_on == last


def test_nothing_suspends_beyond_the_back_stop(law: Law) -> None:
    """Twenty years from the start, said to be so; a later conciliation comes too late."""
    stop, today = date(2040, 3, 2), date(2046, 1, 1)
    long = LimitationEvent("conciliation", date(2024, 1, 1), date(2041, 1, 1))
    found = _limit(law, long, today=today)
    assert found.last_on == stop
    again = LimitationEvent("conciliation", date(2030, 1, 1), date(2042, 1, 1))
    both = _limit(law, long, again, today=today)
    late = LimitationEvent("conciliation", date(2044, 1, 1), date(2045, 1, 1))
    (_, told) = _limit(law, long, late, today=today).timeline
    assert (both.last_on, both.timeline[1].effect) == (stop, Effect.NONE)
    assert undated(both.timeline[1].sentence) == undated(told.sentence)


def test_a_term_that_ends_on_the_back_stop_is_not_cut_short(law: Law) -> None:
    """Acknowledged on the last day three times, the term reaches twenty years and is not capped."""
    days = [date(2025, 3, 2), date(2030, 3, 2), date(2035, 3, 2)]
    acts = [LimitationEvent("reconnaissance", day) for day in days]
    found = _limit(law, *acts, today=date(2036, 1, 1))
    assert found.last_on == date(2040, 3, 2)
    more = LimitationEvent("reconnaissance", date(2035, 3, 3))
    capped = _limit(law, *acts, more, today=date(2036, 1, 1))
    assert capped.last_on == date(2040, 3, 2)
    assert len(capped.cautions) == len(found.cautions) + 1


def test_a_term_is_no_firmer_than_the_acts_that_moved_it(law: Law) -> None:
    """A likely act makes a likely last day; one that does not count casts no doubt."""
    rules = load_rules()
    sure = _limit(law, LimitationEvent("relance", date(2024, 1, 1)), today=TODAY)
    assert sure.confidence is Confidence.CONFIRMED
    for name, term in rules.terms.items():
        for kind, act in term.acts.items():
            counts = act.effect in (Effect.INTERRUPTS, Effect.SUSPENDS)
            if name != "professionnel" or not counts:
                continue
            event = LimitationEvent(kind, date(2024, 1, 1), date(2024, 2, 1))
            found = _limit(law, event, today=TODAY)
            assert found.confidence is weakest(term.rule.confidence, act.rule.confidence)


def test_what_a_judge_may_admit_is_only_told_when_it_would_count(law: Law) -> None:
    """A part payment opens a later possible day; without one nothing is said of it."""
    paid = _limit(law, LimitationEvent("paiement_partiel", date(2024, 1, 1)), today=TODAY)
    assert paid.possible_on == date(2029, 1, 1)
    told = [said for said in paid.cautions if "01/01/2029" in said]
    assert len(told) == 1
    bare = _limit(law, today=TODAY)
    assert bare.possible_on is None
    assert len(bare.cautions) == len(paid.cautions) - 1


def test_sums_due_every_year_change_one_caution_alone(law: Law) -> None:
    """What is said of a clause gives way to what is said of yearly sums; the rest stays."""
    given: dict[str, Any] = {"start_on": START, "today": date(2024, 1, 1), "special_case": "aucun"}
    plain_sums = limitation(DebtorKind.PROFESSIONAL, law, **given)
    yearly = limitation(DebtorKind.PROFESSIONAL, law, sums_yearly=True, **given)
    assert isinstance(plain_sums, Limitation)
    assert isinstance(yearly, Limitation)
    changed = set(plain_sums.cautions) ^ set(yearly.cautions)
    assert len(changed) == 2
    assert len(yearly.cautions) == len(plain_sums.cautions) > 2
