"""A payment in instalments: what the card and a nudge say of it, and its dates told or changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from flows import ladder, responses
from flows.dialogue.texts import words
from flows.dossier import Dossier
from flows.facts.computed import DISPUTED, undisputed
from flows.ladder.catalogue import ladder as habits
from flows.law.calendar import is_working_day
from flows.plan import REMINDER, Instalment, Plan, plan_of
from flows.post import delivered
from flows.responses.instalments import instead, nothing_yet
from letters.format import date_longue, euros

if TYPE_CHECKING:
    from flows.dialogue.case import Case


class Missed(StrEnum):
    """What follows from an instalment that did not come; the value ends the key of the sentence that says it."""

    PROPOSED = "proposed"
    WHOLE = "whole"
    REMINDER = "reminder"
    WAITING = "waiting"
    CALLED = "called"


def plan_line(case: Case) -> str:
    """Say on the card how a plan stands, "" without one or once the whole was asked for."""
    plan = plan_of(case.need_dossier())
    if plan is None or plan.called:
        return ""
    awaited = plan.next
    return words(
        "plan_line",
        signed=plan.signed,
        count=len(plan.instalments),
        paid=sum(not one.left for one in plan.instalments),
        next=_row(awaited) if awaited else None,
        late=_missed_here(case) is not None,
    )


def disputed_line(case: Case) -> str:
    """Say on the card what the debtor contests and what they do not, "" when nothing is contested in figures."""
    dossier = case.need_dossier()
    told = [act.data.get("amount") for act in dossier.happened if act.text("what") == DISPUTED]
    owed = dossier.remaining
    if not told or not isinstance(told[-1], Decimal) or not owed:
        return ""
    left = undisputed(dossier)
    amount = min(told[-1], owed)
    return words("disputed_line", amount=euros(amount), left=euros(left) if left else "")


def _row(one: Instalment) -> dict[str, object]:
    return {"number": one.number, "left": euros(one.left), "on": date_longue(one.on)}


def missed(dossier: Dossier, today: date, notice_until: date | None) -> tuple[Plan, Missed] | None:
    """Give the plan an instalment of which did not come, and what follows; None when none is missed.

    `notice_until`: the day the delay of a reminder already sent is over, None without such a delay.
    """
    plan = plan_of(dossier)
    if plan is None or plan.called or ladder.procedure_open(dossier) or ladder.at_law(dossier):
        return None
    late = plan.missed(today)
    if late is None:
        return None
    if not plan.signed:  # nobody answered: no promise was made, and none is broken
        return (plan, Missed.PROPOSED) if ladder.promise_broken(dossier, today) else None
    reminded = any(
        act.text("document") == REMINDER and act.on > late.on for act in delivered(dossier)
    )
    delayed = dossier.debtor_kind in habits().habits.plan_delay_kinds
    if not reminded:
        return plan, Missed.REMINDER if delayed else Missed.WHOLE
    waiting = notice_until is not None and today < notice_until
    return plan, Missed.WAITING if waiting else Missed.CALLED


def _missed_here(case: Case) -> tuple[Plan, Missed] | None:
    dossier = case.need_dossier()
    if plan_of(dossier) is None:
        return None
    days = case.library.notice_days(case.today)
    until = ladder.reminder_runs_until(dossier, is_working_day, days)
    return missed(dossier, case.today, until)


def missed_line(case: Case) -> str:
    """Say in a nudge what the agreement says of an instalment that did not come, "" when none is missed."""
    found = _missed_here(case)
    return words(f"plan_missed_{found[1]}", left=euros(found[0].left)) if found else ""


def advised(case: Case, advice: responses.Recommendation) -> responses.Recommendation:
    """Give what a missed instalment calls for in place of `advice`: its reminder, then the whole.

    A plan that was only proposed leaves the advice as it is: a promise was broken, no more.
    """
    found = _missed_here(case)
    if found is None or found[1] is Missed.PROPOSED:
        return advice
    plan, what = found
    if what is Missed.WAITING:
        return nothing_yet(advice, words("plan_missed_waiting", left=euros(plan.left)))
    if what is not Missed.CALLED:
        return instead(advice, REMINDER, words("plan_because_reminder"))
    kind = case.need_dossier().debtor_kind
    step = list(habits().steps.values())[-1]  # the whole is asked by the last letter of the ladder
    whole = step.documents.get(kind) if kind else None
    return instead(advice, whole, words("plan_because_whole")) if whole else advice
