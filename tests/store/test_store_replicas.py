"""Several processes that fire reminders on one database: each chat has one voice."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.pacing import Policy
from bot.store import DossierRow, ReminderRow, Store
from bot.store.writer import Writer
from bot.waking import Reminders

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.store import Tx

NOW = 1_795_000_000
CHATS = 40


async def test_replicas_share_out_what_is_due(
    url: str,
    database: str,
    dossier: Callable[..., DossierRow],
    reminder: Callable[..., ReminderRow],
) -> None:
    """Each of forty chats is woken once with both its rows; on PostgreSQL both processes have a part."""
    stores = [Store.open(url), Store.open(url)]
    with stores[0].write() as tx:
        for chat in range(1, CHATS + 1):
            tx.save_dossier(dossier(f"d{chat}", chat))
            tx.sync_reminders(f"d{chat}", chat, [reminder("a", NOW), reminder("b", NOW)])
    woken: list[tuple[int, int, int]] = []
    # Neither goes on before the other has a chat too: how fast each began is not what is looked at.
    meeting = threading.Barrier(2, timeout=30)

    def of(place: int) -> Reminders:
        def wake(
            tx: Tx, chat_id: int, rows: Sequence[ReminderRow], *, now: datetime
        ) -> Sequence[Any]:
            fired = sum(tx.fire_reminder(row.id, int(now.timestamp())) for row in rows)
            if database == "postgresql" and place not in {known for *_, known in woken}:
                meeting.wait()
            woken.append((chat_id, fired, place))
            return []

        clock = datetime.fromtimestamp(NOW, UTC)
        policy = Policy(overall_rate=1000)
        return Reminders(writers[place], wake, lambda: clock, lambda: None, policy)

    writers = [Writer(store) for store in stores]
    loops = [of(0), of(1)]
    await asyncio.gather(*(loop.turn() for loop in loops))
    assert sorted((chat, fired) for chat, fired, _ in woken) == [
        (chat, 2) for chat in range(1, CHATS + 1)
    ]
    if database == "postgresql":
        assert {place for *_, place in woken} == {0, 1}
    for writer, store in zip(writers, stores, strict=True):
        await writer.close()
        store.close()


async def test_a_chat_in_other_hands_is_woken_when_it_is_free(
    url: str,
    database: str,
    dossier: Callable[..., DossierRow],
    reminder: Callable[..., ReminderRow],
) -> None:
    """The loop does not wait for a chat that another transaction has: it looks again at the next tick."""
    if database == "sqlite":
        return  # one writer at a time: there is no other
    woken: list[int] = []

    def wake(tx: Tx, chat_id: int, rows: Sequence[ReminderRow], *, now: datetime) -> Sequence[Any]:
        woken.append(chat_id)
        for row in rows:
            tx.fire_reminder(row.id, int(now.timestamp()))
        return []

    store = Store.open(url)
    with store.write() as tx:
        for chat in (1, 2):
            tx.save_dossier(dossier(f"d{chat}", chat))
            tx.sync_reminders(f"d{chat}", chat, [reminder("a", NOW)])
    writer = Writer(store)
    loop = Reminders(writer, wake, lambda: datetime.fromtimestamp(NOW, UTC), lambda: None)
    with store.write() as other:
        other.load_conversation(1)
        assert await loop.turn() == 5
        assert woken == [2]
    await loop.turn()
    assert woken == [2, 1]
    await writer.close()
    store.close()
