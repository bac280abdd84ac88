"""Which documents the dossier in hand offers, and taking one."""

from __future__ import annotations

from collections import Counter

import letters
from flows.dialogue.timeline import short_title
from flows.dialogue.turn import Turn
from flows.facts.computed import town_of
from flows.law.routes import Route, Situation, routes_for
from flows.responses.choice import Fit, Offer, offers

_COMMERCIAL = "tribunal_de_commerce"
"""What a document for a commercial court supposes."""


def situation(turn: Turn) -> Situation:
    """Give what decides which routes are open for the dossier in hand."""
    return turn.standing.situation


def routes(turn: Turn, here: Situation) -> tuple[Route, ...]:
    """Give every route in a situation of the dossier in hand."""
    city = town_of(str(turn.need_dossier().get("debtor_address") or ""))
    return routes_for(here, turn.library.law, city)


def offered(turn: Turn) -> tuple[Offer, ...]:
    """Give every document there is for the dossier in hand, and how it fits."""
    found = routes(turn, situation(turn))
    return offers(turn.library.catalogue, turn.standing, turn.cause, turn.stage, found)


def for_route(turn: Turn, route: str) -> dict[str, str]:
    """Give the titles of the documents that carry out a route and are not closed, the likeliest court's first."""
    found = [
        one.document
        for one in offered(turn)
        if one.fit is not Fit.CLOSED and route in one.document.routes
    ]
    found.sort(key=lambda document: _COMMERCIAL in document.must_be_true and turn.standing.civil)
    return titles_of(found)


def titles_of(documents: list[letters.Document]) -> dict[str, str]:
    """Give titles by document, without what they say in brackets where that tells nothing apart."""
    short = {document.id: short_title(document.title) for document in documents}
    count = Counter(short.values())
    return {d.id: d.title if count[short[d.id]] > 1 else short[d.id] for d in documents}


def take_document(turn: Turn, document_id: str) -> None:
    """Go on to a document picked by name, in the tone that suits the stake where it has that tone."""
    tones = turn.library.catalogue.get(document_id).tones
    tone = "normal" if turn.dossier_over() else turn.recommendation.tone
    turn.drop_scratch()
    turn.set_scratch(document=document_id, tone=tone if tone in tones else "normal")
    turn.fire("choose")
