"""What the conversation shows, as outbox items: dictionaries of JSON values with a `kind`.

- `message`: a new HTML message; `edit`: the same in place of `message_id`. Keys `text`, `buttons`
  (rows of `{"data", "label"}`), `silent`, `placeholder`, `tells` (the reminders it tells, rows of
  dossier and key).
- `copy`: plain `text` and nothing else, so that it can be copied whole.
- `document`: a file made at the moment of sending from `sheet`; keys `name`, `format` ("pdf" or
  "docx"), `caption` (plain text).
- `bundle`: one PDF made at that moment from `sheet`, `bordereau` and `exhibits` (rows of title and
  file id); keys `name`, `caption`.
- `picture`: a PNG drawn at that moment from `sheet`; keys `name`, `caption`.
- `agenda`: a calendar made at that moment from `entries` (`uid`, `day`, `title`, `description`,
  `alarms`) and `made_at`; keys `name`, `caption`.
- `export`: a ZIP of what is kept of the chat, made at that moment; keys `name`, `on`, `caption`,
  `part` (from one), `parts`, `files` (ids of the exhibits of this part).
- `farewell`: as `message`; its row goes as soon as it is sent.
- `buttons_off`: the message `message_id` loses its buttons.
- `leave`: the bot leaves that group.

Bodies come escaped by the texts: nothing is escaped here. `bot.telegram.sending` sends the items;
this module knows nothing of the library, so that the engine and the terminal never pay for it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.telegram.split import clip, split_html, split_text, to_plain, units
from flows.dialogue.screens import (
    Agenda,
    Bundle,
    Choice,
    Copy,
    Entry,
    Export,
    Paper,
    Picture,
    Screen,
    Shown,
    Toast,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


Item = dict[str, Any]

FAREWELL = "farewell"
"""The kind of what is said to somebody of whom nothing is kept any more."""
FILES = frozenset({"document", "bundle", "picture", "agenda", "export"})
"""The kinds of items that are made at the moment of sending."""
DATA_LIMIT = 64  # bytes of callback data
CAPTION_LIMIT = 1024
TOAST_LIMIT = 200
PLACEHOLDER_LIMIT = 64


def to_items(shown: Sequence[Shown], pressed_message_id: int | None = None) -> list[Item]:
    """Give the outbox items for `shown`, in the order they are to be sent. Toasts are left out.

    `pressed_message_id`: the message whose button led here. A first screen that may `replace` is
    edited into it; otherwise, when new buttons come, the pressed message loses its own so that only
    one set is live. Raises ValueError for a screen Telegram cannot show (no words, callback data
    over 64 bytes).
    """
    said = [one for one in shown if not isinstance(one, Toast)]
    items: list[Item] = []
    if pressed_message_id is not None and said:
        first = said[0]
        if isinstance(first, Screen) and first.replace:
            items += _screen_items(first, pressed_message_id)
            said = said[1:]
        elif any(isinstance(one, Screen) for one in said):
            items.append({"kind": "buttons_off", "message_id": pressed_message_id})
    for one in said:
        match one:
            case Screen():
                items += _screen_items(one, None)
            case Copy(text):
                items += [{"kind": "copy", "text": p} for p in split_text(text) if p.strip()]
            case Paper():
                items += _file_items(
                    {
                        "kind": "document",
                        "name": safe_filename(one.name, one.format),
                        "format": one.format,
                        "sheet": dict(one.sheet),
                    },
                    one.caption,
                )
            case Bundle():
                items += _file_items(
                    {
                        "kind": "bundle",
                        "name": safe_filename(one.name),
                        "sheet": dict(one.sheet),
                        "bordereau": dict(one.bordereau),
                        "exhibits": [[title, file_id] for title, file_id in one.exhibits],
                    },
                    one.caption,
                )
            case Picture():
                drawn = {
                    "kind": "picture",
                    "name": safe_filename(one.name, "png"),
                    "sheet": dict(one.sheet),
                }
                items += _file_items(drawn, one.caption)
            case Agenda():
                items += _file_items(agenda_item(one), one.caption)
            case Export():
                asked = {"name": safe_filename(one.name, "zip"), "on": one.on.isoformat()}
                items += _file_items({"kind": "export", **asked}, one.caption)
    return items


def agenda_item(agenda: Agenda) -> Item:
    """Give what is stored of a calendar; `bot.agenda` makes its file of it."""
    return {
        "kind": "agenda",
        "name": safe_filename(agenda.name, "ics"),
        "entries": [_entry(one) for one in agenda.entries],
        "made_at": agenda.made_at.isoformat(),
    }


def _entry(one: Entry) -> dict[str, Any]:
    return {**asdict(one), "day": one.day.isoformat(), "alarms": list(one.alarms)}


def toast(shown: Sequence[Shown]) -> str:
    """Give the words to answer a press with, "" for a silent answer."""
    words = next((one.text for one in shown if isinstance(one, Toast)), "")
    return clip(words, TOAST_LIMIT)


def told_by(payloads: Iterable[str]) -> list[tuple[str, str]]:
    """Give the reminders that stored items tell, as (dossier, key)."""
    items = (decode(payload) for payload in payloads)
    return [(str(dossier), str(key)) for item in items for dossier, key in item.get("tells", ())]


def encode(item: Item) -> str:
    """Give the stored form of an item."""
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def decode(payload: str) -> Item:
    """Read what `encode` made. Raises ValueError on anything else."""
    item = json.loads(payload)
    if not isinstance(item, dict) or "kind" not in item:
        raise ValueError("not an outbox item")
    return item


def safe_filename(name: str, extension: str = "pdf") -> str:
    """Give a name every system takes: ASCII letters, digits, dots, dashes; ends in `.extension`."""
    ascii_name = (
        unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE"))
        .encode("ascii", "ignore")
        .decode()
    )
    stem = re.sub(r"\.(pdf|docx|png|ics|zip)\Z", "", ascii_name, flags=re.IGNORECASE)
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", stem)
    stem = re.sub(r"[-.]{2,}", "-", stem).strip("-._")[:80].rstrip("-._")
    return f"{stem or 'document'}.{extension}"


def _screen_items(screen: Screen, message_id: int | None) -> list[Item]:
    if not to_plain(screen.body).strip():
        raise ValueError("a screen without words cannot be shown")
    for choice in (choice for row in screen.choices for choice in row):
        _check_choice(choice)
    parts = [part for part in split_html(screen.body) if to_plain(part).strip()]
    items: list[Item] = [{"kind": "message", "text": part} for part in parts]
    if message_id is not None:
        items[0] |= {"kind": "edit", "message_id": message_id}
    for item in items:
        if screen.silent:
            item["silent"] = True
    last = items[-1]
    if screen.tells:
        last["tells"] = [list(told) for told in screen.tells]
    rows = [[{"data": c.data, "label": c.label} for c in row] for row in screen.choices if row]
    if rows:
        last["buttons"] = rows
    elif screen.placeholder:
        last["placeholder"] = clip(screen.placeholder, PLACEHOLDER_LIMIT)
    return items


def _check_choice(choice: Choice) -> None:
    if not 1 <= len(choice.data.encode()) <= DATA_LIMIT:
        raise ValueError(f"callback data must hold 1 to {DATA_LIMIT} bytes: {choice.data[:80]!r}")
    if not choice.label.strip():
        raise ValueError(f"the button {choice.data!r} has no words")


def _file_items(item: Item, caption: str) -> list[Item]:
    if units(caption) > CAPTION_LIMIT:
        words: list[Item] = [{"kind": "copy", "text": p} for p in split_text(caption)]
        return [*words, item]
    return [item | {"caption": caption} if caption.strip() else item]
