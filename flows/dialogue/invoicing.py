"""The invoices of one client: the list, and one of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flows.dialogue.actions import way_back
from flows.dialogue.adding import add_invoice, tells_one, type_new
from flows.dialogue.handler import Handler, View, column, grid
from flows.dialogue.intake import summary
from flows.dialogue.invoice_facts import (
    FROM_LIST,
    find,
    is_late,
    name_of,
    named_in,
    owed,
)
from flows.dialogue.receiving import settle_invoice
from flows.dialogue.screens import Choice
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import Turn
from flows.dossier import ActKind, Dossier, Status
from flows.facts import fact
from flows.facts.owed import OF_INVOICE
from flows.invoices import FIRST, Invoice
from letters.format import date_courte, euros


def show_invoices(turn: Turn) -> View:
    """List the invoices: what each leaves to pay, and since when."""
    dossier = turn.need_dossier()
    rows = [_row(turn, one) for one in dossier.invoices]
    picks = [
        Choice(f"i.{one.key}", words("invoice_left", name=row["name"], left=row["left"])[:60])
        for one, row in zip(dossier.invoices, rows, strict=True)
    ]
    wanted = {"add"} if dossier.status in {Status.OPEN, Status.PAUSED} else set()
    body = say("invoices", client=summary(turn)[0], total=owed(dossier), rows=rows)
    return View(body, (*column([*picks, *buttons("invoices", wanted)]), *way_back(turn)))


def _row(turn: Turn, one: Invoice) -> dict[str, Any]:
    left = turn.need_dossier().settlement.balances[one.key]
    return {
        "name": name_of(one),
        "left": euros(left),
        "amount": euros(one.amount),
        "part": left != one.amount,
        "paid": not left,
        "state": _state(turn, one, left),
    }


def _state(turn: Turn, one: Invoice, left: Decimal) -> str:
    due = date_courte(one.due_on) if one.due_on else ""
    if not left:
        return words("invoice_state_paid")
    if one.due_on and is_late(one, turn.today):
        return words("invoice_state_late", due=due, days=(turn.today - one.due_on).days)
    return words("invoice_state_early", due=due)


def press_invoices(turn: Turn, key: str) -> None:
    """Look at one, or add one."""
    if key == "add":
        add_invoice(turn)
        return
    turn.set_scratch(invoice=key.removeprefix("i."))
    turn.fire("pick_invoice")


def type_invoices(turn: Turn, text: str) -> bool:
    """Open the invoice whose number is typed, or read a new one told in a sentence."""
    key, _ = named_in(turn.need_dossier(), text)
    if key:
        press_invoices(turn, f"i.{key}")
        return True
    if not tells_one(turn, text):
        return False
    add_invoice(turn)
    return type_new(turn, text)


# --- one of them -------------------------------------------------------------------------------


def in_hand(turn: Turn) -> Invoice:
    """Give the invoice looked at; the first one when it was taken back meanwhile."""
    dossier = turn.need_dossier()
    return find(dossier, turn.scratch("invoice")) or dossier.invoices[0]


def show_invoice(turn: Turn) -> View:
    """Show all that is known of one invoice, and what can be said of it."""
    dossier, one = turn.need_dossier(), in_hand(turn)
    left = dossier.settlement.balances[one.key]
    lines = [
        (fact(name).label, fact(name).show(value))
        for name, part in OF_INVOICE.items()
        if name != "amount_due" and (value := getattr(one, part))
    ]
    lines += [
        (words("invoice_amount"), euros(one.amount)),
        (words("invoice_remaining"), euros(left)),
    ]
    wanted = {"all", *(f"f.{name}" for name in OF_INVOICE)}
    if left and dossier.status in {Status.OPEN, Status.PAUSED}:
        wanted |= {"paid", "part"}
    if _removable(dossier, one):
        wanted.add("remove")
    body = say("invoice", name=name_of(one), facts=lines, state=_state(turn, one, left))
    return View(body, grid(buttons("invoice", wanted)))


def _removable(dossier: Dossier, one: Invoice) -> bool:
    """Say whether an invoice can be taken out: another stays, and no payment was told for the first one's successor."""
    if not dossier.several_invoices:
        return False
    named = any(act.text("invoice") for act in dossier.acts)
    return one.key != FIRST or not named


def press_invoice(turn: Turn, key: str) -> None:
    """Note that it is paid, in part or whole; correct it, or take it out."""
    one = in_hand(turn)
    if key == "paid":
        settle_invoice(turn, one.key, turn.today)
    elif key == "part":
        turn.leave()
        turn.set_scratch(invoice=one.key)
        turn.fire("part_paid", remember=False)
    elif key == "remove":
        _remove(turn, one)
        turn.notes.append(say("invoice_removed", name=name_of(one)))
        turn.drop_scratch()
        turn.fire("answered", remember=False)
    elif key == "all":
        turn.drop_scratch()
        turn.fire("answered", remember=False)
    else:
        turn.set_scratch(fact=key.removeprefix("f."), purpose=FROM_LIST, invoice=one.key)
        turn.fire("pick_fact")


def _remove(turn: Turn, one: Invoice) -> None:
    """Take an invoice out; when it is the first, the one after it takes its place in the facts."""
    dossier = turn.need_dossier()
    gone = one if one.key != FIRST else dossier.invoices[1]
    added = next(act for act in dossier.acts if act.text("key") == gone.key)
    undone: dict[str, Any] = {"fact": added.kind.value, "key": gone.key, "day": added.on}
    turn.record(ActKind.CORRECTED, **undone, number=one.number)
    if one.key == FIRST:
        known = {name: getattr(gone, part) for name, part in OF_INVOICE.items()}
        forgotten = [name for name, value in known.items() if not value]
        kept = turn.need_dossier().without_facts(*forgotten, "payment_terms", "work_done_on")
        turn.put(kept.with_facts(**{name: value for name, value in known.items() if value}))


HANDLERS = {
    "invoices": Handler(show_invoices, press_invoices, type_invoices),
    "invoice": Handler(show_invoice, press_invoice),
}
