"""What each state must offer: what it shows, and how it takes a button or a typed answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from flows.dialogue.screens import Choice, Shown
from flows.dialogue.turn import Turn

MULTI = 2
"""Short labels stand two a row; a long one has a row of its own."""
SHORT = 18


class Misunderstood(Exception):  # noqa: N818 - it is an outcome, not a fault
    """What was typed cannot be read; the message is the plain sentence that says what was expected."""


@dataclass(frozen=True, slots=True)
class View:
    """What a state shows: texts and files first, then a screen with `body` and `rows` of buttons.

    Button data here are the bare keys of this state; `flows.dialogue.step` adds the number of the screen.
    `yes` and `no` are the keys that a plain « oui » or « non » presses. `unseen` are buttons one press away: their
    words are understood all the same.
    """

    body: str
    rows: tuple[tuple[Choice, ...], ...] = ()
    before: tuple[Shown, ...] = ()
    hint: str = ""
    placeholder: str = ""
    yes: str = ""
    no: str = ""
    unseen: tuple[Choice, ...] = ()

    @property
    def choices(self) -> list[Choice]:
        """All buttons, in reading order."""
        return [choice for row in self.rows for choice in row]


@dataclass(frozen=True, slots=True)
class Handler:
    """How one state shows itself and reads an answer.

    `pressed` takes the key of a button that `show` offers; `typed` takes a text, and raises `Misunderstood`
    when it cannot read it. Without `typed`, or when it gives False, a text is read as the words or the number
    of a button.
    """

    show: Callable[[Turn], View]
    pressed: Callable[[Turn, str], None]
    typed: Callable[[Turn, str], bool | None] | None = field(default=None)


def column(choices: Iterable[Choice]) -> tuple[tuple[Choice, ...], ...]:
    """Put each button on a row of its own."""
    return tuple((choice,) for choice in choices)


def grid(choices: Iterable[Choice]) -> tuple[tuple[Choice, ...], ...]:
    """Put short neighbours side by side, two a row, and long ones alone."""
    rows: list[tuple[Choice, ...]] = []
    for choice in choices:
        last = rows[-1] if rows else ()
        fits = len(choice.label) <= SHORT
        if fits and last and len(last) < MULTI and all(len(c.label) <= SHORT for c in last):
            rows[-1] = (*last, choice)
        else:
            rows.append((choice,))
    return tuple(rows)


def no_button(turn: Turn, key: str) -> None:
    """Stand for `pressed` in a state that shows no button of its own: none can be pressed."""
    raise AssertionError(f"{turn.state} offers no button: {key}")
