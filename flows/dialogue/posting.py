"""What becomes of a letter that left: its tracking number, the day it arrived, how it came back."""

from __future__ import annotations

from datetime import date

from flows import post
from flows.dialogue.choosing import chosen_key
from flows.dialogue.handler import Handler, Misunderstood, View, column
from flows.dialogue.sending import day_of, read_day
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import Turn
from flows.dossier import ActKind, DebtorKind
from flows.reading import Refused, read_tracking, sentence

UNKNOWN_THERE = "inconnu"
"""How a letter came back that reached nobody: no delay runs from it."""
NOT_YET = "not_yet"
LATER = "later"


# --- the tracking number -----------------------------------------------------------------------


def show_tracking(turn: Turn) -> View:
    """Ask the tracking number of the last registered letter."""
    return View(say("tracking"), column(buttons("tracking")), no=LATER)


def press_tracking(turn: Turn, key: str) -> None:
    """Leave it for later."""
    assert key == LATER
    turn.fire("answered", remember=False)


def type_tracking(turn: Turn, text: str) -> None:
    """Keep the number; « plus tard » and « non » leave it for later, as the button does."""
    match read_tracking(text):
        case Refused(code, params):
            try:
                later = chosen_key(show_tracking(turn), text)
            except Misunderstood:
                raise Misunderstood(sentence(code, **params)) from None
            press_tracking(turn, later)
            return
        case understood:
            number: str = understood.value
    letter = post.awaiting_number(turn.need_dossier())
    if letter is not None:
        turn.record(ActKind.TRACKED, number=number, document=letter.text("document"))
    turn.notes.append(say("tracking_noted", number=number))
    turn.fire("answered", remember=False)


# --- the arrival -------------------------------------------------------------------------------


def show_received(turn: Turn) -> View:
    """Ask the day a letter arrived, or how it came back."""
    letter = post.awaiting_receipt(turn.need_dossier())
    number = post.number_of(turn.need_dossier(), letter) if letter else ""
    registered = letter is not None and letter.text("channel") == post.REGISTERED
    wanted = {"today", "yesterday", NOT_YET}
    if registered:
        wanted |= {key for key, _ in _how()}
    return View(say("received_on", number=number), column(buttons("received_on", wanted)))


def _how() -> list[tuple[str, str]]:
    """Give the ways a registered letter comes back, as (key of the button, what the act keeps)."""
    return [("unclaimed", "non_reclamee"), ("refused", "refusee"), ("unknown", UNKNOWN_THERE)]


def press_received(turn: Turn, key: str) -> None:
    """Record the receipt, ask when it came back, or leave it open."""
    if key == NOT_YET:
        turn.fire("answered", remember=False)
    elif how := dict(_how()).get(key):
        turn.set_scratch(how=how)
        turn.fire("came_back")
    else:
        record_received(turn, day_of(turn, key))


def type_received(turn: Turn, text: str) -> None:
    """Read the day and record the receipt."""
    record_received(turn, read_day(turn, text, "received_in_future"))


def record_received(turn: Turn, day: date, how: str = "") -> None:
    """Append the receipt of the last letter: its delay runs from that day; `how` it was not taken, if so."""
    letter = post.awaiting_receipt(turn.need_dossier())
    if letter is not None and day < letter.on:
        raise Misunderstood(words("received_before_sent"))
    document = letter.text("document") if letter else ""
    data = {"document": document, "how": how} if how else {"document": document}
    kind = ActKind.RETURNED if how == UNKNOWN_THERE else ActKind.RECEIVED
    turn.record(kind, day, **data)
    if how:
        client = turn.need_dossier().debtor_kind is DebtorKind.CONSUMER
        turn.notes.append(say(f"returned_{how}", on=day, consumer=client))
    turn.drop_scratch()
    turn.fire("answered", remember=False)


# --- the return --------------------------------------------------------------------------------


def show_returned(turn: Turn) -> View:
    """Ask the day of the first presentation, or of the return of a letter that reached nobody."""
    body = say("returned_on", unknown=turn.scratch("how") == UNKNOWN_THERE)
    return View(body, column(buttons("returned_on")))


def press_returned(turn: Turn, key: str) -> None:
    """Record the day of the button, or say that it was not that."""
    if key == NOT_YET:
        turn.drop_scratch()
        turn.fire("received", remember=False)
    else:
        record_received(turn, day_of(turn, key), turn.scratch("how"))


def type_returned(turn: Turn, text: str) -> None:
    """Read the day and record it."""
    record_received(turn, read_day(turn, text, "received_in_future"), turn.scratch("how"))


HANDLERS = {
    "tracking": Handler(show_tracking, press_tracking, type_tracking),
    "received_on": Handler(show_received, press_received, type_received),
    "returned_on": Handler(show_returned, press_returned, type_returned),
}
