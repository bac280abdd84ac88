"""The name of a court inside a sentence: « le tribunal », but « la chambre commerciale »."""

from __future__ import annotations

from letters.format import Blank

_FEMININE = frozenset({"chambre", "cour", "juridiction", "section"})
"""First words of the names of courts that are feminine; « tribunal », « TAE » and the others are not."""


def le(court: str | Blank) -> str:
    """Write a court with its article: `le tribunal de commerce`, `la chambre commerciale`."""
    return f"la {court}" if _feminine(court) else f"le {court}"


def du(court: str | Blank) -> str:
    """Write a court after « de »: `du tribunal de commerce`, `de la chambre commerciale`."""
    return f"de la {court}" if _feminine(court) else f"du {court}"


def au(court: str | Blank) -> str:
    """Write a court after « à »: `au tribunal de commerce`, `à la chambre commerciale`."""
    return f"à la {court}" if _feminine(court) else f"au {court}"


def _feminine(court: str | Blank) -> bool:
    words = [] if isinstance(court, Blank) else court.split()
    return bool(words) and words[0].lower() in _FEMININE
