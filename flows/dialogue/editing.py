"""Changing a draft: a paragraph rewritten, taken out or added, a fact corrected, the last change undone."""

from __future__ import annotations

from flows.dialogue.edits import first_words, last_place
from flows.dialogue.handler import Handler, Misunderstood, View, column, grid
from flows.dialogue.noting import NOTICE
from flows.dialogue.screens import Choice
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import Turn
from flows.dialogue.writing import document, edited, edits_of, first_written, keep_edits
from flows.facts import fact, registry
from flows.facts.owed import of_notice
from flows.reading import Refused, read_text, sentence

PARAGRAPH_LIMIT = 2000
"""Characters of a paragraph the person writes: a page would not fit the chat."""
PARAGRAPH_LABEL = 34
COMPUTED_BUT_ASKABLE = ("instalments", "first_instalment_on", "gesture_amount")
"""Facts that have a usual value, which the person may want to change."""
PAGE = 12
"""Paragraphs, or facts, listed at a time."""
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
    told = NOTICE if any(of_notice(a) for a in turn.need_dossier().acts) else ""
    return [
        name
        for name in dict.fromkeys([*names, *stated])
        if name in known and name not in {"debtor_kind", told}
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
        if place not in text.draft.headings
    ]
    wanted = {"facts", "add", "answered", *(["undo"] if edits_of(turn) else [])}
    shown, more = _page(turn, paragraphs)
    return View(say("edit"), column([*shown, *buttons("edit", wanted | more)]))


def _page(turn: Turn, choices: list[Choice]) -> tuple[list[Choice], set[str]]:
    """Give the part of a long list to show, and the keys that lead to the rest."""
    if len(choices) <= PAGE:
        return choices, set()
    first = min(int(turn.scratch("part") or 0), (len(choices) - 1) // PAGE) * PAGE
    more = {"more"} if first + PAGE < len(choices) else {"start"}
    return choices[first : first + PAGE], more


def _turn_page(turn: Turn, key: str) -> None:
    turn.set_scratch(part=int(turn.scratch("part") or 0) + 1 if key == "more" else 0)
    turn.stay()


def press_edit(turn: Turn, key: str) -> None:
    """Pick a paragraph to rewrite, add one, undo, or go on to the facts."""
    match key:
        case "more" | "start":
            _turn_page(turn, key)
        case "facts":
            turn.drop_scratch("part")
            turn.fire("list_facts")
        case "answered":
            turn.drop_scratch("part")
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
    shown, more = _page(turn, facts)
    return View(
        say("edit_fact"), (*grid(shown), *column(buttons("edit_fact", {"answered"} | more)))
    )


def press_edit_fact(turn: Turn, key: str) -> None:
    """Ask one of them again, or leave all as it is."""
    if key in {"more", "start"}:
        _turn_page(turn, key)
        return
    turn.drop_scratch("part")
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


def _refuse_when_full(turn: Turn) -> None:
    if edits_of(turn).full:
        raise Misunderstood(words("edits_full"))


def rewrite(turn: Turn, text: str) -> None:
    """Put these words in place of the paragraph in hand."""
    _refuse_when_full(turn)
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
    _refuse_when_full(turn)
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
