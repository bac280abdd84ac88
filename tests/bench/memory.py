"""Memory of the bot as updates go by, in a process of its own."""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.durable import play
from tests.bench.report import Row, Size, number

GROWTH = 10.0
"""Megabytes between the two readings that still count as flat."""


def resident() -> float:
    """Give the megabytes this process holds now (Linux), or has held at most (elsewhere)."""
    pages = Path("/proc/self/statm")
    if pages.exists():
        import resource

        return int(pages.read_text().split()[1]) * resource.getpagesize() / 1e6
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most / 1e3


def run(marks: list[int]) -> dict[str, list[float]]:
    """Play up to each of `marks` updates, one bot and one database; give the megabytes at each."""
    seen: list[float] = []
    rates: list[float] = []

    def reached(_: int) -> None:
        gc.collect()
        seen.append(resident())

    with tempfile.TemporaryDirectory() as folder:
        played = asyncio.run(play(Path(folder), marks[-1], marks=marks, reached=reached))
        rates.append(played.rate)
    return {"megabytes": seen, "rate": rates}


def measure(size: Size) -> list[Row]:
    """Read the memory early and late in the life of one bot."""
    marks = [size.few_updates, size.many_updates // 2, size.many_updates]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.memory", *map(str, marks)],
        check=True,
        stdout=subprocess.PIPE,
    )
    found = json.loads(done.stdout)
    early, middle, late = found["megabytes"]
    grown = late - early
    return [
        Row(f"after {number(marks[0])} updates", f"{early:.1f} MB"),
        Row(f"after {number(marks[1])} updates", f"{middle:.1f} MB"),
        Row(f"after {number(marks[2])} updates", f"{late:.1f} MB", f"{found['rate'][0]:.0f}/s"),
        Row("growth", f"{grown:+.1f} MB", "", f"≤ {GROWTH:.0f} MB", grown <= GROWTH),
    ]


if __name__ == "__main__":
    print(json.dumps(run([int(mark) for mark in sys.argv[1:]])))
