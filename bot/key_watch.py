"""A bot that another process left without a key ends, so that one that has it takes its place."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.pacing import Loop
from bot.store import KeyMissing, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store.writer import Writer

_LOG = logging.getLogger(__name__)
_LOOK = 2.0
"""Seconds between two looks at the keys the rows are under: one small SELECT."""
KEY_EXIT = 2
"""The exit code of a mistake of the operator: starting again with the same settings would change nothing."""


class KeyWatch(Loop):
    """Calls `end` once rows may be under a key that this process does not have.

    Several replicas whose key is changed in the wrong order would otherwise wait for ever on what the
    others wrote, and the one that sends would hold back everybody's messages.
    """

    def __init__(self, writer: Writer, end: Callable[[], None], look: float = _LOOK) -> None:
        super().__init__(look)
        self._writer, self._end, self._look = writer, end, look
        self.exit_code = 0
        """What the process is to end with: not 0 once a key was missing."""

    async def run(self) -> None:
        """Look until `stop`, or until a key is missing."""
        while not self._stopping:
            try:
                await self._writer.read(lambda tx: tx.check_keys())
            except KeyMissing as missing:
                _LOG.critical("%s", missing)
                self.exit_code = KEY_EXIT
                self._end()
                return
            except StoreError:
                pass  # the loops that need the database say so
            await self._rest(self._look)
