"""A file that a person sent: fetched from Telegram, accepted, and handed over with its event.

Done before the transaction that handles the update, and while nothing of the bot waits for it. The
update stays in the inbox meanwhile: after a kill the file is fetched again. Nothing here raises for
what a file or the network may do: the event then says why there is no file.

An address of a file holds the token: none is ever put in a log or in an exception.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.accepting import UNREADABLE, NotAccepted, accept_apart
from bot.engine import Arrived
from bot.limits import limits
from bot.telegram.failures import Flooded
from bot.telegram.translate import translate

if TYPE_CHECKING:
    from telegram import Bot

    from bot.telegram.incoming import Remote
    from flows.dialogue.events import SentFile
    from letters.exhibits import Exhibit

Accept = Callable[[bytes], Awaitable["Exhibit"]]
"""Makes an exhibit of what a file holds. Raises NotAccepted."""

_LOG = logging.getLogger(__name__)
_FETCHED_AT_ONCE = 4
_ACCEPTED_AT_ONCE = 2
_TOO_BIG = "file is too big"
_LONGEST_PAUSE = 60.0


class _TooBig(Exception):  # noqa: N818 - never seen outside
    """More bytes than are taken."""


class _Gone(Exception):  # noqa: N818 - never seen outside
    """Telegram no longer has it."""


class _Again(Exception):  # noqa: N818 - never seen outside
    """The network, or Telegram, failed this time. `pause`: the seconds it asks to wait."""

    def __init__(self, reason: str, pause: float = 0) -> None:
        super().__init__(reason)
        self.pause = pause


class Downloads:
    """Fetches files, few at once. `waits`: the seconds before each further try."""

    def __init__(
        self, bot: Bot, waits: Sequence[float] = (1, 3, 9), accept: Accept = accept_apart
    ) -> None:
        self._bot, self._waits, self._accept = bot, waits, accept
        self._slots = asyncio.Semaphore(_FETCHED_AT_ONCE)
        self._readers = asyncio.Semaphore(_ACCEPTED_AT_ONCE)
        self._client: httpx.AsyncClient | None = None

    async def fetch(self, event: SentFile, remote: Remote) -> tuple[SentFile, Arrived | None]:
        """Give the event as the dialogue takes it, and the file when there is one."""
        if remote.size is not None and remote.size > limits().received_bytes:
            return replace(event, refused="too_big"), None
        for wait in (*self._waits, None):
            try:
                # The slot is kept until the file is accepted: it bounds what is held in memory.
                async with self._slots:
                    content = await self._download(remote)
                    return await self._accepted(event, content)
            except _TooBig:
                return replace(event, refused="too_big"), None
            except _Gone:
                break
            except _Again as failure:
                _LOG.warning("a file could not be fetched: %s", failure)
                if wait is not None:
                    await asyncio.sleep(max(wait, min(failure.pause, _LONGEST_PAUSE)))
        return replace(event, refused="unreachable"), None

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()

    async def _download(self, remote: Remote) -> bytes:
        try:
            async with asyncio.timeout(limits().download_seconds):
                return await self._read(await self._address(remote.file_id))
        except (_TooBig, _Gone, _Again):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the chat must not wait for ever
            # Without its text and its cause, which may hold the address.
            raise _Again(type(error).__name__) from None

    async def _address(self, file_id: str) -> str:
        """Ask where a file is served. The answer holds the token."""
        try:
            file = await self._bot.get_file(file_id)
        except BadRequest as error:
            raise _TooBig if _TOO_BIG in error.message.lower() else _Gone from None
        except RetryAfter as error:
            failure = translate(error)
            pause = failure.seconds if isinstance(failure, Flooded) else 0
            raise _Again("429", pause) from None
        except TelegramError as error:
            raise _Again(str(translate(error))) from None
        if isinstance(file.file_size, int) and file.file_size > limits().received_bytes:
            raise _TooBig
        if not file.file_path or not file.file_path.startswith(("http://", "https://")):
            raise _Gone
        return file.file_path

    async def _read(self, address: str) -> bytes:
        """Read a file, and stop as soon as it is too large. A half of one is none."""
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=httpx.Timeout(10), headers={"Accept-Encoding": "identity"}
            )
        most = limits().received_bytes
        content = bytearray()
        async with self._client.stream("GET", address) as answer:
            if answer.status_code != httpx.codes.OK:
                # The address of a file is good for an hour: the next try asks for a new one.
                raise _Again(str(answer.status_code))
            if int(answer.headers.get("Content-Length", 0)) > most:
                raise _TooBig
            async for part in answer.aiter_raw():
                content += part
                if len(content) > most:
                    raise _TooBig
        return bytes(content)

    async def _accepted(self, event: SentFile, content: bytes) -> tuple[SentFile, Arrived | None]:
        try:
            async with self._readers:
                exhibit = await self._accept(content)
        except NotAccepted as refusal:
            return replace(event, refused=refusal.code), None
        except Exception as error:  # noqa: BLE001 - a file must not stop the chat it came to
            _LOG.error("a file could not be accepted: %s", type(error).__name__)
            return replace(event, refused=UNREADABLE), None
        arrived = Arrived.of(exhibit)
        return replace(event, file=arrived.file), arrived
