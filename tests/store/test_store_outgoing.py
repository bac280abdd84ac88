"""Reminders and the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.store import DossierRow, OutgoingRow, Refused, ReminderRow, Store, Tx

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

NOW = 1_795_000_000


@pytest.fixture
def opened(store: Store, dossier: Callable[..., DossierRow]) -> Store:
    """A store with one dossier, d1, of chat 7."""
    with store.write() as tx:
        tx.save_dossier(dossier())
    return store


def rows(engine: sa.Engine, query: str) -> list[tuple[object, ...]]:
    """Read past the store."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


# --- reminders -----------------------------------------------------------------------------


def test_reminders_are_synced_by_key(
    opened: Store, raw: sa.Engine, reminder: Callable[..., ReminderRow]
) -> None:
    """Added, moved, cancelled and taken up again; the same wish twice writes nothing."""
    first = [reminder("a", NOW), reminder("b", NOW + 10)]
    with opened.write() as tx:
        assert tx.sync_reminders("d1", 7, first) is True
        assert tx.sync_reminders("d1", 7, first) is False
        assert tx.sync_reminders("d1", 7, list(reversed(first))) is False
    query = "SELECT key, due_at, stage, status FROM reminders ORDER BY key"
    with opened.write() as tx:
        assert tx.sync_reminders("d1", 7, [reminder("b", NOW + 20, "s"), reminder("c", NOW)])
    assert rows(raw, query) == [
        ("a", NOW, "a", "cancelled"),
        ("b", NOW + 20, "s", "pending"),
        ("c", NOW, "c", "pending"),
    ]
    with opened.write() as tx:
        assert tx.sync_reminders("d1", 7, [reminder("a", NOW)]) is True
        assert tx.sync_reminders("d1", 7, [reminder("a", NOW)]) is False
        assert tx.sync_reminders("d1", 7, []) is True
        assert tx.sync_reminders("d1", 7, []) is False
    assert {status for *_, status in rows(raw, query)} == {"cancelled"}


def test_two_reminders_with_one_key_are_refused(
    opened: Store, reminder: Callable[..., ReminderRow]
) -> None:
    """A wish that names a key twice is a mistake of the caller, not silently halved."""
    with pytest.raises(Refused), opened.write() as tx:
        tx.sync_reminders("d1", 7, [reminder("a", 1), reminder("a", 2)])


def test_due_reminders_come_oldest_first_with_their_owner(
    opened: Store, dossier: Callable[..., DossierRow], reminder: Callable[..., ReminderRow]
) -> None:
    """Only what is due is given, with dossier and chat, and can be narrowed to a chat."""
    with opened.write() as tx:
        tx.save_dossier(dossier("d2", 8))
        tx.sync_reminders("d1", 7, [reminder("late", NOW - 50), reminder("later", NOW + 1)])
        tx.sync_reminders("d2", 8, [reminder("now", NOW), reminder("older", NOW - 99)])
    with opened.read() as tx:
        due = tx.due_reminders(NOW)
        assert [(r.key, r.dossier_id, r.chat_id, r.due_at) for r in due] == [
            ("older", "d2", 8, NOW - 99),
            ("late", "d1", 7, NOW - 50),
            ("now", "d2", 8, NOW),
        ]
        assert [r.key for r in tx.due_reminders(NOW, limit=1)] == ["older"]
        assert [r.key for r in tx.due_of_chat(7, NOW)] == ["late"]
        assert tx.next_due_at() == NOW - 99
        assert tx.stats(NOW).oldest_overdue_at == NOW - 99
        assert tx.stats(NOW).reminders_pending == 4
        assert tx.stats(NOW - 1000).oldest_overdue_at is None


def test_a_reminder_fires_once(opened: Store, reminder: Callable[..., ReminderRow]) -> None:
    """The second to fire it is told no, and it is due no more."""
    with opened.write() as tx:
        tx.sync_reminders("d1", 7, [reminder("a", NOW)])
        (due,) = tx.due_reminders(NOW)
        assert tx.fire_reminder(due.id, NOW) is True
        assert tx.fire_reminder(due.id, NOW) is False
        assert tx.due_reminders(NOW) == []
        assert tx.next_due_at() is None


def test_many_fire_at_once_and_each_once(
    opened: Store, reminder: Callable[..., ReminderRow]
) -> None:
    """Of those named, the ones that still wait are fired and counted; none named is none fired."""
    with opened.write() as tx:
        tx.sync_reminders("d1", 7, [reminder(key, NOW) for key in "abc"])
        first, second, third = (row.id for row in tx.due_of_chat(7, NOW))
        tx.fire_reminder(first, NOW)
        assert tx.fire_reminders([first, second, 99], NOW) == 1
        assert tx.fire_reminders([], NOW) == 0
        assert [row.id for row in tx.due_reminders(NOW)] == [third]


def test_a_cancelled_reminder_never_fires(
    opened: Store, reminder: Callable[..., ReminderRow]
) -> None:
    """A payment that cancels a reminder someone is about to fire wins."""
    with opened.write() as tx:
        tx.sync_reminders("d1", 7, [reminder("a", NOW)])
        (due,) = tx.due_reminders(NOW)
        tx.sync_reminders("d1", 7, [])
        assert tx.fire_reminder(due.id, NOW) is False


def test_a_fired_reminder_stays_fired_unless_postponed(
    opened: Store, reminder: Callable[..., ReminderRow]
) -> None:
    """Wanted again for no later than it fired it stays silent; for later, it waits again."""
    with opened.write() as tx:
        tx.sync_reminders("d1", 7, [reminder("a", NOW)])
        (due,) = tx.due_reminders(NOW)
        tx.fire_reminder(due.id, NOW + 5)
        assert tx.sync_reminders("d1", 7, [reminder("a", NOW)]) is False
        assert tx.sync_reminders("d1", 7, [reminder("a", NOW + 5)]) is False
        assert tx.sync_reminders("d1", 7, []) is False
        assert tx.sync_reminders("d1", 7, [reminder("a", NOW + 6)]) is True
        assert tx.due_reminders(NOW + 5) == []
        assert [r.key for r in tx.due_reminders(NOW + 6)] == ["a"]


# --- outbox --------------------------------------------------------------------------------


def claimed(tx: Tx, now: int = NOW, limit: int = 30) -> list[tuple[int, str]]:
    """Claim, and give chat and payload."""
    return [(row.chat_id, row.payload) for row in tx.claim_outbox(now, limit)]


def text(word: str) -> str:
    """Give the payload the `message` fixture makes."""
    return f'{{"text": "{word}"}}'


def test_one_message_a_chat_is_on_its_way_and_order_is_kept(
    store: Store, message: Callable[..., OutgoingRow]
) -> None:
    """The next message of a chat comes up only when the one before is settled."""
    with store.write() as tx:
        tx.push_outbox(7, [message("a"), message("b")], NOW)
        tx.push_outbox(8, [message("c")], NOW)
        tx.push_outbox(7, [message("d")], NOW)
        first = tx.claim_outbox(NOW)
        assert [(r.chat_id, r.payload, r.attempts) for r in first] == [
            (7, text("a"), 1),
            (8, text("c"), 1),
        ]
        assert tx.claim_outbox(NOW) == []
        assert tx.mark_sent(first[0].id, 501, NOW) is True
        assert tx.mark_sent(first[0].id, 501, NOW) is False
        assert claimed(tx) == [(7, text("b"))]
        assert tx.mark_failed(first[1].id, "blocked") is True
        assert claimed(tx) == []


def test_claims_are_bounded_and_can_be_narrowed_to_a_chat(
    store: Store, message: Callable[..., OutgoingRow]
) -> None:
    """The oldest go first when not all may go."""
    with store.write() as tx:
        for chat in (3, 1, 2):
            tx.push_outbox(chat, [message()], NOW)
        assert [row.chat_id for row in tx.claim_outbox(NOW, 2)] == [3, 1]
        assert [row.chat_id for row in tx.claim_outbox(NOW, chat_id=1)] == []
        assert [row.chat_id for row in tx.claim_outbox(NOW, chat_id=2)] == [2]


def test_a_retry_keeps_its_place_and_holds_back_the_rest(
    store: Store, message: Callable[..., OutgoingRow]
) -> None:
    """After a 429 the chat waits for the time given, then the same message leaves first."""
    with store.write() as tx:
        tx.push_outbox(7, [message("a"), message("b")], NOW)
        (row,) = tx.claim_outbox(NOW)
        assert tx.mark_retry(row.id, NOW + 7, "429") is True
        assert tx.mark_retry(row.id, NOW + 7, "429") is False
        assert tx.next_send_at() == NOW + 7
        assert claimed(tx, NOW + 6) == []
        (again,) = tx.claim_outbox(NOW + 7)
        assert (again.id, again.attempts, again.maybe_sent) == (row.id, 2, False)
        assert tx.next_send_at() is None


def test_a_lost_answer_marks_the_message_for_good(
    store: Store, message: Callable[..., OutgoingRow]
) -> None:
    """Once a message may have been received, a later plain retry does not hide it."""
    with store.write() as tx:
        tx.push_outbox(7, [message()], NOW)
        (row,) = tx.claim_outbox(NOW)
        tx.mark_retry(row.id, NOW, "timed out", maybe_sent=True)
        (row,) = tx.claim_outbox(NOW)
        assert row.maybe_sent is True
        tx.mark_retry(row.id, NOW, "429")
        (row,) = tx.claim_outbox(NOW)
        assert row.maybe_sent is True


def test_a_message_with_a_known_key_is_queued_once(
    store: Store, raw: sa.Engine, message: Callable[..., OutgoingRow]
) -> None:
    """The same dedup_key twice, in one push or two, gives one message; without one, all stay."""
    with store.write() as tx:
        tx.push_outbox(7, [message("a", "k"), message("b", "k"), message("c"), message("d")], NOW)
        tx.push_outbox(7, [message("e", "k")], NOW)
        tx.push_outbox(7, [], NOW)
    found = rows(raw, "SELECT payload FROM outbox ORDER BY id")
    assert found == [(text("a"),), (text("c"),), (text("d"),)]


def test_what_a_killed_sender_left_is_taken_back(
    store: Store, url: str, message: Callable[..., OutgoingRow]
) -> None:
    """A row left on its way by a kill is sent again by the next process, and says so."""
    with store.write() as tx:
        tx.push_outbox(7, [message("a"), message("b")], NOW)
        (row,) = tx.claim_outbox(NOW)
    store.close()
    after = Store.open(url)
    with after.write() as tx:
        assert claimed(tx, NOW + 60) == []
        assert tx.recover_sending(claimed_before=NOW) == 0
        assert tx.recover_sending(claimed_before=NOW + 1) == 1
        assert tx.recover_sending() == 0
        (again,) = tx.claim_outbox(NOW + 60)
        assert (again.id, again.attempts, again.maybe_sent) == (row.id, 2, True)
        assert tx.recover_sending() == 1
    after.close()


def test_what_waits_for_an_unreachable_person_is_dropped(
    store: Store, raw: sa.Engine, message: Callable[..., OutgoingRow]
) -> None:
    """What that chat waits for is given up with a reason; what is being sent goes on."""
    with store.write() as tx:
        tx.push_outbox(7, [message("a"), message("b"), message("c")], NOW)
        tx.push_outbox(8, [message("d")], NOW)
        (row, _) = tx.claim_outbox(NOW)
        assert tx.drop_pending(7, "blocked") == 2
        assert tx.drop_pending(7, "blocked") == 0
        assert tx.mark_sent(row.id, None, NOW) is True
    found = rows(raw, "SELECT status, error FROM outbox ORDER BY id")
    assert found == [
        ("sent", None),
        ("dropped", "blocked"),
        ("dropped", "blocked"),
        ("sending", None),
    ]


def test_a_message_for_later_does_not_leave_early(
    store: Store, message: Callable[..., OutgoingRow]
) -> None:
    """A message waits for its time and another chat's does not wait for it."""
    with store.write() as tx:
        tx.push_outbox(7, [message("a", None, NOW + 30)], NOW)
        tx.push_outbox(8, [message("b")], NOW)
        assert tx.next_send_at() == 0
        assert claimed(tx) == [(8, text("b"))]
        assert tx.next_send_at() == NOW + 30
        assert claimed(tx, NOW + 30) == [(7, text("a"))]


def test_old_rows_are_purged_and_waiting_ones_never(
    store: Store, raw: sa.Engine, message: Callable[..., OutgoingRow]
) -> None:
    """Handled updates and settled messages go once old enough, in bites; the rest stays."""
    with store.write() as tx:
        for n in range(1, 6):
            tx.record_update(n, n, "{}", NOW - 100 + n)
            tx.push_outbox(n, [message()], NOW - 100 + n)
        for n in (1, 2, 3):
            tx.finish_update(n)
        tx.fail_update(4, "boom", 1)
        sending = tx.claim_outbox(NOW)
        for row in sending[:3]:
            tx.mark_sent(row.id, 1, NOW)
    with store.write() as tx:
        assert tx.purge_sent(NOW - 100) == 0
        assert tx.purge_sent(NOW - 97) == 4
        assert tx.purge_sent(NOW + 1, limit=1) == 2
        assert tx.purge_sent(NOW + 1, limit=1) == 1
        assert tx.purge_sent(NOW + 1) == 0
    assert rows(raw, "SELECT update_id FROM inbox") == [(5,)]
    assert len(rows(raw, "SELECT id FROM outbox")) == 2


def test_the_figures_say_what_waits(
    store: Store,
    dossier: Callable[..., DossierRow],
    message: Callable[..., OutgoingRow],
) -> None:
    """Counts and oldest instants are those of what waits, and None or 0 in an empty store."""
    with store.read() as tx:
        empty = tx.stats(NOW)
    assert (empty.oldest_update_at, empty.oldest_out_at, empty.oldest_overdue_at) == (None,) * 3
    assert empty.conversations == empty.dossiers == empty.updates_new == empty.out_pending == 0
    with store.write() as tx:
        tx.record_update(1, 7, "{}", NOW - 9)
        tx.record_update(2, 7, "{}", NOW - 5)
        tx.finish_update(1)
        tx.save_dossier(dossier())
        tx.push_outbox(7, [message(), message()], NOW - 3)
        tx.push_outbox(8, [message()], NOW - 2)
        first, second = tx.claim_outbox(NOW)
        tx.mark_failed(second.id, "no")
        stats = tx.stats(NOW)
    assert (stats.updates_new, stats.oldest_update_at, stats.dossiers) == (1, NOW - 5, 1)
    assert (stats.out_pending, stats.out_sending, stats.out_failed) == (1, 1, 1)
    assert stats.oldest_out_at == NOW - 3
    assert first.chat_id == 7


def test_what_is_ready_to_be_sent_is_counted_by_chat(
    store: Store, message: Callable[..., OutgoingRow]
) -> None:
    """One a chat, unless its first waits or is on its way; no further than was asked."""
    with store.write() as tx:
        for chat in (1, 2, 3):
            tx.push_outbox(chat, [message(), message()], NOW)
        tx.push_outbox(4, [message(not_before=NOW + 1), message()], NOW)
        assert tx.count_claimable(NOW, 10) == 3
        assert tx.count_claimable(NOW, 2) == 2
        assert tx.count_claimable(NOW + 1, 10) == 4
        (row,) = tx.claim_outbox(NOW, 1)
        assert tx.count_claimable(NOW, 10) == 2
        tx.mark_sent(row.id, 1, NOW)
        assert tx.count_claimable(NOW, 10) == 3
