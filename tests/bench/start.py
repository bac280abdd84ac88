"""Seconds from the command `relance chat` to its first numbered choice."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench.report import Row, Size, spread

AIM = 0.5
_CHOICE = re.compile(rb"\s+1\. ")


def command() -> list[str]:
    """Give the command as installed, or the package when there is none beside the interpreter."""
    script = Path(sys.executable).with_name("relance")
    return [str(script)] if script.exists() else [sys.executable, "-m", "bot"]


def first_prompt(folder: Path) -> float:
    """Start the conversation on the data of `folder`, from a pipe; give the seconds to the first choice."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("RELANCE_")}
    started = perf_counter()
    with subprocess.Popen(
        [*command(), "chat", "--donnees", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=folder,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        seen = None
        for line in process.stdout:
            if seen is None and _CHOICE.match(line):
                seen = perf_counter() - started
                process.stdin.close()
    if seen is None or process.returncode:
        raise RuntimeError(f"no choice was offered (exit code {process.returncode})")
    return seen


def measure(size: Size) -> list[Row]:
    """Start on a new database and on the one just made, in turn."""
    fresh, known = [], []
    for _ in range(size.starts):
        with tempfile.TemporaryDirectory() as folder:
            fresh.append(first_prompt(Path(folder)))
            known.append(first_prompt(Path(folder)))
    rows = []
    for what, seconds in (("new database", fresh), ("database of an earlier time", known)):
        middle = median(seconds)
        value, met = f"{middle:.2f} s", middle <= AIM
        rows.append(Row(what, value, spread(seconds, 2), f"≤ {AIM} s", met))
    return rows
