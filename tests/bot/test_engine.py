"""One event, one transaction: what the engine stores and what it sends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.engine import Engine
from bot.store import Store
from flows.dialogue.events import Command, Event, Pressed, Typed, Woken
from flows.dialogue.library import Library
from flows.dialogue.screens import Screen, Shown

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
LIBRARY = Library()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    store.prepare()
    yield store
    store.close()


class Chat:
    """A person on the engine and the real store, who presses buttons by their words."""

    def __init__(self, store: Store, chat_id: int = 7) -> None:
        self.store, self.id, self.now = store, chat_id, NOW
        self.engine = Engine(LIBRARY, ZoneInfo("Europe/Paris"))
        self.screen = Screen("")

    def send(self, event: Event) -> list[Shown]:
        with self.store.write() as tx:
            shown = list(self.engine.handle(tx, self.id, event, now=self.now, first_name="Camille"))
        for one in shown:
            if isinstance(one, Screen):
                self.screen = one
        return shown

    def press(self, *labels: str) -> Chat:
        for label in labels:
            choices = [c for row in self.screen.choices for c in row if label in c.label]
            self.send(Pressed(choices[0].data))
        return self

    def to_sent(self) -> Chat:
        self.send(Command("start"))
        self.press("impayée", "Une société")
        for text in ("Dupont SARL", "1250", "15/10/2026"):
            self.send(Typed(text))
        self.press("Il avait oublié")
        while "C’est ça" not in str(self.screen.choices):
            self.press("Je ne sais pas")
        return self.press("C’est ça", "J’ai envoyé", "SMS", "Aujourd’hui")


def test_everything_is_stored_in_one_transaction(store: Store) -> None:
    """A played dossier leaves its conversation, acts, reminder and messages in the store."""
    chat = Chat(store).to_sent()
    with store.read() as tx:
        row = tx.load_conversation(chat.id)
        dossiers = tx.dossiers_of(chat.id)
        assert row is not None
        assert row.state == "waiting"
        assert [a.kind for a in dossiers[0].acts][:2] == ["ouvert", "reponse"]
        assert dossiers[0].acts[-1].kind == "envoye"
        assert tx.next_due_at() is not None
        assert tx.stats(int(NOW.timestamp())).out_pending > 0


def test_the_name_of_telegram_signs_the_message(store: Store) -> None:
    """The person's first name signs informal messages without being asked."""
    chat = Chat(store).to_sent()
    with store.read() as tx:
        row = tx.load_conversation(chat.id)
    assert row is not None
    assert json.loads(row.data)["person"]["creditor_first_name"] == "Camille"


def test_a_failed_step_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """When saving fails, neither the state nor the messages of that event remain."""
    chat = Chat(store)
    chat.send(Command("start"))
    with store.read() as tx:
        before = (tx.load_conversation(chat.id), tx.stats(0).out_pending)

    def broken(*_: object) -> str:
        raise RuntimeError("no")

    monkeypatch.setattr("bot.engine.encode", broken)
    with pytest.raises(RuntimeError):
        chat.press("impayée")
    with store.read() as tx:
        assert (tx.load_conversation(chat.id), tx.stats(0).out_pending) == before


def test_a_reminder_wakes_its_person_at_nine_in_paris(store: Store) -> None:
    """The reminder is due at nine o'clock, Paris time, and speaks through the same engine."""
    chat = Chat(store).to_sent()
    with store.read() as tx:
        due = tx.due_reminders(int((NOW + timedelta(days=90)).timestamp()))
    local = datetime.fromtimestamp(due[0].due_at, ZoneInfo("Europe/Paris"))
    assert (local.hour, local.minute) == (9, 0)
    chat.now = local
    shown = chat.send(Woken(due[0].dossier_id, due[0].key, local))
    assert isinstance(shown[0], Screen)
    assert "Dupont SARL" in shown[0].body


def test_paid_cancels_the_reminder_in_the_same_transaction(store: Store) -> None:
    """Once « Payé » is pressed no reminder waits."""
    chat = Chat(store).to_sent()
    chat.press("Payé")
    with store.read() as tx:
        assert tx.next_due_at() is None


def test_a_file_asked_for_while_it_waits_to_leave_comes_once(store: Store) -> None:
    """« PDF » pressed again and again puts one file in the outbox, and another once that one has left."""
    chat = Chat(store)
    chat.send(Command("start"))
    chat.press("impayée", "Une société")
    for words in ("Dupont SARL", "1250", "15/10/2026"):
        chat.send(Typed(words))
    chat.press("refuse", "change à chaque fois", "C’est ça")

    def leave() -> list[str]:
        left = []
        with store.write() as tx:
            while rows := tx.claim_outbox(int(NOW.timestamp()) + 1):
                left += [row.kind for row in rows]
                for row in rows:
                    tx.mark_sent(row.id, 1, int(NOW.timestamp()))
        return left

    leave()
    for _ in range(3):
        chat.press("PDF")
    assert leave().count("document") == 1
    chat.press("PDF")
    assert leave().count("document") == 1


def test_another_chat_reaches_nothing(store: Store) -> None:
    """The buttons of one person's dossier do nothing in another chat."""
    owner, stranger = Chat(store), Chat(store, chat_id=8)
    owner.to_sent()
    data = next(c.data for row in owner.screen.choices for c in row if c.data.startswith("d."))
    stranger.send(Command("start"))
    stranger.send(Pressed(data))
    assert "n’existe pas" in stranger.screen.body
    assert "1\u202f250,00" not in stranger.screen.body
    with store.read() as tx:
        assert tx.dossiers_of(8) == []
