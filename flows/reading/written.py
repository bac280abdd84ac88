"""What a contract says or does not say: words shared by the readers of terms and of rates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flows.reading.data import vocabulary
from flows.reading.numerals import whole
from flows.reading.plain import words

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

NOT_WRITTEN = "aucun"
"""The text form of terms or of a rate that the invoice does not say."""

_DOUBT = re.compile(
    r"\b(?:je crois|je pense|il me semble|sans doute|normalement|en principe|sauf erreur"
    r"|peut[ -]etre|environ|a peu pres)\b"
)
_PLAIN = frozenset(" .,;:!?()'\"«»=")


def says_nothing_written(said: str) -> bool:
    """Tell whether a folded text says that nothing is written, or that it is not known."""
    known = vocabulary()
    joined = f" {' '.join(words(said))} "
    for phrase in known.not_written:
        before, found, after = joined.partition(f" {phrase} ")
        if found and all(w in known.around_not_written for w in (before + " " + after).split()):
            return True
    return False


def without_doubt(said: str) -> tuple[str, tuple[str, ...]]:
    """Take « je crois », « environ » out of a folded text; the note "to_check" when it was there."""
    sure = " ".join(_DOUBT.sub(" ", said).split())
    return (sure, ()) if sure == said else (sure, ("to_check",))


def seen_only(said: str) -> str:
    """Give a folded text without its emoji and other symbols that say nothing."""
    kept = "".join(c if c.isalnum() or c in "+-%*/€×$£" or c in _PLAIN else " " for c in said)
    return " ".join(kept.split())


def in_digits(said: str, before: str) -> str:
    """Write in digits the numbers in letters that stand right before the pattern `before`."""
    return re.sub(
        rf"(?<![a-z])(?:[a-z]+[ -]){{1,5}}?(?={before})", lambda m: _number_last(m[0]), said
    )


def _number_last(said: str) -> str:
    tokens = said.replace("-", " ").split()
    for at in range(len(tokens)):
        count = whole(" ".join(tokens[at:]))
        if count is not None:
            return " ".join([*tokens[:at], str(count), ""])
    return said


def harmless(rest: str, allowed: AbstractSet[str], marks: str = "") -> bool:
    """Tell whether `rest` holds only words that are `allowed`, and punctuation or `marks`."""
    if any(not (c.isalnum() or c in _PLAIN or c in marks) for c in rest):
        return False
    return all(word in allowed for word in words(rest))
