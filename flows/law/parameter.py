"""One parameter of the law: values by date of effect, where read, how long known.

A parameter is one file of a folder of `parameters/`. Reading is strict: an unknown key, a number without
quotes, a half-year that does not start on 1 January or 1 July is a `LawFileError`, so that a slip
of the hand never becomes a figure.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from flows.law.calendar import semester_start

Scalar = Decimal | int | str | tuple[str, ...]
"""Decimal for percent, points, euro, multiple; int for days, months, years; str for text; a tuple
for a list."""


class LawFileError(ValueError):
    """A file of the law does not hold what it should; the message names the file and the place."""


class Unit(StrEnum):
    """What the value measures."""

    PERCENT = "percent"
    """Percent a year."""
    POINTS = "points"
    """Points of percent, added to a rate."""
    EURO = "euro"
    MULTIPLE = "multiple"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    TEXT = "text"
    LIST = "list"
    """Several texts, in an order that may matter: towns, mentions of an invoice."""


WHOLE = frozenset({Unit.DAYS, Unit.MONTHS, Unit.YEARS})
"""Units counted in whole numbers: terms, which the calendar adds to a day."""


class Series(StrEnum):
    """How far a value holds."""

    DATED = "dated"
    """Until the next date of effect."""
    SEMESTER = "semester"
    """For its own half-year and not a day more."""
    DERIVED = "derived"
    """Taken from another parameter on the first day of the half-year."""


class Confidence(StrEnum):
    """How firmly the value was established."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    UNCERTAIN = "uncertain"


class Use(StrEnum):
    """Whether figures rest on it."""

    DIRECT = "direct"
    DERIVED = "derived"
    """Only through the parameter derived from it, which warns in its stead."""
    NONE = "none"
    """Held for the record."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a value was read. `href` is "" when no official address is known with certainty."""

    title: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """A value and its day of effect; `value` is None when the rule ends, or is derived."""

    from_on: date
    value: Scalar | None
    confidence: Confidence
    reference: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `known_until`: the last day anything is known of (None: until changed)."""

    name: str
    label: str
    description: str
    unit: Unit
    series: Series
    values: tuple[Dated, ...]
    last_checked_on: date
    renew_before: date | None
    known_until: date | None
    use: Use
    derived_from: str | None = None
    notes: str = ""
    _starts: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(value.from_on for value in self.values))

    def entry(self, on: date) -> Dated | None:
        """Give the entry that holds on a day, None when nothing is known of that day."""
        if self.known_until is not None and on > self.known_until:
            return None
        index = bisect_right(self._starts, on) - 1
        if index < 0:
            return None
        found = self.values[index]
        if self.series is Series.SEMESTER and found.from_on != semester_start(on):
            return None
        if found.value is None and self.series is not Series.DERIVED:
            return None
        return found


# --- reading ---------------------------------------------------------------------------------

_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
_RULE = "first_day_of_semester"
_E = TypeVar("_E", bound=StrEnum)


def keys(
    where: str, data: Any, required: Set[str], optional: Set[str] = frozenset()
) -> Mapping[str, Any]:
    """Give `data` back when it is a mapping with these keys and no other. Raises LawFileError."""
    if not isinstance(data, dict):
        raise LawFileError(f"{where}: a mapping is expected")
    if missing := required - set(data):
        raise LawFileError(f"{where}: missing {sorted(missing)}")
    if extra := set(data) - required - optional:
        raise LawFileError(f"{where}: unknown {sorted(map(str, extra))}")
    return data


def parse_parameter(name: str, data: Any) -> Parameter:
    """Make a parameter of the content of its file. Raises LawFileError."""
    top = keys(
        name,
        data,
        {"label", "description", "unit", "series", "values", "metadata"},
        {"derived"},
    )
    unit = _member(Unit, name, top["unit"])
    series = _member(Series, name, top["series"])
    if (series is Series.DERIVED) != ("derived" in top):
        raise LawFileError(f"{name}: 'derived' goes with the series 'derived'")
    meta = keys(
        f"{name}.metadata",
        top["metadata"],
        {"last_checked_on", "renew_before", "known_until", "use"},
        {"notes"},
    )
    parameter = Parameter(
        name=name,
        label=_text(f"{name}.label", top["label"]),
        description=_text(f"{name}.description", top["description"]),
        unit=unit,
        series=series,
        values=_values(name, top["values"], unit, series),
        last_checked_on=_day(f"{name}.last_checked_on", meta["last_checked_on"]),
        renew_before=_day_or_none(f"{name}.renew_before", meta["renew_before"]),
        known_until=_day_or_none(f"{name}.known_until", meta["known_until"]),
        use=_member(Use, name, meta["use"]),
        derived_from=_derived(name, top["derived"]) if series is Series.DERIVED else None,
        notes=_text(f"{name}.notes", meta["notes"]) if "notes" in meta else "",
    )
    if series is not Series.DATED and parameter.known_until is None:
        raise LawFileError(f"{name}: a series by half-year needs known_until")
    if parameter.renew_before and parameter.renew_before <= parameter.last_checked_on:
        raise LawFileError(f"{name}: renew_before is not after last_checked_on")
    return parameter


def _derived(name: str, data: Any) -> str:
    derived = keys(f"{name}.derived", data, {"from", "rule"})
    if derived["rule"] != _RULE:
        raise LawFileError(f"{name}.derived: the only rule is {_RULE}")
    return _text(f"{name}.derived.from", derived["from"])


def _values(name: str, data: Any, unit: Unit, series: Series) -> tuple[Dated, ...]:
    if not isinstance(data, dict) or not data:
        raise LawFileError(f"{name}.values: at least one date of effect is expected")
    found = []
    for from_on, raw in data.items():
        where = f"{name}.{from_on}"
        day = _day(where, from_on)
        if series is not Series.DATED and day != semester_start(day):
            raise LawFileError(f"{where}: a half-year starts on 1 January or 1 July")
        required = {"confidence", "reference"}
        entry = keys(where, raw, required if series is Series.DERIVED else required | {"value"})
        found.append(
            Dated(
                from_on=day,
                value=_value(where, entry.get("value"), unit),
                confidence=_member(Confidence, where, entry["confidence"]),
                reference=_references(where, entry["reference"]),
            )
        )
    return tuple(sorted(found, key=lambda dated: dated.from_on))


def _value(where: str, value: Any, unit: Unit) -> Scalar | None:
    if value is None:
        return None
    if unit in WHOLE:
        if type(value) is not int or value <= 0:
            raise LawFileError(f"{where}: a whole number of {unit} is expected, not {value!r}")
        return value
    if unit is Unit.LIST:
        if not isinstance(value, list) or not value:
            raise LawFileError(f"{where}: a list of texts is expected, not {value!r}")
        return tuple(_text(where, item) for item in value)
    text = _text(where, value)
    if unit is Unit.TEXT:
        return text
    if not _NUMBER.fullmatch(text):
        raise LawFileError(f"{where}: {text!r} is not a number, digits with a point")
    return Decimal(text)


def _references(where: str, data: Any) -> tuple[Reference, ...]:
    if not isinstance(data, list) or not data:
        raise LawFileError(f"{where}: at least one reference is expected")
    return tuple(
        Reference(_text(where, item["title"]), _href(where, item.get("href", "")))
        for item in (keys(where, item, {"title"}, {"href"}) for item in data)
    )


def _href(where: str, value: Any) -> str:
    if value != "" and not (isinstance(value, str) and value.startswith("https://")):
        raise LawFileError(f"{where}: {value!r} is not an https address")
    return str(value)


def _member(kind: type[_E], where: str, value: Any) -> _E:
    try:
        return kind(value)
    except ValueError as error:
        raise LawFileError(f"{where}: {value!r} is not one of {[str(m) for m in kind]}") from error


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise LawFileError(f"{where}: a text in quotes is expected, not {value!r}")
    return value.strip()


def _day(where: str, value: Any) -> date:
    if type(value) is not date:
        raise LawFileError(f"{where}: a day such as 2026-07-01 is expected, not {value!r}")
    return value


def _day_or_none(where: str, value: Any) -> date | None:
    return None if value is None else _day(where, value)
