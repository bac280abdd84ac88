"""Statements handed to the driver as SQLAlchemy wrote them once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import LargeBinary, bindparam, literal, select, update
from sqlalchemy.exc import IntegrityError, StatementError

from bot.store import OutgoingRow, Refused, conversations, dossiers, outbox
from bot.store.ready import ready
from bot.store.schema import inbox

if TYPE_CHECKING:
    from bot.store import Store

NOW = 1_795_000_000
_INSERT = inbox.insert()
_EMPTIED = (
    update(inbox)
    .where(inbox.c.update_id == bindparam("this"))
    .values(status="done", error=bindparam("why"))
)


def test_what_the_way_of_an_update_asks_goes_to_the_driver(store: Store) -> None:
    """Reading and saving a conversation, a dossier and a message are written once and kept."""
    dialect = store._engine.dialect
    for statement, names in (
        (conversations._load, {"chat"}),
        (conversations._save, {"chat", "known", "state", "data", "dossier_id", "now"}),
        (dossiers._load, {"dossier", "chat"}),
        (outbox._sent, {"this", "now", "message", "claim"}),
    ):
        made = ready(statement, dialect, names)
        assert made is not None
        assert ready(statement, dialect, names) is made


def test_what_must_be_looked_at_each_time_goes_the_long_way(store: Store) -> None:
    """A list of values, or bytes that go in, is left to SQLAlchemy."""
    dialect = store._engine.dialect
    assert ready(outbox._claim, dialect, {"ids", "now"}) is None
    sent = select(literal(b"a", LargeBinary) == bindparam("given", type_=LargeBinary))
    assert ready(sent, dialect, {"given"}) is None


def test_other_values_are_another_statement(store: Store) -> None:
    """An INSERT given one column more than the first time stores it: nothing is dropped unseen."""
    row = {"chat_id": 7, "payload": "{}", "received_at": NOW, "status": "done", "attempts": 0}
    with store.write() as tx:
        tx._run(_INSERT, {**row, "update_id": 1})
        tx._run(_INSERT, {**row, "update_id": 2, "error": "why"})
        rows = tx._rows(select(inbox.c.error).order_by(inbox.c.update_id))
    assert [row[0] for row in rows] == [None, "why"]


def test_a_missing_value_is_said(store: Store) -> None:
    """A statement that lacks a value is refused: it is not run with nothing in its place."""
    with store.write() as tx:
        tx.record_update(1, 7, "{}", NOW)
        with pytest.raises(StatementError, match="why"):
            tx._count(_EMPTIED, {"this": 1})
        assert tx.next_update(7) is not None


def test_a_refusal_does_not_hold_the_values_given(store: Store) -> None:
    """What the database refuses is told as before, and what was given is not added to it."""
    with pytest.raises(Refused) as caught, store.write() as tx:
        tx.push_outbox(7, [OutgoingRow("", "Je suis Camille")], NOW)
    cause = caught.value.__cause__
    assert isinstance(cause, IntegrityError)
    assert cause.params is None


def test_several_rows_are_counted_together(store: Store) -> None:
    """A statement run for several values tells the sum of the rows it touched."""
    row = {"chat_id": 7, "payload": "{}", "received_at": NOW, "status": "done", "attempts": 0}
    with store.write() as tx:
        assert tx._count(_INSERT, [{**row, "update_id": n} for n in (1, 2, 3)]) == 3
