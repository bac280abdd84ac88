"""From what was written to what Telegram keeps: cleaned, parsed, trimmed, measured, linked."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

from .limits import Json, Limits, bad_request, utf16_length
from .markup import parse_html

_AUTOMATIC = re.compile(
    r"(?P<url>(?:https?|tg)://[^\s<>«»]+[^\s<>«».,;:!?)\]]|\bwww\.[^\s<>«»]+\w)"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w/])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/])"
    r"|(?<!\w)(?P<mention>@[A-Za-z]\w{3,31})\b"
    r"|(?<!\w)(?P<hashtag>#(?=\w*[^\W\d])\w+)"
)
_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")
_CLOSED = {"code", "pre", "text_link", "text_mention"}


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as Telegram keeps it, its entities, and the HTML it was sent as."""

    text: str
    entities: list[Json] = field(default_factory=list)
    html: str = ""


def read(
    raw: str, parse_mode: str, given: list[Any] | None, limits: Limits, *, caption: bool
) -> Wording:
    """Return what Telegram would keep of a bot's text, or raise the 400 it would answer.

    A caption may be empty and has its own limit. Only the HTML parse mode is known here.
    """
    if not raw and not caption:
        raise bad_request("Message text is empty")
    if len(raw.encode("utf-8", "surrogatepass")) > limits.raw_text_bytes:
        raise bad_request("Text is too long")
    cleaned = _CONTROL.sub(" ", raw.replace("\r", ""))
    mode = parse_mode.lower()
    if mode == "html":
        text, entities = parse_html(cleaned)
    elif mode in {"", "none"}:
        text, entities = cleaned, _checked(given or [], cleaned)
    else:
        raise bad_request("Unsupported parse_mode")
    text, entities = _trimmed(text, entities)
    if not text and not caption:
        raise bad_request("Text must be non-empty")
    if utf16_length(text) > (limits.caption if caption else limits.text):
        raise bad_request("Message caption is too long" if caption else "Message is too long")
    entities = [*entities, *automatic(text, entities)]
    entities.sort(key=lambda e: (e["offset"], -e["length"]))
    shown = cleaned if mode == "html" else html.escape(cleaned, quote=False)
    return Wording(text, entities[: limits.entities], shown)


def typed(raw: str) -> Wording:
    """Return what a person typed, with the entities Telegram finds in it by itself."""
    text, _ = _trimmed(_CONTROL.sub(" ", raw.replace("\r", "")), [])
    return Wording(text, automatic(text, []), html.escape(text, quote=False))


def automatic(text: str, taken: list[Json]) -> list[Json]:
    """Return commands, links, addresses, mentions and hashtags found outside code and links."""
    found: list[Json] = []
    for match in _AUTOMATIC.finditer(text):
        offset = utf16_length(text[: match.start()])
        length = utf16_length(match[0])
        if not any(
            entity["type"] in _CLOSED
            and entity["offset"] < offset + length
            and offset < entity["offset"] + entity["length"]
            for entity in taken
        ):
            found.append({"type": match.lastgroup, "offset": offset, "length": length})
    return found


def _checked(entities: list[Any], text: str) -> list[Json]:
    total = utf16_length(text)
    for entity in entities:
        if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
            raise bad_request("Can't parse MessageEntity: expected an Object")
        offset, length = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or not isinstance(length, int):
            raise bad_request("Can't parse MessageEntity: Can't find field \"offset\"")
        if offset < 0 or length <= 0 or offset + length > total:
            raise bad_request("ENTITY_BOUNDS_INVALID")
    return [dict(entity) for entity in entities]


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cut white space at the end, and at the start unless an entity covers it."""
    first = min((e["offset"] for e in entities), default=len(text))
    cut = min(len(text) - len(text.lstrip(" \n")), first)
    kept = text[cut:].rstrip()
    end = utf16_length(kept)
    moved: list[Json] = []
    for entity in entities:
        offset = entity["offset"] - cut
        length = min(entity["length"], end - offset)
        if length > 0:
            moved.append(entity | {"offset": offset, "length": length})
    return kept, moved
