"""The data files of this folder, loaded once and checked strictly."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from flows.dossier import DebtorKind
from flows.reading.plain import fold, words

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a reader accepts (`limits.yaml`); lengths in characters, `amount_max` in euros."""

    amount_max: Decimal
    years_back: int
    years_ahead: int
    birth_age_min: int
    birth_age_max: int
    far_days_ahead: int
    far_days_back: int
    delay_days_max: int
    terms_days_max: int
    rate_max: int
    short_max: int
    sentence_max: int
    name_max: int
    reference_usual_max: int
    address_max: int
    address_lines_max: int
    hour_min: int
    hour_max: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that decide (`vocabulary.yaml`), folded, except legal forms, in capitals."""

    yes: frozenset[str]
    no: frozenset[str]
    alone: frozenset[str]
    doubt: frozenset[str]
    around_amount: frozenset[str]
    legal_forms: Mapping[str, str]
    """Legal form as written in capitals -> kind; recognised wherever it stands in a name."""
    openings: Mapping[str, str]
    """First words of a name, folded -> kind."""
    generic: frozenset[str]
    """Words that name nobody by themselves."""
    not_written: frozenset[str]
    """Phrases that say that an invoice is silent, words joined by one space."""
    around_not_written: frozenset[str]
    around_terms: frozenset[str]
    around_rate: frozenset[str]


def load(name: str) -> dict[str, Any]:
    """Read the YAML mapping `name` of this folder. Raises ValueError when it is not a mapping."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    data = yaml.load(text, Loader=_LOADER)  # noqa: S506  (the safe loader, in C where there is one)
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise ValueError(f"{name}: a mapping with text keys is expected")
    return data


def same_keys(name: str, found: Mapping[str, Any], expected: set[str]) -> None:
    """Raise ValueError unless `found` has exactly the `expected` keys."""
    if unknown := sorted(set(found) - expected):
        raise ValueError(f"{name}: unknown key {', '.join(unknown)}")
    if missing := sorted(expected - set(found)):
        raise ValueError(f"{name}: missing key {', '.join(missing)}")


@cache
def limits() -> Limits:
    """Give the bounds of `limits.yaml`. Raises ValueError when the file is wrong."""
    return limits_from(load("limits.yaml"))


def limits_from(data: Mapping[str, Any]) -> Limits:
    """Check and convert the content of `limits.yaml`. Raises ValueError naming the wrong key."""
    same_keys("limits.yaml", data, {field.name for field in fields(Limits)})
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key == "amount_max":
            if not isinstance(value, str):
                raise ValueError("limits.yaml: amount_max must be a quoted number of euros")
            try:
                values[key] = Decimal(value)
            except InvalidOperation as error:
                raise ValueError(f"limits.yaml: amount_max is not a number: {value!r}") from error
        elif isinstance(value, int) and not isinstance(value, bool):
            values[key] = value
        else:
            raise ValueError(f"limits.yaml: {key} must be a whole number")
        if not values[key] > 0:
            raise ValueError(f"limits.yaml: {key} must be above zero")
    return Limits(**values)


@cache
def vocabulary() -> Vocabulary:
    """Give the words of `vocabulary.yaml`. Raises ValueError when the file is wrong."""
    return vocabulary_from(load("vocabulary.yaml"))


def vocabulary_from(data: Mapping[str, Any]) -> Vocabulary:
    """Check and convert the content of `vocabulary.yaml`. Raises ValueError naming the key."""
    same_keys("vocabulary.yaml", data, {field.name for field in fields(Vocabulary)})
    yes, no = (frozenset(map(fold, _words(key, data[key]))) for key in ("yes", "no"))
    if both := yes & no:
        raise ValueError(f"vocabulary.yaml: both yes and no: {', '.join(sorted(both))}")
    return Vocabulary(
        yes=yes,
        no=no,
        alone=frozenset(map(fold, _words("alone", data["alone"]))),
        doubt=frozenset(map(fold, _words("doubt", data["doubt"]))),
        around_amount=frozenset(map(fold, _words("around_amount", data["around_amount"]))),
        legal_forms=_by_kind("legal_forms", data["legal_forms"]),
        openings={
            fold(word): kind for word, kind in _by_kind("openings", data["openings"]).items()
        },
        generic=frozenset(map(fold, _words("generic", data["generic"]))),
        not_written=frozenset(
            " ".join(words(fold(phrase))) for phrase in _words("not_written", data["not_written"])
        ),
        around_not_written=frozenset(
            map(fold, _words("around_not_written", data["around_not_written"]))
        ),
        around_terms=frozenset(map(fold, _words("around_terms", data["around_terms"]))),
        around_rate=frozenset(map(fold, _words("around_rate", data["around_rate"]))),
    )


def _words(key: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise ValueError(f"vocabulary.yaml: {key} must be a list of quoted words")
    return value


def _by_kind(key: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError(f"vocabulary.yaml: {key} must map a kind of debtor to its words")
    result: dict[str, str] = {}
    for kind, listed in value.items():
        if kind not in set(DebtorKind):
            raise ValueError(f"vocabulary.yaml: {key}: unknown kind of debtor {kind!r}")
        for word in _words(f"{key}.{kind}", listed):
            if word in result:
                raise ValueError(f"vocabulary.yaml: {key}: {word!r} stands twice")
            result[word] = kind
    return result
