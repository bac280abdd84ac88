"""The bot on PostgreSQL: a whole case, a kill in the middle, a reminder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.acceptance.bot_process import BotProcess
from tests.acceptance.visitor import Visitor
from tests.standin.views import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.standin import StandIn


def test_a_bot_on_postgresql(postgres: Callable[[], str], api: StandIn, tmp_path: Path) -> None:
    """On PostgreSQL a case goes through a kill and past its deadline as on SQLite."""
    bot = BotProcess(api, tmp_path, RELANCE_DATABASE_URL=postgres()).start()
    try:
        camille, alix = Visitor(api.person("Camille")), Visitor(api.person("Alix"))
        camille.tell()
        bot.kill()
        camille.person.press("Il avait oublié")
        bot.start()
        assert "1 250,00 €" in plain(camille.draft().text)
        bot.go_to(camille.send())
        assert "1 250,00 €" in plain(alix.to_draft("trésorerie").text)
        assert "Dupont SARL" in camille.nudged().text
        camille.press("Payé")
        camille.person.expect("a payé")
        assert bot.terminate() == 0
        assert bot.kept(camille.person).dossiers[0][1] == "paye"
        assert api.violations == []
        assert " ERROR " not in bot.log
        assert not list(tmp_path.rglob("*.sqlite3"))
    finally:
        bot.close()
