"""`python -m tests.chaos [section …]`: kills, faults, a crowd, and scripted months under hundreds of kills.

The sections are those of `SECTIONS`, all by default. The end must always be that of a calm run.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bot.keys import Key
from tests.acceptance.posting import PATH, SECRET, free_port, webhook_settings
from tests.acceptance.replicas import Front
from tests.chaos import drills as drills_of
from tests.chaos.mortal import MortalBot
from tests.chaos.season import Found, Season
from tests.chaos.servers import Files, Postgres
from tests.standin import StandIn
from tests.stories.told import BEGIN

if TYPE_CHECKING:
    from tests.chaos.account import End

SECTIONS = ("points", "faults", "away", "crowd", "seasons")
_KILLS_A_SEASON = 250
"""Past this another season begins, from an empty base; each second one has a key, and what is said is sealed."""
_KILLS_A_CAST = 60
"""Kills for which there is one more person at each script, so that something is always under way."""


def main() -> int:
    """Play as asked; give 0 when nothing was lost, nor repeated beyond the promise."""
    asked = _asked()
    with ExitStack() as held, tempfile.TemporaryDirectory(prefix="relance-chaos-") as folder:
        place = Path(folder)
        server = Postgres() if asked.database == "postgresql" else Files()
        held.callback(server.close)
        wrong = _drill(asked, place, server)
        if "seasons" in asked.sections:
            wrong += _seasons(asked, place, server)
    if wrong:
        print(f"\nAgain: python -m tests.chaos {' '.join(sys.argv[1:])} --seed {asked.seed}")
    return int(wrong > 0)


def _drill(asked: argparse.Namespace, place: Path, server: Files) -> int:
    """Do the drills asked for; give how much was wrong."""
    number = itertools.count()

    def make(api: StandIn, way: str) -> MortalBot:
        folder = place / f"drill-{next(number)}"
        settings = server.new()
        if way == "webhook":
            settings |= webhook_settings(free_port(), free_port())
        return MortalBot(api, folder, **settings)

    drills = {
        "points": lambda: drills_of.points(make),
        "faults": lambda: drills_of.faults(make),
        "away": lambda: drills_of.away(make, server, asked.away),
        "crowd": lambda: drills_of.crowd(make, asked.waiting),
    }
    wrong = 0
    for section in asked.sections:
        for line in drills[section]() if section in drills else ():
            print(line, flush=True)
            wrong += line.startswith("WRONG")
    return wrong


def _seasons(asked: argparse.Namespace, place: Path, server: Files) -> int:
    """Play the months as asked; give how much was wrong."""
    calm = _calm(place / "calm")
    whole, left = Found(), asked.kills
    for number in range(-(-asked.kills // _KILLS_A_SEASON)):
        kills = min(left, _KILLS_A_SEASON)
        left -= kills
        seed = f"{asked.seed}.{number}"
        with ExitStack() as stage:
            api = stage.enter_context(StandIn())
            way = asked.way or ("polling", "webhook")[number % 2]
            settings = server.new()
            if number % 2:
                settings["RELANCE_ENCRYPTION_KEY"] = Key.new(BEGIN).text
            bots = _bots(stage, api, place / str(number), way, settings, asked.replicas)
            season = Season(bots, api, times=-(-kills // _KILLS_A_CAST))
            try:
                found = season.killed(kills, seed, calm)
            except AssertionError as stuck:
                found = Found(wrong=[str(stuck)])
        _say(
            f"season {number} ({way}, {len(bots)} process(es){', sealed' if number % 2 else ''})",
            found,
        )
        whole.add(found)
    _say("in all", whole)
    for line in whole.wrong:
        print(line)
    return len(whole.wrong) + whole.forbidden


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("sections", nargs="*", help=", ".join(SECTIONS))
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--replicas", type=int, default=1, help="processes on one database")
    parser.add_argument("--way", choices=("polling", "webhook"), help="default: in turn")
    parser.add_argument("--waiting", type=int, default=10_000, help="updates of the crowd")
    parser.add_argument("--away", type=float, default=60, help="seconds without a database")
    asked = parser.parse_args()
    if not set(asked.sections) <= set(SECTIONS):
        parser.error(f"sections: {', '.join(SECTIONS)}")
    asked.sections = asked.sections or SECTIONS
    if asked.replicas > 1:
        if asked.database == "sqlite":
            parser.error("several processes need PostgreSQL")
        asked.way = "webhook"
    return asked


def _calm(folder: Path) -> dict[str, End]:
    began = time.monotonic()
    with StandIn() as api, MortalBot(api, folder) as bot:
        calm = Season([bot], api).calm()
    print(f"calm run: {len(calm)} people, {time.monotonic() - began:.0f} s", flush=True)
    return calm


def _bots(
    held: ExitStack, api: StandIn, folder: Path, way: str, settings: dict[str, str], count: int
) -> list[MortalBot]:
    """Make processes of one bot, not started, behind one address when they receive by webhook."""
    ports = [free_port() for _ in range(count)]
    if way == "webhook":
        front = Front(ports)
        held.callback(front.close)
        front.start()
        settings |= {
            "RELANCE_WEBHOOK_URL": f"http://127.0.0.1:{front.port}{PATH}",
            "RELANCE_WEBHOOK_SECRET": SECRET,
        }
    made = []
    for number, port in enumerate(ports):
        own = {"RELANCE_WEBHOOK_LISTEN": f"127.0.0.1:{port}"} if way == "webhook" else {}
        made.append(held.enter_context(MortalBot(api, folder / str(number), **settings, **own)))
    return made


def _say(title: str, found: Found) -> None:
    kills = sum(found.kills.values())
    points = ", ".join(f"{name} {count}" for name, count in found.kills.most_common())
    faults = sum(found.struck.values())
    print(
        f"{title}: {kills} kills, {found.starts} starts, {faults} faults of Telegram, "
        f"{found.messages} messages, repeated {found.permitted} permitted and {found.forbidden} "
        f"forbidden, {len(found.wrong)} wrong, {found.seconds:.0f} s\n  killed at: {points}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
