"""How much is kept of one person. Past it a thing is refused with a sentence, and all that was entered stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.dialogue.texts import say
from flows.dossier import Dossier, Status

if TYPE_CHECKING:
    from flows.dialogue.conversation import Book


class Full(Exception):  # noqa: N818 - it is an outcome, not a fault
    """There is no room for what was just said: nothing of it is kept. The message is the sentence that says so."""


@dataclass(frozen=True, slots=True)
class Room:
    """Dossiers of a person; acts, invoices and characters of a dossier, facts and acts together. 0: no bound."""

    dossiers: int = 0
    acts: int = 0
    invoices: int = 0
    characters: int = 0

    def for_dossier(self, count: int) -> None:
        """Raise `Full` when a person has no room for one more dossier."""
        if 0 < self.dossiers <= count:
            raise Full(say("full_dossiers", most=self.dossiers))

    def for_invoice(self, dossier: Dossier) -> None:
        """Raise `Full` when a dossier has no room for one more invoice."""
        if 0 < self.invoices <= len(dossier.invoices):
            raise Full(say("full_invoices", most=self.invoices))

    def for_all(self, changed: Iterable[Dossier], book: Book) -> None:
        """Raise `Full` when a dossier that changed grew past its bounds. One that ends, or shrinks, always may."""
        for dossier in changed:
            if dossier.status is not Status.OPEN:
                continue
            before = book.get(dossier.id)
            acts = len(before.acts) if before else 0
            if 0 < self.acts < len(dossier.acts) and acts < len(dossier.acts):
                raise Full(say("full_acts", most=self.acts))
            now = characters(dossier)
            if 0 < self.characters < now and (before is None or characters(before) < now):
                raise Full(say("full_words"))


def characters(dossier: Dossier) -> int:
    """Count the characters of all that is text in the facts and acts of a dossier."""
    held = (dossier.facts, *(act.data for act in dossier.acts))
    return sum(len(value) for data in held for value in data.values() if isinstance(value, str))
