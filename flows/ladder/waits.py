"""What a dossier waits for, before the rules on contacts and closed days are applied."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from flows.dossier import Act, ActKind, DebtorKind, Dossier, Stage
from flows.ladder.bases import bases_of, last_sent
from flows.ladder.catalogue import ladder
from flows.ladder.days import Calendar, after, paced, working_days_after
from flows.ladder.delays import Delay, count, delay_of
from flows.ladder.position import (
    Position,
    at_law,
    claim_declared,
    hold_until,
    is_contact,
    is_silence,
    overindebted,
    plan_runs,
)
from flows.plan import REMINDER
from flows.post import undelivered
from letters.format import euros

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal


DECLARATION = "declaration"
"""What wakes a dossier whose debtor is in a collective procedure."""
BY_PAUSE = "pause"
"""What a resumption says when the day of a pause came by itself."""
_PROCEDURE = ActKind.PROCEDURE_OPENED
_PUBLISHED = "publication_bodacc"
"""What is noted when the notice of a procedure was found."""


@dataclass(frozen=True, slots=True)
class Due:
    """A day before the rules on contacts are applied: what wakes, when, why; `asked`: the person chose it."""

    what: str
    on: date
    why: str
    asked: bool = False


def day_of(act: Act) -> date:
    """Give the day an act counts for, never before it was told: what is late in telling is not overdue."""
    return max(act.on, act.at.date())


def _day(due: Due) -> date:
    return due.on


@dataclass(frozen=True, slots=True)
class Waits:
    """What one dossier waits for, counted from its acts."""

    dossier: Dossier
    where: Position
    calendar: Calendar
    notice_days: Mapping[DebtorKind, int]
    pace: Decimal

    def dues(self) -> list[Due]:
        """Give what the acts call for: one day, and the receipt of a letter to note beside it."""
        if self.where.stopped:
            # Declared, it is in the hands of the mandataire: only the legal clocks speak then.
            return [] if claim_declared(self.dossier) else [self._declaration()]
        if overindebted(self.dossier):
            return []  # the commission has the debts: only the legal clocks speak
        notice = self.notice()
        held = self._announced() or self._not_due()
        main = held or self._counted()
        if chosen := self._chosen():
            # What was announced, a due date to come and what a plan leaves are waited for whatever was chosen.
            floor = held or self._left_by_a_plan()
            main = max((floor, replace(chosen, what=floor.what)), key=_day) if floor else chosen
        if notice and not self.where.announced:
            main = max((notice, replace(main, what=notice.what)), key=_day)
        check = self._receipt()
        return [check, main] if check else [main]

    # --- what each kind of wait counts from ----------------------------------------------------

    def _declaration(self) -> Due:
        """Give the day to speak of the claim to declare: nothing else is waited for in a procedure."""
        on = after(day_of(self.where.base), ladder().habits.after_procedure)
        told = (act.data.get("published_on") for act in self.dossier.acts_of(_PROCEDURE))
        published = [day for day in told if isinstance(day, date)]
        noted = self.dossier.happened_on(_PUBLISHED)
        published += [noted] if noted else []
        why = (
            self._why("published", published[-1]) if published else ladder().words.why[DECLARATION]
        )
        return Due(DECLARATION, on, why)

    def _announced(self) -> Due | None:
        said = self.where.announced
        if said is None:
            return None
        on = hold_until(said, self.calendar)
        if is_silence(self.where.base) and on <= day_of(self.where.base):
            # It did not come, and that was noted: the days count from there.
            return None
        if said.working_days:
            days = self._days(said.working_days)
            return Due("virement", on, self._why("transfer", said.on, days=days))
        if said.number:
            sum_due = euros(said.amount or 0)
            why = self._why("instalment", said.on, number=said.number, amount=sum_due)
            return Due("echeance", on, why)
        if said.amount is not None:
            return Due("promesse", on, self._why("promise_sum", said.on, amount=euros(said.amount)))
        return Due("promesse", on, self._why("promise", said.on))

    def _chosen(self) -> Due | None:
        """Give the day the person chose for the next step; one that passed before something else came holds no more."""
        if self.where.chosen is None:
            return None
        act, words = self.dossier.acts[self.where.chosen], ladder().words
        until = act.data.get("until")
        if isinstance(until, date):
            found, why = until, words.why["chosen_day"].format(base=words.day(until))
        else:
            delay = delay_of(act.data)
            known = bases_of(self.dossier, act.on)
            counted = count(delay, known) if delay else None
            if delay is None or counted is None:
                return None
            found = counted.on
            why = words.why["chosen"].format(delay=words.delay(delay, counted.since))
        passed = self.where.index > self.where.chosen and found <= day_of(self.where.base)
        return None if passed else Due("etape", found, why, asked=True)

    def _not_due(self) -> Due | None:
        due = self.dossier.due_on
        if due is None or day_of(self.where.base) > due:
            return None
        return Due("controle", after(due, ladder().habits.after_due), self._why("after_due", due))

    def _counted(self) -> Due:
        """Count from the last act that moved the dossier."""
        base, habits = self.where.base, ladder().habits
        match base.kind:
            case ActKind.SENT | ActKind.RECEIVED:
                return self._after_sending()
            case ActKind.ANSWERED if is_silence(base) and at_law(self.dossier):
                return self._from_base("silence", paced(habits.after_route_taken, self.pace))
            case ActKind.HAPPENED:
                return self._after_event(base.text("what"))
            case ActKind.RETURNED:
                return self._from_base("returned", habits.after_change)
            case ActKind.ROUTE_CHOSEN:
                return self._from_base("route_taken", paced(habits.after_route_taken, self.pace))
            case ActKind.PART_PAID:
                days = paced(habits.after_part_payment, self.pace)
                return self._from_base("part_payment", days)
            case ActKind.ANSWERED if working := habits.after_answer_working.get(
                base.text("outcome")
            ):
                on = working_days_after(base.on, working, self.calendar, habits.closed_weekdays)
                return Due("etape", on, self._why("call_again", base.on))
            case ActKind.ANSWERED if self.where.next is Stage.ROUTE and self._notice_over():
                return self._from_base("route", paced(habits.after_route, self.pace))
            case ActKind.ANSWERED if is_silence(base):
                return self._from_base("silence", self._after_answer())
            case ActKind.ANSWERED | ActKind.PROMISED if base.kind is ActKind.PROMISED or is_contact(
                base
            ):
                return self._from_base("answer", self._after_answer())
            case ActKind.RESUMED | ActKind.REOPENED:
                # The end of a pause was said the day it came: it is not said again the day after.
                said = base.text("by") == BY_PAUSE
                back = self._from_base(
                    "resumed", habits.repeat_days if said else habits.after_change
                )
                sent = self.dossier.last(ActKind.SENT)
                return max((back, self._after_sending()), key=lambda due: due.on) if sent else back
            case _:
                return self._opened()

    def _after_event(self, what: str) -> Due:
        """Count from what was noted: what the client says calls for an answer, a judge takes longer."""
        habits = ladder().habits
        if what in habits.of_the_client:
            return self._from_base("answer", self._after_answer())
        return self._from_base("happened", paced(habits.after_route_taken, self.pace))

    def _notice_over(self) -> bool:
        """Say whether the last act came once the delay of the mise en demeure had run out."""
        notice = self.notice() if self.notice_days else None
        return notice is None or notice.on <= day_of(self.where.base)

    def _opened(self) -> Due:
        """Count the first contact from the due date; an older debt is taken up at once."""
        why = "opened" if self.dossier.due_on else "resumed"
        soon = self._from_base(why, ladder().habits.after_change)
        step = self._step()
        return step if step and step.on >= soon.on else soon

    def _after_sending(self) -> Due:
        sent = last_sent(self.dossier)
        if sent is None:
            return self._from_base("answer", self._after_answer())
        if agreed := self._left_by_a_plan():
            return agreed
        follow_up = ladder().follow_up.get(sent.text("document"))
        habit = follow_up.delay if follow_up else ladder().habits.follow_up_default
        found = self._due(habit.at_pace(self.pace)) or self._opened()
        on = found.on
        waited = self.dossier.get(follow_up.until) if follow_up and follow_up.until else None
        if isinstance(waited, date) and waited >= on:
            return Due("etape", after(waited, 1), self._why("promise", waited))
        step = self._step()
        if step and step.on > on:
            return step
        asked = sent.data.get("asked_by")
        if isinstance(asked, date) and asked >= on:
            # The text gave the client until that day: it must be over before anything else is said.
            return Due("etape", after(asked, 1), self._why("asked", asked))
        return found

    def _left_by_a_plan(self) -> Due | None:
        """Give the end of the delay of `agreed_delay` while nothing was sent since that reminder."""
        sent = last_sent(self.dossier)
        return self.agreed_delay() if sent and sent.text("document") == REMINDER else None

    def agreed_delay(self) -> Due | None:
        """Give the day the delay of the reminder of an instalment is over, for those whose agreement has one.

        It counts from its receipt, assumed while a registered letter has none.
        """
        found = [a for a in self.dossier.acts_of(ActKind.SENT) if a.text("document") == REMINDER]
        if not found or self.where.kind not in ladder().habits.plan_delay_kinds:
            return None
        sent = found[-1]
        if not (plan_runs(self.dossier) and self.notice_days):
            return None
        index = max(i for i, act in enumerate(self.dossier.acts) if act is sent)
        received = self._received(index, sent)
        base = received.on if received else sent.on
        assumed = received is None and self._registered(sent)
        days = self.notice_days[self.where.kind]
        wait = days + ladder().habits.after_notice + assumed * ladder().habits.receipt_assumed
        return Due("etape", after(base, wait), self._why("agreed", base, days=self._days(days)))

    def _step(self) -> Due | None:
        """Give the next rung by its own delay, None without a rung or without what it counts from."""
        step = ladder().steps.get(self.where.next)
        if step is None:
            return None
        found = self._due(step.delay.at_pace(self.pace))
        return found and replace(found, why=step.why.format(delay=found.why))

    def _due(self, delay: Delay) -> Due | None:
        """Give the day a delay ends and what it counts from, None while its base is not known."""
        found = count(delay, bases_of(self.dossier, self.where.base.on))
        if found is None:
            return None
        return Due("etape", found.on, ladder().words.delay(delay, found.since))

    # --- the mise en demeure --------------------------------------------------------------------

    def _letter(self) -> tuple[int, Act] | None:
        """Give the last mise en demeure sent, with its index."""
        bygone = self.dossier.bygone | undelivered(self.dossier)
        for index in range(len(self.dossier.acts) - 1, -1, -1):
            act = self.dossier.acts[index]
            if not self.dossier.stands(act):
                continue
            follow_up = ladder().follow_up.get(act.text("document"))
            notice = act.kind is ActKind.SENT and follow_up and follow_up.notice
            if notice and index not in bygone and self.dossier.stands(act):
                return index, act
        return None

    def _received(self, index: int, letter: Act) -> Act | None:
        later = filter(self.dossier.stands, self.dossier.acts[index + 1 :])
        named = {"", letter.text("document")}
        return next(
            (a for a in later if a.kind is ActKind.RECEIVED and a.text("document") in named), None
        )

    def _registered(self, letter: Act) -> bool:
        return letter.text("channel") in ladder().habits.registered_channels

    def notice(self) -> Due | None:
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
        if received and received.text("how"):
            name = "notice_presented"
        return Due("voie", on, self._why(name, base, days=self._days(days)))

    def _receipt(self) -> Due | None:
        """Give the day to ask for the receipt, while nothing else has happened since the letter left."""
        found = self._letter()
        if found is None or found[0] != self.where.index or not self._registered(found[1]):
            return None
        on = after(found[1].on, ladder().habits.receipt_check)
        return Due("reception", on, self._why("receipt", found[1].on))

    def _after_answer(self) -> int:
        """Give the days after an answer: however fast the pace, two contacts stay apart."""
        habits = ladder().habits
        return max(paced(habits.after_answer, self.pace), habits.min_gap)

    def _from_base(self, name: str, days: int) -> Due:
        base = self.where.base
        return Due("etape", after(base.on, days), self._why(name, base.on, days=self._days(days)))

    def _why(self, name: str, base: date, **values: object) -> str:
        words = ladder().words
        due = words.day(self.dossier.due_on) if self.dossier.due_on else ""
        return words.why[name].format(base=words.day(base), due=due, **values)

    @staticmethod
    def _days(number: int) -> str:
        return ladder().words.days(number)
