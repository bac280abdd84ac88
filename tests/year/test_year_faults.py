"""The rules of the simulated year can be broken: each of these faults of the bot is noticed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from bot.store import Tx
from flows.dialogue import waking
from flows.rhythm import Rhythm
from tests.year.invariants import report, violations
from tests.year.simulate import Year
from tests.year.test_year_sample import SPRING


def at_once(rhythm: Rhythm, now: datetime, *_: Any, **__: Any) -> datetime:
    """Stand for a rhythm that lets everything be said at any hour."""
    return now


def one_by_one(turn: Any, dues: list[Any]) -> None:
    """Stand for a bot that tells the reminders of a day one after the other."""
    for due in dues:
        waking._tell(turn, due, floor=False)


FAULTS: dict[str, Callable[[], Any]] = {
    "none_at_night none_on_a_day_off": lambda: patch.object(Rhythm, "next_digest", at_once),
    "one_message_a_day": lambda: patch.object(waking, "_tell_many", one_by_one),
    "no_nudge_is_lost": lambda: patch.object(
        Tx, "hold_reminder", lambda tx, row, until: tx.fire_reminder(row, until)
    ),
    "a_late_one_says_so": lambda: patch.object(waking.Due, "late", lambda due, turn: None),
    "rows_are_derived": lambda: patch.object(Tx, "sync_reminders", forgetful(Tx.sync_reminders)),
}
"""Faults of the bot, each with the rules that must notice it."""


def forgetful(sync: Callable[..., bool]) -> Callable[..., bool]:
    """Stand for a table that leaves the rows of a dossier as they first were."""
    seen: set[str] = set()

    def once(tx: Tx, dossier_id: str, chat_id: int, wanted: Any) -> bool:
        if dossier_id in seen:
            return False
        if wanted:
            seen.add(dossier_id)
        return sync(tx, dossier_id, chat_id, wanted)

    return once


@pytest.mark.parametrize("rules", FAULTS)
async def test_a_fault_is_noticed(tmp_path: Path, rules: str) -> None:
    """Each rule, broken on purpose, is reported by its own name, with the way to play that person again."""
    with FAULTS[rules]():
        year = Year(11, range(12), tmp_path, days=27, start=SPRING)
        # Every Friday it stops before nine and starts again at three in the night.
        fridays = [SPRING + timedelta(days=4 + 7 * n, hours=7) for n in range(4)]
        year.weather.down = [(friday, friday + timedelta(hours=20)) for friday in fridays]
        await year.play()
        found = {one.check: one for one in violations(year)}
    for rule in rules.split():
        number = found[rule].life.person.number
        assert f"--seed 11 --only {number} --days 27" in report(found[rule], 11)
