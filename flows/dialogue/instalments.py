"""The dates of a plan, told or changed: how many payments, from which day."""

from __future__ import annotations

from datetime import date

from flows.dialogue.actions import way_back
from flows.dialogue.handler import Handler, Misunderstood, View, grid, no_button
from flows.dialogue.intake import summary
from flows.dialogue.texts import buttons, say
from flows.dialogue.turn import Turn
from flows.dossier import ActKind
from flows.facts import fact
from flows.plan import SIGNED, plan_of
from flows.reading import Refused, sentence
from letters.format import date_longue, euros

PARTS, FIRST = "instalments", "first_instalment_on"
"""The facts that say what is asked here, and how it is read."""


def show_parts(turn: Turn) -> View:
    """Ask in how many payments."""
    client, amount, _ = summary(turn)
    rows = (*grid(buttons("plan_parts")), *way_back(turn))
    return View(say("plan_parts", client=client, amount=amount), rows)


def press_parts(turn: Turn, key: str) -> None:
    """Take the number of a button."""
    _take_parts(turn, int(key[1:]))


def type_parts(turn: Turn, text: str) -> None:
    """Read the number typed."""
    match fact(PARTS).read(text, turn.today):
        case Refused(code, params):
            raise Misunderstood(sentence(code, **params))
        case understood:
            _take_parts(turn, int(understood.value))


def _take_parts(turn: Turn, parts: int) -> None:
    turn.set_scratch(parts=parts)
    turn.fire("ask_first")


def show_first(turn: Turn) -> View:
    """Ask the day of the first payment."""
    return View(say("plan_first", parts=turn.scratch("parts")), way_back(turn))


def type_first(turn: Turn, text: str) -> None:
    """Read the day and note the plan: what remains is shared out from there."""
    match fact(FIRST).read(text, turn.today):
        case Refused(code, params):
            raise Misunderstood(sentence(code, **params))
        case understood:
            first: date = understood.value
    parts = int(turn.scratch("parts"))
    dossier = turn.need_dossier()
    before = plan_of(dossier)
    signed = before.signed if before else dossier.happened_on(SIGNED) is not None
    turn.put(dossier.with_facts(instalments=parts, first_instalment_on=first))
    turn.record(ActKind.PLANNED, parts=parts, first_on=first, signed="oui" if signed else "non")
    plan = plan_of(turn.need_dossier())
    rows = [
        {"number": one.number, "amount": euros(one.amount), "on": date_longue(one.on)}
        for one in (plan.instalments if plan else ())
    ]
    turn.notes.append(say("plan_noted", rows=rows))
    turn.drop_scratch()
    turn.fire("answered", remember=False)


HANDLERS = {
    "plan_parts": Handler(show_parts, press_parts, type_parts),
    "plan_first": Handler(show_first, no_button, type_first),
}
