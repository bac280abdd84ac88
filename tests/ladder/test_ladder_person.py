"""What the person may change of the ladder: a step passed or taken again, a delay chosen, a pause with its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flows.dossier import Act, ActKind, DebtorKind, Dossier, Stage
from flows.ladder import (
    PAUSE_OVER,
    Base,
    Deadline,
    Delay,
    Progress,
    entry,
    ladder,
    reminders,
    rungs,
    stage_of,
)
from flows.ladder.delays import data_of, delay_of
from flows.ladder.model import ORDER
from flows.values import Value

Make = Callable[..., Act]
Debt = Callable[..., Dossier]
Wakes = Callable[[Dossier], tuple[Deadline, ...]]
NOTICE = dict.fromkeys(DebtorKind, 15) | {DebtorKind.PROFESSIONAL: 8}
DUE = date(2026, 10, 15)
HOLIDAYS = {date(2026, 11, 11), date(2026, 12, 25), date(2027, 1, 1)}
NAMES = [stage.value for stage in ORDER[1:]]


def working(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def act(kind: ActKind, on: date, **data: Value) -> Act:
    return Act(kind, on, datetime.combine(on, time(10), tzinfo=UTC), data)


def passed(told: Make, on: date, before: str, after: str) -> Act:
    """Make the act of passing from one step to another."""
    return told(ActKind.STEPPED, on, **{"from": before, "to": after})


@pytest.fixture
def reminded(debt: Debt, told: Make) -> Dossier:
    """A dossier whose first reminder left on Monday 2 November 2026."""
    sent = told(ActKind.SENT, date(2026, 11, 2), document="relance_1", stage="relance_1")
    return debt(sent)


# --- passing a step, going back ---------------------------------------------------------------


def test_a_step_passed_leaves_the_one_after(reminded: Dossier, told: Make, wakes: Wakes) -> None:
    """Relance 2 passed, the last reminder comes next, no sooner than the follow-up of what was sent."""
    assert stage_of(reminded, date(2026, 11, 3)) is Stage.REMINDER_2
    found = reminded.with_act(passed(told, date(2026, 11, 3), "relance_2", "derniere_relance"))
    assert stage_of(found, date(2026, 11, 3)) is Stage.LAST_REMINDER
    (only,) = wakes(found)
    assert (only.stage, only.on) == (Stage.LAST_REMINDER, date(2026, 11, 7))


def test_going_back_brings_the_step_again(reminded: Dossier, told: Make, wakes: Wakes) -> None:
    """Going back undoes the passing, and the reminder is due anew, under a key of its own."""
    (before,) = wakes(reminded)
    on = passed(told, date(2026, 11, 3), "relance_2", "derniere_relance")
    back = passed(told, date(2026, 11, 3), "derniere_relance", "relance_2")
    (after,) = wakes(reminded.with_act(on).with_act(back))
    assert (after.stage, after.on) == (before.stage, before.on)
    assert after.key != before.key


def test_a_reminder_already_said_comes_for_the_new_step(
    reminded: Dossier, told: Make, wakes: Wakes
) -> None:
    """Said until it stops, then passed: the next step is reminded of, and not before the next day."""
    found = reminded
    while due := wakes(found):
        found = found.with_act(told(ActKind.NUDGED, due[0].on, key=due[0].key))
    last = found.acts[-1].on
    on = last + timedelta(days=1)
    (only,) = wakes(found.with_act(passed(told, on, "relance_2", "derniere_relance")))
    assert only.stage is Stage.LAST_REMINDER
    assert only.on > on


def test_what_was_sent_after_going_back_climbs_again(reminded: Dossier, told: Make) -> None:
    """Back at the first reminder, sending it leads to the second again."""
    back = passed(told, date(2026, 11, 4), "relance_2", "relance_1")
    again = told(ActKind.SENT, date(2026, 11, 9), document="relance_1", stage="relance_1")
    assert stage_of(reminded.with_act(back), date(2026, 11, 9)) is Stage.REMINDER_1
    assert stage_of(reminded.with_act(back).with_act(again), date(2026, 11, 9)) is Stage.REMINDER_2


def test_a_step_that_does_not_exist_changes_nothing(reminded: Dossier, told: Make) -> None:
    """A stored step of another version is passed over."""
    odd = passed(told, date(2026, 11, 4), "relance_2", "relance_9")
    assert stage_of(reminded.with_act(odd), date(2026, 11, 9)) is Stage.REMINDER_2


# --- a delay chosen ---------------------------------------------------------------------------


def chosen(on: date, stage: str, delay: Delay) -> Act:
    """Make the act of choosing a delay."""
    return act(ActKind.DELAYED, on, stage=stage, **data_of(delay))


TABLE = [
    # what was chosen on Tuesday 3 November, for a reminder sent on Monday 2 → the day of relance 2
    ("8 days after the sending", Delay(8, Base.SENDING), date(2026, 11, 10)),
    ("30 days after the due date", Delay(30, Base.DUE), date(2026, 11, 14)),
    ("in 6 days", Delay(6, Base.ACT), date(2026, 11, 9)),
    ("at the end of the month", Delay(0, Base.MONTH_END, Base.ACT), date(2026, 11, 30)),
    ("ten days after the month of the due date", Delay(10, Base.MONTH_END, Base.DUE), date(2026, 11, 10)),
    ("in a month", Delay(0, Base.ACT, months=1), date(2026, 12, 3)),
    ("in one day: two contacts stay three days apart", Delay(1, Base.ACT), date(2026, 11, 5)),
    ("in eight days, a holiday", Delay(8, Base.ACT), date(2026, 11, 12)),
    ("after a receipt that is not known: the habit", Delay(20, Base.RECEIPT), date(2026, 11, 7)),
]  # fmt: skip


@pytest.mark.parametrize(("says", "delay", "day"), TABLE, ids=[row[0] for row in TABLE])
def test_a_delay_chosen_gives_the_day(
    reminded: Dossier, wakes: Wakes, says: str, delay: Delay, day: date
) -> None:
    """Each delay of the table moves the next step to its day, whatever the habit was."""
    (only,) = wakes(reminded.with_act(chosen(date(2026, 11, 3), "relance_2", delay)))
    assert (only.stage, only.on) == (Stage.REMINDER_2, day), says


def test_a_day_chosen_is_kept_and_says_so(reminded: Dossier, told: Make, wakes: Wakes) -> None:
    """A date is taken as it is, and named as the person's own choice."""
    day = told(ActKind.DELAYED, date(2026, 11, 3), stage="relance_2", until=date(2026, 11, 20))
    (only,) = wakes(reminded.with_act(day))
    assert only.on == date(2026, 11, 20)
    assert only.why == "jour que vous avez choisi, le 20 novembre 2026"
    (only,) = wakes(reminded.with_act(chosen(date(2026, 11, 3), "relance_2", Delay(8, Base.SENDING))))  # fmt: skip
    assert only.why == "délai que vous avez choisi, 8 jours après votre envoi du 2 novembre 2026"


def test_the_habit_can_be_taken_up_again(reminded: Dossier, told: Make, wakes: Wakes) -> None:
    """With the stage alone, the act gives the habit back."""
    (before,) = wakes(reminded)
    choice = chosen(date(2026, 11, 3), "relance_2", Delay(30, Base.ACT))
    habit = told(ActKind.DELAYED, date(2026, 11, 4), stage="relance_2")
    (after,) = wakes(reminded.with_act(choice).with_act(habit))
    assert after.on == before.on


def test_a_delay_is_for_its_step_alone(reminded: Dossier, told: Make, wakes: Wakes) -> None:
    """Once the step was sent, the next one follows the habit."""
    choice = chosen(date(2026, 11, 3), "relance_2", Delay(8, Base.SENDING))
    sent = told(ActKind.SENT, date(2026, 11, 10), document="relance_2", stage="relance_2")
    (only,) = wakes(reminded.with_act(choice).with_act(sent))
    assert (only.stage, only.on) == (Stage.LAST_REMINDER, date(2026, 11, 16))


def test_a_delay_that_has_passed_does_not_hold_what_came_after(
    reminded: Dossier, told: Make, wakes: Wakes
) -> None:
    """Three days after « toujours rien », as usual, once the chosen day is behind."""
    choice = chosen(date(2026, 11, 3), "relance_2", Delay(6, Base.ACT))
    still = told(ActKind.ANSWERED, date(2026, 11, 9), outcome="toujours_rien")
    (only,) = wakes(reminded.with_act(choice).with_act(still))
    assert only.on == date(2026, 11, 12)


def test_a_promise_is_waited_for_whatever_was_chosen(
    reminded: Dossier, told: Make, wakes: Wakes
) -> None:
    """A shorter delay does not break a promise short; a longer one stands."""
    promise = told(ActKind.PROMISED, date(2026, 11, 3), promised_on=date(2026, 11, 18))
    for days, on in ((2, date(2026, 11, 19)), (30, date(2026, 12, 3))):
        choice = chosen(date(2026, 11, 3), "relance_2", Delay(days, Base.ACT))
        (only,) = wakes(reminded.with_act(promise).with_act(choice))
        assert (only.what, only.on) == ("promesse", on)


@given(st.integers(0, 60), st.sampled_from([b for b in Base if b is not Base.MONTH_END]))
def test_a_formal_notice_is_never_shortened(days: int, base: Base) -> None:
    """Whatever is chosen while the delay of a letter runs, the route waits for its end at least."""
    letter = act(
        ActKind.SENT, date(2026, 12, 7), document="mise_en_demeure_pro", channel="lrar",
        stage="mise_en_demeure",
    )  # fmt: skip
    arrived = act(ActKind.RECEIVED, date(2026, 12, 9), document="mise_en_demeure_pro")
    facts: dict[str, Value] = {"debtor_kind": "professionnel", "invoice_due_on": DUE}
    found = Dossier("d", DUE, facts, (act(ActKind.OPENED, DUE), letter, arrived))
    (before,) = reminders(found, arrived.on, working, NOTICE)
    choice = chosen(date(2026, 12, 9), "choix_de_la_voie", Delay(days, base))
    (after,) = reminders(found.with_act(choice), arrived.on, working, NOTICE)
    assert before.on == date(2026, 12, 18)
    assert after.on >= before.on


@pytest.mark.parametrize(("days", "on"), [(3, date(2026, 12, 21)), (30, date(2027, 1, 4))])
def test_what_a_plan_leaves_is_never_shortened(days: int, on: date) -> None:
    """The delay an agreement leaves a consumer after its reminder holds; only a longer one replaces it."""
    acts = [
        act(ActKind.OPENED, DUE),
        act(ActKind.SENT, date(2026, 11, 2), document="accord_echeancier"),
        act(ActKind.SENT, date(2026, 12, 2), document="rappel_versement", channel="lrar"),
        act(ActKind.RECEIVED, date(2026, 12, 4), document="rappel_versement"),
        chosen(date(2026, 12, 5), "mise_en_demeure", Delay(days, Base.ACT)),
    ]
    facts: dict[str, Value] = {
        "debtor_kind": "particulier",
        "invoice_due_on": DUE,
        "amount_due": Decimal(300),
        "instalments": 3,
        "first_instalment_on": date(2026, 11, 30),
    }
    (only,) = reminders(Dossier("d", DUE, facts, tuple(acts)), date(2026, 12, 5), working, NOTICE)
    assert only.on == on


@given(st.integers(0, 500), st.integers(0, 30), st.sampled_from(Base), st.sampled_from(Base))
def test_a_delay_is_stored_whole(days: int, months: int, base: Base, of: Base) -> None:
    """What an act keeps of a delay gives the same delay again."""
    assume(of is not Base.MONTH_END)
    delay = Delay(days, base, of if base is Base.MONTH_END else None, months)
    assert delay_of(data_of(delay)) == delay


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"days": "8", "counts_from": "envoi"},
        {"days": 8, "counts_from": "hier"},
        {"days": 8, "counts_from": "fin_de_mois"},
        {"days": -1, "counts_from": "envoi"},
        {"days": 8},
    ],
)
def test_a_delay_of_another_version_is_no_delay(data: dict[str, Value]) -> None:
    """What cannot be read is no delay: the habit holds."""
    assert delay_of(data) is None


# --- a pause with its end ---------------------------------------------------------------------


def test_a_pause_wakes_once_on_the_working_day_it_ends(reminded: Dossier, told: Make) -> None:
    """Paused until Sunday 20 December 2026, the dossier wakes on Monday, and says so."""
    found = reminded.with_act(told(ActKind.PAUSED, date(2026, 11, 3), until=date(2026, 12, 20)))
    (only,) = reminders(found, date(2026, 11, 3), working, NOTICE)
    assert (only.what, only.on, only.stage) == (PAUSE_OVER, date(2026, 12, 21), Stage.REMINDER_2)
    assert only.why == (
        "la pause demandée jusqu’au 20 décembre 2026 est finie "
        "(rappel décalé du dimanche 20 décembre au jour ouvré suivant)"
    )


def test_a_pause_without_a_day_wakes_for_nothing(reminded: Dossier, told: Make) -> None:
    """Paused without a date, it stays silent until it is taken up."""
    found = reminded.with_act(told(ActKind.PAUSED, date(2026, 11, 3)))
    assert reminders(found, date(2026, 11, 3), working, NOTICE) == ()


def test_taken_up_by_itself_it_speaks_again_a_few_days_later(
    reminded: Dossier, told: Make, wakes: Wakes
) -> None:
    """The end of the pause was said that day: the step is reminded of after the days of a repetition."""
    paused = told(ActKind.PAUSED, date(2026, 11, 3), until=date(2026, 12, 1))
    back = told(ActKind.RESUMED, date(2026, 12, 1), by="pause")
    (only,) = wakes(reminded.with_act(paused).with_act(back))
    assert only.on == date(2026, 12, 1) + timedelta(days=ladder().habits.repeat_days)
    (by_hand,) = wakes(reminded.with_act(paused).with_act(told(ActKind.RESUMED, date(2026, 12, 1))))
    assert by_hand.on == date(2026, 12, 2)


# --- what was sent before ---------------------------------------------------------------------


def test_a_sending_told_counts_and_can_be_taken_back(debt: Debt, told: Make) -> None:
    """A reminder sent before counts as one; taken back, it is as if it had never been told."""
    before = debt()
    sent = told(
        ActKind.SENT, date(2026, 11, 2), date(2026, 11, 9), document="relance_1",
        stage="relance_1", told="oui",
    )  # fmt: skip
    after = before.with_act(sent)
    assert stage_of(after, date(2026, 11, 9)) is Stage.REMINDER_2
    assert after.told_sendings == (sent,)
    undone = after.with_act(
        told(ActKind.CORRECTED, date(2026, 11, 9), fact="envoye", document="relance_1", day=sent.on)
    )
    assert undone.told_sendings == ()
    assert list(undone.acts_of(ActKind.SENT)) == []
    assert undone.last(ActKind.SENT) is None
    assert stage_of(undone, date(2026, 11, 9)) is stage_of(before, date(2026, 11, 9))
    days = [[d.on for d in reminders(x, date(2026, 11, 9), working, NOTICE)] for x in (before, undone)]  # fmt: skip
    assert days[1] >= days[0]


def test_what_left_from_here_can_be_taken_back_too(debt: Debt, told: Make) -> None:
    """« J’ai envoyé » pressed by mistake is a slip like any other: corrected, nothing was sent."""
    sent = told(ActKind.SENT, date(2026, 11, 2), document="relance_1", stage="relance_1")
    wrong = told(ActKind.CORRECTED, date(2026, 11, 9), fact="envoye", document="relance_1", day=sent.on)  # fmt: skip
    assert debt(sent).last(ActKind.SENT) is sent
    assert debt(sent, wrong).last(ActKind.SENT) is None


# --- the whole list ---------------------------------------------------------------------------


def listed(found: Dossier, today: date) -> list[tuple[str, str, date | None]]:
    return [(r.stage.value, r.progress.value, r.on) for r in rungs(found, today, working, NOTICE)]


def test_the_steps_of_a_dossier_on_time(reminded: Dossier, told: Make) -> None:
    """Behind, passed, next and after: each with its day."""
    found = reminded.with_act(passed(told, date(2026, 11, 3), "relance_2", "derniere_relance"))
    assert listed(found, date(2026, 11, 3)) == [
        ("premier_contact", "passee", None),
        ("relance_1", "faite", date(2026, 11, 2)),
        ("relance_2", "passee", date(2026, 11, 3)),
        ("derniere_relance", "prochaine", date(2026, 11, 9)),
        ("mise_en_demeure", "apres", date(2026, 11, 17)),
        ("choix_de_la_voie", "apres", date(2026, 12, 11)),
    ]


def test_an_answer_is_the_first_contact_only_when_nothing_came_before(
    reminded: Dossier, told: Make
) -> None:
    """Heard after a reminder, a client was not met by a first contact: that step was passed over."""
    said = told(ActKind.ANSWERED, date(2026, 11, 4), outcome="sans_reponse")
    assert listed(reminded.with_act(said), date(2026, 11, 4))[:2] == [
        ("premier_contact", "passee", None),
        ("relance_1", "faite", date(2026, 11, 2)),
    ]


def test_an_old_debt_has_its_steps_close_together(told: Make) -> None:
    """Opened forty days late, the first contact comes the next working day, the others from each sending."""
    opened = told(ActKind.OPENED, date(2026, 11, 24))
    facts: dict[str, Value] = {"debtor_kind": "professionnel", "invoice_due_on": DUE}
    found = Dossier("d", opened.on, facts, (opened,))
    assert [(stage, on) for stage, _, on in listed(found, opened.on)] == [
        ("premier_contact", date(2026, 11, 25)),
        ("relance_1", date(2026, 11, 30)),
        ("relance_2", date(2026, 12, 7)),
        ("derniere_relance", date(2026, 12, 14)),
        ("mise_en_demeure", date(2026, 12, 22)),
        ("choix_de_la_voie", date(2027, 1, 15)),
    ]


ENTRIES = [
    (9, [], ""),
    (40, [], "rien n’avait encore été envoyé"),
    (40, [("answered", "sans_reponse")], "le client avait déjà été joint"),
    (40, [("answered", "rien")], "rien n’avait encore été envoyé"),
    (40, [("told", "relance_1")], "vos envois d’avant comptent"),
]


@pytest.mark.parametrize(("late", "acts", "says"), ENTRIES)
def test_a_late_entry_says_why(
    told: Make, late: int, acts: list[tuple[str, str]], says: str
) -> None:
    """A dossier opened well after its due date says where it begins; one opened in time says nothing."""
    day = DUE + timedelta(days=late)
    made = [told(ActKind.OPENED, day)]
    for kind, what in acts:
        if kind == "told":
            made.append(told(ActKind.SENT, DUE, day, document=what, stage=what, told="oui"))
        else:
            made.append(told(ActKind.ANSWERED, day, outcome=what))
    found = Dossier("d", day, {"invoice_due_on": DUE, "debtor_kind": "public"}, tuple(made))
    assert says in entry(found)
    assert bool(entry(found)) is bool(says)
    assert not says or f"{late} jours" in entry(found)


def test_a_due_date_that_is_not_known_is_no_late_entry() -> None:
    """Without a due date nothing is said of it."""
    assert entry(Dossier("d", DUE)) == ""


# --- whatever happens -------------------------------------------------------------------------

days = st.integers(0, 12)
documents = st.sampled_from(sorted(ladder().follow_up))
bases = st.sampled_from([base for base in Base if base is not Base.MONTH_END])
delays = st.builds(Delay, st.integers(0, 40), bases, st.none(), st.integers(0, 2)) | st.builds(
    Delay, st.integers(0, 40), st.just(Base.MONTH_END), bases
)


@st.composite
def histories(draw: st.DrawFn) -> Dossier:
    """Make a dossier whose person sends, hears, passes steps, goes back, chooses delays, pauses and resumes."""
    on = draw(st.dates(date(2026, 9, 20), date(2026, 12, 20)))
    facts: dict[str, Value] = {
        "debtor_kind": draw(st.sampled_from(DebtorKind)).value,
        "invoice_due_on": DUE,
    }
    found = Dossier("d", on, facts, (act(ActKind.OPENED, on),))
    for _ in range(draw(st.integers(0, 9))):
        on += timedelta(days=draw(days))
        found = found.with_act(draw(_moves(found, on)))
        on = found.acts[-1].on  # a reminder may have come later
    return found


def _moves(found: Dossier, on: date) -> st.SearchStrategy[Act]:
    stages = st.sampled_from(NAMES)
    due = reminders(found, on, working, NOTICE)
    nudged: list[st.SearchStrategy[Act]] = []
    if due:
        nudged = [st.just(act(ActKind.NUDGED, max(on, due[0].on), key=due[0].key))]

    def make(kind: ActKind, **data: st.SearchStrategy[Any]) -> st.SearchStrategy[Act]:
        return st.fixed_dictionaries(data).map(lambda values: act(kind, on, **values))

    return st.one_of(
        make(ActKind.SENT, document=documents, stage=stages, channel=st.just("lrar")),
        make(ActKind.ANSWERED, outcome=st.sampled_from(["toujours_rien", "sans_reponse"])),
        make(ActKind.STEPPED, **{"from": stages, "to": stages}),
        st.builds(lambda stage, delay: chosen(on, stage, delay), stages, delays),
        make(ActKind.DELAYED, stage=stages, until=st.dates(on, on + timedelta(days=60))),
        make(ActKind.DELAYED, stage=stages),
        make(ActKind.PAUSED, until=st.dates(on, on + timedelta(days=60))),
        make(ActKind.PAUSED),
        make(ActKind.RESUMED, by=st.sampled_from(["pause", ""])),
        make(ActKind.SNOOZED, until=st.dates(on, on + timedelta(days=9))),
        *nudged,
    )


@given(histories(), st.integers(0, 200))
@settings(deadline=None, max_examples=120)
def test_reminders_are_derived(found: Dossier, ahead: int) -> None:
    """Computed twice, or another day, the rows are the same; none is too close, on a closed day, or past."""
    last = max(a.on for a in found.acts)
    rows = reminders(found, last, working, NOTICE)
    later = reminders(found, last + timedelta(days=ahead), working, NOTICE)
    assert rows == reminders(found, last, working, NOTICE)
    assert [(d.key, d.on, d.why) for d in later] == [(d.key, d.on, d.why) for d in rows]
    assert not {d.key for d in rows} & {a.text("key") for a in found.acts}
    contacts = [a.on for a in found.acts if a.kind is ActKind.SENT]
    own = max(a.on for a in found.acts if a.kind is not ActKind.NUDGED)
    for deadline in rows:
        assert working(deadline.on)
        assert deadline.on > own or deadline.what == PAUSE_OVER
        assert deadline.what == PAUSE_OVER or not contacts or (deadline.on - max(contacts)).days >= 3  # fmt: skip
        assert "{" not in deadline.why


@given(histories(), st.sampled_from(NAMES[:-1]), st.data())
@settings(deadline=None, max_examples=60)
def test_a_step_passed_never_comes(found: Dossier, before: str, data: st.DataObject) -> None:
    """Whatever is sent, said or chosen after, a step passed comes no more, unless the person goes back."""
    on = max(a.on for a in found.acts)
    after = NAMES[NAMES.index(before) + 1]
    found = found.with_act(act(ActKind.STEPPED, on, **{"from": before, "to": after}))
    for _ in range(data.draw(st.integers(0, 4))):
        on += timedelta(days=data.draw(days))
        move = data.draw(_moves(found, on))
        assume(move.kind is not ActKind.STEPPED)
        found = found.with_act(move)
        on = move.on
        assert stage_of(found, on, working) is not Stage(before)
        rows = reminders(found, on, working, NOTICE)
        assert Stage(before) not in {row.stage for row in rows if row.what != "reception"}
        states = {r.stage: r.progress for r in rungs(found, on, working, NOTICE)}
        assert states.get(Stage(before)) in {None, Progress.SKIPPED, Progress.DONE}


@given(histories(), st.integers(1, 90), st.integers(0, 89))
@settings(deadline=None, max_examples=60)
def test_a_pause_is_silent_until_its_day(found: Dossier, length: int, seen: int) -> None:
    """Paused until a day, whatever came before, a dossier has one deadline, on that day or the working day after."""
    on = max(a.on for a in found.acts)
    until = on + timedelta(days=length)
    paused = found.with_act(act(ActKind.PAUSED, on, until=until))
    (only,) = reminders(paused, on + timedelta(days=seen), working, NOTICE)
    assert only.what == PAUSE_OVER
    assert until <= only.on <= until + timedelta(days=5)
    assert working(only.on)
    back = paused.with_act(act(ActKind.RESUMED, only.on, by="pause"))
    assert all(d.on > only.on for d in reminders(back, only.on, working, NOTICE))


@given(histories())
@settings(deadline=None, max_examples=60)
def test_the_days_ahead_obey_the_rules(found: Dossier) -> None:
    """Projected days are working days in order, three days apart, and the first is the reminder's own."""
    today = max(a.on for a in found.acts)
    listed = rungs(found, today, working, NOTICE)
    order = [ORDER.index(rung.stage) for rung in listed]
    assert order == sorted(set(order))
    ahead = [r for r in listed if r.progress in {Progress.NEXT, Progress.LATER} and r.on]
    days_ahead = [r.on for r in ahead if r.on]
    assert all(working(day) for day in days_ahead)
    assert all((b - max(a, today)).days >= 3 for a, b in pairwise(days_ahead))
    rows = [d for d in reminders(found, today, working, NOTICE) if d.what != "reception"]
    if ahead and found.last(ActKind.PROMISED) is None:
        assert ahead[0].on == rows[0].on
        assert ahead[0].why == rows[0].why


@given(histories())
@settings(deadline=None, max_examples=50)
def test_what_is_projected_is_what_comes(found: Dossier) -> None:
    """Each step really done on its projected day, the next one comes on the day that was projected."""
    today = max(a.on for a in found.acts)
    ahead = [
        r
        for r in rungs(found, today, working, NOTICE)
        if r.on and r.progress in {Progress.NEXT, Progress.LATER}
    ]
    assume(not ahead or (ahead[0].on and ahead[0].on >= today))
    for here, following in pairwise(ahead):
        assert here.on is not None
        (row,) = [d for d in reminders(found, here.on, working, NOTICE) if d.what != "reception"]
        assert row.on == here.on
        found = found.with_act(
            act(ActKind.SENT, here.on, document=here.document, stage=here.stage.value, channel=row.channel or "")
        )  # fmt: skip
        (row,) = [d for d in reminders(found, here.on, working, NOTICE) if d.what != "reception"]
        assert (row.stage, row.on) == (following.stage, following.on)
