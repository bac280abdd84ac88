"""Hours in seconds: an event loop whose clock moves only when nothing is left to do."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from bot.store import Store, Tx
from bot.store.writer import Writer

T = TypeVar("T")


class _Jumping(selectors.BaseSelector):
    """Moves the clock by as long as the loop would have waited."""

    def __init__(self) -> None:
        self.now = 0.0
        self._real = selectors.DefaultSelector()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everything waits and nothing will come")
        ready = self._real.select(0)
        if not ready:
            self.now += max(0.0, timeout)
        return ready

    def register(self, *args: Any, **kwargs: Any) -> selectors.SelectorKey:
        return self._real.register(*args, **kwargs)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def close(self) -> None:
        self._real.close()

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop in which sleeping takes no time. No thread may be waited for."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Give the seconds since the start, as those who sleep count them."""
        return self._jumping.now

    def stall(self, seconds: float) -> None:
        """Let time pass while everybody is held up, as under a long computation."""
        self._jumping.now += seconds


class Straight(Writer):
    """The writer without its thread: each transaction is run where it is asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def run(self, work: Callable[[Tx], T], *, retries: int = 2) -> T:
        """Run `work` in a write transaction."""
        with self._store.write() as tx:
            return work(tx)

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a read transaction."""
        with self._store.read() as tx:
            return work(tx)

    async def close(self) -> None:
        """Nothing runs beside."""


def virtually(story: Coroutine[Any, Any, T]) -> T:
    """Run a story on a clock of its own; give what it gives."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(story)
