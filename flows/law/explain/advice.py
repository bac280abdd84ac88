"""What this is not, and who can advise (`advisers.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from flows.law.strict import keys, parse_day, parse_href, parse_text
from flows.yamlfile import load_yaml

_WHERE = "advisers.yaml"


@dataclass(frozen=True, slots=True)
class Adviser:
    """Someone who can advise: name, what for, the https address where to find them or ""."""

    name: str
    what: str
    href: str


def standing_sentence() -> str:
    """Give the sentence that goes with any explanation: information, no advice, and who advises."""
    return _data()[0]


def advisers() -> tuple[Adviser, ...]:
    """Give who can advise, in the order to show them."""
    return _data()[1]


@cache
def _data() -> tuple[str, tuple[Adviser, ...]]:
    data = load_yaml(files("flows.law.explain") / _WHERE)
    top = keys(_WHERE, data, {"last_checked_on", "sentence", "advisers"})
    parse_day(_WHERE, top["last_checked_on"])
    return parse_text(_WHERE, top["sentence"]), tuple(map(_adviser, top["advisers"]))


def _adviser(raw: Any) -> Adviser:
    item = keys(f"{_WHERE}.advisers", raw, {"name", "what", "href"})
    return Adviser(
        parse_text(_WHERE, item["name"]),
        parse_text(_WHERE, item["what"]),
        parse_href(_WHERE, item["href"]),
    )
