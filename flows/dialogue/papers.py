"""A text as a file: PDF, DOCX, or one PDF with its exhibits."""

from __future__ import annotations

from typing import Literal

import letters
from flows.dialogue.screens import Bundle, Paper
from flows.dialogue.texts import words
from flows.dialogue.timeline import short_title
from flows.dialogue.turn import Turn
from flows.dialogue.writing import document, make
from letters.bundle import bordereau_sheet

Format = Literal["pdf", "docx"]


def send_paper(turn: Turn, fmt: Format) -> None:
    """Print the document in hand."""
    draft, facts = make(turn), turn.facts_for(document(turn))
    caption = words(
        f"{fmt}_sent", title=short_title(draft.title), blanks=bool(draft.blanks), kind=draft.kind
    )
    turn.shown.append(Paper(_name(turn, draft, fmt), letters.sheet(draft, facts), caption, fmt))


def send_again(turn: Turn, draft: letters.Draft) -> None:
    """Print a text that was sent, as it left."""
    caption = words("sent_again", title=short_title(draft.title))
    turn.shown.append(Paper(_name(turn, draft, "pdf"), letters.sheet(draft), caption))


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
    turn.shown.append(
        Bundle(
            name=_name(turn, draft, "pdf", words("bundle_name")),
            sheet=sheet,
            bordereau=bordereau_sheet(title, listed, head=sheet),
            exhibits=tuple((one.title, one.file) for one in exhibits),
            caption=words("bundle_sent", title=title, count=len(exhibits)),
        )
    )


def _name(turn: Turn, draft: letters.Draft, fmt: Format, suffix: str = "") -> str:
    name = letters.file_name(draft, turn.need_dossier().debtor_name, turn.today)
    stem = name.removesuffix(".pdf")
    return f"{stem}-{suffix}.{fmt}" if suffix else f"{stem}.{fmt}"
