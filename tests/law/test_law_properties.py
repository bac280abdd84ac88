"""What must hold of every décompte, whatever the sums and the days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.dossier import DebtorKind
from flows.law import Claim, Decompte, Imputation, Payment, compute_decompte, load_law

LAW = load_law()
CENT = Decimal("0.01")
FIRST, LAST = date(2015, 1, 1), date(2026, 12, 31)
DAYS = st.dates(FIRST, LAST)
EUROS = st.decimals(Decimal("0.01"), Decimal(100_000), places=2)
KINDS = st.sampled_from(DebtorKind)
PLAIN = settings(deadline=None, max_examples=80)


def one(
    kind: DebtorKind, due_on: date, amount: Decimal, until: date, notice: date | None = None
) -> Decompte:
    """Draw up the account of a single unpaid invoice."""
    return compute_decompte(
        [Claim("F", due_on, amount)], [], kind, until, LAW, formal_notice_on=notice
    )


CASES = st.fixed_dictionaries(
    {
        "claims": st.lists(st.builds(Claim, st.sampled_from("ABC"), DAYS, EUROS), max_size=4),
        "payments": st.lists(
            st.builds(Payment, DAYS, EUROS, st.sampled_from(["", "A", "B"])), max_size=5
        ),
        "debtor_kind": KINDS,
        "until": st.dates(FIRST, date(2028, 1, 1)),
        "formal_notice_on": st.none() | DAYS,
        "stopped_on": st.none() | DAYS,
        "imputation": st.none() | st.sampled_from(Imputation),
    }
)


@PLAIN
@given(case=CASES)
def test_every_euro_received_is_found_again(case: dict[str, object]) -> None:
    """Imputation conserves money: what was received lowered a debt or is a credit."""
    found = compute_decompte(law=LAW, **case)  # type: ignore[arg-type]
    claimed = sum((claim.amount for claim in case["claims"]), Decimal(0))  # type: ignore[attr-defined]
    born = claimed + found.interest_accrued + found.lump_sum_accrued
    assert born - found.total == found.paid - found.credit


@PLAIN
@given(case=CASES)
def test_nothing_is_ever_negative(case: dict[str, object]) -> None:
    """No sum and no count of days goes below zero, and a credit excludes any principal."""
    found = compute_decompte(law=LAW, **case)  # type: ignore[arg-type]
    sums = [found.principal_remaining, found.interest, found.lump_sum, found.credit, found.paid]
    assert min(*sums, *(line.amount for line in found.lines), Decimal(0)) == 0
    assert found.days_late >= 0
    assert all(line.days == (line.to_on - line.from_on).days + 1 >= 1 for line in found.lines)
    assert not (found.credit and found.total)


@PLAIN
@given(case=CASES)
def test_lines_of_an_invoice_never_overlap(case: dict[str, object]) -> None:
    """A day bears interest once an invoice, on a base no larger than the invoice."""
    claims: list[Claim] = case["claims"]  # type: ignore[assignment]
    for claim in claims:
        found = compute_decompte(law=LAW, **{**case, "claims": [claim]})  # type: ignore[arg-type]
        for before, after in zip(found.lines, found.lines[1:], strict=False):
            assert after.from_on == before.to_on + timedelta(days=1)
            assert after.base <= before.base <= claim.amount
        assert all(claim.due_on < line.from_on for line in found.lines)


@PLAIN
@given(kind=KINDS, due=DAYS, amount=EUROS, span=st.tuples(DAYS, DAYS), notice=st.none() | DAYS)
def test_interest_grows_with_the_days(
    kind: DebtorKind, due: date, amount: Decimal, span: tuple[date, date], notice: date | None
) -> None:
    """A later day never owes less than an earlier one."""
    early, late = sorted(span)
    before, after = one(kind, due, amount, early, notice), one(kind, due, amount, late, notice)
    assert before.interest <= after.interest
    assert before.total <= after.total


@PLAIN
@given(kind=KINDS, due=DAYS, sums=st.tuples(EUROS, EUROS), until=DAYS, notice=st.none() | DAYS)
def test_interest_grows_with_the_amount(
    kind: DebtorKind, due: date, sums: tuple[Decimal, Decimal], until: date, notice: date | None
) -> None:
    """A larger debt never bears less."""
    small, large = sorted(sums)
    assert (
        one(kind, due, small, until, notice).interest
        <= one(kind, due, large, until, notice).interest
    )


@PLAIN
@given(due=DAYS, amount=EUROS, gaps=st.tuples(st.integers(0, 900), st.integers(0, 900)))
@pytest.mark.parametrize("kind", [DebtorKind.PROFESSIONAL, DebtorKind.CONSUMER])
def test_a_period_cut_anywhere_sums_the_same(
    kind: DebtorKind, due: date, amount: Decimal, gaps: tuple[int, int]
) -> None:
    """Two adjoining periods owe what the whole owes, within one cent a line."""
    due = min(due, date(2021, 12, 31))
    cut = due + timedelta(days=1 + gaps[0])
    until = cut + timedelta(days=gaps[1])
    before = due - timedelta(days=1)
    whole = one(kind, before, amount, until, due)
    first = one(kind, before, amount, cut, due)
    second = one(kind, cut - timedelta(days=1), amount, until, cut)
    lines = len(whole.lines) + len(first.lines) + len(second.lines)
    if kind is DebtorKind.PROFESSIONAL:
        second = one(kind, cut, amount, until)
    assert abs(whole.interest - first.interest - second.interest) <= CENT * lines
    assert whole.refused_from is None


@PLAIN
@given(due=DAYS, amount=EUROS, until=DAYS, notice=st.none() | DAYS)
def test_a_private_person_never_owes_more_than_a_professional(
    due: date, amount: Decimal, until: date, notice: date | None
) -> None:
    """The consumer's account has no fixed sum and less interest than the professional's."""
    consumer = one(DebtorKind.CONSUMER, due, amount, until, notice)
    professional = one(DebtorKind.PROFESSIONAL, due, amount, until, notice)
    assert consumer.lump_sum == 0
    assert consumer.interest <= professional.interest
    assert "L441-10" not in " ".join(consumer.articles) + consumer.rate_text


@PLAIN
@given(kind=KINDS, due=DAYS, amount=EUROS, until=st.dates(date(2027, 1, 1), date(2035, 1, 1)))
def test_no_figure_rests_on_a_half_year_without_a_rate(
    kind: DebtorKind, due: date, amount: Decimal, until: date
) -> None:
    """Past the last known day only the fixed rate of a public delay goes on."""
    found = one(kind, due, amount, until, due + timedelta(days=1))
    if kind is DebtorKind.PUBLIC and due < LAST:
        assert found.refused_from is None
        assert found.lines[-1].to_on == until
    elif kind is not DebtorKind.FOREIGN and due < LAST - timedelta(days=1):
        assert found.refused_from == date(2027, 1, 1)
        assert all(line.to_on <= LAST for line in found.lines)


@PLAIN
@given(case=CASES)
def test_the_order_in_which_payments_are_given_does_not_matter(case: dict[str, object]) -> None:
    """Payments on different days may come in any order."""
    payments: list[Payment] = list({p.on: p for p in case["payments"]}.values())  # type: ignore[attr-defined]
    forward = compute_decompte(law=LAW, **{**case, "payments": payments})  # type: ignore[arg-type]
    back = compute_decompte(law=LAW, **{**case, "payments": payments[::-1]})  # type: ignore[arg-type]
    assert forward == back


@pytest.mark.parametrize("amount", ["-1", "0.001", "NaN", "Infinity", "1E+12", "9E+99"])
def test_a_sum_that_is_not_euros_and_cents_is_refused(amount: str) -> None:
    """Negative, thousandths, non-numbers and the absurd never enter an account."""
    with pytest.raises(ValueError, match="euros and cents"):
        Claim("F", FIRST, Decimal(amount))
    with pytest.raises(ValueError, match="euros and cents"):
        Payment(FIRST, Decimal(amount))


def test_an_empty_payment_is_refused() -> None:
    """A payment of zero is no payment."""
    with pytest.raises(ValueError, match="euros and cents"):
        Payment(FIRST, Decimal(0))
