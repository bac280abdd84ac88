"""The running bot with a key: nothing typed can be read in its folder, and the key is changed under it."""

from __future__ import annotations

import itertools
from datetime import date
from typing import TYPE_CHECKING

from bot.keys import Key
from bot.store import Store
from tests.acceptance.bot_process import PATIENCE, ROOT, BotProcess, command
from tests.acceptance.replicas import Replicas
from tests.acceptance.test_erased_and_exported import WORDS, on_disk, told
from tests.acceptance.visitor import WORDS as CASE
from tests.acceptance.visitor import WORDS_END, said_to

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.standin import StandIn

OLD = Key(date(2025, 11, 1), bytes(range(32)))
NEW = Key(date(2026, 11, 22), bytes(range(1, 33)))


def pieces(bot: BotProcess, chat_id: int, *keys: Key) -> list[bytes]:
    """Give a stretch of each file of a person, as it was sent."""
    with Store.open(bot.database_url, keys=keys) as store, store.read() as tx:
        found = [tx.load_file(row.id, chat_id) for row in tx.files_of(chat_id)]
    return [row.content[20_000:20_040] for row in found if row is not None]


def test_nothing_typed_can_be_read_without_the_key(api: StandIn, tmp_path: Path) -> None:
    """No word, sum or piece in any file; left without a key that rows are under it ends, and starts no more."""
    with BotProcess(api, tmp_path, RELANCE_ENCRYPTION_KEY=OLD.text) as bot:
        bot.start()
        zoe = told(api.person("Zéphirine"))
        wanted = [word.encode() for word in WORDS] + pieces(bot, zoe.person.id, OLD)
        wanted.append(OLD.text[9:].encode())
        assert len(wanted) == 6
        assert on_disk(tmp_path, wanted) == []
        zoe.person.command("exporter")
        zoe.person.expect("Voici votre copie", timeout=PATIENCE)

        with Store.open(bot.database_url, keys=[NEW, OLD]) as other:
            other.unlock()
        assert bot.ended() == 2, "it goes on without a key that rows may be under"
        assert on_disk(tmp_path, wanted) == []
        bot.launch()
        assert bot.ended() == 2
        lines = [line for line in bot.log.splitlines() if f"la clé {NEW.id}, absente" in line]
        assert len(lines) == 2
        assert lines[-1] == bot.log.splitlines()[-1]
        assert api.violations == []


def test_the_key_is_changed_under_two_replicas(
    api: StandIn, postgres: Callable[[], str], tmp_path: Path
) -> None:
    """By the steps of the runbook, one process after the other, while people write: each reads the whole case."""
    with Replicas(api, tmp_path, postgres(), RELANCE_ENCRYPTION_KEY=OLD.text) as pair:
        pair.start()
        people = [api.person("Camille") for _ in range(3)]
        words = iter(CASE)
        for keys in ((OLD, NEW), (NEW, OLD), (NEW,)):
            if len(keys) == 1:
                turned = command("cles", "--tourner", cwd=ROOT, timeout=30, **pair[0].settings)
                assert turned.returncode == 0, turned.stderr
                assert f"La clé {OLD.id} n’ouvre plus aucune ligne" in turned.stdout
            for bot in pair:
                bot.settings["RELANCE_ENCRYPTION_KEY"] = ",".join(key.text for key in keys)
                for one in itertools.islice(words, 2):
                    for person in people:
                        person.say(one)
                assert bot.terminate() == 0
                bot.start()
        for one in words:
            for person in people:
                person.say(one)
        for person in people:
            person.wait(lambda p=person: WORDS_END in "".join(said_to(p)), 20, "no end")  # type: ignore[misc]
        assert len({tuple(said_to(person)) for person in people}) == 1
        assert [line for bot in pair for line in bot.log.splitlines() if " ERROR " in line] == []
        assert api.violations == []
        with Store.open(pair[0].database_url, keys=[NEW]) as store, store.read() as tx:
            assert set(tx.rows_by_key()) == {NEW.id}
