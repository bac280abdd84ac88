"""A peer of another house: the state machine of aiogram, in memory, with the same twelve questions."""

from __future__ import annotations

import gc
from collections.abc import AsyncGenerator
from importlib.util import find_spec
from time import perf_counter
from typing import Any

from tests.bench.offline import TOKEN
from tests.bench.people import PEOPLE
from tests.bench.script import STEPS, commands, typed

_SAID = (
    '{"ok":true,"result":{"message_id":5,"date":1,"chat":{"id":1,"type":"private"},"text":"ok"}}'
)


def installed() -> bool:
    """Tell whether the peer is there: `make bench` installs it, nothing else needs it."""
    return find_spec("aiogram") is not None


def _bot() -> Any:
    """Make a bot whose every request is answered at once, as `offline.Answers` does for the others."""
    from aiogram import Bot
    from aiogram.client.session.base import BaseSession

    class Offline(BaseSession):
        async def close(self) -> None:
            """Close nothing."""

        async def make_request(self, bot: Any, method: Any, **_: Any) -> Any:
            return self.check_response(bot, method, 200, _SAID).result

        async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
            yield b""

    return Bot(TOKEN, session=Offline())


def _dispatcher() -> Any:
    from aiogram import Dispatcher
    from aiogram.filters import CommandStart
    from aiogram.fsm.state import State, StatesGroup
    from aiogram.fsm.storage.memory import MemoryStorage

    places = {f"question_{n}": State() for n in range(STEPS)}
    group: Any = type("Questions", (StatesGroup,), places)
    states = [getattr(group, name) for name in places]
    dispatcher = Dispatcher(storage=MemoryStorage())

    async def start(message: Any, state: Any) -> None:
        await state.set_state(states[0])
        await message.answer("Question 1 ?")

    def step(place: int) -> Any:
        async def take(message: Any, state: Any) -> None:
            await state.update_data({f"answer {place}": message.text})
            await state.set_state(states[(place + 1) % STEPS])
            await message.answer(f"Question {place + 2} ?")

        return take

    dispatcher.message(CommandStart())(start)
    for place, one in enumerate(states):
        dispatcher.message(one)(step(place))
    return dispatcher


class Machine:
    """Fifty people in the middle of their questions."""

    def __init__(self) -> None:
        self._bot, self._dispatcher = _bot(), _dispatcher()
        self._next = 1

    async def play(self, updates: int) -> float:
        """Answer so many; give updates a second."""
        if self._next == 1:
            for one in commands(PEOPLE):
                await self._dispatcher.feed_raw_update(self._bot, one)
            self._next += PEOPLE
        raws = list(typed(updates, self._next))
        self._next += updates
        gc.collect()
        start = perf_counter()
        for one in raws:
            await self._dispatcher.feed_raw_update(self._bot, one)
        return updates / (perf_counter() - start)
