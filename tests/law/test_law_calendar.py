"""Working days, months and half-years."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.law import calendar
from flows.law.calendar import (
    Place,
    add_months,
    easter,
    is_appointment_day,
    is_working_day,
    local_holidays,
    next_appointment_day,
    next_working_day,
    place_of,
    previous_appointment_day,
    previous_working_day,
    public_holidays,
    semester_end,
    semester_start,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
PLAIN = settings(deadline=None, max_examples=100)


@pytest.mark.parametrize("year", range(2015, 2036))
def test_the_holidays_are_those_of_the_holidays_library(year: int) -> None:
    """Our eleven days and an independent library agree from 2015 to 2035."""
    assert public_holidays(year) == set(holidays.country_holidays("FR", years=year))


def test_easter_holds_for_a_lifetime() -> None:
    """The rare years of the algorithm too: 1954, 1981, 2049 and 2076 among them."""
    years = range(1950, 2101)
    mondays = holidays.country_holidays("FR", years=years)
    assert all(mondays.get(easter(year) + timedelta(days=1)) for year in years)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 4, 6),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2027, 3, 29),
        date(2027, 5, 6),
        date(2027, 5, 17),
    ],
)
def test_the_moving_holidays_of_2026_and_2027(day: date) -> None:
    """Easter Monday, Ascension and Whit Monday fall on the days the sources give."""
    assert day in public_holidays(day.year)
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 4, 3), date(2026, 12, 26), date(2027, 3, 26)])
def test_the_days_of_alsace_moselle_extend_nothing(day: date) -> None:
    """Good Friday and Saint Stephen's day are not among the holidays in use."""
    assert day not in public_holidays(day.year)


@pytest.mark.parametrize(
    ("raw", "extended"),
    [
        (date(2027, 2, 28), date(2027, 3, 1)),
        (date(2026, 12, 1), date(2026, 12, 1)),
        (date(2026, 11, 11), date(2026, 11, 12)),
        (date(2026, 12, 25), date(2026, 12, 28)),
        (date(2027, 5, 17), date(2027, 5, 18)),
        (date(2026, 11, 15), date(2026, 11, 16)),
    ],
)
def test_a_term_that_ends_on_a_closed_day_is_carried_over(raw: date, extended: date) -> None:
    """Art. 642 CPC, with the dates of law.md § 14."""
    assert next_working_day(raw) == extended


def test_the_safe_day_comes_before_a_closed_one() -> None:
    """The last working day before Sunday 28 February 2027 is Friday the 26th."""
    assert previous_working_day(date(2027, 2, 28)) == date(2027, 2, 26)
    assert previous_working_day(date(2027, 2, 27)) == date(2027, 2, 26)
    assert previous_working_day(date(2027, 2, 26)) == date(2027, 2, 26)


PARIS = Place(alsace_moselle=False, overseas=False)


@pytest.mark.parametrize(("postcode", "name"), [("57000", "57"), ("67000", "6AE")])
@pytest.mark.parametrize("year", range(2015, 2036))
def test_alsace_moselle_keeps_two_more_days(year: int, postcode: str, name: str) -> None:
    """Its days are those of an independent library (art. L3134-13 C. trav.)."""
    theirs = set(holidays.country_holidays("FR", subdiv=name, years=year))
    kept = local_holidays(year, place_of(postcode))
    assert len(kept) == 2
    assert kept | public_holidays(year) == theirs


@pytest.mark.parametrize("name", ["971", "972", "973", "974", "976", "BL", "MF"])
def test_overseas_days_of_abolition_are_kept_free(name: str) -> None:
    """Each territory's day of commemoration is among the days on which nothing is planned."""
    kept = local_holidays(2026, place_of("97400"))
    theirs = holidays.country_holidays("FR", subdiv=name, years=2026)
    abolition = {day for day, label in theirs.items() if "Abolition" in label}
    assert abolition
    assert abolition <= kept


@pytest.mark.parametrize(
    ("postcode", "place"),
    [
        ("57000", Place(alsace_moselle=True, overseas=False)),
        ("67100", Place(alsace_moselle=True, overseas=False)),
        (" 68000 ", Place(alsace_moselle=True, overseas=False)),
        ("97110", Place(alsace_moselle=False, overseas=True)),
        ("98800", Place(alsace_moselle=False, overseas=True)),
        ("98000", Place(alsace_moselle=False, overseas=False, abroad=True)),
        ("20000", PARIS),
        ("75001", PARIS),
        ("", Place()),
        ("6700", Place()),
        ("67 00", Place()),
        ("٦٧٠٠٠", Place()),
        ("670000", Place()),
    ],
)
def test_a_postcode_tells_a_place(postcode: str, place: Place) -> None:
    """Departments 57, 67 and 68, overseas, Monaco; anything else than a postcode tells nothing."""
    assert place_of(postcode) == place


def test_an_unknown_place_keeps_every_day_it_may_observe() -> None:
    """Not knowing costs a day to aim at, living abroad or in Paris costs none."""
    good_friday, reunion = date(2026, 4, 3), date(2026, 12, 20)
    assert {good_friday, reunion} <= local_holidays(2026, Place())
    assert reunion not in local_holidays(2026, Place(overseas=False))
    assert good_friday not in local_holidays(2026, Place(alsace_moselle=False))
    assert local_holidays(2026, PARIS) == local_holidays(2026, Place(abroad=True)) == frozenset()


def test_nothing_is_planned_on_good_friday_in_strasbourg() -> None:
    """It stays a working day for the law; appointments move to Thursday or to Tuesday."""
    day, strasbourg = date(2026, 4, 3), place_of("67000")
    assert is_working_day(day)
    assert is_appointment_day(day, PARIS)
    assert not is_appointment_day(day, strasbourg)
    assert previous_appointment_day(day, strasbourg) == date(2026, 4, 2)
    assert next_appointment_day(day, strasbourg) == date(2026, 4, 7)
    assert next_appointment_day(day, PARIS) == previous_appointment_day(day, PARIS) == day


LOCAL: dict[str, object] = {"postcodes": [], "fixed": {}, "after_easter": {}}


@pytest.mark.parametrize(
    "local",
    [
        [],
        {"alsace_moselle": LOCAL, "overseas": LOCAL},
        {"alsace_moselle": LOCAL, "overseas": {}, "not_france": []},
        {"alsace_moselle": {**LOCAL, "x": 1}, "overseas": LOCAL, "not_france": []},
    ],
)
def test_a_slip_in_the_local_days_is_refused(
    local: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The local days hold their keys and no other."""
    data = {**calendar._data(), "local": local}
    monkeypatch.setattr(calendar, "load_yaml", lambda _file: data)
    with pytest.raises(ValueError, match=r"calendar\.yaml"):
        calendar._data.__wrapped__()


@pytest.mark.parametrize("data", [[], {}, {"fixed": {}}])
def test_a_slip_in_the_calendar_is_refused(data: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of the holidays holds its keys and no other."""
    monkeypatch.setattr(calendar, "load_yaml", lambda _file: data)
    with pytest.raises(ValueError, match=r"calendar\.yaml"):
        calendar._data.__wrapped__()


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 9, 1), 3, date(2026, 12, 1)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
    ],
)
def test_months_end_on_the_same_quantieme_or_the_last_day(
    day: date, months: int, expected: date
) -> None:
    """Art. 641 CPC, al. 2."""
    assert add_months(day, months) == expected


@PLAIN
@given(day=DAYS, n=st.integers(0, 120))
def test_adding_months_never_skips_a_month(day: date, n: int) -> None:
    """The result lies n months on, never beyond the quantième of the start."""
    end = add_months(day, n)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == n
    assert end.day <= day.day


@PLAIN
@given(day=DAYS)
def test_a_day_lies_in_its_half_year(day: date) -> None:
    """A half-year starts on 1 January or 1 July and the next starts the day after its end."""
    start, end = semester_start(day), semester_end(day)
    assert start <= day <= end
    assert (start.day, start.month % 6) == (1, 1)
    assert semester_start(end + timedelta(days=1)) == end + timedelta(days=1)
