"""What an update costs with a thousand dossiers stored and with a million."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

from bot.store import Store
from tests.bench.bulk import database, fill, postgresql
from tests.bench.durable import NOW, opened, take
from tests.bench.offline import Answers, Crowd
from tests.bench.people import PEOPLE, Numbers, waves
from tests.bench.report import Row, Size, number, spread

FEW = 1_000
AIM = 1.2
"""Times as much an update may cost with so many more dossiers stored."""
FAR = 2 * 5701
"""Between the chats of two who play: they fall among all that are stored."""


class _Filled:
    """A store with so many dossiers, in which people play again and again, each time others."""

    def __init__(self, store: Store, count: int) -> None:
        self._store = store
        self._turn = 0
        self.found: list[float] = []
        fill(store, count, int(NOW.timestamp()))

    def play(self, updates: int) -> None:
        """Play, and note the microseconds an update took. The first time is not noted."""
        numbers = Numbers(1 + self._turn * updates, 1001 + 2 * self._turn, FAR)
        crowd = Crowd(waves(updates, PEOPLE, numbers), Answers())
        played = asyncio.run(take(self._store, crowd))
        if self._turn:
            self.found.append(1e6 / played.rate)
        self._turn += 1


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/stored.sqlite3"


def compare(size: Size, few: str, many: str, where: str) -> list[Row]:
    """Fill two new databases, given by URL, and measure them turn by turn."""
    counts = (FEW, size.stored)
    with ExitStack() as stack:
        both = [
            _Filled(stack.enter_context(opened(url)), count)
            for url, count in zip((few, many), counts, strict=True)
        ]
        for _ in range(size.repetitions + 1):
            for one in both:
                one.play(size.updates)
    rows = [
        Row(
            f"{where}, {number(count)} stored: an update",
            f"{number(median(one.found))} µs",
            spread(one.found),
        )
        for count, one in zip(counts, both, strict=True)
    ]
    ratio = median(both[1].found) / median(both[0].found)
    return [*rows, Row("  as much again", f"{ratio:.2f} x", "", f"≤ {AIM:.1f} x", ratio <= AIM)]


def measure(size: Size) -> list[Row]:
    """Measure both stores turn by turn, on SQLite and then on PostgreSQL."""
    with _sqlite() as few, _sqlite() as many:
        rows = compare(size, few, many, "SQLite")
    with postgresql() as url:
        if url is not None:
            rows += compare(size, database(url, "few"), database(url, "many"), "PostgreSQL")
    return rows
