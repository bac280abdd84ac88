"""What goes into a décompte and what comes out: immutable values, euros TTC, local days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flows.law.regimes import Imputation

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
_BEYOND_ANY_INVOICE = Decimal(10) ** 12
"""Keeps every product exact within the 28 digits of decimal arithmetic."""


def _cents(amount: Decimal, what: str, least: Decimal) -> Decimal:
    sane = amount.is_finite() and least <= amount < _BEYOND_ANY_INVOICE
    if not sane or amount != amount.quantize(CENT):
        raise ValueError(f"{what}: {amount} is not a sum in euros and cents of at least {least}")
    return amount.quantize(CENT)


@dataclass(frozen=True, slots=True)
class Claim:
    """One unpaid invoice: its number ("" if unknown), the day it falls due, the euros TTC due.

    `key` is what payments and credit notes name it by, where numbers are missing or alike; its number otherwise.
    """

    number: str
    due_on: date
    amount: Decimal
    key: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", _cents(self.amount, "claim", ZERO))
        object.__setattr__(self, "key", self.key or self.number)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received; `number`: the key of the invoice the debtor said it is for (C. civ. 1342-10) or ""."""

    on: date
    amount: Decimal
    number: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", _cents(self.amount, "payment", CENT))


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit note (avoir) in euros TTC; `number`: the key of the invoice it lowers, or "".

    `corrects` tells one that mends an error of the invoice from one given out of goodwill.
    """

    on: date
    amount: Decimal
    number: str = ""
    corrects: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", _cents(self.amount, "credit note", CENT))


@dataclass(frozen=True, slots=True)
class Line:
    """Interest of one invoice over days that share a base and a rate.

    `from_on` and `to_on` both count, so `days` = `to_on` − `from_on` + 1; `rate` is percent a year
    and `amount` = base × rate × days / 36 500 rounded to the cent, half a cent up. `label` is in
    French. `due_on` is the day the invoice fell due.
    """

    number: str
    label: str
    from_on: date
    to_on: date
    days: int
    base: Decimal
    rate: Decimal
    amount: Decimal
    rule: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """Where one invoice stands: euros still due, days late up to full payment or to the end.

    `credited`: what credit notes took off it. `key` and `due_on` are those of its claim.
    """

    number: str
    principal: Decimal
    interest: Decimal
    lump_sum: Decimal
    days_late: int
    credited: Decimal = ZERO
    key: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Decompte:
    """The account of a debt on a day.

    `principal_remaining`, `interest`, `lump_sum`, `total` are what is still due; `interest_accrued`
    and `lump_sum_accrued` what came into being, `paid` what was received, `credited` what credit
    notes came to, `credit` what either left over and goes back to the debtor. `penalties_until` is
    the last day counted; `refused_from` the first day whose rate is not known. `agreed_text` says
    the agreed rate ("" when there is none), `agreed_sentences`, which are among `sentences`, what
    the law leaves of it.
    """

    lines: tuple[Line, ...]
    balances: tuple[Balance, ...]
    principal_remaining: Decimal
    interest: Decimal
    lump_sum: Decimal
    total: Decimal
    interest_accrued: Decimal
    lump_sum_accrued: Decimal
    paid: Decimal
    credit: Decimal
    days_late: int
    until: date
    penalties_until: date
    refused_from: date | None
    imputation: Imputation
    rate_text: str
    articles: tuple[str, ...]
    sentences: tuple[str, ...]
    checked_on: date
    credited: Decimal = ZERO
    agreed_text: str = ""
    agreed_sentences: tuple[str, ...] = ()

    def as_facts(self) -> dict[str, object]:
        """Give what a letter prints: str, int, Decimal, date, and lists and mappings of these."""
        return {
            "amount_remaining": self.principal_remaining,
            "penalties": self.interest,
            "lump_sum": self.lump_sum,
            "total_due": self.total,
            "penalties_until": self.penalties_until,
            "days_late": self.days_late,
            "penalty_rate_text": self.rate_text,
            "legal_basis": list(self.articles),
            "law_checked_on": self.checked_on,
            "decompte": {
                "lines": [
                    {
                        "number": line.number,
                        "due_on": line.due_on,
                        "label": line.label,
                        "from_on": line.from_on,
                        "to_on": line.to_on,
                        "days": line.days,
                        "base": line.base,
                        "rate": line.rate,
                        "amount": line.amount,
                    }
                    for line in self.lines
                ],
                "invoices": [
                    {
                        "number": balance.number,
                        "due_on": balance.due_on,
                        "principal": balance.principal,
                        "interest": balance.interest,
                        "lump_sum": balance.lump_sum,
                        "days_late": balance.days_late,
                        "credited": balance.credited,
                    }
                    for balance in self.balances
                ],
                "interest_accrued": self.interest_accrued,
                "lump_sum_accrued": self.lump_sum_accrued,
                "paid": self.paid,
                "credited": self.credited,
                "credit": self.credit,
                "imputation": str(self.imputation),
                "agreed_text": self.agreed_text,
                "agreed_sentences": list(self.agreed_sentences),
                "sentences": list(self.sentences),
            },
        }
