"""Pace and patience toward Telegram, and the loop that rests between two turns."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

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

    def __init__(self, rate: float, burst: int, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._tokens = float(burst)
        self._at = clock()

    def take(self) -> float:
        """Take one token, now or in advance; give the seconds until it is really there."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        self._tokens -= 1
        return max(0.0, -self._tokens / self._rate)

    def full(self) -> bool:
        """Tell whether it would be as good as new: nothing is lost by forgetting it."""
        return self._tokens + (self._clock() - self._at) * self._rate >= self._burst


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
