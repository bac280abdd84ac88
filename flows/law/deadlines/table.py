"""The table of the deadlines (`deadlines.yaml`): what starts each, its term, who must act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from flows.law.deadlines.texts import check_terms
from flows.law.law import Law, load_law
from flows.law.parameter import WHOLE, Confidence, LawFileError, keys
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


_TEXTS = ("label", "who", "starts_from", "term", "rule", "if_missed")
_KEYS = {*_TEXTS, "carry_over", "side", "distance", "by_decision", "confidence", "articles"}
_E = TypeVar("_E", bound=StrEnum)


def parse_table(data: Any, law: Law) -> Table:
    """Make the table of the content of its file. Raises LawFileError naming the bad entry."""
    top = keys("deadlines", data, {"last_checked_on", "deadlines"})
    checked = top["last_checked_on"]
    if type(checked) is not date:
        raise LawFileError("deadlines.last_checked_on: a day such as 2026-11-22 is expected")
    if not isinstance(top["deadlines"], dict) or not top["deadlines"]:
        raise LawFileError("deadlines: at least one deadline is expected")
    rules = {str(name): _rule(str(name), raw, law) for name, raw in top["deadlines"].items()}
    return Table(rules, checked)


def _rule(id: str, raw: Any, law: Law) -> Rule:  # noqa: A002 - the word of the table
    entry = keys(id, raw, _KEYS)
    for key in _TEXTS:
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise LawFileError(f"{id}.{key}: a text is expected")
    term, articles = entry["term"], entry["articles"]
    if term not in law.parameters or law.parameters[term].unit not in WHOLE:
        raise LawFileError(f"{id}.term: {term!r} is not a term of the law")
    if not isinstance(articles, list) or not all(isinstance(a, str) and a for a in articles):
        raise LawFileError(f"{id}.articles: a list of texts is expected")
    if not articles:
        raise LawFileError(f"{id}.articles: at least one article is expected")
    if type(entry["by_decision"]) is not bool:
        raise LawFileError(f"{id}.by_decision: true or false is expected")
    check_terms(id, (entry["rule"], entry["if_missed"]), law)
    distance = entry["distance"]
    return Rule(
        id=id,
        carry_over=_member(CarryOver, id, entry["carry_over"]),
        side=_member(Side, id, entry["side"]),
        distance=None if distance is None else _member(Distance, id, distance),
        by_decision=entry["by_decision"],
        confidence=_member(Confidence, id, entry["confidence"]),
        articles=tuple(articles),
        **{key: entry[key] for key in _TEXTS},
    )


def _member(kind: type[_E], where: str, value: Any) -> _E:
    try:
        return kind(value)
    except ValueError as error:
        raise LawFileError(f"{where}: {value!r} is not one of {[str(m) for m in kind]}") from error


@cache
def deadline_table() -> Table:
    """Give the table of the package, read once and checked against the law of the package."""
    return parse_table(load_yaml(files("flows.law.deadlines") / "deadlines.yaml"), load_law())
