"""What to ask next, and which open routes are worth considering first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flows.law.law import Law, UnknownForPeriod
from flows.law.routes.conditions import Case
from flows.law.routes.courts import case_of
from flows.law.routes.engine import Route, outcome_of
from flows.law.routes.model import Advice, Question, Status
from flows.law.routes.rulebook import load_rulebook
from flows.law.routes.situation import Situation
from flows.law.routes.variants import filled


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The id of an open route and one line on why it is worth considering."""

    route: str
    why: str


def questions_for(situation: Situation, law: Law) -> tuple[str, ...]:
    """Name the facts not yet known whose answer changes a route or the court, most useful first.

    A fact is tried with each of its values, the rest as it is: it is named when one of them changes
    the status of a route, the list of routes, or the court of a route that is not closed.
    """
    before = outcome_of(situation, law)
    routes = load_rulebook().routes.values()
    special = {route.id for route in routes if route.family == "special"}
    useful = []
    for order, question in enumerate(load_rulebook().questions):
        known = getattr(situation, question.field) != question.unknown
        if known or situation.debtor_kind not in question.kinds:
            continue
        changed = {
            place
            for outcome in _trials(situation, question, law)
            for place in before.keys() | outcome.keys()
            if before.get(place) != outcome.get(place)
        }
        if changed:
            # A special case only adds its own route: it is asked after what changes the others.
            weight = sum(1 for place in changed if place not in special)
            useful.append((-weight, order, question.fact))
    return tuple(fact for _, _, fact in sorted(useful))


def _trials(situation: Situation, question: Question, law: Law) -> Iterable[Mapping[str, str]]:
    for value in question.values:
        changes: Any = {question.field: value}
        yield outcome_of(replace(situation, **changes), law)


def recommended(
    routes: Iterable[Route], situation: Situation, law: Law
) -> tuple[Recommendation, ...]:
    """Give the few open routes worth considering, in order, each with one line on why.

    Never a route that is closed or to be checked.
    """
    case = case_of(situation, law)
    book = load_rulebook()
    opened = {route.id for route in routes if route.status is Status.OPEN}
    found: dict[str, Recommendation] = {}
    for advice in book.advice:
        if not _fits(advice, case):
            continue
        if advice.route in opened and advice.route not in found:
            found[advice.route] = Recommendation(advice.route, filled(advice.why, case))
        if advice.last:
            break
    return tuple(found.values())[: book.advice_at_most]


def _fits(advice: Advice, case: Case) -> bool:
    try:
        return advice.when.holds(case)
    except UnknownForPeriod:
        return False
