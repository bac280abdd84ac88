"""The law as rows to be shown to the operator: what holds on a day, since when, what ends when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from flows.law.calendar import ONE_DAY, public_holidays, semester_end, semester_start
from flows.law.law import Law, UnknownForPeriod
from flows.law.parameter import Parameter, Reference, Scalar, Series, Unit, Use
from flows.law.prose import fill_with_doubts, written
from flows.law.wording import number_text, read_sentences, sentence
from flows.yamlfile import load_yaml


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter on a day.

    `value`: in French with its unit, "" when it is not known that day; the blanks of a text hold
    what they are worth that day.
    `since` and `until`: the first and the last day of that value (None: unknown, or no end in
    sight). `lapses_on`: the first day nothing is known any more. `own`: from the operator's file.
    """

    name: str
    group: str
    label: str
    value: str
    since: date | None
    until: date | None
    confidence: str
    references: tuple[Reference, ...]
    checked_on: date
    lapses_on: date | None
    renew_before: date | None
    use: Use
    own: bool


@dataclass(frozen=True, slots=True)
class Term:
    """A day to come: a parameter's last known value ends (`lapses`), or is to be read again."""

    on: date
    lapses: bool
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Holidays:
    """The public holidays in use in a year, where they were read and when that was last checked."""

    days: tuple[date, ...]
    label: str
    reference: str
    checked_on: date


def describe(law: Law, on: date, names: Iterable[str] | None = None) -> list[Row]:
    """Give one row a parameter (all, or those named), by folder then name. Never refuses a day.

    The folders come in the order of `groups.yaml`. Raises KeyError for an unknown name.
    """
    wanted = [law.parameters[name] for name in (law.parameters if names is None else names)]
    order = {group: place for place, group in enumerate(group_titles())}
    wanted.sort(key=lambda p: (order.get(p.group, len(order)), p.group, p.name))
    return [_row(law, parameter, on) for parameter in wanted]


@cache
def group_titles() -> Mapping[str, str]:
    """Give the French title of each folder of parameters, in the order they are shown."""
    return read_sentences(files("flows.law") / "groups.yaml")


def history(law: Law, name: str) -> list[Row]:
    """Give one row a value the parameter has had or will have, earliest first. Raises KeyError.

    A row without value begins, by its `since`, days of which nothing is known or a rule that ended.
    """
    parameter = law.parameters[name]
    starts = [entry.from_on for entry in parameter.values]
    if parameter.series is Series.DERIVED:
        assert parameter.known_until is not None
        while (after := semester_end(starts[-1]) + ONE_DAY) <= parameter.known_until:
            starts.append(after)
    return [replace(_row(law, parameter, start), since=start) for start in starts]


def horizon(law: Law, today: date) -> list[Term]:
    """Give what is still to end or to be read again for the parameters in use, the next first.

    Of a parameter that ends on the day it is to be read again, the end alone is told.
    """
    terms = []
    for parameter in law.parameters.values():
        if parameter.use is not Use.DIRECT:
            continue
        lapse, again = law.lapses_on(parameter.name), parameter.renew_before
        if lapse and lapse > today:
            terms.append(Term(lapse, True, parameter.name, parameter.label))
        if again and again > today and again != lapse:
            terms.append(Term(again, False, parameter.name, parameter.label))
    return sorted(terms, key=lambda term: (term.on, not term.lapses, term.name))


@cache
def holidays(year: int) -> Holidays:
    """Give the public holidays of a year, as `calendar.yaml` has them."""
    data = load_yaml(files("flows.law") / "calendar.yaml")
    return Holidays(
        days=tuple(sorted(public_holidays(year))),
        label=data["label"],
        reference=" ; ".join(reference["title"] for reference in data["reference"]),
        checked_on=data["last_checked_on"],
    )


def value_text(value: Scalar, unit: Unit) -> str:
    """Write a value as it stands in its file: « 12,40 % par an », « 1 an », « « décret attendu » »."""
    if isinstance(value, tuple):
        return "\u00a0; ".join(value)
    if isinstance(value, str):
        return sentence("shown_text", value=value)
    if unit is Unit.PERCENT:
        return sentence("shown_percent", value=number_text(Decimal(value)))
    return written(value, unit)


def _row(law: Law, parameter: Parameter, on: date) -> Row:
    name = parameter.name
    try:
        value = fill_with_doubts(value_text(law.value(name, on), parameter.unit), law, on)
    except UnknownForPeriod:
        value = ""
    known = bool(value)
    return Row(
        name=name,
        group=parameter.group,
        label=parameter.label,
        value=value,
        since=law.since(name, on) if known else None,
        until=_until(parameter, on) if known else None,
        confidence=sentence(f"confidence_{law.confidence(name, on)}") if known else "",
        references=law.reference(name, on) if known else (),
        checked_on=law.checked_on_for([name]),
        lapses_on=law.lapses_on(name),
        renew_before=parameter.renew_before,
        use=parameter.use,
        own=known and law.is_own(name, on),
    )


def _until(parameter: Parameter, on: date) -> date | None:
    """Give the last day of the value of `on`, None when nothing ends it."""
    if parameter.series is not Series.DATED:
        return semester_end(semester_start(on))
    ends = [entry.from_on - ONE_DAY for entry in parameter.values if entry.from_on > on]
    if parameter.known_until:
        ends.append(parameter.known_until)
    return min(ends, default=None)
