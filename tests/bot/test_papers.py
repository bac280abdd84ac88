"""Letters and bundles made at the moment of sending, and what is said when they cannot be."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image
from pypdf import PdfReader
from telegram import Bot

from bot import papers as making
from bot.limits import limits
from bot.papers import ExhibitGone, NotMade, Papers, TooBig, bundled, printed
from bot.store import Unavailable
from bot.telegram import sending
from bot.telegram.failures import NotDelivered
from bot.telegram.outgoing import decode, encode, to_items
from bot.telegram.sending import send_item
from bot.telegram.texts import message_text
from flows.dialogue.screens import Bundle, Paper
from letters.bundle import bordereau_sheet
from letters.exhibits import accept
from tests.standin import Person, StandIn

LETTER: dict[str, Any] = {
    "kind": "letter",
    "title": "Mise en demeure",
    "author": "Camille Martin",
    "date": "2026-11-23",
    "lang": "fr-FR",
    "sender": [[{"t": "Camille Martin"}]],
    "addressee": [[{"t": "Dupont SARL"}]],
    "mention": "",
    "place_date": [{"t": "Lyon, le 23 novembre 2026"}],
    "heading": [],
    "subject": [{"t": "Mise en demeure de payer"}],
    "references": [],
    "blocks": [{"kind": "text", "lines": [[{"t": "Bonjour #panic(1) {{7*7}}"}]]}],
    "signatures": [[{"t": "Camille Martin"}]],
    "copy_to": [],
    "enclosures_title": "",
    "enclosures": [],
    "payment": None,
    "small_print": "",
}
LIST = bordereau_sheet(
    "Mise en demeure",
    [{"number": 1, "title": "Devis", "pages": 1}, {"number": 2, "title": "Photo", "pages": 1}],
    head=LETTER,
)


def exhibit(colour: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(made, "JPEG")
    return accept(made.getvalue()).content


FILES = {("f1", 7): exhibit("white"), ("f2", 7): exhibit("red")}
EXHIBITS = (("Devis", "f1"), ("Photo", "f2"))


async def read(file_id: str, chat_id: int) -> bytes | None:
    return FILES.get((file_id, chat_id))


def item(shown: Paper | Bundle) -> dict[str, Any]:
    """Give the item of a paper as it comes out of the store."""
    (made,) = to_items([shown])
    return decode(encode(made))


def words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


async def test_a_letter_is_made_in_its_format() -> None:
    """The same sheet gives a PDF or a DOCX; an item of before formats is a PDF."""
    papers = Papers(read)
    old = item(Paper("lettre", LETTER))
    del old["format"]
    assert await papers.document(old) == printed(LETTER, "pdf")
    docx = await papers.document(item(Paper("lettre", LETTER, format="docx")))
    assert "word/document.xml" in ZipFile(io.BytesIO(docx)).namelist()


async def test_a_bundle_holds_the_letter_the_list_and_the_exhibits() -> None:
    """They follow one another in one PDF, the same at every making."""
    papers = Papers(read)
    wanted = item(Bundle("dossier", LETTER, LIST, EXHIBITS))
    content = await papers.bundle(7, wanted)
    assert len(PdfReader(io.BytesIO(content)).pages) == 4
    assert "Bonjour #panic(1) {{7*7}}" in words(content)
    assert words(content).index("Mise en demeure de payer") < words(content).rindex("Devis")
    assert content == await papers.bundle(7, wanted)


async def test_a_file_of_another_chat_is_gone_for_this_one() -> None:
    """A bundle cannot take what its chat does not own, even by its very id."""
    with pytest.raises(ExhibitGone) as gone:
        await Papers(read).bundle(8, item(Bundle("dossier", LETTER, LIST, EXHIBITS)))
    assert gone.value.title == "Devis"


HEAVY = b"%PDF-" + bytes(60_000_000)


def test_what_cannot_be_joined_here_is_told() -> None:
    """A content past what one file may weigh, one that is no PDF, a letter without a date: each its error."""
    with pytest.raises(TooBig):
        bundled(LETTER, LIST, [("Devis", HEAVY)])
    with pytest.raises(NotMade):
        bundled(LETTER, LIST, [("Devis", b"rien")])
    for undated in (LETTER | {"date": None}, {k: v for k, v in LETTER.items() if k != "date"}):
        with pytest.raises(ValueError, match="date"):
            bundled(undated, LIST, [])


@pytest.mark.parametrize(("content", "error"), [(HEAVY, TooBig), (b"rien", NotMade)])
async def test_what_cannot_be_joined_apart_is_told(content: bytes, error: type[Exception]) -> None:
    """The errors of the process that joins are those of joining here."""

    async def give(file_id: str, chat_id: int) -> bytes:
        return content

    with pytest.raises(error):
        await Papers(give).bundle(7, item(Bundle("dossier", LETTER, LIST, EXHIBITS)))


async def test_a_bundle_made_apart_is_the_one_made_here() -> None:
    """Not one byte differs."""
    contents = [("Devis", FILES["f1", 7]), ("Photo", FILES["f2", 7])]
    apart = await Papers(read).bundle(7, item(Bundle("dossier", LETTER, LIST, EXHIBITS)))
    assert apart == bundled(LETTER, LIST, contents)


@pytest.fixture
def joiner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put a script where Python is, which joins in its own way; give the file of its process's id."""

    def put(script: str) -> Path:
        path = tmp_path / "joiner"
        path.write_text(
            f"#!/bin/sh\necho $$ > {tmp_path}/new\nmv {tmp_path}/new {tmp_path}/pid\n{script}\n"
        )
        path.chmod(0o700)
        monkeypatch.setattr(sys, "executable", str(path))
        return tmp_path / "pid"

    return put


def wait_for(path: Path) -> None:
    end = time.monotonic() + 20
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.01)


def is_gone(pid: Path) -> bool:
    try:
        os.kill(int(pid.read_text()), 0)
    except ProcessLookupError:
        return True
    return False


ON_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the joiner is a shell script")


@ON_POSIX
async def test_exhibits_that_take_too_long_to_join_are_given_up(
    joiner: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past its time the process is ended, whatever it was at."""
    pid = joiner("exec sleep 600")
    monkeypatch.setattr(making, "limits", lambda: replace(limits(), bundle_seconds=1))
    with pytest.raises(NotMade):
        await Papers(read).bundle(7, item(Bundle("dossier", LETTER, LIST, EXHIBITS)))
    assert is_gone(pid)


@ON_POSIX
async def test_a_letter_waits_for_no_bundle(joiner: Callable[[str], Path]) -> None:
    """While one chat's exhibits are joined without end, the letter of another is printed."""
    pid = joiner("exec sleep 600")
    papers = Papers(read)
    endless = asyncio.create_task(papers.bundle(7, item(Bundle("dossier", LETTER, LIST, EXHIBITS))))
    await asyncio.to_thread(wait_for, pid)
    assert (await papers.document(item(Paper("lettre", LETTER)))).startswith(b"%PDF-")
    assert not endless.done()
    endless.cancel()
    with pytest.raises(asyncio.CancelledError):
        await endless
    assert is_gone(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bind less")
def test_a_bound_process_cannot_take_more_than_its_memory() -> None:
    """Past it, memory is refused; and the system would end that process before the bot."""
    script = (
        "from pathlib import Path\n"
        "from bot.apart import bind\n"
        "bind(5, 400_000_000)\n"
        "assert Path('/proc/self/oom_score_adj').read_text().strip() == '1000'\n"
        "print(len(bytearray(100_000_000)), flush=True)\n"
        "bytearray(500_000_000)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["100000000"]
    assert "MemoryError" in done.stderr


# --- sent ------------------------------------------------------------------------------------


@pytest.fixture
def mine(camille: Person) -> Papers:
    """Papers that find the two files in Camille's chat."""

    async def read_mine(file_id: str, chat_id: int) -> bytes | None:
        return FILES.get((file_id, 7)) if chat_id == camille.id else None

    return Papers(read_mine)


BUNDLE = Bundle("Dossier Dupont", LETTER, LIST, EXHIBITS, caption="Votre <dossier>")


async def test_a_bundle_and_a_docx_arrive(
    api: StandIn, camille: Person, bot: Bot, mine: Papers
) -> None:
    """Each comes as a document with its name and its caption as typed."""
    await send_item(bot, camille.id, item(BUNDLE), mine)
    bundle = camille.messages()[-1]
    assert bundle.document is not None
    assert bundle.text == "Votre <dossier>"
    await send_item(bot, camille.id, item(Paper("Lettre", LETTER, format="docx")), mine)
    names = [call.params["document"]["file_name"] for call in api.calls("sendDocument")]
    assert names == ["Dossier-Dupont.pdf", "Lettre.docx"]
    assert api.violations == []


async def test_an_exhibit_that_is_gone_is_named(
    api: StandIn, camille: Person, bot: Bot, mine: Papers
) -> None:
    """The person hears which one, in place of the bundle; what it is called is never markup."""
    lost = replace(BUNDLE, exhibits=(("<b>Devis</b> {reference}", "perdu"),))
    await send_item(bot, camille.id, item(lost), mine)
    said = camille.messages()[-1].text
    assert said == message_text("exhibit_gone", title="<b>Devis</b> {reference}")
    assert "« <b>Devis</b> {reference} »".replace(" <", "\u00a0<").replace("} ", "}\u00a0") in said
    assert api.calls("sendDocument") == []


async def test_a_file_too_heavy_for_telegram_is_told(
    api: StandIn, camille: Person, bot: Bot, mine: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is uploaded, whether the parts are too heavy or the whole is."""
    small = replace(limits(), sent_bytes=1000)
    monkeypatch.setattr(sending, "limits", lambda: small)
    await send_item(bot, camille.id, item(BUNDLE), mine)
    assert camille.messages()[-1].text == message_text("paper_too_big")

    async def refuse(*about: Any) -> bytes:
        raise TooBig

    monkeypatch.setattr(making, "joined_apart", refuse)
    before = len(camille.messages())
    await send_item(bot, camille.id, item(BUNDLE), mine)
    assert [m.text for m in camille.messages()[before:]] == [message_text("paper_too_big")]
    assert api.calls("sendDocument") == []


async def test_a_bundle_that_cannot_be_made_is_told(
    camille: Person, bot: Bot, mine: Papers, caplog: pytest.LogCaptureFixture
) -> None:
    """A sheet that cannot be printed leads to a message, and its words stay out of the log."""
    broken = replace(BUNDLE, sheet={"title": "Dupont doit", "date": "2026-11-23"})
    await send_item(bot, camille.id, item(broken), mine)
    assert camille.messages()[-1].text == message_text("bundle_failed")
    assert "could not be made" in caplog.text
    assert "Dupont" not in caplog.text


@ON_POSIX
async def test_a_bundle_whose_process_dies_is_told(
    camille: Person, bot: Bot, mine: Papers, joiner: Callable[[str], Path]
) -> None:
    """A process the system killed, for its memory for instance, leads to one message and no other try."""
    joiner("kill -9 $$")
    before = len(camille.messages())
    assert await send_item(bot, camille.id, item(BUNDLE), mine) is not None
    assert [m.text for m in camille.messages()[before:]] == [message_text("bundle_failed")]


async def test_a_bundle_waits_for_the_database(camille: Person, bot: Bot) -> None:
    """A store that cannot be read now is no loss: the relay is told that nothing was sent."""

    async def unavailable(file_id: str, chat_id: int) -> bytes | None:
        raise Unavailable("La base est occupée.")

    with pytest.raises(NotDelivered):
        await send_item(bot, camille.id, item(BUNDLE), Papers(unavailable))
    assert [m for m in camille.messages() if m.from_bot] == []


def test_a_bundle_is_dated_by_its_letter() -> None:
    """The day of the sheet is that of the file: made later, it is the same."""
    exhibits = [("Devis", FILES["f1", 7])]
    made = bundled(LETTER, LIST, exhibits)
    info = PdfReader(io.BytesIO(made)).metadata
    assert info is not None
    assert info.creation_date is not None
    assert info.creation_date.date() == date(2026, 11, 23)
