"""The due date, when only the date of the invoice is known: by what terms was it to be paid."""

from __future__ import annotations

from datetime import date

from flows.dialogue.choosing import said_button
from flows.dialogue.handler import Handler, Misunderstood, View, column
from flows.dialogue.screens import Choice
from flows.dialogue.texts import say, words
from flows.dialogue.turn import UNKNOWN, Turn
from flows.dossier import DebtorKind
from flows.facts import Fact, fact
from flows.facts.legal import due_date_of, excess_of
from flows.law.terms import Choice as Reading
from flows.law.terms import DueDate, Undecided
from flows.reading import (
    Refused,
    Understood,
    read_date,
    read_invoice_and_terms,
    sentence,
)
from flows.reading import show_terms as one_of_terms
from letters.format import date_courte, date_longue

DUE_ON = "invoice_due_on"
_NOT_TERMS = frozenset({"terms_unclear", "choice_unclear", "choice_number"})
"""Refusals that say a text is no terms at all: it may then be the due date itself."""


def asked(turn: Turn) -> Fact:
    """Give the fact the due date hangs on: the terms agreed, or which public body pays."""
    public = turn.need_dossier().debtor_kind is DebtorKind.PUBLIC
    return fact("public_body" if public else "payment_terms")


def invoice_on(turn: Turn) -> date:
    """Give the date of the invoice; this state is reached only once it is known."""
    day = turn.need_dossier().get("invoice_on")
    assert isinstance(day, date)
    return day


def show_terms(turn: Turn) -> View:
    """Offer the usual terms, each with the due date it gives."""
    one, dossier = asked(turn), turn.need_dossier()
    readings = undecided(turn)
    rows = [
        Choice(
            f"u{place}",
            words(
                "terms_label",
                label=one_of_terms(reading.terms.text()),
                on=date_courte(reading.due.on),
            ),
        )
        for place, reading in enumerate(readings)
    ]
    for place, (value, label) in enumerate(() if readings else one.choices):
        due = due_date_of(dossier.with_facts(**{one.name: value}), turn.library.law)
        on = date_courte(due.on) if isinstance(due, DueDate) else ""
        rows.append(Choice(f"c{place}", words("terms_label", label=label, on=on)))
    body = say(
        "terms",
        public=one.name == "public_body",
        invoice=date_longue(invoice_on(turn)),
        question=one.question,
        hint=one.hint,
        why=one.why,
        undecided=bool(readings),
    )
    return View(body, column(rows), hint=one.hint)


def press_terms(turn: Turn, key: str) -> None:
    """Take the terms of the button."""
    if key.startswith("u"):
        take_terms(turn, fact("payment_terms"), undecided(turn)[int(key[1:])].terms.text())
        return
    one = asked(turn)
    take_terms(turn, one, one.choices[int(key[1:])][0])


def undecided(turn: Turn) -> tuple[Reading, ...]:
    """Give the readings of terms that were told and can be read several ways, () otherwise."""
    due = due_date_of(turn.need_dossier(), turn.library.law)
    return due.choices if isinstance(due, Undecided) else ()


def type_terms(turn: Turn, text: str) -> None:
    """Read terms, or the due date itself from somebody who knows it after all."""
    if key := said_button(show_terms(turn), text):
        press_terms(turn, key)
        return
    one = asked(turn)
    refused: Refused | None = None
    match one.read(text, turn.today):
        case Understood(value, _):
            take_terms(turn, one, value)
            return
        case Refused() as refused:
            pass
    match read_date(text, turn.today, prefer="past"):
        case Understood(day, _) if refused.code in _NOT_TERMS:
            turn.set_fact(fact(DUE_ON), day)
            turn.notes.append(say("noted", label=fact(DUE_ON).label, value=date_longue(day)))
            turn.fire("answered")
        case _:
            raise Misunderstood(sentence(refused.code, **refused.params))


def take_terms(turn: Turn, one: Fact, value: str) -> None:
    """Keep the terms and the due date that follows; terms with two readings are asked again."""
    turn.put(turn.need_dossier().with_facts(**{one.name: value}))
    due = due_date_of(turn.need_dossier(), turn.library.law)
    if isinstance(due, Undecided) and not due.choices:
        # The law gives no date here: only the contract does, and the date itself is asked.
        turn.put(turn.need_dossier().with_facts(**{UNKNOWN + "payment_terms": True}))
        turn.notes.append(say("misread", sentence=due.sentence))
        turn.fire("answered")
    elif settle_due_date(turn):
        turn.fire("answered")


def settle_due_date(turn: Turn) -> bool:
    """Keep the due date that the terms give, with its rule; False when they can be read two ways."""
    due = due_date_of(turn.need_dossier(), turn.library.law)
    if not isinstance(due, DueDate):
        return False
    turn.put(turn.need_dossier().with_facts(invoice_due_on=due.on))
    turn.notes.append(
        say("due_found", on=date_longue(due.on), rule=due.rule, sentences=due.sentences)
    )
    return True


def note_excess(turn: Turn) -> None:
    """Explain a due date beyond what the law allows; it is counted from all the same, or is not."""
    found = excess_of(turn.need_dossier(), turn.library.law)
    for line in found.sentences if found else ():
        turn.notes.append(say("due_excess", sentence=line))


def take_invoice(turn: Turn, text: str) -> bool:
    """Read « facture du 20/10 à 30 jours » in place of a due date; False when the text is none."""
    match read_invoice_and_terms(text, turn.today):
        case Understood((day, terms), _):
            told = {"payment_terms": terms} if terms else {}
            turn.put(turn.need_dossier().with_facts(invoice_on=day, **told))
            turn.notes.append(say("noted", label=fact("invoice_on").label, value=date_longue(day)))
            public = turn.need_dossier().debtor_kind is DebtorKind.PUBLIC
            if terms and not public:
                settle_due_date(turn)
            turn.fire("answered")
            return True
    return False


HANDLERS = {"terms": Handler(show_terms, press_terms, type_terms)}
