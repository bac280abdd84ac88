"""What a key costs: an update with and without it, a text of 1 KB, and a base sealed again."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from statistics import median

from bot.keys import Key
from bot.store import Store
from bot.store.sealing import Keyring
from bot.store.turning import turn
from tests.bench.bulk import fill, postgresql
from tests.bench.durable import NOW, opened, play
from tests.bench.report import Row, Size, at_least, number, spread, timed

_KEYS = tuple(Key(date(2026, 11, 22), bytes([n]) * 32) for n in range(2))
_PLACE = ("dossiers.data", 123_456_789, "abcdefghjk")
_KB = "Dupont SARL " * 85
_TEXTS = 2_000
_AIM = 0.9
"""How much of the updates a second without a key is to be left with one."""


def _texts() -> list[Row]:
    ring = Keyring(_KEYS[:1])
    stored = ring.seal(*_PLACE, _KB)

    def many(work: str) -> float:
        call, text = (ring.seal, _KB) if work == "sealed" else (ring.open, stored)
        seconds, _ = timed(lambda: [call(*_PLACE, text) for _ in range(_TEXTS)])
        return seconds / _TEXTS * 1e6

    return [
        Row(f"a text of 1 KB {work}", f"{median(found):.1f} µs", spread(found, 1))
        for work in ("sealed", "opened")
        for found in [[many(work) for _ in range(5)]]
    ]


def _turned(url: str, count: int, where: str) -> list[Row]:
    """Fill a base in clear, then seal it under one key and another; give a row of seconds for each."""
    with opened(url) as store:
        fill(store, count, int(NOW.timestamp()))
    rows = []
    names = (f"{where}, {number(count)} dossiers in clear: sealed", "  sealed under another key")
    for keys, name in ((_KEYS[:1], names[0]), (_KEYS[::-1], names[1])):
        with Store.open(url, keys=keys) as store:
            store.unlock()
            seconds, done = timed(lambda store=store: sum(n for _, n in turn(store)))  # type: ignore[misc]
            with store.read() as tx:
                if done < 3 * count or not tx.all_turned():
                    raise RuntimeError("rows are left")
            store.sweep()
            rows.append(Row(name, f"{seconds:.1f} s", f"{number(done)} rows"))
    return rows


def _gone(folder: Path) -> None:
    if any(b"Dupont SARL" in path.read_bytes() for path in folder.iterdir()):
        raise RuntimeError("a word can still be read")


def measure(size: Size) -> list[Row]:
    """Measure updates turn by turn with and without a key, then texts, then bases sealed again."""
    rates: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(size.repetitions):
        for sealed, found in rates.items():
            with tempfile.TemporaryDirectory() as home:
                keys = _KEYS[:1] if sealed else ()
                found.append(asyncio.run(play(Path(home), size.updates, keys=keys)).rate)
    plain, kept = median(rates[False]), median(rates[True])
    rows = [
        Row("durable update, in clear", f"{number(plain)}/s", spread(rates[False])),
        Row("durable update, sealed", f"{number(kept)}/s", spread(rates[True])),
        at_least("sealed / in clear", kept / plain, _AIM),
        *_texts(),
    ]
    count = size.stored // 100
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        rows += _turned(f"sqlite:///{folder}/t.sqlite3", count, "SQLite")
        _gone(folder)
        if (url := stack.enter_context(postgresql())) is not None:
            rows += _turned(url, count, "PostgreSQL")
    return rows
