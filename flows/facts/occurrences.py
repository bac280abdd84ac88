"""What may happen in a dossier that the law counts from: credit notes, agreements, acts of a judge.

Declared in `occurrences.yaml`; an entry added there is offered on the card with no code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from flows.dossier import Act, ActKind, DebtorKind, Dossier
from flows.yamlfile import load_yaml

GROUPS = ("argent", "accord", "juge", "procedure")
"""Headings, in the order they are offered."""
CORRECTING = "avoir_erreur"
"""The credit note that mends an error of the invoice; the other one is a gesture."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One entry of `occurrences.yaml`.

    `after`: what must have been noted before it is offered; `not_before`: what it cannot precede when noted.
    """

    id: str
    label: str
    group: str
    question: str
    hint: str = ""
    amount: str = ""
    sum: str = ""
    after: str = ""
    not_before: tuple[str, ...] = ()
    kinds: frozenset[DebtorKind] = frozenset(DebtorKind)

    @property
    def is_credit(self) -> bool:
        """Say whether it lowers what is owed, and is kept as an act of its own."""
        return self.amount != ""


@cache
def occurrences() -> Mapping[str, Occurrence]:
    """Load every occurrence. Raises ValueError when the file holds an entry that cannot be used."""
    found: dict[str, Occurrence] = {}
    for key, entry in load_yaml(resources.files("flows.facts") / "occurrences.yaml").items():
        kinds = frozenset(DebtorKind(kind) for kind in entry.pop("kinds", DebtorKind))
        earlier = tuple(entry.pop("not_before", ()))
        one = Occurrence(id=key, kinds=kinds, not_before=earlier, **entry)
        if one.group not in GROUPS or not {one.after, *earlier} - {""} <= found.keys():
            raise ValueError(f"occurrences.yaml: {key}: unknown group, or after what comes later")
        found[key] = one
    return found


def offered(dossier: Dossier) -> list[Occurrence]:
    """Give what can be noted in a dossier as it stands, group by group."""
    noted = {act.text("what") for act in dossier.happened}
    kind = dossier.debtor_kind
    fitting = [
        one
        for one in occurrences().values()
        if (kind is None or kind in one.kinds) and (not one.after or one.after in noted)
    ]
    return sorted(fitting, key=lambda one: GROUPS.index(one.group))


def depending_on(dossier: Dossier, taken_back: Act) -> list[Act]:
    """Give what was noted that cannot stand once an act is taken back: the service of an order goes with it.

    Nothing does while the same thing stands on another day, nor of a credit note.
    """
    what = taken_back.text("what")
    again = any(a.text("what") == what and a.on != taken_back.on for a in dossier.happened)
    if taken_back.kind is not ActKind.HAPPENED or again:
        return []
    known, gone = occurrences(), {what}
    for one in known.values():  # each comes after what it follows
        if one.after in gone:
            gone.add(one.id)
    return [a for a in dossier.happened if a.text("what") in gone - {what}]
