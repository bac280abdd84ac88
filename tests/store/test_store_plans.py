"""The looks that happen every few seconds read what waits, never all that was ever sent."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import ClauseElement

from bot.store import OutgoingRow, Store, outbox, reminders

CHAT, NOW = 7, 1_795_000_000


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """The file of a store with a message waiting."""
    path = tmp_path / "x.sqlite3"
    store = Store.open(f"sqlite:///{path}")
    store.prepare()
    with store.write() as tx:
        tx.load_conversation(CHAT)
        tx.push_outbox(CHAT, [OutgoingRow("message", "{}")], NOW)
    yield path
    store.close()


def plan_of(path: Path, statement: ClauseElement) -> str:
    """How SQLite would run a statement of the store."""
    sql = str(statement.compile(compile_kwargs={"render_postcompile": True})).replace("\n", " ")
    sql = sql.split(" FOR UPDATE")[0]
    values = dict.fromkeys(("now", "count", "chat", "why", "status"), 1)
    connection = sqlite3.connect(path)
    try:
        return " / ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values))
    finally:
        connection.close()


@pytest.mark.parametrize("look", ["claim", "next", "drop", "count", "unsent"])
def test_the_outbox_is_read_by_its_index(path: Path, look: str) -> None:
    """Claiming, counting, looking for the next message and dropping what waits use the index of unsent rows."""
    statement = {
        "claim": outbox._claimable,
        "next": outbox._next,
        "drop": outbox._drop,
        "count": outbox._count_ready,
        "unsent": outbox._count_unsent,
    }[look]
    plan = plan_of(path, statement)
    assert "ix_outbox_unsent" in plan, plan
    assert "SCAN outbox" not in plan or "USING INDEX ix_outbox_unsent" in plan, plan


@pytest.mark.parametrize(
    ("look", "index"),
    [
        ("_due", "ix_reminders_wake (wake_at<?)"),
        ("_next", "SEARCH reminders USING INDEX ix_reminders_wake"),
        ("_due_of", "ix_reminders_wake_of_chat (chat_id=? AND wake_at<?)"),
        ("park", "ix_reminders_wake_of_chat (chat_id=?)"),
        ("unpark", "ix_reminders_wake_of_chat (chat_id=? AND wake_at=?)"),
    ],
)
def test_the_reminders_are_read_by_their_indexes(path: Path, look: str, index: str) -> None:
    """What is due, of all or of one chat, the next instant and parking go straight to their rows."""
    plan = plan_of(path, getattr(reminders, look))
    assert index in plan, plan
    assert plan.count("SEARCH") == 1, plan
    assert "SCAN" not in plan, plan
    assert ("TEMP B-TREE" in plan) is (look == "_due_of"), "only one chat's own are sorted"
