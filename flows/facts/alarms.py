"""The days on which a legal clock is recalled, early enough to act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from flows import law as law_room
from flows.dossier import OF_THE_BOT, ActKind, Dossier
from flows.facts.legal import LegalClocks, clocks_of, limitation_of
from flows.law.calendar import ONE_DAY, next_working_day, previous_working_day
from flows.law.deadlines import ClockStep, StepState
from flows.law.limitation import Limitation, State
from flows.law.wording import day_text
from flows.yamlfile import load_yaml


@dataclass(frozen=True, slots=True)
class Alarm:
    """A day to recall a legal clock; `key` names it in its dossier, `why` is French without a full stop."""

    key: str
    on: date
    why: str
    what: str


_OF_NO_CLOCK = frozenset(
    {*OF_THE_BOT, ActKind.EXHIBIT_ADDED, ActKind.SNOOZED, ActKind.STEPPED, ActKind.DELAYED}
)
"""Acts that start no legal clock and move none."""
_MARK = "!"
_MISSED = f"{_MARK}missed"
"""How the key of the alarm that follows a last day ends."""
_WAITS = frozenset({StepState.WAITING, StepState.OVER})
_HELD = frozenset({State.SUSPENDED, State.INTERRUPTED_OPEN})
"""States of a limitation period that a procedure holds."""
_SPEAKING = _WAITS | {StepState.OPEN, StepState.MISSED}
"""States of a step that have a day to be recalled on."""


@cache
def _data() -> Mapping[str, Any]:
    return dict(load_yaml(resources.files("flows.facts") / "alarms.yaml"))


def alarms_of(
    dossier: Dossier, today: date, law: law_room.Law, clocks: LegalClocks | None = None
) -> tuple[Alarm, ...]:
    """Give the alarms of a dossier, earliest first: those to come, and of each clock the last one missed.

    An alarm that fired, or that fell before the dossier was opened, is not given again. `clocks` are those
    of the dossier on that day, when they were worked out already.
    """
    fired = {act.text("key") for act in dossier.told}
    told = _last_told(dossier)
    running: frozenset[str] | None = None
    found: list[Alarm] = []
    for clock in _clocks(dossier, today, law, clocks):
        known = [alarm for alarm in clock if alarm.on >= dossier.opened_on]
        if told and any(alarm.on <= told for alarm in known):
            # Counted a second time only where a new clock may begin behind the day it was told of.
            if running is None:
                running = _keys_before(dossier, told, today, law)
            if not all(alarm.key in running for alarm in clock):
                known = _not_before(known, told)
        late = [alarm for alarm in known if alarm.on < today][-1:]
        found += [a for a in (*late, *(a for a in known if a.on >= today)) if a.key not in fired]
    return tuple(sorted(found, key=lambda alarm: (alarm.on, alarm.key)))


def is_alarm(key: str) -> bool:
    """Say whether the key of a deadline is that of an alarm of a legal clock."""
    return _MARK in key


def alarm_days(dossier: Dossier, today: date, law: law_room.Law) -> dict[str, tuple[date, ...]]:
    """Give the days each running clock is recalled on, by the name of the clock, whatever fired already.

    Without the day after a last one: what was missed is another matter.
    """
    return {
        clock[0].what: tuple(a.on for a in clock if not a.key.endswith(_MISSED))
        for clock in _clocks(dossier, today, law)
        if clock
    }


def _keys_before(dossier: Dossier, day: date, today: date, law: law_room.Law) -> frozenset[str]:
    """Give the keys of the alarms that stood before what was told on a day: those clocks ran already."""
    acts = tuple(act for act in dossier.acts if act.at.date() < day)
    clocks = _clocks(replace(dossier, acts=acts), today, law)
    return frozenset(alarm.key for clock in clocks for alarm in clock)


def _not_before(clock: list[Alarm], told: date) -> list[Alarm]:
    """Leave out what falls before a clock was known to run.

    The last of it is put off to the next working day, unless another alarm comes by then.
    """
    soon = next_working_day(told + ONE_DAY)
    passed = [alarm for alarm in clock if alarm.on <= told]
    coming = [alarm for alarm in clock if alarm.on > told]
    if not passed or any(alarm.on <= soon for alarm in coming):
        return coming
    return [replace(passed[-1], on=soon), *coming]


def _clocks(
    dossier: Dossier, today: date, law: law_room.Law, clocks: LegalClocks | None = None
) -> Iterator[list[Alarm]]:
    clocks, words = clocks or clocks_of(dossier, today, law), _data()["why"]
    period = clocks.limitation
    if isinstance(period, Limitation) and period.state is not State.PASSED:
        last, safe = day_text(period.last_on), day_text(period.safe_on)
        why = words["limitation"].format(last=last, safe=safe)
        days = _settled(dossier, period, law)
        yield [_alarm("prescription", day, why) for day in sorted(days)]
    for step in clocks.steps:
        yield _of_step(step)


def _settled(dossier: Dossier, period: Limitation, law: law_room.Law) -> tuple[date, ...]:
    """Give the days a limitation period is recalled on, the same whatever the day they are asked on.

    One that a procedure holds ends a day later every day: as it stood when the last thing was told, it is
    early, never late, and each of its recalls comes once.
    """
    told = _last_told(dossier)
    if period.state not in _HELD or told is None:
        return period.alarms
    then = limitation_of(dossier, told, law)
    return then.alarms if isinstance(then, Limitation) else period.alarms


def _last_told(dossier: Dossier) -> date | None:
    """Give the day of the last act that a clock may count from, None without one."""
    return max((a.at.date() for a in dossier.acts if a.kind not in _OF_NO_CLOCK), default=None)


def _of_step(step: ClockStep) -> list[Alarm]:
    if step.deadline is None or step.state not in _SPEAKING:
        return []
    safe, last, words = step.deadline.safe_on, step.deadline.extended_on, _data()["why"]
    label = step.label[:1].lower() + step.label[1:]
    if step.state in _WAITS:
        return [_alarm(step.id, safe, words["wait"].format(label=label, safe=day_text(safe)))]
    # The day after the last one, the clock wakes once more: what was missed opens another way.
    why = words["missed"].format(label=label, last=day_text(last))
    missed = Alarm(f"{step.id}{_MISSED}", next_working_day(last + ONE_DAY), why, step.id)
    if step.state is StepState.MISSED:
        return [missed]
    why = words["deadline"].format(label=label, safe=day_text(safe))
    days = sorted(_data()["before_deadline"], reverse=True)
    return [*(_alarm(step.id, safe - timedelta(days=n), why) for n in days), missed]


def _alarm(clock: str, day: date, why: str) -> Alarm:
    on = previous_working_day(day)
    return Alarm(f"{clock}{_MARK}{on:%Y%m%d}", on, why, clock)
