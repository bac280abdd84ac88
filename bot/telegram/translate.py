"""The library's exceptions, as the failures the relay and the poller know."""

from __future__ import annotations

import re
from datetime import timedelta

from telegram import error as tg

from bot.telegram.failures import (
    TOKEN_EXIT,
    Contested,
    DeliveryError,
    Fatal,
    Flooded,
    MaybeDelivered,
    NotDelivered,
    Rejected,
    ServerTrouble,
    Unreachable,
)

_NEVER_LEFT = frozenset(
    {"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "ProxyError"}
)
_NOBODY_THERE = ("chat not found", "user is deactivated", "peer_id_invalid", "bot was blocked")


def translate(error: Exception) -> DeliveryError:
    """Give the failure an exception of the library stands for."""
    match error:
        case DeliveryError():
            return error
        case tg.RetryAfter():
            wait = error.retry_after
            return Flooded(wait.total_seconds() if isinstance(wait, timedelta) else float(wait))
        case tg.Forbidden():
            return Unreachable("403")
        case tg.InvalidToken():
            return Fatal(
                "RELANCE_TELEGRAM_TOKEN : Telegram refuse ce jeton ; demandez-en un à @BotFather.",
                TOKEN_EXIT,
            )
        case tg.Conflict():
            return Contested("409")
        case tg.BadRequest():
            if any(sign in error.message.lower() for sign in _NOBODY_THERE):
                return Unreachable("400, chat introuvable")
            return Rejected(f"400, {_impersonal(error.message)}")
        case tg.ChatMigrated() | tg.EndPointNotFound():
            return Rejected(type(error).__name__)
        case tg.NetworkError():
            return _network(error)
        case _:
            return Rejected(type(error).__name__)


def _network(error: Exception) -> DeliveryError:
    """Tell whether the request left, by the transport's own exception.

    Without one, an answer came back.
    """
    cause = error.__cause__
    name = type(cause).__name__ if cause is not None else ""
    if name in _NEVER_LEFT:
        return NotDelivered(name)
    if cause is not None and type(cause).__module__.partition(".")[0] in {"httpx", "httpcore"}:
        return MaybeDelivered(name)
    if "timed out" in str(error).lower():
        return MaybeDelivered("TimedOut")
    return ServerTrouble("5xx")


def _impersonal(text: str) -> str:
    """Keep the sentence of Telegram, without what it quotes of the message."""
    return re.sub(r"[\"“«'].*[\"”»']", "…", text, flags=re.DOTALL)[:120]
