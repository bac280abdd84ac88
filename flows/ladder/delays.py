"""A delay and what it counts from: the one place where a base becomes a day."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from flows.ladder.days import after, paced
from flows.law.calendar import add_months

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from flows.values import Facts, Value


class Base(StrEnum):
    """What a delay counts from. Names are stored with the delays people choose."""

    DUE = "echeance"
    """The due date of the invoice."""
    PROMISE = "promesse"
    """The last day promised."""
    SENDING = "envoi"
    """The last sending."""
    RECEIPT = "reception"
    """The last receipt of a letter."""
    ACT = "acte"
    """The act that started the clock; of a delay somebody chose, the day it was chosen."""
    MONTH_END = "fin_de_mois"
    """The last day of the month of another base."""


@dataclass(frozen=True, slots=True)
class Delay:
    """So many months, then days, after a base; of `Base.MONTH_END`, `of` says whose month."""

    days: int
    counts_from: Base
    of: Base | None = None
    months: int = 0

    def __post_init__(self) -> None:
        """Refuse a month of nothing, a month of a month's end, and a delay that goes back."""
        if (self.of is not None) is not (self.counts_from is Base.MONTH_END):
            raise ValueError("the end of a month, and it alone, says of which base")
        if self.of is Base.MONTH_END or self.days < 0 or self.months < 0:
            raise ValueError("a delay goes forward, from a base that is a day")

    @property
    def base(self) -> Base:
        """The base whose day is looked up."""
        return self.of or self.counts_from

    def at_pace(self, pace: Decimal) -> Delay:
        """Stretch or shorten its days; months and a delay of no day stay."""
        return replace(self, days=paced(self.days, pace)) if self.days else self


@dataclass(frozen=True, slots=True)
class Counted:
    """A delay resolved: the day it `since` counts from, and the day it ends `on`."""

    since: date
    on: date


def count(delay: Delay, known: Mapping[Base, date]) -> Counted | None:
    """Resolve a delay from the bases that are known; None while its own is not.

    A month is counted to the same day of a later month, or to that month's last day.
    """
    base = known.get(delay.base)
    if base is None:
        return None
    since = add_months(base, delay.months)
    if delay.counts_from is Base.MONTH_END:
        since = since.replace(day=monthrange(since.year, since.month)[1])
        return Counted(since, after(since, delay.days))
    return Counted(base, after(since, delay.days))


def delay_of(data: Facts) -> Delay | None:
    """Read a delay as an act keeps it, None when it says no delay that is known."""
    days, months = data.get("days"), data.get("months", 0)
    of = str(data.get("of", ""))
    if not isinstance(days, int) or not isinstance(months, int):
        return None
    try:
        base = Base(str(data.get("counts_from")))
        return Delay(days, base, Base(of) if of else None, months)
    except ValueError:
        return None


def data_of(delay: Delay) -> dict[str, Value]:
    """Give a delay as an act keeps it; `delay_of` reads it again."""
    of: dict[str, Value] = {"of": delay.of.value} if delay.of else {}
    counted: dict[str, Value] = {"months": delay.months} if delay.months else {}
    return {"days": delay.days, "counts_from": delay.counts_from.value, **of, **counted}
