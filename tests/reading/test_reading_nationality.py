"""A nationality is written as it follows the word, which is feminine, whoever's it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading import Refused, Understood, read_nationality

MOST = 300


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Français", "française"),
        ("FRANÇAISE", "française"),
        ("francais", "française"),
        ("nationalite francaise", "française"),
        ("de nationalité française", "française"),
        ("Nationalité : Belge", "Belge"),
        ("je suis marocain", "marocaine"),
        ("Je suis de nationalité italienne", "italienne"),
        ("ma nationalité est espagnole", "espagnole"),
        ("allemand", "allemande"),
        ("Grec", "grecque"),
        ("européen", "européenne"),
        ("chinois", "chinoise"),
        ("français et algérien", "française et algérienne"),
        ("franco-tunisien", "franco-tunisienne"),
        ("suisse", "suisse"),
        ("Liban", "Liban"),
        ("Japon", "Japon"),
        ("Côte d’Ivoire", "Côte d’Ivoire"),
    ],
)
def test_a_nationality_is_kept_in_the_feminine(typed: str, kept: str) -> None:
    """The masculine becomes feminine, what is said before it goes, a country stays as typed; read again, the same."""
    assert read_nationality(typed, MOST) == Understood(kept)
    assert read_nationality(kept, MOST) == Understood(kept)


@pytest.mark.parametrize("typed", ["", "   ", "a" * (MOST + 1)])
def test_nothing_or_too_much_is_refused(typed: str) -> None:
    """No word, or more than a line holds, is asked again."""
    assert isinstance(read_nationality(typed, MOST), Refused)


@given(st.text(max_size=400))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    """Nothing typed stops the reading, and what is read is never empty."""
    read = read_nationality(typed, MOST)
    assert isinstance(read, Refused) or read.value.strip()
