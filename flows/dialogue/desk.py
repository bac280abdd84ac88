"""Mes dossiers: the card of one, its corrections, and the person's own details."""

from __future__ import annotations

from flows import ladder
from flows.dialogue.actions import allowed, dossier_button, way_back
from flows.dialogue.agreement import disputed_line, plan_line
from flows.dialogue.diagnosing import new_contact
from flows.dialogue.following import type_resting
from flows.dialogue.handler import Handler, View, column, grid
from flows.dialogue.invoice_facts import on_card
from flows.dialogue.law_desk import limitation_notice
from flows.dialogue.screens import Choice
from flows.dialogue.taking_back import removable, take_back
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.timeline import line_of, timeline
from flows.dialogue.turn import Turn
from flows.dossier import ActKind, Cause, Dossier, Stage, Status
from flows.facts import Fact, fact, registry
from flows.invoices import FIRST
from flows.plan import plan_of
from flows.values import Value
from letters.format import date_longue

_CARD_FACTS = (
    "debtor_kind",
    "amount_due",
    "invoice_due_on",
    "invoice_number",
    "invoice_on",
    "promised_on",
)
MORE, LESS = "more", "less"
"""The buttons that open and close the drawer of a card."""
_RARE = frozenset(
    {
        *("exhibits", "track", "said", "paid_day", "plan", "routes", "note_event", "why"),
        *("snooze", "pause", "stop", "erase"),
    }
)
"""What is seldom wanted from a card: one press away, so that the rest fits a phone."""
_LOCAL = frozenset({"correct", "dossiers", MORE, LESS})
"""Buttons of a card that are not bound to its dossier."""


def _lines(turn: Turn, names: tuple[str, ...]) -> list[tuple[str, str]]:
    dossier = turn.need_dossier()
    told = ((name, standing(dossier, name), on_card(dossier, name)) for name in names)
    return [
        (fact(name).label, several or fact(name).show(value))
        for name, value, several in told
        if value is not None and several != ""
    ]


def standing(dossier: Dossier, name: str) -> Value | None:
    """Give a fact as it stands today: of the amount, what remains once payments are taken off."""
    if name == "amount_due" and dossier.several_invoices:
        return dossier.settlement.balances[FIRST]
    return dossier.remaining if name == "amount_due" else dossier.get(name)


def show_card(turn: Turn) -> View:
    """Show one dossier: what is owed, what was done, what comes next."""
    dossier = turn.need_dossier()
    deadline = turn.next_deadline()
    # A procedure taken back took with it what it told of the cause.
    cause = dossier.cause if turn.outcome and dossier.cause is not Cause.UNKNOWN else None
    body = say(
        "card",
        client=dossier.debtor_name or words("unnamed_client"),
        facts=_lines(turn, _CARD_FACTS),
        cause=words(f"cause_{cause.value}") if cause else "",
        deadline=date_longue(deadline.on) if deadline else "",
        paused=dossier.status is Status.PAUSED,
        timeline=timeline(turn),
        limitation=limitation_notice(turn),
        plan=plan_line(turn) or disputed_line(turn),
    )
    own = allowed(turn) - {"silent", "card"}
    rare = _RARE - {"routes"} if turn.stage is Stage.ROUTE else _RARE
    behind = turn.scratch("drawer") == MORE
    wanted = own & rare if behind else own - rare
    wanted |= {LESS} if behind else {"correct", "dossiers", *([MORE] if own & rare else [])}
    rows = grid(_bound(dossier, choice) for choice in buttons("card", wanted))
    unseen = tuple(_bound(dossier, choice) for choice in buttons("card", own - wanted))
    return View(body, rows, unseen=unseen)


def _bound(dossier: Dossier, choice: Choice) -> Choice:
    return choice if choice.data in _LOCAL else dossier_button(dossier, choice)


def press_card(turn: Turn, key: str) -> None:
    """Open or close the drawer, correct a fact, or go back to the list."""
    if key in {MORE, LESS}:
        turn.set_scratch(drawer=key)
        turn.moved = True
        turn.stay()
    else:
        turn.fire("correct" if key == "correct" else "open_dossiers")


def correctable(turn: Turn) -> list[Fact]:
    """Give the facts of the dossier in hand that can be corrected: all it knows that can be asked."""
    dossier = turn.need_dossier()
    known = {*dossier.facts, "contested"}
    if ladder.procedure_open(dossier):
        known.add("procedure_opened_on")
    if plan_of(dossier) is not None:
        known -= {"instalments", "first_instalment_on"}  # « Changer l’échéancier » does it
    return [f for name, f in registry().items() if f.scope == "dossier" and name in known]


def show_correct(turn: Turn) -> View:
    """Ask which fact is wrong."""
    dossier = turn.need_dossier()
    choices = [
        Choice(f"f{place}", _known(f, standing(dossier, f.name)))
        for place, f in enumerate(correctable(turn))
    ]
    choices += [
        Choice(f"e{place}", words("take_back", label=line_of(turn, act))[:60])
        for place, act in enumerate(removable(dossier))
    ]
    if ladder.procedure_open(dossier):
        choices += buttons("correct")
    return View(say("correct"), (*column(choices), *way_back(turn)))


def _known(one: Fact, value: Value | None) -> str:
    return (f"{one.label} : {one.show(value)}" if value is not None else one.label)[:60]


def press_correct(turn: Turn, key: str) -> None:
    """Ask the fact again; a collective procedure noted by mistake is taken back at once."""
    if key == "no_procedure":
        turn.record(ActKind.CORRECTED, fact="procedure")
        new_contact(turn)
        turn.fire("open_card", remember=False)
        return
    if key.startswith("e"):
        take_back(turn, removable(turn.need_dossier())[int(key[1:])])
        turn.fire("open_card", remember=False)
        return
    turn.set_scratch(fact=correctable(turn)[int(key[1:])].name, purpose="card")
    turn.fire("pick_fact")


HANDLERS = {
    "card": Handler(show_card, press_card, type_resting),
    "correct": Handler(show_correct, press_correct),
}
