"""What the tests of this room share: a real store on SQLite, a clock moved by hand, a Bot API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.store import Store
from bot.store.writer import Writer
from tests.standin import StandIn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from tests.standin import Person


class FakeClock:
    """An instant that only moves when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @property
    def epoch(self) -> int:
        return int(self.now.timestamp())


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/relance.sqlite3", clock=lambda: clock.epoch)
    opened.prepare()
    yield opened
    opened.close()


@pytest.fixture
async def writer(store: Store) -> AsyncIterator[Writer]:
    thread = Writer(store)
    yield thread
    await thread.close()


@pytest.fixture
def api() -> Iterator[StandIn]:
    """A Bot API of its own."""
    with StandIn() as server:
        yield server


@pytest.fixture
def camille(api: StandIn) -> Person:
    """Somebody who has started the bot."""
    person = api.person("Camille")
    person.start()
    return person


@pytest.fixture
async def bot(api: StandIn) -> AsyncIterator[Bot]:
    """A client of that Bot API; patient, for files take their time."""
    client = Bot(
        api.token, base_url=f"{api.url}/bot", request=HTTPXRequest(read_timeout=5, pool_timeout=5)
    )
    async with client:
        yield client
