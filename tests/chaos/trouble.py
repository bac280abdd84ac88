"""Everything that can go wrong with a method of the Bot API, once each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.standin import StandIn

SPEAKING = (
    *("sendMessage", "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery"),
    "getUpdates",
)
STARTING = ("getMe", "deleteWebhook", "setMyCommands")
ALL = (*SPEAKING, "getFile", "file", "sendDocument", "sendPhoto")
KINDS = ("429", "cut", "500", "late", "lost", "502")
_LATE_SECONDS = 0.3


def plan(api: StandIn, methods: Iterable[str], kinds: Iterable[str] = KINDS) -> int:
    """Plan each of these troubles once for each method; give how many."""
    for method in methods:
        for kind in kinds:
            match kind:
                case "429":
                    api.faults.refuse(method, 429, retry_after=1)
                case "500" | "502":
                    api.faults.refuse(method, int(kind))
                case "cut":
                    api.faults.drop(method)
                case "late":
                    api.faults.late(method, _LATE_SECONDS)
                case "lost":
                    api.faults.lose_answer(method)
    return api.faults.left
