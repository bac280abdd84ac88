"""French numbers in letters, up to the millions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNITS = [
    "zero",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
]
_TENS = {
    "vingt": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "septante": 70,
    "huitante": 80,
    "octante": 80,
    "nonante": 90,
}
_HUNDRED = frozenset({"cent", "cents"})
_THOUSAND = frozenset({"mille", "milles"})
_MILLION = frozenset({"million", "millions"})


def _below_hundred() -> dict[str, int]:
    small = {word: value for value, word in enumerate(_UNITS)}
    small |= {f"dix {_UNITS[n]}": 10 + n for n in (7, 8, 9)}
    result = {**small, "une": 1}
    for word, tens in _TENS.items():
        result[word] = tens
        for unit, value in small.items():
            if not value or (value > 9 and word != "soixante"):
                continue
            joint = " et " if value in {1, 11} else " "
            result[f"{word}{joint}{unit}"] = tens + value
            result[f"{word} {unit}"] = tens + value
        result[f"{word} et une"] = tens + 1
    for eighty in ("quatre vingt", "quatre vingts"):
        result[eighty] = 80
        result |= {f"{eighty} {unit}": 80 + value for unit, value in small.items() if value}
    return result


BELOW_HUNDRED = _below_hundred()
"""Folded words joined by one space -> value, from « zero » to « quatre vingt dix neuf »."""

_Found = tuple[int, int]


def _small(tokens: Sequence[str], at: int) -> _Found | None:
    for length in (4, 3, 2, 1):
        if at + length <= len(tokens):
            value = BELOW_HUNDRED.get(" ".join(tokens[at : at + length]))
            if value is not None:
                return value, at + length
    return None


def _hundreds(tokens: Sequence[str], at: int) -> _Found | None:
    head = _small(tokens, at)
    times, after = head or (1, at)
    if after < len(tokens) and tokens[after] in _HUNDRED and (head is None or 1 < times < 20):
        rest = _small(tokens, after + 1)
        return (times * 100 + rest[0], rest[1]) if rest else (times * 100, after + 1)
    return head


def cardinal(tokens: Sequence[str], at: int = 0) -> _Found | None:
    """Read a number in letters from `tokens[at]`: (value, index after it), or None."""
    start, total = at, 0
    for scale_words, scale in ((_MILLION, 1_000_000), (_THOUSAND, 1000)):
        head = _hundreds(tokens, at)
        times, after = head or (1, at)
        if after < len(tokens) and tokens[after] in scale_words and (head or scale == 1000):
            total += times * scale
            at = after + 1
    rest = _hundreds(tokens, at)
    if rest:
        total += rest[0]
        at = rest[1]
    return (total, at) if at > start else None


def whole(said: str) -> int | None:
    """Read a folded text that is nothing but a whole number below 10,000, in digits or letters."""
    if said.isascii() and said.isdigit():
        return int(said) if len(said) <= 4 else None
    tokens = said.replace("-", " ").split()
    found = cardinal(tokens)
    return found[0] if found and found[1] == len(tokens) and found[0] < 10_000 else None
