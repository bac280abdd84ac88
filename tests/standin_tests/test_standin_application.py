"""A real python-telegram-bot Application, polling the stand-in over HTTP."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import pytest
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter, TimedOut
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from tests.standin import Person, StandIn

App = Application[Any, Any, Any, Any, Any, Any]
Context = ContextTypes.DEFAULT_TYPE


async def _on_start(update: Update, context: Context) -> None:
    assert update.effective_chat is not None
    word = (context.args or ["Bonjour"])[0]
    keys = InlineKeyboardMarkup.from_row(
        [InlineKeyboardButton(w, callback_data=w) for w in ("Oui", "Non")]
    )
    await update.effective_chat.send_message(
        f"<b>{word}</b>", parse_mode=ParseMode.HTML, reply_markup=keys
    )


async def _on_text(update: Update, context: Context) -> None:
    assert update.effective_message is not None
    await update.effective_message.reply_text(f"écho : {update.effective_message.text}")


async def _on_press(update: Update, context: Context) -> None:
    query = update.callback_query
    assert query is not None
    await query.answer("Noté")
    await query.edit_message_text(f"Vous avez dit {query.data}")


async def _on_document(update: Update, context: Context) -> None:
    assert update.message is not None
    assert update.message.document is not None
    held = await update.message.document.get_file()
    content = bytes(await held.download_as_bytearray())
    await update.message.reply_document(
        io.BytesIO(content[::-1]), filename=f"à l’envers {update.message.document.file_name}"
    )


class Bot:
    """The Application in a thread of its own, so that tests can block."""

    def __init__(self, api: StandIn) -> None:
        self.loop = asyncio.new_event_loop()
        self.errors: list[BaseException] = []
        self.app: App = (
            Application.builder()
            .token(api.token)
            .base_url(f"{api.url}/bot")
            .base_file_url(f"{api.url}/file/bot")
            .read_timeout(0.5)
            .build()
        )
        self.app.add_handler(CommandHandler("start", _on_start))
        self.app.add_handler(CallbackQueryHandler(_on_press))
        self.app.add_handler(MessageHandler(filters.Document.ALL, _on_document))
        self.app.add_handler(MessageHandler(filters.TEXT, _on_text))
        self.app.add_error_handler(self._on_error)
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()
        self.do(self._begin)

    async def _on_error(self, update: object, context: Context) -> None:
        assert context.error is not None
        self.errors.append(context.error)

    def do(self, work: Callable[[], Any]) -> Any:
        """Run a coroutine function on the bot's loop and return what it returns."""
        future: Future[Any] = asyncio.run_coroutine_threadsafe(work(), self.loop)
        return future.result(10)

    async def _begin(self) -> None:
        await self.app.initialize()
        await self.app.start()
        assert self.app.updater is not None
        await self.app.updater.start_polling(
            timeout=5, allowed_updates=Update.ALL_TYPES, error_callback=self.errors.append
        )

    async def _end(self) -> None:
        assert self.app.updater is not None
        await self.app.updater.stop()
        await self.app.stop()
        await self.app.shutdown()

    def stop(self) -> None:
        """Stop as on SIGTERM."""
        self.do(self._end)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@pytest.fixture
def bot(api: StandIn) -> Iterator[Bot]:
    """Return a running echo bot."""
    running = Bot(api)
    yield running
    running.stop()


@pytest.fixture
def zoe(api: StandIn) -> Person:
    """Return somebody who has not written yet."""
    return api.person("Zoé")


def test_a_conversation_goes_round(api: StandIn, bot: Bot, zoe: Person) -> None:
    """A command, a text and a press are answered, and the press edits its message in place."""
    zoe.start("Salut")
    hello = zoe.expect("Salut")
    assert (hello.html, hello.labels) == ("<b>Salut</b>", [["Oui", "Non"]])
    zoe.say("ça va 👍 ?")
    zoe.expect("écho : ça va 👍 ?")
    press = zoe.press("Oui", hello)
    assert press.answer()["text"] == "Noté"
    edited = zoe.expect("Vous avez dit Oui")
    assert (edited.id, edited.edited, edited.labels) == (hello.id, True, [])
    assert api.violations == []
    assert bot.errors == []


def test_a_double_press_shows_the_refusal_of_an_edit_without_change(
    api: StandIn, bot: Bot, zoe: Person
) -> None:
    """The second of two presses makes the naive bot edit to the same text: a BadRequest, noted."""
    zoe.start()
    first, second = zoe.press_twice("Oui", zoe.expect("Bonjour"))
    assert first.answer() == second.answer()
    api.wait_call("editMessageText", lambda call: call.status == 400)
    assert [call.method for call in api.violations] == ["editMessageText"]
    zoe.quiet(0.05)
    assert [type(error) for error in bot.errors] == [BadRequest]


def test_files_go_both_ways(api: StandIn, bot: Bot, zoe: Person) -> None:
    """A file sent by the person is downloaded by the bot, and the bot's own comes back whole."""
    zoe.send_document("facture n° 1.pdf", b"%PDF-1.7\x00\xff")
    assert zoe.expect_document() == ("à l’envers facture n° 1.pdf", b"\xff\x007.1-FDP%")
    assert api.violations == []


def test_faults_are_the_errors_of_the_library(
    api: StandIn, bot: Bot, zoe: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """429, 403, 502, a lost answer and a stalled one come out as the library's own exceptions."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    zoe.start()
    zoe.expect("Bonjour")

    def send(text: str) -> Any:
        return bot.do(lambda: bot.app.bot.send_message(zoe.id, text))

    api.faults.refuse("sendMessage", 429, retry_after=3)
    with pytest.raises(RetryAfter) as paced:
        send("a")
    assert paced.value.retry_after == timedelta(seconds=3)
    api.faults.refuse("sendMessage", 403)
    with pytest.raises(Forbidden, match="blocked by the user"):
        send("b")
    api.faults.refuse("sendMessage", 502)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        send("c")
    api.faults.lose_answer("sendMessage")
    with pytest.raises(NetworkError):
        send("perdu")
    api.faults.stall("sendMessage", 30)
    with pytest.raises(TimedOut):
        send("tardif")
    assert [m.text for m in zoe.messages()[1:]] == ["perdu", "tardif"]
    zoe.block()
    with pytest.raises(Forbidden):
        send("d")
    assert api.violations == []


def test_the_profile_of_a_bot_can_be_set(api: StandIn, bot: Bot, zoe: Person) -> None:
    """Commands, texts, menu button, chat and webhook information are in forms the library reads."""

    async def set_all() -> None:
        telegram = bot.app.bot
        commands = [BotCommand("aide", "Ce que je sais faire")]
        await telegram.set_my_commands(commands)
        assert list(await telegram.get_my_commands()) == commands
        await telegram.set_my_description("Bonjour")
        assert (await telegram.get_my_description()).description == "Bonjour"
        await telegram.set_my_short_description("Bref")
        assert (await telegram.get_my_short_description()).short_description == "Bref"
        await telegram.set_my_name("Relance")
        assert (await telegram.get_my_name()).name == "Relance"
        await telegram.set_chat_menu_button()
        assert (await telegram.get_chat_menu_button()).type == "default"
        assert (await telegram.get_chat(zoe.id)).first_name == "Zoé"
        assert (await telegram.get_webhook_info()).url == ""
        assert await telegram.delete_my_commands()

    zoe.start()
    bot.do(set_all)
    assert api.violations == []


def test_photos_stickers_and_voice_notes_can_be_read(
    api: StandIn, bot: Bot, zoe: Person, png: Callable[[int, int], bytes]
) -> None:
    """Every kind of message is one the library can read: none makes polling fail."""
    zoe.send_photo(png(10, 10), "légende")
    zoe.send_sticker()
    zoe.send_voice()
    zoe.edit(zoe.say("avant"), "après")
    zoe.expect("écho : après", since=0)
    zoe.block()
    zoe.unblock()
    zoe.say("fin")
    zoe.expect("écho : fin")
    sent = bot.do(lambda: bot.app.bot.send_photo(zoe.id, png(4, 4), caption="carré"))
    assert sent.photo[0].width == 4
    assert bot.errors == []


def test_a_second_process_polling_is_a_conflict(api: StandIn, bot: Bot) -> None:
    """A second poller makes one of the two see Conflict."""
    api.wait_call("getUpdates", lambda call: call.status == 0)
    other = Bot(api)
    try:
        api.wait_call("getUpdates", lambda call: call.status == 409)
    finally:
        other.stop()
    assert {type(error) for error in bot.errors + other.errors} == {Conflict}


def test_a_clean_stop_leaves_nothing_unconfirmed(api: StandIn, zoe: Person) -> None:
    """A bot that stops cleanly confirms what it handled: nothing comes twice."""
    running = Bot(api)
    zoe.say("dernier")
    zoe.expect("écho : dernier")
    running.stop()
    assert api.waiting == 0
