"""The law of one dossier in the chat: every route open or closed with the reason, and the legal clocks."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flows.dialogue import agenda, why
from flows.dialogue.actions import dossier_button
from flows.dialogue.edits import first_words
from flows.dialogue.handler import Handler, View, column, grid
from flows.dialogue.intake import summary
from flows.dialogue.invoice_facts import name_of
from flows.dialogue.offering import for_route, routes, situation, take_document
from flows.dialogue.screens import Choice, Screen
from flows.dialogue.texts import LABEL_LIMIT, buttons, say, words
from flows.dialogue.turn import Turn
from flows.dossier import ActKind
from flows.facts.legal import clocks_of, limitation_of, limited_by
from flows.facts.owed import asked_for
from flows.law.deadlines import ClockStep, StepState
from flows.law.explain import Citation, Explanation, standing_sentence
from flows.law.limitation import Limitation, State, UnknownTerm
from flows.law.routes import Route, Status, recommended
from flows.law.sources import full, read_at
from letters.format import date_courte, date_longue

LINES = 3
"""Cautions and articles shown of the limitation period: « Pourquoi ? » says the rest."""
WORK_DONE = "work_done_on"
"""The fact from which the limitation period counts."""


def show_routes(turn: Turn) -> View:
    """List the open routes with cost and delay, the closed ones on a page of their own."""
    client, amount, _ = summary(turn)
    here = situation(turn)
    found = routes(turn, here)
    advised = {one.route: one.why for one in recommended(found, here, turn.library.law)}
    page = turn.scratch("page") or "opened"
    kinds = {"opened": Status.OPEN, "check": Status.TO_CHECK, "closed": Status.CLOSED}
    listed = [r for r in found if r.status is kinds[page]]
    listed.sort(key=lambda r: r.id not in advised)
    others = {name for name, status in kinds.items() if any(r.status is status for r in found)}
    body = say(
        "routes",
        client=client,
        amount=amount,
        page=page,
        routes=[
            {
                **asdict(r),
                "advised": r.id in advised,
                "why": advised.get(r.id, ""),
                "articles": " ; ".join(r.articles),
            }
            for r in listed
        ],
        limitation=limitation_notice(turn),
        standing=f"{_of_several(turn)} {standing_sentence()}".strip(),
    )
    own = turn.need_dossier()
    ways = buttons("routes_choices", (others - {page}) | {"clocks", "card"})
    picks = [] if page == "closed" else [Choice(f"r.{r.id}", r.label[:60]) for r in listed]
    rest = grid(c if c.data in kinds else dossier_button(own, c) for c in ways)
    return View(body, (*column(picks), *rest))


def _of_several(turn: Turn) -> str:
    """Say that ceilings are compared to the sum of the invoices that are due, "" with one."""
    dossier = turn.need_dossier()
    count = len(asked_for(dossier, turn.today)) if dossier.several_invoices else 1
    return words("routes_several", count=count) if count > 1 else ""


def limitation_notice(turn: Turn) -> str:
    """Say that the time to act is short or over, "" while there is plenty or its start is not known."""
    dossier, law = turn.need_dossier(), turn.library.law
    found = limitation_of(dossier, turn.today, law)
    # The work is done before it is due: time may be shorter than that, never longer.
    guessed = limitation_of(dossier, turn.today, law, dossier.due_on) if found is None else found
    if not isinstance(guessed, Limitation) or guessed.state not in {State.NEAR, State.PASSED}:
        return ""
    if found is None:
        return words("limitation_to_check")
    said = words(f"limitation_{guessed.state.value}", last=date_longue(guessed.last_on))
    first = limited_by(dossier, turn.today, law)
    return words("limitation_of", name=name_of(first), said=said) if first else said


def press_routes(turn: Turn, key: str) -> None:
    """Turn the page, or look at one route."""
    if key in {"opened", "check", "closed"}:
        turn.set_scratch(page=key)
        turn.moved = True
        return
    turn.set_scratch(route=key.removeprefix("r."))
    turn.fire("pick_route")


def route_in_hand(turn: Turn) -> Route:
    """Give the route being looked at, as it stands today."""
    return next(r for r in routes(turn, situation(turn)) if r.id == turn.scratch("route"))


def show_route(turn: Turn) -> View:
    """Show all there is to know before taking a route."""
    found = route_in_hand(turn)
    body = say(
        "route",
        r={**asdict(found), "check": found.status is Status.TO_CHECK},
        court=asdict(found.court) if found.court else None,
    )
    # Days later it may have closed: it is still explained, no longer taken.
    wanted = {"why"} if found.status is Status.CLOSED else {"take", "why"}
    papers = [
        Choice(f"t.{name}", first_words(words("prepare", title=title), LABEL_LIMIT - 2))
        for name, title in for_route(turn, found.id).items()
    ]
    return View(body, column([*papers, *buttons("route", wanted)]))


def press_route(turn: Turn, key: str) -> None:
    """Take the route, prepare one of its documents, or say why it is open."""
    if key.startswith("t."):
        take_document(turn, key.removeprefix("t."))
        return
    if key == "why":
        turn.shown.append(Screen(route_explained(turn)))
        return
    found = route_in_hand(turn)
    court = found.court.key if found.court else ""
    turn.record(ActKind.ROUTE_CHOSEN, route=found.id, label=found.label, court=court)
    turn.notes.append(say("route_taken", label=found.label, first=found.first_step))
    turn.drop_scratch()
    turn.fire("rest", remember=False)


def route_explained(turn: Turn) -> str:
    """Write why the route being looked at is open or not, then the rules it rests on."""
    found = route_in_hand(turn)
    return why.explained(turn, why.of_route(turn, found), (_reason(found),))


def _reason(found: Route) -> Explanation:
    """Explain where a route stands, with its articles."""
    return Explanation(
        topic=found.id,
        title=found.label,
        text=found.reason,
        articles=tuple(Citation(full(cited), read_at(cited)) for cited in found.articles),
        checked_on=found.checked_on,
        approximate=found.status is Status.TO_CHECK,
    )


# --- clocks ----------------------------------------------------------------------------------


def show_clocks(turn: Turn) -> View:
    """Show how long there is to act, and the deadlines of the procedures under way."""
    client, _, _ = summary(turn)
    dossier = turn.need_dossier()
    found = clocks_of(dossier, turn.today, turn.library.law)
    rows = [_step_row(one) for one in found.steps if one.state is not StepState.LATER]
    if found.limitation:
        rows.append(_limitation_row(found.limitation))
        if first := limited_by(dossier, turn.today, turn.library.law):
            rows[-1]["label"] = words("limitation_label_of", name=name_of(first))
    missing = found.limitation is None
    body = say("clocks", client=client, clocks=rows, work_done_missing=missing)
    wanted = {"note_event", "routes", "why", "card", *(["work_done"] if missing else [])}
    local = {"work_done", "why"}
    choices = buttons("clocks_choices", wanted)
    rest = grid(c if c.data in local else dossier_button(dossier, c) for c in choices)
    return View(body, (*column(agenda.agenda_choices(turn)), *rest))


def _step_row(one: ClockStep) -> dict[str, Any]:
    due = one.deadline
    row: dict[str, Any] = {
        "label": one.label,
        "state": one.state.value,
        "rule": one.to_do,
        "if_missed": one.if_missed if one.state in {StepState.OPEN, StepState.MISSED} else "",
        "cautions": one.cautions,
        "articles": " ; ".join(one.articles),
    }
    if due is None:
        return {**row, "safe": "", "raw": "", "extended": ""}
    moved = due.extended_on != due.raw_on
    return {
        **row,
        "safe": date_longue(due.safe_on),
        "raw": date_longue(due.raw_on),
        "extended": date_longue(due.extended_on) if moved else "",
    }


def _limitation_row(found: Limitation | UnknownTerm) -> dict[str, Any]:
    if isinstance(found, UnknownTerm):
        row = dict.fromkeys(("safe", "raw", "extended", "if_missed", "cautions", "articles"), "")
        return {**row, "label": words("limitation_label"), "state": "open", "rule": found.sentence}
    said = list(dict.fromkeys(one.sentence for one in found.timeline))
    return {
        "label": words("limitation_label"),
        "state": "missed" if found.state is State.PASSED else "open",
        "safe": date_longue(found.safe_on),
        "raw": date_longue(found.last_on),
        "extended": "",
        "rule": words(
            "limitation_rule", term=found.term, started=date_courte(found.starts_on), said=said
        ),
        "if_missed": "",
        "cautions": found.cautions[:LINES],
        "articles": " ; ".join(found.articles[:LINES]),
    }


def press_clocks(turn: Turn, key: str) -> None:
    """Say the rules, send the days as a calendar, or ask from when the limitation period counts."""
    if key == "why":
        turn.shown.append(Screen(why.explained(turn, why.of_clocks(turn))))
        return
    if key.startswith("agenda"):
        agenda.send_clocks(turn, key.removeprefix("agenda").removeprefix("."))
        return
    turn.set_scratch(fact=WORK_DONE, purpose="clocks")
    turn.fire("pick_fact")


HANDLERS = {
    "routes": Handler(show_routes, press_routes),
    "route": Handler(show_route, press_route),
    "clocks": Handler(show_clocks, press_clocks),
}
