"""The end of a dossier on the screen: how it ends, what can be done once it is over."""

from __future__ import annotations

from flows.dialogue.actions import allowed, bound, dossier_button, way_back
from flows.dialogue.closing import MISTAKE, how_ended
from flows.dialogue.following import left_today, press_resting, type_resting
from flows.dialogue.handler import Handler, View, column, no_button
from flows.dialogue.intake import summary
from flows.dialogue.texts import buttons, say
from flows.dialogue.turn import Turn
from flows.dossier import Status

_SAID = {"avoir": "closed_credited", MISTAKE: "closed_mistake"}
"""What is said of a dossier closed otherwise than paid or unpaid, by how it ended."""


def show_stop(turn: Turn) -> View:
    """Ask how it ends; each answer names its dossier, so that it acts on the right one whenever it comes."""
    choices = buttons("stop", allowed(turn))
    rows = column(dossier_button(turn.need_dossier(), choice) for choice in choices)
    return View(say("stop", client=summary(turn)[0]), (*rows, *way_back(turn)))


def show_closed(turn: Turn) -> View:
    """Say how it ended and what that means; offer what is written now, and the way back."""
    dossier = turn.need_dossier()
    how = how_ended(dossier)
    key = "closed_paid" if dossier.status is Status.PAID else _SAID.get(how, "closed_unpaid")
    body = say(key, client=summary(turn)[0], how=how)
    choices = [*left_today(turn), *buttons("closed_choices", allowed(turn) | {"dossiers"})]
    return View(body, bound(turn, choices))


HANDLERS = {
    "stop": Handler(show_stop, no_button),
    "closed": Handler(show_closed, press_resting, type_resting),
}
