"""What the client wrote, whole, as it was pasted."""

from __future__ import annotations

from flows import diagnosis
from flows.dialogue.actions import bound
from flows.dialogue.following import press_resting, type_resting
from flows.dialogue.handler import Handler, View
from flows.dialogue.intake import summary
from flows.dialogue.texts import buttons, say
from flows.dialogue.turn import Turn
from flows.dossier import ActKind
from letters.format import date_courte

SHOWN = 3000
"""Characters shown at most: one message, whatever was pasted."""


def show_said(turn: Turn) -> View:
    """Show the answers kept, the latest first, as many as one message holds."""
    dossier = turn.need_dossier()
    noted = [act for act in dossier.acts_of(ActKind.ANSWERED) if act.text("note")]
    rows: list[dict[str, str]] = []
    for act in reversed(noted):
        if sum(len(row["note"]) for row in rows) + len(act.text("note")) > SHOWN and rows:
            break
        label = diagnosis.outcome(act.text("outcome")).label
        rows.append({"label": label, "on": date_courte(act.on), "note": act.text("note")})
    more = len(rows) < len(noted)
    body = say("said", client=summary(turn)[0], rows=rows, more=more)
    return View(body, bound(turn, buttons("said")))


HANDLERS = {"said": Handler(show_said, press_resting, type_resting)}
