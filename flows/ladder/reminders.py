"""When the dossier wakes next: derived from its acts alone, so that computing again gives the same rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from flows.dossier import Act, ActKind, DebtorKind, Dossier, Stage, Status
from flows.ladder.catalogue import ladder
from flows.ladder.days import Calendar, after, open_day, paced, working_days_after
from flows.ladder.model import Deadline
from flows.ladder.position import Position, hold_until, is_contact, position

if TYPE_CHECKING:
    from collections.abc import Mapping

_NORMAL = Decimal(1)


@dataclass(frozen=True, slots=True)
class _Due:
    """A day before the rules on contacts are applied: what wakes, when, why."""

    what: str
    on: date
    why: str


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
) -> tuple[Deadline, ...]:
    """Give every day the dossier is to wake, earliest first; none when it is paid, paused, closed or stopped.

    `is_working_day` knows the public holidays; `notice_days` is the delay of a mise en demeure by debtor, in days
    from receipt; `pace` multiplies the habitual delays. `today` only says what is late: the days themselves
    follow from the acts. Raises ValueError when a mise en demeure was sent and `notice_days` is empty.
    """
    where = position(dossier)
    if dossier.status is not Status.OPEN or where.stopped:
        return ()
    clock = _Clock(dossier, where, is_working_day, notice_days, pace)
    found = [clock.settle(due, today) for due in clock.dues()]
    return tuple(sorted((d for d in found if d), key=lambda d: (d.on, d.key)))


@dataclass(frozen=True, slots=True)
class _Clock:
    """The computing of one dossier's deadlines."""

    dossier: Dossier
    where: Position
    calendar: Calendar
    notice_days: Mapping[DebtorKind, int]
    pace: Decimal

    def dues(self) -> list[_Due]:
        """Give what the acts call for: one day, and the receipt of a letter to note beside it."""
        notice = self._notice()
        main = self._announced() or self._not_due() or self._counted()
        if notice and not self.where.announced:
            main = max((notice, replace(main, what=notice.what)), key=lambda due: due.on)
        check = self._receipt()
        return [check, main] if check else [main]

    # --- what each kind of wait counts from ----------------------------------------------------

    def _announced(self) -> _Due | None:
        said = self.where.announced
        if said is None:
            return None
        on = hold_until(said, self.calendar)
        if said.working_days:
            days = self._days(said.working_days)
            return _Due("virement", on, self._why("transfer", said.on, days=days))
        if said.number:
            return _Due("echeance", on, self._why("instalment", said.on, number=said.number))
        return _Due("promesse", on, self._why("promise", said.on))

    def _not_due(self) -> _Due | None:
        due = self.dossier.due_on
        if due is None or self._day_of(self.where.base) > due:
            return None
        return _Due("controle", after(due, ladder().habits.after_due), self._why("after_due", due))

    def _counted(self) -> _Due:
        """Count from the last act that moved the dossier."""
        base, habits = self.where.base, ladder().habits
        match base.kind:
            case ActKind.SENT | ActKind.RECEIVED:
                return self._after_sending()
            case ActKind.PART_PAID:
                days = paced(habits.after_part_payment, self.pace)
                return self._from_base("part_payment", days)
            case ActKind.ANSWERED if working := habits.after_answer_working.get(
                base.text("outcome")
            ):
                on = working_days_after(base.on, working, self.calendar, habits.closed_weekdays)
                return _Due("etape", on, self._why("call_again", base.on))
            case ActKind.ANSWERED | ActKind.PROMISED if base.kind is ActKind.PROMISED or is_contact(
                base
            ):
                return self._from_base("answer", paced(habits.after_answer, self.pace))
            case ActKind.RESUMED | ActKind.REOPENED:
                back = self._from_base("resumed", habits.after_change)
                sent = self.dossier.last(ActKind.SENT)
                return max((back, self._after_sending()), key=lambda due: due.on) if sent else back
            case _:
                return self._opened()

    def _opened(self) -> _Due:
        """Count the first contact from the due date; an older debt is taken up at once."""
        why = "opened" if self.dossier.due_on else "resumed"
        soon = self._from_base(why, ladder().habits.after_change)
        step = self._step()
        return step if step and step.on >= soon.on else soon

    def _after_sending(self) -> _Due:
        sent = self.dossier.last(ActKind.SENT)
        if sent is None:
            return self._from_base("answer", paced(ladder().habits.after_answer, self.pace))
        follow_up = ladder().follow_up.get(sent.text("document"))
        days = ladder().habits.follow_up_default if follow_up is None else follow_up.days
        days = paced(days, self.pace)
        on = after(sent.on, days)
        waited = self.dossier.get(follow_up.until) if follow_up and follow_up.until else None
        if isinstance(waited, date) and waited >= on:
            return _Due("etape", after(waited, 1), self._why("promise", waited))
        step = self._step()
        if step and step.on > on:
            return step
        asked = sent.data.get("asked_by")
        if isinstance(asked, date) and asked >= on:
            # The text gave the client until that day: it must be over before anything else is said.
            return _Due("etape", after(asked, 1), self._why("asked", asked))
        return _Due("etape", on, self._why("sending", sent.on, days=self._days(days)))

    def _step(self) -> _Due | None:
        """Give the next rung as counted from the due date, None without either."""
        step = ladder().steps.get(self.where.next)
        due = self.dossier.due_on
        if step is None or due is None:
            return None
        days = paced(step.from_due, self.pace)
        words = ladder().words
        why = step.why.format(days=words.days(days), due=words.day(due))
        return _Due("etape", after(due, days), why)

    # --- the mise en demeure --------------------------------------------------------------------

    def _letter(self) -> tuple[int, Act] | None:
        """Give the last mise en demeure sent, with its index."""
        for index in range(len(self.dossier.acts) - 1, -1, -1):
            act = self.dossier.acts[index]
            follow_up = ladder().follow_up.get(act.text("document"))
            if act.kind is ActKind.SENT and follow_up and follow_up.notice:
                return index, act
        return None

    def _received(self, index: int, letter: Act) -> Act | None:
        later = self.dossier.acts[index + 1 :]
        named = {"", letter.text("document")}
        return next(
            (a for a in later if a.kind is ActKind.RECEIVED and a.text("document") in named), None
        )

    def _registered(self, letter: Act) -> bool:
        return letter.text("channel") in ladder().habits.registered_channels

    def _notice(self) -> _Due | None:
        """Give the day the delay of the mise en demeure has run out."""
        found = self._letter()
        if found is None:
            return None
        if not self.notice_days:
            raise ValueError("a mise en demeure was sent, and its delay is not given")
        habits = ladder().habits
        # An unknown debtor gets the longest delay: to wait too long harms nobody.
        days = self.notice_days.get(self.where.kind, max(self.notice_days.values()))
        received = self._received(*found)
        base = received.on if received else found[1].on
        assumed = 0 if received or not self._registered(found[1]) else habits.receipt_assumed
        on = after(base, assumed + days + habits.after_notice)
        name = "notice" if received else "notice_assumed"
        return _Due("voie", on, self._why(name, base, days=self._days(days)))

    def _receipt(self) -> _Due | None:
        """Give the day to ask for the receipt, while nothing else has happened since the letter left."""
        found = self._letter()
        if found is None or found[0] != self.where.index or not self._registered(found[1]):
            return None
        on = after(found[1].on, ladder().habits.receipt_check)
        return _Due("reception", on, self._why("receipt", found[1].on))

    # --- from a day to a deadline ----------------------------------------------------------------

    def settle(self, due: _Due, today: date) -> Deadline | None:
        """Apply what came since (a delay asked for, reminders without reaction) and the rules on contacts.

        None once it was repeated often enough.
        """
        habits, words = ladder().habits, ladder().words
        natural = self._open(due.on, self._day_of(self.where.base))
        key = f"{due.what}@{self.where.index}:{natural:%Y%m%d}"
        on, why = natural, due.why
        since = self.where.index + 1
        snoozed = self._snoozed(due)
        if snoozed:
            index, until = snoozed
            on = self._open(until, self._day_of(self.dossier.acts[index]))
            key, since, why = (
                f"{key}~{index}",
                index + 1,
                words.why["snoozed"].format(base=words.day(until)),
            )
        fired = [
            act
            for act in self.dossier.acts[since:]
            if act.kind is ActKind.NUDGED and act.text("key").partition("+")[0] == key
        ]
        if len(fired) > habits.repeat_times:
            return None
        if fired:
            last = self._day_of(fired[-1])
            on = self._open(after(last, habits.repeat_days), last)
            why = words.why["repeated"].format(base=words.day(last))
            key = f"{key}+{len(fired)}"
        on = self._open(on, self._last_word())
        stage = self._stage(due)
        step = ladder().steps.get(stage)
        return Deadline(
            key=key,
            stage=stage,
            on=on,
            why=why,
            late=on < today,
            what=due.what,
            document=step.documents.get(self.where.kind) if step else None,
            channel=step.channel if step else None,
            tone=step.tone if step else None,
        )

    def _snoozed(self, due: _Due) -> tuple[int, date] | None:
        """Give the last delay the person asked for since the clock started, if it is about this deadline."""
        acts = self.dossier.acts
        for index in range(len(acts) - 1, self.where.index, -1):
            until = acts[index].data.get("until")
            if acts[index].kind is ActKind.SNOOZED and isinstance(until, date):
                # The delay of a mise en demeure is not shortened by a wish to be reminded sooner.
                return None if due.what == "voie" and until < due.on else (index, until)
        return None

    def _stage(self, due: _Due) -> Stage:
        if due.what == "controle":
            return max(Stage.FIRST_CONTACT, self.where.next, key=list(Stage).index)
        return Stage.FORMAL_NOTICE if due.what == "reception" else self.where.next

    def _open(self, on: date, not_on: date) -> date:
        """Give the first day allowed: after `not_on`, worked, and not too close to the last contact."""
        habits = ladder().habits
        contacts = [act.on for act in self.dossier.acts if is_contact(act)]
        floors = [on, after(not_on, 1)]
        if contacts:
            floors.append(after(max(contacts), habits.min_gap))
        return open_day(max(floors), self.calendar, habits.closed_weekdays)

    def _last_word(self) -> date:
        """Give the day of the last act that was not the bot's own reminder."""
        own = [act for act in self.dossier.acts if act.kind is not ActKind.NUDGED]
        return max((self._day_of(act) for act in own), default=self.dossier.opened_on)

    @staticmethod
    def _day_of(act: Act) -> date:
        """Give the day an act counts for, never before it was told: what is late in telling is not overdue."""
        return max(act.on, act.at.date())

    def _from_base(self, name: str, days: int) -> _Due:
        base = self.where.base
        return _Due("etape", after(base.on, days), self._why(name, base.on, days=self._days(days)))

    def _why(self, name: str, base: date, **values: object) -> str:
        words = ladder().words
        due = words.day(self.dossier.due_on) if self.dossier.due_on else ""
        return words.why[name].format(base=words.day(base), due=due, **values)

    @staticmethod
    def _days(number: int) -> str:
        return ladder().words.days(number)
