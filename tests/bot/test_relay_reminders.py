"""The reminder relay: rows that are due become events, once each."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.pacing import Policy
from bot.relay import Reminders, push
from bot.store import ConversationRow, DossierRow, ReminderRow, Store, Tx
from flows.dialogue.events import Woken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.writer import Writer

    from .conftest import FakeClock

DAY = 86_400


class FakeEngine:
    """Records what it was given and pushes one message for it, in the same transaction."""

    def __init__(self) -> None:
        self.woken: list[tuple[int, Any]] = []
        self.broken: set[str] = set()

    def __call__(self, tx: Tx, chat_id: int, event: Any, **more: Any) -> Sequence[Any]:
        assert more["now"].tzinfo is not None
        push(tx, chat_id, [{"kind": "copy", "text": event.key}], int(more["now"].timestamp()))
        if event.key in self.broken:
            raise RuntimeError("un défaut")
        self.woken.append((chat_id, event))
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
    return Reminders(writer, engine, clock, lambda: kicks.append(1), Policy())


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
    assert engine.woken == [(1, Woken("d1", "relance", datetime.fromtimestamp(due, UTC)))]
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
    """When handling fails nothing is sent nor marked, others fire, the next tick retries."""
    engine.broken = {"relance"}
    plan(store, 1, relance=clock.epoch)
    plan(store, 2, autre=clock.epoch + 1)
    clock.advance(5)
    await reminders.turn()
    assert [chat for chat, _ in engine.woken] == [2]
    assert outgoing(store, clock) == ["autre"]
    engine.broken = set()
    await reminders.turn()
    assert [chat for chat, _ in engine.woken] == [2, 1]


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
