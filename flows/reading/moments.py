"""Days told from today or from a part of a month: « il y a 3 semaines », « fin septembre », « lundi »."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from flows.reading.days import (
    MONTH,
    WEEKDAY,
    after_days,
    after_months,
    believed,
    day_of,
    month_end,
)
from flows.reading.numerals import whole
from flows.reading.plain import one_of
from flows.reading.result import Reading, Refused

if TYPE_CHECKING:
    from datetime import date

Prefer: TypeAlias = Literal["past", "future"]

WEEKDAY_NAME = one_of(WEEKDAY)
MONTH_NAME = one_of(MONTH)
UNIT = r"jours?|jrs?|j|semaines?|sem|mois|ans?|annees?"
"""Regular expressions of a folded day name, month name and unit of time."""

AGO = r"(?:il )?y ?'?a|ily ?a"
_WAY = rf"(?:(?P<way>{AGO}|ca fait|sa fait|cela fait|voila|dans|ds|sous|d'?ici) )?(?:a )?"
_RELATIVE = re.compile(
    rf"{_WAY}(?:environ |a peu pres |presque |bien |deja |(?:un peu )?plus (?:de |d'?(?=un)))?"
    rf"(?P<count>[0-9]{{1,4}}|[a-z]+(?:[ -][a-z]+){{0,4}}?) ?(?P<unit>{UNIT})(?P<half> et demie?)?(?: deja)?"
)
_DOZENS = {"huitaine": 8, "dizaine": 10, "quinzaine": 15, "vingtaine": 20, "trentaine": 30}
_DOZEN = re.compile(rf"{_WAY}(?:une |la )?(?P<count>{one_of(_DOZENS)})(?: de jours)?")
_PART = re.compile(
    r"(?P<part>debut|mi|milieu|fin)[ -](?:de |du |d'|le )?"
    rf"(?P<month>{MONTH_NAME}|mois)\.?"
    r"(?: (?:(?P<year>[0-9]{2}|[0-9]{4})|(?P<turn>dernier|passe|prochain)))?"
)
_WEEK = re.compile(
    rf"(?P<weekday>{WEEKDAY_NAME})\.?"
    r"(?: (?P<turn>dernier|passe|prochain|qui vient|qui suit|en huit|en quinze|en 8|en 15"
    r"|de la semaine (?:derniere|passee|prochaine)))?"
)


def relative(rest: str, today: date, way: Prefer | None) -> Reading[date] | None:
    """Read « il y a 3 semaines », « dans 8 jours », « sous huitaine »; None when it is no such thing.

    `way` is the side known from what stood before, if any.
    """
    exact, half = False, False
    if match := _DOZEN.fullmatch(rest):
        count: int | None = _DOZENS[match["count"]]
        unit = "jour"
        exact = match["count"] in {"huitaine", "quinzaine"} and match["way"] in {"dans", "sous"}
    elif match := _RELATIVE.fullmatch(rest):
        count = whole(match["count"])
        unit, half = match["unit"], match["half"] is not None
        exact = unit.startswith("j")
    else:
        return None
    if match["way"]:
        way = "future" if match["way"] in {"dans", "ds", "sous", "d'ici", "dici"} else "past"
    if count is None:
        return None
    if way is None:
        return Refused("date_direction")
    found = shifted(today, count if way == "future" else -count, unit)
    if half and found:
        found = _half_more(found, unit, 1 if way == "future" else -1)
    return believed(found, today, () if exact else ("approximate",))


def shifted(day: date, count: int, unit: str) -> date | None:
    """Give the day `count` units of `UNIT` later, None outside the calendar."""
    if unit.startswith("j"):
        return after_days(day, count)
    if unit.startswith("s"):
        return after_days(day, 7 * count)
    return after_months(day, count if unit == "mois" else 12 * count)


def _half_more(day: date, unit: str, way: int) -> date | None:
    """Add the half of « un mois et demi »: fifteen days, half a week or six months."""
    if unit == "mois":
        return after_days(day, 15 * way)
    if unit.startswith("a"):
        return after_months(day, 6 * way)
    return after_days(day, (4 if unit.startswith("s") else 0) * way)


def part_of_month(bare: str, today: date, prefer: Prefer) -> Reading[date] | None:
    """Read « fin septembre », « mi-octobre »; None when it is no such thing."""
    match = _PART.fullmatch(bare)
    if match is None:
        return None
    turn = match["turn"]
    if match["month"] == "mois":
        if match["year"]:
            return None
        first = after_months(today.replace(day=1), {"prochain": 1, None: 0}.get(turn, -1))
        found = _in_part(match["part"], first.year, first.month) if first else None
        return believed(found, today, ("approximate",))
    if turn:
        prefer = "future" if turn == "prochain" else "past"
    month, year = MONTH[match["month"]], match["year"]
    if year:
        y = int(year) + (today.year // 100 * 100 if len(year) == 2 else 0)
        return believed(_in_part(match["part"], y, month), today, ("approximate",))
    notes = ("approximate",) if turn else ("approximate", "year_assumed")
    step = -1 if prefer == "past" else 1
    for y in (today.year, today.year + step):
        found = _in_part(match["part"], y, month)
        if found and (found <= today if prefer == "past" else found >= today):
            return believed(found, today, notes)
    return believed(None, today)


def _in_part(part: str, year: int, month: int) -> date | None:
    if part == "fin":
        return month_end(year, month)
    return day_of(year, month, 1 if part == "debut" else 15)


def weekday(bare: str, today: date, prefer: Prefer) -> Reading[date] | None:
    """Read « lundi dernier », « vendredi »: never today itself; None when it is no such thing."""
    match = _WEEK.fullmatch(bare)
    if match is None:
        return None
    wanted, turn = WEEKDAY[match["weekday"]], match["turn"] or ""
    ahead = (wanted - today.weekday() - 1) % 7 + 1
    behind = (today.weekday() - wanted - 1) % 7 + 1
    if turn.startswith("de la semaine"):
        monday = -today.weekday() + (7 if turn.endswith("prochaine") else -7)
        days = monday + wanted
    elif turn in {"en huit", "en 8"}:
        days = ahead + 7
    elif turn in {"en quinze", "en 15"}:
        days = ahead + 14
    elif turn in {"prochain", "qui vient", "qui suit"}:
        days = ahead
    elif turn:
        days = -behind
    else:
        days = -behind if prefer == "past" else ahead
    return believed(after_days(today, days), today)
