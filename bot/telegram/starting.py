"""The start: Telegram reached, told where updates go, and given the commands that are published."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from telegram import BotCommand
from telegram.error import TelegramError

from bot.telegram.failures import Fatal
from bot.telegram.texts import load_descriptions
from bot.telegram.translate import translate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Bot

    from bot.vitals import Vitals

_LOG = logging.getLogger(__name__)


async def connect(
    bot: Bot, announce: Callable[[], Awaitable[None]], stop: asyncio.Event, vitals: Vitals
) -> bool:
    """Reach Telegram, however long it takes, and `announce`; False when asked to stop meanwhile.

    Raises Fatal: the token, or the address of the webhook, is refused.
    """
    wait = 1.0
    while not stop.is_set():
        try:
            await bot.initialize()
            await announce()
        except TelegramError as error:
            failure = translate(error)
            vitals.trouble(failure)
            if isinstance(failure, Fatal):
                raise failure from None
            _LOG.warning("Telegram ne répond pas encore (%s)", failure)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
            wait = min(wait * 2, 30)
        else:
            vitals.connected = True
            await post_init(bot)
            _LOG.info("en marche : @%s", bot.username)
            return True
    return False


async def post_init(bot: Bot) -> None:
    """Publish commands and descriptions, for French and for everybody.

    Never fatal: the bot works without.
    """
    texts = load_descriptions()
    commands = [BotCommand(name, words) for name, words in texts.commands.items()]
    for language in (None, "fr"):
        try:
            await bot.set_my_commands(commands, language_code=language)
            await bot.set_my_description(texts.description, language_code=language)
            await bot.set_my_short_description(texts.short_description, language_code=language)
        except TelegramError as error:
            _LOG.warning("commands and descriptions not published: %s", translate(error))
            return
