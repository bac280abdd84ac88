"""Pace and patience toward Telegram, and the loop that rests between two turns."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_LOG = logging.getLogger(__name__)
_CHATS_KNOWN = 1000
"""Chats whose allowance is remembered before those that are whole again are forgotten."""
_PATIENCE = 10.0
"""Seconds after which an unanswered request, a large upload perhaps, holds back no other."""
_LOOK_AGAIN = 0.05


@dataclass(frozen=True, slots=True)
class Policy:
    """Pace toward Telegram and patience. Rates are messages a second, waits are seconds."""

    overall_rate: float = 28
    overall_burst: int = 2
    """With the rate, never more than 30 in any second, which is what Telegram allows a bot. A `Window`
    of as many sees to it where they arrive, too."""
    chat_rate: float = 1
    chat_burst: int = 3
    in_flight: int = 60
    attempts: int = 12
    """Times a message answered by 5xx is tried in all."""
    unsure_attempts: int = 3
    """Times a message whose answer was lost is tried in all: the bound on its duplicates."""
    bundle_attempts: int = 3
    """Times a bundle is made in all, once a bot that was making or sending it was killed."""
    longest_wait: int = 60
    download_waits: tuple[float, ...] = (1, 3, 9)
    """Before each further try at fetching a file that a person sent."""
    tick: float = 5
    keep_days: int = 3


class Bucket:
    """A token bucket. Waits queue up in the order of the calls."""

    def __init__(
        self, rate: float, burst: int, clock: Callable[[], float], *, level: int | None = None
    ) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._tokens = float(burst if level is None else level)
        self._at = clock()

    def take(self) -> float:
        """Take one token, now or in advance; give the seconds until it is really there."""
        self._fill()
        self._tokens -= 1
        return max(0.0, -self._tokens / self._rate)

    def halt(self) -> None:
        """Note that what was taken leaves now. Until `go_on` nothing comes back: it may arrive at any moment."""
        self._fill()

    def go_on(self) -> None:
        """Note that it arrived, at the latest now."""
        self._at = self._clock()

    def _fill(self) -> None:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now

    def full(self) -> bool:
        """Tell whether it would be as good as new: nothing is lost by forgetting it."""
        return self._tokens + (self._clock() - self._at) * self._rate >= self._burst


class Buckets:
    """A bucket for each chat, alike; those that are whole again are forgotten now and then."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._known: dict[int, Bucket] = {}
        self._most = _CHATS_KNOWN

    def of(self, chat_id: int, *, level: int | None = None) -> Bucket:
        """Give the bucket of a chat; one that is not known has `level` tokens, or is whole."""
        if len(self._known) > self._most:
            self._known = {c: b for c, b in self._known.items() if not b.full()}
            # Looked through again once it has doubled: never at each message of a busy day.
            self._most = max(_CHATS_KNOWN, 2 * len(self._known))
        bucket = self._known.get(chat_id)
        if bucket is None:
            bucket = self._known[chat_id] = Bucket(
                self._rate, self._burst, self._clock, level=level
            )
        return bucket

    def clear(self) -> None:
        """Forget them all."""
        self._known.clear()


class Window:
    """At most `count` in any second where they arrive, however long each is on its way.

    Those that left apart may arrive together. When each arrived is not known; only that it was after
    it left and before it was answered: so each takes its place from the one to a second past the
    other. One that is not answered for long gives its place up.
    """

    def __init__(self, count: int, clock: Callable[[], float]) -> None:
        self._count, self._clock = count, clock
        self._out: dict[int, float] = {}
        self._answered: deque[float] = deque()

    def wait(self) -> float:
        """Give the seconds until there may be a place; 0 when there is one."""
        now = self._clock()
        while self._answered and self._answered[0] + 1 <= now:
            self._answered.popleft()
        free = self._count - len(self._answered)
        if len(self._out) < free or sum(now - at < _PATIENCE for at in self._out.values()) < free:
            return 0
        return self._answered[0] + 1 - now if self._answered else _LOOK_AGAIN

    def enter(self, key: int) -> None:
        """Take a place: the request leaves now."""
        self._out[key] = self._clock()

    def leave(self, key: int) -> None:
        """Note that the request was answered or lost; nothing when it had not left."""
        if self._out.pop(key, None) is not None:
            self._answered.append(self._clock())


class Pacer:
    """Spaces out what leaves: for the whole bot, for each chat, and as long as Telegram says to wait."""

    def __init__(
        self,
        policy: Policy,
        pace: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._policy, self._pace, self._sleep = policy, pace, sleep
        self._overall = Bucket(policy.overall_rate, policy.overall_burst, pace)
        self._window = Window(int(policy.overall_rate + policy.overall_burst), pace)
        self._gate = asyncio.Lock()
        self._chats = Buckets(policy.chat_rate, policy.chat_burst, pace)
        self._out: dict[int, Bucket] = {}
        self._waited_out: dict[int, float] = {}
        self._closed_until = 0.0
        self._careful_until = 0.0

    def closed(self) -> float:
        """Give the seconds during which nothing may leave; 0 or less when something may."""
        return self._closed_until - self._pace()

    async def wait(self, chat_id: int, key: int) -> None:
        """Wait until a message to a chat may leave, and take its place until `left(key)`."""
        while (wait := self.closed()) > 0:  # first: an allowance grows again while all waits
            await self._sleep(wait)
        careful = self._careful_until > self._pace()
        bucket = self._chats.of(chat_id, level=1 if careful else None)
        if wait := bucket.take():
            await self._sleep(wait)
        # One after the other: those that slept too long, or were all held, do not leave as a crowd.
        async with self._gate:
            if wait := self._overall.take():
                await self._sleep(wait)
            while (wait := max(self.closed(), self._window.wait())) > 0:
                await self._sleep(wait)
            self._window.enter(key)
        bucket.halt()
        self._out[key] = bucket

    def left(self, key: int) -> None:
        """Note that a message was answered or lost."""
        self._window.leave(key)
        if bucket := self._out.pop(key, None):
            bucket.go_on()

    def passed(self, chat_id: int) -> None:
        """Note that Telegram took a message of a chat."""
        self._waited_out.pop(chat_id, None)

    def hold(self, chat_id: int, seconds: float) -> None:
        """Note that Telegram asks to wait: for a chat, and for all when two chats at once are told so."""
        _LOG.warning("429: a chat waits %g s", seconds)
        now = self._pace()
        self._waited_out = {c: end for c, end in self._waited_out.items() if end > now}
        self._waited_out[chat_id] = now + seconds
        if len(self._waited_out) > 1:
            # Telegram does not say which limit was met; two chats at once mean the one of the whole
            # bot.
            _LOG.warning("429: all chats wait %g s", seconds)
            self._closed_until = max(self._closed_until, now + seconds)

    def follow(self, pause: float) -> None:
        """Begin after another process, which may have sent all that was allowed until `pause` seconds hence.

        Nothing leaves before, and until its allowance is surely whole again a chat has one message
        rather than a burst.
        """
        now = self._pace()
        self._closed_until = max(self._closed_until, now + pause)
        self._careful_until = now + pause + self._policy.chat_burst / self._policy.chat_rate
        self._chats.clear()


class Loop:
    """A loop that works when kicked, when something is due, or at a tick."""

    def __init__(self, tick: float) -> None:
        self._kicked = asyncio.Event()
        self._stopping = False
        self._tick = tick
        self.turned_at = time.monotonic()
        """When it last showed that it works, on the monotonic clock."""

    def kick(self) -> None:
        """Look now. Never lost: one that comes during a turn leads to another turn."""
        self._kicked.set()

    def stop(self) -> None:
        """End after what is being done."""
        self._stopping = True
        self._kicked.set()

    async def _rest(self, seconds: float) -> None:
        self.turned_at = time.monotonic()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._kicked.wait(), max(0.01, min(seconds, self._tick)))
        self._kicked.clear()
