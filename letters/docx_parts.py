"""The pieces of a word processor's text: runs, blanks to fill, paragraphs, tables, a picture."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from letters import docx_house as style
from letters.docx_house import WIDTH_MM, twips
from letters.format import NBSP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from letters.paper import Line

_UNWRITABLE = re.compile(
    # What XML refuses, and the marks that would show a text in another order than it is written.
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_RTL = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+"
_PIECE = re.compile(rf"(?P<break>\n)|(?<=\b1)(?P<raised>er)\b|(?P<rtl>{_RTL}(?:[ \u00a0]+{_RTL})*)")
_STROKE_EM = 0.5
"""Width of « _ » in Times: a rule is drawn by them, since a word processor hides spaces at a line's end."""
_MOST_BESIDE_MM = 140.0
_MM_PER_PT = 25.4 / 72
_NEVER_CUT = 12
"""A table of so many rows stays on one page."""
_CHAR_EM = 0.5
"""Width of a digit in Times, and about that of a letter."""
_CAPTIONS = {
    "decompte": "Décompte",
    "schedule": "Échéancier",
    "exhibits": "Bordereau des pièces",
    "invoices": "Factures",
}
_NARROW = frozenset({"schedule", "invoices"})
"""Tables of short cells, which leave the rest of the line free."""
_LONE_MM = 70.0
"""A blank that is a whole line is long enough for an address."""
_BREAK = "<w:r><w:br/></w:r>"


def clean(text: str) -> str:
    """Give a text without what a file cannot hold: control characters, lone surrogates."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\t", " "))


def roomy(lines: Sequence[Line]) -> bool:
    """Tell whether one of the lines has a blank to fill."""
    return any("b" in run for line in lines for run in line)


def text(value: str, marks: str = "") -> str:
    """Write runs: « 1er » raised, a name and its « EI » unbroken, Arabic or Hebrew right to left.

    `marks`: properties of the runs, as XML.
    """
    value = re.sub(r" EI\b", f"{NBSP}EI", clean(value))
    runs, at = [], 0
    for piece in _PIECE.finditer(value):
        runs.append(_run(value[at : piece.start()], marks))
        if piece["break"]:
            runs.append(_BREAK)
        elif piece["raised"]:
            runs.append(_run(piece[0], f'{marks}<w:vertAlign w:val="superscript"/>'))
        else:
            runs.append(_run(piece[0], f"{marks}<w:rtl/>"))
        at = piece.end()
    return "".join((*runs, _run(value[at:], marks)))


def _run(value: str, marks: str) -> str:
    if not value:
        return ""
    marked = f"<w:rPr>{marks}</w:rPr>" if marks else ""
    written = escape(value, quote=False)
    return f'<w:r>{marked}<w:t xml:space="preserve">{written}</w:t></w:r>'


def _styled(key: str) -> str:
    return f'<w:rStyle w:val="{key}"/>'


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes lines at a size in points: the length of a blank is counted in « _ » of that size."""

    size: float

    def line(self, runs: Line) -> str:
        """Write a line; a blank is a rule or two, its label in small beside, under when it is alone."""
        if len(runs) == 1 and "b" in runs[0]:
            blank = runs[0]
            rules = self._rules(max(blank["mm"], _LONE_MM), blank["rules"])
            return rules + _BREAK + _label(blank["b"])
        return "".join(
            self._rules(run["mm"], run["rules"]) + _label(run["b"], before=_beside(run))
            if "b" in run
            else text(run["t"])
            for run in runs
        )

    def lines(self, lines: Sequence[Line]) -> str:
        """Write lines of one paragraph, each on its own."""
        return _BREAK.join(map(self.line, lines))

    def _rules(self, millimetres: float, count: int) -> str:
        strokes = round(millimetres / (_STROKE_EM * self.size * _MM_PER_PT))
        return _BREAK.join([_run("_" * strokes, _styled(style.BLANK))] * count)


def _beside(blank: Mapping[str, Any]) -> str:
    """Keep a rule and its name on one line, unless they are longer than it."""
    return NBSP if blank["mm"] + 1.2 * len(blank["b"]) < _MOST_BESIDE_MM else " "


def _label(words: str, before: str = "") -> str:
    """Write what is to be filled in, never cut at the end of a line; nothing for a rule that says it all."""
    if not words:
        return ""
    return text(before) + text(f"({words})".replace(" ", NBSP), _styled(style.BLANK_LABEL))


def paragraph(
    key: str, runs: str, *, keep: bool = False, whole: bool = False, before: float | None = None
) -> str:
    """Write a paragraph of a style. `keep`: on the page of the next one; `whole`: never cut.

    `before`: room above it in millimetres, instead of the style's.
    """
    kept = "<w:keepNext/>" * keep + "<w:keepLines/>" * whole
    room = "" if before is None else f'<w:spacing w:before="{twips(before)}"/>'
    return f'<w:p><w:pPr><w:pStyle w:val="{key}"/>{kept}{room}</w:pPr>{runs}</w:p>'


def table(
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    key: str = style.LAYOUT,
    at_least: float = 0.0,
    caption: str = "",
    total: bool = False,
) -> str:
    """Write a table of cells given as paragraphs; a row is never cut. Widths in millimetres.

    With a `caption` it is a table of data: its first row is the heading, repeated on each page,
    and with `total` its last one the total. Without, it places things side by side, each row
    `at_least` so many millimetres high; a row of one cell takes the whole width.
    """
    columns = [twips(width) for width in widths]
    first, last = int(bool(caption)), int(total)
    looks = (
        f'w:val="{0x600 + 0x20 * first + 0x40 * last:04X}" w:firstRow="{first}" w:lastRow="{last}" '
        'w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"'
    )
    named = f'<w:tblCaption w:val="{escape(caption)}"/>' if caption else ""
    height = f'<w:trHeight w:val="{twips(at_least)}" w:hRule="atLeast"/>' if at_least else ""
    written = []
    for at, row in enumerate(rows):
        marks = "<w:tblHeader/>" if caption and at == 0 else height if len(row) > 1 else ""
        spans = [(sum(columns), len(columns))] if len(row) == 1 else [(one, 1) for one in columns]
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
            f'{f"""<w:gridSpan w:val="{span}"/>""" if span > 1 else ""}</w:tcPr>{cell}</w:tc>'
            for (width, span), cell in zip(spans, row, strict=True)
        )
        written.append(f"<w:tr><w:trPr><w:cantSplit/>{marks}</w:trPr>{cells}</w:tr>")
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{key}"/><w:tblW w:w="{sum(columns)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook {looks}/>'
        f"{named}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(written)}</w:tbl>"
    )


def data(block: Mapping[str, Any], pen: Pen, *, keep: bool) -> str:
    """Write a décompte, a schedule or a list of exhibits.

    A short one is never cut; `keep`: it stays on the page of what follows.
    """
    first, last = ([[{"t": cell}] for cell in block[key]] for key in ("heading", "total"))
    rows = [first, *block["rows"], *filter(None, [last])]
    written = []
    for at, row in enumerate(rows):
        ends = at >= len(rows) - 2  # the last two rows go together
        kept = (keep or at < len(rows) - 1) and (len(rows) <= _NEVER_CUT or at == 0 or ends)
        cells = [
            paragraph(style.AMOUNT if side == "right" else style.CELL, pen.line(cell), keep=kept)
            for cell, side in zip(row, block["align"], strict=True)
        ]
        written.append(cells)
    caption = _CAPTIONS[block["name"]]
    widths = _widths(rows, pen.size, whole=block["name"] not in _NARROW)
    return table(written, widths, key=style.TABLE, caption=caption, total=bool(block["total"]))


def _widths(rows: Sequence[Sequence[Line]], size: float, *, whole: bool) -> list[float]:
    """Give each column the room of its longest cell; with `whole` the longest of all what is left."""
    char = _CHAR_EM * size * _MM_PER_PT
    needed = [
        6
        + max(
            sum(run["mm"] if "b" in run else len(run["t"]) * char for run in cell)
            for cell in column
        )
        for column in zip(*rows, strict=True)
    ]
    if not whole and sum(needed) <= WIDTH_MM:
        return needed
    longest = needed.index(max(needed))
    needed[longest] = 0
    share = min(1.0, 0.6 * WIDTH_MM / (sum(needed) or 1))
    widths = [width * share for width in needed]
    widths[longest] = WIDTH_MM - sum(widths)
    return widths


def picture(relation: str, millimetres: float, alt: str) -> str:
    """Write a square picture, the one of the file, with what it shows said in words."""
    side = round(millimetres * 36000)
    said = escape(alt)
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{side}" cy="{side}"/><wp:docPr id="1" name="QR" descr="{said}"/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:nvPicPr><pic:cNvPr id="1" name="QR" descr="{said}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{side}" cy="{side}"/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
