"""The tracking number of a registered letter."""

from __future__ import annotations

import re

from flows.reading.data import limits
from flows.reading.plain import short
from flows.reading.result import Reading, Refused, Understood

_IN_ADDRESS = re.compile(r"(?:[?&](?:code|idship|tracknumbers?)=|/)([0-9a-z]{8,35})(?=$|[&#/])")
_LABEL = re.compile(
    r"^(?:(?:le|mon|son|c'est|numero|no|n|suivi|de|recommande|lettre|lrar|colis|envoi)(?=[ .:°])[ .:°]*)+"
)
_SEPARATORS = re.compile(r"[ .\-_/]+")
_HOME = re.compile(r"[0-9][A-Z][0-9]{6,}")
_ABROAD = re.compile(r"[A-Z]{2}[0-9]{6,}[A-Z]{2}")
_CARRIER = re.compile(r"(?=(?:[A-Z]*[0-9]){6})[A-Z0-9]{8,35}")
_POSTAL_LENGTH = 13
"""Characters of a number of La Poste, and of any post between countries."""
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_TOP_CHECK = {10: 0, 11: 5}
"""The check digit between countries (UPU S10): eleven less the weighted sum, save for two remainders."""


def read_tracking(text: str) -> Reading[str]:
    """Read a tracking number, typed or in the address of a page: capitals and digits without spaces.

    A number of the post has 13 characters, with a check digit between countries; any other carrier's is taken
    as it is when it looks like one: 8 to 35 letters and digits, six of them digits at least.
    """
    said = short(text, limits().short_max) or ""
    linked = _IN_ADDRESS.search(said) if "://" in said or said.startswith("www.") else None
    compact = _SEPARATORS.sub("", linked[1] if linked else _LABEL.sub("", said)).upper()
    abroad = _ABROAD.fullmatch(compact) is not None
    if not (abroad or _HOME.fullmatch(compact)):
        plausible = _CARRIER.fullmatch(compact) is not None
        return Understood(compact) if plausible else Refused("tracking_unclear")
    if len(compact) != _POSTAL_LENGTH:
        return Refused("tracking_length", {"count": str(len(compact))})
    wrong = abroad and not _checks(compact[2:11])
    return Refused("tracking_checksum") if wrong else Understood(compact)


def _checks(digits: str) -> bool:
    total = sum(int(n) * weight for n, weight in zip(digits, _WEIGHTS, strict=False))
    rest = 11 - total % 11
    return int(digits[8]) == _TOP_CHECK.get(rest, rest)
