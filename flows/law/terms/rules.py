"""`rules.yaml`, read and checked: where a due date is counted from, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from flows.law.parameter import Confidence, LawFileError, keys
from flows.law.terms.prose import Rule, parse_articles, parse_confidence, parse_rule, parse_text
from flows.yamlfile import load_yaml


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
    rules: Mapping[str, Rule]
    sentences: Mapping[str, str]
    excess: Mapping[str, Rule]
    bodies: Mapping[str, Body]


@cache
def load_rules() -> TermsRules:
    """Give the rules of the package, read once. Raises LawFileError."""
    return parse_rules(load_yaml(files("flows.law.terms") / "rules.yaml"))


def parse_rules(data: Any) -> TermsRules:
    """Make the rules of the content of the file. Raises LawFileError."""
    top = keys("terms", data, {"last_checked_on", "rules", "sentences", "excess", "bodies"})
    checked = top["last_checked_on"]
    if type(checked) is not date:
        raise LawFileError("terms.last_checked_on: a day is expected")
    return TermsRules(
        checked,
        {key: parse_rule(f"terms.{key}", rule) for key, rule in top["rules"].items()},
        {key: parse_text(f"terms.{key}", text) for key, text in top["sentences"].items()},
        {key: parse_rule(f"terms.{key}", rule) for key, rule in top["excess"].items()},
        {key: _body(f"terms.{key}", body) for key, body in top["bodies"].items()},
    )


def _body(where: str, data: Any) -> Body:
    entry = keys(where, data, {"parameter", "articles", "confidence"})
    return Body(
        parse_text(where, entry["parameter"]),
        parse_articles(where, entry["articles"]),
        parse_confidence(where, entry["confidence"]),
    )
