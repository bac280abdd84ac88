"""When a legal clock is recalled: early enough, on working days, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.dialogue.conversation import Moment
from flows.dialogue.library import Library
from flows.dossier import Act, ActKind, DebtorKind, Dossier
from flows.facts.alarms import Alarm, alarms_of
from flows.law import load_law
from flows.law.calendar import is_working_day
from flows.values import Value
from tests.facts.makers import TODAY, act, happened

LAW = load_law()
LIBRARY = Library()
OPENED = date(2026, 10, 16)
LIMITATION_DAYS = [
    date(2027, 3, 1),  # six months before 1 September 2027
    date(2027, 6, 1),  # three months
    date(2027, 7, 30),  # one month, moved from Sunday 1 August
    date(2027, 8, 18),  # two weeks
    date(2027, 8, 25),  # one week
]


def dossier(*acts: Act, kind: str = "particulier", **facts: Value) -> Dossier:
    """Make a debt whose work was done on 1 September 2025."""
    known: dict[str, Value] = {
        "debtor_kind": kind,
        "amount_due": Decimal("1250.00"),
        "invoice_due_on": date(2026, 10, 15),
        "work_done_on": date(2025, 9, 1),
        **facts,
    }
    return Dossier("n1", OPENED, known, (act(ActKind.OPENED, OPENED), *acts))


def fired(found: Dossier, alarm: Alarm, on: date) -> Dossier:
    """Note that an alarm rang."""
    return found.with_act(act(ActKind.NUDGED, on, key=alarm.key))


def days(alarms: tuple[Alarm, ...], what: str) -> list[date]:
    """Give the days of one clock's alarms."""
    return [alarm.on for alarm in alarms if alarm.what == what]


def test_the_limitation_is_recalled_five_times() -> None:
    """Six, three and one month, two and one week before the last day, each on a working day before it."""
    found = alarms_of(dossier(), TODAY, LAW)
    assert days(found, "prescription") == LIMITATION_DAYS
    assert all("01/09/2027" in alarm.why for alarm in found)


def test_an_alarm_says_both_days() -> None:
    """The reason names the last day and the earlier one to aim at, without a capital or a full stop."""
    (alarm, *_) = alarms_of(dossier(), TODAY, LAW)
    assert "31/08/2027" in alarm.why
    assert alarm.why[0].islower()
    assert not alarm.why.endswith(".")


def test_no_limitation_alarm_without_the_work_or_once_passed() -> None:
    """Nothing rings for a clock that is not known, nor for one that has run out."""
    assert alarms_of(dossier().without_facts("work_done_on"), TODAY, LAW) == ()
    assert alarms_of(dossier(), date(2027, 9, 2), LAW) == ()


def test_an_interruption_moves_the_alarms() -> None:
    """A written acknowledgement starts the term again, and the alarms follow; taken back, they return."""
    said = happened("reconnaissance", date(2026, 11, 10))
    moved = days(alarms_of(dossier(said), TODAY, LAW), "prescription")
    assert min(moved) == date(2028, 5, 10)
    undone = act(
        ActKind.CORRECTED, TODAY, fact="evenement", what="reconnaissance", day=date(2026, 11, 10)
    )
    assert days(alarms_of(dossier(said, undone), TODAY, LAW), "prescription") == LIMITATION_DAYS


def test_an_alarm_that_rang_does_not_ring_again() -> None:
    """Once noted as fired an alarm is gone, and the others stay."""
    found = dossier()
    first, *rest = alarms_of(found, TODAY, LAW)
    assert alarms_of(fired(found, first, first.on), first.on, LAW) == tuple(rest)


def test_of_the_alarms_missed_only_the_last_is_given_once() -> None:
    """After a long absence one late alarm is given for a clock, and none once it rang."""
    found, today = dossier(), date(2027, 7, 1)
    late, *rest = alarms_of(found, today, LAW)
    assert late.key == "prescription!20270601"
    assert [alarm.on for alarm in rest] == LIMITATION_DAYS[2:]
    assert alarms_of(fired(found, late, today), today, LAW) == tuple(rest)


def test_no_alarm_from_before_the_dossier() -> None:
    """A day that had passed when the dossier was opened is not recalled as missed."""
    facts = dossier().facts
    opened = date(2027, 6, 15)
    young = Dossier("n1", opened, facts, (act(ActKind.OPENED, opened),))
    assert days(alarms_of(young, date(2027, 7, 1), LAW), "prescription") == LIMITATION_DAYS[2:]


def test_an_order_is_recalled_before_its_service_is_due() -> None:
    """An order of 2 November 2026 is recalled 21, 7, 2 and 0 days before 2 February 2027, and once missed."""
    order = happened("ordonnance", date(2026, 11, 2))
    found = alarms_of(dossier(order, kind="professionnel"), TODAY, LAW)
    service = [alarm for alarm in found if alarm.what == "signification_ordonnance"]
    assert [alarm.on for alarm in service] == [
        date(2027, 1, 12),
        date(2027, 1, 26),
        date(2027, 1, 29),  # two days before, moved from Sunday 31 January
        date(2027, 2, 2),  # the last day
        date(2027, 2, 3),  # missed
    ]
    assert all("02/02/2027" in alarm.why for alarm in service)
    assert "dernier jour" in service[-1].why


def test_a_deadline_missed_rings_once_and_its_clock_goes_on() -> None:
    """The day after the last one it is said that it was missed, once, and nothing of it rings later."""
    found = dossier(happened("ordonnance", date(2026, 11, 2)), kind="professionnel")
    today = date(2027, 2, 3)
    (missed,) = [a for a in alarms_of(found, today, LAW) if a.what == "signification_ordonnance"]
    assert missed.on == today
    assert "dernier jour" in missed.why
    after = alarms_of(fired(found, missed, today), today, LAW)
    assert days(after, "signification_ordonnance") == []


def test_a_wait_is_recalled_once_on_its_day() -> None:
    """Served, the service rings no more; the end of the opposition's delay rings on the day it is over."""
    order = happened("ordonnance", date(2026, 11, 2))
    service = happened("signification_ordonnance", date(2026, 11, 10))
    found = alarms_of(dossier(order, service, kind="professionnel"), TODAY, LAW)
    assert days(found, "signification_ordonnance") == []
    assert days(found, "opposition_injonction") == [date(2026, 12, 11)]


@pytest.mark.parametrize("later", [0, 1, 5])
def test_the_end_of_a_wait_still_rings_on_its_day(later: int) -> None:
    """On the day a wait ends, and late after a breakdown, its alarm is still there until it rang, then no more."""
    order = happened("ordonnance", date(2026, 11, 2))
    service = happened("signification_ordonnance", date(2026, 11, 10))
    found = dossier(order, service, kind="professionnel")
    today = date(2026, 12, 11) + timedelta(days=later)
    rings = [a for a in alarms_of(found, today, LAW) if a.what == "opposition_injonction"]
    assert [alarm.on for alarm in rings] == [date(2026, 12, 11)]
    after = alarms_of(fired(found, rings[0], today), today, LAW)
    assert days(after, "opposition_injonction") == []


def test_the_clock_moves_back_when_the_event_is_taken_back() -> None:
    """The alarms of an event are gone once it is taken back, and those before it are back."""
    order = happened("ordonnance", date(2026, 11, 2))
    served = happened("signification_ordonnance", date(2026, 11, 10))
    undone = act(
        ActKind.CORRECTED, TODAY, fact="evenement", what="signification_ordonnance", day=served.on
    )
    before = alarms_of(dossier(order, kind="professionnel"), TODAY, LAW)
    after = alarms_of(dossier(order, served, undone, kind="professionnel"), TODAY, LAW)
    assert alarms_of(dossier(order, served, kind="professionnel"), TODAY, LAW) != before
    assert after == before


def test_a_claim_is_recalled_before_its_delay_ends() -> None:
    """The declaration of a claim published on 20 October 2026 is recalled before 20 December, until declared."""
    opened = act(ActKind.PROCEDURE_OPENED, date(2026, 11, 1), dated="non")
    published = happened("publication_bodacc", date(2026, 10, 20))
    found = alarms_of(dossier(opened, published, kind="professionnel"), TODAY, LAW)
    rings = days(found, "declaration_creance")
    assert rings
    assert date(2026, 12, 18) in rings, "the last working day before Sunday 20 December"
    assert all(TODAY <= on <= date(2026, 12, 22) for on in rings)
    declared = happened("declaration_creance", date(2026, 11, 20))
    after = alarms_of(dossier(opened, published, declared, kind="professionnel"), TODAY, LAW)
    assert days(after, "declaration_creance") == []


# --- known late ------------------------------------------------------------------------------

ORDER_OF = date(2026, 11, 2)
"""The order whose service is recalled on 12, 26 and 29 January, on 2 February, and missed on 3 February 2027."""


def told_on(on: date, *more: Act) -> tuple[Alarm, ...]:
    """Give the alarms of that order when it was only noted on `on`, seen that day."""
    noted = Act(
        ActKind.HAPPENED,
        ORDER_OF,
        datetime.combine(on, time(10), ZoneInfo("Europe/Paris")),
        {"what": "ordonnance"},
    )
    found = alarms_of(dossier(noted, *more, kind="professionnel"), on, LAW)
    return tuple(alarm for alarm in found if alarm.what == "signification_ordonnance")


def test_an_alarm_whose_day_was_past_when_it_was_known_comes_the_day_after() -> None:
    """An order noted on 20 January is recalled on the 21st in place of the 12th, then as it would have been."""
    assert [alarm.on for alarm in told_on(date(2027, 1, 20))] == [
        date(2027, 1, 21),
        date(2027, 1, 26),
        date(2027, 1, 29),
        date(2027, 2, 2),
        date(2027, 2, 3),
    ]


def test_an_alarm_put_off_falls_on_a_working_day_and_keeps_its_name() -> None:
    """Noted on Friday 22 January it is put off to Monday, and bears the key it would have had."""
    first, *_ = told_on(date(2027, 1, 22))
    assert first.on == date(2027, 1, 25)
    (of_its_day, *_) = told_on(TODAY)
    assert of_its_day.on == date(2027, 1, 12)
    assert first.key == of_its_day.key


@pytest.mark.parametrize(
    ("on", "next_on"),
    [(date(2027, 1, 25), date(2027, 1, 26)), (date(2027, 1, 28), date(2027, 1, 29))],
)
def test_nothing_is_put_off_to_a_day_that_has_its_own_alarm(on: date, next_on: date) -> None:
    """Noted the day before an alarm, that alarm comes alone: no two of one clock on the same day, none before."""
    days_ = [alarm.on for alarm in told_on(on)]
    assert days_[0] == next_on
    assert len(set(days_)) == len(days_)


def test_of_several_that_were_past_one_is_given() -> None:
    """An order noted on 27 January, after two of its alarms, is recalled once before the next."""
    assert [alarm.on for alarm in told_on(date(2027, 1, 27))][:2] == [
        date(2027, 1, 28),
        date(2027, 1, 29),
    ]


def test_an_alarm_that_rang_is_not_put_off() -> None:
    """What rang on its day does not come back because something else is noted later."""
    order = happened("ordonnance", ORDER_OF)
    found = dossier(order, kind="professionnel")
    first = next(a for a in alarms_of(found, TODAY, LAW) if a.what == "signification_ordonnance")
    rang = fired(found, first, first.on)
    later = rang.with_act(act(ActKind.PART_PAID, date(2027, 1, 14), amount=Decimal(10)))
    after = alarms_of(later, date(2027, 1, 14), LAW)
    assert days(after, "signification_ordonnance")[0] == date(2027, 1, 26)


# --- as reminders ----------------------------------------------------------------------------


def moment(today: date) -> Moment:
    """Give ten o'clock in Paris."""
    return Moment(datetime.combine(today, time(10), ZoneInfo("Europe/Paris")))


def test_alarms_are_reminders_of_their_dossier() -> None:
    """The reminders of a dossier hold its legal alarms beside its steps, in order."""
    found = LIBRARY.reminders(dossier(), moment(TODAY))
    assert [d.on for d in found if d.what == "prescription"] == LIMITATION_DAYS
    assert any(d.what == "etape" for d in found)
    assert [d.on for d in found] == sorted(d.on for d in found)


@pytest.mark.parametrize("kind", [ActKind.PAID, ActKind.PAUSED, ActKind.CLOSED], ids=str)
def test_nothing_rings_once_it_is_over(kind: ActKind) -> None:
    """Paid, paused or closed, a dossier wakes for no legal clock; taken up again, it does."""
    over = dossier(happened("ordonnance", date(2026, 11, 2)), act(kind, TODAY))
    assert LIBRARY.reminders(over, moment(TODAY)) == ()
    back = ActKind.RESUMED if kind is ActKind.PAUSED else ActKind.REOPENED
    again = LIBRARY.reminders(over.with_act(act(back, TODAY)), moment(TODAY))
    assert {"prescription", "signification_ordonnance"} <= {d.what for d in again}


_DAYS = st.integers(0, 700).map(lambda n: TODAY - timedelta(days=n))
_WHAT = st.sampled_from(["ordonnance", "reconnaissance", "conciliation", "requete_injonction"])


@settings(deadline=None, max_examples=120)
@given(
    st.sampled_from(DebtorKind),
    st.lists(st.builds(happened, _WHAT, _DAYS), max_size=3),
    _DAYS,
    st.integers(0, 900),
)
def test_what_holds_of_every_alarm(
    kind: DebtorKind, acts: list[Act], work: date, later: int
) -> None:
    """Derived twice the same; on working days; keys unique; never from before the dossier; one late a clock."""
    found, today = dossier(*acts, kind=kind.value, work_done_on=work), TODAY + timedelta(days=later)
    alarms = alarms_of(found, today, LAW)
    assert alarms == alarms_of(found, today, LAW)
    assert len({alarm.key for alarm in alarms}) == len(alarms)
    assert all(is_working_day(alarm.on) and alarm.on >= OPENED for alarm in alarms)
    late = [alarm.what for alarm in alarms if alarm.on < today]
    assert len(set(late)) == len(late)


@settings(deadline=None, max_examples=60)
@given(_DAYS, st.integers(0, 900), st.integers(1, 60))
def test_an_alarm_keeps_its_name_from_day_to_day(work: date, later: int, more: int) -> None:
    """Computed on a later day, an alarm still to come has the same key, so that it is kept once."""
    found, today = dossier(work_done_on=work), TODAY + timedelta(days=later)
    after = today + timedelta(days=more)
    coming = {alarm for alarm in alarms_of(found, today, LAW) if alarm.on >= after}
    assert coming == {alarm for alarm in alarms_of(found, after, LAW) if alarm.on >= after}


_AGO = st.integers(0, 130)
_LATER = st.integers(0, 40)


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(DebtorKind),
    st.lists(st.tuples(_WHAT, _AGO), max_size=3),
    st.integers(500, 760),
    st.integers(0, 900),
    _LATER,
)
@example(
    DebtorKind.PROFESSIONAL, [("requete_injonction", 0), ("requete_injonction", 56)], 500, 0, 0
)
def test_no_alarm_of_a_new_clock_on_or_before_the_day_it_was_told(
    kind: DebtorKind, acts: list[tuple[str, int]], work: int, told: int, later: int
) -> None:
    """An alarm comes after the day its clock was told of; a clock that ran before keeps its days."""
    last = TODAY + timedelta(days=told)
    noted = [happened(what, last - timedelta(days=ago)) for what, ago in acts]
    done = act(ActKind.PART_PAID, last, amount=Decimal(1))
    began = last - timedelta(days=work)
    found = dossier(*noted, done, kind=kind.value, work_done_on=began)
    alarms = alarms_of(found, last + timedelta(days=later), LAW)
    earlier = replace(found, acts=tuple(a for a in found.acts if a.at.date() < last))
    ran = {alarm.key.partition("!")[0] for alarm in alarms_of(earlier, last, LAW)}
    soon = [alarm.key for alarm in alarms if alarm.on <= last]
    assert [key for key in soon if key.partition("!")[0] not in ran] == []
    assert all(is_working_day(alarm.on) for alarm in alarms)
    assert len({alarm.key for alarm in alarms}) == len(alarms)


def test_an_exhibit_or_an_unrelated_act_moves_no_alarm() -> None:
    """An alarm due today stands when a piece is added, or a payment noted, the same morning."""
    found = dossier(happened("ordonnance", TODAY - timedelta(days=30)), work_done_on=TODAY)
    ordinary = [alarm for alarm in alarms_of(found, TODAY, LAW) if alarm.on > TODAY]
    day = ordinary[0].on
    for kind, data in (
        (ActKind.EXHIBIT_ADDED, {"file": "f", "title": "t", "pages": 1}),
        (ActKind.ANSWERED, {"outcome": "oublie"}),
    ):
        busy = found.with_act(act(kind, day, **data))
        assert ordinary[0] in alarms_of(busy, day, LAW)
