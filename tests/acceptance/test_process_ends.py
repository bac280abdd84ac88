"""How the process ends: asked to, refused, contested, misconfigured."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from bot.telegram.failures import CONFLICT_EXIT, TOKEN_EXIT
from tests.acceptance.bot_process import BotProcess, command, installed
from tests.standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "123456789:AAwhatBotFatherWouldGive-0123456789"


@pytest.fixture(scope="module", autouse=True)
def contested(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[StandIn, BotProcess, BotProcess]]:
    """Two processes on one bot. They take seconds to settle it: the other tests run meanwhile."""
    with StandIn() as api:
        first = BotProcess(api, tmp_path_factory.mktemp("first")).start()
        camille = api.person("Camille")
        camille.command("aide")
        camille.expect("Comment ça marche")
        second = BotProcess(api, tmp_path_factory.mktemp("second"))
        second.launch()
        yield api, first, second
        first.close()
        second.close()


def test_asked_to_end_it_finishes_first(api: StandIn, bot: BotProcess) -> None:
    """On SIGTERM the bot answers what it has taken, ends with 0 within seconds, and loses nothing."""
    bot.start()
    people = [api.person("Camille") for _ in range(20)]
    for person in people:
        person.command("aide")
    api.wait_call("getUpdates", lambda call: call.result)
    began = time.monotonic()
    assert bot.terminate() == 0
    assert time.monotonic() - began < 5
    assert "arrêt propre" in bot.log
    answered = [person for person in people if person.messages()]
    assert answered
    bot.start()
    for person in people:
        if person not in answered:
            person.expect("Comment ça marche")
    began = time.monotonic()
    assert bot.terminate() == 0  # now in the middle of a long poll
    assert time.monotonic() - began < 3
    assert [len(person.messages()) for person in people] == [1] * len(people)


def test_asked_to_end_while_telegram_is_away(tmp_path: Path) -> None:
    """A bot that cannot reach Telegram keeps trying, and still ends with 0 when asked to."""
    with StandIn() as api:
        bot = BotProcess(api, tmp_path)
    bot.launch()
    bot.wait(lambda: "ne répond pas" in bot.log, "it did not say so")
    assert bot.terminate() == 0


def test_a_wrong_token(api: StandIn, bot: BotProcess) -> None:
    """A token that Telegram refuses ends the bot with one line that names the setting."""
    bot.settings |= {"RELANCE_TELEGRAM_TOKEN": TOKEN, "RELANCE_LOG_LEVEL": "WARNING"}
    bot.launch()
    assert bot.ended() == TOKEN_EXIT
    (line,) = bot.log.splitlines()
    assert "RELANCE_TELEGRAM_TOKEN" in line or "jeton" in line
    assert TOKEN not in line


def test_no_token(tmp_path: Path) -> None:
    """Without a token, one line tells how to get one and that the chat needs none."""
    done = installed("run", cwd=tmp_path)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "RELANCE_TELEGRAM_TOKEN" in line
    assert "@BotFather" in line
    assert "make chat" in line
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("action", "what"),
    [
        ("run", "garbage"),
        ("run", "nowhere"),
        ("chat", "garbage"),
        ("chat", "folder"),
        ("migrate", "nowhere"),
    ],
)
def test_a_database_that_cannot_be_used(tmp_path: Path, action: str, what: str) -> None:
    """A database that cannot be opened ends every command with one line that names it, no traceback."""
    place = tmp_path / what
    if what == "garbage":
        place.write_text("ceci n’est pas une base de données" * 100)
    elif what == "folder":
        place.mkdir()
    else:
        (tmp_path / "fichier").touch()
        place = tmp_path / "fichier" / "base"
    done = command(
        action,
        cwd=tmp_path,
        RELANCE_TELEGRAM_TOKEN=TOKEN,
        RELANCE_TELEGRAM_API_URL="http://127.0.0.1:9",
        RELANCE_DATABASE_URL=f"sqlite:///{place}",
        RELANCE_DATA_DIR=str(tmp_path / "data"),
    )
    assert done.returncode not in {0, -9}
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    assert place.name in line or str(place) in line


def test_a_second_process_on_the_same_bot(
    contested: tuple[StandIn, BotProcess, BotProcess],
) -> None:
    """A second process on the same bot gives up with a clear line; the first goes on."""
    api, first, second = contested
    assert second.ended() == CONFLICT_EXIT
    assert "Un autre processus relève déjà les messages de ce bot (409)" in second.log
    assert "Traceback" not in second.log
    camille = api.person("Camille")
    camille.command("aide")
    camille.expect("Comment ça marche")
    assert first.terminate() == 0
