"""A long life of one person at the most talkative level, while things go wrong: no line holds a word of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import TYPE_CHECKING

from bot.keys import Key
from tests.acceptance.bot_process import PATIENCE, BotProcess
from tests.acceptance.test_erased_and_exported import noise
from tests.acceptance.visitor import Visitor
from tests.standin.standin import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standin import StandIn

WORDS = (
    *("Quintefeuille", "Zéphirine", "Hortensia", "7431", "7 431", "73282932000074", "732829320"),
    *("cadran", "ardoise", "glycine", "06 12 34", "0612345678", "marguerite@exemple.fr"),
)
KEY = Key(date(2026, 11, 22), bytes(range(32)))
REFUSAL = 'Bad Request: can\'t parse entities: Unsupported start tag "Hortensia" at byte offset 3'
SECRETS = (TOKEN, TOKEN.partition(":")[2], TOKEN[12:30], *KEY.secrets, KEY.secrets[1][:20])


def live(visitor: Visitor) -> None:
    """Tell a case in words, join a file, write and send a letter, paste an answer."""
    person = visitor.person
    visitor.start().press("facture impayée", "Une société")
    visitor.say("Quintefeuille SARL SIRET 73282932000074", "7 431,07 €", "15/10/2026")
    visitor.press("refuse")
    visitor.shown("change à chaque fois")
    visitor.press("change à chaque fois")
    visitor.settle_questions()
    visitor.draft()
    person.send_photo(noise(), "cadran en ardoise")
    person.expect("pièce n° 1 ajoutée", timeout=PATIENCE)
    person.send_document("glycine.pdf", b"%PDF-1.7 glycine")
    person.expect("lire ce fichier", timeout=PATIENCE)
    visitor.press("PDF")
    person.expect_document(timeout=PATIENCE)
    visitor.send()
    for words in ("/parametres", "marguerite@exemple.fr 06 12 34 56 78", "Hortensia", "/glycine"):
        visitor.say(words)


def spoil(folder: Path, chat_id: int) -> None:
    """Put in the place of a person something no version ever wrote, with their words in it."""
    data = json.dumps({"person": {"creditor_name": {"nom": "Hortensia"}}})
    with closing(sqlite3.connect(folder / "data" / "relance.sqlite3")) as base, base:
        base.execute("UPDATE conversations SET data = ? WHERE chat_id = ?", (data, chat_id))


@contextmanager
def closed_to(folder: Path, table: str) -> Iterator[None]:
    """Let the database refuse every new row of a table, as a broken constraint would."""
    with closing(sqlite3.connect(folder / "data" / "relance.sqlite3")) as base:
        base.execute(
            f"CREATE TRIGGER shut BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'non'); END"
        )
        yield
        base.execute("DROP TRIGGER shut")


def test_no_word_and_no_secret(api: StandIn, tmp_path: Path) -> None:
    """Texts, names, amounts, files; refusals of Telegram; a base that refuses, a row that is broken."""
    with BotProcess(api, tmp_path, RELANCE_ENCRYPTION_KEY=KEY.text) as bot:
        bot.start()
        zoe = Visitor(api.person("Zéphirine", last_name="Hortensia", username="hortensia_z"))
        person = zoe.person
        live(zoe)
        api.group("Les Hortensia", person)
        api.wait_call("leaveChat")
        api.faults.refuse("sendMessage", 400, description=REFUSAL, chat_id=person.id)
        person.say("Hortensia demande le cadran")
        api.wait_call("sendMessage", lambda call: call.chat_id == person.id and call.status == 400)
        with closed_to(tmp_path, "dossiers"):
            person.say("Quintefeuille me doit 7431 € depuis le 15/10/2026")
            person.expect("Référence", timeout=PATIENCE)
        spoil(tmp_path, person.id)
        person.say("Hortensia encore")
        person.expect("Référence", timeout=PATIENCE)
        api.faults.refuse("sendMessage", 403, chat_id=person.id)
        person.say("Zéphirine")
        bot.wait(lambda: not waiting(bot), "not settled")
        bot.terminate()
        log = bot.log
    assert log.count("could not be handled") >= 4
    assert "La base refuse cette écriture" in log
    assert "in value_from_json" in log
    assert [one for one in (*WORDS, *SECRETS) if one in log] == []


def waiting(bot: BotProcess) -> int:
    """Count what is still to be sent."""
    stats = bot.stats()
    return stats.out_pending + stats.out_sending + stats.updates_new
