"""Each method of a transaction that is given an identifier is given the chat it must belong to."""

from __future__ import annotations

import inspect
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.store import NotYours, OutgoingRow, Refused, ReminderRow, Store
from bot.store.store import Tx
from tests.store.filled import NOW, add_person

if TYPE_CHECKING:
    import sqlalchemy as sa

_OWNER, _STRANGER = 41, 42
_NAMES = {"dossier_id", "file_id", "ids", "made"}
"""Parameters that name something of a person."""
_OF_THE_BOT = {"update_id", "outbox_id", "reminder_id", "reminder_ids"}
"""Numbers of rows that the bot gives itself, after it read them: no channel carries one."""
_ROWS = {"row", "rows", "new_acts", "items", "updates", "sealed"}
_OTHER = {
    *(
        "now",
        "limit",
        "status",
        "before",
        "after",
        "reason",
        "error",
        "max_attempts",
        "until",
        "key",
    ),
    *("payload", "handled", "claim", "not_before", "maybe_sent", "message_id", "claimed_before"),
    *("sha256", "wanted", "reachable", "latest"),
}
_METHODS = {
    name: inspect.signature(method).parameters
    for name, method in inspect.getmembers(Tx, inspect.isfunction)
    if not name.startswith("_")
}


def test_every_parameter_is_known() -> None:
    """A parameter of a new name is refused until somebody says whether it names something of a person."""
    known = _NAMES | _OF_THE_BOT | _ROWS | _OTHER | {"self", "chat_id"}
    assert {name for taken in _METHODS.values() for name in taken} - known == set()


@pytest.mark.parametrize("method", sorted(n for n, taken in _METHODS.items() if _NAMES & {*taken}))
def test_what_names_something_of_a_person_is_given_the_chat(method: str) -> None:
    """No method finds a dossier or a file by its identifier alone."""
    assert "chat_id" in _METHODS[method]


def _given(store: Store) -> dict[str, Any]:
    """Give what a stranger would give in each parameter: the owner's identifiers, their own chat."""
    with store.read() as tx:
        (file,) = tx.files_of(_OWNER)
        (update,) = tx.next_updates(_OWNER, 1)
    dossier = f"d{_OWNER}"
    return {
        "chat_id": _STRANGER,
        "dossier_id": dossier,
        "file_id": file.id,
        "ids": [dossier],
        "made": {dossier: "{}"},
        "sha256": file.sha256,
        "key": "a",
        "wanted": [ReminderRow("volé", NOW, "a")],
        "reason": "vol",
        "payload": "{}",
        "update_id": update.update_id,
        "handled": update.update_id,
        "items": [OutgoingRow("copy", "à moi")],
        "reachable": False,
        "now": NOW + 1000,
        "limit": 50,
    }


def _of_owner(raw: sa.Engine) -> dict[str, list[Any]]:
    """Read every row of the owner, past the store."""
    found = {}
    with raw.connect() as connection:
        for table, where in (
            ("inbox", f"chat_id = {_OWNER}"),
            ("outbox", f"chat_id = {_OWNER}"),
            ("conversations", f"chat_id = {_OWNER}"),
            ("dossiers", f"chat_id = {_OWNER}"),
            ("acts", f"dossier_id = 'd{_OWNER}'"),
            ("reminders", f"dossier_id = 'd{_OWNER}'"),
            ("files", f"chat_id = {_OWNER}"),
        ):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table} WHERE {where}").all()
            found[table] = sorted(map(str, rows))
            assert rows, table
    return found


def test_a_stranger_gets_and_changes_nothing(store: Store, raw: sa.Engine) -> None:
    """Given another's identifiers and one's own chat, each method gives nothing of theirs and changes none of it."""
    add_person(store, _OWNER, "Quintefeuille")
    add_person(store, _STRANGER, "Durand")
    given, before = _given(store), _of_owner(raw)
    methods = [name for name, taken in _METHODS.items() if "chat_id" in taken]
    for method in sorted(methods, key=lambda name: (name.startswith("erase"), name)):
        needed = [
            name
            for name, one in _METHODS[method].items()
            if name in given or (name != "self" and one.default is inspect.Parameter.empty)
        ]
        got = None
        with suppress(NotYours, Refused), store.write() as tx:
            tx.load_conversation(_STRANGER)
            got = getattr(tx, method)(**{name: given[name] for name in needed})
        assert "Quintefeuille" not in str(got), method
        assert f"d{_OWNER}" not in str(got), method
        assert _of_owner(raw) == before, method


def test_a_stranger_cannot_write_under_another_s_identifier(store: Store, raw: sa.Engine) -> None:
    """A dossier or a file saved under another's identifier is refused, and theirs stays as it was."""
    add_person(store, _OWNER, "Quintefeuille")
    add_person(store, _STRANGER, "Durand")
    before = _of_owner(raw)
    with store.read() as tx:
        dossier = tx.load_dossier(f"d{_OWNER}", _OWNER)
        file = tx.load_file(f"f{_OWNER}", _OWNER)
    assert dossier is not None
    assert file is not None
    with pytest.raises(NotYours), store.write() as tx:
        tx.save_dossier(replace(dossier, chat_id=_STRANGER, acts=()))
    with pytest.raises(NotYours), store.write() as tx:
        tx.add_file(replace(file, id="autre", chat_id=_STRANGER))
    assert _of_owner(raw) == before
