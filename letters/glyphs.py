"""What of a text can be drawn: characters without a glyph, words too long for a line, addresses to follow."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

INSTEAD = "\u25a1"
"""Drawn for a character no bundled font has (an emoji, a Chinese character)."""

_SHORT = 95
"""Characters of the title that hold on one line beside the number of the page."""
_KEPT_CONTROLS = "\n\u00ad"
_REFUSED = re.compile(r'the text `"(.*?)"` could not be displayed|contains the codepoint `"(.*?)"`')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_TOO_FAR = 0x2E80
"""From this code point on, only what `_FAR_BUT_DRAWN` lists has a glyph."""
_FAR_BUT_DRAWN = ((0xFB00, 0xFB06), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC), (0xFFFD, 0xFFFD))
_LONG_WORD = re.compile(r"\S{31,}")
_PIECE = re.compile(r"[-/.@_?&=]{1,12}|[^-/.@_?&=]{1,12}[-/.@_?&=]{0,3}")
_UNBROKEN = re.compile(r"[^ \n-]{25,}")
_ADDRESS = re.compile(
    r"(?P<url>https?://[!-~]*[\w/])|(?P<mail>[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
)

_undrawn: set[str] = set()
"""Characters below `_TOO_FAR` that typst has refused so far."""


def drawable(value: Any) -> Any:
    """Give a sheet, or a part of one, with only characters that a font has."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else _redrawn(value)
    if isinstance(value, Mapping):
        return {key: drawable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [drawable(item) for item in value]
    return value


def texts_of(value: object) -> Iterator[str]:
    """Give every text of a sheet."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts_of(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_of(item)


def runs(text: str) -> list[dict[str, Any]]:
    """Cut a drawable text where it can be followed and where a word may be broken.

    {"t": text} as it is, {"c": pieces} of a word too long for a line, with "u" the address that a
    web or mail address leads to.
    """
    if len(text) <= 30 and "@" not in text and "://" not in text:
        return [{"t": text}]
    made: list[dict[str, Any]] = []
    at = 0
    for found in _ADDRESS.finditer(text):
        made += _pieces(text[at : found.start()])
        leads = found["url"] or f"mailto:{found['mail']}"
        made += [{**run, "u": leads} for run in _pieces(found[0])]
        at = found.end()
    return [*made, *_pieces(text[at:])]


def _pieces(text: str) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    at = 0
    for found in _LONG_WORD.finditer(text):
        made += [{"t": text[at : found.start()]}, {"c": _PIECE.findall(found[0])}]
        at = found.end()
    made.append({"t": text[at:]})
    return [run for run in made if run.get("c") or run.get("t")]


def loose(text: str) -> bool:
    """Tell whether a text has a part too long to break (an IBAN): stretched to the margin, it would gape."""
    return bool(_UNBROKEN.search(text))


def ruled(text: str) -> bool:
    """Tell whether the author of a text drew a line in it, to complete by hand."""
    return "_____" in text


def shortened(title: str) -> str:
    """Give a title as the pages after the first recall it: cut after a word when it is long."""
    if len(title) <= _SHORT:
        return title
    return re.sub(r"(?<=\S)[\s,;:(«]+\S*$", "", title[: _SHORT - 1]) + "…"


def undrawn(sheet: Mapping[str, Any]) -> str:
    """Give the characters of a sheet that a PDF shows as « □ », in order, once each.

    Complete only after `render`: rare characters are found out by printing.
    """
    return "".join(dict.fromkeys(char for text in texts_of(sheet) for char in text if lacks(char)))


def lacks(char: str) -> bool:
    """Tell whether no bundled font has a character, as far as is known by now."""
    if char in _undrawn:
        return True
    code = ord(char)
    if code < 0x250 or _is_control(char):
        return False
    if unicodedata.category(char) in {"Co", "Cs", "Cn"}:
        return True
    return code >= _TOO_FAR and not any(a <= code <= b for a, b in _FAR_BUT_DRAWN)


def learn(message: str) -> bool:
    """Remember the characters a printing error names; tell whether any was new."""
    chars: set[str] = set()
    for match in _REFUSED.finditer(message):
        text = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), match[1] or match[2])
        chars |= {char for char in text if ord(char) >= 0x80}
    new = chars - _undrawn
    _undrawn.update(new)
    return bool(new)


def _redrawn(text: str) -> str:
    shown = []
    for char in text.replace("\t", " "):
        if lacks(char):
            shown.append(INSTEAD)
        elif char in _KEPT_CONTROLS or not _is_control(char):
            shown.append(char)
    return "".join(shown)


def _is_control(char: str) -> bool:
    """Controls, direction marks, joiners and variation selectors: nothing to draw."""
    return unicodedata.category(char) in {"Cc", "Cf"} or "\ufe00" <= char <= "\ufe0f"
