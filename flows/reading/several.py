"""A sentence that tells several facts: « Dupont SARL me doit 1250 €, facture F-014 ».

Only what stands there plainly is read. Invoice numbers are found first, then dates, then amounts,
each hidden from the next, so that a number is never read twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from flows.dossier import Value
from flows.reading.amounts import ABOUT_BEFORE, AMOUNT, EURO_WORDS, sum_in_letters, value_of
from flows.reading.data import limits
from flows.reading.dates import read_date
from flows.reading.debtors import find_debtor
from flows.reading.moments import AGO, MONTH_NAME, UNIT, WEEKDAY_NAME
from flows.reading.plain import fold_in_place, lines
from flows.reading.result import Reading, Refused, Understood

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
    invoice_on, invoice_number.

    A fact that is there but unreadable (31/09, two amounts) is in `refused` under its name. A text
    longer than `sentence_max` is not read at all.
    """  # noqa: D205
    if len(text.strip()) > limits().sentence_max:
        return SentenceRead(refused={"sentence": _too_long()})
    clean = _LABELLED.sub(", ", "\n".join(lines(text))).replace("\n", " ")
    found = _Finding(clean, fold_in_place(clean), today)
    found.invoice_number()
    found.dates()
    found.amounts()
    found.debtor()
    return SentenceRead(found.facts, found.notes, found.refused)


def _too_long() -> Refused:
    return Refused("text_too_long", {"most": str(limits().sentence_max)})


# A line « Montant : 300 € » is a clause of its own.
_LABELLED = re.compile(r"\n(?=[^\W\d_]+(?: [^\W\d_]+)? ?:)")
_NUMERIC_DATE = (
    r"[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?|[0-9]{1,2}([-.])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})"
)
_MARK = r"(?:n ?[°ºo]\.?|n(?= [0-9\x00])|num(?:ero)?\.?|no\.|ref(?:erence)?\.?|#) ?:? ?"
_INVOICE = re.compile(
    rf"\b(?:factures?|fact\.?|fac)(?: impayee)?[ :]{{1,3}}(?P<mark>{_MARK})?"
    r"(?P<number>(?:[a-z]{1,5}[ -])?[a-z0-9][a-z0-9/_.-]{0,30})"
)
_REFERENCE = re.compile(
    r"(?<![a-z0-9-])(?P<number>(?:f|fa|fac|fact|inv)-?[0-9][0-9a-z/_-]{1,20})(?![a-z0-9])"
)
_MONEY_AFTER = re.compile(  # what follows makes the number an amount, or part of one
    r"(?: [0-9]{3})*(?:[.,][0-9]+)? ?(?:€|euros?\b|eur\b|e\b|k€|ht\b|ttc\b)"
)
_YEAR = (  # after the name of a month, and not the beginning of a sum or of a count
    r"(?: (?:(?:20|19)[0-9]{2}|'?[0-3][0-9])(?![0-9])"
    rf"(?! ?(?:[.,]?[0-9]|€|eur|ero|e\b|k\b|ht\b|ttc\b|%|balles|factures?|fois|x\b|heures?|h\b|(?:{UNIT})\b)))"
)

_DATE = re.compile(
    rf"(?<![a-z0-9/.,-])(?:(?:{WEEKDAY_NAME}) (?:le )?)?(?:"
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])"
    r"|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}(?![0-9/])"
    r"|[0-9]{1,2}-[0-9]{1,2}-(?:[0-9]{4}|[0-9]{2})(?![0-9-])"
    r"|[0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{4}|[0-9]{2})(?![0-9.])"
    r"|[0-9]{1,2}/[0-9]{1,2}(?![0-9/])"
    rf"|(?:[0-9]{{1,2}}(?: ?er)?|premier) ?(?:{MONTH_NAME})\b\.?"
    rf"(?:{_YEAR}| dernier| prochain)?"
    r"|(?<=le )[0-9]{1,2}(?:er)?(?=$|[,;:!?]|\.(?:$| )"
    r"| (?:et|mais|facture|pas|par|non|car|malgre|du mois)\b)"
    r")"
    rf"|\b(?:{AGO}|(?<=depuis )|(?<=retard de ))(?: ?(?:environ |plus de |plus d'?(?=un)|bien ))? ?"
    rf"(?:[0-9]{{1,3}} ?|[a-z]+ )(?:{UNIT})\b(?: et demie?\b)?"
    r"|\b(?:avant[ -]?hier|hier|aujourd'hui)\b"
    rf"|\b(?:debut|mi|milieu|fin)[ -](?:de |d')?(?:{MONTH_NAME})\b{_YEAR}?"
    r"|\b(?:debut|mi|milieu|fin)[ -](?:du |de )mois (?:dernier|passe)\b"
    rf"|\b(?:{WEEKDAY_NAME})(?: dernier| passe)?\b(?! [0-9])"
)
_ARTICLES = (
    r"(?: (?:depuis|etait|est|fixee|prevue|initiale|depassee|au|le|du|pour|avant|de))*[ :]*$"
)
_FROM = r"(?: (?:au|le|du|de))*[ :]*$"
_INVOICED = re.compile(
    r"(?:\b(?:datee?|emise?|envoyee?|etablie?|transmise?|editee?|faite|facturee?|deposee?|en date)"
    rf"{_ARTICLES}|\bfac(?:t\.?|tures?)?(?: impayees?)?(?: {_MARK})?[ \x00]*{_FROM}"
    # « facture de 850 euros du 3 septembre »: the sum stands between.
    r"|\bfactures?\b(?![^,;!?]*\becheance)[^,;!?]{0,60}"
    rf"(?:€|\b{EURO_WORDS}|[0-9 ]e|\bht|\bttc|\bimpayee?s?|\bpay\w+),?(?: datee?)? (?:du|en date du) $)"
)
_DUE = re.compile(
    r"\b(?:(?:echeance|echue?|exigible|payable|date limite|a payer|a regler|payer|regler|dues?|dus"
    # « du » is « dû » only before a word that « du » cannot stand before.
    r"|du(?= (?:depuis|le|au|pour|avant)\b)|en retard|retard)"
    rf"{_ARTICLES}|impayee?s?(?: (?:depuis|le|au))+[ :]*$)"
)
# « doit payer le 30/11 »: an announcement, not the date on the invoice.
_TO_COME = re.compile(rf"\b(?:doit|doivent|va|vont) (?:me |nous )?(?:payer|regler){_ARTICLES}")
_SINCE = re.compile(r"\b(?:depuis|retard de)(?: le| la| l')? ?$|\bdepuis plus de ?$")
_DEBT = re.compile(
    r"\b(?:doi[st]?|medoit|doivent|dues?|dus|impaye\w*|retard|attends?|pa[iy]e\w*|pas regle\w*)\b|€|euros?|[0-9] ?e\b"
)
_NOT_DEBT = re.compile(
    r"\b(?:clients?|cliente|travaille|connais|collabor\w+|partenaire\w*)\b[^,;]{0,20}$"
)

_OWED = re.compile(
    r"\b(?:doi[st]?|medoit|doivent|devait|montant|somme|total)"
    r"(?: (?:encore|toujours|ttc|ht|la somme|un total|a payer|dus?|total))*"
    r"(?: de)?[ :]{1,3}$"
)
_LEFT = re.compile(
    r"\b(?:reste|restent|restant|solde|total|total ttc)"
    r"(?: (?:a payer|dus?|de|est|encore|ttc|a regler))*[ :]{1,3}$"
)
_LEFT_AFTER = re.compile(r" ?(?:restants?|qui restent|restent)\b")
_NOT_OWED = re.compile(
    r"\b(?:acompte|avance|deja|penalites?|frais|tva|remise|avoir|indemnite"
    r"|(?<!pas )(?:verse|regle|paye))(?: (?:de|d'un montant de|est|dont))*"
    r"[ :]{1,3}$"
)
_PART_OF = re.compile(  # « a payé 500 € sur 1250 € »: what is left is not said
    r"\b(?<!pas )(?<!non )(?:paye|regle|verse|acompte)e?s? [^,;]{0,30}[0-9][^,;]{0,10}"
    r" sur (?:[a-z]+ ){0,4}$"
)
_MAYBE_NUMBER = re.compile(r"\bfactures?(?: impayee)?[ :]{1,3}$")
_MONTH_BEFORE = re.compile(rf"\b(?:{MONTH_NAME})\.? $")
_SPACED = re.compile(r"[0-9]{1,3} [0-9]{3}(?![0-9 ])")
_NOT_MONEY = re.compile(rf" ?(?:%|{UNIT}|factures?|heures?|h|fois|x)\b|%")
_MANY = re.compile(
    r"\b(?:[2-9]|[1-9][0-9]|deux|trois|quatre|cinq|six|plusieurs|des|mes|ses|leurs) factures\b"
)


class _Finding:
    """One sentence being read; `left` is the folded text, what was understood hidden from it."""

    def __init__(self, clean: str, folded: str, today: date) -> None:
        self.clean, self.folded, self.left, self.today = clean, folded, folded, today
        self.facts: dict[str, Value] = {}
        self.notes: dict[str, tuple[str, ...]] = {}
        self.refused: dict[str, Refused] = {}

    def _hide(self, start: int, end: int) -> None:
        self.left = self.left[:start] + _HIDDEN * (end - start) + self.left[end:]

    def _take(self, name: str, read: Reading[date] | Reading[Decimal]) -> None:
        if isinstance(read, Refused):
            self.refused[name] = read
            return
        self.facts[name] = read.value
        if read.notes:
            self.notes[name] = read.notes

    def invoice_number(self) -> None:
        """Find the invoice number: after « facture », or a reference such as FA-2026-014."""
        found: list[tuple[int, int]] = []
        for match in _INVOICE.finditer(self.folded):
            span = self._number_span(match)
            if span:
                found.append(span)
        found = found or [m.span("number") for m in _REFERENCE.finditer(self.folded)]
        for start, end in found:
            self._hide(start, end)
        numbers = {self.clean[start:end] for start, end in found}
        if len(numbers) == 1 and not _MANY.search(self.folded):
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
            re.fullmatch(_NUMERIC_DATE, stripped)
            or _MONEY_AFTER.match(self.folded, end)
            or re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", stripped)
        ):
            return None
        return start, end

    def dates(self) -> None:
        """Find the dates and what each is: due date, invoice date, or nothing that is asked."""
        spans: dict[str, list[tuple[str, Reading[date]]]] = {}
        for match in _DATE.finditer(self.left):
            start, end = match.span()
            role = self._role(start)
            said = match[0] if match[0][:1].isalpha() else f"le {match[0]}"
            if self.folded[:start].endswith(("depuis ", "retard de ")):
                said = f"depuis {match[0]}"
            if role:
                spans.setdefault(role, []).append((said, read_date(said, self.today)))
            self._hide(start, end)
        for role, found in spans.items():
            days = {read.value for _, read in found if isinstance(read, Understood)}
            self._take(role, found[0][1] if len(days) < 2 else Refused("date_several"))
        self._due_after_invoice(spans.get("invoice_due_on", []))

    def _due_after_invoice(self, due: list[tuple[str, Reading[date]]]) -> None:
        """A due date without its year cannot come before its invoice: take the next one."""
        invoiced, found = self.facts.get("invoice_on"), self.facts.get("invoice_due_on")
        assumed = {"year_assumed", "month_assumed"} & set(self.notes.get("invoice_due_on", ()))
        if isinstance(invoiced, date) and isinstance(found, date) and assumed and found < invoiced:
            self._take("invoice_due_on", read_date(due[0][0], invoiced, "future"))

    def _role(self, start: int) -> str | None:
        before = self.left[max(0, start - 60) : start]
        if _INVOICED.search(before):
            return "invoice_on"
        if _DUE.search(before) and not _TO_COME.search(before):
            return "invoice_due_on"
        since = _SINCE.search(before)
        clause = re.split(r"[,;]", self.left[:start])[-1]
        if since and not _NOT_DEBT.search(before):
            return "invoice_due_on" if _DEBT.search(clause) else None
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
            cue = _OWED.search(before[-60:]) or _LEFT.search(before[-60:])
            if not money and (not cue or _NOT_MONEY.match(after)):
                continue
            said = (match, self._amount(match, before))
            if _LEFT.search(before[-60:]) or _LEFT_AFTER.match(after):
                remaining.append(said)
            elif not _NOT_OWED.search(before[-60:]):
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
        if len(values) > 1 or (_MANY.search(self.folded) and not remaining):
            self.refused["amount_due"] = Refused("amount_several")
        else:
            self._take("amount_due", chosen[0][1])

    def _amount(self, match: re.Match[str], before: str) -> Reading[Decimal]:
        read = value_of(match)
        # « facture 42 300 € »: 42 300 €, or number 42; « 3 oct 26 850 € »: 26 850 €, or 2026.
        unclear = _MAYBE_NUMBER.search(before) or _MONTH_BEFORE.search(
            self.folded[: match.start()][-14:]
        )
        if unclear and _SPACED.match(match["number"]):
            return Refused("amount_unclear")
        if _PART_OF.search(before[-80:]):
            return Refused("amount_several")
        if isinstance(read, Understood) and ABOUT_BEFORE.search(before[-40:]):
            return Understood(read.value, (*read.notes, "approximate_amount"))
        return read

    def _amount_in_letters(self) -> None:
        spelt = None if _MANY.search(self.folded) else sum_in_letters(self.left)
        if spelt and not _NOT_OWED.search(self.left[: spelt[1]][-60:]):
            self._take("amount_due", spelt[0])
            self._hide(*spelt[1:])

    def debtor(self) -> None:
        """Find who owes, and their kind when the name says it."""
        name, kind = find_debtor(self.clean, self.left)
        if name:
            self.facts["debtor_name"] = name
        if kind:
            self.facts["debtor_kind"] = kind
