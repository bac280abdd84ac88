"""What becomes of a file a person sent: kept with the act that names it, or nowhere.

The step is a small one: it adds to the dossier in hand, or to the one the caption names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot import engine as engines
from bot.engine import Arrived, Engine
from bot.limits import limits
from bot.store import NotYours, Store
from bot.store.schema import files
from flows.dialogue.conversation import Conversation, Step
from flows.dialogue.events import Event, ReceivedFile, SentFile, Typed
from flows.dialogue.screens import Screen
from flows.dossier import Act, ActKind, Dossier
from letters.exhibits import Exhibit

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
ADDED = SentFile("document", "devis.pdf")


class NoReminders:
    law = None


def small_step(conversation: Conversation, book: Any, event: Event, moment: Any, _: Any) -> Step:
    """« ouvrir x » opens a dossier, « retirer x » takes a file off; a file goes to the dossier in hand."""
    on = moment.today
    name = conversation.dossier_id or ""
    said: list[Screen] = []
    changed: list[Dossier] = []
    match event:
        case Typed(text) if text.startswith("ouvrir"):
            name = text.split()[1]
            changed = [Dossier(name, on, {}, (Act(ActKind.OPENED, on, moment.now, {}),))]
        case Typed(text) if text.startswith("retirer"):
            data = {"fact": "piece", "file": text.split()[1]}
            changed = [with_act(book.get(name), Act(ActKind.CORRECTED, on, moment.now, data))]
        case SentFile(refused=code) if code:
            said = [Screen(f"refusé : {code}")]
        case SentFile(file=ReceivedFile() as file, caption=caption) if name and caption != "oublie":
            added: dict[str, Any] = {"file": file.id, "title": "Devis", "pages": file.pages}
            keeper = book.get(caption or name)
            changed = [with_act(keeper, Act(ActKind.EXHIBIT_ADDED, on, moment.now, added))]
            said = [Screen("ajouté")]
        case _:
            said = [Screen("rien")]
    after = replace(conversation, dossier_id=name or None)
    return Step(after, tuple(said), tuple(changed), {d.id: () for d in changed})


def with_act(dossier: Dossier, act: Act) -> Dossier:
    return replace(dossier, acts=(*dossier.acts, act))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    store.prepare()
    yield store
    store.close()


class Chat:
    """A chat with the small step in front of the real store."""

    def __init__(self, store: Store, chat_id: int = 7) -> None:
        self.store, self.id = store, chat_id
        self.engine = Engine(NoReminders(), ZoneInfo("Europe/Paris"))  # type: ignore[arg-type]

    def say(self, text: str) -> None:
        with self.store.write() as tx:
            self.engine.advance(tx, self.id, Typed(text), now=NOW)

    def send(self, content: bytes, caption: str = "") -> tuple[str, str]:
        """Send a file; give what was answered and the id it came under."""
        digest = f"{hash(content) & (2**64 - 1):064x}"
        arrived = Arrived.of(Exhibit(content, 2, "pdf", digest))
        event = replace(ADDED, file=arrived.file, caption=caption)
        with self.store.write() as tx:
            shown = self.engine.advance(tx, self.id, event, now=NOW, arrived=arrived)
        assert isinstance(shown[0], Screen)
        return shown[0].body, arrived.file.id

    def kept(self, dossier: str = "d1") -> list[str]:
        rows = select(files.c.id).where(files.c.dossier_id == dossier, files.c.chat_id == self.id)
        with self.store._engine.connect() as connection:
            return sorted(connection.execute(rows).scalars())

    def listed(self, dossier: str = "d1") -> list[str]:
        """Give the files of the exhibits of a dossier, as they stand."""
        with self.store.read() as tx:
            row = tx.load_dossier(dossier, self.id)
        assert row is not None
        return [one.file for one in engines.dossier_from_row(row).exhibits]


@pytest.fixture
def chat(store: Store, monkeypatch: pytest.MonkeyPatch) -> Chat:
    monkeypatch.setattr(engines, "step", small_step)
    chat = Chat(store)
    chat.say("ouvrir d1")
    return chat


def test_a_file_is_kept_with_the_act_that_names_it(chat: Chat) -> None:
    """Its content is in the store, under the id of the act, for that dossier."""
    said, file = chat.send(b"un devis")
    assert said == "ajouté"
    assert chat.kept() == chat.listed() == [file]
    with chat.store.read() as tx:
        row = tx.load_file(file, chat.id)
    assert row is not None
    assert (row.content, row.pages, row.dossier_id) == (b"un devis", 2, "d1")


def test_a_file_nobody_asked_for_is_not_kept(chat: Chat) -> None:
    """When the step makes no act of it, nothing is left of it."""
    chat.send(b"un devis", caption="oublie")
    assert chat.kept() == chat.listed() == []


def test_a_file_is_kept_in_the_dossier_whose_act_it_is(chat: Chat) -> None:
    """The dossier the step chose holds it, not the one that was in hand."""
    chat.say("ouvrir d2")
    _, file = chat.send(b"un devis", caption="d1")
    assert (chat.kept("d1"), chat.kept("d2")) == ([file], [])


def test_the_same_content_twice_is_told_and_kept_once(chat: Chat) -> None:
    """The second time the step is told « already », and neither act nor content is added."""
    _, file = chat.send(b"un devis")
    assert chat.send(b"un devis")[0] == "refusé : already"
    assert chat.kept() == chat.listed() == [file]
    chat.say("ouvrir d2")
    assert chat.send(b"un devis")[0] == "ajouté"


def test_a_file_taken_off_the_list_can_be_sent_again(chat: Chat) -> None:
    """Taken out, its content is erased; sent again, it is a new file."""
    _, file = chat.send(b"un devis")
    chat.say(f"retirer {file}")
    assert chat.kept() == chat.listed() == []
    said, again = chat.send(b"un devis")
    assert said == "ajouté"
    assert chat.kept() == chat.listed() == [again] != [file]


@pytest.mark.parametrize(
    "change",
    [{"dossier_files": 2}, {"dossier_bytes": 10}, {"person_files": 2}, {"person_bytes": 10}],
)
def test_too_many_files_are_refused(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, change: dict[str, int]
) -> None:
    """Past what a dossier or a person may hold, by number or by weight, the step is told so."""
    tight = replace(limits(), **change)
    monkeypatch.setattr(engines, "limits", lambda: tight)
    assert [chat.send(content)[0] for content in (b"11111", b"22222", b"3")] == [
        "ajouté",
        "ajouté",
        "refusé : too_many",
    ]
    assert len(chat.kept()) == len(chat.listed()) == 2


def test_the_room_of_a_person_counts_all_their_dossiers(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second dossier gives no more room to the person, and takes none from another."""
    tight = replace(limits(), person_files=1)
    monkeypatch.setattr(engines, "limits", lambda: tight)
    chat.send(b"un")
    chat.say("ouvrir d2")
    assert chat.send(b"deux")[0] == "refusé : too_many"
    other = Chat(chat.store, 8)
    other.say("ouvrir d3")
    assert other.send(b"trois")[0] == "ajouté"


def test_a_file_cannot_reach_the_dossier_of_another_chat(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a step that would write in another's dossier stores nothing there."""
    stolen = Dossier("d1", NOW.date(), {}, ())

    def thief(conversation: Conversation, *about: Any) -> Step:
        data: dict[str, Any] = {"file": about[1].file.id, "title": "x", "pages": 1}
        taken = with_act(stolen, Act(ActKind.EXHIBIT_ADDED, NOW.date(), NOW, data))
        return Step(conversation, (Screen("volé"),), (taken,), {"d1": ()})

    monkeypatch.setattr(engines, "step", thief)
    with pytest.raises(NotYours):
        Chat(chat.store, 8).send(b"un devis")
    assert chat.kept() == []


def test_the_id_of_a_file_cannot_be_guessed(chat: Chat) -> None:
    """Two ids in a row share nothing but their length, and are of letters and digits only."""
    ids = {chat.send(bytes([n]))[1] for n in range(20)}
    assert len(ids) == 20
    assert all(len(one) == 16 and one.isalnum() for one in ids)
