"""Reading `explanations.yaml`, strictly: a slip of the hand never becomes a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import prod
from typing import Any

from flows.law.law import Law
from flows.law.parameter import Unit
from flows.law.prose import blanks, parse_name, parse_sentence
from flows.law.strict import LawFileError, keys, parse_day, parse_flag, parse_text, parse_texts
from flows.law.wording import percent_text

_WHERE = "explanations.yaml"
SEMESTER = "semestre"
"""The blank that names the half-year of the day asked."""
_TITLE_LENGTH = 44
"""A title is the label of a button."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate made of parameters, `added` together or multiplied."""

    parts: tuple[str, ...]
    added: bool

    def text(self, law: Law, on: date) -> str:
        """Write the rate as it comes out on a day, « 12,40 % ». Raises UnknownForPeriod."""
        numbers = [law.number(name, on) for name in self.parts]
        return percent_text(
            sum(numbers, Decimal(0)) if self.added else prod(numbers, start=Decimal(1))
        )


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
        read = blanks(self.text_of(law, on), self.detail, self.caution)
        made = {part for name in read & self.rates.keys() for part in self.rates[name].parts}
        return tuple(sorted((read | made) - self.rates.keys() - {*self.given, SEMESTER}))


@dataclass(frozen=True, slots=True)
class Book:
    """Every topic by name, with what they share.

    `unknown` refuses the figure of a half-year, named by `plain_names` as a person would say it.
    """

    topics: Mapping[str, Topic]
    to_check: str
    unknown: str
    plain_names: Mapping[str, str]
    last_checked_on: date


def parse_topics(data: Any, law: Law) -> Book:
    """Make the book of the content of its file; its blanks name `law`. Raises LawFileError."""
    top = keys(_WHERE, data, {"last_checked_on", "to_check", "unknown", "plain_names", "topics"})
    return Book(
        {name: _topic(f"{_WHERE}: {name}", raw, law) for name, raw in top["topics"].items()},
        parse_sentence(f"{_WHERE}: to_check", top["to_check"], law),
        parse_sentence(f"{_WHERE}: unknown", top["unknown"], law, ("thing", "period")),
        {
            parse_name(f"{_WHERE}: plain_names", name, law, Unit.PERCENT): parse_text(_WHERE, said)
            for name, said in top["plain_names"].items()
        },
        parse_day(f"{_WHERE}: last_checked_on", top["last_checked_on"]),
    )


def _topic(where: str, raw: Any, law: Law) -> Topic:
    data = keys(
        where,
        raw,
        {"title", "articles"},
        {"text", "variants", "detail", "caution", "given", "rates", "approximate"},
    )
    if ("text" in data) == ("variants" in data):
        raise LawFileError(f"{where}: either text or variants")
    if ("given" in data) != ("detail" in data):
        raise LawFileError(f"{where}: given goes with detail")
    title = parse_text(where, data["title"])
    if len(title) > _TITLE_LENGTH:
        raise LawFileError(f"{where}: the title is longer than {_TITLE_LENGTH}")
    rates = {key: _rate(f"{where}.{key}", rate, law) for key, rate in data.get("rates", {}).items()}
    given = parse_texts(where, data.get("given", []))
    made = {*rates, *given}

    def said(key: str) -> str:
        return parse_sentence(where, data[key], law, {*made, SEMESTER}) if key in data else ""

    chosen_by = ""
    variants: Mapping[str, str] = {}
    if "variants" in data:
        chosen_by, variants = _variants(
            f"{where}.variants", data["variants"], law, {*made, SEMESTER}
        )
    text, detail, caution = said("text"), said("detail"), said("caution")
    read = blanks(text, *variants.values(), detail, caution)
    if unread := made - read:
        raise LawFileError(f"{where}: nothing reads {sorted(unread)}")
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
        articles=parse_texts(where, data["articles"]),
        approximate=parse_flag(where, data.get("approximate", False)),
        parameters=tuple(sorted((read | parts | asked) - {*made, SEMESTER})),
    )


def _variants(where: str, raw: Any, law: Law, made: set[str]) -> tuple[str, dict[str, str]]:
    data = keys(where, raw, {"parameter", "texts"})
    texts = {
        str(value): parse_sentence(where, text, law, made) for value, text in data["texts"].items()
    }
    return parse_name(where, data["parameter"], law, Unit.TEXT), texts


def _rate(where: str, raw: Any, law: Law) -> Rate:
    data = keys(where, raw, set(), {"add", "multiply"})
    if len(data) != 1:
        raise LawFileError(f"{where}: either add or multiply")
    ((how, parts),) = data.items()
    units = (Unit.PERCENT, Unit.POINTS) if how == "add" else (Unit.PERCENT, Unit.MULTIPLE)
    names = parse_texts(where, parts, least=1)
    return Rate(tuple(parse_name(where, name, law, *units) for name in names), how == "add")
