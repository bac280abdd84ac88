"""The bot on a file of its own, with a clock that only moves when told to, and sends that are written down.

The store, the engine and both relay loops are the product's. In their place stand: the clock, Telegram (`deliver`),
and the thread that writes (`Straight`: the same transactions, without the thread).
"""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from unittest.mock import patch
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bot.engine import Engine, StoredBook, dossier_from_row
from bot.pacing import Policy
from bot.relay import Outbox
from bot.store import Conflict, Store
from bot.store.writer import Writer
from bot.telegram.failures import MaybeDelivered, Unreachable
from bot.telegram.outgoing import Item, to_items
from bot.waking import Reminders
from flows.dialogue.actions import read_dossier_button
from flows.dialogue.library import Library
from flows.dossier import Act, ActKind, Dossier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.engine import Arrived
    from bot.store import ConversationRow, OutboxRow, ReminderRow, Tx
    from flows.dialogue.conversation import Conversation, Moment, Step
    from flows.dialogue.events import Event
    from flows.dialogue.screens import Shown
    from flows.values import Facts

T = TypeVar("T")
PARIS = ZoneInfo("Europe/Paris")
LIBRARY = Library()
NO_LIMIT = Policy(overall_rate=1e9, overall_burst=10**9, chat_rate=1e9, chat_burst=10**9)
ROW = "row"
_ROUNDS = 1000
"""Turns of the outbox in one instant: more would mean that it chases itself."""
_SOON = 90.0
"""Seconds: a message put off by no more than this is waited for."""
_PENDING = text("SELECT key, due_at FROM reminders WHERE dossier_id = :it AND status = 'pending'")


class Killed(BaseException):
    """The process ends here, as under a power cut."""


class Straight(Writer):
    """Runs each transaction at once, in the caller's thread, and lets the world know how it ended."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def run(self, work: Callable[[Tx], T], *, retries: int = 2) -> T:
        """Run `work` in a write transaction; whatever it raises undoes it."""
        world = self._world
        for left in range(retries, -1, -1):
            world.begin()
            try:
                with world.store.write() as tx:
                    done = work(tx)
                    if world.cut("before the commit"):
                        raise Killed
            except Conflict:
                if not left:
                    raise
                continue
            world.committed()
            if world.cut("after the commit"):
                raise Killed
            return done
        raise AssertionError("unreachable")

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a read transaction."""
        with self._world.store.read() as tx:
            return work(tx)

    async def close(self) -> None:
        """Nothing runs beside."""


class Named(Outbox):
    """The outbox; each message bears the number of its row, so that one sent twice is known."""

    def _item(self, row: OutboxRow) -> Item:
        return {**super()._item(row), ROW: row.id}


@dataclass(frozen=True, slots=True)
class Saved:
    """A dossier as it was saved: its rows that wait (instants by key), its status, what fired in this very save."""

    n: int
    """Its place in the order of all that happened: the clock may go back, this does not."""
    at: datetime
    chat: int
    dossier: Dossier
    rows: dict[str, int]
    person: Facts
    """What was known of the person: their hour, their zone."""
    nudged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that left. `woken`: a reminder made it; `keys`: which, as (dossier, key)."""

    n: int
    at: datetime
    chat: int
    item: Item
    woken: bool = False
    keys: tuple[tuple[str, str], ...] = ()
    again: bool = False
    """The same row left before: the answer was lost, or the bot was killed before it noted it."""


@dataclass
class Log:
    """What is kept of the life of the bot, in order."""

    saved: list[Saved] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    refused: list[tuple[int, int]] = field(default_factory=list)
    """(n, chat): a message did not reach somebody who blocked the bot."""
    heard: list[tuple[int, int]] = field(default_factory=list)
    """(n, chat): somebody wrote."""
    n: int = 0

    def next(self) -> int:
        """Give the next place in the order of things."""
        self.n += 1
        return self.n


class Watched(Engine):
    """The engine; notes in the world what each step saved."""

    def __init__(self, world: World) -> None:
        super().__init__(LIBRARY, world.zone)
        self._world = world

    def _save(
        self, tx: Tx, row: ConversationRow, book: StoredBook, result: Step, moment: Moment
    ) -> None:
        known = {d.id: book.acts_stored(d.id) for d in result.dossiers}
        gone = [book.get(dossier_id) for dossier_id in result.erased]
        super()._save(tx, row, book, result, moment)
        for dossier in gone:
            if dossier is not None:
                self._note(row.chat_id, erased(dossier, moment), {}, result.conversation, moment)
        self._world.going[row.chat_id] = result.conversation
        changed = {dossier.id: dossier for dossier in result.dossiers}
        for dossier_id in result.reminders:
            dossier = changed.get(dossier_id) or book.get(dossier_id)
            assert dossier is not None
            acts = dossier.acts[known.get(dossier_id, len(dossier.acts)) :]
            nudged = tuple(act.text("key") for act in acts if act.kind is ActKind.NUDGED)
            rows = rows_of(tx, dossier.id)
            self._note(row.chat_id, dossier, rows, result.conversation, moment, nudged)

    def _note(
        self,
        chat: int,
        dossier: Dossier,
        rows: dict[str, int],
        conversation: Conversation,
        moment: Moment,
        nudged: tuple[str, ...] = (),
    ) -> None:
        at, n = moment.now.astimezone(UTC), self._world.log.next()
        saved = Saved(n, at, chat, dossier, rows, conversation.person, nudged)
        self._world.fresh.append(saved)


def erased(dossier: Dossier, moment: Moment) -> Dossier:
    """Stand for a dossier that is no more: ended, it waits for nothing."""
    return dossier.with_act(Act(ActKind.CLOSED, moment.today, moment.now, {"how": "erreur"}))


def rows_of(tx: Tx, dossier_id: str) -> dict[str, int]:
    """Give what waits in the table for a dossier: instants by key."""
    return {row.key: row.due_at for row in tx._connection.execute(_PENDING, {"it": dossier_id})}


def parted(
    items: list[Item], keys: list[tuple[str, str]]
) -> Iterator[tuple[Item, tuple[tuple[str, str], ...]]]:
    """Give each message the reminders it tells: those its buttons name, the rest to the one of the day."""
    alone, many = set[str](), set[int]()
    for place, item in enumerate(items):
        named = {
            read_dossier_button(choice["data"])[:2]
            for row in item.get("buttons", ())
            for choice in row
        }
        if ("nudge" in {action for _, action in named}) or not any(own for own, _ in named):
            many.add(place)
        else:
            alone |= {own for own, _ in named if own}
    for place, item in enumerate(items):
        data = [choice["data"] for row in item.get("buttons", ()) for choice in row]
        own = {read_dossier_button(one)[0] for one in data}
        rest = place in many
        yield item, tuple(k for k in keys if (k[0] not in alone if rest else k[0] in own))


def steady_ids() -> AbstractContextManager[Any]:
    """Number the dossiers of a chat instead of drawing their ids, so that a life can be played again."""
    numbers = defaultdict[int, Iterator[int]](lambda: count(1))

    def numbered(book: StoredBook) -> str:
        return f"d{book._chat_id}n{next(numbers[book._chat_id])}"  # one erased is not named again

    return patch.object(StoredBook, "new_id", numbered)


class World:
    """One bot on one file. `boot` and `crash` make and drop every object; the file stays."""

    def __init__(self, folder: Path, start: datetime, *, zone: ZoneInfo = PARIS) -> None:
        self.now = start.astimezone(UTC)
        self.zone = zone
        self.log = Log()
        self.fresh: list[Saved] = []
        """What the open transaction saves; kept once it is committed."""
        self.to_come: list[tuple[int, Item, tuple[tuple[str, str], ...]]] = []
        self.deliver: Callable[[int, Item, datetime], None] = lambda chat, item, at: None
        """Takes a message for a person; may raise a `DeliveryError`."""
        self.cut: Callable[[str], bool] = lambda where: False
        """Says where the power goes: "before the commit", "after the commit"."""
        self.places: dict[int, Conversation] = {}
        """Where each conversation stands, as it was last committed."""
        self.commits = 0
        self.sending: set[int] = set()
        """Chats a message was sent to and not noted yet."""
        self.going: dict[int, Conversation] = {}
        self.next_due: float = 0
        """Epoch of the next instant at which a reminder may have to be told."""
        self._url = f"sqlite:///{folder}/relance.sqlite3"
        self._messages = 0
        self._woken: defaultdict[int, list[tuple[Item, tuple[tuple[str, str], ...]]]]
        self._woken = defaultdict(list)
        self._rows: set[int] = set()
        self.boot()

    # --- its life ----------------------------------------------------------------------------

    def boot(self) -> None:
        """Make the objects of a bot that starts."""
        self.store = Store.open(self._url, clock=lambda: int(self.now.timestamp()))
        self.store.prepare()
        self.engine = Watched(self)
        self.writer = Straight(self)
        self.reminders = Reminders(self.writer, self._wake, self._clock, lambda: None, NO_LIMIT)
        self.outbox = Named(
            self.writer,
            self._send,
            self._clock,
            NO_LIMIT,
            untell=self._untell,
            pace=self._pace,
            sleep=self._no_sleep,
        )
        with self.store.write() as tx:
            tx.recover_sending()
        self.next_due = 0

    async def crash(self) -> None:
        """Drop every object; what is not in the file is lost."""
        flying = list(self.outbox._flying.values())
        for task in flying:
            task.cancel()
        await asyncio.gather(*flying, return_exceptions=True)
        self.store.close()

    def _clock(self) -> datetime:
        return self.now

    def _pace(self) -> float:
        return self.now.timestamp()

    async def _no_sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)

    # --- what happens to it ------------------------------------------------------------------

    async def event(self, chat: int, event: Event, message_id: int | None = None) -> None:
        """Take one update of a person as the bot does: they can be reached again, then the engine."""

        def work(tx: Tx) -> None:
            row = tx.load_conversation(chat)
            if row is not None and not row.reachable:
                tx.set_reachable(chat, reachable=True)
            self._handle(
                tx,
                chat,
                event,
                update_id=None,
                first_name="Camille",
                now=self.now,
                pressed_message_id=message_id,
            )

        self.next_due = 0
        await self.writer.run(work)
        self.log.heard.append((self.log.next(), chat))

    async def turn(self) -> None:
        """Tell what is due, send what waits."""
        now = self.now.timestamp()
        if now >= self.next_due:
            await self.reminders.turn()
            with self.store.read() as tx:
                at = tx.next_due_at()
            # What is left for now could not be handled: it is tried again at the next tick.
            self.next_due = math.inf if at is None else max(at, now + NO_LIMIT.tick)
        await self.drain()

    async def drain(self) -> None:
        """Send until nothing waits that could leave within a moment."""
        for _ in range(_ROUNDS):
            await self.outbox.turn()
            if flying := list(self.outbox._flying.values()):
                await asyncio.gather(*flying)
            elif not self.outbox._settled:
                with self.store.read() as tx:
                    at = tx.next_send_at()
                if at is None or at - self.now.timestamp() > _SOON:
                    return
                self.now = max(self.now, datetime.fromtimestamp(at, UTC))
        raise AssertionError("the outbox never comes to rest")

    async def advance(self, to: datetime) -> None:
        """Let time pass, each reminder told at its instant."""
        while True:
            await self.turn()
            if self.next_due > to.timestamp():
                break
            self.now = max(self.now, datetime.fromtimestamp(self.next_due, UTC))
        self.now = max(self.now, to.astimezone(UTC))

    # --- what it says ------------------------------------------------------------------------

    def _handle(
        self,
        tx: Tx,
        chat_id: int,
        event: Event,
        *,
        update_id: int | None,
        first_name: str,
        now: datetime,
        pressed_message_id: int | None = None,
        arrived: Arrived | None = None,
    ) -> Sequence[Shown]:
        return self.engine.handle(
            tx,
            chat_id,
            event,
            now=now,
            first_name=first_name,
            pressed_message_id=pressed_message_id,
        )

    def _wake(
        self, tx: Tx, chat_id: int, rows: Sequence[ReminderRow], *, now: datetime
    ) -> Sequence[Shown]:
        before = len(self.fresh)
        shown = self.engine.handle_wake(tx, chat_id, rows, now=now)
        keys = [(one.dossier.id, key) for one in self.fresh[before:] for key in one.nudged]
        self.to_come += [(chat_id, item, own) for item, own in parted(to_items(shown), keys)]
        return shown

    def _untell(
        self, tx: Tx, chat_id: int, told: Sequence[tuple[str, str]], *, now: datetime
    ) -> None:
        self.engine.untell(tx, chat_id, told, now=now)

    def begin(self) -> None:
        """Forget what an undone transaction would have saved."""
        self.fresh, self.to_come, self.going = [], [], {}

    def committed(self) -> None:
        """Keep what the transaction that ends saved."""
        self.commits += 1
        self.log.saved += self.fresh
        self.places.update(self.going)
        if not self.outbox._settled:
            self.sending.clear()
        for chat, item, keys in self.to_come:
            self._woken[chat].append((item, keys))
        self.begin()

    async def _send(self, chat: int, item: Item) -> int | None:
        row: int = item.pop(ROW)
        lost: MaybeDelivered | None = None
        try:
            self.deliver(chat, item, self.now)
        except MaybeDelivered as error:
            lost = error  # it arrived; its answer did not
        except Unreachable:
            if row not in self._rows:  # else: killed before it was noted, the bot tries again
                self.log.refused.append((self.log.next(), chat))
                self._rows.add(row)
            raise
        again, waiting = row in self._rows, self._woken[chat]
        place = next((n for n, (one, _) in enumerate(waiting) if one == item), None)
        if again or place is None:
            self.log.sent.append(Sent(self.log.next(), self.now, chat, item, again=again))
        else:
            _, keys = waiting.pop(place)
            self.log.sent.append(Sent(self.log.next(), self.now, chat, item, woken=True, keys=keys))
        self._rows.add(row)
        self.sending.add(chat)
        if lost:
            raise lost
        self._messages += 1
        return self._messages

    # --- seeing ------------------------------------------------------------------------------

    def dossiers(self, chat: int) -> list[Dossier]:
        """Give the dossiers of a person, the latest changed first."""
        with self.store.read() as tx:
            return [dossier_from_row(row) for row in tx.dossiers_of(chat, limit=500)]
