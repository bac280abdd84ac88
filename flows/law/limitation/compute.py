"""Until when a debt may be claimed in court, from completion of the work and what happened since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flows.dossier import DebtorKind
from flows.law.calendar import ONE_DAY, add_months, previous_working_day
from flows.law.law import Law
from flows.law.limitation.course import Course, Frame, LimitationEvent, Step, run
from flows.law.limitation.rules import Effect, LimitationRules, TermRule, load_rules
from flows.law.parameter import Confidence, Unit
from flows.law.terms.prose import count_text, fill, weakest
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

    `last_on`: the last day, never carried over to a working day; `safe_on`: a working day before
    it, to aim at; `possible_on`: the last day if a judge admitted what is not counted, else None.
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
) -> Limitation | None:
    """Give the time to act, None when the work is not known to be finished: the day must be asked.

    `start_on`: completion of the work, or delivery. `special_case` and `public_body`: the facts of
    those names. `sums_yearly`: sums payable every year or at shorter terms. Raises ValueError for
    an event of an unknown kind, UnknownForPeriod when no term is known for these days.
    """
    if start_on is None or start_on > today:
        return None
    events = tuple(events)
    rules = load_rules()
    term = rules.terms[_term_name(debtor_kind, special_case, public_body)]
    if unknown := {event.kind for event in events} - set(term.acts):
        raise ValueError(f"not an act of limitation: {sorted(unknown)}")
    years = min(_years(law, name, start_on, today) for name in term.shortest_of)
    frame = _frame(term, years, law, start_on, today)
    course = run(frame, events)
    timeline = tuple(_counted(step, term, rules, law, today) for step in course.steps)
    possible = run(frame, events, admit_possible=True).last_on
    state = _state(course, rules, today)

    cautions = _cautions(debtor_kind, special_case, public_body, sums_yearly, term)
    cautions += _cautions_of(course, state, possible)
    values = {"possible": day_text(possible)}
    court = [e for e in events if term.acts[e.kind].court]
    without = run(frame, [e for e in events if e not in court]).last_on
    if without < course.last_on:
        cautions.append("court")
        values["without"] = day_text(without)
    cautions.append("not_extended")
    said = [rules.cautions[key] for key in dict.fromkeys(cautions)]
    counted = [step for step in timeline if step.effect in (Effect.INTERRUPTS, Effect.SUSPENDS)]
    return Limitation(
        starts_on=start_on,
        term=fill(term.rule.text, law, today, term=count_text(years, Unit.YEARS)),
        last_on=course.last_on,
        safe_on=previous_working_day(course.last_on - ONE_DAY),
        state=state,
        alarms=tuple(alarm.back_from(course.last_on) for alarm in rules.alarms),
        timeline=timeline,
        articles=tuple(
            dict.fromkeys(
                article
                for articles in (
                    term.rule.articles,
                    *(step.articles for step in timeline),
                    *(caution.articles for caution in said),
                )
                for article in articles
            )
        ),
        cautions=tuple(fill(caution.text, law, today, **values) for caution in said),
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
        fill(text, law, today),
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


def _cautions_of(course: Course, state: State, possible: date) -> list[str]:
    """Name what is to be said of the course of the time."""
    found = [str(state)] if str(state) in load_rules().cautions else []
    if course.capped:
        found.append("capped")
    if possible > course.last_on:
        found.append("possible")
    return found
