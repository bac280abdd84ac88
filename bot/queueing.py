"""What is put in the outbox, and what is taken out of it when somebody cannot be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.store import OutgoingRow
from bot.telegram.outgoing import FAREWELL, Item, encode, told_by
from bot.telegram.texts import message_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.store import OutboxRow, Tx


class Untell(Protocol):
    """The engine: reminders of a chat whose message never arrived wait again."""

    def __call__(
        self, tx: Tx, chat_id: int, told: Sequence[tuple[str, str]], *, now: datetime
    ) -> None:
        """Take back that `told`, as (dossier, key), were told."""


def nothing_untold(tx: Tx, chat_id: int, told: Sequence[tuple[str, str]], *, now: datetime) -> None:
    """Stand for an engine where nothing sent is a reminder."""


def let_go(
    tx: Tx,
    chat_id: int,
    untell: Untell,
    reason: str,
    now: datetime,
    failed: OutboxRow | None = None,
) -> None:
    """Stop writing to a chat: what waits is given up, and the reminders it told wait for the return."""
    tx.load_conversation(chat_id)
    if failed and failed.kind == FAREWELL:
        tx.forget_message(failed.id, claim=failed.attempts)
        return
    payloads = tx.pending_of(chat_id)
    if failed and tx.mark_failed(failed.id, reason, claim=failed.attempts):
        payloads.insert(0, failed.payload)
    tx.drop_pending(chat_id, reason)
    if told := told_by(payloads):
        untell(tx, chat_id, told, now=now)
    tx.set_reachable(chat_id, False)


def apology(key: str, reference: str) -> list[Item]:
    """Give the item that says something went wrong, with a reference to be found in the log."""
    return [{"kind": "copy", "text": message_text(key, reference=reference)}]


def push(tx: Tx, chat_id: int, items: Sequence[Item], now: int, dedup: str | None = None) -> None:
    """Put items in the outbox; with `dedup`, the n-th is skipped when `dedup:n` is known."""
    rows = [
        OutgoingRow(i["kind"], encode(i), f"{dedup}:{n}" if dedup else None)
        for n, i in enumerate(items)
    ]
    tx.push_outbox(chat_id, rows, now)
