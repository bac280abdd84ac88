"""When the dossier wakes next: derived from its acts alone, so that computing again gives the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from flows.dossier import OF_THE_BOT, ActKind, DebtorKind, Dossier, Stage, Status
from flows.ladder.catalogue import ladder
from flows.ladder.days import Calendar, after, open_day
from flows.ladder.model import Deadline
from flows.ladder.position import Position, position
from flows.ladder.waits import DECLARATION, Due, Waits, day_of

if TYPE_CHECKING:
    from collections.abc import Mapping

PAUSE_OVER = "reprise"
"""What wakes a paused dossier: the day its pause ends."""
ASKED = "~"
"""What the key of a deadline holds whose day the person chose: put off, delayed, or the end of a pause."""
_NORMAL = Decimal(1)
_CONTACTS = (ActKind.SENT, ActKind.RECEIVED)
"""What reached the client from us: two of them are kept apart, an answer holds nothing back."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """A day allowed, the day it was wanted on, and what moved it: "closed", "gap" or nothing."""

    on: date
    wanted: date
    moved: str | None


def next_deadline(
    dossier: Dossier,
    today: date,
    is_working_day: Calendar,
    notice_days: Mapping[DebtorKind, int],
    pace: Decimal = _NORMAL,
) -> Deadline | None:
    """Give the earliest of `reminders`, None when nothing is waited for. Same arguments, same errors."""
    return next(iter(reminders(dossier, today, is_working_day, notice_days, pace)), None)


def reminders(
    dossier: Dossier,
    today: date,
    is_working_day: Calendar,
    notice_days: Mapping[DebtorKind, int],
    pace: Decimal = _NORMAL,
    where: Position | None = None,
) -> tuple[Deadline, ...]:
    """Give every day the dossier is to wake, earliest first; none when it is paid or closed.

    Paused, it wakes for the end of its pause alone, if that has a day.
    `is_working_day` knows the public holidays; `notice_days` is the delay of a mise en demeure by debtor, in days
    from receipt; `pace` is what the stake makes of the habitual delays, to which the kind of debtor and the cause
    add theirs. `today` only says what is late: the days themselves
    follow from the acts. `where` is the position of the dossier, when it was read already.
    In a collective procedure the claim to declare is all that is left.
    Raises ValueError when a mise en demeure was sent and `notice_days` is empty.
    """
    where = where or position(dossier)
    if dossier.status is Status.PAUSED:
        return _pause_over(dossier, where, today, is_working_day)
    if dossier.status is not Status.OPEN:
        return ()
    clock = _Clock(dossier, where, is_working_day)
    diagnosed = dossier.last(ActKind.DIAGNOSED)
    cause = diagnosed.text("cause") if diagnosed else ""
    pace = ladder().paces.of(where.kind, cause, pace)
    waits = Waits(dossier, where, is_working_day, notice_days, pace)
    found = [clock.settle(due, today) for due in waits.dues()]
    return tuple(sorted((d for d in found if d), key=lambda d: (d.on, d.key)))


def notice_runs_until(
    dossier: Dossier, is_working_day: Calendar, notice_days: Mapping[DebtorKind, int]
) -> date | None:
    """Give the first day on which the delay of the last mise en demeure is over, None without one.

    Counted from the receipt, or from a receipt that is assumed while it is not known.
    """
    due = Waits(dossier, position(dossier), is_working_day, notice_days, _NORMAL).notice()
    return due.on if due else None


def reminder_runs_until(
    dossier: Dossier, is_working_day: Calendar, notice_days: Mapping[DebtorKind, int]
) -> date | None:
    """Give the first day on which the delay a signed plan leaves after its last reminder is over, None without one."""
    due = Waits(dossier, position(dossier), is_working_day, notice_days, _NORMAL).agreed_delay()
    return due.on if due else None


def _pause_over(
    dossier: Dossier, where: Position, today: date, calendar: Calendar
) -> tuple[Deadline, ...]:
    """Give the working day a pause ends on, nothing for a pause without a day."""
    index, act = next(
        (i, act) for i, act in reversed(list(enumerate(dossier.acts))) if act.kind is ActKind.PAUSED
    )
    until = act.data.get("until")
    if not isinstance(until, date):
        return ()
    wanted, words = max(until, after(day_of(act), 1)), ladder().words
    on = open_day(wanted, calendar, ladder().habits.closed_weekdays)
    key = f"{PAUSE_OVER}@{index}:{on:%Y%m%d}{ASKED}"
    if any(act.text("key") == key for act in dossier.told):
        return ()
    why = words.why["paused"].format(base=words.day(until))
    if on != wanted:
        why = words.moved["closed"].format(why=why, day=words.weekday(wanted))
    return (Deadline(key, where.next, on, why, on < today, PAUSE_OVER),)


@dataclass(frozen=True, slots=True)
class _Clock:
    """From the days one dossier waits for to the deadlines it is given."""

    dossier: Dossier
    where: Position
    calendar: Calendar

    def settle(self, due: Due, today: date) -> Deadline | None:
        """Apply what came since (a delay asked for, reminders without reaction) and the rules on contacts.

        None once it was repeated often enough.
        """
        habits, words = ladder().habits, ladder().words
        claim = due.what == DECLARATION
        days = habits.declaration_days if claim else habits.repeat_days
        times = habits.declaration_times if claim else habits.repeat_times
        opened = self._open(due, due.on, day_of(self.where.base))
        key = f"{due.what}@{self.where.since}:{opened.on:%Y%m%d}"
        if due.asked:
            key += ASKED
        since, why = self.where.since + 1, due.why
        snoozed = self._snoozed(due)
        if snoozed:
            index, until = snoozed
            opened = self._open(due, until, day_of(self.dossier.acts[index]))
            key, since = f"{key}{ASKED}{index}", index + 1
            why = words.why["snoozed"].format(base=words.day(until))
        later = self.dossier.acts[since:]
        fired = [
            act
            for act in self.dossier.told
            if act.text("key").partition("+")[0] == key and act in later
        ]
        if len(fired) > times:
            return None
        if fired:
            last = day_of(fired[-1])
            opened = self._open(due, after(last, days), last)
            why = due.why if claim else words.why["repeated"].format(base=words.day(last))
            key = f"{key}+{len(fired)}"
        final = self._open(due, opened.on, self._last_word())
        if final.on == opened.on:
            final = opened
        stage = self._stage(due)
        step = None if claim else ladder().steps.get(stage)
        return Deadline(
            key=key,
            stage=stage,
            on=final.on,
            why=self._explained(why, final, claim=claim and not snoozed),
            late=final.on < today,
            what=due.what,
            document=step.documents.get(self.where.kind) if step else None,
            channel=step.channel if step else None,
            tone=step.tone if step else None,
        )

    @staticmethod
    def _explained(why: str, opened: _Opened, *, claim: bool) -> str:
        """Add to `why` what moved the day; the day of a claim is the next working one by its own rule."""
        if opened.moved is None or claim:
            return why
        words = ladder().words
        return words.moved[opened.moved].format(
            why=why, day=words.weekday(opened.wanted), days=words.days(ladder().habits.min_gap)
        )

    def _snoozed(self, due: Due) -> tuple[int, date] | None:
        """Give the last delay the person asked for since the clock started, if it is about this deadline."""
        acts = self.dossier.acts
        for index in range(len(acts) - 1, self.where.since, -1):
            until = acts[index].data.get("until")
            if acts[index].kind is ActKind.SNOOZED and isinstance(until, date):
                # The delay of a mise en demeure is not shortened by a wish to be reminded sooner.
                return None if due.what == "voie" and until < due.on else (index, until)
        return None

    def _stage(self, due: Due) -> Stage:
        if due.what == "controle":
            return max(Stage.FIRST_CONTACT, self.where.next, key=list(Stage).index)
        return Stage.FORMAL_NOTICE if due.what == "reception" else self.where.next

    def _open(self, due: Due, on: date, not_on: date) -> _Opened:
        """Give the first day allowed: after `not_on`, worked, and not too close to what was last sent.

        The claim to declare disturbs nobody but the person: it keeps no distance.
        """
        habits = ladder().habits
        wanted = max(on, after(not_on, 1))
        sent = [act.on for act in self.dossier.acts_of(*_CONTACTS)]
        spaced = wanted
        if sent and due.what != DECLARATION:
            spaced = max(wanted, after(max(sent), habits.min_gap))
        found = open_day(spaced, self.calendar, habits.closed_weekdays)
        moved = None if found == wanted else "closed" if spaced == wanted else "gap"
        return _Opened(found, wanted, moved)

    def _last_word(self) -> date:
        """Give the day of the last act that was not the bot's own reminder."""
        own = [act for act in self.dossier.acts if act.kind not in OF_THE_BOT]
        return max((day_of(act) for act in own), default=self.dossier.opened_on)
