"""Pages of a PDF nobody vouches for, each made into one drawing.

Only what is drawn is taken over: the content of the page, what it draws with, and the notes a reader of
paper would see. Content is passed on as it is stored, never read operator by operator.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from pypdf.errors import LimitReachedError, PdfStreamError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    EncodedStreamObject,
    IndirectObject,
    StreamObject,
)

from letters.a4 import Drawing, Matrix
from letters.limits import limits
from letters.pdffile import Copier, PdfFile, Ref, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PageObject

Box = tuple[float, float, float, float]

_DRAWN_NOTES = {
    "/Widget", "/Stamp", "/FreeText", "/Ink", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine",
    "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Caret", "/Watermark",
}  # fmt: skip
"""Annotations a reader of paper sees: filled fields, signatures, stamps, marks."""
_PACKED_NOTHING = 16
"""Bytes that an empty content may take, packed."""
_HIDDEN, _NO_VIEW = 2, 32
_A4 = (0.0, 0.0, 595.276, 841.89)


class PageDrawings:
    """Makes pages of one PDF into drawings in another. Raises what pypdf raises, and ValueError."""

    def __init__(self, target: PdfFile) -> None:
        self._file = target
        self._copier = Copier(target)
        self._unpacked = 0

    def drawing(self, page: PageObject) -> Drawing:
        """Give a page upright, its content as one object and what was noted on it as others."""
        box = _box(page)
        turn = _turn(page)
        matrix, width, height = _turned(box, turn)
        objects = [(self._form(page, box), matrix)]
        for note in _notes(page):
            drawn = _placed_note(note)
            if drawn is not None:
                source, own = drawn
                objects.append((self._note_form(source), _times(own, matrix)))
        return Drawing(width, height, tuple(objects), limits()["page"]["largest_scale"])

    def _form(self, page: PageObject, box: Box) -> Ref:
        entries: dict[str, Any] = {
            "/Type": "/XObject",
            "/Subtype": "/Form",
            "/BBox": list(box),
            "/Resources": self._copier.copy(dict.get(page, "/Resources")) or {},
        }
        group = _resolved(page, "/Group")
        if isinstance(group, DictionaryObject):
            entries["/Group"] = self._copier.copy(group)
        content = _resolved(page, "/Contents")
        if isinstance(content, StreamObject):
            self._count(content)
            coding = {key: content.get(key) for key in ("/Filter", "/DecodeParms")}
            entries |= {k: self._copier.copy(v) for k, v in coding.items() if v is not None}
            return self._file.put_stream(entries, stored(content))
        parts = []
        for part in content if isinstance(content, ArrayObject) else ():
            stream = part.get_object()
            if isinstance(stream, StreamObject):
                parts.append(self._count(stream))
        return self._file.put_packed(entries, b"\n".join(parts))

    def _count(self, stream: StreamObject) -> bytes:
        """Unpack a content stream, to see that it can be and how far it goes."""
        data = stream.get_data()
        if isinstance(stream, EncodedStreamObject):
            stream.decoded_self = None  # pypdf would keep it
        if not data and len(stored(stream)) > _PACKED_NOTHING:
            raise PdfStreamError("a content that cannot be unpacked")
        self._unpacked += len(data)
        if self._unpacked > limits()["pdf"]["unpacked_bytes"]:
            raise LimitReachedError("pages unfold too far")
        return data

    def _note_form(self, source: StreamObject) -> Ref:
        entries = self._copier.entries(source)
        entries |= {"/Type": "/XObject", "/Subtype": "/Form"}
        return self._file.put_stream(entries, stored(source))


def _resolved(page: DictionaryObject, key: str) -> Any:
    value = dict.get(page, key)
    return value.get_object() if isinstance(value, IndirectObject) else value


def _box(page: PageObject) -> Box:
    """Give the part of the page that is shown, A4 when the file gives none that makes sense."""
    media = _page_box(_sides(_resolved(page, "/MediaBox"))) or _A4
    crop = _page_box(_sides(_resolved(page, "/CropBox"))) or media
    shown = [*map(max, media[:2], crop[:2]), *map(min, media[2:], crop[2:])]
    return _page_box(shown) or media


def _page_box(sides: list[float] | None) -> Box | None:
    """Give the lowest sides first; None when it is no page of at least 3 points a side."""
    if sides is None:
        return None
    (x0, x1), (y0, y1) = sorted(sides[::2]), sorted(sides[1::2])
    return (x0, y0, x1, y1) if x1 - x0 >= 3 and y1 - y0 >= 3 else None


def _turn(page: PageObject) -> int:
    value = page.get("/Rotate", 0)
    return int(value) % 360 if isinstance(value, int | float) and int(value) % 90 == 0 else 0


def _turned(box: Box, turn: int) -> tuple[Matrix, float, float]:
    """Give what brings a page's own space upright, and its size then; `turn` is clockwise."""
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    match turn:
        case 90:
            return (0, -1, 1, 0, -y0, x1), height, width
        case 180:
            return (-1, 0, 0, -1, x1, y1), width, height
        case 270:
            return (0, 1, -1, 0, y1, -x0), height, width
    return (1, 0, 0, 1, -x0, -y0), width, height


def _notes(page: PageObject) -> Iterator[DictionaryObject]:
    listed = _resolved(page, "/Annots")
    for item in listed[: limits()["pdf"]["annotations"]] if isinstance(listed, ArrayObject) else ():
        note = item.get_object()
        if isinstance(note, DictionaryObject) and str(note.get("/Subtype")) in _DRAWN_NOTES:
            flags = note.get("/F", 0)
            if isinstance(flags, int) and not flags & (_HIDDEN | _NO_VIEW):
                yield note


def _placed_note(note: DictionaryObject) -> tuple[StreamObject, Matrix] | None:
    """Give what a note is drawn by, and what brings it into its rectangle (ISO 32000-1, 12.5.5)."""
    looks = _resolved(note, "/AP")
    look = _resolved(looks, "/N") if isinstance(looks, DictionaryObject) else None
    if isinstance(look, DictionaryObject) and not isinstance(look, StreamObject):
        look = _resolved(look, str(note.get("/AS")))
    rectangle = _sides(_resolved(note, "/Rect"))
    if not isinstance(look, StreamObject) or rectangle is None:
        return None
    own = _sides(_resolved(look, "/BBox"))
    if own is None:
        return None
    given = _sides(_resolved(look, "/Matrix"), 6)
    a, b, c, d, e, f = given or (1, 0, 0, 1, 0, 0)
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in own[::2] for y in own[1::2]]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    low, high = min(y for _, y in corners), max(y for _, y in corners)
    if right - left < 1e-3 or high - low < 1e-3:
        return None
    x0, x1 = sorted(rectangle[::2])
    y0, y1 = sorted(rectangle[1::2])
    wide, tall = (x1 - x0) / (right - left), (y1 - y0) / (high - low)
    return look, (wide, 0, 0, tall, x0 - left * wide, y0 - low * tall)


def _sides(value: Any, count: int = 4) -> list[float] | None:
    if not isinstance(value, ArrayObject) or len(value) != count:
        return None
    given = [float(item.get_object()) for item in value]
    return given if all(isfinite(v) and abs(v) < 1e6 for v in given) else None


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )
