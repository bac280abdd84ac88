"""A whole database copied into an empty one, of the same kind or of the other."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import exc, func, inspect, select, text

from bot.store import engine as engines
from bot.store.digest import Content, Digest, contents, count_all, read_in_parts
from bot.store.errors import StoreError
from bot.store.schema import HEAD, metadata, seal_keys
from bot.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import URL, Connection, Table


def copy(source: str, target: str, told: Callable[[str, Content], None]) -> Mapping[str, Content]:
    """Copy every row of `source` into `target`, in one transaction there; give what was copied.

    `told` hears of each table once its copy was read again and found equal. The source is read as
    it stood at one instant. A target without tables is given them. Raises StoreError with one line,
    the target unchanged: not empty, another schema, another content than what was read.
    """
    come, go = engines.parse(source), engines.parse(target)
    if come == go:
        raise StoreError("La base de départ et la base d’arrivée sont la même.")
    _check_source(source, come)
    with Store.open(target) as store:
        if store.revision() is None:
            store.prepare()
        if (revision := store.revision()) != HEAD:
            raise StoreError(
                f"{store.where} est au schéma {revision}, attendu {HEAD} : relance migrate."
            )
    with _opened(come, writing=False) as reading, _opened(go, writing=True) as writing:
        names = [table.name for table in metadata.sorted_tables]
        if count := count_all(writing, names):
            raise StoreError(
                f"{engines.describe(go)} n’est pas vide ({count} lignes) : la copie se fait "
                "seulement dans une base vide."
            )
        writing.execute(seal_keys.delete())  # the keys of the source come with its rows
        copied = {}
        for table in _in_order():
            content = _copy_table(reading, writing, table)
            (there,) = contents(writing, [table.name]).values()
            if there != content:
                raise StoreError(
                    f"La table {table.name} n’est pas arrivée telle quelle ; rien n’a été gardé."
                )
            copied[table.name] = content
            told(table.name, content)
        return copied


def _check_source(url: str, parsed: URL) -> None:
    if parsed.drivername == "sqlite":
        engines.require_file(parsed)
    with Store.open(url) as store:
        if (revision := store.revision()) != HEAD:
            raise StoreError(
                f"{store.where} est au schéma {revision or 'vide'}, attendu {HEAD} : relance migrate."
            )


@contextmanager
def _opened(url: URL, *, writing: bool) -> Iterator[Connection]:
    """Open one long transaction: a picture that does not move, or all or nothing."""
    engine = engines.connect(url)
    try:
        if url.drivername != "sqlite" and not writing:
            engine = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with engines.transaction(engine, writing=writing) as connection:
            if url.drivername != "sqlite":
                connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            yield connection
    except exc.DBAPIError as error:
        # The two bases are open at once, one in the other: each names its own trouble.
        if isinstance(error.orig, sqlite3.Error) == (url.drivername == "sqlite"):
            raise engines.readable(error, url) from error
        raise
    finally:
        engine.dispose()


def _in_order() -> list[Table]:
    """Give the tables so that what is pointed at comes first."""
    return list(metadata.sorted_tables)


def _copy_table(reading: Connection, writing: Connection, table: Table) -> Content:
    names = [column.name for column in table.columns]
    digest = Digest(names)
    for part in read_in_parts(reading, table):
        for row in part:
            digest.add(row)
        writing.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in part])
    _set_sequence(reading, writing, table)
    return digest.content


def _set_sequence(reading: Connection, writing: Connection, table: Table) -> None:
    """Let the next number drawn follow the last one drawn at the source, even if its row is gone."""
    column = table.autoincrement_column
    if column is None or column.autoincrement is not True:
        return
    last = _last_drawn(reading, table.name, column.name)
    highest = writing.execute(select(func.coalesce(func.max(column), 0))).scalar_one()
    last = max(last, highest)
    if not last:
        return
    values = {"name": table.name, "last": last}
    if writing.dialect.name == "sqlite":
        writing.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
        writing.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), values
        )
    else:
        writing.execute(
            text(f"SELECT setval(pg_get_serial_sequence(:name, '{column.name}'), :last)"), values
        )


def _last_drawn(connection: Connection, table: str, column: str) -> int:
    if connection.dialect.name == "sqlite":
        if not inspect(connection).has_table("sqlite_sequence"):
            return 0
        seq = connection.execute(
            text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table}
        ).scalar()
        return int(seq or 0)
    sequence = connection.execute(
        text(f"SELECT pg_get_serial_sequence(:name, '{column}')"), {"name": table}
    ).scalar_one()
    # `is_called` is false while nothing was drawn: then the value is that of the next.
    return int(
        connection.execute(
            text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608 - its own name of it
        ).scalar_one()
    )
