"""Log lines hold no secret."""

from __future__ import annotations

import io
import logging
import sys
import warnings
from typing import TYPE_CHECKING

import httpx
import pytest
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot import logs
from flows.dialogue.events import Command
from tests.dialogue.player import Player
from tests.standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level, hook = list(root.handlers), root.level, sys.excepthook
    levels = {name: logging.getLogger(name).level for name in logs._FLOORS}
    captured = io.StringIO()
    logs.set_up("DEBUG", [TOKEN, TOKEN.partition(":")[2], "s3cret"], captured)
    yield captured
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    sys.excepthook = hook
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)


def test_message_arguments_and_exceptions_are_cleaned(stream: io.StringIO) -> None:
    """A secret in the message, in an argument, in a traceback or in its stack is masked."""
    log = logging.getLogger("essai")
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
    logging.getLogger("essai").info("%s %s", TOKEN)  # noqa: PLE1206 - the mistake is the point
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
            logging.getLogger("essai").debug("%s", repr_of_bot)
    closed = Bot(TOKEN, base_url=f"{api.url}/bot", request=HTTPXRequest())
    with pytest.raises(TelegramError) as caught:
        await closed.initialize()
    logging.getLogger("essai").error("%r", caught.value, exc_info=caught.value)
    text = stream.getvalue()
    assert "essai" in text
    assert TOKEN.partition(":")[2] not in text
    assert "Dupont" not in text
