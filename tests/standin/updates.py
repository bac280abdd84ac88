"""Updates waiting for the bot: numbered, confirmed by offset, polled by one, kept a day."""

from __future__ import annotations

import copy
import itertools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .limits import ApiError, Json, Limits

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

# What Telegram leaves out unless it is asked for by name.
_ON_DEMAND = {"chat_member", "message_reaction", "message_reaction_count"}
_ENDED = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
_WEBHOOK_SET = "Conflict: terminated by setWebhook request"
_WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


@dataclass(frozen=True, slots=True)
class Pending:
    """An update and the moment it came, in Unix seconds."""

    number: int
    update: Json
    at: float


class UpdateQueue:
    """The updates of the bot. Call it with the world's lock held; `poll` lets it go to wait."""

    def __init__(
        self, changed: threading.Condition, now: Callable[[], float], limits: Limits
    ) -> None:
        self._changed = changed
        self._now = now
        self._limits = limits
        self._numbers = itertools.count(700_000_001)
        self._pending: list[Pending] = []
        self._again: list[Pending] = []
        self._poll = 0
        self.all: list[Json] = []
        self.allowed: list[str] = []
        self.webhook: Json | None = None
        self.closed = False

    def add(self, kind: str, content: Json) -> None:
        """Queue an update of this kind, unless the bot did not ask for it."""
        asked = kind in self.allowed if self.allowed else kind not in _ON_DEMAND
        if not asked:
            return
        number = next(self._numbers)
        update = {"update_id": number, kind: copy.deepcopy(content)}
        self.all.append(update)
        self._pending.append(Pending(number, update, self._now()))
        self._changed.notify_all()

    def again(self, update: Json) -> None:
        """Deliver once more an update already delivered."""
        self._again.append(Pending(update["update_id"], update, self._now()))
        self._changed.notify_all()

    def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Confirm what comes before `offset`; return up to `limit` updates, waiting if none.

        A negative offset keeps only that many of the last updates. A newer poll ends an older one
        with 409.
        """
        if self.webhook is not None:
            raise ApiError(409, _WEBHOOK_ACTIVE)
        self._poll += 1
        mine = self._poll
        self._changed.notify_all()
        if offset < 0:
            self._pending = self._pending[offset:]
        else:
            self.confirm(offset)
        until = time.monotonic() + seconds
        while not (found := self._next(limit)):
            left = until - time.monotonic()
            if left <= 0 or self.closed:
                return []
            self._changed.wait(left)
            if self.webhook is not None:
                raise ApiError(409, _WEBHOOK_SET)
            if self._poll != mine:
                raise ApiError(409, _ENDED)
        return found

    def confirm(self, offset: int) -> None:
        """Forget the updates whose number is below `offset`."""
        self._pending = [pending for pending in self._pending if pending.number >= offset]

    def first(self) -> Json | None:
        """Return the update to post next, None when there is none; `taken` then removes it."""
        self._forget_old()
        return next((pending.update for pending in [*self._again, *self._pending]), None)

    def taken(self, update: Json) -> None:
        """Remove an update that was posted and accepted."""
        for waiting in (self._again, self._pending):
            for pending in waiting:
                if pending.update is update:
                    waiting.remove(pending)
                    return

    def waiting(self) -> int:
        """Return how many updates are not confirmed yet."""
        self._forget_old()
        return len(self._pending)

    def clear(self) -> None:
        """Drop every update not confirmed."""
        self._pending.clear()

    def _next(self, limit: int) -> list[Json]:
        self._forget_old()
        if self._again:
            found = [pending.update for pending in self._again[:limit]]
            del self._again[:limit]
            return found
        return [pending.update for pending in self._pending[:limit]]

    def _forget_old(self) -> None:
        oldest = self._now() - self._limits.update_lifetime
        self._pending = [pending for pending in self._pending if pending.at >= oldest]
