"""Messages to send: in order within a chat, at least once, a possible duplicate marked as such.

pending → sending → sent
   ↑         ├────→ failed
   └─────────┘          pending → dropped
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Integer, bindparam, delete, exists, func, literal_column, select, update

from bot.store.errors import Altered
from bot.store.rows import OutboxRow
from bot.store.schema import outbox
from bot.store.seat import SAID, say
from bot.store.session import Session, clip, insert_new

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.rows import OutgoingRow

# A claim counts as a try: with the number of it, only who made the last claim settles the row.
_MINE = outbox.c.attempts == func.coalesce(bindparam("claim", type_=Integer), outbox.c.attempts)
_PAYLOAD = "outbox.payload"
_PENDING = outbox.c.status == literal_column("'pending'")
_SENDING = outbox.c.status == literal_column("'sending'")
_THIS = outbox.c.id == bindparam("this")
# SQLite takes the index of unsent messages only where its own condition stands word for word, and
# nothing sorts by the bare key: otherwise each look reads every message sent in the last days.
_UNSENT = outbox.c.status.in_([literal_column(f"'{s}'") for s in ("pending", "sending")])
_OLDEST_FIRST = outbox.c.id + literal_column("0")

_earlier = outbox.alias("earlier")
_FIRST_OF_CHAT = ~exists().where(
    _earlier.c.chat_id == outbox.c.chat_id,
    _earlier.c.id < outbox.c.id,
    _earlier.c.status.in_([literal_column(f"'{s}'") for s in ("pending", "sending")]),
)

_claimable = (
    select(outbox.c.id)
    .where(_UNSENT, _PENDING, outbox.c.not_before <= bindparam("now"), _FIRST_OF_CHAT)
    .order_by(_OLDEST_FIRST)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True, of=outbox)
)
_claimable_of = _claimable.where(outbox.c.chat_id == bindparam("chat"))
_ready = (
    select(outbox.c.id)
    .where(_UNSENT, _PENDING, outbox.c.not_before <= bindparam("now"), _FIRST_OF_CHAT)
    .limit(bindparam("count"))
    .subquery()
)
_count_ready = select(func.count()).select_from(_ready)
_claim = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(status="sending", attempts=outbox.c.attempts + 1, claimed_at=bindparam("now"))
    .returning(
        outbox.c.id,
        outbox.c.chat_id,
        outbox.c.kind,
        outbox.c.payload,
        outbox.c.attempts,
        outbox.c.maybe_sent,
    )
)
_pending_of = (
    select(outbox.c.payload)
    .where(_UNSENT, _PENDING, outbox.c.chat_id == bindparam("chat"))
    .order_by(outbox.c.id)
)
_unsent = (
    select(outbox.c.id)
    .where(_UNSENT, outbox.c.chat_id == bindparam("chat"))
    .limit(bindparam("count"))
    .subquery()
)
_count_unsent = select(func.count()).select_from(_unsent)
_next = select(func.min(outbox.c.not_before)).where(_UNSENT, _PENDING, _FIRST_OF_CHAT)
_sent = (
    update(outbox)
    .where(_THIS, _SENDING, _MINE)
    .values(status="sent", sent_at=bindparam("now"), message_id=bindparam("message"), error=None)
)
_retry = (
    update(outbox)
    .where(_THIS, _SENDING, _MINE)
    .values(
        status="pending",
        not_before=bindparam("after"),
        error=bindparam("why"),
        maybe_sent=func.coalesce(func.nullif(outbox.c.maybe_sent, 0), bindparam("maybe")),
    )
)
_failed = (
    update(outbox).where(_THIS, _SENDING, _MINE).values(status="failed", error=bindparam("why"))
)
_forget = delete(outbox).where(_THIS, _SENDING, _MINE)
_drop = (
    update(outbox)
    .where(outbox.c.chat_id == bindparam("chat"), _UNSENT, _PENDING)
    .values(status="dropped", error=bindparam("why"))
)
# The last words to somebody of whom nothing is kept: not even that they could not be said.
_drop_last_words = delete(outbox).where(
    outbox.c.chat_id == bindparam("chat"),
    _UNSENT,
    _PENDING,
    outbox.c.kind == literal_column("'farewell'"),
)
_bring_forward = (
    update(outbox)
    .where(_UNSENT, _PENDING, outbox.c.not_before > bindparam("latest"))
    .values(not_before=bindparam("latest"))
)
_recover = update(outbox).where(_SENDING).values(status="pending", maybe_sent=1)
_recover_old = _recover.where(outbox.c.claimed_at < bindparam("before"))


class Outbox(Session):
    """The outbox within one transaction."""

    __slots__ = ()

    def push_outbox(self, chat_id: int, items: Sequence[OutgoingRow], now: int) -> None:
        """Queue messages behind those already waiting. A dedup_key already known is passed over."""
        if not items:
            return
        self._run(
            insert_new(outbox, postgresql=self.postgresql),
            [
                {
                    "chat_id": chat_id,
                    "kind": item.kind,
                    "payload": self._ring.seal(_PAYLOAD, chat_id, "", item.payload),
                    "dedup_key": item.dedup_key,
                    "status": "pending",
                    "not_before": item.not_before,
                    "attempts": 0,
                    "maybe_sent": 0,
                    "created_at": now,
                }
                for item in items
            ],
        )
        if self.postgresql:
            self._run(say, {"channel": SAID})

    def claim_outbox(
        self, now: int, limit: int = 30, chat_id: int | None = None
    ) -> list[OutboxRow]:
        """Take messages to send, oldest first, at most one a chat: the oldest it has unsent.

        A chat whose oldest message waits (`not_before`) or is on its way gives nothing. One that was
        altered comes with an empty payload, which cannot be sent: the others must be.
        """
        values = {"now": now, "count": limit}
        found = (
            self._rows(_claimable, values)
            if chat_id is None
            else self._rows(_claimable_of, {**values, "chat": chat_id})
        )
        if not found:
            return []
        rows = self._rows(_claim, {"ids": [row[0] for row in found], "now": now})
        claimed = [
            OutboxRow(
                row.id,
                row.chat_id,
                row.kind,
                self._payload(row.chat_id, row.payload) or "",
                row.attempts,
                bool(row.maybe_sent),
            )
            for row in rows
        ]
        return sorted(claimed, key=lambda row: row.id)

    def count_claimable(self, now: int, limit: int) -> int:
        """Count the messages that could be claimed now, up to `limit`: one a chat at most."""
        count: int = self._value(_count_ready, {"now": now, "count": limit})
        return count

    def count_unsent(self, chat_id: int, limit: int) -> int:
        """Count what waits for a chat or is on its way, up to `limit`."""
        count: int = self._value(_count_unsent, {"chat": chat_id, "count": limit})
        return count

    def next_send_at(self) -> int | None:
        """Give the earliest instant at which something can be claimed, None when nothing waits."""
        instant: int | None = self._value(_next)
        return instant

    def bring_forward(self, latest: int) -> int:
        """Let nothing wait past an instant: for a clock that was set back. Gives how many did."""
        return self._count(_bring_forward, {"latest": latest})

    # What settles a message takes the `claim` it was sent under (`OutboxRow.attempts`): False, and
    # nothing is written, when another process has claimed it since. None: whoever claimed it.

    def mark_sent(
        self, outbox_id: int, message_id: int | None, now: int, *, claim: int | None = None
    ) -> bool:
        """Record that a claimed message was accepted. False when it was no longer ours."""
        values = {"this": outbox_id, "message": message_id, "now": now, "claim": claim}
        return self._count(_sent, values) == 1

    def forget_message(self, outbox_id: int, *, claim: int | None = None) -> bool:
        """Remove a claimed message that is settled. False when it was no longer ours."""
        return self._count(_forget, {"this": outbox_id, "claim": claim}) == 1

    def mark_retry(
        self,
        outbox_id: int,
        not_before: int,
        error: str,
        maybe_sent: bool = False,
        *,
        claim: int | None = None,
    ) -> bool:
        """Put a claimed message back in its place; `maybe_sent`: only the answer was lost."""
        values = {
            "this": outbox_id,
            "claim": claim,
            "after": not_before,
            "why": clip(error),
            "maybe": int(maybe_sent),
        }
        return self._count(_retry, values) == 1

    def mark_failed(self, outbox_id: int, error: str, *, claim: int | None = None) -> bool:
        """Give a claimed message up: it will never be accepted. False when it was no longer ours."""
        return self._count(_failed, {"this": outbox_id, "why": clip(error), "claim": claim}) == 1

    def pending_of(self, chat_id: int) -> list[str]:
        """Give what waits for a chat, the oldest first, without what was altered."""
        found = [
            self._payload(chat_id, row[0]) for row in self._rows(_pending_of, {"chat": chat_id})
        ]
        return [payload for payload in found if payload is not None]

    def _payload(self, chat_id: int, stored: str) -> str | None:
        """Open a message; None when it was altered. Its own number is drawn later: the chat binds it."""
        try:
            return self._ring.open(_PAYLOAD, chat_id, "", stored)
        except Altered:
            return None

    def drop_pending(self, chat_id: int, reason: str) -> int:
        """Give up what waits for a chat that cannot be reached; give how many."""
        gone = self._count(_drop_last_words, {"chat": chat_id})
        return gone + self._count(_drop, {"chat": chat_id, "why": clip(reason)})

    def recover_sending(self, claimed_before: int | None = None) -> int:
        """Take back what a killed sender left on its way (all of it, or claimed before an instant).

        Attempts are kept and the rows say that the person may already have the message.
        """
        if claimed_before is None:
            return self._count(_recover)
        return self._count(_recover_old, {"before": claimed_before})
