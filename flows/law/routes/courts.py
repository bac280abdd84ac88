"""Before which court: by the nature of the debt, the parties and the place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flows.law.law import Law
from flows.law.parameter import Confidence
from flows.law.routes.conditions import Case
from flows.law.routes.model import CourtRule
from flows.law.routes.rulebook import load_rulebook
from flows.law.routes.situation import Situation
from flows.law.routes.variants import every, filled, first

MAIN_RULES = "creance"
"""The rules for an ordinary claim, when no route is named."""


@dataclass(frozen=True, slots=True)
class Court:
    """A court, why it and how to find it; `alternatives`: sentences on another possible court."""

    key: str
    name: str
    why: str
    articles: tuple[str, ...]
    confidence: Confidence
    alternatives: tuple[str, ...]
    find: str
    territory: str
    named: bool = True
    """Whether `name` is a name to write in a filing; a label otherwise: the court is still to be found."""


def court_for(
    situation: Situation, law: Law, route_id: str | None = None, city: str = ""
) -> Court | None:
    """Give the court for a route (None: an ordinary claim); `city` is that of the debtor, if known.

    None when the route goes before no court. Raises KeyError for a route that does not exist,
    UnknownForPeriod on a day for which the name of the court is not known.
    """
    book = load_rulebook()
    rules = MAIN_RULES if route_id is None else book.routes[route_id].courts
    if rules is None:
        return None
    case = case_of(situation, law, city)
    return court_of(find_rule(rules, case), case)


def case_of(situation: Situation, law: Law, city: str = "") -> Case:
    """Give a situation under a law with what its postcode says for sure of the place."""
    by_postcode, territory = load_rulebook().place_of(situation.postcode)
    return Case(situation, law, city or by_postcode, territory=territory)


def city_of_postcode(postcode: str) -> str:
    """Give the town that follows for sure from a postcode, "" when none does."""
    return load_rulebook().place_of(postcode)[0]


def find_rule(rules: str, case: Case) -> CourtRule:
    """Give the first rule of a set that holds; the last always does, by the load check."""
    return next(rule for rule in load_rulebook().court_rules[rules] if rule.when.holds(case))


def court_of(rule: CourtRule, case: Case) -> Court:
    """Write the court of a rule with the values of the day."""
    entry = load_rulebook().courts[rule.court]
    case = replace(case, court=rule.court)
    return Court(
        key=entry.key,
        name=case.law.text(entry.name, case.situation.today) if entry.name else entry.label,
        why=filled(rule.why, case),
        articles=rule.articles,
        confidence=rule.confidence,
        alternatives=every(rule.alternatives, case),
        find=first(entry.find, case),
        territory=filled(entry.territory, case),
        named=entry.name is not None,
    )
