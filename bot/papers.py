"""The files that are sent, made from their outbox items: letters as PDF or DOCX, and the bundle of exhibits.

Made at the moment of sending, and off the event loop: the same item gives the same bytes, so
nothing made is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

ReadFile = Callable[[str, int], Awaitable[bytes | None]]
"""Gives the content of a file of a chat, by its id and the chat; None when that chat has none such."""

# One thread: the compiler is shared, a page takes a few milliseconds and a bundle about a second.
_PRINTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="papers")


class ExhibitGone(Exception):  # noqa: N818 - what happened reads better than « …Error »
    """A file of a bundle is no longer in the store. `title` is what the person called it."""

    def __init__(self, title: str) -> None:
        super().__init__("an exhibit is gone")
        self.title = title


class TooBig(Exception):  # noqa: N818 - what happened reads better than « …Error »
    """The exhibits of a bundle weigh more than one file may."""


class Papers:
    """Makes files for the chats. `read` reaches the exhibits; few bundles are held in memory at once."""

    def __init__(self, read: ReadFile, bundles_at_once: int = 2) -> None:
        self._read = read
        self.room = asyncio.Semaphore(bundles_at_once)
        """To be held while a bundle is made and sent: each may weigh as much as Telegram takes."""

    async def document(self, item: Mapping[str, Any]) -> bytes:
        """Make the file of a `document` item."""
        # A row written before there were formats is a PDF.
        return await _made(printed, item["sheet"], item.get("format", "pdf"))

    async def bundle(self, chat_id: int, item: Mapping[str, Any]) -> bytes:
        """Make the PDF of a `bundle` item. Raises as `bundled`; a file of another chat is gone for this one."""
        contents = [(title, await self._read(file, chat_id)) for title, file in item["exhibits"]]
        return await _made(bundled, item["sheet"], item["bordereau"], contents)


async def _made(make: Callable[..., bytes], *about: Any) -> bytes:
    return await asyncio.get_running_loop().run_in_executor(_PRINTER, make, *about)


def printed(sheet: Mapping[str, Any], file_format: str) -> bytes:
    """Print a sheet, as "pdf" or "docx". Raises ValueError when it has no date."""
    # Imported late: neither the first prompt nor the bot's start waits for what only letters need.
    if file_format == "docx":
        from letters import docx

        return docx.render(sheet)
    from letters import pdf

    return pdf.render(sheet)


def bundled(
    sheet: Mapping[str, Any],
    bordereau: Mapping[str, Any],
    exhibits: Sequence[tuple[str, bytes | None]],
) -> bytes:
    """Put a letter, its list of exhibits and the exhibits (title and PDF) in one PDF.

    Raises ExhibitGone for the first that has no content, TooBig, and ValueError when the letter has
    no date.
    """
    from letters.bundle import BundleRefused, bundle
    from letters.pdf import render

    kept: list[tuple[str, bytes]] = []
    for title, content in exhibits:
        if content is None:
            raise ExhibitGone(title)
        kept.append((title, content))
    day = date.fromisoformat(sheet["date"])
    try:
        return bundle(render(sheet, day), render(bordereau, day), kept, today=day)
    except BundleRefused as refusal:
        if refusal.code == "too_big":
            raise TooBig from None
        raise
