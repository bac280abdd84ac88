"""The documents of a dossier: those that fit, the others that exist, the closed ones with why, those that left."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

import letters
from flows.dialogue.edits import first_words
from flows.dialogue.handler import Handler, View, column, grid
from flows.dialogue.intake import summary
from flows.dialogue.offering import offered, take_document
from flows.dialogue.papers import send_again
from flows.dialogue.screens import Choice, Copy
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.timeline import short_title
from flows.dialogue.turn import Turn
from flows.dialogue.writing import as_sent
from flows.dossier import Act, ActKind
from flows.responses.choice import Fit, Offer
from letters.format import date_courte
from letters.words import vocabulary

PAGES = {"fits": Fit.FITS, "possible": Fit.POSSIBLE, "closed": Fit.CLOSED}
SENT = "sent"
LABEL = 58
"""Characters of a button: more is cut by phones."""
SENT_SHOWN = 20
"""Letters that left, the latest: older ones are on the card's history."""


def show_documents(turn: Turn) -> View:
    """List a page of documents by family: those that fit, the others, or the closed ones with why."""
    page = turn.scratch("page") or "fits"
    if page == SENT:
        return _show_sent(turn)
    found = offered(turn)
    listed = sorted(
        (one for one in found if one.fit is PAGES[page]),
        key=lambda one: _family_rank(one.document.family),
    )
    titles = _titles(listed)
    groups = [
        {
            "family": words(f"family_{family}"),
            "rows": [
                {"title": titles[o.document.id], "why": o.why, "check": o.check} for o in grouped
            ],
        }
        for family, grouped in groupby(listed, key=lambda one: one.document.family)
    ]
    advised = _advised(turn) if page == "fits" else ""
    body = say(
        "documents",
        client=summary(turn)[0],
        page=page,
        groups=groups,
        advised=titles.get(advised, ""),
    )
    # The one the diagnosis leads to comes first.
    picks = [
        Choice(f"t.{name}", first_words(title, LABEL))
        for name, title in sorted(titles.items(), key=lambda one: one[0] != advised)
        if page != "closed"
    ]
    others = {name for name, fit in PAGES.items() if name != page and _any(found, fit)}
    if left(turn):
        others.add(SENT)
    return View(body, (*column(picks), *grid(buttons("documents_choices", others | {"card"}))))


def _titles(listed: list[Offer]) -> dict[str, str]:
    """Give the titles by document, without what they say in brackets where that tells nothing apart."""
    short = {one.document.id: short_title(one.document.title) for one in listed}
    count = Counter(short.values())
    return {
        one.document.id: one.document.title
        if count[short[one.document.id]] > 1
        else short[one.document.id]
        for one in listed
    }


def _advised(turn: Turn) -> str:
    """Give the document the diagnosis leads to, "" when it leads to none."""
    if turn.dossier_over() or not turn.outcome:
        return ""
    advice = turn.recommendation.recommended
    return (advice.document or "") if advice else ""


def _any(found: tuple[Offer, ...], fit: Fit) -> bool:
    return any(one.fit is fit for one in found)


def _family_rank(family: str) -> int:
    return int(vocabulary()["families"].index(family))


def left(turn: Turn) -> list[tuple[Act, letters.Draft]]:
    """Give what left with its text, the latest first."""
    acts = reversed(turn.need_dossier().acts)
    told = (a for a in acts if a.kind in {ActKind.SENT, ActKind.FILED})
    return [(act, draft) for act in told if (draft := as_sent(act))][:SENT_SHOWN]


def _show_sent(turn: Turn) -> View:
    listed = left(turn)
    rows = [
        words("sent_row", title=short_title(d.title), on=date_courte(act.on)) for act, d in listed
    ]
    picks = [Choice(f"s.{place}", row[:60]) for place, row in enumerate(rows)]
    body = say("documents_sent", client=summary(turn)[0])
    return View(body, (*column(picks), *grid(buttons("documents_choices", {"fits", "card"}))))


def press_documents(turn: Turn, key: str) -> None:
    """Turn the page, take a document, look again at one that left, or go to the card."""
    kind, _, name = key.partition(".")
    if key in {*PAGES, SENT}:
        turn.set_scratch(page=key)
        turn.moved = True
        turn.stay()
    elif key == "card":
        turn.leave()
        turn.fire("open_card", remember=False)
    elif kind == "t":
        take_document(turn, name)
    else:
        _, draft = left(turn)[int(name)]
        turn.shown.append(Copy(draft.text))
        send_again(turn, draft)
        turn.stay()


def see_documents(turn: Turn) -> None:
    """List the documents of the dossier in hand."""
    turn.leave()
    turn.fire("see_documents", remember=False)


HANDLERS = {"documents": Handler(show_documents, press_documents)}
