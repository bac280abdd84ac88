"""When a person is spoken to: at their hour, on days worked, once a day, not too often in a week.

What a dossier waits for is derived from its acts (`flows.ladder`); this says at which instant of that day it is
told, and when what came too late or at night is told instead. The habits are in `rhythm.yaml`, what the person chose
in their own facts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from flows.law.calendar import ONE_DAY, is_working_day
from flows.reading.rhythm import zone_named
from flows.values import Facts
from flows.yamlfile import load_yaml

HOUR, ZONE, QUIET_DAYS, QUIET_UNTIL, WEEKLY_CAP = (
    "digest_hour",
    "timezone",
    "quiet_days",
    "quiet_until",
    "weekly_cap",
)
"""Facts of the person that set their rhythm."""
FACTS = frozenset({HOUR, ZONE, QUIET_DAYS, QUIET_UNTIL, WEEKLY_CAP})
NO_CAP = "sans"
NONE = "aucun"
"""Values that say « as often as needed » and « no such day »."""
_SEARCH_DAYS = 800
"""A rhythm without an open day for so long is a mistake: the longest silence that can be asked for is shorter."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One person's rhythm. `quiet_days`: weekdays, Monday is 0; `weekly_cap`: None without one.

    `latest` is the hour from which nothing is said any more that day.
    """

    hour: time
    latest: time
    zone: tzinfo
    quiet_days: frozenset[int] = frozenset()
    quiet_until: date | None = None
    weekly_cap: int | None = None
    window: int = 7

    def at(self, day: date) -> datetime:
        """Give the instant a day's reminders are told: the person's hour, by their clocks."""
        return datetime.combine(day, self.hour, tzinfo=self.zone)

    def is_open(self, day: date) -> bool:
        """Say whether a day is worked (no Saturday, Sunday nor public holiday) and not kept quiet."""
        return is_working_day(day) and day.weekday() not in self.quiet_days

    def next_digest(
        self, now: datetime, told: Collection[date], *, capped: bool = True
    ) -> datetime:
        """Give the first instant from `now` on when reminders may be told: `now` itself when they may.

        `told`: days on which some were told already, once a day at most. `capped` False: what the person
        asked for themselves, which counts in no cap. Raises ValueError when no day is open.
        """

        def may(day: date) -> bool:
            if not self.is_open(day) or day in told:
                return False
            if self.quiet_until and day < self.quiet_until:
                return False
            if not capped or self.weekly_cap is None:
                return True
            first = day - timedelta(days=self.window - 1)
            return sum(1 for one in told if first <= one < day) < self.weekly_cap

        return self._first(now, may)

    def next_daytime(self, now: datetime) -> datetime:
        """Give the first instant from `now` on that is not at night: whatever the day, for what cannot wait."""
        return self._first(now, lambda _: True)

    def _first(self, now: datetime, may: Callable[[date], bool]) -> datetime:
        local = now.astimezone(self.zone)
        day = local.date() if local.time() < self.latest else local.date() + ONE_DAY
        for _ in range(_SEARCH_DAYS):
            if may(day):
                return max(now, self.at(day))
            day += ONE_DAY
        raise ValueError("this rhythm leaves no day to speak on")


@cache
def _habits() -> dict[str, Any]:
    return dict(load_yaml(resources.files("flows") / "rhythm.yaml"))


def earliest_and_latest() -> tuple[time, time]:
    """Give the hour of habit and the one from which nothing is said."""
    return time.fromisoformat(_habits()["hour"]), time.fromisoformat(_habits()["latest"])


def _late(hour: time) -> time:
    """Give the end of the least window of an hour chosen late: a bot restarted meanwhile still tells it."""
    ends = datetime.combine(date.min, hour) + timedelta(minutes=int(_habits()["late_minutes"]))
    return min(ends.time(), time.fromisoformat(_habits()["late_until"]))


def rhythm_of(person: Facts, usual: tzinfo) -> Rhythm:
    """Give the rhythm a person chose, the habits for the rest; `usual`: the zone of who chose none."""
    until = person.get(QUIET_UNTIL)
    return _rhythm(
        str(person[HOUR]) if HOUR in person else None,
        str(person.get(WEEKLY_CAP, _habits()["weekly_cap"])),
        until if isinstance(until, date) else None,
        str(person.get(QUIET_DAYS, NONE)),
        zone_named(str(person.get(ZONE, ""))) or usual,
    )


@lru_cache(maxsize=256)
def _rhythm(
    hour: str | None, cap: str, quiet_until: date | None, quiet_days: str, zone: tzinfo
) -> Rhythm:
    """Make a rhythm. Nearly everybody has that of habit, asked for several times an update."""
    usual_hour, latest = earliest_and_latest()
    told = time.fromisoformat(hour) if hour is not None else usual_hour
    return Rhythm(
        hour=told,
        latest=max(latest, _late(told)),
        zone=zone,
        quiet_days=weekdays_of(quiet_days),
        quiet_until=quiet_until,
        weekly_cap=None if cap == NO_CAP else int(cap),
        window=int(_habits()["window_days"]),
    )


def weekdays_of(kept: str) -> frozenset[int]:
    """Read weekdays as a fact keeps them: their numbers, « 2 4 », or « aucun »."""
    return frozenset(int(one) for one in kept.split()) if kept != NONE else frozenset()


def usual_values() -> Facts:
    """Give what counts while a person chose nothing, by fact; the zone is the host's."""
    hour, _ = earliest_and_latest()
    return {
        HOUR: f"{hour:%H:%M}",
        QUIET_DAYS: NONE,
        QUIET_UNTIL: NONE,
        WEEKLY_CAP: str(_habits()["weekly_cap"]),
    }
