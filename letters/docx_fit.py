"""How large the text of a DOCX can be to hold on one page: where it breaks is for the word processor to say.

Geometry of `docx_house` and `docx`, in millimetres, with the widths of Times New Roman. A wrong guess
costs a smaller text or a second page, never a wrong letter.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Any

from letters.docx_house import (
    QR_MM,
    SECTION_MM,
    SIGN_MM,
    SPACING,
    WIDTH_MM,
    WINDOW_LEFT_MM,
    WINDOW_MM,
)
from letters.docx_parts import roomy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from letters.paper import Line

_MM_PER_PT = 25.4 / 72
_PAGE_MM = 297.0 - 15 - 12 - 1
"""Between the margins of a letter of one page, less what a guess may be wrong by."""
_LINE_EM = 1.149
"""Height of a line of Times."""
_HEAD_MM = 71.0
_LEFT_MM = WINDOW_LEFT_MM - 25.0
_CLASSES = {
    0.25: " \u00a0.,\u202f",
    0.28: "iîïljt/:;|’'",
    0.34: "fIJrs()[]-",
    0.44: "aàâcçeéèêëzkvxy?",
    0.72: "ABCDEFGHKLNOPQRTUVXYZÀÂÇÉÈÊŒœwm&",
    0.92: "MW…%€",
}
_OTHER = 0.5


@cache
def _widths() -> dict[str, float]:
    return {char: width for width, chars in _CLASSES.items() for char in chars}


def size_for(sheet: Mapping[str, Any]) -> float | None:
    """Give the largest size in points at which a sheet should hold on one page, None when at none."""
    return next((size for size in SPACING if _height(sheet, size) <= _PAGE_MM), None)


def overflows(addressee: Sequence[Line], size: float) -> bool:
    """Tell whether an address at a size in points would go under the window of the envelope."""
    measured = _Measure(size, size * _MM_PER_PT * _LINE_EM * SPACING[size])
    return measured.lines(addressee, WIDTH_MM - _LEFT_MM) > WINDOW_MM


def _height(sheet: Mapping[str, Any], size: float) -> float:
    line = size * _MM_PER_PT * _LINE_EM * SPACING[size]
    measured = _Measure(size, line)
    return (
        measured.above(sheet)
        + sum(measured.block(block, sheet["kind"]) for block in sheet["blocks"])
        + measured.end(sheet)
    )


class _Measure:
    """Adds up heights at one size; every method gives millimetres."""

    def __init__(self, size: float, line: float) -> None:
        self.size = size
        self.line = line
        self.after = 0.37 * size * _MM_PER_PT

    def rows(self, runs: Line, width: float = WIDTH_MM, size: float | None = None) -> float:
        """Count the lines that one line of the sheet takes."""
        if len(runs) == 1 and "b" in runs[0]:
            return float(runs[0]["rules"]) + 0.7  # its label in small, under it
        known, em = _widths(), (size or self.size) * _MM_PER_PT
        long = sum(
            run["mm"] + 1.05 * len(run["b"])
            if "b" in run
            else em * sum(known.get(char, _OTHER) for char in run["t"])
            for run in runs
        )
        rules = [run["rules"] for run in runs if "b" in run]
        more = sum(rules) - len(rules) + 0.2 * bool(rules)  # a blank is never cut
        return float(ceil(max(long, 1.0) * 1.01 / width + more))

    def lines(self, lines: Sequence[Line], width: float = WIDTH_MM) -> float:
        """Measure lines of one paragraph."""
        return self.line * sum(self.rows(runs, width) for runs in lines)

    def above(self, sheet: Mapping[str, Any]) -> float:
        """Measure what stands above the text."""
        high = 4.0 + self.lines([sheet["subject"]] if sheet["subject"] else [])
        high += self.lines(sheet["references"])
        if sheet["heading"]:
            high += 12 + 1.25 * self.lines([sheet["heading"]], WIDTH_MM / 1.25)
        if sheet["kind"] == "script":
            return high + self.line
        if sheet["kind"] == "message":
            return high + 2 * self.line + 7
        sender = self.lines(sheet["sender"], _LEFT_MM - 6)
        if sheet["addressee"]:
            high += max(_HEAD_MM, sender)
        else:
            high += sender
        above = {"place_date": 3, "mention": 4, "subject": 4}
        return high + sum(room + self.line for part, room in above.items() if sheet[part])

    def block(self, block: Mapping[str, Any], kind: str) -> float:
        """Measure a heading, a table or a paragraph."""
        if block["kind"] == "heading":
            return self.lines([block["line"]]) + SECTION_MM[self.size] * 4 / 3
        if block["kind"] == "table":
            rows = 1 + bool(block["total"]) + sum(map(self._row, block["rows"]))
            return rows * (self.line + 1.6) + 2.0
        if kind == "script":
            return 1.25 * self.lines(block["lines"]) + 2.2 * self.after
        listed: list[bool] = [runs[0].get("t", "").startswith("– ") for runs in block["lines"]]
        parts: int = 1 + sum(one != other for one, other in pairwise(listed))
        return self.lines(block["lines"], WIDTH_MM - 3 * any(listed)) + parts * self.after

    def _row(self, cells: Sequence[Line]) -> float:
        """Count the lines of a row of a table: a blank in it may take a second one."""
        return max(self.rows(cell, 0.8 * WIDTH_MM) for cell in cells) if roomy(cells) else 1.0

    def end(self, sheet: Mapping[str, Any]) -> float:
        """Measure what follows the text."""
        names, listed, paid = sheet["signatures"], sheet["enclosures"], sheet["payment"]
        run_in = paid and not roomy(listed)
        shown = [[run for line in listed for run in line]] if run_in and listed else listed
        beside = len(names) == 1 and not paid and len(listed) > 1 and not roomy(listed)
        width = _LEFT_MM - 12 if beside else WIDTH_MM
        enclosed = 0.92 * (self.lines(shown, width) + self.line * (len(shown) > 1))
        code = QR_MM[self.size] + 1.5 if paid else 0.0
        high = (
            (2.0 if names else 5.0)
            + 2 * beside
            + self.lines(sheet["copy_to"])
            + 2 * bool(sheet["copy_to"])
        )
        if names:
            pairs = [names[at : at + 2] for at in range(0, len(names), 2)]
            wide = WIDTH_MM / 2 if len(names) > 1 else WIDTH_MM - _LEFT_MM
            tall = sum(max(self.lines([name], wide) for name in pair) for pair in pairs)
            signed = tall + (2 + SIGN_MM) * len(pairs)
            if len(names) > 1:  # the code of the payment goes under their names, not beside
                high += signed + self.line + 6 + code
            else:
                high += max(signed, enclosed if beside else 0.0, code)
        else:
            high += code
        if not beside:
            high += enclosed
        if sheet["small_print"]:
            small = self.rows([{"t": sheet["small_print"]}], size=7.5)
            high += 3.0 + small * 7.5 * _MM_PER_PT * _LINE_EM
        return high
