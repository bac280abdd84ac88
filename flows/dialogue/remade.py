"""A text made again after a fact changed: what differs from the one last shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flows.dialogue.texts import words
from flows.facts import registry
from letters.format import euros

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flows.dialogue.case import Case

SEEN = "seen."
"""Prefix of the dossier's facts that keep what a document stated when it was last shown."""
EDITED = "edited."
"""Prefix of the dossier's facts that keep the changes of a text until it is sent."""
_SUMS = ("amount_remaining", "total_due", "net_after_gesture")
"""Sums worked out for a document, told when they move."""


def stated(case: Case) -> dict[str, str]:
    """Give what the document in hand states, by fact, as it is read back."""
    document = case.library.catalogue.get(case.scratch("document"))
    facts, known = case.facts_for(document), registry()
    shown = {n: known[n].show(facts[n]) for n in sorted(document.reads()) if _tellable(n, facts)}
    sums = {n: str(euros(facts[n])) for n in _SUMS if n in document.reads() and facts.get(n)}
    return {**shown, **sums}


def _tellable(name: str, facts: Mapping[str, Any]) -> bool:
    return name in registry() and facts.get(name) is not None and name not in _SUMS


def last_stated(case: Case) -> dict[str, str]:
    """Give what the document in hand stated when it was last shown, {} when it never was."""
    kept = case.need_dossier().get(SEEN + case.scratch("document"))
    return dict(json.loads(str(kept))) if kept else {}


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Say, fact by fact, what a text states otherwise than before: « Facture n° : 12 → 13 »."""
    known = registry()
    lines = []
    for name, value in now.items():
        if name in before and before[name] != value:
            label = known[name].label if name in known else words(f"sum_{name}")
            lines.append(words("changed_line", label=label, before=before[name], after=value))
    return lines
