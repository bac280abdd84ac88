"""Money received: how much, when, and for which invoice when there are several."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from flows.dialogue.actions import allowed, way_back
from flows.dialogue.case import PROBE
from flows.dialogue.handler import Handler, Misunderstood, View, column
from flows.dialogue.intake import summary
from flows.dialogue.invoice_facts import find, name_of, named_in
from flows.dialogue.screens import Choice
from flows.dialogue.texts import buttons, say, words
from flows.dialogue.turn import Turn
from flows.dossier import ActKind, Dossier, Status
from flows.reading import (
    Refused,
    Understood,
    read_amount,
    read_past_day,
    read_payment,
    read_yes_no,
    sentence,
    split_day,
)
from flows.values import Value
from letters.format import date_courte, euros

PART_PAID_EVIDENCE = f"{PROBE}acompte"
"""The answer that a part payment gives by itself."""
_CAME = re.compile(
    r"\b(?:re[çc]u|encaiss[ée]e?|(?:a|ont|m[’'](?:a|ont)) (?:pay|r[ée]gl|vers)[ée]|pay[ée]e|r[ée]gl[ée]e)\b",
    re.IGNORECASE,
)
"""Words that say that money came."""
_DOUBTED = re.compile(r"\b(?:pas|jamais|rien|toujours|doit|devait|devra)\b|\?", re.IGNORECASE)
"""Words that deny it, or doubt it."""


def show_paid_part(turn: Turn) -> View:
    """Ask how much came, then for which invoice when there are several."""
    client, amount, _ = summary(turn)
    scratch = turn.conversation.scratch
    if "over" in scratch:
        choices = buttons("part_too_much")
        return View(say("part_too_much", amount=amount), column(choices), yes="all", no="redo")
    came = scratch.get("sum")
    if isinstance(came, Decimal) or "which" in scratch:
        dossier = turn.need_dossier()
        balances = dossier.settlement.balances
        open_ones = [
            Choice(
                f"w.{one.key}",
                words("invoice_left", name=name_of(one), left=euros(balances[one.key])),
            )
            for one in dossier.open_invoices
        ]
        if isinstance(came, Decimal):
            body = say("paid_which", client=client, amount=euros(came))
            return View(body, column([*open_ones, *buttons("paid_which")]))
        body = say("paid_whole", client=client)
        everything = buttons("paid_whole", amount=euros(dossier.remaining or Decimal(0)))
        return View(body, (*column([*everything, *open_ones]), *way_back(turn)))
    return View(say("paid_part", client=client, amount=amount), way_back(turn))


def type_paid_part(turn: Turn, text: str) -> bool:
    """Record a part payment; the whole of what was due closes the dossier."""
    scratch = turn.conversation.scratch
    said = read_yes_no(text)
    if "over" in scratch and isinstance(said, Understood):
        press_paid_part(turn, "all" if said.value else "redo")
        return True
    key, left = named_in(turn.need_dossier(), text)
    if "sum" in scratch or ("which" in scratch and key):
        if not key:
            return False
        press_paid_part(turn, f"w.{key}")
        return True
    told, day = payment_day(left, turn.today)
    match read_amount(told):
        case Refused(code, params):
            raise Misunderstood(sentence(code, **params))
        case understood:
            take(turn, understood.value, day, key or turn.scratch("invoice"))
    return True


def payment_day(text: str, today: date) -> tuple[str, date]:
    """Part « 500 € le 20/11 » into the sum and its day; without a day, the money came today."""
    return split_day(text, lambda tail: read_past_day(tail, today), least=1) or (text, today)


def press_paid_part(turn: Turn, key: str) -> None:
    """Answer whether more than what was due means that all is paid, or which invoice is paid."""
    scratch = turn.conversation.scratch
    turn.drop_scratch("over")
    told = scratch.get("sum_on")
    day = told if isinstance(told, date) else turn.today
    came = scratch.get("sum")
    if key == "all":
        all_paid(turn, day)
    elif "which" in scratch:
        settle_invoice(turn, key.removeprefix("w."), day)
    elif isinstance(came, Decimal):
        _record(turn, came, day, key.removeprefix("w.") if key != "any" else "")


def take(turn: Turn, amount: Decimal, day: date, key: str = "") -> None:
    """Take so many euros received on a day: ask what is not clear of it, or record it. `key`: the invoice named."""
    dossier = turn.need_dossier()
    remaining = dossier.remaining
    assert remaining is not None
    if amount > remaining:
        turn.set_scratch(over=amount, sum_on=day)
    elif amount == remaining:
        all_paid(turn, day)
    elif not key and dossier.several_invoices and len(dossier.open_invoices) > 1:
        turn.set_scratch(sum=amount, sum_on=day)
    else:
        _record(turn, amount, day, key if dossier.several_invoices else "")


def _record(turn: Turn, amount: Decimal, day: date, key: str) -> None:
    told: dict[str, Value] = {"invoice": key} if key else {}
    turn.record(ActKind.PART_PAID, day, amount=amount, **told)
    # Paying a part is evidence, and it is known: the question need not be asked.
    turn.put(turn.need_dossier().with_facts(**{PART_PAID_EVIDENCE: "oui"}))
    turn.notes.append(_noted(turn, amount, day, key))
    turn.drop_scratch()
    turn.fire("answered", remember=False)


def _noted(turn: Turn, amount: Decimal, day: date, key: str) -> str:
    """Say what was noted, and what it leaves."""
    dossier = turn.need_dossier()
    invoice = find(dossier, key)
    known = {"remaining": summary(turn)[1], "amount": euros(amount), "on": date_courte(day)}
    if invoice is None:
        return say("part_noted", **known)
    left = dossier.settlement.balances[key]
    if not left:
        return say("invoice_settled", name=name_of(invoice), remaining=known["remaining"])
    name = name_of(invoice)
    return say("part_noted_on", name=name[:1].lower() + name[1:], left=euros(left), **known)


def all_paid(turn: Turn, day: date) -> None:
    """Close the dossier as paid on a day; what was due before stays known, should it be reopened."""
    turn.record(ActKind.PAID, day)
    turn.drop_scratch()
    turn.fire("answered", remember=False)


def settle_invoice(turn: Turn, key: str, day: date) -> None:
    """Note that what remained on one invoice came on a day; the last one open closes the dossier."""
    left = turn.need_dossier().settlement.balances[key]
    turn.drop_scratch()
    turn.fire("part_paid", remember=False)
    take(turn, left, day, key)


def told_payment(turn: Turn, text: str) -> bool:
    """Take « j’ai reçu 500 € pour la F-014 » or « F-014 payée »: money for an invoice that is known by its number.

    The dossier in hand goes first, then the only other one that holds such a number. False for anything else.
    """
    if not _CAME.search(text) or _DOUBTED.search(text):
        return False
    own = [turn.dossier] if turn.dossier else []
    found = _naming(own, text) or _naming(_open_dossiers(turn), text)
    if len(found) != 1:
        return False
    dossier, key, left = found[0]
    if "part" not in allowed(turn.aside(dossier)):
        return False
    turn.hold(dossier)
    amount, day = read_payment(left, turn.today)
    if amount is not None:
        turn.leave()
        turn.fire("part_paid", remember=False)
        take(turn, amount, day or turn.today, key)
    elif day is not None or not any(map(str.isdigit, left)):
        settle_invoice(turn, key, day or turn.today)
    else:
        turn.leave()
        turn.set_scratch(invoice=key)
        turn.fire("part_paid", remember=False)
    return True


def _naming(dossiers: Iterable[Dossier], text: str) -> list[tuple[Dossier, str, str]]:
    """Give the dossiers with an unpaid invoice that a text names: its key, and the text without it."""
    found = ((dossier, *named_in(dossier, text)) for dossier in dossiers)
    return [one for one in found if one[1] and one[0].settlement.balances[one[1]]]


def _open_dossiers(turn: Turn) -> list[Dossier]:
    """Give the open dossiers, as they stand in this turn."""
    living = {Status.OPEN, Status.PAUSED}
    listed = turn.book.some([one.id for one in turn.book.outlines() if one.status in living])
    return [turn.changed.get(one.id, one) for one in listed]


HANDLERS = {"paid_part": Handler(show_paid_part, press_paid_part, type_paid_part)}
