"""The whole bot over HTTP against the stand-in, with a small engine in place of the dialogue."""

from __future__ import annotations

import asyncio
import struct
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.engine import Arrived
from bot.pacing import Policy
from bot.queueing import push
from bot.store import ConversationRow, NotYours, Refused, Store, Tx, Unavailable
from bot.store.seat import Seat
from bot.telegram.application import Application, build_application
from bot.telegram.failures import CONFLICT_EXIT, TOKEN_EXIT
from bot.telegram.outgoing import to_items
from bot.telegram.polling import Poller
from flows.dialogue.events import Command, Edited, Pressed, SentFile, Typed, Unreadable
from flows.dialogue.screens import Choice, Screen, Shown, Toast
from tests.bot.running import during, nobody, settings_of
from tests.standin import StandIn

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store.writer import Writer

    from .conftest import FakeClock

FAST = Policy(chat_rate=1000, overall_rate=10_000, tick=0.2)


class Echo:
    """An engine that says back what it was given and remembers every event."""

    def __init__(self) -> None:
        self.events: list[tuple[int, Any]] = []
        self.broken: set[str] = set()
        self.error: Exception = RuntimeError("un défaut")

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
        shown: list[Shown] = []
        match event:
            case Pressed("toast"):
                shown = [Toast("Déjà fait")]
            case Pressed(data):
                shown = [Screen(f"appuyé {data}", ((Choice("b", "Encore"),),), replace=True)]
            case Command(name):
                shown = [Screen(f"Bonjour {first_name}, {name}", BUTTONS)]
            case Typed(text) | Edited(text):
                shown = [Screen(f"dit {text}")]
            case SentFile(kind) | Unreadable(kind):
                shown = [Screen(f"reçu {kind}")]
        tx.save_conversation(
            ConversationRow(chat_id, "home", f"{row.data}{event}\n", None, row.version)
        )
        push(tx, chat_id, to_items(shown, pressed_message_id), int(now.timestamp()))
        if isinstance(event, Typed) and event.text in self.broken:
            raise self.error
        self.events.append((chat_id, event))
        return shown


PICTURE = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 40, 40) + bytes(9)
BUTTONS = ((Choice("a", "Appuyer"), Choice("toast", "Rien")),)


@pytest.fixture
def echo() -> Echo:
    return Echo()


Start = Callable[[], Application]


@pytest.fixture
def build(api: StandIn, tmp_path: Path, writer: Writer, echo: Echo) -> Start:
    settings = settings_of(api, tmp_path)
    return lambda: build_application(
        settings, writer, echo, nobody, lambda: datetime.now(UTC), FAST
    )


async def test_a_conversation_over_http(api: StandIn, build: Start, echo: Echo) -> None:
    """Messages, presses, edits and files are answered; a press edits, a toast answers the press."""
    camille = api.person("Camille")

    def story() -> None:
        camille.start()
        camille.expect("Bonjour Camille, start")
        press = camille.press("Rien")
        assert press.answer()["text"] == "Déjà fait"
        press = camille.press("Appuyer", camille.last)
        camille.expect("appuyé a")
        assert press.answer()["text"] == ""
        camille.say("1 250 €")
        camille.expect("dit 1 250 €")
        camille.send_photo(PICTURE)
        camille.expect("reçu photo")
        camille.send_voice()
        camille.expect("reçu voice")
        camille.edit(camille.say("douze"), "treize")
        camille.expect("dit treize")

    assert await during(build(), story) == 0
    assert api.violations == []
    assert (camille.id, Edited("treize")) in echo.events


async def test_a_bot_that_does_not_send_leaves_the_outbox_as_it_ends(
    api: StandIn,
    build: Start,
    store: Store,
    writer: Writer,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of several processes one that has not the sender's seat sends nothing, not even its last answers."""
    seat = Seat()
    seat.term = 0
    monkeypatch.setattr(writer, "seat", lambda: seat)
    with store.write() as tx:
        push(tx, 7, [{"kind": "copy", "text": "à l’autre"}], clock.epoch)
    assert await during(build(), lambda: time.sleep(0.2)) == 0
    assert api.calls("sendMessage") == []
    with store.write() as tx:
        assert len(tx.claim_outbox(clock.epoch)) == 1


async def test_chats_are_answered_in_their_order(api: StandIn, build: Start, echo: Echo) -> None:
    """Three people writing at once each see their answers in the order they wrote."""
    people = [api.person(name) for name in ("Alix", "Billie", "Charlie")]

    def story() -> None:
        for n in range(8):
            for person in people:
                person.say(f"mot {n}")
        for person in people:
            person.expect("dit mot 7")

    await during(build(), story)
    for person in people:
        said = [m.text for m in person.messages()]
        assert said == [f"dit mot {n}" for n in range(8)]


async def test_an_update_nested_without_end_holds_back_no_other(build: Start, store: Store) -> None:
    """What cannot even be written down is passed over; the rest of its batch is stored."""
    chat = {"id": 7, "type": "private"}
    message: dict[str, Any] = {"message_id": 1, "date": 1, "chat": chat, "text": "bonjour"}
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    batch = [
        {"update_id": 1, "message": {**message, "caption_entities": deep}},
        {"update_id": 2, "message": message},
    ]
    app = build()
    await app.handlers.store_batch(batch)
    with store.read() as tx:
        assert [row.update_id for row in tx.next_updates(7, 5)] == [2]
    await app.handlers.chats.drain()


async def test_an_update_given_twice_acts_once(api: StandIn, build: Start, echo: Echo) -> None:
    """Telegram may deliver again what it delivered: nothing happens the second time."""
    camille = api.person("Camille")

    def story() -> None:
        camille.say("un")
        camille.expect("dit un")
        for update in api.updates:
            api.redeliver(update)
        camille.say("deux")
        camille.expect("dit deux")

    await during(build(), story)
    assert [e for _, e in echo.events] == [Typed("un"), Typed("deux")]


async def test_what_was_stored_and_not_handled_is_taken_up_at_the_next_start(
    api: StandIn, build: Start, echo: Echo
) -> None:
    """Updates stored by a process that died before handling them are handled by the next."""
    camille = api.person("Camille")
    camille.say("un")
    camille.say("deux")
    dead = build()
    dead.handlers.chats.notify = lambda chat_id: None  # type: ignore[method-assign]  # dies before handling
    await dead.handlers.store_batch(api.updates)
    assert echo.events == []

    await during(build(), lambda: camille.expect("dit deux"))
    assert [e for _, e in echo.events] == [Typed("un"), Typed("deux")]


async def test_a_batch_that_could_not_be_stored_is_fetched_again(
    api: StandIn, build: Start, echo: Echo, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the database is gone nothing is confirmed to Telegram; then everything is handled."""
    camille = api.person("Camille")
    app = build()
    store: Callable[..., Awaitable[None]] = app.handlers.store_batch
    refused: list[int] = []

    async def gone_at_first(batch: Any) -> None:
        if len(refused) < 2:
            refused.append(api.waiting)
            raise Unavailable("verrouillée")
        await store(batch)

    app._source._store = gone_at_first

    def story() -> None:
        camille.say("un")
        camille.expect("dit un")

    await during(app, story)
    assert refused == [1, 1]
    assert [e for _, e in echo.events] == [Typed("un")]


@pytest.mark.parametrize("error", [RuntimeError("un défaut"), Refused("non"), NotYours("non")])
async def test_a_defect_is_told_and_holds_nothing_back(
    api: StandIn, build: Start, echo: Echo, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    """An update that cannot be handled, or that the database refuses, is undone and told; the next goes on."""
    camille = api.person("Camille")
    echo.broken, echo.error = {"Dupont"}, error

    def story() -> None:
        camille.say("Dupont")
        camille.expect("Référence")
        camille.say("suite")
        camille.expect("dit suite")

    await during(build(), story)
    texts = [m.text for m in camille.messages()]
    assert len(texts) == 2
    assert texts[0].split("Référence")[1].strip(" \u00a0:") in caplog.text
    assert "dit Dupont" not in texts
    assert "Dupont" not in caplog.text


async def test_a_group_is_told_once_and_left(api: StandIn, build: Start, echo: Echo) -> None:
    """Put in a group, the bot says why it leaves, once, and leaves; the engine hears nothing."""
    camille = api.person("Camille")

    def story() -> None:
        group = api.group("Amis", by=camille)
        api.wait_call("leaveChat")
        camille.inside(group).command("start")
        api.wait_call("leaveChat", lambda call: call is api.calls("leaveChat")[-1])

    await during(build(), story)
    refusals = [c for c in api.calls("sendMessage") if "tête-à-tête" in c.params["text"]]
    assert len(refusals) == 1
    assert echo.events == []


async def test_a_talkative_group_is_left_once(build: Start, store: Store) -> None:
    """While the bot is on its way out, whatever more is said there adds nothing to what is to be sent."""
    chat = {"id": -5, "type": "group", "title": "Amis"}
    message = {"message_id": 1, "date": 1, "chat": chat, "text": "bonjour", "from": {"id": 7}}
    app = build()
    await app.handlers.store_batch([{"update_id": n, "message": message} for n in range(1, 60)])
    await app.handlers.chats.drain()
    with store.read() as tx:
        assert tx.next_update(-5) is None
        assert len(tx.pending_of(-5)) == 2


async def test_blocking_and_coming_back(
    api: StandIn, build: Start, echo: Echo, store: Store
) -> None:
    """A person who blocks the bot is unreachable; writing again makes them reachable."""
    camille = api.person("Camille")
    seen: list[bool] = []

    def reachable() -> bool:
        with store.read() as tx:
            row = tx.load_conversation(camille.id)
        assert row is not None
        return row.reachable

    def wait_until(wanted: bool) -> None:
        done = threading.Event()
        for _ in range(500):
            if reachable() is wanted:
                seen.append(wanted)
                return
            done.wait(0.01)

    def story() -> None:
        camille.start()
        camille.expect("Bonjour")
        camille.block()
        wait_until(wanted=False)
        camille.unblock()
        wait_until(wanted=True)
        camille.say("me revoilà")
        camille.expect("dit me revoilà")

    await during(build(), story)
    assert seen == [False, True]


async def test_another_process_on_the_same_bot_ends_this_one(
    api: StandIn, build: Start, caplog: pytest.LogCaptureFixture
) -> None:
    """When another process fetches the updates, the newcomer gives up with a clear line."""
    api.faults.refuse("getUpdates", 409, times=5)
    app = build()
    assert isinstance(app._source, Poller)
    app._source._conflict_wait = 0.01
    async with asyncio.timeout(15):
        assert await app.run() == CONFLICT_EXIT
    assert "Un autre processus" in caplog.text


async def test_a_refused_token_ends_the_bot_with_a_clear_line(
    api: StandIn, build: Start, caplog: pytest.LogCaptureFixture
) -> None:
    """A token that Telegram does not know ends the start, naming the setting."""
    api.faults.refuse("getMe", 401)
    async with asyncio.timeout(15):
        assert await build().run() == TOKEN_EXIT
    assert "RELANCE_TELEGRAM_TOKEN" in caplog.text
    assert api.token not in caplog.text


async def test_trouble_while_fetching_is_waited_out(api: StandIn, build: Start, echo: Echo) -> None:
    """A 502, a 429 and a dropped connection on getUpdates lose nothing."""
    camille = api.person("Camille")
    api.faults.refuse("getUpdates", 502)
    api.faults.refuse("getUpdates", 429, retry_after=1)
    api.faults.drop("getUpdates")
    camille.say("un")
    await during(build(), lambda: camille.expect("dit un"))
    assert [e for _, e in echo.events] == [Typed("un")]


async def test_a_late_press_is_acted_on_all_the_same(
    api: StandIn, build: Start, echo: Echo
) -> None:
    """When Telegram no longer takes the answer to a press, what it asked for is still done."""
    camille = api.person("Camille")

    def story() -> None:
        camille.start()
        camille.expect("Bonjour")
        api.faults.refuse("answerCallbackQuery", 400, description="Bad Request: query is too old")
        camille.press("Appuyer")
        camille.expect("appuyé a")

    await during(build(), story)
    assert Pressed("a") in [e for _, e in echo.events]


async def test_an_update_no_library_knows_does_not_stop_the_batch(build: Start, echo: Echo) -> None:
    """A batch that holds an unknown or broken update still gives the others."""
    app = build()
    person = {"id": 5, "is_bot": False, "first_name": "A"}
    good = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "from": person}
    await app.handlers.store_batch(
        [
            {"update_id": 10, "quantum_message": {"x": 1}},
            {"update_id": 11, "message": "cassé"},
            {"update_id": 12, "message": {**good, "text": "a\0\ud800b"}},
        ]
    )
    await app.handlers.chats.drain()
    assert echo.events == [(5, Typed("ab"))]
