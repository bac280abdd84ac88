"""Threads and processes at once: nothing lost, nothing twice, order kept within a chat."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from bot.store import (
    Conflict,
    ConversationRow,
    DossierRow,
    OutgoingRow,
    Refused,
    ReminderRow,
    Store,
    StoreError,
    Tx,
    Unavailable,
    UpdateRow,
)
from bot.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import sqlalchemy as sa
    from sqlalchemy.engine.interfaces import DBAPIConnection

    from .conftest import Databases

NOW = 1_795_000_000


def handle_next(store: Store, chat_id: int) -> bool:
    """Handle the oldest update of a chat, as the bot does: what was seen is noted in order."""
    with store.write() as tx:
        known = tx.load_conversation(chat_id)
        update = tx.next_update(chat_id)
        if update is None:
            return False
        row = known or ConversationRow(chat_id, "accueil", "[]")
        seen = [*json.loads(row.data), update.update_id]
        tx.save_conversation(replace(row, data=json.dumps(seen)))
        tx.push_outbox(chat_id, [OutgoingRow("screen", str(update.update_id))], NOW)
        assert tx.finish_update(update.update_id)
        return True


def test_each_update_acts_once_and_in_order_whoever_handles_it(store: Store) -> None:
    """Eight threads over four chats that never spoke before: one transition each, in order."""
    with store.write() as tx:
        tx.record_updates([UpdateRow(n, n % 4, "{}", NOW) for n in range(1, 81)])
    start = threading.Barrier(8)

    def work(place: int) -> None:
        start.wait()
        while handle_next(store, place % 4):
            pass

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    with store.write() as tx:
        assert tx.pending_updates() == []
        for chat in range(4):
            expected = [n for n in range(1, 81) if n % 4 == chat]
            found = tx.load_conversation(chat)
            assert found is not None
            assert json.loads(found.data) == expected
            assert found.version == 20
            sent = []
            while claimed := tx.claim_outbox(NOW, chat_id=chat):
                sent.append(int(claimed[0].payload))
                tx.mark_sent(claimed[0].id, 1, NOW)
            assert sent == expected


def test_an_update_delivered_to_two_at_once_is_recorded_by_one(store: Store) -> None:
    """Of two that record the same update at the same time, exactly one is told it is new."""
    start = threading.Barrier(2)

    def record(n: int) -> bool:
        start.wait()
        with store.write() as tx:
            return tx.record_update(n, 7, "{}", NOW)

    with ThreadPoolExecutor(2) as pool:
        for n in range(20):
            assert sorted(pool.map(record, [n, n])) == [False, True]


def test_a_message_is_claimed_by_one_sender_and_in_order(store: Store) -> None:
    """Four senders at once send every message once, and each chat's in order."""
    with store.write() as tx:
        for n in range(60):
            tx.push_outbox(n % 5, [OutgoingRow("screen", str(n))], NOW)
    sent: list[tuple[int, int]] = []
    start = threading.Barrier(4)

    def send(_: int) -> None:
        start.wait()
        while len(sent) < 60:
            with store.write() as tx:
                rows = tx.claim_outbox(NOW, 2)
            for row in rows:
                sent.append((row.chat_id, int(row.payload)))
                with store.write() as tx:
                    assert tx.mark_sent(row.id, 1, NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(4)))
    assert sorted(n for _, n in sent) == list(range(60))
    for chat in range(5):
        assert [n for c, n in sent if c == chat] == list(range(chat, 60, 5))


def test_a_reminder_is_fired_by_one(
    store: Store, dossier: Callable[..., DossierRow], reminder: Callable[..., ReminderRow]
) -> None:
    """Of several that fire the same due reminders at once, each reminder has exactly one."""
    with store.write() as tx:
        tx.save_dossier(dossier())
        tx.sync_reminders("d1", 7, [reminder(f"k{n}", NOW) for n in range(20)])
    start = threading.Barrier(4)

    def fire(_: int) -> int:
        with store.read() as tx:
            due = tx.due_reminders(NOW)
        start.wait()
        count = 0
        for row in due:
            with store.write() as tx:
                tx.load_conversation(row.chat_id)
                count += tx.fire_reminder(row.id, NOW)
        return count

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(fire, range(4))) == 20


COUNT = """
import sys
from dataclasses import replace
from bot.store import ConversationRow, Store
store = Store.open(sys.argv[1])
for _ in range(int(sys.argv[2])):
    with store.write() as tx:
        row = tx.load_conversation(7) or ConversationRow(7, "accueil", "0")
        tx.save_conversation(replace(row, data=str(int(row.data) + 1)))
"""


def test_two_processes_lose_nothing(store: Store, url: str) -> None:
    """Two processes that read and write the same row 300 times each add up, without an error."""
    processes = [
        subprocess.Popen([sys.executable, "-c", COUNT, url, "300"], stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, b"")
    with store.read() as tx:
        found = tx.load_conversation(7)
    assert found is not None
    assert (found.data, found.version) == ("600", 600)


KILLED = """
import os, signal, sys
from bot.store import ConversationRow, OutgoingRow, Store
store = Store.open(sys.argv[1])
with store.write() as tx:
    tx.record_update(2, 7, "{}", 1)
with store.write() as tx:
    tx.load_conversation(7)
    tx.save_conversation(ConversationRow(7, "moitie", "{}"))
    tx.push_outbox(7, [OutgoingRow("screen", "{}")], 1)
    tx.finish_update(1)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_inside_a_transaction_leaves_no_half(store: Store, url: str) -> None:
    """What was committed before the kill is there, and nothing of what was under way."""
    with store.write() as tx:
        tx.record_update(1, 7, "{}", 1)
    done = subprocess.run([sys.executable, "-c", KILLED, url], check=False, timeout=60)
    assert done.returncode == -9
    with store.write() as tx:
        assert [row.update_id for row in tx.pending_updates()] == [1, 2]
        assert tx.load_conversation(7) is None
        assert tx.claim_outbox(NOW) == []


def test_a_locked_database_says_so(
    url: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting for a lock ends with one line and undoes nothing of the one who holds it."""
    monkeypatch.setattr("bot.store.engine._BUSY_MS", 50)
    holder, other = Store.open(url), Store.open(url)
    with holder.write() as tx:
        tx.load_conversation(7)
        tx.save_conversation(ConversationRow(7, "accueil", "{}"))
        with pytest.raises(Unavailable, match="RELANCE_DATA"), other.write() as waiting:
            waiting.load_conversation(7)
    with other.read() as tx:
        found = tx.load_conversation(7)
    assert found is not None
    holder.close()
    other.close()


# --- the writer ----------------------------------------------------------------------------


def test_what_a_power_cut_can_take(raw: sa.Engine) -> None:
    """PostgreSQL answers a commit once it is on the disk; SQLite once it is in its journal, which may not be."""
    sqlite = raw.dialect.name == "sqlite"
    asked = "PRAGMA synchronous" if sqlite else "SHOW synchronous_commit"
    with raw.connect() as connection:
        assert connection.exec_driver_sql(asked).scalar() == (1 if sqlite else "on")


def test_a_full_file_says_so_and_loses_nothing(tmp_path: Path) -> None:
    """What does not fit is undone whole and may succeed later; what was there is there."""
    pages = 200

    with Store.open(f"sqlite:///{tmp_path / 'relance.sqlite3'}") as store:
        store.prepare()

        @event.listens_for(store._engine, "checkout")
        def _bound(connection: DBAPIConnection, *_: object) -> None:
            connection.cursor().execute(f"PRAGMA max_page_count = {pages}")

        with store.write() as tx:
            tx.record_update(1, 7, "un", NOW)
        many = [UpdateRow(number, 7, "x" * 4000, NOW) for number in range(2, 500)]
        with pytest.raises(Unavailable, match="plein"), store.write() as tx:
            tx.record_updates(many)
        with store.read() as tx:
            assert [row.update_id for row in tx.pending_updates()] == [1]
        pages = 10_000
        with store.write() as tx:
            assert tx.record_update(2, 7, "x" * 4000, NOW)


def test_a_value_it_cannot_hold_is_refused(postgres: Databases) -> None:
    """PostgreSQL holds no NUL: that is no trouble of the moment, and asking again would not help."""
    with (
        Store.open(postgres.prepared()) as store,
        pytest.raises(Refused),
        store.write() as tx,
    ):
        tx.record_update(1, 7, "avec un \x00 dedans", NOW)


async def test_the_writer_keeps_the_order_and_gives_results(store: Store) -> None:
    """What is asked first is done first, each in its own transaction, and the answers come back."""
    writer = Writer(store)
    asked = [
        writer.run(lambda tx, n=n: (tx.push_outbox(n, [OutgoingRow("s", "{}")], NOW), n)[1])  # type: ignore[misc]
        for n in range(50)
    ]
    assert await asyncio.gather(*asked) == list(range(50))
    rows = await writer.run(lambda tx: tx.claim_outbox(NOW, 100))
    assert [row.chat_id for row in rows] == list(range(50))
    await writer.close()


async def test_an_error_reaches_its_caller_alone(store: Store) -> None:
    """One function that raises is undone and told so; those around it are kept."""
    writer = Writer(store)

    def bad(tx: Tx) -> None:
        tx.record_update(2, 7, "{}", NOW)
        raise KeyError("mine")

    first = writer.run(lambda tx: tx.record_update(1, 7, "{}", NOW))
    second = writer.run(bad)
    third = writer.run(lambda tx: tx.record_update(3, 7, "{}", NOW))
    results = await asyncio.gather(first, second, third, return_exceptions=True)
    assert results[0] is True
    assert isinstance(results[1], KeyError)
    assert results[2] is True
    pending = await writer.read(lambda tx: tx.pending_updates())
    assert [row.update_id for row in pending] == [1, 3]
    await writer.close()


async def test_a_conflict_is_tried_again_from_the_start(store: Store) -> None:
    """The function runs again on a clean transaction, and the conflict is told when it stays."""
    writer = Writer(store)
    runs = []

    def twice(tx: Tx) -> int:
        runs.append(tx.record_update(1, 7, "{}", NOW))
        if len(runs) < 3:
            raise Conflict("again")
        return len(runs)

    assert await writer.run(twice) == 3
    assert runs == [True, True, True]
    runs.clear()
    with pytest.raises(Conflict):
        await writer.run(twice, retries=1)
    await writer.close()


async def test_closing_drains_what_was_asked(store: Store) -> None:
    """What was asked before closing is done, what comes afterwards is refused."""
    writer = Writer(store)
    asked = [
        asyncio.ensure_future(writer.run(lambda tx, n=n: tx.record_update(n, 7, "{}", NOW)))  # type: ignore[misc]
        for n in range(30)
    ]
    await asyncio.sleep(0)
    await writer.close()
    assert all(await asyncio.gather(*asked))
    await writer.close()
    with pytest.raises(StoreError):
        await writer.run(lambda tx: tx.pending_updates())
    with store.read() as tx:
        assert len(tx.pending_updates()) == 30


async def test_the_loop_is_free_while_the_database_works(store: Store) -> None:
    """A slow transaction does not stop the event loop."""
    writer = Writer(store)
    release = threading.Event()
    slow = asyncio.ensure_future(writer.run(lambda tx: release.wait(10)))
    await asyncio.sleep(0)
    release.set()
    assert await slow is True
    await writer.close()


def test_the_writer_serves_a_plain_thread(store: Store) -> None:
    """Without an event loop the same queue gives the same results."""
    writer = Writer(store)
    assert writer.run_sync(lambda tx: tx.record_update(1, 7, "{}", NOW)) is True
    assert writer.run_sync(lambda tx: tx.record_update(1, 7, "{}", NOW)) is False
    asyncio.run(writer.close())
