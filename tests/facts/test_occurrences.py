"""What may be noted in a dossier: offered where it can have happened, in its turn."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from flows.dossier import Act, ActKind, DebtorKind, Dossier, Value
from flows.facts.occurrences import GROUPS, occurrences, offered

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
DAY = date(2026, 11, 2)
FOLLOWING = {one.id: one.after for one in occurrences().values() if one.after}


def happened(what: str, on: date = DAY) -> Act:
    """Make an act of what the law counts from."""
    return Act(ActKind.HAPPENED, on, NOW, {"what": what})


def taken_back(what: str, day: date = DAY) -> Act:
    """Make the correction that takes it back."""
    data: dict[str, Value] = {"fact": "evenement", "what": what, "day": day}
    return Act(ActKind.CORRECTED, date(2026, 11, 24), NOW, data)


def dossier(kind: DebtorKind | None, *acts: Act) -> Dossier:
    """Make a dossier of a debtor."""
    facts: dict[str, Value] = {"amount_due": Decimal(1250)}
    if kind is not None:
        facts["debtor_kind"] = kind.value
    return Dossier("n", DAY, facts, acts)


def names(found: Dossier) -> list[str]:
    """Give what is offered."""
    return [one.id for one in offered(found)]


def test_every_occurrence_can_be_asked() -> None:
    """Each has a label a button can hold, a question, a known group; both credit notes ask their sum."""
    for one in occurrences().values():
        assert 0 < len(one.label) <= 40
        assert one.question.endswith("?")
        assert one.group in GROUPS
        assert one.kinds
    assert {one.id for one in occurrences().values() if one.is_credit} == {
        "avoir_geste",
        "avoir_erreur",
    }


@pytest.mark.parametrize("kind", [None, *DebtorKind], ids=str)
def test_they_are_offered_group_by_group(kind: DebtorKind | None) -> None:
    """What is offered comes in the order of the groups, each once, and only what concerns the debtor."""
    found = offered(dossier(kind))
    assert found
    assert [GROUPS.index(one.group) for one in found] == sorted(
        GROUPS.index(one.group) for one in found
    )
    assert len(set(names(dossier(kind)))) == len(found)
    assert all(kind is None or kind in one.kinds for one in found)


def test_each_kind_of_debtor_has_its_own() -> None:
    """No order against a public body or abroad, a written claim to a public body only, no BODACC for a consumer."""
    given = {kind: set(names(dossier(kind))) for kind in DebtorKind}
    assert [k for k, v in given.items() if "ordonnance" not in v] == [
        DebtorKind.PUBLIC,
        DebtorKind.FOREIGN,
    ]
    assert [k for k, v in given.items() if "demande_ecrite_public" in v] == [DebtorKind.PUBLIC]
    assert "publication_bodacc" not in given[DebtorKind.CONSUMER]
    assert all({"avoir_geste", "avoir_erreur", "reconnaissance", "titre"} <= v for v in given.values())  # fmt: skip


@pytest.mark.parametrize(("what", "first"), FOLLOWING.items(), ids=str)
def test_what_follows_is_offered_in_its_turn(what: str, first: str) -> None:
    """What follows another is offered once that one is noted, and no longer once it is taken back."""
    kind = min(occurrences()[what].kinds, key=list(DebtorKind).index)
    assert what not in names(dossier(kind))
    assert what in names(dossier(kind, happened(first)))
    assert what not in names(dossier(kind, happened(first), taken_back(first)))


def test_noted_again_after_a_correction_it_counts() -> None:
    """Taken back then noted on its right day, an event stands on that day alone."""
    found = dossier(
        DebtorKind.PROFESSIONAL,
        happened("ordonnance"),
        taken_back("ordonnance"),
        happened("ordonnance", date(2026, 11, 5)),
    )
    assert [act.on for act in found.happened] == [date(2026, 11, 5)]
    assert found.happened_on("ordonnance") == date(2026, 11, 5)
    assert "signification_ordonnance" in names(found)


def test_taking_back_one_leaves_the_others() -> None:
    """Only the event of that name and that day is taken back, and the rest stands in the order of the days."""
    found = dossier(
        DebtorKind.PROFESSIONAL,
        happened("reconnaissance", date(2026, 11, 9)),
        happened("ordonnance"),
        happened("reconnaissance"),
        taken_back("reconnaissance"),
        Act(ActKind.CORRECTED, DAY, NOW, {"fact": "amount_due", "before": "1", "after": "2"}),
    )
    assert [(a.text("what"), a.on) for a in found.happened] == [
        ("ordonnance", DAY),
        ("reconnaissance", date(2026, 11, 9)),
    ]
    assert found.happened_on("opposition") is None


def test_credit_notes_lower_what_remains() -> None:
    """What remains is the sum less payments and credit notes, never below zero."""
    credit = Act(ActKind.CREDITED, DAY, NOW, {"amount": Decimal("250.50"), "corrects": "non"})
    paid = Act(ActKind.PART_PAID, DAY, NOW, {"amount": Decimal(500)})
    found = dossier(DebtorKind.PROFESSIONAL, credit, paid)
    assert found.settled == Decimal("750.50")
    assert found.remaining == Decimal("499.50")
    assert found.with_act(paid).with_act(paid).remaining == Decimal(0)
