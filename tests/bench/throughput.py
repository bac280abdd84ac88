"""Updates a second: the durable update beside its peers, in memory and on a pickle, turn by turn."""

from __future__ import annotations

import asyncio
import gc
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench import fsm
from tests.bench.durable import play
from tests.bench.peers import Minute, Pickled, echo, in_memory, same_requests
from tests.bench.report import Row, Size, at_least, number, percentile, spread

ANSWERS_A_MINUTE = 6
"""What each of the fifty types in the minute between two writes of the pickle: one every ten seconds."""
_LONG = 20_000
"""From so many people on, one minute of the pickle is enough: its write takes tens of seconds."""


@dataclass
class _Found:
    """Updates a second of each contender, a figure a turn."""

    durable: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    same: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    machine: list[float] = field(default_factory=list)
    pickled: dict[int, list[Minute]] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)


async def _measure(size: Size, folder: Path) -> list[Row]:
    found = _Found()
    machine = fsm.Machine() if fsm.installed() else None
    peers = {stored: Pickled(folder / f"{stored}.pickle", stored) for stored in size.pickled}
    for stored, peer in peers.items():
        await peer.start()
        found.sizes[stored], found.pickled[stored] = peer.size, []
    # What the peers hold is not to be walked through by the collector during the others' turns.
    gc.collect()
    gc.freeze()
    for turn in range(size.repetitions):
        home = folder / str(turn)
        found.same.append(await same_requests(size.updates))
        found.bare.append(await echo(size.updates))
        found.memory.append(await in_memory(size.updates))
        if machine:
            found.machine.append(await machine.play(size.updates))
        found.durable.append((await play(home / "many", size.updates)).rate)
        one = await play(home / "one", size.updates // 4, people=1)
        found.alone.append(one.rate)
        found.waited += one.waited
        for stored, peer in peers.items():
            if turn < (1 if stored >= _LONG else 3):  # each takes seconds
                found.pickled[stored].append(await peer.minute(ANSWERS_A_MINUTE))
    return _rows(found, size.pickled[1])


def _rows(found: _Found, stored: int) -> list[Row]:
    durable, minutes = median(found.durable), found.pickled[stored]
    rates = {
        "durable update, 50 people at once": found.durable,
        "durable update, one person alone": found.alone,
        "bare PTB echo, nothing stored": found.bare,
        "the dialogue’s very requests, known beforehand": found.same,
        "PTB ConversationHandler, in memory": found.memory,
        "aiogram FSM, in memory": found.machine,
    }
    rows = [_rate(what, of) for what, of in rates.items() if of]
    if not found.machine:
        rows.append(Row("aiogram FSM, in memory", "–", "not installed: make bench installs it"))
    late = [seconds * 1e3 for seconds in found.waited]
    rows.insert(
        2,
        Row(
            "  update received to answer sent, one person",
            f"{median(late):.1f} ms",
            f"p90 {percentile(late, 90):.1f} ms",
        ),
    )
    for people, given in found.pickled.items():
        rows += _pickle(people, given, found.sizes[people])
    pickled = median(minute.rate for minute in minutes)
    return [
        *rows,
        at_least("durable / bare echo", durable / median(found.bare), 1 / 3),
        at_least("durable / ConversationHandler in memory", durable / median(found.memory), 1 / 2),
        Row("durable / the very requests", f"{durable / median(found.same):.2f} x"),
        at_least(f"durable / pickle at {number(stored)} stored", durable / pickled, 20, digits=1),
    ]


def _rate(what: str, found: list[float]) -> Row:
    return Row(what, f"{number(median(found))}/s", spread(found))


def _pickle(stored: int, minutes: list[Minute], size: int) -> list[Row]:
    stalls = [minute.writing for minute in minutes]
    return [
        _rate(f"PTB + pickle, {number(stored)} people stored", [one.rate for one in minutes]),
        Row(
            f"  its write, 50 active, file of {size / 1e6:.1f} MB",
            f"{median(stalls):.1f} s",
            spread(stalls, 1) + " all wait",
        ),
    ]


def measure(size: Size) -> list[Row]:
    """Measure all of it, interleaved: each repetition runs every contender once."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return asyncio.run(_measure(size, Path(folder)))
        finally:
            gc.unfreeze()
