"""What a database holds, said in a few figures: rows and a digest a table, alike on both databases.

A digest does not depend on the order of rows or columns, so that a copy of the same rows gives the
same one, wherever it lies.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import MetaData, Table, func, inspect, select, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

VERSION_TABLE = "alembic_version"
KEYS_TABLE = "seal_keys"
_ALL = 2**256
_AT_ONCE = 500
_AT_ONCE_LARGE = 4
"""Rows read at a time of a table that holds files: one of them may be of many megabytes."""


@dataclass(slots=True)
class Digest:
    """The rows of one table, counted and summed as they pass."""

    columns: Sequence[str]
    rows: int = 0
    _sum: int = 0
    _order: Sequence[int] = field(init=False)

    def __post_init__(self) -> None:
        self._order = sorted(range(len(self.columns)), key=lambda place: self.columns[place])

    def add(self, row: Sequence[object]) -> None:
        """Count a row. Raises TypeError for a value no table of ours holds."""
        line = hashlib.sha256()
        for place in self._order:
            line.update(_as_bytes(row[place]))
        self.rows += 1
        self._sum = (self._sum + int.from_bytes(line.digest(), "big")) % _ALL

    @property
    def value(self) -> str:
        """The digest of what was added, 64 digits."""
        return f"{self._sum:064x}"

    @property
    def content(self) -> Content:
        """The figures of what was added."""
        return Content(self.rows, self.value)


@dataclass(frozen=True, slots=True)
class Content:
    """What one table holds."""

    rows: int
    digest: str


def _as_bytes(value: object) -> bytes:
    """Write a value so that no two rows are written alike: its kind, its length, itself."""
    match value:
        case None:
            return b"n;"
        case int():
            return b"i%d;" % value
        case str():
            text = value.encode()
            return b"s%d:%b" % (len(text), text)
        case bytes() | memoryview():
            raw = bytes(value)
            return b"b%d:%b" % (len(raw), raw)
    raise TypeError(type(value).__name__)


def revision_of(connection: Connection) -> str:
    """Give the schema's revision of a database that has one."""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def tables_of(connection: Connection) -> list[str]:
    """Give the names of the tables that stand there, the one of the schema's version left out."""
    return sorted(set(inspect(connection).get_table_names()) - {VERSION_TABLE})


def read_in_parts(connection: Connection, table: Table) -> Iterator[Sequence[Sequence[object]]]:
    """Give the rows of a table by parts that fit in memory, in the order of its key."""
    large = any(
        column.type.__visit_name__ in {"large_binary", "BLOB", "BYTEA"} for column in table.c
    )
    size = _AT_ONCE_LARGE if large else _AT_ONCE
    ordered = select(table).order_by(*table.primary_key.columns)
    result = connection.execute(ordered, execution_options={"yield_per": size})
    yield from result.partitions()


def contents(connection: Connection, names: Sequence[str] | None = None) -> Mapping[str, Content]:
    """Give what each table holds, by the tables as they stand there: of an older schema as well."""
    found = {}
    for name in tables_of(connection) if names is None else names:
        table = Table(name, MetaData(), autoload_with=connection)
        digest = Digest([column.name for column in table.columns])
        for part in read_in_parts(connection, table):
            for row in part:
                digest.add(row)
        found[name] = digest.content
    return found


def count_all(connection: Connection, names: Sequence[str]) -> int:
    """Count the rows of these tables together; that a key was noted, as a first start does, is no content."""
    total = 0
    for name in names:
        if name == KEYS_TABLE:
            continue
        table = Table(name, MetaData(), autoload_with=connection)
        total += connection.execute(select(func.count()).select_from(table)).scalar_one()
    return total
