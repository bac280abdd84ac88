"""A million reminders that wait: what it costs to find what is due, and to tell it."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

from sqlalchemy import text

from bot.engine import Engine
from bot.store import Store
from bot.store.writer import Writer
from bot.waking import Reminders
from tests.bench.bulk import postgresql
from tests.bench.report import Row, Size, number, spread, timed
from tests.overdue import NOW, PARIS, keep, library

_AT = int(NOW.timestamp())
_DUE = 100
_PEOPLE = 100
"""Real ones, with a dossier, told one after the other through the engine."""
_STRANGERS = 1000
"""The chat of the first of the others, who have a row and nothing else."""
_CLAIM_AIM, _IDLE_AIM = 5.0, 0.1
"""Milliseconds to find and mark fired a hundred that are due, and to find that nothing is."""
_TICKS = 300
_COLUMNS = "dossier_id, chat_id, key, stage, due_at, wake_at, status"
_AGAIN = text(f"UPDATE reminders SET status = 'pending', fired_at = NULL WHERE id <= {_DUE}")


def _waiting(count: int) -> Iterator[tuple[str, int, str, str, int, int, str]]:
    """Give reminders spread over the year to come, the first hundred due."""
    for n in range(count):
        at = _AT - 1 if n < _DUE else _AT + 1 + n * 31
        yield f"w{n}", _STRANGERS + n, "k", "s", at, at, "pending"


def _fill_sqlite(path: Path, count: int) -> None:
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA foreign_keys = OFF")
        places = ", ".join("?" * 7)
        insert = f"INSERT INTO reminders ({_COLUMNS}) VALUES ({places})"
        base.executemany(insert, _waiting(count))
    base.close()


def _fill_postgresql(url: str, count: int) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as base:
        base.execute("SET session_replication_role = replica")
        with base.cursor().copy(f"COPY reminders ({_COLUMNS}) FROM STDIN") as rows:
            for row in _waiting(count):
                rows.write_row(row)
        base.execute("VACUUM ANALYZE reminders")


@contextmanager
def _sqlite(count: int) -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r.sqlite3"
        with Store.open(f"sqlite:///{path}", clock=lambda: _AT) as store:
            store.prepare()
            _fill_sqlite(path, count)
            yield store


@contextmanager
def _postgresql(count: int) -> Iterator[Store | None]:
    """Start a server as it comes; None where it has no wheel."""
    with postgresql() as url:
        if url is None:
            yield None
            return
        with Store.open(url, clock=lambda: _AT) as store:
            store.prepare()
            _fill_postgresql(url, count)
            yield store


def _find(store: Store) -> None:
    with store.read() as tx:
        if len(tx.due_reminders(_AT)) != _DUE:
            raise RuntimeError(f"not {_DUE} reminders found due")


def _claim(store: Store) -> None:
    with store.write() as tx:
        if tx.fire_reminders([row.id for row in tx.due_reminders(_AT)], _AT) != _DUE:
            raise RuntimeError(f"not {_DUE} reminders fired")


def _idle(store: Store) -> None:
    with store.read() as tx:
        if (tx.next_due_at() or 0) <= _AT:
            raise RuntimeError("something is due")


def _times(work: Callable[[], None], count: int) -> list[float]:
    """Give milliseconds, `count` times."""
    work()
    return [timed(work)[0] * 1e3 for _ in range(count)]


def _table(store: Store, repetitions: int, where: str) -> list[Row]:
    """Measure what the table alone costs; leaves the hundred fired."""
    found = _times(lambda: _find(store), repetitions)
    claimed = []
    for _ in range(repetitions + 1):
        claimed.append(timed(lambda: _claim(store))[0] * 1e3)
        with store._engine.begin() as connection:
            connection.execute(_AGAIN)
    _claim(store)
    idle = _times(lambda: _idle(store), _TICKS)
    claim, tick = median(claimed[1:]), median(idle)
    rows = [
        Row(f"{where}: {_DUE} due found", f"{median(found):.2f} ms", spread(found, 2)),
        Row("  found and marked fired, one transaction", f"{claim:.1f} ms", spread(claimed[1:], 1)),
        Row("  nothing due, one transaction", f"{tick:.3f} ms", f"least {min(idle):.3f}"),
    ]
    if store.where.startswith("SQLite"):  # a server is asked over a socket, whatever it has to say
        rows[1] = replace(rows[1], aim=f"≤ {_CLAIM_AIM:.0f} ms", met=claim <= _CLAIM_AIM)
        rows[2] = replace(rows[2], aim=f"≤ {_IDLE_AIM:.1f} ms", met=tick <= _IDLE_AIM)
    return rows


async def _ticks(store: Store) -> list[float]:
    """Time turns of the loop in which nothing is due, in milliseconds."""
    writer = Writer(store)
    engine = Engine(library(), PARIS)
    reminders = Reminders(writer, engine.handle_wake, lambda: NOW, lambda: None)
    found = []
    for _ in range(_TICKS):
        began = asyncio.get_running_loop().time()
        await reminders.turn()
        found.append((asyncio.get_running_loop().time() - began) * 1e3)
    await writer.close()
    return found


def _told(store: Store) -> list[float]:
    """Tell people what came due, each in a transaction; give the milliseconds of each."""
    engine = Engine(library(), PARIS)
    with store.write() as tx:
        for chat in range(_PEOPLE + 1):
            keep(tx, chat, "Dupont")
    found = []
    for chat in range(_PEOPLE + 1):

        def tell(chat: int = chat) -> int:
            with store.write() as tx:
                rows = tx.due_of_chat(chat, _AT)
                return len(engine.handle_wake(tx, chat, rows, now=NOW))

        seconds, shown = timed(tell)
        if not shown:
            raise RuntimeError("a reminder came due and nothing was said")
        found.append(seconds * 1e3)
    return found[1:]  # the first waits for the law to be read


def measure(size: Size) -> list[Row]:
    """Measure the table on both databases, then the loop and the engine on the first."""
    with _sqlite(size.reminders) as store:
        rows = _table(store, size.repetitions, f"{number(size.reminders)} waiting, SQLite")
        ticks = asyncio.run(_ticks(store))
        told = _told(store)
    with _postgresql(size.reminders) as other:
        if other is not None:
            rows += _table(other, size.repetitions, f"{number(size.reminders)} waiting, PostgreSQL")
    return [
        *rows,
        Row(
            "a turn of the loop, nothing due", f"{median(ticks):.3f} ms", f"least {min(ticks):.3f}"
        ),
        Row("one person told through the engine", f"{median(told):.1f} ms", spread(told, 1)),
    ]
