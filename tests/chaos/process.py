"""The real `relance run` with a clock that is moved and the points of `tests.chaos.points`.

`python -m tests.chaos.process CLOCK ORDERS`: the first file is read as in `tests.acceptance.process`, the
second says where the process is to kill itself, and need not exist. `CHAOS_BUSY_MS` in its environment is how
long it waits for a base that another holds.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bot.store import engine
from tests.acceptance import process
from tests.chaos.points import install


def main() -> int:
    """Run the bot until it is told to stop, or until it dies; give its exit code."""
    install(Path(sys.argv.pop()))
    engine._BUSY_MS = int(os.environ.get("CHAOS_BUSY_MS", engine._BUSY_MS))
    return process.main()


if __name__ == "__main__":
    sys.exit(main())
