"""What of the law must be renewed, told to the operator at the start and once a day."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.pacing import Loop
from bot.queueing import push
from bot.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from bot.settings import Settings
    from bot.store.writer import Writer
    from flows.law import Law, Renewal

_LOG = logging.getLogger(__name__)
_TICK = 600
"""Seconds between two looks at the calendar: a new day is told within ten minutes."""
_SHOWN = 12


class LawWatch(Loop):
    """One log line a renewal a day, and one message to the operator's chat when there is one.

    The day is that of the clock in the time zone of the settings. A message is queued once a day
    whatever the number of starts; log lines come again with each start.
    """

    def __init__(
        self, law: Law, settings: Settings, writer: Writer, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(_TICK)
        self._law, self._writer, self._clock = law, writer, clock
        self._zone, self._chat = settings.timezone, settings.operator_chat
        self._logged_on: date | None = None
        self._queued_on: date | None = None

    async def run(self) -> None:
        """Look until `stop`."""
        while not self._stopping:
            await self.turn()
            await self._rest(_TICK)

    async def turn(self) -> None:
        """Tell what is due, unless this was done today."""
        now = self._clock()
        today = now.astimezone(self._zone).date()
        if self._queued_on is not None and today <= self._queued_on:
            return
        renewals = self._law.renewals(today)
        if self._logged_on is None or today > self._logged_on:
            self._logged_on = today
            for renewal in renewals:
                _LOG.warning("the law, %s", renewal.english)
        try:
            await self._queue(renewals, today, int(now.timestamp()))
        except StoreError as error:
            _LOG.error("the operator cannot be told, trying again: %s", error)
            return
        self._queued_on = today

    async def _queue(self, renewals: Sequence[Renewal], today: date, now: int) -> None:
        chat = self._chat
        if chat is None or not renewals:
            return
        item = {"kind": "copy", "text": notice(renewals)}
        await self._writer.run(lambda tx: push(tx, chat, [item], now, dedup=f"law:{chat}:{today}"))


def notice(renewals: Sequence[Renewal]) -> str:
    """Write what the operator is told: the first dozen, worst first, then how many more."""
    lines = ["Relance, pour l’exploitant\u00a0: des valeurs du droit sont à renouveler."]
    lines += [f"• {renewal.french}" for renewal in renewals[:_SHOWN]]
    if len(renewals) > _SHOWN:
        lines.append(f"• et {len(renewals) - _SHOWN} autres.")
    return "\n".join([*lines, "«\u00a0relance loi\u00a0» donne le détail."])
