"""What the conversation shows, whatever the channel.

`Screen.body` is HTML of the small subset Telegram knows (b, i, u, s, code, pre, a, blockquote); everything a
person typed has been escaped when the text was made. `Copy.text` is plain text, to be sent as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: `data` is the callback data (at most 64 bytes), `label` its words."""

    data: str
    label: str


@dataclass(frozen=True, slots=True)
class Screen:
    """A message with buttons, in rows. `replace`: may take the place of the message just pressed.

    `tells`: the reminders it tells, as (dossier, key), should it never arrive.
    """

    body: str
    choices: tuple[tuple[Choice, ...], ...] = ()
    replace: bool = False
    silent: bool = False
    placeholder: str = ""
    tells: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """A message that holds only a draft, so that it can be copied whole. Never has buttons."""

    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to be made and sent: `sheet` is what `letters.pdf` and `letters.docx` take, as JSON values."""

    name: str
    sheet: Mapping[str, Any]
    caption: str = ""
    format: Literal["pdf", "docx"] = "pdf"


@dataclass(frozen=True, slots=True)
class Bundle:
    """One PDF to be made and sent: the letter, its list of exhibits, then each exhibit, stamped.

    `exhibits` holds the title and the file id of each, in the order of their numbers.
    """

    name: str
    sheet: Mapping[str, Any]
    bordereau: Mapping[str, Any]
    exhibits: tuple[tuple[str, str], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image to be drawn and sent: `sheet` is what `letters.board` takes, as JSON values.

    All it shows is also said in words beside it: a picture that cannot be seen takes nothing away.
    """

    name: str
    sheet: Mapping[str, Any]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole day of a calendar. `uid` stays the same for the same thing, so that it replaces itself.

    `alarms`: how many days before it, from none, a phone should ring.
    """

    uid: str
    day: date
    title: str
    description: str
    alarms: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Agenda:
    """A calendar file to be made and sent, as it stands at `made_at` (aware)."""

    name: str
    entries: tuple[Entry, ...]
    made_at: datetime
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """All that is kept of the person, to be made at the moment of sending: one or several ZIP files.

    `on`: the day it was asked.
    """

    name: str
    on: date
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Toast:
    """A short word over the screen, for a button that changes nothing (at most 200 characters)."""

    text: str


Shown = Screen | Copy | Paper | Bundle | Picture | Agenda | Export | Toast
