"""A document in hand: what it still needs, its text in the chat, its changes, its PDF."""

from __future__ import annotations

from typing import Any

import letters
from flows.dialogue import why
from flows.dialogue.asking import choice_buttons, fact_view, take_press, take_text
from flows.dialogue.choosing import said_button
from flows.dialogue.diagnosing import new_contact
from flows.dialogue.handler import Handler, View, column, grid
from flows.dialogue.screens import Copy, Paper, Screen
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.timeline import short_title
from flows.dialogue.turn import Turn
from flows.dossier import ActKind, DebtorKind
from flows.law.sources import full
from letters.format import date_courte, euros

TONES = ("plus_doux", "normal", "plus_ferme")
_TERMS_ASKED = {"rate": "penalty_terms", "imputation": "imputation"}
"""Buttons of a draft that ask what was agreed, by the fact they ask."""
BLANKS_NAMED = 3
"""Blanks named under a draft; the others are counted."""


def document(turn: Turn) -> letters.Document:
    """Give the document in hand."""
    return turn.library.catalogue.get(turn.scratch("document"))


def make(turn: Turn) -> letters.Draft:
    """Write the document in hand from the present facts, with the paragraphs the person rewrote.

    A draft is never stored: it follows from the facts, the tone and the rewritten paragraphs, so that a
    corrected fact is corrected everywhere.
    """
    draft = first_written(turn)
    # From the last to the first: a paragraph taken out moves only those after it.
    for place, text in sorted(rewritten(turn, draft).items(), reverse=True):
        draft = draft.with_paragraph(place, text)
    return draft


def first_written(turn: Turn) -> letters.Draft:
    """Write the document in hand without what the person rewrote."""
    chosen = document(turn)
    tone = turn.scratch("tone") or "normal"
    return letters.draft(
        chosen, turn.facts_for(chosen), tone=tone if tone in chosen.tones else "normal"
    )


def rewritten(turn: Turn, draft: letters.Draft) -> dict[int, str]:
    """Give the paragraphs the person rewrote, by their place in `draft`, the text as first written.

    None when the text has another number of paragraphs since: their places would no longer be theirs.
    """
    kept = turn.conversation.draft or {}
    if kept.get("count") != len(draft.paragraphs):
        return {}
    return {int(place): str(text) for place, text in kept.get("paragraphs", {}).items()}


# --- need ------------------------------------------------------------------------------------


def show_need(turn: Turn) -> View:
    """Ask one missing fact, saying for which document and why."""
    asked = turn.need_fact()
    if "doubt" in turn.conversation.scratch:
        return fact_view(turn, asked)
    purpose = turn.scratch("purpose")
    store = turn.conversation.person if asked.scope == "person" else turn.need_dossier().facts
    current = store.get(asked.name)
    if asked.name == "amount_due" and turn.dossier:
        current = turn.dossier.remaining
    body = say(
        "need",
        only=bool(purpose),
        title="" if purpose else short_title(document(turn).title),
        left=0 if purpose else len(turn.library.missing(turn)),
        question=asked.question,
        why=asked.why,
        hint=asked.hint,
        current=asked.show(current) if current is not None else "",
    )
    way_out = {"skip"} if turn.scratch("completing") else set()
    if purpose or turn.scratch("only"):
        way_out = {"skip_fact" if purpose == "routes" else "keep"}
    choices = [*choice_buttons(asked), *buttons("need", way_out)]
    return View(body, column(choices), hint=asked.hint)


def press_need(turn: Turn, key: str) -> None:
    """Take a choice, the answer to a doubt, or leave a blank."""
    asked = turn.need_fact()
    if key == "keep":
        turn.drop_scratch("doubt", "doubt_note")
        turn.fire("answered")
    elif key in {"skip", "skip_fact"}:
        turn.set_scratch(skipped=f"{turn.scratch('skipped')} {asked.name}".strip())
        turn.drop_scratch("doubt", "doubt_note")
        turn.fire("answered")
    elif take_press(turn, asked, key):
        turn.fire("answered")


def type_need(turn: Turn, text: str) -> None:
    """Take a typed answer, or the words of a button."""
    asked = turn.need_fact()
    if key := said_button(show_need(turn), text):
        press_need(turn, key)
    elif take_text(turn, asked, text):
        turn.fire("answered")


def decompte_has_payments(facts: dict[str, Any]) -> bool:
    """Say whether a part payment and interest are both counted, so that their order matters."""
    decompte = facts.get("decompte") or {}
    return bool(decompte.get("paid") and decompte.get("lines"))


# --- draft -----------------------------------------------------------------------------------


def takes_rate(facts: dict[str, Any], chosen: letters.Document) -> bool:
    """Say whether an agreed rate of penalties would change the document."""
    professional = facts["debtor_kind"] == DebtorKind.PROFESSIONAL
    return chosen.legal and professional and bool(facts.get("penalties"))


def figures(facts: dict[str, Any], chosen: letters.Document) -> str:
    """Say what was computed for a document that claims more than the principal, with its articles."""
    if not chosen.legal or not (facts.get("penalties") or facts.get("lump_sum")):
        return ""
    return words(
        "figures",
        until=date_courte(facts["penalties_until"]),
        professional=facts["debtor_kind"] == DebtorKind.PROFESSIONAL,
        ask_rate=takes_rate(facts, chosen) and "penalty_terms" not in facts,
        penalties=euros(facts["penalties"]) if facts["penalties"] else "",
        lump_sum=euros(facts["lump_sum"]) if facts["lump_sum"] else "",
        total=euros(facts["total_due"]),
        articles=", ".join(full(article) for article in facts["legal_basis"]),
        checked_on=date_courte(facts["law_checked_on"]),
    )


def show_draft(turn: Turn) -> View:
    """Show the text alone in its message, then what can be done with it."""
    chosen, draft = document(turn), make(turn)
    facts = turn.facts_for(chosen)
    blanks = [letters.blank_label(name) for name in draft.blanks]
    offered = {"sent", "later"}
    if turn.recommendation.alternatives:
        offered.add("compare")
    if blanks:
        offered.add("complete")
    if draft.kind != "script":
        offered.add("edit")
    for way, tone in (("softer", "plus_doux"), ("firmer", "plus_ferme")):
        if tone in chosen.tones and draft.tone != tone:
            offered.add(way)
    if draft.kind == "letter" or draft.channel == "mail":
        offered.add("pdf")
    if why.of_draft(turn):
        offered.add("why")
    if takes_rate(facts, chosen):
        offered.add("rate")
    if chosen.legal and decompte_has_payments(facts):
        offered.add("imputation")
    body = say(
        "draft",
        kind=draft.kind,
        title=short_title(draft.title),
        blanks=blanks[:BLANKS_NAMED],
        more=len(blanks[BLANKS_NAMED:]),
        figures=figures(facts, chosen),
        tone=draft.tone,
        warnings=[facts["law_warning"]] if chosen.legal and facts.get("law_warning") else [],
    )
    choices = buttons("draft", offered, kind=draft.kind, count=len(blanks))
    return View(body, grid(choices), before=(Copy(draft.text),))


def press_draft(turn: Turn, key: str) -> None:
    """Send, complete, edit, change the tone, print, compare, or leave for later."""
    match key:
        case "sent" if document(turn).kind == "script":
            record_call(turn)
        case "sent":
            if blanks := make(turn).blanks:
                turn.notes.append(say("blanks_left", count=len(blanks)))
            turn.fire("sent")
        case "complete":
            turn.set_scratch(completing=True, skipped="")
            turn.fire("complete")
        case "softer" | "firmer":
            tones = [t for t in TONES if t in document(turn).tones]
            current = tones.index(make(turn).tone)
            step = -1 if key == "softer" else 1
            turn.set_scratch(tone=tones[min(max(current + step, 0), len(tones) - 1)])
            turn.fire("redraw")
        case "why":
            # The text itself has not changed: what explains it is said in a message of its own.
            turn.shown.append(Screen(why.explained(turn, why.of_draft(turn))))
        case "rate" | "imputation":
            turn.set_scratch(fact=_TERMS_ASKED[key], only=True)
            turn.fire("pick_fact")
        case "pdf":
            send_pdf(turn)
            drawn = turn.conversation.scratch["drawn_on"]
            turn.fire("redraw")
            # The text itself has not changed: it is not shown again, and keeps its day.
            turn.set_scratch(drawn_on=drawn)
            turn.moved = False
        case _:
            turn.fire(key)


def record_call(turn: Turn) -> None:
    """Note the call of today, and ask at once what came of it."""
    turn.record(
        ActKind.SENT, document=turn.scratch("document"), stage=turn.stage.value, channel="appel"
    )
    new_contact(turn)
    turn.fire("called", remember=False)


def send_pdf(turn: Turn) -> None:
    """Print the document in hand."""
    draft = make(turn)
    facts = turn.facts_for(document(turn))
    caption = words("pdf_sent", title=short_title(draft.title), blanks=bool(draft.blanks))
    name = letters.file_name(draft, turn.need_dossier().debtor_name, turn.today)
    turn.shown.append(Paper(name, letters.sheet(draft, facts), caption))


HANDLERS = {
    "need": Handler(show_need, press_need, type_need),
    "draft": Handler(show_draft, press_draft),
}
