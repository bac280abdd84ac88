"""What the law is asked about a dossier: its situation, its due date, its limitation, its legal clocks.

Gathers the facts and acts of a dossier in the words of `flows.law`; nothing of the law is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flows import ladder
from flows import law as law_room
from flows.dossier import ActKind, DebtorKind, Dossier
from flows.facts.computed import UNKNOWN_VALUE, contested, decompte_of, of_notice
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
from flows.law.calendar import is_working_day
from flows.law.deadlines import ClockStep, StepState, deadline_step, place_of
from flows.law.limitation import Limitation, LimitationEvent, State, UnknownTerm, limitation
from flows.law.routes import Situation
from flows.law.terms import DueDate, Excess, PaymentTerms, Undecided, due_date, excess
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

    `assumed` stands for the completion while it is not known.
    """
    start = day_of(dossier, "work_done_on") or day_of(dossier, "delivered_on") or assumed
    kind = dossier.debtor_kind
    if start is None or kind is None:
        return None
    return limitation(
        kind,
        law,
        start_on=start,
        today=today,
        events=tuple(sorted(_events(dossier), key=lambda event: event.on)),
        special_case=text_of(dossier, "special_case"),
        public_body=text_of(dossier, "public_body"),
    )


def _events(dossier: Dossier) -> Iterator[LimitationEvent]:
    for act in dossier.happened:
        what = act.text("what")
        if what in _COUNTED:
            end = dossier.happened_on(ENDS[what]) if what in ENDS else None
            yield LimitationEvent(what, act.on, end if end and end >= act.on else None)
    for act in dossier.part_payments:
        yield LimitationEvent("paiement_partiel", act.on)
    public = dossier.debtor_kind is DebtorKind.PUBLIC
    for act in dossier.acts_of(ActKind.SENT):
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
    principal = dossier.remaining or Decimal(0)
    counted = decompte_of(dossier, today, law)
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
