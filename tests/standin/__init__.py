"""A stand-in of the Telegram Bot API: strict, stateful, over HTTP, driven as people drive a bot.

    with StandIn() as api:
        camille = api.person("Camille")
        camille.start()
        camille.expect("Bonjour")
        camille.press("J’ai une facture impayée")

The bot under test is given `api.url` as the address of the Bot API and `api.token` as its token.
The stand-in refuses what Telegram refuses, in its words; what it refused is in `api.violations`.
Only the HTML parse mode and the methods of `registry.METHODS` are known; anything else is
refused.
"""

from __future__ import annotations

from .faults import Faults, Pace
from .limits import ApiError, Limits
from .person import Person, Press
from .server import Call
from .standin import StandIn
from .views import Button, Event, Message

__all__ = [
    "ApiError",
    "Button",
    "Call",
    "Event",
    "Faults",
    "Limits",
    "Message",
    "Pace",
    "Person",
    "Press",
    "StandIn",
]
