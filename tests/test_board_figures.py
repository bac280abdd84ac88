"""The whole of one's dossiers in figures, each checked by hand or against the dossiers one by one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from flows.board import Board, board_of, payment_delay
from flows.dangers import Danger, dangers, unanswered
from flows.dossier import Act, ActKind, Dossier, Stage, Status
from flows.ladder import Deadline
from flows.law import load_law
from flows.values import Value
from tests.bench.crowd import crowd
from tests.dialogue.player import PARIS, TODAY

LAW = load_law()


def act(kind: ActKind, on: date = TODAY, **data: Value) -> Act:
    return Act(kind, on, datetime.combine(on, time(10), PARIS), data)


def debt(
    name: str = "Dupont SARL",
    late: int = 10,
    amount: int = 100,
    *acts: Act,
    kind: str = "professionnel",
    done: int | None = 40,
) -> Dossier:
    """An invoice so many days late, its work finished `done` days ago."""
    facts: dict[str, Value] = {
        "debtor_name": name,
        "debtor_kind": kind,
        "amount_due": Decimal(amount),
        "invoice_due_on": TODAY - timedelta(days=late),
    }
    if done is not None:
        facts["work_done_on"] = TODAY - timedelta(days=done)
    opened = act(ActKind.OPENED, TODAY - timedelta(days=max(late, 1)))
    return Dossier(f"{name}{late}{amount}{len(acts)}", opened.on, facts, (opened, *acts))


def board(*dossiers: Dossier, **dates: Deadline) -> Board:
    return board_of(dossiers, TODAY, LAW, dates)


def paid(name: str, late: int, ago: int = 0) -> Dossier:
    """A dossier paid `late` days after its due date, `ago` days ago."""
    on = TODAY - timedelta(days=ago)
    return debt(name, late + ago, 100, act(ActKind.PAID, on))


def reasons(*acts: Act, **about: int | str | None) -> set[Danger]:
    found = dangers(debt("D", 10, 100, *acts, **about), TODAY, LAW)  # type: ignore[arg-type]
    order = [reason.danger for reason in found]
    assert order == sorted(order, key=list(Danger).index)
    return set(order)


# --- what is owed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "place"),
    [(-3, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (999, 4)],
)
def test_the_age_of_an_invoice(late: int, place: int) -> None:
    """On its due date an invoice is not late; thirty days late is still of the first month."""
    ages = board(debt(late=late)).ages
    assert [(age.first, age.last) for age in ages] == [
        (0, 0), (1, 30), (31, 60), (61, 90), (91, None),
    ]  # fmt: skip
    assert [age.invoices for age in ages] == [int(n == place) for n in range(5)]
    assert ages[place].amount == 100


def test_only_what_is_still_expected_is_counted() -> None:
    """Open and paused dossiers count for what is left of them; paid and stopped ones count no more."""
    part = act(ActKind.PART_PAID, amount=Decimal(30))
    found = board(
        debt("A", 10, 100, part),
        debt("B", -5, 200),
        debt("C", 5, 400, act(ActKind.PAUSED)),
        debt("D", 5, 800, act(ActKind.PAID)),
        debt("E", 5, 1600, act(ActKind.CLOSED, how="perdu")),
    )
    assert (int(found.total), int(found.late)) == (670, 470)
    assert (found.open, found.paused, found.ended) == (2, 1, 2)


def test_each_invoice_of_a_dossier_has_its_own_age() -> None:
    """Several invoices of one client are of several ages, and a payment takes the oldest first."""
    more = act(
        ActKind.INVOICE_ADDED, key="i2", amount=Decimal(50), due_on=TODAY - timedelta(days=70)
    )
    part = act(ActKind.PART_PAID, amount=Decimal(20))
    ages = board(debt("A", 10, 100, more, part)).ages
    assert [(int(age.amount), age.invoices) for age in ages] == [
        (0, 0), (100, 1), (0, 0), (30, 1), (0, 0),
    ]  # fmt: skip


def test_an_invoice_without_a_due_date_is_apart() -> None:
    """It is of no age and not late, and there is a place for it only when there is one."""
    unknown = debt().without_facts("invoice_due_on")
    found = board(unknown, debt("B", 5))
    assert [(a.first, int(a.amount)) for a in found.ages][-1] == (None, 100)
    assert (int(found.total), int(found.late)) == (200, 100)
    assert len(board(debt()).ages) == 5


def test_clients_are_added_up_and_the_rest_is_together() -> None:
    """The six who owe most are named, one name in other capitals is one client, the others are one sum."""
    many = [debt(f"Client {n}", 5, 100 + n) for n in range(9)]
    found = board(*many, debt("  client   8 ", 9, 1000), debt("", 3, 7))
    assert [(share.client, int(share.amount), share.dossiers) for share in found.clients] == [
        ("Client 8", 1108, 2), ("Client 7", 107, 1), ("Client 6", 106, 1),
        ("Client 5", 105, 1), ("Client 4", 104, 1), ("Client 3", 103, 1),
    ]  # fmt: skip
    assert found.others is not None
    assert (found.other_clients, int(found.others.amount), found.others.dossiers) == (4, 310, 4)
    assert board(*many[:6]).others is None


@pytest.mark.parametrize("count", [0, 1, 3, 12, 120])
def test_the_parts_make_the_whole(count: int) -> None:
    """Whatever the dossiers: ages and clients add up to the total, and the total to the dossiers."""
    everything = list(crowd(count))
    found = board(*everything)
    owed = [d.remaining for d in everything if d.status in {Status.OPEN, Status.PAUSED}]
    assert found.total == sum(amount for amount in owed if amount)
    assert found.total == sum(age.amount for age in found.ages)
    others = found.others.amount if found.others else 0
    assert found.total == sum(share.amount for share in found.clients) + others
    assert found.open + found.paused + found.ended == count


# --- who pays late -----------------------------------------------------------------------------


def test_the_delay_is_counted_from_the_due_date_to_the_payment() -> None:
    """Paid after, on or before its day; not paid, given up or without a due date, there is none."""
    assert payment_delay(paid("A", 12)) == 12
    assert payment_delay(paid("A", 0, ago=40)) == 0
    assert payment_delay(paid("A", -4)) == -4
    assert payment_delay(debt()) is None
    assert payment_delay(debt("A", 5, 100, act(ActKind.CLOSED, how="perdu"))) is None
    assert payment_delay(paid("A", 5).without_facts("invoice_due_on")) is None


def test_the_average_over_all_and_by_client() -> None:
    """Half a day counts as one; the slowest client comes first; a payment taken back by reopening is none."""
    reopened = debt("Z", 90, 100, act(ActKind.PAID), act(ActKind.REOPENED))
    found = board(paid("A", 10), paid("a", 15), paid("B", 40), paid("C", -5), reopened)
    assert found.average is not None
    assert (found.average.days, found.average.dossiers) == (15, 4)
    assert [(d.client, d.days, d.dossiers) for d in found.slowest] == [
        ("B", 40, 1), ("A", 13, 2), ("C", -5, 1),
    ]  # fmt: skip


def test_too_few_payments_make_no_average() -> None:
    """One dossier paid says nothing of the others; two begin to."""
    both = board(paid("A", 10), paid("B", 21)).average
    assert both is not None
    assert (both.days, both.dossiers) == (16, 2)
    found = board(paid("A", 10), debt())
    assert found.average is None
    assert found.slowest == ()


# --- what is to be watched ---------------------------------------------------------------------


def test_nothing_to_watch() -> None:
    """A young dossier, written to once and answered, is not one to be watched."""
    assert reasons() == set()
    assert reasons(act(ActKind.SENT), act(ActKind.ANSWERED, outcome="oublie")) == set()


def test_promises_and_silences() -> None:
    """A promised day gone by, or three texts without an answer; an answer ends the silence."""
    before = TODAY - timedelta(days=20)
    promise = act(ActKind.PROMISED, before, promised_on=before + timedelta(days=5))
    assert reasons(promise) == {Danger.PROMISES}
    sent = [act(ActKind.SENT, before, document="relance_1")] * 3
    silent = act(ActKind.ANSWERED, before, outcome="toujours_rien")
    voicemail = act(ActKind.ANSWERED, before, outcome="sans_reponse")
    assert reasons(*sent) == {Danger.SILENT}
    assert reasons(*sent[:2], silent, voicemail, sent[0]) == {Danger.SILENT}
    assert reasons(*sent, act(ActKind.ANSWERED, before, outcome="oublie")) == set()
    assert reasons(*sent[:2]) == set()
    assert unanswered(debt("D", 10, 100, *sent, act(ActKind.PART_PAID, amount=Decimal(1)))) == 0


def test_procedures() -> None:
    """A collective procedure says it all; over-indebtedness is told beside the rest."""
    before = TODAY - timedelta(days=20)
    sent = [act(ActKind.SENT, before, document="relance_1")] * 3
    assert Danger.PROCEDURE in reasons(*sent, act(ActKind.PROCEDURE_OPENED, before))
    assert Danger.SILENT not in reasons(*sent, act(ActKind.PROCEDURE_OPENED, before))
    told = act(ActKind.ANSWERED, before, outcome="surendettement")
    assert reasons(told, kind="particulier") == {Danger.OVERINDEBTED}


def test_the_time_to_act() -> None:
    """Near, passed, or perhaps short while the end of the work is not known; a consumer has two years."""
    assert reasons(kind="particulier", done=2 * 365 - 30) == {Danger.NEAR}
    assert reasons(kind="particulier", done=2 * 365 + 30) == {Danger.PASSED}
    old = debt("D", 2 * 365 + 30, 100, kind="particulier", done=None)
    assert [r.danger for r in dangers(old, TODAY, LAW)] == [Danger.TO_CHECK]


def test_a_legal_clock_close_or_missed() -> None:
    """An order to be served: watched when three weeks are left, and once its last day has passed."""

    def since(days: int) -> set[Danger]:
        ordered = act(ActKind.HAPPENED, TODAY - timedelta(days=days), what="ordonnance")
        return reasons(ordered)

    assert since(30) == set()
    assert since(80) == {Danger.CLOCK}
    assert since(200) == {Danger.MISSED}


def test_the_gravest_come_first() -> None:
    """By the gravest reason, then how many, then how much."""
    before = TODAY - timedelta(days=20)
    promise = act(ActKind.PROMISED, before, promised_on=before + timedelta(days=5))
    sent = [act(ActKind.SENT, before, document="relance_1")] * 3
    found = board(
        debt("silent", 10, 900, *sent),
        debt("little", 10, 10, promise),
        debt("more", 10, 20, promise),
        debt("both", 10, 5, *sent[:2], sent[0], promise, *sent),
        debt("procedure", 10, 1, act(ActKind.PROCEDURE_OPENED, before)),
        debt("fine", 10, 999),
    )
    assert [risk.dossier.debtor_name for risk in found.risks] == [
        "procedure", "both", "more", "little", "silent",
    ]  # fmt: skip


# --- what comes --------------------------------------------------------------------------------


def due(on: date) -> Deadline:
    return Deadline("etape@0", Stage.REMINDER_1, on, "", False, "etape")


def test_the_next_dates() -> None:
    """The five nearest, what is overdue today; none of a dossier that is over."""
    many = [debt(f"C{n}", 5, 100) for n in range(7)]
    over = debt("over", 5, 100, act(ActKind.PAID))
    dates = {d.id: due(TODAY + timedelta(days=9 - n)) for n, d in enumerate(many)}
    dates |= {over.id: due(TODAY), many[0].id: due(TODAY - timedelta(days=3))}
    found = board_of([*many, over], TODAY, LAW, dates)
    assert [(one.dossier.debtor_name, (one.on - TODAY).days) for one in found.coming] == [
        ("C0", 0), ("C6", 3), ("C5", 4), ("C4", 5), ("C3", 6),
    ]  # fmt: skip


def test_the_order_of_the_dossiers_does_not_matter() -> None:
    """The same dossiers in another order give the same board."""

    def figures(dossiers: Iterable[Dossier]) -> tuple[object, ...]:
        found = board_of(dossiers, TODAY, LAW, {})
        watched = [risk.dossier.id for risk in found.risks]
        return (found.total, found.ages, found.clients, found.average, found.slowest, watched)

    everything = list(crowd(60))
    assert figures(everything) == figures(reversed(everything))
