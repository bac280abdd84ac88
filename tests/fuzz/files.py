"""What people send as a file: a letter, pictures, and things that only say they are."""

from __future__ import annotations

import io
import struct
import zlib

from pypdf import PdfWriter


def _png(side: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"".join(b"\0" + b"\x40\x80\xc0" * side for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def _pdf(pages: int) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def make_files() -> tuple[tuple[str, bytes], ...]:
    """Give names and contents."""
    picture, letter = _png(60), _pdf(2)
    return (
        ("facture.pdf", letter),
        ("devis.pdf", _pdf(1)),
        ("photo.png", picture),
        ("photo2.png", _png(90)),
        ("coupé.pdf", letter[: len(letter) // 2]),
        ("coupée.png", picture[:60]),
        ("vrai.pdf", picture),
        ("bombe.png", picture[:16] + struct.pack(">II", 60_000, 60_000) + picture[24:]),
        ("note.txt", b"bonjour"),
        ("archive.zip", b"PK\x03\x04" + bytes(60)),
        ("<b>nom</b>{{ 7*7 }}\u202efdp.exe", b"MZ" + bytes(99)),
        ("../../etc/passwd.pdf", _pdf(3)),
    )
