"""A sheet printed: PDF/A-2a and PDF/UA-1, through typst and the one house template.

What a person typed goes in as JSON data and comes out as text: it is never read as markup. Only the
fonts bundled with typst are used, so that a sheet prints alike everywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import typst

from letters.fit import SETTINGS, Setting, settings_to_try
from letters.glyphs import (
    INSTEAD,
    drawable,
    learn,
    loose,
    ruled,
    runs,
    shortened,
    texts_of,
    undrawn,
)
from letters.payment import matrix_svg
from letters.words import HERE

__all__ = ["INSTEAD", "pages", "render", "undrawn"]

_PAGE = re.compile(rb"/Type\s*/Page\b")


@cache
def _compiler() -> Any:
    return typst.Compiler(ignore_system_fonts=True)


@cache
def _house() -> bytes:
    return (HERE / "house.typ").read_bytes()


def render(sheet: Mapping[str, Any], today: date | None = None) -> bytes:
    """Print what `letters.sheet` laid out; the same sheet and day give the same bytes.

    The text is set as large as one page allows; over several pages at full size, or smaller when
    that saves a page. `today` dates the file, by default the sheet's own date. A character that no
    bundled font has is drawn as « □ ». Raises ValueError when there is no date at all.
    """
    day = today or (date.fromisoformat(sheet["date"]) if sheet["date"] else None)
    if day is None:
        raise ValueError("a sheet without a date needs today")
    for setting in settings_to_try(sheet):
        printed = _printed(sheet, day, setting, numbered=False)
        if pages(printed) == 1:
            return printed
    full = _printed(sheet, day, SETTINGS[0], numbered=True)
    small = _printed(sheet, day, SETTINGS[-1], numbered=True)
    if pages(small) == pages(full):
        return full
    middle = _printed(sheet, day, SETTINGS[1], numbered=True)
    return min((middle, small), key=pages)


def pages(printed: bytes) -> int:
    """Count the pages of what `render` gave."""
    return len(_PAGE.findall(printed))


def _printed(sheet: Mapping[str, Any], day: date, setting: Setting, *, numbered: bool) -> bytes:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    while True:
        drawn = {
            **_drawn(sheet),
            "day": [day.year, day.month, day.day],
            "size": setting.size,
            "tight": setting.tight,
            "numbered": numbered,
        }
        try:
            printed: bytes = _compiler().compile(
                _house(),
                sys_inputs={"sheet": json.dumps(drawn)},
                format="pdf",
                pdf_standards=["a-2a", "ua-1"],
                timestamp=int(noon.timestamp()),
            )
        except typst.TypstError as error:
            if not learn(str(error)):
                raise
        else:
            return printed


def _is_short(lines: Sequence[Any]) -> bool:
    """Say whether an address holds in the window of an envelope for sure: few lines, short, without a blank."""
    sizes = [sum(len(run.get("t", "")) for run in line) for line in lines]
    ruled = any("b" in run for line in lines for run in line)
    return len(lines) <= 5 and max(sizes, default=0) <= 34 and not ruled


def _drawn(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """Prepare a sheet for the house: texts that can be drawn, cut into runs."""
    payment = sheet["payment"]
    shown: dict[str, Any] = drawable({**sheet, "payment": None})
    for key in ("place_date", "heading", "subject"):
        shown[key] = _line(shown[key])
    for key in ("sender", "addressee", "references", "signatures", "copy_to", "enclosures"):
        shown[key] = [_line(line) for line in shown[key]]
    shown["blocks"] = [_block(block) for block in shown["blocks"]]
    shown["small_print"] = runs(shown["small_print"])
    shown["short_address"] = _is_short(sheet["addressee"])
    shown["short"] = shortened(shown["title"])
    shown["ordinals"] = any("1er" in text for text in texts_of(sheet))
    if payment is not None:
        said = drawable({key: payment[key] for key in ("name", "iban", "amount", "reference")})
        shown["payment"] = {
            **{key: runs(text) for key, text in said.items()},
            "qr": matrix_svg(payment["payload"]),
            "alt": f"Code QR du virement de {said['amount']}, à lire avec une application bancaire",
        }
    return shown


def _line(line: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [part for run in line for part in ([run] if "b" in run else runs(run["t"]))]


def _block(block: dict[str, Any]) -> dict[str, Any]:
    if block["kind"] == "text":
        texts = list(texts_of(block["lines"]))
        return {
            **block,
            "loose": any(loose(text) or ruled(text) for text in texts),
            "ruled": any(map(ruled, texts)),
            "lines": [_line(line) for line in block["lines"]],
        }
    if block["kind"] == "heading":
        return {**block, "line": _line(block["line"])}
    return {
        **block,
        "heading": [runs(cell) for cell in block["heading"]],
        "rows": [[_line(cell) for cell in row] for row in block["rows"]],
        "total": [runs(cell) for cell in block["total"]],
    }
