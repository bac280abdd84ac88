"""Until when a debt may be claimed in court, from completion of the work and what happened since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain

from flows.dossier import DebtorKind
from flows.law.calendar import ONE_DAY, add_months, previous_working_day
from flows.law.law import Law, UnknownForPeriod
from flows.law.limitation.course import Course, Frame, LimitationEvent, Step, run
from flows.law.limitation.rules import Effect, LimitationRules, TermRule, load_rules
from flows.law.parameter import Confidence, Unit, weakest
from flows.law.prose import fill, written
from flows.law.wording import day_text

_MONTHS = 12
_TRANSPORT = "transport"
_PUBLIC_COMPANY = "entreprise_publique"
_UNKNOWN = "inconnu"


class State(StrEnum):
    """Where the time to act stands today."""

    RUNNING = "running"
    NEAR = "near"
    PASSED = "passed"
    SUSPENDED = "suspended"
    INTERRUPTED_OPEN = "interrupted_open"


@dataclass(frozen=True, slots=True)
class UnknownTerm:
    """No term is known for these days: `sentence` says so. Nothing is carried over to them."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How one event counted: its effect, a sentence, the articles, and the last day after it."""

    event: LimitationEvent
    effect: Effect
    sentence: str
    articles: tuple[str, ...]
    confidence: Confidence
    last_on: date


@dataclass(frozen=True, slots=True)
class Limitation:
    """The time to act.

    `starts_on`: the day counting begins, a first of January for a public debtor. `last_on`: the last
    day, never carried over to a working day; `safe_on`: a working day before it, to aim at.
    `possible_on`: the last day if a judge admitted what is not counted, else None.
    """

    starts_on: date
    term: str
    last_on: date
    safe_on: date
    state: State
    alarms: tuple[date, ...]
    timeline: tuple[Counted, ...]
    articles: tuple[str, ...]
    cautions: tuple[str, ...]
    confidence: Confidence
    possible_on: date | None = None


def limitation(
    debtor_kind: DebtorKind,
    law: Law,
    *,
    start_on: date | None,
    today: date,
    events: Iterable[LimitationEvent] = (),
    special_case: str = _UNKNOWN,
    sums_yearly: bool = False,
    public_body: str = _UNKNOWN,
) -> Limitation | UnknownTerm | None:
    """Give the time to act, None when the work is not known to be finished: the day must be asked.

    `start_on`: completion of the work, or delivery. `special_case` and `public_body`: the facts of
    those names. `sums_yearly`: sums payable every year or at shorter terms. Raises ValueError for
    an event of an unknown kind.
    """
    if start_on is None or start_on > today:
        return None
    events = tuple(events)
    rules = load_rules()
    term = rules.terms[_term_name(debtor_kind, special_case, public_body)]
    if unknown := {event.kind for event in events} - set(term.acts):
        raise ValueError(f"not an act of limitation: {sorted(unknown)}")
    said = _cautions(debtor_kind, special_case, public_body, sums_yearly, term)
    try:
        return _computed(term, said, law, start_on, today, events)
    except UnknownForPeriod as refusal:
        return UnknownTerm(refusal.sentence)


def _computed(
    term: TermRule,
    cautions: list[str],
    law: Law,
    start_on: date,
    today: date,
    events: tuple[LimitationEvent, ...],
) -> Limitation:
    """Follow the events along a term; `cautions`: keys of what is to be said whatever they are."""
    rules = load_rules()
    years = min(_years(law, name, start_on, today) for name in term.shortest_of)
    frame = _frame(term, years, law, start_on, today)
    course = run(frame, events)
    timeline = tuple(_counted(step, term, rules, law, today) for step in course.steps)
    possible = run(frame, events, admit_possible=True).last_on
    without = run(frame, [event for event in events if not term.acts[event.kind].court]).last_on
    state = _state(course, rules, today)
    keys = [
        *cautions,
        *([str(state)] if str(state) in rules.cautions else []),
        *(["capped"] if course.capped else []),
        *(["possible"] if possible > course.last_on else []),
        *(["court"] if without < course.last_on else []),
        "not_extended",
    ]
    said = [rules.cautions[key] for key in dict.fromkeys(keys)]
    days = {"possible": day_text(possible), "without": day_text(without)}
    counted = [step for step in timeline if step.effect in (Effect.INTERRUPTS, Effect.SUSPENDS)]
    articles = chain(
        term.rule.articles,
        *(step.articles for step in timeline),
        *(caution.articles for caution in said),
    )
    return Limitation(
        starts_on=date(start_on.year + 1, 1, 1) if term.calendar_years else start_on,
        term=fill(term.rule.text, law, today, term=written(years, Unit.YEARS)),
        last_on=course.last_on,
        safe_on=previous_working_day(course.last_on - ONE_DAY),
        state=state,
        alarms=tuple(alarm.back_from(course.last_on) for alarm in rules.alarms),
        timeline=timeline,
        articles=tuple(dict.fromkeys(articles)),
        cautions=tuple(fill(caution.text, law, today, **days) for caution in said),
        confidence=weakest(term.rule.confidence, *(step.confidence for step in counted)),
        possible_on=possible if possible > course.last_on else None,
    )


def _term_name(debtor_kind: DebtorKind, special_case: str, public_body: str) -> str:
    if special_case == _TRANSPORT:
        foreign = debtor_kind is DebtorKind.FOREIGN
        return f"{_TRANSPORT}_{debtor_kind}" if foreign else _TRANSPORT
    if debtor_kind is DebtorKind.PUBLIC and public_body == _PUBLIC_COMPANY:
        return _PUBLIC_COMPANY
    return str(debtor_kind)


def _years(law: Law, name: str, start_on: date, today: date) -> int:
    """Give the term: the shorter of both days, since a new law may shorten a term that runs."""
    return min(law.years(name, start_on), law.years(name, today))


def _frame(term: TermRule, years: int, law: Law, start_on: date, today: date) -> Frame:
    def last_day(day: date) -> date:
        if term.calendar_years:
            return date(day.year + years, _MONTHS, 31)
        return add_months(day, _MONTHS * years)

    return Frame(
        start=start_on,
        today=today,
        term=last_day,
        backstop=add_months(start_on, _MONTHS * law.years("prescription_butoir", today)),
        minimum_months=law.months("prescription_reprise_minimum", today),
        acts=term.acts,
    )


def _state(course: Course, rules: LimitationRules, today: date) -> State:
    if today > course.last_on:
        return State.PASSED
    if course.open_effect is Effect.INTERRUPTS:
        return State.INTERRUPTED_OPEN
    if course.open_effect is Effect.SUSPENDS:
        return State.SUSPENDED
    return State.NEAR if today >= rules.near.back_from(course.last_on) else State.RUNNING


def _counted(step: Step, term: TermRule, rules: LimitationRules, law: Law, today: date) -> Counted:
    rule = term.acts[step.event.kind].rule
    text = rules.uncounted[step.reason] if step.reason else rule.text
    return Counted(
        step.event,
        step.effect,
        fill(text, law, today, act=rules.names[step.event.kind], day=day_text(step.event.on)),
        rule.articles,
        rule.confidence,
        step.last_on,
    )


def _cautions(
    kind: DebtorKind, special_case: str, public_body: str, sums_yearly: bool, term: TermRule
) -> list[str]:
    """Name what is to be said of the kind of debtor and of contract."""
    found = list(term.cautions)
    if sums_yearly:
        # No clause may change the term: that it might have is not to be said.
        found = ["yearly" if key == "contract" else key for key in found]
    if kind is DebtorKind.PUBLIC and public_body == _UNKNOWN and "public_raise" in found:
        found.append("public_unknown")
    if special_case == _UNKNOWN:
        found.append("transport_unknown")
    if special_case == "agent_commercial":
        found.append("agent")
    return found
