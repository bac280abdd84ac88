"""Once something is done: waiting, being nudged, and what can be said of a dossier at any time.

The actions of a dossier (paid, part paid, answered…) are offered on its card and under every nudge. They name
their dossier, so a nudge answered days later still acts on the right one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from flows.dialogue.diagnosing import new_contact
from flows.dialogue.handler import Handler, Misunderstood, View, column, grid
from flows.dialogue.intake import summary
from flows.dialogue.screens import Choice
from flows.dialogue.sending import awaiting_receipt
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.timeline import line_of
from flows.dialogue.turn import ANNOUNCED, PROBE, Turn
from flows.dossier import ActKind, Dossier, Status
from flows.reading import Refused, Understood, read_amount, read_delay, read_yes_no, sentence
from letters.format import date_courte, date_longue, euros

SILENCE = "toujours_rien"
"""The outcome the bot records when there is nothing new."""
PART_PAID_EVIDENCE = f"{PROBE}acompte"
"""The answer that a part payment gives by itself."""
_TOLD = frozenset(
    {ActKind.SENT, ActKind.ANSWERED, ActKind.PROMISED, ActKind.PART_PAID, ActKind.RECEIVED}
)
"""Acts a nudge recalls as the last thing that happened."""
ANNOUNCEMENTS = frozenset({"promesse", "virement", "echeance"})
"""What a deadline may wait for that the client announced."""
SNOOZES = {"d1": 1, "d3": 3, "d7": 7}
DOSSIER = "d."
"""Prefix of the data of a button that names its dossier: d.<dossier>.<action>.<acts>."""


ONCE = frozenset({"paid", "stop", "pause", "silent"})
"""Actions that record an act: the same button pressed twice records one."""


def dossier_button(dossier: Dossier, choice: Choice) -> Choice:
    """Bind a button to its dossier, as it stands: the count of its acts tells two nudges apart."""
    return Choice(f"{DOSSIER}{dossier.id}.{choice.data}.{len(dossier.acts)}", choice.label)


def read_dossier_button(data: str) -> tuple[str, str]:
    """Give (dossier, action) of such a button's data; ("", "") for anything else."""
    parts = data.removeprefix(DOSSIER).split(".")
    return (parts[0], parts[1]) if data.startswith(DOSSIER) and len(parts) == 3 else ("", "")


def bound(turn: Turn, choices: list[Choice]) -> tuple[tuple[Choice, ...], ...]:
    """Lay out buttons bound to the dossier in hand; those that leave it stay as they are."""
    own = turn.need_dossier()
    return grid(c if c.data in {"new", "dossiers"} else dossier_button(own, c) for c in choices)


# --- actions of a dossier, from anywhere ------------------------------------------------------


def act_paid(turn: Turn) -> None:
    """All is paid: nothing more will be sent or recalled."""
    turn.record(ActKind.PAID)
    turn.drop_scratch()
    turn.fire("finish", remember=False)


def act_silent(turn: Turn) -> None:
    """Nothing new: an announced payment that did not come is noted as such, once.

    A silence says nothing of the cause: what was told before it still stands.
    """
    announced = turn.outcome in ANNOUNCED and turn.silences == 0
    if not turn.outcome:
        turn.put(turn.need_dossier().with_facts(contact_outcome=SILENCE))
    turn.record(ActKind.ANSWERED, outcome=SILENCE)
    turn.drop_scratch()
    turn.set_draft(None)
    turn.notes.append(
        say("not_kept") if announced else say("silent_noted", client=summary(turn)[0])
    )
    turn.set_scratch(quiet=True)
    turn.fire("go_on", remember=False)


def act_replied(turn: Turn) -> None:
    """The client reacted: ask how."""
    new_contact(turn)
    turn.fire("go_on", remember=False)


def act_stop(turn: Turn) -> None:
    """The person gives the dossier up."""
    turn.record(ActKind.CLOSED, how="abandon")
    turn.drop_scratch()
    turn.fire("finish", remember=False)


def act_pause(turn: Turn) -> None:
    """No reminder until taken up again."""
    turn.record(ActKind.PAUSED)
    turn.fire("rest", remember=False)


def act_unpause(turn: Turn) -> None:
    """Take a paused dossier up again."""
    turn.record(ActKind.RESUMED)
    turn.notes.append(say("resumed", client=summary(turn)[0]))
    turn.fire("go_on", remember=False)


def act_reopen(turn: Turn) -> None:
    """A closed dossier was closed too soon."""
    turn.record(ActKind.REOPENED)
    turn.notes.append(say("resumed", client=summary(turn)[0]))
    turn.fire("open_card", remember=False)


def _go(trigger: str) -> Callable[[Turn], None]:
    def act(turn: Turn) -> None:
        turn.drop_scratch()
        turn.fire(trigger, remember=False)

    return act


ACTIONS: Mapping[str, Callable[[Turn], None]] = {
    "paid": act_paid,
    "silent": act_silent,
    "replied": act_replied,
    "stop": act_stop,
    "pause": act_pause,
    "unpause": act_unpause,
    "reopen": act_reopen,
    "part": _go("part_paid"),
    "received": _go("received"),
    "snooze": _go("put_off"),
    "card": _go("open_card"),
    "go_on": _go("go_on"),
}


def allowed(turn: Turn) -> set[str]:
    """Give the actions that make sense for the dossier in hand as it stands."""
    dossier = turn.need_dossier()
    match dossier.status:
        case Status.PAID | Status.CLOSED:
            return {"reopen", "card"}
        case Status.PAUSED:
            return {"paid", "unpause", "stop", "card"}
    known = dossier.amount_due is not None and dossier.due_on is not None
    actions = {"go_on", "pause", "stop", "card"}
    if known:
        actions |= {"paid", "part", "replied", "silent", "snooze"}
    if awaiting_receipt(turn):
        actions.add("received")
    return actions


# --- states -----------------------------------------------------------------------------------


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
    return View(body, bound(turn, buttons("waiting_choices", wanted)))


def nudge_view(turn: Turn, why: str = "", late: date | None = None) -> View:
    """Name the client, the amount, the age, the last and the next act; ask first whether it was paid."""
    dossier = turn.need_dossier()
    client, amount, days = summary(turn)
    counted = turn.library.total_due(dossier, turn.today)
    with_penalties = counted is not None and counted.total > counted.principal_remaining
    stale = with_penalties and counted is not None and counted.penalties_until < turn.today
    told = (act for act in reversed(dossier.acts) if act.kind in _TOLD)
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
        next=words(f"stage_{turn.stage.value}"),
        why=why,
    )
    actions = allowed(turn) - {"go_on", "card"}
    return View(body, bound(turn, buttons("nudge_choices", actions)))


def show_nudge(turn: Turn) -> View:
    """Show the nudge again."""
    return nudge_view(turn, turn.scratch("why"))


def press_resting(turn: Turn, key: str) -> None:
    """Take the buttons that leave the dossier."""
    if key == "dossiers":
        turn.fire("open_dossiers")
    else:
        turn.open_dossier({})
        turn.fire("go_on")


def show_paid_part(turn: Turn) -> View:
    """Ask how much came."""
    client, amount, _ = summary(turn)
    if "over" in turn.conversation.scratch:
        choices = buttons("part_too_much")
        return View(say("part_too_much", amount=amount), column(choices), yes="all", no="redo")
    return View(say("paid_part", client=client, amount=amount))


def type_paid_part(turn: Turn, text: str) -> None:
    """Record a part payment; the whole of what was due closes the dossier."""
    said = read_yes_no(text)
    if "over" in turn.conversation.scratch and isinstance(said, Understood):
        press_paid_part(turn, "all" if said.value else "redo")
        return
    match read_amount(text):
        case Refused(code, params):
            raise Misunderstood(sentence(code, **params))
        case understood:
            amount = understood.value
    remaining = turn.need_dossier().remaining
    assert remaining is not None
    if amount > remaining:
        turn.set_scratch(over=amount)
        return
    if amount == remaining:
        all_paid(turn)
        return
    turn.record(ActKind.PART_PAID, amount=amount)
    # Paying a part is evidence, and it is known: the question need not be asked.
    turn.put(turn.need_dossier().with_facts(**{PART_PAID_EVIDENCE: "oui"}))
    turn.notes.append(say("part_noted", amount=euros(amount), remaining=euros(remaining - amount)))
    turn.drop_scratch()
    turn.fire("answered", remember=False)


def all_paid(turn: Turn) -> None:
    """Close the dossier as paid; what was due before stays known, should it be reopened."""
    turn.record(ActKind.PAID)
    turn.drop_scratch()
    turn.fire("answered", remember=False)


def press_paid_part(turn: Turn, key: str) -> None:
    """Answer whether more than what was due means that all is paid."""
    turn.drop_scratch("over")
    if key == "all":
        all_paid(turn)


def show_snooze(turn: Turn) -> View:
    """Ask when to come back."""
    return View(say("snooze", client=summary(turn)[0]), column(buttons("snooze")))


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


def show_closed(turn: Turn) -> View:
    """Close calmly, with a way to reopen."""
    dossier = turn.need_dossier()
    key = "closed_paid" if dossier.status is Status.PAID else "closed_stopped"
    wanted = {"new", "dossiers", "reopen"}
    return View(say(key, client=summary(turn)[0]), bound(turn, buttons("closed_choices", wanted)))


HANDLERS = {
    "waiting": Handler(show_waiting, press_resting),
    "nudge": Handler(show_nudge, press_resting),
    "paid_part": Handler(show_paid_part, press_paid_part, type_paid_part),
    "snooze": Handler(show_snooze, press_snooze, type_snooze),
    "closed": Handler(show_closed, press_resting),
}

__all__ = [
    "ACTIONS",
    "DOSSIER",
    "HANDLERS",
    "ONCE",
    "allowed",
    "dossier_button",
    "nudge_view",
    "read_dossier_button",
]
