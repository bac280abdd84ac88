"""The penalty rate an invoice or a contract names, and what is left of it under L441-10.

Between professionals a rate may be agreed, not below a multiple of the legal rate (art. L441-10, II
C. com.). Which half-year's minimum binds a rate over a long delay is not settled: `settle` is the
one place where the cautious reading is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

from flows.law.wording import number_text, percent_text, points_text, sentence

NOTHING_AGREED = "aucun"
_TEXT = re.compile(r"(\w+):(\d{1,3}(?:\.\d{1,2})?)", re.ASCII)
_BEYOND_ANY_RATE = 1000
_STEP = Decimal("0.01")


class AgreedForm(StrEnum):
    """How the rate was written; the values are those of the dossier."""

    FIXED = "taux"
    """Percent a year."""
    LEGAL = "legal"
    """So many times the legal rate: read as varying with it, half-year by half-year."""
    ECB = "bce"
    """The rate of the ECB of the half-year plus so many points."""


@dataclass(frozen=True, slots=True)
class AgreedRate:
    """A rate that was agreed: `figure` is percent a year, times, or points, as `form` says.

    Raises ValueError on a figure below 0, of 1 000 or more, or finer than two decimals.
    """

    form: AgreedForm
    figure: Decimal

    def __post_init__(self) -> None:
        sane = self.figure.is_finite() and 0 <= self.figure < _BEYOND_ANY_RATE
        if not sane or self.figure != self.figure.quantize(_STEP):
            raise ValueError(f"{self.figure} is not the figure of a rate")

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read « aucun » (None), « taux:15.00 », « legal:3 » or « bce:10 ».

        Raises ValueError on anything else.
        """
        if text == NOTHING_AGREED:
            return None
        found = _TEXT.fullmatch(text)
        if not found:
            raise ValueError(f"{text!r} is not a penalty rate")
        return cls(AgreedForm(found[1]), Decimal(found[2]))

    @property
    def words(self) -> str:
        """Say the rate in French: « 15,00 % par an », « 3 fois le taux de l’intérêt légal »."""
        if self.form is AgreedForm.FIXED:
            return sentence("agreed_words_taux", rate=percent_text(self.figure))
        plain = number_text(self.figure.normalize())
        return sentence(
            f"agreed_words_{self.form}", multiple=plain, points=points_text(self.figure)
        )


class Standing(StrEnum):
    """How the agreed rate stands against the minimum of a half-year; all but `KEPT` are told."""

    KEPT = "agreed_kept"
    REPLACED = "agreed_replaced"
    """Below the minimum since the first day of the delay."""
    FALLEN = "agreed_fallen"
    """Below the minimum of this half-year, but not of the one where the delay began."""
    RECOVERED = "agreed_recovered"
    """Not below the minimum of this half-year, but below that of the one where it began."""


def settle(
    agreed: Decimal, floor: Decimal, default: Callable[[], Decimal], *, lawful_at_start: bool
) -> tuple[Decimal, Standing]:
    """Give the percent a year to count in a half-year, and why.

    `agreed` and `floor` are those of the half-year; `default`, asked for only when it is needed,
    gives the rate of the half-year when nothing was agreed; `lawful_at_start` tells whether the
    agreed rate was not below the minimum on the first day of the delay. Never the minimum itself:
    it binds an agreed rate and replaces none. Raises what `default` raises.
    """
    if agreed >= floor and lawful_at_start:
        return agreed, Standing.KEPT
    if agreed >= floor:
        return min(agreed, default()), Standing.RECOVERED
    if lawful_at_start:
        return min(agreed, default()), Standing.FALLEN
    return default(), Standing.REPLACED
