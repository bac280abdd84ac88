"""Telegram's HTML: which tags, attributes and character references it knows, and what it refuses.

Behaviour and wording follow the parser of TDLib (MessageEntity.cpp): offsets of entities are in
UTF-16 units of the parsed text, offsets in errors are bytes of the raw one. An unknown reference
such as « &nbsp; » stays text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .limits import Json, bad_request, utf16_length

SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
TAGS = {*SIMPLE, "a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

_REFERENCE = re.compile(r"&(?:#[xX](?P<hex>[0-9a-fA-F]+)|#(?P<dec>[0-9]+)|(?P<name>[A-Za-z]+));?")
_NAME_END = re.compile(r"[\s>]")
_ATTRIBUTE_END = re.compile(r"[\s=>/\"']")
_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_LINK = re.compile(
    r"(?:https?|ftp|tg|ton|mailto)://?\S+|mailto:\S+|[^\s:/]+\.[^\s:/.]{2,}(?:[/?#:]\S*)?"
)


@dataclass(slots=True)
class _Open:
    """A tag waiting for its end."""

    tag: str
    attributes: dict[str, str]
    offset: int
    start: int


class _Parser:
    """One pass over one raw text."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.at = 0
        self.out: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def run(self) -> tuple[str, list[Json]]:
        while self.at < len(self.raw):
            if self.raw[self.at] != "<":
                self._put(*self._character())
            elif self.raw.startswith("</", self.at):
                self._end()
            else:
                self._start()
        if self.open:
            tag = self.open[-1].tag
            raise _error(f'Can\'t find end tag corresponding to start tag "{tag}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        self.entities.sort(key=lambda e: (e["offset"], -e["length"]))
        return "".join(self.out), self.entities

    def _put(self, char: str, after: int) -> None:
        self.out.append(char)
        self.length += utf16_length(char)
        self.at = after

    def _character(self) -> tuple[str, int]:
        """Return the character here, its reference decoded, and the place after it."""
        return _decode(self.raw, self.at)

    def _byte(self, at: int) -> int:
        return len(self.raw[:at].encode("utf-8", "surrogatepass"))

    def _start(self) -> None:
        begin = self.at
        where = f"at byte offset {self._byte(begin)}"
        end = _NAME_END.search(self.raw, begin)
        if end is None:
            raise _error(f"Unclosed start tag {where}")
        tag = self.raw[begin + 1 : end.start()].lower()
        if tag not in TAGS:
            raise _error(f'Unsupported start tag "{tag}" {where}')
        self.at = end.start()
        attributes: dict[str, str] = {}
        while (found := self._attribute(tag, where)) is not None:
            attributes[found[0]] = found[1]
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _error(f'Tag "span" must have class "tg-spoiler" {where}')
        self.open.append(_Open(tag, attributes, self.length, len(self.out)))

    def _spaces(self) -> str:
        """Skip white space; return the next character, or an empty string at the end."""
        while self.at < len(self.raw) and self.raw[self.at].isspace():
            self.at += 1
        return self.raw[self.at : self.at + 1]

    def _attribute(self, tag: str, where: str) -> tuple[str, str] | None:
        """Read one attribute; None when the tag closes (its « > » is then passed)."""
        unclosed = f'Unclosed start tag "{tag}" {where}'
        if self._spaces() == ">":
            self.at += 1
            return None
        begin = self.at
        end = _ATTRIBUTE_END.search(self.raw, begin)
        self.at = end.start() if end else len(self.raw)
        name = self.raw[begin : self.at]
        if not name:
            raise _error(f'Empty attribute name in the tag "{tag}" {where}')
        after = self._spaces()
        if not after:
            raise _error(unclosed)
        if after != "=":
            return name, ""
        self.at += 1
        quote = self._spaces()
        if not quote:
            raise _error(unclosed)
        value = self._quoted(quote) if quote in "\"'" else self._token()
        if self.at >= len(self.raw):
            raise _error(f"Unclosed start tag {where}")
        return name, value

    def _token(self) -> str:
        begin = self.at
        match = _TOKEN.match(self.raw, begin)
        self.at = match.end() if match else begin
        following = self.raw[self.at : self.at + 1]
        if following and following != ">" and not following.isspace():
            raise _error(f"Unexpected end of name token at byte offset {self._byte(begin)}")
        return self.raw[begin : self.at].lower()

    def _quoted(self, quote: str) -> str:
        self.at += 1
        value: list[str] = []
        while self.at < len(self.raw) and self.raw[self.at] != quote:
            char, self.at = self._character()
            value.append(char)
        if self.at < len(self.raw):
            self.at += 1
        return "".join(value)

    def _end(self) -> None:
        begin = self.at
        where = f"at byte offset {self._byte(begin)}"
        if not self.open:
            raise _error(f"Unexpected end tag {where}")
        end = _NAME_END.search(self.raw, begin)
        self.at = end.start() if end else len(self.raw)
        name = self.raw[begin + 2 : self.at].lower()
        if self._spaces() != ">":
            raise _error(f"Unclosed end tag {where}")
        self.at += 1
        opened = self.open.pop()
        if name and name != opened.tag:
            raise _error(
                f'Unmatched end tag {where}, expected "</{opened.tag}>", found "</{name}>"'
            )
        if self.length > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Json = {
            "type": SIMPLE.get(opened.tag, opened.tag),
            "offset": opened.offset,
            "length": self.length - opened.offset,
        }
        attributes = opened.attributes
        if opened.tag == "a":
            url = attributes.get("href") or "".join(self.out[opened.start :])
            if url.startswith("tg://user?id=") and url[13:].isdigit():
                entity |= {"type": "text_mention", "user": {"id": int(url[13:])}}
            elif _LINK.fullmatch(url):
                whole = url if "://" in url or url.startswith("mailto:") else f"http://{url}"
                entity |= {"type": "text_link", "url": whole}
            else:  # Telegram drops a link it cannot follow and keeps its words
                return
        elif opened.tag == "tg-emoji":
            number = attributes.get("emoji-id", "")
            if not number.isdigit() or int(number) == 0:
                raise _error("Invalid custom emoji identifier specified")
            entity |= {"type": "custom_emoji", "custom_emoji_id": number}
        elif opened.tag == "tg-time":
            unix = attributes.get("unix", "")
            if not unix.isdigit() or int(unix) == 0:
                return
            entity |= {"type": "date_time", "unix_time": int(unix)}
            if attributes.get("format"):
                entity["date_time_format"] = attributes["format"]
        elif opened.tag == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        elif opened.tag in {"code", "pre"} and self._same_code(opened.tag, attributes, entity):
            return
        self.entities.append(entity)

    def _same_code(self, tag: str, attributes: dict[str, str], entity: Json) -> bool:
        """Join `pre` and `code class=language-…` around the same words into one `pre`."""
        language = attributes.get("class", "")
        if tag == "code" and language.startswith("language-"):
            entity["language"] = language.removeprefix("language-")
        last = self.entities[-1] if self.entities else None
        if last is None or (last["offset"], last["length"]) != (entity["offset"], entity["length"]):
            return False
        if tag == "pre" and last["type"] == "code" and last.get("language"):
            last["type"] = "pre"
            return True
        if tag == "code" and last["type"] == "pre" and entity.get("language"):
            last["language"] = entity["language"]
            return True
        return False


def _error(reason: str) -> Exception:
    return bad_request(f"Can't parse entities: {reason}")


def _decode(raw: str, at: int) -> tuple[str, int]:
    match = _REFERENCE.match(raw, at) if raw[at] == "&" else None
    if match is None:
        return raw[at], at + 1
    if name := match["name"]:
        return (NAMED[name], match.end()) if name in NAMED else ("&", at + 1)
    code = int(match["hex"], 16) if match["hex"] else int(match["dec"])
    too_long = len(match[0].rstrip(";")) >= 10
    if code == 0 or code >= 0x10FFFF or too_long or 0xD800 <= code <= 0xDFFF:
        return "&", at + 1
    return chr(code), match.end()


def parse_html(raw: str) -> tuple[str, list[Json]]:
    """Return the plain text and its entities; raise Telegram's 400 « can't parse entities »."""
    return _Parser(raw).run()
