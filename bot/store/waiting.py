"""What waits now, and whether the database can be used: asked every few seconds while the bot runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, literal_column, select, text

from bot.store.schema import inbox, outbox, reminders
from bot.store.seat import SEAT_LOCK
from bot.store.session import Session

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.sql.elements import ColumnElement


def _are(table: Table, *values: str) -> ColumnElement[bool]:
    # Word for word the condition of the index, so that only what waits is read.
    if len(values) == 1:
        return table.c.status == literal_column(f"'{values[0]}'")
    return table.c.status.in_([literal_column(f"'{value}'") for value in values])


_updates = select(func.count(), func.min(inbox.c.received_at)).where(_are(inbox, "new"))
_messages = select(func.count(), func.min(outbox.c.created_at)).where(
    _are(outbox, "pending", "sending")
)
_due = select(func.min(reminders.c.wake_at)).where(
    _are(reminders, "pending"), reminders.c.wake_at <= bindparam("now")
)
_senders = text(
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
    "WHERE locktype = 'advisory' AND classid = 0 AND objid = :seat AND granted "
    "AND datname = current_database()"
)
_revision = text("SELECT version_num FROM alembic_version")


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits, and since which instant the oldest of it; None when nothing does."""

    updates: int
    oldest_update_at: int | None
    messages: int
    oldest_message_at: int | None
    oldest_due_at: int | None
    """When the reminder that is due for longest was to be looked at."""


class Waiting(Session):
    """The figures of the moment, within one transaction."""

    __slots__ = ()

    def backlog(self, now: int) -> Backlog:
        """Give what waits; unlike `stats` it counts nothing that is settled, and stays quick."""
        updates, oldest_update_at = self._row(_updates)
        messages, oldest_message_at = self._row(_messages)
        due_at = self._value(_due, {"now": now})
        return Backlog(updates, oldest_update_at, messages, oldest_message_at, due_at)

    def somebody_sends(self) -> bool | None:
        """Tell whether a process has the sender's seat; None on SQLite, where a file does not say."""
        return bool(self._value(_senders, {"seat": SEAT_LOCK})) if self.postgresql else None

    def schema_revision(self) -> str | None:
        """Give the schema's revision as this transaction sees it. Raises StoreError without a table."""
        revision: str | None = self._value(_revision)
        return revision
