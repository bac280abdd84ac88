"""Every text of a route, the order of the questions, and what the day of a check rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from flows.dossier import DebtorKind
from flows.law import Law
from flows.law.prose import blanks
from flows.law.routes import Situation, questions_for, routes_for
from flows.law.routes.rulebook import load_rulebook

TODAY = date(2026, 11, 22)
TEXTS = ("label", "cost", "delay", "lawyer", "first_step", "then", "reason")


def situation(kind: DebtorKind = DebtorKind.PROFESSIONAL, **facts: Any) -> Situation:
    """Make the situation of someone owed 1 200 €, 1 250 € in all, but for what is said."""
    base = Situation(today=TODAY, debtor_kind=kind, principal=Decimal(1200), total=Decimal(1250))
    return replace(base, **facts)


@pytest.mark.parametrize("kind", list(DebtorKind))
def test_a_route_says_all_that_the_catalogue_says_of_it(kind: DebtorKind, law: Law) -> None:
    """Family and texts are those of the catalogue; one that never varies is given as it stands."""
    book = load_rulebook()
    found = routes_for(situation(kind), law)
    assert found
    for route in found:
        entry = book.routes[route.id]
        assert route.family == entry.family
        assert all(isinstance(getattr(route, name), str) for name in TEXTS)
        assert route.label
        for name, text in entry.texts.items():
            if len(text) == 1 and not blanks(text[0].text):
                assert getattr(route, name) == text[0].text


def test_every_parameter_a_route_may_rest_on_dates_its_check(law: Law) -> None:
    """A condition, a reason, a text, a court: the oldest check among them all is the route's."""
    old = date(2026, 1, 5)
    book = load_rulebook()
    for route in routes_for(situation(), law):
        entry = book.routes[route.id]
        courts = book.court_rules[entry.courts] if entry.courts else ()
        named = {
            *entry.listed.parameters,
            *(name for rule in entry.rules for name in rule.parameters),
            *(name for rule in courts for name in rule.parameters),
            *(name for rule in courts for name in book.courts[rule.court].parameters),
            *(name for text in entry.texts.values() for v in text for name in v.parameters),
            *(name for text in entry.lists.values() for v in text for name in v.parameters),
        }
        assert book.parameters_of(entry) == named
        for name in named:
            aged = replace(law.parameters[name], last_checked_on=old)
            older = replace(law, parameters={**law.parameters, name: aged})
            (same,) = [r for r in routes_for(situation(), older) if r.id == route.id]
            assert same.checked_on == old


def _seen(law: Law, **facts: Any) -> dict[str, object]:
    """Give the status of each route, and under "" the courts of those that are not closed."""
    routes = routes_for(situation(**facts), law)
    courts = frozenset(route.court.key for route in routes if route.court)
    return {"": courts} | {route.id: route.status for route in routes}


def test_the_question_that_changes_most_comes_first(law: Law) -> None:
    """By the routes it changes, then in the order of the file; a route of its own counts for nothing."""
    book = load_rulebook()
    asked = questions_for(situation(), law)
    assert len(asked) > 2
    before, weights = _seen(law), {}
    for question in book.questions:
        changed = {
            place
            for value in question.values
            for after in [_seen(law, **{question.field: value})]
            for place in before.keys() | after.keys()
            if before.get(place) != after.get(place)
        }
        special = {id_ for id_ in changed if id_ and book.routes[id_].family == "special"}
        weights[question.fact] = len(changed - special)
    order = [question.fact for question in book.questions]
    assert list(asked) == sorted(asked, key=lambda fact: (-weights[fact], order.index(fact)))
    assert len({weights[fact] for fact in asked}) > 1


def test_a_debt_whose_principal_is_paid_may_still_have_routes(law: Law) -> None:
    """Only interest and the fixed sum are left: the situation is one all the same."""
    left = situation(principal=Decimal(0), total=Decimal(45))
    assert routes_for(left, law)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"contested": "peut-être"}, "contested: 'peut-être' is not one of its values"),
        ({"postcode": "6900"}, "postcode: '6900' is not five digits"),
        ({"principal": Decimal(1251)}, "the total holds the principal"),
        ({"principal": Decimal(-1)}, "the total holds the principal"),
    ],
)
def test_a_situation_that_cannot_be_is_refused(facts: dict[str, Any], says: str) -> None:
    """The message names the field and what is wrong with it."""
    with pytest.raises(ValueError, match=f"^{says}"):
        situation(**facts)
