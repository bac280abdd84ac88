"""Days counted safely: a date outside the calendar is None, never an exception."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from flows.reading.data import limits
from flows.reading.plain import near, slips_allowed
from flows.reading.result import Reading, Refused, Understood

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WEEKDAY_SHORT = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
WEEKDAY = {
    **{name: n for n, name in enumerate(WEEKDAYS)},
    **{name: n for n, name in enumerate(_WEEKDAY_SHORT)},
}
"""Folded names of the days -> 0 for Monday."""

_MONTHS = (
    "janvier janv jan",
    "fevrier fevr fev",
    "mars",
    "avril avr",
    "mai",
    "juin",
    "juillet juil jul",
    "aout aou",
    "septembre sept sep",
    "octobre oct",
    "novembre nov",
    "decembre dec",
)
MONTH = {word: n for n, names in enumerate(_MONTHS, 1) for word in names.split()}
"""Folded names of the months and their abbreviations -> 1 to 12."""


def month_named(word: str) -> int | None:
    """Give the month of a folded name, small slips allowed in a long one; None when it is none."""
    found = MONTH.get(word)
    if found is None and 5 <= len(word) <= 10:
        slips = min(slips_allowed(word), 1)
        close = {n for name, n in MONTH.items() if len(name) > 4 and near(word, name, slips)}
        found = close.pop() if len(close) == 1 else None
    return found


def day_of(year: int, month: int, day: int) -> date | None:
    """Give the date, None when the calendar has none."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def longest(month: int) -> int:
    """Give the most days the month can have."""
    return 29 if month == 2 else calendar.monthrange(2025, month)[1]


def after_days(day: date, days: int) -> date | None:
    """Give the date so many days later (earlier when negative), None outside the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def after_months(day: date, months: int) -> date | None:
    """Give the same day so many months later, the last day of a shorter month, None outside."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return day_of(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end(year: int, month: int) -> date | None:
    """Give the last day of the month, None outside the calendar."""
    if not 1 <= year <= 9999:
        return None
    return day_of(year, month, calendar.monthrange(year, month)[1])


def believed(found: date | None, today: date, notes: tuple[str, ...] = ()) -> Reading[date]:
    """Accept a date within the years in which one is believed."""
    low, high = today.year - limits().years_back, today.year + limits().years_ahead
    if found is None or not low <= found.year <= high:
        return Refused("date_year", {"low": str(low), "high": str(high)})
    return Understood(found, notes)


def shown(day: date) -> str:
    """Write a date as people do: 15/10/2026."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"
