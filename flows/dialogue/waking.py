"""Reminders that come due: what is said now, what waits for a better hour, and what no longer matters.

The ordinary ones of a day are one message, at the person's hour; what the law counts stands apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flows.dialogue import digest, following
from flows.dialogue.events import Woken
from flows.dialogue.pausing import resume_if_paused
from flows.dialogue.screens import Screen
from flows.dialogue.showing import append
from flows.dialogue.table import RESTING, TYPING
from flows.dialogue.turn import Turn
from flows.dossier import ActKind, Dossier, Status
from flows.ladder import ASKED, Deadline

LEGAL = "!"
"""What the key of a legal clock's alarm holds."""


@dataclass(slots=True)
class Due:
    """What woke of one dossier and is still so, each with the instant it should have come."""

    dossier: Dossier
    deadlines: list[tuple[Deadline, datetime]]

    def holds(self, mark: str) -> bool:
        """Say whether a key among it bears a mark."""
        return any(mark in deadline.key for deadline, _ in self.deadlines)

    @property
    def urgent(self) -> bool:
        """Whether a legal clock is among it."""
        return self.holds(LEGAL)

    @property
    def reason(self) -> str:
        """Why it woke: the legal clock's reason before any other."""
        first = sorted(self.deadlines, key=lambda one: LEGAL not in one[0].key)
        return first[0][0].why

    def late(self, turn: Turn) -> date | None:
        """Give the day it should have come, by the person's clocks; None when that is today."""
        first = min(at for _, at in self.deadlines).astimezone(turn.moment.usual.zone).date()
        return first if first < turn.today else None


def wake(turn: Turn, items: Sequence[Woken]) -> None:
    """Tell what has come due, or hold it: at night, on a day kept quiet, on a second time the same day.

    What was paid, paused or moved since says nothing, and is not held.
    """
    due = _still_due(turn, items)
    urgent, ordinary = [one for one in due if one.urgent], [one for one in due if not one.urgent]
    now, rhythm = turn.moment.now, turn.moment.usual
    daytime = rhythm.next_daytime(now)
    if daytime > now:
        _hold(turn, urgent, daytime)
        urgent = []
    capped = not any(one.holds(ASKED) for one in ordinary)
    opens = rhythm.next_digest(now, told_days(turn), capped=capped) if ordinary else now
    if opens > now:
        _hold(turn, ordinary, opens)
        ordinary = []
    alone = len(urgent) + len(ordinary) == 1
    for one in urgent:
        _tell(turn, one, floor=alone)
    if ordinary:
        _note_day(turn)
    if len(ordinary) == 1:
        _tell(turn, ordinary[0], floor=alone)
    elif ordinary:
        _tell_many(turn, ordinary)


def told_days(turn: Turn) -> list[date]:
    """Give the latest days on which reminders were told."""
    return [date.fromisoformat(day) for day in turn.conversation.told_on]


def _note_day(turn: Turn) -> None:
    """Remember that reminders were told today; days out of any week that counts are forgotten."""
    kept = (turn.today - timedelta(days=2 * turn.moment.usual.window)).isoformat()
    days = {day for day in turn.conversation.told_on if day >= kept} | {turn.today.isoformat()}
    turn.conversation = replace(turn.conversation, told_on=tuple(sorted(days)))


def _still_due(turn: Turn, items: Sequence[Woken]) -> list[Due]:
    """Gather by dossier what woke and still stands, in the order it came."""
    found: dict[str, Due] = {}
    for dossier_id in dict.fromkeys(woken.dossier_id for woken in items):
        dossier = turn.book.get(dossier_id)
        if dossier is None or dossier.status not in {Status.OPEN, Status.PAUSED}:
            continue  # a paused one wakes for the end of its pause alone
        standing = {d.key: d for d in turn.library.reminders(dossier, turn.moment)}
        mine = [woken for woken in items if woken.dossier_id == dossier_id]
        due = [(standing[w.key], w.due_at) for w in mine if w.key in standing]
        if due:
            found[dossier_id] = Due(dossier, due)
        if len(due) < len(mine):
            turn.outdated[dossier_id] = dossier
    return list(found.values())


def _hold(turn: Turn, dues: Iterable[Due], until: datetime) -> None:
    for due in dues:
        for deadline, _ in due.deadlines:
            turn.held[due.dossier.id, deadline.key] = until


def _record(turn: Turn, due: Due) -> None:
    """Write down in the dossier in hand what is told of it."""
    for deadline, _ in due.deadlines:
        resume_if_paused(turn, deadline.key)
        turn.record(ActKind.NUDGED, key=deadline.key)


def _tell(turn: Turn, due: Due, *, floor: bool) -> None:
    """Say one dossier's reminder: it takes the floor unless a question has it."""
    late = due.late(turn)
    # A question asked today may be being answered; one left for days gives way, and « Retour » leads back.
    fresh = turn.conversation.offered[:1] == (turn.today.isoformat(),)
    mine = turn.conversation.dossier_id == due.dossier.id
    own = mine and not (fresh and turn.state in TYPING)
    if floor and (turn.state in RESTING or own):
        turn.hold(due.dossier)
        _record(turn, due)
        turn.set_scratch(why=due.reason, legal=due.urgent)
        turn.fire("wake")
        append(turn, following.nudge_view(turn, due.reason, late))
        _mark(turn, [due])
        return
    beside = turn.aside(due.dossier, legal=due.urgent)
    _record(beside, due)
    view = following.nudge_view(beside, due.reason, late)
    turn.shown.append(Screen(view.body, view.rows))
    _mark(turn, [due])


def _mark(turn: Turn, dues: Iterable[Due]) -> None:
    """Write on the screen last shown which reminders it tells, should it never arrive."""
    screen = turn.shown[-1]
    assert isinstance(screen, Screen)
    tells = ((due.dossier.id, deadline.key) for due in dues for deadline, _ in due.deadlines)
    turn.shown[-1] = replace(screen, tells=tuple(tells))


def _tell_many(turn: Turn, dues: Sequence[Due]) -> None:
    """Say the reminders of several dossiers in one message, without a sound."""
    for due in dues:
        beside = turn.aside(due.dossier)
        _record(beside, due)
    told = tuple(due.dossier.id for due in dues)
    turn.conversation = replace(turn.conversation, digest=told)
    late = [day for due in dues if (day := due.late(turn))]
    oldest = min(late, default=None)
    if turn.state in RESTING:
        turn.leave_dossier()
        turn.fire("wake_many", remember=False)
        append(turn, digest.digest_view(turn, oldest), silent=True)
    else:
        view = digest.digest_view(turn, oldest)
        turn.shown.append(Screen(view.body, view.rows, silent=True))
    _mark(turn, dues)
