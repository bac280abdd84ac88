"""Which routes are open, and all that is said of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from flows.law.law import Law, UnknownForPeriod
from flows.law.routes.conditions import Case
from flows.law.routes.courts import Court, case_of, court_of, find_rule
from flows.law.routes.model import RouteEntry, Rule, Status
from flows.law.routes.rulebook import load_rulebook
from flows.law.routes.situation import Situation
from flows.law.routes.variants import every, filled, first


@dataclass(frozen=True, slots=True)
class Route:
    """One route for one situation. `reason` is why it is open or closed, or what is to be known.

    `court` is None when the route goes before none, or is closed. `limitation` says what the route
    does to the limitation period. `checked_on`: the oldest check of the rules and of the parameters
    the answer may rest on.
    """

    id: str
    family: str
    label: str
    status: Status
    reason: str
    articles: tuple[str, ...]
    cost: str
    delay: str
    lawyer: str
    court: Court | None
    prior_attempt: str
    papers: tuple[str, ...]
    first_step: str
    then: str
    cautions: tuple[str, ...]
    limitation: str
    checked_on: date


def routes_for(situation: Situation, law: Law, city: str = "") -> tuple[Route, ...]:
    """Give every route that concerns a situation, in the order of the catalogue, closed ones too.

    `city` is that of the debtor, "" when not known. A ceiling not known on that day makes the route
    TO_CHECK with the sentence of the refusal; nothing is raised.
    """
    case = case_of(situation, law, city)
    return tuple(_route(entry, seen) for entry, seen in _listed(case))


def outcome_of(situation: Situation, law: Law) -> Mapping[str, str]:
    """Give the status of each listed route, and under "" the courts of those not closed; no texts."""
    found: dict[str, str] = {}
    courts = set()
    for entry, case in _listed(case_of(situation, law)):
        status = _decide(entry, case)[0]
        found[entry.id] = str(status)
        if entry.courts is not None and status is not Status.CLOSED:
            courts.add(case.court)
    return found | {"": " ".join(sorted(courts))}


def _listed(case: Case) -> Iterator[tuple[RouteEntry, Case]]:
    """Give each route that concerns a case, and the case with the court of that route."""
    seen: dict[str | None, Case] = {None: case}
    for entry in load_rulebook().routes.values():
        if entry.listed.holds(case):
            if entry.courts is not None and entry.courts not in seen:
                seen[entry.courts] = replace(case, court=find_rule(entry.courts, case).court)
            yield entry, seen[entry.courts]


def _court(entry: RouteEntry, case: Case) -> Court | None:
    """Give the court of a route, None when there is none or when its name is not known that day."""
    if entry.courts is None:
        return None
    try:
        return court_of(find_rule(entry.courts, case), case)
    except UnknownForPeriod:
        return None


def _decide(entry: RouteEntry, case: Case) -> tuple[Status, Rule, str]:
    """Give the status, the first rule that holds and "", or the sentence of what is not known."""
    for rule in entry.rules:
        try:
            if rule.when.holds(case):
                return rule.status, rule, ""
        except UnknownForPeriod as refusal:
            return Status.TO_CHECK, rule, refusal.sentence
    raise AssertionError(entry.id)  # the load check leaves a last rule that always holds


def _route(entry: RouteEntry, case: Case) -> Route:
    status, rule, refusal = _decide(entry, case)
    court = None if status is Status.CLOSED else _court(entry, case)
    texts = {name: first(text, case) for name, text in entry.texts.items()}
    lists = {name: every(text, case) for name, text in entry.lists.items()}
    return Route(
        id=entry.id,
        family=entry.family,
        status=status,
        reason=refusal or filled(rule.reason, case),
        articles=rule.articles,
        court=court,
        label=texts["label"],
        cost=texts["cost"],
        delay=texts["delay"],
        lawyer=texts["lawyer"],
        prior_attempt=texts["prior_attempt"],
        papers=lists["papers"],
        first_step=texts["first_step"],
        then=texts["then"],
        cautions=lists["cautions"],
        limitation=texts["limitation"],
        checked_on=_checked_on(entry, case.law),
    )


def _checked_on(entry: RouteEntry, law: Law) -> date:
    return law.checked_on_for(_rests_on(entry.id), load_rulebook().last_checked_on)


@cache
def _rests_on(route: str) -> frozenset[str]:
    """Give the parameters of a route: to look for them in all its sentences is half of the work."""
    book = load_rulebook()
    return book.parameters_of(book.routes[route])
