"""A décompte written out: its lines for the table of a letter and for the chat."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from letters.format import NBSP, euros
from letters.template import as_data, line
from letters.words import HERE, read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of (label, amount), and the total row, None when it would repeat a single row."""

    heading: tuple[str, str]
    rows: tuple[tuple[str, str], ...]
    total: tuple[str, str] | None

    def text(self) -> str:
        """Give the table as lines for the chat."""
        rows = [*self.rows, self.total] if self.total else self.rows
        return "\n".join(f"– {label}{NBSP}: {amount}" for label, amount in rows)


@cache
def _wording() -> dict[str, str]:
    return read_yaml(HERE / "decompte.yaml")


def table(decompte: Mapping[str, Any], debtor_kind: str) -> Table:
    """Write a décompte out; the rows add up to the total.

    `decompte` holds `invoices` ({number, principal, interest, lump_sum}), `lines` ({from_on, to_on,
    days, base, rate, amount}; rates in percent) and `interest_accrued`, before payments. Raises
    KeyError on a missing entry, TypeError on an amount that is not Decimal.
    """
    words = _wording()
    invoices = decompte["invoices"]
    amounts = [
        (line(words["principal"], as_data({"number": item["number"]})), item["principal"])
        for item in invoices
    ]
    for item in decompte["lines"]:
        context = as_data({**item, "debtor_kind": debtor_kind})
        amounts.append((line(words["interest"], context), item["amount"]))
    interest = sum((item["interest"] for item in invoices), Decimal(0))
    if covered := decompte["interest_accrued"] - interest:
        amounts.append((words["interest_paid"], -covered))
    if lump_sum := sum((item["lump_sum"] for item in invoices), Decimal(0)):
        amounts.append((words["lump_sum"], lump_sum))
    total = sum((amount for _, amount in amounts), Decimal(0))
    return Table(
        (words["heading_label"], words["heading_amount"]),
        tuple((label, str(euros(amount))) for label, amount in amounts),
        (words["total"], str(euros(total))) if len(amounts) > 1 else None,
    )
