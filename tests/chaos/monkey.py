"""What goes wrong, drawn from a seed: kills at random instants and at numbered points, and Telegram's own trouble."""

from __future__ import annotations

import random
import time
from collections import Counter
from typing import TYPE_CHECKING

from tests.chaos.points import ALL, MESSAGE, REMINDER, UPDATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.chaos.mortal import MortalBot
    from tests.standin import StandIn

_LONGEST_LIFE = 0.3
_PATIENCE = 0.5
"""Seconds until a process that does not pass the point it was to die at is killed where it is."""
_METHODS = (
    *("sendMessage", "sendMessage", "sendMessage", "editMessageText", "answerCallbackQuery"),
    *("getUpdates", "getFile", "file", "sendDocument", "editMessageReplyMarkup", "sendPhoto"),
)
_ANYWHERE = "a random instant"
_POINTS = (*ALL, *UPDATE * 2, *MESSAGE * 3, *REMINDER)
"""What happens most often, most often."""
_LOST_AT_ONCE = 2
"""Answers lost at most until all is settled: three lost for one message and it is given up, as promised."""


class Monkey:
    """Kills and hurts the processes of one bot. Everything it draws comes from its seed."""

    def __init__(self, seed: str, bots: Sequence[MortalBot], api: StandIn) -> None:
        self._chance = random.Random(seed)
        self._bots, self._api = bots, api
        self._victim = bots[0]
        self.killed: Counter[str] = Counter()
        self.struck: Counter[str] = Counter()
        self.kills: list[float] = []
        self._until = 0.0
        self._point = ""
        self._lost = 0

    def choose(self) -> None:
        """Start what is dead, and settle which process will die next, where and when."""
        self.revive(chance=0.8)
        self._victim = self._chance.choice([bot for bot in self._bots if bot.running])
        self._point = ""
        if self._chance.random() < 0.65:
            self._point = self._chance.choice(_POINTS).name
            self._victim.arm(self._point, self._chance.choice((1, 1, 1, 2)))
        if self._chance.random() < 0.5:
            self._hurt()
        life = _PATIENCE if self._point else self._chance.uniform(0, _LONGEST_LIFE)
        self._until = time.monotonic() + life

    def strikes(self) -> bool:
        """Whether the victim is dead by now, killed here when its time has come."""
        if not self._victim.running:
            self._note(self._point)
            return True
        if time.monotonic() < self._until:
            return False
        self._note(_ANYWHERE)
        return True

    def revive(self, chance: float = 1.0) -> None:
        """Start the processes that are dead, each with this chance, and at least one."""
        for bot in self._bots:
            alive = any(one.running for one in self._bots)
            if not bot.running and (not alive or self._chance.random() < chance):
                bot.launch()

    def rest(self) -> None:
        """Leave the bot alone, and have all its processes run."""
        self._lost = 0
        self._api.faults.clear()
        for bot in self._bots:
            bot.disarm()
        self.revive()

    def _note(self, where: str) -> None:
        self._victim.disarm()
        self._victim.kill()
        if len(self._bots) == 1 or self._victim.sent():  # no other kill explains a repeat
            self.kills.append(self._api.world.clock.now())
        self.killed[where] += 1

    def _hurt(self) -> None:
        faults, method = self._api.faults, self._chance.choice(_METHODS)
        kind = self._chance.choice(("lose", "500", "502", "429", "drop"))
        if faults.left > 3:
            return
        skip = self._chance.choice((0, 0, 1, 3))
        match kind:
            case "lose" if self._lost < _LOST_AT_ONCE:
                self._lost += 1
                faults.lose_answer(method, skip=skip)
            case "500" | "502":
                faults.refuse(method, int(kind), skip=skip)
            case "429":
                faults.refuse(method, 429, retry_after=1, skip=skip)
            case _:
                faults.drop(method, skip=skip)
        self.struck[f"{method} {kind}"] += 1
