"""When somebody wants to be spoken to: an hour, days of the week kept quiet, a time zone."""

from __future__ import annotations

import re
from datetime import time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flows.reading.data import limits
from flows.reading.days import WEEKDAY, WEEKDAYS
from flows.reading.plain import one_of, short
from flows.reading.result import Reading, Refused, Understood
from flows.reading.showing import shown_words

_HOUR = re.compile(
    r"(?:a |vers |le )?(?P<hour>[0-9]{1,2})(?: ?(?:h|heures?|:) ?(?P<minute>[0-5][0-9])?)?"
    r"(?: ?du (?P<part>matin|soir)| de l'(?P<noon>apres-midi))?"
)
_NAMED = {"midi": time(12), "le matin": time(9), "matin": time(9)}
_DAY = re.compile(rf"\b(?P<day>{one_of(WEEKDAY)})s?\b")
_NO_DAY = frozenset({"aucun", "aucun jour", "non", "rien", "jamais", "pas de jour"})
_BETWEEN = re.compile(r"\b(?:le|les|et|puis|pas|jours?|tous|toute|la|journee|week-end)\b|[,;.+/]")
_WEEKEND = frozenset({5, 6})
"""Days on which nothing is said anyway."""
_ZONE = re.compile(r"[A-Za-z]{2,20}(?:/[A-Za-z0-9_+-]{1,30}){1,2}")
NO_DAYS = "aucun"
"""The text form of no quiet day."""


def read_hour(text: str) -> Reading[str]:
    """Read an hour of the day (« 9 h », « 8h30 », « 6 heures du soir ») as « HH:MM », within `limits`."""
    said = (short(text, limits().short_max) or "").strip(" .,;:!?")
    found = _NAMED.get(said)
    if found is None:
        match = _HOUR.fullmatch(said)
        if match is None:
            return Refused("hour_unclear")
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        if hour < 12 and (match["part"] == "soir" or match["noon"]):
            hour += 12
        if hour > 23:
            return Refused("hour_unclear")
        found = time(hour, minute)
    low, high = time(limits().hour_min), time(limits().hour_max)
    if not low <= found <= high:
        return Refused("hour_range", {"low": _shown(low), "high": _shown(high)})
    return Understood(f"{found:%H:%M}")


def show_hour(form: str) -> str:
    """Say an hour kept as « HH:MM » in French: « 9 h », « 8 h 30 »."""
    return _shown(time.fromisoformat(form))


def _shown(hour: time) -> str:
    return f"{hour.hour} h {hour.minute:02}" if hour.minute else f"{hour.hour} h"


def read_weekdays(text: str) -> Reading[str]:
    """Read days of the week to be left alone (« le mercredi et le vendredi », « aucun »).

    Gives their numbers from 0 for Monday, parted by spaces, or `NO_DAYS`. A day is left to speak on.
    """
    said = (short(text, limits().short_max) or "").strip(" .,;:!?")
    if said in _NO_DAY:
        return Understood(NO_DAYS)
    days = {WEEKDAY[match["day"]] for match in _DAY.finditer(said)}
    rest = _BETWEEN.sub(" ", _DAY.sub(" ", said))
    if not days or rest.split():
        return Refused("weekdays_unclear")
    if days >= frozenset(range(7)) - _WEEKEND:
        return Refused("weekdays_all")
    kept = sorted(days - _WEEKEND)
    return Understood(" ".join(map(str, kept)) if kept else NO_DAYS)


def show_weekdays(form: str) -> str:
    """Say weekdays kept as numbers in French: « mercredi et vendredi »."""
    if form == NO_DAYS:
        return shown_words()["weekdays_none"]
    names = [WEEKDAYS[int(day)] for day in form.split()]
    *most, last = names
    return f"{', '.join(most)} et {last}" if most else last


def read_zone(text: str) -> Reading[str]:
    """Read the name of a time zone as the database writes it: « Europe/Brussels »."""
    name = text.strip()
    known = _ZONE.fullmatch(name) and zone_named(name)
    return Understood(name) if known else Refused("zone_unclear")


@lru_cache(maxsize=512)  # anybody can type names of zones that are none
def zone_named(name: str) -> ZoneInfo | None:
    """Give a zone by its name in the time zone database, None when there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
