"""Drawings laid on A4 pages, each with room at its top for the stamp of an exhibit."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from letters.limits import limits
from letters.pdffile import PdfFile, Ref

if TYPE_CHECKING:
    from collections.abc import Sequence

Matrix = tuple[float, float, float, float, float, float]

POINTS = 72 / 25.4
"""Points in a millimetre."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is laid on a page: its size upright, in points, and the objects that draw it.

    Each matrix brings an object into the upright frame, from (0, 0) to (`width`, `height`).
    """

    width: float
    height: float
    objects: tuple[tuple[Ref, Matrix], ...]
    largest_scale: float


@dataclass(frozen=True, slots=True)
class Frame:
    """The room for a drawing on its page, in points; `page` is the page's width and height."""

    page: tuple[float, float]
    x: float
    y: float
    width: float
    height: float


def frame(*, landscape: bool) -> Frame:
    """Give the room that margins and stamp leave on an A4 page."""
    sizes = {name: value * POINTS for name, value in limits()["page"].items()}
    page = (sizes["width"], sizes["height"])
    width, height = reversed(page) if landscape else page
    across, down = 2 * sizes["side"], sizes["top"] + sizes["bottom"]
    return Frame((width, height), sizes["side"], sizes["bottom"], width - across, height - down)


def slices(width: float, height: float) -> int:
    """Count the pages a drawing is cut over: 1, but for one much taller than wide."""
    page: dict[str, float] = limits()["page"]
    if height <= page["slice_above"] * width:
        return 1
    room = frame(landscape=False)
    return ceil(height / (width * room.height / room.width) / (1 - page["slice_overlap"]))


class A4File:
    """A PDF of A4 pages, filled one drawing after the other.

    Its `file` raises LimitReachedError when a drawing brings more outside streams than an exhibit may hold.
    """

    def __init__(self) -> None:
        self.file = PdfFile(limits()["pdf"]["loose_bytes"])
        self._tree = self.file.reserve()
        self._pages: list[Ref] = []

    def __len__(self) -> int:
        return len(self._pages)

    def lay(self, drawing: Drawing) -> None:
        """Lay a drawing on a page of its own, in the middle, or on several when it is very tall."""
        count = slices(drawing.width, drawing.height)
        room = frame(landscape=count == 1 and drawing.width > drawing.height)
        if count == 1:
            self._page(drawing, room, 0.0, drawing.height)
            return
        share = drawing.width * room.height / room.width
        step = (drawing.height - share) / (count - 1)
        for number in range(count):
            self._page(drawing, room, number * step, share)

    def _page(self, drawing: Drawing, room: Frame, top: float, shown: float) -> None:
        scale = min(room.width / drawing.width, room.height / shown, drawing.largest_scale)
        x = room.x + (room.width - scale * drawing.width) / 2
        y = room.y + (room.height - scale * shown) / 2
        below = drawing.height - top - shown
        steps = [
            f"q {numbers((scale, 0, 0, scale, x, y - scale * below))} cm",
            f"{numbers((0, below, drawing.width, shown))} re W n",
        ]
        steps += [
            f"q {numbers(matrix)} cm /X{at} Do Q" for at, (_, matrix) in enumerate(drawing.objects)
        ]
        content = self.file.put_packed({}, "\n".join([*steps, "Q"]).encode("ascii"))
        objects = {f"/X{at}": ref for at, (ref, _) in enumerate(drawing.objects)}
        self._pages.append(
            self.file.put(
                {
                    "/Type": "/Page",
                    "/Parent": self._tree,
                    "/MediaBox": [0, 0, *room.page],
                    "/Resources": {"/XObject": objects},
                    "/Contents": content,
                }
            )
        )

    def written(self) -> bytes:
        """Give the file."""
        self.file.put(
            {"/Type": "/Pages", "/Kids": self._pages, "/Count": len(self._pages)}, self._tree
        )
        root = self.file.put({"/Type": "/Catalog", "/Pages": self._tree})
        return self.file.written(root, {})


def numbers(values: Sequence[float]) -> str:
    """Write numbers as a content stream holds them."""
    return " ".join(f"{value:.6f}".rstrip("0").rstrip(".") for value in values)
