"""What is kept, taken away or erased by its person: `/exporter`, `/supprimer`, one dossier from its card."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flows.dialogue.actions import way_back
from flows.dialogue.choosing import chosen_key
from flows.dialogue.handler import Handler, Misunderstood, View, column
from flows.dialogue.intake import summary
from flows.dialogue.screens import Export
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import Turn

KEPT = (
    *("kept_identity", "kept_filing", "kept_wishes", "kept_dossiers", "kept_history"),
    *("kept_files", "kept_reminders", "kept_place", "kept_messages"),
)
"""The lines of /confidentialite: everything that is kept stands under one of them."""
WORD = "SUPPRIMER"
"""What must be typed, letter for letter, before anything is erased."""
KEEP, EXPORT, ERASE = "keep", "export", "erase_now"


class Forgotten(Exception):  # noqa: N818 - it is an outcome, not a fault
    """The person asked, in full knowledge, that all of theirs be erased; the message is the farewell, as HTML."""


def privacy(turn: Turn) -> str:
    """Say what is kept, why, where, for how long, and how to take or erase it."""
    keep = turn.library.retention
    return say(
        "privacy",
        lines=[words(one) for one in KEPT],
        finished=keep.finished_days if keep else 0,
        silent=keep.silent_days if keep else 0,
        sealed=turn.library.sealed,
    )


def export(turn: Turn) -> str:
    """Have all that is kept sent, unless it was a moment ago; give what is said of it."""
    before, every = turn.conversation.exported_at, timedelta(minutes=turn.library.export_minutes)
    now = turn.moment.now
    if before and now - datetime.fromisoformat(before) < every:
        return say("export_too_soon", minutes=turn.library.export_minutes)
    turn.conversation = replace(
        turn.conversation, exported_at=now.astimezone(UTC).isoformat(timespec="seconds")
    )
    name = words("export_name", on=turn.today.isoformat())
    turn.shown.append(Export(name, turn.today, words("export_caption")))
    return say("export_coming")


def show_erase_all(turn: Turn) -> View:
    """Say what goes, what stays and why, and ask for the word."""
    body = say("erase_all", word=WORD, dossiers=len(turn.book.outlines()))
    return View(body, column(buttons("erase_all")))


def press_erase_all(turn: Turn, key: str) -> None:
    """Take everything away first, or keep it all: the only button that erases is none."""
    if key == EXPORT:
        turn.notes.append(export(turn))
        turn.stay()
        return
    turn.notes.append(say("erase_kept"))
    if not turn.go_back():
        turn.fire("cancel")


def type_erase_all(turn: Turn, text: str) -> None:
    """Erase everything at the word; anything else is asked again."""
    if text.strip() == WORD:
        raise Forgotten(say("farewell"))
    press_erase_all(turn, _button(show_erase_all(turn), text))


def show_erase_one(turn: Turn) -> View:
    """Say what goes with the dossier in hand, and ask whether it may."""
    body = say("erase_one", client=summary(turn)[0], word=WORD)
    return View(body, (*column(buttons("erase_one")), *way_back(turn)))


def press_erase_one(turn: Turn, key: str) -> None:
    """Erase the dossier in hand: `key` is the only button of this question."""
    assert key == ERASE
    turn.erase_dossier()
    turn.notes.append(say("dossier_erased"))
    turn.fire("cancel")


def type_erase_one(turn: Turn, text: str) -> bool:
    """Erase at the word; False leaves anything else to the buttons."""
    if text.strip() != WORD:
        return False
    press_erase_one(turn, ERASE)
    return True


def _button(view: View, text: str) -> str:
    try:
        return chosen_key(view, text)
    except Misunderstood:
        raise Misunderstood(words("erase_word", word=WORD)) from None


HANDLERS = {
    "erase_all": Handler(show_erase_all, press_erase_all, type_erase_all),
    "erase_one": Handler(show_erase_one, press_erase_one, type_erase_one),
}
