"""What is said beside the question at hand and takes nothing from it: reminders, and « Pourquoi ? »."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flows.dialogue import following, why
from flows.dialogue.events import Woken
from flows.dialogue.handler import View
from flows.dialogue.law_desk import route_explained
from flows.dialogue.screens import Screen
from flows.dialogue.showing import append, remark, show
from flows.dialogue.table import RESTING, TYPING
from flows.dialogue.texts import say
from flows.dialogue.turn import Turn, was_late
from flows.dossier import ActKind, Dossier, Status
from flows.values import Value

LEGAL = "!"
"""What the key of a legal clock's alarm holds."""
WHY = "why"
"""The one button of a dossier that moves nothing, not even the dossier in hand."""


def wake(turn: Turn, woken: Woken) -> None:
    """A reminder has come due: it is said at once, and takes the floor unless a question has it."""
    dossier = turn.book.get(woken.dossier_id)
    if dossier is None or dossier.status is not Status.OPEN:
        return
    due = {d.key: d for d in turn.library.reminders(dossier, turn.moment)}
    if woken.key not in due:
        return
    late = woken.due_at.astimezone(turn.moment.now.tzinfo).date()
    late_on = late if was_late(woken.due_at, turn.moment) else None
    reason = due[woken.key].why
    # A question asked today may be being answered; one left for days gives way, and « Retour » leads back.
    fresh = turn.conversation.offered[:1] == (turn.today.isoformat(),)
    own = turn.conversation.dossier_id == dossier.id and not (fresh and turn.state in TYPING)
    if turn.state in RESTING or own:
        turn.hold(dossier)
        turn.record(ActKind.NUDGED, key=woken.key)
        turn.set_scratch(why=reason, legal=LEGAL in woken.key)
        turn.fire("wake")
        append(turn, following.nudge_view(turn, reason, late_on))
    else:
        view = _nudge_aside(turn, dossier, woken.key, reason, late_on)
        turn.shown.append(Screen(view.body, view.rows))


def _aside(turn: Turn, dossier: Dossier, **words: Value) -> Turn:
    """Make a turn about another dossier, with its own scratch pad; the conversation at hand keeps its own."""
    conversation = replace(turn.conversation, dossier_id=dossier.id, scratch=words)
    return Turn(conversation, turn.book, turn.moment, turn.library)


def _nudge_aside(turn: Turn, dossier: Dossier, key: str, reason: str, late: date | None) -> View:
    """Show a nudge beside a question that stays open: its buttons name their dossier."""
    aside = _aside(turn, dossier, legal=LEGAL in key)
    aside.record(ActKind.NUDGED, key=key)
    turn.changed[dossier.id] = aside.need_dossier()
    return following.nudge_view(aside, reason, late)


def explain(turn: Turn) -> None:
    """Say the rule in a message of its own, then the present screen again, unmoved."""
    asked = turn.asked_fact
    if asked and asked.why and turn.state != "due_date":
        remark(turn, say("why_asked", why=asked.why))
        return
    on_route = turn.state == "route"
    said = route_explained(turn) if on_route else why.explained(turn, why.topics(turn))
    turn.shown.append(Screen(said))
    show(turn)


def explain_aside(turn: Turn, dossier: Dossier) -> None:
    """Explain a nudge or a card where it stands, with its buttons again; the question at hand stays."""
    if turn.conversation.dossier_id == dossier.id and turn.state in {"nudge", "card"}:
        turn.hold(dossier)
        explain(turn)
        return
    aside = _aside(turn, dossier)
    turn.shown.append(Screen(why.explained(aside, why.of_dossier(aside))))
    if dossier.status is Status.OPEN:
        view = following.nudge_view(aside)
        turn.shown.append(Screen(view.body, view.rows))
