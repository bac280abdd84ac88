"""What people said is sealed in the database: read with the key, in its own place, and nowhere else."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy as sa

from bot.store import HEAD, Altered, DossierRow, KeyMissing, Refused, Store
from bot.store.engine import connect, parse
from bot.store.migrate import upgrade
from bot.store.sealing import Keyring
from bot.store.turning import TABLES, turn
from tests.store.sealed import (
    CONTENT,
    NEW,
    NOW,
    OLD,
    OTHER,
    WORDS,
    check_alive,
    file_row,
    live,
    words_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.keys import Key
    from tests.store.conftest import Databases

ODD = "Dupont & fils, 1\u202f250,00\u00a0€ \U0001f9fe\n"


@pytest.fixture
def sealed(url: str) -> Iterator[Store]:
    """A store with a key."""
    with Store.open(url, keys=[NEW], clock=lambda: NOW) as store:
        store.unlock()
        yield store


def test_a_text_opens_in_its_place_alone() -> None:
    """Another column, another chat or another row, and it does not open; sealed twice it is two texts."""
    ring = Keyring([NEW])
    place = ("dossiers.data", 7, "d1")
    stored = ring.seal(*place, ODD)
    assert ring.open(*place, stored) == ODD
    assert ring.seal(*place, ODD) != stored
    for other in (("acts.data", 7, "d1"), ("dossiers.data", 8, "d1"), ("dossiers.data", 7, "d2")):
        with pytest.raises(Altered):
            ring.open(*other, stored)
    content = ring.seal_bytes(*place, CONTENT)
    assert ring.open_bytes(*place, content) == CONTENT
    with pytest.raises(Altered):
        ring.open_bytes("dossiers.data", 8, "d1", content)


@pytest.mark.parametrize("kind", ["text", "bytes"])
def test_what_was_cut_or_changed_does_not_open(kind: str) -> None:
    """One character less or another, wherever it stands after the name of the key, is noticed."""
    ring = Keyring([NEW])
    place = ("files.content", 7, "f1")
    if kind == "text":
        stored = ring.seal(*place, "Dupont")
        wrong = [stored[:n] for n in range(14, len(stored))]
        wrong += [stored[:n] + "!" + stored[n + 1 :] for n in range(14, len(stored))]
        swapped = {"A": "B"}
        wrong += [stored[:n] + swapped.get(stored[n], "A") + stored[n + 1 :] for n in range(14, 40)]
        for one in wrong:
            with pytest.raises(Altered):
                ring.open(*place, one)
        return
    content = ring.seal_bytes(*place, b"Dupont")
    for n in range(14, len(content)):
        for cut in (content[:n], content[:n] + bytes([content[n] ^ 1]) + content[n + 1 :]):
            with pytest.raises(Altered):
                ring.open_bytes(*place, cut)


def test_all_the_keys_open_and_the_first_seals() -> None:
    """What an old key sealed is read beside the new one; alone, each other key is said to be missing by its name."""
    place = ("dossiers.data", 7, "d1")
    stored = Keyring([OLD]).seal(*place, ODD)
    ring = Keyring([NEW, OLD])
    assert ring.open(*place, stored) == ODD
    assert ring.seal(*place, ODD).startswith(f"enc1:{NEW.id}:")
    for lacking in (Keyring([NEW]), Keyring()):
        with pytest.raises(KeyMissing, match=OLD.id):
            lacking.open(*place, stored)


@pytest.mark.parametrize("typed", ["enc1:", f"enc1:{NEW.id}:AAAA", "enc0:", "enc0:enc1:x"])
@pytest.mark.parametrize("ring", [Keyring(), Keyring([NEW])], ids=["plain", "sealed"])
def test_whoever_types_what_looks_sealed_reads_it_again(typed: str, ring: Keyring) -> None:
    """A name that begins as a sealed text does is a name like another, with a key and without."""
    place = ("dossiers.debtor_name", 7, "d1")
    assert ring.open(*place, ring.seal(*place, typed)) == typed
    assert ring.open_bytes(*place, ring.seal_bytes(*place, typed.encode())) == typed.encode()
    assert Keyring([NEW]).open(*place, ring.seal(*place, typed)) == typed


def test_nothing_said_can_be_read_past_the_store(sealed: Store, url: str) -> None:
    """A whole life is read back word for word, and no file or column shows a word of it."""
    live(sealed)
    check_alive(sealed)
    assert words_in(url) == set()
    with Store.open(url, keys=[NEW]) as again:
        check_alive(again)


def test_without_a_key_the_search_finds_every_word(store: Store, url: str) -> None:
    """Otherwise finding none would prove nothing."""
    live(store)
    check_alive(store)
    assert len(words_in(url)) == len(WORDS) + 1


def test_a_row_given_to_another_chat_does_not_open(sealed: Store, raw: sa.Engine) -> None:
    """Whoever can write in the database and not read it brings nobody's words into their own chat."""
    live(sealed, 7)
    live(sealed, 8)
    with raw.begin() as connection:
        for table, mine, theirs in (
            ("conversations", "chat_id = 8", "chat_id = 7"),
            ("outbox", "chat_id = 8", "chat_id = 7"),
            ("inbox", "chat_id = 8", "chat_id = 7"),
            ("dossiers", "id = 'd8'", "id = 'd7'"),
            ("acts", "dossier_id = 'd8' AND seq = 1", "dossier_id = 'd7' AND seq = 1"),
            ("files", "id = 'f8'", "id = 'f7'"),
        ):
            (columns,) = [t.columns for t in TABLES if t.name == table]
            for column in columns:
                connection.execute(
                    sa.text(
                        f"UPDATE {table} SET {column} = "
                        f"(SELECT {column} FROM {table} WHERE {theirs}) WHERE {mine}"
                    )
                )
    check_alive(sealed, 7)
    with sealed.read() as tx:
        for look in (
            lambda: tx.load_conversation(8),
            lambda: tx.load_dossier("d8", 8),
            lambda: tx.outlines_of(8),
            lambda: tx.files_of(8),
            lambda: tx.load_file("f8", 8),
            lambda: tx.next_update(8),
        ):
            with pytest.raises(Altered):
                look()


def test_an_altered_row_holds_back_nobody_else(sealed: Store, raw: sa.Engine) -> None:
    """What is read for all chats at once gives the others' rows, and of that one what cannot be used."""
    live(sealed, 7)
    live(sealed, 8)
    with raw.begin() as connection:
        for table, column in (
            ("conversations", "data"),
            ("outbox", "payload"),
            ("inbox", "payload"),
        ):
            cut = f"UPDATE {table} SET {column} = substr({column}, 1, 40) WHERE chat_id = 8"
            connection.execute(sa.text(cut))
    with sealed.write() as tx:
        assert [(row.chat_id, bool(row.payload)) for row in tx.pending_updates()] == [
            (7, True),
            (8, False),
        ]
        assert dict(tx.conversations_page(None, 9)) == {7: '{"p": "Ragondin"}', 8: "{}"}
        assert tx.pending_of(8) == []
        claimed = {row.chat_id: row.payload for row in tx.claim_outbox(NOW)}
    assert claimed == {7: '{"kind": "copy", "text": "Wapiti"}', 8: ""}


def test_acts_in_another_order_do_not_open(sealed: Store, raw: sa.Engine) -> None:
    """The words of one act put in the place of another of the same dossier are noticed."""
    live(sealed)
    swap = "UPDATE acts SET data = (SELECT data FROM acts WHERE seq = 2) WHERE seq = 1"
    with raw.begin() as connection:
        connection.execute(sa.text(swap))
    with sealed.read() as tx, pytest.raises(Altered):
        tx.load_dossier("d7", 7)


def test_an_act_may_be_sealed_again_and_nothing_else(sealed: Store, raw: sa.Engine) -> None:
    """The guard of the history lets the words be sealed again; never plain, and nothing beside them."""
    live(sealed)
    for change in (
        "data = 'x'",
        "data = 'enc1:x', kind = 'paye'",
        "data = 'enc1:x', on_day = '2020-01-01'",
        "data = 'enc1:x', at = '2020-01-01T00:00:00+00:00'",
        "data = 'enc1:x', seq = 9",
        "data = 'enc1:x', dossier_id = 'd8'",
    ):
        update = sa.text(f"UPDATE acts SET {change} WHERE seq = 2")
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), raw.begin() as connection:
            connection.execute(update)
    with raw.begin() as connection:
        done = connection.execute(sa.text("UPDATE acts SET data = 'enc1:x' WHERE seq = 2"))
        assert done.rowcount == 1


def test_a_file_sealed_under_an_old_key_is_still_recognised(url: str) -> None:
    """The same file is not kept twice in a dossier because the key changed; in another dossier nothing ties them."""
    with Store.open(url, keys=[OLD]) as store:
        live(store)
    with Store.open(url, keys=[NEW, OLD]) as store, store.write() as tx:
        assert tx.file_alike("d7", 7, file_row("x", 7, "d7").sha256) is not None
        with pytest.raises(Refused):
            tx.add_file(file_row("x", 7, "d7"))
        tx.save_dossier(DossierRow("d2", 7, "{}", "ouvert", NEW.made))
        tx.add_file(file_row("y", 7, "d2"))
        marks = [row[0] for row in tx._rows(sa.text("SELECT mark FROM files"))]
    assert len({*marks, file_row("x", 7, "d7").sha256}) == 3


def sampled(databases: Databases, name: str) -> str:
    """What PostgreSQL says of the columns once it has looked at all rows."""
    databases.run("ANALYZE", name)
    with psycopg.connect(databases.url(name)) as connection:
        rows = connection.execute("SELECT pg_stats::text FROM pg_stats WHERE schemaname = 'public'")
        return "\n".join(str(row[0]) for row in rows)


def test_the_statistics_of_postgresql_hold_no_word(postgres: Databases) -> None:
    """Its samples of the columns, which outlive the rows, are of none that says something; those of before go."""
    url = postgres.empty("first")
    engine = connect(parse(url))
    with engine.begin() as connection:
        upgrade(connection, "0004")
        for n in range(3):
            connection.exec_driver_sql(
                f"INSERT INTO dossiers VALUES ('d{n}', 7, '{{}}', 'ouvert', 'Topinambour', '2026-11-22', 1, '')"
            )
    engine.dispose()
    assert "Topinambour" in sampled(postgres, "first")
    with Store.open(url) as store:
        store.migrate()
        for chat in range(10, 20):
            live(store, chat)
    found = sampled(postgres, "first")
    assert "ouvert" in found
    assert [word for word in WORDS if word in found] == []


# --- which keys a database is under -----------------------------------------------------------


def test_a_database_under_a_key_does_not_start_without_it(url: str) -> None:
    """No key, or another: one line names the one that is missing; with it among others, all is well."""
    with Store.open(url, keys=[OLD]) as store:
        store.unlock()
    for keys in ([], [NEW]):
        with Store.open(url, keys=keys) as store, pytest.raises(KeyMissing, match=OLD.id) as said:
            store.unlock()
        assert "\n" not in str(said.value)
    with Store.open(url, keys=[NEW, OLD]) as store:
        store.unlock()
        with store.read() as tx:
            assert set(tx.noted_keys()) == {OLD.id, NEW.id}
    with Store.open(url, keys=[OLD]) as store, pytest.raises(KeyMissing, match=NEW.id):
        store.unlock()


def test_a_key_that_is_not_the_one_it_is_named_after_is_refused(url: str, raw: sa.Engine) -> None:
    """What was kept to recognise it by does not open: it is missing, whatever its name."""
    with Store.open(url, keys=[NEW]) as store:
        store.unlock()
        wrong = Keyring([OTHER]).check_value().replace(OTHER.id, NEW.id)
        with raw.begin() as connection:
            connection.execute(sa.text("UPDATE seal_keys SET check_value = :v"), {"v": wrong})
        with pytest.raises(KeyMissing, match=NEW.id):
            store.unlock()


def test_a_bot_without_the_key_stops_writing_within_a_minute(url: str) -> None:
    """One that started before the key was there meets it at its next look, and waits."""
    now = [NOW]
    with (
        Store.open(url, clock=lambda: now[0]) as before,
        Store.open(url, keys=[NEW]) as other,
    ):
        before.unlock()
        other.unlock()
        with before.write() as tx:
            tx.record_update(1, 7, "{}", NOW)
        now[0] += 60
        with pytest.raises(KeyMissing), before.write():
            pass


def test_a_key_that_is_still_used_is_noted_again(url: str) -> None:
    """A bot that seals with a key taken for done with puts it back at its next look: it cannot be lost unseen."""
    now = [NOW]
    with Store.open(url, keys=[OLD, NEW], clock=lambda: now[0]) as running:
        running.unlock()
        with Store.open(url, keys=[NEW, OLD]) as turning:
            turning.unlock()
            with turning.write() as tx:
                assert tx.forget_keys() == [OLD.id]
        now[0] += 60
        live(running)
    with Store.open(url, keys=[NEW]) as store, pytest.raises(KeyMissing, match=OLD.id):
        store.unlock()


# --- sealed again ------------------------------------------------------------------------------


def turned(store: Store, most: int | None = None) -> int:
    """Seal every row again under the first key, or stop after `most` pages as a kill would."""
    return sum(done for _, done in itertools.islice(turn(store), most))


@pytest.mark.parametrize("before", [(), (OLD,)], ids=["plain", "old key"])
def test_every_row_is_sealed_again(url: str, before: Sequence[Key]) -> None:
    """From plain and from an old key alike: all read as before, the old key opens nothing and is forgotten."""
    with Store.open(url, keys=before) as store:
        store.unlock()
        live(store, 7)
        live(store, 8)
    with Store.open(url, keys=[NEW, *before]) as store:
        store.unlock()
        live(store, 9)
        old = before[0].id if before else "plain"
        with store.write() as tx:
            # Of each person: a conversation, a dossier, two acts, a file, an update and a message.
            assert tx.rows_by_key() == {old: 14, NEW.id: 7}
            assert not tx.all_turned()
        assert turned(store) == 14
        assert turned(store) == 0
        with store.write() as tx:
            assert tx.rows_by_key() == {NEW.id: 21}
            assert tx.all_turned()
            assert tx.forget_keys() == [old]
            assert list(tx.noted_keys()) == [NEW.id]
        store.sweep()
        if url.startswith("sqlite"):
            assert words_in(url) == set()
    with Store.open(url, keys=[NEW]) as store:
        store.unlock()
        for chat in (7, 8, 9):
            check_alive(store, chat)


def test_a_change_of_keys_killed_half_way_is_taken_up(url: str) -> None:
    """Wherever it was cut all can be read, with both keys; the next one does what is left and no more."""
    with Store.open(url, keys=[OLD]) as store:
        store.unlock()
        live(store)
    done = 0
    for _ in range(20):
        with Store.open(url, keys=[NEW, OLD]) as store:
            store.unlock()
            step = turned(store, most=1)
            check_alive(store)
        done += step
        if not step:
            break
    assert done == 7
    with Store.open(url, keys=[NEW, OLD]) as store, store.write() as tx:
        assert tx.forget_keys() == [OLD.id]


def test_what_changed_meanwhile_is_not_overwritten(url: str) -> None:
    """The bot writes between the look and the writing: its words stay, and the next turn seals what is left."""
    with Store.open(url, keys=[OLD]) as running, Store.open(url, keys=[NEW, OLD]) as turning:
        live(running)
        with turning.read() as tx:
            held = [(table, tx.waiting_to_turn(table, table.start)) for table in TABLES[:2]]
        with running.write() as tx:
            row = tx.load_conversation(7)
            assert row is not None
            tx.save_conversation(row.__class__(7, "home", '{"p": "new"}', "d7", row.version))
            tx.save_dossier(DossierRow("d7", 7, '{"n": "new"}', "ouvert", NEW.made, "New"))
        with turning.write() as tx:
            assert [tx.turn_rows(table, rows) for table, rows in held] == [0, 0]
        assert turned(turning) == 7
        with turning.write() as tx:
            assert set(tx.rows_by_key()) == {NEW.id}
            changed, dossier = tx.load_conversation(7), tx.load_dossier("d7", 7)
    assert changed is not None
    assert changed.data == '{"p": "new"}'
    assert dossier is not None
    assert (dossier.data, dossier.debtor_name) == ('{"n": "new"}', "New")


def test_an_altered_row_does_not_stop_the_change_of_keys(url: str, raw: sa.Engine) -> None:
    """It is left as it is, all others are sealed again, and its key is not said to be done with."""
    with Store.open(url, keys=[OLD]) as store:
        live(store, 7)
        live(store, 8)
    with raw.begin() as connection:
        connection.execute(
            sa.text("UPDATE dossiers SET data = substr(data, 1, 40) WHERE id = 'd7'")
        )
    with Store.open(url, keys=[NEW, OLD]) as store:
        assert turned(store) == 13
        with store.read() as tx:
            assert not tx.all_turned()
            assert tx.rows_by_key() == {NEW.id: 13, OLD.id: 1}
        check_alive(store, 8)


# --- from the schema before --------------------------------------------------------------------

OF_0004 = """
    INSERT INTO dossiers VALUES ('d1', 7, '{}', 'ouvert', 'enc1:typed', '2026-11-22', 1, ''),
                                ('d2', 7, '{}', 'ouvert', 'enc0:', '2026-11-22', 1, ''),
                                ('d3', 7, '{}', 'ouvert', 'Enc1:', '2026-11-22', 1, '');
    INSERT INTO files VALUES ('f1', 7, 'd1', 'pdf', 1, 2, '{digest}', 5, {content})
"""


def test_rows_of_the_fourth_schema_are_kept(empty_url: str) -> None:
    """Names that look sealed stay what was typed, files keep all they had and are still recognised."""
    engine = connect(parse(empty_url))
    lite = engine.dialect.name == "sqlite"
    digest = file_row("f1", 7, "d1", b"ab").sha256
    with engine.begin() as connection:
        if lite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        upgrade(connection, "0004")
        filled = OF_0004.replace("{digest}", digest)
        filled = filled.replace("{content}", "X'6162'" if lite else "'ab'::bytea")
        for statement in filled.split(";"):
            connection.exec_driver_sql(statement)
    engine.dispose()
    with Store.open(empty_url, keys=[NEW]) as store:
        assert store.migrate() == ("0004", HEAD)
        store.unlock()
        with store.write() as tx:
            assert {row.id: row.debtor_name for row in tx.dossiers_of(7)} == {
                "d1": "enc1:typed",
                "d2": "enc0:",
                "d3": "Enc1:",
            }
            assert tx.load_file("f1", 7) == file_row("f1", 7, "d1", b"ab").__class__(
                "f1", 7, "d1", "pdf", 1, 2, digest, 5, b"ab"
            )
            assert tx.file_alike("d1", 7, digest) is not None
            with pytest.raises(Refused):
                tx.add_file(file_row("f2", 7, "d1", b"ab"))
            assert set(tx.noted_keys()) == {NEW.id, "plain"}


def test_a_file_whose_size_is_not_its_own_is_refused(
    store: Store, dossier: Callable[..., DossierRow]
) -> None:
    """What the database can no longer count, sealed as it is, is counted before."""
    row = file_row("f1", 7, "d1")
    wrong = row.__class__("f1", 7, "d1", "pdf", 1, row.size - 1, row.sha256, content=row.content)
    with store.write() as tx:
        tx.save_dossier(dossier("d1"))
        with pytest.raises(Refused):
            tx.add_file(wrong)
