"""A day that has passed: what was done cannot have been done tomorrow."""

from __future__ import annotations

from datetime import date

from flows.reading.dates import read_date
from flows.reading.result import Reading, Refused, Understood


def read_past_day(text: str, today: date) -> Reading[date]:
    """Read a day up to `today` included; a day to come is refused (`date_not_past`)."""
    read = read_date(text, today, prefer="past")
    if isinstance(read, Understood) and read.value > today:
        return Refused("date_not_past", {})
    return read
