"""A whole database copied into another: from SQLite to PostgreSQL, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.store import HEAD, KeyMissing, OutgoingRow, Store, StoreError
from bot.store.copying import copy
from bot.store.digest import Content, contents
from bot.store.engine import connect, parse
from tests.store.filled import NOW, ODD, add_person
from tests.store.sealed import NEW, OLD, check_alive, live, words_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.store.conftest import Databases

PEOPLE = 7


@pytest.fixture
def here(tmp_path: Path) -> str:
    """A SQLite database with seven people, sealed, and a message number that was drawn and is gone."""
    url = f"sqlite:///{tmp_path / 'here.sqlite3'}"
    with Store.open(url, keys=[OLD], clock=lambda: NOW) as store:
        store.prepare()
        store.unlock()
        for chat in range(1, PEOPLE + 1):
            add_person(store, chat)
        with store.write() as tx:
            tx.push_outbox(99, [OutgoingRow("copy", "x")], NOW)
        with store.write() as tx:
            tx.erase_chat(99)
    return url


def held(url: str) -> Mapping[str, Content]:
    engine = connect(parse(url))
    with engine.connect() as connection:
        found = contents(connection)
    engine.dispose()
    return found


def next_number(url: str) -> int:
    with Store.open(url) as store:
        with store.write() as tx:
            tx.push_outbox(5000, [OutgoingRow("copy", "x")], NOW)
        with store.read() as tx:
            (row,) = tx._rows(text("SELECT max(id) FROM outbox"))
    return int(row[0])


def nothing(_: str, __: Content) -> None:
    pass


def test_to_postgresql_and_back_every_table_is_the_same(
    here: str, postgres: Databases, tmp_path: Path
) -> None:
    """Counts and digests of all tables agree after the way there and after the way back."""
    there, back = postgres.empty("first"), f"sqlite:///{tmp_path / 'back.sqlite3'}"
    told: dict[str, Content] = {}
    copied = copy(here, there, told.__setitem__)
    copy(there, back, nothing)
    assert told == copied == held(here) == held(there) == held(back)
    assert all(content.rows for content in copied.values())
    assert copied["outbox"].rows == 2 * PEOPLE


def test_what_was_sealed_is_copied_sealed_and_opens_there(
    here: str, postgres: Databases, tmp_path: Path
) -> None:
    """The copy needs no key, and a target where a bot was started with another is as empty as one untouched."""
    there = postgres.empty("first")
    with Store.open(there, keys=[NEW]) as store:
        store.prepare()
        store.unlock()
    with Store.open(here, keys=[OLD]) as store:
        live(store, 70)
    assert words_in(here) == set()
    copy(here, there, nothing)
    assert words_in(there) == set()
    with Store.open(there, keys=[OLD]) as store:
        store.unlock()
        check_alive(store, 70)
    with Store.open(there, keys=[NEW]) as store, pytest.raises(KeyMissing, match=OLD.id):
        store.unlock()


def test_numbers_go_on_where_they_were(here: str, postgres: Databases, tmp_path: Path) -> None:
    """A number drawn at the source is not drawn again at the target, even if its row is gone."""
    there, back = postgres.empty("first"), f"sqlite:///{tmp_path / 'back.sqlite3'}"
    copy(here, there, nothing)
    copy(there, back, nothing)
    # Fourteen messages wait, and the fifteenth was erased.
    assert next_number(here) == next_number(there) == next_number(back) == 16


def test_guards_stand_at_the_target(here: str, postgres: Databases) -> None:
    """After a copy acts stay append-only and the same update is still known."""
    there = postgres.empty("first")
    copy(here, there, nothing)
    engine = connect(parse(there))
    with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
        connection.execute(text("UPDATE acts SET kind = 'x'"))
    engine.dispose()
    with Store.open(there) as store, store.write() as tx:
        assert not tx.record_update(1001, 1, "{}", NOW)


def test_a_target_that_holds_a_row_is_refused_and_kept(here: str, postgres: Databases) -> None:
    """One row at the target is enough: nothing is copied, nothing is lost."""
    there = postgres.empty("first")
    with Store.open(there) as store:
        store.prepare()
        with store.write() as tx:
            tx.record_update(1, 1, "{}", NOW)
    with pytest.raises(StoreError, match="n’est pas vide"):
        copy(here, there, nothing)
    assert sum(content.rows for content in held(there).values()) == 1


def test_another_schema_is_refused_on_either_side(here: str, postgres: Databases) -> None:
    """A copy is made between two databases of the schema of this code, and no other."""
    there = postgres.empty("first")
    with Store.open(there) as store:
        store.prepare()
    for url in (there, here):
        engine = connect(parse(url))
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        with pytest.raises(StoreError, match=f"0001, attendu {HEAD}"):
            copy(here, there, nothing)
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{HEAD}'"))
        engine.dispose()


def test_the_same_database_and_a_missing_file_are_refused(here: str, tmp_path: Path) -> None:
    """Copying onto itself, or from a file that is not there, makes nothing."""
    with pytest.raises(StoreError, match="la même"):
        copy(here, here, nothing)
    missing = tmp_path / "absent.sqlite3"
    with pytest.raises(StoreError, match="n’existe pas"):
        copy(f"sqlite:///{missing}", f"sqlite:///{tmp_path / 'n.sqlite3'}", nothing)
    assert not missing.exists()


def test_a_row_the_target_refuses_undoes_the_whole_copy(here: str, postgres: Databases) -> None:
    """A character PostgreSQL does not take ends the copy with one line; no table keeps a row."""
    there = postgres.empty("first")
    with Store.open(here) as store:
        add_person(store, 8, ODD + "\0")
    with pytest.raises(StoreError) as failed:
        copy(here, there, nothing)
    assert "\n" not in str(failed.value)
    assert sum(content.rows for content in held(there).values()) == 0


def test_one_changed_letter_changes_the_digest(here: str) -> None:
    """A digest sees what a count does not, and does not look at the order of rows."""
    before = held(here)
    engine = connect(parse(here))
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE dossiers SET debtor_name = debtor_name || 'x' WHERE id = 'd3'")
        )
    engine.dispose()
    after = held(here)
    assert {name for name in before if before[name] != after[name]} == {"dossiers"}
    assert before["dossiers"].rows == after["dossiers"].rows
