"""The running bot: its parts put together, started, and ended in order.

`build_application` puts the parts together; `Application.run` keeps them running until SIGTERM or
SIGINT. What each kind of update does is in `bot.telegram.handlers`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from typing import TYPE_CHECKING

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.export import Kept, gather
from bot.pacing import Policy
from bot.papers import Papers
from bot.queueing import Untell, nothing_untold
from bot.relay import Clock, Handle, Outbox
from bot.rescue import Rescue
from bot.store import StoreError
from bot.telegram.failures import DeliveryError, Fatal
from bot.telegram.handlers import CHATS_AT_ONCE, Handlers
from bot.telegram.outgoing import Item
from bot.telegram.polling import Poller, RawUpdates
from bot.telegram.seated import Seated
from bot.telegram.sending import send_item
from bot.telegram.starting import connect
from bot.telegram.translate import translate
from bot.vitals import Vitals
from bot.waking import Reminders

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    from bot.addresses import Webhook
    from bot.settings import Settings
    from bot.store.writer import Writer
    from bot.telegram.webhook import Hook
    from bot.waking import Wake

_LOG = logging.getLogger(__name__)
_DRAIN_SECONDS = 5.0
_UPLOAD_SECONDS = 120.0


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
            connection_pool_size=CHATS_AT_ONCE,
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
        self._bot, self._writer = bot, writer
        untell = untell or nothing_untold
        self.handlers = Handlers(bot, writer, handle, untell, clock, policy, self.vitals)
        seat = writer.seat()
        self._outbox = Outbox(writer, self._send, clock, policy, untell=untell, seat=seat)
        self._outbox.reach = self._reach
        self._seated = Seated(seat, self.vitals, self._outbox.kick)
        self._reminders = Reminders(writer, wake, clock, self._outbox.kick, policy)
        self.handlers.on_handled = self._kick
        self._rescue = Rescue(writer, self.handlers.chats.notify, clock, policy.tick)
        self._source: Poller | Hook = Poller(
            bot, transport, self.handlers.store_batch, on_failure=self.vitals.trouble
        )
        self._papers = Papers(self._read_file, gather=self._gather)
        self._stop = asyncio.Event()

    def listen(self, webhook: Webhook, sockets: Sequence[socket.socket]) -> None:
        """Receive updates on `sockets`, which listen, instead of fetching them. To be called before `run`."""
        from bot.telegram.webhook import Hook  # a server: 3 MB that polling does without

        self._source = Hook(self._bot, webhook, sockets, self.handlers.store_batch, self.vitals)

    def stop(self) -> None:
        """Ask the bot to end: no more updates are fetched, what is under way is finished."""
        self.vitals.stopping = True
        self._stop.set()
        self.handlers.stop()
        self._seated.stop()

    def _kick(self) -> None:
        self._outbox.kick()
        self._reminders.kick()

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
            await self.handlers.fetches.close()
            with contextlib.suppress(TelegramError):
                await self._bot.shutdown()
        _LOG.info("arrêt propre")
        return 0

    async def _work(self) -> None:
        await self.handlers.resume()
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
        await self.handlers.fetches.close()
        if not await self.handlers.chats.drain(_DRAIN_SECONDS):
            _LOG.warning("some updates are left for the next start")
        # One more turn of the outbox, so that the last answers leave before the end: from the one
        # process that sends.
        with contextlib.suppress(StoreError):
            await self._outbox.take_part()
        self._outbox.stop()
        waiting = [*loops, *self.handlers.answers]
        _, late = await asyncio.wait(waiting, timeout=2 * _DRAIN_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await self._seated.close()

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
