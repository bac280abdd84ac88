"""Reminders fired: what came due of one person, all of it in one transaction.

The table is the truth: each turn asks what is to be looked at by now, sleeps until the next instant
or a tick, and is looked at anew by `kick`. What is due is taken chat by chat, so that ten dossiers
speak with one voice, and so that ten thousand people due at the same minute hold up nobody: between
two of them whoever else writes has their turn. Several processes may do this at once: one that
finds a chat in another's hands passes over it.

No more is made ready than a second or so of sending takes: what is due waits in its own table, and
whoever writes meanwhile is answered before the thousands, not after them.

A chat that cannot be handled is put off by a tick, and then again. The third time its reminders are
taken one by one, so that one bad dossier silences no other; for what is left the person is told.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from bot.pacing import Loop, Policy
from bot.queueing import apology, push
from bot.relay import Clock
from bot.store import StoreError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.store import ReminderRow, Tx
    from bot.store.writer import Writer
    from flows.dialogue.screens import Shown

_LOG = logging.getLogger(__name__)
_BATCH = 100
"""Reminders looked up at a time."""
_TRIES = 3
_BREATH = 1.0
"""Seconds until more is made ready, when enough waits to be sent."""


class Wake(Protocol):
    """The engine: what came due of one chat, in the caller's transaction; pushes its outbox rows."""

    def __call__(
        self, tx: Tx, chat_id: int, rows: Sequence[ReminderRow], *, now: datetime
    ) -> Sequence[Shown]:
        """Fire or hold each of `rows` and give what was shown."""


class Reminders(Loop):
    """Hands what is due to the engine, chat by chat."""

    def __init__(
        self,
        writer: Writer,
        wake: Wake,
        clock: Clock,
        on_handled: Callable[[], None],
        policy: Policy | None = None,
    ) -> None:
        self._policy = policy or Policy()
        super().__init__(self._policy.tick)
        self._writer, self._wake, self._clock = writer, wake, clock
        self._on_handled = on_handled
        self._ahead = int(self._policy.overall_rate + self._policy.overall_burst)
        """Chats that may have a message ready to be sent before more are woken."""
        self._failures: dict[int, int] = {}
        """Times in a row that a chat could not be handled."""
        self._purged_at = float("-inf")

    async def run(self) -> None:
        """Fire until `stop`."""
        while not self._stopping:
            try:
                wait = await self.turn()
                await self._purge()
            except StoreError as error:
                _LOG.error("the reminders cannot be read, trying again: %s", error)
                wait = self._tick
            await self._rest(wait)

    async def turn(self) -> float:
        """Fire what is due now, as far as it can be sent; give the seconds until the next."""
        tried: set[int] = set()
        now = int(self._clock().timestamp())

        def look(tx: Tx) -> tuple[int | None, list[ReminderRow], int]:
            next_at = tx.next_due_at()
            if next_at is None or next_at > now:
                return next_at, [], 0
            # Those that failed and are tried again soon count: without Telegram nothing piles up.
            ready = tx.count_claimable(now + self._policy.longest_wait, self._ahead)
            return next_at, tx.due_reminders(now, _BATCH), self._ahead - ready

        while not self._stopping:
            self.turned_at = time.monotonic()  # a turn of thousands is long, and no sign of a fault
            next_at, due, room = await self._writer.read(look)
            if next_at is not None and next_at > now:
                return next_at - now
            chats = [
                chat for chat in dict.fromkeys(row.chat_id for row in due) if chat not in tried
            ]
            if not chats:  # nothing waits, or what is left is in other hands
                break
            if room <= 0:
                return _BREATH
            for chat_id in chats[:room]:
                if self._stopping:
                    break
                tried.add(chat_id)
                await self._wake_chat(chat_id)
        return self._tick

    async def _wake_chat(self, chat_id: int) -> None:
        """Hand all that is due of a chat to the engine, unless somebody else has the chat."""
        if await self._try(chat_id):
            self._failures.pop(chat_id, None)
            return
        self._failures[chat_id] = self._failures.get(chat_id, 0) + 1
        if self._failures[chat_id] < _TRIES:
            await self._put_off(chat_id)
        else:
            await self._part(chat_id)
            del self._failures[chat_id]

    async def _try(self, chat_id: int, only: int | None = None) -> bool:
        """Fire what is due of a chat, or `only` one reminder of it. False when it cannot be handled."""
        now = self._clock()
        rows: list[ReminderRow] = []

        def work(tx: Tx) -> None:
            rows.clear()
            if tx.lock_free_chat(chat_id):
                due = tx.due_of_chat(chat_id, int(now.timestamp()))
                rows.extend(row for row in due if only in {None, row.id})
                if rows:
                    self._wake(tx, chat_id, rows, now=now)

        try:
            await self._writer.run(work)
        except Unavailable:
            raise
        except StoreError as error:  # without the trace: what the driver says holds values
            _LOG.error("reminders %s could not be handled: %s", [row.id for row in rows], error)
            return False
        except Exception:  # noqa: BLE001 - one chat that fails must not stop the others
            _LOG.exception("reminders %s could not be handled", [row.id for row in rows])
            return False
        if rows:
            self._on_handled()
        return True

    async def _put_off(self, chat_id: int) -> None:
        """Look at what is due of a chat again in a tick."""
        now = int(self._clock().timestamp())

        def work(tx: Tx) -> None:
            tx.load_conversation(chat_id)
            for row in tx.due_of_chat(chat_id, now):
                tx.hold_reminder(row.id, now + math.ceil(self._tick))

        await self._writer.run(work)

    async def _part(self, chat_id: int) -> None:
        """Take what is due of a chat one by one; of what fails again, tell rather than keep silent."""
        now = int(self._clock().timestamp())
        due = await self._writer.read(lambda tx: tx.due_of_chat(chat_id, now))
        failed = [row for row in due if len(due) == 1 or not await self._try(chat_id, row.id)]
        if not failed:
            return
        _LOG.error("reminders %s are given up", [row.id for row in failed])

        def give_up(tx: Tx) -> None:
            tx.load_conversation(chat_id)
            if tx.fire_reminders([row.id for row in failed], now):
                push(tx, chat_id, apology("reminder_failed", f"R{failed[0].id}"), now)

        await self._writer.run(give_up)
        self._on_handled()

    async def _purge(self) -> None:
        """Once an hour, remove handled updates and sent messages older than `keep_days`."""
        now = self._clock().timestamp()
        if now - self._purged_at < 3600:
            return
        self._purged_at = now
        before = int(now) - self._policy.keep_days * 86_400
        purged = 1
        while purged:  # by parts: other transactions pass in between
            purged = await self._writer.run(lambda tx: tx.purge_sent(before))
