"""The yardstick of the machine, medians, and the plain table that is printed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
_LOOPS = 3_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `aim` is "" when there is none, `met` then says nothing."""

    what: str
    value: str
    spread: str = ""
    aim: str = ""
    met: bool = True


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: repetitions and amounts, smaller with `--quick`."""

    repetitions: int
    updates: int
    few_updates: int
    many_updates: int
    papers: int
    starts: int
    reminders: int
    flood: int
    dossiers: int = 500
    pickled: tuple[int, ...] = (1_000, 10_000, 50_000)
    """People stored in the pickle of each peer; the second is what the bot is set beside."""
    stored: int = 1_000_000
    """Dossiers in the larger of the two stores that are compared."""
    steady: float = 30.0
    """Seconds of a steady stream of updates."""

    @classmethod
    def full(cls) -> Size:
        """Give the sizes of a whole run."""
        return cls(5, 1500, 1_000, 20_000, 100, 9, 1_000_000, 10_000)

    @classmethod
    def quick(cls) -> Size:
        """Give the sizes of a trial run: the figures mean little, what is measured is the same."""
        return cls(
            2, 400, 300, 2_000, 20, 3, 50_000, 600, pickled=(100, 1_000), stored=20_000, steady=5
        )


def yardstick() -> float:
    """Time a loop of plain Python; give nanoseconds a step. It moves only with the machine."""
    start, total = time.perf_counter(), 0
    for step in range(_LOOPS):
        total += step & 7
    return (time.perf_counter() - start) / _LOOPS * 1e9


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Run `work`; give its seconds and what it gave."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def percentile(values: Iterable[float], percent: int) -> float:
    """Give a percentile (1 to 99) of at least two values."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def spread(values: Sequence[float], digits: int = 0) -> str:
    """Write the least and the greatest value."""
    return f"{number(min(values), digits)}–{number(max(values), digits)}"


def number(value: float, digits: int = 0) -> str:
    """Write a number with its thousands apart."""
    return f"{value:,.{digits}f}".replace(",", " ")


def at_least(what: str, value: float, aim: float, note: str = "", digits: int = 2) -> Row:
    """Make the row of a ratio that is to be at least `aim`."""
    return Row(what, f"{value:.{digits}f} x", note, f"≥ {aim:.{digits}f} x", value >= aim)


def table(title: str, rows: Sequence[Row]) -> str:
    """Lay the rows of a section out, with its title over them."""
    width = max(48, *(len(row.what) for row in rows))
    lines = [f"\n{title}", "-" * len(title)]
    for row in rows:
        verdict = "" if not row.aim else ("met" if row.met else "MISSED")
        aim = f"aim {row.aim} {verdict}" if row.aim else ""
        lines.append(f"{row.what:<{width}}  {row.value:>12}  {row.spread:<22} {aim}".rstrip())
    return "\n".join(lines)
