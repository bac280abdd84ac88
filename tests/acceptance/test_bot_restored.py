"""The drill: a backup while the bot runs, everything lost, restored elsewhere, the bot on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store import backup
from bot.store.digest import Content, contents
from bot.store.engine import connect, parse
from tests.acceptance.bot_process import BotProcess, command
from tests.acceptance.visitor import Visitor, said_to, wake
from tests.standin.views import plain

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standin import Person, StandIn


ASKS = "Payé depuis ?"
FIRST_REASON = "La date demandée dans votre texte"


def held(url: str) -> dict[str, Content]:
    engine = connect(parse(url))
    with engine.connect() as connection:
        found = dict(contents(connection))
    engine.dispose()
    return found


def words(person: Person, since: int = 0) -> list[str]:
    return [plain(text) for text in said_to(person)[since:]]


def wait_for(person: Person, count: int) -> None:
    """Wait until the bot has said so many things to somebody."""
    person.wait(lambda: len(said_to(person)) == count, 20, "not told again")


def test_the_drill(api: StandIn, tmp_path: Path) -> None:
    """What was told before the backup never comes twice; what came after comes again, announced.

    Alix's first reminder is told before the backup; her second one and Camille's after it, so the
    restored bot tells those two again: after the word about the restore, with the day they were due.
    """
    first = BotProcess(api, tmp_path / "first").start()
    second = BotProcess(api, tmp_path / "second")
    try:
        camille, alix = Visitor(api.person("Camille")), Visitor(api.person("Alix"))
        alix.to_draft("oubli")
        first.go_to(alix.send())
        wake(api)
        alix.nudged()
        camille.to_draft("oubli")
        due = camille.send()
        before = held(first.database_url)

        folder = str(tmp_path / "kept")
        made = command("sauvegarde", "--vers", folder, cwd=tmp_path, timeout=30, **first.settings)
        assert made.returncode == 0, made.stderr
        ((file, manifest),) = backup.made_in(tmp_path / "kept")
        assert dict(manifest.tables) == before

        first.go_to(due)
        wake(api)
        camille.nudged()
        alix.person.wait(
            lambda: sum(ASKS in text for text in words(alix.person)) == 2, 20, "no second reminder"
        )
        had = {who.person.id: len(said_to(who.person)) for who in (alix, camille)}
        first.kill()

        restored = command("restaure", str(file), cwd=tmp_path, timeout=30, **second.settings)
        assert restored.returncode == 0, restored.stderr
        after = held(second.database_url)
        assert {n for n in before if before[n] != after[n]} == {"outbox"}

        second.go_to(due)
        second.advance(1)
        second.start()
        for who in (alix, camille):
            mark = had[who.person.id]
            wait_for(who.person, mark + 2)
            word, reminder = words(who.person, mark)
            assert "sauvegarde du" in word
            assert ASKS in reminder
            assert reminder.startswith("Ce rappel aurait dû arriver le ")
        told = [text for text in words(alix.person) if FIRST_REASON in text]
        assert len(told) == 1
        assert second.terminate() == 0
        assert api.violations == []
    finally:
        first.close()
        second.close()
