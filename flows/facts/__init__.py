"""Every fact the conversation can ask for: its question, how it is read, and how it is shown back.

Declared in `facts.yaml`; a document that needs a new fact adds an entry there and no code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from flows import reading
from flows.reading import Reading, Refused, Understood
from flows.values import Value
from flows.yamlfile import load_yaml
from letters.format import date_longue, euros, iban, siret

TEXT_LIMIT = 300
"""Characters of a free answer that goes into a letter: a sentence or two."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of `facts.yaml`."""

    name: str
    label: str
    question: str
    kind: str
    hint: str
    why: str = ""
    scope: str = "dossier"
    choices: tuple[tuple[str, str], ...] = ()
    low: int = 0
    high: int = 0
    optional: bool = False
    sensitive: bool = False
    records: str = ""
    none: str = ""
    group: str = "lettres"

    def read(self, text: str, today: date) -> Reading[Any]:
        """Read what was typed for this fact; a label of one of its choices gives that choice."""
        if self.kind in _OWN_WORDS:
            # « 10 % » is a rate before it is part of the words of a button.
            read = _READERS[self.kind](text, today)
            chosen = reading.read_choice(text, self.choices)
            unclear = isinstance(read, Refused) and read.code in _UNCLEAR
            return chosen if unclear and isinstance(chosen, Understood) else read
        if self.choices:
            chosen = reading.read_choice(text, self.choices)
            if isinstance(chosen, Understood) or self.kind == "choice":
                return chosen
        if self.kind == "count":
            return reading.read_count(text, self.low, self.high)
        return _READERS[self.kind](text, today)

    def show(self, value: Value) -> str:
        """Write a value as it is read back, in plain text."""
        match value:
            case Decimal():
                return euros(value)
            case date():
                return date_longue(value)
            case str() if self.kind in _SHOWN:
                return _SHOWN[self.kind](value)
            case _:
                labels = dict(self.choices)
                return labels.get(str(value), str(value).replace("\n", ", "))


def _court(text: str) -> Reading[str]:
    """Read the name of a court as it stands inside a sentence: no article before it, no capital on its first word."""
    read = reading.read_text(text, TEXT_LIMIT)
    if isinstance(read, Refused):
        return read
    name = _ARTICLE.sub("", " ".join(read.value.split()))
    capital = name[:1] if name[1:2].isupper() else name[:1].lower()  # « TAE de Lyon » stays
    return Understood(capital + name[1:], read.notes)


def _town(text: str) -> Reading[str]:
    """Read a town as it is named alone: « au Havre » is Le Havre, « tribunal judiciaire de Lille » Lille."""
    read = reading.read_name(text)
    if isinstance(read, Refused):
        return read
    name = _OF_A_COURT.sub("", read.value)
    found = _BEFORE_TOWN.match(name)
    if found is None:
        return Understood(name, read.notes)
    article = {"au": "Le ", "du": "Le ", "aux": "Les ", "des": "Les "}.get(found[1].lower(), "")
    return Understood(article + name[found.end() :], read.notes)


_OF_A_COURT = re.compile(
    r"^(?:[Ll]e )?(?:[Tt]ribunal|[Cc]hambre)\b.*?\b(?=(?:de|du|des|d['’])\s?[A-ZÀ-Ý])"
)
_BEFORE_TOWN = re.compile(r"(au|aux|du|des|de|à|d['’])(?:(?<=['’])|\s+)(?=\w)", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:le|la|au|du|à la)\s+(?=\w)", re.IGNORECASE)
_READERS: Mapping[str, Callable[[str, date], Reading[Any]]] = {
    "name": lambda text, _: reading.read_name(text),
    "reference": lambda text, _: reading.read_reference(text),
    "text": lambda text, _: reading.read_text(text, TEXT_LIMIT),
    "court": lambda text, _: _court(text),
    "nationality": lambda text, _: reading.read_nationality(text, TEXT_LIMIT),
    "town": lambda text, _: _town(text),
    "address": lambda text, _: reading.read_address(text),
    "amount": lambda text, _: reading.read_amount(text),
    "past_date": lambda text, today: reading.read_date(text, today, prefer="past"),
    "past_day": reading.read_past_day,
    "birth_date": reading.read_birth_date,
    "future_date": lambda text, today: reading.read_date(text, today, prefer="future"),
    "siret": lambda text, _: reading.read_siret(text),
    "siren": lambda text, _: reading.read_siren(text),
    "iban": lambda text, _: reading.read_iban(text),
    "email": lambda text, _: reading.read_email(text),
    "phone": lambda text, _: reading.read_phone(text),
    "payment_terms": lambda text, _: reading.read_payment_terms(text),
    "penalty_rate": lambda text, _: reading.read_penalty_rate(text),
    "postcode": lambda text, _: reading.read_postcode(text),
    "hour": lambda text, _: reading.read_hour(text),
    "weekdays": lambda text, _: reading.read_weekdays(text),
    "zone": lambda text, _: reading.read_zone(text),
    "until": reading.read_delay,
}
_SHOWN: Mapping[str, Callable[[str], str]] = {
    "iban": iban,
    "siret": siret,
    "siren": siret,
    "payment_terms": reading.show_terms,
    "penalty_rate": reading.show_penalty_rate,
    "hour": reading.show_hour,
    "weekdays": reading.show_weekdays,
}
_OWN_WORDS = frozenset({"payment_terms", "penalty_rate", "hour", "weekdays", "zone", "until"})
"""Kinds whose typed words say more than the words of the buttons."""
_UNCLEAR = frozenset(
    {"terms_unclear", "rate_unclear", "hour_unclear", "weekdays_unclear", "zone_unclear"}
    | {"delay_unclear"}
)
"""Refusals of those kinds that leave room for the words of a button; the others know what is missing."""
GROUPS = ("lettres", "rappels", "habitudes")
"""What the facts of a person are for, in the order of the settings: letters, reminders, habits with clients."""
KINDS = frozenset(_READERS) | {"choice", "count"}


@cache
def registry() -> Mapping[str, Fact]:
    """Load every fact. Raises ValueError when the file holds an entry that cannot be used."""
    raw = load_yaml(resources.files("flows.facts") / "facts.yaml")
    facts = {}
    for name, entry in raw.items():
        choices = tuple((str(value), str(label)) for value, label in entry.pop("choices", ()))
        fact = Fact(name=name, choices=choices, **entry)
        known = fact.kind in KINDS and fact.scope in {"dossier", "person"} and fact.group in GROUPS
        if not known:
            raise ValueError(f"facts.yaml: {name}: unknown kind, scope or group")
        facts[name] = fact
    return facts


def fact(name: str) -> Fact:
    """Give the declared fact `name`. Raises KeyError for one that is not declared."""
    return registry()[name]


__all__ = ["TEXT_LIMIT", "Fact", "Refused", "fact", "registry"]
