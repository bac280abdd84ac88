"""What is erased is gone from the files of SQLite, not only from its answers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.store import DossierRow, OutgoingRow, Store
from tests.store.conftest import NOW

SECRET = b"Quintefeuille"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def sqlite(folder: Path) -> Iterator[Store]:
    """A store that is open elsewhere too, so that closing it empties no journal by itself."""
    store = Store.open(f"sqlite:///{folder / 'relance.sqlite3'}", clock=lambda: NOW)
    store.prepare()
    yield store
    store.close()


def told(store: Store, dossier: Callable[..., DossierRow]) -> None:
    """Keep a dossier that names somebody, with enough beside it to fill pages."""
    with store.write() as tx:
        for number in range(40):
            data = f'{{"debtor_name": "Quintefeuille", "n": "{"x" * 90 * number}"}}'
            tx.save_dossier(dossier(f"d{number}", 7, data=data, debtor_name="Quintefeuille"))
            tx.save_dossier(dossier(f"e{number}", 8))
        tx.push_outbox(7, [OutgoingRow("copy", '{"text": "Quintefeuille"}')], NOW)
        tx.record_update(1, 7, '{"text": "Quintefeuille"}', NOW)
        tx.record_update(2, 7, '{"text": "encore"}', NOW)


def found(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if SECRET in path.read_bytes()]


def test_no_file_holds_what_was_erased(
    sqlite: Store, folder: Path, dossier: Callable[..., DossierRow]
) -> None:
    """While the store is open: neither the base nor its journal. What came after the asking stays to be read."""
    told(sqlite, dossier)
    assert found(folder)
    with sqlite.write() as tx:
        tx.erase_chat(7, handled=1)
    assert found(folder) == []
    with sqlite.read() as tx:
        assert [row.update_id for row in tx.pending_updates()] == [2]
        assert len(tx.dossiers_of(8)) == 40
    with sqlite.write() as tx:
        assert not tx.record_update(
            1, 7, '{"text": "Quintefeuille"}', NOW
        )  # given again: known still


def test_a_kill_before_the_journal_was_emptied_is_made_good(
    sqlite: Store, folder: Path, tmp_path: Path, dossier: Callable[..., DossierRow],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The files as a kill leaves them, right after the erasure: the next to write empties the journal."""
    told(sqlite, dossier)
    with monkeypatch.context() as patch:
        patch.setattr(Store, "sweep", lambda _: False)
        with sqlite.write() as tx:
            tx.erase_chat(7)
        killed = tmp_path / "killed"
        shutil.copytree(folder, killed)
    assert found(killed)
    with Store.open(f"sqlite:///{killed / 'relance.sqlite3'}", clock=lambda: NOW) as again:
        with again.write():
            pass
        assert found(killed) == []


def test_a_reader_delays_it_and_no_more(folder: Path, dossier: Callable[..., DossierRow]) -> None:
    """Somebody else is reading: the erasure is done all the same, and the journal emptied a little later."""
    now = [NOW]
    url = f"sqlite:///{folder / 'relance.sqlite3'}"
    with Store.open(url, clock=lambda: now[0]) as store, Store.open(url) as other:
        store.prepare()
        told(store, dossier)
        with other.read() as reading:
            assert reading.dossiers_of(7)
            with store.write() as tx:
                tx.erase_chat(7)
            assert found(folder)
        now[0] += 60
        with store.write():
            pass
        assert found(folder) == []


def test_a_last_word_leaves_nothing(store: Store) -> None:
    """A farewell goes from the outbox when it was sent, when it cannot be, and when the person left before."""
    for end in ("sent", "left"):
        with store.write() as tx:
            tx.push_outbox(7, [OutgoingRow("farewell", "{}")], NOW)
            if end == "left":
                assert tx.drop_pending(7, "bloqué") == 1
            else:
                (row,) = tx.claim_outbox(NOW)
                assert tx.forget_message(row.id)
    with store.read() as tx:
        stats = tx.stats(NOW)
    assert (stats.out_pending, stats.out_sending, stats.out_failed) == (0, 0, 0)
    with store.write() as tx:
        assert tx.erase_chat(7) == 0
