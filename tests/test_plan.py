"""Payment in instalments: sums agreed, sums paid, what comes next."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.dossier import Act, ActKind, Dossier
from flows.law.calendar import is_working_day
from flows.plan import Plan, imputed, instalments, plan_of, split_amount
from flows.values import Value

FIRST = date(2026, 12, 5)  # a Saturday
SENT_ON = date(2026, 11, 24)
CENTS = st.integers(1, 10_000_00).map(lambda n: Decimal(n) / 100)
SUMS = st.lists(CENTS, max_size=6)
PLAN: dict[str, Value] = {"instalments": 3, "first_instalment_on": FIRST}


def act(kind: ActKind, on: date = SENT_ON, **data: Value) -> Act:
    """Make an act recorded at ten on its day."""
    return Act(kind, on, datetime.combine(on, time(10), tzinfo=UTC), data)


def part(euros: str | Decimal, on: date = FIRST) -> Act:
    """Make a part payment."""
    return act(ActKind.PART_PAID, on, amount=Decimal(euros))


def credit(euros: str | Decimal) -> Act:
    """Make a credit note."""
    return act(ActKind.CREDITED, amount=Decimal(euros), corrects="non")


AGREED = act(ActKind.SENT, document="accord_echeancier")
PROPOSED = act(ActKind.SENT, document="proposition_echeancier")


def dossier(*acts: Act, amount: str = "1250", **facts: Value) -> Dossier:
    """Make a debt with these acts and a plan of three instalments."""
    return Dossier("d", SENT_ON, {"amount_due": Decimal(amount), **PLAN, **facts}, acts)


def plan(*acts: Act, amount: str = "1250", **facts: Value) -> Plan:
    """Give the plan of such a debt, which must be there."""
    found = plan_of(dossier(*acts, amount=amount, **facts))
    assert found is not None
    return found


@given(CENTS, st.integers(1, 12))
def test_shares_add_up(amount: Decimal, parts: int) -> None:
    """Instalments are whole cents and sum to the amount, the last one carrying the rounding."""
    shares = split_amount(amount, parts)
    assert sum(shares) == amount
    assert len(shares) == parts
    assert len(set(shares[:-1])) <= 1
    assert all(share >= 0 and share == share.quantize(Decimal("0.01")) for share in shares)


@given(CENTS, st.integers(2, 12), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_each_falls_on_a_working_day_of_its_own(amount: Decimal, parts: int, first: date) -> None:
    """Instalments are numbered from one, in order of their days, all of them worked."""
    found = instalments(amount, parts, first)
    assert [one.number for one in found] == list(range(1, parts + 1))
    assert all(is_working_day(one.on) for one in found)
    assert all(a.on < b.on for a, b in pairwise(found))


@given(CENTS, st.integers(1, 12), SUMS, SUMS)
def test_what_is_left_is_what_is_owed(
    amount: Decimal, parts: int, paid: list[Decimal], credited: list[Decimal]
) -> None:
    """Whatever is paid and credited, nothing is negative and the plan leaves what the dossier leaves."""
    owed = dossier(AGREED, *map(part, paid), *map(credit, credited), amount=str(amount))
    found = plan_of(owed.with_facts(instalments=parts))
    assert found is not None
    assert found.left == owed.remaining
    assert all(0 <= one.paid <= one.amount for one in found.instalments)


@given(SUMS.flatmap(lambda sums: st.tuples(st.just(sums), st.permutations(sums))))
def test_the_order_of_payments_of_a_day_changes_nothing(
    both: tuple[list[Decimal], list[Decimal]],
) -> None:
    """The same payments in another order give the same plan."""
    first, other = both
    assert plan(AGREED, *map(part, first)) == plan(AGREED, *map(part, other))


@given(SUMS)
def test_the_oldest_are_paid_first(paid: list[Decimal]) -> None:
    """An instalment receives nothing before the ones above it are wholly paid."""
    found = plan(AGREED, *map(part, paid)).instalments
    for before, after in pairwise(found):
        assert not before.left or not after.paid


@pytest.mark.parametrize(
    ("paid", "number", "left"),
    [
        ([], 1, "416.66"),
        (["200"], 1, "216.66"),
        (["200", "216.66"], 2, "416.66"),  # in two halves
        (["833.32"], 3, "416.68"),  # one payment for two
        (["1000"], 3, "250"),
    ],
)
def test_sums_decide_which_comes_next(paid: list[str], number: int, left: str) -> None:
    """The next instalment is the first one the sum paid does not cover, for what is left of it."""
    awaited = plan(AGREED, *map(part, paid)).next
    assert awaited is not None
    assert (awaited.number, awaited.left) == (number, Decimal(left))


def test_more_than_the_whole_is_counted_up_to_the_whole() -> None:
    """Overpaid, a plan has nothing left and no instalment above its sum."""
    found = imputed(instalments(Decimal(300), 3, FIRST), Decimal(500))
    assert [one.paid for one in found] == [Decimal(100)] * 3
    assert plan(AGREED, part("1250")).next is None


def test_a_credit_note_ends_the_plan_earlier() -> None:
    """What is credited comes off the last instalments: the first ones stay as agreed."""
    found = plan(AGREED, credit("500"))
    assert [one.amount for one in found.instalments] == [
        Decimal("416.66"),
        Decimal("333.34"),
        Decimal(0),
    ]


def test_what_was_paid_before_is_no_part_of_it() -> None:
    """A payment recorded before the plan lowers the sum it shares out."""
    found = plan(part("350", date(2026, 11, 1)), AGREED)
    assert [one.left for one in found.instalments] == [Decimal(300)] * 3


def test_a_payment_taken_back_pays_nothing() -> None:
    """A payment noted by mistake and taken back leaves the plan as it was."""
    back = act(ActKind.CORRECTED, fact="paiement_partiel", amount=Decimal(200), day=FIRST)
    assert plan(AGREED, part("200"), back) == plan(AGREED)


@pytest.mark.parametrize(
    ("acts", "signed"),
    [
        ((PROPOSED,), False),
        ((AGREED,), True),
        ((PROPOSED, act(ActKind.HAPPENED, what="echeancier_signe")), True),
        ((act(ActKind.PLANNED, parts=2, first_on=FIRST, signed="oui"),), True),
        ((act(ActKind.PLANNED, parts=2, first_on=FIRST, signed="non"),), False),
        (
            (
                AGREED,
                act(ActKind.CORRECTED, fact="evenement", what="echeancier_signe", day=SENT_ON),
            ),
            False,
        ),
    ],
)
def test_a_plan_is_signed_or_only_proposed(acts: tuple[Act, ...], signed: bool) -> None:
    """An agreement is signed, a proposal once that is noted, and no longer once that is taken back."""
    assert plan(*acts).signed is signed


def test_other_dates_take_the_place_of_the_first_ones() -> None:
    """Dates told later share out what is left then, whatever the facts say."""
    later = act(
        ActKind.PLANNED, date(2026, 12, 20), parts=2, first_on=date(2027, 1, 5), signed="oui"
    )
    found = plan(AGREED, part("250"), later)
    assert [(one.on, one.left) for one in found.instalments] == [
        (date(2027, 1, 5), Decimal(500)),
        (date(2027, 2, 5), Decimal(500)),
    ]


def test_a_plan_keeps_the_dates_it_left_with() -> None:
    """Facts changed since for another text do not move a plan whose act holds its own dates."""
    left = act(ActKind.SENT, document="accord_echeancier", parts=2, first_on=FIRST)
    assert len(plan(left, instalments=6).instalments) == 2


def test_the_day_itself_is_not_missed() -> None:
    """An instalment is missed from the day after its own, and not once it is paid."""
    due = plan(AGREED).instalments[0].on
    assert plan(AGREED).missed(due) is None
    missed = plan(AGREED).missed(date.fromordinal(due.toordinal() + 1))
    assert missed is not None
    assert missed.number == 1
    assert plan(AGREED, part("416.66")).missed(date(2026, 12, 9)) is None


def test_a_mise_en_demeure_calls_the_whole() -> None:
    """Once the whole was asked for, no instalment is waited for any more."""
    notice = act(ActKind.SENT, date(2026, 12, 20), document="mise_en_demeure_pro")
    assert not plan(notice, AGREED).called
    assert plan(AGREED, notice).called


def test_without_its_dates_there_is_no_plan() -> None:
    """An agreement whose number, first day or sum is not known is no plan."""
    bare = Dossier("d", SENT_ON, {"amount_due": Decimal(100)}, (AGREED,))
    assert plan_of(bare) is None
    assert plan_of(Dossier("d", SENT_ON, PLAN, (AGREED,))) is None
    assert plan_of(dossier()) is None
