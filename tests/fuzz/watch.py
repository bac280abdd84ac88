"""What is watched while strangers play: the log, the figures, what can be read of an update or a file."""

from __future__ import annotations

import io
import logging
import traceback
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import bot.papers
from bot.accepting import accept_here

if TYPE_CHECKING:
    from letters.exhibits import Exhibit
    from tests.fuzz.updates import Json


class Watch(logging.Handler):
    """Keeps what the bot says went wrong."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.errors: list[str] = []
        self.warnings = Counter[str]()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep an error whole, a warning by its words."""
        if record.levelno < logging.ERROR and not record.exc_info:
            self.warnings[str(record.msg)] += 1
            return
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.errors.append(f"{record.name}: {record.getMessage()}\n{trace}")


@dataclass
class Figures:
    """What a run came to."""

    updates: int = 0
    seconds: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    foreseen: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[int, float, Counter[str]]] = field(default_factory=list)
    """After how many updates, the megabytes held and the objects by their class."""
    most: Counter[str] = field(default_factory=Counter)
    """The largest of what is kept, in characters, the acts of a dossier, and what an update took."""
    defects: list[str] = field(default_factory=list)


def told(update: Json) -> str:
    """Give an update in a line, short enough to be read."""
    kept = {k: v for k, v in update.items() if k != "update_id"}
    for inside in kept.values():
        if isinstance(inside, dict):
            kept = {
                k: v
                for k, v in inside.items()
                if k not in {"from", "chat", "date", "message_id", "chat_instance", "id"}
            }
    return ascii(kept)[:300]


def words_of(content: bytes) -> str:
    """Give what can be read of a file: a calendar, the parts of an archive."""
    if content.startswith(b"BEGIN:VCALENDAR"):
        return content.decode("utf-8", "ignore")
    if not content.startswith(b"PK"):
        return ""  # a PDF, a picture: what they are made of was read before
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [
            archive.read(n) for n in archive.namelist() if n.endswith((".json", ".xml", ".txt"))
        ]
    return " ".join(part.decode("utf-8", "ignore") for part in parts)


@cache
def _accepted(content: bytes) -> Exhibit:
    return accept_here(content)


async def accepted(content: bytes) -> Exhibit:
    """Accept a file here and now, and remember it: people send the same few."""
    return _accepted(content)


async def joined_here(letter: bytes, bordereau: bytes, exhibits: Any, day: Any) -> bytes:
    """Join a bundle in this process, as the one apart would."""
    return await bot.papers._made(bot.papers._joined, letter, bordereau, exhibits, day)
