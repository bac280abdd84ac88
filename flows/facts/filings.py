"""What was filed or asked of somebody, and whose answer is awaited.

Declared in `filings.yaml`; a document added there is followed up with no code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from flows.dossier import Act, ActKind, Dossier, Status
from flows.facts.occurrences import occurrences
from flows.yamlfile import load_yaml


@dataclass(frozen=True, slots=True)
class Filing:
    """One entry of `filings.yaml`: what it is about, what ends the wait, days before it is spoken of again."""

    document: str
    about: str
    ends: frozenset[str]
    again: int


@cache
def filings() -> Mapping[str, Filing]:
    """Load every filing that is followed up. Raises ValueError when an entry cannot be used."""
    found: dict[str, Filing] = {}
    for document, entry in load_yaml(resources.files("flows.facts") / "filings.yaml").items():
        one = Filing(document, entry["about"], frozenset(entry["ends"]), int(entry["again"]))
        if not one.ends <= occurrences().keys() or one.again < 1:
            raise ValueError(
                f"filings.yaml: {document}: ends what is not noted, or comes back at once"
            )
        found[document] = one
    return found


def awaited(dossier: Dossier) -> tuple[Act, Filing] | None:
    """Give the last thing filed whose answer has not come, with how it is followed; None when there is none."""
    if dossier.status is not Status.OPEN:
        return None
    for act in reversed(list(dossier.acts_of(ActKind.FILED, ActKind.SENT))):
        found = filings().get(act.text("document"))
        if found is None:
            continue
        noted = (one for one in dossier.happened if one.text("what") in found.ends)
        return None if any(one.on >= act.on for one in noted) else (act, found)
    return None
