"""What the law is asked about a dossier: its situation, its due date, its limitation, its legal clocks.

Gathers the facts and acts of a dossier in the words of `flows.law`; nothing of the law is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flows import ladder
from flows import law as law_room
from flows.dossier import Act, ActKind, DebtorKind, Dossier
from flows.facts.computed import UNKNOWN_VALUE, contested, decompte_of
from flows.facts.owed import asked_for, of_notice
from flows.facts.underway import (
    CLAIMS,
    ENDS,
    claim_steps,
    claimed_on,
    declaration_of,
    order_steps,
    stage_of,
    title_by_agreement,
)
from flows.invoices import FIRST, Invoice
from flows.law.calendar import is_working_day
from flows.law.deadlines import ClockStep, StepState, deadline_step, place_of
from flows.law.limitation import Limitation, LimitationEvent, State, UnknownTerm, limitation
from flows.law.routes import Situation
from flows.law.terms import DueDate, Excess, PaymentTerms, Undecided, due_date, excess
from flows.post import delivered
from flows.values import Facts

_POSTCODE = re.compile(r"\b(\d{5})[ \u00a0]+\D")
_TITLE_STEPS = frozenset({"titre_injonction", "titre_injonction_certificat"})
_OVERINDEBTED = "surendettement"
_SILENCE = "silence_administration"
_WRITTEN_CLAIMS = CLAIMS | {"relance_public"}
"""Documents that claim in writing from a public body, which interrupts its limitation."""
_COUNTED = frozenset(
    {
        *("reconnaissance", "echeancier_signe", "signification_ordonnance", "assignation"),
        *("requete_injonction", "conciliation", "petites_creances", "saisie"),
        *("declaration_creance", "demande_ecrite_public"),
    }
)
"""What happened that the limitation period knows under the same name."""


@dataclass(frozen=True, slots=True)
class LegalClocks:
    """The limitation period, None while its start is not known, and the steps of the procedures under way."""

    limitation: Limitation | UnknownTerm | None
    steps: tuple[ClockStep, ...]


def text_of(dossier: Dossier, name: str) -> str:
    """Give a fact as text, « inconnu » when it is not known."""
    return str(dossier.get(name) or UNKNOWN_VALUE)


def day_of(dossier: Dossier, name: str) -> date | None:
    """Give a fact that is a day, None when it is not known."""
    day = dossier.get(name)
    return day if isinstance(day, date) else None


def postcode_of(dossier: Dossier) -> str:
    """Give the debtor's postcode, told or read in the address, "" when unknown."""
    told = dossier.get("debtor_postcode")
    found = _POSTCODE.findall(str(dossier.get("debtor_address") or ""))
    return str(told) if told else (found[-1] if found else "")


def due_date_of(dossier: Dossier, law: law_room.Law) -> DueDate | Undecided | None:
    """Give the due date that the terms make of the invoice date; None while one of them is unknown."""
    invoice, kind = day_of(dossier, "invoice_on"), dossier.debtor_kind
    terms = dossier.get("payment_terms")
    public = kind is DebtorKind.PUBLIC and dossier.get("public_body") is not None
    if invoice is None or kind is None or not (terms or public):
        return None
    return due_date(
        PaymentTerms.parse(str(terms or "aucun")),
        kind,
        law,
        invoice_on=invoice,
        done_on=day_of(dossier, "work_done_on") or day_of(dossier, "delivered_on"),
        received_on=invoice if public else None,
        received_assumed=public,
        public_body=text_of(dossier, "public_body"),
    )


def excess_of(dossier: Dossier, law: law_room.Law) -> Excess | None:
    """Give by how much the due date passes the ceiling of the law; None when it does not, or is not known."""
    invoice, due, kind = day_of(dossier, "invoice_on"), dossier.due_on, dossier.debtor_kind
    if invoice is None or due is None or kind is None or due < invoice:
        return None
    terms = dossier.get("payment_terms")
    return excess(
        invoice,
        due,
        kind,
        law,
        PaymentTerms.parse(str(terms)) if terms else None,
        done_on=day_of(dossier, "work_done_on"),
        public_body=text_of(dossier, "public_body"),
    )


def limitation_of(
    dossier: Dossier, today: date, law: law_room.Law, assumed: date | None = None
) -> Limitation | UnknownTerm | None:
    """Give how long there is to act; None while the completion of the work or the debtor is unknown.

    `assumed` stands for the completion while it is not known. Of several invoices, the one whose time ends first.
    """
    if dossier.several_invoices:
        return _shortest(dossier, today, law, assumed)[1]
    start = day_of(dossier, "work_done_on") or day_of(dossier, "delivered_on") or assumed
    return _limitation(dossier, today, law, start, _events(dossier, dossier.acts))


def limited_by(
    dossier: Dossier, today: date, law: law_room.Law, assumed: date | None = None
) -> Invoice | None:
    """Give the invoice, of several, whose time to act ends first: the one `limitation_of` speaks of."""
    return _shortest(dossier, today, law, assumed)[0] if dossier.several_invoices else None


def _shortest(
    dossier: Dossier, today: date, law: law_room.Law, assumed: date | None
) -> tuple[Invoice | None, Limitation | UnknownTerm | None]:
    """Give the unpaid invoice whose time ends first, and that time; while one cannot be counted, that one."""
    found: list[tuple[Invoice, Limitation]] = []
    for one in dossier.open_invoices or dossier.invoices:
        told = day_of(dossier, "work_done_on") or day_of(dossier, "delivered_on")
        if one.key != FIRST:
            # Its work was done before it was invoiced and due: nobody is asked the day of each.
            told = min((day for day in (one.issued_on, one.due_on) if day), default=None)
        elif told is None and assumed:
            told = one.due_on
        counted = _limitation(dossier, today, law, told, _events(dossier, _about(dossier, one)))
        if isinstance(counted, Limitation):
            found.append((one, counted))
        elif one.key == FIRST or isinstance(counted, UnknownTerm):
            return one, counted
    return min(found, key=lambda pair: pair[1].last_on, default=(None, None))


def _about(dossier: Dossier, invoice: Invoice) -> tuple[Act, ...]:
    """Give the acts that can bear on an invoice: told after it was, and of the payments those that went to it."""
    paid_on = {s.on for s in dossier.settlement.payments if s.invoice == invoice.key}
    return tuple(
        act
        for act in dossier.acts[invoice.added_at + 1 :]
        if act.kind is not ActKind.PART_PAID or act.on in paid_on
    )


def _limitation(
    dossier: Dossier,
    today: date,
    law: law_room.Law,
    start: date | None,
    events: Iterator[LimitationEvent],
) -> Limitation | UnknownTerm | None:
    kind = dossier.debtor_kind
    if start is None or kind is None:
        return None
    return limitation(
        kind,
        law,
        start_on=start,
        today=today,
        events=tuple(sorted(events, key=lambda event: event.on)),
        special_case=text_of(dossier, "special_case"),
        public_body=text_of(dossier, "public_body"),
    )


def _events(dossier: Dossier, acts: Collection[Act]) -> Iterator[LimitationEvent]:
    """Give what touches the time to act among some acts of a dossier."""
    for act in dossier.happened:
        what = act.text("what")
        if what in _COUNTED and act in acts:
            end = dossier.happened_on(ENDS[what]) if what in ENDS else None
            yield LimitationEvent(what, act.on, end if end and end >= act.on else None)
    for act in dossier.part_payments:
        if act in acts:
            yield LimitationEvent("paiement_partiel", act.on)
    public = dossier.debtor_kind is DebtorKind.PUBLIC
    for act in delivered(dossier):
        if act not in acts:
            continue
        document = act.text("document")
        if public and document in _WRITTEN_CLAIMS:
            yield LimitationEvent("demande_ecrite_public", act.on)
        elif of_notice(act):
            yield LimitationEvent("mise_en_demeure", act.on)


def clocks_of(dossier: Dossier, today: date, law: law_room.Law) -> LegalClocks:
    """Give the legal clocks of a dossier as its acts stand."""
    steps = _single(dossier, today, law)
    if ladder.procedure_open(dossier):
        steps += claim_steps(dossier, today, law)
    elif dossier.happened_on("titre") is None:
        steps += order_steps(dossier, place_of(postcode_of(dossier)), today, law)
    return LegalClocks(limitation_of(dossier, today, law), tuple(steps))


def title_from(dossier: Dossier, today: date, law: law_room.Law) -> date | None:
    """Give the first day an order noted can be a title, None without one served, or once opposed."""
    if dossier.happened_on("opposition") is not None:
        return None
    waits = (s for s in clocks_of(dossier, today, law).steps if s.id in _TITLE_STEPS)
    return next((s.deadline.safe_on for s in waits if s.deadline), None)


def _single(dossier: Dossier, today: date, law: law_room.Law) -> list[ClockStep]:
    """Give the deadlines that stand alone: how long a title lives, a public body's silence or payment."""
    found = {}
    titled, place = dossier.happened_on("titre"), place_of(postcode_of(dossier))
    public = dossier.debtor_kind is DebtorKind.PUBLIC
    if titled is None:
        claimed = claimed_on(dossier) if public else None
        if claimed is not None:
            found[_SILENCE] = claimed
    elif public:
        found["paiement_jugement_public"] = titled
    elif not title_by_agreement(dossier):
        found["validite_titre"] = titled
    return [deadline_step(name, day, law, place=place, today=today) for name, day in found.items()]


def _prior_claim(dossier: Dossier, today: date, law: law_room.Law) -> str:
    """Give where the written claim on a public body stands, in the words of `Situation.prior_claim`."""
    silence = next((s for s in _single(dossier, today, law) if s.id == _SILENCE), None)
    if silence is None:
        return "aucune"
    return "silence_echu" if silence.state is StepState.OVER else "en_cours"


def notice_days(on: date, law: law_room.Law) -> dict[DebtorKind, int]:
    """Give the usual delay of a mise en demeure by debtor, in days. Raises UnknownForPeriod."""
    return {kind: law.notice_days(kind, on) for kind in DebtorKind}


def situation_of(dossier: Dossier, person: Facts, today: date, law: law_room.Law) -> Situation:
    """Give what decides which legal routes are open. Raises ValueError before the debtor is known."""
    kind = dossier.debtor_kind
    if kind is None:
        raise ValueError("the debtor is not known yet")
    claimed = asked_for(dossier, today) if dossier.several_invoices else ()
    balances = dossier.settlement.balances if claimed else {}
    principal = sum((balances[one.key] for one in claimed), Decimal(0))
    principal = principal if claimed else dossier.remaining or Decimal(0)
    counted = decompte_of(dossier, today, law, invoices=claimed)
    notice = ladder.notice_runs_until(dossier, is_working_day, notice_days(today, law))
    period = limitation_of(dossier, today, law)
    known: dict[str, Any] = {
        name: text_of(dossier, name) for name in ("debtor_status", "public_body", "special_case")
    }
    opened = ladder.procedure_open(dossier)
    if opened:
        known |= declaration_of(dossier, today, law)
    if isinstance(period, Limitation):
        known["limitation_passed"] = period.state is State.PASSED
        known["limitation_near"] = period.state is State.NEAR
        known["limitation_until"] = period.last_on
    return Situation(
        today=today,
        debtor_kind=kind,
        principal=principal,
        total=max(counted.total if counted else principal, principal),
        overdue=dossier.due_on is not None and dossier.due_on < today,
        creditor_status=str(person.get("creditor_status") or UNKNOWN_VALUE),
        country=text_of(dossier, "debtor_country"),
        postcode=postcode_of(dossier),
        contested=contested(dossier),
        procedure_open=opened,
        stage=stage_of(dossier, place_of(postcode_of(dossier)), today, law),
        surendettement=dossier.get("contact_outcome") == _OVERINDEBTED,
        formal_notice="aucune" if notice is None else "en_cours" if today < notice else "echue",
        prior_claim=_prior_claim(dossier, today, law),
        conciliation_tried=dossier.happened_on("conciliation_echec") is not None,
        petites_creances_tried=dossier.happened_on("petites_creances_refus") is not None,
        title=dossier.happened_on("titre") is not None,
        **known,
    )
