"""The due date, when only the invoice is known: of which day is it, and by what terms was it to be paid."""

from __future__ import annotations

from datetime import date

from flows.dialogue.choosing import said_button
from flows.dialogue.handler import Handler, Misunderstood, View, column
from flows.dialogue.screens import Choice
from flows.dialogue.settling import (
    NOTHING,
    invoice_on,
    is_abroad,
    is_public,
    keep_due_date,
    keep_invoice_day,
    keep_not_known,
    keep_terms,
    take_terms,
    undecided,
)
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import Turn
from flows.facts import Fact, fact
from flows.facts.legal import due_date_of
from flows.law.terms import DueDate
from flows.reading import (
    Refused,
    Understood,
    read_date,
    read_invoice_and_terms,
    read_past_day,
    read_payment_terms,
    read_yes_no,
    sentence,
)
from flows.reading import show_terms as one_of_terms
from letters.format import date_courte, date_longue

_NOT_TERMS = frozenset({"terms_unclear", "choice_unclear", "choice_number"})
"""Refusals that say a text is no terms at all: it may then be the due date itself."""
_DOUBT = "doubt"
"""Word of the scratch pad: a due date that comes before the invoice, to be confirmed."""


def asked(turn: Turn) -> Fact:
    """Give the fact the due date hangs on: the terms agreed, or which public body pays."""
    return fact("public_body" if is_public(turn) else "payment_terms")


def offered(turn: Turn) -> list[tuple[str, str]]:
    """Give the answers as (value, words): terms told already stand first."""
    one = asked(turn)
    if is_public(turn):
        return list(one.choices)
    choices = [(value, label[:1].lower() + label[1:]) for value, label in one.choices]
    told = turn.need_dossier().get("payment_terms")
    if isinstance(told, str) and told not in dict(choices):
        choices.insert(0, (told, one_of_terms(told)))
    return choices


# --- the screens -----------------------------------------------------------------------------


def show_terms(turn: Turn) -> View:
    """Ask the day of the invoice, then offer the usual terms, each with the due date it gives."""
    early, invoice = turn.conversation.scratch.get(_DOUBT), invoice_on(turn)
    if isinstance(early, date):
        value = date_longue(early)
        doubt = sentence("due_before_invoice")
        return View(say("doubt", value=value, doubt=doubt), column(buttons("doubt")))
    if invoice is None:
        terms = turn.need_dossier().get("payment_terms")
        body = say("terms_invoice", public=is_public(turn), abroad=is_abroad(turn), terms=terms)
        return View(body, placeholder=fact("invoice_on").label)
    one, dossier, readings = asked(turn), turn.need_dossier(), undecided(turn)
    rows = [
        Choice(f"u{place}", _label(one_of_terms(reading.terms.text()), reading.due.on))
        for place, reading in enumerate(readings)
    ]
    for place, (value, label) in enumerate(() if readings else offered(turn)):
        due = due_date_of(dossier.with_facts(**{one.name: value}), turn.library.law)
        nothing_abroad = is_abroad(turn) and value == NOTHING
        on = due.on if isinstance(due, DueDate) else invoice if nothing_abroad else None
        rows.append(Choice(f"c{place}", _label(label, on)))
    body = say(
        "terms",
        public=is_public(turn),
        abroad=is_abroad(turn),
        invoice=date_longue(invoice),
        question=one.question,
        hint=one.hint,
        why=one.why,
        undecided=bool(readings),
    )
    return View(body, column(rows), hint=one.hint)


def _label(label: str, on: date | None) -> str:
    return words("terms_label", label=label, on=date_courte(on) if on else "")


# --- the answers -----------------------------------------------------------------------------


def press_terms(turn: Turn, key: str) -> None:
    """Take the terms of the button, or the answer to a doubt."""
    early = turn.conversation.scratch.get(_DOUBT)
    if isinstance(early, date):
        turn.drop_scratch(_DOUBT, "doubt_note")
        if key == "ok":
            keep_due_date(turn, early)
        return
    if key.startswith("u"):
        take_terms(turn, fact("payment_terms"), undecided(turn)[int(key[1:])].terms.text())
        return
    take_terms(turn, asked(turn), offered(turn)[int(key[1:])][0])


def type_terms(turn: Turn, text: str) -> None:
    """Read the invoice's day, its terms, or the due date from somebody who knows it after all."""
    if _DOUBT in turn.conversation.scratch:
        match read_yes_no(text):
            case Understood(agreed, _):
                press_terms(turn, "ok" if agreed else "redo")
                return
        turn.drop_scratch(_DOUBT, "doubt_note")
    if key := said_button(show_terms(turn), text):
        press_terms(turn, key)
    elif said := _invoice_said(turn, text):
        day, terms = said
        if invoice_on(turn) is None or terms:
            keep_invoice_day(turn, day, terms)
        else:  # another day for the invoice: the question stays, its dates change
            turn.put(turn.need_dossier().with_facts(invoice_on=day))
    elif invoice_on(turn) is None:
        _type_invoice_day(turn, text)
    else:
        _type_terms(turn, text)


def _type_invoice_day(turn: Turn, text: str) -> None:
    """Read a bare day as the invoice's, « échéance le 15/10 » as the due date, « 30 jours » as terms."""
    if "echeance" in text.lower().replace("é", "e"):
        match read_date(text, turn.today, prefer="past"):
            case Understood(due, _):
                keep_due_date(turn, due)
                return
    match read_past_day(text, turn.today):
        case Understood(day, notes):
            if "far_year" in notes:
                turn.notes.append(say("misread", sentence=sentence("far_year")))
            keep_invoice_day(turn, day, "")
            return
        case Refused() as refused:
            pass
    match read_payment_terms(text):
        case Understood(terms, ()) if terms != NOTHING:
            keep_terms(turn, terms)
        case Understood(terms, ()):
            raise Misunderstood(words("terms_no_day"))
        case _:
            raise Misunderstood(sentence(refused.code, **refused.params))


def _type_terms(turn: Turn, text: str) -> None:
    """Read terms, a number or the words of a choice, or the due date."""
    one = asked(turn)
    match one.read(text, turn.today):
        case Understood(value, _):
            take_terms(turn, one, value)
            return
        case Refused() as refused:
            pass
    match read_date(text, turn.today, prefer="past"):
        case Understood(day, _) if refused.code in _NOT_TERMS:
            invoice = invoice_on(turn)
            if invoice and day < invoice:
                turn.set_scratch(**{_DOUBT: day})
            else:
                keep_due_date(turn, day)
        case _:
            raise Misunderstood(sentence(refused.code, **refused.params))


def take_invoice(turn: Turn, text: str) -> bool:
    """Read what is known in place of a due date: the invoice, its terms, or nothing; False otherwise."""
    if said := _invoice_said(turn, text):
        turn.drop_scratch(_DOUBT, "doubt_note")
        keep_invoice_day(turn, *said)
        return True
    day = read_date(text, turn.today, prefer="past")
    if isinstance(day, Understood):
        return _doubted(turn, day.value)
    if _DOUBT in turn.conversation.scratch:
        return False  # « non » answers the doubt
    weeks = day.code == "date_direction" and "sem" in text.lower()  # ago, or the delay agreed
    match read_payment_terms(text):
        case Understood(terms, ()) if terms != NOTHING and not weeks:
            keep_terms(turn, terms)
        case Understood(terms, ()) if terms == NOTHING:
            keep_not_known(turn)
        case Refused("terms_need_date" | "delay_working_days" | "terms_range" as code, params):
            raise Misunderstood(sentence(code, **params))
        case _ if read_yes_no(text) == Understood(True):
            keep_not_known(turn)  # « Vous n’avez que la facture ? » was answered
        case _:
            return False
    return True


def _doubted(turn: Turn, day: date) -> bool:
    """Read back a due date that comes before the invoice; the question asked takes the answer."""
    invoice = invoice_on(turn)
    if invoice is None or day >= invoice or turn.conversation.scratch.get(_DOUBT) == day:
        return False
    turn.set_scratch(doubt=day, doubt_note="due_before_invoice")
    return True


def _invoice_said(turn: Turn, text: str) -> tuple[date, str] | None:
    """Read « facture du 20/10 à 30 jours »; None when no invoice is named.

    Raises `Misunderstood` for one whose day or terms cannot be.
    """
    match read_invoice_and_terms(text, turn.today):
        case Understood(said, _):
            return said
        case Refused(code, params) if code != "invoice_terms_unclear":
            raise Misunderstood(sentence(code, **params))
    return None


HANDLERS = {"terms": Handler(show_terms, press_terms, type_terms)}
