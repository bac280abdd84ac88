"""`python -m tests.fuzz`: 200,000 updates of strangers through the real bot; see README.md."""

from __future__ import annotations

import argparse
import asyncio
import resource
import sys
import tempfile
from collections import Counter

from flows.dialogue.table import STATES
from tests.fuzz.run import GENERATION, Run
from tests.fuzz.watch import Figures

_GROWTH = 10.0
"""Megabytes between half-way and the end that still count as flat: until then caches fill."""
_MORE_OBJECTS = 1.05


def main() -> int:
    """Read the command line, run, print; the exit code says whether all held."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--updates", type=int, default=200_000)
    parser.add_argument("--only", type=int, help="play this one generation of people")
    parser.add_argument("--database", default="", help="an empty database; by default a new file")
    options = parser.parse_args()
    alone = options.only is not None
    updates = min(options.updates, GENERATION) if alone else options.updates
    with tempfile.TemporaryDirectory(prefix="relance-fuzz-") as folder:
        url = options.database or f"sqlite:///{folder}/relance.sqlite3"
        run = Run(url, options.seed, updates, options.only or 0)
        figures = asyncio.run(run.play())
    return report(figures)


def report(figures: Figures) -> int:
    """Print what a run came to; give 0 when all held."""
    print("\n\n".join(figures.defects[:60]))
    print(
        f"{figures.updates:,} updates in {figures.seconds:.0f} s:"
        f" {figures.updates / figures.seconds:.0f}/s, {sum(figures.calls.values()):,} calls"
    )
    print("kinds:", _list(figures.kinds))
    print("calls:", _list(figures.calls))
    print("refusals foreseen:", _list(figures.foreseen))
    print("warnings:", _list(figures.warnings))
    missed = sorted(set(STATES) - set(figures.states))
    print(
        f"states: {len(STATES) - len(missed)} of {len(STATES)}",
        *(["without", *missed] if missed else []),
    )
    print("largest:", _list(figures.most))
    flat = True
    for count, megabytes, objects in figures.memory:
        print(f"  after {count:>9,}: {megabytes:.1f} MB, {objects.total():,} objects")
    late = figures.memory[len(figures.memory) // 2 :]
    if len(late) > 2:
        grown, more = late[-1][1] - late[0][1], late[-1][2].total() / late[0][2].total()
        flat = grown <= _GROWTH and more <= _MORE_OBJECTS
        print(f"growth past half-way: {grown:+.1f} MB, objects × {more:.3f}")
        print("  more of:", _list(Counter(dict((late[-1][2] - late[0][2]).most_common(8)))))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"at most {most:.0f} MB; {len(figures.defects)} defects")
    return 0 if flat and not figures.defects else 1


def _list(found: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in found.most_common())


if __name__ == "__main__":
    sys.exit(main())
