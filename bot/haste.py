"""Somebody who writes faster than the answers can leave.

Telegram takes about one message a second in a chat, whatever the bot does: past a minute or two of
answers that wait, whatever more is said is not read, and the person is told so. Nobody else waits
for them: their chat has one worker, and one message on its way at a time.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.limits import limits
from bot.pacing import Buckets
from bot.queueing import push
from bot.telegram.texts import message_text
from flows.dialogue.screens import Toast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.store import Tx
    from flows.dialogue.screens import Shown

_AT_ONCE = 30
"""Updates in a row that nobody looks at: what waits is counted from then on only."""
_HOUR = 3600


class Haste:
    """Tells which chats bring more than `rate` updates a second, for more than a moment."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._chats = Buckets(rate, _AT_ONCE, clock)

    def hurried(self, chat_id: int) -> bool:
        """Note one more update of a chat; True when its answers may be piling up."""
        return self._chats.of(chat_id).take() > 0


def left_unread(tx: Tx, chat_id: int, now: int) -> Sequence[Shown] | None:
    """Give what is said instead of an answer when too many wait to leave; None when they do not.

    The message goes once an hour, behind what waits; a press is told at once.
    """
    most = limits().waiting_answers
    if tx.count_unsent(chat_id, most) < most:
        return None
    words = message_text("hurried")
    once = f"hurried:{chat_id}:{now // _HOUR}"
    push(tx, chat_id, [{"kind": "copy", "text": words}], now, dedup=once)
    return (Toast(words),)
