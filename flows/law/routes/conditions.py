"""When a rule applies: a few tests on the situation, written in YAML and checked at load.

A condition is a mapping; every line of it must hold. A field of the situation takes a value or a
list of values. `principal_over`, `principal_within`, `total_over`, `total_within`, `total_at` compare
a sum with a parameter in euros; `habit_over`, `habit_within` compare the total with a habit of
`recommendations.yaml`. `law` asks the value of a parameter of text on that day, `known` that a
parameter has a value, `day_known` that a day of the situation is known. `postcode_in` and `city_in`
ask that the place is in a parameter's list, `postcode_not_in` that it is in none of several,
`territory` that it is in a territory of `courts.yaml`.
"""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flows.law.law import Law, UnknownForPeriod
from flows.law.parameter import Unit
from flows.law.prose import parse_name
from flows.law.routes.situation import DAYS, SUMS, VALUES, Situation
from flows.law.strict import LawFileError

COURT = "court"
"""The key of the court, known once the court of the route was found."""

_COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "over": operator.gt,
    "within": operator.le,
    "at": operator.eq,
}
_HABIT = "habit"
_TRAILING = re.compile(r"\s+(cedex\b.*|\d.*)$")


@dataclass(frozen=True, slots=True)
class Case:
    """A situation under a law, with what is known of the place and of the court."""

    situation: Situation
    law: Law
    city: str = ""
    court: str = ""
    territory: str = ""


Test = Callable[[Case], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """Tests that must all hold; none at all always holds. `parameters`: the names of those it reads."""

    tests: tuple[Test, ...] = ()
    parameters: frozenset[str] = frozenset()

    def holds(self, case: Case) -> bool:
        """Tell whether it applies. Raises UnknownForPeriod when a ceiling is not known that day."""
        for test in self.tests:  # noqa: SIM110 - twice as fast as `all`, and asked by the thousand
            if not test(case):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Names:
    """What a condition may name besides the parameters: courts, territories, and habits in euros."""

    courts: frozenset[str]
    territories: frozenset[str] = frozenset()
    habits: Mapping[str, Decimal] = field(default_factory=dict)


def parse_condition(where: str, data: Any, law: Law, names: Names) -> Condition:
    """Make a condition of its mapping; the parameters it names are those of `law`.

    Raises LawFileError for a field, a value or a parameter that cannot be.
    """
    if not isinstance(data, dict):
        raise LawFileError(f"{where}: a condition is a mapping")
    tests: list[Test] = []
    parameters: set[str] = set()

    def named(name: Any, *units: Unit) -> str:
        parameters.add(parse_name(where, name, law, *units))
        return str(name)

    for key, raw in data.items():
        name, _, comparison = str(key).rpartition("_")
        if key in VALUES or key == COURT:
            tests.append(_among(where, key, raw, VALUES.get(key, names.courts)))
        elif name in SUMS and comparison in _COMPARE:
            tests.append(_sum(name, comparison, named(raw, Unit.EURO)))
        elif name == _HABIT and comparison in _COMPARE and raw in names.habits:
            tests.append(_habit(comparison, names.habits[raw]))
        elif key == "law" and isinstance(raw, dict):
            tests += [_law_is(named(text, Unit.TEXT), value) for text, value in raw.items()]
        elif key in _OF_A_PARAMETER:
            make, units = _OF_A_PARAMETER[key]
            tests.append(make(named(raw, *units)))
        elif key == "postcode_not_in" and isinstance(raw, list):
            tests += [_postcode_not_in(named(item, Unit.LIST)) for item in raw]
        elif key == "territory" and raw in names.territories:
            tests.append(_in_territory(raw))
        elif key == "day_known" and raw in DAYS:
            tests.append(_day_known(raw))
        else:
            raise LawFileError(f"{where}: unknown condition {key!r}")
    return Condition(tuple(tests), frozenset(parameters))


def _among(where: str, name: str, raw: Any, allowed: frozenset[Any]) -> Test:
    values = raw if isinstance(raw, list) else [raw]
    for value in values:
        if value not in allowed:
            raise LawFileError(f"{where}.{name}: {value!r} is not one of its values")
    wanted = frozenset(values)
    if name == COURT:
        return lambda case: case.court in wanted
    return lambda case: getattr(case.situation, name) in wanted


def _sum(name: str, comparison: str, ceiling: str) -> Test:
    compare = _COMPARE[comparison]
    return lambda case: compare(
        getattr(case.situation, name), case.law.number(ceiling, case.situation.today)
    )


def _habit(comparison: str, limit: Decimal) -> Test:
    compare = _COMPARE[comparison]
    return lambda case: compare(case.situation.total, limit)


def _in_territory(name: str) -> Test:
    return lambda case: case.territory == name


def _day_known(name: str) -> Test:
    return lambda case: getattr(case.situation, name) is not None


def _law_is(name: str, value: Any) -> Test:
    return lambda case: _text(case, name) == value


def _text(case: Case, name: str) -> str:
    """Give a text of the law, "" on a day for which the rule does not exist."""
    try:
        return case.law.text(name, case.situation.today)
    except UnknownForPeriod:
        return ""


def _items(case: Case, name: str) -> tuple[str, ...]:
    """Give a list of the law, empty on a day for which the rule does not exist."""
    try:
        return case.law.items(name, case.situation.today)
    except UnknownForPeriod:
        return ()


def _known(name: str) -> Test:
    def test(case: Case) -> bool:
        try:
            case.law.value(name, case.situation.today)
        except UnknownForPeriod:
            return False
        return True

    return test


def _postcode_in(name: str) -> Test:
    return lambda case: case.situation.postcode.startswith(_items(case, name))


def _postcode_not_in(name: str) -> Test:
    return lambda case: not case.situation.postcode.startswith(_items(case, name))


def _city_in(name: str) -> Test:
    return lambda case: plain_city(case.city) in {plain_city(city) for city in _items(case, name)}


def plain_city(city: str) -> str:
    """Give a town without case, accents, hyphens, arrondissement or cedex: « le havre »."""
    letters = unicodedata.normalize("NFKD", city)
    bare = "".join(c for c in letters if not unicodedata.combining(c)).casefold()
    return _TRAILING.sub("", " ".join(bare.replace("-", " ").split()))


_OF_A_PARAMETER: Mapping[str, tuple[Callable[[str], Test], tuple[Unit, ...]]] = {
    "known": (_known, ()),
    "postcode_in": (_postcode_in, (Unit.LIST,)),
    "city_in": (_city_in, (Unit.LIST,)),
}
"""The lines that name one parameter: the test they make, and the units it may have."""
