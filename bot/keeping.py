"""What has been kept long enough, looked for once an hour: told first, then erased.

Chat by chat, each in its own transaction, so that whoever writes meanwhile has their turn. What is kept for
ever (both settings at 0) is not even looked at.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.pacing import Loop
from bot.store import StoreError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.engine import Engine
    from bot.store import Tx
    from bot.store.writer import Writer
    from flows.dialogue.keeping import Retention

_LOG = logging.getLogger(__name__)
_HOUR = 3600.0
_PAGE = 500


class Keeping(Loop):
    """Has the engine look at those of whom something has been kept for long. `keep`: for how long."""

    def __init__(
        self, engine: Engine, keep: Retention, writer: Writer, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(_HOUR)
        self._engine, self._keep, self._writer, self._clock = engine, keep, writer, clock

    async def run(self) -> None:
        """Look until `stop`."""
        while not self._stopping:
            try:
                await self.turn()
            except StoreError as error:
                _LOG.error(
                    "what was kept long enough cannot be looked for, trying again: %s", error
                )
            await self._rest(_HOUR)

    async def turn(self) -> int:
        """Look at everybody once; give how many were told or lost something."""
        changed = 0
        for look in self._looks():
            after: int | None = None
            while not self._stopping:
                page, chats = await self._writer.read(lambda tx: look(tx, after))  # noqa: B023
                for chat_id in chats:
                    changed += await self._review(chat_id)
                if page is None:
                    break
                after = page
        return changed

    def _looks(self) -> Iterator[Callable[[Tx, int | None], tuple[int | None, list[int]]]]:
        if self._keep.finished_days:
            yield self._finished
        if self._keep.silent_days:
            yield self._silent

    def _finished(self, tx: Tx, after: int | None) -> tuple[int | None, list[int]]:
        """Give a page of the chats that have a finished dossier untouched for as long as a notice lasts."""
        days = min(self._keep.notice_days, self._keep.finished_days)
        before = int(self._clock().timestamp()) - max(days - 1, 0) * 86_400
        chats = tx.chats_with_finished(before, after, _PAGE)
        return (chats[-1] if len(chats) == _PAGE else None), chats

    def _silent(self, tx: Tx, after: int | None) -> tuple[int | None, list[int]]:
        """Give a page of chats, those in it who said nothing for long, or of whom that is not noted yet."""
        rows = tx.conversations_page(after, _PAGE)
        days = timedelta(days=self._keep.silent_days - self._keep.notice_days - 1)
        since = (self._clock().astimezone(UTC) - max(days, timedelta())).date().isoformat()
        chats = [chat for chat, data in rows if str(json.loads(data).get("heard_on", "")) <= since]
        return (rows[-1][0] if len(rows) == _PAGE else None), chats

    async def _review(self, chat_id: int) -> bool:
        now = self._clock()
        try:
            return await self._writer.run(
                lambda tx: self._engine.review(tx, chat_id, self._keep, now=now)
            )
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one chat that fails must not stop the others
            _LOG.error("what is kept of a chat could not be looked at: %s", type(error).__name__)
            return False
