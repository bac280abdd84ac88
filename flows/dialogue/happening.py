"""Noting what happened that the law counts from: a credit note, an order, a service, a declaration."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flows.dialogue.actions import dossier_button
from flows.dialogue.handler import Handler, Misunderstood, View, column, grid
from flows.dialogue.intake import summary
from flows.dialogue.noting import check_day, note, note_credit
from flows.dialogue.screens import Choice
from flows.dialogue.sending import day_of, read_day
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import Turn
from flows.facts.occurrences import Occurrence, occurrences, offered
from flows.plan import SIGNED, plan_of
from flows.reading import Refused, read_amount, sentence
from letters.format import date_courte, euros

WHOLE = "whole"
"""The button that says that all is contested."""


def occurrence(turn: Turn) -> Occurrence:
    """Give what is being noted."""
    return occurrences()[turn.scratch("event")]


def show_event(turn: Turn) -> View:
    """List what can be noted, group by group."""
    choices = [Choice(one.id, one.label) for one in offered(turn.need_dossier())]
    back = dossier_button(turn.need_dossier(), buttons("event")[0])
    return View(say("event", client=summary(turn)[0]), (*grid(choices), (back,)))


def press_event(turn: Turn, key: str) -> None:
    """Ask its day."""
    turn.set_scratch(event=key)
    turn.fire("pick_event")


def show_event_when(turn: Turn) -> View:
    """Ask the day of what is being noted."""
    one = occurrence(turn)
    body = say("event_when", question=one.question, hint=one.hint)
    return View(body, grid(buttons("event_when")))


def press_event_when(turn: Turn, key: str) -> None:
    """Take the day of the button."""
    take_day(turn, day_of(turn, key))


def type_event_when(turn: Turn, text: str) -> None:
    """Read the day typed."""
    take_day(turn, read_day(turn, text, "event_in_future"))


def take_day(turn: Turn, day: date) -> None:
    """Keep the day; a sum is asked next where there is one."""
    one = occurrence(turn)
    if one.is_credit or one.sum:
        check_day(turn, one, day)
        turn.set_scratch(event_on=day)
        turn.fire("ask_event_amount")
        return
    note(turn, one.id, day)
    noted(turn, one, day)


def noted(turn: Turn, one: Occurrence, day: date) -> None:
    """Say what was noted, and show what it changes."""
    turn.notes.append(say("event_noted", label=one.label, on=date_courte(day)))
    turn.drop_scratch()
    if one.id == SIGNED and plan_of(turn.need_dossier()) is None:
        turn.leave()
        turn.fire("ask_plan", remember=False)  # its dates are to be followed
        return
    turn.fire("answered", remember=False)


def show_event_amount(turn: Turn) -> View:
    """Ask the sum of the credit note."""
    one = occurrence(turn)
    body = say("event_amount", question=one.amount or one.sum, amount=summary(turn)[1])
    return View(body, column(buttons("event_amount")) if one.sum else ())


def press_event_amount(turn: Turn, key: str) -> None:
    """Take the whole of what remains as what is contested."""
    assert key == WHOLE
    take_disputed(turn, turn.need_dossier().remaining)


def take_disputed(turn: Turn, amount: Decimal | None) -> None:
    """Record a contest of a sum, all of it at most, and say what is to be paid now all the same."""
    one, day, owed = (
        occurrence(turn),
        turn.conversation.scratch["event_on"],
        turn.need_dossier().remaining,
    )
    assert isinstance(day, date)
    if amount is None or owed is None or amount > owed:
        raise Misunderstood(words("disputed_too_much", amount=summary(turn)[1]))
    note(turn, one.id, day, amount=amount)
    left = owed - amount
    turn.notes.append(say("disputed_noted", amount=euros(amount), left=euros(left) if left else ""))
    turn.drop_scratch()
    turn.fire("answered", remember=False)


def type_event_amount(turn: Turn, text: str) -> None:
    """Record a credit note: it lowers what is owed, and one of the whole ends the dossier."""
    match read_amount(text):
        case Refused(code, params):
            raise Misunderstood(sentence(code, **params))
        case understood:
            amount: Decimal = understood.value
    one, day = occurrence(turn), turn.conversation.scratch["event_on"]
    assert isinstance(day, date)
    if one.sum:
        take_disputed(turn, amount)
        return
    left = note_credit(turn, one.id, day, amount)
    if not left:
        turn.drop_scratch()
        turn.fire("finish", remember=False)
        return
    turn.notes.append(say("credit_noted", amount=euros(amount), remaining=euros(left)))
    turn.drop_scratch()
    turn.fire("answered", remember=False)


HANDLERS = {
    "event": Handler(show_event, press_event),
    "event_when": Handler(show_event_when, press_event_when, type_event_when),
    "event_amount": Handler(show_event_amount, press_event_amount, type_event_amount),
}
