"""Mes dossiers: the list, with what is owed, what is late and the next date of each.

Read from the outlines: only the dossiers of the page shown are looked at whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flows.dialogue.actions import dossier_button
from flows.dialogue.closing import how_ended
from flows.dialogue.following import type_resting
from flows.dialogue.handler import Handler, View, column, grid
from flows.dialogue.screens import Choice
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import Turn
from flows.dossier import Dossier, Status
from flows.outline import Outline
from letters.format import date_longue, euros

PAGE = 8
LABEL = 40
"""Characters of a client's name on a button."""
_ORDER = {Status.OPEN: 0, Status.PAUSED: 1, Status.PAID: 2, Status.CLOSED: 2}
"""Open first, then paused, then those that are over; of one kind, the latest changed first."""


def show_dossiers(turn: Turn) -> View:
    """List the dossiers with the sum outstanding."""
    listed = sorted(_outlines(turn), key=lambda one: _ORDER[one.status])
    page = int(turn.scratch("page") or 0)
    on_page = listed[page * PAGE : (page + 1) * PAGE]
    whole = {d.id: d for d in turn.book.some([one.id for one in on_page])} | turn.changed
    shown = [(one, whole[one.id]) for one in on_page if one.id in whole]
    rows = [_row(turn, *both, page * PAGE + place) for place, both in enumerate(shown, 1)]
    living = [one for one in listed if _ORDER[one.status] < _ORDER[Status.PAID]]
    total = _sum(one.remaining for one in living)
    late = _sum(one.late(turn.today) for one in living)
    more = len(listed) - (page + 1) * PAGE
    body = say(
        "dossiers",
        rows=rows,
        total=euros(total) if total else "",
        late=euros(late) if late else "",
        more=max(more, 0),
    )
    choices = [
        dossier_button(dossier, Choice("card", str(row["client"])[:LABEL]))
        for (_, dossier), row in zip(shown, rows, strict=True)
    ]
    wanted = {
        "new",
        *(["overview"] if listed else []),
        *(["older"] if more > 0 else []),
        *(["newer"] if page else []),
    }
    return View(body, (*column(choices), *grid(buttons("dossiers_choices", wanted))))


def _outlines(turn: Turn) -> list[Outline]:
    """Give the outlines as they stand in this very turn."""
    changed = {name: Outline.of(dossier) for name, dossier in turn.changed.items()}
    return [changed.get(one.id, one) for one in turn.book.outlines()]


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount), Decimal(0))


def _row(turn: Turn, outline: Outline, dossier: Dossier, number: int) -> dict[str, Any]:
    due = turn.library.reminders(dossier, turn.moment)
    state = words(
        "row_open" if dossier.status is Status.OPEN else f"row_{dossier.status.value}",
        on=date_longue(due[0].on) if due and due[0].on > turn.today else "",
        now=bool(due),
        started=dossier.due_on is not None,
        how=how_ended(dossier),
    )
    remaining = outline.remaining
    return {
        "number": number,
        "client": dossier.debtor_name or words("unnamed_client"),
        "amount": euros(remaining) if remaining is not None else words("unknown_amount"),
        "invoices": len(outline.owed),
        "late": _lateness(turn, outline),
        "state": state,
    }


def _lateness(turn: Turn, outline: Outline) -> str:
    """Say how late it is, and for how much when that is not all of it; "" once it is over."""
    days = [due for due, _ in outline.owed if due]
    if outline.status in {Status.PAID, Status.CLOSED} or not days:
        return ""
    late = outline.late(turn.today)
    return words(
        "row_late",
        days=max((turn.today - min(days)).days, 0),
        part=euros(late) if late != outline.remaining else "",
        due=date_longue(min(days)),
    )


def press_dossiers(turn: Turn, key: str) -> None:
    """Turn the page, see the whole, or start a dossier."""
    if key == "new":
        turn.begin()
        return
    if key == "overview":
        turn.fire("open_overview")
        return
    page = int(turn.scratch("page") or 0) + (1 if key == "older" else -1)
    turn.set_scratch(page=max(page, 0))
    turn.fire("open_dossiers")


HANDLERS = {"dossiers": Handler(show_dossiers, press_dossiers, type_resting)}
