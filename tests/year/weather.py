"""What befalls the bot in a year: down for three weeks and for hours, killed mid-work, its clock wrong, answers lost.

All of it follows from the seed and from who is concerned, never from the order of things, so that one person alone
meets the same weather as among two thousand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from zlib import crc32

HOUR = timedelta(hours=1)
START = datetime(2026, 1, 4, 23, tzinfo=UTC)
"""Midnight in Paris of Monday 5 January 2026: the year holds both changes of the clocks and every holiday."""


@dataclass
class Weather:
    """What happens when. Real time runs on; the bot's clock is real time plus `offset`."""

    seed: int
    days: int = 365
    start: datetime = START
    down: list[tuple[datetime, datetime]] = field(default_factory=list)
    jumps: list[tuple[datetime, timedelta]] = field(default_factory=list)
    kills: set[datetime] = field(default_factory=set)
    """Hours during which the power fails now and then."""

    def __post_init__(self) -> None:
        random = Random(f"weather {self.seed}")
        span = self.days / 365
        # Three weeks at once, over the summer time of March in a year that is played whole.
        self.down = [self._span(random, 70 * span, 21 * 24 * min(1, max(span * 2, 0.2)))]
        for _ in range(max(2, int(25 * span))):
            self.down.append(
                self._span(random, random.uniform(5, self.days), random.choice((1, 2, 5, 11, 30)))
            )
        self.jumps = [
            (self._hour(150 * span, random), timedelta(days=7)),
            (self._hour(220 * span, random), timedelta(days=-2)),
        ]
        hours = range(24 * self.days)
        self.kills = {self.start + HOUR * h for h in random.sample(hours, int(120 * span) + 5)}
        # Nine in the morning is when most is done: many of the failures come then.
        nine = [d * 24 + 9 for d in range(self.days)]
        self.kills |= {self.start + HOUR * h for h in random.sample(nine, int(60 * span) + 5)}

    def _hour(self, day: float, random: Random) -> datetime:
        return self.start + timedelta(days=int(day), hours=random.randrange(24))

    def _span(self, random: Random, day: float, hours: float) -> tuple[datetime, datetime]:
        begin = self._hour(day, random)
        return begin, begin + timedelta(hours=round(hours))

    def offset(self, real: datetime) -> timedelta:
        """Give by how much the bot's clock is wrong."""
        return sum((by for at, by in self.jumps if at <= real), timedelta())

    def is_down(self, real: datetime) -> bool:
        """Say whether the bot is not running."""
        return any(begin <= real < end for begin, end in self.down)

    def chance(self, chat: int, what: str, instant: datetime, one_in: int) -> bool:
        """Draw a lot that depends on nothing but its name."""
        return crc32(f"{self.seed}:{chat}:{what}:{instant:%Y%m%d%H%M}".encode()) % one_in == 0
