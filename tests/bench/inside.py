"""The pure parts and the reminders: what one step, one décompte, one claim cost."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

from bot.store import Store
from flows.dossier import DebtorKind
from flows.law import Claim, compute_decompte, load_law
from tests.bench.people import replay
from tests.bench.report import Row, Size, spread, timed

_UNTIL = date(2026, 11, 24)
_LOAD_AIM = 50.0
"""Milliseconds to read every parameter of the law."""
_DECOMPTE_AIM = 2000.0
"""Microseconds for a décompte of ten invoices over five years."""
_NOW = 1_000_000
_DUE = 100


def _repeat(work: Callable[[], int], repetitions: int) -> list[float]:
    """Give microseconds for one, as many times as said; `work` gives how many it did."""
    work()
    found = []
    for _ in range(repetitions):
        seconds, done = timed(work)
        found.append(seconds / done * 1e6)
    return found


def _decomptes() -> int:
    law = load_law()
    claims = [
        Claim(f"F-{n}", date(2021 + n // 2, 1 + 6 * (n % 2), 15), Decimal(1000 + n))
        for n in range(10)
    ]
    for _ in range(20):
        compute_decompte(claims, [], DebtorKind.PROFESSIONAL, _UNTIL, law)
    return 20


def _loads() -> int:
    load_law.__wrapped__()
    return 1


def _fill(path: Path, waiting: int) -> None:
    """Put reminders in the table, the first hundred due."""
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA foreign_keys = OFF")
        base.executemany(
            "INSERT INTO reminders (dossier_id, chat_id, key, stage, due_at, status)"
            " VALUES (?, ?, 'k', 's', ?, 'pending')",
            ((f"d{n}", n, _NOW - 1 if n < _DUE else _NOW + 1 + n) for n in range(waiting)),
        )
    base.close()


def _claim(store: Store) -> int:
    with store.write() as tx:
        due = tx.due_reminders(_NOW)
        if len(due) != _DUE:
            raise RuntimeError(f"{len(due)} reminders found due instead of {_DUE}")
        for row in due:
            tx.fire_reminder(row.id, _NOW)
    return 1


def _reminders(size: Size) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r.sqlite3"
        store = Store.open(f"sqlite:///{path}", clock=lambda: _NOW)
        store.prepare()
        _fill(path, size.reminders)
        found, claimed, nothing = [], [], []
        for _ in range(size.repetitions):
            with store.read() as tx:
                found.append(timed(lambda: tx.due_reminders(_NOW))[0] * 1e3)
            claimed.append(timed(lambda: _claim(store))[0] * 1e3)
            with store.read() as tx:
                nothing.append(timed(lambda: tx.due_reminders(_NOW))[0] * 1e3)
            with sqlite3.connect(path) as base:
                base.execute("UPDATE reminders SET status = 'pending', fired_at = NULL")
            base.close()
        store.close()
    return [
        Row(
            f"{_DUE} due among {size.reminders} waiting: found",
            f"{median(found):.1f} ms",
            spread(found, 1),
        ),
        Row(
            "  found and marked fired, one transaction",
            f"{median(claimed):.1f} ms",
            spread(claimed, 1),
        ),
        Row("  nothing due", f"{median(nothing):.2f} ms", spread(nothing, 2)),
    ]


def measure(size: Size) -> list[Row]:
    """Measure the dialogue without a store, the décompte, the law, and the reminders' table."""
    steps = _repeat(replay, size.repetitions)
    accounts = _repeat(_decomptes, size.repetitions)
    loads = [micro / 1e3 for micro in _repeat(_loads, size.repetitions)]
    account, load = median(accounts), median(loads)
    return [
        Row("a step of the dialogue, no store", f"{median(steps):.0f} µs", spread(steps)),
        Row(
            "a décompte: ten invoices, five years",
            f"{account:.0f} µs",
            spread(accounts),
            f"≤ {_DECOMPTE_AIM:.0f} µs",
            account <= _DECOMPTE_AIM,
        ),
        Row(
            f"the law: {len(load_law().parameters)} parameters read and checked",
            f"{load:.1f} ms",
            spread(loads, 1),
            f"≤ {_LOAD_AIM:.0f} ms",
            load <= _LOAD_AIM,
        ),
        *_reminders(size),
    ]
