"""A text as a file: PDF, DOCX, or one PDF with its exhibits."""

from __future__ import annotations

from datetime import date
from typing import Literal

import letters
from flows.dialogue.screens import Bundle, Paper
from flows.dialogue.texts import words
from flows.dialogue.timeline import short_title
from flows.dialogue.turn import Turn
from flows.dialogue.writing import document, make
from letters.bundle import bordereau_sheet

Format = Literal["pdf", "docx"]
PRINTED = frozenset({"letter", "filing", "agreement", "note"})
"""Kinds that are papers; a mail can be printed too."""


def takes_exhibits(chosen: letters.Document) -> bool:
    """Say whether exhibits are joined to a document: to a paper that leaves."""
    return chosen.kind in PRINTED and chosen.channel != "aucun"


def can_join(turn: Turn) -> bool:
    """Say whether the text in hand can leave with exhibits: it takes some, fits, and lacks nothing it needs."""
    chosen = document(turn)
    written = turn.allows(chosen) and not letters.missing(chosen, turn.facts_for(chosen)).needs
    return written and takes_exhibits(chosen)


def send_paper(turn: Turn, fmt: Format) -> None:
    """Print the document in hand."""
    draft, facts = make(turn), turn.facts_for(document(turn))
    caption = words(
        f"{fmt}_sent", title=short_title(draft.title), blanks=bool(draft.blanks), kind=draft.kind
    )
    turn.shown.append(Paper(_name(turn, draft, fmt), letters.sheet(draft, facts), caption, fmt))


def send_again(turn: Turn, draft: letters.Draft, on: date) -> None:
    """Print a text that left on a day, as it left."""
    caption = words("sent_again", title=short_title(draft.title))
    turn.shown.append(Paper(_name(turn, draft, "pdf", on=on), letters.sheet(draft), caption))


def send_bundle(turn: Turn) -> None:
    """Put the document in hand and the exhibits of the dossier in one PDF."""
    draft, facts = make(turn), turn.facts_for(document(turn))
    exhibits = turn.need_dossier().exhibits
    listed = [
        {"number": number, "title": one.title, "pages": one.pages}
        for number, one in enumerate(exhibits, 1)
    ]
    title = short_title(draft.title)
    sheet = letters.sheet(draft, facts)
    if sheet["enclosures"]:  # what is joined is what follows, under the same numbers
        named = [words("exhibit_row", number=one["number"], title=one["title"]) for one in listed]
        sheet |= {"enclosures": [[{"t": name}] for name in named]}
    turn.shown.append(
        Bundle(
            name=_name(turn, draft, "pdf", words("bundle_name")),
            sheet=sheet,
            bordereau=bordereau_sheet(title, listed, head=sheet),
            exhibits=tuple((one.title, one.file) for one in exhibits),
            caption=words("bundle_sent", title=title, count=len(exhibits)),
        )
    )


def _name(
    turn: Turn, draft: letters.Draft, fmt: Format, suffix: str = "", on: date | None = None
) -> str:
    name = letters.file_name(draft, turn.need_dossier().debtor_name, on or turn.today)
    stem = name.removesuffix(".pdf")
    return f"{stem}-{suffix}.{fmt}" if suffix else f"{stem}.{fmt}"
