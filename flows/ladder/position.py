"""Where a dossier stands on the ladder, read from its acts and its due date alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

from flows.dossier import Act, ActKind, DebtorKind, Dossier, Stage
from flows.ladder.catalogue import ladder
from flows.ladder.climb import climbed, outcome_of
from flows.ladder.days import Calendar, monday_to_friday, working_days_after
from flows.ladder.model import ORDER
from flows.plan import SIGNED, calls_the_whole, instalments_at, plan_of, sets_out, signed_at

_MOVING = (
    ActKind.OPENED,
    ActKind.REOPENED,
    ActKind.RESUMED,
    ActKind.SENT,
    ActKind.RECEIVED,
    ActKind.RETURNED,
    ActKind.ANSWERED,
    ActKind.PROMISED,
    ActKind.PART_PAID,
    ActKind.PLANNED,
    ActKind.ROUTE_CHOSEN,
    ActKind.HAPPENED,
)
"""The acts a delay can count from: each starts the clock again."""

_CHANGING = (ActKind.STEPPED, ActKind.DELAYED)
"""The acts by which the person changes the next step or its day: what was due before is due anew."""
_OVERINDEBTED = "surendettement"
"""The flag of an outcome that tells of over-indebtedness."""
_DECLARED = "declaration_creance"
_PROMISE = "promesse"
_PROCEDURE = "procedure_collective"
"""The flag of an outcome that tells of a procedure."""
_PROCEDURE_FACT = "procedure"
"""What a correction names when there was no procedure after all."""


@dataclass(frozen=True, slots=True)
class Announced:
    """A payment the debtor announced.

    `on`: the day promised, or for a transfer the day it was announced; `index`: the act that says so;
    `number`: which instalment of a plan, 0 for no plan; `working_days`: to wait for a transfer, 0 for a promise.
    """

    on: date
    index: int
    number: int = 0
    working_days: int = 0
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """What the acts say: the act the clock counts from and its index, the rung climbed, what is announced.

    `since`: the index from which the next deadline is a new one: that of the clock, or of the last time the person
    changed the step or its delay. `chosen`: the delay they chose for the next step. `stopped`: a collective
    procedure is open, and the clock counts from the day it was told.
    """

    base: Act
    index: int
    since: int
    chosen: int | None
    done: Stage | None
    next: Stage
    kind: DebtorKind
    announced: Announced | None
    stopped: bool


def is_contact(act: Act) -> bool:
    """Say whether the debtor was addressed: something was sent, or a contact has an outcome."""
    if act.kind is ActKind.ANSWERED:
        found = outcome_of(act)
        return found is not None and found.contacted
    return act.kind is ActKind.SENT


def is_silence(act: Act) -> bool:
    """Say whether the act only notes that nothing came."""
    return act.kind is ActKind.ANSWERED and act.text("outcome") in ladder().habits.silences


def position(dossier: Dossier) -> Position:
    """Read where the dossier stands. An unknown debtor is taken for a professional."""
    kind = dossier.debtor_kind or DebtorKind.PROFESSIONAL
    highest, _ = climbed(dossier)
    done = ORDER[highest] if highest >= 0 else None
    moving = [(i, act) for i, act in enumerate(dossier.acts) if _moves(dossier, act)]
    index, base = moving[-1] if moving else (-1, _opening(dossier))
    announced = _announced(dossier)
    upcoming = ladder().step_after(done, kind)
    if plan_runs(dossier) and upcoming is not Stage.ROUTE:
        # Signed, it takes the place of the letters below: one instalment missed, and the whole is asked for.
        upcoming = ladder().step_after(Stage.LAST_REMINDER, kind)
    if at_law(dossier):
        upcoming = Stage.ROUTE  # a judge has it, or a route was taken: no letter comes any more
    changed = [i for i, act in enumerate(dossier.acts) if act.kind in _CHANGING]
    since = max(index, *changed) if changed else index
    procedure = _procedure(dossier)
    if procedure is not None:
        index = since = procedure
        base = dossier.acts[procedure]
    chosen = _chosen(dossier, upcoming)
    stopped = procedure is not None
    return Position(base, index, since, chosen, done, upcoming, kind, announced, stopped)


def _chosen(dossier: Dossier, upcoming: Stage) -> int | None:
    """Give the index of the delay chosen for the step that comes next, None when the habit holds."""
    for index in range(len(dossier.acts) - 1, -1, -1):
        act = dossier.acts[index]
        if act.kind is ActKind.STEPPED:
            return None
        if act.kind is ActKind.DELAYED and act.text("stage") == upcoming.value:
            return index if act.data.keys() & {"days", "until"} else None
    return None


def plan_runs(dossier: Dossier) -> bool:
    """Say whether instalments agreed in writing are still to come, and the whole was not asked for since."""
    plan = plan_of(dossier)
    return plan is not None and plan.signed and not plan.called and plan.next is not None


def at_law(dossier: Dossier) -> bool:
    """Say whether a route was taken, or something of a judge was noted."""
    noted = {act.text("what") for act in dossier.happened}
    return (
        bool(noted & ladder().habits.of_a_judge) or dossier.last(ActKind.ROUTE_CHOSEN) is not None
    )


def overindebted(dossier: Dossier) -> bool:
    """Say whether the last thing told of the debtor is that they filed for over-indebtedness."""
    told = [act for act in dossier.acts_of(ActKind.ANSWERED) if not is_silence(act)]
    found = outcome_of(told[-1]) if told else None
    return found is not None and _OVERINDEBTED in found.flags


def claim_declared(dossier: Dossier) -> bool:
    """Say whether the claim was declared in the collective procedure that is open."""
    return dossier.happened_on(_DECLARED) is not None and procedure_open(dossier)


def _moves(dossier: Dossier, act: Act) -> bool:
    """Say whether a delay can count from an act; of what happened, what a judge has and what the client says."""
    moving = ladder().habits.of_a_judge | ladder().habits.of_the_client
    if act.kind is ActKind.HAPPENED and act.text("what") not in moving:
        return False
    return act.kind in _MOVING and dossier.stands(act)


def stage_of(
    dossier: Dossier,
    today: date,
    is_working_day: Calendar = monday_to_friday,
    where: Position | None = None,
) -> Stage:
    """Give the step that comes next, or HOLD while a payment is announced.

    A dossier that starts late starts with a first contact, whatever its age, unless an outcome says the
    debtor was already reached. `where` is its position, when that was read already.
    """
    where = where or position(dossier)
    if where.announced and today < hold_until(where.announced, is_working_day):
        return Stage.HOLD
    if dossier.due_on and today <= dossier.due_on:
        return Stage.BEFORE_DUE
    return where.next


def promise_broken(dossier: Dossier, today: date) -> bool:
    """Say whether a promised day has passed without the payment, and nothing was sent about it since."""
    found = _announced(dossier)
    return found is not None and not found.working_days and today > found.on


def broken_promises(dossier: Dossier, today: date) -> int:
    """Count the promised days that have passed without any payment since the promise was made.

    A promise put off on or before its day was not missed; a payment undone by a reopening is none.
    """
    acts = dossier.acts
    reopened = max((i for i, act in enumerate(acts) if act.kind is ActKind.REOPENED), default=-1)
    paid = max(
        (
            i
            for i, act in enumerate(acts)
            if (act.kind is ActKind.PART_PAID and dossier.stands(act))
            or (act.kind is ActKind.PAID and i > reopened)
        ),
        default=-1,
    )
    missed = 0
    for index, act in enumerate(acts):
        day = act.data.get("promised_on")
        told = act.kind is ActKind.PROMISED and dossier.stands(act)
        if not told or not isinstance(day, date):
            continue
        put_off = any(a.kind is ActKind.PROMISED and a.on <= day for a in acts[index + 1 :])
        missed += index > paid and today > day and not put_off
    return missed


def procedure_open(dossier: Dossier) -> bool:
    """Say whether a collective procedure was told and not corrected since: the ladder is stopped for good."""
    return _procedure(dossier) is not None


def hold_until(announced: Announced, is_working_day: Calendar) -> date:
    """Give the first day on which an announced payment may be asked about."""
    habits = ladder().habits
    if announced.working_days:
        return working_days_after(
            announced.on, announced.working_days, is_working_day, habits.closed_weekdays
        )
    wait = habits.after_instalment if announced.number else habits.after_promise
    return date.fromordinal(announced.on.toordinal() + wait)


def _opening(dossier: Dossier) -> Act:
    """Stand for the opening of a dossier that has no act yet."""
    noon = datetime.combine(dossier.opened_on, time(12), tzinfo=UTC)
    return Act(ActKind.OPENED, dossier.opened_on, noon)


def _procedure(dossier: Dossier) -> int | None:
    """Give the index of the act a collective procedure counts from, None when there is none."""
    told: int | None = None
    for index, act in enumerate(dossier.acts):
        match act.kind:
            case ActKind.PROCEDURE_OPENED:
                told = index
            case ActKind.ANSWERED if _tells_procedure(dossier, act):
                told = index
            case ActKind.RESUMED | ActKind.REOPENED if told is not None:
                told = index
            case ActKind.CORRECTED if act.text("fact") == _PROCEDURE_FACT:
                told = None
            case _:
                pass
    return told


def _tells_procedure(dossier: Dossier, act: Act) -> bool:
    """Say whether an answer that stands told of a collective procedure."""
    found = outcome_of(act)
    return found is not None and _PROCEDURE in found.flags and dossier.stands(act)


def _announced(dossier: Dossier) -> Announced | None:
    """Give the payment still waited for: announced, and neither overtaken nor made since."""
    pending: Announced | None = None
    plan_at: int | None = None
    agreed = False  # signed, or answered by a promise: its dates are waited for
    for index, act in enumerate(dossier.acts):
        if not dossier.stands(act):
            continue
        if calls_the_whole(act):
            plan_at = None
        if sets_out(act):
            plan_at, agreed = index, signed_at(dossier, index)
            pending = _instalment(dossier, index, index) if agreed else None
            continue
        match act.kind:
            case ActKind.SENT:
                pending = _not_overtaken(pending, act)
            case ActKind.PROMISED | ActKind.ANSWERED:
                pending = _said(dossier, act, index, pending) or _still_agreed(
                    dossier, plan_at, index
                )
                if pending and not pending.working_days:
                    agreed = True
                    pending = _instalment(dossier, plan_at, index) or pending
            case ActKind.HAPPENED if act.text("what") == SIGNED:
                agreed = True
                pending = _instalment(dossier, plan_at, index) or pending
            case ActKind.PART_PAID if agreed and plan_at is not None:
                pending = _instalment(dossier, plan_at, index)
            case ActKind.PART_PAID if pending:
                pending = _left_of(pending, act)
            case ActKind.REOPENED if pending and not _ahead(pending, act.on):
                pending = None
            case _:
                pass
    return pending


def _still_agreed(dossier: Dossier, plan_at: int | None, index: int) -> Announced | None:
    """Give the next instalment of a signed plan whose day is still to come: an answer does not undo what was signed."""
    if plan_at is None or not signed_at(dossier, plan_at):
        return None
    awaited = _instalment(dossier, plan_at, index)
    return awaited if awaited and awaited.on >= dossier.acts[index].on else None


def _not_overtaken(pending: Announced | None, sent: Act) -> Announced | None:
    """Give what is still waited for once something left: what left after its day speaks of it."""
    over = pending and (pending.working_days or sent.on > pending.on)
    return None if over else pending


def _ahead(pending: Announced, day: date) -> bool:
    """Say whether what was announced is still to come on `day`; a transfer is given its weekdays."""
    return day < hold_until(pending, monday_to_friday)


def _left_of(pending: Announced, act: Act) -> Announced | None:
    """Give what is still waited for after a part payment: of a sum promised, what is left of it."""
    amount = act.data.get("amount")
    if pending.amount is not None and isinstance(amount, Decimal):
        left = pending.amount - amount
        return replace(pending, amount=left) if left > 0 else None
    return None if pending.working_days or act.on >= pending.on else pending


def _said(dossier: Dossier, act: Act, index: int, before: Announced | None) -> Announced | None:
    """Read a promise or an answer: a new announcement, or None when it announces nothing."""
    if act.kind is ActKind.PROMISED:
        day, amount = act.data.get("promised_on"), act.data.get("amount")
        if not isinstance(day, date):
            return before
        return Announced(day, index, amount=amount if isinstance(amount, Decimal) else None)
    if is_silence(act):
        return before
    if act.text("outcome") == _PROMISE:
        day = dossier.get("promised_on")
        known = before if before and not before.working_days else None
        return known or (Announced(day, index) if isinstance(day, date) else None)
    found = outcome_of(act)
    return Announced(act.on, index, working_days=found.hold) if found and found.hold else None


def _instalment(dossier: Dossier, plan_at: int | None, index: int) -> Announced | None:
    """Give the next instalment of the plan set out at `plan_at`; None without one, paid, or of unknown dates."""
    planned = (instalments_at(dossier, plan_at, index) if plan_at is not None else None) or ()
    awaited = next((one for one in planned if one.left), None)
    if awaited is None:
        return None
    return Announced(awaited.on, index, number=awaited.number, amount=awaited.left)
