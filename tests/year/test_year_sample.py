"""A part of the simulated year: some weeks of some people, over both changes of the clocks.

`make year` plays the whole.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.year.invariants import report, violations
from tests.year.simulate import Year

SPRING = datetime(2026, 3, 1, 23, tzinfo=UTC)
"""A Monday in Paris; the clocks go forward on the 29th, Easter Monday is 6 April."""
AUTUMN = datetime(2026, 10, 4, 22, tzinfo=UTC)
"""A Monday; the clocks go back on the 25th, 11 November is a Wednesday."""


@pytest.mark.parametrize("start", [SPRING, AUTUMN], ids=["spring", "autumn"])
async def test_a_few_weeks_of_a_few_people(tmp_path: Path, start: datetime) -> None:
    """Through restarts, outages and a wrong clock, every rule holds in every life, and much did happen."""
    year = Year(11, range(14), tmp_path, days=50, start=start)
    await year.play()
    assert year.failures == []
    assert [report(one, year.seed) for one in violations(year)] == []
    log = year.world.log
    assert len([one for one in log.sent if one.woken]) > 40
    assert year.restarts > 0
    assert [one for one in log.sent if one.again]


async def test_a_person_lives_the_same_year_alone(tmp_path: Path) -> None:
    """What is printed to play one person again gives that very life, to the minute."""
    stories = []
    for name, numbers in (("together", range(6)), ("alone", range(4, 5))):
        folder = tmp_path / name
        folder.mkdir()
        year = Year(23, numbers, folder, days=30, start=SPRING)
        await year.play()
        stories.append(year.people[10_004].story)
    assert stories[0] == stories[1]
    assert len(stories[0]) > 10
