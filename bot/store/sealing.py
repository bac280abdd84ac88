"""What people said, sealed before it reaches the database: AES-256-GCM, under a key held apart.

A sealed text is `enc1:`, the key's id, `:` and base64 of nonce and ciphertext; a sealed file is the
same without base64. Each is bound to its place: table and column, chat, and the row's own key. What
is cut from one row and pasted in another does not open, nor does anything in another person's chat.

Each column has a subkey of its own (HKDF), so that random nonces stay far from the number (2^32) at
which two could meet. Without a key all is kept as it is; what was kept so is still read later. A
plain text that looks sealed is kept behind `enc0:`: whoever types one harms nothing.
"""

from __future__ import annotations

import binascii
import hmac
import os
from typing import TYPE_CHECKING

from bot.store.errors import Altered, KeyMissing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from bot.keys import Key

SEALED = "enc1:"
_PLAIN = "enc0:"
_MARKS = (SEALED, _PLAIN)
_MARKS_OF_BYTES = tuple(mark.encode() for mark in _MARKS)
_ID_END = len(SEALED) + 8
PREFIX_LENGTH = _ID_END + 1
"""How many characters of a sealed text name the key it is under."""
_NONCE = 12
NOTHING = ("", "{}")
"""Texts that say of nobody, and stay as they are."""
_CHECK = "relance"


class Keyring:
    """The keys of one store: the first seals, all open. Threads may share it."""

    __slots__ = ("_boxes", "_by_id", "_mark_keys", "keys")

    def __init__(self, keys: Sequence[Key] = ()) -> None:
        self.keys = tuple(keys)
        self._by_id = {key.id: key for key in keys}
        # The schedule of a key costs more than sealing a small text.
        self._boxes: dict[tuple[str, str], AESGCM] = {}
        self._mark_keys: dict[str, bytes] = {}

    @property
    def first(self) -> Key | None:
        """The key that seals; None: nothing is sealed."""
        return self.keys[0] if self.keys else None

    @property
    def prefix(self) -> str:
        """How a text sealed under the first key begins."""
        return f"{SEALED}{self.keys[0].id}:"

    def __contains__(self, key_id: str) -> bool:
        """Tell whether a key is here."""
        return key_id in self._by_id

    def seal(self, place: str, chat: int, own: object, text: str) -> str:
        """Give the stored form of a text of `place` (table.column), in the row `own` of a chat."""
        if not self.keys:
            return _PLAIN + text if text.startswith(_MARKS) else text
        if text in NOTHING:
            return text
        sealed = self._sealed(place, chat, own, text.encode())
        return self.prefix + binascii.b2a_base64(sealed, newline=False).decode("ascii")

    def open(self, place: str, chat: int, own: object, stored: str) -> str:
        """Give the text of what `seal` made. Raises KeyMissing, or Altered when it is not that row's."""
        if not stored.startswith(_MARKS):
            return stored
        if stored.startswith(_PLAIN):
            return stored[len(_PLAIN) :]
        key_id = stored[len(SEALED) : _ID_END]
        try:
            sealed = binascii.a2b_base64(stored[PREFIX_LENGTH:], strict_mode=True)
        except ValueError:
            raise Altered(place) from None
        return self._opened(place, chat, own, key_id, sealed).decode()

    def seal_bytes(self, place: str, chat: int, own: object, content: bytes) -> bytes:
        """Do as `seal`, for the bytes of a file."""
        if not self.keys:
            mark = _PLAIN.encode() if content.startswith(_MARKS_OF_BYTES) else b""
            return mark + content
        return self.prefix.encode() + self._sealed(place, chat, own, content)

    def open_bytes(self, place: str, chat: int, own: object, stored: bytes) -> bytes:
        """Do as `open`, for the bytes of a file."""
        if not stored.startswith(_MARKS_OF_BYTES):
            return stored
        if stored.startswith(_PLAIN.encode()):
            return stored[len(_PLAIN) :]
        key_id = stored[len(SEALED) : _ID_END].decode("ascii", "replace")
        return self._opened(place, chat, own, key_id, stored[PREFIX_LENGTH:])

    def marks(self, dossier: str, digest: str) -> list[str]:
        """Give what may stand for a file's digest in a dossier, the one to be written first.

        Under a key it tells nobody else which file it is, nor that two dossiers hold the same.
        """
        message = f"{dossier}\0{digest}".encode()
        keyed = [hmac.digest(self._mark_key(key), message, "sha256").hex() for key in self.keys]
        return [*keyed, digest]

    def check_value(self) -> str:
        """Give what is kept to recognise the first key by."""
        return self.seal("seal_keys.check_value", 0, self.keys[0].id, _CHECK)

    def check(self, key_id: str, check_value: str) -> None:
        """Raise KeyMissing when a key is not here, Altered when it is not the one `check_value` was made with."""
        if self.open("seal_keys.check_value", 0, key_id, check_value) != _CHECK:
            raise Altered("seal_keys.check_value")

    # --- inside ------------------------------------------------------------------------------

    def _sealed(self, place: str, chat: int, own: object, content: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        box = self._box(self.keys[0], place)
        return nonce + box.encrypt(nonce, content, _bound(place, chat, own))

    def _opened(self, place: str, chat: int, own: object, key_id: str, sealed: bytes) -> bytes:
        key = self._by_id.get(key_id)
        if key is None:
            raise KeyMissing(key_id)
        from cryptography.exceptions import InvalidTag

        box = self._box(key, place)
        try:
            return box.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(place, chat, own))
        except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
            raise Altered(place) from None

    def _box(self, key: Key, place: str) -> AESGCM:
        box = self._boxes.get((key.id, place))
        if box is None:
            # Imported here: whoever sets no key does not wait for the library.
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM

            box = self._boxes[key.id, place] = AESGCM(_subkey(key, place))
        return box

    def _mark_key(self, key: Key) -> bytes:
        if key.id not in self._mark_keys:
            self._mark_keys[key.id] = _subkey(key, "files.mark")
        return self._mark_keys[key.id]


def _bound(place: str, chat: int, own: object) -> bytes:
    """Write where a text belongs; only the last may hold any character, so no two are written alike."""
    return f"{place}\0{chat}\0{own}".encode()


def _subkey(key: Key, use: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

    return HKDFExpand(SHA256(), 32, b"relance 1 " + use.encode()).derive(key.secret)
