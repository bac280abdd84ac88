"""Telegram without a network: one stub of the transport for the bot and for its peers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import Any, Protocol

from telegram.request import BaseRequest, HTTPXRequest

from bot.telegram.polling import RawUpdates
from tests.bench.people import Wave

TOKEN = "123456789:AAofflineOfflineOfflineOfflineOffl1"
_MESSAGE = (
    b'{"ok":true,"result":{"message_id":5,"date":1,"chat":{"id":1,"type":"private"},"text":"ok"}}'
)
_ME = b'{"ok":true,"result":{"id":9,"is_bot":true,"first_name":"b","username":"b_bot"}}'
_TRUE = b'{"ok":true,"result":true}'
_SENDING = ("sendMessage", "sendDocument", "editMessageText", "editMessageReplyMarkup")


class Answers(BaseRequest):
    """Answers every request at once. Counts what brought words or a file to somebody."""

    def __init__(self) -> None:
        self.sent = 0
        self.wanted = 0
        self.all_sent = asyncio.Event()

    @property
    def read_timeout(self) -> float | None:
        """No time is ever lost here."""
        return 5

    async def initialize(self) -> None:
        """Open nothing."""

    async def shutdown(self) -> None:
        """Close nothing."""

    async def do_request(
        self, url: str, method: str, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        """Give what Telegram would."""
        name = url.rpartition("/")[2]
        if name in _SENDING:
            self.sent += 1
            if self.sent == self.wanted:
                self.all_sent.set()
            return 200, _MESSAGE
        return 200, _ME if name == "getMe" else _TRUE


class Source(Protocol):
    """Gives the bodies of getUpdates; `over` is set once all was given and answered."""

    over: asyncio.Event

    async def next(self) -> bytes:
        """Wait until there is something to give."""


class _Handed(HTTPXRequest):
    """Stands where the network was, under the bot's own transport of updates."""

    source: Source

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Give what comes next, as getUpdates would."""
        return 200, await self.source.next()


class OfflineUpdates(RawUpdates, _Handed):
    """The real transport of `getUpdates`, given its bodies by a crowd or a stream."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source


class Crowd:
    """People who each wait for the answer before they go on. `over` is set after the last one."""

    def __init__(
        self,
        waves: Iterator[Wave],
        answers: Answers,
        marks: Sequence[int] = (),
        reached: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._waves, self.answers = waves, answers
        self._marks, self._reached = list(marks), reached
        self.given = 0
        """Updates handed out so far."""
        self.over = asyncio.Event()
        self.began_at: float | None = None
        self.waited: list[float] = []
        """Seconds from handing out a wave to its last answer."""

    async def next(self) -> bytes:
        """Wait for the answers to the wave before, then give another; at the end, never return."""
        if self.began_at is not None:
            started = perf_counter()
            await self.answers.all_sent.wait()
            self.waited.append(perf_counter() - started)
            while self._marks and self._marks[0] <= self.given:
                self._reached(self._marks.pop(0))
        wave = next(self._waves, None)
        if wave is None:
            self.over.set()
            await asyncio.Event().wait()
            raise AssertionError("unreachable")
        if self.began_at is None:
            self.began_at = perf_counter()
        self.given += len(wave.updates)
        self.answers.all_sent.clear()
        self.answers.wanted = self.answers.sent + wave.requests
        if not wave.requests:
            self.answers.all_sent.set()
        return wave.body()
