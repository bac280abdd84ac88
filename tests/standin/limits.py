"""The figures of the Bot API, and the errors it answers with.

Sources: core.telegram.org/bots/api (limits of each method), core.telegram.org/bots/faq (pace),
the open source Bot API server and TDLib (wording of the errors).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """What Telegram accepts.

    Lengths of text are in UTF-16 units after parsing, sizes in bytes, times in seconds.
    """

    text: int = 4096
    raw_text_bytes: int = 32768
    caption: int = 1024
    entities: int = 100
    callback_data_bytes: int = 64
    callback_answer: int = 200
    buttons: int = 100
    buttons_a_row: int = 8
    copy_text: int = 256
    placeholder: int = 64
    commands: int = 100
    command_name: int = 32
    command_description: int = 256
    description: int = 512
    short_description: int = 120
    name: int = 64
    upload_bytes: int = 50 * 1024 * 1024
    photo_bytes: int = 10 * 1024 * 1024
    photo_side_sum: int = 10_000
    photo_ratio: int = 20
    download_bytes: int = 20 * 1024 * 1024
    callback_lifetime: float = 15.0
    update_lifetime: float = 24 * 3600.0
    delete_lifetime: float = 48 * 3600.0
    poll_seconds: int = 50


@dataclass
class ApiError(Exception):
    """An answer `{"ok": false}`: status, description in Telegram's words, optional parameters."""

    code: int
    description: str
    parameters: Json = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code} {self.description}"


def bad_request(reason: str) -> ApiError:
    """Return a 400 in Telegram's form: first letter lowered, unless it is a CODE_LIKE_THIS."""
    code_like = len(reason) > 1 and (reason[1] == "_" or reason[1].isupper())
    shown = reason if code_like else reason[:1].lower() + reason[1:]
    return ApiError(400, f"Bad Request: {shown}")


def forbidden(reason: str) -> ApiError:
    """Return a 403."""
    return ApiError(403, f"Forbidden: {reason}")


def too_many(retry_after: int) -> ApiError:
    """Return a 429 asking to wait `retry_after` seconds."""
    return ApiError(
        429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after}
    )


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, the way Telegram counts entities."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)
