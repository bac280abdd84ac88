"""The invoices of one dossier, and which of them each sum received or credited settles.

A sum told for one invoice goes to it; what it does not take, and every other sum, goes to the invoice that fell due
first, then to the next. Interest is no matter of this module: `flows.law` counts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

FIRST = "i1"
"""The key of the invoice a dossier was opened for, whose facts are asked; the others are `i2`, `i3`…"""
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice as it was told: `amount` in euros TTC, due when it was told; `number` and `label` "" if unknown.

    `due_on` is None only while the due date of the first one is still asked. `added_at` is the place of the act that
    added it, -1 for the first.
    """

    key: str
    number: str
    amount: Decimal
    due_on: date | None
    issued_on: date | None = None
    label: str = ""
    added_at: int = -1


@dataclass(frozen=True, slots=True)
class Sum:
    """Euros received or credited on a day; `invoice` is the key of the one they are for, "" when it was not said."""

    on: date
    amount: Decimal
    invoice: str = ""
    corrects: bool = False
    """A credit note that mends an error of the invoice."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is still due by key of invoice, and each sum cut into what every invoice takes of it.

    What no invoice can take is in no part.
    """

    balances: Mapping[str, Decimal]
    credits: tuple[Sum, ...]
    payments: tuple[Sum, ...]


def oldest_first(invoices: Iterable[Invoice]) -> list[Invoice]:
    """Give the invoices by due date, an unknown one first; of one day, in the order told."""
    return sorted(invoices, key=lambda invoice: invoice.due_on or date.min)


def settle(invoices: Iterable[Invoice], credited: Iterable[Sum], paid: Iterable[Sum]) -> Settlement:
    """Set sums against invoices. The order in which the sums were told changes no balance."""
    ordered = oldest_first(invoices)
    left = {invoice.key: invoice.amount for invoice in ordered}
    told = (sorted(credited, key=_day), sorted(paid, key=_day))
    parts: tuple[list[Sum], list[Sum]] = ([], [])
    pools: list[list[Sum]] = []
    for sums, taken in zip(told, parts, strict=True):
        pools.append([_take(one, [one.invoice], left, taken) for one in sums])
    keys = [invoice.key for invoice in ordered]
    for sums, taken in zip(pools, parts, strict=True):
        for one in sums:
            _take(one, keys, left, taken)
    return Settlement(left, tuple(sorted(parts[0], key=_day)), tuple(sorted(parts[1], key=_day)))


def _day(one: Sum) -> date:
    return one.on


def _take(one: Sum, keys: list[str], left: dict[str, Decimal], taken: list[Sum]) -> Sum:
    """Set a sum against the invoices of these keys; give what is left of it."""
    amount = one.amount
    for key in keys:
        part = min(amount, left.get(key, _ZERO))
        if part > 0:
            left[key] -= part
            amount -= part
            taken.append(replace(one, amount=part, invoice=key))
    return replace(one, amount=amount)
