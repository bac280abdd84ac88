"""The composition root: settings, store, engine, clock, made into the running bot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.engine import Engine
from bot.store import Store
from flows.dialogue.library import Library

if TYPE_CHECKING:
    from bot.settings import Settings


def now() -> datetime:
    """Give the present instant: the one place where the bot reads the clock."""
    return datetime.now(UTC)


def open_store(settings: Settings) -> Store:
    """Open the database of the settings, at the newest schema. Raises StoreError with one human line."""
    store = Store.open(settings.database_url)
    try:
        store.prepare()
    except BaseException:
        store.close()
        raise
    return store


def build_engine(settings: Settings) -> Engine:
    """Make the dialogue engine."""
    return Engine(Library(), settings.timezone)


def run(settings: Settings, clock: Callable[[], datetime] = now) -> int:
    """Run the bot on Telegram until SIGTERM or SIGINT; returns the exit code. `clock` gives the instant."""
    # Imported here: only the running bot pays for the Telegram library.
    import asyncio

    from bot.store.writer import Writer
    from bot.telegram.handlers import build_application

    store = open_store(settings)

    async def serve() -> int:
        writer = Writer(store)
        try:
            application = build_application(settings, writer, build_engine(settings).handle, clock)
            return await application.run()
        finally:
            await writer.close()

    try:
        return asyncio.run(serve())
    finally:
        store.close()
