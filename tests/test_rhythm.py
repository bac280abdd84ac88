"""When a person is spoken to: tables written by hand, by the calendar on the wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.facts import fact
from flows.rhythm import FACTS, Rhythm, rhythm_of, usual_values

PARIS = ZoneInfo("Europe/Paris")
USUAL = rhythm_of({}, PARIS)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def at(text: str, zone: ZoneInfo = PARIS) -> datetime:
    """Read a local instant."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("day", "zone", "instant"),
    [
        ("2026-10-23", "Europe/Paris", "2026-10-23T07:00"),  # summer: UTC + 2
        ("2026-10-26", "Europe/Paris", "2026-10-26T08:00"),  # the Monday after: UTC + 1
        ("2027-03-26", "Europe/Paris", "2027-03-26T08:00"),
        (
            "2027-03-29",
            "Europe/Paris",
            "2027-03-29T07:00",
        ),  # Easter Monday, but an hour all the same
        ("2028-02-29", "Europe/Paris", "2028-02-29T08:00"),
        ("2026-11-24", "Indian/Reunion", "2026-11-24T05:00"),
        ("2026-11-24", "America/Miquelon", "2026-11-24T12:00"),
        ("2026-11-24", "Pacific/Noumea", "2026-11-23T22:00"),
    ],
)
def test_the_hour_is_the_persons(day: str, zone: str, instant: str) -> None:
    """Nine o'clock is nine by the person's clocks, summer and winter, wherever they are."""
    rhythm = rhythm_of({"timezone": zone}, PARIS)
    told = rhythm.at(date.fromisoformat(day))
    assert told.astimezone(UTC) == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert told.timetz().replace(tzinfo=None) == time(9)


@pytest.mark.parametrize(
    ("now", "told", "opens", "why"),
    [
        ("2026-11-24T09:00", [], "2026-11-24T09:00", "a Tuesday at nine: now"),
        ("2026-11-24T14:30", [], "2026-11-24T14:30", "late in the day, still by day: now"),
        ("2026-11-24T03:00", [], "2026-11-24T09:00", "at night: the morning"),
        ("2026-11-24T20:00", [], "2026-11-25T09:00", "too late: the next day"),
        ("2026-11-24T10:00", ["2026-11-24"], "2026-11-25T09:00", "once a day"),
        ("2026-11-27T21:00", [], "2026-11-30T09:00", "Friday night: Monday"),
        ("2026-11-28T10:00", [], "2026-11-30T09:00", "Saturday: Monday"),
        ("2026-12-25T10:00", [], "2026-12-28T09:00", "Christmas is a Friday: Monday"),
        ("2027-05-06T10:00", [], "2027-05-07T09:00", "Ascension is a Thursday: Friday"),
        ("2026-12-31T21:00", [], "2027-01-04T09:00", "1 January is a Friday: Monday 4"),
        (
            "2026-11-27T10:00",
            ["2026-11-21", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"],
            "2026-11-30T09:00",
            "five days told in the seven that end today: the first working day with room",
        ),
        ("2026-10-25T02:30", [], "2026-10-26T09:00", "the hour that comes twice, on a Sunday"),
        ("2027-03-28T03:30", [], "2027-03-30T09:00", "clocks go on; Monday is Easter Monday"),
    ],
)
def test_when_reminders_may_be_told(now: str, told: list[str], opens: str, why: str) -> None:
    """By day, on a working day, once a day, five days in seven at most."""
    days = [date.fromisoformat(day) for day in told]
    assert USUAL.next_digest(at(now), days) == at(opens), why


def test_what_the_person_asked_for_counts_in_no_cap() -> None:
    """A reminder put off to a day comes on that day, however many were told in the week."""
    told = [date(2026, 11, 23) + timedelta(days=n) for n in range(-5, 4)]
    now = at("2026-11-27T09:00")
    assert USUAL.next_digest(now, told) > now
    assert USUAL.next_digest(now, told, capped=False) == now


@pytest.mark.parametrize(
    ("person", "now", "opens"),
    [
        ({"quiet_days": "1 4"}, "2026-11-24T09:00", "2026-11-25T09:00"),
        ({"quiet_days": "0 1 2 3"}, "2026-12-21T09:00", "2027-01-08T09:00"),  # two Fridays off
        ({"quiet_until": date(2026, 12, 5)}, "2026-11-24T09:00", "2026-12-07T09:00"),
        ({"quiet_until": "aucun"}, "2026-11-24T09:00", "2026-11-24T09:00"),
        ({"digest_hour": "18:00"}, "2026-11-24T09:00", "2026-11-24T18:00"),
        ({"digest_hour": "18:00"}, "2026-11-24T20:00", "2026-11-25T18:00"),  # two hours already
        ({"digest_hour": "18:30"}, "2026-11-24T20:29", "2026-11-24T20:29"),
        ({"digest_hour": "18:30"}, "2026-11-24T20:30", "2026-11-25T18:30"),
        ({"digest_hour": "19:00"}, "2026-11-24T20:59", "2026-11-24T20:59"),
        ({"digest_hour": "19:00"}, "2026-11-24T21:00", "2026-11-25T19:00"),  # the bound
        ({"digest_hour": "19:30"}, "2026-11-24T21:00", "2026-11-25T19:30"),
        ({"digest_hour": "23:30"}, "2026-11-24T20:30", "2026-11-25T23:30"),  # kept otherwise once
        ({"weekly_cap": "1"}, "2026-11-24T09:00", "2026-11-27T09:00"),
        ({"weekly_cap": "sans"}, "2026-11-24T09:00", "2026-11-24T09:00"),
    ],
)
def test_what_the_person_chose(person: dict[str, object], now: str, opens: str) -> None:
    """Quiet days, a silence, an hour (late: two hours to tell it) and a number of days, as they were chosen."""
    rhythm = rhythm_of(person, PARIS)  # type: ignore[arg-type]
    told = [date(2026, 11, 20)]  # the Friday before
    assert rhythm.next_digest(at(now), told) == at(opens)


def test_what_cannot_wait_is_told_any_day_but_not_at_night() -> None:
    """A legal clock speaks on a Sunday too, from the person's hour on."""
    assert USUAL.next_daytime(at("2026-11-29T10:00")) == at("2026-11-29T10:00")
    assert USUAL.next_daytime(at("2026-11-29T05:00")) == at("2026-11-29T09:00")
    assert USUAL.next_daytime(at("2026-11-29T23:00")) == at("2026-11-30T09:00")


def test_moving_to_another_zone_moves_the_hour() -> None:
    """Somebody who moves from Paris to Nouméa is woken at nine there, ten hours earlier."""
    here, there = rhythm_of({}, PARIS), rhythm_of({"timezone": "Pacific/Noumea"}, PARIS)
    day = date(2026, 11, 24)
    assert here.at(day) - there.at(day) == timedelta(hours=10)


def test_every_usual_value_is_one_its_question_takes() -> None:
    """What counts while nothing was chosen can be shown, and read back as the same."""
    today = date(2026, 11, 24)
    assert usual_values().keys() | {"timezone"} == FACTS
    for name, value in usual_values().items():
        shown = fact(name).show(value)
        assert fact(name).read(shown, today).value == value  # type: ignore[union-attr]


@given(
    st.integers(0, 3 * 365 * 24 * 60).map(lambda m: FIRST + timedelta(minutes=m)),
    st.sampled_from(["Europe/Paris", "Indian/Reunion", "Pacific/Tahiti", "America/Miquelon"]),
    st.frozensets(st.integers(0, 4), max_size=4),
    st.sampled_from(["1", "2", "3", "5", "sans"]),
    st.lists(st.integers(0, 20), max_size=8),
)
def test_any_rhythm_speaks_by_day_on_a_day_open(
    now: datetime, zone: str, quiet: frozenset[int], cap: str, ago: list[int]
) -> None:
    """Whatever was chosen, the instant comes, by day, on a day open that was not told, under the cap."""
    person = {"timezone": zone, "weekly_cap": cap}
    if quiet:
        person["quiet_days"] = " ".join(map(str, sorted(quiet)))
    rhythm = rhythm_of(person, UTC)
    today = now.astimezone(rhythm.zone).date()
    told = {today - timedelta(days=n) for n in ago}
    opens = rhythm.next_digest(now, told)
    local = opens.astimezone(rhythm.zone)
    assert opens >= now
    assert rhythm.hour <= local.time() < rhythm.latest
    assert rhythm.is_open(local.date())
    assert local.date() not in told
    if rhythm.weekly_cap is not None:
        week = [day for day in told if 0 < (local.date() - day).days < 7]
        assert len(week) < rhythm.weekly_cap
    assert rhythm.next_digest(opens, told) == opens


def test_a_rhythm_without_a_day_is_refused() -> None:
    """A rhythm that leaves no day is a mistake of the caller, and says so."""
    nothing = Rhythm(time(9), time(20), PARIS, frozenset(range(7)))
    with pytest.raises(ValueError, match="no day"):
        nothing.next_digest(at("2026-11-24T09:00"), [])
