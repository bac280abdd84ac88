"""Exhibits sent in the chat: kept, joined to the letter, and there after a kill."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from bot.engine import dossier_from_row
from bot.store import Store
from bot.store.schema import files
from tests.acceptance.bot_process import PATIENCE, BotProcess
from tests.acceptance.visitor import Visitor
from tests.standin import StandIn

if TYPE_CHECKING:
    from tests.standin import Person

JOINED = "Le texte et ses pièces"


def photo(colour: str = "white", size: tuple[int, int] = (800, 600)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "JPEG")
    return made.getvalue()


def stored(bot: BotProcess, person: Person) -> list[tuple[str, int]]:
    """Give the kind and the pages of the files kept for a person."""
    wanted = select(files.c.kind, files.c.pages).where(files.c.chat_id == person.id)
    with Store.open(bot.database_url) as store, store._engine.connect() as connection:
        return sorted((row.kind, row.pages) for row in connection.execute(wanted))


def last_file(api: StandIn, person: Person) -> bytes:
    """Give the content of the last document the bot sent."""
    call = api.wait_call("sendDocument", lambda c: c.status == 200 and c.chat_id == person.id)
    found = api.world.shelf.by_id(call.result["document"]["file_id"])
    assert found is not None
    return found.content


Visit = Callable[..., Visitor]


def test_a_photo_and_a_pdf_are_joined_to_the_letter(
    visit: Visit, shared_api: StandIn, shared_bot: BotProcess
) -> None:
    """Both are numbered and named, and the letter, the list and they come as one PDF."""
    camille = visit()
    letter = camille.to_draft("mauvaise foi")
    camille.person.send_photo(photo(), "Devis signé <b>&</b>")
    camille.person.expect("pièce n° 1 ajoutée : « Devis signé <b>&</b> »", timeout=PATIENCE)
    pdf = io.BytesIO()
    Image.new("L", (600, 800), "white").save(pdf, "PDF")
    camille.person.send_document("bon de livraison.pdf", pdf.getvalue())
    camille.person.expect("pièce n° 2 ajoutée : « bon de livraison »", timeout=PATIENCE)
    assert stored(shared_bot, camille.person) == [("pdf", 1), ("photo", 1)]

    camille.press("Pièces")
    camille.press(JOINED)
    pages = PdfReader(io.BytesIO(last_file(shared_api, camille.person))).pages
    text = "\n".join(page.extract_text() for page in pages).replace("\u00a0", " ")
    assert letter.text.split()[-1] in text
    assert "Devis signé <b>&</b>" in text
    assert "Pièce n° 2" in text
    assert shared_api.violations == []
    assert shared_api.token not in shared_bot.log


def test_the_same_photo_twice_is_one_exhibit(visit: Visit, shared_bot: BotProcess) -> None:
    """The second time the person hears that it is there already."""
    camille = visit()
    camille.to_draft("oubli")
    for said in ("pièce n° 1 ajoutée", "déjà"):
        camille.person.send_photo(photo("red"), "La facture")
        camille.person.expect(said, timeout=PATIENCE)
    assert stored(shared_bot, camille.person) == [("photo", 1)]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.txt", b"du texte", "photos et les PDF"),
        ("vide.pdf", b"   ", "vide"),
        ("abime.pdf", b"%PDF-1.7 et puis rien", "pas à lire"),
    ],
)
def test_a_file_that_is_no_exhibit_is_refused_clearly(
    visit: Visit, shared_bot: BotProcess, name: str, content: bytes, said: str
) -> None:
    """The reason is told, nothing is kept, and the conversation is where it was."""
    camille = visit()
    camille.to_draft("oubli")
    before = shared_bot.kept(camille.person)
    camille.person.send_document(name, content)
    camille.person.expect(said, timeout=PATIENCE)
    assert stored(shared_bot, camille.person) == []
    assert shared_bot.kept(camille.person) == before


def test_a_file_sent_before_any_dossier_is_not_kept(visit: Visit, shared_bot: BotProcess) -> None:
    """There is nowhere to put it, and the person is told."""
    camille = visit()
    camille.start()
    camille.person.expect(timeout=PATIENCE)
    camille.person.send_photo(photo())
    camille.person.expect("dossier", timeout=PATIENCE)
    assert stored(shared_bot, camille.person) == []


def test_one_chat_cannot_have_the_exhibits_of_another(visit: Visit, shared_bot: BotProcess) -> None:
    """Two people who send the same picture each keep their own."""
    people = [visit("Camille"), visit("Alix")]
    for one in people:
        one.to_draft("oubli")
        one.person.send_photo(photo("blue"), "La facture")
        one.person.expect("pièce n° 1 ajoutée", timeout=PATIENCE)
    ids: list[Any] = []
    with Store.open(shared_bot.database_url) as store, store.read() as tx:
        for one, other in (people, people[::-1]):
            (row,) = tx.dossiers_of(one.person.id)
            (file,) = (exhibit.file for exhibit in dossier_from_row(row).exhibits)
            assert tx.load_file(file, one.person.id) is not None
            assert tx.load_file(file, other.person.id) is None
            ids.append(file)
    assert len(set(ids)) == 2
