"""Reading a typed text as one of the buttons on the screen."""

from __future__ import annotations

from flows.dialogue.handler import Misunderstood, View
from flows.dialogue.texts import words
from flows.reading import Understood, read_choice, read_yes_no


def said_button(view: View, text: str) -> str:
    """Give the key of the button whose very words were typed, "" for anything else, a number included."""
    said = " ".join(text.lower().replace("'", "’").split())
    return next((c.data for c in view.choices if c.label.lower() == said), "")


def chosen_key(view: View, text: str) -> str:
    """Give the key of the button that a text names by its number, its words, or a plain yes or no.

    Raises `Misunderstood` when it is none of them, or could be two.
    """
    match read_choice(text, [(choice.data, choice.label) for choice in view.choices]):
        case Understood(key, _):
            return str(key)
    if not text.strip().isdecimal():  # a number counts what is seen
        match read_choice(text, [(choice.data, choice.label) for choice in view.unseen]):
            case Understood(key, _):
                return str(key)
    match read_yes_no(text):
        case Understood(agreed, _):
            key = view.yes if agreed else view.no
            if key in {choice.data for choice in view.choices}:
                return key
    raise Misunderstood(words("not_understood", hint=view.hint))
