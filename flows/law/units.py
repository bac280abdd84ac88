"""What a value of the law measures, and what it may be: between two bounds, or a word of a list.

The bounds are no law: they are wide, and only there so that a slip of the hand (« 311 » for
« 3.11 ») never becomes a figure. `units.yaml` has those of each unit, a parameter may have its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from flows.law.strict import LawFileError, keys, parse_text, parse_texts, refused
from flows.law.wording import number_text, sentence
from flows.yamlfile import load_yaml

Scalar = Decimal | int | str | tuple[str, ...]
"""Decimal for percent, points, euro, multiple; int for days, months, years; str for text; a tuple
for a list."""

_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)


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
NUMBERS = frozenset(Unit) - {Unit.TEXT, Unit.LIST}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a value may be: between two `bounds`, or a word of `allowed`.

    The bounds are themselves counted in; None for what is no number. Without words, any text.
    """

    bounds: tuple[Decimal, Decimal] | None = None
    allowed: tuple[str, ...] = ()


def parse_limits(name: str, unit: Unit, bounds: Any = None, allowed: Any = None) -> Limits:
    """Give what a parameter may be, the bounds of its unit unless it has its own. Raises LawFileError."""
    if bounds is not None and unit not in NUMBERS:
        raise LawFileError(f"{name}: 'bounds' goes with a number")
    if allowed is not None and unit is not Unit.TEXT:
        raise LawFileError(f"{name}: 'allowed' goes with the unit 'text'")
    if allowed is not None:
        return Limits(allowed=parse_texts(f"{name}.allowed", allowed, least=1))
    if bounds is not None:
        return _bounds(f"{name}.bounds", bounds)
    return _by_unit()[unit] if unit in NUMBERS else Limits()


@cache
def _by_unit() -> Mapping[Unit, Limits]:
    data = keys("units", load_yaml(files("flows.law") / "units.yaml"), NUMBERS)
    return {unit: _bounds(f"units.{unit}", data[unit]) for unit in NUMBERS}


def _bounds(where: str, data: Any) -> Limits:
    entry = keys(where, data, {"low", "high"})
    low, high = (_number(f"{where}.{key}", entry[key]) for key in ("low", "high"))
    if low >= high:
        raise LawFileError(f"{where}: low is not under high")
    return Limits((low, high))


def parse_value(where: str, value: Any, unit: Unit, limits: Limits) -> Scalar | None:
    """Give a value of a file as what its unit makes of it, None when empty. Raises LawFileError."""
    if value is None:
        return None
    if unit is Unit.LIST:
        return parse_texts(where, value, least=1)
    if unit is Unit.TEXT:
        return _word(where, parse_text(where, value), limits)
    if unit in WHOLE and (type(value) is not int or value <= 0):
        raise refused(
            where, f"a whole number of {unit} is expected, not {value!r}", "whole", value=value
        )
    number = Decimal(value) if unit in WHOLE else _number(where, value)
    if limits.bounds:
        _check_bounds(where, number, unit, *limits.bounds)
    return int(value) if unit in WHOLE else number


def _check_bounds(where: str, number: Decimal, unit: Unit, low: Decimal, high: Decimal) -> None:
    if low <= number <= high:
        return
    raise refused(
        where,
        f"{number} is not between {low} and {high} {unit}",
        "bounds",
        value=number_text(number),
        low=number_text(low),
        high=number_text(high),
        unit=sentence(f"file_in_{unit}"),
    )


def _number(where: str, value: Any) -> Decimal:
    text = parse_text(where, value)
    if not _NUMBER.fullmatch(text):
        raise refused(where, f"{text!r} is not a number, digits with a point", "number", value=text)
    return Decimal(text)


def _word(where: str, text: str, limits: Limits) -> str:
    if limits.allowed and text not in limits.allowed:
        raise refused(
            where,
            f"{text!r} is not one of {list(limits.allowed)}",
            "word",
            value=text,
            members=", ".join(f"«\u00a0{word}\u00a0»" for word in limits.allowed),
        )
    return text


__all__ = ["NUMBERS", "WHOLE", "Limits", "Scalar", "Unit", "parse_limits", "parse_value"]
