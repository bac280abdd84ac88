"""A sample of `make fuzz`: the real bot, strangers, and everything that may reach it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from flows.dialogue.table import STATES
from tests.fuzz.run import Run

SAMPLE = 600


def test_strangers_find_no_way_to_break_it(tmp_path: Path) -> None:
    """Updates of every kind, bent ones too: nothing raises, nothing is refused, nobody sees another's words."""
    run = Run(f"sqlite:///{tmp_path}/fuzz.sqlite3", seed=7, updates=SAMPLE)
    figures = asyncio.run(run.play())
    assert figures.defects == []
    assert figures.updates >= SAMPLE
    assert len(figures.kinds) > 20
    assert len(figures.states) > len(STATES) / 3
