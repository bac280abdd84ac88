"""The copy of what is kept: its parts, what is in them, and whose."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.engine import Arrived, Engine
from bot.export import Archive, gather, in_parts, shared_out, whole
from bot.limits import limits
from bot.papers import Papers
from bot.settings import load_settings
from bot.store import Store
from bot.store.writer import Writer
from flows.dialogue.events import Command, SentFile, Typed
from flows.dialogue.library import Library
from letters.exhibits import Exhibit
from tests.bot.test_terminal import LETTER, START, talk

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
ON = date(2026, 11, 24)
OWNER, STRANGER = 7, 8


@pytest.fixture
def kept(store: Store) -> Store:
    """Two people, each with a dossier and two exhibits."""
    engine = Engine(Library(), ZoneInfo("Europe/Paris"))
    for chat, client in ((OWNER, "Garnier SARL"), (STRANGER, "Martin SA")):
        with store.write() as tx:
            told = Typed(f"{client} me doit 1250 € depuis le 15 octobre")
            engine.advance(tx, chat, told, now=NOW)
            engine.advance(tx, chat, Typed("oui"), now=NOW)
            for number in (1, 2):
                content = f"{client} {number}".encode() * 50
                arrived = Arrived.of(Exhibit(content, 1, "pdf", f"{number}{chat}" * 32))
                event = SentFile("document", f"pièce {number}.pdf", file=arrived.file)
                engine.advance(tx, chat, event, now=NOW, arrived=arrived)
    return store


def items(store: Store, chat: int = OWNER) -> list[dict[str, object]]:
    asked = {"kind": "export", "name": "relance.zip", "on": ON.isoformat(), "caption": "Tout"}
    with store.read() as tx:
        return in_parts(tx, chat, [asked])


@pytest.mark.parametrize(
    ("sizes", "shares"),
    [
        ([], [[]]),
        ([5, 5], [["0", "1"]]),
        ([5, 6, 4], [["0"], ["1", "2"]]),
        ([30, 1], [["0"], ["1"]]),
        ([1, 30], [["0"], ["1"]]),
    ],
)
def test_exhibits_are_shared_out(sizes: list[int], shares: list[list[str]]) -> None:
    """No part weighs more than is allowed, unless one file alone does; there is one even without exhibits."""
    assert shared_out([(str(n), size) for n, size in enumerate(sizes)], 10) == shares


def test_a_part_with_its_letters_fits_what_telegram_takes() -> None:
    """Five megabytes are left for the letters and the book."""
    assert limits().export_part_bytes + 5_000_000 <= limits().sent_bytes


async def test_a_heavy_copy_comes_in_parts(
    kept: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part is numbered; the first holds the book, the others exhibits, all together each once."""
    from dataclasses import replace

    monkeypatch.setattr("bot.export.limits", lambda: replace(limits(), export_part_bytes=700))
    parts = items(kept)
    assert [one["name"] for one in parts] == ["relance-1.zip", "relance-2.zip"]
    assert [one["caption"] for one in parts] == ["Tout (1 / 2)", "Tout (2 / 2)"]
    papers = papers_of(writer)
    made = [zipfile.ZipFile(io.BytesIO(await papers.export(OWNER, one))) for one in parts]
    names = [one.namelist() for one in made]
    assert "relance.json" in names[0]
    assert "relance.json" not in names[1]
    listed = json.loads(made[0].read("relance.json"))["dossiers"][0]["files"]
    assert {one["path"] for one in listed} == {n for all_ in names for n in all_ if "/pieces/" in n}
    assert "numéro 2 sur 2" in made[1].read("LISEZMOI.txt").decode()


def papers_of(writer: Writer) -> Papers:
    async def read(file: str, chat: int) -> bytes | None:
        row = await writer.read(lambda tx: tx.load_file(file, chat))
        return row.content if row else None

    return Papers(read, gather=lambda chat: writer.read(lambda tx: gather(tx, chat)))


async def test_nobody_takes_away_what_is_anothers(kept: Store, writer: Writer) -> None:
    """An item that names another's files, made for this chat, holds none of them and no word of theirs."""
    (theirs,) = items(kept, STRANGER)
    assert len(theirs["files"]) == 2  # type: ignore[arg-type]
    made = await papers_of(writer).export(OWNER, theirs)
    archive = zipfile.ZipFile(io.BytesIO(made))
    assert [name for name in archive.namelist() if "/pieces/" in name] == []
    assert b"Martin" not in b"".join(archive.read(name) for name in archive.namelist())


async def test_what_was_erased_since_is_left_out(kept: Store, writer: Writer) -> None:
    """Asked, then erased before it was made: the copy holds nothing, and is made all the same."""
    (item,) = items(kept)
    with kept.write() as tx:
        tx.erase_chat(OWNER)
    archive = zipfile.ZipFile(io.BytesIO(await papers_of(writer).export(OWNER, item)))
    book = json.loads(archive.read("relance.json"))
    assert (book["person"], book["dossiers"]) == ({}, [])


def test_the_same_data_give_the_same_bytes(kept: Store) -> None:
    """Nothing of the clock is in the file: made again after a kill, it is the same."""
    with kept.read() as tx:
        held = gather(tx, OWNER)
    assert whole(held, ON, lambda _: b"x") == whole(held, ON, lambda _: b"x")


def test_a_name_cannot_lead_out_of_the_folder(store: Store) -> None:
    """Whatever the client is called, every path stays under `dossiers/`."""
    engine = Engine(Library(), ZoneInfo("Europe/Paris"))
    with store.write() as tx:
        for event in (Command("nouveau"), Typed("une société"), Typed("../../etc/passwd")):
            engine.advance(tx, OWNER, event, now=NOW)
        arrived = Arrived.of(Exhibit(b"x", 1, "pdf", "0" * 64))
        sent = SentFile("document", "../../../passwd.pdf", file=arrived.file)
        engine.advance(tx, OWNER, sent, now=NOW, arrived=arrived)
        held = gather(tx, OWNER)
    archive = Archive(held, {"on": ON.isoformat(), "part": 1, "parts": 1})
    archive.add(held.files[0].id, b"x")
    names = zipfile.ZipFile(io.BytesIO(archive.done())).namelist()
    assert len(names) == 3
    assert [name for name in names if ".." in name or name.startswith("/")] == []


def test_the_terminal_saves_a_copy_and_forgets(tmp_path: Path) -> None:
    """/exporter writes a ZIP beside the letters; /supprimer empties the terminal's base and says what stays."""
    settings = load_settings({"RELANCE_DATA_DIR": str(tmp_path / "data")})
    text = talk(settings, tmp_path, *START, *LETTER, "/exporter", "/supprimer", "SUPPRIMER")
    (made,) = (tmp_path / "lettres").glob("*.zip")
    book = json.loads(zipfile.ZipFile(made).read("relance.json"))
    assert book["dossiers"][0]["facts"]["debtor_name"] == "Dupont SARL"
    assert "tout ce qui était gardé de vous" in text
    assert "y sont toujours" in text
    content = b"".join(p.read_bytes() for p in (tmp_path / "data").iterdir())
    assert b"Dupont" not in content
