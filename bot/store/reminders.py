"""Deadlines to come back to: rows looked up by `due_at`, never a timer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, func, literal_column, select, update

from bot.store.errors import Refused
from bot.store.rows import ReminderRow
from bot.store.schema import conversations, reminders
from bot.store.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

# Written into the SQL so that the database sees that the index of pending ones serves.
_PENDING = reminders.c.status == literal_column("'pending'")
_THIS = reminders.c.id == bindparam("this")
_COLUMNS = (
    reminders.c.key,
    reminders.c.due_at,
    reminders.c.stage,
    reminders.c.dossier_id,
    reminders.c.chat_id,
    reminders.c.id,
)

_known = select(
    reminders.c.key,
    reminders.c.id,
    reminders.c.stage,
    reminders.c.due_at,
    reminders.c.status,
    reminders.c.fired_at,
).where(reminders.c.dossier_id == bindparam("dossier"))
_add = reminders.insert()
_set = (
    update(reminders)
    .where(_THIS)
    .values(
        stage=bindparam("to_stage"), due_at=bindparam("to_due"), status="pending", fired_at=None
    )
)
_cancel = update(reminders).where(_THIS, _PENDING).values(status="cancelled")
_fire = update(reminders).where(_THIS, _PENDING).values(status="fired", fired_at=bindparam("now"))
# Who blocked the bot would never see it: the reminder waits for them, and comes late when they write again.
_HEARD = ~exists().where(
    conversations.c.chat_id == reminders.c.chat_id, conversations.c.reachable == literal_column("0")
)
_due = (
    select(*_COLUMNS)
    .where(_PENDING, reminders.c.due_at <= bindparam("now"), _HEARD)
    .order_by(reminders.c.due_at, reminders.c.id)
    .limit(bindparam("count"))
)
_due_of = _due.where(reminders.c.chat_id == bindparam("chat"))
_next = select(func.min(reminders.c.due_at)).where(_PENDING, _HEARD)


class Reminders(Session):
    """The reminders within one transaction."""

    __slots__ = ()

    def sync_reminders(self, dossier_id: str, chat_id: int, wanted: Sequence[ReminderRow]) -> bool:
        """Make the pending reminders of a dossier those `wanted`, by key. False: nothing changed.

        A new key is added, another instant or stage moves the pending one, a pending one that is
        not wanted is cancelled, a cancelled one that is wanted waits again. One that fired stays
        fired, unless it is wanted for later than the moment it fired: that is a postponement.
        """
        if len({row.key for row in wanted}) != len(wanted):
            raise Refused(f"Deux rappels du dossier {dossier_id} portent la même clé.")
        known = {row.key: row for row in self._rows(_known, {"dossier": dossier_id})}
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for want in wanted:
            have = known.pop(want.key, None)
            if have is None:
                new.append(
                    {
                        "dossier_id": dossier_id,
                        "chat_id": chat_id,
                        "key": want.key,
                        "stage": want.stage,
                        "due_at": want.due_at,
                        "status": "pending",
                    }
                )
            elif have.status == "fired":
                if want.due_at > have.fired_at:
                    changed.append(_change(have.id, want))
            elif (have.status, have.due_at, have.stage) != ("pending", want.due_at, want.stage):
                changed.append(_change(have.id, want))
        gone = [{"this": row.id} for row in known.values() if row.status == "pending"]
        for statement, values in ((_add, new), (_set, changed), (_cancel, gone)):
            if values:
                self._run(statement, values)
        return bool(new or changed or gone)

    def due_reminders(
        self, now: int, limit: int = 100, chat_id: int | None = None
    ) -> list[ReminderRow]:
        """Give the pending reminders whose time has come, oldest first."""
        values = {"now": now, "count": limit}
        rows = (
            self._rows(_due, values)
            if chat_id is None
            else self._rows(_due_of, {**values, "chat": chat_id})
        )
        return [ReminderRow(*row) for row in rows]

    def fire_reminder(self, reminder_id: int, now: int) -> bool:
        """Mark a reminder fired. False when it no longer waits: then nothing is to be said."""
        return self._count(_fire, {"this": reminder_id, "now": now}) == 1

    def next_due_at(self) -> int | None:
        """Give the instant of the next reminder, None when none waits."""
        due: int | None = self._value(_next)
        return due


def _change(reminder_id: int, want: ReminderRow) -> dict[str, Any]:
    return {"this": reminder_id, "to_stage": want.stage, "to_due": want.due_at}
