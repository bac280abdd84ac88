"""A season: the same people through the same months, calm once, then killed again and again; both must end alike."""

from __future__ import annotations

import difflib
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from tests.chaos.account import End, end_of, repeats
from tests.chaos.monkey import Monkey
from tests.chaos.months import SCRIPTS, Cast, Script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.chaos.mortal import MortalBot
    from tests.standin import StandIn

_NUDGE = 0.4
"""Seconds without an end until time is moved on a little, over what is waited out between two tries."""
_PATIENCE = 30.0


@dataclass
class Found:
    """What a season found."""

    kills: Counter[str] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)
    starts: int = 0
    messages: int = 0
    permitted: int = 0
    forbidden: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Found) -> None:
        """Add what another season found."""
        self.kills += other.kills
        self.struck += other.struck
        self.starts += other.starts
        self.messages += other.messages
        self.permitted += other.permitted
        self.forbidden += other.forbidden
        self.seconds += other.seconds
        self.wrong += other.wrong


class Season:
    """Plays the months of some people on one bot, of one process or several on one database."""

    def __init__(
        self,
        bots: Sequence[MortalBot],
        api: StandIn,
        *,
        scripts: Sequence[Script] = SCRIPTS,
        times: int = 1,
    ) -> None:
        self._bots, self._bot, self._api = bots, bots[0], api
        self._days = sorted({day for script in scripts for day in script.days})
        self.cast = [Cast(one, api.person("Camille")) for _ in range(times) for one in scripts]
        self._passer_by = api.person("Passage")

    def calm(self) -> dict[str, End]:
        """Play it with nothing going wrong; give where each script ends."""
        self._bot.start()
        for day in self._days:
            self._bot.go_to(day)
            self._nudge()
            self._settle()
            for cast in self.cast:
                cast.begin(day)
            nudge = time.monotonic() + _NUDGE
            while any(cast.left for cast in self.cast):
                for cast in self.cast:
                    if cast.ready():
                        cast.act()
                        nudge = time.monotonic() + _NUDGE
                nudge = self._nudge_after(nudge)
                time.sleep(0.002)
            self._settle()
        assert self._bot.terminate() == 0
        return {c.script.name: end_of(self._bot, self._api, c.person) for c in self.cast}

    def killed(self, kills: int, seed: str, calm: dict[str, End]) -> Found:
        """Play it with this many kills; give what was found, compared with the calm run."""
        began = time.monotonic()
        monkey = Monkey(seed, self._bots, self._api)
        chance = random.Random(f"{seed} order")
        share = self._shares(kills)
        self._bot.launch()  # alone: it makes the tables
        self._bot.wait(self._bot.up, "it does not start")
        monkey.rest()
        for day in self._days:
            for bot in self._bots:
                bot.go_to(day)
            few = share[day] // 4
            self._through(monkey, chance, few)
            for cast in self.cast:
                cast.begin(day)
            self._through(monkey, chance, share[day] - few)
        for bot in self._bots:
            bot.wait(bot.up, "it does not start")
            assert bot.terminate() == 0
        found = Found(monkey.killed, monkey.struck, sum(bot.starts for bot in self._bots))
        self._compare(found, calm, monkey.kills)
        found.seconds = time.monotonic() - began
        return found

    def _shares(self, kills: int) -> dict[date, int]:
        """Share kills out over the days, by how much is done on each."""
        weight = {
            day: 2 + sum(len(c.script.days.get(day, ())) for c in self.cast) for day in self._days
        }
        whole, share, done, given = sum(weight.values()), {}, 0, 0
        for day in self._days:
            done += weight[day]
            share[day] = kills * done // whole - given
            given += share[day]
        return share

    def _through(self, monkey: Monkey, chance: random.Random, kills: int) -> None:
        """Have people do what is left to do today while the bot is killed this often; then let it settle."""
        until = time.monotonic() + _PATIENCE
        todo = sum(len(cast.left) for cast in self.cast)
        for left in range(kills, 0, -1):
            if self._bot.struck_often():
                monkey.rest()
                self._settle()
            monkey.choose()
            most = -(-sum(len(cast.left) for cast in self.cast) // left)
            while not monkey.strikes():
                most -= self._somebody(chance) if most > 0 else 0
                time.sleep(chance.uniform(0, 0.004))
        monkey.rest()
        while any(cast.left for cast in self.cast):
            assert time.monotonic() < until + todo, (
                f"stuck: {[c.left for c in self.cast if c.left]}"
            )
            if not self._somebody(chance):
                time.sleep(0.002)
        self._settle()

    def _somebody(self, chance: random.Random) -> int:
        ready = [cast for cast in self.cast if cast.ready()]
        if ready:
            chance.choice(ready).act()
        return len(ready) > 0

    def _settle(self) -> None:
        """Wait until nothing waits anywhere, nudging time over the pauses between two tries."""
        until = time.monotonic() + _PATIENCE
        nudge = time.monotonic() + _NUDGE
        while self._api.waiting or self._bot.waiting():
            ended = [bot for bot in self._bots if bot.starts and not bot.running]
            assert not ended, f"it ended by itself. Its log:\n{ended[0].log[-3000:]}"
            assert time.monotonic() < until, f"it does not settle: {self._bot.waiting()}"
            nudge = self._nudge_after(nudge)
            time.sleep(0.005)

    def _nudge_after(self, nudge: float) -> float:
        """Nudge when that instant has come; give the next."""
        if time.monotonic() < nudge:
            return nudge
        self._nudge()
        return time.monotonic() + _NUDGE

    def _nudge(self) -> None:
        """Move time on by seconds, and have the bot look at what is due."""
        for bot in self._bots:
            bot.seconds_on(20)
        self._passer_by.command("aide")

    def _compare(self, found: Found, calm: dict[str, End], kills: Sequence[float]) -> None:
        for cast in self.cast:
            name, person = cast.script.name, cast.person
            end, wanted = end_of(self._bot, self._api, person), calm[name]
            if end.kept != wanted.kept:
                found.wrong.append(f"{name}: not kept alike\n{_unlike(wanted.kept, end.kept)}")
            if end.read != wanted.read:
                lines = difflib.unified_diff(
                    wanted.read, end.read, "calm", "killed", lineterm="", n=1
                )
                found.wrong.append("\n".join([f"{name}: not told alike", *lines]))
                continue
            again, unexplained = repeats(self._api, person, wanted, kills)
            found.permitted += again - unexplained
            found.forbidden += unexplained
            found.messages += sum(count for _, count in end.sent)
        found.wrong += [f"refused: {call}" for call in self._api.violations if not _harmless(call)]


def _harmless(call: object) -> bool:
    """Whether a call was refused because it had been done already."""
    said = str(call)
    return "not modified" in said or "query is too old" in said


def _unlike(wanted: str, have: str) -> str:
    at = next(
        (n for n, (a, b) in enumerate(zip(wanted, have, strict=False)) if a != b), len(wanted)
    )
    return f"calm:   …{wanted[max(0, at - 80) : at + 200]}\nkilled: …{have[max(0, at - 80) : at + 200]}"
