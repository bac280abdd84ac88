"""Chats side by side, each in order."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from typing import TYPE_CHECKING

from bot.telegram.chats import Chats

if TYPE_CHECKING:
    import pytest


class Inbox:
    """What waits, by chat, and the order in which it was handled."""

    def __init__(self, slow: float = 0.0) -> None:
        self.waiting: dict[int, deque[int]] = defaultdict(deque)
        self.handled: list[tuple[int, int]] = []
        self.inside: set[int] = set()
        self.most = 0
        self.slow = slow
        self.broken: set[int] = set()

    async def work(self, chat_id: int) -> bool:
        assert chat_id not in self.inside, "two updates of one chat at once"
        if not self.waiting[chat_id]:
            await asyncio.sleep(0)
            return False
        number = self.waiting[chat_id].popleft()
        if number in self.broken:
            raise RuntimeError("un défaut")
        self.inside.add(chat_id)
        self.most = max(self.most, len(self.inside))
        await asyncio.sleep(self.slow)
        self.inside.discard(chat_id)
        self.handled.append((chat_id, number))
        return True


async def test_updates_of_one_chat_are_handled_in_order_one_at_a_time() -> None:
    """A hundred updates of five chats: each chat in its order, never two at once in a chat."""
    inbox = Inbox()
    chats = Chats(inbox.work, limit=3)
    for number in range(100):
        inbox.waiting[number % 5].append(number)
        chats.notify(number % 5)
        if number % 7 == 0:
            await asyncio.sleep(0)
    assert await chats.drain()
    for chat in range(5):
        assert [n for c, n in inbox.handled if c == chat] == list(range(chat, 100, 5))
    assert chats.busy == 0
    assert inbox.most <= 3


async def test_a_slow_chat_does_not_hold_the_others() -> None:
    """Two chats take as long as the slower, not as both together."""
    inbox = Inbox(slow=0.05)
    chats = Chats(inbox.work)
    for chat in range(8):
        inbox.waiting[chat].append(chat)
        chats.notify(chat)
    await chats.drain()
    assert inbox.most == 8


async def test_a_flood_of_one_chat_gives_way_between_two_updates() -> None:
    """With one slot, a chat with one update does not wait for the hundred of another."""
    inbox = Inbox(slow=0.001)
    chats = Chats(inbox.work, limit=1)
    inbox.waiting[1].extend(range(100))
    chats.notify(1)
    await asyncio.sleep(0.003)
    inbox.waiting[2].append(1000)
    chats.notify(2)
    await chats.drain()
    assert inbox.handled.index((2, 1000)) < 20


async def test_a_call_that_comes_while_the_worker_ends_is_not_lost() -> None:
    """A notice that arrives as the worker finds nothing makes it look once more."""
    inbox = Inbox()
    chats = Chats(inbox.work)
    chats.notify(1)
    await asyncio.sleep(0)
    inbox.waiting[1].append(7)
    chats.notify(1)
    await chats.drain()
    assert inbox.handled == [(1, 7)]


async def test_a_failure_ends_the_turn_of_its_chat_only(caplog: pytest.LogCaptureFixture) -> None:
    """What `work` raises is logged; the others go on and the chat can be notified again."""
    inbox = Inbox()
    inbox.broken = {13}
    chats = Chats(inbox.work)
    inbox.waiting[1].extend([13, 14])
    inbox.waiting[2].append(20)
    chats.notify(1)
    chats.notify(2)
    await chats.drain()
    assert inbox.handled == [(2, 20)]
    assert "un défaut" in caplog.text
    chats.notify(1)
    await chats.drain()
    assert inbox.handled == [(2, 20), (1, 14)]


async def test_draining_stops_in_time_and_takes_nothing_new() -> None:
    """A drain with a grace ends when it is over and says that something was left."""
    inbox = Inbox(slow=0.2)
    chats = Chats(inbox.work)
    inbox.waiting[1].extend(range(100))
    chats.notify(1)
    assert await chats.drain(0.05) is False
    assert chats.busy == 0
    chats.notify(1)
    assert chats.busy == 0
