"""The facts a document states that nobody is asked for: sums, dates given, what was written before."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from flows import law as law_room
from flows.dossier import ActKind, DebtorKind, Dossier, Status
from flows.facts.owed import account_of, facts_of, of_notice, stated_in
from flows.invoices import Invoice
from flows.ladder import procedure_open
from flows.law.calendar import next_working_day
from flows.plan import instalments
from flows.values import Facts
from flows.yamlfile import load_yaml
from letters import Catalogue, Document

UNKNOWN_VALUE = "inconnu"
"""The choice of a fact that says it is not known."""
CONTESTING = frozenset({"pas_content"})
"""Outcomes of a contact that are a contest by themselves; a refusal without a reason is none."""
DISPUTED = "contestation"
"""What is noted when the debtor contests a sum."""
TRANSFER = "virement_fait"
"""The outcome of a contact that announces a transfer."""
_ADDRESSES = ("_address", "creditor_home")
"""Endings of the facts that are postal addresses."""
_TOWN = re.compile(r",?[ \u00a0]+(?=\d{5}[ \u00a0]+\D)")
"""Where a French address typed on one line goes to the next: before the postcode."""


@cache
def habits() -> Mapping[str, int]:
    """Load the habits: days and counts by name."""
    return {k: int(v) for k, v in load_yaml(resources.files("flows.facts") / "habits.yaml").items()}


@cache
def stand_ins() -> Mapping[str, str]:
    """Load the general words a text says for a fact the person could not give."""
    return dict(load_yaml(resources.files("flows.facts") / "stand_ins.yaml"))


def schedule(amount: Decimal, parts: int, first_on: date) -> list[dict[str, Any]]:
    """Give monthly instalments from `first_on`, on working days: [{on, amount}], summing to `amount`."""
    return [{"on": one.on, "amount": one.amount} for one in instalments(amount, parts, first_on)]


def decompte_of(
    dossier: Dossier,
    until: date,
    law: law_room.Law,
    imputation: law_room.Imputation | None = None,
    invoices: Collection[Invoice] = (),
) -> law_room.Decompte | None:
    """Compute what is owed on `until`; None while an amount, a due date or the debtor is not known.

    `imputation` says what a part payment pays first; by default what the law says for this debtor.
    `invoices`: those that count, of several; by default those still unpaid.
    """
    counted = account_of(dossier, invoices)
    if counted is None or dossier.debtor_kind is None:
        return None
    return law_room.compute_decompte(
        claims=counted.claims,
        payments=counted.payments,
        credits=counted.credits,
        agreed=law_room.AgreedRate.parse(str(dossier.get("penalty_terms") or "aucun")),
        debtor_kind=dossier.debtor_kind,
        until=min(until, paid_on(dossier) or until),
        law=law,
        formal_notice_on=counted.notice_on,
        notices=counted.notices,
        stopped_on=procedure_since(dossier),
        imputation=imputation,
    )


def paid_on(dossier: Dossier) -> date | None:
    """Give the day the whole was paid, None while it is not: nothing runs after it."""
    told = dossier.last(ActKind.PAID) if dossier.status is Status.PAID else None
    return told.on if told else None


def judgment_on(dossier: Dossier) -> date | None:
    """Give the day of the opening judgment last told, None when it is not known."""
    dated = [a.on for a in dossier.acts_of(ActKind.PROCEDURE_OPENED) if a.text("dated") == "oui"]
    return dated[-1] if dated else None


def procedure_since(dossier: Dossier) -> date | None:
    """Give the day interest stops for a collective procedure, None when none is open.

    The judgment is at the latest the day its notice appeared, or the day it was told of.
    """
    if not procedure_open(dossier):
        return None
    told = [act.on for act in dossier.acts_of(ActKind.PROCEDURE_OPENED)]
    published = dossier.happened_on("publication_bodacc")
    known = judgment_on(dossier)
    return known or min((*told, *([published] if published else [])), default=None)


def imputation_chosen(dossier: Dossier) -> law_room.Imputation | None:
    """Give what the person chose that a part payment pays first, None when nothing was chosen."""
    chosen = dossier.get("imputation")
    return law_room.Imputation(str(chosen)) if chosen else None


def contested(dossier: Dossier) -> str:
    """Say whether the debtor contests: « oui », « non » or « inconnu ».

    A complaint told of the last contact is a contest by itself, and so is an opposition.
    """
    if dossier.happened_on("opposition") or dossier.happened_on(DISPUTED):
        return "oui"
    told = str(dossier.get("contested") or UNKNOWN_VALUE)
    if told == UNKNOWN_VALUE and dossier.get("contact_outcome") in CONTESTING:
        return "oui"
    return told


def undisputed(dossier: Dossier) -> Decimal | None:
    """Give the euros still due that the debtor does not contest, None when no sum is contested or all of it is."""
    told = [act.data.get("amount") for act in dossier.happened if act.text("what") == DISPUTED]
    owed = dossier.remaining
    if not told or not isinstance(told[-1], Decimal) or owed is None:
        return None
    return max(owed - told[-1], Decimal(0)) or None


def letters_before(
    dossier: Dossier, catalogue: Catalogue, today: date, *, notices: bool = True
) -> list[dict[str, Any]]:
    """Give the written documents sent before `today`: [{title, on}], oldest first; `notices`: mises en demeure too.

    What asked for invoices paid since is not among them.
    """
    bygone = dossier.bygone
    return [
        {"title": document.title, "on": act.on}
        for place, act in enumerate(dossier.acts)
        if act.kind is ActKind.SENT
        and place not in bygone
        and (document := catalogue.find(act.text("document")))
        and document.kind != "script"
        and act.on < today
        and (notices or not of_notice(act))
    ]


def postal(address: str) -> str:
    """Lay an address out for an envelope: the postcode and town on a line of their own."""
    return address if "\n" in address else _TOWN.sub("\n", address, count=1)


def town_of(address: str) -> str:
    """Give the town of an address, "" when its last line does not begin with a postcode."""
    found = re.fullmatch(r"\d{5}[ \u00a0]+(\D.*)", postal(address).split("\n")[-1].strip())
    return found[1] if found else ""


def document_facts(
    dossier: Dossier,
    person: Facts,
    document: Document,
    today: date,
    law: law_room.Law,
    catalogue: Catalogue,
) -> dict[str, Any]:
    """Gather all a document may state: the person's facts, the dossier's, and what follows from them."""
    facts: dict[str, Any] = {**person, **{k: v for k, v in dossier.facts.items() if "." not in k}}
    facts |= {n: postal(str(v)) for n, v in facts.items() if n.endswith(_ADDRESSES)}
    if town := town_of(str(facts.get("creditor_address") or facts.get("creditor_home") or "")):
        facts.setdefault("creditor_city", town)
    remaining = dossier.remaining or Decimal(0)
    days = document.follows.after_days if document.follows else habits()["reply_days"]
    answer_by = next_working_day(today + timedelta(days=days))
    kind = dossier.debtor_kind or DebtorKind.NONTRADER
    facts |= {
        "today": today,
        "amount_remaining": remaining,
        "new_due_on": answer_by,
        "reply_by_on": answer_by,
        "notice_days": law.notice_days(kind, today),
        "letters_before": letters_before(dossier, catalogue, today),
        "contested": contested(dossier),
    }
    invoices = stated_in(dossier, document, today)
    if invoices:
        facts |= facts_of(dossier, invoices)
        facts = {name: value for name, value in facts.items() if value is not None}
        remaining = facts["amount_remaining"]
    chosen = imputation_chosen(dossier)
    friendly = chosen or (None if _claims(document) else law_room.Imputation.PRINCIPAL_FIRST)
    if facts.get("contact_outcome") == TRANSFER:
        answers = dossier.acts_of(ActKind.ANSWERED)
        facts["announced_on"] = [a.on for a in answers if a.text("outcome") == TRANSFER][-1]
    counted = decompte_of(dossier, today, law, friendly, invoices)
    if counted is not None:
        facts |= counted.as_facts()
        facts["law_warning"] = " ".join(counted.sentences)
        # They run, and no figure can be given yet: the letter says so without one.
        facts["penalties_unknown"] = counted.refused_from is not None and not counted.lines
    for name, words in stand_ins().items():
        if dossier.get(f"unknown.{name}"):
            facts.setdefault(name, words)
    gesture = facts.get("gesture_amount")
    if isinstance(gesture, Decimal):
        facts["net_after_gesture"] = max(remaining - gesture, Decimal(0))
    if document.kind != "agreement":  # what will be signed is asked, never supposed
        soon = next_working_day(today + timedelta(days=habits()["first_instalment_days"]))
        facts.setdefault("instalments", habits()["instalments"])
        facts.setdefault("first_instalment_on", soon)
    parts, first = facts.get("instalments"), facts.get("first_instalment_on")
    if isinstance(parts, int) and isinstance(first, date):
        facts["schedule"] = schedule(remaining, parts, first)
    return facts


def _claims(document: Document) -> bool:
    """Say whether a document claims what is owed as the law counts it.

    In a message, an agreement or a receipt a payment lowers the invoice, as people count.
    """
    claims = document.kind in {"letter", "filing"} or document.addressee in {"tribunal", "tiers"}
    return claims and document.family not in {"accord", "apres"}
