"""The clock of an injonction de payer: service, opposition, title, enforcement (arts 1405 s. CPC).

The law that applies is that of the day of the order, whatever the day of the requête.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Literal

from flows.law.calendar import Place
from flows.law.deadlines.clock import ClockStep, StepState, clock_sentence, standing, step
from flows.law.deadlines.compute import LegalDeadline, deadline
from flows.law.law import Law, UnknownForPeriod

Court = Literal["tribunal_judiciaire", "tribunal_de_commerce"]
"""A tribunal des activités économiques counts as a tribunal de commerce."""


class TitleRule(StrEnum):
    """How an order becomes a title: the values of the parameter `regime_titre_injonction`."""

    CERTIFICATE = "certificat"
    WAIT = "attente"


def injonction_clock(  # noqa: PLR0913 - each is a fact of the dossier, given by name
    law: Law,
    *,
    order_on: date,
    served_on: date | None = None,
    served_in_person: bool | None = None,
    opposed_on: date | None = None,
    notice_on: date | None = None,
    court: Court = "tribunal_judiciaire",
    place: Place | None = None,
    today: date,
) -> tuple[ClockStep, ...]:
    """Give the steps of an order from its day to its enforcement, as they stand today.

    `served_in_person` None: not known. `notice_on`: the date of the greffe's letter after an
    opposition. `place`: the debtor's. Raises ValueError when the days are not in order.
    """
    days = [day for day in (order_on, served_on, opposed_on, notice_on) if day is not None]
    if days != sorted(days) or (opposed_on and not served_on) or (notice_on and not opposed_on):
        raise ValueError("an order is made, then served, then opposed, then notified")
    try:
        rule = TitleRule(law.text("regime_titre_injonction", order_on))
    except UnknownForPeriod as unknown:
        words = unknown.sentence
        return (step("ordonnance_ancienne", StepState.OPEN, law, order_on, refusal=words),)
    clock = _Clock(law, order_on, rule, court, place if place is not None else Place(), today)
    service = deadline("signification_ordonnance", order_on, law, place=clock.place)
    state = standing(service, served_on or today)
    if state is StepState.MISSED:
        return (
            clock.step("signification_ordonnance", state, service),
            clock.step("nouvelle_requete", StepState.OPEN),
        )
    if served_on is None:
        return (clock.step("signification_ordonnance", state, service), *clock.not_served())
    done = clock.step("signification_ordonnance", StepState.DONE, service)
    if opposed_on is None:
        return (done, *clock.served(served_on, served_in_person))
    return (done, *clock.opposed(served_on, served_in_person, opposed_on, notice_on))


class _Clock:
    """What every step of one order needs."""

    def __init__(
        self, law: Law, order_on: date, rule: TitleRule, court: Court, place: Place, today: date
    ) -> None:
        self.law, self.order_on, self.rule, self.court = law, order_on, rule, court
        self.place, self.today = place, today

    def step(
        self,
        name: str,
        state: StepState,
        due: LegalDeadline | None = None,
        cautions: tuple[str, ...] = (),
        *,
        at_earliest: bool = False,
    ) -> ClockStep:
        return step(
            name,
            state,
            self.law,
            self.order_on,
            due=due,
            cautions=cautions,
            at_earliest=at_earliest,
        )

    def due(self, name: str, start_on: date) -> LegalDeadline:
        return deadline(name, start_on, self.law, decided_on=self.order_on, place=self.place)

    def say(self, key: str) -> str:
        return clock_sentence(key, self.law, self.order_on)

    @property
    def title(self) -> str:
        """The step of the title, by the rule of the order's day and by the court."""
        if self.rule is TitleRule.CERTIFICATE:
            return "titre_injonction_certificat"
        return "titre_injonction_tc" if self.court == "tribunal_de_commerce" else "titre_injonction"

    def not_served(self) -> tuple[ClockStep, ...]:
        names = ["opposition_injonction", self.title, "validite_titre"]
        return tuple(self.step(name, StepState.LATER) for name in names)

    def served(self, served_on: date, in_person: bool | None) -> tuple[ClockStep, ...]:
        opposition = self.due("opposition_injonction", served_on)
        ended = standing(opposition, self.today)
        cautions = self._person(in_person)
        steps = [
            self.step(
                "opposition_injonction", ended, opposition, cautions, at_earliest=bool(cautions)
            )
        ]
        over = ended is StepState.OVER
        if self.rule is TitleRule.CERTIFICATE:
            asking = StepState.OPEN if over else StepState.LATER
            steps.append(self.step("certificat_non_opposition", asking))
            title = self.due("titre_injonction_certificat", served_on)
            late: tuple[str, ...] = ()
        else:
            title, late = self._wait(served_on, opposition)
        steps.append(self.step(self.title, standing(title, self.today), title, late))
        # The first day on which the title can exist, so that its end is never put too late.
        life = self.due("validite_titre", title.raw_on)
        reached = self.today >= title.safe_on
        state = standing(life, self.today) if reached else StepState.LATER
        return (*steps, self.step("validite_titre", state, life))

    def _person(self, in_person: bool | None) -> tuple[str, ...]:
        if in_person is None:
            return (self.say("person_unknown"),)
        return () if in_person else (self.say("not_in_person"),)

    def _wait(
        self, served_on: date, opposition: LegalDeadline
    ) -> tuple[LegalDeadline, tuple[str, ...]]:
        wait = self.due("titre_injonction", served_on)
        if opposition.safe_on <= wait.safe_on:
            return wait, ()
        longer = replace(
            wait,
            raw_on=opposition.raw_on,
            extended_on=opposition.extended_on,
            safe_on=opposition.safe_on,
        )
        return longer, (self.say("after_opposition_end"),)

    def opposed(
        self, served_on: date, in_person: bool | None, opposed_on: date, notice_on: date | None
    ) -> tuple[ClockStep, ...]:
        opposition = self.due("opposition_injonction", served_on)
        late = in_person is True and opposed_on > opposition.extended_on
        cautions = (self.say("late_opposition"),) if late else ()
        steps = [self.step("opposition_recue", StepState.DONE, opposition, cautions)]
        commerce = self.court == "tribunal_de_commerce"
        if self.rule is TitleRule.WAIT and not commerce and notice_on is None:
            told = self.due("avis_opposition", opposed_on)
            steps.append(self.step("avis_opposition", standing(told, self.today), told))
        name = "consignation_opposition" if commerce else "avocat_opposition"
        if notice_on is None:
            steps.append(self.step(name, StepState.LATER))
        else:
            due = self.due_from_notice(name, notice_on)
            steps.append(self.step(name, standing(due, self.today), due))
        return (*steps, self.step("audience", StepState.LATER))

    def due_from_notice(self, name: str, notice_on: date) -> LegalDeadline:
        """The terms after an opposition are those of the day of the notice, not of the order."""
        return deadline(name, notice_on, self.law, place=self.place)
