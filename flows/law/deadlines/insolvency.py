"""The clock of a debtor's collective procedure: what to send, to whom, until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

from flows.law.calendar import Place
from flows.law.deadlines.clock import ClockStep, StepState, clock_sentence, standing, step
from flows.law.deadlines.compute import LegalDeadline, work_out
from flows.law.deadlines.table import deadline_table
from flows.law.law import Law, UnknownForPeriod

Procedure = Literal["sauvegarde", "redressement", "liquidation", "inconnu"]


def claim_clock(  # noqa: PLR0913 - each is a fact of the dossier, given by name
    law: Law,
    *,
    procedure: Procedure,
    judgment_on: date | None,
    published_on: date | None,
    creditor_overseas: bool = False,
    court_overseas: bool = False,
    retention_of_title: bool = False,
    declared_on: date | None = None,
    place: Place | None = None,
    today: date,
) -> tuple[ClockStep, ...]:
    """Give the steps after an opening judgment, as they stand today.

    `published_on`: the day of the BODACC, None when not known; the dates are then counted from the
    judgment, marked `at_earliest`, and are absent when that day is unknown too. `creditor_overseas`
    and `court_overseas`: only one of them lengthens the delay; with both, the territory may be the
    same and the shorter reading is kept. `declared_on`: the day the declaration was sent.
    `place`: the creditor's; who lives abroad has the longer delay too. A procedure older than the
    terms on file gives one step that says so. Raises ValueError when the publication or the
    declaration comes before the judgment.
    """
    if judgment_on and any(day and day < judgment_on for day in (published_on, declared_on)):
        raise ValueError("the judgment comes before its publication and the declaration")
    clock = _Claims(law, procedure, judgment_on, published_on, place or Place(), today)
    try:
        return clock.steps(creditor_overseas, court_overseas, retention_of_title, declared_on)
    except UnknownForPeriod as unknown:
        words = unknown.sentence
        return (step("procedure_ancienne", StepState.OPEN, law, clock.on, refusal=words),)


class _Claims:
    """What every step of one procedure needs."""

    def __init__(
        self,
        law: Law,
        procedure: Procedure,
        judgment_on: date | None,
        published_on: date | None,
        place: Place,
        today: date,
    ) -> None:
        self.law, self.procedure, self.today, self.place = law, procedure, today, place
        self.published = published_on is not None
        self.start = published_on or judgment_on
        self.on = self.start or today
        self.whom = self.say(f"whom_{procedure}")

    def steps(
        self,
        creditor_overseas: bool,
        court_overseas: bool,
        retention_of_title: bool,
        declared_on: date | None,
    ) -> tuple[ClockStep, ...]:
        far = creditor_overseas != court_overseas or self.place.abroad
        both = (self.say("both_overseas"),) if creditor_overseas and court_overseas else ()
        declaration = self.step("declaration_creance", far=far, cautions=both)
        if declared_on is not None:
            declaration = self.declared(declaration, declared_on)
        steps = [declaration]
        if declaration.state is StepState.DONE:
            steps.append(self.undated("reponse_contestation"))
        else:
            missed = declaration.state is StepState.MISSED
            steps.append(self.step("releve_forclusion", later=not missed))
            steps.append(self.undated("declaration_apres_releve"))
        if retention_of_title:
            steps.append(self.step("revendication"))
        return (*steps, self.after_opening())

    def say(self, key: str) -> str:
        return clock_sentence(key, self.law, self.on)

    def due(self, name: str, *, far: bool) -> LegalDeadline | None:
        if self.start is None:
            return None
        extra = "delai_declaration_distance" if far else None
        return work_out(
            deadline_table().rules[name], self.start, self.law, self.on, self.place, extra
        )

    def step(
        self,
        name: str,
        *,
        far: bool = False,
        later: bool = False,
        cautions: tuple[str, ...] = (),
    ) -> ClockStep:
        due = self.due(name, far=far)
        state = StepState.OPEN if due is None else standing(due, self.today)
        # Counted from the judgment, the end is only the earliest possible: nothing is lost yet.
        if state is StepState.MISSED and not self.published:
            state = StepState.OPEN
        if later and state is StepState.OPEN:
            state = StepState.LATER
        return step(
            name,
            state,
            self.law,
            self.on,
            due=due,
            cautions=(*self._undated(), *cautions),
            at_earliest=due is not None and not self.published,
            whom=self.whom,
        )

    def _undated(self) -> tuple[str, ...]:
        if self.published:
            return ()
        return (self.say("no_day" if self.start is None else "unpublished"),)

    def declared(self, declaration: ClockStep, sent_on: date) -> ClockStep:
        """Give the declaration as sent; sent after its last day it stays missed."""
        due = declaration.deadline
        late = due is not None and self.published and sent_on > due.extended_on
        return replace(
            declaration,
            state=StepState.MISSED if late else StepState.DONE,
            cautions=(self.say("posted_proof"), *declaration.cautions),
        )

    def undated(self, name: str, cautions: tuple[str, ...] = ()) -> ClockStep:
        return step(name, StepState.LATER, self.law, self.on, cautions=cautions, whom=self.whom)

    def after_opening(self) -> ClockStep:
        """Give what becomes of invoices born after the opening: only a liquidation sets a day."""
        if self.procedure != "liquidation":
            return self.undated("creances_posterieures")
        name = "creances_posterieures_liquidation"
        try:
            return self.step(name)
        except UnknownForPeriod as unknown:
            return self.undated(name, (unknown.sentence,))
