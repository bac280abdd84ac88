"""What `make chaos` does beside its seasons: each point at several passages, each trouble, a crowd.

Each drill gives lines to print; a line that begins with « WRONG » is a fault found.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.acceptance.visitor import WORDS, said_to, without_repeats
from tests.chaos.account import repeats
from tests.chaos.months import JOINS, PRESSES
from tests.chaos.points import MESSAGE, UPDATE
from tests.chaos.season import Season
from tests.chaos.trouble import ALL, KINDS, STARTING, plan
from tests.standin import StandIn
from tests.stories.told import BEGIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.chaos.account import End
    from tests.chaos.mortal import MortalBot
    from tests.chaos.servers import Files
    from tests.standin import Person

    Make = Callable[[StandIn, str], MortalBot]
    """Makes a bot, not started, that receives by « polling » or « webhook »."""

PASSAGES = 9
_FIRST_DAY = (
    replace(PRESSES, days={BEGIN: PRESSES.days[BEGIN]}),
    replace(JOINS, days={BEGIN: (*JOINS.days[BEGIN], "/bilan")}),
)


def points(make: Make) -> Iterator[str]:
    """Kill at the first passages of each point of an answer; repeats must be those promised for it."""
    for way in ("polling", "webhook"):
        began, kills, again = time.monotonic(), 0, Counter[int]()
        with StandIn() as api, make(api, way) as bot:
            bot.start()
            calm = api.person("Camille")
            _told(bot, calm, WORDS)
            wanted = said_to(calm), bot.kept(calm)
            for point in (*UPDATE, *MESSAGE):
                for passage in range(1, PASSAGES + 1):
                    person = api.person("Camille")
                    _told(bot, person, WORDS[: passage - 1])
                    bot.arm(point.name)
                    person.say(WORDS[passage - 1])
                    bot.died()
                    kills += 1
                    bot.start()
                    _told(bot, person, WORDS[passage:])
                    said = said_to(person)
                    repeated = len(said) - len(wanted[0])
                    again[repeated] += 1
                    alike = without_repeats(said) == wanted[0] and bot.kept(person) == wanted[1]
                    if not alike or repeated != point.repeats:
                        yield f"WRONG {way}: {point.name}, passage {passage}: {repeated} again, alike: {alike}"
            assert bot.terminate() == 0
        found = ", ".join(f"{count} with {number}" for number, count in sorted(again.items()))
        yield f"points, {way}: {kills} kills, repeats: {found}, {time.monotonic() - began:.0f} s"


def faults(make: Make) -> Iterator[str]:
    """Have each trouble once for each method that is used, start included; the end must be that of a calm day."""
    calm = _day(make, "")[0]
    for kind in KINDS:
        began = time.monotonic()
        ends, unexplained, left, violations = _day(make, kind, calm)
        for name, end in ends.items():
            if (end.kept, end.read) != (calm[name].kept, calm[name].read):
                yield f"WRONG {kind}: {name} does not end as in a calm day"
        if unexplained or left or violations:
            yield f"WRONG {kind}: {unexplained} forbidden repeats, {left} not struck, {violations} refused"
        methods = len((*STARTING, *ALL))
        yield f"faults, {kind} of {methods} methods: {time.monotonic() - began:.0f} s"


def _day(
    make: Make, kind: str, calm: dict[str, End] | None = None
) -> tuple[dict[str, End], int, int, int]:
    with StandIn() as api, make(api, "polling") as bot:
        season = Season([bot], api, scripts=_FIRST_DAY)
        if kind:
            plan(api, (*STARTING, *ALL), [kind])
        ends = season.calm()
        unexplained = 0
        for cast in season.cast if calm else []:
            wanted = (calm or {})[cast.script.name]
            unexplained += repeats(api, cast.person, wanted, [])[1]
        wrong = [one for one in api.violations if "not modified" not in one.description]
        return ends, unexplained, api.faults.left, len(wrong)


def away(make: Make, server: Files, seconds: float) -> Iterator[str]:
    """Take the database away for a minute while people speak; afterwards each is told all, once, and none died."""
    for way in ("polling", "webhook"):
        with StandIn() as api, make(api, way) as bot:
            bot.start()
            _told(bot, calm := api.person("Camille"), WORDS)
            people = [api.person("Camille") for _ in range(20)]
            for person in people:
                _say(person, WORDS[:4])
            with server.away(bot):
                for person in people:
                    _say(person, WORDS[4:])
                time.sleep(seconds)
            began = time.monotonic()
            bot.settle(120)
            late = time.monotonic() - began
            wrong = sum(said_to(person) != said_to(calm) for person in people)
            if wrong or bot.terminate() != 0:
                yield f"WRONG away, {way}: {wrong} of {len(people)} people were not told alike"
            yield f"away, {way}: {seconds:g} s without a database, all told {late:.1f} s after it was back"


def _say(person: Person, said: Sequence[str]) -> None:
    for words in said:
        person.say(words)


def crowd(make: Make, updates: int) -> Iterator[str]:
    """Have thousands of updates wait while the bot is away; each chat's must be answered in their order."""
    with StandIn() as api, make(api, "polling") as bot:
        bot.start()
        _told(bot, calm := api.person("Camille"), WORDS)
        bot.kill()
        people = [api.person("Camille") for _ in range(updates // len(WORDS))]
        for words in WORDS:
            for person in people:
                person.say(words)
        began = time.monotonic()
        bot.start()
        bot.settle(600)
        seconds, peak = time.monotonic() - began, bot.peak()
        wrong = sum(said_to(person) != said_to(calm) for person in people)
        if wrong:
            yield f"WRONG crowd: {wrong} of {len(people)} people were not told alike"
        assert bot.terminate() == 0
    done = len(people) * len(WORDS)
    yield f"crowd: {done} updates of {len(people)} people in {seconds:.0f} s, {peak} MB at most"


def _told(bot: MortalBot, person: Person, said: Sequence[str]) -> None:
    _say(person, said)
    bot.settle()
