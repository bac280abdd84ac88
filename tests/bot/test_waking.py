"""Reminders that came due: all those of a chat at once, each once."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from bot.pacing import Policy
from bot.queueing import push
from bot.store import (
    ConversationRow,
    DossierRow,
    Refused,
    ReminderRow,
    Store,
    StoreError,
    Tx,
    Unavailable,
)
from bot.waking import Reminders

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.store.writer import Writer

    from .conftest import FakeClock

DAY = 86_400
QUICK = Policy(overall_rate=1000)
"""So many can be sent that nothing waits for that."""


class FakeEngine:
    """Records what it was given and pushes one message for it, in the same transaction."""

    def __init__(self) -> None:
        self.woken: list[tuple[int, list[str]]] = []
        self.broken: set[str] = set()
        self.held: dict[str, int] = {}

    def __call__(
        self, tx: Tx, chat_id: int, rows: Sequence[ReminderRow], *, now: datetime
    ) -> Sequence[Any]:
        assert now.tzinfo is not None
        keys = [row.key for row in rows]
        for row in rows:
            if row.key in self.held:
                assert tx.hold_reminder(row.id, self.held[row.key])
            else:
                assert tx.fire_reminder(row.id, int(now.timestamp()))
        push(tx, chat_id, [{"kind": "copy", "text": " ".join(keys)}], int(now.timestamp()))
        if self.broken & set(keys):
            raise RuntimeError("un défaut")
        self.woken.append((chat_id, keys))
        return []


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def kicks() -> list[int]:
    return []


@pytest.fixture
async def reminders(
    writer: Writer, engine: FakeEngine, clock: FakeClock, kicks: list[int]
) -> Reminders:
    return Reminders(writer, engine, clock, lambda: kicks.append(1), QUICK)


def plan(store: Store, chat_id: int, **due: int) -> None:
    with store.write() as tx:
        if tx.load_conversation(chat_id) is None:
            tx.save_conversation(ConversationRow(chat_id, "home", "{}"))
        tx.save_dossier(DossierRow(f"d{chat_id}", chat_id, "{}", "ouvert", date(2026, 11, 1)))
        tx.sync_reminders(f"d{chat_id}", chat_id, [ReminderRow(key, at) for key, at in due.items()])


def outgoing(store: Store, clock: FakeClock) -> list[str]:
    found: list[str] = []
    with store.write() as tx:
        while rows := tx.claim_outbox(clock.epoch):
            for row in rows:
                found.append(json.loads(row.payload)["text"])
                tx.mark_sent(row.id, 1, clock.epoch)
    return found


async def test_a_reminder_fires_when_it_is_due_and_once(
    store: Store, reminders: Reminders, engine: FakeEngine, clock: FakeClock, kicks: list[int]
) -> None:
    """Before its instant nothing happens; at it the person is woken; then never again."""
    due = clock.epoch + 60
    plan(store, 1, relance=due)
    assert await reminders.turn() == 60
    clock.advance(59)
    await reminders.turn()
    assert engine.woken == []
    clock.advance(1)
    await reminders.turn()
    await reminders.turn()
    assert engine.woken == [(1, ["relance"])]
    assert outgoing(store, clock) == ["relance"]
    assert kicks == [1]


async def test_three_weeks_of_absence_fire_each_reminder_once_oldest_first(
    store: Store, reminders: Reminders, engine: FakeEngine, clock: FakeClock
) -> None:
    """What came due while the bot was down is fired at its return, in the order it was due."""
    for chat in range(1, 151):
        plan(store, chat, relance=clock.epoch + chat * 3600)
    clock.advance(21 * DAY)
    await reminders.turn()
    assert [chat for chat, _ in engine.woken] == list(range(1, 151))
    await reminders.turn()
    assert len(engine.woken) == 150


async def test_a_cancelled_reminder_never_fires(
    store: Store, reminders: Reminders, engine: FakeEngine, clock: FakeClock
) -> None:
    """A reminder that is no longer wanted, paid in between, wakes nobody."""
    plan(store, 1, relance=clock.epoch + 60)
    plan(store, 1)
    clock.advance(DAY)
    await reminders.turn()
    assert engine.woken == []


async def test_two_processes_fire_a_reminder_once(
    store: Store, writer: Writer, engine: FakeEngine, clock: FakeClock
) -> None:
    """Two relays that saw the same due row wake the person once."""
    plan(store, 1, relance=clock.epoch)
    both = [Reminders(writer, engine, clock, lambda: None) for _ in range(2)]
    await asyncio.gather(*(one.turn() for one in both))
    assert len(engine.woken) == 1


async def test_a_failure_undoes_everything_and_is_tried_again(
    store: Store, reminders: Reminders, engine: FakeEngine, clock: FakeClock
) -> None:
    """When handling fails nothing is sent nor marked, others fire, and a tick later it is retried."""
    engine.broken = {"relance"}
    plan(store, 1, relance=clock.epoch)
    plan(store, 2, autre=clock.epoch + 1)
    clock.advance(5)
    await reminders.turn()
    assert [chat for chat, _ in engine.woken] == [2]
    assert outgoing(store, clock) == ["autre"]
    engine.broken = set()
    assert await reminders.turn() == 5
    clock.advance(5)
    await reminders.turn()
    assert [chat for chat, _ in engine.woken] == [2, 1]
    assert outgoing(store, clock) == ["relance"]


async def test_all_that_is_due_of_a_chat_comes_at_once(
    store: Store, reminders: Reminders, engine: FakeEngine, clock: FakeClock
) -> None:
    """Three rows of one person, another's between them: one call each, the oldest first."""
    plan(store, 1, b=clock.epoch - 5, a=clock.epoch - 50, c=clock.epoch + 1)
    plan(store, 2, k=clock.epoch - 20)
    await reminders.turn()
    assert engine.woken == [(1, ["a", "b"]), (2, ["k"])]
    assert outgoing(store, clock) == ["a b", "k"]


async def test_a_held_reminder_comes_back_at_its_instant(
    store: Store, reminders: Reminders, engine: FakeEngine, clock: FakeClock
) -> None:
    """What the dialogue holds is not fired: at the instant it said, and no sooner, it is handed again."""
    plan(store, 1, a=clock.epoch, b=clock.epoch)
    engine.held = {"b": clock.epoch + 3600}
    await reminders.turn()
    assert await reminders.turn() == 3600
    clock.advance(3599)
    await reminders.turn()
    assert engine.woken == [(1, ["a", "b"])]
    engine.held = {}
    clock.advance(1)
    await reminders.turn()
    await reminders.turn()
    assert engine.woken[1:] == [(1, ["b"])]


async def test_who_blocked_the_bot_is_woken_once_with_all_that_came_due(
    store: Store, reminders: Reminders, engine: FakeEngine, clock: FakeClock
) -> None:
    """Nothing while they are away, be it weeks; back again, everything in one call."""
    plan(store, 1, a=clock.epoch, b=clock.epoch + DAY, later=clock.epoch + 90 * DAY)
    with store.write() as tx:
        tx.set_reachable(1, False)
    clock.advance(30 * DAY)
    assert await reminders.turn() == 5
    assert engine.woken == []
    with store.write() as tx:
        tx.set_reachable(1, True)
    await reminders.turn()
    assert engine.woken == [(1, ["a", "b"])]


async def test_a_clock_that_jumps_loses_nothing_and_says_nothing_twice(
    store: Store, reminders: Reminders, engine: FakeEngine, clock: FakeClock
) -> None:
    """Back by two days, then forward by three: what fired stays fired, what waits comes at its time."""
    plan(store, 1, first=clock.epoch, second=clock.epoch + DAY)
    await reminders.turn()
    clock.advance(-2 * DAY)
    assert await reminders.turn() == 3 * DAY
    clock.advance(3 * DAY)
    await reminders.turn()
    clock.advance(-DAY)
    await reminders.turn()
    assert engine.woken == [(1, ["first"]), (1, ["second"])]


async def test_what_others_write_passes_between_two_chats(
    store: Store, reminders: Reminders, writer: Writer, engine: FakeEngine, clock: FakeClock
) -> None:
    """With three hundred people due at the same minute, an update that arrives waits for one of them."""
    for chat in range(1, 301):
        plan(store, chat, k=clock.epoch)
    flood = asyncio.create_task(reminders.turn())
    ahead = []
    for n in range(1, 6):
        while len(engine.woken) < 50 * n:  # noqa: ASYNC110 - what ends it is the flood under test
            await asyncio.sleep(0)
        before = len(engine.woken)
        await writer.run(lambda tx, n=n: tx.record_update(n, 9, "{}", clock.epoch))  # type: ignore[misc]
        ahead.append(len(engine.woken) - before)
    await flood
    assert len(engine.woken) == 300
    assert max(ahead) <= 2, ahead


async def test_no_more_is_made_ready_than_can_be_sent_at_once(
    store: Store, writer: Writer, engine: FakeEngine, clock: FakeClock
) -> None:
    """Of a hundred people due, thirty have their message ready; more are woken as those are sent."""
    for chat in range(1, 101):
        plan(store, chat, k=clock.epoch)
    reminders = Reminders(writer, engine, clock, lambda: None, Policy())
    for woken in (30, 60, 90, 100):
        assert await reminders.turn() == (1 if woken < 100 else 5)
        assert len(engine.woken) == woken
        assert await reminders.turn() == (1 if woken < 100 else 5)
        assert len(engine.woken) == woken
        assert len(outgoing(store, clock)) == woken - 30 * ((woken - 1) // 30)


async def test_without_telegram_no_more_is_made_ready(
    store: Store, writer: Writer, engine: FakeEngine, clock: FakeClock
) -> None:
    """Messages tried again within a minute hold the others back; chats that must wait long do not."""
    for chat in range(1, 101):
        plan(store, chat, k=clock.epoch)
    reminders = Reminders(writer, engine, clock, lambda: None, Policy())
    for wait, woken in ((60, 30), (3600, 60)):
        await reminders.turn()
        with store.write() as tx:
            while rows := tx.claim_outbox(clock.epoch):
                for row in rows:
                    tx.mark_retry(row.id, clock.epoch + wait, "panne")
        await reminders.turn()
        assert len(engine.woken) == woken
        clock.advance(wait)


async def test_whoever_writes_during_a_flood_is_answered_before_it_ends(
    store: Store, writer: Writer, engine: FakeEngine, clock: FakeClock
) -> None:
    """An answer is behind what was ready when it was given, and before all who are woken after."""
    for chat in range(1, 101):
        plan(store, chat, k=clock.epoch)
    reminders = Reminders(writer, engine, clock, lambda: None, Policy())
    await reminders.turn()
    with store.write() as tx:
        push(tx, 500, [{"kind": "copy", "text": "réponse"}], clock.epoch)
    await reminders.turn()
    assert outgoing(store, clock)[30] == "réponse"


async def test_a_wake_that_says_nothing_takes_no_room(
    store: Store, writer: Writer, clock: FakeClock
) -> None:
    """A hundred people with nothing to be told are all looked at in one turn."""
    seen: list[int] = []

    def silent(
        tx: Tx, chat_id: int, rows: Sequence[ReminderRow], *, now: datetime
    ) -> Sequence[Any]:
        seen.append(chat_id)
        tx.fire_reminder(rows[0].id, int(now.timestamp()))
        return []

    for chat in range(1, 101):
        plan(store, chat, k=clock.epoch)
    assert await Reminders(writer, silent, clock, lambda: None, Policy()).turn() == 5
    assert seen == list(range(1, 101))


async def test_chats_that_fail_do_not_hide_those_behind_them(
    store: Store, reminders: Reminders, engine: FakeEngine, clock: FakeClock
) -> None:
    """More failing chats than are looked up at a time: whoever comes after them is woken in that turn."""
    engine.broken = {"bad"}
    for chat in range(1, 131):
        plan(store, chat, bad=clock.epoch - 60)
    plan(store, 200, good=clock.epoch)
    await reminders.turn()
    assert engine.woken == [(200, ["good"])]


async def test_what_the_store_refuses_of_one_chat_stops_no_other(
    store: Store, writer: Writer, engine: FakeEngine, clock: FakeClock
) -> None:
    """A row the database says no to is that chat's own trouble; a database that is away is everybody's."""
    error: type[StoreError] = Refused

    def wake(tx: Tx, chat_id: int, rows: Sequence[ReminderRow], *, now: datetime) -> Sequence[Any]:
        if chat_id == 1:
            raise error("non")
        return engine(tx, chat_id, rows, now=now)

    plan(store, 1, k=clock.epoch - 1)
    plan(store, 2, k=clock.epoch)
    plan(store, 3, k=clock.epoch + 60)
    reminders = Reminders(writer, wake, clock, lambda: None)
    await reminders.turn()
    assert engine.woken == [(2, ["k"])]
    error = Unavailable
    clock.advance(60)
    with pytest.raises(Unavailable):
        await reminders.turn()
    assert engine.woken == [(2, ["k"])]


async def test_one_bad_dossier_silences_no_other_of_its_person(
    store: Store, reminders: Reminders, engine: FakeEngine, clock: FakeClock
) -> None:
    """After three failures the rows go one by one: the good are said, for the bad one sentence is."""
    engine.broken = {"bad", "worse"}
    plan(store, 1, a=clock.epoch - 3, bad=clock.epoch - 2, worse=clock.epoch - 1, b=clock.epoch)
    for _ in range(4):
        await reminders.turn()
        clock.advance(5)
    assert engine.woken == [(1, ["a"]), (1, ["b"])]
    first, second, words = outgoing(store, clock)
    assert (first, second) == ("a", "b")
    assert words.endswith("R2")


KILLED = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from bot.store import Store
from bot.store.writer import Writer
from bot.waking import Reminders

def wake(tx, chat_id, rows, *, now):
    for row in rows:
        tx.fire_reminder(row.id, int(now.timestamp()))
    if chat_id == 2:
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    now = datetime.fromtimestamp(int(sys.argv[2]), UTC)
    await Reminders(Writer(Store.open(sys.argv[1])), wake, lambda: now, print).turn()

asyncio.run(main())
"""


async def test_a_kill_between_two_rows_loses_none_and_repeats_none(
    store: Store, reminders: Reminders, engine: FakeEngine, clock: FakeClock, tmp_path: Path
) -> None:
    """Killed while the rows of the second chat were being fired: both wait, the first chat's do not."""
    for chat in (1, 2, 3):
        plan(store, chat, a=clock.epoch, b=clock.epoch)
    url = f"sqlite:///{tmp_path}/relance.sqlite3"
    arguments = [sys.executable, "-c", KILLED, url, str(clock.epoch)]
    assert (await asyncio.to_thread(subprocess.run, arguments, check=False)).returncode == -9
    await reminders.turn()
    assert engine.woken == [(2, ["a", "b"]), (3, ["a", "b"])]


async def test_a_reminder_that_always_fails_is_told_and_not_silently_lost(
    store: Store, reminders: Reminders, engine: FakeEngine, clock: FakeClock
) -> None:
    """After three failures the person gets a sentence with a reference, once."""
    engine.broken = {"relance"}
    plan(store, 1, relance=clock.epoch)
    for _ in range(5):
        await reminders.turn()
        clock.advance(5)
    (words,) = outgoing(store, clock)
    assert "/dossiers" in words
    assert "Référence" in words


async def test_the_loop_wakes_for_the_next_due_instant_and_on_a_kick(
    store: Store, reminders: Reminders, engine: FakeEngine, clock: FakeClock
) -> None:
    """The running loop fires a reminder when kicked after the clock moved, and stops when told."""
    plan(store, 1, relance=clock.epoch + DAY)
    running = asyncio.create_task(reminders.run())
    await asyncio.sleep(0.02)
    clock.advance(DAY)
    reminders.kick()
    async with asyncio.timeout(5):
        while not engine.woken:  # noqa: ASYNC110 - what ends it is in the loop under test
            await asyncio.sleep(0.005)
    reminders.stop()
    await running


async def test_handled_rows_are_purged_after_some_days(
    store: Store, writer: Writer, engine: FakeEngine, clock: FakeClock
) -> None:
    """The raw text of a handled update does not stay for ever."""
    with store.write() as tx:
        tx.record_update(5, 1, "{}", clock.epoch)
        tx.finish_update(5)
    clock.advance(4 * DAY)
    reminders = Reminders(writer, engine, clock, lambda: None)
    await reminders._purge()
    with store.write() as tx:
        assert tx.record_update(5, 1, "{}", clock.epoch), "the row was still there"
