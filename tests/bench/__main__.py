"""`python -m tests.bench [--quick] [section …]`: one run, one table, the machine's noise around it."""

from __future__ import annotations

import argparse
import logging
import os
import platform
from collections.abc import Callable, Sequence
from time import perf_counter

from tests.bench import (
    encryption,
    exhibits,
    flood,
    inside,
    memory,
    paper,
    replicas,
    start,
    steady,
    stored,
    throughput,
    waking,
    whole,
)
from tests.bench.report import Row, Size, table, yardstick

SECTIONS: dict[str, tuple[str, Callable[[Size], list[Row]]]] = {
    "updates": ("Updates a second", throughput.measure),
    "steady": ("Thirty updates a second", steady.measure),
    "stored": ("A thousand dossiers stored, and a million", stored.measure),
    "replicas": ("Several processes on one PostgreSQL", replicas.measure),
    "pdf": ("A PDF and a DOCX, a new text each time", paper.measure),
    "bundle": ("One PDF with ten exhibits", exhibits.measure),
    "dossiers": ("Somebody with hundreds of dossiers, every act stored", whole.measure),
    "start": ("relance chat: from the command to the first choice", start.measure),
    "memory": ("Memory of the bot", memory.measure),
    "inside": ("The parts", inside.measure),
    "encryption": ("What a key costs", encryption.measure),
    "reminders": ("Reminders that wait", waking.measure),
    "flood": ("All due at the same minute, Telegram counting", flood.measure),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure the sections asked for, all by default. Gives 0: a missed aim is told, not an error."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small amounts: a trial run")
    parser.add_argument("section", nargs="*", help=f"among {', '.join(SECTIONS)}; all by default")
    arguments = parser.parse_args(argv)
    if unknown := set(arguments.section) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    logging.disable(logging.CRITICAL)
    size = Size.quick() if arguments.quick else Size.full()
    began = perf_counter()
    marks = [yardstick()]
    print(
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores; medians of {size.repetitions} or more, least–greatest beside them"
    )
    missed = 0
    for name in arguments.section or SECTIONS:
        title, measure = SECTIONS[name]
        rows = measure(size)
        marks.append(yardstick())
        missed += sum(not row.met for row in rows)
        print(table(title, rows), flush=True)
    told = " → ".join(f"{mark:.0f}" for mark in marks)
    print(
        f"\nYardstick, ns a step of plain Python, before and after each section: {told}\n"
        f"(the machine's own speed moved by {max(marks) / min(marks):.2f} x: read less than that as noise)\n"
        f"{perf_counter() - began:.0f} s in all; aims missed: {missed}"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
