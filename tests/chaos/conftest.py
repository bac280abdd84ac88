"""What the tests of this room share: the process that makes the others, and a bot it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.posting import free_port, webhook_settings
from tests.chaos.forked import ForkedBot
from tests.chaos.nursery import Nursery
from tests.standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """The process that imported it all."""
    with Nursery() as made:
        yield made


@pytest.fixture
def api() -> Iterator[StandIn]:
    """A stand-in for one test."""
    with StandIn() as server:
        yield server


@pytest.fixture
def bot_of(nursery: Nursery, api: StandIn, tmp_path: Path) -> Iterator[Callable[..., ForkedBot]]:
    """Make a bot, not started, that receives in one of both ways."""
    made: list[ForkedBot] = []

    def make(way: str = "polling", **settings: str) -> ForkedBot:
        hook = webhook_settings(free_port(), free_port()) if way == "webhook" else {}
        folder = tmp_path / f"bot-{len(made)}"
        made.append(ForkedBot(nursery, api, folder, **hook, **settings))
        return made[-1]

    yield make
    for bot in made:
        bot.close()


@pytest.fixture
def bot(bot_of: Callable[..., ForkedBot]) -> ForkedBot:
    """A bot, not started, that fetches its updates."""
    return bot_of()
