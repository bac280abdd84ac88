"""The steps of one dossier: behind it, next, and those after with the day each would come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum

from flows.dossier import Act, ActKind, DebtorKind, Dossier, Stage
from flows.ladder.catalogue import ladder
from flows.ladder.climb import climbed, met
from flows.ladder.days import Calendar
from flows.ladder.model import ORDER, Deadline
from flows.ladder.position import position
from flows.ladder.reminders import reminders

RECEIPT = "reception"
"""The deadline that asks for a date and is no step."""
_NOON = time(12)


class Progress(StrEnum):
    """Where a step stands."""

    DONE = "faite"
    SKIPPED = "passee"
    NEXT = "prochaine"
    LATER = "apres"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a dossier.

    `on`: the day it was done or passed, the day it comes, or the day it would come were each step done on its
    day; None when the dossier does not say. `why`: what the next day counts from, "" for the other steps.
    """

    stage: Stage
    progress: Progress
    on: date | None = None
    why: str = ""
    document: str = ""


def rungs(
    dossier: Dossier,
    today: date,
    is_working_day: Calendar,
    notice_days: Mapping[DebtorKind, int],
    pace: Decimal = Decimal(1),
) -> tuple[Rung, ...]:
    """Give the steps of a dossier for its debtor, lowest first, the choice of a route last.

    Same arguments as `reminders`, same errors. Without a next step (a procedure is open) only those behind are given.
    """
    where = position(dossier)
    highest, behind = climbed(dossier)
    steps = [s for s in ORDER[1:-1] if where.kind in ladder().steps[s].documents]
    found = [_behind(stage, behind) for stage in steps if ORDER.index(stage) <= highest]
    if where.stopped:
        return tuple(found)
    ahead = _ahead(dossier, today, is_working_day, notice_days, pace)
    for stage in (*steps, Stage.ROUTE):
        if ORDER.index(stage) < ORDER.index(where.next) or stage is Stage.HOLD:
            if ORDER.index(stage) > highest:
                found.append(Rung(stage, Progress.SKIPPED))
            continue
        due = ahead.get(stage)
        following = stage is where.next
        found.append(
            Rung(
                stage,
                Progress.NEXT if following else Progress.LATER,
                due.on if due else None,
                due.why if due and following else "",
                (due.document if due else None) or "",
            )
        )
    return tuple(found)


def entry(dossier: Dossier) -> str:
    """Say where a dossier that was opened late begins, and why; "" for one opened in time.

    French, without a capital or a full stop.
    """
    due, habits = dossier.due_on, ladder().steps
    late = (dossier.opened_on - due).days if due else 0
    if late < habits[Stage.REMINDER_1].delay.days:
        return ""
    words = ladder().words
    reached = any(met(act) and act.on <= dossier.opened_on for act in dossier.acts)
    key = "entered_reached" if reached else "entered_late"
    if dossier.told_sendings:
        key = "entered_told"
    return words.why[key].format(days=words.days(late))


def _behind(stage: Stage, behind: Mapping[Stage, Act]) -> Rung:
    act = behind.get(stage)
    if act is None or act.kind is ActKind.STEPPED:
        return Rung(stage, Progress.SKIPPED, act.on if act else None)
    return Rung(stage, Progress.DONE, act.on, document=act.text("document"))


def _ahead(
    dossier: Dossier,
    today: date,
    calendar: Calendar,
    notice_days: Mapping[DebtorKind, int],
    pace: Decimal,
) -> dict[Stage, Deadline]:
    """Give the deadline of each step to come, each done on its day or, when that is past, today."""
    found: dict[Stage, Deadline] = {}
    for _ in ORDER:
        rows = reminders(dossier, today, calendar, notice_days, pace)
        due = next((row for row in rows if row.what != RECEIPT), None)
        if due is None or due.stage in found:
            break
        found[due.stage] = due
        if due.document is None:
            break
        on = max(due.on, today)
        data = {"document": due.document, "stage": due.stage.value, "channel": due.channel or ""}
        at = datetime.combine(on, _NOON, UTC)
        dossier = dossier.with_act(Act(ActKind.SENT, on, at, dict(data)))
    return found
