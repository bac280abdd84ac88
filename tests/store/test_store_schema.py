"""The schema, made at once or by migrations, and the databases that are refused."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.store import HEAD, DossierRow, ReminderRow, Store, StoreError
from bot.store.engine import connect, parse
from bot.store.migrate import revisions, upgrade
from bot.store.schema import PARKED_AT, metadata

if TYPE_CHECKING:
    from pathlib import Path

SQLITE_PICTURE = "SELECT type, name, tbl_name, sql FROM sqlite_master"
POSTGRESQL_PICTURE = """
    SELECT 'column', table_name || '.' || column_name,
           concat_ws(' ', ordinal_position, data_type, is_nullable, column_default)
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL
    SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'samples', attrelid::regclass || '.' || attname, attstattarget::text
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
    UNION ALL
    SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def picture(url: str) -> set[tuple[Any, ...]]:
    """Everything the database knows of its schema, whatever the spacing."""
    engine = connect(parse(url))
    query = SQLITE_PICTURE if engine.dialect.name == "sqlite" else POSTGRESQL_PICTURE
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(query).all()
    engine.dispose()
    return {
        tuple("".join(cell.split()) if isinstance(cell, str) else cell for cell in row)
        for row in rows
    }


def test_tables_made_at_once_are_those_the_migrations_make(empty_url: str, other_url: str) -> None:
    """Columns, constraints, indexes, triggers and functions are the same to the letter."""
    made, migrated = Store.open(empty_url), Store.open(other_url)
    made.prepare()
    assert migrated.migrate() == (None, HEAD)
    assert picture(empty_url) == picture(other_url)
    kinds = {row[0] for row in picture(other_url)}
    assert "trigger" in kinds
    assert "index" in kinds
    for store, url in ((made, empty_url), (migrated, other_url)):
        assert store.revision() == HEAD
        store.close()
        engine = connect(parse(url))
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        engine.dispose()


def test_the_head_this_code_names_is_the_newest_migration() -> None:
    """A migration that is added without changing HEAD is noticed."""
    assert revisions()[0] == HEAD


def test_preparing_again_changes_nothing(empty_url: str) -> None:
    """A database at the newest schema is left alone and its rows stay."""
    for _ in range(2):
        store = Store.open(empty_url)
        store.prepare()
        with store.write() as tx:
            tx.record_update(1, 7, "{}", 1)
        assert store.migrate() == (HEAD, HEAD)
        store.close()
    with Store.open(empty_url) as store, store.read() as tx:
        assert len(tx.pending_updates()) == 1


def test_an_older_database_is_upgraded(empty_url: str) -> None:
    """An Alembic table without any revision yet, as a migration cut short leaves, is brought on."""
    engine = connect(parse(empty_url))
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    engine.dispose()
    store = Store.open(empty_url)
    store.prepare()
    assert store.revision() == HEAD
    with store.write() as tx:
        assert tx.record_update(1, 7, "{}", 1)
    store.close()


OF_0002 = """
    INSERT INTO dossiers VALUES ('d1', 7, '{}', 'ouvert', '', '2026-11-22', 1),
                                ('d2', 8, '{}', 'ouvert', '', '2026-11-22', 1),
                                ('d3', 9, '{}', 'ouvert', '', '2026-11-22', 1);
    INSERT INTO conversations VALUES (7, 'home', '{}', NULL, 1, 1, 1), (8, 'home', '{}', NULL, 1, 0, 1);
    INSERT INTO reminders (dossier_id, chat_id, key, stage, due_at, status, fired_at)
    VALUES ('d1', 7, 'a', 's', 50, 'pending', NULL), ('d1', 7, 'b', 's', 40, 'fired', 45),
           ('d2', 8, 'a', 's', 30, 'pending', NULL), ('d2', 8, 'b', 's', 20, 'fired', 25),
           ('d3', 9, 'a', 's', 60, 'pending', NULL), ('d3', 9, 'b', 's', 10, 'cancelled', NULL);
    DELETE FROM reminders WHERE dossier_id = 'd3' AND key = 'b'
"""


def test_reminders_of_the_second_schema_wake_when_they_are_due(empty_url: str) -> None:
    """Rows keep all they had; those of somebody who blocked the bot are parked; no id comes twice."""
    engine = connect(parse(empty_url))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        upgrade(connection, "0002")
        for statement in OF_0002.split(";"):
            connection.exec_driver_sql(statement)
    with Store.open(empty_url) as store:
        assert store.migrate() == ("0002", HEAD)
    query = (
        "SELECT id, dossier_id, key, due_at, status, fired_at, wake_at FROM reminders ORDER BY id"
    )
    with engine.connect() as connection:
        assert connection.exec_driver_sql(query).all() == [
            (1, "d1", "a", 50, "pending", None, 50),
            (2, "d1", "b", 40, "fired", 45, 40),
            (3, "d2", "a", 30, "pending", None, PARKED_AT),
            (4, "d2", "b", 20, "fired", 25, 20),
            (5, "d3", "a", 60, "pending", None, 60),
        ]
    with Store.open(empty_url) as store, store.write() as tx:
        assert [row.id for row in tx.due_reminders(100)] == [1, 5]
        tx.set_reachable(8, True)
        assert [row.id for row in tx.due_of_chat(8, 100)] == [3]
        tx.sync_reminders("d3", 9, [ReminderRow("new", 5)])
        assert [row.id for row in tx.due_of_chat(9, 100)] == [7]
        assert tx.erase_dossier("d3", 9)
        assert tx.due_of_chat(9, 100) == []
    engine.dispose()


def test_a_table_of_reminders_never_filled_is_brought_on(empty_url: str) -> None:
    """An empty table of the second schema becomes one of the third, the same as made at once."""
    engine = connect(parse(empty_url))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        upgrade(connection, "0002")
    engine.dispose()
    with Store.open(empty_url) as store:
        store.migrate()
        with store.write() as tx:
            tx.save_dossier(DossierRow("d1", 7, "{}", "ouvert", date(2026, 11, 22)))
            tx.sync_reminders("d1", 7, [ReminderRow("first", 5)])
            assert [row.id for row in tx.due_of_chat(7, 5)] == [1]


def test_a_database_from_a_newer_relance_is_refused(url: str) -> None:
    """One line says that Relance is to be updated, and nothing is touched."""
    engine = connect(parse(url))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    before = picture(url)
    store = Store.open(url)
    for attempt in (store.prepare, store.migrate):
        with pytest.raises(StoreError, match=r"9999.*RELANCE_DATABASE_URL") as caught:
            attempt()
        assert "\n" not in str(caught.value)
    assert picture(url) == before
    store.close()


def test_tables_of_someone_else_are_refused(empty_url: str) -> None:
    """A database that has tables with our names but no revision is neither changed nor used."""
    engine = connect(parse(empty_url))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE inbox (id INTEGER)")
    engine.dispose()
    before = picture(empty_url)
    store = Store.open(empty_url)
    for attempt in (store.prepare, store.migrate):
        with pytest.raises(StoreError, match=r"inbox.*RELANCE_DATABASE_URL"):
            attempt()
    assert picture(empty_url) == before
    store.close()


def test_several_processes_may_prepare_at_once(empty_url: str) -> None:
    """Processes started together on a fresh database all find it ready and none fails."""
    code = "import sys; from bot.store import Store; Store.open(sys.argv[1]).prepare()"
    processes = [
        subprocess.Popen([sys.executable, "-c", code, empty_url], stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, b"")


def test_the_usual_path_imports_neither_orm_nor_alembic(tmp_path: Path) -> None:
    """Making and using a database needs only the core of SQLAlchemy: starting stays quick."""
    code = (
        "import sys; from bot.store import Store; s = Store.open(sys.argv[1]); s.prepare()\n"
        "with s.write() as tx: tx.record_update(1, 1, '{}', 1)\n"
        "print([n for n in ('sqlalchemy.orm', 'alembic', 'psycopg', 'mako') if n in sys.modules])"
    )
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    done = subprocess.run(
        [sys.executable, "-c", code, url], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT update_id FROM inbox WHERE status = 'new' AND chat_id = 1 ORDER BY update_id",
        "SELECT id FROM reminders WHERE status = 'pending' AND wake_at <= 5 ORDER BY wake_at, id",
    ],
)
def test_what_waits_is_found_by_its_small_index(tmp_path: Path, query: str) -> None:
    """Handled rows, however many, are not looked at to find those that wait."""
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    store = Store.open(url)
    store.prepare()
    store.close()
    engine = connect(parse(url))
    with engine.connect() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")]
    engine.dispose()
    assert any("INDEX ix_" in line for line in plan)
    assert not any(line.startswith("SCAN inbox") and "INDEX" not in line for line in plan)


# --- what a person set wrong ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "setting"),
    [
        ("", "RELANCE_DATABASE_URL"),
        ("relance.sqlite3", "RELANCE_DATABASE_URL"),
        ("mysql://a:hunter2@b/c", "RELANCE_DATABASE_URL"),
        ("postgresql://a:hunter2@b:port/c", "RELANCE_DATABASE_URL"),
        ("postgresql+asyncpg://a:hunter2@b/c", "RELANCE_DATABASE_URL"),
        ("sqlite://", "RELANCE_DATABASE_URL"),
        ("sqlite:///:memory:", "RELANCE_DATABASE_URL"),
        ("sqlite:////proc/nowhere/relance.sqlite3", "RELANCE_DATA_DIR"),
        ("postgresql://a:hunter2@127.0.0.1:1/c", "RELANCE_DATABASE_URL"),
        ("postgres://a:hunter2@nowhere.invalid/c", "RELANCE_DATABASE_URL"),
        ("sqlite:///{folder}", "RELANCE_DATA_DIR"),
        ("sqlite:///{garbage}", "RELANCE_DATA_DIR"),
        ("sqlite:///{garbage}/x/relance.sqlite3", "RELANCE_DATA_DIR"),
    ],
)
def test_a_wrong_setting_is_one_line_naming_it(url: str, setting: str, tmp_path: Path) -> None:
    """A URL that cannot be used names the setting in one line, without the password."""
    garbage = tmp_path / "garbage"
    garbage.write_text("this is no database " * 100)
    with pytest.raises(StoreError, match=setting) as caught:
        Store.open(url.format(folder=tmp_path, garbage=garbage)).prepare()
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_missing_postgresql_database_or_password_is_said(
    request: pytest.FixtureRequest,
) -> None:
    """A server that answers but has no such database gives its own clear line."""
    databases = request.getfixturevalue("postgres")
    with pytest.raises(StoreError, match="n’existe pas"):
        Store.open(databases.url("absent")).prepare()


def test_the_name_of_the_database_has_no_password(tmp_path: Path) -> None:
    """What is shown to a person and logged names the place only."""
    store = Store.open("postgresql://camille:hunter2@db.example/relance")
    assert store.where == "PostgreSQL camille@db.example/relance"
    path = tmp_path / "a b" / "relance.sqlite3"
    assert Store.open(f"sqlite:///{path}").where == f"SQLite {path}"
    assert path.parent.is_dir()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_dead_server_is_unavailable_and_comes_back(store: Store) -> None:
    """Connections cut under us give one line, and the next transaction works again."""
    with store.read() as tx:
        tx.pending_updates()
    killer = sa.text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    other = sa.create_engine(store._url)
    with other.begin() as connection:
        connection.execute(killer)
    other.dispose()
    with pytest.raises(StoreError, match="RELANCE_DATABASE_URL"), store.read() as tx:
        tx.pending_updates()
    with store.read() as tx:
        assert tx.pending_updates() == []
