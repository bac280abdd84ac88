"""The day of a full payment, when it was not the day it was told."""

from __future__ import annotations

from datetime import date

from flows.dialogue.actions import way_back
from flows.dialogue.handler import Handler, Misunderstood, View, column
from flows.dialogue.intake import summary
from flows.dialogue.sending import day_of, read_day
from flows.dialogue.taking_back import undo
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import Turn
from flows.dossier import ActKind
from letters.format import date_courte


def show_paid_on(turn: Turn) -> View:
    """Ask the day the money came."""
    rows = (*column(buttons("paid_on")), *way_back(turn))
    return View(say("paid_on", client=summary(turn)[0]), rows)


def press_paid_on(turn: Turn, key: str) -> None:
    """Take the day of the button."""
    record_day(turn, day_of(turn, key))


def type_paid_on(turn: Turn, text: str) -> None:
    """Read the day typed."""
    record_day(turn, read_day(turn, text, "paid_in_future"))


def record_day(turn: Turn, day: date) -> None:
    """Tell the payment anew on its day: what is written and counted then takes that day."""
    dossier = turn.need_dossier()
    last = max((act.on for act in dossier.part_payments), default=None)
    if last is not None and day < last:
        raise Misunderstood(words("paid_before_a_part", on=date_courte(last)))
    told = dossier.last(ActKind.PAID)
    if told is not None and told.on != day:
        undo(turn, told)
        turn.record(ActKind.PAID, day)
    turn.notes.append(say("paid_on_noted", on=date_courte(day)))
    turn.drop_scratch()
    turn.fire("answered", remember=False)


HANDLERS = {"paid_on": Handler(show_paid_on, press_paid_on, type_paid_on)}
