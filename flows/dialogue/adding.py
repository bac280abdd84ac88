"""One more invoice: asked or read from a sentence, read back, added; a client met again in a new dossier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from flows.dialogue.handler import Handler, Misunderstood, View, column
from flows.dialogue.intake import summary
from flows.dialogue.invoice_facts import APART, find, name_of, owed, same_client
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import Turn
from flows.dossier import ActKind
from flows.facts import fact
from flows.facts.legal import due_date_of
from flows.facts.owed import OF_INVOICE
from flows.law.calendar import add_months
from flows.law.terms import DueDate
from flows.reading import (
    Refused,
    Understood,
    read_invoice_and_terms,
    read_payment_terms,
    read_sentence,
    read_yes_no,
    sentence,
)
from flows.values import Value
from letters.format import date_longue

NEW = "new."
"""Prefix of the words of the scratch pad that tell of the invoice being added."""
_ASKED = ("invoice_number", "amount_due", "invoice_due_on")
"""What an invoice added must tell, in the order asked."""
_TOLD = (*_ASKED, "invoice_on", "payment_terms")
_ENOUGH = 2
"""Facts a sentence must give before it is taken for more than the answer asked."""
_YEAR = 12
_CLIENT_ON_BUTTON = 24
_SHOWN = frozenset({"ht", "ambiguous_thousands", "approximate_amount", "reference_odd"})
"""Notes of a reading said beside it when the invoice is read back."""


def add_invoice(turn: Turn) -> None:
    """Ask one more invoice of the client of the dossier in hand."""
    turn.library.room.for_invoice(turn.need_dossier())
    turn.drop_scratch()
    turn.fire("add_invoice", remember=False)


def tells_one(turn: Turn, text: str) -> bool:
    """Say whether a sentence tells an invoice: two of its facts at least."""
    return len(set(read_sentence(text, turn.today).facts) & set(_TOLD)) >= _ENOUGH


def new_facts(turn: Turn) -> dict[str, Value]:
    """Give what was told of the invoice being added, by the names of the facts."""
    scratch = turn.conversation.scratch
    return {name: scratch[NEW + name] for name in _TOLD if NEW + name in scratch}


def _missing(turn: Turn) -> str:
    """Give the fact to ask next, "" once the invoice is whole."""
    known = new_facts(turn)
    name = next((name for name in _ASKED if name not in known), "")
    return "invoice_on" if name == "invoice_due_on" and "payment_terms" in known else name


def show_new(turn: Turn) -> View:
    """Ask what is missing of the invoice, then read it back."""
    client = summary(turn)[0]
    known = new_facts(turn)
    name = _missing(turn)
    if name:
        asked = fact(name)
        hint = words("invoice_due_hint") if name == "invoice_due_on" else asked.hint
        body = say(
            "invoice_new", first=not known, client=client, question=asked.question, hint=hint
        )
        return View(body, column(buttons("invoice_new")), hint=hint, placeholder=asked.label)
    lines = []
    for one, value in known.items():
        doubt = turn.scratch(f"doubt.{one}")
        shown = fact(one).show(value)
        lines.append((fact(one).label, f"{shown} ({sentence(doubt)})" if doubt else shown))
    body = say("invoice_confirm", client=client, facts=lines)
    return View(body, column(buttons("invoice_confirm")), yes="ok", no="all")


def press_new(turn: Turn, key: str) -> None:
    """Add the invoice, ask one of its facts again, or leave it."""
    if key == "ok":
        _record_new(turn)
    elif key == "all":
        turn.drop_scratch()
        turn.fire("answered", remember=False)
    else:
        name = key.removeprefix("f.")
        also = ("payment_terms",) if name == "invoice_due_on" else ()
        turn.drop_scratch(
            *(f"{prefix}{one}" for one in (name, *also) for prefix in (NEW, "doubt."))
        )


def type_new(turn: Turn, text: str) -> bool:
    """Read an answer, or a sentence that tells the whole invoice."""
    name = _missing(turn)
    if not name and isinstance(read_yes_no(text), Understood):
        return False
    read = read_sentence(text, turn.today)
    told = {one: value for one, value in read.facts.items() if one in _TOLD}
    if len(told) >= _ENOUGH or (not name and told):
        _take(turn, told, read.notes)
        return True
    if not name:
        return False
    if name == "invoice_due_on":
        _take_due(turn, text)
        return True
    match fact(name).read(text, turn.today):
        case Refused(code, params):
            if not told:
                raise Misunderstood(sentence(code, **params))
            _take(turn, told, {})
        case Understood(value, notes):
            _take(turn, {name: value}, {name: notes})
    return True


def _take_due(turn: Turn, text: str) -> None:
    """Read a due date, or the date of the invoice and its terms, or the terms alone."""
    match read_invoice_and_terms(text, turn.today):
        case Understood((day, terms), _):
            told: dict[str, Value] = {"invoice_on": day}
            _take(turn, told | ({"payment_terms": terms} if terms else {}), {})
            return
    match fact("invoice_due_on").read(text, turn.today):
        case Understood(value, notes):
            _take(turn, {"invoice_due_on": value}, {"invoice_due_on": notes})
        case Refused(code, params):
            match read_payment_terms(text):
                case Understood(terms, ()):
                    _take(turn, {"payment_terms": terms}, {})
                case _:
                    raise Misunderstood(sentence(code, **params))


def _take(turn: Turn, told: dict[str, Value], notes: Mapping[str, Sequence[str]]) -> None:
    """Keep what was told; raises `Misunderstood` for an invoice that is there already, or due before its date."""
    number = told.get("invoice_number")
    if number and any(one.number == number for one in turn.need_dossier().invoices):
        raise Misunderstood(words("invoice_twice", number=number))
    day = told.get("invoice_due_on")
    if "far_year" in notes.get("invoice_due_on", ()) and isinstance(day, date):
        # An invoice added may not be due yet: the day to come is nearer than that of last year.
        told = {**told, "invoice_due_on": add_months(day, _YEAR)}
    known = new_facts(turn) | told
    if "invoice_due_on" not in known and {"invoice_on", "payment_terms"} <= known.keys():
        known |= _counted(turn, known)
    due, on = known.get("invoice_due_on"), known.get("invoice_on")
    if isinstance(due, date) and isinstance(on, date) and due < on:
        raise Misunderstood(words("invoice_early", on=date_longue(on)))
    shown: dict[str, Value] = {
        f"doubt.{one}": note for one in told for note in notes.get(one, ()) if note in _SHOWN
    }
    turn.set_scratch(**{NEW + one: value for one, value in known.items()}, **shown)


def _counted(turn: Turn, known: dict[str, Value]) -> dict[str, Value]:
    """Give the due date that the terms make; raises `Misunderstood` when they can be read two ways."""
    alone = turn.need_dossier().without_facts("work_done_on", "delivered_on")
    terms = {name: known[name] for name in ("invoice_on", "payment_terms")}
    due = due_date_of(alone.with_facts(**terms), turn.library.law)
    if isinstance(due, DueDate):
        return {"invoice_due_on": due.on}
    raise Misunderstood(due.sentence if due else words("invoice_due_hint"))


def _record_new(turn: Turn) -> None:
    """Add the invoice to the dossier, and say what is owed now."""
    turn.library.room.for_invoice(turn.need_dossier())
    known = new_facts(turn)
    told: dict[str, Value] = {
        part: known[name] for name, part in OF_INVOICE.items() if name in known
    }
    key = turn.need_dossier().next_invoice_key()
    turn.record(ActKind.INVOICE_ADDED, None, key=key, **told)
    dossier = turn.need_dossier()
    added = find(dossier, key)
    assert added is not None
    client = summary(turn)[0]
    turn.notes.append(say("invoice_added", name=name_of(added), client=client, total=owed(dossier)))
    turn.drop_scratch()
    turn.fire("answered", remember=False)


# --- the same client again ---------------------------------------------------------------------


def show_same_client(turn: Turn) -> View:
    """Offer to put the invoice just told with those of the same client."""
    other = same_client(turn) or turn.need_dossier()
    known = {"client": other.debtor_name, "short": other.debtor_name[:_CLIENT_ON_BUTTON]}
    body = say("same_client", amount=owed(other), **known)
    return View(body, column(buttons("same_client", **known)), yes="add", no="separate")


def press_same_client(turn: Turn, key: str) -> None:
    """Take the invoice to the dossier that is open, or keep it apart."""
    begun, other = turn.need_dossier(), same_client(turn)
    if key == "separate" or other is None:
        turn.put(begun.with_facts(**{APART: True}))
        turn.fire("answered")
        return
    turn.library.room.for_invoice(other)
    told = {NEW + name: value for name in _TOLD if (value := begun.get(name)) is not None}
    turn.put(
        replace(begun, facts={})
    )  # it holds nothing any more: the next dossier begun takes its place
    turn.hold(other)
    turn.drop_scratch()
    turn.set_scratch(**told)
    turn.fire("add_invoice", remember=False)


HANDLERS = {
    "invoice_new": Handler(show_new, press_new, type_new),
    "same_client": Handler(show_same_client, press_same_client),
}
