"""A sentence that tells several facts: « Dupont SARL me doit 1250 €, facture F-014 ».

Only what stands there plainly is read. Invoice numbers are found first, then payment terms, dates
and amounts, each hidden from the next, so that a number is never read twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from flows.reading.amounts import ABOUT_BEFORE, AMOUNT, sum_in_letters, value_of
from flows.reading.cues import (
    DATE,
    DAYS_AFTER,
    DEBT,
    DUE,
    INVOICE,
    INVOICED,
    LABELLED,
    LEFT,
    LEFT_AFTER,
    MANY,
    MAYBE_NUMBER,
    MONEY_AFTER,
    MONTH_BEFORE,
    NOT_DEBT,
    NOT_MONEY,
    NOT_OWED,
    NUMERIC_DATE,
    OWED,
    PART_OF,
    REFERENCE,
    SINCE,
    SPACED,
    TO_COME,
)
from flows.reading.data import limits
from flows.reading.dates import read_date
from flows.reading.debtors import find_debtor
from flows.reading.plain import fold_in_place, lines
from flows.reading.result import Reading, Refused, Understood
from flows.reading.said_terms import SaidTerms, find_terms, terms_after_date
from flows.values import Value

if TYPE_CHECKING:
    from decimal import Decimal

_HIDDEN = "\x00"


@dataclass(frozen=True, slots=True)
class SentenceRead(Mapping[str, Value]):
    """The facts found, by name; what to confirm (`notes`) and to ask (`refused`), by name too."""

    facts: Mapping[str, Value] = field(default_factory=dict)
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refused: Mapping[str, Refused] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Value:
        return self.facts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)


def read_sentence(text: str, today: date) -> SentenceRead:
    """Read the facts a sentence tells: debtor_name, debtor_kind, amount_due, invoice_due_on,
    invoice_on, invoice_number, payment_terms (in their text form; never alone).

    A fact that is there but unreadable (31/09, two amounts) is in `refused` under its name. A text
    longer than `sentence_max` is not read at all.
    """  # noqa: D205
    if len(text.strip()) > limits().sentence_max:
        return SentenceRead(refused={"sentence": _too_long()})
    clean = LABELLED.sub(", ", "\n".join(lines(text))).replace("\n", " ")
    found = _Finding(clean, fold_in_place(clean), today)
    found.invoice_number()
    found.terms()
    found.dates()
    found.amounts()
    found.debtor()
    found.settle_terms()
    return SentenceRead(found.facts, found.notes, found.refused)


def _too_long() -> Refused:
    return Refused("text_too_long", {"most": str(limits().sentence_max)})


class _Finding:
    """One sentence being read; `left` is the folded text, what was understood hidden from it."""

    def __init__(self, clean: str, folded: str, today: date) -> None:
        self.clean, self.folded, self.left, self.today = clean, folded, folded, today
        self.facts: dict[str, Value] = {}
        self.notes: dict[str, tuple[str, ...]] = {}
        self.refused: dict[str, Refused] = {}
        self.terms_said: list[Reading[str]] = []

    def _hide(self, start: int, end: int) -> None:
        self.left = self.left[:start] + _HIDDEN * (end - start) + self.left[end:]

    def _take(self, name: str, read: Reading[date] | Reading[Decimal] | Reading[str]) -> None:
        if isinstance(read, Refused):
            self.refused[name] = read
            return
        self.facts[name] = read.value
        if read.notes:
            self.notes[name] = read.notes

    def invoice_number(self) -> None:
        """Find the invoice number: after « facture », or a reference such as FA-2026-014."""
        found: list[tuple[int, int]] = []
        for match in INVOICE.finditer(self.folded):
            span = self._number_span(match)
            if span:
                found.append(span)
        found = found or [m.span("number") for m in REFERENCE.finditer(self.folded)]
        for start, end in found:
            self._hide(start, end)
        numbers = {self.clean[start:end] for start, end in found}
        if len(numbers) == 1 and not MANY.search(self.folded):
            self.facts["invoice_number"] = numbers.pop()

    def _number_span(self, match: re.Match[str]) -> tuple[int, int] | None:
        start, end = match.span("number")
        number = match["number"]
        prefix, space, tail = number.partition(" ")
        # « FAC 2026-014 »: two words only when the first is in capitals.
        capitals = self.clean[start : start + len(prefix)].isupper()
        if space and not (capitals and tail[:1].isdigit()):
            end, number = start + len(prefix), prefix
        stripped = number.rstrip("./_-")
        end -= len(number) - len(stripped)
        if not any(c.isdigit() for c in stripped):
            return None
        if match["mark"] is None and (
            re.fullmatch(NUMERIC_DATE, stripped)
            or MONEY_AFTER.match(self.folded, end)
            or DAYS_AFTER.match(self.folded, start)
            or re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", stripped)
        ):
            return None
        return start, end

    def terms(self) -> None:
        """Find the payment terms: « à 30 jours », « 45 jours fin de mois », « à réception »."""
        for said in find_terms(self.clean, self.left):
            self._hide_terms(said)

    def _hide_terms(self, said: SaidTerms) -> None:
        self.terms_said.append(said.read)
        self._hide(said.start, said.end)

    def settle_terms(self) -> None:
        """Keep the terms when they are the only ones, and beside another fact of the debt."""
        if not self.facts or not self.terms_said:
            return
        alone = all(read == self.terms_said[0] for read in self.terms_said)
        self._take("payment_terms", self.terms_said[0] if alone else Refused("terms_unclear"))

    def dates(self) -> None:
        """Find the dates and what each is: due date, invoice date, or nothing that is asked."""
        spans: dict[str, list[tuple[str, Reading[date]]]] = {}
        for match in DATE.finditer(self.left):
            start, end = match.span()
            role = self._role(start)
            said = match[0] if match[0][:1].isalpha() else f"le {match[0]}"
            if self.folded[:start].endswith(("depuis ", "retard de ")):
                said = f"depuis {match[0]}"
            if role:
                spans.setdefault(role, []).append((said, read_date(said, self.today)))
            self._hide(start, end)
            if role == "invoice_on" and (bare := terms_after_date(self.left, end)):
                self._hide_terms(bare)
        for role, found in spans.items():
            days = {read.value for _, read in found if isinstance(read, Understood)}
            if role == "invoice_on" and any(day > self.today for day in days):
                self._take(role, Refused("invoice_to_come"))
                continue
            self._take(role, found[0][1] if len(days) < 2 else Refused("date_several"))
        self._due_after_invoice(spans.get("invoice_due_on", []))

    def _due_after_invoice(self, due: list[tuple[str, Reading[date]]]) -> None:
        """A due date without its year cannot come before its invoice: take the next one."""
        invoiced, found = self.facts.get("invoice_on"), self.facts.get("invoice_due_on")
        assumed = {"year_assumed", "month_assumed"} & set(self.notes.get("invoice_due_on", ()))
        if isinstance(invoiced, date) and isinstance(found, date) and assumed and found < invoiced:
            self._take("invoice_due_on", read_date(due[0][0], invoiced, "future"))
        elif isinstance(invoiced, date) and isinstance(found, date) and found < invoiced:
            self.notes["invoice_due_on"] = ("due_before_invoice",)

    def _role(self, start: int) -> str | None:
        before = self.left[max(0, start - 60) : start]
        if INVOICED.search(before):
            return "invoice_on"
        if DUE.search(before) and not TO_COME.search(before):
            return "invoice_due_on"
        since = SINCE.search(before)
        clause = re.split(r"[,;]", self.left[:start])[-1]
        if since and not NOT_DEBT.search(before):
            return "invoice_due_on" if DEBT.search(clause) else None
        return None

    def amounts(self) -> None:
        """Find the amount due: said in money, or right after « doit »."""
        self.left = self.left.replace(" - ", f" {_HIDDEN} ")  # a dash between two facts, no sign
        owed: list[tuple[re.Match[str], Reading[Decimal]]] = []
        remaining: list[tuple[re.Match[str], Reading[Decimal]]] = []
        for match in AMOUNT.finditer(self.left):
            before, after = self.left[: match.start()], self.left[match.end() :]
            money = (
                match["euro"] or match["tax"] or match["kilo"] or match["glued"] or "€" in match[0]
            )
            cue = OWED.search(before[-60:]) or LEFT.search(before[-60:])
            if not money and (not cue or NOT_MONEY.match(after)):
                continue
            said = (match, self._amount(match, before))
            if LEFT.search(before[-60:]) or LEFT_AFTER.match(after):
                remaining.append(said)
            elif not NOT_OWED.search(before[-60:]):
                owed.append(said)
        chosen = remaining or owed
        for match, _ in (*owed, *remaining):
            self._hide(*match.span())
        taxed = [said for said in chosen if said[0]["ttc"]]
        if len(taxed) == 1 and len(chosen) == 2 and any(said[0]["ht"] for said in chosen):
            chosen = taxed
        if not chosen:
            self._amount_in_letters()
            return
        values = {read.value if isinstance(read, Understood) else None for _, read in chosen}
        if len(values) > 1 or (MANY.search(self.folded) and not remaining):
            self.refused["amount_due"] = Refused("amount_several")
        else:
            self._take("amount_due", chosen[0][1])

    def _amount(self, match: re.Match[str], before: str) -> Reading[Decimal]:
        read = value_of(match)
        # « facture 42 300 € »: 42 300 €, or number 42; « 3 oct 26 850 € »: 26 850 €, or 2026.
        unclear = MAYBE_NUMBER.search(before) or MONTH_BEFORE.search(
            self.folded[: match.start()][-14:]
        )
        if unclear and SPACED.match(match["number"]):
            return Refused("amount_unclear")
        if PART_OF.search(before[-80:]):
            return Refused("amount_several")
        if isinstance(read, Understood) and ABOUT_BEFORE.search(before[-40:]):
            return Understood(read.value, (*read.notes, "approximate_amount"))
        return read

    def _amount_in_letters(self) -> None:
        spelt = None if MANY.search(self.folded) else sum_in_letters(self.left)
        if spelt and not NOT_OWED.search(self.left[: spelt[1]][-60:]):
            self._take("amount_due", spelt[0])
            self._hide(*spelt[1:])

    def debtor(self) -> None:
        """Find who owes, and their kind when the name says it."""
        name, kind = find_debtor(self.clean, self.left)
        if name:
            self.facts["debtor_name"] = name
        if kind:
            self.facts["debtor_kind"] = kind
