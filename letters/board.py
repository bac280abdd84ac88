"""A picture of figures for a phone: a headline, then panels of bars or lines, as PNG.

Knows no dossier: it draws the named words it is given. What a person typed goes in as JSON data and
comes out as text, never read as markup; a name too long for its place ends in « … ».
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from letters.format import NBSP, THIN
from letters.glyphs import drawable, learn
from letters.words import HERE

__all__ = ["FULL", "TONES", "render"]

FULL = 1000
"""The share of a bar that fills its place."""
TONES = 6
"""Fills of a bar, each told from the others without colour: 0 is empty, then denser and darker; the last is plain."""
_LABEL = 120
"""Characters of a text that can show at all: what is cut away further is not even measured."""
_DPI = 104
"""A page of 500 points is some 720 pixels wide: sharp enough for a phone, and drawn at once."""


@cache
def _compiler() -> Any:
    import typst  # not before something is drawn: 7 MB, and 9 ms of every start

    return typst.Compiler(ignore_system_fonts=True)


@cache
def _template() -> bytes:
    return (HERE / "board.typ").read_bytes()


def render(sheet: Mapping[str, Any]) -> bytes:
    """Draw a sheet; the same sheet gives the same bytes.

    `title`, `day`; `headline`: `value`, `label`, `notes` (a list); `panels`: each `title`, `rows`,
    `empty` (said in place of rows when there are none) and `lead` (whether the figure of a row comes
    first, and all on one line). A row holds `label`, `value` and `note`, ""
    where there is none, and for a bar its `share` (0 to `FULL`) and `tone` (0 to `TONES` - 1); without
    a bar, `share` is None. Raises KeyError for another shape.
    """
    import typst

    while True:
        given = {"board": json.dumps(_drawn(sheet))}
        try:
            printed: bytes = _compiler().compile(
                _template(), sys_inputs=given, format="png", ppi=_DPI, timestamp=0
            )
        except typst.TypstError as error:
            if not learn(str(error)):
                raise
        else:
            return printed


def _drawn(sheet: Mapping[str, Any]) -> dict[str, Any]:
    headline = sheet["headline"]
    kept = {
        "title": _line(sheet["title"]),
        "day": _line(sheet["day"]),
        "headline": {
            "value": _line(headline["value"]),
            "label": _line(headline["label"]),
            "notes": [_line(note) for note in headline["notes"]],
        },
        "panels": [
            {
                "title": _line(panel["title"]),
                "empty": _line(panel["empty"]),
                "lead": bool(panel["lead"]),
                "rows": [_row(row) for row in panel["rows"]],
            }
            for panel in sheet["panels"]
        ],
    }
    shown: dict[str, Any] = drawable(kept)
    return shown


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    # A thin space is lost in figures this small on a phone.
    texts = {name: _line(row[name]) for name in ("label", "value", "note")}
    share = row["share"]
    if share is not None and not 0 <= share <= FULL:
        raise ValueError(f"a bar holds 0 to {FULL}: {share}")
    return {**texts, "share": share, "tone": row["tone"] if share is not None else 0}


def _line(text: str) -> str:
    return text[:_LABEL].replace("\n", " ").replace(THIN, NBSP)
