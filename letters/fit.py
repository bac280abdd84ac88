"""How large a letter can be printed: a guess at its height, so that printing rarely needs two tries.

Everything here is geometry of `house.typ`, in millimetres and points; a wrong guess costs a second
printing, never a wrong letter.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZES = (11.0, 10.5, 10.0)
"""Sizes of the text in points, the best first."""

_PAGE = 270.0
_WIDTH_PT = 467.7
_CHAR_EM = 0.405
_MM_PER_PT = 0.3528
_CAPITAL = 0.65
_UNDER_A_BLANK = 5.0
_HOPELESS = 1.08
"""Past this share of the page at the smallest size, a second page is needed anyway."""


def sizes_to_try(sheet: Mapping[str, Any]) -> tuple[float, ...]:
    """Give the sizes worth trying to hold on one page, best first; () when none can."""
    if _height(sheet, SIZES[-1]) > _PAGE * _HOPELESS:
        return ()
    likely = [size for size in SIZES if _height(sheet, size) <= _PAGE * 1.005]
    return SIZES[SIZES.index(likely[0]) :] if likely else SIZES[-1:]


def _height(sheet: Mapping[str, Any], size: float) -> float:
    em = size * _MM_PER_PT
    address = em * (_CAPITAL + 0.55)
    head = max(75.0, 35 + address * len(sheet["addressee"]), address * len(sheet["sender"]))
    fixed = -9.0  # lines counted whole, and room counted above the first of each part
    if sheet["kind"] == "message":
        fixed += 8 + 2 * (em * _CAPITAL + 2.5) + 10.5
        fixed += _lines(sheet["subject"], size, 0.95) * address
    elif sheet["kind"] != "script":
        fixed += head + em * _CAPITAL + 10.5
        fixed += 5 + em * _CAPITAL if sheet["mention"] else 0
        fixed += sum(_lines(line, size, 0.95) * address for line in (sheet["subject"],))
        fixed += 2.5 + sum(_lines(r, size) * address for r in sheet["references"])
    fixed += sum(_block(block, size, em) for block in sheet["blocks"])
    listed = len(sheet["enclosures"])
    enclosures = 4.2 * (listed + 1) if listed > 1 else 4.2 * listed
    if any("b" in run for line in sheet["enclosures"] for run in line):
        fixed += 12 + address + enclosures + 2 * _UNDER_A_BLANK  # under the signature
    elif sheet["signature"] and listed < 2:
        fixed += 15 + 2 * address + enclosures
    else:
        fixed += 3 + (max(18 + address, enclosures + 6) if sheet["signature"] else enclosures)
    if sheet["small_print"]:
        fixed += 4 + 3.2 * ceil(len(sheet["small_print"]) * 7.5 * _CHAR_EM / _WIDTH_PT)
    return fixed


def _block(block: Mapping[str, Any], size: float, em: float) -> float:
    if "rows" in block:
        rows = len(block["rows"]) + 1 + bool(block["total"])
        return rows * (em * _CAPITAL + 9 * _MM_PER_PT) + 1.3 * em
    lines = sum(_lines(line, size) for line in block["lines"])
    ruled = sum(any("b" in run for run in line) for line in block["lines"])
    return lines * em * (_CAPITAL + 0.58) + 0.37 * em + ruled * _UNDER_A_BLANK


def _lines(runs: list[dict[str, str]], size: float, room: float = 1.0) -> int:
    chars = sum(len(run.get("t", "")) + (24 if "b" in run else 0) for run in runs)
    blanks = 0.5 if any("b" in run for run in runs) else 0
    return ceil(max(chars, 1) * size * _CHAR_EM / (_WIDTH_PT * room) + blanks)
