"""How the name of a court is read: as it stands inside a sentence, whatever is typed before it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.facts import TEXT_LIMIT, Fact, fact, registry
from flows.reading import Refused, Understood

TODAY = date(2026, 11, 24)
COURTS = sorted(name for name, one in registry().items() if one.kind == "court")


def court() -> Fact:
    """Give a fact that is the name of a court."""
    return fact("procedure_court")


def test_the_courts_asked_are_read_as_courts() -> None:
    """The court of a procedure and that of an opposition are names of courts."""
    assert {"procedure_court", "referral_court"} <= set(COURTS)


@pytest.mark.parametrize("name", COURTS)
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Le Tribunal de commerce de Lyon", "tribunal de commerce de Lyon"),
        ("le tribunal judiciaire de Nantes", "tribunal judiciaire de Nantes"),
        ("Au tribunal de commerce de Lyon", "tribunal de commerce de Lyon"),
        ("du Tribunal judiciaire du Mans", "tribunal judiciaire du Mans"),
        ("La chambre commerciale de Colmar", "chambre commerciale de Colmar"),
        ("À la Chambre commerciale de Metz", "chambre commerciale de Metz"),
        ("Tribunal judiciaire de La Rochelle", "tribunal judiciaire de La Rochelle"),
        ("TAE de Lyon", "TAE de Lyon"),
        ("Le TAE de Lyon", "TAE de Lyon"),
        ("TJ Paris", "TJ Paris"),
        ("tribunal de commerce de Lyon", "tribunal de commerce de Lyon"),
        ("  Tribunal  de commerce\nde Lyon ", "tribunal de commerce de Lyon"),
    ],
)
def test_a_court_is_kept_as_it_is_said_in_a_sentence(name: str, typed: str, kept: str) -> None:
    """No article before it, no capital on its first word; an abbreviation and a town keep theirs."""
    read = fact(name).read(typed, TODAY)
    assert isinstance(read, Understood)
    assert read.value == kept
    again = fact(name).read(kept, TODAY)
    assert isinstance(again, Understood)
    assert again.value == kept


@pytest.mark.parametrize("typed", ["", "   ", "a" * (TEXT_LIMIT + 1)])
def test_what_is_no_name_is_refused(typed: str) -> None:
    """Nothing at all, or more than a name holds, is asked again."""
    assert isinstance(court().read(typed, TODAY), Refused)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(typed: str) -> None:
    """Whatever is typed, it is refused, or kept as words that were typed: nothing is added."""
    read = court().read(typed, TODAY)
    if isinstance(read, Refused):
        return
    assert read.value.strip()
    assert read.value == read.value.strip()
    assert len(read.value) <= TEXT_LIMIT


@pytest.mark.parametrize("town", ["Lyon", "Le Mans", "Orléans", "L’Île-d’Yeu"])
def test_a_town_at_the_end_is_never_touched(town: str) -> None:
    """Only what comes before the name is taken off: the town of the court stands as typed."""
    read = court().read(f"Le Tribunal de commerce de {town}", TODAY)
    assert isinstance(read, Understood)
    assert read.value.endswith(f" de {town}")
