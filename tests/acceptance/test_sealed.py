"""The running bot with a key: nothing typed can be read in its folder, and the key is changed under it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.keys import Key
from bot.store import Store
from tests.acceptance.bot_process import PATIENCE, ROOT, BotProcess, command
from tests.acceptance.test_erased_and_exported import DEBTOR, WORDS, on_disk, told

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standin import StandIn

OLD = Key(date(2025, 11, 1), bytes(range(32)))
NEW = Key(date(2026, 11, 22), bytes(range(1, 33)))


def pieces(bot: BotProcess, chat_id: int, *keys: Key) -> list[bytes]:
    """Give a stretch of each file of a person, as it was sent."""
    with Store.open(bot.database_url, keys=keys) as store, store.read() as tx:
        found = [tx.load_file(row.id, chat_id) for row in tx.files_of(chat_id)]
    return [row.content[20_000:20_040] for row in found if row is not None]


def test_a_key_is_put_changed_and_missed_under_the_running_bot(
    api: StandIn, tmp_path: Path
) -> None:
    """No word, sum or piece in any file, killed or running; sealed again while it runs; refused without its key."""
    with BotProcess(api, tmp_path, RELANCE_ENCRYPTION_KEY=OLD.text) as bot:
        bot.start()
        zoe = told(api.person("Zéphirine"))
        wanted = [word.encode() for word in WORDS] + pieces(bot, zoe.person.id, OLD)
        assert len(wanted) == 5
        assert on_disk(tmp_path, wanted) == []
        assert on_disk(tmp_path, [OLD.text[9:].encode()]) == []
        bot.kill()
        assert on_disk(tmp_path, wanted) == []

        bot.settings["RELANCE_ENCRYPTION_KEY"] = NEW.text
        bot.launch()
        assert bot.ended() == 2
        assert f"la clé {OLD.id}, absente des réglages" in bot.log.splitlines()[-1]

        bot.settings["RELANCE_ENCRYPTION_KEY"] = f"{NEW.text} {OLD.text}"
        bot.start()
        turned = command("cles", "--tourner", cwd=ROOT, timeout=30, **bot.settings)
        assert turned.returncode == 0, turned.stderr
        assert f"La clé {OLD.id} n’ouvre plus aucune ligne" in turned.stdout
        zoe.person.command("dossiers")
        zoe.shown(DEBTOR)
        zoe.person.command("exporter")
        zoe.person.expect("Voici votre copie", timeout=PATIENCE)
        assert on_disk(tmp_path, wanted) == []
        assert pieces(bot, zoe.person.id, NEW) == wanted[-1:]
        assert api.violations == []
