"""The words of the responses: what can be done, when, and what is at stake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from flows.dossier import Cause, DebtorKind, Stage

NO_VARIANT = "aucun"
"""How the table names a cause without a variant."""


@dataclass(frozen=True, slots=True)
class Response:
    """Something the person can do. `document`: an id of the letters' catalogue, None for a deed.

    `kinds`: the debtors it exists for. The other fields are French sentences.
    """

    id: str
    label: str
    document: str | None
    why: str
    cost: str
    delay: str
    effect: str
    then: str
    kinds: frozenset[DebtorKind]


@dataclass(frozen=True, slots=True)
class Stake:
    """What is at stake, each None while unknown; `amount` in euros TTC.

    `importance`: "forte", "moyenne", "faible"; `proof`: "solide", "partielle", "faible".
    """

    importance: str | None = None
    keep_relation: bool | None = None
    amount: Decimal | None = None
    proof: str | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What fits now. Either `recommended` or `nothing` (why nothing is to be sent), never both.

    `tone`: "plus_doux", "normal", "plus_ferme"; `pace` multiplies the habitual delays of the ladder;
    `because`: sentences that say why, the stake included; `rule`: the id of the rule that answered; `then`:
    what follows once `recommended` was sent, when it is not the ladder.
    """

    recommended: Response | None
    alternatives: tuple[Response, ...]
    nothing: str | None
    tone: str
    pace: Decimal
    because: tuple[str, ...]
    rule: str
    then: Response | None = None


@dataclass(frozen=True, slots=True)
class StakeAnswer:
    """One button under a question on the stake."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class StakeQuestion:
    """A question on what is at stake; `id` is a field of `Stake`."""

    id: str
    text: str
    answers: tuple[StakeAnswer, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a rule applies; an empty set means anywhere."""

    causes: frozenset[Cause]
    stages: frozenset[Stage]
    kinds: frozenset[DebtorKind]
    variants: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()

    def holds(
        self,
        cause: Cause,
        stage: Stage,
        kind: DebtorKind,
        variant: str | None,
        flags: frozenset[str],
    ) -> bool:
        """Say whether the rule is for this situation."""
        return (
            (not self.causes or cause in self.causes)
            and (not self.stages or stage in self.stages)
            and (not self.kinds or kind in self.kinds)
            and (not self.variants or (variant or NO_VARIANT) in self.variants)
            and self.flags <= flags
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table: a recommended response or the reason for nothing, and what else is possible.

    `then`: what follows once the recommended document was sent, when it is not the ladder.
    """

    id: str
    when: Situation
    recommended: str | None
    alternatives: tuple[str, ...]
    nothing: str | None
    then: str | None
    because: str


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone, the range of weights that gives it, and the pace and sentence that go with it."""

    name: str
    at_most: int | None
    at_least: int | None
    pace: Decimal
    because: str | None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What the stake changes to a recommendation."""

    when: Situation
    stake: Mapping[str, frozenset[str]]
    prefer: str | None
    add: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class StakeTable:
    """How the stake weighs: all the content of stake.yaml."""

    questions: tuple[StakeQuestion, ...]
    small: Decimal
    large: Decimal
    weights: Mapping[str, Mapping[str, int]]
    tones: tuple[Tone, ...]
    adjustments: tuple[Adjustment, ...]
