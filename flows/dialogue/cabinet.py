"""The documents of a dossier: those that fit, the others that exist, the closed ones with why, those that left."""

from __future__ import annotations

import letters
from flows import ladder
from flows.dialogue.edits import first_words
from flows.dialogue.handler import Handler, View, column, grid
from flows.dialogue.intake import summary
from flows.dialogue.offering import offered, take_document, titles_of
from flows.dialogue.papers import send_again
from flows.dialogue.screens import Choice, Copy
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import Turn
from flows.dialogue.writing import as_sent
from flows.dossier import Act, ActKind, Stage
from flows.responses.choice import Fit, Offer
from letters.format import date_courte
from letters.words import vocabulary

_BY_STEP = {
    "opposition_formee": "opposition_audience",
    "ordonnance_rendue": "signification_ordonnance",
    "delai_de_declaration_ouvert": "declaration_creance",
    "delai_de_declaration_passe": "releve_forclusion",
    "surendettement": "commission_surendettement",
}
"""What a procedure calls for, by the condition that says where it stands; the first that holds."""
FAMILY = "."
"""Between the page « possible » and the family being looked at."""
MOST = 12
"""Documents of a page from which they are listed family by family."""
PAGES = {"fits": Fit.FITS, "possible": Fit.POSSIBLE, "closed": Fit.CLOSED}
SENT = "sent"
LABEL = 58
"""Characters of a button: more is cut by phones."""
SENT_SHOWN = 20
"""Letters that left, the latest: older ones are on the card's history."""


def show_documents(turn: Turn) -> View:
    """List a page of documents by family: those that fit, one family of the others, or the closed ones with why."""
    page, _, family = (turn.scratch("page") or "fits").partition(FAMILY)
    if page == SENT:
        return _show_sent(turn)
    found, advised = offered(turn), _advised(turn)
    listed = [one for one in found if _page_of(one, advised) == page]
    families = sorted({one.document.family for one in listed}, key=_family_rank)
    parted = page == "possible" and len(listed) > MOST and not family
    if family:
        listed = [one for one in listed if one.document.family == family]
    titles = titles_of([one.document for one in listed])
    groups = [
        {
            "family": words(f"family_{name}"),
            "rows": [
                {"title": titles[o.document.id], "why": o.why, "check": o.check}
                for o in sorted(listed, key=_rank)
                if o.document.family == name
            ],
        }
        for name in families
        if not family or name == family
    ]
    body = say(
        "documents",
        client=summary(turn)[0],
        page=page,
        groups=groups,
        brief=parted,
        advised=titles.get(advised, ""),
    )
    # The one the diagnosis leads to comes first.
    ordered = sorted(listed, key=lambda one: (one.document.id != advised, *_rank(one)))
    picks = [
        Choice(f"t.{o.document.id}", first_words(titles[o.document.id], LABEL)) for o in ordered
    ]
    if parted:
        picks = [Choice(f"f.{name}", words(f"family_{name}")) for name in families]
    others = {name for name in PAGES if name != page and _any(found, advised, name)}
    others |= {"possible"} if family else set()
    others |= {SENT} if left(turn) else set()
    ways = grid(buttons("documents_choices", others | {"card"}))
    return View(body, (*column(picks if page != "closed" else []), *ways))


def _page_of(offer: Offer, advised: str) -> str:
    """Give the page of an offer; what the diagnosis leads to is never looked for among the others."""
    if offer.fit is Fit.POSSIBLE and offer.document.id == advised:
        return "fits"
    return next(name for name, fit in PAGES.items() if fit is offer.fit)


def _any(found: tuple[Offer, ...], advised: str, page: str) -> bool:
    return any(_page_of(one, advised) == page for one in found)


def _rank(offer: Offer) -> tuple[int, int, str]:
    """Order the documents of a page: by family, then by the step they are first meant for."""
    stages = list(Stage)
    first = [stages.index(Stage(stage)) for stage in offer.document.stages]
    return _family_rank(offer.document.family), min(first, default=len(stages)), offer.document.id


def _family_rank(family: str) -> int:
    return int(vocabulary()["families"].index(family))


def _advised(turn: Turn) -> str:
    """Give the document to think of now: what the law's step calls for, else what the diagnosis leads to."""
    if turn.dossier_over():
        return ""
    for condition, document in _BY_STEP.items():
        if turn.standing.holds(condition):
            return document
    if not turn.outcome or ladder.at_law(turn.need_dossier()) or _just_sent(turn):
        return ""
    advice = turn.recommendation.recommended
    return (advice.document or "") if advice else ""


def _just_sent(turn: Turn) -> bool:
    """Say whether something left so lately that nothing more is to be sent now."""
    sent = turn.need_dossier().last(ActKind.SENT)
    due = turn.next_deadline()
    return sent is not None and due is not None and due.on > turn.today and sent.on == turn.today


def left(turn: Turn) -> list[tuple[Act, letters.Draft]]:
    """Give what left with its text, the latest first."""
    acts = reversed(turn.need_dossier().acts)
    told = (a for a in acts if a.kind in {ActKind.SENT, ActKind.FILED})
    return [(act, draft) for act in told if (draft := as_sent(act))][:SENT_SHOWN]


def _show_sent(turn: Turn) -> View:
    listed = left(turn)
    rows = [words("sent_row", title=d.title, on=date_courte(act.on)) for act, d in listed]
    picks = [Choice(f"s.{place}", first_words(row, LABEL)) for place, row in enumerate(rows)]
    body = say("documents_sent", client=summary(turn)[0])
    return View(body, (*column(picks), *grid(buttons("documents_choices", {"fits", "card"}))))


def press_documents(turn: Turn, key: str) -> None:
    """Turn the page, take a document, look again at one that left, or go to the card."""
    kind, _, name = key.partition(".")
    if key in {*PAGES, SENT} or kind == "f":
        turn.set_scratch(page=f"possible{FAMILY}{name}" if kind == "f" else key)
        turn.moved = True
        turn.stay()
    elif key == "card":
        turn.leave()
        turn.fire("open_card", remember=False)
    elif kind == "t":
        take_document(turn, name)
    else:
        act, draft = left(turn)[int(name)]
        turn.shown.append(Copy(draft.text))
        send_again(turn, draft, act.on)
        turn.stay()


def see_documents(turn: Turn) -> None:
    """List the documents of the dossier in hand."""
    turn.leave()
    turn.fire("see_documents", remember=False)


HANDLERS = {"documents": Handler(show_documents, press_documents)}
