"""One, two and three processes of the bot on one PostgreSQL, updates posted to their webhooks."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bot.store import Store
from tests.acceptance.bot_process import BotProcess
from tests.acceptance.posting import HEADER, PATH, SECRET, free_port, webhook_settings
from tests.bench.bulk import database, postgresql
from tests.bench.offline import TOKEN
from tests.bench.people import PEOPLE, Numbers, waves
from tests.bench.report import Row, Size, number, spread

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTS = (1, 2, 3)
_LINES = 8
"""Connections that post to each replica."""
_PATIENCE = 120.0
_RESULT = (
    b'{"ok":true,"result":{"message_id":5,"date":1,"chat":{"id":1,"type":"private"},"text":"ok"}}'
)
_ANSWERS = {
    "getMe": b'{"ok":true,"result":{"id":9,"is_bot":true,"first_name":"b","username":"b_bot"}}',
    "sendMessage": _RESULT,
    "editMessageText": _RESULT,
}
_TRUE = b'{"ok":true,"result":true}'


class _Telegram:
    """Takes every request over HTTP and answers it at once."""

    token = TOKEN

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        starting = asyncio.start_server(_answer, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result()
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Answer no more."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        lines = asyncio.all_tasks() - {asyncio.current_task()}
        for line in lines:
            line.cancel()
        await asyncio.gather(*lines, return_exceptions=True)
        await asyncio.sleep(0)  # what they closed is closed in the next turn


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with closing(writer):
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            await reader.readexactly(_length(head))
            name = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
            body = _ANSWERS.get(name, _TRUE)
            top = (
                f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
            )
            writer.write(top.encode() + b"\r\n\r\n" + body)


def _length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    found = next((line for line in lines if line.startswith(b"content-length:")), b":0")
    return int(found.partition(b":")[2])


class _Line:
    """A connection that stays open, as those of Telegram do, and posts one update after the other."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def post(self, update: dict[str, Any]) -> None:
        """Post one and wait for its 200. Raises RuntimeError for another answer."""
        body = json.dumps(update).encode()
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\n"
            f"{HEADER}: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        top = await self._reader.readuntil(b"\r\n\r\n")
        await self._reader.readexactly(_length(top))
        if b" 200 " not in top.partition(b"\r\n")[0]:
            raise RuntimeError(f"the webhook answered {top[:40]!r}")

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()


class Replicas:
    """So many running processes of the bot that share a database."""

    def __init__(self, telegram: Any, folder: Path, url: str, count: int) -> None:
        self._url = url
        self._ports = [free_port() for _ in range(count)]
        self._bots = [
            BotProcess(
                telegram,
                folder / str(place),
                RELANCE_DATABASE_URL=url,
                RELANCE_LOG_LEVEL="INFO",
                RELANCE_RATE="28",  # what Telegram lets the one that sends send
                **webhook_settings(port, free_port()),
            )
            for place, port in enumerate(self._ports)
        ]
        self._given = 0

    def start(self) -> None:
        """Start them, the first alone so that it makes the tables."""
        for bot in self._bots:
            bot.start()

    def close(self) -> None:
        """Leave nothing running."""
        for bot in self._bots:
            bot.close()

    def handle(self, updates: int) -> float:
        """Post so many updates, a wave of fifty people at a time, until all are handled; give updates a second.

        Raises RuntimeError when some are not handled, or failed.
        """
        numbers = Numbers(1 + self._given, 1000 + self._given)
        self._given += updates
        began = time.perf_counter()
        asyncio.run(self._post(updates, numbers))
        with Store.open(self._url) as store:
            while (waiting := _waiting(store)) and time.perf_counter() - began < _PATIENCE:
                time.sleep(0.02)
            seconds = time.perf_counter() - began
            with store.read() as tx:
                failed = tx.stats(0).updates_failed
        if waiting or failed:
            raise RuntimeError(f"{waiting} updates not handled, {failed} failed")
        return updates / seconds

    async def _post(self, updates: int, numbers: Numbers) -> None:
        lines = [_Line(port) for _ in range(_LINES) for port in self._ports]
        for line in lines:
            await line.open()

        async def some(line: _Line, those: list[dict[str, Any]]) -> None:
            for update in those:
                await line.post(update)

        for wave in waves(updates, PEOPLE, numbers):
            parts = [wave.updates[place :: len(lines)] for place in range(len(lines))]
            await asyncio.gather(*map(some, lines, parts))
        for line in lines:
            await line.close()


def _waiting(store: Store) -> int:
    with store.read() as tx:
        return tx.backlog(0).updates


@contextmanager
def running(url: str, count: int) -> Iterator[Replicas]:
    """Start so many on a database that has no table yet."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        telegram = stack.enter_context(closing(_Telegram()))
        replicas = stack.enter_context(closing(Replicas(telegram, folder, url, count)))
        replicas.start()
        yield replicas


def measure(size: Size) -> list[Row]:
    """Measure each number of replicas on a database of its own."""
    rows = []
    with postgresql() as url:
        for count in COUNTS if url else ():
            with running(database(str(url), f"replicas_{count}"), count) as replicas:
                replicas.handle(PEOPLE)  # they read the law and the texts
                found = [replicas.handle(size.updates // 3) for _ in range(size.repetitions)]
            plural = "s" if count > 1 else ""
            rows.append(
                Row(
                    f"{count} process{'es' if plural else ''}, updates posted and handled",
                    f"{number(median(found))}/s",
                    spread(found),
                )
            )
    return rows or [Row("no server here", "–", f"no wheel for {sys.platform}")]
