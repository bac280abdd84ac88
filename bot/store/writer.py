"""One thread that writes, for callers that live in an event loop.

SQLite has one writer: queuing for it here, in order, is fairer and faster than connections that
fight for its lock. The loop never waits on the database.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from bot.store.errors import Conflict, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store.seat import Seat
    from bot.store.store import Store, Tx

T = TypeVar("T")


class Writer:
    """Runs functions one after the other, each in a transaction of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="relance-store", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Tx], T], *, retries: int = 2) -> T:
        """Run `work` in a write transaction and give what it gives, after those asked before it.

        On Conflict it is run again from the start, `retries` times at most: it must have no effect
        outside its transaction. Raises what it raises, once undone. When the caller is cancelled,
        `work` is not run unless it had begun; begun, it is finished.
        """
        return await asyncio.wrap_future(self._submit(lambda: self._write(work, retries)))

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a read transaction, after the writes asked before it."""
        return await asyncio.wrap_future(self._submit(lambda: self._read(work)))

    def run_sync(self, work: Callable[[Tx], T], *, retries: int = 2) -> T:
        """Do as `run` does, from a thread without an event loop."""
        return self._submit(lambda: self._write(work, retries)).result()

    def seat(self) -> Seat:
        """Give the sender's seat of the database, to be started by a process that may send."""
        return self._store.seat()

    async def close(self) -> None:
        """Finish what was asked, then stop. Asking again afterwards raises StoreError."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _submit(self, job: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()

        def settle() -> None:
            # Running now: a caller that gives up can no longer cancel it, only stop listening.
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = job()
            except BaseException as error:  # noqa: BLE001  # handed to the caller, whatever it is
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._closing:
            if self._closed:
                raise StoreError("L’écriture dans la base est arrêtée.")
            self._queue.put(settle)
        return future

    def _write(self, work: Callable[[Tx], T], retries: int) -> T:
        for left in range(retries, -1, -1):
            try:
                with self._store.write() as tx:
                    return work(tx)
            except Conflict:
                if not left:
                    raise
        raise AssertionError("unreachable")

    def _read(self, work: Callable[[Tx], T]) -> T:
        with self._store.read() as tx:
            return work(tx)

    def _work(self) -> None:
        while (job := self._queue.get()) is not None:
            job()
