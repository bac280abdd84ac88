"""Milliseconds a PDF and a DOCX: a new letter each time, the printer warm."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from statistics import median
from typing import Any

from letters import draft, load_catalogue, sheet
from letters.pdf import pages, render
from tests.bench.report import Row, Size, percentile, timed
from tests.letters.conftest import all_facts

AIM = 10.0
DOCX_AIM = 30.0
_WARM = 5


def _distinct(count: int) -> Iterator[dict[str, Any]]:
    for n in range(count):
        amount = Decimal(1250 + n)
        yield {
            **all_facts("professionnel"),
            "debtor_name": f"Dupont et fils {n} SARL",
            "invoice_number": f"F-2026-{n:03}",
            "amount_due": amount,
            "amount_remaining": amount,
        }


def _print(document_id: str, count: int) -> tuple[list[float], list[float]]:
    document = load_catalogue().get(document_id)
    whole, printing = [], []
    for facts in _distinct(count + _WARM):
        written, laid_out = timed(lambda facts=facts: sheet(draft(document, facts)))  # type: ignore[misc]
        printed, pdf = timed(lambda laid_out=laid_out: render(laid_out))  # type: ignore[misc]
        if pages(pdf) != 1:
            raise RuntimeError(f"{document_id} no longer prints on one page")
        printing.append(printed * 1e3)
        whole.append((written + printed) * 1e3)
    return whole[_WARM:], printing[_WARM:]


def sheet_of(document_id: str, debtor: str) -> dict[str, Any]:
    """Lay out a document with every fact."""
    return sheet(draft(load_catalogue().get(document_id), all_facts(debtor)))


def _write(document_id: str, count: int) -> list[float]:
    from letters.docx import render as render_docx

    document = load_catalogue().get(document_id)
    taken = []
    for facts in _distinct(count + _WARM):
        written, _ = timed(lambda facts=facts: render_docx(sheet(draft(document, facts))))  # type: ignore[misc]
        taken.append(written * 1e3)
    return taken[_WARM:]


def measure(size: Size) -> list[Row]:
    """Print a mise en demeure with every fact and a one-page mail, each a new text."""
    rows = []
    for what, document_id in (("mise en demeure", "mise_en_demeure_pro"), ("mail", "mail_amical")):
        whole, printing = _print(document_id, size.papers)
        middle = median(whole)
        rows += [
            Row(
                f"{what}: facts to PDF",
                f"{middle:.1f} ms",
                f"p90 {percentile(whole, 90):.1f} ms",
                f"≤ {AIM:.0f} ms",
                middle <= AIM,
            ),
            Row("  of which printing", f"{median(printing):.1f} ms"),
        ]
    written = _write("mise_en_demeure_pro", size.papers)
    middle = median(written)
    return [
        *rows,
        Row(
            "mise en demeure: facts to DOCX",
            f"{middle:.1f} ms",
            f"p90 {percentile(written, 90):.1f} ms",
            f"≤ {DOCX_AIM:.0f} ms",
            middle <= DOCX_AIM,
        ),
    ]
