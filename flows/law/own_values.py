"""The operator's own values: a file that completes the series of the package, without a release.

The file holds, under the name of an existing parameter, `last_checked_on` and one at least of
`values` (by date of effect, as in the package; `replaces: true` to go against the package),
`known_until` and `renew_before`. Nothing is carried over: a series gets longer only by a value with
its reference and by the day until which it is known.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from flows.law.calendar import ONE_DAY, semester_end
from flows.law.describe import value_text
from flows.law.law import Law
from flows.law.parameter import Dated, Parameter, Scalar, Series, parse_values
from flows.law.prose import blanks
from flows.law.strict import keys, parse_day, parse_flag, refused
from flows.law.wording import day_text, sentence


class Outcome(StrEnum):
    """What became of a line of the operator's file."""

    ADDED = "added"
    EXTENDED = "extended"
    CHECKED = "checked"
    REPLACED = "replaced"
    """It goes against the package, on purpose."""
    SAME = "same"
    """The package says the same: the line may be removed."""
    NOT_LONGER = "not_longer"
    NOT_FRESHER = "not_fresher"

    @property
    def useless(self) -> bool:
        """Whether the line may be removed."""
        return self in {Outcome.SAME, Outcome.NOT_LONGER, Outcome.NOT_FRESHER}


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line of the operator's file: the parameter, what became of it, and a sentence saying so.

    `checked_on`: the day the operator says to have read it, which may be any.
    """

    parameter: str
    outcome: Outcome
    checked_on: date
    french: str


def law_with(law: Law, extra: object) -> tuple[Law, tuple[OwnLine, ...]]:
    """Complete the law with the content of the operator's file; give it with what each line did.

    `extra` is what YAML made of the file (None: empty). Raises LawFileError, whose `french` is one
    line for the operator: an unknown parameter, a slip, a value of the package that would change
    without `replaces: true`, a series made longer without a value.
    """
    if extra is None:
        return law, ()
    if not isinstance(extra, dict):
        raise refused("—", "a mapping is expected", "mapping")
    parameters = dict(law.parameters)
    lines: list[OwnLine] = []
    for name, data in extra.items():
        parameters[name], told = _complete(_known(law, name), data)
        lines += told
    for name in extra:
        _check_covered(parameters, name, law.parameters[name].known_until)
        _check_blanks(parameters, name)
    return replace(law, parameters=parameters), tuple(lines)


def _known(law: Law, name: Any) -> Parameter:
    if name in law.parameters:
        return law.parameters[name]
    near = difflib.get_close_matches(str(name), law.parameters, n=1)
    hint = sentence("file_hint", name=near[0]) if near else ""
    raise refused(str(name), "no such parameter", "no_parameter", hint=hint)


def _complete(shipped: Parameter, data: Any) -> tuple[Parameter, list[OwnLine]]:
    """Give the parameter with what its entry adds, and the lines that say so."""
    name = shipped.name
    entry = keys(name, data, {"last_checked_on"}, {"values", "known_until", "renew_before"})
    if len(entry) == 1:
        raise refused(name, "nothing is given", "empty")
    checked_on = parse_day(f"{name}.last_checked_on", entry["last_checked_on"])
    values, lines = (
        _own_values(shipped, entry["values"], checked_on) if "values" in entry else ([], [])
    )
    until = shipped.known_until
    if "known_until" in entry:
        own_until = parse_day(f"{name}.known_until", entry["known_until"])
        until, line = _longer(shipped, own_until, checked_on)
        lines.append(line)
    for value in values:
        if until and value.from_on > until:
            where = f"{name}.{value.from_on}"
            raise refused(where, "is after known_until", "beyond", on=day_text(until))
    again, more = _read_again(shipped, entry, checked_on, until)
    merged = replace(
        shipped,
        values=_merge(shipped, values),
        # With a value of the operator's, the parameter is as fresh as the operator's own reading.
        last_checked_on=checked_on if values else max(checked_on, shipped.last_checked_on),
        known_until=until,
        renew_before=again,
    )
    return merged, lines + more


def _own_values(
    shipped: Parameter, data: Any, checked_on: date
) -> tuple[list[Dated], list[OwnLine]]:
    """Give the values that are news to the package, and a line for each of the file."""
    name = shipped.name
    if shipped.series is Series.DERIVED:
        raise refused(f"{name}.values", "is derived", "derived", source=shipped.derived_from)
    replacing = set()
    bare: Any = data
    if isinstance(data, dict):
        bare = {}
        for day, raw in data.items():
            bare[day] = raw
            if isinstance(raw, dict) and "replaces" in raw:
                flag = parse_flag(f"{name}.{day}", raw["replaces"])
                bare[day] = {key: value for key, value in raw.items() if key != "replaces"}
                replacing |= {day} if flag else set()
    news, lines = [], []
    for value in parse_values(name, bare, shipped.unit, shipped.series, shipped.limits):
        outcome = _outcome(shipped, value, value.from_on in replacing)
        said = _written(shipped, value.value)
        known = _shipped_value(shipped, value.from_on)
        lines.append(
            OwnLine(
                name,
                outcome,
                checked_on,
                sentence(
                    f"own_{outcome}",
                    label=shipped.label,
                    on=day_text(value.from_on),
                    value=said,
                    shipped=_written(shipped, known.value if known else None),
                ),
            )
        )
        if outcome is not Outcome.SAME:
            news.append(replace(value, own=True))
    return news, lines


def _shipped_value(shipped: Parameter, on: date) -> Dated | None:
    """Give what the package says of a day: an entry of that very day, else the one that holds."""
    return next((v for v in shipped.values if v.from_on == on), None) or shipped.entry(on)


def _outcome(shipped: Parameter, value: Dated, replacing: bool) -> Outcome:
    """Tell what a value is to the package. Raises LawFileError when it would change it silently.

    A day after the last check of the package, which says nothing new of it, is the operator's.
    """
    known = _shipped_value(shipped, value.from_on)
    if known is None or (
        known.from_on != value.from_on and value.from_on > shipped.last_checked_on
    ):
        return Outcome.ADDED
    if known.value == value.value:
        return Outcome.SAME
    if replacing:
        return Outcome.REPLACED
    raise refused(
        f"{shipped.name}.{value.from_on}",
        f"the package says {known.value}, the file {value.value}",
        "changes",
        shipped=_written(shipped, known.value),
        own=_written(shipped, value.value),
    )


def _longer(shipped: Parameter, until: date, checked_on: date) -> tuple[date, OwnLine]:
    """Give the last known day and its line. Raises LawFileError when there is nothing to prolong."""
    where = f"{shipped.name}.known_until"
    if shipped.known_until is None:
        raise refused(where, "the parameter has no end", "no_end")
    if shipped.series is not Series.DATED and until != semester_end(until):
        raise refused(where, "is not the end of a half-year", "half_year_end")
    longer = until > shipped.known_until
    outcome = Outcome.EXTENDED if longer else Outcome.NOT_LONGER
    until = max(until, shipped.known_until)
    text = sentence(f"own_{outcome}", label=shipped.label, on=day_text(until))
    return until, OwnLine(shipped.name, outcome, checked_on, text)


def _read_again(
    shipped: Parameter, entry: Mapping[str, Any], checked_on: date, until: date | None
) -> tuple[date | None, list[OwnLine]]:
    """Give the day to read the parameter again, and its line when the file gives one.

    A series known beyond the day it was to be read again has been read again.
    """
    again = shipped.renew_before
    if "renew_before" not in entry:
        passed = again and until and until != shipped.known_until and until >= again
        return (None if passed else again), []
    own = parse_day(f"{shipped.name}.renew_before", entry["renew_before"])
    if own <= checked_on:
        raise refused(f"{shipped.name}.renew_before", "is not after last_checked_on", "renew")
    fresher = checked_on >= shipped.last_checked_on
    outcome = Outcome.CHECKED if fresher else Outcome.NOT_FRESHER
    text = sentence(f"own_{outcome}", label=shipped.label, on=day_text(own))
    return (own if fresher else again), [OwnLine(shipped.name, outcome, checked_on, text)]


def _merge(shipped: Parameter, own: list[Dated]) -> tuple[Dated, ...]:
    """Give the values of both by date of effect. Days neither speaks of stay without a value."""
    merged = {value.from_on: value for value in (*shipped.values, *own)}
    end = shipped.known_until
    later = [value.from_on for value in own if end and value.from_on > end]
    if end and later and shipped.series is Series.DATED and min(later) > end + ONE_DAY:
        last = shipped.values[-1]
        merged[end + ONE_DAY] = Dated(end + ONE_DAY, None, last.confidence, (), own=True)
    return tuple(merged[day] for day in sorted(merged))


def _check_covered(
    parameters: Mapping[str, Parameter], name: str, shipped_until: date | None
) -> None:
    """See that a series made longer has a value wherever one is needed. Raises LawFileError."""
    parameter = parameters[name]
    if not shipped_until or not parameter.known_until or parameter.known_until <= shipped_until:
        return
    source = parameters[parameter.derived_from] if parameter.derived_from else parameter
    if parameter.series is Series.DATED:
        covered = any(
            v.own and v.value is not None and v.from_on > shipped_until for v in source.values
        )
        lacking = None if covered else shipped_until + ONE_DAY
    else:
        day = shipped_until + ONE_DAY
        while day <= parameter.known_until and source.entry(day):
            day = semester_end(day) + ONE_DAY
        lacking = day if day <= parameter.known_until else None
    if lacking:
        raise refused(
            f"{name}.known_until",
            f"no value on {lacking}",
            "uncovered",
            on=day_text(lacking),
            source=source.name,
        )


def _check_blanks(parameters: Mapping[str, Parameter], name: str) -> None:
    """See that a text of the operator's names parameters alone between braces. Raises LawFileError."""
    for value in parameters[name].values:
        if value.own and isinstance(value.value, str):
            for blank in sorted(blanks(value.value) - parameters.keys()):
                raise refused(
                    f"{name}.{value.from_on}", f"no parameter {blank!r}", "blank", name=blank
                )


def _written(parameter: Parameter, value: Scalar | None) -> str:
    return "—" if value is None else value_text(value, parameter.unit)


__all__ = ["Outcome", "OwnLine", "law_with"]
