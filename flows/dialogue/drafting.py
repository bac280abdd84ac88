"""A document in hand: what it still needs, its text in the chat, what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import letters
from flows import post
from flows.dialogue import why
from flows.dialogue.asking import choice_buttons, fact_view, take_press, take_text
from flows.dialogue.choosing import said_button
from flows.dialogue.diagnosing import new_contact
from flows.dialogue.handler import Handler, View, column, grid
from flows.dialogue.invoice_facts import standing
from flows.dialogue.papers import PRINTED, send_paper, takes_exhibits
from flows.dialogue.screens import Choice, Copy, Screen
from flows.dialogue.texts import buttons, say, texts, words
from flows.dialogue.timeline import short_title
from flows.dialogue.turn import Turn
from flows.dialogue.writing import claims, document, edited, make
from flows.dossier import ActKind, DebtorKind
from flows.facts import Fact
from flows.facts.stated import NONE
from flows.law.sources import full
from letters.format import date_courte, euros

TONES = ("plus_doux", "normal", "plus_ferme")
_TERMS_ASKED = {"rate": "penalty_terms", "imputation": "imputation"}
"""Buttons of a draft that ask what was agreed, by the fact they ask."""
_SENDING = ("where", "how", "cost", "next", "already")
BLANKS_NAMED = 3
"""Blanks named under a draft; the others are counted."""

# --- need ------------------------------------------------------------------------------------


def show_need(turn: Turn) -> View:
    """Ask one missing fact, saying for which document and why."""
    asked = turn.need_fact()
    if "doubt" in turn.conversation.scratch:
        return fact_view(turn, asked)
    purpose = turn.scratch("purpose")
    own = asked.scope == "person"
    current = turn.person(asked.name) if own else standing(turn, asked)
    body = say(
        "need",
        only=bool(purpose),
        title="" if purpose else short_title(document(turn).title),
        group="" if purpose else _group(asked),
        left=0 if purpose else len(turn.library.missing(turn)),
        question=asked.question,
        why=asked.why if purpose else dict(document(turn).why_needed).get(asked.name, asked.why),
        sensitive=asked.sensitive,
        hint=asked.hint,
        current=asked.show(current) if current is not None else "",
    )
    way_out = {"skip", "finish"} if turn.scratch("completing") else set()
    if purpose or turn.scratch("only"):
        way_out = {"skip_fact" if purpose == "routes" else "keep"}
    none = [Choice("none", asked.none)] if asked.none and "skip" in way_out else []
    choices = [*choice_buttons(asked), *none, *buttons("need", way_out)]
    return View(body, column(choices), hint=asked.hint)


def _group(asked: Fact) -> str:
    """Say whom or what a question is about, "" when it is plain."""
    key = f"group_{asked.name.partition('_')[0]}"
    return words(key) if key in texts() else ""


def press_need(turn: Turn, key: str) -> None:
    """Take a choice, the answer to a doubt, or leave blanks."""
    asked = turn.need_fact()
    if key == "keep":
        turn.drop_scratch("doubt", "doubt_note")
        turn.fire("answered")
    elif key in {"skip", "skip_fact"}:
        turn.set_scratch(skipped=f"{turn.scratch('skipped')} {asked.name}".strip())
        turn.drop_scratch("doubt", "doubt_note")
        turn.fire("answered")
    elif key == "none":
        turn.put(turn.need_dossier().with_facts(**{NONE + asked.name: True}))
        turn.set_scratch(skipped=f"{turn.scratch('skipped')} {asked.name}".strip())
        turn.fire("answered")
    elif key == "finish":
        turn.drop_scratch("doubt", "doubt_note", "completing")
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
    return claims(chosen) and professional and bool(facts.get("penalties"))


def figures(facts: dict[str, Any], chosen: letters.Document) -> str:
    """Say what was computed for a document that claims more than the principal, with its articles."""
    if not claims(chosen) or not (facts.get("penalties") or facts.get("lump_sum")):
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
    chosen, text = document(turn), edited(turn)
    draft, facts = text.draft, turn.facts_for(chosen)
    blanks = [letters.blank_label(name) for name in draft.blanks]
    body = say(
        "draft",
        kind=draft.kind,
        title=short_title(draft.title),
        blanks=blanks[:BLANKS_NAMED],
        more=len(blanks[BLANKS_NAMED:]),
        figures=figures(facts, chosen),
        tone=draft.tone,
        tutoiement=draft.tutoiement,
        strays=len(text.strays),
        returned=text.returned,
        cautions=turn.cautions(chosen),
        warnings=[facts["law_warning"]] if claims(chosen) and facts.get("law_warning") else [],
    )
    wanted = _offered(turn, chosen, draft, facts)
    choices = buttons(
        "draft",
        wanted,
        kind=draft.kind,
        channel=draft.channel,
        count=len(blanks),
        exhibits=len(turn.need_dossier().exhibits),
    )
    return View(body, grid(choices), before=(Copy(draft.text),))


def _offered(
    turn: Turn, chosen: letters.Document, draft: letters.Draft, facts: dict[str, Any]
) -> set[str]:
    """Give what can be done with a text."""
    printed = draft.kind in PRINTED or draft.channel == "mail"
    so = {
        "sent": draft.channel != "aucun",
        "later": True,
        "compare": bool(turn.scratch("response")) and bool(turn.recommendation.alternatives),
        "complete": bool(draft.blanks),
        "edit": draft.kind != "script",
        "softer": "plus_doux" in chosen.tones and draft.tone != "plus_doux",
        "firmer": "plus_ferme" in chosen.tones and draft.tone != "plus_ferme",
        "tu": chosen.has_tutoiement and not draft.tutoiement,
        "vous": draft.tutoiement,
        "pdf": printed,
        "docx": draft.kind in PRINTED,
        "how": bool(draft.sending),
        "exhibits": takes_exhibits(chosen),
        "why": bool(why.of_draft(turn)),
        "rate": takes_rate(facts, chosen),
        "imputation": chosen.legal and decompte_has_payments(facts),
    }
    return {name for name, wanted in so.items() if wanted}


def press_draft(turn: Turn, key: str) -> None:
    """Send, complete, edit, change the tone, print, compare, or leave for later."""
    pressed = _PRESSED.get(key)
    if pressed is None:
        turn.fire(key)
    else:
        pressed(turn, key)


def _press_sent(turn: Turn, _: str) -> None:
    if document(turn).kind == "script":
        record_call(turn)
        return
    if blanks := make(turn).blanks:
        turn.notes.append(
            say("blanks_left", count=len(blanks), printed=document(turn).kind in PRINTED)
        )
    turn.fire("sent")


def _press_complete(turn: Turn, _: str) -> None:
    turn.set_scratch(completing=True, skipped="")
    turn.fire("complete")


def _press_tone(turn: Turn, key: str) -> None:
    tones = [t for t in TONES if t in document(turn).tones]
    step = -1 if key == "softer" else 1
    place = tones.index(make(turn).tone) + step
    turn.set_scratch(tone=tones[min(max(place, 0), len(tones) - 1)])
    turn.fire("redraw")


def _press_form(turn: Turn, key: str) -> None:
    turn.put(turn.need_dossier().with_facts(tutoiement="oui" if key == "tu" else "non"))
    turn.fire("redraw")


def _press_why(turn: Turn, _: str) -> None:
    # The text itself has not changed: what explains it is said in a message of its own.
    turn.shown.append(Screen(why.explained(turn, why.of_draft(turn))))


def _press_how(turn: Turn, _: str) -> None:
    left = post.last_left(turn.need_dossier(), turn.scratch("document"))
    number = post.number_of(turn.need_dossier(), left) if left else ""
    already = (
        words("sending_tracked", on=date_courte(left.on), number=number) if left and number else ""
    )
    turn.shown.append(Screen(how_to_send(make(turn), already)))


def _press_terms(turn: Turn, key: str) -> None:
    turn.set_scratch(fact=_TERMS_ASKED[key], only=True)
    turn.fire("pick_fact")


def _press_print(turn: Turn, key: str) -> None:
    send_paper(turn, "pdf" if key == "pdf" else "docx")
    turn.stay()


def _press_exhibits(turn: Turn, _: str) -> None:
    turn.fire("see_exhibits")


def _press_later(turn: Turn, key: str) -> None:
    if turn.dossier_over():
        turn.drop_scratch()
        turn.fire("open_card", remember=False)
    else:
        turn.fire(key)


_PRESSED: Mapping[str, Callable[[Turn, str], None]] = {
    "sent": _press_sent,
    "complete": _press_complete,
    "softer": _press_tone,
    "firmer": _press_tone,
    "tu": _press_form,
    "vous": _press_form,
    "why": _press_why,
    "how": _press_how,
    "rate": _press_terms,
    "imputation": _press_terms,
    "pdf": _press_print,
    "docx": _press_print,
    "exhibits": _press_exhibits,
    "later": _press_later,
}
"""Buttons of a draft that do more than move the machine."""


def how_to_send(draft: letters.Draft, already: str = "") -> str:
    """Write « comment l’envoyer »: where, by what means, what it costs, what comes next; how it left `already`."""
    said = {**dict(draft.sending), **({"already": already} if already else {})}
    lines = [(words(f"sending_{name}"), said[name]) for name in _SENDING if name in said]
    return say("how_to_send", title=short_title(draft.title), lines=lines)


def record_call(turn: Turn) -> None:
    """Note the call of today, and ask at once what came of it."""
    turn.record(
        ActKind.SENT, document=turn.scratch("document"), stage=turn.stage.value, channel="appel"
    )
    new_contact(turn)
    turn.fire("called", remember=False)


HANDLERS = {
    "need": Handler(show_need, press_need, type_need),
    "draft": Handler(show_draft, press_draft),
}
