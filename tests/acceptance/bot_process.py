"""The bot as a test holds it: started, killed, restarted, its days moved on, its log read."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock_time
from pathlib import Path
from typing import IO, Any, Self
from zoneinfo import ZoneInfo

from bot.keys import read_keys
from bot.settings import PREFIX
from bot.store import Stats, Store
from tests import forked
from tests.standin import Person, StandIn

ROOT = Path(__file__).parents[2]
PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 24)
READY = "en marche"
PATIENCE = 20.0
_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def environment(**settings: str) -> dict[str, str]:
    """Give the environment of a child: this one, without any setting of the product but these."""
    # Without compiled files each of the many starts would take a fifth longer.
    left_out = ("RELANCE_", "PYTEST", "PYTHONDONTWRITEBYTECODE")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
    return clean | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | settings


def command(
    *arguments: str, cwd: Path, text: str = "", timeout: float = 30, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the command `relance` to its end, fed with `text`."""
    env = environment(**settings)
    return forked.run("bot", *arguments, cwd=cwd, env=env, text=text, timeout=timeout)


def installed(
    *arguments: str, cwd: Path, text: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the installed script `relance` as a shell does: slower, nothing is imported yet."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("relance")), *arguments],
        cwd=cwd,
        env=environment(**settings),
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )


def day_named(text: str) -> date:
    """Give the first day written in full in a text, as « 1er décembre 2026 »."""
    words = text.replace("\u00a0", " ").replace("\u202f", " ")
    found = re.search(rf"(\d{{1,2}})(?:er)? ({'|'.join(_MONTHS)}) (\d{{4}})", words)
    assert found, f"no day in: {text}"
    return date(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1]))


@dataclass(frozen=True)
class Kept:
    """What the store holds of one chat, without what differs from one run to the next."""

    state: str
    conversation: str
    dossiers: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    reachable: bool


class BotProcess:
    """The bot on its own folder, talking to one stand-in. Its days start on 24 November 2026."""

    def __init__(self, api: StandIn, folder: Path, **settings: str) -> None:
        self._api = api
        self._folder = folder
        self._clock = folder / "clock"
        self._log = folder / "log"
        self._child: forked.Child | subprocess.Popen[bytes] | None = None
        self._out: IO[bytes] | None = None
        self.bounds: dict[str, int] = {}
        """Values of its own for bounds of bot/limits.yaml, from the next start on."""
        self.settings = {
            "RELANCE_TELEGRAM_TOKEN": api.token,
            "RELANCE_TELEGRAM_API_URL": api.url,
            "RELANCE_DATA_DIR": str(folder / "data"),
            "RELANCE_LOG_LEVEL": "DEBUG",
            "RELANCE_RATE": "10000",
            "RELANCE_CHAT_RATE": "1000",
        } | settings
        folder.mkdir(parents=True, exist_ok=True)
        self._log.touch()
        self.go_to(TODAY)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Running

    def launch(self) -> None:
        """Start the process and return at once."""
        assert self._child is None, "it is already running"
        self._out = self._log.open("ab")
        self._child = forked.spawn(
            "tests.acceptance.process",
            str(self._clock),
            *(f"{name}={value}" for name, value in self.bounds.items()),
            cwd=ROOT,
            env=environment(**self.settings),
            out=self._out,
            err=self._out,
        )

    def start(self) -> Self:
        """Start the process and wait until it polls; AssertionError when it ends instead."""
        seen = self.log.count(READY)
        self.launch()
        try:
            self.wait(lambda: self.log.count(READY) > seen, "the bot did not start")
        except AssertionError:
            self.close()
            raise
        return self

    def kill(self) -> None:
        """Kill it, as a power cut would."""
        self._end(signal.SIGKILL)

    def terminate(self, timeout: float = PATIENCE) -> int:
        """Ask it to end; give its exit code."""
        return self._end(signal.SIGTERM, timeout)

    def restart(self) -> None:
        """Kill it and start it again."""
        self.kill()
        self.start()

    def ended(self, timeout: float = PATIENCE) -> int:
        """Wait for it to end by itself; give its exit code."""
        return self._end(None, timeout)

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._child is not None and self._child.poll() is None

    def close(self) -> None:
        """Leave nothing running."""
        if self._child is not None:
            self.kill()

    def _end(self, how: signal.Signals | None, timeout: float = PATIENCE) -> int:
        child, out = self._child, self._out
        assert child is not None, "it is not running"
        assert out is not None
        if how is not None:
            child.send_signal(how)
        try:
            code = child.wait(timeout)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            raise AssertionError(f"the bot did not end. Its log:\n{self.log[-3000:]}") from None
        finally:
            out.close()
            self._child = self._out = None
        return code

    # Its log

    @property
    def log(self) -> str:
        """All it wrote since the first start."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait(self, ready: Any, failure: str, timeout: float = PATIENCE) -> None:
        """Wait until `ready()` holds; AssertionError with the log otherwise."""
        until = time.monotonic() + timeout
        while not ready():
            dead = self._child is not None and self._child.poll() is not None
            if dead or time.monotonic() > until:
                raise AssertionError(f"{failure}. Its log:\n{self.log[-3000:]}")
            time.sleep(0.01)

    # Its days

    def go_to(self, day: date, hour: int = 10) -> None:
        """Let it be ten o'clock in Paris on `day`, or another hour."""
        wanted = datetime.combine(day, clock_time(hour), PARIS)
        written = self._clock.with_suffix(".new")
        written.write_text(str(wanted.timestamp() - time.time()))
        written.replace(self._clock)  # never half written under the eyes of the bot

    def advance(self, days: float) -> None:
        """Let days pass."""
        moved = float(self._clock.read_text()) + days * 86_400
        written = self._clock.with_suffix(".new")
        written.write_text(str(moved))
        written.replace(self._clock)

    @property
    def today(self) -> date:
        """The day it is for the bot."""
        instant = time.time() + float(self._clock.read_text())
        return datetime.fromtimestamp(instant, PARIS).date()

    # Its store

    @property
    def database_url(self) -> str:
        """The database it uses."""
        default = f"sqlite:///{self._folder / 'data' / 'relance.sqlite3'}"
        return self.settings.get("RELANCE_DATABASE_URL", default)

    def stats(self) -> Stats:
        """Count what waits in the store."""
        with Store.open(self.database_url) as store, store.read() as tx:
            return tx.stats(0)

    def kept(self, person: Person) -> Kept:
        """Read what is stored of a person."""
        named = {name.removeprefix(PREFIX): value for name, value in self.settings.items()}
        store = Store.open(self.database_url, keys=read_keys(named))
        try:
            with store.read() as tx:
                row = tx.load_conversation(person.id)
                dossiers = tx.dossiers_of(person.id, limit=100)
        finally:
            store.close()
        assert row is not None, "nothing is stored"
        data = row.data
        # Identifiers are drawn at random: the n-th dossier is called D<n> in both runs.
        for number, dossier in enumerate(sorted(dossiers, key=lambda d: d.opened_on)):
            data = data.replace(dossier.id, f"D{number}")
        return Kept(
            row.state,
            data,
            tuple(
                sorted(
                    (d.data, d.status, tuple((a.kind, a.data) for a in d.acts)) for d in dossiers
                )
            ),
            row.reachable,
        )
