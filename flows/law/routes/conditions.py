"""When a rule applies: a few tests on the situation, written in YAML and checked at load.

A condition is a mapping; every line of it must hold. A field of the situation takes a value or a
list of values; `principal_over`, `principal_within`, `total_over`, `total_within`, `total_at` compare
a sum with a parameter in euros; `law` asks the value of a parameter of text on that day, `known` that
a parameter has a value, `postcode_in` and `city_in` that the place is in a parameter's list.
"""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flows.law.law import Law, UnknownForPeriod
from flows.law.parameter import Unit
from flows.law.prose import parse_name
from flows.law.routes.situation import SUMS, VALUES, Situation
from flows.law.strict import LawFileError

COURT = "court"
"""The key of the court, known once the court of the route was found."""

_COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "over": operator.gt,
    "within": operator.le,
    "at": operator.eq,
}
_TRAILING = re.compile(r"\s+(cedex\b.*|\d.*)$")


@dataclass(frozen=True, slots=True)
class Case:
    """A situation under a law, with what is known of the place and of the court."""

    situation: Situation
    law: Law
    city: str = ""
    court: str = ""


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


def parse_condition(where: str, data: Any, law: Law, courts: frozenset[str]) -> Condition:
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
        field, _, comparison = str(key).rpartition("_")
        if key in VALUES or key == COURT:
            tests.append(_among(where, key, raw, VALUES.get(key, courts)))
        elif field in SUMS and comparison in _COMPARE:
            tests.append(_sum(field, comparison, named(raw, Unit.EURO)))
        elif key == "law" and isinstance(raw, dict):
            tests += [_law_is(named(name, Unit.TEXT), value) for name, value in raw.items()]
        elif key == "known":
            tests.append(_known(named(raw)))
        elif key == "postcode_in":
            tests.append(_postcode_in(named(raw, Unit.LIST)))
        elif key == "city_in":
            tests.append(_city_in(named(raw, Unit.LIST)))
        else:
            raise LawFileError(f"{where}: unknown condition {key!r}")
    return Condition(tuple(tests), frozenset(parameters))


def _among(where: str, field: str, raw: Any, allowed: frozenset[Any]) -> Test:
    values = raw if isinstance(raw, list) else [raw]
    for value in values:
        if value not in allowed:
            raise LawFileError(f"{where}.{field}: {value!r} is not one of its values")
    wanted = frozenset(values)
    if field == COURT:
        return lambda case: case.court in wanted
    return lambda case: getattr(case.situation, field) in wanted


def _sum(field: str, comparison: str, name: str) -> Test:
    compare = _COMPARE[comparison]
    return lambda case: compare(
        getattr(case.situation, field), case.law.number(name, case.situation.today)
    )


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
    return lambda case: (
        bool(case.situation.postcode) and case.situation.postcode.startswith(_items(case, name))
    )


def _city_in(name: str) -> Test:
    return lambda case: plain_city(case.city) in {plain_city(city) for city in _items(case, name)}


def plain_city(city: str) -> str:
    """Give a town without case, accents, hyphens, arrondissement or cedex: « le havre »."""
    letters = unicodedata.normalize("NFKD", city)
    bare = "".join(c for c in letters if not unicodedata.combining(c)).casefold()
    return _TRAILING.sub("", " ".join(bare.replace("-", " ").split()))
