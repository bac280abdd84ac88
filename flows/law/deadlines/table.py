"""The table of the deadlines (`deadlines.yaml`): what starts each, its term, who must act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from flows.law.law import Law, load_law
from flows.law.parameter import WHOLE, Confidence
from flows.law.prose import parse_name, parse_sentence
from flows.law.strict import (
    LawFileError,
    keys,
    parse_day,
    parse_flag,
    parse_member,
    parse_texts,
)
from flows.yamlfile import load_yaml


class CarryOver(StrEnum):
    """What becomes of a deadline that ends on a Saturday, a Sunday or a public holiday."""

    EXTENDED = "extended"
    """Carried over to the next working day (art. 642 CPC or a rule like it)."""
    NOT_EXTENDED = "not_extended"
    UNDECIDED = "undecided"
    """Not settled: the cautious side is taken and said."""
    COURTESY = "courtesy"
    """A delay granted by a private letter: a later day is left out of courtesy."""


class Side(StrEnum):
    """What the person does with the deadline."""

    ACT = "act"
    """Something must be done before it ends: the earlier reading is the cautious one."""
    WAIT = "wait"
    """Nothing may be done before it ends: the later reading is the cautious one."""


class Distance(StrEnum):
    """Which rule lengthens the delay of those who live far away."""

    PROCEDURE = "procedure"
    """Arts 643 and 644 CPC."""
    DECLARATION = "declaration"
    """Art. R622-24 C. com."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One deadline of the table; `term` names the parameter that measures it."""

    id: str
    label: str
    who: str
    starts_from: str
    term: str
    carry_over: CarryOver
    side: Side
    distance: Distance | None
    by_decision: bool
    confidence: Confidence
    rule: str
    if_missed: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Every deadline by id, and the day the table was last checked."""

    rules: Mapping[str, Rule]
    last_checked_on: date


_SENTENCES = ("label", "who", "starts_from", "rule", "if_missed")
_OTHERS = ("term", "carry_over", "side", "distance", "by_decision", "confidence", "articles")


def parse_table(data: Any, law: Law) -> Table:
    """Make the table of the content of its file. Raises LawFileError naming the bad entry."""
    top = keys("deadlines", data, {"last_checked_on", "deadlines"})
    checked = parse_day("deadlines.last_checked_on", top["last_checked_on"])
    if not isinstance(top["deadlines"], dict) or not top["deadlines"]:
        raise LawFileError("deadlines: at least one deadline is expected")
    rules = {str(name): _rule(str(name), raw, law) for name, raw in top["deadlines"].items()}
    return Table(rules, checked)


def _rule(id: str, raw: Any, law: Law) -> Rule:  # noqa: A002 - the word of the table
    entry = keys(id, raw, {*_SENTENCES, *_OTHERS})
    distance = entry["distance"]
    return Rule(
        id=id,
        term=parse_name(f"{id}.term", entry["term"], law, *WHOLE),
        carry_over=parse_member(CarryOver, id, entry["carry_over"]),
        side=parse_member(Side, id, entry["side"]),
        distance=None if distance is None else parse_member(Distance, id, distance),
        by_decision=parse_flag(f"{id}.by_decision", entry["by_decision"]),
        confidence=parse_member(Confidence, id, entry["confidence"]),
        articles=parse_texts(f"{id}.articles", entry["articles"], least=1),
        **{key: parse_sentence(f"{id}.{key}", entry[key], law) for key in _SENTENCES},
    )


@cache
def deadline_table() -> Table:
    """Give the table of the package, read once and checked against the law of the package."""
    return parse_table(load_yaml(files("flows.law.deadlines") / "deadlines.yaml"), load_law())
