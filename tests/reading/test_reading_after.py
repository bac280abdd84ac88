"""When to come back, as people type it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading import After, Refused, Understood, read_after

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("8 jours après l’envoi", After(8, 0, "envoi")),
        ("8j apres l'envoi", After(8, 0, "envoi")),
        ("dans 15 jours après ma relance", After(15, 0, "envoi")),
        ("deux semaines après mon message", After(14, 0, "envoi")),
        ("30 jours après l’échéance", After(30, 0, "echeance")),
        ("1 mois après l’échéance", After(0, 1, "echeance")),
        ("un an après l’échéance", After(0, 12, "echeance")),
        ("quinze jours après la réception", After(15, 0, "reception")),
        ("3 jours à compter de la réception", After(3, 0, "reception")),
        ("le lendemain de la date promise", After(1, 0, "promesse")),
        ("10 jours après aujourd’hui", After(10, 0, "today")),
        ("fin du mois", After(0, 0, "today", month_end=True)),
        ("À la fin du mois.", After(0, 0, "today", month_end=True)),
        ("10 jours après la fin du mois", After(10, 0, "today", month_end=True)),
        ("fin du mois de l’échéance", After(0, 0, "echeance", month_end=True)),
        ("10 jours après la fin du mois de l’échéance", After(10, 0, "echeance", month_end=True)),
        ("dans 10 jours", date(2026, 12, 4)),
        ("une semaine", date(2026, 12, 1)),
        ("demain", date(2026, 11, 25)),
        ("15/12/2026", date(2026, 12, 15)),
        ("le 12 décembre", date(2026, 12, 12)),
    ],
)
def test_when_to_come_back_is_read(said: str, found: After | date) -> None:
    """A length of time keeps what it counts from; a length from today, and a date, are a day."""
    read = read_after(said, TODAY)
    assert isinstance(read, Understood), read
    assert read.value == found


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "after_unclear"),
        ("bientôt", "after_unclear"),
        ("l’échéance", "after_unclear"),
        ("8 jours après", "after_unclear"),
        ("beaucoup de jours après l’envoi", "after_unclear"),
        ("999 jours après l’envoi", "delay_too_long"),
        ("900 mois après l’échéance", "delay_too_long"),
        ("10 jours ouvrés", "delay_working_days"),
        ("hier", "delay_past"),
        ("a" * 5000, "after_unclear"),
    ],
)
def test_what_is_no_delay_is_refused(said: str, code: str) -> None:
    """What cannot be read says what was expected."""
    read = read_after(said, TODAY)
    assert isinstance(read, Refused)
    assert read.code == code


@given(st.text(max_size=80))
def test_nothing_typed_raises(said: str) -> None:
    """Whatever is typed is read or refused."""
    assert isinstance(read_after(said, TODAY), Understood | Refused)
