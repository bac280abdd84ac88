"""Files sent to the whole bot over HTTP: fetched, accepted, kept, in the order of their chat."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from sqlalchemy import select

from bot.engine import Arrived
from bot.pacing import Policy
from bot.queueing import push
from bot.store import ConversationRow, DossierRow, FileRow, Store, Tx
from bot.store.schema import files
from bot.telegram.application import Application, build_application
from bot.telegram.outgoing import to_items
from flows.dialogue.events import SentFile, Typed
from flows.dialogue.screens import Screen, Shown
from tests.bot.running import during, nobody, settings_of
from tests.standin import StandIn

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store.writer import Writer

FAST = Policy(chat_rate=1000, overall_rate=10_000, tick=0.2, download_waits=(0, 0))


def photo(side: int = 60) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (side, 40), "white").save(made, "JPEG")
    return made.getvalue()


class Keeper:
    """An engine that keeps every file in the chat's one dossier, and says what it was given."""

    def __init__(self) -> None:
        self.fails = 0

    def __call__(
        self,
        tx: Tx,
        chat_id: int,
        event: Any,
        *,
        update_id: int | None,
        first_name: str,
        now: datetime,
        pressed_message_id: int | None = None,
        arrived: Arrived | None = None,
    ) -> Sequence[Shown]:
        row = tx.load_conversation(chat_id) or ConversationRow(chat_id, "home", "")
        words = ""
        match event:
            case Typed(text):
                words = f"dit {text}"
            case SentFile(refused=code) if code:
                words = f"refusé {code}"
            case SentFile(file=file, caption=caption) if file and arrived:
                words = f"gardé {caption} {file.kind} {file.pages}"
                dossier = f"d{chat_id}"
                tx.save_dossier(DossierRow(dossier, chat_id, "{}", "ouvert", date(2026, 11, 22)))
                if tx.file_alike(dossier, chat_id, arrived.sha256) is None:
                    about = (file.kind, file.pages, file.size, arrived.sha256)
                    tx.add_file(FileRow(file.id, chat_id, dossier, *about, content=arrived.content))
        shown = [Screen(words)]
        tx.save_conversation(ConversationRow(chat_id, "home", "", None, row.version))
        push(tx, chat_id, to_items(shown, pressed_message_id), int(now.timestamp()))
        if self.fails:
            self.fails -= 1
            raise RuntimeError("un défaut")
        return shown


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


Start = Callable[[], Application]


@pytest.fixture
def build(api: StandIn, tmp_path: Path, writer: Writer, keeper: Keeper) -> Start:
    settings = settings_of(api, tmp_path)
    return lambda: build_application(
        settings, writer, keeper, nobody, lambda: datetime.now(UTC), FAST
    )


def kept(store: Store, chat_id: int) -> list[FileRow]:
    with store._engine.connect() as connection:
        ids = connection.execute(select(files.c.id).where(files.c.chat_id == chat_id)).scalars()
        with store.read() as tx:
            found = [tx.load_file(one, chat_id) for one in ids]
    return [row for row in found if row]


async def test_a_photo_is_kept_as_a_page(api: StandIn, build: Start, store: Store) -> None:
    """A photo sent in the chat is fetched, made into a PDF, and stored for that chat only."""
    camille, alix = api.person("Camille"), api.person("Alix")

    def story() -> None:
        camille.send_photo(photo(), "le devis")
        camille.expect("gardé le devis photo 1")
        alix.send_document("notes.txt", b"du texte")
        alix.expect("refusé not_a_file_we_read")

    assert await during(build(), story) == 0
    (file,) = kept(store, camille.id)
    assert file.content.startswith(b"%PDF-")
    assert kept(store, alix.id) == []
    assert api.violations == []
    assert len(api.calls("file")) == 2


async def test_what_follows_a_file_waits_for_it(api: StandIn, build: Start) -> None:
    """A text written after a file that is slow to come is answered after it."""
    camille = api.person("Camille")
    api.faults.drip(0.5)

    def story() -> None:
        camille.send_photo(photo(), "un")
        camille.say("deux")
        camille.send_photo(photo(), "trois")
        camille.say("quatre")
        camille.expect("dit quatre")

    await during(build(), story)
    assert [m.text for m in camille.messages() if m.from_bot] == [
        "gardé un photo 1",
        "dit deux",
        "gardé trois photo 1",
        "dit quatre",
    ]


async def test_files_that_do_not_come_slow_no_other_chat(api: StandIn, build: Start) -> None:
    """With more chats waiting for files than are handled at once, another is answered all the same."""
    people = [api.person(f"P{n}") for n in range(20)]
    alix = api.person("Alix")
    api.faults.hang("getFile", 60, times=99)

    def story() -> None:
        for person in people:
            person.send_photo(photo())
        api.wait_call("getFile", lambda call: call.injected)
        alix.say("bonjour")
        alix.expect("dit bonjour")

    await during(build(), story)
    assert all(not m.from_bot for person in people for m in person.messages())


async def test_an_album_is_as_many_files(api: StandIn, build: Start, store: Store) -> None:
    """Each picture of an album is an update of its own, kept in the order it was sent."""
    camille = api.person("Camille")

    def story() -> None:
        for n in range(3):
            camille.send_photo(photo(60 + n), f"page {n}")
        camille.expect("gardé page 2 photo 1")

    await during(build(), story)
    said = [m.text for m in camille.messages() if m.from_bot]
    assert said == [f"gardé page {n} photo 1" for n in range(3)]
    assert len(kept(store, camille.id)) == 3


async def test_a_file_lost_with_its_process_is_fetched_again(
    api: StandIn, build: Start, store: Store
) -> None:
    """A bot that ends while a file is on its way leaves the update to the next, which keeps the file."""
    camille = api.person("Camille")
    api.faults.hang("file", 60)

    def first() -> None:
        camille.send_photo(photo(), "le devis")
        camille.say("et alors ?")
        api.wait_call("file", lambda call: call.injected)

    assert await during(build(), first) == 0
    assert kept(store, camille.id) == []
    assert api.waiting == 0  # Telegram will not give it again: it is the inbox that has it

    await during(build(), lambda: camille.expect("dit et alors ?"))
    said = [m.text for m in camille.messages() if m.from_bot]
    assert said == ["gardé le devis photo 1", "dit et alors ?"]
    assert len(kept(store, camille.id)) == 1


async def test_a_file_whose_update_is_gone_is_let_go(
    api: StandIn, build: Start, writer: Writer
) -> None:
    """What comes for an update that left the inbox meanwhile does not stay in memory."""
    camille = api.person("Camille")
    api.faults.drip(0.5)
    app = build()
    left: list[int] = []

    def story() -> None:
        camille.send_photo(photo())
        api.wait_call("file", lambda call: True)
        (update,) = api.updates
        writer.run_sync(lambda tx: tx.finish_update(update["update_id"]))
        while app.handlers.fetches._under_way or app.handlers.chats.busy:
            time.sleep(0.02)
        left.append(len(app.handlers.fetches._there))

    await during(app, story)
    assert left == [0]


async def test_a_step_that_fails_keeps_no_file_and_is_tried_again(
    api: StandIn, build: Start, store: Store, keeper: Keeper
) -> None:
    """What a first try stored is undone with it; the second fetches the file anew and keeps it once."""
    camille = api.person("Camille")
    keeper.fails = 1

    def story() -> None:
        camille.send_photo(photo(), "le devis")
        camille.expect("gardé le devis photo 1")

    await during(build(), story)
    assert len(kept(store, camille.id)) == 1
    assert len(api.calls("file")) == 2


async def test_a_file_given_twice_is_fetched_and_kept_once(
    api: StandIn, build: Start, store: Store
) -> None:
    """An update that Telegram delivers again acts once, and asks for nothing more."""
    camille = api.person("Camille")

    def story() -> None:
        camille.send_photo(photo(), "le devis")
        camille.expect("gardé")
        api.redeliver(api.updates[0])
        camille.say("fini")
        camille.expect("dit fini")

    await during(build(), story)
    assert len(kept(store, camille.id)) == 1
    assert len(api.calls("file")) == 1


async def test_hostile_files_are_answered_and_stop_nothing(api: StandIn, build: Start) -> None:
    """A photo without sizes, ids that are no ids, sizes below zero: each has an answer, in order."""
    camille = api.person("Camille")
    camille.say("un")
    (first,) = api.updates
    base = {k: v for k, v in first["message"].items() if k not in {"text", "entities"}}
    contents: list[dict[str, Any]] = [
        {"photo": []},
        {"photo": [{"file_id": ["x"], "width": "wide"}]},
        {"document": {"file_name": "a.pdf"}},
        {"document": {"file_id": "inconnu", "file_size": -5, "file_name": 12}},
        {"document": None},
        {"text": "fin"},
    ]
    batch = [
        {"update_id": first["update_id"] + n, "message": base | content}
        for n, content in enumerate(contents, 1)
    ]
    app = build()
    running = asyncio.create_task(app.run())
    await app.handlers.store_batch(batch)
    await asyncio.to_thread(camille.expect, "dit fin")
    app.stop()
    assert await running == 0
    said = [m.text for m in camille.messages() if m.from_bot and m.text != "dit un"]
    assert said == [*["refusé unreachable"] * 5, "dit fin"]


async def test_the_database_is_not_held_while_a_file_comes(
    api: StandIn, build: Start, writer: Writer
) -> None:
    """Another transaction goes through while a file is on its way."""
    camille = api.person("Camille")
    api.faults.hang("file", 60)
    passed = threading.Event()

    def story() -> None:
        camille.send_photo(photo())
        api.wait_call("file", lambda call: call.injected)
        writer.run_sync(lambda tx: tx.record_update(1, 9, "{}", 1))
        passed.set()

    await during(build(), story)
    assert passed.is_set()
