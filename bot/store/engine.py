"""From a URL to an engine, alike on SQLite and PostgreSQL, with errors a person can read."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, exc, make_url

from bot.store.errors import Conflict, Refused, StoreError, Unavailable
from bot.store.ready import tell
from bot.store.schema import for_postgresql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

_BUSY_MS = 5000
_SQLITE_NEEDED = (3, 37, 0)  # STRICT tables
_EXAMPLES = "sqlite:////chemin/relance.sqlite3 ou postgresql://personne:secret@serveur/base"


def parse(url: str) -> URL:
    """Read a database URL; `postgres://` and `postgresql://` mean psycopg 3. Raises StoreError."""
    try:
        parsed = make_url(url)
    except (exc.ArgumentError, ValueError):
        raise StoreError(
            f"RELANCE_DATABASE_URL : cette adresse de base ne se lit pas (attendu : {_EXAMPLES})."
        ) from None
    match parsed.drivername:
        case "postgres" | "postgresql" | "postgresql+psycopg":
            return parsed.set(drivername="postgresql+psycopg")
        case "sqlite" | "sqlite+pysqlite":
            if parsed.database in (None, "", ":memory:") or parsed.query:
                raise StoreError(
                    "RELANCE_DATABASE_URL : une base SQLite est un fichier, rien n’est gardé en "
                    "mémoire (exemple : sqlite:////chemin/relance.sqlite3)."
                )
            return parsed.set(drivername="sqlite")
        case other:
            raise StoreError(
                f"RELANCE_DATABASE_URL : base « {other} » inconnue (attendu : {_EXAMPLES})."
            )


def describe(url: URL) -> str:
    """Name the database for a person, never with its password."""
    if url.drivername == "sqlite":
        return f"SQLite {url.database}"
    user = f"{url.username}@" if url.username else ""
    host = url.host or url.query.get("host") or "localhost"
    return f"PostgreSQL {user}{host}/{url.database or ''}"


def connect(url: URL) -> Engine:
    """Make the engine. A SQLite file's folder is made when missing. Raises StoreError."""
    return _sqlite(url) if url.drivername == "sqlite" else _postgresql(url)


def require_file(url: URL) -> Path:
    """Give the file of a SQLite database. Raises StoreError when there is none: looking makes none."""
    path = Path(url.database or "").absolute()
    if not path.is_file():
        raise StoreError(f"{describe(url)} : ce fichier n’existe pas.")
    return path


@contextmanager
def transaction(engine: Engine, *, writing: bool) -> Iterator[Connection]:
    """Open a connection and a transaction: committed at the end, undone by any exception.

    On SQLite one that will write takes the write lock first: one that reads, then writes, could find
    itself behind another and fail at once, however long it is allowed to wait. This stands here and not
    in an event of the engine: an engine with events pays for them at every statement.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            tell(connection, "BEGIN IMMEDIATE" if writing else "BEGIN")
        yield connection


def _sqlite(url: URL) -> Engine:
    if sqlite3.sqlite_version_info < _SQLITE_NEEDED:
        needed = ".".join(map(str, _SQLITE_NEEDED))
        raise StoreError(
            f"Cette version de Python contient SQLite {sqlite3.sqlite_version} ; "
            f"il faut au moins {needed}, ou PostgreSQL par RELANCE_DATABASE_URL."
        )
    folder = Path(url.database or "").absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"RELANCE_DATA_DIR : le dossier {folder} ne peut pas être créé ({error.strerror})."
        ) from None
    engine = create_engine(url, hide_parameters=True)  # they are what people said

    @event.listens_for(engine, "connect")
    def _configure(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver's own transactions leave the first SELECT outside: updates were lost.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {_BUSY_MS}",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            # What is erased is overwritten: otherwise it stays readable in the file for years.
            "secure_delete = ON",
            # Larger steps from the journal to the file: half the waiting, 16 MB at most.
            "wal_autocheckpoint = 4000",
        ):
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

    return engine


def connect_apart(url: URL) -> Engine:
    """Make an engine of PostgreSQL whose every connection is new and ends when it is closed."""
    return _postgresql(url, poolclass=NullPool)


def _postgresql(url: URL, **options: Any) -> Engine:
    for_postgresql()
    # A server that vanished says nothing: what waits for its answer must learn it within seconds.
    alive = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
    try:
        connect = {"connect_timeout": 5, **alive}
        engine = create_engine(url, connect_args=connect, hide_parameters=True, **options)
    except ImportError:
        raise StoreError(
            "RELANCE_DATABASE_URL : le pilote PostgreSQL manque (pip install 'psycopg[binary]')."
        ) from None

    @event.listens_for(engine, "connect")
    def _configure(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # Neither waits for ever: for a lock, or on a process that hangs while it holds one.
        cursor = connection.cursor()
        cursor.execute(
            f"SET lock_timeout = {_BUSY_MS}; SET idle_in_transaction_session_timeout = 60000"
        )
        cursor.close()
        connection.commit()

    return engine


def readable(error: exc.DBAPIError, url: URL) -> StoreError:
    """Turn what the driver raised into one human line naming the setting to look at."""
    if url.drivername == "sqlite":
        return _readable_sqlite(error, url)
    return _readable_postgresql(error, url)


def _readable_sqlite(error: exc.DBAPIError, url: URL) -> StoreError:
    original: Any = error.orig
    name = getattr(original, "sqlite_errorname", "") or ""
    if isinstance(error, exc.IntegrityError):
        return Refused(f"La base refuse cette écriture : {original}.")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Unavailable(
            f"La base {url.database} est occupée par un autre programme (RELANCE_DATA_DIR)."
        )
    if name.startswith("SQLITE_FULL"):
        return Unavailable(f"Le disque de la base {url.database} est plein (RELANCE_DATA_DIR).")
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")):
        return StoreError(
            f"La base {url.database} ne peut pas être ouverte en écriture "
            "(RELANCE_DATA_DIR ou RELANCE_DATABASE_URL)."
        )
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return StoreError(
            f"Le fichier {url.database} n’est pas une base SQLite lisible "
            "(RELANCE_DATA_DIR ou RELANCE_DATABASE_URL)."
        )
    return StoreError(f"La base {url.database} répond : {_first_line(original)}.")


def _readable_postgresql(error: exc.DBAPIError, url: URL) -> StoreError:
    original: Any = error.orig
    code = getattr(original, "sqlstate", None) or ""
    where = describe(url)
    if code in ("40001", "40P01"):  # serialization_failure, deadlock_detected
        return Conflict(f"Deux écritures se croisent dans {where}.")
    # A value it cannot hold, which the driver may see before the server; a constraint.
    if isinstance(error, exc.DataError) or code.startswith(("22", "23")):
        return Refused(f"La base refuse cette écriture : {_first_line(original)}.")
    if code == "55P03":  # lock_not_available
        return Unavailable(f"{where} est occupée par un autre programme (RELANCE_DATABASE_URL).")
    if code.startswith("53"):  # insufficient_resources: disk full, too many connections
        return Unavailable(
            f"{where} manque de place ou de connexions : {_first_line(original)} "
            "(RELANCE_DATABASE_URL)."
        )
    if code.startswith("28") or "password" in str(original):
        return StoreError(
            f"{where} refuse le nom ou le mot de passe donnés par RELANCE_DATABASE_URL."
        )
    if code == "3D000" or "does not exist" in _first_line(original):
        return StoreError(f"{where} : cette base n’existe pas (RELANCE_DATABASE_URL).")
    if error.connection_invalidated or not code or code.startswith(("08", "57")):
        return Unavailable(f"{where} ne répond pas (RELANCE_DATABASE_URL).")
    return StoreError(f"{where} répond : {_first_line(original)}.")


def _first_line(error: object) -> str:
    return (str(error).strip().splitlines() or ["erreur inconnue"])[0].rstrip(".")
