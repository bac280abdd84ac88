"""Why a dossier is to be watched: what the client did not do, what the law will not wait for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from flows import ladder
from flows.dossier import Act, ActKind, Dossier
from flows.facts.legal import LegalClocks, clocks_of, limitation_of
from flows.ladder.climb import outcome_of
from flows.ladder.position import is_silence, overindebted
from flows.law import Law
from flows.law.deadlines import StepState
from flows.law.limitation import Limitation, State
from flows.yamlfile import load_yaml

_REACTIONS = (ActKind.PROMISED, ActKind.PART_PAID, ActKind.PAID, ActKind.REOPENED)
"""Acts that say the client reacted, or that all begins anew."""


_OUT_OF_REACH = "injoignable"
"""The flag of an outcome that tells the client could not be reached."""


class Danger(StrEnum):
    """Why a dossier is to be watched, the gravest first."""

    PASSED = "prescription_passee"
    PROCEDURE = "procedure"
    OVERINDEBTED = "surendettement"
    NEAR = "prescription_proche"
    MISSED = "delai_manque"
    CLOCK = "delai_proche"
    PROMISES = "promesses"
    SILENT = "silence"
    TO_CHECK = "prescription_a_verifier"


@dataclass(frozen=True, slots=True)
class Reason:
    """One danger; `on` is the day it speaks of, `count` how often, `label` the clock, where that means something."""

    danger: Danger
    on: date | None = None
    count: int = 0
    label: str = ""


@cache
def habits() -> Mapping[str, Any]:
    """Give the habits of the overview."""
    return dict(load_yaml(resources.files("flows") / "board.yaml"))


def dangers(
    dossier: Dossier, today: date, law: Law, clocks: LegalClocks | None = None
) -> tuple[Reason, ...]:
    """Give why a dossier is to be watched, the gravest first; none when nothing is.

    `clocks`: its legal clocks on that day, when they were worked out already.
    """
    clocks = clocks or clocks_of(dossier, today, law)
    found = [*_of_law(dossier, today, law, clocks), *_of_client(dossier, today)]
    order = list(Danger)
    return tuple(sorted(found, key=lambda reason: order.index(reason.danger)))


def _of_client(dossier: Dossier, today: date) -> Iterator[Reason]:
    if ladder.procedure_open(dossier):
        yield Reason(Danger.PROCEDURE)
        return
    if overindebted(dossier):
        yield Reason(Danger.OVERINDEBTED)
    if broken := ladder.broken_promises(dossier, today):
        yield Reason(Danger.PROMISES, count=broken)
    if (silent := unanswered(dossier)) >= habits()["silent"]:
        yield Reason(Danger.SILENT, count=silent)


def unanswered(dossier: Dossier) -> int:
    """Count what was sent to the client since they last reacted."""
    count = 0
    for act in reversed(dossier.acts):
        if (act.kind in _REACTIONS and dossier.stands(act)) or _answered(act):
            break
        count += act.kind is ActKind.SENT
    return count


def _answered(act: Act) -> bool:
    """Say whether an act tells of something the client said; a silence or a message left is none."""
    if act.kind is not ActKind.ANSWERED or is_silence(act):
        return False
    told = outcome_of(act)
    spoken = told is not None and (told.contacted or told.message_first)
    return told is not None and spoken and _OUT_OF_REACH not in told.flags


def _of_law(dossier: Dossier, today: date, law: Law, clocks: LegalClocks) -> Iterator[Reason]:
    period = clocks.limitation
    assumed = period is None
    if assumed and dossier.due_on is not None:
        # The work is done before it is due: the time may be shorter than that, never longer.
        period = limitation_of(dossier, today, law, dossier.due_on)
    if isinstance(period, Limitation):
        if assumed and period.state in {State.NEAR, State.PASSED}:
            yield Reason(Danger.TO_CHECK)
        elif period.state is State.PASSED:
            yield Reason(Danger.PASSED, period.last_on)
        elif period.state is State.NEAR:
            yield Reason(Danger.NEAR, period.last_on)
    yield from _of_steps(clocks, today)


def _of_steps(clocks: LegalClocks, today: date) -> Iterator[Reason]:
    soon = today + timedelta(days=habits()["soon"])
    for step in clocks.steps:
        if step.deadline is None:
            continue
        if step.state is StepState.MISSED:
            yield Reason(Danger.MISSED, step.deadline.extended_on, label=step.label)
        elif step.state is StepState.OPEN and step.deadline.safe_on <= soon:
            yield Reason(Danger.CLOCK, step.deadline.safe_on, label=step.label)
