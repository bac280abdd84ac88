"""What the peers are told: the same typed answers for each of them, to the same twelve questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flows.dialogue.events import Command, Typed
from tests.bench.people import PEOPLE, raw

STEPS = 12
"""Questions of the peers' dialogue: as many as ours asks up to a letter that is sent."""


def commands(people: int) -> list[dict[str, Any]]:
    """Give the /start of each, as raw updates."""
    return [raw(1 + n, 1000 + n, Command("start")) for n in range(people)]


def typed(updates: int, first: int) -> Iterator[dict[str, Any]]:
    """Give `updates` answers of fifty people, one after the other, as raw updates from the number `first`."""
    for n in range(updates):
        yield raw(first + n, 1000 + n % PEOPLE, Typed(f"réponse {first + n}"))
