"""The text in hand: the document, as first written from the facts, and as the person changed it."""

from __future__ import annotations

import letters
from flows.dialogue.edits import Edited, Edits
from flows.dialogue.remade import EDITED
from flows.dialogue.turn import Turn
from flows.dossier import Act

OWN = "soi"
"""The addressee of a note that the person keeps."""


def document(turn: Turn) -> letters.Document:
    """Give the document in hand."""
    return turn.library.catalogue.get(turn.scratch("document"))


def claims(chosen: letters.Document) -> bool:
    """Say whether a document claims what the law adds to a debt: a note kept by the person claims nothing."""
    return chosen.legal and chosen.addressee != OWN


def first_written(turn: Turn) -> letters.Draft:
    """Write the document in hand without what the person changed."""
    chosen = document(turn)
    tone = turn.scratch("tone") or "normal"
    return letters.draft(
        chosen, turn.facts_for(chosen), tone=tone if tone in chosen.tones else "normal"
    )


def edits_of(turn: Turn) -> Edits:
    """Give the changes of the document in hand."""
    kept = turn.need_dossier().get(EDITED + turn.scratch("document"))
    return Edits.from_json(str(kept)) if kept else Edits()


def keep_edits(turn: Turn, edits: Edits) -> None:
    """Keep the changes of the document in hand with its dossier; none at all leaves no trace."""
    name = EDITED + turn.scratch("document")
    dossier = turn.need_dossier().without_facts(name)
    turn.put(dossier.with_facts(**{name: edits.to_json()}) if edits else dossier)


def edited(turn: Turn) -> Edited:
    """Write the document in hand from the present facts, with the changes put back.

    A draft is never stored before it is sent: it follows from the facts, the tone and the changes, so that
    a corrected fact is corrected everywhere.
    """
    return edits_of(turn).apply(first_written(turn))


def make(turn: Turn) -> letters.Draft:
    """Give the text in hand, changes included."""
    return edited(turn).draft


def as_sent(act: Act) -> letters.Draft | None:
    """Give the text an act of sending kept, None when it kept none."""
    kept = act.text("draft")
    return letters.Draft.from_json(kept) if kept else None
