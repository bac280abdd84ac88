"""The real bot in this process, a crowd of strangers in place of Telegram, and what must hold after each wave.

The bot's own parts run: the reading of updates, the inbox, the engine, the outbox, the making of
files, the library that calls Telegram. In their place stand the network (`telegram.py`), the clock,
the thread that writes, and the processes in which strangers' files are read (the same reading, here).
"""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections import deque
from contextlib import ExitStack
from datetime import datetime, timedelta
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING
from unittest.mock import patch

from sqlalchemy import text
from telegram import Bot

import bot.papers
from bot.engine import Engine
from bot.limits import limits
from bot.pacing import Policy
from bot.store import Store
from bot.telegram.application import Application
from bot.telegram.incoming import Ignored, Intruded, read_update
from flows.dialogue.library import Library
from tests.bench.virtual import Straight
from tests.dialogue.player import PARIS, TODAY
from tests.fuzz.files import make_files
from tests.fuzz.person import Done, Stranger
from tests.fuzz.rules import Rules
from tests.fuzz.telegram import TOKEN, FuzzWorld, HandedUpdates, Strict, file_server
from tests.fuzz.updates import Json, Maker
from tests.fuzz.watch import Figures, accepted, joined_here, told
from tests.year.world import steady_ids

if TYPE_CHECKING:
    pass

PEOPLE = 24
"""Strangers of one generation."""
GENERATION = 5000
"""Updates of one generation: then others come, the clock goes back, and the bot goes on."""
_UNPACED = Policy(
    overall_rate=1e9,
    overall_burst=10**9,
    chat_rate=1e9,
    chat_burst=10**9,
    in_flight=1000,
    download_waits=(),
)
_BUSY = text(
    "SELECT EXISTS (SELECT 1 FROM inbox WHERE status = 'new'),"
    " EXISTS (SELECT 1 FROM outbox WHERE status IN ('pending', 'sending'))"
)
_STUCK = 30.0
"""Seconds after which a wave that is not answered is a defect."""


class Run(Rules):
    """One bot, and generation after generation of strangers."""

    def __init__(self, url: str, seed: int, updates: int, first: int = 0) -> None:
        super().__init__(seed, first - 1)
        self.wanted = updates
        self.now = self._began_at = datetime.combine(TODAY, datetime.min.time(), PARIS)
        self.world = FuzzWorld(self._instant)
        self.telegram = Strict(self.world)
        self.telegram.said = self.check_words
        self.left = 0
        self._over = asyncio.Event()
        self.store = Store.open(url, clock=lambda: int(self.now.timestamp()))
        self.store.prepare()
        self.files = make_files()
        bounds = limits()
        library = Library(export_minutes=bounds.export_minutes, room=bounds.room)
        engine, transport = Engine(library, PARIS), HandedUpdates(self._next)
        self.application = Application(
            Bot(TOKEN, request=self.telegram, get_updates_request=transport),
            transport,
            Straight(self.store),
            self.timed(engine.handle),
            self.timed(engine.handle_wake),
            lambda: self.now,
            _UNPACED,
            engine.untell,
        )
        self._put_watches(self.application)

    def _instant(self) -> float:
        return self.now.timestamp()

    def _put_watches(self, application: Application) -> None:
        downloads, send = application.handlers.fetches._downloads, application._outbox._send
        downloads._accept, downloads._client = accepted, file_server(self.world)

        async def sent(chat: int, item: Json) -> int | None:
            self.check_item(chat, item)
            message_id = await send(chat, item)
            if chat in self.people:
                self.people[chat].see({**item, "message_id": message_id})
            return message_id

        application._outbox._send = sent

    async def play(self) -> Figures:
        """Run until all updates were handled."""
        root = logging.getLogger()
        root.addHandler(self.watch)
        asyncio.get_running_loop().set_exception_handler(self.unhandled)
        began = perf_counter()
        with ExitStack() as stack:
            stack.callback(root.removeHandler, self.watch)
            for one in (steady_ids(), patch.object(bot.papers, "joined_apart", joined_here)):
                stack.enter_context(one)
            running = asyncio.create_task(self.application.run())
            over = asyncio.create_task(self._over.wait())
            await asyncio.wait({running, over}, return_when=asyncio.FIRST_COMPLETED)
            self.application.stop()
            if code := await running:
                self.defect(None, f"the bot ended with {code}")
            over.cancel()
        self.store.close()
        figures = self.figures
        figures.seconds = perf_counter() - began
        figures.calls, figures.foreseen = self.telegram.calls, self.telegram.foreseen
        figures.warnings = self.watch.warnings
        return figures

    # --- what happens ----------------------------------------------------------------------

    async def _next(self) -> bytes:
        """Give what comes next; at the end, or when this fuzzing itself fails, never return."""
        try:
            return await self._looked_at()
        except Exception:  # noqa: BLE001 - the bot would take it for a fault of the network
            self.defect(None, f"the fuzzing failed\n{traceback.format_exc()}")
        self._over.set()
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    async def _looked_at(self) -> bytes:
        """Wait until all was answered, look at it, and give what comes next."""
        await self._settled()
        self.check_wave()
        if self.figures.updates >= self.wanted or self.figures.defects[50:]:
            self.measure()
            self._over.set()
            await asyncio.Event().wait()
        if self.left <= 0:
            self._new_generation()
        await self._let_time_pass()
        return self._wave()

    def _new_generation(self) -> None:
        """Let everybody go, and others come, on the first day again."""
        self.measure()
        self.generation += 1
        self.left = GENERATION
        # Those who were there are never heard again; nor do they hear anything.
        with self.store.write() as tx:
            for chat in self.people:
                tx.load_conversation(chat)
                tx.set_reachable(chat, reachable=False)
        for kept in (self.people, self.places, self.screens, self.recent):
            kept.clear()
        self.world.chats.clear()
        self.world.callbacks.clear()
        self.random = Random(f"{self.seed}:{self.generation}")
        self.now = self._began_at + timedelta(hours=9 + self.generation)
        maker, leaked = Maker(self.random), deque[str](maxlen=300)
        for place in range(PEOPLE):
            number = self.generation * 1000 + place
            person = Stranger(
                self.seed,
                number,
                self.now,
                60,
                maker=maker,
                leaked=leaked,
                shelf=self.world.shelf,
                files=self.files,
            )
            self.people[person.chat] = person
            self.recent[person.chat] = deque(maxlen=25)
            self.world.meet(person.chat)

    async def _let_time_pass(self) -> None:
        """Move the clock, by minutes or by days: what came due meanwhile is told before anybody writes."""
        draw = self.random.random()
        if draw < 0.12:
            self.now += timedelta(days=self.random.choice((0.3, 1, 1, 2, 3, 8)))
        else:
            self.now += timedelta(minutes=self.random.randrange(1, 60))
        self.application._reminders.kick()
        await self._settled(due=True)
        self.check_screens(self.people)

    def _wave(self) -> bytes:
        """Let some of the people do one thing each; give it as the body of getUpdates."""
        self.telegram.reached.clear()
        self.batch = []
        at = int(self.now.timestamp())
        updates: list[Json] = []
        crowd = self.random.sample(sorted(self.people), self.random.randrange(1, PEOPLE + 1))
        for chat in crowd:
            person = self.people[chat]
            done = person.do(self.places.get(chat), self.now, at)
            reached = self._expect(done)
            self.world.chats[chat].blocked = person.is_blocking
            self.number += self.random.choice((1, 1, 1, 2, 50))
            updates.append({"update_id": self.number, **done.update})
            self.batch.append((done, reached))
            self.recent[chat].append(f"{self.now:%d/%m %H:%M} {told(done.update)}")
            self.figures.kinds[done.kind] += 1
        if self.random.random() < 0.2:  # the same again, and not in order
            updates += self.random.sample(updates, min(3, len(updates)))
            self.random.shuffle(updates)
        self.figures.updates += len(updates)
        self.left -= len(updates)
        return json.dumps({"ok": True, "result": updates}).encode()

    def _expect(self, done: Done) -> int | None:
        """Let Telegram know of whom an update comes, so that they can be answered; give the chat to watch."""
        try:
            incoming = read_update({"update_id": 1, **done.update})
        except Exception:  # noqa: BLE001 - whatever it is, it is a defect
            self.defect(None, f"{told(done.update)}\n{traceback.format_exc()}")
            return None
        if isinstance(incoming, Ignored):
            return next(iter(self.people)) if done.answered else None
        self.world.meet(incoming.chat_id, group=isinstance(incoming, Intruded))
        if callback := getattr(incoming, "callback_id", None):
            self.world.pressed(callback, incoming.chat_id)
        return incoming.chat_id

    async def _settled(self, *, due: bool = False) -> None:
        """Wait until nothing is under way; with `due`, until no reminder is due either."""
        app, since = self.application, perf_counter()
        pause = 0.0
        while True:
            await asyncio.sleep(pause)
            if perf_counter() - since > _STUCK:
                self.defect(None, "something never ends")
                return
            pause = 0.0005
            if (
                app.handlers.chats.busy
                or app._outbox._flying
                or app._outbox._settled
                or app.handlers.answers
            ):
                continue
            if app.handlers.fetches._under_way:
                continue
            now = int(self.now.timestamp())
            with self.store.read() as tx:
                waits = any(tx._connection.execute(_BUSY).one())
                next_at = tx.next_due_at() if due else None
            if not waits and (next_at is None or next_at > now):
                return
