"""The day that ends what was typed: « il promet de payer vendredi », « 500 € le 12/11 »."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flows.reading.result import Reading, Understood


def split_day(
    text: str, read: Callable[[str], Reading[date]], least: int = 0
) -> tuple[str, date] | None:
    """Part a text into its words and the day that ends it, as `read` reads it; None without one.

    The longest ending that is a day is taken, after `least` words at the least; one so far that its year is in
    doubt is none.
    """
    parts = text.split()
    for start in range(least, len(parts)):
        match read(" ".join(parts[start:])):
            case Understood(day, notes) if "far_year" not in notes:
                return " ".join(parts[:start]), day
    return None
