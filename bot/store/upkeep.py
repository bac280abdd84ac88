"""Erasing a person, keeping the database flat, and the figures an operator asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, literal_column, or_, select, update

from bot.store.rows import Stats
from bot.store.schema import conversations, dossiers, inbox, outbox, reminders
from bot.store.session import Session

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table

_OF_CHAT = tuple(
    delete(table).where(table.c.chat_id == bindparam("chat"))
    for table in (conversations, dossiers, outbox, inbox)
)

_old_updates = (
    select(inbox.c.update_id)
    .where(inbox.c.status.in_(["done", "failed"]), inbox.c.received_at < bindparam("before"))
    .limit(bindparam("count"))
)
_old_messages = (
    select(outbox.c.id)
    .where(
        outbox.c.status.in_(["sent", "failed", "dropped"]),
        outbox.c.created_at < bindparam("before"),
    )
    .limit(bindparam("count"))
)
_purge = (
    delete(inbox).where(inbox.c.update_id.in_(_old_updates)),
    delete(outbox).where(outbox.c.id.in_(_old_messages)),
)


def _status(table: Table, *values: str) -> ColumnElement[bool]:
    # Written into the SQL so that the database sees that the index of those that wait serves.
    return or_(*(table.c.status == literal_column(f"'{value}'") for value in values))


_stats = select(
    select(func.count()).select_from(conversations).scalar_subquery(),
    select(func.count()).select_from(dossiers).scalar_subquery(),
    select(func.count()).select_from(inbox).where(_status(inbox, "new")).scalar_subquery(),
    select(func.count()).select_from(inbox).where(_status(inbox, "failed")).scalar_subquery(),
    select(func.min(inbox.c.received_at)).where(_status(inbox, "new")).scalar_subquery(),
    select(func.count()).select_from(outbox).where(_status(outbox, "pending")).scalar_subquery(),
    select(func.count()).select_from(outbox).where(_status(outbox, "sending")).scalar_subquery(),
    select(func.count()).select_from(outbox).where(_status(outbox, "failed")).scalar_subquery(),
    select(func.min(outbox.c.created_at))
    .where(_status(outbox, "pending", "sending"))
    .scalar_subquery(),
    select(func.count())
    .select_from(reminders)
    .where(_status(reminders, "pending"))
    .scalar_subquery(),
    select(func.min(reminders.c.wake_at))
    .where(_status(reminders, "pending"), reminders.c.wake_at <= bindparam("now"))
    .scalar_subquery(),
)


_doubt_unsent = update(outbox).where(_status(outbox, "pending", "sending")).values(maybe_sent=1)
_concerned = (
    select(conversations.c.chat_id)
    .where(
        conversations.c.reachable == 1,
        or_(
            conversations.c.chat_id.in_(
                select(dossiers.c.chat_id).where(_status(dossiers, "ouvert", "en_pause"))
            ),
            conversations.c.chat_id.in_(
                select(outbox.c.chat_id).where(_status(outbox, "pending", "sending"))
            ),
        ),
    )
    .order_by(conversations.c.chat_id)
)


class Upkeep(Session):
    """What is done to the store as a whole, within one transaction."""

    __slots__ = ()

    def erase_chat(self, chat_id: int) -> int:
        """Remove everything of a person; give how many rows (acts and reminders apart)."""
        return sum(self._count(statement, {"chat": chat_id}) for statement in _OF_CHAT)

    def purge_sent(self, before: int, limit: int = 5000) -> int:
        """Remove handled updates and settled messages older than `before`, at most `limit` of each.

        Call again until it gives 0. An update that comes again after its row is gone would act
        twice, and so would a dedup_key: keep three days or more (Telegram repeats for one).
        """
        values = {"before": before, "count": limit}
        return sum(self._count(statement, values) for statement in _purge)

    def stats(self, now: int) -> Stats:
        """Give the figures an operator asks for."""
        row = self._row(_stats, {"now": now})
        assert row is not None
        return Stats(*row)

    def doubt_what_waits(self) -> list[int]:
        """Note that every message not sent may have been, as in a base that was put back.

        Gives the chats to tell so: who can be reached and has a dossier that lives, or such a message.
        """
        self._count(_doubt_unsent)
        return [row[0] for row in self._rows(_concerned)]
