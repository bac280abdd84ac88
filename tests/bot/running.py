"""The real bot run in a test, on the stand-in, while a story plays beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from bot.settings import Settings, load_settings
from bot.telegram.application import Application
from tests.standin import StandIn


def settings_of(api: StandIn, folder: Path) -> Settings:
    """Give the settings of a bot that talks to the stand-in and keeps its data in a folder."""
    return load_settings(
        {
            "RELANCE_TELEGRAM_TOKEN": api.token,
            "RELANCE_TELEGRAM_API_URL": api.url,
            "RELANCE_DATA_DIR": str(folder),
        }
    )


def nobody(*_: object, **__: object) -> NoReturn:
    """Stand for the engine where no reminder is to come due."""
    raise AssertionError("a reminder came due")


async def during(app: Application, story: Callable[[], Any]) -> int:
    """Run the bot while `story` plays in a thread; give the exit code."""
    running = asyncio.create_task(app.run())
    try:
        async with asyncio.timeout(30):
            await asyncio.to_thread(story)
    finally:
        app.stop()
        async with asyncio.timeout(15):
            code = await running
    return code
