"""For the next time: check a client before signing, texts to paste, what a dossier teaches. No dossier is needed."""

from __future__ import annotations

from typing import Any

import letters
from flows.dialogue.actions import dossier_button
from flows.dialogue.asking import choice_buttons
from flows.dialogue.handler import Handler, Misunderstood, View, column, grid
from flows.dialogue.intake import SENTENCE_ENOUGH, take_sentence
from flows.dialogue.papers import Format
from flows.dialogue.screens import Choice, Copy, Paper
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.timeline import short_title
from flows.dialogue.turn import Turn
from flows.dossier import DebtorKind, Dossier, Status
from flows.facts import fact
from flows.facts.hindsight import without_dossier
from flows.facts.stated import stated_facts
from flows.reading import Refused, read_sentence, read_siren, read_siret, sentence
from letters.format import siret

TOPICS = {
    "quote": "prevention_devis",
    "invoice": "prevention_facture",
    "deposit": "prevention_acompte",
    "stages": "prevention_avancement",
}
"""Documents that need no dossier, by the button that asks for them."""
REVIEWS = 8
"""Dossiers offered for a review: the latest, those that are over first."""
_OTHER_NUMBER = frozenset({"siret_is_siren"})
_NO_NUMBER = frozenset({"siret_unclear"})
_WRONG = frozenset({"siret_checksum", "siren_checksum"})
"""Refusals that say that it is another number, that it is none at all, or that its check digits are wrong."""


def show_menu(turn: Turn) -> View:
    """Show what can be done for the next time."""
    return View(say("prevention"), column(buttons("prevention")))


def type_menu(turn: Turn, text: str) -> bool:
    """Read a sentence that tells of a debt; False leaves the words to the buttons."""
    read = read_sentence(text, turn.today)
    if "amount_due" not in read.facts or len(read.facts) < SENTENCE_ENOUGH:
        return False
    turn.open_dossier({})
    take_sentence(turn, read)
    return True


def press(turn: Turn, key: str) -> None:
    """Take a button of the menu, or one that leads back to it or to another text."""
    if key == "home":
        turn.drop_scratch("topic", "kind")
        turn.fire("cancel")
    elif key in TOPICS:
        turn.set_scratch(topic=key)
        turn.fire("pick_topic")
    elif key == "kind":
        turn.drop_scratch("kind")
        turn.fire("pick_topic")
    else:
        turn.fire(_LEADS[key])


_LEADS = {"menu": "see_prevention", "check": "check_client", "review": "review_dossier"}
"""Triggers of the buttons that lead to a place of their own."""


def show_kind(turn: Turn) -> View:
    """Ask what kind of client the text is for."""
    rows = column([*choice_buttons(fact("debtor_kind")), *buttons("prevention_text", {"menu"})])
    return View(say("prevention_kind"), rows)


def press_kind(turn: Turn, key: str) -> None:
    """Note the kind of client, for this visit only."""
    if key == "menu":
        press(turn, key)
        return
    turn.set_scratch(kind=fact("debtor_kind").choices[int(key[1:])][0])
    turn.fire("answered")


def written(turn: Turn) -> tuple[letters.Draft, dict[str, Any]]:
    """Write the text in hand for the kind of client told, from the person's own facts and those of the law."""
    document = turn.library.catalogue.get(TOPICS[turn.scratch("topic")])
    law, person = turn.library.law, turn.conversation.person
    client, checked = without_dossier(DebtorKind(turn.scratch("kind")), document, turn.today, law)
    facts = stated_facts(client, person, document, turn.today, law, turn.library.catalogue)
    facts |= checked
    return letters.draft(document, facts), facts


def show_text(turn: Turn) -> View:
    """Show the text alone in its message, then what can be done with it."""
    draft, facts = written(turn)
    professional = turn.scratch("kind") == DebtorKind.PROFESSIONAL
    body = say(
        "prevention_text",
        title=short_title(draft.title),
        kind=words(f"for_{turn.scratch('kind')}"),
        rate=facts.get("own_rate", "") if professional else "",
        rate_low=professional and facts.get("own_rate_low", False),
    )
    return View(body, grid(buttons("prevention_text")), before=(Copy(draft.text),))


def press_text(turn: Turn, key: str) -> None:
    """Print the text, take it for another kind of client, or go back to the menu."""
    if key not in {"pdf", "docx"}:
        press(turn, key)
        return
    fmt: Format = "pdf" if key == "pdf" else "docx"
    draft, facts = written(turn)
    stem = letters.file_name(draft, "", turn.today).removesuffix(".pdf")
    caption = words(f"{fmt}_kept", title=short_title(draft.title))
    turn.shown.append(Paper(f"{stem}.{fmt}", letters.sheet(draft, facts), caption, fmt))
    turn.stay()


def show_check(turn: Turn) -> View:
    """Say what to look up before signing, and offer to check a number."""
    body, said = say("client_check"), turn.scratch("number")
    if said:
        kind = "kind_siret" if len(said) > len("123456789") else "kind_siren"
        body = say("number_valid", number=siret(said), kind=words(kind))
    return View(body, column(buttons("client_check")), hint=words("check_hint"))


def press_check(turn: Turn, key: str) -> None:
    """Lead on to a text, or back to the menu; the number is forgotten."""
    turn.drop_scratch("number")
    press(turn, key)


def type_check(turn: Turn, text: str) -> bool:
    """Check a SIRET or a SIREN by its check digits; False leaves other words to the buttons."""
    read = read_siret(text)
    if isinstance(read, Refused) and read.code in _OTHER_NUMBER:
        read = read_siren(text)
    if isinstance(read, Refused):
        if read.code in _NO_NUMBER and not any(map(str.isdigit, text)):
            return False
        turn.drop_scratch("number")
        said = sentence(read.code, **read.params)
        raise Misunderstood(words("number_invalid", sentence=said, wrong=read.code in _WRONG))
    turn.set_scratch(number=read.value)
    return True


def show_review(turn: Turn) -> View:
    """List the dossiers a review can be made of, those that are over first."""
    choices = [
        dossier_button(one, Choice("next_time", one.debtor_name[:40]))
        for one in reviewable(turn)[:REVIEWS]
    ]
    body = say("prevention_review", rows=bool(choices))
    return View(body, column([*choices, *buttons("prevention_review")]))


def reviewable(turn: Turn) -> list[Dossier]:
    """Give the dossiers that told enough for a review, those that are over first, then the latest."""
    told = [
        d for d in turn.book.all() if d.debtor_kind and d.debtor_name and d.amount_due and d.due_on
    ]
    return sorted(told, key=lambda one: one.status in {Status.OPEN, Status.PAUSED})


HANDLERS = {
    "prevention": Handler(show_menu, press, type_menu),
    "prevention_kind": Handler(show_kind, press_kind),
    "prevention_text": Handler(show_text, press_text),
    "prevention_review": Handler(show_review, press),
    "client_check": Handler(show_check, press_check, type_check),
}
