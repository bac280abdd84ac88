"""`python -m tests.year`: the simulated year, whole or for one person; see README.md."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.year.invariants import report, violations
from tests.year.simulate import Year


def live(
    seed: int, numbers: range, days: int, *, whole_story: bool = False
) -> tuple[Counter[str], list[str]]:
    """Play a year and check it; give figures and the violations in words."""
    with tempfile.TemporaryDirectory(prefix="relance-year-") as folder:
        year = Year(seed, numbers, Path(folder), days)
        asyncio.run(year.play())
        broken = [report(one, seed) for one in violations(year)]
    log = year.world.log
    figures = Counter(
        people=len(year.people),
        dossiers=len({state.dossier.id for state in log.saved}),
        events=year.events,
        messages=len(log.sent),
        nudges=sum(one.woken and not one.again for one in log.sent),
        repeats=sum(one.again for one in log.sent),
        restarts=year.restarts,
        violations=len(broken),
    )
    broken += [f"failure ({chat}): {what}" for chat, what in year.failures]
    figures["failures"] = len(year.failures)
    if whole_story:
        for person in year.people.values():
            broken += [f"{at:%Y-%m-%d %H:%M}  {what}" for at, what in person.story]
    return figures, broken


def main() -> int:
    """Read the command line, play, print; the exit code says whether every rule held."""
    parser = argparse.ArgumentParser(prog="python -m tests.year")
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", type=int, help="play this one person, and print their story")
    options = parser.parse_args()
    began = time.monotonic()
    if options.only is not None:
        alone = range(options.only, options.only + 1)
        figures, broken = live(options.seed, alone, options.days, whole_story=True)
    else:
        figures, broken = Counter[str](), []
        size = -(-options.people // options.processes)
        shares = [range(n, min(n + size, options.people)) for n in range(0, options.people, size)]
        with ProcessPoolExecutor(options.processes) as pool:
            jobs = [pool.submit(live, options.seed, share, options.days) for share in shares]
            for job in jobs:
                some, more = job.result()
                figures.update(some)
                broken += more
    print("\n\n".join(broken[:200]))
    print(", ".join(f"{count} {name}" for name, count in figures.items()), end=", ")
    print(f"{time.monotonic() - began:.0f} seconds")
    return 1 if figures["violations"] or figures["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
