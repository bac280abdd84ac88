"""A bundle while it is made: its pages, its bookmarks, its tags, its page labels.

What this program printed keeps its tags, so that it can still be read aloud. An exhibit is one drawing to
a page, tagged by its stamp and title.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from letters.a4 import POINTS, Drawing, numbers
from letters.format import NBSP
from letters.limits import limits
from letters.pdffile import BoundedReader, Copier, PdfFile, Ref, Text
from letters.pdfpages import PageDrawings
from letters.stamps import exhibit_name, stamps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pypdf import PageObject

_KEPT_OF_A_PAGE = ("/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/Group", "/Tabs")
_KEPT_OF_A_LINK = ("/Rect", "/Border", "/F", "/QuadPoints", "/Contents")


class Bundle:
    """A bundle being made."""

    def __init__(self) -> None:
        self._file = PdfFile()
        self._tree = self._file.reserve()
        self._structure = self._file.reserve()
        self._document = self._file.reserve()
        self._pages: list[Ref] = []
        self._bookmarks: list[tuple[str, Ref]] = []
        self._labels: list[Any] = []
        self._tagged: list[Any] = []
        """Parts of the document for who reads it aloud."""
        self._parents: list[Any] = []
        self._next_parent = 0
        self._roles: dict[str, Any] = {}

    def made(
        self,
        letter: bytes,
        bordereau: bytes,
        exhibits: Sequence[tuple[str, bytes]],
        today: date,
    ) -> bytes:
        """Give the whole file."""
        about = BoundedReader(letter).metadata
        title = about.title if about and about.title else "Lettre"
        self._add_written(letter, title, "")
        self._add_written(bordereau, "Bordereau des pièces", f"Bordereau{NBSP}")
        drawn = stamps([_pages_of(content) for _, content in exhibits], self._file)
        for number, (name, content) in enumerate(exhibits, 1):
            # One open at a time: what is read of a file weighs many times the file.
            with BoundedReader(content) as reader:
                self._add_exhibit(number, name, reader, drawn)
        pages = {"/Type": "/Pages", "/Kids": self._pages, "/Count": len(self._pages)}
        self._file.put(pages, self._tree)
        noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
        dated = f"{noon:D:%Y%m%d%H%M%S}Z".encode("ascii")
        info = {"/Title": Text(title), "/CreationDate": dated, "/ModDate": dated}
        if about and about.author:
            info["/Author"] = Text(about.author)
        return self._file.written(self._root(), info)

    def _add_written(self, content: bytes, title: str, label: str) -> None:
        """Add pages this program has printed, with their tags."""
        reader = BoundedReader(content)
        copier = Copier(self._file)
        refs = [self._file.reserve() for _ in reader.pages]
        for page, ref in zip(reader.pages, refs, strict=True):
            if isinstance(page.indirect_reference, IndirectObject):
                copier.knows(page.indirect_reference, ref)
        tags = dict.get(reader.root_object, "/StructTreeRoot")
        if isinstance(tags, IndirectObject):
            copier.knows(tags, self._document)
        self._start_part(title, label, refs[0])
        for page, ref in zip(reader.pages, refs, strict=True):
            kept = {k: copier.copy(dict.get(page, k)) for k in _KEPT_OF_A_PAGE if k in page}
            held = {"/Type": "/Page", "/Parent": self._tree, **kept}
            if "/StructParents" in page:
                held["/StructParents"] = self._next_parent + int(page.get("/StructParents", 0))
            if links := self._links(page, copier):
                held["/Annots"] = links
            self._file.put(held, ref)
        self._pages += refs
        if isinstance(tags, IndirectObject):
            self._add_tags(tags.get_object(), copier)

    def _links(self, page: PageObject, copier: Copier) -> list[Ref]:
        """Take over the links of a printed page, and nothing else an annotation may do."""
        taken = []
        for source in page.get("/Annots", ()):
            link = source.get_object()
            action = link.get("/A")
            if link.get("/Subtype") != "/Link" or not action or action.get("/S") != "/URI":
                continue
            held = {k: copier.copy(dict.get(link, k)) for k in _KEPT_OF_A_LINK if k in link}
            held |= {"/Type": "/Annot", "/Subtype": "/Link"}
            held["/A"] = {"/S": "/URI", "/URI": copier.copy(action.raw_get("/URI"))}
            if "/StructParent" in link:
                held["/StructParent"] = self._next_parent + int(link["/StructParent"])
            ref = self._file.put(held)
            if isinstance(source, IndirectObject):
                copier.knows(source, ref)
            taken.append(ref)
        return taken

    def _add_tags(self, root: Any, copier: Copier) -> None:
        parts = copier.copy(dict.get(root, "/K"))
        self._tagged += parts if isinstance(parts, list) else [parts]
        self._roles |= copier.copy(dict.get(root, "/RoleMap")) or {}
        pairs = _numbered(root.get("/ParentTree"))
        for key, value in pairs:
            self._parents += [self._next_parent + key, copier.copy(value)]
        self._next_parent += max((key for key, _ in pairs), default=-1) + 1

    def _add_exhibit(
        self, number: int, title: str, reader: BoundedReader, drawn: dict[tuple[int, int], Drawing]
    ) -> None:
        drawings = PageDrawings(self._file)
        refs = [self._file.reserve() for _ in reader.pages]
        name = exhibit_name(number, title)
        self._start_part(name, f"Pièce{NBSP}{number} – ", refs[0])
        part = self._file.reserve()
        told: list[Ref] = []
        for at, (page, ref) in enumerate(zip(reader.pages, refs, strict=True)):
            told += self._stamped(page, ref, part, drawings, drawn[number, at])
        section = {"/Type": "/StructElem", "/S": "/Sect", "/P": self._document, "/K": told}
        self._tagged.append(self._file.put({**section, "/T": Text(name)}, part))
        self._pages += refs

    def _stamped(
        self, page: PageObject, ref: Ref, part: Ref, drawings: PageDrawings, stamp: Drawing
    ) -> list[Ref]:
        """Add a page of an exhibit under its stamp; give its two tags, the stamp first."""
        drawing = drawings.drawing(page)
        place = limits()["stamp"]
        x = drawing.width - place["right"] * POINTS - stamp.width
        y = drawing.height - place["top"] * POINTS - stamp.height
        shown = {f"/X{at}": found for at, (found, _) in enumerate(drawing.objects)}
        steps = ["/Div <</MCID 1>> BDC"]
        steps += [
            f"q {numbers(matrix)} cm /X{at} Do Q" for at, (_, matrix) in enumerate(drawing.objects)
        ]
        steps += ["EMC", "/P <</MCID 0>> BDC"]
        for at, (found, matrix) in enumerate(stamp.objects):
            shown[f"/S{at}"] = found
            steps.append(f"q 1 0 0 1 {numbers((x, y))} cm {numbers(matrix)} cm /S{at} Do Q")
        content = self._file.put_packed({}, "\n".join([*steps, "EMC"]).encode("ascii"))
        held = {
            "/Type": "/Page",
            "/Parent": self._tree,
            "/MediaBox": [0, 0, drawing.width, drawing.height],
            "/Resources": {"/XObject": shown},
            "/Contents": content,
            "/StructParents": self._next_parent,
            "/Tabs": "/S",
        }
        self._file.put(held, ref)
        told = [
            self._file.put({"/Type": "/StructElem", "/S": kind, "/P": part, "/Pg": ref, "/K": at})
            for at, kind in enumerate(("/P", "/Div"))
        ]
        self._parents += [self._next_parent, self._file.put(told)]
        self._next_parent += 1
        return told

    def _start_part(self, title: str, label: str, first: Ref) -> None:
        self._bookmarks.append((title, first))
        named = {"/P": Text(label)} if label else {}
        self._labels += [len(self._pages), {"/S": "/D", **named}]

    def _root(self) -> Ref:
        self._file.put(
            {
                "/Type": "/StructTreeRoot",
                "/K": [self._document],
                "/ParentTree": {"/Nums": self._parents},
                "/ParentTreeNextKey": self._next_parent,
                "/RoleMap": self._roles,
            },
            self._structure,
        )
        whole = {"/Type": "/StructElem", "/S": "/Document", "/P": self._structure}
        self._file.put({**whole, "/K": self._tagged}, self._document)
        return self._file.put(
            {
                "/Type": "/Catalog",
                "/Pages": self._tree,
                "/Lang": Text("fr-FR"),
                "/MarkInfo": {"/Marked": True},
                "/StructTreeRoot": self._structure,
                "/ViewerPreferences": {"/DisplayDocTitle": True},
                "/PageMode": "/UseOutlines",
                "/PageLabels": {"/Nums": self._labels},
                "/Outlines": self._outline(),
            }
        )

    def _outline(self) -> Ref:
        root = self._file.reserve()
        items = [self._file.reserve() for _ in self._bookmarks]
        for at, (title, page) in enumerate(self._bookmarks):
            item = {"/Title": Text(title), "/Parent": root, "/Dest": [page, "/Fit"]}
            item |= {"/Prev": items[at - 1]} if at else {}
            item |= {"/Next": items[at + 1]} if at + 1 < len(items) else {}
            self._file.put(item, items[at])
        held = {"/Type": "/Outlines", "/First": items[0], "/Last": items[-1], "/Count": len(items)}
        return self._file.put(held, root)


def _pages_of(content: bytes) -> int:
    with BoundedReader(content) as reader:
        return len(reader.pages)


def _numbered(tree: Any) -> list[tuple[int, Any]]:
    """Give the pairs of a number tree (ISO 32000-1, 7.9.7)."""
    pairs: list[tuple[int, Any]] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if not isinstance(node, DictionaryObject):
            continue
        numbers_held = node.get("/Nums")
        if isinstance(numbers_held, ArrayObject):
            flat = list(numbers_held)
            pairs += zip(map(int, flat[::2]), flat[1::2], strict=True)
        kids = node.get("/Kids")
        waiting += kids if isinstance(kids, ArrayObject) else []
    return sorted(pairs, key=lambda pair: pair[0])
