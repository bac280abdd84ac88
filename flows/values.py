"""Values of facts and acts, and their storage form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Value = str | int | bool | Decimal | date
"""What a fact or an act may hold; money is always `Decimal` euros, a day always `date`."""

Facts = Mapping[str, Value]


def value_to_json(value: Value) -> Any:
    """Encode a value so that `value_from_json` gives back the same type."""
    if isinstance(value, Decimal):
        return {"n": str(value)}
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return value


def value_from_json(data: Any) -> Value:
    """Decode what `value_to_json` made. Raises ValueError on anything else."""
    match data:
        case {"n": str(number)}:
            return Decimal(number)
        case {"d": str(day)}:
            return date.fromisoformat(day)
        case {"t": str(instant)}:
            return datetime.fromisoformat(instant)
        case str() | bool() | int():
            return data
        case _:
            raise ValueError(f"not a stored value: {data!r}")


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """Encode named values for storage."""
    return {name: value_to_json(value) for name, value in facts.items()}


def facts_from_json(data: Mapping[str, Any]) -> dict[str, Value]:
    """Decode what `facts_to_json` made."""
    return {name: value_from_json(value) for name, value in data.items()}
