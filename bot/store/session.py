"""One transaction: the connection every noun of the store works through."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import sqlite

from bot.store.ready import failed, ready, start

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Executable, Table

    from bot.store.ready import Ready
    from bot.store.sealing import Keyring


class Session:
    """What a transaction offers its parts. `writing` is False in a read transaction."""

    __slots__ = ("_clock", "_connection", "_ring", "_seen", "erased", "postgresql", "writing")

    def __init__(
        self,
        connection: Connection,
        *,
        clock: Callable[[], int],
        writing: bool,
        postgresql: bool,
        ring: Keyring,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._ring = ring
        """What seals what people said on its way in, and opens it on its way out."""
        self._seen: dict[int, Any] = {}
        """Conversations as they were read, until something is written."""
        self.erased = False
        """Whether a person, a dossier or a file was erased: its traces go once this is committed."""
        self.writing = writing
        self.postgresql = postgresql

    def _run(
        self,
        statement: Executable,
        values: Mapping[str, Any] | list[dict[str, Any]] | None = None,
    ) -> None:
        """Run a statement that writes."""
        self._count(statement, values)

    def _count(
        self,
        statement: Executable,
        values: Mapping[str, Any] | list[dict[str, Any]] | None = None,
    ) -> int:
        """Run a statement that writes and give the number of rows it touched."""
        self._seen.clear()
        this = self._ready(statement, values)
        if this is None:
            return self._connection.execute(statement, values).rowcount
        cursor = start(self._connection, this, values)
        try:
            return cursor.rowcount
        finally:
            cursor.close()

    def _rows(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> Sequence[Any]:
        """Run a statement and give its rows."""
        this = self._ready(statement, values)
        if this is None or not this.reads:
            self._seen.clear()
        if this is None:
            return self._connection.execute(statement, values).all()
        cursor = start(self._connection, this, values)
        try:
            return cursor.fetchall()
        except Exception as error:
            raise failed(self._connection, this.sql, error) from error
        finally:
            cursor.close()

    def _row(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Any:
        """Give the first row, None without one. For statements that give few."""
        rows = self._rows(statement, values)
        return rows[0] if rows else None

    def _value(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Any:
        """Give the first value of the first row, None without one."""
        row = self._row(statement, values)
        return None if row is None else row[0]

    def _ready(
        self, statement: Executable, values: Mapping[str, Any] | list[dict[str, Any]] | None
    ) -> Ready | None:
        first: Any = values[0] if isinstance(values, list) else values or {}
        return ready(statement, self._connection.dialect, first.keys())


@cache
def insert_new(table: Table, *, postgresql: bool) -> Executable:
    """Build an INSERT that passes over rows whose key is already there."""
    return insert(table, postgresql=postgresql).on_conflict_do_nothing()


def insert(table: Table, *, postgresql: bool) -> sqlite.Insert:
    """Start an INSERT … ON CONFLICT: written alike in both databases, but by two classes."""
    if postgresql:
        from sqlalchemy.dialects import postgresql as dialect  # 25 ms

        start: sqlite.Insert = dialect.insert(table)  # type: ignore[assignment]  # same methods
    else:
        start = sqlite.insert(table)
    # Without this the number of rows of an INSERT is not known everywhere.
    return start.execution_options(preserve_rowcount=True)


def clip(text: str, size: int = 500) -> str:
    """Bound a text kept for an operator."""
    return text if len(text) <= size else text[: size - 1] + "…"
