"""Typed text made plain: what every reader does first, in linear time whatever is typed."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
_SPACES = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
# Invisible formatting, bidirectional overrides, lone surrogates and non-characters: none can be
# seen, and some cannot be stored or can make a name read otherwise than it is.
_INVISIBLE = (
    0xAD,
    *range(0x600, 0x606),
    0x61C,
    0x6DD,
    0x70F,
    0x180E,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFE0F,
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
    0xFFFE,
    0xFFFF,
    *range(0xD800, 0xE000),
    *range(0xE0000, 0xE0080),
)
_DASHES = (*range(0x2010, 0x2016), 0x2212, 0xFE63, 0xFF0D)
_APOSTROPHES = (0x60, 0xB4, 0x2018, 0x2019, 0x201B, 0x2BC, 0x2032)

_CLEAN: dict[int, str | None] = {
    **dict.fromkeys(_INVISIBLE, None),
    **dict.fromkeys(_CONTROLS, " "),
}
_KEEP_LINES = {**_CLEAN, 0x0A: "\n", 0x0D: "\n", 0x2028: "\n", 0x2029: "\n"}


def _base(code: int) -> str:
    return unicodedata.normalize("NFD", chr(code).lower())[0]


# One character becomes one character (or none): a folded text that was cleaned before keeps its
# positions, so what is found in the folded text can be cut out of the typed one.
_FOLD: dict[int, str | None] = {
    **{code: _base(code) for code in (*range(0x41, 0x250), *range(0x1E00, 0x1F00))},
    **{code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)},
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_APOSTROPHES, "'"),
    **_CLEAN,
}


def fold(text: str) -> str:
    """Give `text` in lower case, without accents, with plain dashes and single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).replace("œ", "oe").replace("Œ", "oe")
    return " ".join(text.translate(_FOLD).split())


def fold_in_place(clean: str) -> str:
    """Fold a text made by `one_line`, position for position."""
    return clean.translate(_FOLD)


def short(text: str, longest: int) -> str | None:
    """Fold an answer that should be short; None when it has more than `longest` characters."""
    text = text.strip()
    return fold(text) if len(text) <= longest else None


def one_line(text: str) -> str:
    """Give `text` as it was typed, on one line, without what cannot be seen."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_CLEAN).split())


def lines(text: str) -> list[str]:
    """Give the lines of `text` that hold something, each as `one_line` gives it."""
    broken = unicodedata.normalize("NFC", text).translate(_KEEP_LINES).split("\n")
    return [line for line in (" ".join(part.split()) for part in broken) if line]


def words(folded: str) -> list[str]:
    """Give the words of a folded text: letters and digits only."""
    return re.findall(r"[^\W_]+", folded)


def near(typed: str, wanted: str, most: int) -> bool:
    """Tell whether `typed` becomes `wanted` in at most `most` slips.

    A slip is a letter too many, one missing, another one, or two swapped.
    """
    if abs(len(typed) - len(wanted)) > most:
        return False
    before: list[int] = []
    row = list(range(len(wanted) + 1))
    for i, letter in enumerate(typed, 1):
        two_before, before, row = before, row, [i]
        for j, other in enumerate(wanted, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 < j and letter == wanted[j - 2] and typed[i - 2] == other:
                cost = min(cost, two_before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
    return row[-1] <= most


def slips_allowed(word: str) -> int:
    """Give how many slips of the keyboard a word of this length may hold."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def one_of(options: Iterable[str]) -> str:
    """Give the options as a regular expression, longest first so that none hides another."""
    return "|".join(sorted(map(re.escape, options), key=len, reverse=True))
