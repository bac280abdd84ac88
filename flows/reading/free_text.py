"""Names, addresses and words of one's own: kept as typed, only made safe to store and to print."""

from __future__ import annotations

import re

from flows.reading.data import limits
from flows.reading.plain import fold_in_place, lines, one_line
from flows.reading.result import Reading, Refused, Understood

_COMMAND = re.compile(r"/[A-Za-z]")
_MONEY_WORDS = re.compile(r"(?<![a-z])(?:euros?|eur|e|ttc|ht)(?![a-z])")
# « facture n° F-014 »: the letter already says « facture n° ».
_REFERENCE_LABEL = re.compile(
    r"(?:(?:c'est )?(?:la |ma )?facture )?(?:(?:le )?(?:n ?[°º]|no\.? |num(?:ero)?\.? ))? ?:? ?"
)
_POSTCODE = re.compile(r"(?<![0-9])[0-9]{2} ?[0-9]{3}(?![0-9])")
# Cleaning can only shorten; a text this many times too long is refused without being cleaned.
_SLACK = 4


def read_text(text: str, max_len: int) -> Reading[str]:
    """Read free words of at most `max_len` characters; lines are kept, empty ones dropped."""
    refused = _refused(text, max_len)
    if refused:
        return refused
    return _kept("\n".join(lines(text)), max_len)


def read_name(text: str) -> Reading[str]:
    """Read a name on one line, as typed; it must hold a letter or a digit.

    Note: "name_digits", a name that is nothing but figures or a sum of money.
    """
    most = limits().name_max
    refused = _refused(text, most)
    if refused:
        return refused
    name = one_line(text)
    if name and not any(map(str.isalnum, name)):
        return Refused("name_unclear")
    folded = fold_in_place(name)
    figures = any(map(str.isdigit, folded))
    lettered = any(map(str.isalpha, _MONEY_WORDS.sub(" ", folded)))
    return _kept(name, most, () if lettered or not figures else ("name_digits",))


def read_reference(text: str) -> Reading[str]:
    """Read the number of an invoice, a quote or an order, as typed, « n° » before it left out.

    Note: "reference_odd", without a figure or longer than `reference_usual_max` characters.
    """
    most = limits().name_max
    refused = _refused(text, most)
    if refused:
        return refused
    typed = one_line(text)
    label = _REFERENCE_LABEL.match(fold_in_place(typed))
    number = typed[label.end() :] if label else typed
    if not any(map(str.isdigit, number)):
        number = typed
    if number and not any(map(str.isalnum, number)):
        return Refused("reference_unclear")
    usual = any(map(str.isdigit, number)) and len(number) <= limits().reference_usual_max
    return _kept(number, most, () if usual else ("reference_odd",))


def read_address(text: str) -> Reading[str]:
    """Read a postal address, as typed, its lines joined by newlines; it must hold a letter.

    Note: "address_no_postcode", no five figures of a French postcode.
    """
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
    coded = _POSTCODE.search(fold_in_place(address))
    return _kept(address, most, () if coded else ("address_no_postcode",))


def _refused(text: str, most: int) -> Refused | None:
    text = text.strip()
    if len(text) > _SLACK * most:
        return Refused("text_too_long", {"most": str(most)})
    return Refused("text_command") if _COMMAND.match(text) else None


def _kept(clean: str, most: int, notes: tuple[str, ...] = ()) -> Reading[str]:
    if not clean:
        return Refused("text_empty")
    if _COMMAND.match(clean):
        return Refused("text_command")
    if len(clean) > most:
        return Refused("text_too_long", {"most": str(most)})
    return Understood(clean, notes)
