"""The webhook over real HTTP: what is answered 200 is stored, what is not to be taken is refused."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.limits import limits
from bot.telegram.incoming import ALLOWED_UPDATES
from tests.acceptance.bot_process import BotProcess, command
from tests.acceptance.posting import (
    HEADER,
    PATH,
    SECRET,
    exchange,
    free_port,
    look,
    message,
    post,
    webhook_settings,
)
from tests.acceptance.visitor import WORDS, WORDS_END, Visitor, said_to
from tests.standin import StandIn

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

PORT, HEALTH = free_port(), free_port()
CANARY = "Le-nom-du-client-qu-on-ne-journalise-pas"


@pytest.fixture(scope="module")
def served(shared_api: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    """A bot that receives by webhook, for all tests of this file that do not stop it."""
    folder = tmp_path_factory.mktemp("hook")
    bot = BotProcess(shared_api, folder, **webhook_settings(PORT, HEALTH)).start()
    yield bot
    bot.close()


@pytest.fixture
def hooked(api: StandIn, tmp_path: Path) -> Iterator[tuple[BotProcess, int, int]]:
    """A bot of one test that receives by webhook, not started, and its two ports."""
    port, health = free_port(), free_port()
    bot = BotProcess(api, tmp_path / "bot", **webhook_settings(port, health))
    yield bot, port, health
    bot.close()


def database(bot: BotProcess) -> sqlite3.Connection:
    return sqlite3.connect(bot.database_url.removeprefix("sqlite:///"), isolation_level=None)


def inbox(bot: BotProcess) -> list[tuple[int, str]]:
    """The updates stored, in their order, with their status."""
    with closing(database(bot)) as base:
        return list(base.execute("SELECT update_id, status FROM inbox ORDER BY update_id"))


@contextmanager
def locked(bot: BotProcess) -> Iterator[None]:
    """The database in another program's hands."""
    with closing(database(bot)) as base:
        base.execute("BEGIN IMMEDIATE")
        yield
        base.execute("ROLLBACK")


def stored(bot: BotProcess, update_id: int) -> bool:
    return update_id in dict(inbox(bot))


# --- the way of an update ----------------------------------------------------------------


def test_a_conversation_by_webhook(served: BotProcess, shared_api: StandIn) -> None:
    """Telegram is told where to post, with the secret and the kinds wanted; answers come in order."""
    (call,) = [c for c in shared_api.calls("setWebhook") if c.status == 200][-1:]
    assert call.params["secret_token"] == SECRET
    assert call.params["drop_pending_updates"] in {False, "false", "False"}
    allowed = call.params["allowed_updates"]
    assert set(json.loads(allowed) if isinstance(allowed, str) else allowed) == set(ALLOWED_UPDATES)
    camille = shared_api.person("Camille")
    for words in WORDS:
        camille.say(words)
    camille.wait(lambda: WORDS_END in "".join(said_to(camille)), 20, "the case did not end")
    assert shared_api.calls("getUpdates") == []
    assert shared_api.violations == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"secret": "faux"}, 403),
        ({"secret": SECRET[:-1]}, 403),
        ({"secret": None}, 403),
        ({"secret": ""}, 403),
        ({"secret": "é" * 10}, 403),
        ({"headers": (f"{HEADER}: {SECRET}",)}, 403),  # twice: not the secret any more
        ({"path": "/"}, 404),
        ({"path": PATH + "/"}, 404),
        ({"method": "GET"}, 405),
        ({"method": "PUT"}, 405),
        ({"kind": "text/plain"}, 415),
        ({"kind": "application/x-www-form-urlencoded"}, 415),
    ],
    ids=str,
)
def test_what_is_not_telegram_is_refused(
    served: BotProcess, change: dict[str, object], status: int
) -> None:
    """A wrong path, method, type or secret is refused, and nothing of the request is stored or logged."""
    update_id = 700_000 + status
    assert post(PORT, message(update_id, CANARY), **change) == status  # type: ignore[arg-type]
    assert not stored(served, update_id)
    assert CANARY not in served.log
    assert "faux" not in served.log
    assert SECRET not in served.log


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b'{"message": {}}',
        b'{"update_id": "5"}',
        b'{"update_id": true}',
        b'{"update_id": -5}',
        b'{"update_id": 9223372036854775808}',
        b"[" * 200_000,
        CANARY.encode(),
    ],
    ids=lambda body: body[:20].decode("latin1"),
)
def test_what_is_no_update_is_a_bad_request(served: BotProcess, body: bytes) -> None:
    """A body that is no JSON, or no object with an id, is answered 400; the bot lives and logs none of it."""
    assert post(PORT, body) == 400
    assert CANARY not in served.log
    assert look(HEALTH, "healthz") == (200, "ok\n")


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"poll": {"id": "1"}},
        {"message": {"chat": "?", "text": CANARY}},
        {"message": {"chat": {"id": 2**70, "type": "private"}, "text": CANARY}},
        {"channel_post": {"text": CANARY}},
    ],
    ids=str,
)
def test_an_update_that_is_not_understood_is_acknowledged(
    served: BotProcess, more: dict[str, object]
) -> None:
    """An update of an unknown kind or shape is answered 200 and not stored: it would come again for ever."""
    assert post(PORT, {"update_id": 710_000, **more}) == 200
    assert not stored(served, 710_000)
    assert CANARY not in served.log


def test_a_body_too_large_is_refused_before_its_end(served: BotProcess) -> None:
    """One that says its size is refused by its headers alone, one in chunks as soon as it is too much."""
    bound = limits().update_bytes
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\n"
        f"{HEADER}: {SECRET}\r\n"
    ).encode()
    began = time.monotonic()
    status, _ = exchange(PORT, [head + f"Content-Length: {bound + 1}\r\n\r\n".encode()])
    assert status == 413
    assert exchange(PORT, [head + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n"])[0] == 413
    # The last chunk never comes: the answer does not wait for it.
    chunk = b"%x\r\n" % 50_000 + b"x" * 50_000 + b"\r\n"
    many = [head + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * (bound // 50_000 + 1)]
    assert exchange(PORT, many, pause=0.002)[0] == 413
    assert time.monotonic() - began < limits().update_seconds
    spaces = b'{"update_id": 1}'.ljust(bound)
    assert post(PORT, spaces) == 200


def test_a_slow_body_is_given_up_and_holds_nobody(
    api: StandIn, hooked: tuple[BotProcess, int, int]
) -> None:
    """A body that never ends is answered 408 within its time; others are served meanwhile."""
    bot, port, _ = hooked
    seconds = 3
    bot.bounds = {"update_seconds": seconds}
    bot.start()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\n"
        f"{HEADER}: {SECRET}\r\nContent-Length: 500\r\n\r\n"
    ).encode()
    statuses: list[int] = []
    slow = threading.Thread(target=lambda: statuses.append(exchange(port, [head + b'{"upd'])[0]))
    began = time.monotonic()
    slow.start()
    camille = api.person("Camille")
    camille.command("aide")
    camille.expect("Comment ça marche")
    assert not statuses
    slow.join(seconds + 5)
    assert statuses == [408]
    assert seconds - 1 < time.monotonic() - began < seconds + 3


def test_the_same_update_twice_acts_once(served: BotProcess, shared_api: StandIn) -> None:
    """An update posted twice, one after the other or at once, is answered 200 each time and acts once."""
    camille = shared_api.person("Camille")
    camille.command("aide")
    camille.expect("Comment ça marche")
    update = next(u for u in reversed(shared_api.updates) if "message" in u)
    mark = camille.mark()
    assert [post(PORT, update), post(PORT, update)] == [200, 200]
    camille.quiet(0.3)
    fresh = {**update, "update_id": update["update_id"] + 1_000_000}
    results: list[int] = []
    both = [threading.Thread(target=lambda: results.append(post(PORT, fresh))) for _ in range(8)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert results == [200] * 8
    camille.expect("Comment ça marche", since=mark)
    camille.quiet(0.3)
    assert len(camille._after(mark)) == 1


def test_nothing_of_a_body_is_logged(served: BotProcess) -> None:
    """What a person wrote, their name and the secret are not in the log at DEBUG, refused or taken."""
    assert post(PORT, message(720_000, CANARY, 900_720)) == 200
    assert post(PORT, message(720_001, CANARY), secret=CANARY) == 403
    assert exchange(PORT, [f"{CANARY}\r\n\r\n".encode()])[0] in {0, 400}
    assert exchange(PORT, [f"GET / HTTP/1.1\r\n{HEADER}: {CANARY}\x01\r\n\r\n".encode()])[0] in {
        0,
        400,
    }
    served.wait(lambda: (720_000, "done") in inbox(served), "it was not handled")
    for secret in (CANARY, "Dominique", SECRET, SECRET[3:20]):
        assert secret not in served.log
    assert "Traceback" not in served.log


# --- kills, locks and ends ----------------------------------------------------------------


def test_killed_right_after_200_nothing_is_lost(
    api: StandIn, hooked: tuple[BotProcess, int, int]
) -> None:
    """Killed the moment 200 was answered, the bot has the update, and handles it after its restart."""
    bot, port, _ = hooked
    for n in range(3):
        bot.start()
        assert post(port, message(5000 + n, "/aide", 77_000 + n)) == 200
        bot.kill()
        assert stored(bot, 5000 + n)
    bot.start()
    bot.wait(lambda: [s for _, s in inbox(bot)] == ["done"] * 3, "an update was lost")


def test_a_locked_database_is_not_answered_200(
    api: StandIn, hooked: tuple[BotProcess, int, int]
) -> None:
    """While the database is another's, a post is 503 and /readyz says why; then it is taken when repeated."""
    bot, port, health = hooked
    bot.bounds = {"update_seconds": 2}
    bot.start()
    assert look(health, "readyz") == (200, "ok\n")
    with locked(bot):
        assert post(port, message(6000, CANARY)) == 503
        assert look(health, "healthz")[0] == 200
        time.sleep(1.1)
        status, words = look(health, "readyz")
        assert status == 503
        assert "base" in words
        _, text = look(health, "metrics")
        assert 'relance_errors_total{kind="store"} 1.0' in text
        assert "relance_database_up 0.0" in text
    bot.wait(lambda: look(health, "readyz")[0] == 200, "it does not recover")
    assert post(port, message(6000, CANARY)) == 200
    assert stored(bot, 6000)
    assert CANARY not in bot.log
    assert bot.terminate() == 0


def test_asked_to_end_it_stops_taking_and_finishes(
    api: StandIn, hooked: tuple[BotProcess, int, int]
) -> None:
    """On SIGTERM what was answered 200 is handled, new posts are refused, and the webhook stays set."""
    bot, _, _ = hooked
    bot.start()
    people = [api.person("Camille") for _ in range(15)]
    for person in people:
        person.command("aide")
    people[0].expect("Comment ça marche")
    began = time.monotonic()
    assert bot.terminate() == 0
    assert time.monotonic() - began < 5
    assert "arrêt propre" in bot.log
    assert {status for _, status in inbox(bot)} == {"done"}
    assert api.world.queue.webhook is not None
    bot.start()
    for person in people[1:]:
        person.expect("Comment ça marche")
    assert [len(person.messages()) for person in people] == [1] * len(people)


def test_not_ready_as_soon_as_it_is_asked_to_end(
    api: StandIn, hooked: tuple[BotProcess, int, int]
) -> None:
    """From SIGTERM on /readyz is 503 and the port of the webhook is closed, while the last answer leaves."""
    bot, port, health = hooked
    bot.start()
    api.faults.hang("sendMessage", 2)
    camille = api.person("Camille")
    camille.command("aide")
    api.wait_call("sendMessage", lambda call: True)
    ending = threading.Thread(target=bot.terminate)
    ending.start()
    try:
        time.sleep(0.3)
        assert look(health, "readyz") == (503, "arrêt en cours\n")
        assert look(health, "healthz") == (200, "ok\n")
        with pytest.raises(ConnectionRefusedError):
            post(port, message(8000, "/aide"))
    finally:
        ending.join()


def test_back_to_polling_the_webhook_is_taken_away(
    api: StandIn, hooked: tuple[BotProcess, int, int]
) -> None:
    """Started again without the three variables, the bot takes its webhook away and fetches what waits."""
    bot, _, health = hooked
    bot.start()
    assert bot.terminate() == 0
    camille = Visitor(api.person("Camille"))
    camille.person.command("aide")
    for name in ("URL", "SECRET", "LISTEN"):
        del bot.settings[f"RELANCE_WEBHOOK_{name}"]
    bot.start()
    camille.person.expect("Comment ça marche")
    assert look(health, "readyz") == (200, "ok\n")
    bot.wait(
        lambda: "relance_updates_handled_total 1.0" in look(health, "metrics")[1], "not counted"
    )
    assert api.world.queue.webhook is None


def test_a_database_server_that_goes_away(
    postgres: Callable[[], str], api: StandIn, tmp_path: Path
) -> None:
    """On PostgreSQL a post is 503 while a lock or a cut line is in its way, and 200 only once stored."""
    url, port, health = postgres(), free_port(), free_port()
    settings = webhook_settings(port, health) | {"RELANCE_DATABASE_URL": url}
    with (
        BotProcess(api, tmp_path, **settings) as bot,
        psycopg.connect(url, autocommit=True) as other,
    ):
        bot.bounds = {"update_seconds": 2}
        bot.start()
        assert post(port, message(8999, CANARY)) == 200
        with other.transaction():
            other.execute("LOCK TABLE inbox")
            assert post(port, message(9000, CANARY)) == 503
        assert post(port, message(9000, CANARY)) == 200
        bot.wait(lambda: look(health, "readyz")[0] == 200, "it does not recover")
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        answers = [post(port, message(9001, CANARY)) for _ in range(3)]
        assert set(answers) <= {200, 503}
        assert answers[-1] == 200
        rows = other.execute("SELECT update_id FROM inbox ORDER BY update_id").fetchall()
        assert rows == [(8999,), (9000,), (9001,)]
        assert CANARY not in bot.log


# --- figures -----------------------------------------------------------------------------


def test_the_metrics_are_read_by_the_library(served: BotProcess, shared_api: StandIn) -> None:
    """What /metrics gives parses, counts what happened, and names nobody."""
    camille = shared_api.person("Marie-Charlotte")
    camille.command("aide")
    camille.expect("Comment ça marche")
    served.wait(lambda: {s for _, s in inbox(served)} == {"done"}, "something waits")
    post(PORT, message(730_000, CANARY), secret="faux")
    status, text = look(HEALTH, "metrics")
    assert status == 200
    samples = {
        (s.name, *sorted(s.labels.items())): s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
    }
    handled = samples[("relance_updates_handled_total",)]
    assert handled >= 1
    assert samples[("relance_updates_received_total",)] == handled
    assert samples[("relance_update_handled_seconds_count",)] == handled
    assert 1 <= samples[("relance_update_sent_seconds_count",)] <= handled
    assert samples[("relance_webhook_requests_total", ("status", "403"))] >= 1
    assert samples[("relance_inbox_waiting",)] == 0
    assert samples[("relance_database_up",)] == 1
    assert ("relance_law_parameters_to_renew", ("severity", "expired")) in samples
    for word in (str(camille.id), "Marie", CANARY, SECRET, shared_api.token[10:]):
        assert word not in text


def test_a_429_is_counted(api: StandIn, hooked: tuple[BotProcess, int, int]) -> None:
    """A 429 of Telegram is counted, and the message that met it as sent once it left."""
    bot, _, health = hooked
    bot.start()
    api.faults.refuse("sendMessage", 429, times=1, retry_after=1)
    camille = api.person("Camille")
    camille.command("aide")
    camille.expect("Comment ça marche")
    text = look(health, "metrics")[1]
    assert "relance_telegram_429_total 1.0" in text
    assert 'relance_errors_total{kind="telegram_429"} 1.0' in text
    bot.wait(lambda: "relance_messages_sent_total 1.0" in look(health, "metrics")[1], "not counted")


# --- settings ----------------------------------------------------------------------------


def refused(
    api: StandIn, folder: Path, settings: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run the bot with settings that it cannot start with."""
    settings = settings | {
        "RELANCE_TELEGRAM_TOKEN": api.token,
        "RELANCE_TELEGRAM_API_URL": api.url,
        "RELANCE_LOG_LEVEL": "ERROR",
    }
    return command("run", cwd=folder, timeout=30, **settings)


@pytest.mark.parametrize("name", ["WEBHOOK_LISTEN", "HEALTH_LISTEN"])
def test_an_address_that_is_taken(
    served: BotProcess, shared_api: StandIn, tmp_path: Path, name: str
) -> None:
    """An address in another's hands ends the start with one line that names the variable, and code 2."""
    settings = webhook_settings(free_port(), free_port())
    settings[f"RELANCE_{name}"] = f"127.0.0.1:{PORT}"
    done = refused(shared_api, tmp_path, settings)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert f"RELANCE_{name}" in line
    assert "déjà prise" in line


def test_an_address_that_telegram_refuses(shared_api: StandIn, tmp_path: Path) -> None:
    """An address that Telegram does not take ends the bot with one line that names the variable, and code 2."""
    settings = webhook_settings(free_port(), free_port())
    settings["RELANCE_WEBHOOK_URL"] = "https://bot.exemple.fr:8444/x"
    done = refused(shared_api, tmp_path, settings)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "RELANCE_WEBHOOK_URL" in line
