"""A calendar file as other programs read it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bot.agenda import render
from bot.telegram.outgoing import agenda_item, decode, encode
from flows.dialogue.screens import Agenda, Entry

NOW = datetime(2026, 11, 24, 9, 0, 5, 7, tzinfo=UTC)
ENTRY = Entry("n1-x@relance", date(2027, 2, 28), "Dupont ; é, \\n", "Règle\nfin", (21, 2, 0))


def file_of(*entries: Entry, at: datetime = NOW) -> bytes:
    """Make the file through the stored form."""
    return render(decode(encode(agenda_item(Agenda("Délais", entries, at)))))


def events(content: bytes) -> list[Any]:
    (calendar,) = Calendar.from_ical(content, multiple=True)
    assert calendar.errors == []
    return list(calendar.walk("VEVENT"))


def test_an_entry_is_a_whole_day_that_blocks_nothing() -> None:
    """Dates without hours, ending the day after, transparent, from no organiser and under no method."""
    content = file_of(ENTRY)
    (event,) = events(content)
    assert event.decoded("dtstart") == date(2027, 2, 28)
    assert event.decoded("dtend") == date(2027, 3, 1)
    assert b"DTSTART;VALUE=DATE:20270228\r\n" in content
    assert event["transp"] == "TRANSPARENT"
    assert event.decoded("dtstamp") == NOW.replace(microsecond=0)
    assert b"METHOD" not in content
    assert b"ORGANIZER" not in content
    assert (event["uid"], event["summary"], event["description"]) == (
        "n1-x@relance",
        "Dupont ; é, \\n",
        "Règle\nfin",
    )


def test_alarms_ring_at_nine_some_days_before() -> None:
    """From the start of the day, local time: two days before at nine is a day and fifteen hours before."""
    (event,) = events(file_of(ENTRY))
    rung = [alarm.decoded("trigger") for alarm in event.walk("VALARM")]
    nine = timedelta(hours=9)
    assert rung == [nine - timedelta(days=21), nine - timedelta(days=2), nine]


def test_a_later_file_replaces_an_earlier_one() -> None:
    """The same clock made again has the same uid and a higher sequence."""
    first, second = (
        events(file_of(ENTRY, at=NOW + timedelta(minutes=later)))[0] for later in (0, 1)
    )
    assert first["uid"] == second["uid"]
    assert first["sequence"] < second["sequence"] < 2**31


def test_the_same_item_gives_the_same_bytes() -> None:
    """A file sent again after a failure is the same file."""
    assert file_of(ENTRY, ENTRY) == file_of(ENTRY, ENTRY)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300), st.text(max_size=900))
def test_whatever_was_typed_stays_inside_its_line(title: str, description: str) -> None:
    """Lines end in CRLF and hold 75 bytes at most, and reading the file back gives one event and its words."""
    entry = Entry("n1-x@relance", date(2028, 2, 29), title, description, (7,))
    content = file_of(entry)
    lines = content.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75
    (event,) = events(content)
    assert event.decoded("dtend") == date(2028, 3, 1)
    printable = "".join(c for c in title if c.isprintable() and not c.isspace())
    assert "".join(c for c in str(event["summary"]) if not c.isspace()) == printable
    assert len(event.walk("VALARM")) == 1
