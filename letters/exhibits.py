"""What a person sends as an exhibit, made into one clean PDF of A4 pages.

Files are told apart by what they hold, never by their name. A photo is turned upright and loses what it
says of where and when. Of a PDF only what is drawn on its pages is taken over, each page as one drawing:
scripts, actions, attached files, links and forms stay behind (what was typed in a form stays visible).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from pypdf import PasswordType, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError

from letters.a4 import A4File, slices
from letters.limits import UNREADABLE, limits, reading_limits
from letters.pdffile import BoundedReader
from letters.pdfpages import PageDrawings
from letters.photos import TooManyPixels, photo_pages

Code = Literal[
    "too_big",
    "empty",
    "not_a_file_we_read",
    "heic",
    "encrypted",
    "broken",
    "too_many_pages",
    "too_many_pixels",
]

_PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"heif", b"mif1", b"msf1"}


class ExhibitRefused(Exception):  # noqa: N818 - an outcome, told to the person by its code
    """The file cannot be an exhibit; `code` says why."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code: Code = code


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An exhibit ready to be bundled: a clean PDF of `pages` A4 pages; `sha256` is that of `content`."""

    content: bytes
    pages: int
    kind: Literal["pdf", "photo"]
    sha256: str


def accept(content: bytes) -> Exhibit:
    """Make an exhibit of a file a person sent. Same bytes in, same bytes out.

    Reads PDF, JPEG, PNG, WebP, GIF (its first image) and TIFF (all its pages). Raises ExhibitRefused, and
    nothing else; sizes are those of `limits.yaml`.
    """
    if not content.strip(b"\0\t\n\r "):
        raise ExhibitRefused("empty")
    if len(content) > limits()["exhibit"]["bytes"]:
        raise ExhibitRefused("too_big")
    kind = _kind(content)
    try:
        laid = _photo(content) if kind == "photo" else _pdf(content)
        written = laid.written()
    except (DependencyError, FileNotDecryptedError) as error:
        # What no password would open here: pypdf undoes AES only with a library that is not installed.
        raise ExhibitRefused("encrypted") from error
    except UNREADABLE as error:
        raise ExhibitRefused("broken") from error
    return Exhibit(written, len(laid), kind, sha256(written).hexdigest())


def _kind(content: bytes) -> Literal["pdf", "photo"]:
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise ExhibitRefused("heic")
    if content.startswith(_PICTURE_STARTS) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return "photo"
    # Readers look for the mark within the first 1024 bytes: mail gateways put lines before it.
    if b"%PDF-" in content[:1024]:
        return "pdf"
    raise ExhibitRefused("not_a_file_we_read")


def _photo(content: bytes) -> A4File:
    try:
        laid = photo_pages(content, limits()["exhibit"]["pages"])
    except TooManyPixels as error:
        raise ExhibitRefused("too_many_pixels") from error
    if laid is None:
        raise ExhibitRefused("too_many_pages")
    return laid


def _pdf(content: bytes) -> A4File:
    with apply_configuration(**reading_limits()):
        reader = _opened(content)
        most = limits()["exhibit"]["pages"]
        count = len(reader.pages)
        if count == 0:
            raise ExhibitRefused("broken")
        if count > most:
            raise ExhibitRefused("too_many_pages")
        laid = A4File()
        pages = PageDrawings(laid.file)
        for page in reader.pages:
            drawing = pages.drawing(page)
            if len(laid) + slices(drawing.width, drawing.height) > most:
                raise ExhibitRefused("too_many_pages")
            laid.lay(drawing)
        return laid


def _opened(content: bytes) -> BoundedReader:
    reader = BoundedReader(content)
    if reader.is_encrypted:
        # Many invoices are locked against changes only: they open without a password. RC4 is undone in
        # Python, slowly: for a small file only.
        small = len(content) <= limits()["pdf"]["encrypted_bytes"]
        if not small or reader.decrypt("") is PasswordType.NOT_DECRYPTED:
            raise ExhibitRefused("encrypted")
    return reader
