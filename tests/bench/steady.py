"""A steady stream of updates, and how long each waits for the last of its answers."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections import defaultdict, deque
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from tests.bench.durable import opened, play, serve
from tests.bench.offline import Answers
from tests.bench.people import exchanges
from tests.bench.report import Row, Size, percentile

RATE = 30
"""Updates a second: as many as Telegram lets a bot send messages."""
_WARM = 60
"""Updates of a run before, so that the law and the texts are read."""


class _Dated(Answers):
    """Answers as the others do, and notes when a chat was sent the last message of what it asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: defaultdict[int, deque[tuple[float, int]]] = defaultdict(deque)
        """Of each chat, what is not answered: the instant of arrival, and the messages still to come."""
        self.waited: list[float] = []

    async def do_request(
        self, url: str, method: str, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        """Give what Telegram would."""
        sent = self.sent
        given = await super().do_request(url, method, *args, **kwargs)
        if self.sent > sent:
            chat = self.asked[int(kwargs["request_data"].parameters["chat_id"])]
            at, left = chat.popleft()
            if left > 1:
                chat.appendleft((at, left - 1))
            else:
                self.waited.append(perf_counter() - at)
        return given


class _Stream:
    """Hands updates out at their instants, whether what came before is answered or not."""

    def __init__(self, updates: int, answers: _Dated) -> None:
        self._exchanges = deque(exchanges(updates))
        self._answers = answers
        answers.wanted = sum(len(said.items) for _, said in self._exchanges)
        random = Random(7)
        self._gaps = [random.expovariate(RATE) for _ in range(updates)]
        self._at: float | None = None
        self.over = asyncio.Event()

    async def next(self) -> bytes:
        """Wait for the next update; give those that came meanwhile with it, as Telegram does."""
        if not self._exchanges:
            await self._answers.all_sent.wait()
            self.over.set()
            await asyncio.Event().wait()
        if self._at is None:
            self._at = perf_counter() + self._gaps.pop()
        await asyncio.sleep(max(0.0, self._at - perf_counter()))
        batch = []
        while self._exchanges and self._at <= perf_counter():
            update, said = self._exchanges.popleft()
            if said.items:
                message = update.get("message") or update["callback_query"]["message"]
                self._answers.asked[message["chat"]["id"]].append((self._at, len(said.items)))
            batch.append(update)
            self._at += self._gaps.pop() if self._gaps else 0
        return json.dumps({"ok": True, "result": batch}).encode()


async def _measure(size: Size, folder: Path) -> list[float]:
    await play(folder / "warm", _WARM)
    answers = _Dated()
    with opened(f"sqlite:///{folder}/steady.sqlite3") as store:
        await serve(store, _Stream(int(RATE * size.steady), answers), answers)
    return answers.waited


def measure(size: Size) -> list[Row]:
    """Measure what people wait for at thirty updates a second, which come as they like."""
    with tempfile.TemporaryDirectory() as folder:
        waited = [seconds * 1e3 for seconds in asyncio.run(_measure(size, Path(folder)))]
    return [
        Row(
            f"{len(waited)} updates at {RATE}/s: raw update in to last answer out",
            f"{percentile(waited, 50):.1f} ms",
            f"p99 {percentile(waited, 99):.1f}, most {max(waited):.1f} ms",
        )
    ]
