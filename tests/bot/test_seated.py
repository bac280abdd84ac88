"""One process of several sends and polls; what another left unhandled is taken up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.pacing import Pacer, Policy
from bot.queueing import push
from bot.relay import Outbox
from bot.rescue import Rescue
from bot.store.seat import Seat
from bot.telegram.seated import Seated
from bot.vitals import Vitals

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store import Store
    from bot.store.writer import Writer

    from .conftest import FakeClock

FAST = Policy(overall_rate=1e6, overall_burst=1000, chat_rate=1e6, chat_burst=1000, tick=0.01)


class Given(Seat):
    """A seat that the test gives and takes."""

    def __init__(self) -> None:
        super().__init__()
        self.term = 0

    def give(self, term: int, *, contested: bool = False) -> None:
        self.term, self.contested = term, contested


class Bot:
    """Takes what is sent; holds it while `open` is not set."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.begun = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, _: int, item: dict[str, Any]) -> int:
        self.begun.set()
        await self.open.wait()
        self.sent.append(item["text"])
        return len(self.sent)


def queue(store: Store, clock: FakeClock, chat_id: int, *texts: str) -> None:
    with store.write() as tx:
        push(tx, chat_id, [{"kind": "copy", "text": text} for text in texts], clock.epoch)


async def until(holds: Any) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - the other side knows nothing of the test
            await asyncio.sleep(0.005)


async def test_nothing_is_sent_without_the_seat(
    store: Store, writer: Writer, clock: FakeClock
) -> None:
    """A process without the seat claims nothing and sends nothing, and begins when it gets it."""
    bot, seat = Bot(), Given()
    outbox = Outbox(writer, bot, clock, FAST, seat=seat)
    queue(store, clock, 1, "un")
    running = asyncio.create_task(outbox.run())
    await asyncio.sleep(0.1)
    assert bot.sent == []
    with store.read() as tx:
        assert tx.stats(clock.epoch).out_sending == 0
    seat.give(1)
    await until(lambda: bot.sent)
    outbox.stop()
    await running


async def test_the_seat_lost_while_a_message_is_on_its_way(
    store: Store, writer: Writer, clock: FakeClock
) -> None:
    """What has left ends and is written down; what waited goes back unsent; nothing more is claimed."""
    bot, seat = Bot(), Given()
    bot.open.clear()
    slow = Policy(overall_rate=0.001, overall_burst=1, chat_rate=1e6, chat_burst=1000, tick=0.01)
    outbox = Outbox(writer, bot, clock, slow, seat=seat)
    queue(store, clock, 1, "parti")
    queue(store, clock, 2, "en attente")
    seat.give(1)
    running = asyncio.create_task(outbox.run())
    await bot.begun.wait()
    seat.give(0)
    outbox.kick()
    await asyncio.sleep(0.05)
    bot.open.set()

    def states() -> tuple[int, int]:
        with store.read() as tx:
            stats = tx.stats(clock.epoch)
        return stats.out_sending, stats.out_pending

    await until(lambda: states() == (0, 1))
    assert bot.sent == ["parti"]
    with store.write() as tx:
        (row,) = tx.claim_outbox(clock.epoch)
        assert (row.chat_id, row.maybe_sent) == (2, False)
    outbox.stop()
    await running


async def test_who_sits_next_takes_back_what_was_on_its_way(
    store: Store, writer: Writer, clock: FakeClock
) -> None:
    """What a dead sender had claimed is sent by the next, and known as perhaps sent before."""
    queue(store, clock, 1, "un")
    with store.write() as tx:
        assert tx.claim_outbox(clock.epoch)
    bot, seat = Bot(), Given()
    outbox = Outbox(writer, bot, clock, FAST, seat=seat)
    running = asyncio.create_task(outbox.run())
    seat.give(1)
    await until(lambda: bot.sent == ["un"])
    outbox.stop()
    await running


async def test_a_seat_had_by_another_is_taken_with_care(
    store: Store, writer: Writer, clock: FakeClock
) -> None:
    """Nothing leaves in the first second of who takes the seat after another; at once when nobody had it."""
    for contested in (False, True):
        bot, seat = Bot(), Given()
        outbox = Outbox(writer, bot, clock, FAST, seat=seat)
        seat.give(1, contested=contested)
        queue(store, clock, 1, "un")
        running = asyncio.create_task(outbox.run())
        await asyncio.sleep(0.2)
        assert bool(bot.sent) != contested
        await until(lambda b=bot: b.sent == ["un"])
        outbox.stop()
        await running


async def test_who_follows_another_waits_a_second() -> None:
    """After another sender nothing leaves for a second, then one message a chat, then the usual burst."""
    at = 0.0
    policy = Policy(overall_rate=100, overall_burst=100, chat_rate=1, chat_burst=3)

    async def sleep(seconds: float) -> None:
        nonlocal at
        at += seconds

    pacer = Pacer(policy, lambda: at, sleep)
    pacer.follow(pause=1)
    left = []
    for key in range(3):
        await pacer.wait(1, key)
        left.append(round(at, 2))
    assert left == [1.0, 2.0, 3.0]
    at = 10.0
    for key in range(10, 13):
        await pacer.wait(2, key)
    assert round(at, 2) == 10.0


async def test_polling_follows_the_seat() -> None:
    """A process polls from when it gets the seat until it loses it, again when it gets it again, and not after."""
    changes: list[Callable[[], None]] = []

    class Watched(Given):
        def start(self, on_change: Callable[[], None], on_news: Callable[[], None]) -> None:
            changes.append(on_change)

    class Poller:
        polling = False

        async def run(self, stop: asyncio.Event) -> None:
            self.polling = True
            await stop.wait()
            self.polling = False

    seat, poller = Watched(), Poller()
    seated = Seated(seat, Vitals(), lambda: None)
    seated.start()
    running = asyncio.create_task(seated.poll(poller))  # type: ignore[arg-type]
    for term in (0, 1, 0, 2):
        seat.give(term)
        changes[0]()
        await asyncio.sleep(0.02)
        assert poller.polling == bool(term)
    seated.stop()
    await running
    assert not poller.polling


async def test_what_another_left_is_taken_up(
    store: Store, writer: Writer, clock: FakeClock
) -> None:
    """A chat whose update has waited for a tick is notified; one whose update came just now is not."""
    notified: list[int] = []
    rescue = Rescue(writer, notified.append, clock, 5)
    with store.write() as tx:
        tx.record_update(1, 11, "{}", clock.epoch - 5)
        tx.record_update(2, 12, "{}", clock.epoch - 4)
    assert await rescue.turn() == 1
    assert notified == [11]
