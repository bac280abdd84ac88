"""`rules.yaml`, read and checked: where a due date is counted from, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from flows.law.law import Law, load_law
from flows.law.parameter import Confidence, Unit
from flows.law.prose import RuleText, parse_name, parse_rule, parse_sentence
from flows.law.strict import keys, parse_day, parse_member, parse_texts
from flows.yamlfile import load_yaml

_GIVEN = frozenset(
    {"days", "start", "delay", "delays", "agreed", "raw", "later", "excess", "limit", "typed"}
)
"""The blanks that the calculation fills; every other one is a parameter."""


@dataclass(frozen=True, slots=True)
class Body:
    """A kind of public buyer: the parameter of its delay, and the articles that set it."""

    parameter: str
    articles: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class TermsRules:
    """The content of the file; `excess`: what is said of a date beyond the legal ceiling."""

    last_checked_on: date
    rules: Mapping[str, RuleText]
    sentences: Mapping[str, str]
    excess: Mapping[str, RuleText]
    bodies: Mapping[str, Body]


@cache
def load_rules() -> TermsRules:
    """Give the rules of the package, read once. Raises LawFileError."""
    return parse_rules(load_yaml(files("flows.law.terms") / "rules.yaml"), load_law())


def parse_rules(data: Any, law: Law) -> TermsRules:
    """Make the rules of the content of the file; its blanks name `law`. Raises LawFileError."""
    top = keys("terms", data, {"last_checked_on", "rules", "sentences", "excess", "bodies"})
    return TermsRules(
        parse_day("terms.last_checked_on", top["last_checked_on"]),
        _rules(top["rules"], law),
        {
            key: parse_sentence(f"terms.{key}", text, law, _GIVEN)
            for key, text in top["sentences"].items()
        },
        _rules(top["excess"], law),
        {key: _body(f"terms.{key}", body, law) for key, body in top["bodies"].items()},
    )


def _rules(data: Mapping[str, Any], law: Law) -> dict[str, RuleText]:
    return {key: parse_rule(f"terms.{key}", rule, law, _GIVEN) for key, rule in data.items()}


def _body(where: str, data: Any, law: Law) -> Body:
    entry = keys(where, data, {"parameter", "articles", "confidence"})
    return Body(
        parse_name(where, entry["parameter"], law, Unit.DAYS),
        parse_texts(where, entry["articles"], least=1),
        parse_member(Confidence, where, entry["confidence"]),
    )
