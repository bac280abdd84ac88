"""A promise in one sentence: a day, and a sum when only a part is promised."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from flows.reading.amounts import read_amount
from flows.reading.dates import read_date
from flows.reading.ending import split_day
from flows.reading.past import read_past_day
from flows.reading.result import Reading, Understood

_SUM = re.compile(r"\d[\d .,\u00a0\u202f]*\s?(?:€|euros?\b|eur\b)(?:\s?\d{1,2}\b)?", re.IGNORECASE)


def read_promise(text: str, today: date) -> tuple[Reading[date], Decimal | None]:
    """Read « 500 € le 5 décembre », either way round: the day, or why it cannot be read, and the euros if told.

    Without a sum in euros the whole text is read as a day; more than one sum is no sum.
    """
    sums = list(_SUM.finditer(text))
    if len(sums) != 1:
        return _day(text, today), None
    found = sums[0]
    amount = read_amount(found[0])
    rest = f"{text[: found.start()]} {text[found.end() :]}".strip()
    if not isinstance(amount, Understood):
        return _day(text, today), None
    return _day(rest, today), amount.value


def read_payment(text: str, today: date) -> tuple[Decimal | None, date | None]:
    """Read what a sentence says came: « il a payé 500 € hier » gives the euros and the day, either may be missing.

    A day to come is none, and more than one sum is no sum.
    """
    sums = list(_SUM.finditer(text))
    amount, rest = None, text
    if len(sums) == 1:
        read = read_amount(sums[0][0])
        amount = read.value if isinstance(read, Understood) else None
        rest = f"{text[: sums[0].start()]} {text[sums[0].end() :]}".strip()
    ended = split_day(rest, lambda tail: read_past_day(tail, today))
    return amount, ended[1] if ended else None


def _day(text: str, today: date) -> Reading[date]:
    read = read_date(text, today, prefer="future")
    if isinstance(read, Understood):
        return read
    ended = split_day(text, lambda tail: read_date(tail, today, prefer="future"))
    return Understood(ended[1]) if ended else read
