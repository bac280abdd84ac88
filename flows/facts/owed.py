"""Which invoices of a dossier are asked for on a day, and what of them the décompte counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flows import law as law_room
from flows.dossier import Act, ActKind, Dossier
from flows.invoices import FIRST, Invoice, oldest_first
from letters import Document
from letters.format import enumeration
from letters.several import of_all, of_one

_NOTICE = "mise_en_demeure"
_PART_RECEIPT = "quittance_partielle"
_CREDIT_NOTE = "avoir"
OF_INVOICE = {
    "invoice_number": "number",
    "invoice_on": "issued_on",
    "invoice_due_on": "due_on",
    "amount_due": "amount",
    "work_label": "label",
}
"""Facts of an invoice, and what holds each of them in an invoice added (`ActKind.INVOICE_ADDED`)."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the décompte of a dossier counts.

    `notice_on`: the day the first mise en demeure arrived; `notices`: by key of invoice, the day one that named it did.
    """

    claims: tuple[law_room.Claim, ...]
    payments: tuple[law_room.Payment, ...]
    credits: tuple[law_room.Credit, ...]
    notice_on: date | None
    notices: Mapping[str, date | None] = field(default_factory=dict)


def of_notice(act: Act) -> bool:
    """Say whether an act is of a mise en demeure: its sending, or its receipt."""
    return act.text("document").startswith(_NOTICE)


def overdue(dossier: Dossier, today: date) -> tuple[Invoice, ...]:
    """Give the unpaid invoices whose due date has passed, oldest first."""
    return tuple(i for i in oldest_first(dossier.open_invoices) if i.due_on and i.due_on < today)


def asked_for(dossier: Dossier, today: date, *, whole: bool = False) -> tuple[Invoice, ...]:
    """Give the invoices a text of today asks for, oldest first: never one that is not due beside one that is.

    `whole`: all that are unpaid, due or not. Once nothing is unpaid, all of them.
    """
    late = () if whole else overdue(dossier, today)
    return late or tuple(oldest_first(dossier.open_invoices or dossier.invoices))


def stated_in(dossier: Dossier, document: Document, today: date) -> tuple[Invoice, ...]:
    """Give the invoices a document is about, oldest first; () for a dossier of one.

    One that is about a payment or a credit note is about the invoices these went to.
    """
    if not dossier.several_invoices:
        return ()
    if document.id == _PART_RECEIPT and dossier.part_payments:
        return _paid_last(dossier)
    if of_one(document.id):
        named = dossier.credits[-1].text("invoice") if dossier.credits else ""
        of_credit = [i for i in dossier.invoices if document.id == _CREDIT_NOTE and i.key == named]
        return tuple(of_credit) or asked_for(dossier, today)[:1]
    return asked_for(dossier, today, whole=of_all(document))


def _paid_last(dossier: Dossier) -> tuple[Invoice, ...]:
    """Give the invoices the last payment went to; once one of them is paid whole, all that are left with them."""
    act = dossier.part_payments[-1]
    settled = dossier.settlement
    told = act.text("invoice")
    keys = {told} if told else {s.invoice for s in settled.payments if s.on == act.on}
    if not all(settled.balances.get(key) for key in keys):
        keys |= {one.key for one in dossier.open_invoices}
    return tuple(one for one in oldest_first(dossier.invoices) if one.key in keys)


def facts_of(dossier: Dossier, invoices: Collection[Invoice]) -> dict[str, Any]:
    """Give what a document states of its invoices, of several in the dossier; None for what is not known.

    The facts of one invoice are those of the oldest of them.
    """
    settled = dossier.settlement
    keys = {one.key for one in invoices}
    listed = [
        {
            "key": one.key,
            "number": one.number,
            "on": one.issued_on,
            "due_on": one.due_on,
            "amount": one.amount,
            "remaining": settled.balances[one.key],
            "label": one.label,
        }
        for one in invoices
    ]
    oldest = next(iter(invoices))
    labels = dict.fromkeys(one.label for one in invoices if one.label)
    return {
        "invoices": listed,
        "several_invoices": len(listed) > 1,
        "invoice_number": oldest.number or None,
        "invoice_on": oldest.issued_on,
        "invoice_due_on": oldest.due_on,
        "amount_due": oldest.amount,
        "work_label": enumeration(labels) if oldest.label else None,
        "amount_remaining": sum((settled.balances[key] for key in keys), Decimal(0)),
        "paid_total": sum((s.amount for s in settled.payments if s.invoice in keys), Decimal(0)),
    }


def asked_of(dossier: Dossier, facts: Mapping[str, Any]) -> str:
    """Give the key of the invoice whose facts a document made of these facts would ask."""
    listed = facts.get("invoices")
    return str(listed[0]["key"]) if listed and dossier.several_invoices else FIRST


def account_of(dossier: Dossier, invoices: Collection[Invoice] = ()) -> Account | None:
    """Give what the décompte counts, None while an amount or a due date is not known.

    `invoices`: those that count, of several; by default those still unpaid. Each comes with the part of the payments
    and credit notes that went to it: what settled another is no credit here.
    """
    if dossier.amount_due is None or dossier.due_on is None:
        return None
    received = next((act.on for act in dossier.acts_of(ActKind.RECEIVED) if of_notice(act)), None)
    if not dossier.several_invoices:
        (only,) = dossier.invoices
        return Account(
            (law_room.Claim(only.number, dossier.due_on, only.amount),),
            tuple(law_room.Payment(on, amount) for on, amount in dossier.payments),
            tuple(law_room.Credit(s.on, s.amount, corrects=s.corrects) for s in dossier.credited),
            received,
        )
    chosen = invoices or dossier.open_invoices or dossier.invoices
    keys = {one.key for one in chosen}
    settled = dossier.settlement
    return Account(
        tuple(
            law_room.Claim(one.number, one.due_on, one.amount, one.key)
            for one in chosen
            if one.due_on
        ),
        tuple(
            law_room.Payment(s.on, s.amount, s.invoice)
            for s in settled.payments
            if s.invoice in keys
        ),
        tuple(
            law_room.Credit(s.on, s.amount, s.invoice, s.corrects)
            for s in settled.credits
            if s.invoice in keys
        ),
        received,
        {one.key: notice_received(dossier, one) for one in chosen},
    )


def notice_received(dossier: Dossier, invoice: Invoice) -> date | None:
    """Give the day a mise en demeure that asked for this invoice arrived, None when none did.

    One sent before the invoice was told, or before it was due, did not ask for it.
    """
    asked = False
    for place, act in enumerate(dossier.acts):
        if place <= invoice.added_at or not (of_notice(act) and dossier.stands(act)):
            continue
        if act.kind is ActKind.SENT:
            asked = asked or invoice.due_on is None or invoice.due_on < act.on
        elif act.kind is ActKind.RECEIVED and asked:
            return act.on
    return None
