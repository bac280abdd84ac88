"""One stand-in and one running bot for each file of tests; databases and processes of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.acceptance.bot_process import BotProcess
from tests.acceptance.visitor import Visitor
from tests.standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def shared_api() -> Iterator[StandIn]:
    """A stand-in for the tests of one file, each with people of its own."""
    with StandIn() as server:
        yield server


@pytest.fixture(scope="module")
def shared_bot(
    shared_api: StandIn, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BotProcess]:
    """A running bot for the tests of one file."""
    bot = BotProcess(shared_api, tmp_path_factory.mktemp("bot")).start()
    yield bot
    bot.close()


@pytest.fixture
def visit(shared_api: StandIn, shared_bot: BotProcess) -> Callable[..., Visitor]:
    """Bring somebody new to the running bot."""
    return lambda name="Camille": Visitor(shared_api.person(name))


@pytest.fixture
def api() -> Iterator[StandIn]:
    """A stand-in for one test."""
    with StandIn() as server:
        yield server


@pytest.fixture
def bot(api: StandIn, tmp_path: Path) -> Iterator[BotProcess]:
    """A bot for one test, not started."""
    process = BotProcess(api, tmp_path / "bot")
    yield process
    process.close()


@pytest.fixture(scope="session")
def postgres(postgres_uri: str) -> Callable[[], str]:
    """Give the URL of a new PostgreSQL database at each call; skipped where there is no server."""
    names = (f"acceptance_{number}" for number in range(100))

    def new() -> str:
        name = next(names)
        with psycopg.connect(postgres_uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return postgres_uri.replace("/postgres?", f"/{name}?")

    return new
