"""The YAML files of the routes, read once and checked: catalogue, rules, courts, advice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from flows.law.law import Law, load_law
from flows.law.parameter import Confidence, LawFileError, Unit, keys
from flows.law.routes.conditions import Condition, parse_condition
from flows.law.routes.prose import Text, parse_sentence, parse_text, places
from flows.law.routes.situation import VALUES
from flows.yamlfile import load_yaml


class Status(StrEnum):
    """Whether a route can be taken."""

    OPEN = "ouverte"
    CLOSED = "fermee"
    TO_CHECK = "a_verifier"
    """It depends on something that is not known, or that the law has not settled."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route becomes when its condition holds."""

    when: Condition
    status: Status
    reason: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RouteEntry:
    """A route of the catalogue: texts that may vary with the situation."""

    id: str
    family: str
    listed: Condition
    courts: str | None
    rules: tuple[Rule, ...]
    texts: Mapping[str, Text]
    lists: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class CourtEntry:
    """A court of the catalogue: `name` is a parameter of text, or None when it is still to be found."""

    key: str
    name: str | None
    label: str
    find: Text
    territory: str


@dataclass(frozen=True, slots=True)
class CourtRule:
    """Which court when a condition holds."""

    when: Condition
    court: str
    why: str
    articles: tuple[str, ...]
    confidence: Confidence
    alternatives: Text


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask: its name in the dossier, the field it fills, and the values to try."""

    fact: str
    field: str
    unknown: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """A route worth considering when a condition holds, and why."""

    when: Condition
    route: str
    why: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All of it, in the order of the files."""

    routes: Mapping[str, RouteEntry]
    courts: Mapping[str, CourtEntry]
    court_rules: Mapping[str, tuple[CourtRule, ...]]
    questions: tuple[Question, ...]
    advice: tuple[Advice, ...]
    advice_at_most: int


FILES = ("routes", "conditions", "courts", "questions", "recommendations")
ROUTE_TEXTS = (
    "label",
    "cost",
    "delay",
    "lawyer",
    "prior_attempt",
    "first_step",
    "then",
    "limitation",
)
ROUTE_LISTS = ("papers", "cautions")
_FAMILIES = ("amiable", "rapide", "complete", "garantie", "public", "procedure", "special", "fin")


@cache
def load_rulebook() -> Rulebook:
    """Give the rulebook of this package, read once. Raises LawFileError naming file and place."""
    folder = files("flows.law.routes")
    contents = {name: load_yaml(folder / f"{name}.yaml") for name in FILES}
    return parse_rulebook(contents, load_law())


def parse_rulebook(contents: Mapping[str, Any], law: Law) -> Rulebook:
    """Make a rulebook of the contents of `FILES`, whose parameters must be in `law`."""
    reader = _Reader(contents, law)
    return reader.read()


class _Reader:
    """Reads the files together, since each names things of the others."""

    def __init__(self, contents: Mapping[str, Any], law: Law) -> None:
        self.contents = contents
        self.law = law
        courts = keys("courts", contents["courts"], {"courts", "rules"})
        self.raw_courts: Mapping[str, Any] = courts["courts"]
        self.raw_court_rules: Mapping[str, Any] = courts["rules"]
        self.court_keys = frozenset(self.raw_courts) | {""}

    def read(self) -> Rulebook:
        courts = {key: self._court(key, data) for key, data in self.raw_courts.items()}
        court_rules = {
            name: tuple(self._court_rule(f"courts.{name}[{n}]", data) for n, data in enumerate(rs))
            for name, rs in self.raw_court_rules.items()
        }
        for name, found in court_rules.items():
            _always_ends(f"courts.{name}", [rule.when for rule in found])
        routes = self._routes(frozenset(court_rules))
        advice = keys("recommendations", self.contents["recommendations"], {"at_most", "advice"})
        return Rulebook(
            routes,
            courts,
            court_rules,
            tuple(self._question(data) for data in self.contents["questions"]),
            tuple(self._advice(n, data, routes) for n, data in enumerate(advice["advice"])),
            int(advice["at_most"]),
        )

    # --- the pieces ----------------------------------------------------------------------

    def _condition(self, where: str, data: Any) -> Condition:
        condition = parse_condition(where, data, self.court_keys)
        for name, unit in condition.parameters:
            if name not in self.law.parameters:
                raise LawFileError(f"{where}: no parameter {name!r}")
            if unit is not None and self.law.parameters[name].unit is not unit:
                raise LawFileError(f"{where}: {name!r} is not in {unit}")
        return condition

    def _sentence(self, where: str, data: Any) -> str:
        text = parse_sentence(where, data)
        self._check_places(where, text)
        return text

    def _text(self, where: str, data: Any, *, total: bool) -> Text:
        text = parse_text(where, data, self.court_keys)
        entries = data if isinstance(data, list) else [data]
        for variant, raw in zip(text, entries, strict=True):
            self._check_places(where, variant.text)
            if isinstance(raw, dict):
                self._condition(where, raw["when"])
        if total:
            _always_ends(where, [variant.when for variant in text])
        return text

    def _check_places(self, where: str, text: str) -> None:
        for name in places(text):
            if name not in self.law.parameters:
                raise LawFileError(f"{where}: no parameter {name!r}")

    def _court(self, key: str, data: Any) -> CourtEntry:
        where = f"courts.{key}"
        raw = keys(where, data, {"find", "territory"}, {"name", "label"})
        name = raw.get("name")
        if (name is None) == ("label" not in raw):
            raise LawFileError(f"{where}: a name (parameter) or a label, not both")
        if name is not None and (
            name not in self.law.parameters or self.law.parameters[name].unit is not Unit.TEXT
        ):
            raise LawFileError(f"{where}: {name!r} is not a parameter of text")
        return CourtEntry(
            key,
            name,
            self._sentence(where, raw["label"]) if "label" in raw else "",
            self._text(f"{where}.find", raw["find"], total=True),
            self._sentence(where, raw["territory"]),
        )

    def _court_rule(self, where: str, data: Any) -> CourtRule:
        raw = keys(
            where, data, {"when", "court", "why", "articles", "confidence"}, {"alternatives"}
        )
        if raw["court"] not in self.raw_courts:
            raise LawFileError(f"{where}: no court {raw['court']!r}")
        return CourtRule(
            self._condition(where, raw["when"]),
            raw["court"],
            self._sentence(where, raw["why"]),
            _articles(where, raw["articles"]),
            Confidence(raw["confidence"]),
            self._text(where, raw.get("alternatives", []), total=False),
        )

    def _routes(self, court_rules: frozenset[str]) -> dict[str, RouteEntry]:
        conditions = keys("conditions", self.contents["conditions"], {"groups", "routes"})
        rules_of = keys("conditions.routes", conditions["routes"], set(self.contents["routes"]))
        routes = {}
        for id_, data in self.contents["routes"].items():
            raw = keys(id_, data, {"family", *ROUTE_TEXTS, *ROUTE_LISTS}, {"listed", "courts"})
            if raw["family"] not in _FAMILIES:
                raise LawFileError(f"{id_}: {raw['family']!r} is not a family")
            courts = raw.get("courts")
            if courts is not None and courts not in court_rules:
                raise LawFileError(f"{id_}: no rules for the courts {courts!r}")
            rules = tuple(self._rules(id_, rules_of[id_], conditions["groups"]))
            _always_ends(id_, [rule.when for rule in rules])
            routes[id_] = RouteEntry(
                id_,
                raw["family"],
                self._condition(id_, raw.get("listed", {})),
                courts,
                rules,
                {n: self._text(f"{id_}.{n}", raw[n], total=True) for n in ROUTE_TEXTS},
                {n: self._text(f"{id_}.{n}", raw[n], total=False) for n in ROUTE_LISTS},
            )
        return routes

    def _rules(self, id_: str, data: Any, groups: Mapping[str, Any]) -> Iterable[Rule]:
        for number, raw in enumerate(data):
            where = f"conditions.{id_}[{number}]"
            if set(raw) == {"use"}:
                if raw["use"] not in groups:
                    raise LawFileError(f"{where}: no group {raw['use']!r}")
                yield from self._rules(raw["use"], groups[raw["use"]], {})
                continue
            rule = keys(where, raw, {"when", "status", "reason", "articles"})
            try:
                status = Status(rule["status"])
            except ValueError as error:
                raise LawFileError(f"{where}: {error}") from error
            yield Rule(
                self._condition(where, rule["when"]),
                status,
                self._sentence(where, rule["reason"]),
                _articles(where, rule["articles"]),
            )

    def _question(self, data: Any) -> Question:
        raw = keys("questions", data, {"fact", "field", "unknown", "values"})
        field, values = raw["field"], raw["values"]
        if field in VALUES and set(values) != VALUES[field] - {raw["unknown"]}:
            raise LawFileError(f"questions.{field}: every other value must be tried")
        return Question(raw["fact"], field, raw["unknown"], tuple(values))

    def _advice(self, number: int, data: Any, routes: Mapping[str, RouteEntry]) -> Advice:
        where = f"recommendations[{number}]"
        raw = keys(where, data, {"when", "route", "why"})
        if raw["route"] not in routes:
            raise LawFileError(f"{where}: no route {raw['route']!r}")
        return Advice(
            self._condition(where, raw["when"]), raw["route"], self._sentence(where, raw["why"])
        )


def _articles(where: str, data: Any) -> tuple[str, ...]:
    if not isinstance(data, list) or not data or not all(isinstance(a, str) for a in data):
        raise LawFileError(f"{where}: at least one article is expected")
    return tuple(data)


def _always_ends(where: str, conditions: list[Condition]) -> None:
    """Check that the last rule, and no other, always holds."""
    if not conditions or conditions[-1].tests or not all(c.tests for c in conditions[:-1]):
        raise LawFileError(f"{where}: the last rule, and it alone, has no condition")
