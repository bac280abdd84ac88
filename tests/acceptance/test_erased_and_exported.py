"""What a person takes away, and what is left of them once they asked that all be erased: searched for, byte by byte."""

from __future__ import annotations

import io
import json
import random
import zipfile
from typing import TYPE_CHECKING

import psycopg
import pytest
from PIL import Image

from bot.store import Store
from bot.store.schema import files, metadata
from tests.acceptance.bot_process import PATIENCE, BotProcess
from tests.acceptance.test_exhibits_over_http import last_file
from tests.acceptance.visitor import Visitor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standin import Person, StandIn

DEBTOR = "Quintefeuille SARL"
WORDS = ("Quintefeuille", "Zéphirine", "Cadran solaire en ardoise", "7431.07")
_PLACES = (20_000, 40_000)
GONE = "tout ce qui était gardé de vous"


def noise() -> bytes:
    """Make a photo of which no stretch is like any other."""
    made = io.BytesIO()
    pixels = random.Random(4).randbytes(400 * 300 * 3)
    Image.frombytes("RGB", (400, 300), pixels).save(made, "JPEG")
    return made.getvalue()


def told(person: Person) -> Visitor:
    """Have somebody tell a case, send a letter's exhibit and the letter itself."""
    visitor = Visitor(person).start().press("facture impayée", "Une société")
    visitor.say(DEBTOR, "7 431,07 €", "15/10/2026").press("refuse")
    visitor.shown("change à chaque fois")
    visitor.press("change à chaque fois")
    visitor.settle_questions()
    visitor.draft()
    person.send_photo(noise(), "Cadran solaire en ardoise")
    person.expect("pièce n° 1 ajoutée", timeout=PATIENCE)
    visitor.send()
    return visitor


def pieces_of(url: str, chat_id: int) -> list[bytes]:
    """Give stretches of the content of a person's files, as they would be found in a disk."""
    with Store.open(url) as store, store._engine.connect() as connection:
        found = connection.execute(files.select().where(files.c.chat_id == chat_id)).all()
    return [row.content[at : at + 40] for row in found for at in _PLACES]


def erase(visitor: Visitor) -> None:
    """Type what erases everything, and read the last message."""
    visitor.person.command("supprimer")
    visitor.person.expect("Tout supprimer", timeout=PATIENCE)
    visitor.person.say("SUPPRIMER")
    visitor.person.expect(GONE, timeout=PATIENCE)


def on_disk(folder: Path, wanted: list[bytes]) -> list[tuple[str, bytes]]:
    """Give what is found of the wanted bytes in every file of a folder."""
    contents = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert contents
    return [(name, one) for name, content in contents.items() for one in wanted if one in content]


def in_tables(url: str, wanted: list[bytes]) -> list[tuple[str, bytes]]:
    """Give what is found of the wanted bytes in every column of every table."""
    found = []
    with psycopg.connect(url) as connection:
        for table in metadata.tables:
            rows = connection.execute(f"SELECT * FROM {table}".encode()).fetchall()
            written = "\n".join(str(value) for row in rows for value in row if value is not None)
            content = written.encode() + b"".join(v for r in rows for v in r if type(v) is bytes)
            found += [(table, one) for one in wanted if one in content]
    return found


def traces(bot: BotProcess, tmp_path: Path, wanted: list[bytes]) -> list[tuple[str, bytes]]:
    """Search where this bot keeps its data, its log included."""
    url = bot.database_url
    where = in_tables(url, wanted) if url.startswith("postgres") else []
    return where + on_disk(tmp_path, wanted)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_left_of_who_asked_to_be_erased(
    database: str, request: pytest.FixtureRequest, api: StandIn, tmp_path: Path
) -> None:
    """While the bot runs and after it ended: no file and no table holds a word, a number or a piece of theirs.

    Somebody else's dossier is untouched, and the last message arrives, once.
    """
    settings = {}
    if database == "postgresql":
        settings["RELANCE_DATABASE_URL"] = request.getfixturevalue("postgres")()
    with BotProcess(api, tmp_path, **settings).start() as bot:
        alix = Visitor(api.person("Alix"))
        alix.to_draft("oubli")
        before = bot.kept(alix.person)
        zoe = told(api.person("Zéphirine"))
        wanted = [word.encode() for word in (*WORDS, str(zoe.person.id))]
        wanted += pieces_of(bot.database_url, zoe.person.id)
        assert len(wanted) == 7
        there = {one for _, one in traces(bot, tmp_path, wanted)}
        assert there >= {wanted[0], wanted[1], wanted[4]}, "the search itself must find"

        erase(zoe)
        bot.wait(
            lambda: not traces(bot, tmp_path, wanted), f"left: {traces(bot, tmp_path, wanted)}"
        )
        assert bot.terminate() == 0
        assert traces(bot, tmp_path, wanted) == []
        assert bot.kept(alix.person) == before
        assert sum(GONE in m.text for m in zoe.person.messages()) == 1
        assert api.violations == []

        bot.start()
        zoe.person.say("SUPPRIMER")  # a stranger again: nothing of before is known
        zoe.person.expect(timeout=PATIENCE)
        assert "Quintefeuille" not in zoe.person.last.text


def test_a_dossier_erased_from_its_card_leaves_no_word(api: StandIn, tmp_path: Path) -> None:
    """« Supprimer ce dossier » takes its facts, acts, letters and pieces out of the file; the person stays."""
    with BotProcess(api, tmp_path).start() as bot:
        zoe = told(api.person("Zéphirine"))
        wanted = [b"Quintefeuille", b"Cadran solaire", *pieces_of(bot.database_url, zoe.person.id)]
        zoe.person.command("dossiers")
        zoe.press(DEBTOR, "Autres actions", "Supprimer ce dossier", "Oui, supprimer")
        zoe.person.expect("Le dossier est supprimé", timeout=PATIENCE)
        assert bot.terminate() == 0
        assert traces(bot, tmp_path, wanted) == []
        assert "Zéphirine" in bot.kept(zoe.person).conversation


def test_a_copy_holds_all_that_is_kept_and_nothing_of_others(api: StandIn, tmp_path: Path) -> None:
    """/exporter sends one ZIP: relance.json with the dossier and its acts, the letter, the exhibit, LISEZMOI.txt."""
    with BotProcess(api, tmp_path).start() as bot:
        Visitor(api.person("Alix")).to_draft("oubli")
        zoe = told(api.person("Zéphirine"))
        zoe.person.command("exporter")
        zoe.person.expect("Voici votre copie", timeout=PATIENCE)
        archive = zipfile.ZipFile(io.BytesIO(last_file(api, zoe.person)))
        names = archive.namelist()
        book = json.loads(archive.read("relance.json"))
        assert (book["format"], book["version"]) == ("relance", 1)
        assert book["person"] == {"creditor_first_name": "Zéphirine"}
        (dossier,) = book["dossiers"]
        assert dossier["facts"]["debtor_name"] == DEBTOR
        assert dossier["facts"]["amount_due"] == "7431.07"
        (letter,) = [act["letter"] for act in dossier["acts"] if "letter" in act]
        assert archive.read(letter).startswith(b"%PDF")
        (piece,) = dossier["files"]
        assert piece["title"] == "Cadran solaire en ardoise"
        content = archive.read(piece["path"])
        assert content[20_000:20_040] in pieces_of(bot.database_url, zoe.person.id)
        assert set(names) == {"LISEZMOI.txt", "relance.json", letter, piece["path"]}
        assert "Copie de ce que Relance garde" in archive.read("LISEZMOI.txt").decode()
        assert b"Dupont" not in b"".join(archive.read(name) for name in names)
        zoe.person.command("exporter")
        zoe.person.expect("vient d’être faite", timeout=PATIENCE)
        assert api.violations == []


def test_nobody_erases_what_is_anothers(api: StandIn, tmp_path: Path) -> None:
    """The button of another's dossier, pressed by a stranger, says that there is none; it is still there."""
    with BotProcess(api, tmp_path).start() as bot:
        zoe = told(api.person("Zéphirine"))
        zoe.person.command("dossiers")
        zoe.press(DEBTOR, "Autres actions")
        _, card = zoe.shown("Supprimer ce dossier")
        theirs = zoe.person._data(card, "Supprimer ce dossier")
        before = bot.kept(zoe.person)
        stranger = Visitor(api.person("Alix")).start()
        stranger.person.expect(timeout=PATIENCE)
        with api.world.changed:
            stranger.person._touch(stranger.person.last, theirs)
        stranger.person.expect("n’existe pas", timeout=PATIENCE)
        stranger.person.command("supprimer")
        stranger.person.expect("Tout supprimer", timeout=PATIENCE)
        stranger.person.say("SUPPRIMER")
        stranger.person.expect(GONE, timeout=PATIENCE)
        assert bot.kept(zoe.person) == before
