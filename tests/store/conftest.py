"""Every test of the store runs on a SQLite file and on a real PostgreSQL."""

from __future__ import annotations

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

    def empty(self, name: str) -> str:
        """Give the URL of a database without any table."""
        self.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public", name)
        return self.url(name)

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
def postgres(postgres_uri: str) -> Databases:
    """The server, with the databases of this room."""
    databases = Databases(postgres_uri)
    for name in ("first", "second", "prepared"):
        databases.run(f"CREATE DATABASE {name}")
    prepared = Store.open(databases.url("prepared"))
    prepared.prepare()
    prepared.close()
    return databases


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Each of the two databases in turn."""
    return str(request.param)


@pytest.fixture
def empty_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if database == "sqlite":
        return f"sqlite:///{tmp_path / 'relance.sqlite3'}"
    return str(request.getfixturevalue("postgres").empty("first"))


@pytest.fixture
def other_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A second database without any table, of the same kind."""
    if database == "sqlite":
        return f"sqlite:///{tmp_path / 'other' / 'relance.sqlite3'}"
    return str(request.getfixturevalue("postgres").empty("second"))


@pytest.fixture
def url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database at the newest schema."""
    if database == "postgresql":
        return str(request.getfixturevalue("postgres").prepared())
    path = f"sqlite:///{tmp_path / 'relance.sqlite3'}"
    prepared = Store.open(path)
    prepared.prepare()
    prepared.close()
    return path


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
