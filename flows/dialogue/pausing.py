"""A pause with its end: what the law counts meanwhile is said first, and the dossier resumes by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from flows.dialogue.actions import way_back
from flows.dialogue.handler import Handler, Misunderstood, View, column, grid
from flows.dialogue.intake import summary
from flows.dialogue.texts import buttons, say
from flows.dialogue.turn import Turn
from flows.dossier import ActKind, Status
from flows.facts.alarms import Alarm, alarms_of
from flows.ladder import PAUSE_OVER, ladder
from flows.ladder.waits import BY_PAUSE
from flows.law.calendar import add_months
from flows.reading import Refused, Understood, read_delay, read_yes_no, sentence
from letters.format import date_longue

ENDS: dict[str, Callable[[date], date]] = {
    "w1": lambda today: today + timedelta(weeks=1),
    "w2": lambda today: today + timedelta(weeks=2),
    "m1": lambda today: add_months(today, 1),
}
"""The day a pause ends, by button."""
NO_END = "sans"
"""What stands for a pause without a day while it is being confirmed."""


def show_pause_until(turn: Turn) -> View:
    """Ask until when; or, when the law counts something meanwhile, whether to pause all the same."""
    asked = turn.conversation.scratch.get("until")
    if asked is None:
        rows = (*grid(buttons("pause_until")), *way_back(turn))
        return View(say("pause_until", client=summary(turn)[0]), rows)
    until = asked if isinstance(asked, date) else None
    body = say(
        "pause_confirm",
        until=date_longue(until) if until else "",
        clocks=[(date_longue(alarm.on), alarm.why) for alarm in clocks_within(turn, until)],
    )
    return View(body, (*column(buttons("pause_confirm")), *way_back(turn)), yes="go", no="redo")


def clocks_within(turn: Turn, until: date | None) -> list[Alarm]:
    """Give the first alarm of each legal clock that falls in a pause; of one without a day, in the year."""
    if turn.need_dossier().due_on is None:
        return []
    last = until or add_months(turn.today, ladder().habits.pause_looks_ahead)
    found: dict[str, Alarm] = {}
    for alarm in alarms_of(turn.need_dossier(), turn.today, turn.library.law):
        if alarm.on <= last:
            found.setdefault(alarm.what, alarm)
    return list(found.values())


def press_pause_until(turn: Turn, key: str) -> None:
    """Take the day of a button, or the answer to what falls meanwhile."""
    asked = turn.conversation.scratch.get("until")
    if key == "redo":
        turn.drop_scratch("until")
        turn.stay()
    elif key == "go":
        pause(turn, asked if isinstance(asked, date) else None)
    else:
        ask(turn, ENDS[key](turn.today) if key in ENDS else None)


def type_pause_until(turn: Turn, text: str) -> None:
    """Read the day typed, or a plain yes or no."""
    said = read_yes_no(text)
    if "until" in turn.conversation.scratch and isinstance(said, Understood):
        press_pause_until(turn, "go" if said.value else "redo")
        return
    match read_delay(text, turn.today):
        case Refused(code, params):
            raise Misunderstood(sentence(code, **params))
        case understood:
            ask(turn, understood.value)


def ask(turn: Turn, until: date | None) -> None:
    """Pause, once it is known that the law counts nothing meanwhile; else say what it does, and ask."""
    if clocks_within(turn, until):
        turn.set_scratch(until=until or NO_END)
        turn.stay()
    else:
        pause(turn, until)


def pause(turn: Turn, until: date | None) -> None:
    """No reminder until that day, nor after it without one."""
    if until is None:
        turn.record(ActKind.PAUSED)
    else:
        turn.record(ActKind.PAUSED, until=until)
    turn.drop_scratch()
    turn.fire("rest", remember=False)


def resume_if_paused(turn: Turn, key: str) -> None:
    """Take the dossier in hand up again when what woke it is the end of its pause."""
    ended = key.partition("@")[0] == PAUSE_OVER
    if ended and turn.need_dossier().status is Status.PAUSED:
        turn.record(ActKind.RESUMED, by=BY_PAUSE)


HANDLERS = {"pause_until": Handler(show_pause_until, press_pause_until, type_pause_until)}
