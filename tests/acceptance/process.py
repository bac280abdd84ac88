"""The real `relance run` in a process of its own, with a clock that a test can move.

`python -m tests.acceptance.process FILE [BOUND=NUMBER…]`: the file holds the seconds to add to the real
time and is read each time the bot asks what time it is; a bound of bot/limits.yaml may be given another
value, so that a test need not wait for the real one. Everything else is the product: the command line,
the settings, the logs.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

from bot import app, cli, limits


def moved_clock(file: Path) -> datetime:
    """Give the real time plus the seconds written in the file."""
    return datetime.now(UTC) + timedelta(seconds=float(file.read_text()))


def bounded(bounds: dict[str, int], data: dict[str, int]) -> limits.Limits:
    """Check what limits.yaml holds, with these bounds instead of its own."""
    assert bounds.keys() <= data.keys()
    return _check(data | bounds)


_check = limits.check_limits


def main() -> int:
    """Run the bot until it is told to stop; give its exit code."""
    clock = partial(moved_clock, Path(sys.argv[1]))
    bounds = {name: int(value) for name, _, value in (one.partition("=") for one in sys.argv[2:])}
    limits.limits.cache_clear()
    with (
        patch.object(app, "run", partial(app.run, clock=clock)),
        patch.object(limits, "check_limits", partial(bounded, bounds)),
    ):
        return cli.main(["run"])


if __name__ == "__main__":
    sys.exit(main())
