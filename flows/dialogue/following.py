"""Once something is done: waiting, being nudged, a part payment, a reminder put off, the end."""

from __future__ import annotations

from datetime import date, timedelta

from flows import ladder
from flows.dialogue.actions import allowed, bound, way_back
from flows.dialogue.agreement import missed_line
from flows.dialogue.closing import act_paid
from flows.dialogue.diagnosing import note_outcome, outcome_told
from flows.dialogue.filing import filing_line, nudged
from flows.dialogue.handler import Handler, Misunderstood, View, column
from flows.dialogue.intake import SENTENCE_ENOUGH, summary, take_sentence
from flows.dialogue.law_desk import limitation_notice
from flows.dialogue.receiving import take, told_payment
from flows.dialogue.screens import Choice
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.timeline import line_of, told_acts
from flows.dialogue.turn import Turn
from flows.dossier import Act, ActKind, Dossier, Stage, Status
from flows.facts.computed import judgment_on
from flows.facts.legal import clocks_of
from flows.law.deadlines import StepState
from flows.reading import (
    Refused,
    read_delay,
    read_payment,
    read_sentence,
    sentence,
)
from letters.format import date_courte, date_longue, euros

_TOLD = frozenset(
    {
        *(ActKind.SENT, ActKind.ANSWERED, ActKind.PROMISED, ActKind.PART_PAID, ActKind.RECEIVED),
        *(ActKind.CREDITED, ActKind.HAPPENED, ActKind.ROUTE_CHOSEN, ActKind.CORRECTED),
        *(ActKind.RETURNED, ActKind.PLANNED, ActKind.FILED),
    }
)
"""Acts a nudge recalls as the last thing that happened."""
_PAID = (
    "a payé",
    "a paye",
    "m'a payé",
    "m’a payé",
    "c'est payé",
    "c’est payé",
    "a réglé",
    "a regle",
)
_NOT = ("pas", "jamais", "toujours", "?")
"""Words that say a payment came, and those that deny or doubt it."""
ANNOUNCEMENTS = frozenset({"promesse", "virement", "echeance"})
"""What a deadline may wait for that the client announced."""
SNOOZES = {"d1": 1, "d3": 3, "d7": 7}


def show_waiting(turn: Turn) -> View:
    """Say when the bot comes back, and from what that day counts."""
    dossier = turn.need_dossier()
    deadline = turn.next_deadline()
    body = say(
        "waiting",
        status=dossier.status.value,
        client=summary(turn)[0],
        deadline=deadline is not None,
        hold=deadline is not None and deadline.what in ANNOUNCEMENTS,
        on=date_longue(deadline.on) if deadline else "",
        why=deadline.why if deadline else "",
    )
    wanted = {"paid", "replied", "card", "go_on"} & allowed(turn) | {"card", "new"}
    if not turn.need_dossier().last(ActKind.PART_PAID):
        wanted.discard("go_on")
    if turn.stage is Stage.HOLD:
        # Nothing new is asked before what is waited for; what came and what is left can be said.
        wanted = wanted - {"go_on"} | ({"rest"} & allowed(turn))
    choices = [*left_today(turn), *buttons("waiting_choices", wanted)]
    return View(body, bound(turn, choices))


def left_today(turn: Turn) -> list[Choice]:
    """Give the button back to the day's message while some of it was not seen, else nothing."""
    left = [one for one in waiting_today(turn) if one.id != turn.conversation.dossier_id]
    return [Choice("digest", words("digest_left", count=len(left)))] if left else []


def waiting_today(turn: Turn) -> list[Dossier]:
    """Give the dossiers told together today about which nothing was said since."""
    found = []
    for dossier_id in turn.conversation.digest:
        dossier = turn.changed.get(dossier_id) or turn.book.get(dossier_id)
        if dossier is None or dossier.status is not Status.OPEN or not dossier.acts:
            continue
        last = dossier.acts[-1]
        if last.kind is ActKind.NUDGED and last.on == turn.today:
            found.append(dossier)
    return found


def nudge_view(turn: Turn, why: str = "", late: date | None = None) -> View:
    """Name the client, the amount, the age, the last and the next act; ask first whether it was paid."""
    dossier = turn.need_dossier()
    client, amount, days = summary(turn)
    counted = turn.library.total_due(dossier, turn.today)
    # Without the day of the judgment, what ran before it is not known to the cent.
    procedure = ladder.procedure_open(dossier)
    if procedure and judgment_on(dossier) is None:
        counted = None
    with_penalties = counted is not None and counted.total > counted.principal_remaining
    stale = with_penalties and counted is not None and counted.penalties_until < turn.today
    limitation = limitation_notice(turn)
    told = (
        act for act in reversed(told_acts(turn)) if act.kind in _TOLD and _standing(dossier, act)
    )
    last = next((line for act in told if (line := line_of(turn, act))), "")
    body = say(
        "nudge",
        late=date_longue(late) if late else "",
        client=client,
        amount=amount,
        total=euros(counted.total) if counted and with_penalties else "",
        until=date_courte(counted.penalties_until) if counted and stale else "",
        days=days,
        due=date_courte(dossier.due_on) if dossier.due_on else "",
        last=last,
        next=next_step(turn),
        procedure=procedure and not ladder.claim_declared(dossier),
        why=why,
        agreed=missed_line(turn) or filing_line(turn),
        limitation=limitation,
    )
    actions = allowed(turn) - {"go_on", "card"}
    # Before a judge, what happens is mostly noted: an order, its service.
    if not ladder.at_law(dossier):
        actions -= {"note_event"}
    alarm = turn.conversation.scratch.get("legal") is True
    if turn.stage is not Stage.ROUTE and not (procedure or alarm or limitation):
        actions -= {"routes", "clocks"}  # the law is spoken of once the letters are over
    return View(body, bound(turn, buttons("nudge_choices", nudged(turn, actions))))


def _standing(dossier: Dossier, act: Act) -> bool:
    """Say whether an act was not taken back; of corrections, only that of a procedure is told."""
    if act.kind is ActKind.CORRECTED:
        return act.text("fact") == "procedure"
    return dossier.stands(act)


def next_step(turn: Turn) -> str:
    """Name what would be proposed now, in plain words."""
    if ladder.procedure_open(turn.need_dossier()):
        declared = ladder.claim_declared(turn.need_dossier())
        return step_of_a_clock(turn) or words("stage_declared" if declared else "stage_procedure")
    if ladder.at_law(turn.need_dossier()):
        return step_at_law(turn)
    known = turn.need_dossier().debtor_kind is not None
    offered = turn.recommendation.recommended if known else None
    return offered.label if offered else words(f"stage_{turn.stage.value}")


def step_of_a_clock(turn: Turn) -> str:
    """Name what the clock of a judge or of a procedure calls for, with its day; "" when none runs."""
    steps = clocks_of(turn.need_dossier(), turn.today, turn.library.law).steps
    for state in (StepState.OPEN, StepState.WAITING):
        for step in steps:
            if step.state is state and step.deadline:
                return words(
                    "clock_step",
                    label=step.label,
                    on=date_longue(step.deadline.safe_on),
                    state=state.value,
                )
    return ""


def step_at_law(turn: Turn) -> str:
    """Name what a judge's clock or the route taken calls for."""
    taken = turn.need_dossier().last(ActKind.ROUTE_CHOSEN)
    label = words("stage_taken", label=taken.text("label")) if taken else words("stage_judge")
    return step_of_a_clock(turn) or label


def show_nudge(turn: Turn) -> View:
    """Show the nudge again."""
    return nudge_view(turn, turn.scratch("why"))


def type_resting(turn: Turn, text: str) -> bool:
    """Read a sentence that tells what the client said or did; False leaves the words to the buttons."""
    if told_payment(turn, text):
        return True
    read = read_sentence(text, turn.today)
    if "amount_due" in read.facts and len(read.facts) >= SENTENCE_ENOUGH:
        turn.open_dossier({})
        take_sentence(turn, read)
        return True
    if turn.dossier is None:
        return False
    said = outcome_told(turn, text)
    if said is not None and "replied" in allowed(turn):
        note_outcome(turn, said)
        turn.fire("go_on", remember=False)
        return True
    lowered = text.lower()
    paid = any(word in lowered for word in _PAID) and not any(w in lowered for w in _NOT)
    if not paid or "paid" not in allowed(turn):
        return False
    take_paid(turn, text)
    return True


def take_paid(turn: Turn, text: str) -> None:
    """Take a sentence that tells a payment: with a sum a part of it, with a day that day; a bare number is asked."""
    amount, day = read_payment(text, turn.today)
    if amount is not None:
        turn.drop_scratch()
        turn.fire("part_paid", remember=False)
        take(turn, amount, day or turn.today)
    elif day is not None or not any(map(str.isdigit, text)):
        act_paid(turn, day)
    else:
        turn.drop_scratch()
        turn.fire("part_paid", remember=False)


def press_resting(turn: Turn, key: str) -> None:
    """Take the buttons that leave the dossier."""
    if key == "dossiers":
        turn.fire("open_dossiers")
    elif key == "digest":
        turn.leave_dossier()
        turn.fire("wake_many", remember=False)
    else:
        turn.begin()


def show_snooze(turn: Turn) -> View:
    """Ask when to come back."""
    rows = (*column(buttons("snooze")), *way_back(turn))
    return View(say("snooze", client=summary(turn)[0]), rows)


def press_snooze(turn: Turn, key: str) -> None:
    """Put the reminder off by the days of the button."""
    put_off(turn, turn.today + timedelta(days=SNOOZES[key]))


def type_snooze(turn: Turn, text: str) -> None:
    """Put the reminder off to the day typed."""
    match read_delay(text, turn.today):
        case Refused(code, params):
            raise Misunderstood(sentence(code, **params))
        case understood:
            day: date = understood.value
    if day <= turn.today:
        raise Misunderstood(words("snooze_past"))
    put_off(turn, day)


def put_off(turn: Turn, day: date) -> None:
    """Record the new day."""
    turn.record(ActKind.SNOOZED, until=day)
    turn.drop_scratch()
    turn.fire("answered", remember=False)


HANDLERS = {
    "waiting": Handler(show_waiting, press_resting, type_resting),
    "nudge": Handler(show_nudge, press_resting, type_resting),
    "snooze": Handler(show_snooze, press_snooze, type_snooze),
}
