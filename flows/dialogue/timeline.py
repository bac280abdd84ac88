"""An act as a line a person reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows import diagnosis
from flows.dialogue.texts import texts, words
from flows.dossier import Act, ActKind
from flows.facts import registry
from letters.format import date_courte

if TYPE_CHECKING:
    from flows.dialogue.turn import Turn


def short_title(title: str) -> str:
    """Give a title without what it says in brackets."""
    return title.partition(" (")[0]


_SILENT = frozenset({ActKind.NUDGED})
"""Acts of the bot's own: kept, not told."""


def line_of(turn: Turn, act: Act) -> str:
    """Write one act in plain words, "" for one that is not told."""
    key = f"act_{act.kind.value}"
    if act.kind in _SILENT or key not in texts():
        return ""
    values = {name: str(value) for name, value in act.data.items()}
    match act.kind:
        case ActKind.SENT:
            document = turn.library.catalogue.find(act.text("document"))
            values["document"] = short_title(document.title) if document else act.text("document")
            values["channel"] = words(f"channel_{act.text('channel')}")
        case ActKind.ANSWERED:
            values["outcome"] = diagnosis.outcome(act.text("outcome")).label.lower()
        case ActKind.PROMISED:
            values["promised"] = registry()["promised_on"].show(act.data["promised_on"])
        case ActKind.PART_PAID:
            values["amount"] = registry()["amount_due"].show(act.data["amount"])
        case ActKind.SNOOZED:
            values["until"] = registry()["promised_on"].show(act.data["until"])
        case ActKind.DIAGNOSED:
            values["cause"] = words(f"cause_{act.text('cause')}")
        case ActKind.CORRECTED if act.text("fact") == "procedure":
            key = "act_correction_procedure"
        case ActKind.CORRECTED:
            declared = registry().get(act.text("fact"))
            values["label"] = declared.label if declared else act.text("fact")
    return words(key, on=date_courte(act.on), **values)


def timeline(turn: Turn, limit: int = 12) -> list[str]:
    """Write the latest acts of the dossier in hand, oldest first."""
    lines = [line for act in turn.need_dossier().acts if (line := line_of(turn, act))]
    return lines[-limit:]
