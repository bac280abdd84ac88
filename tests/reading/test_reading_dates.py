"""What is read as a date, and what is refused. Sunday 22 November 2026 is today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.reading import Prefer, Refused, Understood, read_date

TODAY = date(2026, 11, 22)
ASSUMED = ("year_assumed",)
FAR = ("year_assumed", "far_year")
MONTH = ("month_assumed",)
ABOUT = ("approximate",)
BOTH = ("approximate", "year_assumed")

PAST = [
    ("15/10/26", (2026, 10, 15), ()),
    ("15/10/2026", (2026, 10, 15), ()),
    ("15-10-26", (2026, 10, 15), ()),
    ("15.10.2026", (2026, 10, 15), ()),
    ("15 10 2026", (2026, 10, 15), ()),
    ("15 / 10 / 2026", (2026, 10, 15), ()),
    ("15.10", (2026, 10, 15), ASSUMED),
    ("15/12", (2025, 12, 15), FAR),
    ("2026-10-15", (2026, 10, 15), ()),
    ("le 15", (2026, 11, 15), MONTH),
    ("le 22", (2026, 11, 22), MONTH),
    ("le 31", (2026, 10, 31), MONTH),
    ("le 1er", (2026, 11, 1), MONTH),
    ("le 15 du mois dernier", (2026, 10, 15), ()),
    ("dimanche 15", (2026, 11, 15), MONTH),
    ("hier", (2026, 11, 21), ()),
    ("Hier soir", (2026, 11, 21), ()),
    ("avant-hier", (2026, 11, 20), ()),
    ("aujourd'hui", TODAY.timetuple()[:3], ()),
    ("aujourd’hui", TODAY.timetuple()[:3], ()),
    ("demain", (2026, 11, 23), ()),
    ("après-demain", (2026, 11, 24), ()),
    ("il y a 3 jours", (2026, 11, 19), ()),
    ("il y a 3 semaines", (2026, 11, 1), ABOUT),
    ("il y a trois semaines", (2026, 11, 1), ABOUT),
    ("ça fait 2 mois", (2026, 9, 22), ABOUT),
    ("depuis 3 semaines", (2026, 11, 1), ABOUT),
    ("il y a un mois", (2026, 10, 22), ABOUT),
    ("il y a un an", (2025, 11, 22), ABOUT),
    ("fin septembre", (2026, 9, 30), BOTH),
    ("fin novembre", (2025, 11, 30), (*BOTH, "far_year")),
    ("fin février 2024", (2024, 2, 29), ABOUT),
    ("début octobre", (2026, 10, 1), BOTH),
    ("mi-octobre", (2026, 10, 15), BOTH),
    ("fin du mois dernier", (2026, 10, 31), ABOUT),
    ("fin du mois", (2026, 11, 30), ABOUT),
    ("lundi dernier", (2026, 11, 16), ()),
    ("vendredi", (2026, 11, 20), ()),
    ("dimanche", (2026, 11, 15), ()),
    ("mardi prochain", (2026, 11, 24), ()),
    ("lundi en huit", (2026, 11, 30), ()),
    ("dans 8 jours", (2026, 11, 30), ()),
    ("sous huitaine", (2026, 11, 30), ()),
    ("sous quinzaine", (2026, 12, 7), ()),
    ("1er août", (2026, 8, 1), ASSUMED),
    ("1er aout 2026", (2026, 8, 1), ()),
    ("le premier août", (2026, 8, 1), ASSUMED),
    ("15 octobre", (2026, 10, 15), ASSUMED),
    ("15 OCTOBRE 2026", (2026, 10, 15), ()),
    ("15 oct. 26", (2026, 10, 15), ()),
    ("15-oct-2026", (2026, 10, 15), ()),
    ("3 févr. 2026", (2026, 2, 3), ()),
    ("3 fevrier 2026", (2026, 2, 3), ()),
    ("le quinze octobre", (2026, 10, 15), ASSUMED),
    ("15 ocotbre 2026", (2026, 10, 15), ()),
    ("15 octobre dernier", (2026, 10, 15), ()),
    ("jeudi 15 octobre 2026", (2026, 10, 15), ()),
    ("jeudi 15/10/2026", (2026, 10, 15), ()),
    ("depuis le 15 octobre", (2026, 10, 15), ASSUMED),
    ("Échéance : 15/10/2026.", (2026, 10, 15), ()),
    ("vers le 15 octobre", (2026, 10, 15), ("year_assumed", "approximate")),
    ("29/02/2024", (2024, 2, 29), ()),
    ("10/12/2025", (2025, 12, 10), ()),
    # As typed on a phone.
    ("ya 3 semaines", (2026, 11, 1), ABOUT),
    ("ya un mois", (2026, 10, 22), ABOUT),
    ("y'a 2 mois", (2026, 9, 22), ABOUT),
    ("y a 3 semaines", (2026, 11, 1), ABOUT),
    ("ilya 15 jours", (2026, 11, 7), ()),
    ("il ya 15 jrs", (2026, 11, 7), ()),
    ("ya plus d'un mois", (2026, 10, 22), ABOUT),
    ("il y a bien 3 semaines", (2026, 11, 1), ABOUT),
    ("il y a un mois et demi", (2026, 10, 7), ABOUT),
    ("il y a un an et demi", (2025, 5, 22), ABOUT),
    ("il y a deux semaines et demie", (2026, 11, 4), ABOUT),
    ("avant hier", (2026, 11, 20), ()),
    ("avanthier", (2026, 11, 20), ()),
    ("aujourdui", (2026, 11, 22), ()),
    ("mi oct", (2026, 10, 15), BOTH),
    ("fin aout", (2026, 8, 31), BOTH),
    ("fin aou", (2026, 8, 31), BOTH),
    ("15 oct 26", (2026, 10, 15), ()),
    ("15oct26", (2026, 10, 15), ()),
    ("15102026", (2026, 10, 15), ()),
    ("15/10 dernier", (2026, 10, 15), ()),
    ("15 octobre je crois", (2026, 10, 15), ("year_assumed", "approximate")),
    ("le 15 octobre il me semble", (2026, 10, 15), ("year_assumed", "approximate")),
]

FUTURE = [
    ("15/12", (2026, 12, 15), ASSUMED),
    ("15/10", (2027, 10, 15), FAR),
    ("22/11", (2026, 11, 22), ASSUMED),
    ("le 15", (2026, 12, 15), MONTH),
    ("le 31", (2026, 12, 31), MONTH),
    ("vendredi", (2026, 11, 27), ()),
    ("dimanche", (2026, 11, 29), ()),
    ("lundi dernier", (2026, 11, 16), ()),
    ("fin novembre", (2026, 11, 30), BOTH),
    ("15 octobre dernier", (2026, 10, 15), ()),
    ("demain matin", (2026, 11, 23), ()),
    ("apresdemain", (2026, 11, 24), ()),
    ("d'ici vendredi", (2026, 11, 27), ()),
    ("dici vendredi", (2026, 11, 27), ()),
    ("d'ici la fin du mois", (2026, 11, 30), ABOUT),
    ("d'ici 15 jours", (2026, 12, 7), ()),
    ("ds 15 jrs", (2026, 12, 7), ()),
    ("vendredi en 8", (2026, 12, 4), ()),
    ("vendredi en 15", (2026, 12, 11), ()),
    ("au plus tard le 30", (2026, 11, 30), MONTH),
    ("le 30 au plus tard", (2026, 11, 30), MONTH),
    ("15/12 prochain", (2026, 12, 15), ()),
]

REFUSED = [
    ("", "date_missing"),
    ("bonjour", "date_unclear"),
    ("je ne sais pas", "date_unclear"),
    ("1 234,56", "date_unclear"),
    ("1.250", "date_unclear"),
    ("15/10-26", "date_unclear"),
    ("15/10 ou 16/10", "date_unclear"),
    ("15/10/2026 16/10/2026", "date_unclear"),
    ("31/09", "date_impossible"),
    ("31/09/2026", "date_impossible"),
    ("29/02/2025", "date_impossible"),
    ("30/02", "date_impossible"),
    ("32 janvier", "date_impossible"),
    ("00/10/2026", "date_impossible"),
    ("le 32", "date_impossible"),
    ("31 septembre", "date_impossible"),
    ("29/02", "date_needs_year"),
    ("12/13/2026", "date_month"),
    ("12/13", "date_month"),
    ("2026-13-12", "date_month"),
    ("lundi 15 octobre 2026", "date_weekday"),
    ("lundi 15/10", "date_weekday"),
    ("jeudi 15", "date_weekday"),
    ("octobre", "date_needs_day"),
    ("octobre 2026", "date_needs_day"),
    ("10/2026", "date_needs_day"),
    ("le mois dernier", "date_needs_day"),
    ("la semaine dernière", "date_needs_day"),
    ("2026", "date_needs_day_and_month"),
    ("en 2026", "date_needs_day_and_month"),
    ("15", "date_needs_month"),
    ("3 semaines", "date_direction"),
    ("dix jours", "date_direction"),
    ("15/10/1926", "date_year"),
    ("15/10/2062", "date_year"),
    ("15/10/62", "date_year"),
    ("15/10/202", "date_year"),
    ("il y a 9999 ans", "date_year"),
]


@pytest.mark.parametrize(("typed", "day", "notes"), PAST)
def test_a_date_is_read_as_the_nearest_past(
    typed: str, day: tuple[int, int, int], notes: tuple[str, ...]
) -> None:
    """Each way to say a day gives that day; what was assumed is noted."""
    assert read_date(typed, TODAY) == Understood(date(*day), notes)


@pytest.mark.parametrize(("typed", "day", "notes"), FUTURE)
def test_a_date_is_read_as_the_nearest_future_when_asked(
    typed: str, day: tuple[int, int, int], notes: tuple[str, ...]
) -> None:
    """With prefer="future" an incomplete date is the next one; a plain « dernier » stays past."""
    assert read_date(typed, TODAY, "future") == Understood(date(*day), notes)


@pytest.mark.parametrize("prefer", ["past", "future"])
@pytest.mark.parametrize(("typed", "code"), REFUSED)
def test_a_wrong_or_incomplete_date_is_refused(typed: str, code: str, prefer: Prefer) -> None:
    """What is not one existing day is refused under the code that says what is missing."""
    read = read_date(typed, TODAY, prefer)
    assert isinstance(read, Refused)
    assert read.code == code


def test_a_weekday_that_does_not_fit_is_named() -> None:
    """The refusal tells both the weekday typed and the true one."""
    assert read_date("lundi 15 octobre 2026", TODAY) == Refused(
        "date_weekday", {"date": "15/10/2026", "weekday": "jeudi", "typed": "lundi"}
    )


DAYS = st.dates(date(2007, 1, 1), date(2031, 12, 31))
MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


@given(DAYS)
@settings(deadline=None, max_examples=300)
def test_five_ways_to_write_a_date_say_the_same(day: date) -> None:
    """A date written in five ways, year included, is read as the same day without a note."""
    name = MONTHS[day.month - 1]
    for typed in (
        f"{day.day:02}/{day.month:02}/{day.year}",
        f"{day.day}-{day.month}-{day.year % 100:02}",
        f"{day.day}.{day.month}.{day.year}",
        day.isoformat(),
        f"le {day.day if day.day > 1 else '1er'} {name} {day.year}",
    ):
        assert read_date(typed, TODAY) == Understood(day), typed


@given(st.integers(0, 99), st.integers(0, 99), st.integers(2010, 2030), st.sampled_from("/-. "))
@settings(deadline=None, max_examples=400)
def test_day_and_month_are_never_swapped(first: int, second: int, year: int, mark: str) -> None:
    """The first number is the day and the second the month, or the date is refused."""
    read = read_date(f"{first:02}{mark}{second:02}{mark}{year}", TODAY)
    if isinstance(read, Understood):
        assert (read.value.day, read.value.month, read.value.year) == (first, second, year)
    else:
        with pytest.raises(ValueError, match=r"day|month"):
            date(year, second, first)


@given(st.integers(1, 31), st.integers(1, 12), st.dates(date(1000, 1, 1), date(9000, 1, 1)))
@settings(deadline=None, max_examples=300)
def test_a_date_without_a_year_lies_on_the_side_asked(day: int, month: int, today: date) -> None:
    """The year taken is within twelve months, never on the other side of today, and noted."""
    past, future = (read_date(f"{day}/{month}", today, prefer) for prefer in ("past", "future"))
    for read, near in ((past, -366), (future, 366)):
        if isinstance(read, Understood):
            low, high = sorted((today, today + timedelta(near)))
            assert low <= read.value <= high
            assert (read.value.day, read.value.month) == (day, month)
            assert read.notes in (ASSUMED, FAR)
        else:
            assert read.code in {"date_impossible", "date_needs_year"}


@given(st.integers(1, 31), st.dates(date(1000, 1, 1), date(9000, 1, 1)))
@settings(deadline=None, max_examples=200)
def test_a_day_alone_is_the_nearest_past_one(day: int, today: date) -> None:
    """« le 31 » is the latest 31st that exists up to today."""
    wanted = next(today - timedelta(n) for n in range(93) if (today - timedelta(n)).day == day)
    assert read_date(f"le {day}", today) == Understood(wanted, MONTH)


@pytest.mark.parametrize(
    ("typed", "today", "prefer", "far"),
    [
        ("1/12", date(2026, 12, 2), "future", True),
        ("1er décembre", date(2026, 12, 2), "future", True),
        ("fin novembre", date(2026, 12, 2), "future", True),
        ("31/1", date(2026, 12, 2), "future", False),
        ("1/2", date(2026, 12, 3), "future", False),
        ("2/2", date(2026, 12, 3), "future", True),
        ("3/12", date(2026, 12, 2), "past", True),
        ("5/2", date(2026, 12, 2), "past", False),
        ("4/2", date(2026, 12, 2), "past", True),
        ("1/12/2027", date(2026, 12, 2), "future", False),
        ("le 15 décembre dernier", date(2026, 12, 2), "past", False),
    ],
)
def test_a_far_date_whose_year_was_taken_is_noted(
    typed: str, today: date, prefer: Prefer, far: bool
) -> None:
    """A year that was not said and puts the date over 60 days ahead or 300 days back is doubtful."""
    read = read_date(typed, today, prefer)
    assert isinstance(read, Understood)
    assert ("far_year" in read.notes) is far
    assert not far or "year_assumed" in read.notes
