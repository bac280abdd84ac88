"""When the dossier wakes: what each delay counts from, and what never happens."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.diagnosis.catalogue import declared_outcomes
from flows.dossier import Act, ActKind, DebtorKind, Dossier, Stage
from flows.ladder import (
    Deadline,
    ladder,
    next_deadline,
    procedure_open,
    promise_broken,
    reminders,
    stage_of,
)
from flows.ladder.position import is_contact
from flows.values import Value

HOLIDAYS = {date(2026, 11, 11), date(2026, 12, 25), date(2027, 1, 1)}
NOTICE = dict.fromkeys(DebtorKind, 15) | {DebtorKind.PROFESSIONAL: 8}
DUE = date(2026, 10, 15)


def working(day: date) -> bool:
    """Stand for a calendar with a few public holidays."""
    return day.weekday() < 5 and day not in HOLIDAYS


def act(kind: ActKind, on: date, **data: Value) -> Act:
    """Make an act recorded at ten on its day."""
    return Act(kind, on, datetime.combine(on, time(10), tzinfo=UTC), data)


def dossier(*acts: Act, **facts: Value) -> Dossier:
    """Make a professional's dossier due on 15 October 2026."""
    known: dict[str, Value] = {"debtor_kind": "professionnel", "invoice_due_on": DUE, **facts}
    return Dossier("d", acts[0].on if acts else DUE, known, acts)


def sent(document: str, on: date, stage: str = "", **data: Value) -> Act:
    """Make a sending."""
    return act(ActKind.SENT, on, document=document, stage=stage, **data)


def first(found: Dossier, today: date | None = None, **options: Any) -> Deadline:
    """Give the next deadline, which must be there."""
    day = today or max((a.on for a in found.acts), default=DUE)
    deadline = next_deadline(found, day, working, NOTICE, **options)
    assert deadline is not None
    return deadline


OPENED = act(ActKind.OPENED, date(2026, 10, 16))


def test_the_first_contact_comes_three_days_after_the_due_date() -> None:
    """A dossier opened the day after waits for the third day, here moved from Sunday to Monday."""
    found = first(dossier(OPENED))
    assert (found.stage, found.on) == (Stage.FIRST_CONTACT, date(2026, 10, 19))
    assert "3 jours après l’échéance du 15 octobre 2026" in found.why


def test_an_old_debt_still_starts_with_a_first_contact() -> None:
    """A dossier opened a year late begins with words, the next working day."""
    late = dossier(act(ActKind.OPENED, date(2027, 10, 15)))
    assert stage_of(late, date(2027, 10, 15)) is Stage.FIRST_CONTACT
    assert first(late).on == date(2027, 10, 18)


@pytest.mark.parametrize(
    ("outcome", "stage"),
    [
        ("rien", Stage.FIRST_CONTACT),
        ("ne_sait_pas", Stage.FIRST_CONTACT),
        ("sans_reponse", Stage.REMINDER_1),
        ("pas_argent", Stage.REMINDER_1),
        ("oublie", Stage.FIRST_CONTACT),
    ],
)
def test_an_outcome_says_whether_the_debtor_was_reached(outcome: str, stage: Stage) -> None:
    """A contact that took place stands for the first step; nothing done yet does not."""
    answered = act(ActKind.ANSWERED, date(2026, 11, 2), outcome=outcome)
    assert stage_of(dossier(OPENED, answered), date(2026, 11, 2)) is stage


def test_not_due_yet_is_checked_the_day_after_the_due_date() -> None:
    """Before the due date the stage says so, and the dossier wakes the day after it."""
    early = dossier(act(ActKind.OPENED, date(2026, 10, 1)))
    assert stage_of(early, DUE) is Stage.BEFORE_DUE
    assert stage_of(early, DUE + timedelta(days=1)) is Stage.FIRST_CONTACT
    found = first(early)
    assert (found.what, found.on, found.stage) == (
        "controle",
        date(2026, 10, 16),
        Stage.FIRST_CONTACT,
    )


def test_the_whole_ladder_on_time() -> None:
    """Sent on the day each time, the steps follow one another with their delays."""
    acts = [OPENED]
    seen = []
    document = ""
    for _ in range(5):
        found = first(dossier(*acts))
        document = found.document or ""
        seen.append((found.stage.value, (found.on - DUE).days))
        acts.append(sent(document, found.on, found.stage.value, channel=found.channel or ""))
    assert seen == [
        ("premier_contact", 4),
        ("relance_1", 11),
        ("relance_2", 18),
        ("derniere_relance", 25),
        ("mise_en_demeure", 33),
    ]
    assert document == "mise_en_demeure_pro"
    assert stage_of(dossier(*acts), acts[-1].on) is Stage.ROUTE


def test_a_formal_notice_counts_from_receipt() -> None:
    """Its delay is the one given for the debtor, counted from the receipt, and the day after."""
    letter = sent("mise_en_demeure_pro", date(2026, 12, 7), "mise_en_demeure", channel="lrar")
    received = act(ActKind.RECEIVED, date(2026, 12, 9), document="mise_en_demeure_pro")
    found = first(dossier(OPENED, letter, received))
    assert (found.stage, found.what, found.on) == (Stage.ROUTE, "voie", date(2026, 12, 18))
    assert "réception du 9 décembre 2026" in found.why


def test_without_a_receipt_it_is_asked_then_assumed() -> None:
    """A registered letter first wakes the dossier for its receipt; the route waits for a cautious day."""
    letter = sent("mise_en_demeure_pro", date(2026, 12, 7), "mise_en_demeure", channel="lrar")
    both = reminders(dossier(OPENED, letter), date(2026, 12, 7), working, NOTICE)
    assert [d.what for d in both] == ["reception", "voie"]
    assert both[1].on >= date(2026, 12, 7) + timedelta(days=15 + 8)


def test_an_answer_does_not_shorten_a_formal_notice() -> None:
    """Whatever is said or wished meanwhile, the route waits for the end of the notice."""
    letter = sent("mise_en_demeure_pro", date(2026, 12, 7), "mise_en_demeure", channel="lrar")
    received = act(ActKind.RECEIVED, date(2026, 12, 9), document="mise_en_demeure_pro")
    said = act(ActKind.ANSWERED, date(2026, 12, 10), outcome="sans_reponse")
    snoozed = act(ActKind.SNOOZED, date(2026, 12, 10), until=date(2026, 12, 14))
    assert first(dossier(OPENED, letter, received, said, snoozed)).on == date(2026, 12, 18)


def test_a_notice_without_its_delay_is_an_error() -> None:
    """A formal notice with no delay given raises rather than inventing one."""
    letter = sent("mise_en_demeure_pro", date(2026, 12, 7), "mise_en_demeure")
    with pytest.raises(ValueError, match="delay is not given"):
        reminders(dossier(OPENED, letter), date(2026, 12, 7), working, {})


def test_only_a_formal_notice_climbs_its_rung() -> None:
    """A message sent at the step of the mise en demeure leaves that step to come."""
    other = sent("derniere_relance", date(2026, 12, 7), "mise_en_demeure")
    assert stage_of(dossier(OPENED, other), date(2026, 12, 7)) is Stage.FORMAL_NOTICE


def test_a_debtor_abroad_has_no_formal_notice() -> None:
    """After the last reminder, the choice of a route comes next for a debtor abroad."""
    last = sent("derniere_relance", date(2026, 12, 7), "derniere_relance")
    abroad = dossier(OPENED, last, debtor_kind="etranger")
    assert stage_of(abroad, date(2026, 12, 7)) is Stage.ROUTE


def test_a_promise_holds_until_its_date() -> None:
    """On hold up to the promised day; the day after, the dossier wakes and the promise is broken."""
    said = act(ActKind.ANSWERED, date(2026, 11, 2), outcome="promesse")
    promise = act(ActKind.PROMISED, date(2026, 11, 2), promised_on=date(2026, 11, 18))
    found = dossier(OPENED, said, promise)
    assert stage_of(found, date(2026, 11, 18)) is Stage.HOLD
    assert stage_of(found, date(2026, 11, 19)) is Stage.REMINDER_1
    assert (first(found).what, first(found).on) == ("promesse", date(2026, 11, 19))
    assert not promise_broken(found, date(2026, 11, 18))
    assert promise_broken(found, date(2026, 11, 19))
    written = dossier(OPENED, said, promise, sent("promesse_non_tenue", date(2026, 11, 19)))
    assert not promise_broken(written, date(2026, 11, 30))


def test_an_announced_transfer_is_checked_after_three_working_days() -> None:
    """Announced on a Friday before a holiday, a transfer is checked on the third working day."""
    said = act(ActKind.ANSWERED, date(2026, 11, 6), outcome="virement_fait")
    found = dossier(OPENED, said)
    assert first(found).on == date(2026, 11, 12)
    assert stage_of(found, date(2026, 11, 11), working) is Stage.HOLD
    assert stage_of(found, date(2026, 11, 12), working) is Stage.REMINDER_1


def test_not_knowing_brings_the_bot_back_the_next_working_day() -> None:
    """After « je ne sais pas » on a Friday, the call is asked about on Monday."""
    said = act(ActKind.ANSWERED, date(2026, 11, 6), outcome="ne_sait_pas")
    assert first(dossier(OPENED, said)).on == date(2026, 11, 9)


PLAN: dict[str, Value] = {
    "amount_due": Decimal(300),
    "instalments": 3,
    "first_instalment_on": date(2026, 11, 30),
}


def test_instalments_follow_one_another() -> None:
    """Each instalment paid moves the watch to the next; one missed leads to the mise en demeure."""
    acts = [OPENED, sent("accord_echeancier", date(2026, 11, 2), "relance_1")]
    assert first(dossier(*acts, **PLAN)).on == date(2026, 12, 1)
    acts.append(act(ActKind.PART_PAID, date(2026, 11, 30), amount=Decimal(100)))
    found = dossier(*acts, **PLAN)
    assert first(found).on == date(2026, 12, 31)
    assert first(found).what == "echeance"
    assert "le versement n° 2 de 100,00\u00a0€ du 30 décembre 2026" in first(found).why
    assert stage_of(found, date(2026, 12, 30)) is Stage.HOLD
    assert stage_of(found, date(2026, 12, 31)) is Stage.FORMAL_NOTICE


@pytest.mark.parametrize(
    ("paid", "number", "wakes"),
    [
        ([50], 1, date(2026, 12, 1)),
        ([50, 50], 2, date(2026, 12, 31)),
        ([200], 3, date(2027, 2, 2)),
        ([250], 3, date(2027, 2, 2)),
    ],
)
def test_sums_move_the_watch(paid: list[int], number: int, wakes: date) -> None:
    """Half an instalment moves nothing, two halves one, one payment for two moves it by two."""
    payments = [act(ActKind.PART_PAID, date(2026, 11, 28), amount=Decimal(n)) for n in paid]
    found = dossier(OPENED, sent("accord_echeancier", date(2026, 11, 2)), *payments, **PLAN)
    assert (first(found).what, first(found).on) == ("echeance", wakes)
    assert f"versement n° {number} " in first(found).why


def test_a_promise_answers_a_proposal() -> None:
    """A proposal answered by a promise has its dates waited for; missed, it is a promise broken and no more."""
    acts = [
        OPENED,
        sent("proposition_echeancier", date(2026, 11, 2), "relance_1"),
        act(ActKind.PROMISED, date(2026, 11, 4), promised_on=date(2026, 11, 30)),
    ]
    found = dossier(*acts, **PLAN)
    assert (first(found).what, first(found).on) == ("echeance", date(2026, 12, 1))
    assert stage_of(found, date(2026, 12, 1)) is Stage.REMINDER_1
    assert promise_broken(found, date(2026, 12, 1))


def test_a_plan_goes_on_after_its_reminder() -> None:
    """The reminder of an instalment starts its own wait, the whole comes next; once paid, the next date is watched."""
    acts = [
        OPENED,
        sent("accord_echeancier", date(2026, 11, 2)),
        sent("rappel_versement", date(2026, 12, 2)),
    ]
    found = dossier(*acts, **PLAN)
    assert (first(found).what, first(found).on) == ("etape", date(2026, 12, 7))
    assert stage_of(found, date(2026, 12, 7)) is Stage.FORMAL_NOTICE
    acts.append(act(ActKind.PART_PAID, date(2026, 12, 4), amount=Decimal(100)))
    assert (first(dossier(*acts, **PLAN)).what, first(dossier(*acts, **PLAN)).on) == (
        "echeance",
        date(2026, 12, 31),
    )


@pytest.mark.parametrize("outcome", ["pas_argent", "refuse", "toujours_rien"])
def test_an_answer_does_not_undo_a_signed_plan(outcome: str) -> None:
    """Whatever the client says meanwhile, the next date agreed in writing is waited for."""
    said = act(ActKind.ANSWERED, date(2026, 11, 10), outcome=outcome)
    found = dossier(OPENED, sent("accord_echeancier", date(2026, 11, 2)), said, **PLAN)
    assert (first(found).what, first(found).on) == ("echeance", date(2026, 12, 1))


@pytest.mark.parametrize("kind", ["particulier", "association"])
def test_an_agreement_may_leave_a_delay_after_its_reminder(kind: str) -> None:
    """For a consumer or an association the reminder runs its delay from its receipt before the whole is asked."""
    acts = [
        OPENED,
        sent("accord_echeancier", date(2026, 11, 2)),
        sent("rappel_versement", date(2026, 12, 2), channel="lrar"),
    ]
    facts = {**PLAN, "debtor_kind": kind}
    # 2 December, 15 days to be assumed received, 15 of delay and the day after: a Saturday.
    assert first(dossier(*acts, **facts)).on == date(2027, 1, 4)
    acts.append(act(ActKind.RECEIVED, date(2026, 12, 4), document="rappel_versement"))
    found = first(dossier(*acts, **facts))
    assert found.on == date(2026, 12, 21)
    assert "le délai de 15 jours laissé par le rappel du 4 décembre 2026" in found.why


def test_a_plan_ends_where_the_whole_is_asked() -> None:
    """After a mise en demeure its delay is waited for, and a payment brings no instalment back."""
    found = dossier(
        OPENED,
        sent("accord_echeancier", date(2026, 11, 2)),
        sent("mise_en_demeure_pro", date(2026, 12, 2), channel="mail"),
        act(ActKind.PART_PAID, date(2026, 12, 3), amount=Decimal(100)),
        **PLAN,
    )
    assert {d.what for d in reminders(found, date(2026, 12, 3), working, NOTICE)} == {"voie"}


def test_a_plan_nobody_accepted_is_no_plan() -> None:
    """A proposal sent and left without an answer is followed up like any message."""
    found = dossier(
        OPENED,
        sent("proposition_echeancier", date(2026, 11, 2), "relance_1"),
        **PLAN,
    )
    assert (first(found).what, first(found).on) == ("etape", date(2026, 11, 9))


def test_putting_right_is_waited_for() -> None:
    """After a promise to put the work right, the nudge waits for the day after that date."""
    reply = sent("reponse_insatisfaction_fondee", date(2026, 11, 2), "relance_1")
    assert first(dossier(OPENED, reply, fix_on=date(2026, 11, 26))).on == date(2026, 11, 27)


def test_a_nudge_without_reaction_repeats_gently_then_stops() -> None:
    """It comes back after its days, a limited number of times, each under its own key."""
    acts = [OPENED]
    keys = []
    while (found := next_deadline(dossier(*acts), acts[-1].on, working, NOTICE)) is not None:
        keys.append(found.key)
        if len(keys) > 1:
            assert (found.on - acts[-1].on).days >= ladder().habits.repeat_days
        acts.append(act(ActKind.NUDGED, found.on, key=found.key))
    assert len(keys) == len(set(keys)) == 1 + ladder().habits.repeat_times


def test_another_reminder_s_nudge_changes_nothing() -> None:
    """A nudge under a key of another clock neither moves nor consumes the ladder's."""
    before = first(dossier(OPENED))
    other = act(ActKind.NUDGED, date(2026, 10, 18), key="prescription@0")
    assert first(dossier(OPENED, other)) == before


def test_snoozing_moves_the_nudge_to_the_day_asked() -> None:
    """The day asked is kept, under a new key, and only moved off a closed day."""
    snoozed = act(ActKind.SNOOZED, date(2026, 10, 19), until=date(2026, 11, 11))
    found = first(dossier(OPENED, snoozed))
    assert found.on == date(2026, 11, 12)
    assert found.key != first(dossier(OPENED)).key


@pytest.mark.parametrize(
    "end",
    [
        act(ActKind.PAID, date(2026, 10, 20)),
        act(ActKind.PAUSED, date(2026, 10, 20)),
        act(ActKind.CLOSED, date(2026, 10, 20), how="abandon"),
    ],
    ids=lambda a: a.kind.value,
)
def test_what_ends_a_dossier_silences_it(end: Act) -> None:
    """Paid, paused or closed, a dossier wakes for nothing."""
    assert reminders(dossier(OPENED, end), date(2026, 10, 20), working, NOTICE) == ()


@pytest.mark.parametrize(
    ("end", "back"),
    [(ActKind.PAUSED, ActKind.RESUMED), (ActKind.CLOSED, ActKind.REOPENED)],
)
def test_taken_up_again_it_wakes_again(end: ActKind, back: ActKind) -> None:
    """Resumed or reopened, the dossier wakes the next working day at the earliest."""
    found = dossier(OPENED, act(end, date(2026, 10, 20)), act(back, date(2026, 10, 30)))
    assert first(found).on == date(2026, 11, 2)


def test_a_slower_pace_stretches_habits_and_spares_the_law() -> None:
    """The pace multiplies a habitual delay, never the delay of a formal notice."""
    relance = dossier(OPENED, sent("relance_2", date(2026, 11, 2), "relance_2"))
    assert first(relance).on == date(2026, 11, 9)
    assert first(relance, pace=Decimal("1.5")).on == date(2026, 11, 16)
    letter = sent("mise_en_demeure_pro", date(2026, 12, 7), "mise_en_demeure", channel="lrar")
    received = act(ActKind.RECEIVED, date(2026, 12, 9), document="mise_en_demeure_pro")
    notice = dossier(OPENED, letter, received)
    assert first(notice, pace=Decimal("0.1")).on == first(notice).on


def test_late_is_said_only_once_the_day_is_past() -> None:
    """On its day a deadline is not late; the day after it is."""
    found = dossier(OPENED)
    on = first(found).on
    assert not first(found, on).late
    assert first(found, on + timedelta(days=1)).late


def test_a_calendar_without_working_days_is_refused() -> None:
    """A calendar that never opens raises instead of searching for ever."""
    with pytest.raises(ValueError, match="no working day"):
        reminders(dossier(OPENED), DUE, lambda _: False, NOTICE)


days = st.integers(0, 20)
documents = st.sampled_from(sorted(ladder().follow_up))
answered = st.sampled_from([o.id for o in declared_outcomes()])
moves = st.one_of(
    st.tuples(st.just(ActKind.SENT), days, documents, st.sampled_from([s.value for s in Stage])),
    st.tuples(st.just(ActKind.ANSWERED), days, answered, st.just("")),
    st.tuples(
        st.sampled_from(
            [
                ActKind.PROMISED,
                ActKind.PART_PAID,
                ActKind.RECEIVED,
                ActKind.NUDGED,
                ActKind.SNOOZED,
                ActKind.PAUSED,
                ActKind.RESUMED,
                ActKind.REOPENED,
                ActKind.DIAGNOSED,
                ActKind.CORRECTED,
                ActKind.PAID,
                ActKind.CLOSED,
                ActKind.PROCEDURE_OPENED,
            ]
        ),
        days,
        st.just(""),
        st.just(""),
    ),
)


@st.composite
def histories(draw: st.DrawFn) -> Dossier:
    """Make a dossier with a plausible history: acts in order, nudges under the keys that were due."""
    start = draw(st.dates(date(2026, 9, 20), date(2026, 12, 20)))
    kind = draw(st.sampled_from(DebtorKind))
    found = dossier(
        act(ActKind.OPENED, start),
        debtor_kind=kind.value,
        amount_due=Decimal(60),
        instalments=3,
        first_instalment_on=start + timedelta(days=30),
    )
    on = start
    for what, ahead, text, stage in draw(st.lists(moves, max_size=9)):
        on += timedelta(days=ahead)
        found = found.with_act(_made(found, what, on, text, stage))
    return found


def _made(found: Dossier, what: ActKind, on: date, text: str, stage: str) -> Act:
    match what:
        case ActKind.SENT:
            return sent(text, on, stage, channel="lrar")
        case ActKind.ANSWERED:
            return act(what, on, outcome=text)
        case ActKind.PROMISED:
            return act(what, on, promised_on=on + timedelta(days=9))
        case ActKind.PART_PAID:
            return act(what, on, amount=Decimal(10))
        case ActKind.SNOOZED:
            return act(what, on, until=on + timedelta(days=2))
        case ActKind.NUDGED:
            due = reminders(found, on, working, NOTICE)
            return act(what, max(on, due[0].on) if due else on, key=due[0].key if due else "x")
        case _:
            return act(what, on)


@given(histories(), st.integers(0, 400), st.sampled_from(["0.5", "0.75", "1", "1.5"]))
@settings(deadline=None, max_examples=400)
def test_reminders_keep_every_promise(found: Dossier, ahead: int, pace: str) -> None:
    """Same twice and whatever the day; unique keys; none after an end, on a closed day, too soon or in the past."""
    last = max(a.on for a in found.acts)
    rows = reminders(found, last, working, NOTICE, Decimal(pace))
    assert reminders(found, last, working, NOTICE, Decimal(pace)) == rows
    later = reminders(found, last + timedelta(days=ahead), working, NOTICE, Decimal(pace))
    assert [(d.key, d.on, d.why) for d in later] == [(d.key, d.on, d.why) for d in rows]
    assert list(rows) == sorted(rows, key=lambda d: d.on)
    assert len({d.key for d in rows}) == len(rows)
    if found.status.value != "ouvert":
        assert rows == ()
    contacts = [a.on for a in found.acts if a.kind in {ActKind.SENT, ActKind.RECEIVED}]
    own = [a.on for a in found.acts if a.kind is not ActKind.NUDGED]
    for deadline in rows:
        assert working(deadline.on)
        assert deadline.on.weekday() != 6
        assert deadline.on > max(own)
        claim = deadline.what == "declaration"
        assert claim == procedure_open(found)
        assert claim or not contacts or (deadline.on - max(contacts)).days >= 3
        assert deadline.why
        assert "{" not in deadline.why
        assert deadline.key not in {a.text("key") for a in found.acts}


@given(histories(), st.integers(0, 60))
@settings(deadline=None, max_examples=200)
def test_every_history_has_a_stage(found: Dossier, ahead: int) -> None:
    """Any history gives a stage on any later day, and never goes back below the first contact once reached."""
    last = max(a.on for a in found.acts)
    stage = stage_of(found, last + timedelta(days=ahead), working)
    if any(is_contact(a) and a.text("outcome") != "oublie" for a in found.acts) and last > DUE:
        assert stage is not Stage.FIRST_CONTACT or all(
            a.text("document") in {"", "rappel_avant_echeance"} for a in found.acts
        )


@given(histories(), st.integers(1, 30))
@settings(deadline=None, max_examples=150)
def test_paying_silences_any_history(found: Dossier, ahead: int) -> None:
    """Whatever came before, a payment in full leaves nothing to wake for."""
    day = max(a.on for a in found.acts) + timedelta(days=ahead)
    assert reminders(found.with_act(act(ActKind.PAID, day)), day, working, NOTICE) == ()
