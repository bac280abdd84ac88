"""The map: what each kind of update does.

| update | what is done |
|---|---|
| message, edited message, button in a private chat | the engine, one transaction an update |
| photo or document | the same, once the file was fetched and accepted; the chat waits, no other does |
| the same, from somebody whose answers pile up | not read: they are told, once an hour |
| the person blocks the bot | marked unreachable, what waits for them dropped |
| the person lets it in again | marked reachable |
| anything in a group | told once, politely, then the bot leaves |
| channel post, inline query, service message, anything else | nothing, not even stored |
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from typing import TYPE_CHECKING, Any

from telegram.error import TelegramError

from bot.haste import Haste, left_unread
from bot.queueing import Untell, apology, let_go, push
from bot.store import NotYours, Refused, StoreError, UpdateRow
from bot.telegram.chats import Chats
from bot.telegram.downloads import Downloads
from bot.telegram.fetches import Fetches, Wanted
from bot.telegram.incoming import (
    Ignored,
    Incoming,
    Intruded,
    Reached,
    Said,
    read_update,
    stored,
)
from bot.telegram.outgoing import Item, toast
from bot.telegram.texts import message_text
from flows.dialogue.screens import Toast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telegram import Bot

    from bot.pacing import Policy
    from bot.relay import Clock, Handle
    from bot.store import Tx
    from bot.store.writer import Writer
    from bot.vitals import Vitals
    from flows.dialogue.screens import Shown

_LOG = logging.getLogger(__name__)
CHATS_AT_ONCE = 16
_TRIES = 2  # an update that fails twice is a bug, and must not hold back the rest of its chat


class Handlers:
    """Updates stored, then handled chat by chat, each in one transaction; presses answered."""

    def __init__(
        self,
        bot: Bot,
        writer: Writer,
        handle: Handle,
        untell: Untell,
        clock: Clock,
        policy: Policy,
        vitals: Vitals,
    ) -> None:
        self._bot, self._writer, self._handle, self._clock = bot, writer, handle, clock
        self._untell, self._vitals = untell, vitals
        self.chats = Chats(self.handle_next, CHATS_AT_ONCE)
        self.fetches = Fetches(Downloads(bot, policy.download_waits), self.chats.notify)
        self.answers: set[asyncio.Task[None]] = set()
        """Presses that are being answered."""
        self.on_handled: Callable[[], None] = lambda: None
        """Called when something may be to send, or to recall."""
        self._haste = Haste(policy.chat_rate)
        self._stopping = False

    def stop(self) -> None:
        """Leave what cannot be handled now to the next start."""
        self._stopping = True

    async def resume(self) -> None:
        """Take up the updates that an earlier process stored and did not handle."""
        after: int | None = None
        while rows := await self._writer.read(
            lambda tx: tx.pending_updates(limit=1000, after=after)  # noqa: B023 - run before it moves
        ):
            for row in rows:
                self.chats.notify(row.chat_id)
            after = rows[-1].update_id

    async def store_batch(self, batch: Sequence[dict[str, Any]]) -> None:
        """Store a batch of raw updates in one transaction, then let their chats know.

        Raises StoreError when it could not: the batch must then be fetched again.
        """
        now = int(self._clock().timestamp())
        rows = []
        for payload in batch:
            incoming = read_update(payload)
            if isinstance(incoming, Ignored):
                continue
            with contextlib.suppress(
                RecursionError
            ):  # no update of Telegram, and it holds up the others
                kept = stored(payload)
                rows.append(UpdateRow(payload["update_id"], incoming.chat_id, kept, now))
        if rows:
            new = await self._writer.run(lambda tx: tx.record_updates(rows))
            self._vitals.stored([row.update_id for row in rows], new)
        for chat_id in dict.fromkeys(row.chat_id for row in rows):
            self.chats.notify(chat_id)

    async def handle_next(self, chat_id: int) -> bool:
        """Handle the oldest waiting update of a chat in one transaction; False when no other waits.

        One stored meanwhile is not seen here: whoever stores it lets the chat know. An update with a
        file that was not fetched yet stays, and holds back what follows it, until it was.
        """
        now = self._clock()
        hurried = self._haste.hurried(chat_id)
        taken: list[UpdateRow] = []

        def work(tx: Tx) -> tuple[Incoming, Sequence[Shown], bool] | Wanted | None:
            taken.clear()
            conversation = tx.load_conversation(chat_id)
            # Two, so that the last one needs no transaction of its own to find nothing more.
            waiting = tx.next_updates(chat_id, 2)
            if not waiting:
                return None
            row = waiting[0]
            taken.append(row)
            incoming = read_update(json.loads(row.payload))
            unread = None
            if hurried and isinstance(incoming, Said):
                unread = left_unread(tx, chat_id, int(now.timestamp()))
            if unread is None and (wanted := self.fetches.wanted(row.update_id, incoming)):
                return wanted
            if isinstance(incoming, Said) and conversation and not conversation.reachable:
                tx.set_reachable(chat_id, reachable=True)
            shown = self._act(tx, row, incoming) if unread is None else unread
            tx.finish_update(row.update_id)
            return incoming, shown, len(waiting) > 1

        try:
            result = await self._writer.run(work)
        except Exception as error:
            # What the database refuses of this update it will refuse for ever: a defect, as any other.
            if isinstance(error, StoreError) and not isinstance(error, Refused | NotYours):
                self._vitals.error("store")
                _LOG.error("an update waits for the database: %s", error)
                await asyncio.sleep(1)
                return not self._stopping
            if not taken:
                raise
            await self._after_failure(taken[0], int(now.timestamp()), error)
            return True
        if isinstance(result, Wanted):
            self.fetches.start(result)
            return False
        self.fetches.forget(chat_id)
        if result is None:
            return False
        incoming, shown, more = result
        self._vitals.handled(
            taken[0].update_id,
            chat_id,
            now.timestamp() - taken[0].received_at,
            answered=any(not isinstance(one, Toast) for one in shown),
        )
        self._answer(incoming, toast(shown))
        self.on_handled()
        return more

    def _act(self, tx: Tx, row: UpdateRow, incoming: Incoming) -> Sequence[Shown]:
        now = self._clock()
        match incoming:
            case Said():
                event, arrived = self.fetches.found(row.update_id, incoming.event)
                return self._handle(
                    tx,
                    incoming.chat_id,
                    event,
                    update_id=row.update_id,
                    first_name=incoming.first_name,
                    now=now,
                    pressed_message_id=incoming.message_id,
                    arrived=arrived,
                )
            case Reached(chat_id, reachable):
                if reachable:
                    tx.set_reachable(chat_id, reachable=True)
                else:
                    let_go(tx, chat_id, self._untell, "bloqué", now)
            case Intruded(chat_id):
                self._refuse_group(tx, chat_id, int(now.timestamp()))
            case Ignored():
                pass
        return ()

    @staticmethod
    def _refuse_group(tx: Tx, chat_id: int, now: int) -> None:
        """Say once that the bot speaks in private only, and leave. The key makes the « once »."""
        if tx.count_unsent(chat_id, 1):
            return  # it is on its way out
        refusal: Item = {"kind": "copy", "text": message_text("group_refused")}
        push(tx, chat_id, [refusal], now, dedup=f"group:{chat_id}")
        push(tx, chat_id, [{"kind": "leave"}], now)

    async def _after_failure(self, row: UpdateRow, now: int, error: Exception) -> None:
        """Count the failure; nothing of the update was kept.

        After the last try the person is told, with the reference that is in the log.
        """
        reference = f"U{row.update_id}"
        self.fetches.forget(row.chat_id)
        # What the store says holds no value; the trace of what the driver says would.
        known = isinstance(error, StoreError)
        _LOG.error(
            "update %s could not be handled: %s",
            reference,
            error if known else "",
            exc_info=not known,
        )
        self._vitals.error("update")

        def work(tx: Tx) -> bool:
            tx.load_conversation(row.chat_id)
            given_up = tx.fail_update(row.update_id, "erreur interne", _TRIES)
            if given_up:
                push(tx, row.chat_id, apology("update_failed", reference), now, dedup=reference)
            return given_up

        if await self._writer.run(work):
            self._vitals.given_up(row.update_id)
        self._answer(read_update(json.loads(row.payload)), "")
        self.on_handled()

    def _answer(self, incoming: Incoming, words: str) -> None:
        """Answer a press, without making the chat wait for it."""
        callback_id = getattr(incoming, "callback_id", None)
        if callback_id is None:
            return
        task = asyncio.create_task(self._answer_press(callback_id, words))
        self.answers.add(task)
        task.add_done_callback(self.answers.discard)

    async def _answer_press(self, callback_id: str, words: str) -> None:
        # Too late, or already answered: the button has done its work anyway.
        with contextlib.suppress(TelegramError):
            await self._bot.answer_callback_query(callback_id, text=words or None)
