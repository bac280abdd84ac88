"""Log lines hold no secret."""

from __future__ import annotations

import asyncio
import gc
import io
import logging
import sys
import threading
import warnings
from typing import TYPE_CHECKING

import httpx
import pytest
import sqlalchemy as sa
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot import logs
from bot.store import StoreError
from bot.store.engine import connect, parse
from flows.dialogue.events import Command
from tests.dialogue.player import Player
from tests.standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level, hook = list(root.handlers), root.level, sys.excepthook
    hooks = threading.excepthook, sys.unraisablehook
    levels = {name: logging.getLogger(name).level for name in logs._FLOORS}
    captured = io.StringIO()
    logs.set_up("DEBUG", [TOKEN, TOKEN.partition(":")[2], "s3cret"], captured)
    yield captured
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    sys.excepthook = hook
    threading.excepthook, sys.unraisablehook = hooks
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)


def test_message_arguments_and_exceptions_are_cleaned(stream: io.StringIO) -> None:
    """A secret in the message, in an argument, in a traceback or in its stack is masked."""
    log = logging.getLogger("bot.essai")
    log.info("https://api.telegram.org/bot%s/getMe", TOKEN)
    log.info("adresse %s", httpx.URL(f"https://api.telegram.org/file/bot{TOKEN}/a.pdf"))
    log.info("%r", {"mot": "s3cret"})
    log.info("un autre : bot987654:AAAAbbbbCCCC", stack_info=True)
    log.info("postgresql://relance:autre-mot@base/relance")
    try:
        raise RuntimeError(f"bot{TOKEN} a échoué")
    except RuntimeError:
        log.exception("raté")
    text = stream.getvalue()
    for secret in (TOKEN, TOKEN.partition(":")[2], "s3cret", "987654:AAAA", "autre-mot"):
        assert secret not in text
    assert text.count(logs.MASK) >= 6
    assert "RuntimeError" in text


def test_a_call_with_wrong_arguments_does_not_print_them(
    stream: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    """A logging call that cannot be formatted writes its template, and its arguments nowhere."""
    logging.getLogger("bot.essai").info("%s %s", TOKEN)  # noqa: PLE1206 - the mistake is the point
    assert TOKEN not in stream.getvalue() + capsys.readouterr().err
    assert "%s %s" in stream.getvalue()


def test_uncaught_exceptions_and_warnings_are_cleaned(stream: io.StringIO) -> None:
    """What ends the process, and what Python warns of, goes through the same filter."""
    error = ValueError(f"bot{TOKEN}")
    sys.excepthook(ValueError, error, None)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"bot{TOKEN}", stacklevel=1)
    assert "arrêt inattendu" in stream.getvalue()
    assert TOKEN not in stream.getvalue()


def test_a_step_of_the_dialogue_writes_no_line(stream: io.StringIO) -> None:
    """Several transitions an update, and nothing of them in a log that says all."""
    Player().send(Command("start"))
    assert stream.getvalue() == ""


async def test_the_token_is_in_no_line_of_a_working_bot_at_debug(stream: io.StringIO) -> None:
    """A bot that succeeds, fails and cannot connect at DEBUG never writes its token nor a text."""
    with StandIn(token=TOKEN) as api:
        camille = api.person("Camille")
        camille.start()
        bot = Bot(TOKEN, base_url=f"{api.url}/bot", request=HTTPXRequest())
        async with bot:
            await bot.send_message(camille.id, "Dupont SARL me doit 1250 euros")
            with pytest.raises(TelegramError):
                await bot.send_message(999, "Durand")
            repr_of_bot = repr(bot)
            logging.getLogger("bot.essai").debug("%s", repr_of_bot)
    closed = Bot(TOKEN, base_url=f"{api.url}/bot", request=HTTPXRequest())
    with pytest.raises(TelegramError) as caught:
        await closed.initialize()
    logging.getLogger("bot.essai").error("%r", caught.value, exc_info=caught.value)
    text = stream.getvalue()
    assert "essai" in text
    assert TOKEN.partition(":")[2] not in text
    assert "Dupont" not in text


WORDS = "Quintefeuille 7431"


class HoldingError(ValueError):
    """An error of another library that says what it was given."""


def provoke(what: str) -> None:
    """Raise an error that holds what somebody typed, with two others behind it."""
    try:
        try:
            int(what)
        except ValueError as inner:
            inner.add_note(what)
            raise KeyError(what) from inner
    except KeyError:
        raise HoldingError(what, {"parameters": [what]})  # noqa: B904 - the context is the point


def test_an_exception_is_written_without_its_words(stream: io.StringIO) -> None:
    """Of an error, of those behind it and of a group, the places and kinds are told and nothing that was typed."""
    log = logging.getLogger("bot.essai")
    try:
        provoke(WORDS)
    except ValueError:
        log.exception("raté")
    try:
        dict[str, str]()[WORDS]
    except KeyError as missing:
        log.error("groupe", exc_info=ExceptionGroup(WORDS, [missing, HoldingError(WORDS)]))
    text = stream.getvalue()
    assert "Quintefeuille" not in text
    assert "in provoke" in text
    assert text.count("KeyError") >= 1
    assert "HoldingError" in text
    assert "ExceptionGroup" in text


def test_what_is_written_for_the_operator_is_told(stream: io.StringIO) -> None:
    """The words of an error of the bot itself, or of the system, are kept: they say what to do."""
    for error in (StoreError("Le disque est plein."), FileNotFoundError(2, "absent", "x.sqlite3")):
        try:
            raise error
        except Exception:
            logging.getLogger("bot.essai").exception("raté")
    assert "Le disque est plein." in stream.getvalue()
    assert "x.sqlite3" in stream.getvalue()


def test_a_database_error_is_written_without_its_parameters(stream: io.StringIO) -> None:
    """What SQLAlchemy was to write stands in its error, and in no line."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection, pytest.raises(sa.exc.SQLAlchemyError) as caught:
        connection.execute(sa.text("SELECT nothing_such, :typed"), {"typed": WORDS})
    assert "Quintefeuille" in str(caught.value)
    logging.getLogger("bot.essai").error("raté", exc_info=caught.value)
    engine.dispose()
    assert "OperationalError" in stream.getvalue()
    assert "Quintefeuille" not in stream.getvalue()


def test_an_error_of_the_base_does_not_even_hold_them(tmp_path: Path) -> None:
    """The engine of the store leaves out of its errors what was to be written."""
    engine = connect(parse(f"sqlite:///{tmp_path}/x.sqlite3"))
    with engine.connect() as connection, pytest.raises(sa.exc.SQLAlchemyError) as caught:
        connection.execute(sa.text("SELECT nothing_such, :typed"), {"typed": WORDS})
    engine.dispose()
    assert "Quintefeuille" not in str(caught.value)


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR])
@pytest.mark.parametrize(
    "name",
    ["httpx", "telegram.Bot", "sqlalchemy.engine", "tornado.application", "aiohttp.x", "PIL"],
)
def test_no_other_library_says_what_it_was_given(
    stream: io.StringIO, name: str, level: int
) -> None:
    """At no level does a line of another library hold its arguments or its error's words."""
    log = logging.getLogger(name)
    log.log(level, "doing %r", {"text": WORDS})
    log.log(level, "on\n%s", WORDS)
    try:
        raise ValueError(WORDS)
    except ValueError:
        log.log(level, "Exception in callback %r", ValueError(WORDS), exc_info=True)
    assert "Quintefeuille" not in stream.getvalue()
    assert ("ValueError" in stream.getvalue()) == (
        level >= max(log.getEffectiveLevel(), logging.WARNING)
    )


async def test_what_nobody_took_is_written_without_its_words(stream: io.StringIO) -> None:
    """A task that fails unseen, a thread, a finaliser: each is told by its kind, none by its words."""

    async def fails() -> None:
        raise ValueError(WORDS)

    def fails_in_a_thread() -> None:
        raise ValueError(WORDS)

    class Leaves:
        def __del__(self) -> None:
            raise ValueError(WORDS)

    asyncio.get_running_loop().set_exception_handler(logs.log_unhandled)
    task = asyncio.create_task(fails())
    await asyncio.wait([task])
    del task
    gc.collect()
    thread = threading.Thread(target=fails_in_a_thread)
    thread.start()
    thread.join()
    Leaves()
    gc.collect()
    text = stream.getvalue()
    assert text.count("\nValueError\n") == 3
    assert "Quintefeuille" not in text
