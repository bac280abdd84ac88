"""Many people, one bot, a year: hour after hour, with everything that can go wrong."""

from __future__ import annotations

import heapq
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.telegram.failures import MaybeDelivered, NotDelivered, Unreachable
from flows.dialogue.events import Command, Pressed, Typed
from tests.year.person import FIRST_CHAT, Person
from tests.year.weather import HOUR, START, Weather
from tests.year.world import Killed, World, steady_ids

if TYPE_CHECKING:
    from bot.telegram.outgoing import Item
    from flows.dialogue.events import Event

_A_MOMENT = timedelta(seconds=12)
"""A second look of the loops: what a first one found may make something else due."""
_FORGOTTEN = timedelta(hours=24)
"""Telegram keeps an update for a bot that is down no longer than this."""


@dataclass(frozen=True, slots=True)
class Tick:
    """An hour at which the bot was up and had told all it had to: place in the order, real time, its own clock."""

    n: int
    real: datetime
    now: datetime


@dataclass
class Year:
    """The year of some people. `play` lives it; the rest is what was seen."""

    seed: int
    numbers: Iterable[int]
    folder: Path
    days: int = 365
    start: datetime = START
    people: dict[int, Person] = field(default_factory=dict)
    ticks: list[Tick] = field(default_factory=list)
    """When the bot was up and had told all it had to tell."""
    failures: list[tuple[int, str]] = field(default_factory=list)
    """What the bot could not do, by chat (0: whose it was is not known)."""
    events: int = 0
    restarts: int = 0

    def __post_init__(self) -> None:
        self.weather = Weather(self.seed, self.days, self.start)
        self.people = {
            FIRST_CHAT + n: Person(self.seed, n, self.start, self.days) for n in self.numbers
        }
        self.world = World(self.folder, self.start)
        self.world.deliver = self._deliver
        self.world.cut = self._cut
        self.real = self.start
        self._agenda: list[tuple[datetime, int, int]] = []
        self._left: dict[int, int] = {}
        """How many things each person of this hour still does."""
        self._backlog: defaultdict[int, list[tuple[datetime, Event]]] = defaultdict(list)
        self._doomed: set[str] = set()
        self._begun: set[datetime] = set()
        self._up = True

    # --- the year ----------------------------------------------------------------------------

    async def play(self) -> None:
        """Live it to its end."""
        for chat, person in self.people.items():
            for visit in person.visits():
                heapq.heappush(self._agenda, (visit, chat, person.patience()))
        with steady_ids(), _Watch(self.failures):
            for hour in range(24 * self.days):
                await self._hour(self.start + HOUR * hour)
            await self.world.crash()
            self.world.boot()

    async def _hour(self, real: datetime) -> None:
        self.real = real
        down = self.weather.is_down(real)
        if down and self._up:
            await self.world.crash()
        elif not down and not self._up:
            self.world.boot()
        came_back, self._up = not down and not self._up, not down
        self.world.now = real + self.weather.offset(real)
        if not down:
            if came_back:
                await self._catch_up()
            await self._turn()
            self.ticks.append(Tick(self.world.log.next(), real, self.world.now))
        await self._sittings(down)

    async def _catch_up(self) -> None:
        """Take what was written while the bot was down, as Telegram kept it."""
        for chat, waiting in sorted(self._backlog.items()):
            for at, event in waiting:
                if self.real - at <= _FORGOTTEN:
                    await self._take(chat, event)
        self._backlog.clear()

    async def _sittings(self, down: bool) -> None:
        while self._agenda and self._agenda[0][0] < self.real + HOUR:
            _, chat, steps = heapq.heappop(self._agenda)
            if not self.people[chat].blocked(self.real):
                self._left[chat] = max(self._left.get(chat, 0), steps)
        minute = 0
        while self._left:
            minute += 1
            self.world.now = self.real + self.weather.offset(self.real) + timedelta(minutes=minute)
            for chat in sorted(self._left):
                await self._one(chat, down)
            if not down:
                await self._turn()
            self._left = {c: n - 1 for c, n in self._left.items() if n > 1 and not down}

    async def _one(self, chat: int, down: bool) -> None:
        person = self.people[chat]
        event = person.act(self.world.places.get(chat), self.world.now, self.real)
        person.story.append((self.world.now, f"{'(bot down) ' if down else ''}{told(event)}"))
        if down:
            self._backlog[chat].append((self.real, event))
            return
        await self._take(chat, event)

    # --- what goes wrong ---------------------------------------------------------------------

    async def _take(self, chat: int, event: Event) -> None:
        """Hand an event over; killed before it was kept, it comes again."""
        self.events += 1
        for _ in range(3):
            done = self.world.commits
            try:
                await self.world.event(chat, event)
            except Killed:
                await self._reboot(chat)
                if self.world.commits > done:
                    return
            except Exception as error:  # noqa: BLE001 - a fault of the bot is what is looked for
                self.failures.append((chat, f"{told(event)}: {type(error).__name__}: {error}"))
                return
            else:
                return

    async def _turn(self) -> None:
        """Let the loops do what is due, whatever kills them."""
        while True:
            try:
                await self.world.advance(self.world.now + _A_MOMENT)
            except Killed:
                await self._reboot(0)
            else:
                return

    async def _reboot(self, chat: int) -> None:
        self.restarts += 1
        await self.world.crash()
        self.world.boot()
        if chat:
            self.people[chat].story.append((self.world.now, "(the bot is killed and starts again)"))

    def _cut(self, where: str) -> bool:
        """Fail the power once in an hour that has a failure for one of those concerned."""
        if self.real not in self.weather.kills:
            return False
        chats = {one.chat for one in self.world.fresh} | self.world.sending
        for chat in chats:
            name = f"{where} {'send' if self.world.sending else 'save'}"
            mark = f"{chat} {name} {self.real}"
            if mark not in self._doomed and self.weather.chance(chat, name, self.real, 12):
                self._doomed.add(mark)
                return True
        return False

    def _deliver(self, chat: int, item: Item, now: datetime) -> None:
        person = self.people[chat]
        if person.blocked(self.real):
            person.story.append((now, "(blocked: nothing reaches them)"))
            raise Unreachable("403")
        mark = f"{chat} lost {self.real}"
        if mark not in self._doomed:
            if self.weather.chance(chat, "not delivered", self.real, 211):
                self._doomed.add(mark)
                raise NotDelivered("no connection")
            if self.weather.chance(chat, "lost", self.real, 307):
                self._doomed.add(mark)
                self._arrives(person, item, now)
                raise MaybeDelivered("no answer")
        self._arrives(person, item, now)

    def _arrives(self, person: Person, item: Item, now: datetime) -> None:
        person.see(item)
        text = str(item.get("text", item.get("caption", item["kind"])))
        person.story.append((now, "    « " + " ".join(text.split())[:110]))
        if person.chat not in self._left and (when := person.reaction(self.real)):
            heapq.heappush(self._agenda, (when, person.chat, person.patience()))


def told(event: Event) -> str:
    """Write an event in a line."""
    match event:
        case Typed(text):
            return f"types {text}"
        case Pressed(data):
            return f"presses {data}"
        case Command(name, _):
            return f"/{name}"
        case _:
            return type(event).__name__


class _Watch(logging.Handler):
    """Takes what the bot logs as an error: nothing of a year may be one."""

    def __init__(self, failures: list[tuple[int, str]]) -> None:
        super().__init__(logging.ERROR)
        self._failures = failures

    def emit(self, record: logging.LogRecord) -> None:
        error = f": {record.exc_info[1]!r}" if record.exc_info else ""
        self._failures.append((0, record.getMessage() + error))

    def __enter__(self) -> None:
        logging.getLogger("bot").addHandler(self)

    def __exit__(self, *_: object) -> None:
        logging.getLogger("bot").removeHandler(self)
