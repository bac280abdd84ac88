"""Each cause played for three months in the real terminal, from a pipe: what comes, and on which days."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tests.acceptance.bot_process import command, day_named
from tests.standin.views import plain
from tests.stories.told import STORIES, Story

ON_A_DAY = re.compile(r"^\[Nous sommes le (.+?)(?:, \d+ j avant la date demandée)?\.", re.MULTILINE)
FURTHER = 400
"""Days asked of /avance, more than any story waits: it stops where a reminder speaks."""


def typed(story: Story) -> list[str]:
    """Give the lines of a story: an /avance leads to each of its days."""
    lines = list(story.told)
    for day in story.days:
        lines += [f"/avance {FURTHER}j", *day.does]
    last = story.days[-1].on
    return [*lines, f"/avance {(story.until - last).days}j"]


def parts(printed: str) -> list[tuple[date, str]]:
    """Cut what was printed at each day it names: the day, and all that was said from then on."""
    found = list(ON_A_DAY.finditer(printed))
    ends = [*[one.start() for one in found[1:]], len(printed)]
    return [
        (day_named(one[1]), plain(printed[one.end() : end]))
        for one, end in zip(found, ends, strict=True)
    ]


@pytest.mark.parametrize("story", STORIES, ids=lambda one: one.name)
def test_a_story_in_the_terminal(tmp_path: Path, story: Story) -> None:
    """The bot comes back on each day of the calendar and on no other, and after the end says nothing."""
    done = command(
        "chat", "--aujourdhui", "2026-11-24", cwd=tmp_path, text="\n".join(typed(story)) + "\n"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Je n’ai pas compris" not in done.stdout
    *came, (last, silence) = parts(done.stdout)
    assert [day for day, _ in came] == [day.on for day in story.days]
    for day, (_, said) in zip(story.days, came, strict=True):
        assert plain(day.says) in said
        assert "Payé depuis ?" in said or "Créance déclarée ?" in said
        assert "aurait dû" not in said
        assert [one for one in day.shows if plain(one) not in said] == []
    assert plain(story.end) in came[-1][1].lower()
    assert last == story.until
    assert plain("Rien n’était prévu d’ici là") in silence
