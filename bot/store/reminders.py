"""Deadlines to come back to: rows looked up by `wake_at`, never a timer.

`due_at` follows from the acts of a dossier. `wake_at` is when the row is looked at next: the same
instant, a later one when it is held, or `PARKED_AT` while its person cannot be reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import BigInteger, bindparam, func, literal_column, select, update

from bot.store.errors import Refused
from bot.store.rows import ReminderRow
from bot.store.schema import PARKED_AT, conversations, reminders
from bot.store.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

# Written into the SQL so that the database sees that the index of pending ones serves.
_PENDING = reminders.c.status == literal_column("'pending'")
_PARKED = literal_column(str(PARKED_AT), BigInteger)
_THIS = reminders.c.id == bindparam("this")
_OF_CHAT = reminders.c.chat_id == bindparam("chat")
_COLUMNS = (
    reminders.c.key,
    reminders.c.due_at,
    reminders.c.stage,
    reminders.c.dossier_id,
    reminders.c.chat_id,
    reminders.c.id,
    reminders.c.wake_at,
)
# Who blocked the bot would never see it: the reminder waits for them, and comes late when they write again.
_WAKE_AT = func.coalesce(
    select(_PARKED)
    .where(
        conversations.c.chat_id == bindparam("chat"),
        conversations.c.reachable == literal_column("0"),
    )
    .scalar_subquery(),
    bindparam("to_due", type_=BigInteger),
)

_known = select(
    reminders.c.key,
    reminders.c.id,
    reminders.c.stage,
    reminders.c.due_at,
    reminders.c.status,
    reminders.c.fired_at,
).where(reminders.c.dossier_id == bindparam("dossier"))
_add = reminders.insert().values(
    dossier_id=bindparam("dossier"),
    chat_id=bindparam("chat"),
    key=bindparam("new_key"),
    stage=bindparam("to_stage"),
    due_at=bindparam("to_due"),
    status="pending",
    wake_at=_WAKE_AT,
)
_restage = update(reminders).where(_THIS).values(stage=bindparam("to_stage"))
_set = (
    update(reminders)
    .where(_THIS)
    .values(
        stage=bindparam("to_stage"),
        due_at=bindparam("to_due"),
        status="pending",
        fired_at=None,
        wake_at=_WAKE_AT,
    )
)
_cancel = update(reminders).where(_THIS, _PENDING).values(status="cancelled")
_fire = update(reminders).where(_THIS, _PENDING).values(status="fired", fired_at=bindparam("now"))
_fire_all = (
    update(reminders)
    .where(reminders.c.id.in_(bindparam("these", expanding=True)), _PENDING)
    .values(status="fired", fired_at=bindparam("now"))
)
_revive = (
    update(reminders)
    .where(
        reminders.c.dossier_id == bindparam("dossier"),
        reminders.c.chat_id == bindparam("chat"),
        reminders.c.key == bindparam("named"),
        reminders.c.status == literal_column("'fired'"),
    )
    .values(status="pending", fired_at=None, wake_at=reminders.c.due_at)
)
_hold = (
    update(reminders)
    .where(_THIS, _PENDING, reminders.c.wake_at < _PARKED)
    .values(wake_at=bindparam("until"))
)
_release = (
    update(reminders)
    .where(
        _OF_CHAT,
        _PENDING,
        reminders.c.wake_at > reminders.c.due_at,
        reminders.c.wake_at < _PARKED,
    )
    .values(wake_at=reminders.c.due_at)
)
park = update(reminders).where(_OF_CHAT, _PENDING).values(wake_at=_PARKED)
unpark = (
    update(reminders)
    .where(_OF_CHAT, _PENDING, reminders.c.wake_at == _PARKED)
    .values(wake_at=reminders.c.due_at)
)
_woken = select(*_COLUMNS).where(_PENDING, reminders.c.wake_at <= bindparam("now"))
_due = _woken.order_by(reminders.c.wake_at, reminders.c.id).limit(bindparam("count"))
_due_of = _woken.where(_OF_CHAT).order_by(reminders.c.due_at, reminders.c.id)
_waiting_of = select(*_COLUMNS).where(_OF_CHAT, _PENDING).order_by(reminders.c.due_at)
_next = select(func.min(reminders.c.wake_at)).where(_PENDING)


class _Known(NamedTuple):
    key: str
    id: int
    stage: str
    due_at: int
    status: str
    fired_at: int | None


class Reminders(Session):
    """The reminders within one transaction."""

    __slots__ = ()

    def sync_reminders(self, dossier_id: str, chat_id: int, wanted: Sequence[ReminderRow]) -> bool:
        """Make the pending reminders of a dossier those `wanted`, by key. False: nothing changed.

        A new key is added, another instant or stage moves the pending one, a pending one that is
        not wanted is cancelled, a cancelled one that is wanted waits again. One that fired stays
        fired, unless it is wanted for later than the moment it fired: that is a postponement.

        One that is added, or whose instant changes, wakes at its instant; one that stays keeps what
        it was held until. For a person who cannot be reached it is parked.
        """
        if len({row.key for row in wanted}) != len(wanted):
            raise Refused(f"Deux rappels du dossier {dossier_id} portent la même clé.")
        known = {row[0]: _Known(*row) for row in self._rows(_known, {"dossier": dossier_id})}
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        restaged: list[dict[str, Any]] = []
        for want in wanted:
            have = known.pop(want.key, None)
            values = {"chat": chat_id, "to_stage": want.stage, "to_due": want.due_at}
            if have is None:
                new.append({**values, "dossier": dossier_id, "new_key": want.key})
            elif have.status == "fired":
                if have.fired_at is not None and want.due_at > have.fired_at:
                    changed.append({**values, "this": have.id})
            elif (have.status, have.due_at) != ("pending", want.due_at):
                changed.append({**values, "this": have.id})
            elif have.stage != want.stage:
                restaged.append({"this": have.id, "to_stage": want.stage})
        gone = [{"this": row.id} for row in known.values() if row.status == "pending"]
        writes = ((_add, new), (_set, changed), (_restage, restaged), (_cancel, gone))
        for statement, values_of in writes:
            if values_of:
                self._run(statement, values_of)
        return any(values_of for _, values_of in writes)

    def due_reminders(self, now: int, limit: int = 100) -> list[ReminderRow]:
        """Give the reminders to look at now, of all chats, the first to wake first."""
        return [ReminderRow(*row) for row in self._rows(_due, {"now": now, "count": limit})]

    def due_of_chat(self, chat_id: int, now: int) -> list[ReminderRow]:
        """Give all the reminders of a chat to look at now, the first due first.

        Lock the chat first: what another is firing is then seen as fired.
        """
        return [ReminderRow(*row) for row in self._rows(_due_of, {"chat": chat_id, "now": now})]

    def reminders_of(self, chat_id: int) -> list[ReminderRow]:
        """Give all that waits for a chat, the first due first."""
        return [ReminderRow(*row) for row in self._rows(_waiting_of, {"chat": chat_id})]

    def fire_reminder(self, reminder_id: int, now: int) -> bool:
        """Mark a reminder fired. False when it no longer waits: then nothing is to be said."""
        return self._count(_fire, {"this": reminder_id, "now": now}) == 1

    def fire_reminders(self, reminder_ids: Sequence[int], now: int) -> int:
        """Mark reminders fired, all at once; give how many still waited."""
        if not reminder_ids:
            return 0
        return self._count(_fire_all, {"these": list(reminder_ids), "now": now})

    def revive_reminder(self, dossier_id: str, chat_id: int, key: str) -> bool:
        """Have a reminder that fired wait again, from when it was due; False when it did not fire."""
        values = {"dossier": dossier_id, "chat": chat_id, "named": key}
        return self._count(_revive, values) == 1

    def release_reminders(self, chat_id: int) -> int:
        """Look again at what is held of a chat, parked reminders apart; give how many."""
        return self._count(_release, {"chat": chat_id})

    def hold_reminder(self, reminder_id: int, until: int) -> bool:
        """Look at a reminder again at `until`. False when it no longer waits, or is parked."""
        return self._count(_hold, {"this": reminder_id, "until": until}) == 1

    def next_due_at(self) -> int | None:
        """Give the instant of the next reminder, None when none waits or all are parked."""
        wake_at: int | None = self._value(_next)
        return None if wake_at is None or wake_at >= PARKED_AT else wake_at
