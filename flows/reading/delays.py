"""Delays (« 15j », « 2 semaines », « demain », a date) and small whole numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flows.reading.data import limits
from flows.reading.dates import read_date
from flows.reading.days import after_days, shown
from flows.reading.moments import UNIT, shifted
from flows.reading.numerals import whole
from flows.reading.plain import short
from flows.reading.result import Reading, Refused, Understood

if TYPE_CHECKING:
    from datetime import date

_LENGTH = re.compile(
    r"(?:dans|ds|sous|d'?ici|pour|de|apres)? ?(?:environ )?"
    rf"(?P<count>[0-9]{{1,4}}|[a-z]+(?:[ -][a-z]+){{0,4}}?)"
    rf" ?(?P<unit>{UNIT}|heures?|h)(?: plus tard)?"
)
_J_PLUS = re.compile(r"j ?\+ ?(?P<count>[0-9]{1,4})")
_DOZEN = re.compile(r"(?:dans|sous|d'ici)? ?(?:une )?(?P<count>huitaine|quinzaine)(?: de jours)?")
_COUNTED = re.compile(
    r"(?:en |sur |par |pour )?(?P<count>[+-]?[0-9]{1,9}|[a-z]+(?:[ -][a-z]+){0,4}?)"
    r" ?(?:x|fois|mensualites?|echeances?|versements?|mois|paiements?|reglements?)?"
)


def read_delay(text: str, today: date) -> Reading[date]:
    """Read until when: a length of time counted from `today`, or a date to come.

    Always gives a day after `today`, at most `delay_days_max` days away, with `read_date`'s notes.
    """
    said = short(text, limits().short_max)
    if not said:
        return Refused("delay_unclear")
    said = said.strip(" .,;:!?")
    if re.search(r"\b(?:ouvres?|ouvrables?)\b", said):
        return Refused("delay_working_days")
    if match := _DOZEN.fullmatch(said):
        return _ahead(after_days(today, 8 if match["count"] == "huitaine" else 15), today)
    if match := _J_PLUS.fullmatch(said):
        return _ahead(after_days(today, int(match["count"])), today)
    if match := _LENGTH.fullmatch(said):
        count, unit = whole(match["count"]), match["unit"]
        if count is not None and unit.startswith("h"):
            if count % 24:
                return Refused("delay_unclear")
            count, unit = count // 24, "jours"
        if count is not None:
            return _ahead(shifted(today, count, unit), today)
    read = read_date(text, today, prefer="future")
    if isinstance(read, Understood):
        return _ahead(read.value, today, read.notes)
    return Refused("delay_unclear") if read.code in {"date_unclear", "date_needs_month"} else read


def _ahead(found: date | None, today: date, notes: tuple[str, ...] = ()) -> Reading[date]:
    most = limits().delay_days_max
    if found is None or (found - today).days > most:
        return Refused("delay_too_long", {"most": str(most)})
    if found <= today:
        return Refused("delay_past", {"today": shown(today)})
    return Understood(found, notes)


def read_count(text: str, low: int, high: int) -> Reading[int]:
    """Read a whole number from `low` to `high` included (« 3 », « trois fois », « en 3x »)."""
    bounds = {"low": str(low), "high": str(high)}
    said = short(text, limits().short_max)
    match = _COUNTED.fullmatch(said.strip(" .,;:!?")) if said else None
    if match is None:
        return Refused("count_unclear", bounds)
    typed = match["count"]
    count = int(typed) if typed.lstrip("+-").isdigit() else whole(typed)
    if count is None:
        return Refused("count_unclear", bounds)
    return Understood(count) if low <= count <= high else Refused("count_range", bounds)
