"""Which invoice of the dossier in hand a question is about, and keeping its answer there."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from flows.dialogue.texts import say, words
from flows.dossier import INVOICE_CHANGED, ActKind, Dossier, Status
from flows.facts import Fact, fact
from flows.facts.owed import OF_INVOICE, asked_of
from flows.invoices import FIRST, Invoice
from flows.values import Value
from letters.format import date_courte, euros

if TYPE_CHECKING:
    from flows.dialogue.turn import Turn

FROM_LIST = "invoices"
"""The purpose of a question asked from the list of the invoices."""
APART = "asked.same_client"
"""The dossier's fact that says that it stays apart from another one of the same client."""


def find(dossier: Dossier, key: str) -> Invoice | None:
    """Give the invoice of this key, None when there is no such one any more."""
    return next((one for one in dossier.invoices if one.key == key), None)


def name_of(invoice: Invoice) -> str:
    """Name an invoice: « Facture F-018 », by its due date without a number."""
    due = date_courte(invoice.due_on) if invoice.due_on else ""
    return words("invoice_name", number=invoice.number, due=due)


def owed(dossier: Dossier) -> str:
    """Say what remains due, and on how many invoices when they are several."""
    remaining = dossier.remaining
    if remaining is None:
        return words("unknown_amount")
    count = len(dossier.open_invoices) if dossier.several_invoices else 1
    amount = euros(remaining)
    return words("owed_on_several", amount=amount, count=count) if count > 1 else amount


def on_card(dossier: Dossier, name: str) -> str | None:
    """Say what the card tells of a fact when there are several invoices, None to tell it as ever."""
    if not dossier.several_invoices or name not in OF_INVOICE:
        return None
    if name == "amount_due":
        return owed(dossier)
    if name == "invoice_due_on" and dossier.due_on:
        return fact(name).show(dossier.due_on)
    numbers = [one.number for one in dossier.open_invoices or dossier.invoices if one.number]
    return ", ".join(numbers) if name == "invoice_number" else ""


def asked_invoice(turn: Turn, asked: Fact) -> Invoice | None:
    """Give the invoice added that a question is about, None for the first one or when it is about none."""
    dossier = turn.dossier
    if dossier is None or asked.name not in OF_INVOICE or not dossier.several_invoices:
        return None
    key = FIRST
    if turn.scratch("purpose") == FROM_LIST:
        key = turn.scratch("invoice")
    elif not turn.scratch("purpose"):
        document = turn.library.catalogue.find(turn.scratch("document"))
        key = asked_of(dossier, turn.facts_for(document)) if document else FIRST
    return find(dossier, key) if key != FIRST else None


def standing(turn: Turn, asked: Fact) -> Value | None:
    """Give what is known of the fact a question is about: of a sum, what remains to pay."""
    invoice, dossier = asked_invoice(turn, asked), turn.need_dossier()
    if asked.name == "amount_due" and dossier.several_invoices:
        return dossier.settlement.balances[invoice.key if invoice else FIRST]
    if invoice is not None:
        return getattr(invoice, OF_INVOICE[asked.name]) or None
    return dossier.remaining if asked.name == "amount_due" else dossier.get(asked.name)


def amount_for(dossier: Dossier, remaining: Decimal, key: str = FIRST) -> Decimal:
    """Give the amount to keep of an invoice on which `remaining` is left: what was paid of it comes on top."""
    if find(dossier, key) is None:
        return remaining + dossier.settled
    return dossier.amount_leaving(key, remaining)


def keep_of_invoice(turn: Turn, asked: Fact, value: Value) -> bool:
    """Keep an answer that is about an invoice added; False when it is about none."""
    invoice = asked_invoice(turn, asked)
    if invoice is None:
        return False
    kept = value
    if isinstance(value, Decimal):
        kept = amount_for(turn.need_dossier(), value, invoice.key)
    told = {"number": invoice.number, OF_INVOICE[asked.name]: kept}
    turn.record(ActKind.CORRECTED, None, fact=INVOICE_CHANGED, key=invoice.key, **told)
    turn.notes.append(say("noted", label=asked.label, value=asked.show(value)))
    return True


def normal_name(name: str) -> str:
    """Write a name without case, accents and punctuation, to compare it with another."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(
        re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))
    )


def same_client(turn: Turn) -> Dossier | None:
    """Give another open dossier of the client of the one just begun, None when there is none or it stays apart."""
    begun = turn.need_dossier()
    name = normal_name(begun.debtor_name)
    if not name or begun.get(APART) or len(begun.acts) > 1:
        return None
    alike = [
        one.id
        for one in turn.book.outlines()
        if one.id != begun.id
        and one.known
        and one.status in {Status.OPEN, Status.PAUSED}
        and normal_name(one.client) == name
    ]
    found = turn.book.some(alike) if alike else ()
    known = (turn.changed.get(one.id, one) for one in found)
    return next(
        (d for d in known if d.due_on and begun.debtor_kind in {None, d.debtor_kind}),
        None,
    )


def named_in(dossier: Dossier, text: str) -> tuple[str, str]:
    """Find the invoice a text names by its number: (its key, the text without it); ("", the text) for none, or two."""
    found: list[tuple[str, re.Match[str]]] = []
    for one in dossier.invoices:
        pieces = re.findall(r"[^\W\d_]+|\d+", one.number)
        if not pieces:
            continue
        bare = r"[\W_]*".join(map(re.escape, pieces))
        alone = len(pieces) == 1 and pieces[0].isdigit()
        lead = (
            r"(?:\b(?:pour|sur|de)\s+)?(?:\b(?:la|ma|cette)\s+)?(?:\bfactures?\s+)?(?:\bn[°o]\s*)?"
        )
        before = r"\b(?:la|facture)\s+(?:n[°o]\s*)?" if alone else lead
        if match := re.search(rf"{before}(?<![\w/]){bare}(?![\w/])", text, re.IGNORECASE):
            found.append((one.key, match))
    if len(found) != 1:
        return "", text
    key, match = found[0]
    return key, f"{text[: match.start()]} {text[match.end() :]}".strip()


def is_late(invoice: Invoice, today: date) -> bool:
    """Say whether an invoice is past its due date."""
    return invoice.due_on is not None and invoice.due_on < today
