"""The stamps of exhibits: « Pièce n° 1 », with the page when there are several, as drawings."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import typst

from letters.format import NBSP
from letters.pdffile import BoundedReader, PdfFile
from letters.pdfpages import PageDrawings
from letters.words import HERE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from letters.a4 import Drawing

_TITLE_CHARS = 120


@cache
def _compiler() -> Any:
    return typst.Compiler(ignore_system_fonts=True)


@cache
def _template() -> bytes:
    return (HERE / "stamp.typ").read_bytes()


def exhibit_name(number: int, title: str = "") -> str:
    """Name an exhibit as its stamp and the bookmarks do: « Pièce n° 1 – Devis signé »."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in title).split())[:_TITLE_CHARS]
    return f"Pièce n°{NBSP}{number}" + (f" – {plain}" if plain else "")


def stamps(pages: Sequence[int], target: PdfFile) -> dict[tuple[int, int], Drawing]:
    """Draw the stamp of each page in `target`, by exhibit from 1 and page from 0.

    `pages` counts those of each exhibit. All are printed at once: they share one font.
    """
    texts = {
        (number, at): (exhibit_name(number), f"{at + 1}/{count}" if count > 1 else "")
        for number, count in enumerate(pages, 1)
        for at in range(count)
    }
    if not texts:
        return {}
    given = {"stamps": json.dumps(list(texts.values()))}
    printed = BoundedReader(
        _compiler().compile(_template(), sys_inputs=given, format="pdf", timestamp=0)
    )
    drawings = PageDrawings(target)
    return {key: drawings.drawing(page) for key, page in zip(texts, printed.pages, strict=True)}
