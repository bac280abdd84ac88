"""The day's reminders in one message: a line for each dossier, a button to take it up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flows.dialogue import following
from flows.dialogue.actions import dossier_button
from flows.dialogue.handler import Handler, View, column, grid
from flows.dialogue.intake import summary
from flows.dialogue.screens import Choice
from flows.dialogue.texts import buttons, say
from flows.dialogue.turn import Turn
from flows.dossier import Dossier
from letters.format import date_courte, date_longue

SHOWN = 8
"""Dossiers of one message: the others come up as those are dealt with."""
NAME = 40
"""Characters of a client's name on a button."""


def digest_view(turn: Turn, late: date | None = None) -> View:
    """Show what is to be looked at today, the oldest debt first; whether it was paid is asked first."""
    dossiers = sorted(following.waiting_today(turn), key=lambda one: _oldest_first(turn, one))
    shown = dossiers[:SHOWN]
    rows = [_row(turn, dossier) for dossier in shown]
    body = say(
        "digest",
        rows=rows,
        count=len(dossiers),
        more=len(dossiers) - len(shown),
        late=date_longue(late) if late else "",
    )
    picks = [
        dossier_button(dossier, Choice("nudge", str(row["client"])[:NAME]))
        for dossier, row in zip(shown, rows, strict=True)
    ]
    return View(body, (*column(picks), *grid(buttons("digest_choices"))))


def _oldest_first(turn: Turn, dossier: Dossier) -> tuple[date, Decimal, str, str]:
    """Order by the age of the debt, then by its sum, so that the list is the same each time it is shown."""
    owed = dossier.remaining or Decimal(0)
    return dossier.due_on or turn.today, -owed, dossier.debtor_name, dossier.id


def _row(turn: Turn, dossier: Dossier) -> dict[str, Any]:
    beside = turn.aside(dossier)
    client, amount, days = summary(beside)
    return {
        "client": client,
        "amount": amount,
        "days": days,
        "due": date_courte(dossier.due_on) if dossier.due_on else "",
        "next": following.next_step(beside),
    }


def show_digest(turn: Turn) -> View:
    """Show what is left of the day's message."""
    return digest_view(turn)


HANDLERS = {"digest": Handler(show_digest, following.press_resting, following.type_resting)}
