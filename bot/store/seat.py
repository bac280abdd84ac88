"""The sender's seat: of several processes on one database, the one that speaks to Telegram.

Telegram counts 30 messages a second for the token as a whole and one a second for a chat. One process
that sends can keep that exactly, and is never what is short; so the others handle updates and
reminders, and one sits here. The seat is a lock that PostgreSQL ties to a connection of its own: it
is free as soon as that connection ends, whatever ended it, and the next to try takes it. No clock, no
lease: a process that was killed holds nothing.

While somebody sits, the connection listens: whoever puts a message in the outbox says so when its
transaction commits (`SAID`).

A SQLite file has one process, which has the seat from its start.
"""

from __future__ import annotations

import logging
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg import Connection
    from sqlalchemy import Engine

_LOG = logging.getLogger(__name__)

SAID = "relance_outbox"
"""The channel on which a commit says that there is something to send."""
SEAT_LOCK = 727_374_002
"""The lock's number; any will do that nothing else takes (`bot.store.store` has another)."""
_LOOK = 0.5
"""Seconds between two tries at the seat, and between two looks at whether to leave it."""

say = select(func.pg_notify(bindparam("channel"), ""))


def _nothing() -> None:
    pass


class Seat:
    """The seat of a process that has no rival: held from the start to the end."""

    def __init__(self) -> None:
        self.term = 1
        """Counts the times the seat was taken: another number is another time."""
        self.contested = False
        """Whether another process had the seat before, and may have sent a moment ago."""

    @property
    def holds(self) -> bool:
        """Whether this process sends."""
        return self.term > 0

    def start(self, on_change: Callable[[], None], on_news: Callable[[], None]) -> None:
        """Try for the seat from now on. Both are called from another thread.

        `on_change`: `holds` is no longer what it was; `on_news`: there may be something to send.
        """

    def close(self) -> None:
        """Give the seat up. Nothing must be on its way any more."""


class SharedSeat(Seat):
    """The seat that several processes on PostgreSQL try for."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine that pools nothing: a pooled connection would keep the lock for who comes next."""
        super().__init__()
        self.term = 0
        self._terms = 0
        self._engine = engine
        self._on_change: Callable[[], None] = _nothing
        self._on_news: Callable[[], None] = _nothing
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="relance-seat", daemon=True)

    def start(self, on_change: Callable[[], None], on_news: Callable[[], None]) -> None:
        """Do as `Seat.start` says."""
        self._on_change, self._on_news = on_change, on_news
        self._thread.start()

    def close(self) -> None:
        """Give the seat up: the next has it at once."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        away = False
        while not self._closing.is_set():
            try:
                with self._connected() as connection:
                    away = False
                    if self._taken(connection):
                        self._sit(connection)
            except Exception as error:  # noqa: BLE001 - a process that stops trying would never send again
                if not away:
                    _LOG.warning("the sender’s seat is out of reach (%s)", type(error).__name__)
                away = self.contested = True
            finally:
                if self.term:
                    self.term = 0
                    self._on_change()
            self._closing.wait(_LOOK)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """Open the connection that the seat is tied to."""
        with closing(self._engine.raw_connection()) as raw:
            connection: Connection = raw.driver_connection  # type: ignore[assignment]
            connection.autocommit = True
            # A machine that vanishes says no goodbye: without these its lock would stay for hours.
            connection.execute(
                "SET application_name = 'relance envoi'; SET tcp_keepalives_idle = 5; "
                "SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3"
            )
            yield connection

    def _taken(self, connection: Connection) -> bool:
        """Wait for the seat; False when this process ends before it is free."""
        while not self._closing.is_set():
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", [SEAT_LOCK]).fetchone()
            if row and row[0]:
                return True
            self.contested = True
            self._closing.wait(_LOOK)
        return False

    def _sit(self, connection: Connection) -> None:
        """Hold the seat until told to leave, or until the connection fails (psycopg.Error)."""
        connection.execute(f"LISTEN {SAID}")
        self._terms += 1
        self.term = self._terms
        _LOG.info("this process sends%s", ", after another" if self.contested else "")
        self._on_change()
        while not self._closing.is_set():
            if any(True for _ in connection.notifies(timeout=_LOOK, stop_after=1)):
                self._on_news()
