"""Chats side by side, each in order.

The queue of what is waiting is the inbox table; here is only who has something waiting. One worker
a chat calls `work(chat_id)` until it says that nothing is left, and gives way to the other chats
between two updates.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_LOG = logging.getLogger(__name__)


class Chats:
    """Runs `work(chat_id)` for every chat that was `notify`-ed, at most `limit` chats at once.

    `work` handles the oldest waiting update of the chat and tells whether to look for another. Never
    two calls at once for one chat. What it raises is logged and ends the turn of that chat, not of the
    others.
    """

    def __init__(self, work: Callable[[int], Awaitable[bool]], limit: int = 16) -> None:
        self._work = work
        self._slots = asyncio.Semaphore(limit)
        self._workers: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._closed = False

    def notify(self, chat_id: int) -> None:
        """Say that the chat has something waiting. Returns at once; never loses a call."""
        if self._closed:
            return
        if chat_id in self._workers:
            # The worker may just have found nothing left: it must look once more.
            self._again.add(chat_id)
            return
        self._workers[chat_id] = asyncio.create_task(self._run(chat_id), name=f"chat-{chat_id}")

    @property
    def busy(self) -> int:
        """How many chats have a worker now."""
        return len(self._workers)

    async def drain(self, grace: float | None = None) -> bool:
        """Wait until nothing is waiting; False when `grace` seconds were not enough.

        What is left stays in the inbox table and is taken up at the next start.
        """
        self._closed = grace is not None
        loop = asyncio.get_running_loop()
        end = None if grace is None else loop.time() + grace
        while self._workers:
            left = None if end is None else end - loop.time()
            if left is not None and left <= 0:
                break
            await asyncio.wait(list(self._workers.values()), timeout=left)
        finished = not self._workers
        for task in list(self._workers.values()):
            task.cancel()
        await asyncio.gather(*self._workers.values(), return_exceptions=True)
        return finished

    async def _run(self, chat_id: int) -> None:
        try:
            while True:
                async with self._slots:
                    more = await self._work(chat_id)
                if not more and chat_id not in self._again:
                    return
                self._again.discard(chat_id)
        except Exception:  # noqa: BLE001 - one chat must not stop the others
            _LOG.exception("the updates of a chat stopped being handled")
        finally:
            del self._workers[chat_id]
            if chat_id in self._again:
                self._again.discard(chat_id)
                self.notify(chat_id)
