"""Updates taken up that nobody handles: those of a process that died, in a system that has several.

A process handles what it stored. What another stored and has not handled after a few seconds may be
in good hands or in none: this one tries too. The chat's lock sees to it that each update acts once,
in its order, whoever comes first.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.pacing import Loop
from bot.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.relay import Clock
    from bot.store.writer import Writer

_LOG = logging.getLogger(__name__)
_PAGE = 1000


class Rescue(Loop):
    """Looks every `tick` seconds for chats of which an update has waited as long, and notifies them."""

    def __init__(
        self, writer: Writer, notify: Callable[[int], None], clock: Clock, tick: float
    ) -> None:
        super().__init__(tick)
        self._writer, self._notify, self._clock = writer, notify, clock

    async def run(self) -> None:
        """Look until `stop`."""
        while not self._stopping:
            await self._rest(self._tick)
            try:
                await self.turn()
            except StoreError as error:
                _LOG.error("what waits cannot be looked for, trying again: %s", error)

    async def turn(self) -> int:
        """Look once; give how many chats were notified, a thousand at most, the longest waiting first."""
        now = self._clock().timestamp()
        before = int(now - self._tick)
        chats = await self._writer.read(lambda tx: tx.chats_waiting(before, _PAGE, int(now)))
        for chat_id in chats:
            self._notify(chat_id)
        return len(chats)
