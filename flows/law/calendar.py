"""Working days, months and half-years, as French law counts them (arts 640 to 642 CPC).

Every day is a local `date` of Europe/Paris. The public holidays are those of `calendar.yaml`:
metropolitan France, without the days proper to Alsace-Moselle or overseas.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from flows.yamlfile import load_yaml

ONE_DAY = timedelta(days=1)


@cache
def _data() -> dict[str, Any]:
    data = load_yaml(files("flows.law") / "calendar.yaml")
    expected = {
        "label",
        "reference",
        "last_checked_on",
        "fixed",
        "after_easter",
        "closed_weekdays",
    }
    if not isinstance(data, dict) or set(data) != expected:
        raise ValueError(f"calendar.yaml: the keys must be exactly {sorted(expected)}")
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


def add_working_days(day: date, n: int) -> date:
    """Give the n-th working day after a day, or before it when n is negative."""
    step = ONE_DAY if n >= 0 else -ONE_DAY
    left = abs(n)
    while left:
        day += step
        left -= is_working_day(day)
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
