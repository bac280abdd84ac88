"""The tables of a document written out, for the paper and for the chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from letters.format import NBSP, date_courte, date_longue, euros
from letters.template import as_data, line
from letters.words import HERE, read_yaml


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `align` has "left" or "right" by column, `total` is None when there is none to show.

    `told` are its rows as the lines of a message.
    """

    heading: tuple[str, ...]
    align: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None
    told: tuple[str, ...]

    def text(self) -> str:
        """Give the table as lines for the chat."""
        return "\n".join(f"– {line}" for line in self.told)


@cache
def _wording() -> dict[str, dict[str, str]]:
    return read_yaml(HERE / "tables.yaml")


def table(name: str, facts: Mapping[str, Any], addressee: str = "debiteur") -> Table:
    """Write out the table `name` ("decompte", "schedule", "exhibits", "invoices") of these facts.

    `addressee`: who reads it, a word of the vocabulary; only the debtor is asked to settle the total.
    Raises KeyError when a fact it is made of, or an entry of one, is missing.
    """
    if name == "decompte":
        return decompte(facts["decompte"], str(facts["debtor_kind"]), addressee)
    if name == "invoices":
        return invoices(facts["invoices"])
    return schedule(facts["schedule"]) if name == "schedule" else exhibits(facts["exhibits"])


def decompte(counted: Mapping[str, Any], debtor_kind: str, addressee: str = "debiteur") -> Table:
    """Write a décompte out; the rows add up to the total.

    `counted` holds `invoices` ({number, principal, interest, lump_sum}), `lines` ({from_on, to_on,
    days, base, rate, amount}; rates in percent) and `interest_accrued`, before payments. Of several
    invoices, `number` and `due_on` of both tell which. Raises KeyError on a missing entry, TypeError
    on an amount that is not Decimal.
    """
    words = _wording()["decompte"]
    invoices = counted["invoices"]
    several = len(invoices) > 1
    amounts = [
        (
            line(words["principal"], as_data({"due_on": None, **item, "several": several})),
            item["principal"],
        )
        for item in invoices
    ]
    for item in counted["lines"]:
        known = {"number": "", "due_on": None, **item}
        context = as_data({**known, "debtor_kind": debtor_kind, "several": several})
        amounts.append((line(words["interest"], context), item["amount"]))
    interest = sum((item["interest"] for item in invoices), Decimal(0))
    if covered := counted["interest_accrued"] - interest:
        amounts.append((words["interest_paid"], -covered))
    if lump_sum := sum((item["lump_sum"] for item in invoices), Decimal(0)):
        owing = sum(1 for item in invoices if item["lump_sum"])
        amounts.append((line(words["lump_sum"], {"count": owing}), lump_sum))
    whole = sum((amount for _, amount in amounts), Decimal(0))
    rows = tuple((label, str(euros(amount))) for label, amount in amounts)
    named = line(words["total"], {"addressee": addressee})
    total = (named, str(euros(whole))) if len(amounts) > 1 else None
    return Table(
        (words["label"], words["amount"]),
        ("left", "right"),
        rows,
        total,
        tuple(f"{label}{NBSP}: {amount}" for label, amount in (*rows, *([total] if total else []))),
    )


def schedule(payments: Sequence[Mapping[str, Any]]) -> Table:
    """Write out payments to come, {on, amount}. Raises KeyError or TypeError on a wrong entry."""
    words = _wording()["schedule"]
    whole = sum((item["amount"] for item in payments), Decimal(0))
    return Table(
        (words["number"], words["due_on"], words["amount"]),
        ("left", "left", "right"),
        tuple(
            (str(at), date_longue(item["on"]), euros(item["amount"]))
            for at, item in enumerate(payments, 1)
        ),
        (words["total"], "", euros(whole)) if len(payments) > 1 else None,
        tuple(
            line(words["told"], as_data({"due_on": item["on"], "amount": item["amount"]}))
            for item in payments
        ),
    )


def invoices(listed: Sequence[Mapping[str, Any]]) -> Table:
    """Write out invoices, {number, on, due_on, remaining}, with what is left to pay on each and in all.

    Raises KeyError or TypeError on a wrong entry.
    """
    words = _wording()["invoices"]
    whole = sum((item["remaining"] for item in listed), Decimal(0))
    return Table(
        (words["number"], words["issued"], words["due_on"], words["amount"]),
        ("left", "left", "left", "right"),
        tuple(
            (
                str(item["number"]),
                date_courte(item["on"]) if item.get("on") else "",
                date_courte(item["due_on"]),
                euros(item["remaining"]),
            )
            for item in as_data(listed)
        ),
        (words["total"], "", "", euros(whole)),
        tuple(line(words["told"], {"on": None, **item}) for item in as_data(listed)),
    )


def exhibits(listed: Sequence[Mapping[str, Any]]) -> Table:
    """Write out the list of exhibits, {number, title, pages}; pages that are not known are not shown."""
    words = _wording()["exhibits"]
    counted = any(item.get("pages") for item in listed)
    rows = []
    for item in as_data(listed):
        row = (str(item["number"]), str(item["title"]))
        rows.append((*row, str(item.get("pages") or "")) if counted else row)
    return Table(
        (words["number"], words["title"], *([words["pages"]] if counted else [])),
        ("left", "left", *(["right"] if counted else [])),
        tuple(rows),
        None,
        tuple(line(words["told"], {"pages": None, **item}) for item in as_data(listed)),
    )


def numbered(titles: Sequence[str]) -> list[dict[str, Any]]:
    """Number enclosures as exhibits, for want of exhibits sent."""
    return [{"number": at, "title": title, "pages": None} for at, title in enumerate(titles, 1)]
