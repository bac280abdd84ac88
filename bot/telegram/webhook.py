"""The webhook: Telegram posts an update, it is stored and committed, then 200 is answered.

| request | answer |
|---|---|
| another path, another method, another type than JSON | 404, 405, 415 |
| the secret wrong or missing | 403, before any of the body is read |
| a body too large, too slow | 413 as soon as it is known, 408 |
| not JSON, or no object with an `update_id` | 400 |
| the database away, full or locked; the bot ending | 503: Telegram posts it again |
| an update, stored now or before | 200 |
| an update of a kind or a shape that is not understood | 200, not stored, as in polling: else it comes again |

Of what was sent nothing is logged, neither header nor body. The sockets listen before the start is
over: who connects meanwhile waits. TLS is the business of whatever stands before this server.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import time
from typing import TYPE_CHECKING, Any

from telegram.error import BadRequest, TelegramError
from tornado.web import stream_request_body

from bot.limits import limits
from bot.mistakes import PREFIX
from bot.serving import Plain, Server
from bot.store import StoreError
from bot.telegram.failures import Fatal
from bot.telegram.incoming import ALLOWED_UPDATES, is_update
from bot.telegram.translate import translate

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable, Sequence

    from telegram import Bot

    from bot.addresses import Webhook
    from bot.limits import Limits
    from bot.vitals import Vitals

_LOG = logging.getLogger(__name__)
_CONNECTIONS = 40
"""Updates that Telegram may post at once, those of one chat one after the other."""
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
_SETTING_EXIT = 2
_CLOSED = 499
"""Counted for a post whose sender left before its end; nobody is there to be answered."""
_DRAIN_SECONDS = 4.0
_LOOK_SECONDS = 300.0
"""Between two looks at whether Telegram still posts here."""
_QUIET_SECONDS = 60.0


class Hook:
    """Receives updates until told to stop. `store` must have committed what it is given when it returns."""

    def __init__(
        self,
        bot: Bot,
        webhook: Webhook,
        sockets: Sequence[socket.socket],
        store: Callable[[list[dict[str, Any]]], Awaitable[None]],
        vitals: Vitals,
        *,
        look_seconds: float = _LOOK_SECONDS,
    ) -> None:
        self._look_seconds = look_seconds
        self._bot, self.webhook, self._store, self._vitals = bot, webhook, store, vitals
        self._server = Server(sockets, [(".*", _Post, {"hook": self})])
        self.bounds: Limits = limits()
        self.closing = False
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._said: dict[int, float] = {}

    async def announce(self) -> None:
        """Tell Telegram where to post; what waits there is kept. Raises Fatal for an address it refuses."""
        try:
            await self._bot.set_webhook(
                self.webhook.url,
                secret_token=self.webhook.secret,
                allowed_updates=ALLOWED_UPDATES,
                max_connections=_CONNECTIONS,
                drop_pending_updates=False,
            )
        except BadRequest as error:
            if "resolve" in error.message.lower():
                raise  # a name that was just made is not known everywhere yet: to be tried again
            raise Fatal(
                f"{PREFIX}WEBHOOK_URL : Telegram refuse cette adresse ({error.message}).",
                _SETTING_EXIT,
            ) from None

    async def run(self, stop: asyncio.Event) -> None:
        """Receive until `stop`, then end what had begun. The webhook stays set.

        Raises Fatal: Telegram refuses the token, or the address, which it had taken.
        """
        self._server.start()
        try:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), self._look_seconds)
                if not stop.is_set():
                    await self._look()
        finally:
            self.closing = True
            self._server.stop()
            await self._drain()
            await self._server.close()

    async def _look(self) -> None:
        """Set the webhook again when somebody took it away: nothing else would ever tell."""
        try:
            info = await self._bot.get_webhook_info()
            if info.url != self.webhook.url:
                _LOG.warning("the webhook was taken away, perhaps by another process: set again")
                await self.announce()
        except TelegramError as error:
            failure = translate(error)
            self._vitals.trouble(failure)
            if isinstance(failure, Fatal):
                raise failure from None
            _LOG.warning("the webhook could not be looked at (%s)", failure)

    async def _drain(self) -> None:
        """Let what is being stored be stored and answered."""
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                await self._idle.wait()
        except TimeoutError:
            _LOG.warning("some posts were not answered, Telegram will repeat them")

    def begin(self) -> None:
        """Note that a post is being read or stored."""
        self._under_way += 1
        self._idle.clear()

    def end(self, status: int) -> None:
        """Note that it was answered."""
        self._under_way -= 1
        if not self._under_way:
            self._idle.set()
        self._vitals.posted(status)

    async def take(self, body: bytes) -> int:
        """Store the update of a body; give the status to answer."""
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return 400
        if not is_update(update):
            return 400
        try:
            async with asyncio.timeout(self.bounds.update_seconds):
                await self._store([update])
        except (StoreError, TimeoutError) as error:
            self._vitals.error("store")
            self.log(503, logging.ERROR, str(error) or "the database does not answer")
            return 503
        except Exception as error:  # noqa: BLE001 - its text may hold what was posted
            self._vitals.error("update")
            self.log(500, logging.ERROR, type(error).__name__)
            return 500
        return 200

    def log(self, status: int, level: int = logging.WARNING, why: str = "") -> None:
        """Log that a post was refused, once a minute a status: strangers must not fill the disk."""
        now = time.monotonic()
        if now - self._said.get(status, float("-inf")) >= _QUIET_SECONDS:
            self._said[status] = now
            _LOG.log(level, "webhook: a post was answered %d%s", status, f" ({why})" if why else "")


@stream_request_body
class _Post(Plain):
    """One request: looked at when its headers are there, before its body is."""

    def initialize(self, hook: Hook) -> None:
        self._hook = hook
        self._body = bytearray()
        self._timer: asyncio.TimerHandle | None = None
        self._counted = True
        hook.begin()

    def prepare(self) -> None:
        if refusal := self._refusal():
            self._refuse(refusal)
            return
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._hook.bounds.update_seconds, self._too_slow)

    def data_received(self, chunk: bytes) -> None:
        if len(self._body) + len(chunk) > self._hook.bounds.update_bytes:
            self._body.clear()
            self._refuse(413)
        elif not self._finished:
            self._body += chunk

    async def post(self) -> None:
        self._forget_timer()
        status = await self._hook.take(bytes(self._body))
        if status == 200:
            self.say(200)
        else:
            self._refuse(status)

    def on_finish(self) -> None:
        self._done(self.get_status())

    def on_connection_close(self) -> None:
        super().on_connection_close()
        if self._timer is not None:  # while the body was read; what is being stored goes on
            self._done(_CLOSED)

    def _refusal(self) -> int | None:
        request, hook = self.request, self._hook
        if request.path != hook.webhook.path:
            return 404
        if request.method != "POST":
            return 405
        given = request.headers.get(_SECRET_HEADER, "").encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(given, hook.webhook.secret.encode()):
            return 403
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            return 415
        length = request.headers.get("Content-Length", "")
        # By its digits first: a number of a million of them is not to be read.
        if length.isdecimal() and (len(length) > 12 or int(length) > hook.bounds.update_bytes):
            return 413
        return 503 if hook.closing else None

    def _refuse(self, status: int) -> None:
        self._forget_timer()
        if not self._finished:
            if status not in {500, 503}:
                self._hook.log(status)
            self.say(status)

    def _too_slow(self) -> None:
        self._timer = None
        self._refuse(408)

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _done(self, status: int) -> None:
        self._forget_timer()
        if self._counted:
            self._counted = False
            self._hook.end(status)
