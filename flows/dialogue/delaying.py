"""Choosing when the next step comes: from its sending, the due date, a receipt, the end of the month, or a day."""

from __future__ import annotations

from datetime import date, timedelta

from flows.dialogue.handler import Handler, Misunderstood, View, grid
from flows.dialogue.intake import summary
from flows.dialogue.library import pace_of
from flows.dialogue.stepping import label, to_steps
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import Turn
from flows.dossier import ActKind, Stage
from flows.ladder import (
    Base,
    Deadline,
    Delay,
    next_deadline,
    notice_runs_until,
    reminder_runs_until,
)
from flows.ladder.bases import bases_of
from flows.ladder.delays import count, data_of
from flows.ladder.position import position
from flows.law.calendar import is_working_day
from flows.post import awaiting_receipt
from flows.reading import After, Refused, read_after, sentence
from letters.format import date_longue

DAYS = {"d3": 3, "d7": 7, "d14": 14}
"""Days from today, by button."""
_TODAY = "today"


def due(turn: Turn) -> Deadline | None:
    """Give the deadline of the next step, legal clocks apart."""
    dossier = turn.need_dossier()
    notice = turn.library.notice_days(turn.today)
    return next_deadline(dossier, turn.today, is_working_day, notice, pace_of(dossier))


def show_step_delay(turn: Turn) -> View:
    """Say when the next step comes and from what, and ask when it should."""
    dossier, following = turn.need_dossier(), due(turn)
    where, law = position(dossier), _law_runs_until(turn)
    offered = {*DAYS, "end", *(["habit"] if where.chosen is not None else [])}
    if law:
        offered -= {key for key, days in DAYS.items() if turn.today + timedelta(days=days) < law}
    body = say(
        "step_delay",
        step=label(where.next),
        client=summary(turn)[0],
        on=date_longue(following.on) if following else "",
        why=following.why if following else "",
        law=date_longue(law) if law else "",
    )
    return View(body, (*grid(buttons("step_delay", offered)), *to_steps(turn)))


def _law_runs_until(turn: Turn) -> date | None:
    """Give the first day after the delay of a letter that still runs, None without one."""
    dossier = turn.need_dossier()
    days = turn.library.notice_days(turn.today)
    ends = (notice_runs_until, reminder_runs_until)
    running = [end for run in ends if (end := run(dossier, is_working_day, days))]
    until = max(running, default=turn.today)
    return until if until > turn.today else None


def press_step_delay(turn: Turn, key: str) -> None:
    """Take the delay of a button."""
    if key == "habit":
        record(turn)
    elif key == "end":
        choose(turn, Delay(0, Base.MONTH_END, Base.ACT))
    else:
        choose(turn, turn.today + timedelta(days=DAYS[key]))


def type_step_delay(turn: Turn, text: str) -> None:
    """Read the delay typed."""
    match read_after(text, turn.today):
        case Refused(code, params):
            raise Misunderstood(sentence(code, **params))
        case understood:
            said = understood.value
    choose(turn, said if isinstance(said, date) else _delay(said))


def _delay(said: After) -> Delay:
    base = Base.ACT if said.base == _TODAY else Base(said.base)
    if said.month_end:
        return Delay(said.days, Base.MONTH_END, base, said.months)
    return Delay(said.days, base, months=said.months)


def choose(turn: Turn, wanted: Delay | date) -> None:
    """Record the choice; raises `Misunderstood` for a day that is past, or sooner than the law allows."""
    if isinstance(wanted, date):
        _check(turn, wanted)
        record(turn, wanted)
        return
    dossier = turn.need_dossier()
    found = count(wanted, bases_of(dossier, turn.today))
    awaited = awaiting_receipt(turn.need_dossier()) if wanted.base is Base.RECEIPT else None
    if awaited is None and found is None:
        raise Misunderstood(words(f"delay_base_{wanted.base.value}"))
    if awaited is None and found is not None:
        _check(turn, found.on)
    record(turn, wanted)


def _check(turn: Turn, day: date) -> None:
    law = _law_runs_until(turn)
    if law and day < law:
        raise Misunderstood(words("delay_of_the_law", on=date_longue(law)))
    if day <= turn.today:
        raise Misunderstood(words("delay_past", on=date_longue(day)))


def record(turn: Turn, wanted: Delay | date | None = None) -> None:
    """Append the choice, the habit again without one, and say what day it makes."""
    stage = position(turn.need_dossier()).next
    match wanted:
        case Delay():
            turn.record(ActKind.DELAYED, turn.today, stage=stage.value, **data_of(wanted))
        case None:
            turn.record(ActKind.DELAYED, stage=stage.value)
        case _:
            turn.record(ActKind.DELAYED, stage=stage.value, until=wanted)
    _note(turn, stage, wanted)
    turn.drop_scratch()
    turn.fire("see_steps", remember=False)


def _note(turn: Turn, stage: Stage, wanted: Delay | date | None) -> None:
    awaited = (
        isinstance(wanted, Delay)
        and wanted.base is Base.RECEIPT
        and awaiting_receipt(turn.need_dossier())
    )
    if awaited:
        turn.notes.append(say("delay_waits_for_receipt"))
        return
    following = due(turn)
    turn.notes.append(
        say(
            "delay_noted",
            step=label(stage),
            on=date_longue(following.on) if following else "",
        )
    )


HANDLERS = {"step_delay": Handler(show_step_delay, press_step_delay, type_step_delay)}
