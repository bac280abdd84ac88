"""A bot process forked in milliseconds, told where to die, and asked what its base holds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from bot.store import Store
from bot.store.schema import inbox, outbox, reminders
from tests.acceptance.bot_process import PATIENCE, BotProcess

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from tests.chaos.nursery import Nursery
    from tests.standin import Person, StandIn

KILLED = -9


@dataclass(frozen=True)
class Waiting:
    """What is not settled in the base: updates, messages, reminders due."""

    updates: int
    messages: int
    due: int

    def __bool__(self) -> bool:
        return bool(self.updates or self.messages or self.due)


class ForkedBot(BotProcess):
    """A bot on its own folder. Its log is kept at INFO: at DEBUG it would cost as much as the bot."""

    def __init__(self, nursery: Nursery, api: StandIn, folder: Path, **settings: str) -> None:
        self._nursery = nursery
        self._orders = folder / "orders"
        super().__init__(api, folder, **({"RELANCE_LOG_LEVEL": "INFO"} | settings))
        self.kills = 0
        self.starts = 0
        self._base: Store | None = None

    def close(self) -> None:
        """Leave nothing running."""
        super().close()
        if self._base is not None:
            self._base.close()
            self._base = None

    def launch(self) -> None:
        """Start the process and return at once."""
        assert self._child is None, "it is already running"
        self._out = self._log.open("ab")
        self.starts += 1
        self._child = self._nursery.launch(self.settings, self._clock, self._orders, self._log)  # type: ignore[assignment]

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

    def rows(self, person: Person) -> tuple[Any, ...]:
        """Give all that must be as in a calm run: what is kept, and what it will come back for."""
        wanted = (reminders.c.key, reminders.c.stage, reminders.c.status, reminders.c.due_at)
        chosen = select(*wanted).where(reminders.c.chat_id == person.id)
        with self._looked() as base:
            later = sorted(tuple(row) for row in base.execute(chosen))
            failed = select(outbox.c.kind, outbox.c.error).where(
                outbox.c.chat_id == person.id, outbox.c.status.not_in(["sent"])
            )
            unsent = [tuple(row) for row in base.execute(failed)]
        return self.kept(person), later, unsent
