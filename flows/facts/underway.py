"""What is under way in a dossier: an order to pay, a suit, a declaration, an amicable way, a claim on a public body."""

from __future__ import annotations

from datetime import date
from typing import Any

from flows import law as law_room
from flows.dossier import ActKind, DebtorKind, Dossier
from flows.facts.computed import judgment_on
from flows.law.calendar import Place
from flows.law.deadlines import (
    ClockStep,
    StepState,
    claim_clock,
    deadline_step,
    injonction_clock,
)
from flows.post import delivered

ENDS = {"conciliation": "conciliation_echec", "petites_creances": "petites_creances_refus"}
"""What ends a suspension, by what began it."""
CLAIMS = frozenset({"mise_en_demeure_public", "reclamation_prealable"})
"""The documents that are a réclamation préalable."""
_COURT_OF = {
    "requete_injonction_tc": True,
    "requete_injonction_tj": False,
    "requete_au_fond": False,
}
"""Documents that say before which court the affair went: whether it is a commercial one."""
_COMMERCIAL = frozenset({"tc", "tae", "tribunal_mixte"})
_EITHER = frozenset({"choix", "a_preciser"})
"""Courts of `flows/law/routes/courts.yaml`, by their keys."""
_GOODS = "marchandises"


def order_steps(
    dossier: Dossier, place: Place, today: date, law: law_room.Law
) -> tuple[ClockStep, ...]:
    """Give the steps after a requête or an order to pay, none without one; `place` is the debtor's."""
    order, asked = dossier.happened_on("ordonnance"), dossier.happened_on("requete_injonction")
    if order is None:
        # Its cost is to be deposited at once before a commercial court, which may be the one.
        commercial = asked is not None and commercial_court(dossier) is not False
        costs = "consignation_requete"
        return (deadline_step(costs, asked, law, today=today),) if asked and commercial else ()
    served = _since(dossier, "signification_ordonnance", order)
    opposed = _since(dossier, "opposition", served) if served else None
    return injonction_clock(
        law,
        order_on=order,
        served_on=served,
        opposed_on=opposed,
        notice_on=_since(dossier, "avis_greffe", opposed) if opposed else None,
        court="tribunal_de_commerce" if commercial_court(dossier) else "tribunal_judiciaire",
        place=place,
        today=today,
    )


def commercial_court(dossier: Dossier) -> bool | None:
    """Say whether the court seized is a commercial one, None when that is not known.

    A consumer or an association is never before one; what was filed says which court it went to, or else the
    route that was taken.
    """
    if dossier.debtor_kind is not DebtorKind.PROFESSIONAL:
        return False
    filed = [a.text("document") for a in dossier.acts_of(ActKind.FILED)]
    to = next((_COURT_OF[name] for name in reversed(filed) if name in _COURT_OF), None)
    taken = dossier.last(ActKind.ROUTE_CHOSEN)
    court = taken.text("court") if taken else ""
    if to is False or not court or court in _EITHER:
        return to
    # The commercial form also serves where a chamber of the civil court has the affair.
    return court in _COMMERCIAL


def claim_steps(dossier: Dossier, today: date, law: law_room.Law) -> tuple[ClockStep, ...]:
    """Give the steps after the opening of a collective procedure."""
    judgment = judgment_on(dossier)
    return claim_clock(
        law,
        procedure="inconnu",
        judgment_on=judgment,
        published_on=_since(dossier, "publication_bodacc", judgment),
        declared_on=_since(dossier, "declaration_creance", judgment),
        retention_of_title=dossier.get("special_case") == _GOODS,
        today=today,
    )


def stage_of(dossier: Dossier, place: Place, today: date, law: law_room.Law) -> str:
    """Give what is under way, in the words of `Situation.stage`; a title is told apart."""
    if dossier.happened_on("titre") is not None:
        return "aucune"
    if dossier.happened_on("assignation") is not None:
        return "juge_saisi"
    asked, order = dossier.happened_on("requete_injonction"), dossier.happened_on("ordonnance")
    if asked is not None and (order is None or asked > order):
        return "requete"
    if order is None:
        return _amicable(dossier)
    if _since(dossier, "opposition", order) is not None:
        return "opposition"
    service = order_steps(dossier, place, today, law)[0]
    if service.state is StepState.MISSED:
        return "non_avenue"
    return "signifiee" if service.state is StepState.DONE else "ordonnance"


def _amicable(dossier: Dossier) -> str:
    """Give the amicable way under way: begun, and not ended since."""
    for begun, ended in reversed(ENDS.items()):
        on, end = dossier.happened_on(begun), dossier.happened_on(ended)
        if on is not None and (end is None or end < on):
            return begun
    return "aucune"


def declaration_of(dossier: Dossier, today: date, law: law_room.Law) -> dict[str, Any]:
    """Give where the declaration stands in an open procedure, in the words of `Situation`."""
    steps = {step.id: step for step in claim_steps(dossier, today, law)}
    declaration, relief = steps.get("declaration_creance"), steps.get("releve_forclusion")
    if declaration is None:
        return {}
    if declaration.state is StepState.DONE:
        return {"claim": "declaree"}
    if declaration.deadline is None or declaration.at_earliest:
        return {}  # counted from the judgment, the last day may come later: nothing is said of it
    claim = "en_cours"
    if declaration.state is StepState.MISSED:
        claim = "forclose" if relief and relief.state is StepState.MISSED else "passee"
    last = relief.deadline.extended_on if relief and relief.deadline else None
    days = {"claim_until": declaration.deadline.extended_on, "relief_until": last}
    return {"claim": claim, **days}


def claim_sent_on(dossier: Dossier) -> date | None:
    """Give the day the first written claim left for a public body, None when none did."""
    sent = [a.on for a in delivered(dossier) if a.text("document") in CLAIMS]
    noted = dossier.happened_on("demande_ecrite_public")
    return min((*sent, *([noted] if noted else [])), default=None)


def claimed_on(dossier: Dossier) -> date | None:
    """Give the day from which a public body's silence is counted: a wait, so the later of those known.

    The formal notice is itself a réclamation: the first one counts, from its receipt if known.
    """
    days = [dossier.happened_on("demande_ecrite_public")]
    letters = (act for act in delivered(dossier) if act.text("document") in CLAIMS)
    if first := next(letters, None):
        same = first.text("document")
        receipts = (
            act.on for act in dossier.acts_of(ActKind.RECEIVED) if act.text("document") == same
        )
        days.append(next((on for on in receipts if on >= first.on), first.on))
    return max((day for day in days if day), default=None)


def title_by_agreement(dossier: Dossier) -> bool:
    """Say whether the title noted comes from petites créances: it lives as long as the debt, not ten years."""
    return dossier.happened_on("petites_creances") is not None and not any(
        dossier.happened_on(what) for what in ("ordonnance", "assignation")
    )


def _since(dossier: Dossier, what: str, start: date | None) -> date | None:
    """Give the day something happened; one before `start` is of another procedure, or a slip."""
    day = dossier.happened_on(what)
    return day if day and (start is None or day >= start) else None
