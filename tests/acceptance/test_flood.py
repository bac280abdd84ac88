"""One person who sends hundreds of things at once: nobody else notices, and the answers are bounded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.bot_process import PATIENCE, BotProcess
from tests.acceptance.visitor import Visitor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standin import StandIn

WAITING = 20
"""Answers that may wait for one person, in this test."""
AT_ONCE = 300
UNREAD = "plus vite que je ne peux répondre"


@pytest.fixture
def bot(api: StandIn, tmp_path: Path) -> Iterator[BotProcess]:
    """A bot that sends twenty messages a second to one person."""
    with BotProcess(api, tmp_path, RELANCE_CHAT_RATE="20") as process:
        process.bounds["waiting_answers"] = WAITING
        yield process.start()


def test_who_floods_is_told_and_nobody_else_waits(api: StandIn, bot: BotProcess) -> None:
    """Hundreds of messages get a bounded number of answers and one word; whoever writes meanwhile is answered first."""
    flooder, other = api.person("Alix"), Visitor(api.person("Billie"))
    flooder.start()
    flooder.expect("Relance vous aide")
    with api.world.changed:
        for _ in range(AT_ONCE):
            flooder.say("/aide")
        other.person.start()
    other.person.expect("Relance vous aide", timeout=PATIENCE)
    got = len(api.calls("sendMessage", flooder.id))
    assert got < WAITING, "the other's answer came before those that waited already"
    flooder.expect(UNREAD, timeout=PATIENCE)
    bot.wait(lambda: not waiting(bot), "something is left to send")
    said = [message.text for message in flooder.messages()]
    assert sum(UNREAD in text for text in said) == 1
    assert WAITING <= len(said) < AT_ONCE / 2
    flooder.say("/aide")
    flooder.expect("Comment ça marche", timeout=PATIENCE)  # and then they are heard again
    assert api.violations == []
    assert " ERROR " not in bot.log


def test_a_file_asked_for_hundreds_of_times_comes_a_few_times(
    api: StandIn, bot: BotProcess
) -> None:
    """« PDF » pressed hundreds of times makes a file that does not wait yet, never hundreds; each press is answered."""
    camille = Visitor(api.person("Camille"))
    screen = camille.to_draft("mauvaise foi").screen
    pdf = screen.find("PDF")
    assert pdf is not None
    with api.world.changed:
        presses = [camille.person.press("PDF", screen) for _ in range(AT_ONCE)]
    presses[-1].answer(timeout=PATIENCE)
    camille.person.expect_document(timeout=PATIENCE)
    bot.wait(lambda: not waiting(bot), "something is left to send")
    assert 1 <= len(api.calls("sendDocument", camille.person.id)) <= 10
    assert all(press.answer() is not None for press in presses)


def waiting(bot: BotProcess) -> int:
    """Count what waits to be sent or handled."""
    stats = bot.stats()
    return stats.out_pending + stats.out_sending + stats.updates_new
