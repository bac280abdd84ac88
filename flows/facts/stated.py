"""All that a document may state: what was told, what was computed, the court, the days of the procedure.

Only what the document reads is worked out. What the person told wins over what the acts would say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from flows import law as law_room
from flows.dossier import ActKind, DebtorKind, Dossier, Status
from flows.facts.computed import (
    DISPUTED,
    document_facts,
    letters_before,
    stand_ins,
    town_of,
    undisputed,
)
from flows.facts.hindsight import hindsight, own_rate
from flows.facts.legal import clocks_of, postcode_of, situation_of
from flows.facts.owed import of_notice
from flows.facts.underway import claim_sent_on
from flows.ladder import procedure_open
from flows.law.parameter import Unit
from flows.law.prose import fill_with_doubts
from flows.law.routes import Court, city_of_postcode, court_for
from flows.plan import plan_of
from flows.post import undelivered
from flows.values import Facts
from letters import Catalogue, Document
from letters.format import de

NONE = "none."
"""Prefix of the facts that say that there is no such thing: no mise en demeure, no written agreement."""
_COURT = frozenset({"court_name", "court_find", "court_territory", "court_city"})
_UNDECIDED = "a_preciser"
"""The key of a court that depends on trades not known."""
_INJONCTION = "injonction_de_payer"
_COMMERCIAL = "tribunal_de_commerce"
_CIVIL = "tribunal_judiciaire"
"""What a document supposes of its court (`must_be_true`)."""
_HAPPENED = {
    "request_on": "requete_injonction",
    "order_on": "ordonnance",
    "served_on": "signification_ordonnance",
    "opposed_on": "opposition",
    "complaint_on": DISPUTED,
    "title_on": "titre",
    "sued_on": "assignation",
    "bodacc_on": "publication_bodacc",
}
"""Days a document may state, and what happened then (`occurrences.yaml`)."""
_GIVEN_UP, _LIQUIDATION = "abandon", "liquidation"
_LOST = frozenset({"perdu", _GIVEN_UP})
"""How a dossier closes with its sum not paid (`how` of the act)."""
_LAST_DAYS = {
    "serve_by_on": ("signification_ordonnance",),
    "declare_by_on": ("declaration_creance",),
}
"""Last days a document may state, and the legal clocks that give them."""


def stated_facts(
    dossier: Dossier,
    person: Facts,
    document: Document,
    today: date,
    law: law_room.Law,
    catalogue: Catalogue,
) -> dict[str, Any]:
    """Gather all a document may state for a dossier on a day.

    Raises ValueError while the kind of debtor is not known and the document names a court.
    """
    facts = document_facts(dossier, person, document, today, law, catalogue)
    wanted = document.reads()
    for name, value in _derived(dossier, document, today, law):
        if name in wanted and value is not None:
            facts.setdefault(name, value)
    if "notice_on" in wanted:  # it names the mise en demeure by itself
        facts["letters_before"] = letters_before(dossier, catalogue, today, notices=False)
    if document.law:
        facts["law"] = {name: in_words(name, law, today) for name in document.law}
    if wanted & _COURT:
        _state_court(facts, dossier, person, document, today, law)
    if wanted & {"limitation_passed", "prior_claim_over"} and dossier.debtor_kind:
        here = situation_of(dossier, person, today, law)
        facts["limitation_passed"] = here.limitation_passed is True
        facts["prior_claim_over"] = here.prior_claim == "silence_echu"
    if "own_rate" in wanted:
        facts |= own_rate(person, today, law)
    facts["absent"] = sorted(n.removeprefix(NONE) for n in dossier.facts if n.startswith(NONE))
    facts["tutoiement"] = _says_tu(dossier, person)
    return facts


def _says_tu(dossier: Dossier, person: Facts) -> bool:
    """Say whether a message says « tu »: as chosen for this client, else as the person usually does.

    A public body is many people: the usual « tu » is not for it.
    """
    usual = None if dossier.debtor_kind is DebtorKind.PUBLIC else person.get("default_tutoiement")
    return (dossier.get("tutoiement") or usual) == "oui"


def in_words(name: str, law: law_room.Law, today: date) -> str | list[str]:
    """Write a parameter as of a day, a list item by item; a mention to copy may name other parameters.

    It says itself that it is not known or not firm. Raises KeyError for a name that is no parameter.
    """
    texts: Sequence[str] = [f"{{{name}}}"]
    listed = law.parameters[name].unit is Unit.LIST
    if listed:
        with suppress(law_room.UnknownForPeriod):
            texts = law.items(name, today)
    filled = [fill_with_doubts(fill_with_doubts(text, law, today), law, today) for text in texts]
    return filled if listed else filled[0]


def _derived(
    dossier: Dossier, document: Document, today: date, law: law_room.Law
) -> Iterator[tuple[str, Any]]:
    """Give what follows from the acts, by the name of the fact."""
    wanted = document.reads()
    for name in _HAPPENED.keys() & wanted:
        yield name, dossier.happened_on(_HAPPENED[name])
    yield from zip(("notice_on", "notice_received_on"), _notice(dossier), strict=True)
    yield "prior_claim_on", claim_sent_on(dossier)
    yield "paid_total", sum((amount for _, amount in dossier.payments), Decimal(0))
    yield from _payment(dossier)
    yield "undisputed_amount", undisputed(dossier)
    yield "closed_on", _ended_on(dossier) or today
    yield "loss_reason", _loss_reason(dossier)
    if "exhibits" in wanted:
        exhibits = [
            {"number": number, "title": one.title, "pages": one.pages}
            for number, one in enumerate(dossier.exhibits, 1)
        ]
        yield "exhibits", exhibits
    if wanted & {"instalment_on", "instalment_amount", "next_instalments"}:
        yield from _instalments(dossier)
    yield from hindsight(dossier)
    if wanted & _LAST_DAYS.keys():
        steps = {step.id: step.deadline for step in clocks_of(dossier, today, law).steps}
        for name, clocks in _LAST_DAYS.items():
            found = next((steps[clock] for clock in clocks if steps.get(clock)), None)
            yield name, found.safe_on if found else None


def _notice(dossier: Dossier) -> tuple[date | None, date | None]:
    """Give the days a mise en demeure left and arrived: the first that did, since interest counts from it.

    None received: the last that was sent.
    """
    bygone = dossier.bygone | undelivered(dossier)  # it asked for invoices paid since, or came back
    notices = [
        act
        for place, act in enumerate(dossier.acts)
        if of_notice(act) and place not in bygone and dossier.stands(act)
    ]
    sent = [act for act in notices if act.kind is ActKind.SENT]
    arrived = next((act for act in notices if act.kind is ActKind.RECEIVED), None)
    if arrived is None:
        return max((act.on for act in sent), default=None), None
    left = [
        a.on for a in sent if a.on <= arrived.on and a.text("document") == arrived.text("document")
    ]
    return max(left, default=None), arrived.on


def _payment(dossier: Dossier) -> Iterator[tuple[str, Any]]:
    """Give the payment a receipt is for: that of the whole, else the last part of it."""
    paid, parts = dossier.last(ActKind.PAID), dossier.part_payments
    if dossier.status is Status.PAID and paid:
        yield "paid_on", paid.on
        yield "paid_amount", dossier.remaining
    elif parts:
        yield "paid_on", parts[-1].on
        yield "paid_amount", parts[-1].data.get("amount")


def _ended_on(dossier: Dossier) -> date | None:
    ended = dossier.last(ActKind.PAID, ActKind.CLOSED)
    return ended.on if ended else None


def _loss_reason(dossier: Dossier) -> str | None:
    """Give why the sum is lost when the way the dossier ended says it: given up, or with a liquidation."""
    ended = dossier.last(ActKind.CLOSED)
    if ended is None or dossier.status is not Status.CLOSED:
        return None
    how = ended.text("how")
    liquidated = procedure_open(dossier) and dossier.get("procedure_kind") == _LIQUIDATION
    if how in _LOST and liquidated:
        return _LIQUIDATION
    return _GIVEN_UP if how == _GIVEN_UP else None


def _instalments(dossier: Dossier) -> Iterator[tuple[str, Any]]:
    """Give the first instalment not wholly paid, and those after it."""
    plan = plan_of(dossier)
    if plan is None:
        return
    left = [{"on": one.on, "amount": one.left} for one in plan.instalments if one.left]
    if left:
        yield "instalment_on", left[0]["on"]
        yield "instalment_amount", left[0]["amount"]
    yield "next_instalments", left[1:]


def _state_court(
    facts: dict[str, Any],
    dossier: Dossier,
    person: Facts,
    document: Document,
    today: date,
    law: law_room.Law,
) -> None:
    """State the court of a filing: its name, and its town where the postcode leaves no doubt."""
    here = situation_of(dossier, person, today, law)
    if _COMMERCIAL in document.must_be_true:
        # Where the creditor may choose, this document goes to the commercial court of the place.
        here = replace(here, creditor_status="commercant", debtor_status="societe")
    elif _CIVIL in document.must_be_true:
        here = replace(here, creditor_status="liberal", debtor_status="liberal")
    route = document.routes[0] if document.routes else None
    town = town_of(str(dossier.get("debtor_address") or ""))
    court = court_for(here, law, route, town)
    if court is None and dossier.happened_on(_HAPPENED["request_on"]):
        # The document goes to no court itself: the one it speaks of has the requête.
        court = court_for(here, law, _INJONCTION, town)
    if court is not None and not court.named and court.key == _UNDECIDED:
        # Whatever the trades, a claim may go there unless both are traders: the text says it is to be checked.
        here = replace(here, creditor_status="liberal", debtor_status="societe")
        court = court_for(here, law, route, town)
    if court is None:
        return
    city = city_of_postcode(postcode_of(dossier))
    facts |= _court_facts(court)
    if city:
        facts.setdefault("court_city", city)
    if facts.get("court_city"):
        facts.setdefault("referral_court", f"{facts['court_name']} {de(facts['court_city'])}")


def _court_facts(court: Court) -> dict[str, Any]:
    return {
        "court_name": court.name if court.named else stand_ins()["court_name"],
        "court_find": court.find,
        "court_territory": court.territory,
    }
