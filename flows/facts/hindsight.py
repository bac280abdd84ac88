"""What serves the next time: what a dossier shows would have helped, and what is told without any dossier."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flows import law as law_room
from flows.dossier import ActKind, DebtorKind, Dossier
from flows.facts.computed import habits
from flows.law.clause import lawful
from flows.plan import plan_of
from flows.values import Facts
from letters import Document

DEFAULT_RATE = "default_penalty_terms"
"""The person's fact that says the penalty rate of their own conditions."""


def hindsight(dossier: Dossier) -> Iterator[tuple[str, bool]]:
    """Give what would have helped in a dossier, by the name of the fact."""
    first = next(dossier.acts_of(ActKind.SENT), None)
    late = timedelta(days=habits()["late_reminder_days"])
    due = dossier.due_on
    yield "reminded_late", bool(first and due and first.on - due > late)
    ends = (_day(dossier, "work_done_on"), _day(dossier, "delivered_on"))
    end, start = max(filter(None, ends), default=None), _day(dossier, "agreed_on")
    long = timedelta(days=habits()["long_work_days"])
    lasted = end is not None and start is not None and end - start > long
    yield "stages_help", lasted or plan_of(dossier) is not None
    yield "advance_paid", bool(due and any(on <= due for on, _ in dossier.payments))


def _day(dossier: Dossier, name: str) -> date | None:
    told = dossier.get(name)
    return told if isinstance(told, date) else None


def own_rate(person: Facts, today: date, law: law_room.Law) -> Iterator[tuple[str, str | bool]]:
    """Give the rate of the person's own conditions in words, or that it is below what the law allows."""
    agreed = law_room.AgreedRate.parse(str(person.get(DEFAULT_RATE) or "aucun"))
    if agreed is None:
        return
    if lawful(agreed, today, law):
        yield "own_rate", agreed.words
    else:
        yield "own_rate_low", True


def without_dossier(
    kind: DebtorKind, document: Document, today: date, law: law_room.Law
) -> tuple[Dossier, dict[str, Any]]:
    """Give what stands in for a dossier where there is none: a client of this kind, and no debt.

    With it, the day the law it names was last checked, which a dossier counts with its debt.
    """
    client = Dossier("", today, {"debtor_kind": kind.value})
    checked = law.checked_on_for(document.law) if document.law else law.checked_on
    return client, {"law_checked_on": checked}
