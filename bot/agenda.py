"""A calendar file (RFC 5545) of whole days, made of an `agenda` item of the outbox.

No METHOD: it is a file to open, not an invitation. The same entry made again later bears the same
UID and a higher SEQUENCE, so that a calendar replaces the one it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event

_PRODUCT = "-//Relance//Delais//FR"
_MORNING = timedelta(hours=9)
"""When an alarm rings, local time: a whole day floats with the person's own zone."""
_DAY = timedelta(days=1)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
"""SEQUENCE counts minutes from here: it only has to grow, and to hold in 31 bits."""


def render(item: Mapping[str, Any]) -> bytes:
    """Make the file. Raises KeyError or ValueError for an item not made by `bot.telegram.outgoing`."""
    made_at = datetime.fromisoformat(item["made_at"]).astimezone(UTC).replace(microsecond=0)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for entry in item["entries"]:
        calendar.add_component(_event(entry, made_at))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: Mapping[str, Any], made_at: datetime) -> Event:
    day = date.fromisoformat(entry["day"])
    event = Event()
    event.add("uid", entry["uid"])
    event.add("dtstamp", made_at)
    event.add("sequence", max(0, (made_at - _EPOCH) // timedelta(minutes=1)))
    event.add("dtstart", day)
    event.add("dtend", day + _DAY)
    event.add("summary", _plain(entry["title"]))
    event.add("description", _plain(entry["description"]))
    event.add("transp", "TRANSPARENT")
    for days in entry["alarms"]:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _plain(entry["title"]))
        alarm.add("trigger", _MORNING - days * _DAY)
        event.add_component(alarm)
    return event


def _plain(text: str) -> str:
    """Take out the control characters that the format forbids; a line break is kept and escaped."""
    kept = (c if c == "\n" or c.isprintable() else " " for c in text.replace("\r\n", "\n"))
    return "".join(kept)
