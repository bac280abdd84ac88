"""A sample of `make chaos`: few people, two weeks, few kills; and what it would say of a repeat too many."""

from __future__ import annotations

import time
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING

from tests.acceptance.posting import free_port, webhook_settings
from tests.chaos.account import End, repeats
from tests.chaos.months import COPIES, LEAVES, PRESSES
from tests.chaos.mortal import MortalBot
from tests.chaos.season import Season
from tests.standin import StandIn

if TYPE_CHECKING:
    from pathlib import Path

FEW = (PRESSES, COPIES, LEAVES)
KILLS = 10


def test_the_end_is_that_of_a_calm_run(tmp_path: Path) -> None:
    """Killed over two weeks at random instants and points, Telegram failing: all is kept, told, and acts once."""
    with StandIn() as api, MortalBot(api, tmp_path / "calm") as bot:
        calm = Season([bot], api, scripts=FEW).calm()
        assert api.violations == []
    hook = webhook_settings(free_port(), free_port())
    with StandIn() as api, MortalBot(api, tmp_path / "killed", **hook) as bot:
        found = Season([bot], api, scripts=FEW).killed(KILLS, "2026", calm)
    assert found.wrong == []
    assert (sum(found.kills.values()), found.forbidden) == (KILLS, 0)
    assert found.starts == KILLS + 1


def test_a_repeat_that_nothing_explains_is_found(api: StandIn) -> None:
    """The same message twice is forbidden, unless a kill fell in between or the first answer was lost."""
    people = [api.person("Camille") for _ in range(3)]
    kills: list[float] = []
    for person in people:
        person.start()
        if person is people[2]:
            api.faults.lose_answer("sendMessage")
        for _ in range(2):
            _send(api, person.id)
            if person is people[1] and not kills:
                kills.append(time.time())
    calm = End("", (), (("Bonjour", 1),))
    assert [repeats(api, person, calm, kills) for person in people] == [(1, 1), (1, 0), (1, 0)]


def _send(api: StandIn, chat_id: int) -> None:
    asked = urllib.parse.urlencode({"chat_id": chat_id, "text": "Bonjour"}).encode()
    try:
        with urllib.request.urlopen(f"{api.url}/bot{api.token}/sendMessage", asked) as answer:
            answer.read()
    except OSError:
        pass  # the answer that is lost on purpose
