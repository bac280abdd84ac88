"""Text for an operator's terminal: its width, lines wrapped under themselves, page by page when long."""

# ruff: noqa: T201 - it speaks to the operator

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTHS = (80, 100)
"""Columns: of the terminal within these bounds; the greater one in a pipe."""
_LINES = 24


def width() -> int:
    """Give the columns to write in."""
    columns = shutil.get_terminal_size((_WIDTHS[1], _LINES)).columns
    return min(max(columns, _WIDTHS[0]), _WIDTHS[1])


def fit(line: str, columns: int) -> str:
    """Wrap a line under itself; an address longer than the line is left whole."""
    indent = len(line) - len(line.lstrip(" "))
    return textwrap.fill(
        line,
        columns,
        subsequent_indent=" " * (indent + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )


def show(lines: Sequence[str]) -> None:
    """Print, page by page when a terminal could not hold it: what presses stands at the top."""
    text = "\n".join(lines)
    height = shutil.get_terminal_size((_WIDTHS[1], _LINES)).lines
    if sys.stdout.isatty() and text.count("\n") + 1 >= height:
        import pydoc  # it is slow to import, and needed here alone

        pydoc.pager(text)
    else:
        print(text)
