"""French sentences with blanks, each filled with a parameter of the law as it stands on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Any

from flows.law.law import Law
from flows.law.parameter import Confidence, LawFileError, Unit, keys

_NO_BREAK = "\u00a0"
_ORDER = tuple(Confidence)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in words: a sentence with blanks, the articles it rests on, how firm it is."""

    text: str
    articles: tuple[str, ...]
    confidence: Confidence = Confidence.CONFIRMED


def parse_rule(where: str, data: Any) -> Rule:
    """Make a rule of its entry: text, articles, confidence (confirmed if absent). Raises LawFileError."""
    entry = keys(where, data, {"text", "articles"}, {"confidence"})
    return Rule(
        parse_text(where, entry["text"]),
        parse_articles(where, entry["articles"]),
        parse_confidence(where, entry.get("confidence", Confidence.CONFIRMED)),
    )


def parse_confidence(where: str, data: Any) -> Confidence:
    """Give a degree of confidence. Raises LawFileError for another word."""
    try:
        return Confidence(data)
    except ValueError as error:
        raise LawFileError(f"{where}: {error}") from error


def parse_text(where: str, data: Any) -> str:
    """Give a text back when it is one and not empty. Raises LawFileError."""
    if not isinstance(data, str) or not data.strip():
        raise LawFileError(f"{where}: a sentence is expected, not {data!r}")
    return data


def parse_articles(where: str, data: Any) -> tuple[str, ...]:
    """Give a list of citations as a tuple. Raises LawFileError."""
    if not isinstance(data, list):
        raise LawFileError(f"{where}: a list of articles is expected, not {data!r}")
    return tuple(parse_text(where, article) for article in data)


def fill(text: str, law: Law, on: date, **values: str) -> str:
    """Fill the blanks of a sentence: `values` first, else the delay of that name on that day.

    Raises KeyError for a blank that is neither, UnknownForPeriod when the delay is not known.
    """
    found = dict(values)
    for _, name, _, _ in Formatter().parse(text):
        if name is not None and name not in found:
            found[name] = delay_text(law, name, on)
    return text.format(**found)


def delay_text(law: Law, name: str, on: date) -> str:
    """Write the delay `name` as it stands on a day: « 30 jours », « 6 mois », « 1 an »."""
    value = law.value(name, on)
    if not isinstance(value, int):
        raise TypeError(f"{name} is not a delay")
    return count_text(value, law.parameters[name].unit)


def count_text(number: int, unit: Unit = Unit.DAYS) -> str:
    """Write a number of days, months or years: « 1 jour », « 2 jours », « 6 mois », « 5 ans »."""
    noun = {Unit.DAYS: "jour", Unit.MONTHS: "mois", Unit.YEARS: "an"}[unit]
    plural = "s" if number > 1 and not noun.endswith("s") else ""
    return f"{number}{_NO_BREAK}{noun}{plural}"


def weakest(*confidences: Confidence) -> Confidence:
    """Give the least firm of several degrees of confidence."""
    return max(confidences, key=_ORDER.index)
