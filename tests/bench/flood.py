"""Ten thousand messages due at the same minute, and a Telegram that counts them strictly.

The two loops and the store are the bot's own. Time is virtual; the way there and back takes as long
as it likes, and now and then everything is held up.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from bot.pacing import Policy
from bot.queueing import push
from bot.relay import Outbox
from bot.store import ReminderRow, Store, Tx
from bot.telegram.failures import Flooded
from bot.telegram.outgoing import Item
from bot.waking import Reminders
from flows.dialogue.screens import Shown
from tests.bench.report import Row, Size, number
from tests.bench.virtual import Straight, VirtualLoop, virtually

NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)
"""Nine o'clock in Paris."""
_OVERALL, _RATE_AIM = 30, 25.0
"""Messages Telegram takes from a bot in any second, and what is to be reached under it."""
_WAY = (0.02, 0.08)
"""Seconds a request takes to arrive, and its answer to come back, least and most."""
_EVERY, _STALL = 10.0, 0.5
"""Every so often everything stands still for so long."""
_ASKS = 7.0
"""Seconds between two people who write while the others are told."""
_ANSWER = "réponse"


@dataclass
class StrictTelegram:
    """Takes 30 messages in any second and one a second in a chat; answers 429 to all the others."""

    loop: VirtualLoop
    wanted: int
    random: Random = field(default_factory=lambda: Random(5))
    taken: list[tuple[float, int, str]] = field(default_factory=list)
    refused: int = 0
    all_told: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once it has taken `wanted` messages, answers apart."""
    _window: deque[float] = field(default_factory=deque)
    _last: dict[int, float] = field(default_factory=dict)

    async def send(self, chat_id: int, item: Item) -> int:
        """Take a message, after its way. Raises Flooded."""
        await asyncio.sleep(self.random.uniform(*_WAY))
        now = self.loop.time()
        while self._window and self._window[0] <= now - 1:
            self._window.popleft()
        if len(self._window) >= _OVERALL or now - self._last.get(chat_id, -1) < 1:
            self.refused += 1
            raise Flooded(3)
        self._window.append(now)
        self._last[chat_id] = now
        self.taken.append((now, chat_id, str(item["text"])))
        self.wanted -= item["text"] != _ANSWER
        if not self.wanted:
            self.all_told.set()
        await asyncio.sleep(self.random.uniform(*_WAY))
        return len(self.taken)


@dataclass(frozen=True, slots=True)
class Drained:
    """How it went: messages a second, answers 429, seconds an answer waited, seconds of real work a message."""

    rate: float
    refused: int
    waited: list[float]
    cost: float


def _due(path: Path, people: int) -> None:
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA foreign_keys = OFF")
        at = int(NINE.timestamp())
        base.executemany(
            "INSERT INTO reminders (dossier_id, chat_id, key, stage, due_at, wake_at, status)"
            " VALUES (?, ?, 'k', 's', ?, ?, 'pending')",
            ((f"d{n}", n, at, at) for n in range(1, people + 1)),
        )
    base.close()


def _wake(tx: Tx, chat_id: int, rows: Sequence[ReminderRow], *, now: datetime) -> Sequence[Shown]:
    """Stand for the dialogue, which costs the same with one person due or ten thousand."""
    for row in rows:
        tx.fire_reminder(row.id, int(now.timestamp()))
    _say(tx, chat_id, "bonjour", now)
    return ()


def _say(tx: Tx, chat_id: int, words: str, now: datetime) -> None:
    push(tx, chat_id, [{"kind": "copy", "text": words}], int(now.timestamp()))


async def _drain(path: Path, people: int, *, queued: bool) -> Drained:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    store = Store.open(f"sqlite:///{path}", clock=lambda: int(clock().timestamp()))
    store.prepare()

    def clock() -> datetime:
        return NINE + timedelta(seconds=loop.time())

    writer, telegram, policy = Straight(store), StrictTelegram(loop, people), Policy()
    outbox = Outbox(writer, telegram.send, clock, policy, pace=loop.time, sleep=asyncio.sleep)
    reminders = Reminders(writer, _wake, clock, outbox.kick, policy)
    _due(path, people)
    if queued:
        with store.write() as tx:
            for row in tx.due_reminders(int(NINE.timestamp()), people):
                _wake(tx, row.chat_id, [row], now=NINE)
    asked: dict[int, float] = {}

    async def ask() -> None:
        while True:
            await asyncio.sleep(_ASKS)
            chat = people + len(asked) + 1
            asked[chat] = loop.time()
            await writer.run(partial(_say, chat_id=chat, words=_ANSWER, now=clock()))
            outbox.kick()

    async def stall() -> None:
        while True:
            await asyncio.sleep(_EVERY)
            loop.stall(_STALL)

    began = perf_counter()
    loops = [asyncio.create_task(one.run()) for one in (outbox, reminders)]
    beside = [asyncio.create_task(stall())] + ([] if queued else [asyncio.create_task(ask())])
    await telegram.all_told.wait()
    spent = perf_counter() - began
    for task in beside:
        task.cancel()
    outbox.stop()
    reminders.stop()
    await asyncio.gather(*loops)
    store.close()
    ended = max(at for at, _, text in telegram.taken if text != _ANSWER)
    waited = [at - asked[chat] for at, chat, text in telegram.taken if text == _ANSWER]
    sent = sum(at <= ended for at, *_ in telegram.taken)
    return Drained(sent / ended, telegram.refused, waited, spent / sent)


def drain(people: int, *, queued: bool = False) -> Drained:
    """Let `people` be due at nine, one message each, and send them all.

    `queued`: the messages are all in the outbox already, as after a time without Telegram. Else each
    is made when there is room for it, while others write and are answered.
    """
    with tempfile.TemporaryDirectory() as folder:
        return virtually(_drain(Path(folder) / "f.sqlite3", people, queued=queued))


def _rows(title: str, drained: Drained) -> list[Row]:
    rate, refused = drained.rate, drained.refused
    aim = f"≥ {_RATE_AIM:.0f}/s"
    cost = f"{drained.cost * 1e3:.1f} ms of work each"
    return [
        Row(title, f"{rate:.1f}/s", cost, aim, rate >= _RATE_AIM),
        Row("  answers 429", str(refused), "", "= 0", refused == 0),
    ]


def measure(size: Size) -> list[Row]:
    """Measure reminders that come due, then messages that were waiting already."""
    people = size.flood
    due, queued = drain(people), drain(people, queued=True)
    return [
        *_rows(f"{number(people)} people due at nine, told", due),
        Row(
            "  somebody who writes meanwhile is answered in",
            f"{median(due.waited):.1f} s",
            f"at most {max(due.waited):.1f}",
        ),
        *_rows(f"{number(people)} messages in the outbox already, sent", queued),
    ]
