"""Trouble that kills nobody: of Telegram, of the database, of the clock; a crowd that waits; a stop in the middle."""

from __future__ import annotations

import resource
import sqlite3
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.bot_process import TODAY, day_named
from tests.acceptance.posting import message, post
from tests.acceptance.visitor import WORDS, said_to, wait_struck
from tests.chaos.account import repeats
from tests.chaos.months import PRESSES
from tests.chaos.mortal import MortalBot
from tests.chaos.season import Season
from tests.chaos.trouble import SPEAKING, plan
from tests.standin import StandIn
from tests.stories.told import BEGIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.standin import Person

CROWD = 20
FIRST_DAY = replace(PRESSES, days={BEGIN: PRESSES.days[BEGIN]})


def told(bot: MortalBot, people: list[Person]) -> None:
    """Wait until all is said, and find that each person read the same, once."""
    bot.settle()
    first, *others = (said_to(person) for person in people)
    assert "Je reviens vers vous" in first[-1]
    assert all(one == first for one in others)
    assert len(set(first)) == len(first)


def test_everything_goes_wrong_once(tmp_path: Path) -> None:
    """After a 5xx, a cut line, a lost and a late answer of every method of a conversation, and a 429, all is said."""
    with StandIn() as api, MortalBot(api, tmp_path / "calm") as bot:
        calm = Season([bot], api, scripts=[FIRST_DAY]).calm()
    with StandIn() as api, MortalBot(api, tmp_path / "bot") as bot:
        season = Season([bot], api, scripts=[FIRST_DAY], times=2)
        plan(api, SPEAKING[1:2], ["429"])
        planned = plan(api, SPEAKING, ["cut", "500", "late", "lost"])
        (end,) = season.calm().values()
        assert (
            api.faults.left < planned / 6
        )  # buttons are not taken off often enough for all of them
        (wanted,) = calm.values()
        assert (end.kept, end.read) == (wanted.kept, wanted.read)
        assert len(api.calls("getMe")) > 1  # asked before what failed was tried again
        for cast in season.cast:
            assert repeats(api, cast.person, wanted, [])[1] == 0
        assert [one for one in api.violations if "not modified" not in one.description] == []


def test_killed_while_telegram_is_silent(bot: MortalBot, api: StandIn) -> None:
    """With Telegram silent on every call, and a kill meanwhile, all is said once it speaks again, once."""
    bot.start()
    api.faults.hang("*", 60, times=1000)
    people = [api.person("Camille") for _ in range(3)]
    for person in people:
        for words in WORDS:
            person.say(words)
    wait_struck(api, "sendMessage", "hang")
    bot.kill()
    api.faults.clear()
    bot.start()
    told(bot, people)
    assert bot.terminate() == 0


@contextmanager
def held(bot: MortalBot, how: str) -> Iterator[None]:
    """Let nothing be written in the file of the base: another has it, or the disk takes no more."""
    if how == "locked":
        with closing(
            sqlite3.connect(bot.database_url.removeprefix("sqlite:///"), isolation_level=None)
        ) as base:
            base.execute("BEGIN IMMEDIATE")
            yield
            base.execute("ROLLBACK")
        return
    # Its journal may grow no more; its log, far smaller, may.
    most = Path(bot.database_url.removeprefix("sqlite:///") + "-wal").stat().st_size
    unbound = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (most, unbound[1]))
    yield
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, unbound)


@pytest.mark.skipif(sys.platform != "linux", reason="a limit of another process")
@pytest.mark.parametrize("how", ["locked", "full"])
def test_a_base_that_takes_nothing(
    how: str, bot_of: Callable[..., MortalBot], api: StandIn
) -> None:
    """While nothing can be written nothing is acknowledged and the bot lives; afterwards all is answered, once."""
    bot = bot_of("polling", CHAOS_BUSY_MS="100").start()
    people = [api.person("Camille") for _ in range(3)]
    for person in people:
        for words in WORDS[:5]:
            person.say(words)
    bot.settle()
    with held(bot, how):
        for person in people:
            for words in WORDS[5:]:
                person.say(words)
        bot.wait(lambda: "could not be stored" in bot.log, "it did not say so")
        assert api.waiting == 6 * len(people)
    told(bot, people)
    assert bot.terminate() == 0
    assert "Dupont" not in bot.log


@pytest.mark.parametrize("first", [TODAY, date(2027, 3, 19)], ids=["winter", "summer time begins"])
def test_a_clock_that_steps(first: date, bot: MortalBot, api: StandIn) -> None:
    """Days ahead, days back, over the change to summer time: the reminder comes once, on its day and hour."""
    bot.go_to(first)
    bot.start()
    camille = api.person("Camille")
    for words in WORDS:
        camille.say(words)
    bot.settle()
    day = day_named(said_to(camille)[-1])
    mark = camille.mark()
    steps = ((-3, 10, 0), (-5, 10, 0), (-1, 23, 0), (0, 8, 0), (0, 9, 1), (-2, 9, 1), (0, 9, 1))
    for days, hour, told in steps:
        bot.go_to(day + timedelta(days), hour)
        api.person("Passage").command("aide")
        bot.settle()
        assert len(camille._after(mark)) == told, (days, hour)


def test_what_comes_late_is_handled_late(bot_of: Callable[..., MortalBot], api: StandIn) -> None:
    """Of two updates of a chat the second of which is posted first, that one is handled first; each acts once."""
    bot = bot_of("webhook").start()
    camille = api.person("Camille")
    camille.command("aide")
    bot.settle()
    port = int(bot.settings["RELANCE_WEBHOOK_LISTEN"].rpartition(":")[2])
    for number, words in ((9002, "/confidentialite"), (9001, "/parametres"), (9002, "/aide")):
        assert post(port, message(number, words, camille.id)) == 200
        bot.settle()
    said = said_to(camille)[1:]
    assert ["Ce qui est gardé" in text for text in said] == [True, False]


def test_a_crowd_that_waited(bot: MortalBot, api: StandIn) -> None:
    """What hundreds said while the bot was away is all answered, each chat's in its order."""
    bot.start()
    bot.kill()
    people = [api.person("Camille") for _ in range(CROWD)]
    for words in WORDS:
        for person in people:
            person.say(words)
    began = time.monotonic()
    bot.start()
    told(bot, people)
    print(f"{CROWD * len(WORDS)} updates in {time.monotonic() - began:.1f} s")


def test_a_stop_in_the_middle(bot: MortalBot, api: StandIn) -> None:
    """Asked to end while Telegram is slow, it waits for the answers and ends with 0; what failed comes later."""
    bot.start()
    people = [api.person("Camille") for _ in range(4)]
    api.faults.hang("sendMessage", 0.5, chat_id=people[0].id)
    api.faults.stall("sendMessage", 0.5, chat_id=people[1].id)
    api.faults.late("sendMessage", 0.5, chat_id=people[2].id)
    for person in people:
        person.command("aide")
    for kind in ("hang", "stall", "late"):
        api.wait_call("sendMessage", lambda call, k=kind: call.injected == k)  # type: ignore[misc]
    began = time.monotonic()
    assert bot.terminate() == 0
    assert time.monotonic() - began < 5
    assert bot.waiting().messages == 2
    bot.seconds_on(60)
    bot.start()
    bot.settle()
    assert [len(said_to(person)) for person in people] == [1, 2, 1, 1]
    assert bot.terminate() == 0
