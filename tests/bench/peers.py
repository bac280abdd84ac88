"""What the durable update is set beside: python-telegram-bot alone, on the same stub."""

from __future__ import annotations

import gc
import pickle
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PersistenceInput,
    PicklePersistence,
    filters,
)

from bot.papers import Papers
from bot.telegram.sending import send_item
from tests.bench.offline import TOKEN, Answers
from tests.bench.people import PEOPLE, exchanges
from tests.bench.script import STEPS, commands, typed

Context = ContextTypes.DEFAULT_TYPE
App = Application[Any, Any, Any, Any, Any, Any]
WORDS = filters.TEXT & ~filters.COMMAND


async def _say(update: Update, words: str) -> None:
    assert update.message is not None
    await update.message.reply_text(words)


async def _echo(update: Update, _: Context) -> None:
    assert update.message is not None
    await _say(update, update.message.text or "")


def _step(place: int) -> Any:
    async def take(update: Update, context: Context) -> int:
        assert update.message is not None
        assert context.user_data is not None
        context.user_data[f"answer {place}"] = update.message.text
        await _say(update, f"Question {place + 2} ?")
        return (place + 1) % STEPS

    return take


async def _start(update: Update, _: Context) -> int:
    await _say(update, "Question 1 ?")
    return 0


def _builder() -> Any:
    builder: Any = ApplicationBuilder().token(TOKEN).job_queue(None)
    return builder.request(Answers()).get_updates_request(Answers())


def _echoing() -> App:
    made: App = _builder().build()
    made.add_handler(MessageHandler(filters.TEXT, _echo))
    return made


def _conversing(persistence: PicklePersistence[Any, Any, Any] | None = None) -> App:
    """Make the dialogue of twelve questions, in memory unless it is told where to keep it."""
    builder = _builder()
    made: App = (builder.persistence(persistence) if persistence else builder).build()
    steps: dict[object, list[Any]] = {
        place: [MessageHandler(WORDS, _step(place))] for place in range(STEPS)
    }
    entry: list[Any] = [CommandHandler("start", _start)]
    made.add_handler(
        ConversationHandler(entry, steps, [], name="c", persistent=persistence is not None)
    )
    return made


async def _rate(application: App, raws: list[dict[str, Any]]) -> float:
    gc.collect()
    start = perf_counter()
    for one in raws:
        await application.process_update(Update.de_json(one, application.bot))
    return len(raws) / (perf_counter() - start)


async def echo(updates: int) -> float:
    """Answer each update with its own words; give updates a second."""
    application = _echoing()
    await application.initialize()
    return await _rate(application, list(typed(updates, 1)))


async def in_memory(updates: int) -> float:
    """Let fifty people answer the twelve questions, nothing kept anywhere; give updates a second."""
    application = _conversing()
    await application.initialize()
    for one in commands(PEOPLE):
        await application.process_update(Update.de_json(one, application.bot))
    return await _rate(application, list(typed(updates, 1 + PEOPLE)))


async def _no_file(file_id: str, chat_id: int) -> None:
    """Give no file: nothing that is played here joins one."""


async def same_requests(updates: int) -> float:
    """Read each update of the dialogue and send what the bot sends for it, known beforehand.

    Nothing is thought and nothing is stored: what is left is the library's own cost of the very messages,
    edits, keyboards and answered presses. Gives updates a second.
    """
    bot = _echoing().bot
    await bot.initialize()
    papers = Papers(_no_file)
    given = list(exchanges(updates))
    gc.collect()
    start = perf_counter()
    for one, said in given:
        update = Update.de_json(one, bot)
        assert update.effective_chat is not None
        for item in said.items:
            await send_item(bot, update.effective_chat.id, item, papers)
        if update.callback_query is not None:
            await update.callback_query.answer()
    return updates / (perf_counter() - start)


@dataclass(frozen=True, slots=True)
class Minute:
    """One minute of the pickle: what its answers took and what the write at its end took, seconds."""

    updates: int
    handling: float
    writing: float

    @property
    def rate(self) -> float:
        """Updates a second, the write included."""
        return self.updates / (self.handling + self.writing)


class Pickled:
    """A ConversationHandler on a PicklePersistence as it comes (`on_flush=False`)."""

    def __init__(self, path: Path, people: int) -> None:
        _write_people(path, people)
        self.size = path.stat().st_size
        kept = PersistenceInput(bot_data=False, chat_data=False, callback_data=False)
        self._application = _conversing(PicklePersistence(path, store_data=kept))
        self._next = 1

    async def start(self) -> None:
        """Read the file."""
        await self._application.initialize()

    async def minute(self, answers: int) -> Minute:
        """Let fifty people give `answers` answers each, then write, as the library does each minute."""
        raws = list(typed(answers * PEOPLE, self._next))
        self._next += len(raws)
        gc.collect()
        start = perf_counter()
        for one in raws:
            await self._application.process_update(Update.de_json(one, self._application.bot))
        handled = perf_counter()
        await self._application.update_persistence()
        written = perf_counter()
        return Minute(len(raws), handled - start, written - handled)


def _write_people(path: Path, people: int) -> None:
    """Store people who have answered the five questions that open our own dialogue."""
    users = {
        1000 + n: {
            "answer 0": "Une société",
            "answer 1": f"Société {n} SARL",
            "answer 2": f"{1000 + n},50 €",
            "answer 3": f"{1 + n % 28}/10/2026",
            "answer 4": "Il ne répond pas",
        }
        for n in range(people)
    }
    content = {
        "conversations": {"c": {(user, user): 5 for user in users}},
        "user_data": users,
        "chat_data": {},
        "bot_data": {},
        "callback_data": None,
    }
    path.write_bytes(pickle.dumps(content))
