"""The map: what each kind of update does, and the running bot.

| update | what is done |
|---|---|
| message, edited message, button in a private chat | the engine, one transaction an update |
| photo or document | the same, once the file was fetched and accepted; the chat waits, no other does |
| the same, from somebody whose answers pile up | not read: they are told, once an hour |
| the person blocks the bot | marked unreachable, what waits for them dropped |
| the person lets it in again | marked reachable |
| anything in a group | told once, politely, then the bot leaves |
| channel post, inline query, service message, anything else | nothing, not even stored |

`build_application` puts the parts together; `Application.run` keeps them running until SIGTERM or
SIGINT.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import signal
from typing import TYPE_CHECKING, Any

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.export import Kept, gather
from bot.haste import Haste, left_unread
from bot.pacing import Policy
from bot.papers import Papers
from bot.queueing import Untell, apology, let_go, nothing_untold, push
from bot.relay import Clock, Handle, Outbox
from bot.rescue import Rescue
from bot.store import NotYours, Refused, StoreError, UpdateRow
from bot.telegram.chats import Chats
from bot.telegram.downloads import Downloads
from bot.telegram.failures import DeliveryError, Fatal
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
from bot.telegram.polling import Poller, RawUpdates
from bot.telegram.seated import Seated
from bot.telegram.sending import send_item
from bot.telegram.starting import connect
from bot.telegram.texts import message_text
from bot.telegram.translate import translate
from bot.vitals import Vitals
from bot.waking import Reminders
from flows.dialogue.screens import Toast

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    from bot.addresses import Webhook
    from bot.settings import Settings
    from bot.store import Tx
    from bot.store.writer import Writer
    from bot.telegram.webhook import Hook
    from bot.waking import Wake
    from flows.dialogue.screens import Shown

_LOG = logging.getLogger(__name__)
_CHATS_AT_ONCE = 16
_DRAIN_SECONDS = 5.0
_UPLOAD_SECONDS = 120.0
_TRIES = 2  # an update that fails twice is a bug, and must not hold back the rest of its chat


def build_application(
    settings: Settings,
    writer: Writer,
    handle: Handle,
    wake: Wake,
    clock: Clock,
    policy: Policy | None = None,
    untell: Untell | None = None,
) -> Application:
    """Put the bot together on a prepared store. `settings.telegram_token` must be set."""
    if settings.telegram_token is None:
        raise ValueError("a bot needs a token")
    transport = RawUpdates()
    bot = Bot(
        settings.telegram_token,
        base_url=settings.bot_base_url,
        base_file_url=settings.file_base_url,
        request=HTTPXRequest(
            connection_pool_size=_CHATS_AT_ONCE,
            read_timeout=10,
            pool_timeout=10,
            media_write_timeout=_UPLOAD_SECONDS,
        ),
        get_updates_request=transport,
    )
    policy = policy or Policy(overall_rate=settings.rate, chat_rate=settings.chat_rate)
    return Application(bot, transport, writer, handle, wake, clock, policy, untell)


class Application:
    """The running bot: fetch and store, handle chat by chat, send what is due."""

    def __init__(
        self,
        bot: Bot,
        transport: RawUpdates,
        writer: Writer,
        handle: Handle,
        wake: Wake,
        clock: Clock,
        policy: Policy,
        untell: Untell | None = None,
    ) -> None:
        self.vitals = Vitals()
        self._bot, self._writer, self._handle, self._clock = bot, writer, handle, clock
        self._chats = Chats(self.handle_next, _CHATS_AT_ONCE)
        self._untell = untell or nothing_untold
        seat = writer.seat()
        self._outbox = Outbox(writer, self._send, clock, policy, untell=self._untell, seat=seat)
        self._outbox.reach = self._reach
        self._seated = Seated(seat, self.vitals, self._outbox.kick)
        self._reminders = Reminders(writer, wake, clock, self._outbox.kick, policy)
        self._rescue = Rescue(writer, self._chats.notify, clock, policy.tick)
        self._source: Poller | Hook = Poller(
            bot, transport, self.store_batch, on_failure=self.vitals.trouble
        )
        self._fetches = Fetches(Downloads(bot, policy.download_waits), self._chats.notify)
        self._papers = Papers(self._read_file, gather=self._gather)
        self._haste = Haste(policy.chat_rate)
        self._answers: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()

    def listen(self, webhook: Webhook, sockets: Sequence[socket.socket]) -> None:
        """Receive updates on `sockets`, which listen, instead of fetching them. To be called before `run`."""
        from bot.telegram.webhook import Hook  # a server: 3 MB that polling does without

        self._source = Hook(self._bot, webhook, sockets, self.store_batch, self.vitals)

    def stop(self) -> None:
        """Ask the bot to end: no more updates are fetched, what is under way is finished."""
        self.vitals.stopping = True
        self._stop.set()
        self._seated.stop()

    async def run(self) -> int:
        """Run until asked to stop; give the exit code. Needs the main thread, for the signals."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):  # Windows
                loop.add_signal_handler(name, self.stop)
        try:
            if not await connect(self._bot, self._source.announce, self._stop, self.vitals):
                return 0
            await self._work()
        except Fatal as fatal:
            _LOG.critical("%s", fatal)
            return fatal.exit_code
        finally:
            await self._fetches.close()
            with contextlib.suppress(TelegramError):
                await self._bot.shutdown()
        _LOG.info("arrêt propre")
        return 0

    async def _work(self) -> None:
        await self._resume()
        self._seated.start()
        receiving = (
            self._seated.poll(self._source)
            if isinstance(self._source, Poller)
            else self._source.run(self._stop)
        )
        loops = [
            asyncio.create_task(self._outbox.run(), name="outbox"),
            asyncio.create_task(self._reminders.run(), name="reminders"),
            asyncio.create_task(receiving, name="updates"),
            asyncio.create_task(self._rescue.run(), name="rescue"),
        ]
        self.vitals.watch("outbox", self._outbox)
        self.vitals.watch("reminders", self._reminders)
        try:
            # Each runs until stopped: the first to end is the stop, or a failure that must end the
            # others.
            done, _ = await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self.stop()
            await self._wind_down(loops)

    async def _wind_down(self, loops: list[asyncio.Task[None]]) -> None:
        """Finish what is under way within a few seconds; what is left is in the tables."""
        await asyncio.wait([loops[2]], timeout=_DRAIN_SECONDS)
        self._reminders.stop()
        self._rescue.stop()
        await self._fetches.close()
        if not await self._chats.drain(_DRAIN_SECONDS):
            _LOG.warning("some updates are left for the next start")
        # One more turn of the outbox, so that the last answers leave before the end: from the one
        # process that sends.
        with contextlib.suppress(StoreError):
            await self._outbox.take_part()
        self._outbox.stop()
        waiting = [*loops, *self._answers]
        _, late = await asyncio.wait(waiting, timeout=2 * _DRAIN_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await self._seated.close()

    async def _resume(self) -> None:
        """Take up the updates that an earlier process stored and did not handle."""
        after: int | None = None
        while rows := await self._writer.read(
            lambda tx: tx.pending_updates(limit=1000, after=after)  # noqa: B023 - run before it moves
        ):
            for row in rows:
                self._chats.notify(row.chat_id)
            after = rows[-1].update_id

    # --- updates in ----------------------------------------------------------------------

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
            self.vitals.stored([row.update_id for row in rows], new)
        for chat_id in dict.fromkeys(row.chat_id for row in rows):
            self._chats.notify(chat_id)

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
            if unread is None and (wanted := self._fetches.wanted(row.update_id, incoming)):
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
                self.vitals.error("store")
                _LOG.error("an update waits for the database: %s", error)
                await asyncio.sleep(1)
                return not self._stop.is_set()
            if not taken:
                raise
            await self._after_failure(taken[0], int(now.timestamp()), error)
            return True
        if isinstance(result, Wanted):
            self._fetches.start(result)
            return False
        self._fetches.forget(chat_id)
        if result is None:
            return False
        incoming, shown, more = result
        self.vitals.handled(
            taken[0].update_id,
            chat_id,
            now.timestamp() - taken[0].received_at,
            answered=any(not isinstance(one, Toast) for one in shown),
        )
        self._answer(incoming, toast(shown))
        self._outbox.kick()
        self._reminders.kick()
        return more

    def _act(self, tx: Tx, row: UpdateRow, incoming: Incoming) -> Sequence[Shown]:
        now = self._clock()
        match incoming:
            case Said():
                event, arrived = self._fetches.found(row.update_id, incoming.event)
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
        self._fetches.forget(row.chat_id)
        # What the store says holds no value; the trace of what the driver says would.
        known = isinstance(error, StoreError)
        _LOG.error(
            "update %s could not be handled: %s",
            reference,
            error if known else "",
            exc_info=not known,
        )
        self.vitals.error("update")

        def work(tx: Tx) -> bool:
            tx.load_conversation(row.chat_id)
            given_up = tx.fail_update(row.update_id, "erreur interne", _TRIES)
            if given_up:
                push(tx, row.chat_id, apology("update_failed", reference), now, dedup=reference)
            return given_up

        if await self._writer.run(work):
            self.vitals.given_up(row.update_id)
        self._answer(read_update(json.loads(row.payload)), "")
        self._outbox.kick()

    # --- screens out ---------------------------------------------------------------------

    def _answer(self, incoming: Incoming, words: str) -> None:
        """Answer a press, without making the chat wait for it."""
        callback_id = getattr(incoming, "callback_id", None)
        if callback_id is None:
            return
        task = asyncio.create_task(self._answer_press(callback_id, words))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answer_press(self, callback_id: str, words: str) -> None:
        # Too late, or already answered: the button has done its work anyway.
        with contextlib.suppress(TelegramError):
            await self._bot.answer_callback_query(callback_id, text=words or None)

    async def _send(self, chat_id: int, item: Item) -> int | None:
        try:
            message_id = await send_item(self._bot, chat_id, item, self._papers)
        except (TelegramError, DeliveryError) as error:
            failure = translate(error) if isinstance(error, TelegramError) else error
            self.vitals.not_sent(chat_id, failure)
            raise failure from None
        self.vitals.sent(chat_id)
        return message_id

    async def _reach(self) -> None:
        try:
            await self._bot.get_me()
        except TelegramError as error:
            failure = translate(error)
            self.vitals.trouble(failure)
            raise failure from None

    async def _gather(self, chat_id: int) -> Kept:
        return await self._writer.read(lambda tx: gather(tx, chat_id))

    async def _read_file(self, file_id: str, chat_id: int) -> bytes | None:
        row = await self._writer.read(lambda tx: tx.load_file(file_id, chat_id))
        return row.content if row else None
