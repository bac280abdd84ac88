"""What is kept of an invoice and its terms, and the due date that follows."""

from __future__ import annotations

from datetime import date

from flows.dialogue.case import FIRST_DRAFT_ANSWERS
from flows.dialogue.texts import say
from flows.dialogue.turn import UNKNOWN, Turn
from flows.dossier import DebtorKind
from flows.facts import Fact, fact
from flows.facts.computed import UNKNOWN_VALUE
from flows.facts.legal import due_date_of, excess_of
from flows.law.terms import Choice as Reading
from flows.law.terms import DueDate, Undecided
from letters.format import date_longue

DUE_ON = "invoice_due_on"
NOTHING = "aucun"
"""Terms of which nothing is written."""
_STILL_ASKED = 4
"""Answers from the invoice's day on, when one more question follows it: itself, that one, two for the draft."""


def is_public(turn: Turn) -> bool:
    """Say whether a public body owes: the law alone sets its delay."""
    return turn.need_dossier().debtor_kind is DebtorKind.PUBLIC


def is_abroad(turn: Turn) -> bool:
    """Say whether the debtor is abroad: the contract alone sets the due date."""
    return turn.need_dossier().debtor_kind is DebtorKind.FOREIGN


def invoice_on(turn: Turn) -> date | None:
    """Give the date of the invoice, None until it is told."""
    day = turn.need_dossier().get("invoice_on")
    return day if isinstance(day, date) else None


def last_question(turn: Turn) -> bool:
    """Say whether one more question on the due date would put the first draft beyond its answers."""
    return turn.conversation.answers + _STILL_ASKED > FIRST_DRAFT_ANSWERS


def undecided(turn: Turn) -> tuple[Reading, ...]:
    """Give the readings of terms that were told and can be read several ways, () otherwise."""
    due = due_date_of(turn.need_dossier(), turn.library.law)
    return due.choices if isinstance(due, Undecided) else ()


def counted_due_date(turn: Turn) -> bool:
    """Say whether the due date was counted from the invoice and its terms, rather than told."""
    if turn.dossier is None or turn.dossier.due_on is None:
        return False
    due = due_date_of(turn.dossier, turn.library.law)
    return isinstance(due, DueDate) and due.on == turn.dossier.due_on


def keep_not_known(turn: Turn) -> None:
    """Note that the due date is not known: the invoice is asked instead."""
    known = turn.need_dossier().without_facts(UNKNOWN + "payment_terms")
    turn.put(known.with_facts(**{UNKNOWN + DUE_ON: True}))
    turn.fire("answered")


def keep_terms(turn: Turn, terms: str) -> None:
    """Keep terms told before the day of the invoice, which is asked next."""
    one = fact("payment_terms")
    turn.put(turn.need_dossier().with_facts(payment_terms=terms))
    turn.notes.append(say("noted", label=one.label, value=one.show(terms)))
    if invoice_on(turn) is not None:
        _settle(turn)
    turn.fire("answered")


def keep_due_date(turn: Turn, day: date) -> None:
    """Keep a due date that was told, with the law's word on one beyond its ceiling."""
    turn.set_fact(fact(DUE_ON), day)
    turn.notes.append(say("noted", label=fact(DUE_ON).label, value=date_longue(day)))
    note_excess(turn)
    turn.fire("answered")


def take_terms(turn: Turn, one: Fact, value: str) -> None:
    """Keep the terms and the due date that follows; terms with two readings are asked again."""
    turn.put(turn.need_dossier().with_facts(**{one.name: value}))
    if _settle(turn, ask_reading=True):
        turn.fire("answered")


def keep_invoice_day(turn: Turn, day: date, terms: str) -> None:
    """Keep the invoice's day with its terms; what is still missing is asked while there is room."""
    told = {"payment_terms": terms} if terms else {}
    dossier = turn.need_dossier().with_facts(invoice_on=day, **told)
    unknown = dossier.get(UNKNOWN + DUE_ON) is not None
    if is_public(turn) and dossier.get("public_body") is None and last_question(turn):
        dossier = dossier.with_facts(public_body=UNKNOWN_VALUE)
    elif not is_public(turn) and dossier.get("payment_terms") is None and unknown:
        dossier = dossier.with_facts(payment_terms=NOTHING)
    turn.put(dossier)
    ready = dossier.get("public_body" if is_public(turn) else "payment_terms") is not None
    at = len(turn.notes)
    if ready and _settle(turn):  # the screen on terms says the day itself
        label = fact("invoice_on").label
        turn.notes.insert(at, say("noted", label=label, value=date_longue(day)))
    turn.fire("answered")


def _settle(turn: Turn, *, ask_reading: bool = False) -> bool:
    """Keep the due date that follows from what is known; False when its reading is to be asked.

    With no answer left for that, the later of two readings: nothing is claimed too early. Abroad, where
    no text stands in for the contract, the day of the invoice: no penalty hangs on it. Where the law
    itself is not known, the due date is asked.
    """
    due = due_date_of(turn.need_dossier(), turn.library.law)
    if isinstance(due, Undecided) and due.choices:
        if ask_reading or not last_question(turn):
            return False
        first, last = sorted(due.choices, key=lambda reading: reading.due.on)
        turn.put(turn.need_dossier().with_facts(payment_terms=last.terms.text()))
        later = say("terms_later", sentence=due.sentence, other=date_longue(first.due.on))
        settle_due_date(turn)
        turn.notes.append(later)
    elif isinstance(due, Undecided) and is_abroad(turn):
        day = invoice_on(turn)
        assert day is not None
        turn.put(turn.need_dossier().with_facts(invoice_due_on=day))
        turn.notes.append(say("due_abroad", on=date_longue(day), sentence=due.sentence))
    elif isinstance(due, Undecided):
        turn.put(turn.need_dossier().with_facts(**{UNKNOWN + "payment_terms": True}))
        turn.notes.append(say("misread", sentence=due.sentence))
    else:
        settle_due_date(turn)
    return True


def settle_due_date(turn: Turn) -> bool:
    """Keep the due date that the terms give, with its rule; False when they can be read two ways."""
    dossier = turn.need_dossier()
    due = due_date_of(dossier, turn.library.law)
    if not isinstance(due, DueDate):
        return False
    unsure = "public_body" if is_public(turn) else "payment_terms"
    turn.put(dossier.with_facts(invoice_due_on=due.on))
    turn.notes.append(
        say(
            "due_found",
            on=date_longue(due.on),
            rule=due.rule,
            sentences=due.sentences,
            fix=dossier.get(unsure) in {NOTHING, UNKNOWN_VALUE},
        )
    )
    return True


def note_excess(turn: Turn) -> None:
    """Explain a due date beyond what the law allows; it is counted from all the same, or is not."""
    found = excess_of(turn.need_dossier(), turn.library.law)
    for line in found.sentences if found else ():
        turn.notes.append(say("due_excess", sentence=line))
