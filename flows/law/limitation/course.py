"""The course of the time to act: how each event, in its order, moved the last day.

An interruption starts a full new term (art. 2231 C. civ.), a suspension adds the time it lasted and
leaves a minimum (art. 2238), and neither goes past the back-stop unless the act escapes it
(art. 2232). An act that is not over is counted as if it ended today: the last day can only recede.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from flows.law.calendar import add_months
from flows.law.limitation.rules import ActRule, Effect


@dataclass(frozen=True, slots=True)
class LimitationEvent:
    """An act that may move the last day; `kind` is one of those of `rules.yaml`.

    `on`: the day it happened (a written claim to an administration: the day it was sent).
    `until`: the day what it opened came to an end (the proceedings, the conciliation), None while
    it goes on; of no account for an act of a single moment. Raises ValueError when it precedes `on`.
    """

    kind: str
    on: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.on:
            raise ValueError(f"{self.kind}: ends on {self.until}, before it began on {self.on}")


@dataclass(frozen=True, slots=True)
class Frame:
    """What does not change along the course: the start, how a term runs from a day, the limits."""

    start: date
    today: date
    term: Callable[[date], date]
    backstop: date
    minimum_months: int
    acts: Mapping[str, ActRule]


@dataclass(frozen=True, slots=True)
class Step:
    """How one event counted; `reason`: the key of why it did not, "" when its own rule says it."""

    event: LimitationEvent
    effect: Effect
    reason: str
    last_on: date


@dataclass(slots=True)
class Course:
    """The last day to act and how it came about."""

    last_on: date
    paused_until: date
    steps: list[Step] = field(default_factory=list)
    open_effect: Effect | None = None
    """INTERRUPTS or SUSPENDS while an act that is not over holds the time still."""
    capped: bool = False


def run(frame: Frame, events: Iterable[LimitationEvent], *, admit_possible: bool = False) -> Course:
    """Follow the events in the order of their days; the order in which they are given is of no account.

    `admit_possible`: count also what is left to the judge.
    """
    ordered = sorted(events, key=lambda event: (event.on, event.kind, event.until or date.max))
    wiped = _wiped(frame, ordered)
    course = Course(frame.term(frame.start), frame.start)
    for event in ordered:
        act = frame.acts[event.kind]
        effect = act.acts_as if admit_possible else act.effect
        reason = _obstacle(frame, course, event, effect)
        if not reason and event in wiped:
            reason = "wiped"
        if not reason and effect is Effect.INTERRUPTS:
            _interrupt(frame, course, event, act)
        elif not reason and effect is Effect.SUSPENDS:
            reason = _suspend(frame, course, event)
        course.steps.append(Step(event, Effect.NONE if reason else effect, reason, course.last_on))
    return course


def _wiped(frame: Frame, events: Iterable[LimitationEvent]) -> set[LimitationEvent]:
    """Give the acts whose effect a later one wiped out: all those before it, which is the safe side."""
    events = list(events)
    return {
        event
        for wiper in events
        if wiper.on <= frame.today
        for event in events
        if event.kind in frame.acts[wiper.kind].wipes and event.on <= wiper.on
    }


def _obstacle(frame: Frame, course: Course, event: LimitationEvent, effect: Effect) -> str:
    """Tell why an event that could move the last day does not, "" when nothing is in its way."""
    if event.on > frame.today:
        return "future"
    if effect not in (Effect.INTERRUPTS, Effect.SUSPENDS):
        return ""
    if effect is Effect.INTERRUPTS and event.on < frame.start:
        return "before"
    if event.on > course.last_on:
        return "after"
    return ""


def _end(frame: Frame, event: LimitationEvent) -> date:
    return min(event.until or frame.today, frame.today)


def _is_open(frame: Frame, event: LimitationEvent) -> bool:
    return event.until is None or event.until > frame.today


def _move(frame: Frame, course: Course, to: date, *, uncapped: bool = False) -> None:
    """Set the last day later, never earlier, and not past the back-stop unless the act escapes it."""
    if to > frame.backstop and not uncapped:
        course.capped = True
        to = frame.backstop
    course.last_on = max(course.last_on, to)


def _interrupt(frame: Frame, course: Course, event: LimitationEvent, act: ActRule) -> None:
    end = _end(frame, event) if act.lasts else event.on
    if act.lasts and _is_open(frame, event):
        course.open_effect = Effect.INTERRUPTS
    course.paused_until = max(course.paused_until, end)
    _move(frame, course, frame.term(course.paused_until), uncapped=act.uncapped)


def _suspend(frame: Frame, course: Course, event: LimitationEvent) -> str:
    begin, end = max(event.on, course.paused_until), _end(frame, event)
    if end < begin or (end == begin and not _is_open(frame, event)):
        return "covered" if event.on >= frame.start else "before"
    if begin > course.last_on:
        return "after"
    if _is_open(frame, event) and course.open_effect is None:
        course.open_effect = Effect.SUSPENDS
    # The day the suspension begins is held to have run, which is the earlier of two countings.
    later = course.last_on + (end - begin)
    course.paused_until = end
    _move(frame, course, max(later, add_months(end, frame.minimum_months)))
    return ""
