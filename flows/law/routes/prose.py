"""Sentences with places for parameters of the law: « jusqu’à {plafond_petites_creances} ».

A sentence holds no figure of its own: that is checked at load. A value that is not confirmed is
written as approximate, and one unknown on the day is said to be so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from flows.law.law import Law, UnknownForPeriod
from flows.law.parameter import Confidence, LawFileError, Scalar, Unit
from flows.law.routes.conditions import Case, Condition, parse_condition
from flows.law.wording import euros_text, number_text
from flows.yamlfile import load_yaml

_PLACE = re.compile(r"\{([a-z0-9_]+)\}")
_FIGURE = re.compile(r"\d")
_CENTS = re.compile(r",00(?=\u00a0€$)")


@cache
def _words() -> Mapping[str, str]:
    words: dict[str, str] = load_yaml(files("flows.law.routes") / "words.yaml")
    return words


def word(key: str, **values: str) -> str:
    """Give a short sentence of `words.yaml`, blanks filled. Raises KeyError for an unknown key."""
    return _words()[key].format(**values)


@dataclass(frozen=True, slots=True)
class Variant:
    """A sentence and when it is said."""

    when: Condition
    text: str


Text = tuple[Variant, ...]
"""Variants of one text, in order."""


def parse_sentence(where: str, data: Any) -> str:
    """Give a sentence back. Raises LawFileError when empty or when it holds a figure."""
    if not isinstance(data, str) or not data.strip():
        raise LawFileError(f"{where}: a sentence is expected, not {data!r}")
    if _FIGURE.search(_PLACE.sub("", data)):
        raise LawFileError(f"{where}: a figure stands in the sentence, it belongs in a parameter")
    return data.strip()


def parse_text(where: str, data: Any, courts: frozenset[str]) -> Text:
    """Make variants of a sentence or of a list of sentences and {when, text}."""
    entries = data if isinstance(data, list) else [data]
    variants = []
    for number, entry in enumerate(entries):
        place = f"{where}[{number}]"
        if isinstance(entry, dict):
            if set(entry) != {"when", "text"}:
                raise LawFileError(f"{place}: 'when' and 'text' are expected")
            condition = parse_condition(place, entry["when"], courts)
            variants.append(Variant(condition, parse_sentence(place, entry["text"])))
        else:
            variants.append(Variant(Condition(), parse_sentence(place, entry)))
    return tuple(variants)


def places(text: str) -> list[str]:
    """List the parameters a sentence names."""
    return _PLACE.findall(text)


def first(text: Text, case: Case) -> str:
    """Give the first variant that applies, filled. The last one always applies, by the load check."""
    return fill(next(v.text for v in text if _holds(v, case)), case)


def every(text: Text, case: Case) -> tuple[str, ...]:
    """Give all the variants that apply, filled."""
    return tuple(fill(v.text, case) for v in text if _holds(v, case))


def _holds(variant: Variant, case: Case) -> bool:
    """Tell whether a variant is said; one that rests on a value unknown that day is not."""
    try:
        return variant.when.holds(case)
    except UnknownForPeriod:
        return False


def fill(text: str, case: Case) -> str:
    """Put the parameters of the day into a sentence."""
    return _PLACE.sub(lambda match: _written(match[1], case.law, case.situation.today), text)


def _written(name: str, law: Law, on: date) -> str:
    try:
        value = law.value(name, on)
    except UnknownForPeriod:
        return word("unknown")
    text = value_text(value, law.parameters[name].unit)
    # A name is never approximate: a doubt about a name is said in a sentence of its own.
    firm = law.confidence(name, on) is Confidence.CONFIRMED or not isinstance(value, Decimal | int)
    return text if firm else word("approximate", value=text)


def value_text(value: Scalar, unit: Unit) -> str:
    """Write a value for a sentence: « 5 000 € », « quelques jours », « Lyon, Paris »."""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, Decimal):
        if unit is Unit.EURO:
            return _CENTS.sub("", euros_text(value))
        return word(f"unit_{unit}", value=number_text(value))
    return word(f"unit_{unit}", value=str(value)) if isinstance(value, int) else value
