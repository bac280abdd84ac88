"""What a dossier shows would have helped, and the rate of the person's own conditions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from flows.dossier import Act, ActKind, Dossier
from flows.facts.computed import habits
from flows.facts.hindsight import hindsight, own_rate
from flows.law import load_law
from flows.values import Value
from tests.facts.makers import TODAY, act

DUE = date(2026, 9, 1)
LAW = load_law()


def shown(*acts: Act, **facts: Value) -> dict[str, bool]:
    known: dict[str, Value] = {"invoice_due_on": DUE, "amount_due": Decimal("900.00"), **facts}
    return dict(hindsight(Dossier("d", DUE, known, acts)))


@pytest.mark.parametrize(("day", "late"), [(date(2026, 9, 11), False), (date(2026, 9, 12), True)])
def test_a_first_message_is_late_beyond_the_habit(day: date, late: bool) -> None:
    """The first message counts, the day after the habit's last one is late."""
    assert habits()["late_reminder_days"] == 10
    later = act(ActKind.SENT, date(2026, 11, 1), document="relance_2")
    assert shown(act(ActKind.SENT, day, document="relance_1"), later)["reminded_late"] is late


def test_nothing_sent_or_no_due_date_is_not_late() -> None:
    """What did not happen is no lesson: no message, or no date to count from."""
    assert shown()["reminded_late"] is False
    sent = act(ActKind.SENT, date(2026, 11, 1), document="relance_1")
    assert dict(hindsight(Dossier("d", DUE, {}, (sent,))))["reminded_late"] is False


@pytest.mark.parametrize(("end", "helps"), [(date(2026, 8, 30), False), (date(2026, 8, 31), True)])
@pytest.mark.parametrize("name", ["work_done_on", "delivered_on"])
def test_long_work_could_be_invoiced_in_stages(name: str, end: date, helps: bool) -> None:
    """Beyond the habit's days between the agreement and the end, stages would have helped."""
    assert shown(agreed_on=date(2026, 7, 31), **{name: end})["stages_help"] is helps
    assert shown(**{name: end})["stages_help"] is False


def test_money_before_the_due_date_is_an_advance() -> None:
    """A part paid by the due date shows that a deposit was asked; one paid later does not."""
    early = act(ActKind.PART_PAID, DUE, amount=Decimal("100.00"))
    late = act(ActKind.PART_PAID, date(2026, 9, 2), amount=Decimal("100.00"))
    assert shown(early)["advance_paid"] is True
    assert shown(late)["advance_paid"] is False


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("taux:15.00", {"own_rate": "15,00\u202f% par an"}),
        ("legal:3", {"own_rate": "3 fois le taux de l’intérêt légal"}),
        ("bce:10", {"own_rate": "taux de la Banque centrale européenne majoré de 10 points"}),
        ("taux:1.00", {"own_rate_low": True}),
        ("legal:2", {"own_rate_low": True}),
        ("aucun", {}),
        (None, {}),
    ],
)
def test_a_rate_of_ones_own_is_said_unless_the_law_forbids_it(
    told: str | None, said: dict[str, str | bool]
) -> None:
    """The rate in words; below the minimum of the day, only that it is too low; none, nothing."""
    person: dict[str, Value] = {"default_penalty_terms": told} if told else {}
    found = dict(own_rate(person, TODAY, LAW))
    assert {k: _plain(v) for k, v in found.items()} == {k: _plain(v) for k, v in said.items()}


def test_a_minimum_not_known_yet_forbids_nothing() -> None:
    """Where the law's rates are not known for the day, the rate is kept as told."""
    far = date(2099, 1, 1)
    assert "own_rate" in dict(own_rate({"default_penalty_terms": "taux:1.00"}, far, LAW))


def _plain(value: str | bool) -> str | bool:
    return value.replace("\u00a0", " ").replace("\u202f", " ") if isinstance(value, str) else value
