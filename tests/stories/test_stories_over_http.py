"""The same stories over HTTP, all at once, on the real bot and the stand-in for Telegram."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.acceptance.bot_process import PATIENCE, BotProcess
from tests.acceptance.visitor import Visitor, wake
from tests.standin import StandIn
from tests.standin.views import plain
from tests.stories.told import STORIES, UNTIL, Story

HELP = "Comment ça marche"
"""Words of the answer to /aide."""


@pytest.fixture
def api() -> Iterator[StandIn]:
    """A stand-in for Telegram."""
    with StandIn() as server:
        yield server


@pytest.fixture
def bot(api: StandIn, tmp_path: Path) -> Iterator[BotProcess]:
    """The bot, on 24 November 2026."""
    process = BotProcess(api, tmp_path / "bot").start()
    yield process
    process.close()


def do(visitor: Visitor, words: tuple[str, ...]) -> None:
    """Type what a story says, then ask for help: its answer comes after all the others."""
    for word in words:
        if word.startswith("/"):
            visitor.person.command(word[1:])
        else:
            visitor.person.say(word)
    visitor.person.command("aide")
    visitor.person.expect(HELP, timeout=PATIENCE)


def said_since(visitor: Visitor, mark: int) -> str:
    """Give all that was said to somebody since a mark."""
    return "\n".join(plain(event.message.text) for event in visitor.person._after(mark))


def play_day(story: Story, camille: Visitor, today: date, mark: int) -> None:
    """Hear what the bot says to somebody on their day, and answer it."""
    day = next((day for day in story.days if day.on == today), None)
    if day is None:
        return
    camille.person.expect(day.says, timeout=PATIENCE, since=mark)
    heard = said_since(camille, mark)
    assert "aurait dû" not in heard, (story.name, today, heard)
    do(camille, day.does)
    heard = said_since(camille, mark)
    assert [one for one in day.shows if plain(one) not in heard] == [], (story.name, today, heard)
    assert plain("Je n’ai pas compris") not in heard, (story.name, today, heard)
    if day is story.days[-1]:
        assert plain(story.end) in heard.lower(), (story.name, heard)


def test_the_stories_over_http(api: StandIn, bot: BotProcess) -> None:
    """On each day of the calendar those whose day it is are told, and nobody else, to the end of the last story."""
    people: dict[str, Visitor] = {}
    for story in STORIES:
        camille = people[story.name] = Visitor(api.person("Camille")).start()
        do(camille, story.told)
    calendar = sorted(
        {day.on for story in STORIES for day in story.days} | {UNTIL, STORIES[-1].until}
    )
    for today in calendar:
        marks = {name: camille.person.mark() for name, camille in people.items()}
        bot.go_to(today)
        wake(api)
        for story in STORIES:
            play_day(story, people[story.name], today, marks[story.name])
        for story in STORIES:
            if today not in [day.on for day in story.days]:
                assert said_since(people[story.name], marks[story.name]) == "", (story.name, today)
    assert api.violations == []
    assert " ERROR " not in bot.log
    assert bot.terminate() == 0
