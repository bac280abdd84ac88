"""A draft laid out for printing: JSON values only, so that it can be stored and printed later."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any

from letters.decompte import table
from letters.drafted import LRAR_MENTION, Draft
from letters.drafting import with_facts
from letters.words import BlankRule, blank_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

Line = list[dict[str, Any]]
"""Runs of a line: {"t": text}, or {"b": label, "mm": length, "rules": count} of a blank to fill by hand."""


def sheet(draft: Draft, facts: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Lay a draft out for `letters.pdf.render`.

    `facts`: those that replace the draft's own around its body (addresses, place, date, décompte),
    by default none. A message is laid out as a dated note between two names, a script alone.
    """
    if facts:
        draft = with_facts(draft, facts)
    labels = {rule.label: rule for rule in map(blank_rule, draft.blanks)}
    letter = draft.kind == "letter"
    day = draft.facts.get("today")
    return {
        "kind": draft.kind,
        "title": draft.subject or draft.title,
        "author": draft.sender[0] if draft.facts.get("creditor_name") else "",
        "date": day.isoformat() if isinstance(day, date) else None,
        **_head(draft, labels),
        "mention": LRAR_MENTION if draft.channel == "lrar" else "",
        "subject": _line(draft.subject, labels),
        "references": _lines(draft.references, labels),
        "blocks": [_block(draft, at, labels) for at in range(len(draft.paragraphs))],
        "signature": _line(draft.signature if letter else "", labels),
        "enclosures_title": draft.enclosures_title,
        "enclosures": _lines(draft.enclosures, labels),
        "small_print": draft.small_print,
    }


def _head(draft: Draft, labels: dict[str, BlankRule]) -> dict[str, Any]:
    """Give the lines around the addresses: all for a letter, names and day for a message, none else."""
    if draft.kind == "letter":
        sender, addressee, dated = draft.sender, draft.addressee, draft.place_and_date
    elif draft.kind == "message":
        writes, reads = draft.between
        sender, addressee, dated = (writes,), (reads,), draft.written_on
    else:
        sender, addressee, dated = (), (), ""
    return {
        "sender": _lines(sender, labels),
        "addressee": _lines(addressee, labels),
        "place_date": _line(dated, labels),
    }


def _block(draft: Draft, at: int, labels: dict[str, BlankRule]) -> dict[str, Any]:
    if at != draft.table_at:
        return {"lines": _lines(draft.paragraphs[at].split("\n"), labels)}
    written = table(draft.facts["decompte"], str(draft.facts["debtor_kind"]))
    return {
        "heading": list(written.heading),
        "rows": [list(row) for row in written.rows],
        "total": list(written.total) if written.total else [],
    }


def _lines(texts: tuple[str, ...] | list[str], labels: dict[str, BlankRule]) -> list[Line]:
    return [_line(text, labels) for text in texts if text.strip()]


def _line(text: str, labels: dict[str, BlankRule]) -> Line:
    """Cut a line at the blanks it shows."""
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
