"""Outgoing messages sent.

The outbox is a table; here is the loop that empties it. No timer in memory is the truth: the loop
asks the table what is due, sleeps until the next due instant or a tick, and is woken at once by
`kick`. `bot.waking` does the same for the reminders.

**Delivery is at least once.** A row is claimed (`sending`) in one transaction and marked in a later
one, so a kill in between, or an answer lost on the way, can send one message twice; nothing else
can. What is done about each failure:

- never left (no connection): tried again without end, each time a little later, up to a minute
  apart;
- 429: waited out as long as Telegram says, for that chat, and for all when several chats meet it at
  once;
- 5xx: tried again later, `Policy.attempts` times in all;
- left and unanswered: marked « perhaps sent » and sent again, at most `Policy.unsure_attempts`
  times in all;
- neither is tried again, nor counted, while Telegram answers nothing else either: it is asked first
  (`Reach`), so that an outage of hours loses nothing, whatever it looks like;
- a bundle on its way when the bot was killed: made again, `Policy.bundle_attempts` times in all, for
  it may be what killed it; then the person is told that it could not be made;
- 403 or no such chat: the person is marked unreachable and what waits for them is dropped, until
  they write again;
- 400: given up and logged, without what was in it; of a reminder the person is told that it could
  not be said.

The messages of one chat leave in order: the next is claimed only once the one before is settled.

Of several processes on one database one sends, the one that has the `Seat`. Who takes it after another
takes back what that one left on its way, like what a kill left.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.pacing import Loop, Pacer, Policy
from bot.queueing import apology, let_go, nothing_untold, push
from bot.store import StoreError
from bot.store.seat import Seat
from bot.telegram.failures import (
    DeliveryError,
    Fatal,
    Flooded,
    MaybeDelivered,
    NotDelivered,
    Rejected,
    ServerTrouble,
    Unreachable,
)
from bot.telegram.outgoing import FAREWELL, Item, decode, told_by
from bot.telegram.texts import message_text
from flows.dialogue.events import Event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.engine import Arrived
    from bot.queueing import Untell
    from bot.store import OutboxRow, Tx
    from bot.store.writer import Writer
    from flows.dialogue.screens import Shown

_LOG = logging.getLogger(__name__)
Clock = Callable[[], datetime]
"""Gives the present instant, aware."""
Send = Callable[[int, Item], Awaitable[int | None]]
"""Sends an item to a chat; gives the message id. Raises DeliveryError."""


Reach = Callable[[], Awaitable[None]]
"""Asks Telegram something harmless. Raises DeliveryError when it does not answer."""


async def reached() -> None:
    """Stand for a Telegram that is there."""


class Handle(Protocol):
    """The engine: one event of one chat, in the caller's transaction; pushes its outbox rows."""

    def __call__(
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
        """Give what was shown (the toasts among it answer the press). `arrived`: the file of a SentFile."""


class Outbox(Loop):
    """Sends what the outbox holds. `clock` decides what is due; `pace` and `sleep` the spacing."""

    def __init__(
        self,
        writer: Writer,
        send: Send,
        clock: Clock,
        policy: Policy | None = None,
        *,
        untell: Untell | None = None,
        seat: Seat | None = None,
        pace: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._policy = policy or Policy()
        super().__init__(self._policy.tick)
        self._untell: Untell = untell or nothing_untold
        self._writer, self._send, self._clock = writer, send, clock
        self._seat = seat or Seat()
        self.reach: Reach = reached
        """What asks whether Telegram answers at all; to be set before `run`."""
        self._term = 0
        self._pacer = Pacer(self._policy, pace, sleep)
        self._pace = pace
        self._flying: dict[int, asyncio.Task[None]] = {}
        self._leaving: set[int] = set()  # rows whose request has been started
        self._tries: dict[
            int, int
        ] = {}  # answers 5xx or lost, by row: 429s and outages do not count
        self._settled: list[Callable[[Tx], object]] = []
        self._fatal: Fatal | None = None
        self._ahead = self._clock().timestamp() - pace()

    async def run(self) -> None:
        """Send until `stop`, while this process has the seat; then let what is under way end.

        Raises Fatal: token refused.
        """
        while not self._stopping:
            try:
                wait = await self.take_part()
            except StoreError as error:
                _LOG.error("the outbox cannot be read, trying again: %s", error)
                wait = self._tick
            if self._fatal is not None:
                raise self._fatal
            await self._rest(wait)
        await self.settle()

    async def take_part(self) -> float:
        """Do a turn if this process has the seat; give the seconds until the next."""
        term = self._seat.term
        if term != self._term:
            # What was claimed under another term is not ours to send any more.
            await self.settle()
            self._term = 0
            if not term:
                return self._tick
            left = await self._writer.run(lambda tx: tx.recover_sending())
            if self._seat.contested or left:
                # A process that was started again took its time; one that takes over did not.
                self._pacer.follow(pause=1 if self._seat.contested else 0)
            self._term = term
        return await self.turn() if term else self._tick

    async def settle(self, grace: float = 5) -> None:
        """Let the requests under way end, put back what only waited its turn, write it all down."""
        for row_id, task in list(self._flying.items()):
            if row_id not in self._leaving:
                task.cancel()
        if self._flying:
            _, late = await asyncio.wait(list(self._flying.values()), timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._write_down(claim=0)

    async def turn(self) -> float:
        """Write down what ended, start what is due; give the seconds until more may be."""
        term, closed = self._seat.term, self._pacer.closed()
        room = 0 if closed > 0 else self._policy.in_flight - len(self._flying)
        if room < self._policy.in_flight // 4:
            room = 0  # by parts: looking for one costs as much as looking for many
        rows, next_at = await self._write_down(claim=room)
        for row in rows:
            if self._seat.term != term:  # lost meanwhile: another sends it
                self._settled.append(_unsent(row))
                continue
            task = asyncio.create_task(self._deliver(row), name=f"send-{row.id}")
            self._flying[row.id] = task
        if closed > 0:
            return closed
        if self._settled:
            return 0
        if room <= len(rows) or next_at is None:
            return self._tick  # the end of a delivery, or a new row, kicks
        return max(0.0, next_at - self._clock().timestamp())

    async def _write_down(self, claim: int) -> tuple[list[OutboxRow], int | None]:
        settled, self._settled = self._settled, []
        now = int(self._clock().timestamp())
        set_back = self._set_back()

        def work(tx: Tx) -> tuple[list[OutboxRow], int | None]:
            if set_back:
                tx.bring_forward(now + self._policy.longest_wait)
            for write in settled:
                write(tx)
            rows = tx.claim_outbox(now, claim) if claim > 0 else []
            return rows, tx.next_send_at() if len(rows) < claim else None

        try:
            return await self._writer.run(work)
        except Exception:
            self._settled = settled + self._settled
            raise

    def _set_back(self) -> bool:
        """Tell whether the clock was set back since this was last asked: what it was to wait for may be days away."""
        before, self._ahead = self._ahead, self._clock().timestamp() - self._pace()
        return before - self._ahead > self._policy.longest_wait

    async def _deliver(self, row: OutboxRow) -> None:
        """Send one row and queue what to write about it. Never raises."""
        try:
            if row.id in self._tries:
                await self._ask_first()
            await self._pacer.wait(row.chat_id, row.id)
            self._leaving.add(row.id)
            message_id = await self._send(row.chat_id, self._item(row))
        except asyncio.CancelledError:
            maybe = row.maybe_sent or row.id in self._leaving
            self._settled.append(_unsent(row, maybe=maybe))
        except DeliveryError as failure:
            self._settled.append(self._after(row, failure))
        except Exception as error:  # noqa: BLE001 - one bad row must not stop the others
            _LOG.error("outbox row %s cannot be sent: %s", row.id, type(error).__name__)
            self._settled.append(self._after(row, Rejected(type(error).__name__)))
        else:
            self._pacer.passed(row.chat_id)
            self._tries.pop(row.id, None)
            sent_at = int(self._clock().timestamp())
            if row.kind == FAREWELL:
                self._settled.append(lambda tx: tx.forget_message(row.id, claim=row.attempts))
            else:
                self._settled.append(
                    lambda tx: tx.mark_sent(row.id, message_id, sent_at, claim=row.attempts)
                )
        finally:
            self._flying.pop(row.id, None)
            self._leaving.discard(row.id)
            self._pacer.left(row.id)
            self.kick()

    async def _ask_first(self) -> None:
        """Learn whether Telegram answers at all. Raises DeliveryError that counts as no try when it does not."""
        try:
            await self.reach()
        except (Fatal, Flooded):
            raise
        except DeliveryError as failure:
            raise NotDelivered(str(failure)) from None

    def _item(self, row: OutboxRow) -> Item:
        """Give what is to be sent of a row: instead of a bundle that may have killed the bot, a word."""
        if (
            row.kind in {"bundle", "export"}
            and row.maybe_sent
            and row.attempts > self._policy.bundle_attempts
        ):
            _LOG.error("outbox row %s is not made again", row.id)
            return {"kind": "copy", "text": message_text(f"{row.kind}_failed")}
        return decode(row.payload)

    def _after(self, row: OutboxRow, failure: DeliveryError) -> Callable[[Tx], object]:
        """Decide what becomes of a row that was not surely delivered."""
        now = self._clock().timestamp()
        reason = str(failure)
        later = int(now) + min(2 ** min(row.attempts, 10), self._policy.longest_wait)

        def retry(at: int, maybe: bool = row.maybe_sent) -> Callable[[Tx], object]:
            return lambda tx: tx.mark_retry(row.id, at, reason, maybe, claim=row.attempts)

        match failure:
            case Flooded():
                self._pacer.hold(row.chat_id, failure.seconds)
                # One more second: the instant is kept in whole seconds.
                return retry(int(now + failure.seconds) + 1)
            case Unreachable():
                at = self._clock()
                return lambda tx: let_go(tx, row.chat_id, self._untell, "403", at, row)
            case NotDelivered():
                return retry(later)
            case ServerTrouble() if self._again(row, self._policy.attempts):
                return retry(later)
            case MaybeDelivered() if self._again(row, self._policy.unsure_attempts):
                _LOG.warning("outbox row %s may be sent twice: %s", row.id, reason)
                return retry(later, maybe=True)
            case Fatal():
                self._fatal = failure
                return retry(later)
            case _:
                _LOG.error("outbox row %s given up: %s", row.id, reason)
                if row.kind == FAREWELL:
                    return lambda tx: tx.forget_message(row.id, claim=row.attempts)
                seen = isinstance(failure, MaybeDelivered)
                return lambda tx: _give_up(tx, row, reason, None if seen else int(now))

    def _again(self, row: OutboxRow, attempts: int) -> bool:
        """Count a try of this process; False when it was the last. A kill resets the count."""
        self._tries[row.id] = self._tries.get(row.id, 0) + 1
        if self._tries[row.id] < attempts:
            return True
        del self._tries[row.id]
        return False


def _give_up(tx: Tx, row: OutboxRow, reason: str, at: int | None) -> None:
    """Give a message up. Of a reminder that did not come the person is told, in plain words, at `at`."""
    try:
        tells = bool(told_by([row.payload]))
    except ValueError:  # what cannot be read tells nothing
        tells = False
    if tx.mark_failed(row.id, reason, claim=row.attempts) and at and tells:
        push(tx, row.chat_id, apology("reminder_failed", f"M{row.id}"), at)


def _unsent(row: OutboxRow, *, maybe: bool | None = None) -> Callable[[Tx], object]:
    """Put back a row that was claimed and did not leave, or not for sure."""
    unsure = row.maybe_sent if maybe is None else maybe
    return lambda tx: tx.mark_retry(row.id, 0, "arrêt", unsure, claim=row.attempts)
