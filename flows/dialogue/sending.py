"""« J’ai envoyé »: how and when, for that act starts the next clock."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import letters
from flows.dialogue.handler import Handler, Misunderstood, View, column
from flows.dialogue.noting import note, note_credit
from flows.dialogue.offering import routes, situation
from flows.dialogue.remade import EDITED
from flows.dialogue.screens import Choice
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import IN_HAND, Turn
from flows.dialogue.writing import document, make
from flows.dossier import ActKind
from flows.facts.occurrences import occurrences
from flows.reading import Refused, read_date, sentence
from flows.values import Value

CHANNELS = {
    "sms": ("sms", "mail"),
    "mail": ("mail", "sms", "plateforme", "courrier"),
    "lrar": ("lrar", "courrier", "mail", "main"),
    "appel": ("appel",),
    "depot": ("lrar", "depot", "plateforme", "courrier"),
    "main": ("main", "mail", "lrar", "courrier"),
}
"""Channels offered for a document, by the one it is written for: the likeliest first."""
TO_DEBTOR = "debiteur"
"""The addressee whose documents climb the ladder; others get theirs beside it."""
PLAN = ("instalments", "first_instalment_on")
"""What a plan that was sent binds to: the number of its payments and the day of the first."""


def show_sent_how(turn: Turn) -> View:
    """Ask by what means it left."""
    chosen = document(turn)
    choices = [Choice(c, words(f"channel_{c}")) for c in CHANNELS[chosen.channel]]
    return View(say("sent_how", kind=chosen.kind), column(choices))


def press_sent_how(turn: Turn, key: str) -> None:
    """Keep the channel."""
    turn.set_scratch(channel=key)
    turn.fire("answered")


def show_sent_when(turn: Turn) -> View:
    """Ask the day."""
    return View(say("sent_when"), column(buttons("sent_when")))


def day_of(turn: Turn, key: str) -> date:
    """Give the day a button names."""
    return turn.today - timedelta(days=1 if key == "yesterday" else 0)


def press_sent_when(turn: Turn, key: str) -> None:
    """Record the sending."""
    record_sent(turn, day_of(turn, key))


def type_sent_when(turn: Turn, text: str) -> None:
    """Read the day and record the sending."""
    day = read_day(turn, text, "sent_in_future")
    due = turn.need_dossier().due_on
    if due and day < due - timedelta(days=366):
        raise Misunderstood(words("sent_before_opening"))
    record_sent(turn, day)


def read_day(turn: Turn, text: str, refusal: str) -> date:
    """Read a day that is not in the future; raises `Misunderstood` otherwise."""
    match read_date(text, turn.today, prefer="past"):
        case Refused(code, params):
            raise Misunderstood(sentence(code, **params))
        case understood:
            day: date = understood.value
    if day > turn.today:
        raise Misunderstood(words(refusal))
    return day


def record_sent(turn: Turn, day: date) -> None:
    """Append the act of sending, with the text as it left, and put the draft away."""
    draft, chosen = make(turn), document(turn)
    left: dict[str, Value] = {
        "document": draft.document_id,
        "channel": turn.scratch("channel"),
        "draft": draft.to_json(),
    }
    asked, stage = asked_by(turn), turn.stage.value
    if chosen.records:
        _note(turn, chosen, day)  # first: it may refuse the day, and then nothing was sent
    if chosen.addressee == TO_DEBTOR:
        turn.record(ActKind.SENT, day, **left, stage=stage, **asked, **keep_plan(turn))
    else:
        turn.record(ActKind.FILED, day, **left)
        _take_route(turn, chosen, day)
    turn.put(turn.need_dossier().without_facts(EDITED + draft.document_id, IN_HAND))
    turn.leave()  # it left: « Retour » does not lead back to how
    turn.fire("answered", remember=False)


def _note(turn: Turn, chosen: letters.Document, day: date) -> None:
    """Note what sending a document makes happen; of a credit note, its sum."""
    amount = turn.facts_for(chosen).get("gesture_amount")
    if occurrences()[chosen.records].is_credit and isinstance(amount, Decimal):
        note_credit(turn, chosen.records, day, amount)
    else:
        note(turn, chosen.records, day)


def _take_route(turn: Turn, chosen: letters.Document, day: date) -> None:
    """Note that a filing takes its route, unless that route was taken already: no reminder letter comes meanwhile."""
    taken = turn.need_dossier().last(ActKind.ROUTE_CHOSEN)
    if not chosen.routes or (taken and taken.text("route") in chosen.routes):
        return
    found = {route.id: route for route in routes(turn, situation(turn))}
    if route := found.get(chosen.routes[0]):
        court = route.court.key if route.court else ""
        turn.record(ActKind.ROUTE_CHOSEN, day, route=route.id, label=route.label, court=court)


def keep_plan(turn: Turn) -> dict[str, Value]:
    """Keep the dates a plan went out with, and give them as its act keeps them: each payment is waited for."""
    chosen = document(turn)
    if "schedule" in chosen.reads():
        facts = turn.facts_for(chosen)
        turn.put(turn.need_dossier().with_facts(**{name: facts[name] for name in PLAN}))
        return {"parts": facts["instalments"], "first_on": facts["first_instalment_on"]}
    return {}


def asked_by(turn: Turn) -> dict[str, Value]:
    """Give the day by which the document in hand asks for an answer, as an act keeps it; {} without one."""
    chosen = document(turn)
    if chosen.kind == "script":
        return {}
    facts = turn.facts_for(chosen)
    days = [facts[name] for name in ("new_due_on", "reply_by_on") if name in chosen.reads()]
    return {"asked_by": max(days)} if days else {}


HANDLERS = {
    "sent_how": Handler(show_sent_how, press_sent_how),
    "sent_when": Handler(show_sent_when, press_sent_when, type_sent_when),
}
