"""French sentences with blanks for the values of the law: « dans les {delai_declaration_creance} ».

A sentence of a file holds no figure. A name between braces is a parameter, written with its unit as
it stands on the day asked, or a word that the code gives; both are checked when the file is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flows.law.law import Law, UnknownForPeriod
from flows.law.parameter import Confidence, Scalar, Unit
from flows.law.strict import LawFileError, keys, parse_member, parse_text, parse_texts
from flows.law.wording import euros_text, has_sentence, number_text, percent_text, sentence

_BLANK = re.compile(r"\{(\w+)\}")
_FIGURE = re.compile(r"\d")
_STRAY = re.compile(r"[{}]")
_NO_CENTS = re.compile(r",00(?=\u00a0€$)")
_PLURAL = 2
"""French counts as several from two on."""


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule in words: a sentence with blanks, the articles it rests on, how firm it is."""

    text: str
    articles: tuple[str, ...]
    confidence: Confidence


# --- reading ---------------------------------------------------------------------------------


def parse_sentence(where: str, data: Any, law: Law, given: Iterable[str] = ()) -> str:
    """Give a sentence back, without the spaces around it.

    `given`: the blanks that the code fills. Raises LawFileError when it is empty, holds a figure, or
    has a blank that is neither given nor a parameter.
    """
    if not isinstance(data, str) or not data.strip():
        raise LawFileError(f"{where}: a sentence is expected, not {data!r}")
    words = _BLANK.sub("", data)
    if _STRAY.search(words):
        raise LawFileError(f"{where}: a name alone stands between braces, not as in « {data} »")
    if _FIGURE.search(words):
        raise LawFileError(f"{where}: a figure stands in « {data} », it belongs in a parameter")
    if unknown := sorted(blanks(data) - law.parameters.keys() - set(given)):
        raise LawFileError(f"{where}: no parameter {', '.join(map(repr, unknown))}")
    return data.strip()


def parse_rule(where: str, data: Any, law: Law, given: Iterable[str] = ()) -> RuleText:
    """Make a rule of its entry: text, articles, confidence (confirmed if absent). Raises LawFileError."""
    entry = keys(where, data, {"text", "articles"}, {"confidence"})
    return RuleText(
        parse_sentence(where, entry["text"], law, given),
        parse_texts(where, entry["articles"]),
        parse_member(Confidence, where, entry.get("confidence", Confidence.CONFIRMED)),
    )


def parse_name(where: str, data: Any, law: Law, *units: Unit) -> str:
    """Give the name of a parameter in one of these units (none: in any). Raises LawFileError."""
    name = parse_text(where, data)
    if name not in law.parameters:
        raise LawFileError(f"{where}: no parameter {name!r}")
    if units and law.parameters[name].unit not in units:
        raise LawFileError(f"{where}: {name!r} is not in {' or '.join(units)}")
    return name


# --- filling ---------------------------------------------------------------------------------


def blanks(*texts: str) -> frozenset[str]:
    """Give the names between braces in sentences."""
    return frozenset(name for text in texts for name in _BLANK.findall(text))


def fill(text: str, law: Law, on: date, **given: str) -> str:
    """Fill the blanks of a sentence: by `given` first, else by the parameter as it stands on a day.

    Raises KeyError for a blank that is neither, UnknownForPeriod for a value not known that day.
    """

    def value(blank: re.Match[str]) -> str:
        name = blank[1]
        return given[name] if name in given else parameter_text(law, name, on)

    return _BLANK.sub(value, text)


def fill_with_doubts(text: str, law: Law, on: date) -> str:
    """Fill a sentence that stands whatever is known: it says itself what is not known or not firm.

    « environ 30 € (à vérifier) » for a number that is not confirmed, « (valeur non connue à cette
    date) » for one that is not known. Raises KeyError for a blank that is no parameter.
    """
    return _BLANK.sub(lambda blank: _doubtful(law, blank[1], on), text)


def _doubtful(law: Law, name: str, on: date) -> str:
    try:
        value = law.value(name, on)
    except UnknownForPeriod:
        return sentence("value_unknown")
    text = _NO_CENTS.sub("", written(value, law.parameters[name].unit))
    # A name is never approximate: a doubt about a name is said in a sentence of its own.
    firm = law.confidence(name, on) is Confidence.CONFIRMED or not isinstance(value, Decimal | int)
    return text if firm else sentence("value_approximate", value=text)


def parameter_text(law: Law, name: str, on: date) -> str:
    """Write a parameter with its unit as it stands on a day. Raises UnknownForPeriod, KeyError."""
    return written(law.value(name, on), law.parameters[name].unit)


def written(value: Scalar, unit: Unit) -> str:
    """Write a value inside a sentence: « 30 jours », « 10 points », « 12,40 % », « 40,00 € », « Lyon, Paris »."""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, str):
        return value
    number = Decimal(value)
    if unit is Unit.EURO:
        return euros_text(number)
    if unit is Unit.PERCENT:
        return percent_text(number)
    one = f"unit_{unit}_one"
    key = one if number < _PLURAL and has_sentence(one) else f"unit_{unit}"
    return sentence(key, value=number_text(number))
