"""The words of the diagnosis: outcomes of a contact, questions, evidence, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from flows.dossier import DebtorKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flows.dossier import Cause

DONT_KNOW = "ne_sait_pas"
"""The answer every question offers, which weighs nothing."""

LABEL_LIMIT = 40
"""Characters a button can show on a telephone."""


class UnknownAnswerError(ValueError):
    """An outcome, a question or an answer that the data files do not declare."""


class Sureness(StrEnum):
    """How sure the diagnosis is."""

    PROBABLE = "probable"
    POSSIBLE = "possible"
    TOO_EARLY = "trop_tot"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the last contact.

    `weights`: evidence by cause; `asks`: names of facts to ask next; `hold`: working days to let pass before
    checking, 0 for none; `contacted`: the debtor was reached, or it was tried; `message_first`: reached, but
    the first friendly message is still to be sent; `settled`: no question can change the cause; `hidden`: recorded
    by the assistant itself, never offered; `says`: what people type for it, folded words (see `said.py`);
    `kinds`: the debtors it can be told of.
    """

    id: str
    label: str
    reason: str
    weights: Mapping[Cause, int]
    asks: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    hold: int = 0
    contacted: bool = False
    message_first: bool = False
    settled: bool = False
    hidden: bool = False
    says: tuple[str, ...] = ()
    kinds: frozenset[DebtorKind] = frozenset(DebtorKind)


@dataclass(frozen=True, slots=True)
class Answer:
    """One button under a question, with what it weighs for (+) or against (-) each cause."""

    id: str
    label: str
    reason: str
    weights: Mapping[Cause, int]


@dataclass(frozen=True, slots=True)
class Question:
    """A question that tells causes apart. Empty conditions mean: always.

    `hidden`: the assistant answers it by what it counted, it is never asked.
    """

    id: str
    text: str
    why: str
    answers: tuple[Answer, ...]
    outcomes: frozenset[str] = frozenset()
    not_outcomes: frozenset[str] = frozenset()
    kinds: frozenset[DebtorKind] = frozenset()
    causes: frozenset[Cause] = frozenset()
    hidden: bool = False

    def answer(self, answer_id: str) -> Answer:
        """Give the answer called `answer_id`. Raises UnknownAnswerError."""
        for answer in self.answers:
            if answer.id == answer_id:
                return answer
        raise UnknownAnswerError(f"question {self.id} has no answer {answer_id!r}")


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a cause needs to be held: a score, a lead over the next cause, and distinct answers for it."""

    score: int
    lead: int
    pieces: int


@dataclass(frozen=True, slots=True)
class VariantRule:
    """Gives `variant` when the cause, the outcome and any one of the answers fit. Empty means any."""

    variant: str
    causes: frozenset[Cause]
    outcomes: frozenset[str]
    answers: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Rules:
    """How evidence becomes a cause."""

    thresholds: Mapping[Cause, Mapping[Sureness, Threshold]]
    variants: tuple[VariantRule, ...]
    lookahead: int
    unclear: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The likeliest cause, with its reasons in French (to follow « parce que : »), strongest first.

    `variant` narrows the cause: "fondee" or "infondee" (insatisfaction), "piece" (a paper is missing),
    "glissante" (trésorerie that gets worse), "promesse" (a date was promised), or None.
    `ranking` holds every cause but « pas encore » with its score, highest first.
    """

    cause: Cause
    sureness: Sureness
    reasons: tuple[str, ...]
    flags: frozenset[str]
    variant: str | None
    ranking: tuple[tuple[Cause, int], ...]
