"""The law as data: what holds on a day, where it was read, what must soon be read again.

`load_law` reads the files of the package once. A value that is not known for a day is refused with
`UnknownForPeriod`: nothing is ever carried over to a period the files do not cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from flows.dossier import DebtorKind
from flows.law.calendar import ONE_DAY, semester_end, semester_start
from flows.law.parameter import (
    Confidence,
    Dated,
    Parameter,
    Reference,
    Scalar,
    Series,
    Unit,
    Use,
    parse_parameter,
    weakest,
)
from flows.law.regimes import Regime, parse_regimes
from flows.law.strict import LawFileError
from flows.law.wording import day_text, semester_text, sentence
from flows.yamlfile import load_yaml

WARNING_DAYS = timedelta(days=31)
"""How long before a value is missing the operator is warned: a habit, no delay of the law."""


class UnknownForPeriod(LookupError):  # noqa: N818 - it is an answer of the law, not a failure
    """A parameter has no known value on a day; `period` and `sentence` say it in French."""

    def __init__(self, parameter: str, on: date, period: str, sentence: str) -> None:
        super().__init__(f"no known value of {parameter} on {on}")
        self.parameter = parameter
        self.on = on
        self.period = period
        self.sentence = sentence


class Severity(StrEnum):
    """How pressing a renewal is."""

    SOON = "soon"
    OVERDUE = "overdue"
    """The day to check it again has passed; the value still holds."""
    EXPIRED = "expired"
    """No value is known for today: what depends on it is refused."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A parameter to look at; `on`: the day it was or is due; a line in English and in French.

    `lapses`: from that day on no value is known, it is not only to be read again.
    """

    parameter: str
    severity: Severity
    on: date
    english: str
    french: str
    lapses: bool


@dataclass(frozen=True, slots=True)
class Law:
    """Every parameter by name and the regime of each kind of debtor. Immutable."""

    parameters: Mapping[str, Parameter]
    regimes: Mapping[DebtorKind, Regime]

    # --- values on a day -----------------------------------------------------------------

    def value(self, name: str, on: date) -> Scalar:
        """Give the value on a day. Raises UnknownForPeriod, or KeyError for an unknown name."""
        value = self._entries(name, on)[-1].value
        assert value is not None
        return value

    def number(self, name: str, on: date) -> Decimal:
        """Give a value in percent, points, euros or times. Raises TypeError for another."""
        value = self.value(name, on)
        if not isinstance(value, Decimal):
            raise TypeError(f"{name} is not a decimal number")
        return value

    def days(self, name: str, on: date) -> int:
        """Give a number of days. Raises TypeError when the parameter is something else."""
        return self._whole(name, on, Unit.DAYS)

    def months(self, name: str, on: date) -> int:
        """Give a number of months. Raises TypeError when the parameter is something else."""
        return self._whole(name, on, Unit.MONTHS)

    def years(self, name: str, on: date) -> int:
        """Give a number of years. Raises TypeError when the parameter is something else."""
        return self._whole(name, on, Unit.YEARS)

    def _whole(self, name: str, on: date, unit: Unit) -> int:
        value = self.value(name, on)
        if not isinstance(value, int) or self.parameters[name].unit is not unit:
            raise TypeError(f"{name} is not a number of {unit}")
        return value

    def text(self, name: str, on: date) -> str:
        """Give a text. Raises TypeError when the parameter is something else."""
        value = self.value(name, on)
        if not isinstance(value, str):
            raise TypeError(f"{name} is not a text")
        return value

    def items(self, name: str, on: date) -> tuple[str, ...]:
        """Give a list of texts. Raises TypeError when the parameter is something else."""
        value = self.value(name, on)
        if not isinstance(value, tuple):
            raise TypeError(f"{name} is not a list of texts")
        return value

    def reference(self, name: str, on: date) -> tuple[Reference, ...]:
        """Give where the value of that day was read; if derived, the rule then the source."""
        return tuple(ref for entry in self._entries(name, on) for ref in entry.reference)

    def confidence(self, name: str, on: date) -> Confidence:
        """Tell how firmly the value of that day was established.

        A derived value is as firm as its rule, unless the operator gave what it is taken from.
        """
        entries = self._entries(name, on)
        counted = [entries[0], *(entry for entry in entries[1:] if entry.own)]
        return weakest(*(entry.confidence for entry in counted))

    def is_own(self, name: str, on: date) -> bool:
        """Tell whether the value of that day comes from the operator's file."""
        return any(entry.own for entry in self._entries(name, on))

    def since(self, name: str, on: date) -> date:
        """Give the day of effect of the value of that day: of its half-year, in such a series."""
        if self.parameters[name].series is Series.DATED:
            return self._entries(name, on)[-1].from_on
        self._entries(name, on)
        return semester_start(on)

    def notice_days(self, kind: DebtorKind, on: date) -> int:
        """Give the days a mise en demeure usually leaves: a usage, no delay of the law."""
        return self.days(self.regimes[kind].notice, on)

    # --- how fresh it is -----------------------------------------------------------------

    @property
    def checked_on(self) -> date:
        """The oldest day on which a parameter in use, or `regimes.yaml`, was last checked."""
        names = [p.name for p in self.parameters.values() if p.use is not Use.NONE]
        return self.checked_on_for(names, *(r.last_checked_on for r in self.regimes.values()))

    def checked_on_for(self, names: Iterable[str], *rules: date) -> date:
        """Give the oldest last check among these parameters and files of `rules`, one at least."""
        days = list(rules)
        for name in names:
            parameter = self.parameters[name]
            days.append(parameter.last_checked_on)
            if parameter.derived_from:
                days.append(self.parameters[parameter.derived_from].last_checked_on)
        return min(days)

    def renewals(self, today: date) -> list[Renewal]:
        """List the parameters in use that expired or must be read within a month, worst first."""
        found = [
            renewal
            for parameter in self.parameters.values()
            if parameter.use is Use.DIRECT
            and (renewal := _renewal(parameter, self.lapses_on(parameter.name), today))
        ]
        order = list(Severity)
        return sorted(
            found, key=lambda r: (-order.index(r.severity), r.on, not r.lapses, r.parameter)
        )

    def lapses_on(self, name: str) -> date | None:
        """Give the first day on which nothing is known any more, None when it holds on."""
        parameter = self.parameters[name]
        if parameter.series is Series.DATED and parameter.values[-1].value is None:
            return None  # a rule that was ended on purpose needs no renewal
        if parameter.known_until is None:
            return None
        lapse = parameter.known_until + ONE_DAY
        if parameter.derived_from is None:
            return lapse
        # A half-year hangs on its first day alone: the source is needed again at the next one.
        end = self.parameters[parameter.derived_from].known_until
        return min(lapse, semester_end(end) + ONE_DAY) if end else lapse

    # --- refusing ------------------------------------------------------------------------

    def _entries(self, name: str, on: date) -> tuple[Dated, ...]:
        """Give what the value of a day rests on; the last one holds the value."""
        if name not in self.parameters:
            raise KeyError(f"the law has no parameter {name!r}")
        parameter = self.parameters[name]
        entry = parameter.entry(on)
        if entry is None:
            raise self._unknown(name, on)
        if parameter.derived_from is None:
            return (entry,)
        source = self.parameters[parameter.derived_from].entry(semester_start(on))
        if source is None:
            raise self._unknown(name, on)
        return (entry, source)

    def _unknown(self, name: str, on: date) -> UnknownForPeriod:
        parameter = self.parameters[name]
        dated = parameter.series is Series.DATED
        period = sentence("day", day=day_text(on)) if dated else semester_text(on)
        text = sentence(
            "unknown_value", label=parameter.label, period=period if dated else f"le {period}"
        )
        return UnknownForPeriod(name, on, period, text)


def _renewal(parameter: Parameter, lapse: date | None, today: date) -> Renewal | None:
    name, again = parameter.name, parameter.renew_before
    late = again is not None and again <= today
    if lapse is not None and lapse <= today:
        severity, key, on = Severity.EXPIRED, "expired", lapse
        english = f"{name}: no known value since {lapse}, figures resting on it are refused"
    elif lapse is not None and lapse - WARNING_DAYS <= today:
        # That a value will be missing presses more than that it was to be read again.
        severity, key, on = Severity.OVERDUE if late else Severity.SOON, "lapsing", lapse
        english = f"{name}: to be completed before {lapse}, no value is known from then on"
    elif again is not None and late:
        severity, key, on = Severity.OVERDUE, "overdue", again
        english = f"{name}: was to be checked again before {again}"
    elif again is not None and again - WARNING_DAYS <= today:
        severity, key, on = Severity.SOON, "soon", again
        english = f"{name}: to be checked again before {again}"
    else:
        return None
    french = sentence(f"renewal_{key}", label=parameter.label, on=day_text(on))
    return Renewal(name, severity, on, english, french, lapses=on == lapse)


def parse_law(
    parameters: Mapping[str, object], regimes: object, groups: Mapping[str, str] | None = None
) -> Law:
    """Make the law of the contents of its files, parameters by name. Raises LawFileError.

    `groups`: the folder of each parameter, by name.
    """
    folders = groups or {}
    parsed = {
        name: parse_parameter(name, data, folders.get(name, ""))
        for name, data in parameters.items()
    }
    for name, parameter in parsed.items():
        source = parameter.derived_from
        if source and (source not in parsed or parsed[source].series is not Series.DATED):
            raise LawFileError(f"{name}: {source!r} is not a dated parameter")
        if source and parsed[source].unit is not parameter.unit:
            raise LawFileError(f"{name}: {source!r} is not in {parameter.unit}")
    return Law(parsed, parse_regimes(regimes, parsed))


@cache
def load_law() -> Law:
    """Give the law of this package, read once. Raises ValueError naming the bad file."""
    folder = files("flows.law")
    contents: dict[str, object] = {}
    groups: dict[str, str] = {}
    for group, file in _yaml_files(folder / "parameters"):
        name = file.name.removesuffix(".yaml")
        if name in contents:
            raise LawFileError(f"{name}: two files bear this name")
        contents[name] = load_yaml(file)
        groups[name] = group
    return parse_law(contents, load_yaml(folder / "regimes.yaml"), groups)


def _yaml_files(folder: Traversable, group: str = "") -> Iterator[tuple[str, Traversable]]:
    """Give the YAML files of a folder and of those in it, each with its folder's name."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _yaml_files(entry, entry.name)
        elif entry.name.endswith(".yaml"):
            yield group, entry


__all__ = [
    "Law",
    "Renewal",
    "Severity",
    "UnknownForPeriod",
    "load_law",
    "parse_law",
]
