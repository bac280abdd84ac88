"""The webhook beside a store that fails, a Telegram that refuses, and strangers who insist."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client import generate_latest
from telegram import Bot
from telegram.error import BadRequest

from bot.addresses import Address, Webhook, bind
from bot.store import Unavailable
from bot.telegram.failures import TOKEN_EXIT, Fatal
from bot.telegram.webhook import Hook
from bot.vitals import Vitals
from tests.acceptance.posting import PATH, SECRET, exchange, free_port, message, post

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.standin import StandIn

CANARY = "Dupont-SARL-et-son-montant"


class Store:
    """Stands for the inbox: keeps what it is given, unless told to fail."""

    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []
        self.failure: Exception | None = None
        self.free = asyncio.Event()
        self.free.set()
        self.begun = asyncio.Event()

    async def __call__(self, batch: list[dict[str, Any]]) -> None:
        self.begun.set()
        await self.free.wait()
        if self.failure is not None:
            raise self.failure
        self.kept += batch


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
async def bot(api: StandIn) -> AsyncIterator[Bot]:
    async with Bot(api.token, base_url=f"{api.url}/bot") as made:
        yield made


@pytest.fixture
async def store() -> Store:
    return Store()


@pytest.fixture
def webhook() -> Webhook:
    port = free_port()
    return Webhook(f"http://127.0.0.1:{port}{PATH}", SECRET, Address("127.0.0.1", port))


@pytest.fixture
def hook(bot: Bot, webhook: Webhook, store: Store, held: ExitStack) -> Hook:
    sockets = bind(held, "WEBHOOK_LISTEN", webhook.listen)
    return Hook(bot, webhook, sockets, store, Vitals(), look_seconds=0.05)


@pytest.fixture
async def running(hook: Hook) -> AsyncIterator[asyncio.Event]:
    """The hook receiving; the event ends it."""
    await hook.announce()
    stop = asyncio.Event()
    task = asyncio.create_task(hook.run(stop))
    yield stop
    stop.set()
    async with asyncio.timeout(10):
        await task


async def posted(hook: Hook, body: Any, **more: Any) -> int:
    return await asyncio.to_thread(post, hook.webhook.listen.port, body, **more)


async def test_200_comes_after_the_commit(hook: Hook, store: Store, running: asyncio.Event) -> None:
    """No byte is answered while the update is being stored, and 200 once it is."""
    store.free.clear()
    answer = asyncio.create_task(posted(hook, message(1, "un")))
    await store.begun.wait()
    await asyncio.sleep(0.1)
    assert not answer.done()
    store.free.set()
    assert await answer == 200
    assert [update["update_id"] for update in store.kept] == [1]


@pytest.mark.parametrize(
    ("failure", "status"),
    [(Unavailable("La base est occupée."), 503), (RuntimeError(CANARY), 500)],
)
async def test_what_was_not_stored_is_not_acknowledged(
    hook: Hook,
    store: Store,
    running: asyncio.Event,
    caplog: pytest.LogCaptureFixture,
    failure: Exception,
    status: int,
) -> None:
    """A database away is 503, a bug 500; the log says it once a minute, without the error's own words."""
    caplog.set_level(logging.DEBUG)
    store.failure = failure
    assert [await posted(hook, message(n, CANARY)) for n in range(5)] == [status] * 5
    lines = [r.getMessage() for r in caplog.records if r.name == "bot.telegram.webhook"]
    assert len(lines) == 1
    assert str(status) in lines[0]
    assert CANARY not in caplog.text
    store.failure = None
    assert await posted(hook, message(0, CANARY)) == 200


async def test_a_store_that_hangs_is_answered_503(
    hook: Hook, store: Store, running: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A post waits for the database no longer than its bound."""
    monkeypatch.setattr("bot.limits.Limits.update_seconds", 0.05, raising=False)
    store.free.clear()
    assert await posted(hook, message(1, "un")) == 503
    store.free.set()


async def test_every_secret_is_compared_in_constant_time(
    hook: Hook, running: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is shown, right, wrong, missing or long, goes through hmac.compare_digest."""
    compared: list[bytes] = []
    real = hmac.compare_digest

    def spy(given: bytes, secret: bytes) -> bool:
        compared.append(given)
        assert secret == SECRET.encode()
        return real(given, secret)

    monkeypatch.setattr("bot.telegram.webhook.hmac.compare_digest", spy)
    shown = [SECRET, "", None, "x" * 5000, SECRET + "x"]
    assert [await posted(hook, message(1, "un"), secret=one) for one in shown] == [200] + [403] * 4
    assert compared == [(one or "").encode() for one in shown]


async def test_a_stranger_s_body_is_not_waited_for(hook: Hook, running: asyncio.Event) -> None:
    """Without the secret, headers alone are answered: none of the body is read."""
    head = f"POST {PATH} HTTP/1.1\r\nHost: bot\r\nContent-Length: 900000\r\n\r\n".encode()
    status, _ = await asyncio.to_thread(exchange, hook.webhook.listen.port, [head], timeout=2)
    assert status == 403


async def test_refusals_do_not_fill_the_log(
    hook: Hook, running: asyncio.Event, caplog: pytest.LogCaptureFixture
) -> None:
    """Fifty wrong secrets leave one line; the answers tell neither the server nor its version."""
    caplog.set_level(logging.DEBUG)
    for _ in range(50):
        assert await posted(hook, message(1, CANARY), secret="faux-secret") == 403
    ours = [r for r in caplog.records if r.name == "bot.telegram.webhook"]  # a port may hold 403
    lines = [r for r in ours if "403" in r.getMessage()]
    assert len(lines) == 1
    assert "faux" not in caplog.text
    _, answer = await asyncio.to_thread(
        exchange,
        hook.webhook.listen.port,
        [b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"],
    )
    assert b"ornado" not in answer


async def test_asked_to_end_it_finishes_what_it_reads(
    hook: Hook, store: Store, running: asyncio.Event
) -> None:
    """A post under way when the bot is asked to end is stored and answered 200."""
    store.free.clear()
    answer = asyncio.create_task(posted(hook, message(1, "un")))
    await store.begun.wait()
    running.set()
    await asyncio.sleep(0.1)
    with pytest.raises(ConnectionRefusedError):
        await posted(hook, message(2, "deux"))
    store.free.set()
    assert await answer == 200
    assert len(store.kept) == 1


async def test_a_sender_who_leaves_holds_up_nothing(
    hook: Hook, store: Store, running: asyncio.Event
) -> None:
    """A post cut off in its body is no 200; one cut off while it was stored is stored; both have ended."""
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
    )
    _, half = await asyncio.open_connection("127.0.0.1", hook.webhook.listen.port)
    half.write(f"{head}Content-Length: 500\r\n\r\n{{".encode())
    await half.drain()
    body = json.dumps(message(2, "deux"))
    store.free.clear()
    _, whole = await asyncio.open_connection("127.0.0.1", hook.webhook.listen.port)
    whole.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
    await store.begun.wait()
    assert hook._under_way == 2
    half.close()
    whole.close()
    await asyncio.sleep(0.1)
    assert hook._under_way == 1
    store.free.set()
    async with asyncio.timeout(2):
        await hook._idle.wait()
    assert [update["update_id"] for update in store.kept] == [2]
    text = generate_latest(hook._vitals.registry).decode()
    assert 'relance_webhook_requests_total{status="499"} 1.0' in text


async def test_a_connection_kept_open_is_told_503_at_the_end(
    hook: Hook, store: Store, running: asyncio.Event
) -> None:
    """On a connection that was open before, a post that comes during the end is 503, not lost."""
    store.free.clear()
    answer = asyncio.create_task(posted(hook, message(1, "un")))
    await store.begun.wait()
    reader, writer = await asyncio.open_connection("127.0.0.1", hook.webhook.listen.port)
    await asyncio.sleep(0.05)
    running.set()
    await asyncio.sleep(0.05)
    body = json.dumps(message(2, "deux")).encode()
    writer.write(
        f"POST {PATH} HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    assert (await reader.readline()).startswith(b"HTTP/1.1 503")
    writer.close()
    store.free.set()
    assert await answer == 200
    assert [update["update_id"] for update in store.kept] == [1]


async def test_a_webhook_taken_away_is_set_again(
    api: StandIn, hook: Hook, running: asyncio.Event
) -> None:
    """When another process took the webhook away, the bot notices and sets it again."""
    api.world.queue.webhook = None
    for _ in range(500):
        if api.world.queue.webhook is not None:
            break
        await asyncio.sleep(0.01)
    assert len(api.calls("setWebhook")) == 2


async def test_a_token_revoked_meanwhile_ends_the_bot(api: StandIn, hook: Hook) -> None:
    """A token that Telegram refuses while the bot receives ends it with the code of a bad token."""
    await hook.announce()
    api.faults.refuse("getWebhookInfo", 502)  # this one does not
    api.faults.refuse("getWebhookInfo", 401, description="Unauthorized")
    with pytest.raises(Fatal) as ended:
        async with asyncio.timeout(5):
            await hook.run(asyncio.Event())
    assert ended.value.exit_code == TOKEN_EXIT


async def test_an_address_not_known_yet_is_tried_again(api: StandIn, hook: Hook) -> None:
    """A name that Telegram cannot resolve may be new: it ends nothing. Any other refusal does."""
    said = "Bad Request: bad webhook: Failed to resolve host: Name or service not known"
    api.faults.refuse("setWebhook", 400, description=said)
    with pytest.raises(BadRequest):
        await hook.announce()
    api.faults.refuse("setWebhook", 400, description="Bad Request: bad webhook: IP is reserved")
    with pytest.raises(Fatal, match="RELANCE_WEBHOOK_URL") as ended:
        await hook.announce()
    assert ended.value.exit_code == 2
