"""Dates as people type them. The day always comes before the month, and nothing is guessed.

A date without its year is the nearest past or the nearest future, as the question asks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from flows.reading.data import limits
from flows.reading.days import (
    WEEKDAY,
    WEEKDAYS,
    after_days,
    after_months,
    believed,
    day_of,
    longest,
    month_named,
    shown,
)
from flows.reading.moments import (
    MONTH_NAME,
    WEEKDAY_NAME,
    Prefer,
    part_of_month,
    relative,
    weekday,
)
from flows.reading.numerals import BELOW_HUNDRED
from flows.reading.plain import short
from flows.reading.result import Reading, Refused, Understood

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

_NAMED_DAYS = {
    "avant-avant-hier": -3,
    "avant-hier": -2,
    "avant hier": -2,
    "avanthier": -2,
    "hier": -1,
    "aujourd'hui": 0,
    "aujourdhui": 0,
    "aujourd hui": 0,
    "aujourdui": 0,
    "aujourd'ui": 0,
    "auj": 0,
    "ajd": 0,
    "ce jour": 0,
    "ce matin": 0,
    "ce midi": 0,
    "cet apres-midi": 0,
    "ce soir": 0,
    "demain": 1,
    "apres-demain": 2,
    "apres demain": 2,
    "apresdemain": 2,
}
_LEAD = re.compile(
    r"(?:(?:ah|euh|ben|alors|je dirais|je crois|je pense|c'etait|c'est|ca date|cela date|ce sera"
    r"|ca sera|datee?|datant|avant(?! hier)|au plus tard|a partir|jusqu'au|jusqu'a"
    r"|pour|vers|autour|aux alentours|environ"
    r"|a peu pres|plutot|normalement|l'echeance|echeance|etait|est|payable|a payer|due?|dus"
    r"|d'?ici(?= (?:l[ae] |l'|au |fin |debut |mi[ -]|milieu |lun|mar|mer|jeu|ven|sam|dim)))[ :,]+)*"
)
_ABOUT = re.compile(
    r"\b(?:vers|autour|aux alentours|environ|a peu pres|je crois|il me semble|je pense|presque|plus de)\b"
)
_TRAIL = re.compile(
    r"(?:[ ,]+(?:je crois|je pense|il me semble|au plus tard|a peu pres|environ|normalement|merci))+$"
)
_ARTICLE = re.compile(r"(?:le|la|du|au|de|ce) |l'|d'")
_PART_OF_DAY = re.compile(r" (?:dans la )?(?:matin|midi|apres-midi|apres midi|aprem|soir)$")

_ON = rf"(?:(?P<weekday>{WEEKDAY_NAME})\.?,? (?:le )?)?"
_DIGITS = re.compile(
    rf"{_ON}(?P<day>[0-9]{{1,2}}) ?(?P<sep>[/. -]) ?(?P<month>[0-9]{{1,2}})"
    r"(?: ?(?P=sep) ?(?P<year>[0-9]{1,6})| (?P<turn>dernier|passe|prochain))?"
)
_GLUED = re.compile(r"(?P<day>[0-3][0-9])(?P<month>[01][0-9])(?P<year>20[0-9]{2})")
_ISO = re.compile(
    r"(?P<year>[0-9]{4})(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})"
)
_DAY = r"(?P<day>[0-9]{1,2}|premier|[a-z]+(?:[ -][a-z]+){0,3}?) ?(?:er|eme|e)?"
_LETTERS = re.compile(
    rf"{_ON}{_DAY}[ /.-]{{0,2}}(?P<month>[a-z]{{3,10}})\.?"
    r"(?:[ /.-]{0,2}(?:de )?(?:l'an )?(?:'?(?P<year>[0-9]{1,6})|(?P<turn>dernier|passe|prochain)))?"
)
_DAY_ALONE = re.compile(
    rf"{_ON}{_DAY}"
    r"(?P<month> (?:du|de ce) mois(?: (?P<turn>dernier|passe|prochain|suivant|en cours))?"
    r"| courant)?"
)
_MONTH_ONLY = re.compile(
    rf"(?:(?:courant|mois|en|mois de|mois d') ?)?(?:{MONTH_NAME})\.?"
    r"(?: (?:[0-9]{4}|dernier|prochain))?"
    r"|[0-9]{1,2}[/.-](?:19|20)[0-9]{2}"
    r"|mois (?:dernier|passe|prochain|ci)|(?:semaine|annee) (?:derniere|passee|prochaine)"
    r"|an (?:dernier|passe|prochain)|ete|hiver|printemps|automne"
)


def read_date(text: str, today: date, prefer: Prefer = "past") -> Reading[date]:
    """Read one day. `today` is the local day; `prefer` settles a date that says no year.

    Notes: "year_assumed", with "far_year" when that makes it far (`limits.yaml`: « 1/12 » typed on
    2 December is next year's), "month_assumed" (« le 15 »), "approximate" (« fin septembre »,
    « il y a 3 semaines »). Refused: a day that does not exist, a thirteenth month, a weekday that
    does not fit, a month or a year alone, a year out of belief, anything else.
    """
    said = short(text, limits().short_max)
    if not said:
        return Refused("date_missing" if said == "" else "date_unclear")
    said = said.lstrip(" :,-")
    lead = _LEAD.match(said)
    rest = said[lead.end() if lead else 0 :].strip(' .,;:!?()«»"')
    rest = _TRAIL.sub("", rest)
    since = rest.startswith(("depuis ", "des "))
    if since:
        rest = rest.partition(" ")[2]
    known = _NAMED_DAYS.get(rest)
    if known is not None:
        return believed(after_days(today, known), today)
    rest = _PART_OF_DAY.sub("", rest)
    known = _NAMED_DAYS.get(rest)
    if known is not None:
        return believed(after_days(today, known), today)
    article = _ARTICLE.match(rest)
    bare = rest[article.end() :] if article else rest
    way: Prefer | None = "past" if since else None
    found = _read(_Said(rest, bare, way, article is not None), today, prefer)
    if isinstance(found, Refused):
        return found
    notes = found.notes
    if "year_assumed" in notes and _far(found.value, today):
        notes = (*notes, "far_year")
    if "approximate" not in notes and _ABOUT.search(said):
        notes = (*notes, "approximate")
    return Understood(found.value, notes)


def _far(found: date, today: date) -> bool:
    ahead = (found - today).days
    return ahead > limits().far_days_ahead or -ahead > limits().far_days_back


class _Said(NamedTuple):
    """A date as said: with and without its article, and the side that « depuis » tells."""

    rest: str
    bare: str
    way: Prefer | None
    article: bool


def _read(said: _Said, today: date, prefer: Prefer) -> Reading[date]:
    bare = said.bare
    if match := _ISO.fullmatch(bare) or _GLUED.fullmatch(bare):
        return _full(match["day"], match["month"], match["year"], today, prefer)
    if match := _DIGITS.fullmatch(bare):
        return _in_digits(match, today, prefer)
    if match := _LETTERS.fullmatch(bare):
        day, month = _day_number(match["day"]), month_named(match["month"])
        if day is not None and month is not None:
            return _in_letters(match, day, month, today, prefer)
    readers: tuple[Callable[[], Reading[date] | None], ...] = (
        lambda: relative(said.rest, today, said.way),
        lambda: part_of_month(bare, today, prefer),
        lambda: weekday(bare, today, prefer),
        lambda: _day_alone(bare, today, prefer, allowed=said.article),
    )
    for reader in readers:
        if (found_or_none := reader()) is not None:
            return found_or_none
    if _MONTH_ONLY.fullmatch(bare):
        return Refused("date_needs_day")
    if re.fullmatch(r"(?:en |annee |fin |debut )?(?:19|20)[0-9]{2}", bare):
        return Refused("date_needs_day_and_month")
    if re.fullmatch(r"[0-9]{1,2}", bare):
        return Refused("date_needs_month")
    return Refused("date_unclear")


def _in_digits(match: re.Match[str], today: date, prefer: Prefer) -> Reading[date]:
    if match["turn"]:  # « 15/10 dernier »
        return _in_letters(match, int(match["day"]), int(match["month"]), today, prefer)
    found = _full(match["day"], match["month"], match["year"], today, prefer)
    if match["year"] is None and int(match["month"]) > 12 and match["sep"] != "/":
        return Refused("date_unclear")
    return _on_weekday(found, match["weekday"])


def _full(day: str, month: str, year: str | None, today: date, prefer: Prefer) -> Reading[date]:
    d, m = int(day), int(month)
    if m > 12:
        return Refused("date_month", {"month": str(m)})
    if m == 0 or not 1 <= d <= longest(m):
        return Refused("date_impossible", {"typed": "/".join(p for p in (day, month, year) if p)})
    if year is None:
        return _nearest_year(d, m, today, prefer)
    if len(year) == 2:
        y = today.year // 100 * 100 + int(year)
    elif len(year) == 4:
        y = int(year)
    else:
        return believed(None, today)
    found = day_of(y, m, d)
    if found is None and 1 <= y <= 9999:
        return Refused("date_impossible", {"typed": f"{day}/{month}/{year}"})
    return believed(found, today)


A_YEAR = 366
"""Days within which the year of a date need not be said; a 29 February may be further."""


def _nearest_year(day: int, month: int, today: date, prefer: Prefer) -> Reading[date]:
    """Take the year that puts the date nearest on the side asked for, within twelve months."""
    years = (today.year, today.year - 1) if prefer == "past" else (today.year, today.year + 1)
    for year in years:
        found = day_of(year, month, day)
        ahead = (found - today).days if found else 0
        near = -A_YEAR <= ahead <= 0 if prefer == "past" else 0 <= ahead <= A_YEAR
        if found and near:
            return believed(found, today, ("year_assumed",))
    return Refused("date_needs_year")


def _on_weekday(found: Reading[date], weekday: str | None) -> Reading[date]:
    """Refuse a date whose weekday was said and is not its own."""
    if isinstance(found, Refused) or weekday is None:
        return found
    if found.value.weekday() == WEEKDAY[weekday]:
        return found
    return Refused(
        "date_weekday",
        {
            "date": shown(found.value),
            "weekday": WEEKDAYS[found.value.weekday()],
            "typed": WEEKDAYS[WEEKDAY[weekday]],
        },
    )


def _day_number(said: str) -> int | None:
    if said in {"premier", "1er"}:
        return 1
    return int(said) if said.isdigit() else BELOW_HUNDRED.get(said.replace("-", " "))


def _in_letters(
    match: re.Match[str], day: int, month: int, today: date, prefer: Prefer
) -> Reading[date]:
    turn = match["turn"]
    if turn:
        prefer = "future" if turn == "prochain" else "past"
    found = _full(f"{day:02}", f"{month:02}", match["year"], today, prefer)
    if turn and isinstance(found, Understood):
        found = Understood(found.value)
    return _on_weekday(found, match["weekday"])


def _day_alone(bare: str, today: date, prefer: Prefer, *, allowed: bool) -> Reading[date] | None:
    """Read « le 15 », « lundi 15 », « le 15 du mois dernier »."""
    match = _DAY_ALONE.fullmatch(bare)
    day = _day_number(match["day"]) if match else None
    if match is None or day is None or not (allowed or match["weekday"] or match["month"]):
        return None
    if not 1 <= day <= 31:
        return Refused("date_impossible", {"typed": str(day)})
    if match["month"]:
        shift = {"dernier": -1, "passe": -1, "prochain": 1, "suivant": 1}.get(
            match["turn"] or "", 0
        )
        first = after_months(today.replace(day=1), shift)
        found = day_of(first.year, first.month, day) if first else None
        if first and found is None:
            return Refused("date_impossible", {"typed": f"{day:02}/{first.month:02}"})
        return _on_weekday(believed(found, today), match["weekday"])
    step = -1 if prefer == "past" else 1
    for months in range(3):  # every day from 1 to 31 exists in one of any two months running
        first = after_months(today.replace(day=1), months * step)
        found = day_of(first.year, first.month, day) if first else None
        ahead = (found - today).days if found else 0
        near = -A_YEAR <= ahead <= 0 if prefer == "past" else 0 <= ahead <= A_YEAR
        if found and near:
            return _on_weekday(believed(found, today, ("month_assumed",)), match["weekday"])
    return believed(None, today)
