"""A date of birth: a whole date, of somebody old enough to run a business."""

from __future__ import annotations

import re
from datetime import date

from flows.reading.data import limits
from flows.reading.days import day_of, month_named
from flows.reading.plain import fold, one_line
from flows.reading.result import Reading, Refused, Understood

_FIGURES = re.compile(r"(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_PACKED = re.compile(r"(\d{2})(\d{2})(\d{4})")
_IN_WORDS = re.compile(r"(\d{1,2})(?:er)?\s+([a-z]+)\.?\s+(\d{4}|\d{2})")
_AROUND = re.compile(r"^(?:je suis ne ?e? |ne ?e? |c'est )?(?:le )?|\.$")
_CENTURIES = (1900, 2000)


def read_birth_date(text: str, today: date) -> Reading[date]:
    """Read « 04/05/1990 », « 4 mai 1990 » or « 4-5-90 »; never a date without its year.

    Refused: `birth_unclear` when it is no whole date, `date_impossible` when the calendar has none,
    `birth_age` when the person would be too young or too old (`limits.yaml`).
    """
    said = _AROUND.sub("", fold(one_line(text)))
    if iso := _ISO.fullmatch(said):
        year, month, day = iso.groups()
    elif figures := _FIGURES.fullmatch(said) or _PACKED.fullmatch(said):
        day, month, year = figures.groups()
    elif (worded := _IN_WORDS.fullmatch(said)) and (named := month_named(worded[2])):
        day, month, year = worded[1], str(named), worded[3]
    else:
        return Refused("birth_unclear")
    years = [int(year)] if len(year) == 4 else [century + int(year) for century in _CENTURIES]
    found = [date_ for y in years if (date_ := day_of(y, int(month), int(day)))]
    if not found:
        return Refused("date_impossible", {"typed": said})
    low, high = limits().birth_age_min, limits().birth_age_max
    believed = [born for born in found if low <= _age(born, today) <= high]
    if len(believed) != 1:
        return Refused("birth_age" if len(found) == 1 else "birth_unclear")
    return Understood(believed[0])


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
