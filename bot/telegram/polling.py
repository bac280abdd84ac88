"""Long polling: a batch is stored in one transaction before the next call confirms it to Telegram.

python-telegram-bot's own `Updater` puts updates in a queue in memory and confirms them at once, so
a kill loses them for ever. Here the offset moves only after `store` has committed, and what
Telegram then gives twice is recognised by its `update_id`. The raw JSON is kept: a kind of update
that the library cannot parse must not stop the batch that holds it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from typing import TYPE_CHECKING, Any

from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.store import StoreError
from bot.telegram.failures import CONFLICT_EXIT, Contested, Fatal, Flooded
from bot.telegram.incoming import ALLOWED_UPDATES, is_update
from bot.telegram.translate import translate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Bot

_LOG = logging.getLogger(__name__)
_POLL_SECONDS = 30
_BATCH = 100
_CONFLICT_PATIENCE = (2, 10)  # before the first successful call, and after
_CONFLICT_WAIT = 2.0
_LONGEST_WAIT = 30.0


class RawUpdates(HTTPXRequest):
    """The transport of `getUpdates`: keeps the raw updates, and the library sees none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(connection_pool_size=1, **options)
        self._kept: list[dict[str, Any]] = []

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Fetch, and on success keep the updates. Same arguments as `BaseRequest.do_request`."""
        code, body = await super().do_request(*args, **kwargs)
        if not 200 <= code <= 299 or not str(kwargs.get("url", "")).endswith("/getUpdates"):
            return code, body
        answer = json.loads(body)
        self._kept = [u for u in answer["result"] if is_update(u)]
        return code, b'{"ok":true,"result":[]}'

    def take(self) -> list[dict[str, Any]]:
        """Give the updates of the last call, once."""
        kept, self._kept = self._kept, []
        return kept


class Poller:
    """Fetches updates until told to stop. `store` must have committed the batch when it returns."""

    def __init__(
        self,
        bot: Bot,
        transport: RawUpdates,
        store: Callable[[list[dict[str, Any]]], Awaitable[None]],
        *,
        poll_seconds: int = _POLL_SECONDS,
        conflict_wait: float = _CONFLICT_WAIT,
        on_failure: Callable[[Exception], None] = lambda _: None,
    ) -> None:
        self._on_failure = on_failure
        self._bot = bot
        self._transport = transport
        self._store = store
        self._poll_seconds = poll_seconds
        self._conflict_wait = conflict_wait
        self._offset: int | None = None
        self._failures = 0
        self._conflicts = 0
        self._established = False

    async def announce(self) -> None:
        """Tell Telegram that its updates are fetched; what waits there is kept."""
        # A webhook left by another way of running would refuse every getUpdates.
        await self._bot.delete_webhook(drop_pending_updates=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop`. Raises Fatal: token refused, or another process holds the bot."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                fetching = asyncio.create_task(self._fetch())
                await asyncio.wait({fetching, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if not fetching.done():
                    # Nothing was confirmed: what this call would have brought comes again at the
                    # next start.
                    fetching.cancel()
                    await asyncio.gather(fetching, return_exceptions=True)
                    return
                pause = await self._take(fetching)
                if pause:
                    await asyncio.wait({stopping}, timeout=pause)
        finally:
            stopping.cancel()

    async def _fetch(self) -> list[dict[str, Any]]:
        await self._bot.get_updates(
            offset=self._offset,
            limit=_BATCH,
            timeout=self._poll_seconds,
            allowed_updates=ALLOWED_UPDATES,
        )
        return self._transport.take()

    async def _take(self, fetching: asyncio.Task[list[dict[str, Any]]]) -> float:
        """Store what came and move the offset; give the seconds to wait before the next call."""
        try:
            batch = fetching.result()
        except (TelegramError, ValueError, KeyError, TypeError, AttributeError) as error:
            return self._after_failure(error)
        self._failures = self._conflicts = 0
        self._established = True
        if not batch:
            return 0
        try:
            await self._store(batch)
        except Exception as error:  # noqa: BLE001
            # The offset stays where it was: Telegram keeps these updates and gives them again.
            self._failures += 1
            reason = error if isinstance(error, StoreError) else type(error).__name__
            _LOG.error("updates could not be stored, they will be fetched again: %s", reason)
            return self._backoff()
        self._offset = max(update["update_id"] for update in batch) + 1
        return 0

    def _after_failure(self, error: Exception) -> float:
        failure = translate(error)
        self._on_failure(failure)
        if isinstance(failure, Fatal):
            raise failure from None
        if isinstance(failure, Flooded):
            _LOG.warning("getUpdates : %s", failure)
            return failure.seconds
        if isinstance(failure, Contested):
            self._conflicts += 1
            if self._conflicts >= _CONFLICT_PATIENCE[self._established]:
                raise Fatal(
                    "Un autre processus relève déjà les messages de ce bot (409). "
                    "Arrêtez-le, ou supprimez son webhook, avant de relancer celui-ci.",
                    CONFLICT_EXIT,
                ) from None
            _LOG.warning("another process is fetching this bot's updates (409)")
            # One that has been working waits longer, so that the newcomer is the one to give up.
            return self._conflict_wait
        self._failures += 1
        if self._failures in {1, 5} or self._failures % 20 == 0:
            _LOG.warning("no updates could be fetched (%s), trying again", failure)
        return self._backoff()

    def _backoff(self) -> float:
        longest: float = min(2.0 ** min(self._failures - 1, 10), _LONGEST_WAIT)
        return longest * random.uniform(0.5, 1)  # noqa: S311 - spreads retries, guards nothing
