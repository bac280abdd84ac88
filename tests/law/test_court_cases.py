"""Before which court: cases a jurist can read, then what holds for every situation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.dossier import DebtorKind
from flows.law import Law
from flows.law.routes import Situation, court_for, routes_for
from flows.law.routes.rulebook import load_rulebook
from flows.yamlfile import load_yaml

CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 11, 22)
CITIES = (
    "Avignon",
    "Auxerre",
    "Le Havre",
    "Le Mans",
    "Limoges",
    "Lyon",
    "Marseille",
    "Nancy",
    "Nanterre",
    "Paris",
    "Saint-Brieuc",
    "Versailles",
)


def _situation(**given: Any) -> Situation:
    kind = DebtorKind(given.pop("debtor_kind"))
    today = given.pop("today", TODAY)
    sums = (Decimal(1200), Decimal(1250))
    return Situation(today=today, debtor_kind=kind, principal=sums[0], total=sums[1], **given)


def _traders(**more: Any) -> Situation:
    return _situation(
        debtor_kind="professionnel", creditor_status="commercant", debtor_status="societe", **more
    )


def _cases() -> Iterator[Any]:
    cases = load_yaml(CASES / "juridictions.yaml")
    names = [case["name"] for case in cases]
    assert len(set(names)) == len(names) >= 25
    return (pytest.param(case, id=case["name"]) for case in cases)


@pytest.mark.parametrize("case", list(_cases()))
def test_a_court_is_as_the_case_says(case: dict[str, Any], law: Law) -> None:
    """Court, sureness, article and words are those a jurist wrote in the case."""
    assert set(case) == {"name", "source", "given", "expected"}
    given, expected = dict(case["given"]), dict(case["expected"])
    city, route = given.pop("city", ""), given.pop("route", None)
    court = court_for(_situation(**given), law, route, city)
    assert court is not None
    assert (court.key, court.name) == (expected.pop("key"), expected.pop("name"))
    assert str(court.confidence) == expected.pop("confidence")
    assert expected.pop("article") in court.articles
    assert expected
    for field, fragment in expected.items():
        said = getattr(court, field)
        assert fragment in (said if isinstance(said, str) else " ".join(said))


@pytest.mark.parametrize("city", CITIES)
def test_the_twelve_cities_of_the_experiment(city: str, law: Law) -> None:
    """In each of the twelve cities the commercial court bears its new name."""
    court = court_for(_traders(), law, city=city.upper())
    assert court is not None
    assert court.key == "tae"
    assert law.items("villes_tribunal_activites_economiques", TODAY) == CITIES


def test_a_place_does_not_change_the_court_of_a_consumer(law: Law) -> None:
    """A consumer is sued before the tribunal judiciaire in Alsace, overseas and in Lyon alike."""
    keys = set()
    for postcode in ("", "67000", "97400", "69001"):
        court = court_for(
            _situation(debtor_kind="particulier", postcode=postcode), law, city="Lyon"
        )
        assert court is not None
        keys.add(court.key)
    assert keys == {"tj"}


def test_an_amicable_route_has_no_court(law: Law) -> None:
    """The conciliateur and the petites créances go before no court."""
    for route in ("conciliateur", "petites_creances", "declaration_de_creance"):
        assert court_for(_traders(), law, route) is None


def test_a_route_that_does_not_exist_is_a_key_error(law: Law) -> None:
    """A wrong id is a slip of the program."""
    with pytest.raises(KeyError, match="voie_du_voisin"):
        court_for(_traders(), law, "voie_du_voisin")


def test_an_open_route_carries_its_court(law: Law) -> None:
    """The city given to the routes reaches the court of the injonction."""
    routes = {route.id: route for route in routes_for(_traders(), law, city="Nancy")}
    court = routes["injonction_de_payer"].court
    assert court is not None
    assert court == court_for(_traders(), law, "injonction_de_payer", "Nancy")
    assert court.key == "tae"


def test_a_town_follows_from_its_own_postcode_only(law: Law) -> None:
    """A town read in a postcode is one of the experiment, and a town that was told comes first."""
    assert set(load_rulebook().cities) <= set(
        law.items("villes_tribunal_activites_economiques", TODAY)
    )
    for postcode, key in [
        ("75116", "tae"),
        ("13080", "tc"),
        ("69010", "tc"),
        ("92000", "tc"),
        ("", "tc"),
    ]:
        court = court_for(_traders(postcode=postcode), law)
        assert court is not None
        assert (postcode, court.key) == (postcode, key)
    told = court_for(_traders(postcode="75001"), law, city="Bordeaux")
    assert told is not None
    assert told.key == "tc"
