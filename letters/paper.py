"""A draft laid out for printing: JSON values only, so that it can be stored and printed later."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any

from letters import format as french
from letters.documents import HEADED, TITLED
from letters.drafted import BY_HAND, LRAR_MENTION, Draft
from letters.drafting import with_facts
from letters.format import NBSP
from letters.payment import transfer
from letters.tables import table
from letters.words import BlankRule, blank_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

Line = list[dict[str, Any]]
"""Runs of a line: {"t": text}, or {"b": label, "mm": length, "rules": count} of a blank to fill by hand."""
_YEAR = re.compile(rf"([\dr]{NBSP}[a-zéû]{{3,9}}) (?=\d{{4}}\b)")
_PHONE = re.compile(r"\b0\d(?: \d\d){4}\b")
_DAY_MM = 45
"""Room for a day written by hand."""


def sheet(draft: Draft, facts: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Lay a draft out for `letters.pdf.render` and `letters.docx.render`.

    `facts`: those that replace the draft's own around its body (addresses, place, date, décompte),
    by default none. A message is laid out as a dated note between two names, a script alone.
    """
    if facts:
        draft = with_facts(draft, facts)
    labels = {rule.label: rule for rule in map(blank_rule, draft.blanks)}
    titled = draft.kind in TITLED
    about = _dates_kept(draft.subject)
    day = draft.facts.get("today")
    return {
        "kind": draft.kind,
        "title": _title(draft, labels),
        "author": draft.sender[0] if draft.facts.get("creditor_name") else "",
        "date": day.isoformat() if isinstance(day, date) else None,
        "lang": "fr-FR",
        **_head(draft, labels),
        "mention": LRAR_MENTION if draft.channel == "lrar" and draft.kind in HEADED else "",
        "heading": _line(about if titled else "", labels),
        "subject": _line("" if titled else about, labels),
        "references": _lines([_dates_kept(line) for line in draft.references], labels),
        "blocks": [_block(draft, at, labels) for at in range(len(draft.paragraphs))],
        "signatures": _lines(draft.signatures, labels),
        "copy_to": _lines(draft.copy_to, labels),
        "enclosures_title": draft.enclosures_title,
        "enclosures": _lines([_dates_kept(line) for line in draft.enclosures], labels),
        "payment": _payment(draft),
        "small_print": draft.small_print,
    }


def _head(draft: Draft, labels: dict[str, BlankRule]) -> dict[str, Any]:
    """Give the lines around the addresses: names and day for a message, none for what has no head."""
    sender: tuple[str, ...] = ()
    addressee: tuple[str, ...] = ()
    dated = ""
    if draft.kind in HEADED:
        sender, addressee, dated = draft.sender, draft.addressee, draft.place_and_date
    elif draft.kind == "message":
        writes, reads = draft.between
        sender, addressee, dated = (writes,), (reads,), draft.written_on
    elif draft.signatures:
        dated = draft.place_and_date
    return {
        "sender": _lines(sender, labels),
        "addressee": _lines(addressee, labels),
        "place_date": _dated(dated, labels),
    }


def _dated(written: str, labels: dict[str, BlankRule]) -> Line:
    """Cut a place and date; a day left to write is a rule without a label."""
    by_hand = [{"b": "", "mm": _DAY_MM, "rules": 1}] if written.endswith(BY_HAND) else []
    return [*_line(written.removesuffix(BY_HAND), labels), *by_hand]


def _block(draft: Draft, at: int, labels: dict[str, BlankRule]) -> dict[str, Any]:
    if at in draft.headings:
        return {"kind": "heading", "line": _line(draft.paragraphs[at].replace("\n", " "), labels)}
    name = dict(draft.tables).get(at)
    if name is None:
        return {"kind": "text", "lines": _lines(draft.paragraphs[at].split("\n"), labels)}
    written = table(name, draft.facts, draft.addressee_kind)
    return {
        "kind": "table",
        "name": name,
        "heading": list(written.heading),
        "align": list(written.align),
        "rows": [[_line(cell, labels) for cell in row] for row in written.rows],
        "total": list(written.total or ()),
    }


def _title(draft: Draft, labels: dict[str, BlankRule]) -> str:
    """Name the paper as its subject does, or as the catalogue does when the subject has a blank."""
    blank = any(f"[{label}]" in draft.subject for label in labels)
    if draft.subject and not blank:
        return draft.subject
    return re.sub(r" *\(.*?\)", "", draft.title)


def _dates_kept(text: str) -> str:
    """Keep the year of a date on the line of its month: a year alone on a line reads badly."""
    return _YEAR.sub(rf"\1{NBSP}", text)


def _payment(draft: Draft) -> dict[str, str] | None:
    """Give what the payment block shows, None when no payment is asked or it cannot be one."""
    facts = draft.facts
    name, iban = str(facts.get("creditor_name", "")), str(facts.get("creditor_iban", ""))
    reference = _reference(facts)
    payload = transfer(name, iban, draft.payment, reference) if draft.payment else None
    if payload is None or draft.payment is None:
        return None
    return {
        "payload": payload,
        "name": name,
        "iban": french.iban(iban),
        "amount": french.euros(draft.payment),
        "reference": reference,
    }


def _reference(facts: Mapping[str, Any]) -> str:
    if len(listed := facts.get("invoices") or ()) > 1:
        return f"Factures {', '.join(str(item['number']) for item in listed if item['number'])}"
    if number := facts.get("invoice_number"):
        return f"Facture {number}"
    due_on = facts.get("invoice_due_on")
    return f"Facture échue le {french.date_courte(due_on)}" if isinstance(due_on, date) else ""


def _lines(texts: tuple[str, ...] | list[str], labels: dict[str, BlankRule]) -> list[Line]:
    return [_line(text, labels) for text in texts if text.strip()]


def _line(text: str, labels: dict[str, BlankRule]) -> Line:
    """Cut a line at the blanks it shows; a telephone number is not parted."""
    text = _PHONE.sub(lambda found: found[0].replace(" ", NBSP), text)
    if not labels:
        return [{"t": text}] if text else []
    shown = "|".join(re.escape(f"[{label}]") for label in labels)
    parts = re.split(f"({shown})", text)
    runs = [_blank(labels[part[1:-1]]) if at % 2 else {"t": part} for at, part in enumerate(parts)]
    return [run for run in runs if run.get("b") or run.get("t")]


def _blank(rule: BlankRule) -> dict[str, Any]:
    return {"b": rule.label, "mm": rule.mm, "rules": rule.rules}


def file_name(draft: Draft, debtor_name: str, today: date) -> str:
    """Name the printed file in plain letters: `mise-en-demeure-dupont-2026-11-22.pdf`."""
    title = re.sub(r"\(.*?\)", "", draft.title)
    parts = [_slug(title), _slug(debtor_name)[:40].strip("-"), today.isoformat()]
    return "-".join(part for part in parts if part) + ".pdf"


def _slug(text: str) -> str:
    text = text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("Æ", "ae")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
