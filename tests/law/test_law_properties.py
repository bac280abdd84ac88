"""What must hold of every décompte, whatever the sums and the days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.dossier import DebtorKind
from flows.law import Claim, Decompte, Imputation, Payment, compute_decompte, load_law
from flows.law.agreed import AgreedForm, AgreedRate
from flows.law.claims import Credit
from flows.law.ledger import interest_amount

LAW = load_law()
CENT = Decimal("0.01")
FIRST, LAST = date(2015, 1, 1), date(2026, 12, 31)
DAYS = st.dates(FIRST, LAST)
EUROS = st.decimals(Decimal("0.01"), Decimal(100_000), places=2)
KINDS = st.sampled_from(DebtorKind)
FIGURES = st.decimals(Decimal(0), Decimal(30), places=2)
AGREED = st.none() | st.builds(AgreedRate, st.sampled_from(AgreedForm), FIGURES)
FIXED = st.builds(AgreedRate, st.just(AgreedForm.FIXED), FIGURES)
PLAIN = settings(deadline=None, max_examples=80)


def one(
    kind: DebtorKind,
    due_on: date,
    amount: Decimal,
    until: date,
    notice: date | None = None,
    agreed: AgreedRate | None = None,
) -> Decompte:
    """Draw up the account of a single unpaid invoice."""
    return compute_decompte(
        [Claim("F", due_on, amount)],
        [],
        kind,
        until,
        LAW,
        formal_notice_on=notice,
        agreed=agreed,
    )


def legal_minimum(day: date) -> Decimal:
    """Give the rate, in percent a year, under which none may be agreed on a day."""
    return LAW.number("plancher_multiple", day) * LAW.number("interet_legal_autres_cas", day)


def default_rate(day: date) -> Decimal:
    """Give the rate, in percent a year, between professionals who agreed on none."""
    return LAW.number("bce_semestre", day) + LAW.number("majoration_professionnel", day)


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
        "credits": st.lists(
            st.builds(Credit, DAYS, EUROS, st.sampled_from(["", "A", "Z"]), st.booleans()),
            max_size=3,
        ),
        "agreed": AGREED,
    }
)


@PLAIN
@given(case=CASES)
def test_every_euro_received_is_found_again(case: dict[str, object]) -> None:
    """Money is conserved: what was received or credited lowered a debt or goes back."""
    found = compute_decompte(law=LAW, **case)  # type: ignore[arg-type]
    claimed = sum((claim.amount for claim in case["claims"]), Decimal(0))  # type: ignore[attr-defined]
    born = claimed + found.interest_accrued + found.lump_sum_accrued
    assert born - found.total == found.paid + found.credited - found.credit


@PLAIN
@given(case=CASES)
def test_nothing_is_ever_negative(case: dict[str, object]) -> None:
    """No sum and no count of days goes below zero; money received is a credit once all is paid."""
    found = compute_decompte(law=LAW, **case)  # type: ignore[arg-type]
    sums = [found.principal_remaining, found.interest, found.lump_sum, found.credit, found.paid]
    assert min(*sums, *(line.amount for line in found.lines), Decimal(0)) == 0
    assert found.days_late >= 0
    assert all(line.days == (line.to_on - line.from_on).days + 1 >= 1 for line in found.lines)
    assert found.credited or not (found.credit and found.total)


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
@given(
    kind=KINDS,
    due=DAYS,
    amount=EUROS,
    span=st.tuples(DAYS, DAYS),
    notice=st.none() | DAYS,
    agreed=AGREED,
)
def test_interest_grows_with_the_days(
    kind: DebtorKind,
    due: date,
    amount: Decimal,
    span: tuple[date, date],
    notice: date | None,
    agreed: AgreedRate | None,
) -> None:
    """A later day never owes less than an earlier one."""
    early, late = sorted(span)
    before = one(kind, due, amount, early, notice, agreed)
    after = one(kind, due, amount, late, notice, agreed)
    assert before.interest <= after.interest
    assert before.total <= after.total


@PLAIN
@given(
    kind=KINDS,
    due=DAYS,
    sums=st.tuples(EUROS, EUROS),
    until=DAYS,
    notice=st.none() | DAYS,
    agreed=AGREED,
)
def test_interest_grows_with_the_amount(
    kind: DebtorKind,
    due: date,
    sums: tuple[Decimal, Decimal],
    until: date,
    notice: date | None,
    agreed: AgreedRate | None,
) -> None:
    """A larger debt never bears less."""
    small, large = sorted(sums)
    assert (
        one(kind, due, small, until, notice, agreed).interest
        <= one(kind, due, large, until, notice, agreed).interest
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
@given(due=DAYS, amount=EUROS, gaps=st.tuples(st.integers(0, 900), st.integers(0, 900)))
@pytest.mark.parametrize("agreed", ["legal:3", "legal:4.5", "bce:12", "taux:15.21", "taux:30"])
def test_an_agreed_rate_lawful_throughout_may_be_cut_anywhere(
    agreed: str, due: date, amount: Decimal, gaps: tuple[int, int]
) -> None:
    """Two adjoining periods owe what the whole owes, within one cent a line, at the agreed rate."""
    rate, kind = AgreedRate.parse(agreed), DebtorKind.PROFESSIONAL
    due = min(due, date(2021, 12, 31))
    cut = due + timedelta(days=1 + gaps[0])
    until = cut + timedelta(days=gaps[1])
    whole = one(kind, due, amount, until, agreed=rate)
    parts = [one(kind, due, amount, cut, agreed=rate), one(kind, cut, amount, until, agreed=rate)]
    lines = len(whole.lines) + sum(len(part.lines) for part in parts)
    assert abs(whole.interest - sum(part.interest for part in parts)) <= CENT * lines
    assert {line.rule for line in whole.lines} == {"professionnel_convenu"}
    assert all(line.rate >= legal_minimum(line.from_on) for line in whole.lines)


@PLAIN
@given(due=DAYS, amount=EUROS, until=DAYS, agreed=FIXED)
def test_each_line_is_at_the_agreed_rate_or_at_the_default(
    due: date, amount: Decimal, until: date, agreed: AgreedRate
) -> None:
    """The minimum is never a rate by itself, and a line says which of the two it is."""
    for line in one(DebtorKind.PROFESSIONAL, due, amount, until, agreed=agreed).lines:
        own, by_law = agreed.figure, default_rate(line.from_on)
        assert line.rate == (own if line.rule == "professionnel_convenu" else by_law)
        assert ("à défaut" in line.label) == (line.rule == "professionnel_defaut")


@PLAIN
@given(due=DAYS, amount=EUROS, until=DAYS, agreed=FIXED)
def test_a_rate_unlawful_at_the_start_never_gives_more_than_none(
    due: date, amount: Decimal, until: date, agreed: AgreedRate
) -> None:
    """The cautious reading: nothing is won by a rate that was under the minimum on the first day.

    And one that was lawful then never gives more than itself.
    """
    first_day = min(due + timedelta(days=1), LAST)
    found = one(DebtorKind.PROFESSIONAL, due, amount, until, agreed=agreed)
    if agreed.figure < legal_minimum(first_day):
        assert found.interest <= one(DebtorKind.PROFESSIONAL, due, amount, until).interest
    else:
        assert all(line.rate <= agreed.figure for line in found.lines)


@PLAIN
@given(
    case=CASES, kind=st.sampled_from([k for k in DebtorKind if k is not DebtorKind.PROFESSIONAL])
)
def test_an_agreed_rate_changes_no_figure_of_the_others(
    case: dict[str, object], kind: DebtorKind
) -> None:
    """Only a professional owes it; the others are told why at most."""
    with_rate = compute_decompte(law=LAW, **{**case, "debtor_kind": kind})  # type: ignore[arg-type]
    without = compute_decompte(law=LAW, **{**case, "debtor_kind": kind, "agreed": None})  # type: ignore[arg-type]
    assert (with_rate.lines, with_rate.balances) == (without.lines, without.balances)
    assert with_rate.rate_text == without.rate_text
    assert set(with_rate.sentences) - set(without.sentences) == set(with_rate.agreed_sentences)


@PLAIN
@given(case=CASES)
def test_a_credit_note_is_worth_a_smaller_invoice(case: dict[str, object]) -> None:
    """Credit notes are found again, on the invoices or in the credit, and change nothing else."""
    found = compute_decompte(law=LAW, **case)  # type: ignore[arg-type]
    notes: list[Credit] = case["credits"]  # type: ignore[assignment]
    until: date = case["until"]  # type: ignore[assignment]
    given_back = found.credited - sum((b.credited for b in found.balances), Decimal(0))
    assert found.credited == sum((n.amount for n in notes if n.on <= until), Decimal(0))
    assert 0 <= given_back <= found.credit
    claims: list[Claim] = case["claims"]  # type: ignore[assignment]
    smaller = [
        Claim(claim.number, claim.due_on, claim.amount - balance.credited)
        for claim, balance in zip(claims, found.balances, strict=True)
    ]
    net = compute_decompte(law=LAW, **{**case, "claims": smaller, "credits": []})  # type: ignore[arg-type]
    assert (found.lines, found.total, found.days_late) == (net.lines, net.total, net.days_late)
    assert found.credit == net.credit + given_back


@PLAIN
@given(case=CASES)
def test_an_invoice_credited_in_full_owes_nothing(case: dict[str, object]) -> None:
    """Neither interest nor the fixed sum is claimed on it."""
    found = compute_decompte(law=LAW, **case)  # type: ignore[arg-type]
    claims: list[Claim] = case["claims"]  # type: ignore[assignment]
    for claim, balance in zip(claims, found.balances, strict=True):
        assert balance.credited <= claim.amount
        if balance.credited == claim.amount:
            assert balance.principal + balance.interest + balance.lump_sum == 0
            assert balance.days_late == 0


@PLAIN
@given(case=CASES)
def test_each_line_can_be_worked_out_again_from_what_is_printed(case: dict[str, object]) -> None:
    """Base × rate × days / 36 500, to the cent, with the figures a letter is given."""
    facts = compute_decompte(law=LAW, **case).as_facts()  # type: ignore[arg-type]
    decompte: dict[str, list[dict[str, object]]] = facts["decompte"]  # type: ignore[assignment]
    total = Decimal(0)
    for line in decompte["lines"]:
        base, rate, days = Decimal(str(line["base"])), Decimal(str(line["rate"])), line["days"]
        assert isinstance(days, int)
        assert line["amount"] == interest_amount(base, rate, days, 365)
        total += Decimal(str(line["amount"]))
    assert total == decompte["interest_accrued"]


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
