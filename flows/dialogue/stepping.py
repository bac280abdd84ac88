"""« Étapes »: the steps of a dossier, one passed, one taken again, what had been sent before."""

from __future__ import annotations

from datetime import date
from functools import partial

from flows.dialogue.actions import dossier_button
from flows.dialogue.following import type_resting
from flows.dialogue.handler import Handler, Misunderstood, View, column, grid
from flows.dialogue.intake import summary
from flows.dialogue.library import pace_of
from flows.dialogue.noting import note_notice
from flows.dialogue.screens import Choice
from flows.dialogue.sending import day_of, read_day
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import Turn
from flows.dossier import TOLD, ActKind, DebtorKind, Stage, Status
from flows.ladder import Progress, Rung, at_law, entry, ladder, procedure_open, rungs
from flows.ladder.model import ORDER
from flows.ladder.position import Position, overindebted, position
from flows.law.calendar import is_working_day
from letters.format import date_courte, date_longue

CALL = "call"
"""The first contact that leaves no text."""
_CALL_DOCUMENT, _CALL_CHANNEL = "script_appel", "appel"


def label(stage: Stage) -> str:
    """Name a step."""
    return words(f"step_{stage.value}")


def steps_of(turn: Turn) -> tuple[Rung, ...]:
    """Give the steps of the dossier in hand."""
    dossier = turn.need_dossier()
    days = turn.library.notice_days(turn.today)
    return rungs(dossier, turn.today, is_working_day, days, pace_of(dossier))


def movable(turn: Turn) -> Position | None:
    """Give where the dossier stands when its next step is the person's to choose.

    None before a judge, in a procedure, or while a plan says what follows.
    """
    dossier = turn.need_dossier()
    if at_law(dossier) or procedure_open(dossier):
        return None
    where = position(dossier)
    own = ladder().step_after(where.done, where.kind)
    return where if where.next is own else None


def earlier(where: Position) -> list[Stage]:
    """Give the steps below the next one that exist for this debtor, lowest first."""
    steps = ladder().steps
    below = ORDER[1 : ORDER.index(where.next)]
    return [stage for stage in below if where.kind in steps[stage].documents]


def actions(turn: Turn) -> set[str]:
    """Give what the person may do with the steps now."""
    dossier, where = turn.need_dossier(), movable(turn)
    if dossier.status is not Status.OPEN or procedure_open(dossier) or overindebted(dossier):
        return set()  # nothing of the ladder comes any more
    found = {"delay"}
    if where is None:
        return found
    if where.next not in {Stage.FORMAL_NOTICE, Stage.ROUTE}:
        found.add("skip")
    if earlier(where):
        found.add("back")
    if dossier.due_on and turn.today > dossier.due_on:
        found.add("told")
    return found


def show_steps(turn: Turn) -> View:
    """List what is behind, what comes next and when, and the days of what would follow."""
    listed = steps_of(turn)
    following = next((r for r in listed if r.progress is Progress.NEXT), None)
    allowed = actions(turn)
    body = say(
        "steps",
        client=summary(turn)[0],
        done=[(label(r.stage), _day(r.on)) for r in listed if r.progress is Progress.DONE],
        skipped=[label(r.stage) for r in listed if r.progress is Progress.SKIPPED],
        next=label(following.stage) if following else "",
        on=_day(following.on) if following else "",
        late=bool(following and following.on and following.on < turn.today),
        why=following.why if following else "",
        later=[(label(r.stage), _day(r.on)) for r in listed if r.progress is Progress.LATER],
        entry=entry(turn.need_dossier()),
        notice=bool(following and following.stage is Stage.FORMAL_NOTICE and "skip" not in allowed),
    )
    own = turn.need_dossier()
    away = [dossier_button(own, choice) for choice in buttons("steps_away")]
    return View(body, grid([*buttons("steps", allowed), *away]))


def _day(day: date | None) -> str:
    return date_longue(day) if day else ""


def press_steps(turn: Turn, key: str) -> None:
    """Change the delay, pass the step, go back, or tell what was sent; a button gone stale shows the steps again."""
    where = movable(turn)
    if key not in actions(turn):
        turn.notes.append(say("stale_screen"))
        turn.stay()
    elif key == "delay":
        turn.fire("change_delay")
    elif key == "back":
        turn.fire("step_back")
    elif key == "told":
        turn.fire("tell_sent")
    elif where is not None:
        after = ladder().step_after(where.next, where.kind)
        _step(turn, where.next, after, "step_skipped")


def _step(turn: Turn, before: Stage, after: Stage, said: str) -> None:
    turn.record(ActKind.STEPPED, turn.today, **{"from": before.value, "to": after.value})
    turn.notes.append(say(said, before=label(before), after=label(after)))
    turn.fire("see_steps", remember=False)


def to_steps(turn: Turn) -> tuple[tuple[Choice, ...], ...]:
    """Give the row that leads from a question back to the steps."""
    return ((dossier_button(turn.need_dossier(), buttons("steps_back")[0]),),)


def show_step_back(turn: Turn) -> View:
    """List the steps to go back to."""
    where = movable(turn)
    choices = [Choice(stage.value, label(stage)) for stage in earlier(where)] if where else []
    return View(say("step_back"), (*column(choices), *to_steps(turn)))


def press_step_back(turn: Turn, key: str) -> None:
    """Make an earlier step the next one again."""
    where = movable(turn)
    if where is not None and Stage(key) in earlier(where):
        _step(turn, where.next, Stage(key), "step_taken_back")
    else:
        turn.fire("see_steps", remember=False)


# --- what had been sent before ----------------------------------------------------------------


def show_step_told(turn: Turn) -> View:
    """Ask what had been sent."""
    kind = turn.need_dossier().debtor_kind or DebtorKind.PROFESSIONAL
    known = {s.value for s, step in ladder().steps.items() if kind in step.documents}
    choices = buttons("step_told", known | {CALL})
    return View(say("step_told", client=summary(turn)[0]), (*grid(choices), *to_steps(turn)))


def press_step_told(turn: Turn, key: str) -> None:
    """Ask its day."""
    turn.set_scratch(told=key)
    turn.fire("pick_told")


def show_step_told_when(turn: Turn) -> View:
    """Ask the day of a sending."""
    told = turn.scratch("told")
    step = next(c.label for c in buttons("step_told") if c.data == told)
    return View(
        say("step_told_when", step=step), (*grid(buttons("step_told_when")), *to_steps(turn))
    )


def press_step_told_when(turn: Turn, key: str) -> None:
    """Note the sending on the day of the button."""
    note_told(turn, day_of(turn, key))


def type_step_told_when(turn: Turn, text: str) -> None:
    """Note the sending on the day typed."""
    note_told(turn, read_day(turn, text, "sent_in_future"))


def note_told(turn: Turn, day: date) -> None:
    """Record what was sent before, without its text; raises `Misunderstood` for a day before the due date."""
    due, told = turn.need_dossier().due_on, turn.scratch("told")
    if due and day <= due:
        raise Misunderstood(words("told_before_due", due=date_courte(due)))
    stage = Stage.FIRST_CONTACT if told == CALL else Stage(told)
    kind = turn.need_dossier().debtor_kind or DebtorKind.PROFESSIONAL
    step = ladder().steps[stage]
    record = partial(turn.record, ActKind.SENT, day, stage=stage.value, told=TOLD)
    if stage is Stage.FORMAL_NOTICE:
        note_notice(turn, day)
    elif told == CALL:
        record(document=_CALL_DOCUMENT, channel=_CALL_CHANNEL)
    else:
        document = step.documents[kind]
        record(document=document, channel=turn.library.catalogue.get(document).channel)
    turn.notes.append(say("told_noted", step=label(stage), on=date_courte(day)))
    turn.drop_scratch()
    # Told before the contact was: its questions go on from there.
    turn.fire("see_steps" if turn.outcome else "go_on", remember=False)


HANDLERS = {
    "steps": Handler(show_steps, press_steps, type_resting),
    "step_back": Handler(show_step_back, press_step_back),
    "step_told": Handler(show_step_told, press_step_told),
    "step_told_when": Handler(show_step_told_when, press_step_told_when, type_step_told_when),
}
