"""The domain: a dossier is one unpaid debt, with its facts and the append-only history of what was done.

Facts are named values (`flows/facts/facts.yaml` declares each); acts are what happened, in order (`flows.acts`).
What stands (paid so far, status, last contact) is derived from the acts, never stored beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from flows.acts import (
    EXHIBIT_OUT,
    EXHIBIT_TITLE,
    EXHIBIT_UP,
    INVOICE_CHANGED,
    OF_THE_BOT,
    REMOVABLE,
    TOLD,
    Act,
    ActKind,
    Cause,
    DebtorKind,
    Exhibit,
    Stage,
    Status,
    taken_back,
)
from flows.invoices import FIRST, Invoice, Settlement, Sum, oldest_first, settle
from flows.values import Facts, Value

__all__ = [
    "EXHIBIT_OUT",
    "EXHIBIT_TITLE",
    "EXHIBIT_UP",
    "INVOICE_CHANGED",
    "OF_THE_BOT",
    "REMOVABLE",
    "TOLD",
    "Act",
    "ActKind",
    "Cause",
    "DebtorKind",
    "Dossier",
    "Exhibit",
    "Stage",
    "Status",
]


@dataclass(frozen=True, slots=True)
class Dossier:
    """One debt. Immutable: every change gives a new dossier.

    `facts` holds what concerns this debt; the creditor's own facts live with the person.
    """

    id: str
    opened_on: date
    facts: Facts = field(default_factory=dict)
    acts: tuple[Act, ...] = ()
    _gone: frozenset[int] = field(init=False, repr=False, compare=False)
    """Identities of the acts taken back, worked out once: every look at the history asks for them."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_gone", taken_back(self.acts))

    def get(self, name: str) -> Value | None:
        """Give the fact `name`, or None when it is not known."""
        return self.facts.get(name)

    def with_facts(self, **facts: Value) -> Dossier:
        """Add or replace facts; the others stay."""
        return replace(self, facts={**self.facts, **facts})

    def without_facts(self, *names: str) -> Dossier:
        """Forget the named facts."""
        return replace(self, facts={k: v for k, v in self.facts.items() if k not in names})

    def with_act(self, act: Act) -> Dossier:
        """Append an act to the history."""
        return replace(self, acts=(*self.acts, act))

    # --- typed views of the facts everything depends on -------------------------------------

    @property
    def debtor_kind(self) -> DebtorKind | None:
        """Who the debtor is, None while unknown."""
        kind = self.facts.get("debtor_kind")
        return DebtorKind(str(kind)) if kind is not None else None

    @property
    def debtor_name(self) -> str:
        """The debtor's name as typed, "" while unknown."""
        return str(self.facts.get("debtor_name", ""))

    @property
    def due_on(self) -> date | None:
        """The day the invoice falls due, None while unknown; of several, that of the oldest still unpaid.

        One that is not due yet makes no dossier early, and one that is paid leaves the clock to the next.
        """
        if not self.several_invoices:
            return self._first_due_on
        waiting = oldest_first(self.open_invoices or self.invoices)
        return waiting[0].due_on if waiting else self._first_due_on

    @property
    def _first_due_on(self) -> date | None:
        due = self.facts.get("invoice_due_on")
        return due if isinstance(due, date) else None

    @property
    def amount_due(self) -> Decimal | None:
        """Euros TTC that were still due on the first invoice when the dossier was opened, None while unknown."""
        amount = self.facts.get("amount_due")
        return amount if isinstance(amount, Decimal) else None

    # --- the invoices --------------------------------------------------------------------------

    @property
    def several_invoices(self) -> bool:
        """Say whether the client owes more than one invoice here, paid ones included."""
        for act in self.acts:
            if act.kind is ActKind.INVOICE_ADDED:
                return len(self.invoices) > 1
        return False

    @property
    def invoices(self) -> tuple[Invoice, ...]:
        """The invoices as they stand, in the order told; the first one is there once its amount is known."""
        found: dict[str, Invoice] = {}
        if self.amount_due is not None:
            issued = self.facts.get("invoice_on")
            found[FIRST] = Invoice(
                FIRST,
                str(self.facts.get("invoice_number") or ""),
                self.amount_due,
                self._first_due_on,
                issued if isinstance(issued, date) else None,
                str(self.facts.get("work_label") or ""),
            )
        for place, act in enumerate(self.acts):
            key = act.text("key")
            if act.kind is ActKind.INVOICE_ADDED:
                found |= _told(Invoice(key, "", Decimal(0), None, added_at=place), act)
            elif act.kind is ActKind.CORRECTED and key in found:
                if act.text("fact") == ActKind.INVOICE_ADDED.value:
                    del found[key]
                elif act.text("fact") == INVOICE_CHANGED:
                    found |= _told(found[key], act)
        return tuple(found.values())

    @property
    def settlement(self) -> Settlement:
        """What is still due on each invoice, and which one each payment and credit note settled."""
        return settle(self.invoices, self.credited, _sums(self.part_payments))

    @property
    def open_invoices(self) -> tuple[Invoice, ...]:
        """The invoices on which something is still due, in the order told."""
        balances = self.settlement.balances
        return tuple(invoice for invoice in self.invoices if balances[invoice.key])

    def amount_leaving(self, key: str, remaining: Decimal) -> Decimal:
        """Give the amount of an invoice, as first due, that leaves `remaining` to pay on it once payments are off."""
        beyond = Decimal(10) ** 9
        as_if = (replace(i, amount=beyond) if i.key == key else i for i in self.invoices)
        settled = settle(as_if, self.credited, _sums(self.part_payments))
        return remaining + beyond - settled.balances[key]

    def next_invoice_key(self) -> str:
        """Give the key of the next invoice added: never that of another, even one taken back."""
        return f"i{2 + sum(1 for act in self.acts if act.kind is ActKind.INVOICE_ADDED)}"

    @property
    def bygone(self) -> frozenset[int]:
        """The places of the acts that asked for no invoice still unpaid: not told then, or not due yet.

        None with one invoice. What was sent for an invoice paid since says nothing of those that are left.
        """
        if not self.several_invoices:
            return frozenset()
        left = self.open_invoices or self.invoices
        return frozenset(
            place
            for place, act in enumerate(self.acts)
            if not any(i.added_at < place and (i.due_on or date.min) < act.on for i in left)
        )

    # --- what follows from the acts ----------------------------------------------------------

    def acts_of(self, *kinds: ActKind) -> Iterator[Act]:
        """Give the acts of these kinds that were not taken back, oldest first."""
        gone = self._gone
        return (act for act in self.acts if act.kind in kinds and id(act) not in gone)

    def last(self, *kinds: ActKind) -> Act | None:
        """Give the latest act of these kinds that was not taken back, None when there is none."""
        for act in reversed(self.acts):
            if act.kind in kinds and id(act) not in self._gone:
                return act
        return None

    @property
    def payments(self) -> tuple[tuple[date, Decimal], ...]:
        """Part payments since the dossier was opened: (day, euros), oldest first."""
        return tuple(
            (act.on, amount)
            for act in self.part_payments
            if isinstance(amount := act.data.get("amount"), Decimal)
        )

    @property
    def remaining(self) -> Decimal | None:
        """Euros TTC of principal still due once payments and credit notes are taken off, never below zero."""
        if self.amount_due is None:
            return None
        if self.several_invoices:
            return sum(self.settlement.balances.values(), Decimal(0))
        return max(self.amount_due - self.settled, Decimal(0))

    @property
    def settled(self) -> Decimal:
        """Euros TTC paid or credited since the dossier was opened."""
        acts = (*self.part_payments, *self.credits)
        amounts = (act.data.get("amount") for act in acts)
        return sum((a for a in amounts if isinstance(a, Decimal)), Decimal(0))

    @property
    def part_payments(self) -> tuple[Act, ...]:
        """Part payments, oldest first, without those taken back."""
        return self._standing(ActKind.PART_PAID)

    @property
    def credits(self) -> tuple[Act, ...]:
        """Credit notes, oldest first, without those taken back."""
        return self._standing(ActKind.CREDITED)

    @property
    def credited(self) -> tuple[Sum, ...]:
        """The sums of the credit notes that stand, oldest first."""
        return _sums(self.credits)

    @property
    def happened(self) -> tuple[Act, ...]:
        """What happened that the law counts from, oldest first, without what was taken back."""
        return self._standing(ActKind.HAPPENED)

    def stands(self, act: Act) -> bool:
        """Say whether an act of this dossier was not taken back."""
        return id(act) not in self._gone

    @property
    def told_sendings(self) -> tuple[Act, ...]:
        """Give the sendings told afterwards, by day, without those taken back."""
        return tuple(act for act in self._standing(ActKind.SENT) if act.text("told") == TOLD)

    def _standing(self, kind: ActKind) -> tuple[Act, ...]:
        """Give the acts of a removable kind, by day; a correction takes back those it describes."""
        found = [a for a in self.acts if a.kind is kind and id(a) not in self._gone]
        return tuple(sorted(found, key=lambda act: act.on) if len(found) > 1 else found)

    def happened_on(self, what: str) -> date | None:
        """Give the latest day something happened, None when it did not."""
        return next((a.on for a in reversed(self.happened) if a.text("what") == what), None)

    @property
    def told(self) -> tuple[Act, ...]:
        """The reminders told, oldest first, without those that could not be delivered."""
        standing: list[Act] = []
        for act in self.acts_of(ActKind.NUDGED, ActKind.UNTOLD):
            if act.kind is ActKind.NUDGED:
                standing.append(act)
                continue
            keys = [one.text("key") for one in standing]
            if act.text("key") in keys:
                del standing[len(keys) - 1 - keys[::-1].index(act.text("key"))]
        return tuple(standing)

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """The exhibits as they stand, in their order: their place, from one, is their number."""
        standing: list[Exhibit] = []
        for act in self.acts_of(ActKind.EXHIBIT_ADDED, ActKind.CORRECTED):
            file = act.text("file")
            if act.kind is ActKind.EXHIBIT_ADDED:
                pages = act.data.get("pages")
                standing.append(
                    Exhibit(file, act.text("title"), pages if isinstance(pages, int) else 1)
                )
                continue
            place = next((i for i, one in enumerate(standing) if one.file == file), None)
            if place is None:
                continue
            fact = act.text("fact")
            if fact == EXHIBIT_OUT:
                del standing[place]
            elif fact == EXHIBIT_TITLE:
                standing[place] = replace(standing[place], title=act.text("after"))
            elif fact == EXHIBIT_UP and place:
                standing.insert(place - 1, standing.pop(place))
        return tuple(standing)

    @property
    def status(self) -> Status:
        """Derived from the latest act that opens, pauses or ends."""
        turning = self.last(
            ActKind.OPENED,
            ActKind.PAUSED,
            ActKind.RESUMED,
            ActKind.PAID,
            ActKind.CLOSED,
            ActKind.REOPENED,
        )
        match turning.kind if turning else None:
            case ActKind.PAUSED:
                return Status.PAUSED
            case ActKind.PAID:
                return Status.PAID
            case ActKind.CLOSED:
                return Status.CLOSED
            case _:
                return Status.OPEN

    @property
    def cause(self) -> Cause | None:
        """The cause last settled by the table or by the person, None before any diagnosis."""
        act = self.last(ActKind.DIAGNOSED)
        return Cause(act.text("cause")) if act else None


def _told(before: Invoice, act: Act) -> dict[str, Invoice]:
    """Give an invoice with what an act tells of it, by its key."""
    amount, due_on, issued_on = (act.data.get(n) for n in ("amount", "due_on", "issued_on"))
    told = replace(
        before,
        amount=amount if isinstance(amount, Decimal) else before.amount,
        due_on=due_on if isinstance(due_on, date) else before.due_on,
        issued_on=issued_on if isinstance(issued_on, date) else before.issued_on,
        number=str(act.data.get("number", before.number)),
        label=str(act.data.get("label", before.label)),
    )
    return {before.key: told}


def _sums(acts: Iterable[Act]) -> tuple[Sum, ...]:
    return tuple(
        Sum(act.on, amount, act.text("invoice"), act.text("corrects") == "oui")
        for act in acts
        if isinstance(amount := act.data.get("amount"), Decimal)
    )
