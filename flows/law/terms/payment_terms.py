"""What was agreed about the day of payment, read from its text form.

The text forms: « aucun », « reception », « jours:30 », « fin_de_mois:45:ajouter » (add the days, then go
to the end of the month), « fin_de_mois:45:fin » (go to the end of the month, then add the days),
« fin_de_mois:45 » (the contract's reading is not known yet).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from flows.law.calendar import ONE_DAY, add_months


class TermsKind(StrEnum):
    """What the agreement says, if anything."""

    NONE = "aucun"
    RECEIPT = "reception"
    DAYS = "jours"
    MONTH_END = "fin_de_mois"


class Reading(StrEnum):
    """How « 45 jours fin de mois » is read; both are accepted, the contract's alone counts."""

    ADD_THEN_END = "ajouter"
    END_THEN_ADD = "fin"


_FORM = re.compile(
    r"(?P<plain>aucun|reception)"
    r"|(?P<kind>jours):(?P<days>0|[1-9]\d{0,2})"
    r"|(?P<end>fin_de_mois):(?P<end_days>0|[1-9]\d{0,2})(:(?P<reading>ajouter|fin))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """The terms agreed; `days` goes with DAYS and MONTH_END, `reading` with MONTH_END alone."""

    kind: TermsKind
    days: int = 0
    reading: Reading | None = None

    @classmethod
    def parse(cls, text_form: str) -> PaymentTerms:
        """Read a text form. Raises ValueError for any other text."""
        found = _FORM.fullmatch(text_form)
        if found is None:
            raise ValueError(f"not payment terms: {text_form!r}")
        if found["plain"]:
            return cls(TermsKind(found["plain"]))
        if found["kind"]:
            return cls(TermsKind.DAYS, int(found["days"]))
        reading = Reading(found["reading"]) if found["reading"] else None
        return cls(TermsKind.MONTH_END, int(found["end_days"]), reading)

    def text(self) -> str:
        """Give the text form back: `PaymentTerms.parse(terms.text()) == terms`."""
        if self.kind in (TermsKind.NONE, TermsKind.RECEIPT):
            return str(self.kind)
        return ":".join([self.kind, str(self.days), *([self.reading] if self.reading else [])])

    def readings(self) -> tuple[PaymentTerms, ...]:
        """Give the terms each possible reading makes: themselves when nothing is left to ask."""
        if self.kind is not TermsKind.MONTH_END or self.reading is not None:
            return (self,)
        return tuple(replace(self, reading=reading) for reading in Reading)

    def counted_from(self, invoice_on: date) -> date:
        """Give the day the terms lead to from the date of the invoice.

        Raises ValueError when nothing was agreed, or the reading is not known.
        """
        if self.kind is TermsKind.RECEIPT:
            return invoice_on
        if self.kind is TermsKind.DAYS:
            return invoice_on + timedelta(days=self.days)
        if self.reading is Reading.ADD_THEN_END:
            return month_end(invoice_on + timedelta(days=self.days))
        if self.reading is Reading.END_THEN_ADD:
            return month_end(invoice_on) + timedelta(days=self.days)
        raise ValueError(f"no single date follows from {self.text()!r}")


def month_end(day: date) -> date:
    """Give the last day of the month of a day."""
    return add_months(day.replace(day=1), 1) - ONE_DAY
