"""Counting days: working days, and the first day on which one may disturb anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

Calendar = Callable[[date], bool]
"""Says whether a day is a working day: the caller's calendar, with its public holidays."""

_SEARCH_DAYS = 60
"""A calendar without a working day for so long is a mistake of the caller."""


def monday_to_friday(day: date) -> bool:
    """Say whether a day is a weekday; knows no public holiday."""
    return day.weekday() < 5


def after(day: date, days: int) -> date:
    """Give the day so many days later."""
    return day + timedelta(days=days)


def paced(days: int, pace: Decimal) -> int:
    """Stretch or shorten a habitual delay, whole days, never under one."""
    return max(int((days * pace).to_integral_value(ROUND_CEILING)), 1)


def open_day(day: date, calendar: Calendar, closed_weekdays: frozenset[int]) -> date:
    """Give `day` or the first day after it that is worked. Raises ValueError when the calendar has none."""
    for ahead in range(_SEARCH_DAYS):
        candidate = after(day, ahead)
        if candidate.weekday() not in closed_weekdays and calendar(candidate):
            return candidate
    raise ValueError(f"the calendar has no working day in the {_SEARCH_DAYS} days from {day}")


def working_days_after(
    day: date, number: int, calendar: Calendar, closed_weekdays: frozenset[int]
) -> date:
    """Give the day reached after `number` working days. Raises ValueError as `open_day` does."""
    for _ in range(number):
        day = open_day(after(day, 1), calendar, closed_weekdays)
    return day
