"""What can go wrong toward Telegram, sorted by what to do about it.

The library's own classes mislead: `BadRequest` and `TimedOut` are both `NetworkError`, and a
time-out says nothing about whether the message arrived. The relay and the poller see only the
classes below.
"""

# ruff: noqa: N818 - what happened reads better than « …Error »

from __future__ import annotations

CONFLICT_EXIT = 75  # EX_TEMPFAIL: another process holds the bot
TOKEN_EXIT = 78  # EX_CONFIG


class DeliveryError(Exception):
    """Something was not done. The text holds no personal data and no token."""


class Flooded(DeliveryError):
    """Telegram asks to wait `seconds` (429)."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"429, attendre {seconds:g} s")
        self.seconds = seconds


class Unreachable(DeliveryError):
    """The person blocked the bot, or the account is gone."""


class Rejected(DeliveryError):
    """Telegram will never take this message (400)."""


class NotDelivered(DeliveryError):
    """No answer because no connection: surely not delivered."""


class ServerTrouble(DeliveryError):
    """Telegram answered that it could not do it (5xx)."""


class MaybeDelivered(DeliveryError):
    """The request left and no answer came: it may have been delivered."""


class Fatal(DeliveryError):
    """The bot cannot go on; `exit_code` tells the supervisor why."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Contested(DeliveryError):
    """Another process is fetching this bot's updates (409)."""
