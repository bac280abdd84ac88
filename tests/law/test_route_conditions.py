"""One line of a condition at a time: when it holds, when it does not, what it may not name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from flows.dossier import DebtorKind
from flows.law import Law, LawFileError, UnknownForPeriod
from flows.law.routes.conditions import Case, Condition, Names, parse_condition, plain_city
from flows.law.routes.situation import Situation

TODAY = date(2026, 11, 22)
CEILING = "plafond_petites_creances"
DISTRICTS = "departements_chambre_commerciale"
CITIES = "villes_tribunal_activites_economiques"
BEFORE = date(2015, 12, 31)
"""A day before the petites créances existed."""
NAMES = Names(
    courts=frozenset({"", "tj", "tae"}),
    territories=frozenset({"alsace_moselle"}),
    habits={"petite": Decimal(500)},
)


def case(law: Law, *, city: str = "", court: str = "", territory: str = "", **facts: Any) -> Case:
    """Make the case of a professional who owes 1 000 €, 1 100 € in all, but for what is said."""
    base = Situation(
        today=TODAY,
        debtor_kind=DebtorKind.PROFESSIONAL,
        principal=Decimal(1000),
        total=Decimal(1100),
    )
    return Case(replace(base, **facts), law, city, court, territory)


def read(law: Law, data: Any) -> Condition:
    """Read a condition that stands at « ici »."""
    return parse_condition("ici", data, law, NAMES)


@pytest.mark.parametrize(
    ("data", "where", "holds"),
    [
        ({}, {}, True),
        ({"contested": "oui"}, {"contested": "oui"}, True),
        ({"contested": "oui"}, {"contested": "non"}, False),
        ({"contested": ["oui", "inconnu"]}, {}, True),
        ({"contested": ["oui", "inconnu"]}, {"contested": "non"}, False),
        ({"overdue": True}, {"overdue": True}, True),
        ({"overdue": True}, {"overdue": False}, False),
        ({"court": "tj"}, {"court": "tj"}, True),
        ({"court": "tj"}, {"court": "tae"}, False),
        ({"court": ["tj", ""]}, {}, True),
        ({"territory": "alsace_moselle"}, {"territory": "alsace_moselle"}, True),
        ({"territory": "alsace_moselle"}, {}, False),
        ({"day_known": "claim_until"}, {"claim_until": TODAY}, True),
        ({"day_known": "claim_until"}, {"relief_until": TODAY}, False),
        ({"habit_over": "petite"}, {}, True),
        ({"habit_within": "petite"}, {}, False),
        ({"habit_within": "petite"}, {"principal": Decimal(1), "total": Decimal(500)}, True),
        ({"habit_over": "petite"}, {"principal": Decimal(1), "total": Decimal(500)}, False),
        ({"known": CEILING}, {}, True),
        ({"known": CEILING}, {"today": BEFORE}, False),
        ({"postcode_in": DISTRICTS}, {"postcode": "67000"}, True),
        ({"postcode_in": DISTRICTS}, {"postcode": "75001"}, False),
        ({"postcode_in": DISTRICTS}, {}, False),
        ({"postcode_in": DISTRICTS}, {"postcode": "67000", "today": date(2019, 12, 31)}, False),
        ({"city_in": CITIES}, {"city": "LYON CEDEX 03"}, True),
        ({"city_in": CITIES}, {"city": "Lille"}, False),
        ({"city_in": CITIES}, {}, False),
        (
            {"city_in": CITIES},
            {"city": "Lyon", "today": date(2024, 12, 31)},
            False,
        ),
        ({"contested": "inconnu", "overdue": True}, {}, True),
        ({"contested": "inconnu", "overdue": False}, {}, False),
        ({"contested": "non", "overdue": True}, {}, False),
    ],
)
def test_a_line_holds_when_the_case_says_so(
    data: dict[str, Any], where: dict[str, Any], holds: bool, law: Law
) -> None:
    """One fact, one place, one list: each line of a condition looks at its own thing."""
    assert read(law, data).holds(case(law, **where)) is holds


@pytest.mark.parametrize("field", ["principal", "total"])
def test_a_sum_is_held_against_the_ceiling_of_the_day(field: str, law: Law) -> None:
    """A cent decides, the ceiling itself is within, and it is that of the day of the case."""
    ceiling = law.number(CEILING, TODAY)
    cent = Decimal("0.01")
    for amount, over, at in (
        (ceiling - cent, False, False),
        (ceiling, False, True),
        (ceiling + cent, True, False),
    ):
        sums: dict[str, Any] = {
            "principal": amount if field == "principal" else Decimal(0),
            "total": amount,
        }
        if field == "principal":
            sums["total"] = 3 * ceiling
        found = {
            how: read(law, {f"{field}_{how}": CEILING}).holds(case(law, **sums))
            for how in ("over", "within", "at")
        }
        assert found == {"over": over, "within": not over, "at": at}
    then = date(2019, 12, 31)
    assert law.number(CEILING, then) < ceiling
    assert read(law, {f"{field}_over": CEILING}).holds(
        case(law, today=then, principal=ceiling, total=ceiling)
    )


def test_a_ceiling_that_is_not_known_is_refused(law: Law) -> None:
    """A sum is never held against the ceiling of another period."""
    with pytest.raises(UnknownForPeriod):
        read(law, {"principal_over": CEILING}).holds(case(law, today=BEFORE))


def test_a_text_of_the_law_is_asked_on_its_day(law: Law) -> None:
    """The value of the day decides; before the first one nothing is equal to it."""
    name, old, new = "regime_titre_injonction", date(2026, 8, 31), date(2026, 9, 1)
    asked = {value: read(law, {"law": {name: value}}) for value in ("certificat", "attente")}
    for day, value in ((old, "certificat"), (new, "attente")):
        assert {key: c.holds(case(law, today=day)) for key, c in asked.items()} == {
            "certificat": value == "certificat",
            "attente": value == "attente",
        }
    early = case(law, today=date(2000, 1, 1))
    assert not any(condition.holds(early) for condition in asked.values())
    both = read(law, {"contested": "oui", "law": {name: "attente"}})
    assert not both.holds(case(law))
    assert both.holds(case(law, contested="oui"))


def test_a_condition_names_the_parameters_it_reads(law: Law) -> None:
    """What the answer rests on is known, so that its last check is."""
    name = "regime_titre_injonction"
    found = read(law, {"total_over": CEILING, "law": {name: "attente"}, "contested": "oui"})
    assert found.parameters == {CEILING, name}
    assert read(law, {"known": name}).parameters == {name}
    assert read(law, {}).parameters == frozenset()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ([], "ici: a condition is a mapping"),
        ("overdue", "ici: a condition is a mapping"),
        ({"weather": "rain"}, "ici: unknown condition 'weather'"),
        ({"contested": "peut-être"}, "ici.contested: 'peut-être' is not one of its values"),
        ({"contested": ["oui", "x"]}, "ici.contested: 'x' is not one of its values"),
        ({"court": "cour_du_voisin"}, "ici.court: 'cour_du_voisin' is not one of its values"),
        ({"principal_under": CEILING}, "ici: unknown condition 'principal_under'"),
        ({"dette_over": CEILING}, "ici: unknown condition 'dette_over'"),
        ({"total_over": "voisin"}, "ici: no parameter 'voisin'"),
        ({"total_over": ""}, "ici: a text"),
        ({"total_over": "diviseur_jours"}, "ici: 'diviseur_jours' is not in euro"),
        ({"law": "regime_titre_injonction"}, "ici: unknown condition 'law'"),
        ({"contested_by": {"regime_titre_injonction": "x"}}, "ici: unknown condition"),
        ({"law": {CEILING: "x"}}, f"ici: '{CEILING}' is not in text"),
        ({"postcode_in": CEILING}, f"ici: '{CEILING}' is not in list"),
        ({"city_in": CEILING}, f"ici: '{CEILING}' is not in list"),
        ({"known": "voisin"}, "ici: no parameter 'voisin'"),
        ({"territory": "lune"}, "ici: unknown condition 'territory'"),
        ({"habit_over": "grande"}, "ici: unknown condition 'habit_over'"),
        ({"day_known": "demain"}, "ici: unknown condition 'day_known'"),
    ],
)
def test_a_condition_that_cannot_be_is_refused(data: Any, says: str, law: Law) -> None:
    """A field, a value or a parameter that is not there stops the reading, with its place."""
    with pytest.raises(LawFileError) as caught:
        read(law, data)
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize(
    ("city", "plain"),
    [
        ("LE HAVRE", "le havre"),
        ("Saint-Brieuc", "saint brieuc"),
        ("  Évreux  ", "evreux"),
        ("Paris 12", "paris"),
        ("Lyon 3e arrondissement", "lyon"),
        ("Nanterre Cedex", "nanterre"),
        ("Nanterre CEDEX 92", "nanterre"),
        ("Cedexville", "cedexville"),
        ("", ""),
    ],
)
def test_a_town_is_known_however_it_is_written(city: str, plain: str) -> None:
    """Case, accents, hyphens, arrondissement and cedex say nothing of the town."""
    assert plain_city(city) == plain
