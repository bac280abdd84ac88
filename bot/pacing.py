"""Pace and patience toward Telegram, and the loop that rests between two turns."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Policy:
    """Pace toward Telegram and patience. Rates are messages a second, waits are seconds."""

    overall_rate: float = 28
    overall_burst: int = 2
    """With the rate, never more than 30 in any second, which is what Telegram allows a bot."""
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


class Loop:
    """A loop that works when kicked, when something is due, or at a tick."""

    def __init__(self, tick: float) -> None:
        self._kicked = asyncio.Event()
        self._stopping = False
        self._tick = tick

    def kick(self) -> None:
        """Look now. Never lost: one that comes during a turn leads to another turn."""
        self._kicked.set()

    def stop(self) -> None:
        """End after what is being done."""
        self._stopping = True
        self._kicked.set()

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._kicked.wait(), max(0.01, min(seconds, self._tick)))
        self._kicked.clear()
