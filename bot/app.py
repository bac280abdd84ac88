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
    """Make the dialogue engine. Raises SettingsError when the operator's law file cannot be used."""
    if settings.law_file is None:
        return Engine(Library(), settings.timezone)
    from bot.law_file import read_law

    law, _ = read_law(settings.law_file)
    return Engine(Library(law), settings.timezone)


def run(settings: Settings, clock: Callable[[], datetime] = now) -> int:
    """Run the bot on Telegram until SIGTERM or SIGINT; returns the exit code. `clock` gives the instant."""
    # Imported here: only the running bot pays for the Telegram library.
    import asyncio

    from bot.law_watch import LawWatch
    from bot.store.writer import Writer
    from bot.telegram.handlers import build_application

    engine = build_engine(settings)
    store = open_store(settings)

    async def serve() -> int:
        writer = Writer(store)
        watch = LawWatch(engine.library.law, settings, writer, clock)
        watching = asyncio.create_task(watch.run())
        try:
            application = build_application(
                settings,
                writer,
                engine.handle,
                engine.handle_wake,
                clock,
                untell=engine.untell,
            )
            return await application.run()
        finally:
            watch.stop()
            await watching
            await writer.close()

    try:
        return asyncio.run(serve())
    finally:
        store.close()
