"""The command `relance` run as a process, for the tests of this room."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests import forked

ROOT = Path(__file__).parents[2]


def environment(tmp_path: Path, **variables: str) -> dict[str, str]:
    """The variables of this process, with those of the bot for a folder of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("RELANCE_")}
    return (
        kept | {"RELANCE_DATA_DIR": str(tmp_path / "donnees"), "PYTHONPATH": str(ROOT)} | variables
    )


def relance(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    env = environment(tmp_path, **variables)
    return forked.run("bot", *arguments, cwd=tmp_path, env=env, timeout=60)


def relance_alone(
    tmp_path: Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end in an interpreter that has imported nothing yet: slower."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=tmp_path,
        env=environment(tmp_path, **variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of a mistake."""
    assert done.returncode != 0
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]
