"""The facts of `facts.yaml`: how each is read."""

from __future__ import annotations

from datetime import date

import pytest

from flows.facts import fact
from flows.reading import Understood

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("name", ["invoice_number", "agreed_ref", "public_reference"])
def test_a_number_is_read_as_a_reference(name: str) -> None:
    """The number of an invoice, a quote or an order is kept without « n° », and doubted when odd."""
    assert fact(name).read("n° 2026-12", TODAY) == Understood("2026-12")
    assert fact(name).read("aucun", TODAY) == Understood("aucun", ("reference_odd",))


def test_a_sum_typed_for_a_name_is_doubted() -> None:
    """A client named « 1250 € » is read back before it is kept."""
    assert fact("debtor_name").read("1250 €", TODAY) == Understood("1250 €", ("name_digits",))


def test_the_kind_of_client_has_a_label_that_stands_alone() -> None:
    """In a recap, the label reads well before any of the answers."""
    assert fact("debtor_kind").label == "Type de client"
