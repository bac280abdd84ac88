"""Fifty people who play the real dialogue, as the raw updates Telegram would give.

Each script is rehearsed once on the pure dialogue: it presses buttons by their words, so it follows
the texts and stops with an error when they no longer lead to a draft. What the rehearsal sent, with
the callback data of the buttons it saw, is then replayed by any number of people.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.telegram.outgoing import Item, to_items
from flows.dialogue.conversation import Conversation
from flows.dialogue.events import Command, Event, Pressed, Typed
from flows.dialogue.memory import MemoryBook
from flows.dialogue.screens import Shown
from flows.values import Facts
from tests.dialogue.player import Player
from tests.dialogue.test_causes import CAUSES

NAME = "Camille"
PEOPLE = 50
_PRESSED = 7  # the message under which a button is pressed: any will do
_DAY = 1_795_510_800  # an instant of the rehearsal's day


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a person does, and what the bot sends for it (the answer to a press apart)."""

    event: Event
    items: tuple[Item, ...]


class _Rehearsal(Player):
    """A player who writes down what they do."""

    def __init__(self, person: Facts) -> None:
        super().__init__(conversation=Conversation(person=person))
        self.said: list[Said] = []

    def send(self, event: Event) -> tuple[Shown, ...]:
        """Do one thing and note it."""
        shown = super().send(event)
        pressed = _PRESSED if isinstance(event, Pressed) else None
        self.said.append(Said(event, tuple(to_items(shown, pressed))))
        return shown


@cache
def scripts() -> tuple[tuple[Said, ...], ...]:
    """Give the way of each cause, from /start to a draft that was sent, with typed and pressed answers."""
    return tuple(_script(name) for name in CAUSES)


def _script(cause: str) -> tuple[Said, ...]:
    outcomes, answers, _, document = CAUSES[cause]
    player = _Rehearsal({"creditor_first_name": NAME})
    player.send(Command("start"))
    player.press("facture impayée", "Une société").say("Dupont SARL", "1 250 €", "15/10/2026")
    player.press(*outcomes)
    given = list(answers)
    while player.state in {"probe", "contact_detail"}:
        player.press(given.pop(0) if given else "Je ne sais pas")
    player.press("C’est ça")
    if player.state != "draft" or player.conversation.scratch["document"] != document:
        raise RuntimeError(f"« {cause} » no longer leads to {document}: {player.body}")
    player.press("J’ai")
    if player.state == "sent_how":  # a call is noted at once
        player.press(player.labels[0], "Aujourd’hui")
    return tuple(player.said)


def replay() -> int:
    """Play every script on the pure dialogue with dossiers in memory; give how many steps."""
    steps = 0
    for script in scripts():
        player = Player(conversation=Conversation(person={"creditor_first_name": NAME}))
        player.book = MemoryBook()
        for said in script:
            player.send(said.event)
            steps += 1
    return steps


@dataclass(frozen=True, slots=True)
class Wave:
    """What fifty people do at one moment: raw updates, and the requests that answer them."""

    updates: list[dict[str, Any]]
    requests: int

    def body(self) -> bytes:
        """Give the answer of getUpdates that holds these updates."""
        return json.dumps({"ok": True, "result": self.updates}).encode()


@dataclass(frozen=True, slots=True)
class Numbers:
    """The number of the first update, that of the first chat, and how far apart the chats are."""

    update: int = 1
    chat: int = 1000
    step: int = 1


def waves(updates: int, people: int = PEOPLE, numbers: Numbers = Numbers()) -> Iterator[Wave]:
    """Give `updates` updates, one a person at a time.

    Whoever reaches the end of a script leaves, and somebody new takes the place: chats are as many
    as in life, not fifty that grow without end.
    """
    queues = [_queue(seat, people, numbers) for seat in range(people)]
    update_id = numbers.update - 1
    end = update_id + updates
    while update_id < end:
        wave: list[dict[str, Any]] = []
        requests = 0
        for queue in queues[: end - update_id]:
            chat_id, said = next(queue)
            update_id += 1
            wave.append(raw(update_id, chat_id, said.event))
            requests += len(said.items)
        yield Wave(wave, requests)


def exchanges(updates: int, people: int = PEOPLE) -> Iterator[tuple[dict[str, Any], Said]]:
    """Give the same updates as `waves`, each with what is to be sent for it."""
    queues = [_queue(seat, people, Numbers()) for seat in range(people)]
    for n in range(updates):
        chat_id, said = next(queues[n % people])
        yield raw(n + 1, chat_id, said.event), said


def _queue(seat: int, people: int, numbers: Numbers) -> Iterator[tuple[int, Said]]:
    person = seat
    while True:
        for said in scripts()[person % len(scripts())]:
            yield numbers.chat + person * numbers.step, said
        person += people


def raw(update_id: int, chat_id: int, event: Event) -> dict[str, Any]:
    """Give the update of the Bot API for an event."""
    chat = {"id": chat_id, "type": "private", "first_name": NAME}
    person = {"id": chat_id, "is_bot": False, "first_name": NAME, "language_code": "fr"}
    message: dict[str, Any] = {"message_id": _PRESSED, "date": _DAY, "chat": chat}
    match event:
        case Pressed(data):
            query = {"id": str(update_id), "from": person, "chat_instance": "1", "data": data}
            shown = {**message, "text": "…", "from": {"id": 9, "is_bot": True, "first_name": "b"}}
            return {"update_id": update_id, "callback_query": {**query, "message": shown}}
        case Command(name):
            entity = {"type": "bot_command", "offset": 0, "length": len(name) + 1}
            message |= {"text": f"/{name}", "entities": [entity]}
        case Typed(text):
            message["text"] = text
        case _:
            raise ValueError(f"not played here: {event!r}")
    return {"update_id": update_id, "message": {**message, "from": person}}
