"""Tracking numbers of letters, and promises told in one sentence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading import Refused, Understood, read_promise, read_tracking, sentence

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1A 123 456 7890 1", "1A12345678901"),
        ("n° 1a12345678901", "1A12345678901"),
        ("suivi : 2C 123 456 7890 1", "2C12345678901"),
        ("RK 12 345 678 5 FR", "RK123456785FR"),
        ("https://www.laposte.fr/outils/suivre-vos-envois?code=1A12345678901", "1A12345678901"),
        ("JJD000390007882823713", "JJD000390007882823713"),  # another carrier
        ("87000123456789", "87000123456789"),
    ],
)
def test_a_tracking_number_is_read(typed: str, number: str) -> None:
    """The number of the post, typed as printed or in its page's address, and that of any carrier."""
    assert read_tracking(typed) == Understood(number)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1A 123 456 7890", "tracking_length"),
        ("1A 123 456 7890 12", "tracking_length"),
        ("RK 12 345 678 FR", "tracking_length"),
        ("RK 12 345 678 9 FR", "tracking_checksum"),
        ("bonjour", "tracking_unclear"),
        ("123", "tracking_unclear"),
        ("", "tracking_unclear"),
        ("A" * 300, "tracking_unclear"),
    ],
)
def test_a_number_that_cannot_be_is_refused_clearly(typed: str, code: str) -> None:
    """A slip is refused with the sentence that says what was expected."""
    found = read_tracking(typed)
    assert isinstance(found, Refused)
    assert found.code == code
    assert "par exemple" in sentence(found.code, **found.params)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(typed: str) -> None:
    """Whatever is typed gives capitals and digits, or a refusal."""
    found = read_tracking(typed)
    if isinstance(found, Understood):
        assert found.value.isalnum()
        assert found.value.isascii()


@pytest.mark.parametrize(
    ("typed", "day", "amount"),
    [
        ("500 € le 5 décembre", date(2026, 12, 5), Decimal(500)),
        ("le 5 décembre 500 euros", date(2026, 12, 5), Decimal(500)),
        ("il promet 1 250,50 € vendredi", date(2026, 11, 27), Decimal("1250.50")),
        ("vendredi", date(2026, 11, 27), None),
        ("il paie le 5/12", date(2026, 12, 5), None),
    ],
)
def test_a_promise_has_a_day_and_may_have_a_sum(
    typed: str, day: date, amount: Decimal | None
) -> None:
    """A day and a sum, either way round; without « € » there is no sum."""
    read, found = read_promise(typed, TODAY)
    assert isinstance(read, Understood)
    assert (read.value, found) == (day, amount)


@pytest.mark.parametrize("typed", ["500 €", "bientôt", "200 € ou 300 €"])
def test_a_promise_without_a_day_is_refused(typed: str) -> None:
    """No day, no promise."""
    assert isinstance(read_promise(typed, TODAY)[0], Refused)
