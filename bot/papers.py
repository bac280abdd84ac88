"""The files that are sent, made from their outbox items: letters as PDF or DOCX, and the bundle of exhibits.

Made at the moment of sending, and off the event loop: the same item gives the same bytes, so
nothing made is kept. A letter is printed by a thread of the bot. The exhibits, which strangers sent,
are joined to it in a process of its own: `python -m bot.papers`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from bot.apart import Ended, bind, run_apart
from bot.limits import limits

if TYPE_CHECKING:
    from bot.export import Kept

T = TypeVar("T")
ReadFile = Callable[[str, int], Awaitable[bytes | None]]
"""Gives the content of a file of a chat, by its id and the chat; None when that chat has none such."""

Gather = Callable[[int], Awaitable["Kept"]]
"""Gives all that is kept of a chat, but the content of its files."""

# One thread: the compiler is shared, and a page takes a few milliseconds.
_PRINTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="papers")
# What the process that joins says first; the bundle follows the first of them.
_MADE, _TOO_BIG, _NOT_MADE = b"+", b">", b"-"


class ExhibitGone(Exception):  # noqa: N818 - what happened reads better than « …Error »
    """A file of a bundle is no longer in the store. `title` is what the person called it."""

    def __init__(self, title: str) -> None:
        super().__init__("an exhibit is gone")
        self.title = title


class TooBig(Exception):  # noqa: N818 - what happened reads better than « …Error »
    """The exhibits of a bundle weigh more than one file may."""


class NotMade(Exception):  # noqa: N818 - what happened reads better than « …Error »
    """The exhibits cannot be joined: one cannot be read, or all together take too long or too much memory."""


class Papers:
    """Makes files for the chats. `read` reaches the exhibits; few bundles are held in memory at once."""

    def __init__(
        self, read: ReadFile, bundles_at_once: int = 2, gather: Gather | None = None
    ) -> None:
        self._read, self._gather = read, gather
        self.room = asyncio.Semaphore(bundles_at_once)
        """To be held while a bundle is made and sent: each may weigh as much as Telegram takes."""

    async def document(self, item: Mapping[str, Any]) -> bytes:
        """Make the file of a `document` item."""
        # A row written before there were formats is a PDF.
        return await _made(printed, item["sheet"], item.get("format", "pdf"))

    async def picture(self, item: Mapping[str, Any]) -> bytes:
        """Draw the PNG of a `picture` item."""
        return await _made(drawn, item["sheet"])

    async def agenda(self, item: Mapping[str, Any]) -> bytes:
        """Make the calendar of an `agenda` item."""
        return await _made(calendar, item)

    async def bundle(self, chat_id: int, item: Mapping[str, Any]) -> bytes:
        """Make the PDF of a `bundle` item. Raises as `bundled`; a file of another chat is gone for this one."""
        exhibits = _kept(
            [(title, await self._read(file, chat_id)) for title, file in item["exhibits"]]
        )
        day = _day(item["sheet"])
        letter, listing = await _made(_printed_both, item["sheet"], item["bordereau"], day)
        return await joined_apart(letter, listing, exhibits, day)

    async def export(self, chat_id: int, item: Mapping[str, Any]) -> bytes:
        """Make one ZIP of what is kept of a chat. Its exhibits pass one by one; none of another chat's is read."""
        from bot.export import Archive

        if self._gather is None:
            raise NotMade("nothing can be gathered")
        archive = await _made(Archive, await self._gather(chat_id), item)
        for file in item["files"]:
            content = await self._read(file, chat_id)
            if content is not None:  # taken out since it was asked
                await _made(archive.add, file, content)
        return await _made(archive.done)


async def _made(make: Callable[..., T], *about: Any) -> T:
    return await asyncio.get_running_loop().run_in_executor(_PRINTER, make, *about)


def printed(sheet: Mapping[str, Any], file_format: str) -> bytes:
    """Print a sheet, as "pdf" or "docx". Raises ValueError when it has no date."""
    # Imported late: neither the first prompt nor the bot's start waits for what only letters need.
    if file_format == "docx":
        from letters import docx

        return docx.render(sheet)
    from letters import pdf

    return pdf.render(sheet)


def drawn(sheet: Mapping[str, Any]) -> bytes:
    """Draw a picture, as PNG."""
    from letters import board

    return board.render(sheet)


def calendar(item: Mapping[str, Any]) -> bytes:
    """Make a calendar file of an `agenda` item."""
    from bot import agenda

    return agenda.render(item)


def bundled(
    sheet: Mapping[str, Any],
    bordereau: Mapping[str, Any],
    exhibits: Sequence[tuple[str, bytes | None]],
) -> bytes:
    """Put a letter, its list of exhibits and the exhibits (title and PDF) in one PDF, in this process.

    Raises ExhibitGone for the first that has no content, TooBig, NotMade when one is no PDF, and
    ValueError when the letter has no date.
    """
    kept = _kept(exhibits)
    day = _day(sheet)
    letter, listing = _printed_both(sheet, bordereau, day)
    return _joined(letter, listing, kept, day)


async def joined_apart(
    letter: bytes, bordereau: bytes, exhibits: Sequence[tuple[str, bytes]], day: date
) -> bytes:
    """Join two printed PDFs and the exhibits in another process, within the limits. Raises TooBig, NotMade."""
    parts = [("", letter), ("", bordereau), *exhibits]
    told = {"day": day.isoformat(), "parts": [(title, len(content)) for title, content in parts]}
    given = [json.dumps(told).encode() + b"\n", *(content for _, content in parts)]
    try:
        written = await run_apart("bot.papers", given, limits().bundle_seconds)
    except Ended as ended:
        raise NotMade(str(ended)) from None
    outcome, content = written[:1], written[1:]
    if outcome == _TOO_BIG:
        raise TooBig
    if outcome != _MADE:
        raise NotMade("a part cannot be read")
    return content


def main() -> None:
    """Read the parts of a bundle on the standard input, join them, write the outcome: `joined_apart`."""
    bind(limits().bundle_seconds, limits().bundle_memory_bytes)
    told = json.loads(sys.stdin.buffer.readline())
    (_, letter), (_, bordereau), *exhibits = [
        (title, sys.stdin.buffer.read(size)) for title, size in told["parts"]
    ]
    outcome, content = _MADE, b""
    with contextlib.redirect_stdout(sys.stderr):
        try:
            content = _joined(letter, bordereau, exhibits, date.fromisoformat(told["day"]))
        except TooBig:
            outcome = _TOO_BIG
        except NotMade:
            outcome = _NOT_MADE
    sys.stdout.buffer.write(outcome)
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _kept(exhibits: Sequence[tuple[str, bytes | None]]) -> list[tuple[str, bytes]]:
    kept: list[tuple[str, bytes]] = []
    for title, content in exhibits:
        if content is None:
            raise ExhibitGone(title)
        kept.append((title, content))
    return kept


def _day(sheet: Mapping[str, Any]) -> date:
    if not (day := sheet.get("date")):
        raise ValueError("a letter without a date dates no bundle")
    return date.fromisoformat(day)


def _printed_both(
    sheet: Mapping[str, Any], bordereau: Mapping[str, Any], day: date
) -> tuple[bytes, bytes]:
    from letters.pdf import render

    return render(sheet, day), render(bordereau, day)


def _joined(
    letter: bytes, bordereau: bytes, exhibits: Sequence[tuple[str, bytes]], day: date
) -> bytes:
    from letters.bundle import BundleRefused, bundle

    try:
        return bundle(letter, bordereau, exhibits, today=day)
    except BundleRefused as refusal:
        if refusal.code == "too_big":
            raise TooBig from None
        raise NotMade("a part cannot be read") from None


if __name__ == "__main__":
    main()
