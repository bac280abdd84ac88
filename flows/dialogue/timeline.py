"""An act as a line a person reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from flows import diagnosis
from flows.dialogue.texts import texts, words
from flows.dossier import EXHIBIT_OUT, EXHIBIT_TITLE, EXHIBIT_UP, Act, ActKind
from flows.facts import registry
from flows.facts.occurrences import occurrences
from letters.format import date_courte

if TYPE_CHECKING:
    from flows.dialogue.turn import Turn


def short_title(title: str) -> str:
    """Give a title without what it says in brackets."""
    return title.partition(" (")[0]


_SILENT = frozenset({ActKind.NUDGED})
"""Acts of the bot's own: kept, not told."""
_OF_EXHIBITS = frozenset({EXHIBIT_OUT, EXHIBIT_TITLE, EXHIBIT_UP})
"""What a correction of the exhibits names: they have a list of their own."""


def line_of(turn: Turn, act: Act) -> str:
    """Write one act in plain words, "" for one that is not told."""
    key = f"act_{act.kind.value}"
    if act.kind in _SILENT or key not in texts() or act.text("fact") in _OF_EXHIBITS:
        return ""
    values = {name: str(value) for name, value in act.data.items()}
    if act.kind is ActKind.CORRECTED and act.text("fact") in _TAKEN_BACK:
        key = _TAKEN_BACK[act.text("fact")]
    if told := _TOLD.get(act.kind):
        values |= told(turn, act)
    return words(key, on=date_courte(act.on), **values)


def _sent(turn: Turn, act: Act) -> dict[str, str]:
    document = turn.library.catalogue.find(act.text("document"))
    return {
        "document": short_title(document.title) if document else act.text("document"),
        "channel": words(f"channel_{act.text('channel')}"),
    }


def _amount(_: Turn, act: Act) -> dict[str, str]:
    return {"amount": registry()["amount_due"].show(act.data["amount"])}


def _corrected(_: Turn, act: Act) -> dict[str, str]:
    if act.text("fact") == ActKind.HAPPENED.value:
        return {"label": _occurrence(act.text("what")), "day": _day(act, "day")}
    if act.text("fact") in _SUMS:
        return {"label": words(_SUMS[act.text("fact")]), "day": _day(act, "day")}
    declared = registry().get(act.text("fact"))
    return {"label": declared.label if declared else act.text("fact")}


def _occurrence(what: str) -> str:
    known = occurrences().get(what)
    return known.label if known else what


def _day(act: Act, name: str) -> str:
    return registry()["promised_on"].show(act.data[name])


_SUMS = {ActKind.CREDITED.value: "credit_note", ActKind.PART_PAID.value: "part_payment"}
"""Sums that can be taken back, by the words that name them."""
_TAKEN_BACK = {
    "procedure": "act_correction_procedure",
    ActKind.HAPPENED.value: "act_correction_evenement",
    ActKind.CREDITED.value: "act_correction_evenement",
    ActKind.PART_PAID.value: "act_correction_evenement",
}
"""What a correction takes back, by the fact it names."""
_TOLD: Mapping[ActKind, Callable[[Turn, Act], dict[str, str]]] = {
    ActKind.SENT: _sent,
    ActKind.FILED: _sent,
    ActKind.ANSWERED: lambda _, act: {
        "outcome": diagnosis.outcome(act.text("outcome")).label.lower()
    },
    ActKind.PROMISED: lambda _, act: {"promised": _day(act, "promised_on")},
    ActKind.PART_PAID: _amount,
    ActKind.CREDITED: _amount,
    ActKind.HAPPENED: lambda _, act: {"label": _occurrence(act.text("what"))},
    ActKind.SNOOZED: lambda _, act: {"until": _day(act, "until")},
    ActKind.DIAGNOSED: lambda _, act: {"cause": words(f"cause_{act.text('cause')}")},
    ActKind.CORRECTED: _corrected,
    ActKind.CLOSED: lambda _, act: {"how": act.text("how")},
}
"""What each kind of act has to say in its own words."""


def timeline(turn: Turn, limit: int = 12) -> list[str]:
    """Write the latest acts of the dossier in hand, oldest first."""
    acts = turn.need_dossier().acts
    put_off = turn.need_dossier().last(ActKind.SNOOZED)
    told = (act for act in acts if act.kind is not ActKind.SNOOZED or act is put_off)
    lines = [line for act in told if (line := line_of(turn, act))]
    return lines[-limit:]
