"""French typography: amounts, dates, rates, plurals, no-break spaces.

The filters take `Decimal`, `int` or `date`, never floats, and let a blank through untouched.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, overload

from letters.elision import mute_h

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NBSP = "\u00a0"
"""No-break space: before : ; ? ! % €, inside « »."""
THIN = "\u202f"
"""Narrow no-break space: between thousands."""

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
_VOWELS = frozenset("aàâeéèêëiîïoôuùûyœæ")
"""Letters « de » elides before."""


class Blank:
    """A fact left to be filled by hand; printing it records its name in `used`."""

    __slots__ = ("label", "name", "used")

    def __init__(self, name: str, label: str, used: set[str]) -> None:
        self.name = name
        self.label = label
        self.used = used

    def __str__(self) -> str:
        self.used.add(self.name)
        return f"[{self.label}]"


def _digits(number: Decimal) -> str:
    return f"{number:,f}".replace(",", THIN).replace(".", ",")


@overload
def euros(amount: Decimal | int) -> str: ...
@overload
def euros(amount: Blank) -> Blank: ...
def euros(amount: Decimal | int | Blank) -> str | Blank:
    """Write an amount in euros: `1 250,00 €`, rounded half up to the cent.

    Raises TypeError on anything but Decimal or int (a float has already lost cents).
    """
    if isinstance(amount, Blank):
        return amount
    if isinstance(amount, bool) or not isinstance(amount, Decimal | int):
        raise TypeError(f"euros takes a Decimal or an int, not {type(amount).__name__}")
    cents = Decimal(amount).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{_digits(cents)}{NBSP}€"


@overload
def pourcent(rate: Decimal | int) -> str: ...
@overload
def pourcent(rate: Blank) -> Blank: ...
def pourcent(rate: Decimal | int | Blank) -> str | Blank:
    """Write a rate given in percent, with two decimals at least: `12,40 %`, `10,125 %`."""
    if isinstance(rate, Blank):
        return rate
    if isinstance(rate, bool) or not isinstance(rate, Decimal | int):
        raise TypeError(f"pourcent takes a Decimal or an int, not {type(rate).__name__}")
    rate = Decimal(rate).normalize()
    exponent = rate.as_tuple().exponent
    if isinstance(exponent, int) and exponent > -2:
        rate = rate.quantize(Decimal("0.01"))
    return f"{_digits(rate)}{NBSP}%"


def _day(value: object) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise TypeError(f"a day is a date, not {type(value).__name__}")
    return value


@overload
def date_longue(day: date) -> str: ...
@overload
def date_longue(day: Blank) -> Blank: ...
def date_longue(day: date | Blank) -> str | Blank:
    """Write a day in full: `1er octobre 2026`, unbroken between day and month."""
    if isinstance(day, Blank):
        return day
    day = _day(day)
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{_MONTHS[day.month - 1]} {day.year}"


@overload
def date_courte(day: date) -> str: ...
@overload
def date_courte(day: Blank) -> Blank: ...
def date_courte(day: date | Blank) -> str | Blank:
    """Write a day in figures: `15/10/2026`."""
    if isinstance(day, Blank):
        return day
    return f"{_day(day):%d/%m/%Y}"


def pluriel(count: int | Blank, one: str, many: str = "") -> str | Blank:
    """Write a count with its noun, plural from two on: `1 jour`, `8 jours`.

    `many` is the plural, `one` + « s » by default.
    """
    if isinstance(count, Blank):
        return count
    if isinstance(count, bool) or not isinstance(count, int):
        raise TypeError(f"pluriel takes an int, not {type(count).__name__}")
    noun = one if abs(count) < 2 else (many or f"{one}s")
    return f"{_digits(Decimal(count))}{NBSP}{noun}"


def enumeration(items: Iterable[object], before: str = "") -> str:
    """Join with commas and « et », each item preceded by `before`: `du 3 et du 12 octobre`."""
    written = [f"{before}{item}" for item in items]
    if len(written) < 2:
        return "".join(written)
    return f"{', '.join(written[:-1])} et {written[-1]}"


@overload
def iban(number: str) -> str: ...
@overload
def iban(number: Blank) -> Blank: ...
def iban(number: str | Blank) -> str | Blank:
    """Group an IBAN by four with no-break spaces; what is not one stays as typed."""
    if isinstance(number, Blank):
        return number
    bare = re.sub(r"[\s\u00a0\u202f]", "", number)
    if not re.fullmatch(r"[A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30}", bare):
        return number
    return NBSP.join(bare[i : i + 4] for i in range(0, len(bare), 4))


@overload
def siret(number: str) -> str: ...
@overload
def siret(number: Blank) -> Blank: ...
def siret(number: str | Blank) -> str | Blank:
    """Group a SIREN or SIRET as printed (`123 456 789 00012`); anything else stays as typed."""
    if isinstance(number, Blank):
        return number
    bare = re.sub(r"[\s\u00a0\u202f]", "", number)
    if not re.fullmatch(r"\d{9}(\d{5})?", bare):
        return number
    groups = [bare[0:3], bare[3:6], bare[6:9], bare[9:]]
    return NBSP.join(group for group in groups if group)


def de(town: str | Blank) -> str:
    """Write a town after « de »: `de Paris`, `d’Avignon`, `du Mans`, `des Sables-d’Olonne`."""
    if isinstance(town, Blank):
        return f"de {town}"
    if article := re.match(r"(?:le|les) (?=\S)", town, re.IGNORECASE):
        joined = "du" if len(article[0]) == len("le ") else "des"
        return f"{joined} {town[article.end() :]}"
    elides = town[:1].lower() in _VOWELS or mute_h(town)
    return f"d’{town}" if elides else f"de {town}"


def d_(name: str | Blank) -> str:
    """Write a person or a firm after « de »: `d’Atelier Orange SARL`, `de Le Mas SARL`, never joined."""
    return f"d’{name}" if _elides(name) else f"de {name}"


def que(name: str | Blank) -> str:
    """Write a person or a firm after « que »: `qu’Aline Henry`, `que Dupont SARL`."""
    return f"qu’{name}" if _elides(name) else f"que {name}"


def _elides(name: str | Blank) -> bool:
    """Tell whether a word is shortened before a name: « d’Yves », but « de Yannick »."""
    if isinstance(name, Blank):
        return False
    first, second = name[:1].lower(), name[1:2].lower()
    vowel = first in _VOWELS and not (first == "y" and second in _VOWELS)
    return vowel or mute_h(name)


def phrase(text: str | Blank) -> str:
    """End with one full stop what a person typed, unless it ends by itself."""
    written = str(text)
    ended = not isinstance(text, Blank) and written.endswith((".", "!", "?", "…"))
    return written if ended else f"{written}."


def piece(exhibits: Sequence[Mapping[str, Any]] | None, words: Sequence[str], rank: int) -> str:
    """Name the exhibit a sentence rests on, after it: ` (pièce n° 2)`.

    It is the one of `exhibits` ({number, title}) whose title has one of `words` (in small letters)
    soonest; "" when none has, and `rank`, its place among the enclosures, when none was sent.
    """
    if not exhibits:
        return f" (pièce n°{NBSP}{rank})"
    titles = [(str(item["title"]).lower(), item["number"]) for item in exhibits]
    found = [
        (title.index(word), at, number)
        for at, (title, number) in enumerate(titles)
        for word in words
        if word in title
    ]
    return f" (pièce n°{NBSP}{min(found)[2]})" if found else ""


def pieces(
    exhibits: Sequence[Mapping[str, Any]] | None, words: Sequence[str], rank: int, count: int
) -> str:
    """Name every exhibit a sentence rests on: ` (pièces n° 1 et 2)`.

    They are all those of `exhibits` whose title has one of `words`; when none was sent, the `count` enclosures from
    `rank`.
    """
    numbers = [
        item["number"]
        for item in exhibits or ()
        if any(word in str(item["title"]).lower() for word in words)
    ]
    if not exhibits:
        numbers = list(range(rank, rank + count))
    if not numbers:
        return ""
    noun = "pièces" if len(numbers) > 1 else "pièce"
    return f" ({noun} n°{NBSP}{enumeration(numbers)})"


_TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)
_SPACINGS = (
    (re.compile(r"'"), "’"),
    (re.compile(r" (?=[:;?!»%€])"), NBSP),
    (re.compile(r"« "), f"«{NBSP}"),
    (re.compile(r"n° "), f"n°{NBSP}"),
    (re.compile(r"\b([LDR])\. (?=\d)"), rf"\1.{NBSP}"),
    (re.compile(rf"\b(SIRE[NT](?:{NBSP}:)?) \Z"), rf"\1{NBSP}"),
)


def typeset(source: str) -> str:
    """Put French apostrophes and no-break spaces in a template's own words.

    Only the text between Jinja2 tags is touched, so what a person typed never is.
    """
    parts = _TAG.split(source)
    for at in range(0, len(parts), 2):
        for pattern, by in _SPACINGS:
            parts[at] = pattern.sub(by, parts[at])
    return "".join(parts)
