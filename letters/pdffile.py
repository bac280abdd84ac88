"""The objects of a PDF: read from files nobody vouches for, copied, and written byte for byte alike.

pypdf reads; what is copied is only what drawing a page needs, with no recursion from one object to the
next, so that a file that loops, nests or unfolds without end meets a limit and not the machine's.
"""

from __future__ import annotations

import re
import zlib
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

from letters.limits import limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NOT_DRAWN = {
    "/Catalog",
    "/Pages",
    "/Page",
    "/Annot",
    "/Filespec",
    "/F",
    "/EmbeddedFile",
    "/Action",
}
"""Types of objects that no drawing needs: the rest of the document, its actions, its attached files."""
_NOT_COPIED = {
    "/Length", "/F", "/FFilter", "/FDecodeParms", "/AF", "/Metadata", "/PieceInfo", "/OPI", "/Ref",
    "/StructParent", "/StructParents", "/LastModified", "/OC", "/DL",
}  # fmt: skip
"""Keys of a stream that draw nothing, or lead out of the page or out of the file."""
_PLAIN_NAME = re.compile(r"/[A-Za-z0-9_.+*,-]+")
_HEADER = re.compile(rb"\s*(\d{1,10})\s+(\d{1,5})\s+obj")


class BoundedReader(PdfReader):
    """A reader that counts what it does for a file. Raises pypdf's errors, LimitReachedError among them."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._searched = 0
        self._unpacked: dict[int, int] = {}
        super().__init__(BytesIO(content), strict=False, root_object_recovery_limit=300)

    def get_object(self, indirect_reference: int | IndirectObject) -> Any:
        """Read one object, within the limits."""
        held = limits()["pdf"]
        if isinstance(indirect_reference, int):
            indirect_reference = IndirectObject(indirect_reference, 0, self)
        number, generation = indirect_reference.idnum, indirect_reference.generation
        if (generation, number) not in self.resolved_objects:
            if len(self.resolved_objects) > held["objects"]:
                raise LimitReachedError("too many objects")
            if number not in self.xref_objStm and not self._is_in_place(number, generation):
                # pypdf is about to look for it through the whole file.
                self._searched += len(self._content)
                if self._searched > held["repair_bytes"]:
                    raise LimitReachedError("too many objects out of place")
        found = super().get_object(indirect_reference)
        if generation == 0 and number in self.xref_objStm:
            self._count_unpacked(self.xref_objStm[number][0], held["structure_bytes"])
        return found

    def _is_in_place(self, number: int, generation: int) -> bool:
        start = self.xref.get(generation, {}).get(number)
        if start is None:
            return False
        header = _HEADER.match(self._content, start)
        return header is not None and (int(header[1]), int(header[2])) == (number, generation)

    def _count_unpacked(self, stream: int, most: int) -> None:
        if stream in self._unpacked:
            return
        held = self.resolved_objects.get((0, stream))
        decoded = held.decoded_self if isinstance(held, StreamObject) else None
        self._unpacked[stream] = len(decoded.get_data()) if decoded else 0
        if sum(self._unpacked.values()) > most:
            raise LimitReachedError("object streams unfold too far")


class Ref(int):
    """The number of an object of the file being written."""


class PdfFile:
    """A PDF being written: objects are numbered in the order they are asked for.

    `loose_bytes`: the most it may hold outside streams; more raises LimitReachedError.
    """

    def __init__(self, loose_bytes: int | None = None) -> None:
        self._objects: list[bytes] = []
        self._loose, self._most_loose = 0, loose_bytes

    def reserve(self) -> Ref:
        """Number an object that is given later."""
        self._objects.append(b"null")
        return Ref(len(self._objects))

    def put(self, value: object, ref: Ref | None = None) -> Ref:
        """Add an object, or give the one reserved as `ref`."""
        ref = ref or self.reserve()
        self._objects[ref - 1] = self._counted(dumped(value))
        return ref

    def put_stream(self, entries: Mapping[str, Any], data: bytes, ref: Ref | None = None) -> Ref:
        """Add a stream whose `data` is already encoded as its `/Filter` says."""
        ref = ref or self.reserve()
        head = self._counted(dumped({**entries, "/Length": len(data)}))
        self._objects[ref - 1] = b"".join((head, b"\nstream\n", data, b"\nendstream"))
        return ref

    def put_packed(self, entries: Mapping[str, Any], data: bytes) -> Ref:
        """Add a stream, compressed here."""
        return self.put_stream({**entries, "/Filter": "/FlateDecode"}, zlib.compress(data, 6))

    def _counted(self, loose: bytes) -> bytes:
        self._loose += len(loose)
        if self._most_loose is not None and self._loose > self._most_loose:
            raise LimitReachedError("too much outside streams")
        return loose

    def written(self, root: Ref, info: Mapping[str, Any]) -> bytes:
        """Give the file. Its identifier comes from its content: same objects, same bytes."""
        about = self.put(dict(info))
        parts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
        at, starts = len(parts[0]), []
        digest = sha256()
        for number, content in enumerate(self._objects, 1):
            parts += [b"%d 0 obj\n" % number, content, b"\nendobj\n"]
            starts.append(at)
            at += sum(map(len, parts[-3:]))
            digest.update(content)
        parts.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(starts) + 1))
        parts += [b"%010d 00000 n \n" % start for start in starts]
        name = digest.digest()[:16]
        trailer = {"/Size": len(starts) + 1, "/Root": root, "/Info": about, "/ID": [name, name]}
        parts += [b"trailer\n", dumped(trailer), b"\nstartxref\n%d\n%%%%EOF\n" % at]
        return b"".join(parts)


def dumped(value: object) -> bytes:
    """Write a value as PDF: Ref, dict, list, bytes (a string), str (« /Name » a name, else a text)."""
    match value:
        case Ref():
            return b"%d 0 R" % value
        case bool():
            return b"true" if value else b"false"
        case None:
            return b"null"
        case float():
            return f"{value:.10f}".rstrip("0").rstrip(".").encode()
        case bytes():
            return b"<" + value.hex().encode() + b">"
        case Text():
            return dumped(b"\xfe\xff" + value.encode("utf-16-be", "replace"))
        case dict():
            return b"<<" + b" ".join(_name(k) + b" " + dumped(v) for k, v in value.items()) + b">>"
        case list() | tuple():
            return b"[" + b" ".join(map(dumped, value)) + b"]"
        case str():
            return _name(value)
    return str(value).encode("ascii")


class Text(str):
    """A text of the document, where a plain str is a name."""

    __slots__ = ()


def _name(value: str) -> bytes:
    if _PLAIN_NAME.fullmatch(value):
        return value.encode("ascii")
    written = BytesIO()
    NameObject(value).write_to_stream(written)
    return written.getvalue()


class Copier:
    """Takes over what drawing needs from one file into another, each object once."""

    def __init__(self, target: PdfFile) -> None:
        self._target = target
        self._known: dict[tuple[int, int], Ref] = {}
        self._waiting: list[tuple[IndirectObject, Ref]] = []

    def knows(self, source: IndirectObject, ref: Ref) -> None:
        """Say which object stands for `source` from now on."""
        self._known[source.idnum, source.generation] = ref

    def copy(self, value: object) -> Any:
        """Give `value` for the target, with all it refers to. Raises LimitReachedError."""
        taken = self._taken(value, 0)
        while self._waiting:
            source, ref = self._waiting.pop()
            self._take(source.get_object(), ref)
        return taken

    def entries(self, stream: DictionaryObject, but: Iterable[str] = ()) -> dict[str, Any]:
        """Give the entries of a stream for the target, without those no drawing needs and `but`."""
        left = {*_NOT_COPIED, *but}
        return {str(k): self.copy(v) for k, v in stream.items() if k not in left}

    def _take(self, found: object, ref: Ref) -> None:
        if not isinstance(found, StreamObject):
            self._target.put(self._taken(found, 0), ref)
        elif not _is_kind(found, "/Type", _NOT_DRAWN):
            kept = {str(k): v for k, v in found.items() if k not in _NOT_COPIED}
            entries = {key: self._taken(value, 1) for key, value in kept.items()}
            self._target.put_stream(entries, stored(found), ref)

    def _taken(self, value: Any, depth: int) -> Any:
        if depth > limits()["pdf"]["depth"]:
            raise LimitReachedError("nested too deep")
        match value:
            case IndirectObject():
                return self._referred(value)
            case StreamObject():
                return None
            case DictionaryObject():
                if _is_kind(value, "/Type", _NOT_DRAWN) or _is_kind(value, "/S", {"/JavaScript"}):
                    return None
                return {str(k): self._taken(v, depth + 1) for k, v in value.items()}
            case ArrayObject():
                return [self._taken(item, depth + 1) for item in value]
            case ByteStringObject() | TextStringObject():
                return value.original_bytes
            case NameObject():
                return str(value)
            case BooleanObject():
                return value.value
            case int() | float():
                return value
        return None

    def _referred(self, source: IndirectObject) -> Ref:
        key = (source.idnum, source.generation)
        if key not in self._known:
            if len(self._known) > limits()["pdf"]["objects"]:
                raise LimitReachedError("too many objects")
            self._known[key] = self._target.reserve()
            self._waiting.append((source, self._known[key]))
        return self._known[key]


def _is_kind(value: DictionaryObject, key: str, kinds: set[str]) -> bool:
    """Tell by a name the dictionary holds itself: a resource may be called « /Type » too."""
    kind = dict.get(value, key)
    return isinstance(kind, NameObject) and kind in kinds


def stored(stream: StreamObject) -> bytes:
    """Give the bytes of a stream as the file holds them, still encoded."""
    return stream._data  # noqa: SLF001 - pypdf has no other way to it that does not unpack
