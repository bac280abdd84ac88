"""A date of birth as people type it, and what cannot be one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading import Refused, Understood, read_birth_date

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "typed",
    [
        "04/05/1990",
        "4.5.90",
        "4 mai 1990",
        "4 mai 90",
        "04051990",
        "1990-05-04",
        "le 4 Mai 1990",
        "née le 04-05-1990",
        "Je suis né le 4 mai 1990.",
    ],
)
def test_a_whole_date_is_read_as_typed(typed: str) -> None:
    """Figures, words, two or four figures of the year: the same day."""
    assert read_birth_date(typed, TODAY) == Understood(date(1990, 5, 4))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("4 mai", "birth_unclear"),
        ("1990", "birth_unclear"),
        ("hier", "birth_unclear"),
        ("", "birth_unclear"),
        ("31/02/1990", "date_impossible"),
        ("12/13/1990", "date_impossible"),
        ("04/05/2020", "birth_age"),
        ("23/11/2010", "birth_age"),
        ("04/05/1890", "birth_age"),
        ("04/05/12", "birth_unclear"),
    ],
)
def test_what_cannot_be_a_date_of_birth_is_refused(typed: str, code: str) -> None:
    """No year, no such day, a child or somebody of the last but one century: each has its sentence."""
    read = read_birth_date(typed, TODAY)
    assert isinstance(read, Refused)
    assert read.code == code


def test_the_age_counts_to_the_day() -> None:
    """Somebody is old enough on the birthday itself, not the day before."""
    assert read_birth_date("22/11/2010", TODAY) == Understood(date(2010, 11, 22))
    assert isinstance(read_birth_date("23/11/2010", TODAY), Refused)


@given(st.text(max_size=40))
def test_nothing_typed_raises(typed: str) -> None:
    """Whatever is typed, a reading comes back."""
    assert isinstance(read_birth_date(typed, TODAY), Understood | Refused)
