"""What a kill leaves for the next start: a reminder that came due meanwhile, an update Telegram gives again.

At each point, and by the hundred: tests/chaos.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.acceptance.bot_process import BotProcess
from tests.acceptance.visitor import (
    Visitor,
    wait_struck,
)
from tests.standin import StandIn

if TYPE_CHECKING:
    pass


def test_a_reminder_due_while_the_bot_was_down(api: StandIn, bot: BotProcess) -> None:
    """A reminder due while the bot was down, then killed as it left, comes once and says it is late."""
    bot.start()
    camille = Visitor(api.person("Camille"))
    camille.to_draft("oubli")
    day = camille.send()
    bot.kill()
    bot.advance(30)
    mark = camille.person.mark()
    api.faults.hang("sendMessage", 60)
    bot.start()
    wait_struck(api, "sendMessage", "hang")
    bot.restart()
    assert f"aurait dû arriver le {day.day}" in camille.nudged().text
    assert bot.terminate() == 0
    acts = bot.kept(camille.person).dossiers[0][2]
    assert [kind for kind, _ in acts].count("rappel") == 1
    bot.start()
    camille.person.quiet(0.2)
    assert len(camille.person._after(mark)) == 1


def test_an_update_delivered_twice(api: StandIn, bot: BotProcess) -> None:
    """An update delivered twice acts once, in the same process and after a restart."""
    bot.start()
    camille = Visitor(api.person("Camille")).tell()
    before = camille.person.mark()
    amount = next(u for u in api.updates if u.get("message", {}).get("text") == "1 250 €")
    api.redeliver(amount)
    camille.person.quiet(0.3)
    bot.kill()
    api.redeliver(amount)
    bot.start()
    camille.person.quiet(0.3)
    assert camille.person._after(before) == []
    camille.press("Il avait oublié")
    camille.settle_questions()
