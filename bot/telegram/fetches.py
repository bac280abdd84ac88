"""The files on their way: which updates wait for one, and what came of it.

Nothing here is the truth: an update whose file is lost with this process is still in the inbox, and
its file is fetched again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.telegram.incoming import Incoming, Remote, Said
from flows.dialogue.events import Event, SentFile

if TYPE_CHECKING:
    from bot.engine import Arrived
    from bot.telegram.downloads import Downloads


@dataclass(frozen=True, slots=True)
class Wanted:
    """An update whose file must be fetched before it can be handled."""

    update_id: int
    chat_id: int
    event: SentFile
    remote: Remote


class Fetches:
    """Fetches the files of updates beside everything else; `notify` is told the chat of each that is there."""

    def __init__(self, downloads: Downloads, notify: Callable[[int], None]) -> None:
        self._downloads, self._notify = downloads, notify
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._there: dict[int, tuple[int, SentFile, Arrived | None]] = {}
        """What came, by update: its chat, its event, its file of up to 20 MB."""
        self._closed = False

    def wanted(self, update_id: int, incoming: Incoming) -> Wanted | None:
        """Tell what must be fetched before this update is handled; None when nothing, or when it is there."""
        if not isinstance(incoming, Said) or incoming.remote is None or update_id in self._there:
            return None
        if not isinstance(incoming.event, SentFile):
            return None
        return Wanted(update_id, incoming.chat_id, incoming.event, incoming.remote)

    def start(self, wanted: Wanted) -> None:
        """Fetch a file, unless that is being done or everything is ending. Returns at once."""
        if not self._closed and wanted.update_id not in self._under_way:
            task = asyncio.create_task(self._fetch(wanted), name=f"file-{wanted.update_id}")
            self._under_way[wanted.update_id] = task

    def found(self, update_id: int, event: Event) -> tuple[Event, Arrived | None]:
        """Give the event of an update, with its file if one came."""
        _, came, arrived = self._there.get(update_id, (0, event, None))
        return came, arrived

    def forget(self, chat_id: int) -> None:
        """Let go of what came for a chat: it was handled, is to be fetched again, or left the inbox meanwhile.

        Only the oldest waiting update of a chat has its file fetched: the rest is of updates that are gone.
        """
        for update_id in [key for key, came in self._there.items() if came[0] == chat_id]:
            del self._there[update_id]

    async def close(self) -> None:
        """Drop what is under way: its updates stay in the inbox, for the next start."""
        self._closed = True
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._downloads.close()

    async def _fetch(self, wanted: Wanted) -> None:
        try:
            found = await self._downloads.fetch(wanted.event, wanted.remote)
        finally:
            del self._under_way[wanted.update_id]
        self._there[wanted.update_id] = (wanted.chat_id, *found)
        self._notify(wanted.chat_id)
