"""A nationality, as it follows the word: « française », whoever's it is, for the word is feminine."""

from __future__ import annotations

import re

from flows.reading.free_text import read_text
from flows.reading.result import Reading, Refused, Understood

_LEAD = re.compile(
    r"^(?:(?:je suis |j['’]ai )?(?:de |la |ma )?nationalit[ée]\s*(?::|est)?\s*|je suis (?:une? )?)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_ENDINGS = {
    "ais": "aise",
    "ois": "oise",
    "éen": "éenne",
    "ien": "ienne",
    "yen": "yenne",
    "ain": "aine",
}
"""Endings of the masculine, and what they become: no country ends so."""
_WORDS = {
    "afghan": "afghane",
    "allemand": "allemande",
    "andorran": "andorrane",
    "argentin": "argentine",
    "catalan": "catalane",
    "espagnol": "espagnole",
    "francais": "française",
    "francaise": "française",
    "grec": "grecque",
    "letton": "lettone",
    "mongol": "mongole",
    "monténégrin": "monténégrine",
    "nigérian": "nigériane",
    "philippin": "philippine",
    "turc": "turque",
}
"""Others, word by word: « Liban » and « Japon » end as « afghan » and « letton » do."""


def read_nationality(text: str, most: int) -> Reading[str]:
    """Read a nationality in its feminine form, in lower case: « Français » is « française ».

    Any other word (« belge », « Maroc ») is kept as typed; « de nationalité » before it is left out.
    """
    read = read_text(text, most)
    if isinstance(read, Refused):
        return read
    said = _LEAD.sub("", " ".join(read.value.split()), count=1) or read.value
    return Understood(_WORD.sub(lambda word: _feminine(word[0]), said), read.notes)


def _feminine(word: str) -> str:
    low = word.lower()
    if low in _WORDS:
        return _WORDS[low]
    for masculine, feminine in _ENDINGS.items():
        if low.endswith(masculine):
            return low.removesuffix(masculine) + feminine
        if low.endswith(feminine):
            return low
    return low if low in _WORDS.values() else word
