"""The arithmetic of a décompte: interest accrues by invoice, payments are set against it.

A day of payment still bears interest on the sum before the payment: due on 31 May and paid on 15
June is 15 days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from flows.law.agreed import AgreedRate
from flows.law.calendar import ONE_DAY, semester_end
from flows.law.claims import CENT, ZERO, Claim, Credit, Line, Payment
from flows.law.law import Law, UnknownForPeriod
from flows.law.rates import Rate, Rates
from flows.law.regimes import Imputation, Regime
from flows.law.wording import sentence


def interest_amount(base: Decimal, rate: Decimal, days: int, divisor: int) -> Decimal:
    """Give base × rate (percent a year) × days / (100 × divisor), to the cent, half a cent up."""
    return (base * rate * days / (100 * divisor)).quantize(CENT, ROUND_HALF_UP)


@dataclass(slots=True)
class Account:
    """One invoice being accounted for; `starts`: first day of interest, None for never.

    `principal` comes without what credit notes took off, `credited`. `rates` goes with `lines`.
    `unknown`: the value whose lack stopped the interest, at `cursor`.
    """

    claim: Claim
    starts: date | None
    principal: Decimal
    credited: Decimal = ZERO
    cursor: date | None = None
    interest: Decimal = ZERO
    lump_sum: Decimal = ZERO
    lump_sum_accrued: Decimal = ZERO
    late: bool = False
    lines: list[Line] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)
    unknown: UnknownForPeriod | None = None
    settled_on: date | None = None

    def __post_init__(self) -> None:
        self.cursor = self.starts
        if not self.principal:
            self.settled_on = self.claim.due_on

    def days_late(self, until: date) -> int:
        """Count the days from the due date to full payment, or to `until`."""
        return max(((self.settled_on or until) - self.claim.due_on).days, 0)

    @property
    def cancelled(self) -> bool:
        """Tell whether credit notes took all of it off."""
        return bool(self.credited) and self.credited == self.claim.amount

    def accrue(self, to: date, rates: Rates) -> None:
        """Add the lines of interest up to a day included; stop where the rate is unknown."""
        if self.starts is None or self.cursor is None or self.unknown:
            return
        while self.cursor <= to and self.principal:
            end = to if rates.rule.fixed else min(to, semester_end(self.cursor))
            rate_day = self.starts if rates.rule.fixed else self.cursor
            try:
                rate, divisor = rates.on(rate_day, self.starts), rates.divisor(self.cursor)
            except UnknownForPeriod as unknown:
                self.unknown = unknown
                return
            days = (end - self.cursor).days + 1
            amount = interest_amount(self.principal, rate.percent, days, divisor)
            self.lines.append(
                Line(
                    number=self.claim.number,
                    label=_label(self.claim.number, rate.label),
                    from_on=self.cursor,
                    to_on=end,
                    days=days,
                    base=self.principal,
                    rate=rate.percent,
                    amount=amount,
                    rule=rate.rule,
                    due_on=self.claim.due_on,
                )
            )
            self.rates.append(rate)
            self.interest += amount
            self.cursor = end + ONE_DAY

    def pay_principal(self, money: Decimal, on: date) -> Decimal:
        """Set money against the principal; give what is left of it."""
        taken = min(money, self.principal)
        self.principal -= taken
        if taken and not self.principal:
            self.settled_on = on
        return money - taken

    def pay_interest(self, money: Decimal) -> Decimal:
        """Set money against the interest that has accrued; give what is left of it."""
        taken = min(money, self.interest)
        self.interest -= taken
        return money - taken

    def pay_lump_sum(self, money: Decimal) -> Decimal:
        """Set money against the fixed sum; give what is left of it."""
        taken = min(money, self.lump_sum)
        self.lump_sum -= taken
        return money - taken


def _label(number: str, rate: str) -> str:
    return (
        sentence("line_label", number=number, rate=rate) if number else rate[0].upper() + rate[1:]
    )


@dataclass(slots=True)
class Ledger:
    """Every account of one debtor; `payments`, by date, and credit `notes`: none after `until`.

    `agreed` is the rate agreed, whether or not it has an effect; `credit` begins with what no
    invoice could take of the credit notes.
    """

    law: Law
    regime: Regime
    rates: Rates | None
    accounts: list[Account]
    payments: list[Payment]
    notes: list[Credit]
    until: date
    notice_on: date | None
    stopped_on: date | None
    imputation: Imputation
    agreed: AgreedRate | None
    credit: Decimal = ZERO
    used: set[str] = field(default_factory=set)
    unknown_lump_sums: list[UnknownForPeriod] = field(default_factory=list)

    @property
    def last_day(self) -> date:
        """The opening of a collective procedure takes effect at 0 h: its day bears no interest."""
        return self.stopped_on - ONE_DAY if self.stopped_on else self.until

    def run(self) -> None:
        """Take the payments in their order, then bring every account up to `until`."""
        for payment in self.payments:
            self._mark_late(payment.on)
            self._impute(payment)
        self._mark_late(self.until)
        for account in self.accounts:
            self._accrue(account, self.until)

    def _accrue(self, account: Account, to: date) -> None:
        if self.rates:
            account.accrue(min(to, self.last_day), self.rates)

    def _mark_late(self, on: date) -> None:
        """Add the fixed sum on the first day late, once an invoice, if interest may run then."""
        for account in self.accounts:
            first_day = account.claim.due_on + ONE_DAY
            if account.late or not account.principal or first_day > min(on, self.last_day):
                continue
            account.late = True
            if self.regime.lump_sum:
                try:
                    account.lump_sum_accrued = self.law.number(self.regime.lump_sum, first_day)
                except UnknownForPeriod as unknown:
                    self.unknown_lump_sums.append(unknown)
                else:
                    account.lump_sum = account.lump_sum_accrued
                    self.used.add(self.regime.lump_sum)

    def _impute(self, payment: Payment) -> None:
        """Pay the invoice named, then those due, oldest first, then the others (C. civ. 1342-10).

        Between invoices due the same day the order given stands in for the shares of art. 1342-10,
        which would change no total by more than the rounding.
        """
        on, money = payment.on, payment.amount
        named = [a for a in self.accounts if payment.number and a.claim.key == payment.number]
        others = sorted(
            (a for a in self.accounts if a not in named), key=lambda account: account.claim.due_on
        )
        due = named + [account for account in others if account.claim.due_on <= on]
        early = [account for account in others if account.claim.due_on > on]
        for account in due:
            if money:
                self._accrue(account, on)
                if self.imputation is Imputation.INTEREST_FIRST:
                    money = account.pay_interest(money)
                money = account.pay_principal(money, on)
        for account in due:
            money = account.pay_interest(money)
        for account in early:
            money = account.pay_principal(money, on)
        for account in self.accounts:
            money = account.pay_lump_sum(money)
        self.credit += money
