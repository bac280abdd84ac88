"""What is said beside the question at hand and takes nothing from it."""

from __future__ import annotations

from flows.dialogue import following, why
from flows.dialogue.law_desk import route_explained
from flows.dialogue.screens import Screen
from flows.dialogue.showing import append, remark, show, view_of
from flows.dialogue.texts import say
from flows.dialogue.turn import Turn
from flows.dossier import Dossier, Status

WHY = "why"
"""The one button of a dossier that moves nothing, not even the dossier in hand."""


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
    beside = turn.aside(dossier)
    turn.shown.append(Screen(why.explained(beside, why.of_dossier(beside))))
    if dossier.status is Status.OPEN:
        view = following.nudge_view(beside)
        turn.shown.append(Screen(view.body, view.rows))
    else:  # nothing more is done about it: the question at hand, which keeps its buttons
        append(turn, view_of(turn))
