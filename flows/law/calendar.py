"""Working days, months and half-years, as French law counts them (arts 640 to 642 CPC).

Every day is a local `date` of Europe/Paris. The public holidays are those of `calendar.yaml`:
metropolitan France. The days proper to Alsace-Moselle or overseas stand apart: they never carry a
delay over, and nothing is planned on them where they are, or may be, observed.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from flows.law.strict import keys
from flows.yamlfile import load_yaml

ONE_DAY = timedelta(days=1)
_POSTCODE_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where someone lives, as far as the delays are concerned. None: not known.

    `overseas`: in an overseas department or territory of France. `abroad`: outside France.
    """

    alsace_moselle: bool | None = None
    overseas: bool | None = None
    abroad: bool = False


_LOCAL = frozenset({"postcodes", "fixed", "after_easter"})
_KEYS = frozenset(
    {"label", "reference", "last_checked_on", "fixed", "after_easter", "closed_weekdays", "local"}
)


@cache
def _data() -> Mapping[str, Any]:
    where = "calendar.yaml"
    data = keys(where, load_yaml(files("flows.law") / where), _KEYS)
    local = keys(f"{where}: local", data["local"], {"alsace_moselle", "overseas", "not_france"})
    for name in ("alsace_moselle", "overseas"):
        keys(f"{where}: {name}", local[name], _LOCAL)
    return data


def easter(year: int) -> date:
    """Give Easter Sunday of a Gregorian year (algorithm of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * weekday) // 433
    month = (h + weekday - 7 * m + 90) // 25
    return date(year, month, (h + weekday - 7 * m + 33 * month + 19) % 32)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Give the legal public holidays of a year (art. L3133-1 C. trav.)."""
    data, sunday = _data(), easter(year)
    fixed = {date(year, month, day) for month, day in data["fixed"].values()}
    return frozenset(fixed | {sunday + timedelta(days=n) for n in data["after_easter"].values()})


def place_of(postcode: str) -> Place:
    """Tell what a French postcode says of a place; a text that is none says nothing: `Place()`."""
    code, local = postcode.strip(), _data()["local"]
    if len(code) != _POSTCODE_DIGITS or not (code.isascii() and code.isdigit()):
        return Place()
    return Place(
        alsace_moselle=code.startswith(tuple(local["alsace_moselle"]["postcodes"])),
        overseas=code.startswith(tuple(local["overseas"]["postcodes"])),
        abroad=code.startswith(tuple(local["not_france"])),
    )


@cache
def local_holidays(year: int, place: Place) -> frozenset[date]:
    """Give the days kept free at a place besides the legal ones, those it may observe included.

    They never carry a delay over (their effect on art. 642 CPC is not settled).
    """
    if place.abroad:
        return frozenset()
    local, found = _data()["local"], set()
    for name, there in (("alsace_moselle", place.alsace_moselle), ("overseas", place.overseas)):
        if there is not False:
            found |= {date(year, month, day) for month, day in local[name]["fixed"].values()}
            found |= {
                easter(year) + timedelta(days=n) for n in local[name]["after_easter"].values()
            }
    return frozenset(found)


def is_appointment_day(day: date, place: Place) -> bool:
    """Tell whether something may be planned on a day at a place: a working day, not kept free."""
    return is_working_day(day) and day not in local_holidays(day.year, place)


def next_appointment_day(day: date, place: Place) -> date:
    """Give the day itself when something may be planned on it, else the first one after it."""
    while not is_appointment_day(day, place):
        day += ONE_DAY
    return day


def previous_appointment_day(day: date, place: Place) -> date:
    """Give the day itself when something may be planned on it, else the last one before it."""
    while not is_appointment_day(day, place):
        day -= ONE_DAY
    return day


def is_working_day(day: date) -> bool:
    """Tell whether a day is neither a Saturday, a Sunday nor a public holiday."""
    return day.weekday() not in _data()["closed_weekdays"] and day not in public_holidays(day.year)


def next_working_day(day: date) -> date:
    """Give the day itself when it is a working day, else the first one after it (art. 642 CPC)."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def previous_working_day(day: date) -> date:
    """Give the day itself when it is a working day, else the last one before it."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def add_months(day: date, n: int) -> date:
    """Give the same quantième n months on, or the last day of that month (art. 641 CPC)."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def semester_start(day: date) -> date:
    """Give the first day of the half-year a day belongs to: 1 January or 1 July."""
    return date(day.year, 1 if day.month <= 6 else 7, 1)


def semester_end(day: date) -> date:
    """Give the last day of the half-year a day belongs to: 30 June or 31 December."""
    return date(day.year, 6, 30) if day.month <= 6 else date(day.year, 12, 31)
