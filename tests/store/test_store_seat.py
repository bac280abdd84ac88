"""The sender's seat: one process of several has it, and it is free as soon as that one ends."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from bot.store import HEAD, OutgoingRow, Store, StoreError
from bot.store.engine import connect, parse
from bot.store.migrate import upgrade
from bot.store.seat import SEAT_LOCK, Seat, SharedSeat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.store.conftest import Databases

NOW = 1_795_000_000
PATIENCE = 10.0


class Watched:
    """A seat that is tried for, and what was heard of it."""

    def __init__(self, store: Store) -> None:
        self.seat = store.seat()
        self.changes: list[bool] = []
        self.changed = threading.Event()
        self.news = threading.Event()

    def start(self) -> Watched:
        def change() -> None:
            self.changes.append(self.seat.holds)
            self.changed.set()

        self.seat.start(change, self.news.set)
        return self

    def wait(self) -> bool:
        """Wait for the next change; give whether the seat is held."""
        assert self.changed.wait(PATIENCE), "nothing changed"
        self.changed.clear()
        return self.seat.holds


@pytest.fixture
def shared(postgres: Databases) -> Iterator[Callable[[], Store]]:
    """Open one more store on the same PostgreSQL database, as another process would."""
    url, opened = postgres.prepared(), []

    def new() -> Store:
        opened.append(Store.open(url, clock=lambda: NOW))
        return opened[-1]

    yield new
    for store in opened:
        store.close()


def end_sessions(store: Store) -> None:
    """End the connection that holds the seat, as PostgreSQL's administrator or a network can."""
    engine = sa.create_engine(store._url)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks "
                "WHERE locktype = 'advisory' AND objid = :lock"
            ),
            {"lock": SEAT_LOCK},
        )
    engine.dispose()


def test_a_sqlite_file_has_one_process(tmp_path: object) -> None:
    """On SQLite the seat is held from the start, without a rival."""
    with Store.open(f"sqlite:///{tmp_path}/relance.sqlite3") as store:
        seat = store.seat()
        assert type(seat) is Seat
        seat.start(lambda: None, lambda: None)
        assert (seat.holds, seat.contested, seat.term) == (True, False, 1)
        seat.close()
        store.prepare()
        with store.read() as tx:
            assert tx.somebody_sends() is None


def test_one_of_two_has_the_seat(shared: Callable[[], Store]) -> None:
    """The first to come has it, uncontested; the second gets it once the first gave it up, and knows it."""
    first = Watched(shared()).start()
    assert first.wait()
    assert isinstance(first.seat, SharedSeat)
    assert not first.seat.contested
    second = Watched(shared()).start()
    assert not second.changed.wait(0.8)
    assert not second.seat.holds
    first.seat.close()
    assert first.changes == [True, False]
    assert second.wait()
    with shared().read() as tx:
        assert tx.somebody_sends() is True
    assert second.seat.contested
    second.seat.close()
    with shared().read() as tx:
        assert tx.somebody_sends() is False


def test_a_connection_lost_is_the_seat_lost(shared: Callable[[], Store]) -> None:
    """When its connection ends the seat is lost at once, then taken again under another term."""
    store = shared()
    watched = Watched(store).start()
    assert watched.wait()
    term = watched.seat.term
    end_sessions(store)
    assert not watched.wait()
    assert watched.wait()
    assert watched.seat.term > term
    assert watched.seat.contested
    watched.seat.close()


def test_the_sender_hears_what_is_committed(shared: Callable[[], Store]) -> None:
    """Who sits is told that there is something to send when it is committed, and not when it is undone."""
    watched, other = Watched(shared()).start(), shared()
    assert watched.wait()
    message = [OutgoingRow("copy", "{}")]

    def put(*, undone: bool) -> None:
        with other.write() as tx:
            tx.push_outbox(1, message, NOW)
            if undone:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        put(undone=True)
    assert not watched.news.wait(0.7)
    put(undone=False)
    assert watched.news.wait(PATIENCE)
    watched.seat.close()


def test_closed_before_it_is_had(shared: Callable[[], Store]) -> None:
    """A process that never had the seat, or never tried, ends without waiting for it."""
    first = Watched(shared()).start()
    assert first.wait()
    second = Watched(shared()).start()
    second.seat.close()
    Watched(shared()).seat.close()
    assert second.changes == []
    first.seat.close()


def test_no_migration_under_a_bot_that_runs(postgres: Databases) -> None:
    """While a process of the former schema has the seat the base is not brought on; once it ended it is."""
    url = postgres.empty("second")
    engine = connect(parse(url))
    with engine.begin() as connection:
        upgrade(connection, "0004")
    engine.dispose()
    running, newer = Store.open(url), Store.open(url)
    watched = Watched(running).start()
    assert watched.wait()
    with pytest.raises(StoreError, match="arrêtez toutes les répliques"):
        newer.prepare()
    assert newer.revision() == "0004"
    watched.seat.close()
    newer.prepare()
    assert newer.revision() == HEAD
    running.close()
    newer.close()


def test_only_the_last_claim_settles(store: Store) -> None:
    """What a former sender writes of a message that another has claimed since changes nothing."""
    with store.write() as tx:
        tx.push_outbox(1, [OutgoingRow("copy", "{}")], NOW)
        (mine,) = tx.claim_outbox(NOW)
        tx.recover_sending()
        (theirs,) = tx.claim_outbox(NOW)
        assert theirs.maybe_sent
        assert not tx.mark_retry(mine.id, NOW, "503", claim=mine.attempts)
        assert not tx.mark_failed(mine.id, "400", claim=mine.attempts)
        assert not tx.forget_message(mine.id, claim=mine.attempts)
        assert not tx.mark_sent(mine.id, 7, NOW, claim=mine.attempts)
        assert tx.mark_sent(theirs.id, 8, NOW, claim=theirs.attempts)


def test_chats_of_which_an_update_waits(store: Store) -> None:
    """Chats with an update that waits since an instant are given, the longest waiting first, as many as asked."""
    with store.write() as tx:
        for update, chat, at in ((1, 9, 100), (2, 8, 100), (3, 9, 100), (4, 7, 101), (5, 6, 99)):
            tx.record_update(update, chat, "{}", at)
        tx.finish_update(5)
        assert tx.chats_waiting(100, 10) == [9, 8]
        assert tx.chats_waiting(101, 10) == [9, 8, 7]
        assert tx.chats_waiting(101, 1) == [9]
        assert tx.chats_waiting(98, 10) == []
        assert tx.chats_waiting(98, 10, 100) == [7]  # the clock was set back since
