"""When a reminder is looked at: at its instant, later when it is held, once its person is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.store import ConversationRow, DossierRow, ReminderRow, Store

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = 1_795_000_000
FAR = NOW + 10**9


@pytest.fixture
def opened(store: Store, dossier: Callable[..., DossierRow]) -> Store:
    """A store with a conversation, 7, and its dossier d1."""
    with store.write() as tx:
        tx.save_conversation(ConversationRow(7, "home", "{}"))
        tx.save_dossier(dossier())
    return store


def want(store: Store, *rows: ReminderRow, dossier_id: str = "d1", chat_id: int = 7) -> bool:
    with store.write() as tx:
        return tx.sync_reminders(dossier_id, chat_id, rows)


def waking(store: Store, now: int = FAR) -> dict[str, int]:
    """What would be looked at by `now`, and when."""
    with store.read() as tx:
        return {row.key: row.wake_at for row in tx.due_reminders(now)}


def hold(store: Store, key: str, until: int, chat_id: int = 7) -> bool:
    with store.write() as tx:
        (row,) = [row for row in tx.due_of_chat(chat_id, FAR) if row.key == key]
        return tx.hold_reminder(row.id, until)


def reach(store: Store, flag: bool) -> None:
    with store.write() as tx:
        tx.set_reachable(7, flag)


def test_a_held_reminder_comes_back_at_its_instant(
    opened: Store, reminder: Callable[..., ReminderRow]
) -> None:
    """Held, it is due neither for all nor for its chat, the next instant is its own, then it is due."""
    want(opened, reminder("a", NOW))
    assert hold(opened, "a", NOW + 60) is True
    with opened.read() as tx:
        assert tx.due_reminders(NOW + 59) == tx.due_of_chat(7, NOW + 59) == []
        assert tx.next_due_at() == NOW + 60
        assert [(row.due_at, row.wake_at) for row in tx.due_of_chat(7, NOW + 60)] == [
            (NOW, NOW + 60)
        ]
        assert tx.due_reminders(NOW + 60) == tx.due_of_chat(7, NOW + 60)


def test_wanting_the_same_again_leaves_what_is_held(
    opened: Store, reminder: Callable[..., ReminderRow]
) -> None:
    """The same wish, or another stage, keeps the hold; another instant, or a new wish, ends it."""
    want(opened, reminder("a", NOW), reminder("b", NOW), reminder("c", NOW), reminder("d", NOW))
    for key in "abcd":
        hold(opened, key, NOW + 60)
    changed = [reminder("a", NOW), reminder("b", NOW, "autre"), reminder("c", NOW + 5)]
    assert want(opened, *changed) is True
    assert waking(opened) == {"a": NOW + 60, "b": NOW + 60, "c": NOW + 5}
    assert want(opened, *changed) is False
    assert want(opened, *changed, reminder("d", NOW)) is True
    assert waking(opened)["d"] == NOW


def test_only_what_waits_is_held(opened: Store, reminder: Callable[..., ReminderRow]) -> None:
    """One that fired or was cancelled in between is left alone, and the caller is told."""
    want(opened, reminder("a", NOW), reminder("b", NOW))
    with opened.write() as tx:
        first, second = tx.due_of_chat(7, NOW)
        tx.fire_reminder(first.id, NOW)
        tx.sync_reminders("d1", 7, [reminder("a", NOW)])
        assert tx.hold_reminder(first.id, NOW + 60) is False
        assert tx.hold_reminder(second.id, NOW + 60) is False
    assert waking(opened) == {}


def test_all_that_is_due_of_a_chat_is_given_the_oldest_first(
    opened: Store, dossier: Callable[..., DossierRow], reminder: Callable[..., ReminderRow]
) -> None:
    """Whatever the number and the dossiers, held ones among them, and nothing of another chat."""
    with opened.write() as tx:
        tx.save_dossier(dossier("d2"))
        tx.save_dossier(dossier("other", 8))
    want(opened, *[reminder(f"k{n:03}", NOW - n) for n in range(150)])
    want(opened, reminder("later", NOW + 1), reminder("last", NOW), dossier_id="d2")
    want(opened, reminder("theirs", NOW), dossier_id="other", chat_id=8)
    hold(opened, "k149", NOW - 1)
    with opened.read() as tx:
        found = [row.key for row in tx.due_of_chat(7, NOW)]
        assert len(tx.due_reminders(NOW)) == 100
    assert found == [f"k{n:03}" for n in range(149, -1, -1)] + ["last"]


def test_who_blocked_the_bot_is_woken_once_back(
    opened: Store, reminder: Callable[..., ReminderRow]
) -> None:
    """What waited, what was held and what came to be wanted meanwhile is all due at the return."""
    want(opened, reminder("a", NOW), reminder("b", NOW), reminder("c", FAR + 9))
    hold(opened, "b", NOW + 60)
    reach(opened, False)
    want(opened, reminder("a", NOW + 1), reminder("b", NOW), reminder("c", FAR + 9), reminder("d"))
    with opened.write() as tx:
        assert tx.due_reminders(FAR) == tx.due_of_chat(7, FAR) == []
        assert tx.next_due_at() is None
        assert tx.stats(FAR).oldest_overdue_at is None
    reach(opened, True)
    assert waking(opened) == {"a": NOW + 1, "b": NOW, "d": NOW + 100}
    with opened.read() as tx:
        assert tx.next_due_at() == NOW


def test_what_is_parked_is_not_held(opened: Store, reminder: Callable[..., ReminderRow]) -> None:
    """A block that comes while reminders are being handled wins over the hold."""
    want(opened, reminder("a", NOW))
    with opened.write() as tx:
        (row,) = tx.due_of_chat(7, NOW)
        tx.set_reachable(7, False)
        assert tx.hold_reminder(row.id, NOW + 60) is False
        assert tx.next_due_at() is None


def test_being_reachable_still_lets_go_of_nothing(
    opened: Store, reminder: Callable[..., ReminderRow]
) -> None:
    """Saying again that somebody can be reached changes nothing that is held."""
    want(opened, reminder("a", NOW))
    hold(opened, "a", NOW + 60)
    reach(opened, True)
    assert waking(opened) == {"a": NOW + 60}


def test_only_the_reminders_of_who_blocked_the_bot_are_parked(
    opened: Store, dossier: Callable[..., DossierRow], reminder: Callable[..., ReminderRow]
) -> None:
    """The others, one without a conversation too, are woken as if nothing had happened."""
    with opened.write() as tx:
        tx.save_dossier(dossier("other", 8))
    want(opened, reminder("mine", NOW))
    reach(opened, False)
    want(opened, reminder("theirs", NOW), dossier_id="other", chat_id=8)
    assert waking(opened) == {"theirs": NOW}


def test_what_fired_or_was_cancelled_stays_so_through_a_block(
    opened: Store, reminder: Callable[..., ReminderRow]
) -> None:
    """Blocking and coming back wakes nothing that was done with."""
    want(opened, reminder("fired", NOW), reminder("cancelled", NOW))
    with opened.write() as tx:
        tx.fire_reminder(tx.due_of_chat(7, NOW)[0].id, NOW)
        tx.sync_reminders("d1", 7, [])
    reach(opened, False)
    reach(opened, True)
    assert waking(opened) == {}


@pytest.mark.parametrize("known", [True, False])
def test_a_chat_in_other_hands_is_passed_over(store: Store, database: str, known: bool) -> None:
    """On PostgreSQL a chat that another transaction has, with a row or without, is refused at once."""
    with store.write() as tx:
        if known:
            tx.save_conversation(ConversationRow(7, "home", "{}"))
        assert tx.lock_free_chat(7) is True
    if database == "sqlite":
        return  # one writer at a time: there is no other
    with store.write() as holder, store.write() as other:
        holder.load_conversation(7)
        assert other.lock_free_chat(7) is False
        assert other.lock_free_chat(8) is True
    with store.write() as holder, store.write() as other:
        assert holder.lock_free_chat(7) is True
        assert other.lock_free_chat(7) is False
    with store.write() as tx:
        assert tx.lock_free_chat(7) is True
