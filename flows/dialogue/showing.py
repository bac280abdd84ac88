"""Putting the present state on the screen: its notes first, its buttons numbered, « Retour » last."""

from __future__ import annotations

from flows.dialogue import (
    actions,
    adding,
    cabinet,
    delaying,
    desk,
    diagnosing,
    digest,
    drafting,
    editing,
    ending,
    exhibits,
    following,
    happening,
    instalments,
    intake,
    invoicing,
    law_desk,
    leaving,
    listing,
    overview,
    pausing,
    paying,
    posting,
    preventing,
    receiving,
    remembered,
    sending,
    settings,
    stepping,
    terms,
    waiting_on,
)
from flows.dialogue.handler import Handler, View
from flows.dialogue.screens import Choice, Screen, Shown, Toast
from flows.dialogue.table import RESTING
from flows.dialogue.texts import words
from flows.dialogue.turn import Turn

HANDLERS: dict[str, Handler] = {
    **intake.HANDLERS,
    **diagnosing.HANDLERS,
    **drafting.HANDLERS,
    **editing.HANDLERS,
    **sending.HANDLERS,
    **posting.HANDLERS,
    **instalments.HANDLERS,
    **paying.HANDLERS,
    **waiting_on.HANDLERS,
    **remembered.HANDLERS,
    **following.HANDLERS,
    **ending.HANDLERS,
    **digest.HANDLERS,
    **desk.HANDLERS,
    **settings.HANDLERS,
    **terms.HANDLERS,
    **law_desk.HANDLERS,
    **listing.HANDLERS,
    **overview.HANDLERS,
    **happening.HANDLERS,
    **cabinet.HANDLERS,
    **exhibits.HANDLERS,
    **receiving.HANDLERS,
    **invoicing.HANDLERS,
    **adding.HANDLERS,
    **preventing.HANDLERS,
    **stepping.HANDLERS,
    **delaying.HANDLERS,
    **pausing.HANDLERS,
    **leaving.HANDLERS,
}

BACK = "back"


def view_of(turn: Turn) -> View:
    """Show the present state."""
    return HANDLERS[turn.state].show(turn)


def remark(turn: Turn, said: str) -> None:
    """Say something and show the present question again, unchanged."""
    turn.notes.append(said)
    append(turn, view_of(turn))


def show(turn: Turn, *, replace_pressed: bool = False) -> None:
    """Show the present state; `replace_pressed`: it may take the place of the message just pressed."""
    append(turn, view_of(turn), replace_pressed=replace_pressed)


def append(turn: Turn, view: View, *, replace_pressed: bool = False, silent: bool = False) -> None:
    """Show a view below what was shown already, with the notes of this turn at its top."""
    before: tuple[Shown, ...] = view.before if turn.moved else ()
    turn.shown.extend(before)
    body = "\n\n".join([*turn.notes, view.body])
    turn.notes.clear()
    alone = not any(not isinstance(shown, Toast) for shown in turn.shown)
    offered = (turn.today.isoformat(), *(choice.data for choice in view.choices))
    turn.conversation = turn.conversation.but(offered=offered)
    rows = tuple(tuple(_number(turn, choice) for choice in row) for row in view.rows)
    if turn.conversation.trail and turn.state not in RESTING - {"nudge"}:
        rows = (*rows, (_number(turn, Choice(BACK, words("back_label"))),))
    turn.shown.append(Screen(body, rows, replace_pressed and alone, silent, view.placeholder))


def _number(turn: Turn, choice: Choice) -> Choice:
    """Put the number of the screen on a button, unless it names its dossier."""
    if choice.data.startswith(actions.DOSSIER):
        return choice
    return Choice(f"{turn.conversation.serial}.{choice.data}", choice.label)
