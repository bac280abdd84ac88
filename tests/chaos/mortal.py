"""A bot process forked in milliseconds, told where to die, and asked what its base holds."""

from __future__ import annotations

import atexit
import re
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import certifi
from sqlalchemy import func, select

from bot.store import Store
from bot.store.schema import conversations, files, inbox, outbox, reminders
from tests.acceptance.bot_process import PATIENCE, READY, ROOT, BotProcess, environment
from tests.forked import spawn

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Table

    from tests.standin import Person, StandIn

KILLED = -9
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(\+\d\d:\d\d)?")
_LATER = ("key", "stage", "status", "due_at")


@cache
def _one_authority() -> str:
    """Give a file with one certificate: to read a hundred, twice, would take a third of each start."""
    end = "-----END CERTIFICATE-----"
    first = Path(certifi.where()).read_text(encoding="utf-8").partition(end)[0] + end + "\n"
    with tempfile.NamedTemporaryFile("w", suffix=".pem", delete=False) as file:
        file.write(first)
    atexit.register(Path(file.name).unlink)
    return file.name


@dataclass(frozen=True)
class Waiting:
    """What is not settled in the base: updates, messages, reminders due."""

    updates: int
    messages: int
    due: int

    def __bool__(self) -> bool:
        return bool(self.updates or self.messages or self.due)


class MortalBot(BotProcess):
    """A bot on its own folder. Its log is kept at INFO: at DEBUG it would cost as much as the bot."""

    def __init__(self, api: StandIn, folder: Path, **settings: str) -> None:
        self._orders = folder / "orders"
        super().__init__(api, folder, **({"RELANCE_LOG_LEVEL": "INFO"} | settings))
        self.kills = 0
        self.starts = 0
        self._from = 0
        self._base: Store | None = None

    def close(self) -> None:
        """Leave nothing running."""
        super().close()
        self.look_anew()

    def look_anew(self) -> None:
        """Let go of the connections that were looked through."""
        if self._base is not None:
            self._base.close()
            self._base = None

    def launch(self) -> None:
        """Start the process and return at once."""
        assert self._child is None, "it is already running"
        self._out = self._log.open("ab")
        self.starts += 1
        self._from = self._log.stat().st_size
        self._child = spawn(
            "tests.chaos.process",
            str(self._clock),
            str(self._orders),
            cwd=ROOT,
            env=environment(**self.settings) | {"SSL_CERT_FILE": _one_authority()},
            out=self._out,
            err=self._out,
        )

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._child is not None, "it is not running"
        return self._child.pid

    def peak(self) -> int:
        """Give the most memory the process had, in megabytes."""
        told = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmHWM:\s+(\d+)", told)[1]) // 1024  # type: ignore[index]

    def up(self) -> bool:
        """Whether the process that was started last runs by now."""
        return READY.encode() in self._log.read_bytes()[self._from :]

    def sent(self) -> bool:
        """Whether the process that was started last took the sender's seat, of several on one database."""
        return b"this process sends" in self._log.read_bytes()[self._from :]

    def arm(self, name: str, passage: int = 1) -> None:
        """Have the process, running or to be started, kill itself at that passage of a point."""
        written = self._orders.with_suffix(".new")
        written.write_text(f"{name} {passage}", encoding="utf-8")
        written.replace(self._orders)

    def disarm(self) -> None:
        """Ask nothing more of it."""
        self._orders.unlink(missing_ok=True)

    def died(self, timeout: float = PATIENCE) -> None:
        """Wait until it killed itself where it was asked to."""
        asked = self._orders.read_text(encoding="utf-8")
        code = self.ended(timeout)
        assert code == KILLED, f"{asked}: it ended with {code}. Its log:\n{self.log[-3000:]}"
        self.kills += 1
        self.disarm()

    def dies_at(self, name: str, passage: int = 1) -> None:
        """Start it, if it is not running, to die at that passage of a point, and wait until it did."""
        self.arm(name, passage)
        if self._child is None:
            self.launch()
        self.died()

    # Its base

    def _looked(self) -> Connection:
        if self._base is None:
            self._base = Store.open(self.database_url)
        return self._base._engine.connect()

    def waiting(self) -> Waiting:
        """Count what is not settled."""
        now = int(time.time() + float(self._clock.read_text()))
        with self._looked() as base:

            def count(table: Any, *where: Any) -> int:
                return int(base.scalar(select(func.count()).select_from(table).where(*where)) or 0)

            return Waiting(
                count(inbox, inbox.c.status == "new"),
                count(outbox, outbox.c.status.in_(["pending", "sending"])),
                count(reminders, reminders.c.status == "pending", reminders.c.wake_at <= now),
            )

    def settle(self, timeout: float = PATIENCE) -> None:
        """Wait until nothing waits, at Telegram or here; AssertionError otherwise."""
        self.wait(
            lambda: not self._api.waiting and not self.waiting(), "it does not settle", timeout
        )

    def rows(self, person: Person) -> str:
        """Give all that must be as in a calm run: what is kept, what it will come back for, what was not sent."""
        mine = person.id
        with self._looked() as base:

            def of(table: Table, *columns: ColumnElement[Any]) -> list[tuple[Any, ...]]:
                chosen = select(*columns).where(table.c.chat_id == mine)
                return sorted(tuple(row) for row in base.execute(chosen))

            later = of(reminders, *(reminders.c[name] for name in _LATER))
            unsent = [row for row in of(outbox, outbox.c.kind, outbox.c.status) if row[1] != "sent"]
            known = of(conversations, conversations.c.chat_id)
            drawn = [row[0] for row in of(files, files.c.id)]
        kept = repr((self.kept(person) if known else None, later, unsent))
        # Drawn at random, as those of dossiers.
        for number, name in enumerate(sorted(drawn, key=kept.find)):
            kept = kept.replace(name, f"F{number}")
        return _INSTANT.sub("later", kept)

    def struck_often(self) -> bool:
        """Whether one more kill could be the third that strikes the same letter with exhibits, or copy."""
        heavy = outbox.c.kind.in_(["bundle", "export"])
        unsent = outbox.c.status.in_(["pending", "sending"])
        chosen = (
            select(func.count()).select_from(outbox).where(heavy, unsent, outbox.c.attempts >= 2)
        )
        with self._looked() as base:
            return bool(base.scalar(chosen))

    def seconds_on(self, seconds: float) -> None:
        """Let seconds pass."""
        self.advance(seconds / 86_400)
