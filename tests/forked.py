"""`python -m …` without the second of imports: a process that has them all forks one for each call.

`python -m tests.forked` is that process, one for each worker of pytest. It is handed, on a socket, what
to run, and where its input and output go; it says the number of the child, then how it ended. The
child is a process of its own: it runs the module as `python -m` would, and ends as an interpreter does.
Where there is no Linux, each call starts an interpreter.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from flows.law import load_law
from letters import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
_LONGEST = 100_000
_IMPORTED = (
    "anyio._backends._asyncio",
    "httpcore",
    "psycopg",
    "bot.addresses",
    "bot.app",
    "bot.cli",
    "bot.doctor",
    "bot.documents_command",
    "bot.health",
    "bot.keeping",
    "bot.law_command",
    "bot.law_watch",
    "bot.logs",
    "bot.store.backup",
    "bot.store.migrate",
    "bot.store.restore",
    "bot.store.writer",
    "bot.telegram.application",
    "bot.terminal",
    "letters.pdf",
)


class Child:
    """A forked process, held as `subprocess.Popen` is."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._over = threading.Event()

    def over(self, code: int) -> None:
        """Note how it ended."""
        self.returncode = code
        self._over.set()

    def poll(self) -> int | None:
        """Give the exit code, negative for a signal; None while it lives."""
        return self.returncode

    def send_signal(self, how: int) -> None:
        """Send a signal, unless it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, how)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; give the exit code. Raises TimeoutExpired."""
        if not self._over.wait(timeout):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        assert self.returncode is not None
        return self.returncode


def spawn(
    module: str,
    *arguments: str,
    cwd: Path,
    env: dict[str, str],
    stdin: IO[Any] | None = None,
    out: IO[Any],
    err: IO[Any],
) -> Child | subprocess.Popen[bytes]:
    """Start `python -m module arguments` and return at once; without `stdin` it has nothing to read."""
    with Path(os.devnull).open("rb") as nothing:
        files = (stdin or nothing, out, err)
        if sys.platform == "linux":
            asked = {"module": module, "arguments": arguments, "cwd": str(cwd), "env": env}
            return _template().fork(asked, [file.fileno() for file in files])
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.Popen(command, cwd=cwd, env=env, stdin=files[0], stdout=out, stderr=err)


def run(
    module: str, *arguments: str, cwd: Path, env: dict[str, str], text: str = "", timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run `python -m module arguments`, fed with `text`, to its end. Raises TimeoutExpired."""
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(text.encode())
        given.seek(0)
        child = spawn(module, *arguments, cwd=cwd, env=env, stdin=given, out=out, err=err)
        try:
            code = child.wait(timeout)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(10)
            raise
        for file in (out, err):
            file.seek(0)
        printed, said = (file.read().decode() for file in (out, err))
        return subprocess.CompletedProcess([module, *arguments], code, printed, said)


class _Template:
    """Holds the process that forks the others."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked", str(theirs.fileno())],
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if not k.startswith("RELANCE_")}
            | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        self._living: dict[int, Child] = {}
        self._born: list[Child] = []
        self._changed = threading.Condition()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        atexit.register(self.close)

    def close(self) -> None:
        """End it, and with it every child that still lives."""
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._listener.join(20)
        self._line.close()
        self._process.wait(20)

    def fork(self, asked: dict[str, Any], files: Sequence[int]) -> Child:
        """Have a child made with these three files."""
        with self._changed:
            socket.send_fds(self._line, [json.dumps(asked).encode()], files)
            assert self._changed.wait_for(lambda: self._born, 60), "no process could be forked"
            return self._born.pop()

    def _listen(self) -> None:
        while said := self._line.recv(_LONGEST):
            pid, code = json.loads(said)
            with self._changed:
                if code is None:
                    self._living[pid] = Child(pid)
                    self._born.append(self._living[pid])
                    self._changed.notify_all()
                else:
                    self._living.pop(pid).over(code)


@cache
def _template() -> _Template:
    return _Template()


# --- the process that forks ------------------------------------------------------------------


def _prepare() -> None:
    """Import what the commands import, and read the law and the documents they all read."""
    for name in _IMPORTED:
        importlib.import_module(name)
    load_law()
    load_catalogue()
    gc.freeze()


def _serve(line: socket.socket) -> dict[str, Any]:
    """Fork a child for each call. Returns in each child, with what it is to run."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    living: set[int] = set()
    with selectors.DefaultSelector() as waiting:
        waiting.register(line, selectors.EVENT_READ)
        waiting.register(reading, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if key.fd == reading:
                    with suppress(BlockingIOError):
                        os.read(reading, 4096)
                    _bury(line, living)
                    continue
                said, files, *_ = socket.recv_fds(line, _LONGEST, 3)
                if not said:
                    for pid in living:
                        os.kill(pid, signal.SIGKILL)
                    sys.exit()
                pid = os.fork()
                if not pid:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    line.close()
                    os.close(reading)
                    os.close(writing)
                    return {**json.loads(said), "files": files}
                living.add(pid)
                line.send(json.dumps([pid, None]).encode())
                for file in files:
                    os.close(file)


def _bury(line: socket.socket, living: set[int]) -> None:
    while living:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        living.discard(pid)
        line.send(json.dumps([pid, os.waitstatus_to_exitcode(status)]).encode())


def _become(asked: dict[str, Any]) -> None:
    """Be `python -m module arguments` until its end."""
    for number, file in enumerate(asked["files"]):
        os.dup2(file, number)
        os.close(file)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for its whole life
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(  # noqa: SIM115
        2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )
    os.environ.clear()
    os.environ.update(asked["env"])
    time.tzset()
    os.chdir(asked["cwd"])
    sys.path[0] = asked["cwd"]
    sys.argv = [asked["module"], *asked["arguments"]]
    runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)


def main() -> None:
    """Fork until the other end is closed."""
    _prepare()
    with socket.socket(fileno=int(sys.argv[1])) as line:
        asked = _serve(line)
    _become(asked)


if __name__ == "__main__":
    main()
