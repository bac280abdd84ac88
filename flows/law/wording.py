"""The French sentences of this room (`texts.yaml`) and the short figures put into them.

Letters set dates and amounts in their own way; here a day is « 31/12/2026 », a rate « 12,40 % ».
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from flows.yamlfile import load_yaml

_NO_BREAK = "\u00a0"
_THIN = "\u202f"
_PLURAL = 2
"""French counts as several from two on."""


def read_sentences(file: Traversable) -> dict[str, str]:
    """Read a file of sentences by key. Raises ValueError when an entry is something else."""
    texts = load_yaml(file)
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise ValueError(f"{file.name}: every entry must be a sentence")
    return texts


@cache
def _texts() -> dict[str, str]:
    return read_sentences(files("flows.law") / "texts.yaml")


def has_sentence(key: str) -> bool:
    """Tell whether `texts.yaml` holds this key."""
    return key in _texts()


def sentence(key: str, **values: str) -> str:
    """Give the sentence `key`, blanks filled. Raises KeyError when key or value is missing."""
    return _texts()[key].format(**values)


def day_text(day: date) -> str:
    """Write a day as « 31/12/2026 »."""
    return f"{day:%d/%m}/{day.year:04d}"


def number_text(number: Decimal) -> str:
    """Write a number with a decimal comma, as it stands: « 12,40 », « 10 »."""
    return f"{number:f}".replace(".", ",")


def percent_text(rate: Decimal) -> str:
    """Write a rate in percent with two decimals, more if it has more: « 12,40 % », « 9,625 % »."""
    written = max(f"{rate:.2f}", f"{rate.normalize():f}", key=len)
    return f"{written.replace('.', ',')}{_NO_BREAK}%"


def points_text(points: Decimal) -> str:
    """Write points added to a rate: « 1 point », « 10 points »."""
    key = "points" if points >= _PLURAL else "point"
    return sentence(key, number=number_text(points.normalize()))


def euros_text(amount: Decimal) -> str:
    """Write euros: « 1 250,00 € » with the no-break spaces of French typography."""
    return f"{amount:,.2f}".replace(",", _THIN).replace(".", ",") + f"{_NO_BREAK}€"


def semester_text(day: date) -> str:
    """Name the half-year of a day: « second semestre 2026 »."""
    return sentence("semester_1" if day.month <= 6 else "semester_2", year=str(day.year))
