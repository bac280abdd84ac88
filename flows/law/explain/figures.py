"""How a value of the law is written inside a sentence: « 10 points », « 40,00 € », « 2 ans »."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from flows.law.law import Law
from flows.law.parameter import Scalar, Unit
from flows.law.wording import day_text, euros_text, number_text, percent_text

_NO_BREAK = "\u00a0"

Nouns = Mapping[str, tuple[str, str]]
"""Unit -> its noun, singular and plural."""


def written(value: Scalar, unit: Unit, nouns: Nouns) -> str:
    """Write a value with its unit. A list is joined by commas, a text given as it is."""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, str):
        return value
    number = Decimal(value)
    if unit is Unit.EURO:
        return euros_text(number)
    if unit is Unit.PERCENT:
        return percent_text(number)
    one, many = nouns[unit]
    return f"{number_text(number)}{_NO_BREAK}{one if number < 2 else many}"


def parameter_text(law: Law, name: str, on: date, nouns: Nouns) -> str:
    """Write the value of a parameter on a day. Raises UnknownForPeriod, KeyError."""
    return written(law.value(name, on), law.parameters[name].unit, nouns)


def sum_text(law: Law, names: tuple[str, ...], on: date) -> str:
    """Write the rate that a rate and the points added to it make. Raises UnknownForPeriod."""
    return percent_text(sum((law.number(name, on) for name in names), Decimal(0)))


def product_text(law: Law, names: tuple[str, ...], on: date) -> str:
    """Write the rate that a rate and its multiple make. Raises UnknownForPeriod."""
    product = Decimal(1)
    for name in names:
        product *= law.number(name, on)
    return percent_text(product)


def given_text(value: object) -> str:
    """Write what a caller hands in: a day, a rate in percent, or a text. Raises TypeError."""
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, Decimal):
        return percent_text(value)
    if isinstance(value, str):
        return value
    raise TypeError(f"a given value is a day, a rate or a text, not {type(value).__name__}")
