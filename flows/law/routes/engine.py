"""Which routes are open, and all that is said of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flows.law.law import Law, UnknownForPeriod
from flows.law.routes.conditions import Case
from flows.law.routes.courts import Court, court_of, find_rule
from flows.law.routes.prose import every, fill, first
from flows.law.routes.rulebook import RouteEntry, Rule, Status, load_rulebook
from flows.law.routes.situation import Situation


@dataclass(frozen=True, slots=True)
class Route:
    """One route for one situation. `reason` is why it is open or closed, or what is to be known.

    `court` is None when the route goes before none, or is closed. `limitation` says what the route
    does to the limitation period.
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


def routes_for(situation: Situation, law: Law, city: str = "") -> tuple[Route, ...]:
    """Give every route that concerns a situation, in the order of the catalogue, closed ones too.

    `city` is that of the debtor, "" when not known. A ceiling not known on that day makes the route
    TO_CHECK with the sentence of the refusal; nothing is raised.
    """
    case = Case(situation, law, city)
    return tuple(_route(entry, case) for entry in _listed(case))


def statuses_for(situation: Situation, law: Law) -> Mapping[str, Status]:
    """Give the status of each listed route, without its texts."""
    case = Case(situation, law)
    return {entry.id: _decide(entry, _with_court(entry, case))[0].status for entry in _listed(case)}


def _listed(case: Case) -> list[RouteEntry]:
    return [entry for entry in load_rulebook().routes.values() if entry.listed.holds(case)]


def _with_court(entry: RouteEntry, case: Case) -> Case:
    if entry.courts is None:
        return case
    return replace(case, court=find_rule(entry.courts, case).court)


def _court(entry: RouteEntry, case: Case) -> Court | None:
    """Give the court of a route, None when there is none or when its name is not known that day."""
    if entry.courts is None:
        return None
    try:
        return court_of(find_rule(entry.courts, case), case)
    except UnknownForPeriod:
        return None


def _decide(entry: RouteEntry, case: Case) -> tuple[Rule, str]:
    """Give the first rule that holds and its reason."""
    for rule in entry.rules:
        try:
            if rule.when.holds(case):
                return rule, fill(rule.reason, case)
        except UnknownForPeriod as refusal:
            return replace(rule, status=Status.TO_CHECK), refusal.sentence
    raise AssertionError(entry.id)  # the load check leaves a last rule that always holds


def _route(entry: RouteEntry, case: Case) -> Route:
    case = _with_court(entry, case)
    rule, reason = _decide(entry, case)
    court = None if rule.status is Status.CLOSED else _court(entry, case)
    texts = {name: first(text, case) for name, text in entry.texts.items()}
    lists = {name: every(text, case) for name, text in entry.lists.items()}
    return Route(
        id=entry.id,
        family=entry.family,
        status=rule.status,
        reason=reason,
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
    )
