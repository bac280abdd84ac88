"""Where each chat stands, with its lock and its version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, update

from bot.store.errors import Altered, Conflict
from bot.store.reminders import park, unpark
from bot.store.rows import ConversationRow
from bot.store.schema import conversations
from bot.store.session import Session, insert_new

if TYPE_CHECKING:
    from typing import Any

_DATA = "conversations.data"
_CHAT = conversations.c.chat_id == bindparam("chat")

_load = select(
    conversations.c.chat_id,
    conversations.c.state,
    conversations.c.data,
    conversations.c.dossier_id,
    conversations.c.version,
    conversations.c.reachable,
    conversations.c.updated_at,
).where(_CHAT)
_page = (
    select(conversations.c.chat_id, conversations.c.data)
    .where(conversations.c.chat_id > bindparam("after"))
    .order_by(conversations.c.chat_id)
    .limit(bindparam("count"))
)
_load_locked = _load.with_for_update()
_lock = select(func.pg_advisory_xact_lock(bindparam("chat")))
_lock_free = select(conversations.c.chat_id).where(_CHAT).with_for_update(skip_locked=True)
_try_lock = select(func.pg_try_advisory_xact_lock(bindparam("chat")))
_save = (
    update(conversations)
    .where(_CHAT, conversations.c.version == bindparam("known"))
    .values(
        state=bindparam("state"),
        data=bindparam("data"),
        dossier_id=bindparam("dossier_id"),
        version=conversations.c.version + 1,
        updated_at=bindparam("now"),
    )
)
_reach = (
    update(conversations)
    .where(_CHAT, conversations.c.reachable != bindparam("flag"))
    .values(reachable=bindparam("flag"))
)


class Conversations(Session):
    """The conversations within one transaction."""

    __slots__ = ()

    def load_conversation(self, chat_id: int) -> ConversationRow | None:
        """Give where a chat stands, None when it never spoke.

        In a write transaction the chat is locked until the end, even when it has no row yet: two
        first updates of one chat follow one another. On SQLite the transaction itself is that lock.
        """
        if chat_id not in self._seen:
            self._seen[chat_id] = self._read_conversation(chat_id)
        known: ConversationRow | None = self._seen[chat_id]
        return known

    def _read_conversation(self, chat_id: int) -> ConversationRow | None:
        values = {"chat": chat_id}
        if not (self.postgresql and self.writing):
            return self._opened_conversation(self._row(_load, values))
        found = self._row(_load_locked, values)
        if found is None:
            self._run(_lock, values)
            found = self._row(_load_locked, values)
        return self._opened_conversation(found)

    def _opened_conversation(self, row: Any) -> ConversationRow | None:
        if row is None:
            return None
        chat_id, state, data, dossier_id, version, reachable, updated_at = row
        opened = self._ring.open(_DATA, chat_id, "", data)
        return ConversationRow(
            chat_id, state, opened, dossier_id, version, bool(reachable), updated_at
        )

    def lock_free_chat(self, chat_id: int) -> bool:
        """Lock a chat until the end, unless another has it: then False, at once.

        For what can as well be done later: several processes that go through the same list share it
        out instead of following one another. On SQLite the transaction itself is the lock.
        """
        if not self.postgresql or self._row(_lock_free, {"chat": chat_id}):
            return True
        # Locked by another, or without a row yet: only the second lets its other lock be taken.
        locked = self._value(_try_lock, {"chat": chat_id})
        return bool(locked) and self._row(_load, {"chat": chat_id}) is None

    def save_conversation(self, row: ConversationRow) -> ConversationRow:
        """Store where a chat stands and give it back with its new version.

        Raises Conflict when somebody changed it since `row` was loaded.
        """
        now = self._clock()
        data = self._ring.seal(_DATA, row.chat_id, "", row.data)
        if row.version == 0:
            done = self._count(
                insert_new(conversations, postgresql=self.postgresql),
                {
                    "chat_id": row.chat_id,
                    "state": row.state,
                    "data": data,
                    "dossier_id": row.dossier_id,
                    "version": 1,
                    "reachable": 1,
                    "updated_at": now,
                },
            )
        else:
            done = self._count(
                _save,
                {
                    "chat": row.chat_id,
                    "known": row.version,
                    "state": row.state,
                    "data": data,
                    "dossier_id": row.dossier_id,
                    "now": now,
                },
            )
        if not done:
            raise Conflict("Cette conversation vient d’être changée ailleurs.")
        reachable = True if row.version == 0 else row.reachable
        return ConversationRow(
            row.chat_id, row.state, row.data, row.dossier_id, row.version + 1, reachable, now
        )

    def conversations_page(self, after: int | None, limit: int) -> list[tuple[int, str]]:
        """Give chats past `after` in the order of their numbers, each with its data.

        One that was altered comes as « {} »: it must not hold back the others.
        """
        start = -(2**63) if after is None else after
        found = []
        for chat_id, data in self._rows(_page, {"after": start, "count": limit}):
            try:
                found.append((chat_id, self._ring.open(_DATA, chat_id, "", data)))
            except Altered:
                found.append((chat_id, "{}"))
        return found

    def set_reachable(self, chat_id: int, reachable: bool) -> None:
        """Say whether messages reach this person (blocked or deactivated: they do not).

        Their reminders are parked meanwhile, and all that came due is looked at when they are back.
        """
        if self._count(_reach, {"chat": chat_id, "flag": int(reachable)}):
            self._run(unpark if reachable else park, {"chat": chat_id})
