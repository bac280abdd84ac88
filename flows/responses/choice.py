"""Which documents of the catalogue fit a dossier, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from flows import ladder
from flows.dossier import Stage, Status
from flows.facts.conditions import Standing
from flows.law.routes import Route
from flows.law.routes import Status as Way
from letters import Catalogue, Document
from letters.words import vocabulary

if TYPE_CHECKING:
    from flows.dossier import Cause

_AFTER = frozenset({"apres", "prevention"})
"""Families of what is written once the dossier is over."""
_PREVENTION = "prevention"
"""The family that serves the next time: it fits once this time is over."""
_OVER = frozenset({"client_paye", "versement_recu", "dette_abandonnee"})
"""What a document written once the dossier is over supposes."""


_NOTICE, _FILINGS = "mise_en_demeure", "juge"
"""What the documents of the last letter are named after, and the family of what comes once it is over."""


class Fit(StrEnum):
    """How well a document fits."""

    FITS = "convient"
    POSSIBLE = "possible"
    """Nothing forbids it; it is not meant for this cause or this step."""
    CLOSED = "ferme"


@dataclass(frozen=True, slots=True)
class Offer:
    """A document and how it fits.

    `why`: what closes it, or what had better be mended before it is sent; `check`: what it supposes and
    nothing told settles, or what its route is not sure of.
    """

    document: Document
    fit: Fit
    why: tuple[str, ...] = ()
    check: tuple[str, ...] = ()


def offers(
    catalogue: Catalogue,
    here: Standing,
    cause: Cause,
    stage: Stage,
    routes: Iterable[Route] = (),
) -> tuple[Offer, ...]:
    """Give every document that exists for this kind of debtor: those that fit first, the closed ones last."""
    kind = here.dossier.debtor_kind
    by_id = {route.id: route for route in routes}
    found = [
        _offer(document, here, cause, stage, by_id)
        for document in catalogue
        if kind is not None and kind.value in document.debtors
    ]
    order = list(Fit)
    return tuple(sorted(found, key=lambda offer: order.index(offer.fit)))


def supposes(document: Document, here: Standing) -> tuple[str, ...]:
    """Give what stands against a document, in words; () when nothing does."""
    return _so(document.must_be_true, here, False)


def cautions(document: Document, here: Standing) -> tuple[str, ...]:
    """Give what had better be so before a document is sent and is not, in words."""
    return _so(document.advised, here, False)


def _offer(
    document: Document, here: Standing, cause: Cause, stage: Stage, routes: Mapping[str, Route]
) -> Offer:
    if missing := supposes(document, here):
        return Offer(document, Fit.CLOSED, missing)
    over = here.dossier.status in {Status.PAID, Status.CLOSED}
    if over and document.family not in _AFTER and not _OVER & set(document.must_be_true):
        return Offer(document, Fit.CLOSED, (_in_words("dossier_ouvert", so=False),))
    ways = [routes[name] for name in document.routes if name in routes]
    if ways and all(way.status is Way.CLOSED for way in ways):
        return Offer(document, Fit.CLOSED, tuple(way.reason for way in ways))
    meant = document.fits(
        debtor=here.situation.debtor_kind.value, cause=cause.value, stage=stage.value
    )
    unsure = tuple(way.reason for way in ways if way.status is Way.TO_CHECK)
    check = (*_so(document.must_be_true, here, None), *unsure)
    early = not over and document.family == _PREVENTION
    fits = meant and not check and not early and not _of_a_later_step(document, here, stage)
    return Offer(document, Fit.FITS if fits else Fit.POSSIBLE, cautions(document, here), check)


def _of_a_later_step(document: Document, here: Standing, stage: Stage) -> bool:
    """Say whether a document is what the ladder has for a step still to come: the present one is done first."""
    steps, kind = ladder.ladder().steps, here.situation.debtor_kind
    order = [*steps, Stage.ROUTE]
    if ladder.at_law(here.dossier) or stage not in steps:
        return False  # the letters are over
    if steps[stage].documents.get(kind) == document.id:
        return False
    later = order[order.index(stage) + 1 :]
    own = {steps[one].documents.get(kind) for one in later if one in steps}
    notice = document.id.startswith(_NOTICE) and Stage.FORMAL_NOTICE in later
    return document.id in own or notice or document.family == _FILINGS


def _so(names: Iterable[str], here: Standing, told: bool | None) -> tuple[str, ...]:
    """Give the conditions that are so, not so, or not known (None), in words."""
    return tuple(
        _in_words(name, so=told is not False) for name in names if here.holds(name) is told
    )


def _in_words(condition: str, *, so: bool) -> str:
    """Say a condition as it supposes things to be, or as they are when it is not so."""
    return str(vocabulary()["conditions" if so else "otherwise"][condition])
