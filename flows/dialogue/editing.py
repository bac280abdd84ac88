"""Changing a draft: a paragraph rewritten, taken out or added, a fact corrected, the last change undone."""

from __future__ import annotations

from flows.dialogue.edits import first_words, last_place
from flows.dialogue.handler import Handler, Misunderstood, View, column, grid
from flows.dialogue.screens import Choice
from flows.dialogue.texts import buttons, say
from flows.dialogue.turn import Turn
from flows.dialogue.writing import document, edited, edits_of, first_written, keep_edits
from flows.facts import fact, registry
from flows.reading import Refused, read_text, sentence

PARAGRAPH_LIMIT = 2000
"""Characters of a paragraph the person writes: a page would not fit the chat."""
PARAGRAPH_LABEL = 34
COMPUTED_BUT_ASKABLE = ("instalments", "first_instalment_on", "gesture_amount")
"""Facts that have a usual value, which the person may want to change."""
REMOVE = "-"
AT_END = "end"
"""In place of a paragraph's key: after the last one that is not the closing formula."""


def editable_facts(turn: Turn) -> list[str]:
    """Give the facts the document states that a person can be asked for, in its order."""
    chosen = document(turn)
    known = registry()
    askable = (name for name in COMPUTED_BUT_ASKABLE if name in chosen.reads() | _of_plan(turn))
    stated = (name for name in chosen.optional if turn.facts_for(chosen).get(name) is not None)
    names = [*chosen.needs, *chosen.blanks, *askable, "debtor_name", "amount_due", "invoice_due_on"]
    return [
        name for name in dict.fromkeys([*names, *stated]) if name in known and name != "debtor_kind"
    ]


def _of_plan(turn: Turn) -> set[str]:
    """Give the facts a schedule follows from, when the document has one."""
    planned = "schedule" in document(turn).reads()
    return {"instalments", "first_instalment_on"} if planned else set()


def show_edit(turn: Turn) -> View:
    """List the paragraphs by their first words, and the facts."""
    text = edited(turn)
    paragraphs = [
        Choice(key, f"« {first_words(paragraph, PARAGRAPH_LABEL)} »")
        for place, (key, paragraph) in enumerate(zip(text.keys, text.draft.paragraphs, strict=True))
        if place not in text.draft.headings and not key.startswith("s")
    ]
    wanted = {"facts", "add", "answered", *(["undo"] if edits_of(turn) else [])}
    return View(say("edit"), column([*paragraphs, *buttons("edit", wanted)]))


def press_edit(turn: Turn, key: str) -> None:
    """Pick a paragraph to rewrite, add one, undo, or go on to the facts."""
    match key:
        case "facts":
            turn.fire("list_facts")
        case "answered":
            turn.fire("answered")
        case "undo":
            keep_edits(turn, edits_of(turn).undone())
            turn.notes.append(say("edit_undone"))
            turn.fire("answered")
        case "add":
            turn.set_scratch(paragraph=AT_END)
            turn.fire("add_paragraph")
        case _:
            turn.set_scratch(paragraph=key)
            turn.fire("pick_paragraph")


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


def paragraph_in_hand(turn: Turn) -> str:
    """Give the words of the paragraph being changed, as they stand."""
    text = edited(turn)
    shown = dict(zip(text.keys, text.draft.paragraphs, strict=True))
    return shown.get(turn.scratch("paragraph"), "")


def show_edit_text(turn: Turn) -> View:
    """Show the paragraph to rewrite."""
    body = say("edit_text", paragraph=paragraph_in_hand(turn))
    after = turn.scratch("paragraph").startswith("p")
    return View(body, column(buttons("edit_text", {"remove", *(["after"] if after else [])})))


def press_edit_text(turn: Turn, key: str) -> None:
    """Take the paragraph out, or write another one after it."""
    if key == "after":
        turn.fire("add_paragraph")
        return
    rewrite(turn, "")


def type_edit_text(turn: Turn, text: str) -> None:
    """Keep the new words of the paragraph."""
    words_given = _read(text)
    rewrite(turn, "" if words_given.strip() == REMOVE else words_given)


def _read(text: str) -> str:
    match read_text(text, PARAGRAPH_LIMIT):
        case Refused(code, params):
            raise Misunderstood(sentence(code, **params))
        case understood:
            return str(understood.value)


def rewrite(turn: Turn, text: str) -> None:
    """Put these words in place of the paragraph in hand."""
    draft = first_written(turn)
    keep_edits(turn, edits_of(turn).rewritten(draft, turn.scratch("paragraph"), text))
    done(turn)


def show_edit_add(turn: Turn) -> View:
    """Ask the words to add, and say after which paragraph they go."""
    after = paragraph_in_hand(turn) if turn.scratch("paragraph") != AT_END else ""
    return View(
        say("edit_add", after=first_words(after, PARAGRAPH_LABEL)), column(buttons("edit_add"))
    )


def press_edit_add(turn: Turn, key: str) -> None:
    """Add nothing."""
    turn.drop_scratch("paragraph")
    turn.fire(key)


def type_edit_add(turn: Turn, text: str) -> None:
    """Add a paragraph."""
    draft, added = first_written(turn), _read(text)
    chosen = turn.scratch("paragraph")
    place = last_place(draft) if chosen == AT_END else int(chosen[1:])
    keep_edits(turn, edits_of(turn).added(draft, place, added))
    done(turn)


def done(turn: Turn) -> None:
    """Show the text as it is now."""
    turn.drop_scratch("paragraph")
    turn.notes.append(say("edit_done"))
    turn.fire("answered")


HANDLERS = {
    "edit": Handler(show_edit, press_edit),
    "edit_fact": Handler(show_edit_fact, press_edit_fact),
    "edit_text": Handler(show_edit_text, press_edit_text, type_edit_text),
    "edit_add": Handler(show_edit_add, press_edit_add, type_edit_add),
}
