"""Asking one fact: the question, reading the answer, and reading a doubtful one back before it counts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flows.dialogue.handler import Misunderstood, View, column
from flows.dialogue.invoice_facts import FROM_LIST, amount_for, keep_of_invoice
from flows.dialogue.noting import JUDGMENT, NOTICE, check_judgment, note, note_notice
from flows.dialogue.promising import record_promise
from flows.dialogue.screens import Choice
from flows.dialogue.settling import counted_due_date, note_excess, settle_due_date
from flows.dialogue.texts import buttons, say
from flows.dialogue.turn import Turn
from flows.dialogue.usual import take_usual_rate
from flows.dossier import ActKind
from flows.facts import Fact
from flows.facts.stated import NONE
from flows.reading import Refused, Understood, read_yes_no, sentence
from flows.values import Value

DOUBTS = frozenset(
    {
        *("ht", "ambiguous_thousands", "approximate_amount", "far_year"),
        *("name_digits", "reference_odd", "address_no_postcode"),
        *("legal_once", "monthly_rate", "to_check", "due_before_invoice"),
    }
)
"""Notes of a reading that must be confirmed; any other value is read back on the next screen."""
COUNTED_FROM = frozenset({"invoice_on", "payment_terms", "public_body", "work_done_on"})
"""Facts that a due date may have been counted from: corrected, they move it."""
DATED = frozenset({"invoice_on", "invoice_due_on"})
"""Facts that say how long the debtor had to pay: the law sets a ceiling."""
YES, NO = "ok", "redo"


def doubt_view(turn: Turn, asked: Fact) -> View | None:
    """Give the screen that reads a doubtful value back, None when there is no doubt."""
    pending = turn.conversation.scratch.get("doubt")
    if pending is None:
        return None
    value = asked.show(pending)
    key = "doubt_ht" if turn.scratch("doubt_note") == "ht" else "doubt"
    remark = sentence(turn.scratch("doubt_note")) if key == "doubt" else ""
    values = {"value": value, "doubt": remark}
    return View(say(key, **values), column(buttons(key, **values)), hint=asked.hint)


def fact_view(turn: Turn, asked: Fact, extra: list[Choice] | None = None) -> View:
    """Give the question for a fact, with its choices as buttons."""
    doubtful = doubt_view(turn, asked)
    if doubtful:
        return doubtful
    body = say("ask_fact", question=asked.question, why=asked.why, hint=asked.hint)
    choices = choice_buttons(asked) + (extra or [])
    return View(body, column(choices), hint=asked.hint, placeholder=asked.label)


def choice_buttons(asked: Fact) -> list[Choice]:
    """Give a fact's choices as buttons; their data is the place in the list, never the value."""
    return [Choice(f"c{place}", label) for place, (_, label) in enumerate(asked.choices)]


def take_press(turn: Turn, asked: Fact, key: str) -> bool:
    """Read a button of the question. True once the fact has its value."""
    if key == YES and (pending := turn.conversation.scratch.get("doubt")) is not None:
        turn.drop_scratch("doubt", "doubt_note")
        keep(turn, asked, pending)
        return True
    if key == NO:
        turn.drop_scratch("doubt", "doubt_note")
        return False
    keep(turn, asked, asked.choices[int(key[1:])][0])
    return True


def take_text(turn: Turn, asked: Fact, text: str) -> bool:
    """Read what was typed. True once the fact has its value, False when it must be read back first.

    Raises `Misunderstood` with the sentence that says what was expected.
    """
    if "doubt" in turn.conversation.scratch:
        answer = sentence_yes_no(text)
        if answer is not None:
            return take_press(turn, asked, YES if answer else NO)
    match asked.read(text, turn.today):
        case Refused(code, params):
            raise Misunderstood(sentence(code, **params))
        case Understood(value, notes):
            turn.drop_scratch("doubt", "doubt_note")
            doubts = [note for note in notes if note in DOUBTS]
            if doubts:
                turn.set_scratch(doubt=value, doubt_note=doubts[0])
                return False
            keep(turn, asked, value)
            return True
    raise AssertionError(asked)


def sentence_yes_no(text: str) -> bool | None:
    """Read a plain yes or no, None for anything else."""
    match read_yes_no(text):
        case Understood(value, _):
            return bool(value)
    return None


def keep(turn: Turn, asked: Fact, value: Value) -> None:
    """Store the value and read it back at the top of the next screen; a correction leaves a trace."""
    if not keep_of_invoice(turn, asked, value):
        _keep_fact(turn, asked, value)


def _keep_fact(turn: Turn, asked: Fact, value: Value) -> None:
    dossier, said = turn.dossier, value
    before = dossier.get(asked.name) if dossier and asked.scope == "dossier" else None
    if before is not None and before != value and turn.scratch("purpose") in {"card", FROM_LIST}:
        turn.record(
            ActKind.CORRECTED, fact=asked.name, before=asked.show(before), after=asked.show(value)
        )
    if asked.name == "amount_due" and isinstance(value, Decimal) and dossier:
        # What is asked is what remains; what is stored is what was due before payments and credit notes.
        value = amount_for(dossier, value)
    if asked.name == JUDGMENT and isinstance(value, date):
        check_judgment(turn, value)
    counted = asked.name in COUNTED_FROM and counted_due_date(turn)
    if isinstance(value, date) and asked.records:
        note(
            turn, asked.records, value
        )  # an act says it: kept as a fact as well, they could differ
    elif isinstance(value, date) and asked.name == NOTICE:
        note_notice(turn, value)
    else:
        turn.set_fact(asked, value)
    if asked.name == "promised_on" and isinstance(value, date):
        record_promise(turn, value, again=before is not None)
    if asked.name == JUDGMENT and isinstance(value, date):
        turn.record(ActKind.PROCEDURE_OPENED, value, dated="oui")
    if turn.dossier and turn.dossier.get(NONE + asked.name):
        turn.put(turn.dossier.without_facts(NONE + asked.name))
    turn.notes.append(say("noted", label=asked.label, value=asked.show(said)))
    if asked.name == "debtor_kind":
        take_usual_rate(turn)
    if counted:
        settle_due_date(turn)
    elif asked.name in DATED:
        note_excess(turn)
