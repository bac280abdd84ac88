"""What the room of due dates answers: a date with its rule, or what is still to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flows.law.parameter import Confidence
from flows.law.terms.payment_terms import PaymentTerms


@dataclass(frozen=True, slots=True)
class Excess:
    """A due date beyond the ceiling of the law.

    `limit_on` is the last day the law allows, `kept` tells whether the date given is used all the
    same (between professionals) or not (a public buyer: the longer term is void).
    """

    days: int
    limit_on: date
    kept: bool
    sentences: tuple[str, ...]
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueDate:
    """The last day to pay without being late; `rule` says from what it is counted."""

    on: date
    rule: str
    articles: tuple[str, ...]
    confidence: Confidence
    sentences: tuple[str, ...] = ()
    """What is to be said besides: a date that is missing, a ceiling exceeded, a cautious choice."""
    excess: Excess | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One reading of the terms: its words, the terms it makes, and the due date it gives."""

    terms: PaymentTerms
    words: str
    due: DueDate


@dataclass(frozen=True, slots=True)
class Undecided:
    """No single date can be given: `sentence` says why, `choices` are the readings to choose from.

    No choice at all: the date itself is to be asked (a foreign debtor whose terms are not told, an
    invoice older than the texts on file).
    """

    sentence: str
    choices: tuple[Choice, ...] = ()
