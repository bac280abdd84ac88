"""One transaction: the connection every noun of the store works through."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, CursorResult, Executable, Table

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
        values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[Any]:
        if not statement.is_select:
            self._seen.clear()
        return self._connection.execute(statement, values)

    def _count(
        self,
        statement: Executable,
        values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> int:
        """Run a statement that writes and give the number of rows it touched."""
        return self._run(statement, values).rowcount

    def _rows(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> Sequence[Any]:
        return self._run(statement, values).all()

    def _row(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Any:
        return self._run(statement, values).first()

    def _value(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Any:
        return self._run(statement, values).scalar()


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
