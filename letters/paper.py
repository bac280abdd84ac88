"""A draft laid out for printing: JSON values only, so that it can be stored and printed later."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any

from letters.decompte import table
from letters.documents import blank_label
from letters.drafted import LRAR_MENTION, Draft
from letters.drafting import with_facts

if TYPE_CHECKING:
    from collections.abc import Mapping

Line = list[dict[str, str]]
"""Runs of a line: {"t": text} or {"b": label of a blank to fill by hand}."""


def sheet(draft: Draft, facts: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Lay a draft out for `letters.pdf.render`.

    `facts`: those that replace the draft's own around its body (addresses, place, date, décompte),
    by default none. A message or a script is laid out too, without the parts only a letter has.
    """
    if facts:
        draft = with_facts(draft, facts)
    labels = [blank_label(name) for name in draft.blanks]
    letter = draft.kind == "letter"
    day = draft.facts.get("today")
    script = draft.kind == "script"
    return {
        "kind": draft.kind,
        "title": draft.subject or draft.title,
        "author": draft.sender[0] if draft.facts.get("creditor_name") else "",
        "date": day.isoformat() if isinstance(day, date) else None,
        "sender": [] if script else _lines(draft.sender, labels),
        "addressee": [] if script else _lines(draft.addressee, labels),
        "mention": LRAR_MENTION if draft.channel == "lrar" else "",
        "place_date": _line("" if script else draft.place_and_date, labels),
        "subject": _line(draft.subject, labels),
        "references": _lines(draft.references, labels),
        "blocks": [_block(draft, at, labels) for at in range(len(draft.paragraphs))],
        "signature": _line(draft.signature if letter else "", labels),
        "enclosures_title": draft.enclosures_title,
        "enclosures": [] if script else _lines(draft.enclosures, labels),
        "small_print": draft.small_print,
    }


def _block(draft: Draft, at: int, labels: list[str]) -> dict[str, Any]:
    if at != draft.table_at:
        return {"lines": _lines(draft.paragraphs[at].split("\n"), labels)}
    written = table(draft.facts["decompte"], str(draft.facts["debtor_kind"]))
    return {
        "heading": list(written.heading),
        "rows": [list(row) for row in written.rows],
        "total": list(written.total) if written.total else [],
    }


def _lines(texts: tuple[str, ...] | list[str], labels: list[str]) -> list[Line]:
    return [_line(text, labels) for text in texts if text.strip()]


def _line(text: str, labels: list[str]) -> Line:
    """Cut a line at the blanks it shows."""
    if not labels:
        return [{"t": text}] if text else []
    shown = "|".join(re.escape(f"[{label}]") for label in labels)
    parts = re.split(f"({shown})", text)
    runs = [{"b": part[1:-1]} if at % 2 else {"t": part} for at, part in enumerate(parts)]
    return [run for run in runs if run.get("b") or run.get("t")]


def file_name(draft: Draft, debtor_name: str, today: date) -> str:
    """Name the printed file in plain letters: `mise-en-demeure-dupont-2026-11-22.pdf`."""
    title = re.sub(r"\(.*?\)", "", draft.title)
    parts = [_slug(title), _slug(debtor_name)[:40].strip("-"), today.isoformat()]
    return "-".join(part for part in parts if part) + ".pdf"


def _slug(text: str) -> str:
    text = text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("Æ", "ae")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
