"""What only one process of several does, the one that has the sender's seat, besides sending: polling.

Telegram lets one process fetch its updates; a webhook is posted to whichever the proxy chooses.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store.seat import Seat
    from bot.telegram.polling import Poller
    from bot.vitals import Vitals


class Seated:
    """Follows the seat in the event loop, and polls while this process has it."""

    def __init__(self, seat: Seat, vitals: Vitals, kick: Callable[[], None]) -> None:
        self._seat, self._vitals, self._kick = seat, vitals, kick
        self._changed = asyncio.Event()
        self._leave = asyncio.Event()
        self._stopping = False

    def start(self) -> None:
        """Try for the seat from now on; `kick` is called when it changes hands and when something is to be sent."""
        loop = asyncio.get_running_loop()

        def soon(what: Callable[[], None]) -> Callable[[], None]:
            def call() -> None:
                loop.call_soon_threadsafe(what)

            return call

        self._vitals.seated(holds=self._seat.holds)
        self._seat.start(soon(self._follow), soon(self._kick))

    def stop(self) -> None:
        """End the polling."""
        self._stopping = True
        self._leave.set()
        self._changed.set()

    async def poll(self, poller: Poller) -> None:
        """Poll until `stop`, whenever this process has the seat. Raises Fatal as the poller does."""
        while not self._stopping:
            self._changed.clear()
            if self._seat.holds:
                self._leave.clear()
                await poller.run(self._leave)
            else:
                await self._changed.wait()

    async def close(self) -> None:
        """Give the seat up: to be called once what was on its way is written down."""
        await asyncio.to_thread(self._seat.close)

    def _follow(self) -> None:
        self._vitals.seated(holds=self._seat.holds)
        self._changed.set()
        if not self._seat.holds:
            self._leave.set()
        self._kick()
