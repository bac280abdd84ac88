"""The store: one transaction an update, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from sqlalchemy import exc, inspect, text

from bot.store import engine as engines
from bot.store.conversations import Conversations
from bot.store.dossiers import Dossiers
from bot.store.errors import KeyMissing, StoreError, Unavailable
from bot.store.files import Files
from bot.store.inbox import Inbox
from bot.store.outbox import Outbox
from bot.store.reminders import Reminders
from bot.store.schema import HEAD, metadata
from bot.store.sealing import Keyring
from bot.store.seat import Seat, SharedSeat
from bot.store.turning import Turning
from bot.store.upkeep import Upkeep
from bot.store.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import URL, Connection, Engine

    from bot.keys import Key

# Any fixed number will do: it keeps two processes from changing the schema at once.
_SCHEMA_LOCK = 727_374_001
_SWEEP_MS = 200
_SWEEP_AGAIN = 30
"""How long emptying the journal may wait for readers (milliseconds), and the seconds before it is tried again."""
_KEYS_AGAIN = 60
"""Seconds after which a store looks again at the keys the rows are under: another process may have changed them."""


class Tx(Inbox, Conversations, Dossiers, Files, Reminders, Outbox, Upkeep, Waiting, Turning):
    """One transaction. Lock the chat first (`load_conversation`), then touch the rest.

    That order, kept by all, is what makes two replicas wait for each other instead of crossing.
    """

    __slots__ = ()


class Store:
    """A database of Relance. Threads may share it: each transaction has its own connection."""

    def __init__(
        self, url: URL, engine: Engine, clock: Callable[[], int], keys: Sequence[Key] = ()
    ) -> None:
        self._url = url
        self._engine = engine
        self._clock = clock
        self._ring = Keyring(keys)
        self._keys_at: int | None = None
        """When the keys are looked at next; None: never, before `unlock`."""
        self._postgresql = url.drivername.startswith("postgresql")
        # A process killed between an erasure and the sweep that follows leaves it to the next one.
        self._unswept = not self._postgresql
        self._sweep_at = 0
        self._reading = (
            # What a read transaction sees does not move while it reads.
            engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            if self._postgresql
            else engine
        )

    @classmethod
    def open(
        cls,
        url: str,
        *,
        keys: Sequence[Key] = (),
        clock: Callable[[], int] = lambda: int(time.time()),
    ) -> Store:
        """Make the store of a database URL, without connecting yet.

        `keys`: the first seals what people said, all open it; none: it is kept as it is. `clock` gives
        epoch seconds. Raises StoreError with one line when the URL cannot be used.
        """
        parsed = engines.parse(url)
        return cls(parsed, engines.connect(parsed), clock, keys)

    def seat(self) -> Seat:
        """Give the sender's seat of this database, to be started by a process that may send."""
        return SharedSeat(engines.connect_apart(self._url)) if self._postgresql else Seat()

    @property
    def where(self) -> str:
        """The database's name for a person, without its password."""
        return engines.describe(self._url)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """Open a transaction that writes: committed at the end, undone by any exception.

        Raises StoreError and its kinds, never an error of the driver.
        """
        with self._readable(), self._transaction(writing=True) as connection:
            tx = self._tx(connection, writing=True)
            if self._keys_at is not None and self._clock() >= self._keys_at:
                tx.note_key()
                self._keys_at = self._clock() + _KEYS_AGAIN
            yield tx
        if tx.erased:
            self._unswept = True
        if self._unswept and self._clock() >= self._sweep_at:
            self.sweep()

    def sweep(self) -> bool:
        """Empty SQLite's journal, where what was erased may still be read. False: it is in use, try later.

        Done by itself after a transaction that erased; again later when another process was reading.
        """
        if self._postgresql:
            self._unswept = False
            return True
        with self._readable(), self._engine.connect() as connection:
            patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {_SWEEP_MS}")
            row = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").first()
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience}")
        self._unswept = row is not None and bool(row[0])
        self._sweep_at = self._clock() + _SWEEP_AGAIN if self._unswept else 0
        return not self._unswept

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """Open a transaction that only reads, and always the same picture."""
        with self._readable(), self._transaction(writing=False) as connection:
            yield self._tx(connection, writing=False)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- schema ------------------------------------------------------------------------------

    def revision(self) -> str | None:
        """Give the schema's revision, None for a database without tables of ours."""
        with self._readable():
            return self._revision()

    def prepare(self) -> None:
        """Bring the database to the newest schema; one SELECT when it is there already.

        Raises StoreError when it cannot be reached, or was made by a newer Relance.
        """
        with self._readable():
            revision = self._revision()
            if revision == HEAD or (revision is None and self._create()):
                return
        self.migrate()

    def unlock(self) -> None:
        """Note the key that seals, after a look at those the rows are under.

        To be called by whoever reads or writes what people said, once `prepare` was. Raises KeyMissing
        with one line when one of them was not given, or is not the right one.
        """
        try:
            with self.write() as tx:
                tx.note_key()
        except KeyMissing as missing:
            raise KeyMissing(missing.key_id, self.where) from None
        self._keys_at = self._clock() + _KEYS_AGAIN

    def migrate(self) -> tuple[str | None, str]:
        """Run the migrations and give the revisions before and after.

        Raises StoreError for a base that this code does not know, or that a bot of the former schema
        serves: it would go on with rows it does not understand.
        """
        from bot.store import migrate  # alembic costs half a second

        with self._readable():
            before = self._revision()
            if before not in (None, HEAD) and not migrate.is_known(before):
                raise StoreError(
                    f"{self.where} vient d’une version plus récente de Relance (schéma {before}, "
                    f"connu ici : {HEAD}) : mettez Relance à jour, ou changez RELANCE_DATABASE_URL."
                )
            if before is None:
                self._refuse_strangers()
            if before != HEAD:
                with self._transaction(writing=True) as connection:
                    self._alone(connection)
                    if before is not None and self._stamp(connection) != HEAD:
                        self._refuse_while_served(connection, before)
                    migrate.upgrade(connection)
            return before, HEAD

    def _create(self) -> bool:
        """Make the tables of a fresh database. False when another process came first."""
        with self._transaction(writing=True) as connection:
            self._alone(connection)
            if inspect(connection).has_table("alembic_version"):
                return self._stamp(connection) == HEAD
            self._refuse_strangers(connection)
            metadata.create_all(connection, checkfirst=False)
            connection.execute(
                text(
                    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
                    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
                )
            )
            connection.execute(
                text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD}
            )
        return True

    def _revision(self) -> str | None:
        try:
            with self._transaction(writing=False) as connection:
                return self._stamp(connection)
        except (exc.OperationalError, exc.ProgrammingError) as error:
            # The table is missing, or the database cannot be reached: only the first is no error.
            missing = getattr(error.orig, "sqlstate", None) == "42P01"
            if missing or "no such table" in str(error.orig):
                return None
            raise

    def _alone(self, connection: Connection) -> None:
        """Let one process at a time change the schema; on SQLite the transaction sees to it."""
        if self._postgresql:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK})"))

    def _refuse_while_served(self, connection: Connection, revision: str) -> None:
        """Raise StoreError when some process has the sender's seat."""
        if self._tx(connection, writing=True).somebody_sends():
            raise StoreError(
                f"Un bot tourne encore sur {self.where}, avec le schéma {revision} : arrêtez toutes les "
                "répliques, puis recommencez (deploy/UPGRADE.md)."
            )

    @staticmethod
    def _stamp(connection: Connection) -> str | None:
        stamp: str | None = connection.execute(
            text("SELECT version_num FROM alembic_version")
        ).scalar()
        return stamp

    def _refuse_strangers(self, connection: Connection | None = None) -> None:
        """Raise StoreError when tables with our names stand there without a revision."""
        if connection is None:
            with self._transaction(writing=False) as reading:
                return self._refuse_strangers(reading)
        taken = sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))
        if taken:
            raise StoreError(
                f"{self.where} contient déjà des tables sans version connue ({', '.join(taken)}) : "
                "donnez une autre base par RELANCE_DATABASE_URL ou RELANCE_DATA_DIR."
            )
        return None

    # --- inside ------------------------------------------------------------------------------

    def _transaction(self, *, writing: bool) -> AbstractContextManager[Connection]:
        return engines.transaction(self._engine if writing else self._reading, writing=writing)

    def _tx(self, connection: Connection, *, writing: bool) -> Tx:
        return Tx(
            connection,
            clock=self._clock,
            writing=writing,
            postgresql=self._postgresql,
            ring=self._ring,
        )

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            raise engines.readable(error, self._url) from error
        except exc.TimeoutError as error:
            raise Unavailable(f"{self.where} : toutes les connexions sont prises.") from error
