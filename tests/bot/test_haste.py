"""Who writes faster than answers leave."""

from __future__ import annotations

from bot.haste import Haste, left_unread
from bot.limits import limits
from bot.store import OutgoingRow, Store
from flows.dialogue.screens import Toast


def test_only_who_goes_on_and_on_is_looked_at() -> None:
    """Thirty at once are nobody's business; the next one is, until time has passed. Each chat is counted apart."""
    now = [0.0]
    haste = Haste(1, lambda: now[0])
    assert not any(haste.hurried(7) for _ in range(30))
    assert haste.hurried(7)
    assert not haste.hurried(8)
    now[0] += 10
    assert not haste.hurried(7)


def test_chats_that_rest_are_forgotten() -> None:
    """Thousands who wrote once are not kept in memory."""
    now = [0.0]
    haste = Haste(1, lambda: now[0])
    for chat in range(5000):
        now[0] += 1
        haste.hurried(chat)
    assert len(haste._chats._known) <= 1001


def test_a_busy_day_is_not_looked_through_at_each_update() -> None:
    """With thousands who write at once, those who rest are looked for a few times, not thousands of times."""
    haste, looks = Haste(1, lambda: 0.0), 0
    for chat in range(20_000):
        before = haste._chats._known
        haste.hurried(chat)
        looks += haste._chats._known is not before
    assert looks < 10


def test_past_the_bound_nothing_is_read_and_it_is_said_once_an_hour(store: Store) -> None:
    """With as many answers waiting as may, one sentence joins them, however much more is said; a press hears it."""
    most = limits().waiting_answers
    with store.write() as tx:
        tx.push_outbox(7, [OutgoingRow("copy", "x")] * (most - 1), 0)
        assert left_unread(tx, 7, 0) is None
        tx.push_outbox(7, [OutgoingRow("copy", "x")], 0)
        for now in (0, 1, 3599):
            (said,) = left_unread(tx, 7, now) or ()
            assert isinstance(said, Toast)
            assert len(said.text) <= 200
        assert len(tx.pending_of(7)) == most + 1
        left_unread(tx, 7, 3600)
        assert len(tx.pending_of(7)) == most + 2
        assert left_unread(tx, 8, 0) is None
