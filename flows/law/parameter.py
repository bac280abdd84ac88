"""One parameter of the law: values by date of effect, where read, how long known.

A parameter is one file of a folder of `parameters/`. Reading is strict: an unknown key, a number
without quotes, a half-year that does not start on 1 January or 1 July is a `LawFileError`, so that
a slip of the hand never becomes a figure. The operator's own file is read by the same functions.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from flows.law.calendar import semester_end, semester_start
from flows.law.strict import (
    LawFileError,
    keys,
    parse_day,
    parse_day_or_none,
    parse_href,
    parse_member,
    parse_text,
    refused,
)
from flows.law.units import WHOLE, Limits, Scalar, Unit, parse_limits, parse_value


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


def weakest(*confidences: Confidence) -> Confidence:
    """Give the least firm of several degrees of confidence."""
    return max(confidences, key=list(Confidence).index)


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
    """A value and its day of effect; `value` is None when the rule ends, or is derived.

    `own`: it comes from the operator's file, not from the package.
    """

    from_on: date
    value: Scalar | None
    confidence: Confidence
    reference: tuple[Reference, ...]
    own: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `known_until`: the last day anything is known of (None: until changed).

    `group`: the folder of its file, "" when it was not read from one.
    """

    name: str
    label: str
    description: str
    unit: Unit
    limits: Limits
    series: Series
    values: tuple[Dated, ...]
    last_checked_on: date
    renew_before: date | None
    known_until: date | None
    use: Use
    derived_from: str | None = None
    notes: str = ""
    group: str = ""
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

_RULE = "first_day_of_semester"


def parse_parameter(name: str, data: Any, group: str = "") -> Parameter:
    """Make a parameter of the content of its file, found in the folder `group`. Raises LawFileError."""
    top = keys(
        name,
        data,
        {"label", "description", "unit", "series", "values", "metadata"},
        {"derived", "bounds", "allowed"},
    )
    unit = parse_member(Unit, name, top["unit"])
    limits = parse_limits(name, unit, top.get("bounds"), top.get("allowed"))
    series = parse_member(Series, name, top["series"])
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
        label=parse_text(f"{name}.label", top["label"]),
        description=parse_text(f"{name}.description", top["description"]),
        unit=unit,
        series=series,
        limits=limits,
        values=parse_values(name, top["values"], unit, series, limits),
        last_checked_on=parse_day(f"{name}.last_checked_on", meta["last_checked_on"]),
        renew_before=parse_day_or_none(f"{name}.renew_before", meta["renew_before"]),
        known_until=parse_day_or_none(f"{name}.known_until", meta["known_until"]),
        use=parse_member(Use, name, meta["use"]),
        derived_from=_derived(name, top["derived"]) if series is Series.DERIVED else None,
        notes=parse_text(f"{name}.notes", meta["notes"]) if "notes" in meta else "",
        group=group,
    )
    _check_days(parameter)
    return parameter


def _check_days(parameter: Parameter) -> None:
    """Hold the days of a file against one another. Raises LawFileError."""
    name, last = parameter.name, parameter.values[-1].from_on
    if parameter.series is not Series.DATED and parameter.known_until is None:
        raise LawFileError(f"{name}: a series by half-year needs known_until")
    if parameter.known_until and parameter.known_until < last:
        raise LawFileError(f"{name}: known_until is before the last value")
    if (
        parameter.series is Series.SEMESTER
        and parameter.known_until
        and parameter.known_until > semester_end(last)
    ):
        raise LawFileError(f"{name}: known_until is after the last half-year that has a value")
    if parameter.renew_before and parameter.renew_before <= parameter.last_checked_on:
        raise LawFileError(f"{name}: renew_before is not after last_checked_on")


def _derived(name: str, data: Any) -> str:
    derived = keys(f"{name}.derived", data, {"from", "rule"})
    if derived["rule"] != _RULE:
        raise LawFileError(f"{name}.derived: the only rule is {_RULE}")
    return parse_text(f"{name}.derived.from", derived["from"])


def parse_values(
    name: str, data: Any, unit: Unit, series: Series, limits: Limits
) -> tuple[Dated, ...]:
    """Read values by date of effect, earliest first, all within `limits`. Raises LawFileError."""
    if not isinstance(data, dict) or not data:
        raise refused(f"{name}.values", "at least one date of effect is expected", "values")
    found = []
    for from_on, raw in data.items():
        where = f"{name}.{from_on}"
        day = parse_day(where, from_on)
        if series is not Series.DATED and day != semester_start(day):
            raise refused(where, "a half-year starts on 1 January or 1 July", "semester")
        required = {"confidence", "reference"}
        entry = keys(where, raw, required if series is Series.DERIVED else required | {"value"})
        found.append(
            Dated(
                from_on=day,
                value=parse_value(where, entry.get("value"), unit, limits),
                confidence=parse_member(Confidence, where, entry["confidence"]),
                reference=_references(where, entry["reference"]),
            )
        )
    return tuple(sorted(found, key=lambda dated: dated.from_on))


def _references(where: str, data: Any) -> tuple[Reference, ...]:
    if not isinstance(data, list) or not data:
        raise refused(where, "at least one reference is expected", "references")
    return tuple(
        Reference(parse_text(where, item["title"]), parse_href(where, item.get("href", "")))
        for item in (keys(where, item, {"title"}, {"href"}) for item in data)
    )


__all__ = [
    "WHOLE",
    "Confidence",
    "Dated",
    "Parameter",
    "Reference",
    "Scalar",
    "Series",
    "Unit",
    "Use",
    "parse_parameter",
    "parse_values",
    "weakest",
]
