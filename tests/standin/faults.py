"""What goes wrong on purpose: refusals, silence, lost answers, and Telegram's own pace."""

from __future__ import annotations

import math
import threading
from collections import deque
from dataclasses import dataclass

from .limits import ApiError, too_many

_REASONS = {
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(slots=True)
class Fault:
    """A fault planned for the next `times` calls of a method, after letting `skip` of them pass.

    `kind`: "error" answers `error`; "drop" closes the connection before any work; "hang" keeps it
    open without work for `seconds`, then closes it; "lose" does the work, then closes; "stall"
    does the work, then hangs; "late" does the work and answers after `seconds`. The method « file »
    is the download of one: half of it is its work done for "lose" and "stall", and "drip" waits
    `seconds` before the other half.
    """

    method: str
    kind: str
    times: int
    chat_id: int | None = None
    skip: int = 0
    error: ApiError | None = None
    seconds: float = 60.0

    def fits(self, method: str, chat_id: int | None) -> bool:
        """Whether this call is one of those meant; "*" means any but getUpdates."""
        named = method != "getupdates" if self.method == "*" else self.method == method
        return named and self.chat_id in {None, chat_id}


class Faults:
    """The faults planned, first planned first used. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[Fault] = []

    def refuse(
        self,
        method: str,
        code: int,
        times: int = 1,
        *,
        retry_after: int = 1,
        description: str = "",
        chat_id: int | None = None,
        skip: int = 0,
    ) -> None:
        """Answer the next calls with this error code: 403, 429 (with `retry_after`), 500, 502.

        A code without a usual description needs one: ValueError otherwise.
        """
        if code == 429:
            error = too_many(retry_after)
        else:
            error = ApiError(code, description or _REASONS.get(code, ""))
            if not error.description:
                raise ValueError(f"give the description of a {code}")
        self._plan(Fault(method.lower(), "error", times, chat_id, skip, error))

    def lose_answer(
        self, method: str, times: int = 1, *, chat_id: int | None = None, skip: int = 0
    ) -> None:
        """Do the work of the next calls, then close the connection instead of answering."""
        self._plan(Fault(method.lower(), "lose", times, chat_id, skip))

    def stall(
        self, method: str, seconds: float, times: int = 1, *, chat_id: int | None = None
    ) -> None:
        """Do the work of the next calls, stay silent for `seconds`, close: the client times out."""
        self._plan(Fault(method.lower(), "stall", times, chat_id, seconds=seconds))

    def late(
        self, method: str, seconds: float, times: int = 1, *, chat_id: int | None = None
    ) -> None:
        """Do the work of the next calls, and answer them `seconds` later."""
        self._plan(Fault(method.lower(), "late", times, chat_id, seconds=seconds))

    def hang(
        self, method: str, seconds: float, times: int = 1, *, chat_id: int | None = None
    ) -> None:
        """Stay silent for `seconds` and close, without doing the work."""
        self._plan(Fault(method.lower(), "hang", times, chat_id, seconds=seconds))

    def drip(self, seconds: float, times: int = 1) -> None:
        """Serve half of the next files, wait `seconds`, serve the rest."""
        self._plan(Fault("file", "drip", times, seconds=seconds))

    def drop(
        self, method: str, times: int = 1, *, chat_id: int | None = None, skip: int = 0
    ) -> None:
        """Close the connection of the next calls without doing the work."""
        self._plan(Fault(method.lower(), "drop", times, chat_id, skip))

    def clear(self) -> None:
        """Forget every fault planned."""
        with self._lock:
            self._planned.clear()

    @property
    def left(self) -> int:
        """How many faults have not struck yet."""
        with self._lock:
            return sum(fault.times for fault in self._planned)

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """Return the fault that strikes this call, used up by one; None when it is spared."""
        with self._lock:
            for fault in self._planned:
                if not fault.fits(method.lower(), chat_id):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self._planned.remove(fault)
                return fault
        return None

    def _plan(self, fault: Fault) -> None:
        if fault.times < 1 or fault.skip < 0:
            raise ValueError("a fault strikes at least once and skips no less than none")
        with self._lock:
            self._planned.append(fault)


@dataclass(slots=True)
class _Bucket:
    """A bucket of `size` messages filled again at `rate` a second."""

    size: float
    rate: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Return the seconds until one message fits, 0 when it does."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.level >= 1 else (1 - self.level) / self.rate


class Pace:
    """Telegram's flood control: a message a second in a chat after a burst, 30 a second overall.

    In a group, 20 a minute. Times are the server's clock, so moving it forward refills the buckets.
    """

    def __init__(
        self, *, chat_rate: float = 1.0, chat_burst: int = 3, overall: int = 30, group: int = 20
    ) -> None:
        self._chat_rate = chat_rate
        self._chat_burst = chat_burst
        self._overall_rate = overall
        self._group = group
        self._overall = deque[float]()
        self._chats: dict[int, _Bucket] = {}
        self._groups: dict[int, deque[float]] = {}

    def spend(self, chat_id: int, now: float, *, private: bool) -> None:
        """Count one message, or raise the 429 that tells how long to wait."""
        waits = [_window_wait(self._overall, self._overall_rate, 1.0, now)]
        bucket = self._chats.get(chat_id)
        if bucket is None:
            size = float(self._chat_burst)
            bucket = self._chats[chat_id] = _Bucket(size, self._chat_rate, size, now)
        waits.append(bucket.wait(now))
        window = self._groups.setdefault(chat_id, deque())
        if not private:
            waits.append(_window_wait(window, self._group, 60.0, now))
        if (wait := max(waits)) > 0:
            raise too_many(math.ceil(wait))
        bucket.level -= 1
        self._overall.append(now)
        window.append(now)


def _window_wait(window: deque[float], most: int, span: float, now: float) -> float:
    """Return the seconds until a window of `most` messages in `span` seconds takes one more."""
    while window and window[0] <= now - span:
        window.popleft()
    return window[0] + span - now if len(window) >= most else 0.0
