"""The whole bot on a SQLite file, with people in place of Telegram."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from telegram import Bot

from bot.engine import Engine
from bot.keys import Key
from bot.pacing import Policy
from bot.store import Store
from bot.store.writer import Writer
from bot.telegram.application import Application
from flows.dialogue.library import Library
from tests.bench.offline import TOKEN, Answers, Crowd, OfflineUpdates, Source
from tests.bench.people import PEOPLE, waves
from tests.dialogue.player import PARIS, Player

UNPACED = Policy(
    overall_rate=1e9, overall_burst=1_000_000, chat_rate=1e9, chat_burst=1_000_000, in_flight=1000
)


@dataclass(frozen=True, slots=True)
class Played:
    """What a run took: seconds from the first update to the last answer marked sent."""

    updates: int
    seconds: float
    waited: list[float]

    @property
    def rate(self) -> float:
        """Updates a second."""
        return self.updates / self.seconds


NOW = Player().now
"""The instant of the rehearsal, so that the same answers lead the same way."""


async def serve(store: Store, source: Source, answers: Answers) -> float:
    """Run the real bot on a prepared store until the source is over; give the instant at which it had ended.

    The end of the process is counted, its start is not. Raises RuntimeError when anything was left
    or failed.
    """
    writer = Writer(store)
    transport = OfflineUpdates(source)
    bot = Bot(TOKEN, request=answers, get_updates_request=transport)
    engine = Engine(_library(), PARIS)
    application = Application(
        bot, transport, writer, engine.handle, engine.handle_wake, lambda: NOW, UNPACED
    )
    gc.collect()
    running = asyncio.create_task(application.run())
    over = asyncio.create_task(source.over.wait())
    await asyncio.wait({running, over}, return_when=asyncio.FIRST_COMPLETED)
    application.stop()
    code = await running
    ended = perf_counter()
    over.cancel()
    await writer.close()
    with store.read() as tx:
        left = tx.backlog(int(NOW.timestamp()))
        stats = (left.updates, left.messages, left.oldest_due_at)
    if code or any(stats) or answers.sent != answers.wanted:
        raise RuntimeError(f"the bot did not answer everything: exit {code}, {stats}")
    return ended


async def take(store: Store, crowd: Crowd) -> Played:
    """Run the real bot on a prepared store until all that the crowd does is answered."""
    ended = await serve(store, crowd, crowd.answers)
    if crowd.began_at is None:
        raise RuntimeError("nobody did anything")
    return Played(crowd.given, ended - crowd.began_at, crowd.waited)


async def play(
    folder: Path,
    updates: int,
    people: int = PEOPLE,
    *,
    marks: Sequence[int] = (),
    reached: Callable[[int], None] = lambda _: None,
    keys: Sequence[Key] = (),
) -> Played:
    """Run the real bot on a new file until `people` at once have done `updates` things and been answered.

    From the raw body of getUpdates to the outbox row marked sent. `reached` is called when as many
    updates as each of `marks` have been answered. Raises RuntimeError when anything was left or failed.
    """
    with opened(f"sqlite:///{folder}/relance.sqlite3", keys) as store:
        return await take(store, Crowd(waves(updates, people), Answers(), marks, reached))


def opened(url: str, keys: Sequence[Key] = ()) -> Store:
    """Give a prepared store, on the day of the rehearsal."""
    store = Store.open(url, keys=keys, clock=lambda: int(NOW.timestamp()))
    store.prepare()
    store.unlock()
    return store


_LIBRARY: list[Library] = []


def _library() -> Library:
    """Give one library for all runs of a process: a bot loads its data once."""
    if not _LIBRARY:
        _LIBRARY.append(Library())
    return _LIBRARY[0]
