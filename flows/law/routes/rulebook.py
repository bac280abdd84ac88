"""The YAML files of the routes, read once and checked: catalogue, rules, courts, advice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from flows.law.law import Law, load_law
from flows.law.parameter import Confidence, Unit
from flows.law.prose import parse_name, parse_sentence
from flows.law.routes.conditions import Condition, Names, parse_condition
from flows.law.routes.model import (
    Advice,
    CourtEntry,
    CourtRule,
    Question,
    RouteEntry,
    Rule,
    Rulebook,
    Status,
)
from flows.law.routes.situation import DAYS, VALUES
from flows.law.routes.variants import Text, always_ends, parse_text
from flows.law.strict import (
    LawFileError,
    keys,
    parse_day,
    parse_flag,
    parse_member,
    parse_texts,
)
from flows.yamlfile import load_yaml

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
_CHECKED = "last_checked_on"
_FAMILIES = ("amiable", "rapide", "complete", "garantie", "public", "procedure", "special", "fin")


@cache
def load_rulebook() -> Rulebook:
    """Give the rulebook of this package, read once. Raises LawFileError naming file and place."""
    folder = files("flows.law.routes")
    contents = {name: load_yaml(folder / f"{name}.yaml") for name in FILES}
    return parse_rulebook(contents, load_law())


def parse_rulebook(contents: Mapping[str, Any], law: Law) -> Rulebook:
    """Make a rulebook of the contents of `FILES`; its blanks name `law`. Raises LawFileError."""
    return _Reader(contents, law).read()


class _Reader:
    """Reads the files together, since each names things of the others."""

    def __init__(self, contents: Mapping[str, Any], law: Law) -> None:
        self.contents = contents
        self.law = law
        self.raw_courts = keys(
            "courts", contents["courts"], {_CHECKED, "courts", "rules", "cities", "territories"}
        )
        self.raw_advice = keys(
            "recommendations", contents["recommendations"], {"at_most", "habits", "advice"}
        )
        self.raw_conditions = keys(
            "conditions", contents["conditions"], {_CHECKED, "groups", "routes"}
        )
        self.raw_routes = dict(contents["routes"])
        self.names = Names(
            frozenset(self.raw_courts["courts"]) | {""},
            frozenset(self.raw_courts["territories"]),
            {name: Decimal(euros) for name, euros in self.raw_advice["habits"].items()},
        )

    def read(self) -> Rulebook:
        checked = [
            parse_day("routes", self.raw_routes.pop(_CHECKED, None)),
            parse_day("conditions", self.raw_conditions[_CHECKED]),
            parse_day("courts", self.raw_courts[_CHECKED]),
        ]
        courts = {key: self._court(key, data) for key, data in self.raw_courts["courts"].items()}
        court_rules = {
            name: tuple(self._court_rule(f"courts.{name}[{n}]", data) for n, data in enumerate(rs))
            for name, rs in self.raw_courts["rules"].items()
        }
        for name, found in court_rules.items():
            always_ends(f"courts.{name}", [rule.when for rule in found])
        routes = self._routes(court_rules)
        advice = self.raw_advice
        return Rulebook(
            routes,
            courts,
            court_rules,
            tuple(self._question(data) for data in self.contents["questions"]),
            tuple(self._advice(n, data, routes) for n, data in enumerate(advice["advice"])),
            int(advice["at_most"]),
            self._places("cities"),
            self._places("territories"),
            min(checked),
        )

    # --- the pieces ----------------------------------------------------------------------

    def _condition(self, where: str, data: Any) -> Condition:
        return parse_condition(where, data, self.law, self.names)

    def _sentence(self, where: str, data: Any) -> str:
        return parse_sentence(where, data, self.law, DAYS)

    def _places(self, name: str) -> dict[str, tuple[str, ...]]:
        """Read places and the beginnings of their postcodes."""
        return {
            place: parse_texts(f"courts.{name}.{place}", starts, least=1)
            for place, starts in self.raw_courts[name].items()
        }

    def _text(self, where: str, data: Any) -> Text:
        """Read a text of which the first variant that applies is said: one must."""
        text = self._texts(where, data)
        always_ends(where, [variant.when for variant in text])
        return text

    def _texts(self, where: str, data: Any) -> Text:
        """Read a text of which every variant that applies is said."""
        return parse_text(where, data, self.law, self.names)

    def _court(self, key: str, data: Any) -> CourtEntry:
        where = f"courts.{key}"
        raw = keys(where, data, {"find", "territory"}, {"name", "label"})
        if ("name" in raw) == ("label" in raw):
            raise LawFileError(f"{where}: a name (parameter) or a label, not both")
        return CourtEntry(
            key,
            parse_name(where, raw["name"], self.law, Unit.TEXT) if "name" in raw else None,
            self._sentence(where, raw["label"]) if "label" in raw else "",
            self._text(f"{where}.find", raw["find"]),
            self._sentence(where, raw["territory"]),
        )

    def _court_rule(self, where: str, data: Any) -> CourtRule:
        raw = keys(
            where, data, {"when", "court", "why", "articles", "confidence"}, {"alternatives"}
        )
        if raw["court"] not in self.raw_courts["courts"]:
            raise LawFileError(f"{where}: no court {raw['court']!r}")
        return CourtRule(
            self._condition(where, raw["when"]),
            raw["court"],
            self._sentence(where, raw["why"]),
            parse_texts(where, raw["articles"], least=1),
            parse_member(Confidence, where, raw["confidence"]),
            self._texts(where, raw.get("alternatives", [])),
        )

    def _routes(self, court_rules: Mapping[str, tuple[CourtRule, ...]]) -> dict[str, RouteEntry]:
        conditions = self.raw_conditions
        rules_of = keys("conditions.routes", conditions["routes"], set(self.raw_routes))
        routes = {}
        for id_, data in self.raw_routes.items():
            raw = keys(id_, data, {"family", *ROUTE_TEXTS, *ROUTE_LISTS}, {"listed", "courts"})
            if raw["family"] not in _FAMILIES:
                raise LawFileError(f"{id_}: {raw['family']!r} is not a family")
            courts = raw.get("courts")
            if courts is not None and courts not in court_rules:
                raise LawFileError(f"{id_}: no rules for the courts {courts!r}")
            rules = tuple(self._rules(id_, rules_of[id_], conditions["groups"]))
            always_ends(id_, [rule.when for rule in rules])
            routes[id_] = RouteEntry(
                id_,
                raw["family"],
                self._condition(id_, raw.get("listed", {})),
                courts,
                rules,
                {n: self._text(f"{id_}.{n}", raw[n]) for n in ROUTE_TEXTS},
                {n: self._texts(f"{id_}.{n}", raw[n]) for n in ROUTE_LISTS},
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
            yield Rule(
                self._condition(where, rule["when"]),
                parse_member(Status, where, rule["status"]),
                self._sentence(where, rule["reason"]),
                parse_texts(where, rule["articles"], least=1),
            )

    def _question(self, data: Any) -> Question:
        raw = keys("questions", data, {"fact", "field", "unknown", "values"}, {"kinds"})
        field, values = raw["field"], raw["values"]
        if field in VALUES and set(values) != VALUES[field] - {raw["unknown"]}:
            raise LawFileError(f"questions.{field}: every other value must be tried")
        kinds = frozenset(raw.get("kinds", VALUES["debtor_kind"]))
        if not kinds <= VALUES["debtor_kind"]:
            raise LawFileError(f"questions.{field}: a kind that no debtor is")
        return Question(raw["fact"], field, raw["unknown"], tuple(values), kinds)

    def _advice(self, number: int, data: Any, routes: Mapping[str, RouteEntry]) -> Advice:
        where = f"recommendations[{number}]"
        raw = keys(where, data, {"when", "route", "why"}, {"last"})
        if raw["route"] not in routes:
            raise LawFileError(f"{where}: no route {raw['route']!r}")
        return Advice(
            self._condition(where, raw["when"]),
            raw["route"],
            self._sentence(where, raw["why"]),
            parse_flag(where, raw.get("last", False)),
        )
