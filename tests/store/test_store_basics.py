"""Inbox, conversations, dossiers and acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from bot.store import (
    ActRow,
    Conflict,
    ConversationRow,
    DossierRow,
    NotYours,
    OutgoingRow,
    Refused,
    ReminderRow,
    Store,
    StoreError,
    UpdateRow,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = 1_795_000_000
OUT = "INSERT INTO outbox (chat_id, kind, payload, not_before, attempts, maybe_sent, created_at, "
COPY_OF_AN_ACT = (
    "INSERT INTO acts (dossier_id, seq, kind, on_day, at, data) "
    "SELECT dossier_id, {seq}, kind, on_day, at, data FROM acts WHERE seq = 2"
)

# --- inbox ---------------------------------------------------------------------------------


def test_an_update_seen_twice_is_recorded_once(store: Store) -> None:
    """The second delivery of an update is refused and changes nothing of the first."""
    with store.write() as tx:
        assert tx.record_update(10, 7, '{"a": 1}', NOW) is True
    with store.write() as tx:
        assert tx.record_update(10, 7, '{"a": 2}', NOW + 5) is False
    with store.read() as tx:
        assert tx.pending_updates() == [UpdateRow(10, 7, '{"a": 1}', NOW, 0)]


def test_a_batch_counts_only_what_is_new(store: Store) -> None:
    """A batch that repeats known updates, or itself, stores each once."""
    batch = [UpdateRow(n, 7, "{}", NOW) for n in (3, 1, 2, 3)]
    with store.write() as tx:
        assert tx.record_updates(batch) == 3
        assert tx.record_updates(batch) == 0
        assert tx.record_updates([]) == 0


def test_pending_updates_come_in_order_and_by_pages(store: Store) -> None:
    """What waits is given by rising update_id, and a page goes on after the last one."""
    with store.write() as tx:
        tx.record_updates([UpdateRow(n, n % 2, "{}", NOW) for n in (5, 1, 4, 2, 3)])
        tx.finish_update(2)
    with store.read() as tx:
        assert [row.update_id for row in tx.pending_updates(2)] == [1, 3]
        assert [row.update_id for row in tx.pending_updates(10, after=3)] == [4, 5]
        found = tx.next_update(1)
        assert found is not None
        assert found.update_id == 1
        assert tx.next_update(99) is None


def test_an_update_is_finished_once(store: Store) -> None:
    """Finishing twice, or finishing what was never seen, says no."""
    with store.write() as tx:
        tx.record_update(1, 7, "{}", NOW)
        assert tx.finish_update(1) is True
        assert tx.finish_update(1) is False
        assert tx.finish_update(2) is False


def test_a_poison_update_is_given_up_and_frees_its_chat(store: Store) -> None:
    """After the allowed attempts the update is failed, and the next one of the chat comes up."""
    with store.write() as tx:
        tx.record_updates([UpdateRow(n, 7, "{}", NOW) for n in (1, 2)])
        assert [tx.fail_update(1, "boom", 3) for _ in range(3)] == [False, False, True]
        assert tx.fail_update(1, "boom", 3) is False
        following = tx.next_update(7)
        assert following is not None
        assert following.update_id == 2
        assert tx.stats(NOW).updates_failed == 1


def test_a_failure_is_counted_on_the_row(store: Store) -> None:
    """The attempts of an update that failed are given with it."""
    with store.write() as tx:
        tx.record_update(1, 7, "{}", NOW)
        tx.fail_update(1, "x" * 10_000)
        assert [row.attempts for row in tx.pending_updates()] == [1]


def test_local_ids_never_meet_those_of_telegram(store: Store) -> None:
    """Ids for the terminal are negative and rise, whatever Telegram has sent."""
    with store.write() as tx:
        tx.record_update(2**40, 7, "{}", NOW)
        ids = []
        for _ in range(3):
            ids.append(tx.next_local_update_id())
            assert tx.record_update(ids[-1], 1, "{}", NOW)
    assert ids == sorted(ids)
    assert len(set(ids)) == 3
    assert max(ids) < 0


# --- conversations -------------------------------------------------------------------------


def test_a_conversation_comes_back_as_it_was_saved(
    store: Store, conversation: Callable[..., ConversationRow]
) -> None:
    """State and data are kept to the letter, the version rises by one at each save."""
    data = '{"nom": "Émilie « O’Brien » 🧾 \\u0000"}'
    with store.write() as tx:
        assert tx.load_conversation(-(2**52)) is None
        first = tx.save_conversation(conversation(-(2**52), data=data))
        second = tx.save_conversation(replace(first, state="montant"))
    with store.read() as tx:
        found = tx.load_conversation(-(2**52))
    assert found == second
    assert found == ConversationRow(-(2**52), "montant", data, None, 2, True, NOW)


def test_a_stale_conversation_is_a_conflict(
    store: Store, conversation: Callable[..., ConversationRow]
) -> None:
    """Saving what somebody else has changed meanwhile, or has made, raises and changes nothing."""
    with store.write() as tx:
        first = tx.save_conversation(conversation())
        tx.save_conversation(replace(first, state="deux"))
    with pytest.raises(Conflict), store.write() as tx:
        tx.save_conversation(replace(first, state="trois"))
    with pytest.raises(Conflict), store.write() as tx:
        tx.save_conversation(conversation(state="quatre"))
    with store.read() as tx:
        found = tx.load_conversation(7)
    assert found is not None
    assert (found.state, found.version) == ("deux", 2)


def test_reachable_is_not_overwritten_by_a_handler(
    store: Store, conversation: Callable[..., ConversationRow]
) -> None:
    """A handler that saves an older row does not undo what the relay said of reachability."""
    with store.write() as tx:
        first = tx.save_conversation(conversation())
        tx.set_reachable(7, False)
        tx.set_reachable(8, False)
        tx.save_conversation(replace(first, state="deux"))
    with store.write() as tx:
        found = tx.load_conversation(7)
        assert found is not None
        assert found.reachable is False
        tx.set_reachable(7, True)
        found = tx.load_conversation(7)
        assert found is not None
        assert found.reachable is True
        assert tx.load_conversation(8) is None


# --- dossiers ------------------------------------------------------------------------------


def test_a_dossier_comes_back_with_its_acts_in_order(
    store: Store, dossier: Callable[..., DossierRow], act: Callable[..., ActRow]
) -> None:
    """Acts are numbered from 1 across saves and come back exact to the microsecond."""
    with store.write() as tx:
        tx.save_dossier(dossier(), [act("ouvert"), act("diagnostic", '{"cause": "oubli"}')])
        tx.save_dossier(dossier(data='{"x": 2}', status="paye"), [act("paye")])
        tx.save_dossier(dossier(data='{"x": 2}', status="paye"))
    with store.read() as tx:
        found = tx.load_dossier("d1", 7)
    assert found is not None
    assert (found.data, found.status, found.updated_at) == ('{"x": 2}', "paye", NOW)
    assert found.opened_on == dossier().opened_on
    assert [(a.seq, a.kind) for a in found.acts] == [(1, "ouvert"), (2, "diagnostic"), (3, "paye")]
    assert replace(found.acts[1], seq=0) == act("diagnostic", '{"cause": "oubli"}')


def test_nobody_reaches_the_dossier_of_another(
    store: Store, dossier: Callable[..., DossierRow], act: Callable[..., ActRow]
) -> None:
    """Loading, listing, erasing or saving another chat's dossier changes and gives nothing."""
    with store.write() as tx:
        tx.save_dossier(dossier(), [act()])
    with store.write() as tx:
        assert tx.load_dossier("d1", 8) is None
        assert tx.dossiers_of(8) == []
        assert tx.erase_dossier("d1", 8) is False
    with pytest.raises(NotYours), store.write() as tx:
        tx.save_dossier(dossier(chat_id=8, data='{"stolen": 1}'), [act("paye")])
    with store.read() as tx:
        found = tx.load_dossier("d1", 7)
    assert found is not None
    assert found.data == dossier().data
    assert len(found.acts) == 1


def test_dossiers_are_listed_latest_first_with_their_acts(
    url: str, dossier: Callable[..., DossierRow], act: Callable[..., ActRow]
) -> None:
    """The list is bounded, can be narrowed to a status, and gives each dossier its own acts."""
    instants = iter(range(NOW, NOW + 100))
    store = Store.open(url, clock=lambda: next(instants))
    with store.write() as tx:
        for name in ("a", "b", "c"):
            tx.save_dossier(dossier(name), [act("ouvert", f'"{name}"')])
        tx.save_dossier(dossier("a", status="paye"), [act("paye", '"a"')])
    with store.read() as tx:
        assert [row.id for row in tx.dossiers_of(7)] == ["a", "c", "b"]
        assert [row.id for row in tx.dossiers_of(7, limit=2)] == ["a", "c"]
        assert [row.id for row in tx.dossiers_of(7, status="ouvert")] == ["c", "b"]
        assert [len(row.acts) for row in tx.dossiers_of(7)] == [2, 1, 1]
        for row in tx.dossiers_of(7):
            assert tx.load_dossier(row.id, 7) == row
            assert {a.data for a in row.acts} == {f'"{row.id}"'}
    store.close()


def test_an_act_without_a_time_zone_is_refused(
    store: Store, dossier: Callable[..., DossierRow], act: Callable[..., ActRow]
) -> None:
    """A naive instant is refused and the whole transaction undone."""
    naive = replace(act(), at=datetime(2026, 11, 22))  # noqa: DTZ001
    with pytest.raises(Refused), store.write() as tx:
        tx.save_dossier(dossier(), [naive])
    with store.read() as tx:
        assert tx.load_dossier("d1", 7) is None


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE acts SET kind = 'paye'", "append-only"),
        ("DELETE FROM acts", "append-only"),
        ("DELETE FROM acts WHERE seq = 2", "append-only"),
        (COPY_OF_AN_ACT.format(seq=4), "follow one another"),
        (COPY_OF_AN_ACT.format(seq=1), "follow one another"),
        ("UPDATE dossiers SET chat_id = 8", "keeps its owner"),
    ],
)
def test_history_cannot_be_changed_even_by_hand(
    store: Store,
    raw: sa.Engine,
    dossier: Callable[..., DossierRow],
    act: Callable[..., ActRow],
    statement: str,
    word: str,
) -> None:
    """The database refuses to change, remove, skip or repeat an act, or to move a dossier."""
    with store.write() as tx:
        tx.save_dossier(dossier(), [act(), act("paye")])
    with pytest.raises(sa.exc.IntegrityError, match=word), raw.begin() as connection:
        connection.exec_driver_sql(statement)
    with store.read() as tx:
        found = tx.load_dossier("d1", 7)
    assert found is not None
    assert [a.kind for a in found.acts] == ["ouvert", "paye"]


def test_acts_cannot_be_replaced_or_emptied_by_the_dialect_s_own_ways(
    store: Store,
    raw: sa.Engine,
    database: str,
    dossier: Callable[..., DossierRow],
    act: Callable[..., ActRow],
) -> None:
    """REPLACE on SQLite and TRUNCATE on PostgreSQL are refused as well."""
    with store.write() as tx:
        tx.save_dossier(dossier(), [act()])
    statement = (
        "REPLACE INTO acts SELECT dossier_id, 1, 'paye', on_day, at, data FROM acts"
        if database == "sqlite"
        else "TRUNCATE acts"
    )
    with pytest.raises(sa.exc.IntegrityError), raw.begin() as connection:
        connection.exec_driver_sql(statement)


def test_erasing_a_dossier_takes_its_acts_and_reminders(
    store: Store,
    raw: sa.Engine,
    dossier: Callable[..., DossierRow],
    act: Callable[..., ActRow],
    conversation: Callable[..., ConversationRow],
    reminder: Callable[..., ReminderRow],
) -> None:
    """The erase path removes all of one dossier, leaves the others, frees the conversation."""
    with store.write() as tx:
        tx.save_conversation(conversation(dossier_id="d1"))
        for name in ("d1", "d2"):
            tx.save_dossier(dossier(name), [act(), act("paye")])
            tx.sync_reminders(name, 7, [reminder()])
    with store.write() as tx:
        assert tx.erase_dossier("d1", 7) is True
        assert tx.erase_dossier("d1", 7) is False
    with raw.begin() as connection:
        for table, left in (("dossiers", 1), ("acts", 2), ("reminders", 1)):
            rows = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
            assert (table, rows) == (table, left)
    with store.read() as tx:
        found = tx.load_conversation(7)
    assert found is not None
    assert (found.dossier_id, found.version) == (None, 2)


def test_a_conversation_cannot_stand_in_the_dossier_of_another(
    store: Store,
    dossier: Callable[..., DossierRow],
    conversation: Callable[..., ConversationRow],
    reminder: Callable[..., ReminderRow],
) -> None:
    """The database refuses a pointer or a reminder to a dossier of another chat, or to none."""
    with store.write() as tx:
        tx.save_dossier(dossier())
    with pytest.raises(Refused), store.write() as tx:
        tx.save_conversation(conversation(8, dossier_id="d1"))
    with pytest.raises(Refused), store.write() as tx:
        tx.save_conversation(conversation(7, dossier_id="nowhere"))
    with pytest.raises(Refused), store.write() as tx:
        tx.sync_reminders("d1", 8, [reminder()])


def test_erasing_a_person_leaves_nothing_of_them(
    store: Store,
    raw: sa.Engine,
    dossier: Callable[..., DossierRow],
    act: Callable[..., ActRow],
    conversation: Callable[..., ConversationRow],
    reminder: Callable[..., ReminderRow],
    message: Callable[..., OutgoingRow],
) -> None:
    """Every table loses the rows of that chat and keeps those of the others."""
    with store.write() as tx:
        for chat in (7, 8):
            tx.record_update(chat, chat, "{}", NOW)
            tx.save_conversation(conversation(chat, dossier_id=f"d{chat}"))
            tx.save_dossier(dossier(f"d{chat}", chat), [act()])
            tx.sync_reminders(f"d{chat}", chat, [reminder()])
            tx.push_outbox(chat, [message()], NOW)
    with store.write() as tx:
        assert tx.erase_chat(7) == 4
        assert tx.erase_chat(7) == 0
    with raw.begin() as connection:
        for table in ("inbox", "conversations", "dossiers", "acts", "reminders", "outbox"):
            column = "dossier_id" if table == "acts" else "chat_id"
            rows = connection.exec_driver_sql(f"SELECT {column} FROM {table}").scalars().all()
            assert rows == (["d8"] if table == "acts" else [8]), table


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO inbox VALUES (1, 1, '{}', 1, 'seen', 0, NULL)",
        "INSERT INTO inbox VALUES (1, 1, '{}', 1, 'new', -1, NULL)",
        "INSERT INTO inbox VALUES (1, 1, '{}', 1, 'failed', 1, NULL)",
        "INSERT INTO inbox VALUES (1, 1, NULL, 1, 'new', 0, NULL)",
        "INSERT INTO conversations VALUES (1, '', '{}', NULL, 1, 1, 1)",
        "INSERT INTO conversations VALUES (1, 'a', '{}', NULL, 0, 1, 1)",
        "INSERT INTO conversations VALUES (1, 'a', '{}', NULL, 1, 2, 1)",
        "INSERT INTO dossiers VALUES ('', 1, '{}', 'ouvert', '', '2026-11-22', 1, '')",
        "INSERT INTO dossiers VALUES ('d', 1, '{}', 'perdu', '', '2026-11-22', 1, '')",
        "INSERT INTO dossiers VALUES ('d', 1, '{}', 'ouvert', '', '22/11/26', 1, '')",
        "INSERT INTO acts VALUES ('none', 1, 'a', '2026-11-22', '2026-11-22T00:00:00+00:00', '')",
        OUT + "status) VALUES (1, 'a', '{}', 0, 0, 0, 1, 'lost')",
        OUT + "status) VALUES (1, 'a', '{}', 0, 0, 0, 1, 'sent')",
        OUT + "status, sent_at) VALUES (1, 'a', '{}', 0, 0, 0, 1, 'pending', 1)",
        OUT + "status) VALUES (1, 'a', '{}', 0, 0, 0, 1, 'sending')",
        OUT + "status) VALUES (1, 'a', '{}', 0, 0, 0, 1, 'dropped')",
        OUT + "status) VALUES (1, 'a', '{}', 0, -1, 0, 1, 'pending')",
        OUT + "status, claimed_at) VALUES (1, 'a', '{}', 0, 0, 0, 1, 'sending', 1), "
        "(1, 'a', '{}', 0, 0, 0, 1, 'sending', 1)",
    ],
)
def test_the_database_refuses_the_impossible(raw: sa.Engine, statement: str) -> None:
    """Rows that no code should write cannot be written."""
    with pytest.raises(sa.exc.IntegrityError), raw.begin() as connection:
        connection.exec_driver_sql(statement)


def test_every_status_of_a_dossier_can_be_stored(
    store: Store, dossier: Callable[..., DossierRow]
) -> None:
    """The statuses the tables accept are those the domain knows."""
    from flows.dossier import Status

    with store.write() as tx:
        for status in Status:
            tx.save_dossier(dossier(status=status.value))
    with pytest.raises(StoreError), store.write() as tx:
        tx.save_dossier(dossier(status="autre"))


def test_an_exception_undoes_the_whole_transaction(store: Store) -> None:
    """Nothing of a transaction that raised is kept."""
    with pytest.raises(KeyError), store.write() as tx:  # noqa: PT012  # undone, not refused
        tx.record_update(1, 7, "{}", NOW)
        raise KeyError
    with store.read() as tx:
        assert tx.pending_updates() == []


def test_a_read_transaction_keeps_the_same_picture(store: Store) -> None:
    """What another commits meanwhile is not seen before the next transaction."""
    with store.read() as reading:
        assert reading.pending_updates() == []
        with store.write() as tx:
            tx.record_update(1, 7, "{}", NOW)
        assert reading.pending_updates() == []
    with store.read() as reading:
        assert len(reading.pending_updates()) == 1
