"""Reading `explanations.yaml`, strictly: a slip of the hand never becomes a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Any

from flows.law.explain.figures import Nouns
from flows.law.law import Law
from flows.law.parameter import LawFileError, Unit, keys

_WHERE = "explanations.yaml"
_TITLE_LENGTH = 44
"""A title is the label of a button."""
_COUNTED = frozenset(
    {Unit.POINTS, Unit.MULTIPLE, Unit.DAYS, Unit.MONTHS, Unit.YEARS},
)


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate made of parameters, `added` together or multiplied."""

    parts: tuple[str, ...]
    added: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """A rule to explain. `variants`: the text by value of the parameter `chosen_by`, if any.

    `given`: what a caller may hand in for `detail`. `parameters`: every parameter the texts rest on.
    """

    title: str
    text: str
    chosen_by: str
    variants: Mapping[str, str]
    detail: str
    caution: str
    given: tuple[str, ...]
    rates: Mapping[str, Rate]
    articles: tuple[str, ...]
    approximate: bool
    parameters: tuple[str, ...]

    def text_of(self, law: Law, on: date) -> str:
        """Give the text that holds on a day. Raises UnknownForPeriod."""
        return self.variants[law.text(self.chosen_by, on)] if self.chosen_by else self.text

    def parameters_of(self, law: Law, on: date) -> tuple[str, ...]:
        """Give the parameters the text of that day rests on. Raises UnknownForPeriod."""
        read = _names(self.text_of(law, on), self.detail, self.caution)
        made = {part for name in read & set(self.rates) for part in self.rates[name].parts}
        return tuple(sorted((read | made) - set(self.rates) - set(self.given)))


@dataclass(frozen=True, slots=True)
class Book:
    """Every topic by name, with what they share."""

    topics: Mapping[str, Topic]
    nouns: Nouns
    to_check: str
    last_checked_on: date


def parse_topics(data: Any) -> Book:
    """Make the book of the content of its file. Raises LawFileError."""
    top = keys(_WHERE, data, {"last_checked_on", "units", "to_check", "topics"})
    if type(top["last_checked_on"]) is not date:
        raise LawFileError(f"{_WHERE}: last_checked_on is not a day")
    units = keys(f"{_WHERE}.units", top["units"], {str(unit) for unit in _COUNTED})
    nouns = {}
    for unit, pair in units.items():
        one, many = pair
        nouns[unit] = (_text(unit, one), _text(unit, many))
    topics = {name: _topic(name, raw) for name, raw in top["topics"].items()}
    return Book(topics, nouns, _text("to_check", top["to_check"]), top["last_checked_on"])


def _topic(name: str, raw: Any) -> Topic:
    data = keys(
        f"{_WHERE}: {name}",
        raw,
        {"title", "articles"},
        {"text", "variants", "detail", "caution", "given", "rates", "approximate"},
    )
    if ("text" in data) == ("variants" in data):
        raise LawFileError(f"{_WHERE}: {name}: either text or variants")
    if ("given" in data) != ("detail" in data):
        raise LawFileError(f"{_WHERE}: {name}: given goes with detail")
    title = _text(name, data["title"])
    if len(title) > _TITLE_LENGTH:
        raise LawFileError(f"{_WHERE}: {name}: the title is longer than {_TITLE_LENGTH}")
    chosen_by, variants = _variants(name, data["variants"]) if "variants" in data else ("", {})
    text = _text(name, data["text"]) if "text" in data else ""
    detail, caution = (_text(name, data[key]) if key in data else "" for key in _MORE)
    rates = {key: _rate(f"{name}.{key}", rate) for key, rate in data.get("rates", {}).items()}
    given = tuple(data.get("given", ()))
    read = _names(text, *variants.values(), detail, caution)
    if unread := (set(rates) | set(given)) - read:
        raise LawFileError(f"{_WHERE}: {name}: nothing reads {sorted(unread)}")
    parts = {part for rate in rates.values() for part in rate.parts}
    asked = {chosen_by} if chosen_by else set()
    return Topic(
        title=title,
        text=text,
        chosen_by=chosen_by,
        variants=variants,
        detail=detail,
        caution=caution,
        given=given,
        rates=rates,
        articles=tuple(_text(name, cited) for cited in data["articles"]),
        approximate=_flag(name, data.get("approximate", False)),
        parameters=tuple(sorted((read | parts | asked) - set(rates) - set(given))),
    )


_MORE = ("detail", "caution")


def _variants(name: str, raw: Any) -> tuple[str, Mapping[str, str]]:
    data = keys(f"{_WHERE}: {name}.variants", raw, {"parameter", "texts"})
    texts = {str(value): _text(name, text) for value, text in data["texts"].items()}
    return _text(name, data["parameter"]), texts


def _rate(where: str, raw: Any) -> Rate:
    data = keys(f"{_WHERE}: {where}", raw, set(), {"add", "multiply"})
    if len(data) != 1:
        raise LawFileError(f"{_WHERE}: {where}: either add or multiply")
    ((how, parts),) = data.items()
    return Rate(tuple(_text(where, part) for part in parts), how == "add")


def _names(*texts: str) -> set[str]:
    """Give the names between braces. Raises LawFileError on a figure written in the text."""
    found = set()
    for text in texts:
        for prose, name, spec, conversion in Formatter().parse(text):
            if re.search(r"\d", prose):
                raise LawFileError(f"{_WHERE}: a figure stands in « {prose} »")
            if spec or conversion:
                raise LawFileError(f"{_WHERE}: {name}: nothing follows the name")
            if name is not None:
                found.add(name)
    return found


def _flag(where: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise LawFileError(f"{_WHERE}: {where}: approximate is true or false")
    return value


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise LawFileError(f"{_WHERE}: {where}: a text is expected, not {value!r}")
    return value.strip()
