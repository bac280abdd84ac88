"""What must be true of every life, each said in a sentence and checked over what was recorded.

A check yields what breaks it: the instant, and a line that says it.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from flows.dialogue.conversation import Moment
from flows.dialogue.library import due_at
from flows.dossier import Status
from flows.facts.legal import clocks_of
from flows.law.calendar import is_working_day
from flows.law.deadlines import StepState
from flows.law.limitation import Limitation, State
from flows.rhythm import Rhythm, rhythm_of
from tests.year.world import LIBRARY, PARIS, Saved, Sent

if TYPE_CHECKING:
    from tests.year.person import Person
    from tests.year.simulate import Tick, Year

Broken = Iterator[tuple[datetime, str]]
LEGAL = "!"
ASKED = "~"
"""What the key of a legal clock holds, and that of a reminder the person put off themselves."""
NIGHT = time(21)
EARLY = timedelta(days=7)
"""The last recalls of every clock come in the days before the one to aim at."""
LATE_WORD = "aurait dû"


@dataclass
class Life:
    """What was recorded of one person, with the hours at which the bot was up."""

    person: Person
    ticks: list[Tick]
    saved: dict[str, list[Saved]] = field(default_factory=lambda: defaultdict(list))
    sent: list[Sent] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)
    end: int = 0

    @cached_property
    def _known(self) -> list[Saved]:
        return sorted((s for states in self.saved.values() for s in states), key=lambda s: s.n)

    def rhythm_at(self, n: int) -> Rhythm:
        """Give what the person had chosen at a place in the order: hour, zone, quiet days, cap."""
        place = bisect_left(self._known, n, key=lambda state: state.n)
        return rhythm_of(self._known[place - 1].person if place else {}, PARIS)

    @cached_property
    def days_told(self) -> list[tuple[int, date]]:
        """The days on which something was told that no law counts, by the person's clocks."""
        return [
            (one.n, self.local(one.at, one.n).date()) for one in self.nudges if not is_legal(one)
        ]

    def may_be_told(self, tick: Tick, key: str) -> bool:
        """Say whether a reminder may be told at an hour: the rules of the house, worked out again."""
        rhythm = self.rhythm_at(tick.n)
        local = tick.now.astimezone(rhythm.zone)
        day = local.date()
        if not rhythm.hour <= local.time() < rhythm.latest:
            return False
        if LEGAL in key:
            return True
        told = {on for n, on in self.days_told if n < tick.n}
        quiet = rhythm.quiet_until is not None and day < rhythm.quiet_until
        if quiet or day in told or not is_working_day(day) or day.weekday() in rhythm.quiet_days:
            return False
        week = {day - timedelta(days=n) for n in range(1, 7)}
        return ASKED in key or rhythm.weekly_cap is None or len(week & told) < rhythm.weekly_cap

    @cached_property
    def nudges(self) -> list[Sent]:
        """Messages a reminder made, each once."""
        return [one for one in self.sent if one.woken and not one.again]

    @cached_property
    def _tick_places(self) -> list[int]:
        return [tick.n for tick in self.ticks]

    def ticks_between(self, first: int, last: int) -> list[Tick]:
        """Give the hours of the bot after a place in the order and before another."""
        places = self._tick_places
        return self.ticks[bisect_right(places, first) : bisect_left(places, last)]

    def heard_at(self, tick: Tick) -> bool:
        """Say whether messages reach the person as far as the bot knows, and in truth."""
        if self.person.blocked(tick.real):
            return False
        refused = self.refused[: bisect_left(self.refused, tick.n)]
        if not refused:
            return True
        wrote = bisect_left(self.heard, tick.n)
        return wrote > 0 and self.heard[wrote - 1] > refused[-1]

    def stretches(self) -> Iterator[tuple[Saved, int]]:
        """Give each state of each dossier with the place at which it ended."""
        for states in self.saved.values():
            yield from zip(states, [*[s.n for s in states[1:]], self.end], strict=True)

    def local(self, instant: datetime, n: int) -> datetime:
        """Give an instant by the clocks of the person, as they had said where they were."""
        return instant.astimezone(self.rhythm_at(n).zone)


def is_legal(message: Sent) -> bool:
    """Say whether a message tells of a legal clock."""
    return any(LEGAL in key for _, key in message.keys)


def lives(year: Year) -> Iterator[Life]:
    """Part what was recorded by person."""
    found = {chat: Life(person, year.ticks) for chat, person in year.people.items()}
    log = year.world.log
    for state in log.saved:
        found[state.chat].saved[state.dossier.id].append(state)
    for message in log.sent:
        found[message.chat].sent.append(message)
    for n, chat in log.refused:
        found[chat].refused.append(n)
    for n, chat in log.heard:
        found[chat].heard.append(n)
    for life in found.values():
        life.end = log.n + 1
        yield life


def derived(state: Saved, at: datetime) -> dict[str, int]:
    """Work out from its acts what a dossier should wake for: instants by key."""
    moment = Moment.at(at, PARIS).of(state.person)
    return {
        d.key: int(due_at(d, moment).timestamp()) for d in LIBRARY.reminders(state.dossier, moment)
    }


# --- what must be true -----------------------------------------------------------------------


def no_nudge_is_lost(life: Life) -> Broken:
    """A reminder still wanted on its day is told as soon as it may be, the bot up and the person reachable."""
    for state, after in life.stretches():
        due = min(state.rows.values(), default=None)
        if due is None:
            continue
        for tick in life.ticks_between(state.n, after):
            now = tick.now.timestamp()
            if now < due or not life.heard_at(tick):
                continue
            late = [k for k, at in state.rows.items() if at <= now and life.may_be_told(tick, k)]
            wanted = derived(state, tick.now) if late else {}
            for key in late:
                if key in wanted:
                    day = life.local(datetime.fromtimestamp(state.rows[key], UTC), tick.n)
                    yield tick.now, f"{state.dossier.id} {key}, due {day:%d/%m %H:%M}, is not told"
            if late:
                break


def none_fires_twice(life: Life) -> Broken:
    """A reminder fires once for its dossier and key, whatever is restarted or comes again."""
    for states in life.saved.values():
        for state in states:
            fired = [act.text("key") for act in state.dossier.told]
            for key in state.nudged:
                if fired.count(key) > 1:
                    yield state.at, f"{state.dossier.id} {key} fires again"


def what_fires_is_told(life: Life) -> Broken:
    """A reminder that fired leaves in a message; one refused by a person who had just left waits again."""
    told = {key for one in life.nudges for key in one.keys}
    for dossier, states in life.saved.items():
        state = states[-1]
        fired = [act.text("key") for act in state.dossier.told]
        if lost := [key for key in fired if (dossier, key) not in told]:
            yield state.at, f"{dossier} {lost} fired and was never sent"


def the_blocked_are_left_alone(life: Life) -> Broken:
    """Somebody who blocked the bot is written to once at most until they write again."""
    for first, second in pairwise(life.refused):
        if bisect_right(life.heard, first) == bisect_right(life.heard, second):
            yield life.ticks[-1].now, "is written to again while the bot is blocked"


def one_message_a_day(life: Life) -> Broken:
    """What is to be said on a day is said in one message, the legal clocks apart."""
    told: dict[date, datetime] = {}
    for one in life.nudges:
        if is_legal(one) or "buttons" not in one.item:
            continue
        day = life.local(one.at, one.n).date()
        if day in told:
            yield one.at, f"is told of reminders again on {day}, after {told[day]:%H:%M}"
        told[day] = one.at


def none_at_night(life: Life) -> Broken:
    """No reminder is told before the person's hour nor in the evening, by their own clocks."""
    for one in life.nudges:
        local, hour = life.local(one.at, one.n), life.rhythm_at(one.n).hour
        if not hour <= local.time() < NIGHT:
            yield one.at, f"{one.keys} told at {local:%H:%M}, their hour is {hour:%H:%M}"


def none_on_a_day_off(life: Life) -> Broken:
    """No ordinary reminder is told on a Saturday, a Sunday, a public holiday or a day kept quiet."""
    for one in life.nudges:
        if is_legal(one):
            continue
        day, rhythm = life.local(one.at, one.n).date(), life.rhythm_at(one.n)
        quiet = rhythm.quiet_until is not None and day < rhythm.quiet_until
        if quiet or not is_working_day(day) or day.weekday() in rhythm.quiet_days:
            yield one.at, f"{one.keys} told on {day:%A %d %B}"


def the_weekly_cap_is_kept(life: Life) -> Broken:
    """No more days a week than the person allows, what they asked for and the legal clocks apart."""
    for one in life.nudges:
        cap = life.rhythm_at(one.n).weekly_cap
        asked = any(ASKED in key for _, key in one.keys)
        if cap is None or is_legal(one) or asked:
            continue
        day = life.local(one.at, one.n).date()
        week = {day - timedelta(days=n) for n in range(1, 7)}
        before = {on for n, on in life.days_told if n < one.n and on in week}
        if len(before) >= cap:
            yield one.at, f"{one.keys} told on a day over {cap} in the week to {day}"


def none_after_an_end(life: Life) -> Broken:
    """A dossier that is paid, paused or closed is never told of by a reminder."""
    for one in life.nudges:
        for dossier, key in one.keys:
            known = [s for s in life.saved[dossier] if s.n < one.n]
            if known[-1].dossier.status is not Status.OPEN:
                yield one.at, f"{dossier} {key} is told while {known[-1].dossier.status.value}"


def a_late_one_says_so(life: Life) -> Broken:
    """A reminder told on a later day than its own says the day it should have come, and no other does."""
    for one in life.nudges:
        days = []
        for dossier, key in one.keys:
            known = [s for s in life.saved[dossier] if s.n < one.n and key in s.rows]
            if known:
                days.append(
                    life.local(datetime.fromtimestamp(known[-1].rows[key], UTC), one.n).date()
                )
        if not days or "text" not in one.item:
            continue
        late = min(days) < life.local(one.at, one.n).date()
        if late != (LATE_WORD in one.item["text"]):
            yield one.at, f"{one.keys} due {min(days)}: late is {late}, « {one.item['text'][:60]} »"


def rows_are_derived(life: Life) -> Broken:
    """What waits in the table is what the acts give; what days alone add is found by a row that wakes before it."""
    for state, after in life.stretches():
        ticks = life.ticks_between(state.n, after)
        for tick in ticks[:1] + ticks[-1:]:
            wanted, now = derived(state, tick.now), tick.now.timestamp()
            lacking = {k: at for k, at in wanted.items() if at > now and state.rows.get(k) != at}
            # A row that wakes makes all the rows anew, whether it still stands or not.
            if lacking and min(state.rows.values(), default=math.inf) >= min(lacking.values()):
                yield tick.now, f"{state.dossier.id} lacks {sorted(lacking.items())}"
            if not wanted and any(at > now for at in state.rows.values()):
                yield tick.now, f"{state.dossier.id} wants nothing and has {sorted(state.rows)}"


def every_clock_is_recalled(life: Life) -> Broken:
    """A legal clock is recalled before the day to aim at, while the bot is up and the person reachable."""
    for states in life.saved.values():
        running: dict[tuple[str, date], Saved] = {}
        bounds = [*[s.n for s in states[1:]], life.end]
        for state, after in zip(states, bounds, strict=True):
            if state.dossier.status is not Status.OPEN:
                continue  # taken up again, a clock that was recalled before is no other
            now = clocks_running(state, life)
            running = {clock: running.get(clock, state) for clock in now}
            for (name, safe), since in running.items():
                yield from _recalled(life, name, safe, since, (state, after))


def _recalled(
    life: Life, name: str, safe: date, since: Saved, stretch: tuple[Saved, int]
) -> Broken:
    """Check one clock in a stretch that its safe day falls in."""
    state, after = stretch
    ticks = life.ticks_between(state.n, after)
    if (
        not ticks
        or not life.local(state.at, state.n).date()
        <= safe
        < life.local(ticks[-1].now, after).date()
    ):
        return
    # Known the day before at the latest, and a working hour on which it could be said.
    begun = life.local(since.at, since.n).date()
    chances = [
        t
        for t in life.ticks_between(since.n, after)
        if max(begun, safe - EARLY) < life.local(t.now, t.n).date() <= safe
        and is_working_day(life.local(t.now, t.n).date())
        and life.may_be_told(t, LEGAL)
        and life.heard_at(t)
    ]
    told = any(
        key.startswith(f"{name}{LEGAL}") and since.n <= one.n
        for one in life.nudges
        for dossier, key in one.keys
        if dossier == state.dossier.id and life.local(one.at, one.n).date() <= safe
    )
    if chances and not told:
        yield chances[-1].now, f"{state.dossier.id}: {name}, to do by {safe}, is never recalled"


def clocks_running(state: Saved, life: Life) -> set[tuple[str, date]]:
    """Give the clocks the person must act on, each with the day to aim at."""
    if state.dossier.status is not Status.OPEN or state.dossier.due_on is None:
        return set()
    today = life.local(state.at, state.n).date()
    clocks = clocks_of(state.dossier, today, LIBRARY.law)
    found = {
        (step.id, step.deadline.safe_on)
        for step in clocks.steps
        if step.deadline and step.state is StepState.OPEN
    }
    if isinstance(clocks.limitation, Limitation) and clocks.limitation.state is not State.PASSED:
        found.add(("prescription", clocks.limitation.safe_on))
    return found


CHECKS: tuple[Callable[[Life], Broken], ...] = (
    no_nudge_is_lost,
    none_fires_twice,
    what_fires_is_told,
    the_blocked_are_left_alone,
    one_message_a_day,
    none_at_night,
    none_on_a_day_off,
    the_weekly_cap_is_kept,
    none_after_an_end,
    a_late_one_says_so,
    rows_are_derived,
    every_clock_is_recalled,
)


@dataclass(frozen=True)
class Violation:
    """A life that broke a rule."""

    check: str
    life: Life
    at: datetime
    what: str


def violations(year: Year) -> Iterator[Violation]:
    """Give all that breaks a rule, the first of each rule and person."""
    for life in lives(year):
        for check in CHECKS:
            broken = next(iter(check(life)), None)
            if broken:
                yield Violation(check.__name__, life, *broken)


def report(violation: Violation, seed: int, around: timedelta = timedelta(days=12)) -> str:
    """Write a violation: the rule, the seed, how to play that person alone, and what happened about that time."""
    person = violation.life.person
    again = f"python -m tests.year --seed {seed} --only {person.number} --days {person.days}"
    lines = [
        f"{violation.check}: {violation.what}",
        f"  on {violation.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC; play again: {again}",
    ]
    lines += [
        f"    {at:%Y-%m-%d %H:%M}  {what}"
        for at, what in person.story
        if abs(at - violation.at) <= around
    ]
    return "\n".join(lines[:80])
