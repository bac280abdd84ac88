"""The law in force on a day as a table of lines, for the operator."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flows.law.law import Law, UnknownForPeriod
from flows.law.parameter import Scalar, Unit
from flows.law.wording import day_text, euros_text, number_text, sentence


def describe(law: Law, on: date) -> list[str]:
    """Give one French line a parameter: value, confidence, reference, day of the last check.

    A parameter with no known value on that day says so; nothing is raised.
    """
    return [_line(law, name, on) for name in sorted(law.parameters)]


def _line(law: Law, name: str, on: date) -> str:
    checked = day_text(law.checked_on_for([name]))
    try:
        value = law.value(name, on)
    except UnknownForPeriod:
        return sentence("listing_unknown", name=name, checked=checked)
    unit = law.parameters[name].unit
    return sentence(
        "listing",
        name=name,
        value=sentence(f"unit_{unit}", value=_written(value, unit)),
        confidence=sentence(f"confidence_{law.confidence(name, on)}"),
        reference="\u00a0; ".join(
            f"{reference.title} <{reference.href}>" if reference.href else reference.title
            for reference in law.reference(name, on)
        ),
        checked=checked,
    )


def _written(value: Scalar, unit: Unit) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    if not isinstance(value, Decimal):
        return str(value)
    return euros_text(value) if unit is Unit.EURO else number_text(value)
