"""Names, addresses and words of one's own: kept as typed, only made safe to store and to print."""

from __future__ import annotations

import re

from flows.reading.data import limits
from flows.reading.plain import lines, one_line
from flows.reading.result import Reading, Refused, Understood

_COMMAND = re.compile(r"/[A-Za-z]")
# Cleaning can only shorten; a text this many times too long is refused without being cleaned.
_SLACK = 4


def read_text(text: str, max_len: int) -> Reading[str]:
    """Read free words of at most `max_len` characters; lines are kept, empty ones dropped."""
    refused = _refused(text, max_len)
    if refused:
        return refused
    return _kept("\n".join(lines(text)), max_len)


def read_name(text: str) -> Reading[str]:
    """Read a name on one line, as typed; it must hold a letter or a digit."""
    most = limits().name_max
    refused = _refused(text, most)
    if refused:
        return refused
    name = one_line(text)
    if name and not any(map(str.isalnum, name)):
        return Refused("name_unclear")
    return _kept(name, most)


def read_address(text: str) -> Reading[str]:
    """Read a postal address, as typed, its lines joined by newlines; it must hold a letter."""
    most, most_lines = limits().address_max, limits().address_lines_max
    refused = _refused(text, most)
    if refused:
        return refused
    found = lines(text)
    if len(found) > most_lines:
        return Refused("address_lines", {"most": str(most_lines)})
    address = "\n".join(found)
    if address and not any(map(str.isalpha, address)):
        return Refused("address_unclear")
    return _kept(address, most)


def _refused(text: str, most: int) -> Refused | None:
    text = text.strip()
    if len(text) > _SLACK * most:
        return Refused("text_too_long", {"most": str(most)})
    return Refused("text_command") if _COMMAND.match(text) else None


def _kept(clean: str, most: int) -> Reading[str]:
    if not clean:
        return Refused("text_empty")
    if _COMMAND.match(clean):
        return Refused("text_command")
    if len(clean) > most:
        return Refused("text_too_long", {"most": str(most)})
    return Understood(clean)
