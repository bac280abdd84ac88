"""Following up what was filed: what to do while no answer comes, in its own words, with a text to send."""

from __future__ import annotations

from datetime import timedelta

from flows.dialogue.case import Case
from flows.dialogue.texts import say, texts, words
from flows.dialogue.turn import Turn
from flows.dossier import ActKind
from flows.facts.filings import Filing, awaited
from letters.format import date_longue

ANSWERS = frozenset({"filed_answer", "filed_still"})
"""The buttons of a filing: they take the place of those about the client."""
_ABOUT_CLIENT = frozenset({"replied", "silent"})


def filing_line(case: Case) -> str:
    """Say in a nudge what to do about what was filed, "" when no answer is awaited or a legal clock has the word."""
    alarm = case.conversation.scratch.get("legal") is True
    found = None if alarm else awaited(case.need_dossier())
    return words(f"filing_ask_{found[1].about}") if found else ""


def nudged(turn: Turn, actions: set[str]) -> set[str]:
    """Give the buttons of a nudge: those of a filing whose answer is awaited come first."""
    if awaited(turn.need_dossier()) is None or turn.conversation.scratch.get("legal") is True:
        return actions - ANSWERS
    return actions - _ABOUT_CLIENT - {"note_event"}


def act_filed_still(turn: Turn) -> None:
    """Still nothing: say the next thing to do, and come back later."""
    found = awaited(turn.need_dossier())
    assert found is not None
    turn.record(ActKind.SNOOZED, until=turn.today + timedelta(days=found[1].again))
    turn.leave()
    turn.fire("see_filing", remember=False)


def to_send(case: Case, one: Filing, on: str) -> str:
    """Write the message that asks for news of a filing, "" when a call or a visit is what it takes."""
    key = f"filing_text_{one.about}"
    if key not in texts():
        return ""
    person = case.conversation.person
    return words(
        key,
        on=on,
        client=case.need_dossier().debtor_name,
        name=str(person.get("creditor_name") or words("filing_name")),
    )


def next_thing(case: Case) -> tuple[str, str]:
    """Give what to do about a filing without an answer, as HTML, and the message to send, either may be ""."""
    found = awaited(case.need_dossier())
    if found is None:
        return "", ""
    act, one = found
    client = case.need_dossier().debtor_name
    text = to_send(case, one, date_longue(act.on))
    return say(f"filing_still_{one.about}", client=client), text
