"""Hours, days of the week and zones, as people type them."""

from __future__ import annotations

import pytest

from flows.reading import (
    Refused,
    Understood,
    read_hour,
    read_weekdays,
    read_zone,
    show_hour,
    show_weekdays,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("9 h", "09:00"), ("9h", "09:00"), ("9", "09:00"), ("08:30", "08:30"), ("8h30", "08:30"),
        ("18 h 30", "18:30"), ("à 9 heures", "09:00"), ("8 heures du matin", "08:00"),
        ("6 heures du soir", "18:00"), ("2 h de l’après-midi", "14:00"), ("midi", "12:00"),
        ("le matin", "09:00"), ("19 h", "19:00"),
    ],
)  # fmt: skip
def test_an_hour_is_read(typed: str, kept: str) -> None:
    """An hour told in any usual way is kept in one form."""
    assert read_hour(typed) == Understood(kept)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("3 h", "hour_range"), ("23 h", "hour_range"), ("19 h 30", "hour_range"),
        ("6 h 59", "hour_range"), ("25 h", "hour_unclear"), ("9 h 75", "hour_unclear"),
        ("bientôt", "hour_unclear"), ("", "hour_unclear"), ("9" * 500, "hour_unclear"),
    ],
)  # fmt: skip
def test_an_hour_that_cannot_be_is_refused(typed: str, code: str) -> None:
    """At night, or no hour at all: the question comes again with what was expected."""
    found = read_hour(typed)
    assert isinstance(found, Refused)
    assert found.code == code


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("mercredi", "2", "mercredi"),
        ("le mercredi et le vendredi", "2 4", "mercredi et vendredi"),
        ("lundi, mardi, jeudi", "0 1 3", "lundi, mardi et jeudi"),
        ("les mercredis", "2", "mercredi"),
        ("samedi et dimanche", "aucun", "aucun"),
        ("vendredi et le week-end", "4", "vendredi"),
        ("aucun", "aucun", "aucun"),
        ("non", "aucun", "aucun"),
    ],
)
def test_days_are_read_and_shown(typed: str, kept: str, shown: str) -> None:
    """Days are kept in the order of the week; those without reminders anyway are not kept."""
    assert read_weekdays(typed) == Understood(kept)
    assert show_weekdays(kept) == shown


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("lundi mardi mercredi jeudi vendredi", "weekdays_all"),
        ("quand il pleut", "weekdays_unclear"),
        ("mercredi des cendres", "weekdays_unclear"),
        ("", "weekdays_unclear"),
    ],
)
def test_days_that_cannot_be_are_refused(typed: str, code: str) -> None:
    """A day is left to speak on, and words that are no days are not half understood."""
    assert read_weekdays(typed) == Refused(code)


def test_zones() -> None:
    """A zone is known by its name in the database; anything else is refused, paths included."""
    assert read_zone(" Europe/Brussels ") == Understood("Europe/Brussels")
    for typed in ("Bruxelles", "../../etc/passwd", "Europe/Nulle_Part", "/etc/localtime", ""):
        assert read_zone(typed) == Refused("zone_unclear")


def test_an_hour_is_shown() -> None:
    """An hour is read back as people write it."""
    assert (show_hour("09:00"), show_hour("18:30")) == ("9 h", "18 h 30")
