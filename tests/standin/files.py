"""Files people and the bot send: kept whole, named by an opaque id; pictures are measured."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field

from .limits import Json, Limits, bad_request


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file Telegram keeps. `path` is where it is served from, under /file/bot<token>/."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime: str
    kind: str
    content: bytes = field(repr=False)

    def head(self) -> Json:
        """Return the fields that every kind of file has in a message."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }


class Shelf:
    """Every file known, by its id and by its path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def put(self, kind: str, name: str, mime: str, content: bytes) -> StoredFile:
        """Keep a file; raise a 400 when it is empty, as Telegram does."""
        if not content:
            raise bad_request("File must be non-empty")
        number = len(self._by_id)
        digest = hashlib.sha256(content).hexdigest()
        extension = f".{name.rpartition('.')[2]}" if "." in name else ""
        folder = {"photo": "photos", "voice": "voice", "sticker": "stickers"}.get(kind, "documents")
        stored = StoredFile(
            file_id=f"FILE{number:06d}{digest[:24]}",
            unique_id=f"AQ{digest[:14]}",
            path=f"{folder}/file_{number}{extension}",
            name=name,
            mime=mime,
            kind=kind,
            content=content,
        )
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored
        return stored

    def by_id(self, file_id: str) -> StoredFile | None:
        """Return the file of this id."""
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        """Return the file served at this path."""
        return self._by_path.get(path)


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG, JPEG or GIF; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR" and len(content) > 24:
        return struct.unpack(">II", content[16:24])
    if content[:6] in {b"GIF87a", b"GIF89a"} and len(content) > 10:
        return struct.unpack("<HH", content[6:10])
    return _jpeg_size(content) if content.startswith(b"\xff\xd8") else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header, which holds the height, then the width."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return None


def check_picture(content: bytes, limits: Limits) -> tuple[int, int]:
    """Return the size in pixels of a picture the bot sends, or raise the 400 Telegram answers."""
    if len(content) > limits.photo_bytes:
        raise bad_request("File is too big")
    size = picture_size(content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if min(size) < 1 or width + height > limits.photo_side_sum:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    if max(size) > limits.photo_ratio * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height
