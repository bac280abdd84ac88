"""One PDF to send or to hand in: the letter, the list of exhibits (bordereau), then each exhibit, stamped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from letters.format import NBSP, pluriel
from letters.sheets import bare_sheet
from letters.tables import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

BundleCode = Literal["too_big", "broken"]


class BundleRefused(Exception):  # noqa: N818 - an outcome, told to the person by its code
    """No bundle can be made: over the size that can be sent (`too_big`), or a part is no PDF (`broken`)."""

    def __init__(self, code: BundleCode) -> None:
        super().__init__(code)
        self.code: BundleCode = code


def bundle(
    letter: bytes, bordereau: bytes, exhibits: Sequence[tuple[str, bytes]], *, today: date
) -> bytes:
    """Put a letter, the list of its exhibits and the exhibits together; same parts and day, same bytes.

    `letter` and `bordereau` are PDFs of `letters.pdf.render`; `exhibits` holds the title and the content
    of each (`letters.exhibits.Exhibit.content`), in the order of their numbers, from 1. `today` dates the
    file. Raises BundleRefused.
    """
    # Reading and printing take long to import: a list of exhibits needs neither.
    from pypdf import apply_configuration

    from letters.bundled import Bundle
    from letters.limits import UNREADABLE, limits, reading_limits

    most = limits()["bundle"]["bytes"]
    if sum(map(len, (letter, bordereau, *(content for _, content in exhibits)))) > most:
        raise BundleRefused("too_big")
    try:
        with apply_configuration(**reading_limits()):
            written = Bundle().made(letter, bordereau, exhibits, today)
    except UNREADABLE as error:
        raise BundleRefused("broken") from error
    if len(written) > most:
        raise BundleRefused("too_big")
    return written


def bordereau_sheet(
    title: str,
    exhibits: Sequence[Mapping[str, Any]],
    *,
    head: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Lay out the list of exhibits as a sheet for `letters.pdf.render` and `letters.docx.render`.

    `title`: what the exhibits go with (« Requête en injonction de payer »). `exhibits`: {number, title,
    pages} of each. `head`: the sheet of that letter, whose sender, place, day and author are taken over;
    without it the sheet has no date and is printed as of a day given.
    """
    listed = table("exhibits", {"exhibits": exhibits})
    pages = sum(item["pages"] for item in exhibits)
    counted = f"Soit {pluriel(len(exhibits), 'pièce')}, {pluriel(pages, 'page')} en tout."
    given = head or {}
    return bare_sheet(
        "note",
        f"Bordereau des pièces – {title}",
        **{key: given[key] for key in ("author", "date", "sender", "place_date") if key in given},
        heading=_line("Bordereau des pièces"),
        blocks=[
            {"kind": "text", "lines": [_line(f"Pièces jointes{NBSP}: {title}")]},
            {
                "kind": "table",
                "name": "exhibits",
                "heading": list(listed.heading),
                "align": list(listed.align),
                "rows": [[_line(cell) for cell in row] for row in listed.rows],
                "total": [],
            },
            {"kind": "text", "lines": [_line(counted)]},
        ],
    )


def _line(text: str) -> list[dict[str, Any]]:
    return [{"t": text}]
