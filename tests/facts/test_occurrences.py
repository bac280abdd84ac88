"""What may be noted in a dossier: offered where it can have happened, in its turn."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from flows.dossier import Act, ActKind, DebtorKind, Dossier
from flows.facts.occurrences import GROUPS, depending_on, occurrences, offered
from flows.values import Value
from tests.facts.makers import DAY, act, happened, taken_back

FOLLOWING = {one.id: one.after for one in occurrences().values() if one.after}


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
        act(ActKind.CORRECTED, DAY, fact="amount_due", before="1", after="2"),
    )
    assert [(a.text("what"), a.on) for a in found.happened] == [
        ("ordonnance", DAY),
        ("reconnaissance", date(2026, 11, 9)),
    ]
    assert found.happened_on("opposition") is None


def test_what_hangs_on_an_order_goes_with_it() -> None:
    """An order taken back takes its service and the opposition along, each once; a service, the opposition alone."""
    order, served = happened("ordonnance"), happened("signification_ordonnance")
    again = happened("signification_ordonnance", date(2026, 11, 9))
    opposed, filed = happened("opposition", date(2026, 11, 12)), happened("requete_injonction")
    one = dossier(DebtorKind.PROFESSIONAL, filed, order, served, opposed)
    assert depending_on(one, order) == [served, opposed]
    assert depending_on(one, served) == [opposed]
    assert depending_on(one, filed) == depending_on(one, opposed) == []
    twice = dossier(DebtorKind.PROFESSIONAL, order, served, again, opposed)
    assert depending_on(twice, order) == [served, again, opposed]


def test_what_stands_on_another_day_keeps_what_hangs_on_it() -> None:
    """The wrong day of an order noted twice goes alone: the service hangs on the day that stands."""
    wrong, right = happened("ordonnance"), happened("ordonnance", date(2026, 11, 3))
    served = happened("signification_ordonnance", date(2026, 11, 9))
    assert depending_on(dossier(DebtorKind.PROFESSIONAL, wrong, right, served), wrong) == []


def test_nothing_hangs_on_a_credit_note() -> None:
    """A credit note taken back leaves all that was noted."""
    credit = act(ActKind.CREDITED, DAY, amount=Decimal(250), corrects="non")
    noted = [happened(one.id) for one in occurrences().values() if not one.is_credit]
    assert depending_on(dossier(DebtorKind.PROFESSIONAL, *noted, credit), credit) == []


def test_credit_notes_lower_what_remains() -> None:
    """What remains is the sum less payments and credit notes, never below zero."""
    credit = act(ActKind.CREDITED, DAY, amount=Decimal("250.50"), corrects="non")
    paid = act(ActKind.PART_PAID, DAY, amount=Decimal(500))
    found = dossier(DebtorKind.PROFESSIONAL, credit, paid)
    assert found.settled == Decimal("750.50")
    assert found.remaining == Decimal("499.50")
    assert found.with_act(paid).with_act(paid).remaining == Decimal(0)
