"""A sheet printed: PDF/A-2a and PDF/UA-1, through typst and the one house template.

What a person typed goes in as JSON data and comes out as text: it is never read as markup. Only the
fonts bundled with typst are used, so that a sheet prints alike everywhere.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import typst

from letters.fit import SIZES, sizes_to_try
from letters.words import HERE

INSTEAD = "\u25a1"
"""Drawn for a character no bundled font has (an emoji, a Chinese character)."""

_KEPT_CONTROLS = "\n\u00ad"
_REFUSED = re.compile(r'the text `"(.*?)"` could not be displayed|contains the codepoint `"(.*?)"`')
_PAGE = re.compile(rb"/Type\s*/Page\b")
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_TOO_FAR = 0x2E80
"""From this code point on, only what `_FAR_BUT_DRAWN` lists has a glyph."""
_FAR_BUT_DRAWN = ((0xFB00, 0xFB06), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC), (0xFFFD, 0xFFFD))

_undrawn: set[str] = set()
"""Characters below `_TOO_FAR` that typst has refused so far."""


@cache
def _compiler() -> Any:
    return typst.Compiler(ignore_system_fonts=True)


@cache
def _house() -> bytes:
    return (HERE / "house.typ").read_bytes()


def render(sheet: Mapping[str, Any], today: date | None = None) -> bytes:
    """Print what `letters.sheet` laid out; the same sheet and day give the same bytes.

    The text is set as large as one page allows, at full size over several pages otherwise. `today`
    dates the file, by default the sheet's own date. A character that no bundled font has is drawn
    as « □ ». Raises ValueError when there is no date at all.
    """
    day = today or (date.fromisoformat(sheet["date"]) if sheet["date"] else None)
    if day is None:
        raise ValueError("a sheet without a date needs today")
    for size in sizes_to_try(sheet):
        printed = _printed(sheet, day, size, numbered=False)
        if pages(printed) == 1:
            return printed
    return _printed(sheet, day, SIZES[0], numbered=True)


def pages(printed: bytes) -> int:
    """Count the pages of what `render` gave."""
    return len(_PAGE.findall(printed))


def _printed(sheet: Mapping[str, Any], day: date, size: float, *, numbered: bool) -> bytes:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    ordinals = any("1er" in text for text in _texts(sheet))
    while True:
        drawn = {
            **_drawable(sheet),
            "ordinals": ordinals,
            "day": [day.year, day.month, day.day],
            "size": size,
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
            refused = _refused_by(str(error)) - _undrawn
            if not refused:
                raise
            _undrawn.update(refused)
        else:
            return printed


def undrawn(sheet: Mapping[str, Any]) -> str:
    """Give the characters of a sheet that a PDF shows as « □ », in order, once each.

    Complete only after `render`: rare characters are found out by printing.
    """
    texts = _texts(sheet)
    return "".join(dict.fromkeys(char for text in texts for char in text if _lacks(char)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _drawable(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else _redrawn(value)
    if isinstance(value, Mapping):
        return {key: _drawable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(item) for item in value]
    return value


def _redrawn(text: str) -> str:
    shown = []
    for char in text.replace("\t", " "):
        if _lacks(char):
            shown.append(INSTEAD)
        elif char in _KEPT_CONTROLS or not _is_control(char):
            shown.append(char)
    return "".join(shown)


def _is_control(char: str) -> bool:
    """Controls, direction marks, joiners and variation selectors: nothing to draw."""
    return unicodedata.category(char) in {"Cc", "Cf"} or "\ufe00" <= char <= "\ufe0f"


def _lacks(char: str) -> bool:
    if char in _undrawn:
        return True
    code = ord(char)
    if code < 0x250 or _is_control(char):
        return False
    if unicodedata.category(char) in {"Co", "Cs", "Cn"}:
        return True
    return code >= _TOO_FAR and not any(a <= code <= b for a, b in _FAR_BUT_DRAWN)


def _refused_by(message: str) -> set[str]:
    """Read the characters typst names in its error."""
    chars: set[str] = set()
    for match in _REFUSED.finditer(message):
        text = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), match[1] or match[2])
        chars |= {char for char in text if ord(char) >= 0x80}
    return chars
