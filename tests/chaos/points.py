"""The numbered points of the bot's ways at which it can be killed: see deploy/PROMISE.md.

Each is a seam of the product, wrapped from outside by `install`: no code of `bot/` knows of it. When
the file of orders says « NAME N », the process kills itself at the N-th passage of that point.
"""

from __future__ import annotations

import asyncio
import functools
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HOLD_SECONDS = 5.0


@dataclass(frozen=True)
class Point:
    """One point: its number in the promise, and how often a kill there makes a person read something again."""

    number: str
    name: str
    repeats: int = 0


UPDATE = (
    Point("1", "received"),
    Point("2", "stored"),
    Point("3", "acknowledged"),
    Point("4", "open"),
    Point("5", "written"),
    Point("6", "committed"),
)
MESSAGE = (
    Point("7", "claimed"),
    Point("8", "leaving:sendMessage"),
    Point("9", "left:sendMessage", 1),
    Point("10", "answered:sendMessage", 1),
    Point("11", "marking", 1),
    Point("12", "marked"),
)
REMINDER = (
    Point("13", "due"),
    Point("14", "waking"),
    Point("15", "woken"),
    Point("16", "fired"),
)
PRESS = (
    Point("17", "leaving:answerCallbackQuery"),
    Point("18", "left:answerCallbackQuery"),
    Point("19", "answered:answerCallbackQuery"),
)
FILE = (
    Point("20", "left:getFile"),
    Point("21", "fetching"),
    Point("22", "fetched"),
    Point("23", "accepted"),
    Point("24", "kept"),
)
PAPER = (
    Point("25", "making"),
    Point("26", "made"),
    Point("27", "left:sendDocument", 1),
    Point("28", "answered:sendDocument", 1),
)
ERASURE = (
    Point("29", "erased"),
    Point("30", "sweeping"),
    Point("31", "swept"),
    Point("32", "forgetting", 1),
)
ALL = (*UPDATE, *MESSAGE, *REMINDER, *PRESS, *FILE, *PAPER, *ERASURE)


class Orders:
    """What the harness asks of this process, read at each passage of a point."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._said = ""
        self._passed = 0

    def wanted(self) -> tuple[str, int]:
        """Give the point and the passage asked, ("", 0) when nothing is."""
        try:
            said = self._file.read_text(encoding="utf-8")
        except FileNotFoundError:
            said = ""
        if said != self._said:
            self._said, self._passed = said, 0
        name, _, passage = said.partition(" ")
        return name, int(passage or 0)

    def passed(self, name: str) -> None:
        """Die here when it was asked."""
        wanted, passage = self.wanted()
        if wanted == name:
            self._passed += 1
            if self._passed >= passage:
                os.kill(os.getpid(), signal.SIGKILL)


def install(file: Path) -> None:
    """Wrap the seams of the product in this process; nothing is undone."""
    orders = Orders(file)
    _wrap_updates(orders)
    _wrap_messages(orders)
    _wrap_requests(orders)
    _wrap_files(orders)


def _around(orders: Orders, owner: type, name: str, before: str = "", after: str = "") -> None:
    """Put a point before or after a function of a class, whichever it is."""
    inner = getattr(owner, name)

    @functools.wraps(inner)
    def plain(*given: Any, **named: Any) -> Any:
        if before:
            orders.passed(before)
        result = inner(*given, **named)
        if after:
            orders.passed(after)
        return result

    @functools.wraps(inner)
    async def awaited(*given: Any, **named: Any) -> Any:
        if before:
            orders.passed(before)
        result = await inner(*given, **named)
        if after:
            orders.passed(after)
        return result

    setattr(owner, name, awaited if asyncio.iscoroutinefunction(inner) else plain)


def _wrap_updates(orders: Orders) -> None:
    from bot.engine import Engine
    from bot.store import Tx
    from bot.telegram.handlers import Handlers
    from bot.telegram.webhook import _Post
    from bot.waking import Reminders

    _around(orders, Handlers, "store_batch", "received", "stored")
    _around(orders, _Post, "on_finish", after="acknowledged")
    _hold(orders, Handlers)
    _around(orders, Handlers, "_act", before="open")
    _around(orders, Tx, "finish_update", after="written")
    _around(orders, Handlers, "_answer", before="committed")
    _around(orders, Reminders, "_wake_chat", before="due")
    _around(orders, Engine, "handle_wake", "waking", "woken")
    _around(orders, Reminders, "_try", after="fired")


def _hold(orders: Orders, handlers: type[Any]) -> None:
    """Let nothing be handled before it was acknowledged, when that is where to die."""
    inner = handlers.handle_next

    @functools.wraps(inner)
    async def handle_next(*given: Any, **named: Any) -> Any:
        if orders.wanted()[0] == "acknowledged":
            await asyncio.sleep(_HOLD_SECONDS)
        return await inner(*given, **named)

    handlers.handle_next = handle_next


def _wrap_messages(orders: Orders) -> None:
    from bot.relay import Outbox
    from bot.store import Store, Tx

    _around(orders, Outbox, "_deliver", before="claimed")
    _around(orders, Tx, "mark_sent", after="marking")
    _around(orders, Tx, "erase_chat", after="erased")
    _around(orders, Tx, "forget_message", after="forgetting")
    _around(orders, Store, "sweep", "sweeping", "swept")
    inner = Outbox._write_down

    @functools.wraps(inner)
    async def write_down(self: Outbox, claim: int) -> Any:
        some = bool(self._settled)
        result = await inner(self, claim)
        if some:
            orders.passed("marked")
        return result

    Outbox._write_down = write_down  # type: ignore[method-assign]


def _wrap_requests(orders: Orders) -> None:
    """Put points before a request leaves, once its last byte left, and once its answer was read."""
    import httpx
    from telegram.request import HTTPXRequest

    inner, send = HTTPXRequest.do_request, httpx.AsyncClient.send

    @functools.wraps(inner)
    async def do_request(
        self: HTTPXRequest, url: str, method: str, *given: Any, **named: Any
    ) -> Any:
        asked = url.rpartition("/")[2]
        orders.passed(f"leaving:{asked}")
        result = await inner(self, url, method, *given, **named)
        orders.passed(f"answered:{asked}")
        return result

    @functools.wraps(send)
    async def traced(self: httpx.AsyncClient, request: httpx.Request, **named: Any) -> Any:
        asked = request.url.path.rpartition("/")[2]
        confirms = asked == "getUpdates" and b"offset" in request.content

        async def trace(event: str, _: Any) -> None:
            if event == "http11.send_request_body.complete":
                orders.passed(f"left:{asked}")
                if confirms:
                    orders.passed("acknowledged")

        request.extensions["trace"] = trace
        return await send(self, request, **named)

    HTTPXRequest.do_request = do_request  # type: ignore[method-assign]
    httpx.AsyncClient.send = traced  # type: ignore[method-assign]


def _wrap_files(orders: Orders) -> None:
    from bot.papers import Papers
    from bot.store import Tx
    from bot.telegram.downloads import Downloads

    _around(orders, Downloads, "_read", "fetching", "fetched")
    _around(orders, Downloads, "fetch", after="accepted")
    _around(orders, Tx, "add_file", after="kept")
    _around(orders, Papers, "bundle", "making", "made")
    _around(orders, Papers, "export", "making", "made")
