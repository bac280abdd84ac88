"""Updates a second: the durable update beside a bare echo and beside the pickle, turn by turn."""

from __future__ import annotations

import asyncio
import gc
import tempfile
from pathlib import Path
from statistics import median

from tests.bench.durable import play
from tests.bench.peers import Minute, Pickled, echo, same_requests
from tests.bench.report import Row, Size, at_least, number, percentile, spread

STORED = 10_000
ANSWERS_A_MINUTE = 6
"""What each of the fifty types in the minute between two writes of the pickle: one every ten seconds."""


async def _measure(size: Size, folder: Path) -> list[Row]:
    durable, alone, bare, same, pickled = [], [], [], [], []
    waited: list[float] = []
    peer = Pickled(folder / "peer.pickle", STORED)
    await peer.start()
    # The peer's ten thousand people are not to be walked through by the collector during the others' turns.
    gc.collect()
    gc.freeze()
    for turn in range(size.repetitions):
        same.append(await same_requests(size.updates))
        home = folder / str(turn)
        bare.append(await echo(size.updates))
        durable.append((await play(home / "many", size.updates)).rate)
        one = await play(home / "one", size.updates // 4, people=1)
        alone.append(one.rate)
        waited += one.waited
        if turn < min(size.repetitions, 3):  # each takes seconds
            pickled.append(await peer.minute(ANSWERS_A_MINUTE))
    return _rows(durable, alone, waited, bare, same, pickled, peer.size)


def _rows(
    durable: list[float],
    alone: list[float],
    waited: list[float],
    bare: list[float],
    same: list[float],
    pickled: list[Minute],
    file_size: int,
) -> list[Row]:
    minutes = [minute.rate for minute in pickled]
    stalls = [minute.writing for minute in pickled]
    handling = [minute.updates / minute.handling for minute in pickled]
    late = [seconds * 1e3 for seconds in waited]
    return [
        Row("durable update, 50 people at once", f"{number(median(durable))}/s", spread(durable)),
        Row("durable update, one person alone", f"{number(median(alone))}/s", spread(alone)),
        Row(
            "  update received to answer sent, one person",
            f"{median(late):.1f} ms",
            f"p90 {percentile(late, 90):.1f} ms",
        ),
        Row("bare PTB echo, nothing stored", f"{number(median(bare))}/s", spread(bare)),
        Row("PTB sending the dialogue’s very requests", f"{number(median(same))}/s", spread(same)),
        Row(
            "PTB + pickle, the minute's write included",
            f"{number(median(minutes))}/s",
            spread(minutes),
        ),
        Row(
            f"  its answers alone, {STORED} stored",
            f"{number(median(handling))}/s",
            spread(handling),
        ),
        Row(
            f"  its write, 50 active, file of {file_size / 1e6:.1f} MB",
            f"{median(stalls):.1f} s",
            spread(stalls, 1) + " all wait",
        ),
        at_least("durable / bare echo", median(durable) / median(bare), 1 / 3),
        Row("durable / PTB sending the same requests", f"{median(durable) / median(same):.2f} x"),
        at_least(
            "durable / pickle at 10 000 stored", median(durable) / median(minutes), 10, digits=1
        ),
    ]


def measure(size: Size) -> list[Row]:
    """Measure all of it, interleaved: each repetition runs every contender once."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return asyncio.run(_measure(size, Path(folder)))
        finally:
            gc.unfreeze()
