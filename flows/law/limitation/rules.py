"""`rules.yaml`, read and checked: the terms of limitation and what each act does to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from flows.law.calendar import add_months
from flows.law.law import Law, load_law
from flows.law.parameter import Confidence, Unit
from flows.law.prose import RuleText, parse_name, parse_rule, parse_sentence
from flows.law.strict import (
    LawFileError,
    keys,
    parse_day,
    parse_flag,
    parse_member,
    parse_texts,
)
from flows.yamlfile import load_yaml

_GIVEN = frozenset({"term", "possible", "without", "act", "day"})
"""The blanks that the calculation fills; every other one is a parameter."""


class Effect(StrEnum):
    """What an act does to the time that runs."""

    INTERRUPTS = "interrompt"
    """What has run is wiped out, a full new term starts (art. 2231 C. civ.)."""
    SUSPENDS = "suspend"
    """The time stops and later goes on from where it was (art. 2230 C. civ.)."""
    POSSIBLE = "possible"
    """Left to the judge: not counted, shown apart."""
    NONE = "sans_effet"
    WIPES = "efface"
    """An earlier interruption is deemed never to have been."""


@dataclass(frozen=True, slots=True)
class ActRule:
    """What one kind of act does; see the head of `rules.yaml` for each field."""

    effect: Effect
    rule: RuleText
    acts_as: Effect
    lasts: bool
    uncapped: bool
    court: bool
    wipes: frozenset[str]


@dataclass(frozen=True, slots=True)
class TermRule:
    """A term of limitation: its parameters, how it is counted, and the acts that touch it."""

    shortest_of: tuple[str, ...]
    calendar_years: bool
    acts: Mapping[str, ActRule]
    rule: RuleText
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """So long before a day; one of the two is zero."""

    months: int
    days: int

    def back_from(self, day: date) -> date:
        """Give the day that long before."""
        return add_months(day, -self.months) - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class LimitationRules:
    """The content of the file; `names`: each act in words, with its article."""

    last_checked_on: date
    near: Before
    alarms: tuple[Before, ...]
    terms: Mapping[str, TermRule]
    names: Mapping[str, str]
    uncounted: Mapping[str, str]
    cautions: Mapping[str, RuleText]


@cache
def load_rules() -> LimitationRules:
    """Give the rules of the package, read once. Raises LawFileError."""
    return parse_rules(load_yaml(files("flows.law.limitation") / "rules.yaml"), load_law())


def parse_rules(data: Any, law: Law) -> LimitationRules:
    """Make the rules of the content of the file; its blanks name `law`. Raises LawFileError."""
    top = keys(
        "limitation",
        data,
        {"last_checked_on", "near", "alarms", "terms", "acts", "names", "uncounted", "cautions"},
    )
    acts = _act_sets(top["acts"], law)
    names = keys("limitation.names", top["names"], set(next(iter(acts.values()))))
    cautions = {
        key: parse_rule(f"cautions.{key}", rule, law, _GIVEN)
        for key, rule in top["cautions"].items()
    }
    return LimitationRules(
        parse_day("limitation.last_checked_on", top["last_checked_on"]),
        _before("near", top["near"]),
        tuple(_before("alarms", alarm) for alarm in top["alarms"]),
        {key: _term(key, term, acts, cautions, law) for key, term in top["terms"].items()},
        {key: parse_sentence(f"names.{key}", text, law) for key, text in names.items()},
        {
            key: parse_sentence(f"uncounted.{key}", text, law, _GIVEN)
            for key, text in top["uncounted"].items()
        },
        cautions,
    )


def _term(
    where: str,
    data: Any,
    acts: Mapping[str, Mapping[str, ActRule]],
    cautions: Mapping[str, RuleText],
    law: Law,
) -> TermRule:
    entry = keys(
        where,
        data,
        {"shortest_of", "calendar_years", "acts", "confidence", "articles", "words", "cautions"},
    )
    if entry["acts"] not in acts:
        raise LawFileError(f"{where}: no set of acts {entry['acts']!r}")
    if unknown := set(entry["cautions"]) - set(cautions):
        raise LawFileError(f"{where}: no caution {sorted(unknown)}")
    rule = RuleText(
        parse_sentence(where, entry["words"], law, _GIVEN),
        parse_texts(where, entry["articles"], least=1),
        parse_member(Confidence, where, entry["confidence"]),
    )
    names = parse_texts(where, entry["shortest_of"], least=1)
    return TermRule(
        tuple(parse_name(where, name, law, Unit.YEARS) for name in names),
        parse_flag(where, entry["calendar_years"]),
        acts[entry["acts"]],
        rule,
        tuple(entry["cautions"]),
    )


def _act_sets(data: Any, law: Law) -> dict[str, dict[str, ActRule]]:
    """Give each set of acts, one based on another holding what it does not say itself."""
    sets: dict[str, dict[str, ActRule]] = {}
    for name, raw in data.items():
        entry = keys(name, raw, {"acts"}, {"based_on"})
        base = sets[entry["based_on"]] if "based_on" in entry else {}
        own = {kind: _act(f"{name}.{kind}", act, law) for kind, act in entry["acts"].items()}
        sets[name] = {**base, **own}
    kinds = {frozenset(acts) for acts in sets.values()}
    if len(kinds) != 1:
        raise LawFileError("limitation.acts: every set must hold the same acts")
    return sets


def _act(where: str, data: Any, law: Law) -> ActRule:
    entry = keys(
        where,
        data,
        {"effect", "confidence", "articles", "text"},
        {"as", "lasts", "uncapped", "court", "wipes"},
    )
    effect = parse_member(Effect, where, entry["effect"])
    if (effect is Effect.POSSIBLE) != ("as" in entry):
        raise LawFileError(f"{where}: 'as' goes with the effect 'possible'")
    if (effect is Effect.WIPES) != ("wipes" in entry):
        raise LawFileError(f"{where}: 'wipes' goes with the effect 'efface'")
    texts = {key: entry[key] for key in ("text", "articles", "confidence")}
    return ActRule(
        effect,
        parse_rule(where, texts, law),
        parse_member(Effect, where, entry.get("as", effect)),
        parse_flag(where, entry.get("lasts", False)),
        parse_flag(where, entry.get("uncapped", False)),
        parse_flag(where, entry.get("court", False)),
        frozenset(parse_texts(where, entry.get("wipes", []))),
    )


def _before(where: str, data: Any) -> Before:
    entry = keys(where, data, set(), {"months", "days"})
    if len(entry) != 1 or any(type(n) is not int or n <= 0 for n in entry.values()):
        raise LawFileError(f"{where}: one whole number of months or of days is expected")
    return Before(entry.get("months", 0), entry.get("days", 0))
