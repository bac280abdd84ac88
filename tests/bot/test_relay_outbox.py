"""The outbox relay: order, pace, and what each failure leads to."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bot.pacing import Bucket, Policy, Window
from bot.queueing import push
from bot.relay import Outbox
from bot.store import ConversationRow, Store, Unavailable
from bot.telegram.failures import (
    TOKEN_EXIT,
    DeliveryError,
    Fatal,
    Flooded,
    MaybeDelivered,
    NotDelivered,
    Rejected,
    ServerTrouble,
    Unreachable,
)
from bot.telegram.texts import message_text

if TYPE_CHECKING:
    from bot.store.writer import Writer

    from .conftest import FakeClock


class FakeBot:
    """Delivers, unless the next planned outcome of that chat is an exception."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, str]] = []
        self.planned: dict[int, list[Exception | None]] = {}
        self.busy: set[int] = set()

    async def __call__(self, chat_id: int, item: dict[str, Any]) -> int:
        assert chat_id not in self.busy, "two messages of one chat at once"
        self.busy.add(chat_id)
        await asyncio.sleep(0)
        self.busy.discard(chat_id)
        outcome = self.planned.get(chat_id, [])
        error = outcome.pop(0) if outcome else None
        if error is None or isinstance(error, MaybeDelivered):
            self.sent.append((chat_id, item["text"]))
        if error is not None:
            raise error
        return len(self.sent)

    def of(self, chat_id: int) -> list[str]:
        return [text for chat, text in self.sent if chat == chat_id]


class FakeTime:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        until = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, until)


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture
def passing() -> FakeTime:
    return FakeTime()


@pytest.fixture
async def relay(writer: Writer, bot: FakeBot, clock: FakeClock, passing: FakeTime) -> Outbox:
    return Outbox(writer, bot, clock, Policy(), pace=passing, sleep=passing.sleep)


def queue(store: Store, clock: FakeClock, chat_id: int, *texts: str) -> None:
    with store.write() as tx:
        tx.load_conversation(chat_id)
        push(tx, chat_id, [{"kind": "copy", "text": text} for text in texts], clock.epoch)


async def turns(relay: Outbox, count: int = 12) -> None:
    for _ in range(count):
        await relay.turn()
        while relay._flying:
            await asyncio.gather(*relay._flying.values())


def counts(store: Store, clock: FakeClock) -> tuple[int, int, int]:
    with store.read() as tx:
        stats = tx.stats(clock.epoch)
    return stats.out_pending, stats.out_sending, stats.out_failed


async def test_each_chat_gets_its_messages_in_order(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock
) -> None:
    """Messages of one chat leave in the order they were pushed, whatever the others do."""
    for n in range(4):
        for chat in (1, 2, 3):
            queue(store, clock, chat, f"{chat}.{n}")
    await turns(relay)
    for chat in (1, 2, 3):
        assert bot.of(chat) == [f"{chat}.{n}" for n in range(4)]
    assert counts(store, clock) == (0, 0, 0)


async def test_the_pace_of_one_chat_is_a_burst_and_then_one_a_second(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock, passing: FakeTime
) -> None:
    """Three messages leave at once, the following twenty take twenty seconds."""
    queue(store, clock, 1, *[str(n) for n in range(3)])
    await turns(relay)
    assert passing.now < 0.1
    queue(store, clock, 1, *[str(n) for n in range(3, 23)])
    await turns(relay, 40)
    assert bot.of(1) == [str(n) for n in range(23)]
    assert passing.now == pytest.approx(20, abs=0.2)


async def test_the_pace_of_all_chats_stays_under_thirty_a_second(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock, passing: FakeTime
) -> None:
    """Ninety chats get their message in about three seconds."""
    for chat in range(90):
        queue(store, clock, chat + 1, "bonjour")
    await turns(relay)
    assert len(bot.sent) == 90
    assert passing.now == pytest.approx(88 / 28, abs=0.2)


def test_a_window_counts_what_may_arrive_within_a_second() -> None:
    """A place is taken from the leaving to a second past the answer; an answer that tarries frees it."""
    now = [0.0]
    window = Window(2, lambda: now[0])
    for key in (1, 2):
        assert window.wait() == 0
        window.enter(key)
    assert 0 < window.wait() <= 0.1, "nothing was answered: look again soon"
    now[0] = 0.4
    window.leave(1)
    assert window.wait() == pytest.approx(1)
    window.leave(1)
    window.leave(99)
    now[0] = 1.3
    assert window.wait() == pytest.approx(0.1)
    now[0] = 1.4
    assert window.wait() == 0
    window.enter(3)
    assert window.wait() > 0
    now[0] = 9.9
    assert window.wait() > 0
    now[0] = 10.0
    assert window.wait() == 0


async def test_those_held_back_together_do_not_leave_as_a_crowd(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock, passing: FakeTime
) -> None:
    """When everything stood still for two seconds, what slept meanwhile leaves at its pace, not at once."""
    left: list[float] = []

    class Late:
        """The first to sleep wakes two seconds late."""

        def __init__(self) -> None:
            self.stalled = False

        async def sleep(self, seconds: float) -> None:
            late = 0 if self.stalled else 2
            self.stalled = True
            await passing.sleep(seconds + late)

    async def send(chat_id: int, item: dict[str, Any]) -> int:
        left.append(passing())
        return await bot(chat_id, item)

    held = Outbox(relay._writer, send, clock, Policy(), pace=passing, sleep=Late().sleep)
    for chat in range(50):
        queue(store, clock, chat + 1, "bonjour")
    await turns(held)
    assert len(left) == 50
    assert max(sum(at - 1 < other <= at for other in left) for at in left) <= 30
    assert left[-1] == pytest.approx(2 + 48 / 28, abs=0.3)


def test_a_bucket_gives_back_what_time_brings_and_no_more() -> None:
    """Tokens come back at the rate, up to the burst, and waits add up in the order of the calls."""
    now = [0.0]
    bucket = Bucket(2, 2, lambda: now[0])
    assert bucket.full()
    assert [bucket.take() for _ in range(4)] == [0, 0, 0.5, 1.0]
    assert not bucket.full()
    now[0] = 100
    assert bucket.full()
    assert [bucket.take() for _ in range(3)] == [0, 0, 0.5]


def test_a_bucket_counts_from_the_latest_arrival() -> None:
    """While a message is on its way nothing comes back: Telegram may count it only when it is answered."""
    now = [0.0]
    bucket = Bucket(1, 1, lambda: now[0])
    assert bucket.take() == 0
    bucket.halt()
    now[0] = 0.4  # answered; whatever it took, the next may leave a second later
    bucket.go_on()
    assert bucket.take() == 1
    now[0] = 1.4
    bucket.halt()
    now[0] = 1.5
    bucket.go_on()
    assert bucket.take() == 1


async def test_a_429_is_waited_out_by_its_chat_and_the_others_go_on(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock
) -> None:
    """The flooded chat waits as told and keeps its order; nobody else waits."""
    bot.planned[1] = [Flooded(7)]
    queue(store, clock, 1, "a", "b")
    queue(store, clock, 2, "c", "d")
    await turns(relay)
    assert bot.sent == [(2, "c"), (2, "d")]
    clock.advance(6)
    await turns(relay)
    assert bot.of(1) == []
    clock.advance(2)
    await turns(relay)
    assert bot.of(1) == ["a", "b"]


async def test_429s_of_two_chats_stop_everybody(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock, passing: FakeTime
) -> None:
    """When several chats are told to wait at once, all wait until the longest is over."""
    bot.planned = {1: [Flooded(7)], 2: [Flooded(9)]}
    queue(store, clock, 1, "a")
    queue(store, clock, 2, "b")
    await turns(relay, 2)
    queue(store, clock, 3, "c")
    assert await relay.turn() == pytest.approx(9)
    await turns(relay)
    assert bot.sent == []
    passing.now += 9.1
    clock.advance(11)
    await turns(relay)
    assert sorted(bot.sent) == [(1, "a"), (2, "b"), (3, "c")]


async def test_many_429s_never_give_a_message_up(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock
) -> None:
    """Waiting as told is no failure, however often."""
    bot.planned[1] = [Flooded(1)] * 40
    queue(store, clock, 1, "a")
    for _ in range(42):
        await turns(relay, 2)
        clock.advance(3)
    assert bot.of(1) == ["a"]


async def test_a_person_who_blocked_the_bot_gets_nothing_more(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock
) -> None:
    """After a 403 the person is unreachable, their queue is dropped, the others get theirs."""
    with store.write() as tx:
        tx.save_conversation(ConversationRow(1, "home", "{}"))
    bot.planned[1] = [Unreachable("403")]
    queue(store, clock, 1, "a", "b", "c")
    queue(store, clock, 2, "d")
    await turns(relay)
    assert bot.sent == [(2, "d")]
    assert counts(store, clock)[:2] == (0, 0)
    with store.read() as tx:
        conversation = tx.load_conversation(1)
    assert conversation is not None
    assert not conversation.reachable


@pytest.mark.parametrize("failure", [MaybeDelivered("ReadTimeout"), ServerTrouble("5xx")])
async def test_an_outage_that_looks_like_failures_loses_nothing(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock, failure: DeliveryError
) -> None:
    """While Telegram answers nothing at all, a message is not tried again and no try of it is counted."""
    away = [failure] * 40

    async def reach() -> None:
        if away:
            raise away.pop()

    relay.reach = reach
    bot.planned[1] = [failure]
    queue(store, clock, 1, "a", "b")
    for _ in range(43):
        await turns(relay, 2)
        clock.advance(61)
    assert bot.of(1) == (["a", "a", "b"] if isinstance(failure, MaybeDelivered) else ["a", "b"])
    assert away == []
    assert counts(store, clock) == (0, 0, 0)


async def test_a_clock_set_back_holds_no_message_for_days(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock, passing: FakeTime
) -> None:
    """What was to be tried in a second by a clock two days ahead is tried within a minute by the right one."""
    bot.planned[1] = [ServerTrouble("5xx")]
    queue(store, clock, 1, "a")
    await turns(relay, 2)
    assert bot.of(1) == []
    clock.advance(-2 * 86_400)
    await turns(relay, 2)
    clock.advance(61)
    passing.now += 61
    await turns(relay, 2)
    assert bot.of(1) == ["a"]


async def test_a_refused_message_is_given_up_without_blocking_its_chat(
    store: Store,
    relay: Outbox,
    bot: FakeBot,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A 400 fails that message only, and what was in it is not logged."""
    bot.planned[1] = [Rejected("400, chose refusée")]
    queue(store, clock, 1, "Dupont me doit 1250", "b")
    await turns(relay)
    assert bot.of(1) == ["b"]
    assert counts(store, clock) == (0, 0, 1)
    assert "given up" in caplog.text
    assert "Dupont" not in caplog.text


@pytest.mark.parametrize("failure", [Rejected("400, chose refusée"), ServerTrouble("5xx")])
async def test_a_reminder_that_telegram_will_not_take_is_told_of(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock, failure: DeliveryError
) -> None:
    """It is given up, but not in silence: a plain sentence with its reference takes its place, once."""
    with store.write() as tx:
        tx.load_conversation(1)
        item = {"kind": "message", "text": "un rappel", "tells": [["d1", "relance_1"]]}
        push(tx, 1, [item], clock.epoch)
    bot.planned[1] = [failure] * 12 if isinstance(failure, ServerTrouble) else [failure]
    for _ in range(14):
        await turns(relay, 2)
        clock.advance(61)
    assert bot.of(1) == [message_text("reminder_failed", reference="M1")]
    assert counts(store, clock) == (0, 0, 1)


async def test_a_lost_answer_is_sent_again_a_bounded_number_of_times(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock
) -> None:
    """A message whose answer was lost is sent again, marked; at most three times in all."""
    bot.planned[1] = [MaybeDelivered("ReadTimeout")]
    queue(store, clock, 1, "a", "b")
    await turns(relay)
    clock.advance(60)
    await turns(relay)
    assert bot.of(1) == ["a", "a", "b"]

    bot.planned[2] = [MaybeDelivered("ReadTimeout")] * 10
    queue(store, clock, 2, "c", "d")
    for _ in range(20):
        await turns(relay, 2)
        clock.advance(61)
    assert bot.of(2)[:3] == ["c", "c", "c"]
    assert "c" not in bot.of(2)[3:]


async def test_waiting_before_a_lost_answer_takes_nothing_from_its_tries(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock
) -> None:
    """429s and outages before do not count: the first lost answer is still tried again."""
    bot.planned[1] = [Flooded(1)] * 4 + [NotDelivered("x")] * 4 + [MaybeDelivered("x")]
    queue(store, clock, 1, "a")
    for _ in range(12):
        await turns(relay, 2)
        clock.advance(61)
    assert bot.of(1) == ["a", "a"]
    assert counts(store, clock) == (0, 0, 0)


async def test_an_outage_loses_nothing(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock
) -> None:
    """Without a connection a message is kept and tried again without end."""
    bot.planned[1] = [NotDelivered("ConnectError")] * 50
    queue(store, clock, 1, "a", "b")
    for _ in range(52):
        await turns(relay, 2)
        clock.advance(61)
    assert bot.of(1) == ["a", "b"]


async def test_a_5xx_is_tried_again_and_given_up_in_the_end(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock
) -> None:
    """Server trouble is retried; one message that always meets it ends by letting the next pass."""
    bot.planned[1] = [ServerTrouble("5xx")] * Policy().attempts
    bot.planned[2] = [ServerTrouble("5xx")] * 3
    queue(store, clock, 1, "a", "b")
    queue(store, clock, 2, "c")
    for _ in range(30):
        await turns(relay, 2)
        clock.advance(61)
    assert bot.of(1) == ["b"]
    assert bot.of(2) == ["c"]
    assert counts(store, clock) == (0, 0, 1)


async def test_a_row_that_cannot_be_read_does_not_stop_the_others(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock
) -> None:
    """A broken payload fails alone."""
    from bot.store import OutgoingRow

    with store.write() as tx:
        tx.push_outbox(1, [OutgoingRow("copy", "pas du json")], clock.epoch)
    queue(store, clock, 1, "b")
    await turns(relay)
    assert bot.of(1) == ["b"]


async def test_what_a_kill_left_on_its_way_is_sent_again(
    store: Store, writer: Writer, relay: Outbox, bot: FakeBot, clock: FakeClock
) -> None:
    """A row claimed by a process that died is taken up at the next start, before the later ones."""
    queue(store, clock, 1, "a", "b")
    with store.write() as tx:
        assert [row.chat_id for row in tx.claim_outbox(clock.epoch)] == [1]
    running = asyncio.create_task(relay.run())
    async with asyncio.timeout(5):
        while bot.of(1) != ["a", "b"]:  # noqa: ASYNC110 - what ends it is in the loop under test
            await asyncio.sleep(0.005)
    relay.stop()
    await running
    assert counts(store, clock) == (0, 0, 0)


async def test_a_kick_sends_at_once(
    store: Store, writer: Writer, bot: FakeBot, clock: FakeClock
) -> None:
    """A new row leaves as soon as the relay is kicked, not at the next tick."""
    relay = Outbox(writer, bot, clock, Policy(tick=3600))
    running = asyncio.create_task(relay.run())
    await asyncio.sleep(0.05)
    queue(store, clock, 1, "a")
    relay.kick()
    async with asyncio.timeout(5):
        while not bot.sent:  # noqa: ASYNC110 - what ends it is in the loop under test
            await asyncio.sleep(0.005)
    relay.stop()
    await running


async def test_stopping_writes_down_what_was_sent_and_puts_back_what_was_not(
    store: Store, writer: Writer, clock: FakeClock
) -> None:
    """At a stop the request under way ends and is marked; one that waited its turn is untouched."""
    started, go = asyncio.Event(), asyncio.Event()
    sent: list[int] = []

    async def slow(chat_id: int, item: dict[str, Any]) -> int:
        started.set()
        await go.wait()
        sent.append(chat_id)
        return 1

    async def long_sleep(seconds: float) -> None:
        await asyncio.sleep(3600)

    policy = Policy(overall_rate=0.001, overall_burst=1)
    relay = Outbox(writer, slow, clock, policy, sleep=long_sleep)
    queue(store, clock, 1, "a")
    queue(store, clock, 2, "b")
    running = asyncio.create_task(relay.run())
    await started.wait()
    relay.stop()
    await asyncio.sleep(0.02)
    go.set()
    await running
    assert sent == [1]
    assert counts(store, clock) == (1, 0, 0)
    with store.write() as tx:
        (left,) = tx.claim_outbox(clock.epoch)
    assert (left.chat_id, left.maybe_sent) == (2, False)


async def test_a_bundle_that_kills_the_bot_is_made_three_times_at_most(
    store: Store, writer: Writer, bot: FakeBot, clock: FakeClock
) -> None:
    """A row that each restart finds on its way is given up with a word; the chat goes on."""
    with store.write() as tx:
        tx.load_conversation(1)
        push(tx, 1, [{"kind": "bundle", "text": "le dossier"}], clock.epoch)
    queue(store, clock, 1, "suite")
    for _ in range(3):
        with store.write() as tx:
            assert [row.kind for row in tx.claim_outbox(clock.epoch)] == ["bundle"]
        with store.write() as tx:  # a new process finds what the killed one left
            tx.recover_sending()
    await turns(Outbox(writer, bot, clock, Policy()))
    assert bot.of(1) == [message_text("bundle_failed"), "suite"]
    assert counts(store, clock) == (0, 0, 0)


async def test_a_bundle_that_waits_for_the_network_is_not_given_up(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock
) -> None:
    """Tries that never left do not count: the bundle is made again once there is a connection."""
    bot.planned[1] = [NotDelivered("hors ligne")] * 5
    with store.write() as tx:
        tx.load_conversation(1)
        push(tx, 1, [{"kind": "bundle", "text": "le dossier"}], clock.epoch)
    for _ in range(6):
        await turns(relay, 2)
        clock.advance(60)
    assert bot.of(1) == ["le dossier"]


async def test_a_refused_token_stops_the_relay(
    store: Store, relay: Outbox, bot: FakeBot, clock: FakeClock
) -> None:
    """A token that Telegram refuses ends the bot, and the message stays."""
    bot.planned[1] = [Fatal("jeton refusé", TOKEN_EXIT)]
    queue(store, clock, 1, "a")
    with pytest.raises(Fatal) as caught:
        async with asyncio.timeout(5):
            await relay.run()
    assert caught.value.exit_code == TOKEN_EXIT
    await relay.settle()
    assert counts(store, clock) == (1, 0, 0)


async def test_what_could_not_be_written_down_is_written_later(
    store: Store,
    writer: Writer,
    relay: Outbox,
    bot: FakeBot,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A database that goes away between sending and marking does not lead to a second sending."""
    queue(store, clock, 1, "a")
    await relay.turn()
    await asyncio.gather(*relay._flying.values())
    working = writer.run

    async def gone(*_: Any, **__: Any) -> Any:
        raise Unavailable("verrouillée")

    monkeypatch.setattr(writer, "run", gone)
    with pytest.raises(Unavailable):
        await relay.turn()
    monkeypatch.setattr(writer, "run", working)
    await turns(relay)
    assert bot.of(1) == ["a"]
    assert counts(store, clock) == (0, 0, 0)
