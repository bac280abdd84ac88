"""Somebody with hundreds of dossiers: the list, a card, a new dossier, the overview and its picture."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from bot.engine import Engine
from bot.papers import drawn
from bot.store import Store
from flows.dialogue.events import Command, Event, Pressed
from flows.dialogue.library import Library
from flows.dialogue.screens import Picture, Screen, Shown
from tests.bench.crowd import crowd, keep
from tests.bench.report import Row, Size, spread, timed

_CHAT = 7
_NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
_AIM = 20.0
"""Milliseconds for the list or a card, from the event to the commit."""
_PICTURE_AIM = 50.0
"""Milliseconds to draw the overview."""
_TIMES = 4
"""How often each thing is done for one repetition: the first of all is thrown away."""


def _milliseconds(work: Callable[[], object], times: int) -> list[float]:
    work()
    return [timed(work)[0] * 1e3 for _ in range(times)]


def _row(what: str, found: list[float], aim: float = 0.0) -> Row:
    value = median(found)
    told = f"≤ {aim:.0f} ms" if aim else ""
    return Row(what, f"{value:.1f} ms", spread(found, 1), told, not aim or value <= aim)


def measure(size: Size) -> list[Row]:
    """Measure `Engine.advance` with its transaction, on SQLite, with every act of every dossier stored."""
    times = size.repetitions * _TIMES
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{Path(folder) / 'w.sqlite3'}")
        store.prepare()
        with store.write() as tx:
            keep(tx, _CHAT, crowd(size.dossiers))
        engine = Engine(Library(), ZoneInfo("Europe/Paris"))

        def take(event: Event) -> list[Shown]:
            with store.write() as tx:
                return list(engine.advance(tx, _CHAT, event, now=_NOW, first_name="Camille"))

        listed = _milliseconds(lambda: take(Command("dossiers")), times)
        card = _first_card(take(Command("dossiers")))
        opened = _milliseconds(lambda: take(Pressed(card)), times)
        begun = _milliseconds(lambda: take(Command("nouveau")), times)
        whole = _milliseconds(lambda: take(Command("bilan")), size.repetitions)
        (sheet,) = [s.sheet for s in take(Command("bilan")) if isinstance(s, Picture)]
        picture = _milliseconds(lambda: drawn(sheet), times)
        store.close()
    return [
        _row(f"the list, {size.dossiers} dossiers", listed, _AIM),
        _row("the card of one", opened, _AIM),
        _row("a new dossier begun", begun),
        _row(f"the overview of {size.dossiers}, in words", whole),
        _row("  its picture drawn", picture, _PICTURE_AIM),
    ]


def _first_card(shown: list[Shown]) -> str:
    screens = [one for one in shown if isinstance(one, Screen)]
    choices = [choice for row in screens[-1].choices for choice in row]
    return next(choice.data for choice in choices if choice.data.startswith("d."))
