"""The person's own details and wishes: what goes into letters, when to be spoken to, habits with clients."""

from __future__ import annotations

from flows.dialogue.following import type_resting
from flows.dialogue.handler import Handler, View, column, grid
from flows.dialogue.screens import Choice
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import Turn
from flows.facts import GROUPS, Fact, registry
from flows.rhythm import ZONE, usual_values

ALL = "all"


def own_facts(turn: Turn, group: str) -> list[Fact]:
    """Give the facts of the person in a group; what only a filing asks stands there once it is known."""
    known = turn.conversation.person
    return [
        fact
        for fact in registry().values()
        if fact.scope == "person"
        and fact.group == group
        and (not fact.sensitive or fact.name in known)
    ]


def page_of(turn: Turn) -> str:
    """Give the group being looked at, "" for all of them."""
    page = turn.scratch("section")
    return page if page in GROUPS else ""


def show_settings(turn: Turn) -> View:
    """Show what is known and wished, by group; each line of a group can be changed."""
    page = page_of(turn)
    groups = [
        {
            "title": words(f"settings_{group}"),
            "facts": [(fact.label, _shown(turn, fact)) for fact in own_facts(turn, group)],
        }
        for group in GROUPS
        if group == page or (not page and own_facts(turn, group))
    ]
    body = say("settings", groups=groups, page=page)
    if not page:
        wanted = {group for group in GROUPS if own_facts(turn, group)} | {"home"}
        return View(body, column(buttons("settings", wanted)))
    facts = own_facts(turn, page)
    choices = [Choice(f"f{place}", fact.label) for place, fact in enumerate(facts)]
    return View(body, (*grid(choices), *column(buttons("settings", {ALL, "home"}))))


def _shown(turn: Turn, fact: Fact) -> str:
    """Write a value as it stands; of the rhythm, what counts while nothing was chosen."""
    known = turn.conversation.person
    if fact.name in known:
        return fact.show(known[fact.name])
    usual = {**usual_values(), ZONE: str(turn.moment.usual.zone)}.get(fact.name)
    return words("settings_usual", value=fact.show(usual)) if usual else ""


def press_settings(turn: Turn, key: str) -> None:
    """Open a group, ask one of its facts, or leave."""
    if key == "home":
        turn.drop_scratch()
        turn.fire("cancel")
    elif key == ALL or key in GROUPS:
        turn.set_scratch(section="" if key == ALL else key)
        turn.moved = True
        turn.stay()
    else:
        fact = own_facts(turn, page_of(turn))[int(key[1:])]
        turn.set_scratch(fact=fact.name, purpose="settings")
        turn.fire("pick_fact")


HANDLERS = {"settings": Handler(show_settings, press_settings, type_resting)}
