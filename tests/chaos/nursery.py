"""Processes of the bot made by the hundred: each is forked, alive within milliseconds, from one that imported it all.

`python -m tests.chaos.nursery` is that one. It is told on its input, a line of JSON each, what child to
make (settings, clock, log, orders); it says on its output the number of each child, then how it ended.
A child is the real `relance run` with a clock that is moved, as in tests/acceptance/process.py, and the
points of `tests.chaos.points`.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).parents[2]


class Child:
    """One process of the bot, as `subprocess.Popen` is held."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = threading.Event()

    def over(self, code: int) -> None:
        """Note how it ended."""
        self.returncode = code
        self._ended.set()

    def poll(self) -> int | None:
        """Give the exit code, None while it lives."""
        return self.returncode

    def send_signal(self, how: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        with suppress(ProcessLookupError):
            if self.returncode is None:
                os.kill(self.pid, how)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; give the exit code, negative for a signal. Raises TimeoutExpired."""
        if not self._ended.wait(timeout):
            raise subprocess.TimeoutExpired("relance run", timeout or 0)
        assert self.returncode is not None
        return self.returncode


class Nursery:
    """Holds the process that makes the others. Use it as a context manager."""

    def __init__(self) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("RELANCE_")}
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"],
            cwd=ROOT,
            env=environment | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._children: dict[int, Child] = {}
        self._born: list[Child] = []
        self._changed = threading.Condition()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._parent.stdin is not None
        self._parent.stdin.close()
        self._parent.wait(20)
        self._listener.join(5)
        assert self._parent.stdout is not None
        self._parent.stdout.close()

    def launch(self, settings: dict[str, str], clock: Path, orders: Path, log: Path) -> Child:
        """Make a process of the bot and return at once."""
        asked = {"settings": settings, "clock": str(clock), "orders": str(orders), "log": str(log)}
        assert self._parent.stdin is not None
        with self._changed:
            self._parent.stdin.write(json.dumps(asked) + "\n")
            self._parent.stdin.flush()
            assert self._changed.wait_for(lambda: self._born, 30), "no process could be made"
            return self._born.pop()

    def _listen(self) -> None:
        assert self._parent.stdout is not None
        for line in self._parent.stdout:
            pid, code = json.loads(line)
            with self._changed:
                if code is None:
                    self._children[pid] = Child(pid)
                    self._born.append(self._children[pid])
                    self._changed.notify_all()
                else:
                    self._children.pop(pid).over(code)


def _live(asked: dict[str, Any], authority: str) -> int:
    """Be the bot until its end; give the exit code."""
    from bot import app, cli
    from tests.acceptance.process import moved_clock
    from tests.chaos.points import install

    with Path(asked["log"]).open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.environ.update(asked["settings"])
    # To read a hundred authorities twice would take a third of the start, for requests without TLS.
    os.environ["SSL_CERT_FILE"] = authority
    install(Path(asked["orders"]))
    clock = partial(moved_clock, Path(asked["clock"]))
    with patch.object(app, "run", partial(app.run, clock=clock)):
        return cli.main(["run"])


def _fork(asked: dict[str, Any], authority: str) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        code = _live(asked, authority)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - a child never goes on as its parent
        sys.excepthook(*sys.exc_info())
    finally:
        with suppress(Exception):
            sys.stderr.flush()
        os._exit(code)


def _warm() -> None:
    """Import what a running bot imports, and play a case, so that every text and table is read already."""
    import anyio._backends._asyncio  # noqa: F401
    import httpcore  # noqa: F401
    import psycopg  # noqa: F401

    import bot.addresses
    import bot.health
    import bot.keeping
    import bot.law_watch
    import bot.logs
    import bot.store.writer
    import bot.telegram.handlers  # noqa: F401
    from bot.app import build_engine
    from bot.settings import load_settings
    from bot.store import Store
    from bot.telegram.texts import load_descriptions
    from flows.dialogue.events import Command, Typed
    from letters import pdf  # noqa: F401
    from tests.acceptance.visitor import WORDS

    load_descriptions()
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as folder, Store.open(f"sqlite:///{folder}/base") as store:
        store.prepare()
        engine = build_engine(load_settings({"RELANCE_DATA_DIR": folder}))
        for words in (*WORDS, "/aide"):
            event = Command(words[1:]) if words[0] == "/" else Typed(words)
            with store.write() as tx:
                engine.handle(tx, 1, event, now=now)
        with store.write() as tx:
            later = now + timedelta(days=30)
            engine.handle_wake(tx, 1, tx.due_of_chat(1, int(later.timestamp())), now=later)


def _one_authority(folder: str) -> str:
    import certifi

    end = "-----END CERTIFICATE-----"
    first = Path(certifi.where()).read_text(encoding="utf-8").partition(end)[0] + end + "\n"
    file = Path(folder) / "authority.pem"
    file.write_text(first, encoding="utf-8")
    return str(file)


def main() -> None:
    """Make children until the input ends, then end those that live."""
    _warm()
    with tempfile.TemporaryDirectory() as folder:
        _serve(_one_authority(folder))


def _serve(authority: str) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    living: set[int] = set()
    waiting = selectors.DefaultSelector()
    waiting.register(sys.stdin, selectors.EVENT_READ)
    waiting.register(reading, selectors.EVENT_READ)
    while True:
        for key, _ in waiting.select():
            if key.fd == reading:
                os.read(reading, 4096)
                _bury(living)
                continue
            line = sys.stdin.readline()
            if not line:
                for pid in living:
                    os.kill(pid, signal.SIGKILL)
                while living:
                    _bury(living, 0)
                return
            pid = _fork(json.loads(line), authority)
            living.add(pid)
            _say(pid, None)


def _bury(living: set[int], how: int = os.WNOHANG) -> None:
    while living:
        pid, status = os.waitpid(-1, how)
        if not pid:
            return
        living.discard(pid)
        _say(pid, os.waitstatus_to_exitcode(status))


def _say(pid: int, code: int | None) -> None:
    sys.stdout.write(json.dumps([pid, code]) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
