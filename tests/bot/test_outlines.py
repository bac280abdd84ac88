"""What a list says of each dossier: kept beside it, always what the dossier gives, and cheap to read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.engine import StoredBook, dossier_from_row
from bot.store import Store, Tx
from flows.dialogue.events import Command
from flows.dossier import Act, ActKind, Dossier, Status
from flows.outline import Outline
from flows.values import Value
from tests.bench.crowd import crowd, keep
from tests.bot.test_engine import Chat
from tests.dialogue.player import TODAY, plain

CHAT = 7


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{path}")
    store.prepare()
    yield store
    store.close()


def in_full(tx: Tx, chat: int = CHAT) -> list[Dossier]:
    return [dossier_from_row(row) for row in tx.dossiers_of(chat, limit=500)]


def kept(tx: Tx, chat: int = CHAT) -> list[str]:
    return [row.outline for row in tx.outlines_of(chat, 500)]


def forget(path: Path, outline: str) -> None:
    """Make the rows as another version left them."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE dossiers SET outline = :it"), {"it": outline})
    engine.dispose()


@pytest.mark.parametrize("seed", range(4))
def test_an_outline_says_what_the_dossier_says(seed: int) -> None:
    """What remains, what is late, who and whether it is open, through its stored form."""
    for dossier in crowd(60, seed=seed):
        outline = Outline.of(dossier)
        read = Outline.from_json(
            dossier.id, dossier.debtor_name, dossier.status.value, outline.to_json()
        )
        assert read == outline
        assert outline.remaining == dossier.remaining
        overdue = dossier.due_on is not None and dossier.due_on < TODAY
        assert outline.late(TODAY) == (dossier.remaining if overdue else Decimal(0))


def test_the_rules_of_this_version() -> None:
    """What a dossier gives under `VERSION`: should this change, raise it, and outlines kept are made again."""
    at = datetime(2026, 11, 1, 10, tzinfo=UTC)
    added: dict[str, Value] = {"key": "i2", "amount": Decimal(50), "due_on": date(2026, 9, 1)}
    acts = (
        Act(ActKind.OPENED, at.date(), at),
        Act(ActKind.INVOICE_ADDED, at.date(), at, added),
        Act(ActKind.PART_PAID, at.date(), at, {"amount": Decimal(20)}),
        Act(ActKind.CREDITED, at.date(), at, {"amount": Decimal("5.50"), "invoice": "i1"}),
        Act(ActKind.PAUSED, at.date(), at),
    )
    facts: dict[str, Value] = {"amount_due": Decimal(100), "invoice_due_on": date(2026, 10, 1)}
    outline = Outline.of(Dossier("d1", at.date(), facts, acts))
    assert outline.to_json() == {
        "v": 1,
        "known": True,
        "blank": False,
        "owed": [["2026-10-01", "94.50"], ["2026-09-01", "30"]],
    }
    assert outline.status is Status.PAUSED


def test_every_step_keeps_the_outline_true(store: Store) -> None:
    """After each thing a person does, the outline kept is the one the dossier gives."""
    chat = Chat(store)
    seen = set()
    send = chat.send

    def checked(event: object) -> object:
        shown = send(event)  # type: ignore[arg-type]
        with store.read() as tx:
            book = StoredBook(tx, chat.id)
            assert list(book.outlines()) == [Outline.of(one) for one in in_full(tx, chat.id)]
            assert book.outlined == {}, "nothing was left to be made"
            seen.update(kept(tx, chat.id))
        return shown

    chat.send = checked  # type: ignore[method-assign,assignment]
    chat.to_sent().press("Payé")
    chat.send(Command("nouveau"))
    assert len(seen) == 4, "untold, told, with its amount, with its due date"


@pytest.mark.parametrize("left", ["", json.dumps({"v": 0, "owed": "?"})])
def test_what_was_not_made_or_made_by_older_rules_is_made_and_kept(
    store: Store, path: Path, left: str
) -> None:
    """The list is the same as before, and the next one finds the outlines."""
    chat = Chat(store)
    with store.write() as tx:
        keep(tx, CHAT, crowd(30))
    chat.send(Command("dossiers"))
    before, outlines = chat.screen.body, set()
    with store.read() as tx:
        outlines = set(kept(tx))
    forget(path, left)
    chat.send(Command("dossiers"))
    assert chat.screen.body == before
    with store.read() as tx:
        assert set(kept(tx)) == outlines
        assert "" not in outlines


def test_the_list_reads_only_what_it_shows(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once outlines are kept, no history is read but that of the page: not for the list, nor to begin a dossier."""
    chat = Chat(store)
    with store.write() as tx:
        keep(tx, CHAT, crowd(30))
    read: list[str] = []
    whole = Tx.dossiers_named

    def named(self: Tx, ids: list[str], chat_id: int) -> object:
        read.extend(ids)
        return whole(self, ids, chat_id)

    def refuse(*about: object, **more: object) -> object:
        raise AssertionError("every dossier was read")

    monkeypatch.setattr(Tx, "dossiers_of", refuse)
    monkeypatch.setattr(Tx, "dossiers_named", named)
    chat.send(Command("dossiers"))
    assert len(read) == 8
    chat.send(Command("nouveau"))
    assert len(read) == 8


def test_the_list_adds_up_what_is_owed_and_late(store: Store) -> None:
    """The sums at its head are those of the dossiers, whatever the page; open ones first, ended ones last."""
    chat = Chat(store)
    chat.now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    with store.write() as tx:
        keep(tx, CHAT, crowd(30))
    chat.send(Command("dossiers"))
    with store.read() as tx:
        living = [d for d in in_full(tx) if d.status.value in {"ouvert", "en_pause"}]
    total = sum(d.remaining or 0 for d in living)
    late = sum(d.remaining or 0 for d in living if d.due_on and d.due_on < TODAY)
    head = plain(chat.screen.body).splitlines()[0].replace(" ", "")
    assert f"{total:.2f}".replace(".", ",") in head
    assert f"dont{late:.2f}".replace(".", ",") in head
    states = []
    for _ in range(4):
        lines = plain(chat.screen.body).splitlines()
        states += [line for line in lines if line.startswith("<i>")]
        if "Suivants" not in str(chat.screen.choices):
            break
        chat.press("Suivants")
    assert len(states) == 30
    ranks = [0 if "étape" in s or "reprendre" in s else 1 if "pause" in s else 2 for s in states]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2}


def test_an_outline_of_another_chat_is_out_of_reach(store: Store) -> None:
    """Neither read, nor named, nor written: each way in names the chat."""
    with store.write() as tx:
        keep(tx, CHAT, crowd(3))
    with store.write() as tx:
        (one, *_) = in_full(tx)
        assert tx.outlines_of(8) == []
        assert tx.dossiers_named([one.id], 8) == []
        assert StoredBook(tx, 8).some([one.id]) == []
        before = kept(tx)
        tx.save_outlines(8, {one.id: "stolen"})
        assert kept(tx) == before


def test_dossiers_are_given_in_the_order_asked(store: Store) -> None:
    """Whatever the order of the rows; those read already are not read again, unknown ones are left out."""
    with store.write() as tx:
        keep(tx, CHAT, crowd(5))
    with store.read() as tx:
        book = StoredBook(tx, CHAT)
        names = [one.id for one in book.outlines()]
        first = book.get(names[2])
        found = book.some([names[4], "unknown", names[2], names[0]])
        assert [one.id for one in found] == [names[4], names[2], names[0]]
        assert found[1] is first
