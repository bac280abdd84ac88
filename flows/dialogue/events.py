"""What can reach the conversation, whatever the channel. Telegram and the terminal both make these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Typed:
    """A text message."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button: `data` is the callback data exactly as it came, so hostile until read."""

    data: str


@dataclass(frozen=True, slots=True)
class Command:
    """A `/name argument` message; `name` without the slash, lower case."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """An older message was edited: answered, but never moves the conversation."""

    text: str


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """An exhibit already accepted and brought to one form: `pages` of them, `size` bytes in all.

    `id` names it for good, though it is kept only when the step makes an act whose `file` is that id.
    """

    id: str
    pages: int
    kind: Literal["pdf", "photo"]
    size: int


@dataclass(frozen=True, slots=True)
class SentFile:
    """A photo or a document. `kind` is "photo" or "document".

    Either `file`, or the code of why there is none in `refused`: too_big, unreachable, already, too_many,
    or one of `letters.exhibits.ExhibitRefused`.
    """

    kind: str
    name: str = ""
    caption: str = ""
    file: ReceivedFile | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What the conversation cannot read; `kind`: "sticker", "voice", "video", "location" and so on."""

    kind: str


@dataclass(frozen=True, slots=True)
class Woken:
    """A reminder has come due. `key` names it within its dossier; `due_at`: when it should have come."""

    dossier_id: str
    key: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Wakes:
    """Several reminders of one person, come due together: they are told as one."""

    items: tuple[Woken, ...]


Event = Typed | Pressed | Command | Edited | SentFile | Unreadable | Woken | Wakes
