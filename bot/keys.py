"""The keys that what people said is sealed with: made, read and named. What seals is `bot.store.sealing`.

A key is written with the day it was made, `20261122-` and 43 letters and digits: its age is known
wherever it goes. Nothing here needs a library: the terminal must start at once.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.mistakes import PREFIX, SettingsError, wrong

if TYPE_CHECKING:
    from collections.abc import Mapping

_BYTES = 32
_TEXT = re.compile(r"(\d{8})-([A-Za-z0-9_-]{43})", re.ASCII)
_EXPECTED = "une clé donnée par « relance cles --nouvelle », ou plusieurs séparées par des virgules"


@dataclass(frozen=True, slots=True)
class Key:
    """One key: the day it was made and its 32 bytes, which nothing prints."""

    made: date
    secret: bytes = field(repr=False)
    id: str = field(init=False)
    """Eight digits that name the key and tell nothing of it."""

    def __post_init__(self) -> None:
        named = hashlib.sha256(b"relance key id:" + self.secret).hexdigest()[:8]
        object.__setattr__(self, "id", named)

    @classmethod
    def new(cls, today: date) -> Key:
        """Make one that nobody can guess."""
        return cls(today, secrets.token_bytes(_BYTES))

    @classmethod
    def read(cls, text: str) -> Key:
        """Read what `text` gives. Raises ValueError, which does not repeat it."""
        found = _TEXT.fullmatch(text)
        if found is None:
            raise ValueError("not a key")
        key = cls(_day(found[1]), base64.urlsafe_b64decode(found[2] + "="))
        if key.text != text:  # its last letter holds bits that would be thrown away
            raise ValueError("not a key")
        return key

    @property
    def text(self) -> str:
        """The key as the operator writes it."""
        return f"{self.made:%Y%m%d}-{base64.urlsafe_b64encode(self.secret).decode().rstrip('=')}"

    @property
    def secrets(self) -> tuple[str, str]:
        """What must never reach a log line: the whole and its second half."""
        return self.text, self.text.partition("-")[2]

    def age(self, today: date) -> int:
        """Give the days since it was made; 0 when it says a day to come."""
        return max((today - self.made).days, 0)


def _day(digits: str) -> date:
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def read_keys(given: Mapping[str, str]) -> tuple[Key, ...]:
    """Read the keys of the settings, the one that seals first; none when there is no setting.

    From ENCRYPTION_KEY, or from the file that ENCRYPTION_KEY_FILE names. Raises SettingsError, which
    never repeats a key.
    """
    written, file = given.get("ENCRYPTION_KEY"), given.get("ENCRYPTION_KEY_FILE")
    if written and file:
        raise SettingsError(
            f"{PREFIX}ENCRYPTION_KEY et {PREFIX}ENCRYPTION_KEY_FILE : donnez l’un ou l’autre."
        )
    if file:
        return _read("ENCRYPTION_KEY_FILE", _content(file))
    return _read("ENCRYPTION_KEY", written) if written else ()


def _read(name: str, text: str) -> tuple[Key, ...]:
    try:
        keys = tuple(Key.read(word) for word in re.split(r"[\s,]+", text.strip(" \t\r\n,")))
    except ValueError:
        raise wrong(name, _EXPECTED) from None
    if len({key.id for key in keys}) != len(keys):
        raise wrong(name, "des clés toutes différentes (l’une d’elles y est deux fois)")
    return keys


def _content(file: str) -> str:
    expected = "le chemin d’un fichier lisible qui contient la clé"
    if "\0" in file:
        raise wrong("ENCRYPTION_KEY_FILE", expected)
    try:
        return Path(file).expanduser().read_text("ascii")
    except (OSError, RuntimeError, ValueError):
        raise wrong("ENCRYPTION_KEY_FILE", expected) from None
