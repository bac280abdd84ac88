"""What this is not, and who can advise (`advisers.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from flows.law.parameter import LawFileError, keys
from flows.yamlfile import load_yaml

_WHERE = "advisers.yaml"


@dataclass(frozen=True, slots=True)
class Adviser:
    """Someone who can advise: name, what for, the https address where to find them or ""."""

    name: str
    what: str
    href: str


@cache
def standing_sentence() -> str:
    """Give the sentence that goes with any explanation: information, no advice, and who advises."""
    return str(_data()["sentence"])


@cache
def advisers() -> tuple[Adviser, ...]:
    """Give who can advise, in the order to show them."""
    return tuple(Adviser(**item) for item in _data()["advisers"])


@cache
def _data() -> Any:
    data = keys(
        _WHERE,
        load_yaml(files("flows.law.explain") / _WHERE),
        {"last_checked_on", "sentence", "advisers"},
    )
    for item in data["advisers"]:
        keys(f"{_WHERE}.advisers", item, {"name", "what", "href"})
        if item["href"] and not item["href"].startswith("https://"):
            raise LawFileError(f"{_WHERE}: {item['href']!r} is not an https address")
    return data
