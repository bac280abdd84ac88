"""An act as a line a person reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from flows import diagnosis
from flows.dialogue.texts import texts, words
from flows.dossier import (
    EXHIBIT_OUT,
    EXHIBIT_TITLE,
    EXHIBIT_UP,
    INVOICE_CHANGED,
    OF_THE_BOT,
    Act,
    ActKind,
)
from flows.facts import registry
from flows.facts.occurrences import occurrences
from flows.ladder.delays import delay_of
from flows.ladder.model import ORDER
from flows.post import number_of
from letters.format import date_courte

if TYPE_CHECKING:
    from flows.dialogue.turn import Turn


def short_title(title: str) -> str:
    """Give a title without what it says in brackets."""
    return title.partition(" (")[0]


_SILENT = frozenset({*OF_THE_BOT, ActKind.TRACKED})
"""Acts of the bot's own: kept, not told."""
_FOLDED = frozenset({ActKind.ANSWERED, ActKind.PROMISED, ActKind.PLANNED, ActKind.PAID})
"""Kinds whose acts leave no trace in the history once told otherwise."""
_FOLDED_FACTS = frozenset(kind.value for kind in _FOLDED) | {"promised_on"}
_ONE_LINE = _FOLDED | {ActKind.DIAGNOSED, ActKind.CORRECTED, ActKind.HAPPENED}
"""Kinds told once a day; the same sum may be paid twice."""
NOTE_SHOWN = 60
"""Characters of what the client wrote that are shown in the history."""
_OF_EXHIBITS = frozenset({EXHIBIT_OUT, EXHIBIT_TITLE, EXHIBIT_UP})
"""What a correction of the exhibits names: they have a list of their own."""


def line_of(turn: Turn, act: Act) -> str:
    """Write one act in plain words, "" for one that is not told."""
    key = f"act_{act.kind.value}"
    if act.kind in _SILENT or key not in texts() or act.text("fact") in _OF_EXHIBITS:
        return ""
    values = {name: str(value) for name, value in act.data.items() if name != "key"}
    if act.kind is ActKind.CORRECTED and act.text("fact") in _TAKEN_BACK:
        key = _TAKEN_BACK[act.text("fact")]
    if act.kind is ActKind.RECEIVED and act.text("how"):
        key = f"{key}_{act.text('how')}"
    if told := _TOLD.get(act.kind):
        values |= told(turn, act)
    return words(key, on=date_courte(act.on), **values)


def _title(turn: Turn, act: Act) -> str:
    document = turn.library.catalogue.find(act.text("document"))
    return short_title(document.title) if document else act.text("document")


def _sent(turn: Turn, act: Act) -> dict[str, str]:
    number = number_of(turn.need_dossier(), act)
    return {
        "tracking": words("tracking_part", number=number) if number else "",
        "document": _title(turn, act),
        "channel": words(f"channel_{act.text('channel')}"),
    }


def _answered(_: Turn, act: Act) -> dict[str, str]:
    note = " ".join(act.text("note").split())
    shown = note if len(note) <= NOTE_SHOWN else note[: NOTE_SHOWN - 1].rstrip() + "…"
    return {"outcome": diagnosis.outcome(act.text("outcome")).label.lower(), "note": shown}


def _amount(turn: Turn, act: Act) -> dict[str, str]:
    named = act.text("invoice")
    invoices = turn.need_dossier().invoices if named else ()
    number = next((one.number for one in invoices if one.key == named), "")
    return {"amount": registry()["amount_due"].show(act.data["amount"]), "number": number}


def _stepped(_: Turn, act: Act) -> dict[str, str]:
    """Name the step passed, or the one gone back to."""
    names = [stage.value for stage in ORDER]
    before, after = act.text("from"), act.text("to")
    back = after in names and before in names and names.index(after) < names.index(before)
    return {"label": _step(after if back else before), "back": "oui" if back else ""}


def _step(stage: str) -> str:
    return words(f"step_{stage}") if f"step_{stage}" in texts() else stage


def _delayed(turn: Turn, act: Act) -> dict[str, str]:
    """Say the delay chosen for a step, or the day."""
    delay = delay_of(act.data)
    return {
        "label": _step(act.text("stage")),
        "day": _day(act, "until") if "until" in act.data else "",
        "delay": words(
            "delay_told", days=delay.days, months=delay.months, of=delay.counts_from.value
        )
        if delay
        else "",
    }


def _paused(_: Turn, act: Act) -> dict[str, str]:
    return {"until": _day(act, "until") if "until" in act.data else ""}


def _corrected(turn: Turn, act: Act) -> dict[str, str]:
    if act.text("fact") == ActKind.HAPPENED.value:
        return {"label": _occurrence(act.text("what")), "day": _day(act, "day")}
    if act.text("fact") in _LETTERS:
        title = _title(turn, act) if act.text("fact") == ActKind.SENT.value else ""
        return {"label": title or words("arrival"), "day": _day(act, "day")}
    if act.text("fact") in _SUMS:
        return {"label": words(_SUMS[act.text("fact")]), "day": _day(act, "day")}
    if act.text("fact") in {ActKind.INVOICE_ADDED.value, INVOICE_CHANGED}:
        return {"number": act.text("number")}
    declared = registry().get(act.text("fact"))
    return {"label": declared.label if declared else act.text("fact")}


def _occurrence(what: str) -> str:
    known = occurrences().get(what)
    return known.label if known else what


def _day(act: Act, name: str) -> str:
    return registry()["promised_on"].show(act.data[name])


_SUMS = {ActKind.CREDITED.value: "credit_note", ActKind.PART_PAID.value: "part_payment"}
"""Sums that can be taken back, by the words that name them."""
_LETTERS = frozenset(kind.value for kind in (ActKind.SENT, ActKind.RECEIVED, ActKind.RETURNED))
_TAKEN_BACK = {
    "procedure": "act_correction_procedure",
    ActKind.HAPPENED.value: "act_correction_evenement",
    ActKind.CREDITED.value: "act_correction_evenement",
    ActKind.PART_PAID.value: "act_correction_evenement",
    **dict.fromkeys(_LETTERS, "act_correction_evenement"),
    ActKind.INVOICE_ADDED.value: "act_correction_facture",
    INVOICE_CHANGED: "act_correction_facture_corrigee",
}
"""What a correction takes back, by the fact it names."""
_TOLD: Mapping[ActKind, Callable[[Turn, Act], dict[str, str]]] = {
    ActKind.SENT: _sent,
    ActKind.FILED: _sent,
    ActKind.ANSWERED: _answered,
    ActKind.PROMISED: lambda _, act: {
        "promised": _day(act, "promised_on"),
        "sum": registry()["amount_due"].show(act.data["amount"]) if "amount" in act.data else "",
    },
    ActKind.PART_PAID: _amount,
    ActKind.PLANNED: lambda _, act: {"first": _day(act, "first_on")},
    ActKind.INVOICE_ADDED: lambda turn, act: {**_amount(turn, act), "number": act.text("number")},
    ActKind.CREDITED: _amount,
    ActKind.HAPPENED: lambda _, act: {"label": _occurrence(act.text("what"))},
    ActKind.SNOOZED: lambda _, act: {"until": _day(act, "until")},
    ActKind.DIAGNOSED: lambda _, act: {"cause": words(f"cause_{act.text('cause')}")},
    ActKind.CORRECTED: _corrected,
    ActKind.STEPPED: _stepped,
    ActKind.DELAYED: _delayed,
    ActKind.PAUSED: _paused,
    ActKind.CLOSED: lambda _, act: {"how": act.text("how")},
}
"""What each kind of act has to say in its own words."""


def told_acts(turn: Turn) -> list[Act]:
    """Give the acts of the dossier in hand that make its history, oldest first: each thing once, as it stands.

    What came with another act is part of its line: a requête is filed, noted and makes its route in one move. An
    answer or a promise told otherwise since is folded away with its correction.
    """
    dossier = turn.need_dossier()
    put_off = dossier.last(ActKind.SNOOZED)
    found: list[Act] = []
    for place, act in enumerate(dossier.acts):
        beside = dossier.acts[place + 1 : place + 2]
        before = dossier.acts[place - 1 : place] if place else ()
        if act.kind is ActKind.SNOOZED and act is not put_off:
            continue
        if not dossier.stands(act):
            continue
        if act.kind is ActKind.CORRECTED and act.text("fact") in _FOLDED_FACTS:
            continue
        if _comes_with(turn, act, beside) or _comes_with(turn, act, before):
            continue
        found.append(act)
    return found


def _comes_with(turn: Turn, act: Act, other: Sequence[Act]) -> bool:
    """Say whether an act was recorded with the sending of a document that makes it by itself."""
    if not other or other[0].kind not in {ActKind.SENT, ActKind.FILED} or other[0].at != act.at:
        return False
    document = turn.library.catalogue.find(other[0].text("document"))
    if document is None:
        return False
    if act.kind is ActKind.HAPPENED:
        return act.text("what") == document.records and act.on == other[0].on
    return act.kind is ActKind.ROUTE_CHOSEN and act.text("route") in document.routes


def timeline(turn: Turn, limit: int = 12) -> list[str]:
    """Write the latest acts of the dossier in hand, oldest first; the same thing told twice is one line."""
    lines: list[str] = []
    for act in told_acts(turn):
        line = line_of(turn, act)
        if line and not (act.kind in _ONE_LINE and line in lines):
            lines.append(line)
    return lines[-limit:]
