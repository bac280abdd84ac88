"""The screen that says what to do about a filing that had no answer."""

from __future__ import annotations

from flows.dialogue.actions import bound
from flows.dialogue.filing import next_thing
from flows.dialogue.following import press_resting, type_resting
from flows.dialogue.handler import Handler, View
from flows.dialogue.intake import summary
from flows.dialogue.screens import Copy
from flows.dialogue.texts import buttons, say
from flows.dialogue.turn import Turn
from letters.format import date_longue


def show_filing(turn: Turn) -> View:
    """Say what to do and when the bot comes back; the message to send stands alone, to be copied."""
    todo, text = next_thing(turn)
    due = turn.next_deadline()
    on = date_longue(due.on) if due else ""
    body = say("filing", client=summary(turn)[0], todo=todo, text=bool(text), on=on)
    before = (Copy(text),) if text else ()
    return View(body, bound(turn, buttons("filing")), before=before)


HANDLERS = {"filing": Handler(show_filing, press_resting, type_resting)}
