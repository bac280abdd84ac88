"""The décompte where one day, one cent or one word decides."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from flows.dossier import DebtorKind
from flows.law import (
    Claim,
    Imputation,
    Law,
    Payment,
    compute_decompte,
)
from flows.law.calendar import easter
from flows.law.claims import Credit

TODAY = date(2026, 11, 22)


def test_a_letter_is_given_these_facts_and_no_other(law: Law) -> None:
    """Every key a letter may name, with what it holds, line by line and invoice by invoice."""
    found = compute_decompte(
        [Claim("F1", date(2026, 7, 31), Decimal(1000))],
        [Payment(date(2026, 8, 31), Decimal(200))],
        DebtorKind.PROFESSIONAL,
        date(2026, 9, 30),
        law,
        credits=[Credit(date(2026, 8, 1), Decimal(100), "F1", corrects=True)],
    )
    (first, second), (balance,) = found.lines, found.balances
    assert (first.number, second.number) == ("F1", "F1")
    assert (found.until, found.imputation) == (date(2026, 9, 30), Imputation.INTEREST_FIRST)
    assert (first.base, second.base) == (Decimal(900), Decimal("709.48"))
    assert found.as_facts() == {
        "amount_remaining": found.principal_remaining,
        "penalties": found.interest,
        "lump_sum": Decimal(40),
        "total_due": found.total,
        "penalties_until": date(2026, 9, 30),
        "days_late": 61,
        "penalty_rate_text": found.rate_text,
        "legal_basis": list(found.articles),
        "law_checked_on": found.checked_on,
        "decompte": {
            "lines": [
                {
                    "number": "F1",
                    "due_on": date(2026, 7, 31),
                    "label": line.label,
                    "from_on": line.from_on,
                    "to_on": line.to_on,
                    "days": line.days,
                    "base": line.base,
                    "rate": line.rate,
                    "amount": line.amount,
                }
                for line in (first, second)
            ],
            "invoices": [
                {
                    "number": "F1",
                    "due_on": date(2026, 7, 31),
                    "principal": balance.principal,
                    "interest": balance.interest,
                    "lump_sum": Decimal(40),
                    "days_late": 61,
                    "credited": Decimal(100),
                }
            ],
            "interest_accrued": first.amount + second.amount,
            "lump_sum_accrued": Decimal(40),
            "paid": Decimal(200),
            "credited": Decimal(100),
            "credit": Decimal(0),
            "imputation": "interest_first",
            "agreed_text": "",
            "agreed_sentences": [],
            "sentences": list(found.sentences),
        },
    }


def test_money_left_over_is_told_to_the_letter(law: Law) -> None:
    """What was paid beyond the debt goes back, and the facts say how much."""
    found = compute_decompte(
        [Claim("F1", TODAY, Decimal(100))],
        [Payment(TODAY, Decimal(130))],
        DebtorKind.CONSUMER,
        TODAY,
        law,
    )
    facts = found.as_facts()["decompte"]
    assert isinstance(facts, dict)
    assert (facts["paid"], facts["credit"]) == (Decimal(130), Decimal(30))
    assert found.sentences[-1].startswith("Les versements dépassent")


def test_an_account_of_nothing_is_zero_euros(law: Law) -> None:
    """Without invoices every sum is a sum of euros all the same."""
    found = compute_decompte([], [], DebtorKind.PROFESSIONAL, TODAY, law)
    sums = (
        found.principal_remaining,
        found.interest,
        found.lump_sum,
        found.total,
        found.interest_accrued,
        found.lump_sum_accrued,
        found.paid,
        found.credited,
    )
    assert {str(amount) for amount in sums} == {"0.00"}


def test_a_procedure_still_to_open_stops_nothing(law: Law) -> None:
    """A judgment after the day of the account is not known yet: interest runs on, nothing is said."""
    claim = Claim("F1", date(2026, 7, 31), Decimal(1000))
    until = date(2026, 9, 30)

    def drawn(stopped_on: date | None) -> Any:
        return compute_decompte(
            [claim], [], DebtorKind.PROFESSIONAL, until, law, stopped_on=stopped_on
        )

    assert drawn(until + timedelta(1)) == drawn(None)
    assert drawn(until).penalties_until == until - timedelta(1)


def test_an_invoice_paid_in_time_still_shows_the_rate_of_the_day(law: Law) -> None:
    """Nothing bears interest: the rate shown is that of the day of the account."""
    found = compute_decompte(
        [Claim("F1", date(2026, 5, 29), Decimal(100))],
        [Payment(date(2026, 5, 29), Decimal(100))],
        DebtorKind.PROFESSIONAL,
        TODAY,
        law,
    )
    assert found.lines == ()
    assert "second semestre 2026" in found.rate_text


def test_a_fixed_sum_older_than_its_text_is_refused_in_words(law: Law) -> None:
    """Late before the sum existed: none is added, and a sentence says so."""
    found = compute_decompte(
        [Claim("F1", date(2012, 6, 29), Decimal(100))],
        [],
        DebtorKind.PROFESSIONAL,
        TODAY,
        law,
    )
    assert found.lump_sum == 0
    label = law.parameters["indemnite_recouvrement"].label
    assert any(label in said and "30/06/2012" in said for said in found.sentences)


@pytest.mark.parametrize(("kind", "what"), [(Payment, "payment"), (Credit, "credit note")])
def test_a_refused_sum_says_what_it_was(kind: type, what: str) -> None:
    """The message begins with the thing whose sum is wrong."""
    with pytest.raises(ValueError, match=f"^{what}: 0.001 is not a sum in euros and cents"):
        kind(TODAY, Decimal("0.001"))


def test_easter_of_four_centuries() -> None:
    """Sundays, between 22 March and 25 April, and years where a slip of the algorithm shows."""
    for year in range(1900, 2300):
        day = easter(year)
        assert day.weekday() == 6
        assert date(year, 3, 22) <= day <= date(year, 4, 25)
    known = {
        1954: (4, 18),
        1981: (4, 19),
        2008: (3, 23),
        2011: (4, 24),
        2019: (4, 21),
        2038: (4, 25),
        2049: (4, 18),
        2076: (4, 19),
        2106: (4, 18),
        2285: (3, 22),
    }
    assert {year: (easter(year).month, easter(year).day) for year in known} == known
