"""Payment in instalments: what was agreed, what was paid of it, what comes next.

Sums decide, never the number of payments: what was paid covers the oldest instalments first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal

from flows.dossier import Act, ActKind, Dossier
from flows.law.calendar import add_months, next_working_day

PROPOSED = "proposition_echeancier"
AGREED = "accord_echeancier"
PLANS = frozenset({PROPOSED, AGREED})
"""Documents that set out instalments; the second one is signed."""
REMINDER = "rappel_versement"
"""The document that asks for an instalment that did not come."""
SIGNED = "echeancier_signe"
"""What is noted when a plan was signed."""
_NOTICE = "mise_en_demeure"
_YES = "oui"
_CENT = Decimal("0.01")
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment of a plan: its number from one, the working day it falls due, euros agreed and euros paid."""

    number: int
    on: date
    amount: Decimal
    paid: Decimal = _NOTHING

    @property
    def left(self) -> Decimal:
        """Euros still to come, never below zero."""
        return self.amount - self.paid


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as its acts and payments stand.

    `index`: the act that set it out; `signed`: agreed in writing; `called`: a mise en demeure asked for the
    whole since, so that no instalment is waited for any more.
    """

    index: int
    signed: bool
    called: bool
    instalments: tuple[Instalment, ...]

    @property
    def next(self) -> Instalment | None:
        """The oldest instalment that is not wholly paid, None when all are."""
        return next((one for one in self.instalments if one.left), None)

    @property
    def left(self) -> Decimal:
        """Euros still to come of the whole plan."""
        return sum((one.left for one in self.instalments), _NOTHING)

    def missed(self, today: date) -> Instalment | None:
        """Give the oldest instalment whose day has passed without its whole sum, None when all came."""
        awaited = self.next
        return awaited if awaited and awaited.on < today else None


def split_amount(amount: Decimal, parts: int) -> tuple[Decimal, ...]:
    """Cut euros into equal parts to the cent; the last one carries the rounding. `parts` is 1 or more."""
    share = (amount / parts).quantize(_CENT, ROUND_DOWN)
    return (*([share] * (parts - 1)), amount - share * (parts - 1))


def instalments(amount: Decimal, parts: int, first_on: date) -> tuple[Instalment, ...]:
    """Give monthly instalments of an amount in euros from `first_on`, each on a working day."""
    return tuple(
        Instalment(place + 1, next_working_day(add_months(first_on, place)), share)
        for place, share in enumerate(split_amount(amount, parts))
    )


def imputed(
    planned: Iterable[Instalment], paid: Decimal, credited: Decimal = _NOTHING
) -> tuple[Instalment, ...]:
    """Count euros paid on the oldest instalments, and take euros credited off the last ones.

    A credit note lowers the debt: the plan ends earlier and its first sums stay as agreed. More than the whole
    is counted up to the whole.
    """
    lowered: list[Instalment] = []
    for one in reversed(tuple(planned)):
        taken = min(credited, one.amount)
        credited -= taken
        lowered.append(replace(one, amount=one.amount - taken))
    found: list[Instalment] = []
    for one in reversed(lowered):
        covered = min(paid, one.amount)
        paid -= covered
        found.append(replace(one, paid=covered))
    return tuple(found)


def sets_out(act: Act) -> bool:
    """Say whether an act sets a plan out: a proposal or an agreement that left, or dates told."""
    sent = act.kind is ActKind.SENT and act.text("document") in PLANS
    return sent or act.kind is ActKind.PLANNED


def calls_the_whole(act: Act) -> bool:
    """Say whether an act asks for all at once: a mise en demeure that left."""
    return act.kind is ActKind.SENT and act.text("document").startswith(_NOTICE)


def plan_of(dossier: Dossier) -> Plan | None:
    """Give the last plan set out, as paid to this day; None without one or while its dates are not known."""
    told = ((i, act) for i, act in enumerate(dossier.acts) if sets_out(act) and dossier.stands(act))
    index = max((i for i, _ in told), default=None)
    if index is None:
        return None
    known = instalments_at(dossier, index)
    if known is None:
        return None
    since = dossier.acts[index + 1 :]
    called = any(calls_the_whole(act) and dossier.stands(act) for act in since)
    return Plan(index, signed_at(dossier, index), called, known)


def signed_at(dossier: Dossier, index: int) -> bool:
    """Say whether the plan set out by an act was agreed in writing, and that was not taken back."""
    act = dossier.acts[index]
    noted = {one.on for one in dossier.happened if one.text("what") == SIGNED}
    if act.kind is ActKind.PLANNED:
        return act.text("signed") == _YES
    if act.text("document") == AGREED:
        taken_back = {
            one.data.get("day")
            for one in dossier.acts_of(ActKind.CORRECTED)
            if one.text("what") == SIGNED
        }
        return act.on not in taken_back - noted
    return any(day >= act.on for day in noted)


def instalments_at(
    dossier: Dossier, index: int, until: int | None = None
) -> tuple[Instalment, ...] | None:
    """Give the instalments of the plan set out by an act, with what was paid from there to the act `until`.

    None while the amount, the number or the first day is not known. What was recorded before the plan lowered
    the sum it shares out; what was taken back counts nowhere.
    """
    act = dossier.acts[index]
    parts = act.data.get("parts", dossier.get("instalments"))
    first = act.data.get("first_on", dossier.get("first_instalment_on"))
    if not isinstance(parts, int) or not isinstance(first, date) or dossier.amount_due is None:
        return None
    owed = sum((one.amount for one in dossier.invoices if one.added_at < index), _NOTHING)
    standing = {id(one) for one in (*dossier.part_payments, *dossier.credits)}

    def total(acts: Iterable[Act], *kinds: ActKind) -> Decimal:
        sums = (one.data.get("amount") for one in acts if one.kind in kinds and id(one) in standing)
        return sum((one for one in sums if isinstance(one, Decimal)), _NOTHING)

    before = dossier.acts[:index]
    since = dossier.acts[index : None if until is None else until + 1]
    whole = owed - total(before, ActKind.PART_PAID, ActKind.CREDITED)
    planned = instalments(max(whole, _NOTHING), parts, first)
    return imputed(planned, total(since, ActKind.PART_PAID), total(since, ActKind.CREDITED))
