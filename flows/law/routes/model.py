"""What the files of the routes hold: routes with their rules, courts, questions, advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flows.law.parameter import Confidence
from flows.law.prose import blanks
from flows.law.routes.conditions import Condition
from flows.law.routes.situation import DAYS
from flows.law.routes.variants import Text


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

    @property
    def parameters(self) -> frozenset[str]:
        """The parameters it rests on."""
        return self.when.parameters | (blanks(self.reason) - frozenset(DAYS))


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

    @property
    def parameters(self) -> frozenset[str]:
        """The parameters it rests on."""
        named = frozenset({self.name} if self.name else ())
        return named.union(blanks(self.label, self.territory), *(v.parameters for v in self.find))


@dataclass(frozen=True, slots=True)
class CourtRule:
    """Which court when a condition holds."""

    when: Condition
    court: str
    why: str
    articles: tuple[str, ...]
    confidence: Confidence
    alternatives: Text

    @property
    def parameters(self) -> frozenset[str]:
        """The parameters it rests on."""
        said = (variant.parameters for variant in self.alternatives)
        return self.when.parameters.union(blanks(self.why), *said)


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask: its name in the dossier, the field it fills, and the values to try.

    `kinds`: the debtors of whom it is asked.
    """

    fact: str
    field: str
    unknown: str
    values: tuple[str, ...]
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Advice:
    """A route worth considering when a condition holds, and why; `last`: nothing after it is."""

    when: Condition
    route: str
    why: str
    last: bool


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All of it, in the order of the files; `last_checked_on`: of the oldest of them.

    `cities`, `territories`: the beginnings of the postcodes that are for sure those of a place.
    """

    routes: Mapping[str, RouteEntry]
    courts: Mapping[str, CourtEntry]
    court_rules: Mapping[str, tuple[CourtRule, ...]]
    questions: tuple[Question, ...]
    advice: tuple[Advice, ...]
    advice_at_most: int
    cities: Mapping[str, tuple[str, ...]]
    territories: Mapping[str, tuple[str, ...]]
    last_checked_on: date

    def place_of(self, postcode: str) -> tuple[str, str]:
        """Give the town and the territory that follow for sure from a postcode, "" for each that does not."""
        city, territory = (
            next((name for name, starts in places.items() if postcode.startswith(starts)), "")
            for places in (self.cities, self.territories)
        )
        return city, territory

    def parameters_of(self, route: RouteEntry) -> frozenset[str]:
        """Give every parameter that what is said of a route may rest on, its courts included."""
        courts = self.court_rules[route.courts] if route.courts else ()
        none: frozenset[str] = frozenset()
        return none.union(
            route.listed.parameters,
            *(rule.parameters for rule in route.rules),
            *(rule.parameters for rule in courts),
            *(self.courts[rule.court].parameters for rule in courts),
            *(
                v.parameters
                for text in (*route.texts.values(), *route.lists.values())
                for v in text
            ),
        )
