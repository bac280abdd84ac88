"""`relance sauvegarde`, `restaure` and `copie` as an operator types them."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store import HEAD, Store
from bot.upkeep_commands import tell_people
from tests.bot.shell import one_line, relance, relance_alone
from tests.store.filled import NOW, add_person


def filled(tmp_path: Path, chat: int = 5) -> Path:
    file = tmp_path / "donnees" / "relance.sqlite3"
    with Store.open(f"sqlite:///{file}") as store:
        store.prepare()
        add_person(store, chat)
    return file


def test_a_backup_and_a_restore_by_hand(tmp_path: Path) -> None:
    """Backed up, lost, restored: the row is there again, and its person has a word waiting."""
    file = filled(tmp_path)
    made = relance_alone(tmp_path, "sauvegarde", RELANCE_BACKUP_KEEP="1")
    assert made.returncode == 0, made.stderr
    (kept,) = (tmp_path / "donnees" / "sauvegardes").glob("*.sqlite3")
    assert made.stdout.startswith(f"{kept} : ")
    assert f"schéma {HEAD}" in made.stdout
    file.unlink()
    done = relance_alone(tmp_path, "restaure", str(kept))
    assert done.returncode == 0, done.stderr
    with Store.open(f"sqlite:///{file}") as store, store.write() as tx:
        assert [row.id for row in tx.dossiers_of(5)] == ["d5"]
        sent = []
        while claimed := tx.claim_outbox(NOW * 2):
            sent += claimed
            tx.mark_sent(claimed[0].id, 1, NOW)
    assert "sauvegarde du" in sent[-1].payload
    assert [row.maybe_sent for row in sent] == [True, True, False]


def test_a_restore_can_be_silent(tmp_path: Path) -> None:
    """With --sans-avis nobody is written to; what waited still waits."""
    file = filled(tmp_path)
    folder = tmp_path / "ailleurs"
    relance(tmp_path, "sauvegarde", "--vers", str(folder))
    (kept,) = folder.glob("*.sqlite3")
    assert "--remplacer" in one_line(relance(tmp_path, "restaure", str(kept)))
    done = relance(tmp_path, "restaure", str(kept), "--remplacer", "--sans-avis")
    assert done.returncode == 0, done.stderr
    assert "remplacee-" in done.stdout
    raw = sqlite3.connect(file)
    assert raw.execute("SELECT count(*), sum(maybe_sent) FROM outbox").fetchone() == (2, 2)
    raw.close()


def test_nothing_to_back_up_is_one_line(tmp_path: Path) -> None:
    """Without a base there is no backup, and none is made of nothing."""
    assert "n’existe pas" in one_line(relance(tmp_path, "sauvegarde"))
    assert not (tmp_path / "donnees").exists()


@pytest.mark.parametrize(
    ("name", "value"), [("BACKUP_KEEP", "0"), ("BACKUP_KEEP", "sept"), ("BACKUP_DIR", __file__)]
)
def test_a_wrong_setting_of_backups_is_one_line(tmp_path: Path, name: str, value: str) -> None:
    """None kept, or a folder that is a file: the line names the variable."""
    line = one_line(relance(tmp_path, "sauvegarde", **{f"RELANCE_{name}": value}))
    assert line.startswith(f"RELANCE_{name} : ")


def test_a_copy_prints_a_table(tmp_path: Path) -> None:
    """Each table has a line with its rows; the last line says what to set next."""
    source = f"sqlite:///{filled(tmp_path)}"
    target = f"sqlite:///{tmp_path / 'autre.sqlite3'}"
    done = relance_alone(tmp_path, "copie", "--de", source, "--vers", target)
    assert done.returncode == 0, done.stderr
    counts = [int(line.split()[1]) for line in done.stdout.splitlines() if "identique" in line]
    assert sorted(counts) == [0, 1, 1, 1, 1, 1, 1, 2]  # no key
    assert "RELANCE_DATABASE_URL" in done.stdout.splitlines()[-1]
    assert "n’est pas vide" in one_line(
        relance(tmp_path, "copie", "--de", source, "--vers", target)
    )


def test_a_copy_never_prints_a_password(tmp_path: Path) -> None:
    """A server that does not answer is named without the password of its address."""
    source = f"sqlite:///{filled(tmp_path)}"
    target = "postgresql://relance:mot-secret@127.0.0.1:9/relance"
    done = relance(tmp_path, "copie", "--de", source, "--vers", target)
    assert "mot-secret" not in one_line(done) + done.stdout


def test_the_word_is_given_once_a_restore(tmp_path: Path) -> None:
    """Each person hears the day and the hour of the backup, once."""
    with Store.open(f"sqlite:///{tmp_path}/a.sqlite3") as store:
        store.prepare()
        for _ in range(2):
            with store.write() as tx:
                tell_people(tx, [4], datetime(2026, 11, 22, 3, 10, tzinfo=UTC), NOW)
        with store.write() as tx:
            (row,) = tx.claim_outbox(NOW * 2)
            tx.mark_sent(row.id, 1, NOW)
            assert tx.claim_outbox(NOW * 2) == []
    assert "22/11/2026" in row.payload
    assert "03\u00a0h\u00a010" in row.payload
