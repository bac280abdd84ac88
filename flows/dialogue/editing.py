"""Changing a draft: a paragraph rewritten or taken out, a fact corrected."""

from __future__ import annotations

from flows.dialogue.drafting import document, first_written, rewritten
from flows.dialogue.handler import Handler, Misunderstood, View, column, grid, no_button
from flows.dialogue.screens import Choice
from flows.dialogue.texts import buttons, say
from flows.dialogue.turn import Turn
from flows.facts import fact, registry
from flows.reading import Refused, read_text, sentence

PARAGRAPH_LIMIT = 2000
"""Characters of a paragraph the person writes: a page would not fit the chat."""
PARAGRAPH_LABEL = 34
COMPUTED_BUT_ASKABLE = {"proposition_echeancier": ("instalments", "first_instalment_on")}
"""Facts that have a usual value, which the person may want to change."""
REMOVE = "-"


def editable_facts(turn: Turn) -> list[str]:
    """Give the facts the document states that a person can be asked for, in its order."""
    chosen = document(turn)
    known = registry()
    computed = (*chosen.needs, *chosen.blanks, *COMPUTED_BUT_ASKABLE.get(chosen.id, ()))
    names = [*computed, "debtor_name", "amount_due", "invoice_due_on"]
    return [name for name in dict.fromkeys(names) if name in known and name != "debtor_kind"]


def show_edit(turn: Turn) -> View:
    """List the paragraphs by their first words, and the facts."""
    draft = first_written(turn)
    changes = rewritten(turn, draft)
    paragraphs = [
        Choice(f"p{place}", f"« {_first_words(text)} »")
        for place, first in enumerate(draft.paragraphs)
        if (text := changes.get(place, first))  # one taken out is not offered
    ]
    return View(say("edit"), column([*paragraphs, *buttons("edit")]))


def show_edit_fact(turn: Turn) -> View:
    """List the facts the document states."""
    facts = [Choice(f"f{place}", fact(n).label) for place, n in enumerate(editable_facts(turn))]
    return View(say("edit_fact"), (*grid(facts), *column(buttons("edit_fact"))))


def press_edit_fact(turn: Turn, key: str) -> None:
    """Ask one of them again, or leave all as it is."""
    if key == "answered":
        turn.fire("answered")
        return
    turn.set_scratch(fact=editable_facts(turn)[int(key[1:])], only=True)
    turn.fire("pick_fact")


def _first_words(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= PARAGRAPH_LABEL else line[:PARAGRAPH_LABEL].rsplit(" ", 1)[0] + "…"


def press_edit(turn: Turn, key: str) -> None:
    """Pick a paragraph to rewrite, or go on to the facts."""
    if key.startswith("p"):
        turn.set_scratch(paragraph=int(key[1:]))
        turn.fire("pick_paragraph")
    elif key == "facts":
        turn.fire("list_facts")
    else:
        turn.fire("answered")


def show_edit_text(turn: Turn) -> View:
    """Show the paragraph to rewrite."""
    draft = first_written(turn)
    place = min(int(turn.scratch("paragraph") or 0), len(draft.paragraphs) - 1)
    text = rewritten(turn, draft).get(place, draft.paragraphs[place])
    return View(say("edit_text", paragraph=text))


def type_edit_text(turn: Turn, text: str) -> None:
    """Keep the new words of the paragraph."""
    match read_text(text, PARAGRAPH_LIMIT):
        case Refused(code, params):
            raise Misunderstood(sentence(code, **params))
        case understood:
            words_given = "" if understood.value.strip() == REMOVE else understood.value
    draft = first_written(turn)
    changes = {**rewritten(turn, draft), int(turn.scratch("paragraph")): words_given}
    turn.set_draft(
        {
            "count": len(draft.paragraphs),
            "paragraphs": {str(place): text for place, text in changes.items()},
        }
    )
    turn.drop_scratch("paragraph")
    turn.notes.append(say("edit_done"))
    turn.fire("answered")


HANDLERS = {
    "edit": Handler(show_edit, press_edit),
    "edit_fact": Handler(show_edit_fact, press_edit_fact),
    "edit_text": Handler(show_edit_text, no_button, type_edit_text),
}
