"""A forked call must be what `python -m …` is: its own environment, files, end and death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

from tests import forked

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only forked on Linux")
SPEAKS = """
import os, sys
print(os.getcwd(), dict(os.environ), sys.argv[1:], __name__, sys.stdin.read(), flush=True)
print("é", file=sys.stderr)
os.environ["LEFT"] = "behind"
import bot.limits
bot.limits.left = "behind"
sys.exit(int(sys.argv[1]))
"""
FAILS = "raise RuntimeError('sans recours')"
WAITS = "import time; print('ici', flush=True); time.sleep(60)"


def script(tmp_path: Path, text: str) -> dict[str, str]:
    """Write a module named `said`; give an environment."""
    (tmp_path / "said.py").write_text(text, encoding="utf-8")
    return {"KEPT": "oui"}


def test_it_is_given_what_a_process_is_given(tmp_path: Path) -> None:
    """Folder, variables, arguments, input, both outputs and exit code are those of the call alone."""
    env = script(tmp_path, SPEAKS)
    done = forked.run("said", "7", "é", cwd=tmp_path, env=env, text="tapé", timeout=20)
    assert done.returncode == 7
    assert done.stdout == f"{tmp_path} {env} ['7', 'é'] __main__ tapé\n"
    assert done.stderr == "é\n"


def test_nothing_of_a_call_is_left_for_the_next(tmp_path: Path) -> None:
    """What a child changes in its modules and its environment, the next one does not see."""
    env = script(tmp_path, SPEAKS)
    forked.run("said", "0", cwd=tmp_path, env=env, timeout=20)
    env = script(
        tmp_path, "import os, bot.limits; print(hasattr(bot.limits, 'left'), 'LEFT' in os.environ)"
    )
    done = forked.run("said", cwd=tmp_path, env=env, timeout=20)
    assert (done.returncode, done.stdout) == (0, "False False\n")


def test_an_uncaught_error_is_a_traceback_and_code_1(tmp_path: Path) -> None:
    """A bug shows as it would anywhere, and nothing of it reaches the one who forks."""
    env = script(tmp_path, FAILS)
    done = forked.run("said", cwd=tmp_path, env=env, timeout=20)
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert done.stderr.endswith("RuntimeError: sans recours\n")
    assert forked.run("bot", "--version", cwd=tmp_path, env=env, timeout=20).returncode == 0


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_signal_ends_it(tmp_path: Path, how: signal.Signals) -> None:
    """A signal reaches the process itself, which is gone, and its end is told as Popen tells it."""
    with tempfile.TemporaryFile() as out:
        child = forked.spawn("said", cwd=tmp_path, env=script(tmp_path, WAITS), out=out, err=out)
        assert child.pid != os.getpid()
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.2)
        assert child.poll() is None
        child.send_signal(how)
        assert child.wait(20) == -how
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    """A call past its time raises, and leaves no process."""
    with pytest.raises(subprocess.TimeoutExpired):
        forked.run("said", cwd=tmp_path, env=script(tmp_path, WAITS), timeout=0.3)
