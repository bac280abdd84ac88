"""An update of the Bot API, as the raw JSON that was stored, to what the conversation understands.

Works on the stored dictionary and imports no library: a kind of update or message that no library
knows yet is then one more thing that cannot be read, never a batch that cannot be parsed. Whatever
is in it was written by a stranger: nothing here raises, a payload of an unforeseen shape is
`Ignored`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flows.dialogue.events import Command, Edited, Event, Pressed, SentFile, Typed, Unreadable

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""What is asked of Telegram: nothing else is ever sent to the bot."""

_ID_LIMIT = 2**63
_COMMAND = re.compile(r"/([^\W\d]\w{0,31})(?:@\w+)?(?:\s+(.*))?\s*", re.DOTALL)
_FILES = ("photo", "document")
_UNREADABLE = (
    "sticker",
    "voice",
    "video",
    "video_note",
    "animation",
    "audio",
    "location",
    "venue",
    "contact",
    "poll",
    "dice",
    "story",
    "game",
    "paid_media",
    "checklist",
)
# Written by Telegram, not by the person: nothing to answer.
_SERVICE = frozenset(
    {
        "pinned_message",
        "message_auto_delete_timer_changed",
        "write_access_allowed",
        "chat_background_set",
        "boost_added",
        "proximity_alert_triggered",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "gift",
        "unique_gift",
        "connected_website",
    }
)
_NAME_LIMIT = 120
_GROUPS = frozenset({"group", "supergroup"})
_PRESENT = frozenset({"creator", "administrator", "member", "restricted"})


@dataclass(frozen=True, slots=True)
class Remote:
    """A file that Telegram holds. `size` is what it says of it, None when it says nothing usable."""

    file_id: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A person did something in their private chat.

    `callback_id` and `message_id` are set for a press: the query to answer, the message that was
    pressed. `remote` is the file of a `SentFile`, to be fetched before the event is handled.
    """

    chat_id: int
    event: Event
    first_name: str = ""
    callback_id: str | None = None
    message_id: int | None = None
    remote: Remote | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """The person blocked the bot (`reachable` False) or let it in again."""

    chat_id: int
    reachable: bool


@dataclass(frozen=True, slots=True)
class Intruded:
    """The bot is in a group, where it has no business. `added`: it has just been put there."""

    chat_id: int
    added: bool
    callback_id: str | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing to do, not even to store."""


Incoming = Said | Reached | Intruded | Ignored


def read_update(payload: Mapping[str, Any]) -> Incoming:
    """Read one update. Never raises: what has not the expected shape is `Ignored`."""
    try:
        if isinstance(query := payload.get("callback_query"), Mapping):
            return _press(query)
        if isinstance(message := payload.get("message"), Mapping):
            return _message(message, edited=False)
        if isinstance(message := payload.get("edited_message"), Mapping):
            return _message(message, edited=True)
        if isinstance(change := payload.get("my_chat_member"), Mapping):
            return _membership(change)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return Ignored()
    return Ignored()


def stored(payload: Mapping[str, Any]) -> str:
    """Give the text of an update as it is kept, with what no database can hold taken out.

    Raises RecursionError on one nested without reason.
    """
    text = _written(payload)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _written(scrub(payload))
    return _written(scrub(payload)) if "\\u0000" in text else text


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def scrub(value: Any) -> Any:
    """Give the same JSON value without the characters no database and no UTF-8 text can hold.

    These are the null character and halves of surrogate pairs; everything else is kept as typed.
    """
    if isinstance(value, str):
        if "\0" not in value and value.isprintable():
            return value
        return value.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
    if isinstance(value, Mapping):
        return {scrub(k): scrub(v) for k, v in value.items()}
    if isinstance(value, list):
        return [scrub(item) for item in value]
    return value


def _press(query: Mapping[str, Any]) -> Incoming:
    person, message = query["from"], query.get("message")
    if not isinstance(message, Mapping):
        return Ignored()  # a button under an inline message: the bot makes none
    chat_id, callback_id = _chat_id(message["chat"]), str(query["id"])
    if message["chat"]["type"] in _GROUPS:
        return Intruded(chat_id, added=False, callback_id=callback_id)
    if message["chat"]["type"] != "private":
        return Ignored()
    return Said(
        chat_id,
        Pressed(_text(query.get("data"))),
        _one_line(_text(person.get("first_name"))),
        callback_id=callback_id,
        # Telegram gives 0 for a message it has not sent yet: nothing can be done to it.
        message_id=number if (number := _whole(message["message_id"])) > 0 else None,
    )


def _message(message: Mapping[str, Any], *, edited: bool) -> Incoming:
    chat = message["chat"]
    chat_id = _chat_id(chat)
    if chat["type"] in _GROUPS:
        added = "new_chat_members" in message or "group_chat_created" in message
        return Ignored() if "left_chat_member" in message else Intruded(chat_id, added=added)
    sender = message.get("from") or {}
    if chat["type"] != "private" or sender.get("is_bot"):
        return Ignored()
    event = _edited(message) if edited else _event(message)
    if event is None:
        return Ignored()
    first_name = _one_line(_text(sender.get("first_name")))
    if not isinstance(event, SentFile):
        return Said(chat_id, event, first_name)
    remote = _remote(message[event.kind])
    if remote is None:
        event = replace(event, refused="unreachable")
    return Said(chat_id, event, first_name, remote=remote)


def _edited(message: Mapping[str, Any]) -> Event | None:
    text = _text(message.get("text")) or _text(message.get("caption"))
    # Without words it is a live location moving, which would be answered every few seconds.
    return Edited(text) if text else None


def _event(message: Mapping[str, Any]) -> Event | None:
    if "text" in message:
        text = _text(message["text"])
        return read_command(text) or Typed(text)
    caption = _text(message.get("caption"))
    # An animation also carries a "document", so the other kinds are looked for first.
    for kind in _UNREADABLE:
        if kind in message:
            return Unreadable(kind)
    for kind in _FILES:
        if kind in message:
            content = message[kind]
            name = _text(content.get("file_name")) if isinstance(content, Mapping) else ""
            return SentFile(kind, file_name(name), caption)
    return None if _SERVICE & message.keys() else Unreadable("other")


def file_name(name: str) -> str:
    """Give the last part of a file's name as it can be shown: one line, no path, nothing unseen."""
    return _one_line(re.split(r"[/\\]", name)[-1])


def _one_line(text: str) -> str:
    shown = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(shown.split())[:_NAME_LIMIT].strip()


def _remote(content: Any) -> Remote | None:
    """Read which file a message holds: of a photo, the largest of its sizes. None without a usable one."""
    sizes = content if isinstance(content, list) else [content]
    known = [s for s in sizes if isinstance(s, Mapping) and _text(s.get("file_id"))]
    if not known:
        return None
    largest = max(known, key=lambda s: _count(s.get("width")) * _count(s.get("height")))
    return Remote(largest["file_id"], _count(largest.get("file_size")) or None)


def _count(value: Any) -> int:
    return value if type(value) is int and value > 0 else 0


def read_command(text: str) -> Command | None:
    """Read « /nom argument » ; None when the text is no command.

    The name loses its @address, capitals and accents, since people type « /Confidentialité ».
    """
    found = _COMMAND.fullmatch(text)
    if found is None:
        return None
    name = "".join(
        c for c in unicodedata.normalize("NFKD", found[1].lower()) if not unicodedata.combining(c)
    )
    return Command(name, (found[2] or "").strip())


def _membership(change: Mapping[str, Any]) -> Incoming:
    chat = change["chat"]
    status = change["new_chat_member"]["status"]
    if chat["type"] == "private":
        return Reached(_chat_id(chat), reachable=status in _PRESENT)
    if chat["type"] in _GROUPS and status in _PRESENT:
        was = (change.get("old_chat_member") or {}).get("status")
        return Intruded(_chat_id(chat), added=was not in _PRESENT)
    return Ignored()


def _chat_id(chat: Mapping[str, Any]) -> int:
    return _whole(chat["id"])


def _whole(value: Any) -> int:
    if type(value) is not int or abs(value) >= _ID_LIMIT:  # no database could hold it
        raise ValueError("no whole number of 64 bits")
    return value


def is_update(value: Any) -> bool:
    """Tell whether a JSON value is an update: an object whose `update_id` can be kept."""
    found = value.get("update_id") if isinstance(value, dict) else None
    return type(found) is int and 0 <= found < _ID_LIMIT


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
