"""The files of dossiers: kept whole, once a dossier, for one chat only."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext

from bot.store import HEAD, DossierRow, FileRoom, FileRow, NotYours, Refused, Store
from bot.store.engine import connect, parse
from bot.store.migrate import upgrade

if TYPE_CHECKING:
    from bot.store import Tx

NOW = 1_795_000_000
MakeDossier = Callable[..., DossierRow]
BYTES = bytes(range(256)) + "été\0".encode()


def file_row(
    name: str = "f1", chat_id: int = 7, dossier: str = "d1", content: bytes = BYTES, pages: int = 2
) -> FileRow:
    digest = sha256(content).hexdigest()
    return FileRow(name, chat_id, dossier, "pdf", pages, len(content), digest, content=content)


def add(tx: Tx, dossier: MakeDossier, *rows: FileRow) -> None:
    """Store files, each with its dossier."""
    for row in rows:
        tx.save_dossier(dossier(row.dossier_id, row.chat_id))
        tx.add_file(row)


def test_a_file_comes_back_as_it_was_kept(store: Store, dossier: MakeDossier) -> None:
    """Every byte, the null one too, is given back with what is known of the file and when it came."""
    with store.write() as tx:
        add(tx, dossier, file_row())
    with store.read() as tx:
        found = tx.load_file("f1", 7)
        digest = sha256(BYTES).hexdigest()
        assert found == FileRow("f1", 7, "d1", "pdf", 2, len(BYTES), digest, NOW, BYTES)


def test_another_chat_sees_nothing_of_a_file(store: Store, dossier: MakeDossier) -> None:
    """Neither its content, nor that it is there, nor its like, nor the room it takes."""
    with store.write() as tx:
        add(tx, dossier, file_row())
    with store.read() as tx:
        assert tx.load_file("f1", 8) is None
        assert tx.file_alike("d1", 8, file_row().sha256) is None
        assert tx.room_taken("d1", 8) == FileRoom(0, 0, 0, 0)


def test_a_file_cannot_be_put_in_another_chats_dossier(store: Store, dossier: MakeDossier) -> None:
    """It is refused, and so is a file for a dossier that does not exist."""
    with store.write() as tx:
        tx.save_dossier(dossier("d1", 7))
    for row in (file_row(chat_id=8), file_row(dossier="d9")):
        with pytest.raises(NotYours), store.write() as tx:
            tx.add_file(row)
    with store.read() as tx:
        assert tx.room_taken("d1", 7) == FileRoom(0, 0, 0, 0)


def test_the_database_itself_keeps_files_with_their_owner(
    raw: sa.Engine, store: Store, dossier: MakeDossier
) -> None:
    """A file that names one chat and the dossier of another is refused past the store too."""
    with store.write() as tx:
        add(tx, dossier, file_row())
    with pytest.raises(sa.exc.IntegrityError), raw.begin() as connection:
        connection.execute(sa.text("UPDATE files SET chat_id = 8"))


def test_a_dossier_holds_a_content_once(store: Store, dossier: MakeDossier) -> None:
    """The same content is found, refused a second time, and welcome in another dossier."""
    with store.write() as tx:
        add(tx, dossier, file_row(), file_row("f2", dossier="d2"))
        found = tx.file_alike("d1", 7, file_row().sha256)
        assert found is not None
        assert found.id == "f1"
        assert tx.file_alike("d1", 7, "0" * 64) is None
    with pytest.raises(Refused), store.write() as tx:
        tx.add_file(file_row("f3"))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("size", 0),
        ("size", len(BYTES) + 1),
        ("pages", 0),
        ("kind", "exe"),
        ("sha256", "abc"),
        ("id", ""),
    ],
)
def test_a_file_that_cannot_be_is_refused_by_the_database(
    store: Store, dossier: MakeDossier, raw: sa.Engine, column: str, value: object
) -> None:
    """A size that is not that of the content, no page, an unknown kind, a short digest, no id."""
    with store.write() as tx:
        add(tx, dossier, file_row())
    with pytest.raises(sa.exc.IntegrityError), raw.begin() as connection:
        connection.execute(sa.text(f"UPDATE files SET {column} = :value"), {"value": value})


def test_the_room_taken_is_counted_by_dossier_and_by_person(
    store: Store, dossier: MakeDossier
) -> None:
    """Files and bytes of the dossier, then of all the dossiers of that chat; others do not count."""
    with store.write() as tx:
        add(
            tx,
            dossier,
            file_row("a", content=b"12"),
            file_row("b", content=b"345"),
            file_row("c", dossier="d2", content=b"6789"),
            file_row("d", chat_id=8, dossier="d3", content=b"another's"),
        )
        assert tx.room_taken("d1", 7) == FileRoom(2, 5, 3, 9)
        assert tx.room_taken("d3", 7) == FileRoom(0, 0, 3, 9)


def test_a_dossier_that_is_erased_takes_its_files_with_it(
    store: Store, dossier: MakeDossier
) -> None:
    """Those of the same person's other dossier stay."""
    with store.write() as tx:
        add(tx, dossier, file_row(), file_row("f2", dossier="d2"))
    with store.write() as tx:
        assert tx.erase_dossier("d1", 7)
    with store.read() as tx:
        assert tx.load_file("f1", 7) is None
        assert tx.load_file("f2", 7) is not None


def test_a_person_who_is_erased_leaves_no_file(
    store: Store, dossier: MakeDossier, raw: sa.Engine
) -> None:
    """Nothing of theirs is left in the table; another's is."""
    with store.write() as tx:
        add(tx, dossier, file_row(), file_row("f2", chat_id=8, dossier="d2"))
        tx.erase_chat(7)
    with raw.connect() as connection:
        assert connection.execute(sa.text("SELECT id FROM files")).scalars().all() == ["f2"]


def test_a_transaction_undone_keeps_no_file(store: Store, dossier: MakeDossier) -> None:
    """A file is kept with the act that says so, or not at all."""

    def cut_short() -> None:
        with store.write() as tx:
            add(tx, dossier, file_row())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        cut_short()
    with store.read() as tx:
        assert tx.load_file("f1", 7) is None


def test_the_content_of_a_file_is_never_printed(dossier: MakeDossier) -> None:
    """What a person sent is not in the text of a row, so it cannot come to a log."""
    assert "content" not in repr(file_row(content=b"secret"))


def test_a_database_of_before_files_is_brought_on_with_its_rows(empty_url: str) -> None:
    """The dossiers of the first tables are there after the migration, and can hold files."""
    engine = connect(parse(empty_url))
    with engine.begin() as connection:
        upgrade(connection, "0001")
        assert MigrationContext.configure(connection).get_current_revision() == "0001"
        assert not sa.inspect(connection).has_table("files")
        connection.execute(
            sa.text(
                "INSERT INTO dossiers (id, chat_id, data, status, debtor_name, opened_on, updated_at)"
                " VALUES ('d1', 7, '{}', 'ouvert', 'Dupont', '2026-11-22', 1)"
            )
        )
    engine.dispose()
    with Store.open(empty_url) as store:
        store.prepare()
        assert store.revision() == HEAD
        with store.write() as tx:
            tx.add_file(file_row())
        with store.read() as tx:
            assert tx.load_dossier("d1", 7) is not None
            assert tx.load_file("f1", 7) is not None
