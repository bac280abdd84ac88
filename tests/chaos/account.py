"""What is compared: all that is kept of a person, all they read, and which repeats are explained."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from tests.acceptance.visitor import said_to, without_repeats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.chaos.mortal import MortalBot
    from tests.standin import Call, Person, StandIn

_LOST = {"lose", "stall"}
_SENDS = {"sendMessage", "sendDocument", "sendPhoto"}


@dataclass(frozen=True)
class End:
    """Where one person is at the end."""

    kept: str
    read: tuple[str, ...]
    """What they read, repeats left out."""
    sent: tuple[tuple[str, int], ...]
    """What was sent, with how often in a row."""


def end_of(bot: MortalBot, api: StandIn, person: Person) -> End:
    """Give where a person is."""
    runs = [(text, len(calls)) for text, calls in _runs(api, person)]
    return End(bot.rows(person), tuple(without_repeats(said_to(person))), tuple(runs))


def repeats(api: StandIn, person: Person, calm: End, kills: Sequence[float]) -> tuple[int, int]:
    """Count what was sent again, and how much of it no kill and no lost answer explains.

    `kills` are instants of the stand-in's clock, each between the kill and the next start.
    """
    again = unexplained = 0
    for (_, calls), (_, wanted) in zip(_runs(api, person), calm.sent, strict=True):
        explained = sum(
            first.injected in _LOST or any(first.at <= at <= second.at for at in kills)
            for first, second in pairwise(calls)
        )
        again += len(calls) - wanted
        unexplained += max(0, len(calls) - wanted - explained)
    return again, unexplained


def _runs(api: StandIn, person: Person) -> list[tuple[str, list[Call]]]:
    """Give what reached somebody as a message of its own, alike ones in a row together."""
    done = [c for c in api.calls(chat_id=person.id) if c.method in _SENDS and c.result]
    return [(text, list(calls)) for text, calls in groupby(done, _words)]


def _words(call: Call) -> str:
    given = call.params
    return str(given.get("text") or given.get("caption") or call.method)
