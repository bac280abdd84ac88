"""What is under way in a dossier: an order to pay, a suit, a declaration, an amicable way, a claim on a public body."""

from __future__ import annotations

from datetime import date
from typing import Any

from flows import law as law_room
from flows.dossier import ActKind, Dossier
from flows.facts.computed import judgment_on
from flows.law.calendar import Place
from flows.law.deadlines import ClockStep, StepState, claim_clock, injonction_clock

ENDS = {"conciliation": "conciliation_echec", "petites_creances": "petites_creances_refus"}
"""What ends a suspension, by what began it."""
CLAIM = "mise_en_demeure_public"
"""The document that stands for a réclamation préalable."""
_GOODS = "marchandises"


def order_steps(
    dossier: Dossier, place: Place, today: date, law: law_room.Law
) -> tuple[ClockStep, ...]:
    """Give the steps after an order to pay, none without one; `place` is the debtor's."""
    order = dossier.happened_on("ordonnance")
    if order is None:
        return ()
    served = _since(dossier, "signification_ordonnance", order)
    return injonction_clock(
        law,
        order_on=order,
        served_on=served,
        opposed_on=_since(dossier, "opposition", served) if served else None,
        place=place,
        today=today,
    )


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


def claimed_on(dossier: Dossier) -> date | None:
    """Give the day from which a public body's silence is counted: a wait, so the later of those known.

    The formal notice is itself a réclamation: the first one counts, from its receipt if known.
    """
    days = [dossier.happened_on("demande_ecrite_public")]
    letters = (act for act in dossier.acts_of(ActKind.SENT) if act.text("document") == CLAIM)
    if first := next(letters, None):
        receipts = (
            act.on for act in dossier.acts_of(ActKind.RECEIVED) if act.text("document") == CLAIM
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
