"""Dossiers as a jurist writes them in the YAML cases: what is known, and what happened in one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flows.dossier import Act, ActKind, Dossier
from flows.values import Value
from tests.facts.makers import TODAY, act, happened

DUE = date(2026, 10, 15)
"""The due date of a dossier, unless told otherwise."""


def _dated(words: list[str]) -> tuple[list[str], date]:
    """Part « … le 2026-11-02 » from its day; today without one."""
    if len(words) > 1 and words[-2] == "le":
        return words[:-2], date.fromisoformat(words[-1])
    return words, TODAY


_TOLD: Mapping[str, Callable[[str, date], list[Act]]] = {
    "envoyé": lambda what, on: [act(ActKind.SENT, on, document=what, channel="lrar")],
    "reçu": lambda what, on: [act(ActKind.RECEIVED, on, document=what)],
    "noté": lambda what, on: [happened(what, on)],
    "versé": lambda what, on: [act(ActKind.PART_PAID, on, amount=Decimal(what))],
    "avoir": lambda what, on: [act(ActKind.CREDITED, on, amount=Decimal(what), corrects="non")],
    "payé": lambda what, on: [act(ActKind.PAID, on)],
    "clos": lambda what, on: [act(ActKind.CLOSED, on, how=what)],
    "rouvert": lambda what, on: [act(ActKind.REOPENED, on)],
    "pause": lambda what, on: [act(ActKind.PAUSED, on)],
    "jugement": lambda what, on: [act(ActKind.PROCEDURE_OPENED, on, dated="oui")],
    "démenti": lambda what, on: [act(ActKind.CORRECTED, on, fact="procedure")],
    "répondu": lambda what, on: [act(ActKind.ANSWERED, on, outcome=what)],
    "promis": lambda what, on: [act(ActKind.PROMISED, on, promised_on=date.fromisoformat(what))],
    "annulé": lambda what, on: [act(ActKind.CORRECTED, TODAY, fact="evenement", what=what, day=on)],
    "repris": lambda what, on: [
        act(ActKind.CORRECTED, TODAY, fact="paiement_partiel", amount=Decimal(what), day=on)
    ],
}
"""What a line of « histoire » says first, and the acts it makes."""


def value_of(told: Any) -> Value:
    """Give a value of a case as a fact holds it: « 1250.00 » is a sum, the rest is as YAML reads it."""
    if isinstance(told, float):
        return Decimal(str(told))
    if isinstance(told, str | bool | int | date):
        return told
    raise TypeError(f"no value of a case: {told!r}")


def dossier_of(case: Mapping[str, Any]) -> Dossier:
    """Make the dossier of a case: 1 250 euros due on 15 October, unless it says otherwise."""
    facts: dict[str, Value] = {
        "debtor_kind": case["client"],
        "debtor_name": "Dupont",
        "amount_due": Decimal(1250),
        "invoice_due_on": DUE,
    }
    facts |= {name: value_of(told) for name, told in case.get("dit", {}).items()}
    if "dû" in case:
        facts["amount_due"] = Decimal(str(case["dû"]))
    if case.get("échéance") == "inconnue":
        del facts["invoice_due_on"]
    elif "échéance" in case:
        facts["invoice_due_on"] = case["échéance"]
    acts = [act(ActKind.OPENED, date(2026, 10, 1))]
    for line in case.get("histoire", []):
        (verb, *rest), on = _dated(line.split())
        acts += _TOLD[verb](" ".join(rest), on)
    return Dossier("n", date(2026, 10, 1), facts, tuple(acts))


def person_of(case: Mapping[str, Any]) -> dict[str, Value]:
    """Give what a case says of the creditor."""
    return {name: value_of(told) for name, told in case.get("vous", {}).items()}
