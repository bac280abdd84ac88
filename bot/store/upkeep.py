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

# An update that Telegram gives again must be known still, and says of nobody: no chat has number 0.
_NOBODY = 0
_handled = (inbox.c.chat_id == bindparam("chat"), inbox.c.update_id <= bindparam("until"))
_blank_handled = update(inbox).where(*_handled).values(payload="{}", status="done", error=None)
_unname_handled = _blank_handled.values(chat_id=_NOBODY)
# What waits has not been read yet; a row with a key says only that something was said once.
_told = delete(outbox).where(
    outbox.c.chat_id == bindparam("chat"),
    outbox.c.status != literal_column("'pending'"),
    outbox.c.dedup_key.is_(None),
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

    def erase_chat(self, chat_id: int, handled: int | None = None) -> int:
        """Remove everything of a person; give how many rows (acts and reminders apart).

        With `handled`, the update that asked for it: of this one and those before stays the number
        alone, so that none acts again when Telegram repeats it; what came after it stays to be read.
        """
        self.erased = True
        if handled is None:
            return sum(self._count(statement, {"chat": chat_id}) for statement in _OF_CHAT)
        gone = sum(self._count(one, {"chat": chat_id}) for one in _OF_CHAT[:-1])
        return gone + self._count(_unname_handled, {"chat": chat_id, "until": handled})

    def forget_messages(self, chat_id: int, handled: int | None = None) -> None:
        """Empty what a chat said up to the update `handled` and remove what it was told, once read or sent."""
        self.erased = True
        self._run(_told, {"chat": chat_id})
        if handled is not None:
            self._run(_blank_handled, {"chat": chat_id, "until": handled})

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
