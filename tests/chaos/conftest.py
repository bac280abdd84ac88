"""What the tests of this room share: a bot that dies where it is told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.posting import free_port, webhook_settings
from tests.chaos.mortal import MortalBot
from tests.standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def api() -> Iterator[StandIn]:
    """A stand-in for one test."""
    with StandIn() as server:
        yield server


@pytest.fixture
def bot_of(api: StandIn, tmp_path: Path) -> Iterator[Callable[..., MortalBot]]:
    """Make a bot, not started, that receives in one of both ways."""
    made: list[MortalBot] = []

    def make(way: str = "polling", **settings: str) -> MortalBot:
        hook = webhook_settings(free_port(), free_port()) if way == "webhook" else {}
        folder = tmp_path / f"bot-{len(made)}"
        made.append(MortalBot(api, folder, **hook, **settings))
        return made[-1]

    yield make
    for bot in made:
        bot.close()


@pytest.fixture
def bot(bot_of: Callable[..., MortalBot]) -> MortalBot:
    """A bot, not started, that fetches its updates."""
    return bot_of()
