"""The composition root: settings, store, engine, clock, made into the running bot."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.engine import Engine
from bot.limits import limits
from bot.logs import log_unhandled
from bot.store import Store
from flows.dialogue.keeping import Retention
from flows.dialogue.library import Library

if TYPE_CHECKING:
    from socket import socket

    from bot.settings import Settings

_LOG = logging.getLogger(__name__)


def now() -> datetime:
    """Give the present instant: the one place where the bot reads the clock."""
    return datetime.now(UTC)


def open_store(settings: Settings, *, reading: bool = True) -> Store:
    """Open the database of the settings, at the newest schema, with their keys.

    With `reading` False nothing that people said will be read or written: no key is asked for. Raises
    StoreError with one human line.
    """
    store = Store.open(settings.database_url, keys=settings.encryption_keys)
    try:
        store.prepare()
        if reading:
            store.unlock()
    except BaseException:
        store.close()
        raise
    return store


def retention_of(settings: Settings) -> Retention:
    """Give for how long anything is kept."""
    return Retention(settings.retention_days, settings.inactive_days, limits().notice_days)


def build_engine(settings: Settings) -> Engine:
    """Make the dialogue engine. Raises SettingsError when the operator's law file cannot be used."""
    law = None
    if settings.law_file is not None:
        from bot.law_file import read_law

        law, _ = read_law(settings.law_file)
    library = Library(
        law,
        export_minutes=limits().export_minutes,
        room=limits().room,
        retention=retention_of(settings),
        sealed=bool(settings.encryption_keys),
    )
    return Engine(library, settings.timezone)


def run(settings: Settings, clock: Callable[[], datetime] = now) -> int:
    """Run the bot on Telegram until SIGTERM or SIGINT; returns the exit code. `clock` gives the instant."""
    # Imported here: only the running bot pays for the Telegram library.
    import asyncio

    from bot.addresses import bind
    from bot.health import Health, HealthServer
    from bot.keeping import Keeping
    from bot.key_watch import KeyWatch
    from bot.law_watch import LawWatch
    from bot.store.writer import Writer
    from bot.telegram.application import build_application
    from bot.vitals import CountedLines

    engine = build_engine(settings)

    async def serve(store: Store, posts: list[socket], looks: list[socket]) -> int:
        asyncio.get_running_loop().set_exception_handler(log_unhandled)
        writer, law = Writer(store), engine.library.law
        application = build_application(
            settings, writer, engine.handle, engine.handle_wake, clock, untell=engine.untell
        )
        if settings.webhook is not None:
            application.listen(settings.webhook, posts)
        health = Health(application.vitals, writer, law, clock, settings.timezone)
        server = HealthServer(health, looks)
        lines = CountedLines(application.vitals)
        watch = LawWatch(law, settings, writer, clock)
        keeping = Keeping(engine, retention_of(settings), writer, clock)
        keys = KeyWatch(writer, application.stop)
        watching = [asyncio.create_task(one.run()) for one in (watch, keeping, keys)]
        logging.getLogger().addHandler(lines)
        try:
            server.start()
            return await application.run() or keys.exit_code
        finally:
            logging.getLogger().removeHandler(lines)
            for one in (watch, keeping, keys):
                one.stop()
            await asyncio.gather(*watching)
            await server.close()
            await writer.close()

    with ExitStack() as held:
        # Taken before anything starts: an address that is another's ends the process at once.
        hook = settings.webhook
        posts = bind(held, "WEBHOOK_LISTEN", hook.listen if hook else None)
        looks = bind(held, "HEALTH_LISTEN", settings.health_listen)
        store = open_store(settings)
        held.callback(store.close)
        if not settings.encryption_keys:
            _LOG.info("RELANCE_ENCRYPTION_KEY is not set: what people say is kept in clear")
        return asyncio.run(serve(store, posts, looks))
