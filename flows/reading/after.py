"""When to come back, as people say it: « 8 jours après l’envoi », « fin du mois », « dans 10 jours », a date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from flows.reading.data import limits
from flows.reading.delays import read_delay
from flows.reading.moments import UNIT
from flows.reading.numerals import whole
from flows.reading.plain import short
from flows.reading.result import Reading, Refused, Understood

if TYPE_CHECKING:
    from datetime import date

Said: TypeAlias = Literal["echeance", "promesse", "envoi", "reception", "today"]
"""What a length of time was said to count from."""


@dataclass(frozen=True, slots=True)
class After:
    """So many months, then days, after something; `month_end`: after the end of its month."""

    days: int
    months: int
    base: Said
    month_end: bool = False


_BASES: dict[Said, str] = {
    "echeance": r"(?:l'|la date d'|le jour de l')?echeance(?: de la facture)?|la date limite",
    "promesse": r"(?:la |cette )?(?:date )?(?:promesse|promise)|le jour promis",
    "envoi": r"(?:l'|mon |cet |le dernier |le jour de l')?envoi|(?:le |mon )(?:dernier )?(?:message|mail|courriel)"
    r"|(?:la |ma )(?:derniere )?(?:relance|lettre)",
    "reception": r"(?:la |sa |le jour de la )?reception(?: de la lettre| du recommande)?"
    r"|l'(?:avis|accuse) de reception",
    "today": r"aujourd'?hui|maintenant|ce jour",
}
_OF = "|".join(f"(?P<{name}>{words})" for name, words in _BASES.items())
_MONTH_END = r"(?:(?:a |pour )?(?:la )?fin (?:du|de|de ce) mois|fin du mois en cours)"
_LENGTH = rf"(?!(?:a )?(?:la )?fin )(?P<count>[0-9]{{1,4}}|[a-z]+(?:[ -][a-z]+){{0,4}}?) ?(?P<unit>{UNIT})"
_AFTER = r"(?:apres|a partir de|a compter de|suivant|plus tard que)"
_WHOLE = re.compile(
    rf"(?:(?:dans |au bout de )?(?:{_LENGTH}|(?P<next>le lendemain)) (?:{_AFTER} |de )(?:le )?)?"
    rf"(?:(?P<end>{_MONTH_END})(?: (?:de |d'|du )?(?:{_OF}))?|(?:{_OF.replace('(?P<', '(?P<at_')}))"
)
_CLEAN = " .,;:!?"


def read_after(text: str, today: date) -> Reading[After | date]:
    """Read when to come back: a length of time after something, the end of a month, or a day to come.

    A length counted from today, and a date, are given as the day itself, after `today`. No more than
    `delay_days_max` days in all.
    """
    said = short(text, limits().short_max)
    match = _WHOLE.fullmatch(said.strip(_CLEAN)) if said else None
    if match is None or not (match["end"] or match["count"] or match["next"]):
        read = read_delay(text, today)
        if isinstance(read, Understood):
            day: After | date = read.value
            return Understood(day, read.notes)
        return Refused("after_unclear") if read.code == "delay_unclear" else read
    months, days = _length(match)
    if days is None or months is None:
        return Refused("after_unclear")
    most = limits().delay_days_max
    if days + 31 * months > most:
        return Refused("delay_too_long", {"most": str(most)})
    named = (name for name in _BASES if match[name] or match[f"at_{name}"])
    found: After | date = After(days, months, next(named, "today"), month_end=bool(match["end"]))
    return Understood(found)


def _length(match: re.Match[str]) -> tuple[int | None, int | None]:
    """Give the months and days of a length; of none said, no day."""
    if match["next"]:
        return 0, 1
    if not match["count"]:
        return 0, 0
    count, unit = whole(match["count"]), match["unit"]
    if count is None:
        return None, None
    if unit.startswith("j"):
        return 0, count
    if unit.startswith("s"):
        return 0, 7 * count
    return (count if unit == "mois" else 12 * count), 0
