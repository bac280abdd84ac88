"""Updates received: stored before anything is acknowledged, each handled once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, func, literal_column, or_, select, update

from bot.store.errors import Altered
from bot.store.rows import UpdateRow
from bot.store.schema import inbox
from bot.store.session import Session, clip, insert_new

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

# Telegram's ids are positive; those of the terminal rise from here and stay below zero.
_FIRST_LOCAL = -(2**62)
_NEVER = 2**62

_COLUMNS = (
    inbox.c.update_id,
    inbox.c.chat_id,
    inbox.c.payload,
    inbox.c.received_at,
    inbox.c.attempts,
)
_WAITING = inbox.c.status == literal_column("'new'")
_THIS = inbox.c.update_id == bindparam("this")

_pending = (
    select(*_COLUMNS)
    .where(_WAITING, inbox.c.update_id > bindparam("after"))
    .order_by(inbox.c.update_id)
    .limit(bindparam("count"))
)
_next = (
    select(*_COLUMNS)
    .where(_WAITING, inbox.c.chat_id == bindparam("chat"))
    .order_by(inbox.c.update_id)
    .limit(bindparam("count"))
)
_chats_waiting = (
    select(inbox.c.chat_id)
    .where(
        _WAITING,
        or_(inbox.c.received_at <= bindparam("before"), inbox.c.received_at > bindparam("now")),
    )
    .group_by(inbox.c.chat_id)
    .order_by(func.min(inbox.c.update_id))
    .limit(bindparam("count"))
)
_finish = update(inbox).where(_THIS, _WAITING).values(status="done")
_fail = (
    update(inbox)
    .where(_THIS, _WAITING)
    .values(
        attempts=inbox.c.attempts + 1,
        error=bindparam("why"),
        status=case((inbox.c.attempts + 1 >= bindparam("most"), "failed"), else_="new"),
    )
    .returning(inbox.c.status)
)
_last_local = select(func.max(inbox.c.update_id)).where(inbox.c.update_id < 0)


class Inbox(Session):
    """The inbox within one transaction."""

    __slots__ = ()

    def record_update(self, update_id: int, chat_id: int, payload: str, now: int) -> bool:
        """Store an update. False when it was seen before: nothing is to be done again."""
        return self.record_updates([UpdateRow(update_id, chat_id, payload, now)]) == 1

    def record_updates(self, updates: Sequence[UpdateRow]) -> int:
        """Store a batch of updates and give how many were new."""
        if not updates:
            return 0
        return self._count(
            insert_new(inbox, postgresql=self.postgresql),
            [
                {
                    "update_id": row.update_id,
                    "chat_id": row.chat_id,
                    "payload": self._ring.seal(
                        "inbox.payload", row.chat_id, row.update_id, row.payload
                    ),
                    "received_at": row.received_at,
                    "status": "new",
                    "attempts": 0,
                }
                for row in updates
            ],
        )

    def pending_updates(self, limit: int = 100, after: int | None = None) -> list[UpdateRow]:
        """Give what waits to be handled, in order of arrival, past the update `after`.

        One that was altered comes with an empty payload: it must not hold back everybody's.
        """
        start = -(2**63) if after is None else after
        found = []
        for row in self._rows(_pending, {"after": start, "count": limit}):
            try:
                found.append(self._opened_update(row))
            except Altered:
                found.append(UpdateRow(row[0], row[1], "", *row[3:]))
        return found

    def chats_waiting(self, before: int, limit: int, now: int = _NEVER) -> list[int]:
        """Give the chats with an update that waits, stored at `before` or earlier, the first one first.

        One stored after `now` was stored before the clock was set back: it counts too.
        """
        values = {"before": before, "count": limit, "now": now}
        rows = self._rows(_chats_waiting, values)
        return [row[0] for row in rows]

    def next_update(self, chat_id: int) -> UpdateRow | None:
        """Give the oldest update of a chat that waits. Lock the chat first to keep its order."""
        rows = self.next_updates(chat_id, 1)
        return rows[0] if rows else None

    def next_updates(self, chat_id: int, limit: int) -> list[UpdateRow]:
        """Give the oldest updates of a chat that wait; ask for two to know whether one is the last."""
        rows = self._rows(_next, {"chat": chat_id, "count": limit})
        return [self._opened_update(row) for row in rows]

    def _opened_update(self, row: Any) -> UpdateRow:
        update_id, chat_id, payload, *rest = row
        opened = self._ring.open("inbox.payload", chat_id, update_id, payload)
        return UpdateRow(update_id, chat_id, opened, *rest)

    def finish_update(self, update_id: int) -> bool:
        """Mark an update handled. False when it was not waiting: someone else handled it."""
        return self._count(_finish, {"this": update_id}) == 1

    def fail_update(self, update_id: int, error: str, max_attempts: int = 5) -> bool:
        """Count a failure. True once the update is given up, so that it never blocks its chat."""
        values = {"this": update_id, "why": clip(error), "most": max_attempts}
        return bool(self._value(_fail, values) == "failed")

    def next_local_update_id(self) -> int:
        """Give an id for an update that does not come from Telegram: negative, and rising."""
        last: int | None = self._value(_last_local)
        return _FIRST_LOCAL if last is None else last + 1
