"""The words of the ladder: its steps, what each delay counts from, and the deadlines that come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.dossier import Cause, DebtorKind, Stage
from flows.ladder.delays import Base, Delay

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

ORDER = (
    Stage.BEFORE_DUE,
    Stage.FIRST_CONTACT,
    Stage.REMINDER_1,
    Stage.REMINDER_2,
    Stage.LAST_REMINDER,
    Stage.FORMAL_NOTICE,
    Stage.ROUTE,
)
"""The rungs, lowest first. `Stage.HOLD` is a pause on any of them."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day on which the dossier wakes.

    `key` names it within its dossier and stays the same however often it is computed. `stage` is the step that
    comes then; `what` says what woke it: "etape", "controle" (due date passed), "promesse", "virement",
    "echeance" (an instalment), "reception" (of a registered letter), "voie" (a notice has run out),
    "declaration" (a collective procedure: the claim is to be declared), "reprise" (a pause is over).
    `why` is French, without a capital or a full stop: what the day counts from, and why it was moved if it was.
    `late`: the day is past. `document`, `channel`, `tone`: the habit for the step, None when the step has none.
    """

    key: str
    stage: Stage
    on: date
    why: str
    late: bool
    what: str
    document: str | None = None
    channel: str | None = None
    tone: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A rung: its delay, and the habit for each kind of debtor that has the step."""

    stage: Stage
    delay: Delay
    channel: str
    tone: str
    documents: Mapping[DebtorKind, str]
    why: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What sending a document starts: a delay, the rung it climbs at least, a fact to wait for as well.

    `notice`: a mise en demeure, whose delay is the law's and counts from its receipt; here it has no day.
    `rung`: a text of the ladder, which climbs the step it was sent for; any other climbs `stage` at most.
    """

    delay: Delay
    stage: Stage
    notice: bool
    rung: bool
    until: str | None


@dataclass(frozen=True, slots=True)
class Habits:
    """The delays that no text fixes, in days unless said otherwise."""

    min_gap: int
    closed_weekdays: frozenset[int]
    repeat_days: int
    repeat_times: int
    after_due: int
    after_promise: int
    after_part_payment: int
    after_answer: int
    after_route: int
    after_route_taken: int
    of_a_judge: frozenset[str]
    of_the_client: frozenset[str]
    after_answer_working: Mapping[str, int]
    silences: frozenset[str]
    after_change: int
    receipt_check: int
    receipt_assumed: int
    after_notice: int
    after_instalment: int
    plan_delay_kinds: frozenset[DebtorKind]
    registered_channels: frozenset[str]
    follow_up_default: Delay
    after_procedure: int
    declaration_days: int
    declaration_times: int
    pause_looks_ahead: int


@dataclass(frozen=True, slots=True)
class Paces:
    """What multiplies the habitual delays: by kind of debtor and by cause, within bounds."""

    least: Decimal
    most: Decimal
    kinds: Mapping[DebtorKind, Decimal]
    causes: Mapping[str, Decimal]

    def of(self, kind: DebtorKind, cause: str, stake: Decimal) -> Decimal:
        """Give the pace of a dossier; a cause that is not known has its own, `stake` is what the stake adds."""
        known = cause if cause in self.causes else Cause.UNKNOWN.value
        found = self.kinds[kind] * self.causes[known] * stake
        return min(max(found, self.least), self.most)


@dataclass(frozen=True, slots=True)
class Words:
    """The French of the reasons; `moved` says why a day was moved, by what moved it.

    `after` and `same` say a delay by its base, with and without days.
    """

    why: Mapping[str, str]
    moved: Mapping[str, str]
    after: Mapping[Base, str]
    same: Mapping[Base, str]
    one_day: str
    many_days: str
    some_months: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    first: str

    def day(self, day: date) -> str:
        """Write a date in full, as in « 1er mars 2026 »."""
        return f"{self._day_of_month(day)} {day.year}"

    def weekday(self, day: date) -> str:
        """Write a near date with its weekday, as in « dimanche 1er mars »."""
        return f"{self.weekdays[day.weekday()]} {self._day_of_month(day)}"

    def _day_of_month(self, day: date) -> str:
        number = self.first if day.day == 1 else str(day.day)
        return f"{number} {self.months[day.month - 1]}"

    def days(self, number: int) -> str:
        """Write a number of days."""
        return (self.one_day if number == 1 else self.many_days).format(n=number)

    def delay(self, delay: Delay, since: date) -> str:
        """Write a delay with the day it counts from, as in « 3 jours après l’échéance du 15 octobre 2026 »."""
        length = self.days(delay.days) if delay.days else ""
        if delay.months and delay.counts_from is not Base.MONTH_END:
            months = self.some_months.format(n=delay.months)
            length = f"{months} + {length}" if length else months
        text = (self.after if length else self.same)[delay.counts_from]
        return text.format(days=length, base=self.day(since))


@dataclass(frozen=True, slots=True)
class Ladder:
    """All the content of ladder.yaml."""

    steps: Mapping[Stage, Step]
    follow_up: Mapping[str, FollowUp]
    habits: Habits
    paces: Paces
    words: Words

    def step_after(self, done: Stage | None, kind: DebtorKind) -> Stage:
        """Give the rung above `done` that exists for this debtor, the choice of a route after the last."""
        start = 1 if done is None else max(ORDER.index(done) + 1, 1)
        for stage in ORDER[start:-1]:
            if kind in self.steps[stage].documents:
                return stage
        return Stage.ROUTE
