"""deploy/PROMISE.md says no more than what is tested: sentences name their tests, points are the harness’s."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.chaos.points import ALL

ROOT = Path(__file__).parents[2]
PROMISE = (ROOT / "deploy" / "PROMISE.md").read_text(encoding="utf-8")
SENTENCES = [line for line in PROMISE.splitlines() if line.startswith("- ")]


@pytest.fixture(scope="module")
def known() -> set[str]:
    """The names of all tests."""
    files = (ROOT / "tests").rglob("test_*.py")
    return {
        name
        for file in files
        for name in re.findall(
            r"^(?:async )?def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE
        )
    }


def test_the_points_are_those_where_the_bot_is_killed() -> None:
    """The table has the points of the harness, their numbers and their repeats, and no other."""
    rows = re.findall(r"^\| (\d+) \| `([^`]+)` \|.*\| (\d) \|$", PROMISE, re.MULTILINE)
    assert rows == [(point.number, point.name, str(point.repeats)) for point in ALL]


def test_each_sentence_has_a_test(known: set[str]) -> None:
    """Every sentence of the lists names a test that exists."""
    named = [re.findall(r"`(test_\w+)`", line) for line in SENTENCES]
    assert len(SENTENCES) > 10
    assert all(named), [line for line, names in zip(SENTENCES, named, strict=True) if not names]
    assert {name for names in named for name in names} - known == set()


def test_nothing_is_promised_exactly_once() -> None:
    """« Exactly once » stands nowhere."""
    assert "exactly" not in PROMISE.lower()
    assert "at least once" in PROMISE
