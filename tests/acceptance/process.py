"""The real `relance run` in a process of its own, with a clock that a test can move.

`python -m tests.acceptance.process FILE`: the file holds the seconds to add to the real time and
is read each time the bot asks what time it is. Everything else is the product: the command line,
the settings, the logs.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

from bot import app, cli


def moved_clock(file: Path) -> datetime:
    """Give the real time plus the seconds written in the file."""
    return datetime.now(UTC) + timedelta(seconds=float(file.read_text()))


def main() -> int:
    """Run the bot until it is told to stop; give its exit code."""
    clock = partial(moved_clock, Path(sys.argv[1]))
    with patch.object(app, "run", partial(app.run, clock=clock)):
        return cli.main(["run"])


if __name__ == "__main__":
    sys.exit(main())
