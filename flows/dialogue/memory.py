"""A person's dossiers kept in memory: the public double of the stored book, for tests and trials."""

from __future__ import annotations

from collections.abc import Sequence

from flows.dialogue.conversation import Step
from flows.dossier import Dossier
from flows.outline import Outline


class MemoryBook:
    """Holds dossiers by id and numbers new ones in order."""

    def __init__(self) -> None:
        self.dossiers: dict[str, Dossier] = {}

    def get(self, dossier_id: str) -> Dossier | None:
        """Give one dossier, None when there is no such one."""
        return self.dossiers.get(dossier_id)

    def all(self) -> Sequence[Dossier]:
        """Give all dossiers, the latest changed first."""
        return tuple(reversed(self.dossiers.values()))

    def outlines(self) -> Sequence[Outline]:
        """Give the outline of each, in the same order."""
        return tuple(Outline.of(dossier) for dossier in self.all())

    def some(self, ids: Sequence[str]) -> Sequence[Dossier]:
        """Give those there are, in the order asked."""
        return tuple(self.dossiers[one] for one in ids if one in self.dossiers)

    def new_id(self) -> str:
        """Give the next number."""
        return f"n{len(self.dossiers) + 1}"

    def keep(self, step: Step) -> None:
        """Store what a step changed, and forget what it erased."""
        if step.forgotten:
            self.dossiers.clear()
        for gone in step.erased:
            self.dossiers.pop(gone, None)
        for dossier in step.dossiers:
            self.dossiers.pop(dossier.id, None)
            self.dossiers[dossier.id] = dossier
