"""Files fetched from the stand-in: bounded, tried again, and never a reason to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.accepting import NotAccepted
from bot.limits import Limits, limits
from bot.telegram import downloads
from bot.telegram.downloads import Downloads
from bot.telegram.incoming import Remote, Said, read_update
from flows.dialogue.events import SentFile
from letters.exhibits import Exhibit
from tests.standin import Limits as TelegramLimits
from tests.standin import Person, StandIn

CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 40
EVENT = SentFile("document", "facture.pdf", "la facture")


async def accept(content: bytes) -> Exhibit:
    """Take any content as it is: what is told here is how it came."""
    return Exhibit(content, 3, "pdf", sha256(content).hexdigest())


@pytest.fixture
def camille(api: StandIn) -> Person:
    return api.person("Camille")


@pytest.fixture
async def bot(api: StandIn) -> AsyncIterator[Bot]:
    client = Bot(
        api.token,
        base_url=f"{api.url}/bot",
        base_file_url=f"{api.url}/file/bot",
        request=HTTPXRequest(read_timeout=5, pool_timeout=5),
    )
    async with client:
        yield client


@pytest.fixture
async def files(bot: Bot) -> AsyncIterator[Downloads]:
    made = Downloads(bot, (0, 0), accept)
    yield made
    await made.close()


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Limits]:
    """Change limits for one test."""

    def change(**values: Any) -> Limits:
        changed = replace(limits(), **values)
        monkeypatch.setattr(downloads, "limits", lambda: changed)
        return changed

    return change


def sent(api: StandIn, camille: Person, content: bytes = CONTENT) -> Remote:
    """Send a document and give what its message says of it."""
    camille.send_document("facture.pdf", content)
    said = read_update(api.updates[-1])
    assert isinstance(said, Said)
    assert said.remote is not None
    return said.remote


async def test_a_file_comes_whole(api: StandIn, camille: Person, files: Downloads) -> None:
    """The event gets the file, with what the reader found, and the content comes beside it."""
    event, arrived = await files.fetch(EVENT, sent(api, camille))
    assert arrived is not None
    assert event == replace(EVENT, file=arrived.file)
    assert arrived.content == CONTENT
    assert (arrived.file.pages, arrived.file.kind, arrived.file.size) == (3, "pdf", len(CONTENT))
    assert api.violations == []


async def test_two_files_never_have_the_same_id(
    api: StandIn, camille: Person, files: Downloads
) -> None:
    """The same content fetched twice gives two ids that cannot be guessed from one another."""
    remote = sent(api, camille)
    (_, one), (_, two) = [await files.fetch(EVENT, remote) for _ in range(2)]
    assert one is not None
    assert two is not None
    assert one.file.id != two.file.id
    assert len(one.file.id) == 16


Strike = Callable[[StandIn], None]
PASSING: list[Strike] = [
    lambda api: api.faults.drop("getFile"),
    lambda api: api.faults.refuse("getFile", 502),
    lambda api: api.faults.refuse("getFile", 429, retry_after=0),
    lambda api: api.faults.drop("file"),
    lambda api: api.faults.refuse("file", 404),
    lambda api: api.faults.refuse("file", 500),
    lambda api: api.faults.lose_answer("file"),
    lambda api: api.faults.lose_answer("file", times=2),
]


@pytest.mark.parametrize("strike", PASSING)
async def test_what_passes_is_waited_out(
    api: StandIn, camille: Person, files: Downloads, strike: Strike
) -> None:
    """No connection, an answer 5xx, 404 or 429, a content cut half-way: the file comes at a later try."""
    remote = sent(api, camille)
    strike(api)
    _, arrived = await files.fetch(EVENT, remote)
    assert arrived is not None
    assert arrived.content == CONTENT
    assert api.faults.left == 0


@pytest.mark.parametrize("method", ["getFile", "file"])
async def test_what_does_not_pass_is_told(
    api: StandIn, camille: Person, files: Downloads, method: str
) -> None:
    """After the last try the file is out of reach, and no more is asked."""
    remote = sent(api, camille)
    api.faults.refuse(method, 500, times=99)
    assert await files.fetch(EVENT, remote) == (replace(EVENT, refused="unreachable"), None)
    assert len(api.calls(method)) == 3


async def test_a_file_telegram_no_longer_has_is_asked_for_once(
    api: StandIn, camille: Person, files: Downloads
) -> None:
    """A 400 says that it will never come: it is out of reach at once."""
    remote = replace(sent(api, camille), file_id="gone")
    assert await files.fetch(EVENT, remote) == (replace(EVENT, refused="unreachable"), None)
    assert len(api.calls("getFile")) == 1


async def test_a_silent_server_is_left(
    api: StandIn, camille: Person, files: Downloads, bound: Callable[..., Limits]
) -> None:
    """A download that takes more than its time is tried again, and then comes."""
    remote = sent(api, camille)
    bound(download_seconds=0.3)
    api.faults.stall("file", 60)
    _, arrived = await files.fetch(EVENT, remote)
    assert arrived is not None
    assert [c.injected for c in api.calls("file")] == ["stall", ""]


async def test_a_slow_file_comes_all_the_same(
    api: StandIn, camille: Person, files: Downloads
) -> None:
    """A pause in the middle of a file is no failure."""
    remote = sent(api, camille)
    api.faults.drip(0.2)
    _, arrived = await files.fetch(EVENT, remote)
    assert arrived is not None
    assert arrived.content == CONTENT


async def test_a_file_said_to_be_too_big_is_not_fetched(api: StandIn, files: Downloads) -> None:
    """The size in the message is enough to refuse it."""
    remote = Remote("a", limits().received_bytes + 1)
    assert await files.fetch(EVENT, remote) == (replace(EVENT, refused="too_big"), None)
    assert api.calls("getFile") == []


async def test_a_file_too_big_for_telegram_is_refused(camille: Person) -> None:
    """Telegram's own refusal to give a large file is told as what it is."""
    with StandIn(limits=TelegramLimits(download_bytes=3)) as small:
        remote = replace(sent(small, small.person()), size=None)
        async with Bot(small.token, base_url=f"{small.url}/bot") as bot:
            event, arrived = await Downloads(bot, (0,), accept).fetch(EVENT, remote)
    assert (event.refused, arrived) == ("too_big", None)


@pytest.mark.parametrize("size", [None, 5])
async def test_a_size_that_lies_is_found_out(
    api: StandIn, camille: Person, files: Downloads, bound: Callable[..., Limits], size: int | None
) -> None:
    """Whatever the message says, the file's own size is looked at before its content is read."""
    remote = replace(sent(api, camille), size=size)
    bound(received_bytes=len(CONTENT) - 1)
    assert await files.fetch(EVENT, remote) == (replace(EVENT, refused="too_big"), None)
    assert api.calls("file") == []


async def test_a_file_is_left_as_soon_as_it_is_too_long(
    api: StandIn, camille: Person, bot: Bot, bound: Callable[..., Limits], monkeypatch: Any
) -> None:
    """A file larger than all that was said of it is not read to its end."""
    remote = replace(sent(api, camille), size=None)
    true = await bot.get_file(remote.file_id)
    lying = SimpleNamespace(file_size=None, file_path=true.file_path)

    async def get_file(file_id: str) -> Any:
        return lying

    files = Downloads(SimpleNamespace(get_file=get_file), (0,), accept)  # type: ignore[arg-type]
    bound(received_bytes=len(CONTENT) - 1)
    assert await files.fetch(EVENT, remote) == (replace(EVENT, refused="too_big"), None)
    await files.close()


@pytest.mark.parametrize("path", [None, "", "/etc/passwd", "file:///etc/passwd"])
async def test_a_place_that_is_no_address_is_not_read(path: str | None) -> None:
    """A file is only ever fetched over HTTP."""

    async def get_file(file_id: str) -> Any:
        return SimpleNamespace(file_size=3, file_path=path)

    files = Downloads(SimpleNamespace(get_file=get_file), (0,), accept)  # type: ignore[arg-type]
    event, arrived = await files.fetch(EVENT, Remote("a"))
    assert (event.refused, arrived) == ("unreachable", None)


@pytest.mark.parametrize("error", [RuntimeError("https://x/botTOKEN/a"), KeyError("file_id")])
async def test_an_error_nobody_foresaw_is_told_and_not_printed(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """The file is out of reach, the chat goes on, and the log has the kind of the error only."""

    async def get_file(file_id: str) -> Any:
        raise error

    files = Downloads(SimpleNamespace(get_file=get_file), (0,), accept)  # type: ignore[arg-type]
    event, arrived = await files.fetch(EVENT, Remote("a"))
    assert (event.refused, arrived) == ("unreachable", None)
    assert type(error).__name__ in caplog.text
    assert "TOKEN" not in caplog.text


async def test_a_refusal_of_the_reader_is_passed_on(
    api: StandIn, camille: Person, bot: Bot
) -> None:
    """A file that is no exhibit is told by the reader's code; one that breaks the reader, as damaged."""

    async def refuse(content: bytes) -> Exhibit:
        raise NotAccepted("encrypted")

    async def crash(content: bytes) -> Exhibit:
        raise RuntimeError("facture de Dupont")

    remote = sent(api, camille)
    for reader, code in ((refuse, "encrypted"), (crash, "broken")):
        files = Downloads(bot, (), reader)
        assert await files.fetch(EVENT, remote) == (replace(EVENT, refused=code), None)
        await files.close()


async def test_few_files_are_read_at_once(api: StandIn, camille: Person, bot: Bot) -> None:
    """Ten files that come together are all read, never more than two at a time."""
    busy, most = 0, 0

    async def watch(content: bytes) -> Exhibit:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        for _ in range(20):
            await asyncio.sleep(0)
        busy -= 1
        return await accept(content)

    files = Downloads(bot, (), watch)
    remote = sent(api, camille)
    found = await asyncio.gather(*(files.fetch(EVENT, remote) for _ in range(10)))
    await files.close()
    assert all(arrived for _, arrived in found)
    assert most == 2


async def test_no_log_line_holds_the_token_or_a_name(
    api: StandIn, camille: Person, files: Downloads, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever fails, lines from the warnings upward name neither the address nor the file."""
    remote = sent(api, camille)
    for strike in PASSING:
        strike(api)
    api.faults.refuse("file", 500, times=9)
    api.faults.refuse("getFile", 500, times=9)
    for _ in range(4):
        await files.fetch(EVENT, remote)
    text = "\n".join(r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING)
    assert "could not be fetched" in text
    assert api.token not in text
    assert "facture" not in text
