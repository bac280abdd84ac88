"""Statements written once for each database, then handed to its driver.

SQLAlchemy writes the SQL, alike for both databases. Going through it again each time costs ten times
what SQLite takes for most of ours; so what it wrote is kept. A statement whose SQL or values it must
look at each time (a list of values, bytes) still goes the long way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exc
from sqlalchemy.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    from sqlalchemy import Connection, Dialect, Executable
    from sqlalchemy.engine.interfaces import DBAPICursor

    Values = Mapping[str, Any]

_MOST = 1000
"""Statements kept. All of ours are constants, a hundred or so; past this one makes them as it goes."""


class Ready:
    """The SQL of a statement for one database, and the order in which its driver wants the values."""

    __slots__ = ("_fixed", "_order", "names", "reads", "sql")

    def __init__(self, compiled: SQLCompiler, names: frozenset[str], *, reads: bool) -> None:
        self.sql = compiled.string
        self.reads = reads
        self.names = names
        """The values it is given: with others it would be another statement."""
        self._fixed = {name: value for name, value in compiled.params.items() if name not in names}
        self._order = compiled.positiontup

    def given(self, values: Values) -> Any:
        """Give the values as the driver wants them."""
        if self._fixed:
            values = {**self._fixed, **values}
        return values if self._order is None else [values[name] for name in self._order]


_made: dict[tuple[Executable, str], Ready | None] = {}


def ready(statement: Executable, dialect: Dialect, names: Set[str]) -> Ready | None:
    """Give a statement ready for the driver, None for one that must go the long way."""
    key = (statement, dialect.name)
    try:
        found = _made[key]
    except KeyError:
        found = _make(statement, dialect, frozenset(names))
        if len(_made) >= _MOST:
            _made.clear()
        _made[key] = found
    return found if found is not None and found.names == names else None


def _make(statement: Executable, dialect: Dialect, names: frozenset[str]) -> Ready | None:
    reads = statement.is_select
    compiled: Any = statement.compile(  # type: ignore[attr-defined]  # every one of ours can
        dialect=dialect, column_keys=sorted(names), for_executemany=not reads
    )
    if not isinstance(compiled, SQLCompiler) or compiled.escaped_bind_names:
        return None
    if compiled.post_compile_params or compiled.literal_execute_params:
        return None
    if any(bind.required and name not in names for name, bind in compiled.binds.items()):
        return None  # a value is missing: SQLAlchemy says which
    into = (bind.type for bind in compiled.binds.values())
    out_of = (column.type for column in getattr(statement, "exported_columns", ()))
    if any(_changes(one.dialect_impl(dialect).bind_processor(dialect)) for one in into) or any(
        _changes(one.dialect_impl(dialect).result_processor(dialect, None)) for one in out_of
    ):
        return None
    return Ready(compiled, names, reads=reads)


def _changes(processor: object) -> bool:
    return processor is not None


def start(
    connection: Connection, this: Ready, values: Values | list[dict[str, Any]] | None
) -> DBAPICursor:
    """Execute a statement, once for each of several values; give the cursor, to be closed.

    Raises what SQLAlchemy would.
    """
    cursor = connection.connection.cursor()
    try:
        if isinstance(values, list):
            cursor.executemany(this.sql, [this.given(one) for one in values])
        else:
            cursor.execute(this.sql, this.given(values or {}))
    except Exception as error:
        raise failed(connection, this.sql, error) from error
    return cursor


def tell(connection: Connection, sql: str) -> None:
    """Execute what has neither values nor rows. Raises what SQLAlchemy would."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql)
    except Exception as error:
        raise failed(connection, sql, error) from error
    finally:
        cursor.close()


def failed(connection: Connection, sql: str, error: Exception) -> BaseException:
    """Give what to raise for an error of the driver; a connection that was lost takes the others with it."""
    dialect = connection.dialect
    if not isinstance(error, dialect.loaded_dbapi.Error):
        return error
    lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    if lost:
        connection.invalidate(error)
        connection.engine.dispose()
    # Never the values: they are what people said.
    return exc.DBAPIError.instance(
        sql,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    )
