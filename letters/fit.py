"""How large a letter can be printed: a guess at its height, so that printing rarely needs two tries.

Everything here is geometry of `house.typ`, in millimetres and points; a wrong guess costs a second
printing, never a wrong letter.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Setting(NamedTuple):
    """The size of the text in points, and whether its lines are set closer."""

    size: float
    tight: bool = False

    @property
    def em(self) -> float:
        """Give the size in millimetres."""
        return self.size * _MM_PER_PT


_MM_PER_PT = 0.3528
SETTINGS = (Setting(11.0), Setting(10.5), Setting(10.0), Setting(10.0, tight=True))
"""The settings of the text, the best first."""

_PAGE = 270.0
_WIDTH_PT = 467.7
_CHAR_EM = 0.405
_CAPITAL = 0.65
_UNDER_A_BLANK = 4.0
_SURE, _HOPELESS = 1.02, 1.045
"""Shares of the page: up to the first a setting is likely to hold, past the second it never does."""


def settings_to_try(sheet: Mapping[str, Any]) -> tuple[Setting, ...]:
    """Give the settings worth trying to hold on one page, best first; () when none can."""
    if _height(sheet, SETTINGS[-1]) > _PAGE * _HOPELESS:
        return ()
    likely = [at for at in SETTINGS if _height(sheet, at) <= _PAGE * _SURE]
    return SETTINGS[SETTINGS.index(likely[0]) :] if likely else SETTINGS[-1:]


def _height(sheet: Mapping[str, Any], at: Setting) -> float:
    address = at.em * (_CAPITAL + 0.55)
    fixed = -9.0  # lines counted whole, and room counted above the first of each part
    if sheet["kind"] == "message":
        fixed += 8 + 2 * (at.em * _CAPITAL + 2.5) + 10.5
    elif sheet["kind"] in {"letter", "filing"}:
        fixed += max(75.0, address * len(sheet["sender"]))
        fixed += at.em * _CAPITAL + 10.5
        fixed += 5 + at.em * _CAPITAL if sheet["mention"] else 0
    else:
        fixed += 10.5
    fixed += _lines(sheet["subject"], at, 0.95) * address if sheet["subject"] else 0
    fixed += _lines(sheet["heading"], at, 0.8) * 1.2 * address if sheet["heading"] else 0
    fixed += 2.5 + sum(_lines(r, at) * address for r in sheet["references"])
    fixed += sum(_block(block, at) for block in sheet["blocks"])
    fixed += _ending(sheet, at, address)
    if sheet["small_print"]:
        fixed += 4 + 3.2 * ceil(len(sheet["small_print"]) * 7.5 * _CHAR_EM / _WIDTH_PT)
    return fixed


def _ending(sheet: Mapping[str, Any], at: Setting, address: float) -> float:
    signed, listed = len(sheet["signatures"]), len(sheet["enclosures"])
    payment = (24.0 if at.tight else 28.0) if sheet["payment"] else 0.0
    ruled = _ruled(sheet["enclosures"])
    in_a_row = bool(payment) and not ruled
    lines = (
        _lines([run for line in sheet["enclosures"] for run in line], at) if in_a_row else listed
    )
    enclosures = 4.2 * (lines + (listed > 1 and not in_a_row)) + 2 * _UNDER_A_BLANK * bool(ruled)
    beside = signed == 1 and not payment and not ruled and listed > 1
    height = 6.0 if signed or payment or listed else 0.0
    if signed == 1:
        row = max(18 + address, enclosures + 6) if beside else 15 + address
        height += max(row, payment)
    elif signed:
        height += (22 + address) * ceil(signed / 2) + payment + at.em * 2.5
    else:
        height += payment
    height += 5 + address * len(sheet["copy_to"]) if sheet["copy_to"] else 0
    return height + (0 if beside else enclosures)


def _ruled(lines: list[list[dict[str, Any]]]) -> int:
    return sum(any("b" in run for run in line) for line in lines)


def _block(block: Mapping[str, Any], at: Setting) -> float:
    if block["kind"] == "heading":
        return _lines(block["line"], at) * at.em * (_CAPITAL + 0.58) + 1.7 * at.em
    if block["kind"] == "table":
        rows = len(block["rows"]) + 1 + bool(block["total"])
        ruled = sum(_ruled(row) > 0 for row in block["rows"])
        high = rows * (at.em * _CAPITAL + (7 if at.tight else 9) * _MM_PER_PT) + 1.3 * at.em
        return high + ruled * _UNDER_A_BLANK
    lines = sum(_lines(line, at) for line in block["lines"])
    leading, spacing = (0.5, 0.3) if at.tight else (0.58, 0.37)
    return (
        lines * at.em * (_CAPITAL + leading)
        + spacing * at.em
        + _ruled(block["lines"]) * _UNDER_A_BLANK
    )


def _lines(runs: list[dict[str, Any]], at: Setting, room: float = 1.0) -> int:
    chars = sum(len(run.get("t", "")) + (24 if "b" in run else 0) for run in runs)
    rules: list[int] = [run["rules"] for run in runs if "b" in run]
    blanks = 0.5 if rules else 0
    more = sum(rules) - len(rules)
    return more + ceil(max(chars, 1) * at.size * _CHAR_EM / (_WIDTH_PT * room) + blanks)
