"""Files of the terminal: what `/piece` takes in, and what is saved beside the letters."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from bot import limits as limits_module
from bot.app import open_store
from bot.limits import limits
from bot.settings import Settings, load_settings
from bot.store.schema import files
from bot.terminal import main
from bot.terminal_files import Unusable, receive, save
from flows.dialogue.screens import Agenda, Bundle, Entry, Paper, Picture
from letters.bundle import bordereau_sheet
from letters.exhibits import accept
from letters.sheets import bare_sheet

START = ["1", "1", "Dupont SARL", "1 250 €", "15/10/2026"]
SHEET = bare_sheet(
    "letter",
    "Essai",
    date="2026-11-23",
    sender=[[{"t": "Camille Martin"}]],
    subject=[{"t": "Essai"}],
    blocks=[{"kind": "text", "lines": [[{"t": "Bonjour"}]]}],
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"RELANCE_DATA_DIR": str(tmp_path / "data")})


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    """A photo in a folder whose name no shell takes as it is."""
    path = tmp_path / "mes factures d’été" / "devis signé.jpg"
    path.parent.mkdir()
    Image.new("RGB", (60, 40), "white").save(path)
    return path


def talk(settings: Settings, tmp_path: Path, *lines: str) -> str:
    """Feed `lines` as a pipe would and give what was printed."""
    settings.ensure_data_dir()
    out = io.StringIO()
    source = io.StringIO("".join(line + "\n" for line in lines))
    today = date(2026, 11, 24)
    assert main(settings, today=today, source=source, out=out, folder=tmp_path / "lettres") == 0
    return out.getvalue()


def kept(settings: Settings) -> list[str]:
    """Give the kinds of the files that the terminal's own store holds."""
    with open_store(settings.for_terminal()) as store, store._engine.connect() as connection:
        return list(connection.execute(select(files.c.kind)).scalars())


@pytest.mark.parametrize("way", ["{path}", '"{path}"', "{escaped}", "  {path}  "])
def test_a_path_is_read_as_typed_or_as_dropped(invoice: Path, way: str) -> None:
    """With its spaces as they are, in quotes, or escaped, it is the same file."""
    typed = way.format(path=invoice, escaped=str(invoice).replace(" ", "\\ "))
    event, arrived = receive(typed.strip())
    assert arrived is not None
    assert (event.name, event.file, event.refused) == ("devis signé.jpg", arrived.file, "")
    assert arrived.file.kind == "photo"


def test_the_home_folder_is_understood(invoice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """« ~ » stands for the home folder, typed or escaped."""
    monkeypatch.setenv("HOME", str(invoice.parent))
    monkeypatch.setenv("USERPROFILE", str(invoice.parent))
    for typed in ("~/devis signé.jpg", "~/devis\\ signé.jpg"):
        assert receive(typed)[1] is not None


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "/piece factures/facture.pdf"),
        ("   ", "/piece factures/facture.pdf"),
        ("absent.pdf", "fichier introuvable"),
        ("absent dossier/a b.pdf", "fichier introuvable"),
        ("'pas fermé", "fichier introuvable"),
        (".", "c’est un dossier"),
        ("a\0b", "fichier illisible"),
        ("x" * 5000, "nom trop long"),
        ("~nobody-of-this-name/x.pdf", "fichier introuvable"),
    ],
)
def test_a_path_that_cannot_be_read_is_one_clear_line(typed: str, reason: str) -> None:
    """What is wrong is said in French in one line, whatever was typed."""
    with pytest.raises(Unusable, match=reason) as caught:
        receive(typed)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="no such device")
def test_a_device_is_not_read() -> None:
    """What is no file, and might never end, is left alone."""
    with pytest.raises(Unusable, match="ce n’est pas un fichier"):
        receive("/dev/zero")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_a_file_that_is_closed_to_this_account_is_told(invoice: Path) -> None:
    """The reason is named."""
    invoice.chmod(0)
    with pytest.raises(Unusable, match="lecture refusée"):
        receive(str(invoice))


def test_a_file_that_is_no_exhibit_goes_to_the_conversation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the conversation that says why, as it does in a chat; a large one is not read to its end."""
    path = tmp_path / "notes.txt"
    path.write_text("du texte", encoding="utf-8")
    event, arrived = receive(str(path))
    assert (event.refused, arrived) == ("not_a_file_we_read", None)
    small = replace(limits(), received_bytes=7)
    monkeypatch.setattr(limits_module, "limits", lambda: small)
    event, arrived = receive(str(path))
    assert (event.refused, arrived) == ("too_big", None)


def test_a_piece_is_kept_in_the_dossier(settings: Settings, tmp_path: Path, invoice: Path) -> None:
    """`/piece` sends a file to the conversation, which keeps it; with an accent too, and once only."""
    talk(settings, tmp_path, *START, "3", f"/piece {invoice}", f"/Pièce {invoice}")
    assert kept(settings) == ["photo"]


def test_a_piece_that_is_not_there_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    """One line says so, and the conversation goes on."""
    text = talk(settings, tmp_path, *START, "/piece absent.pdf", "/piece", "/dossiers")
    assert "[absent.pdf\u00a0: fichier introuvable.]" in text
    assert "[Donnez le chemin du fichier" in text
    assert "Dupont SARL" in text.partition("› /dossiers")[2]
    assert kept(settings) == []


# --- saved -----------------------------------------------------------------------------------


def no_file(file_id: str) -> bytes | None:
    return None


def photo_page(path: Path) -> bytes:
    return accept(path.read_bytes()).content


def test_papers_are_saved_under_their_format(tmp_path: Path, invoice: Path) -> None:
    """A DOCX and a bundle are written where the PDFs are, each named for what it is."""
    folder = tmp_path / "lettres"
    listed = bordereau_sheet("Essai", [{"number": 1, "title": "Devis", "pages": 1}], head=SHEET)
    bundle = Bundle("Dossier.pdf", SHEET, listed, (("Devis", "f1"),))
    kinds = [
        save(paper, folder, {"f1": photo_page(invoice)}.get)
        for paper in (Paper("Lettre", SHEET, format="docx"), Paper("Lettre.pdf", SHEET), bundle)
    ]
    assert kinds == [
        ("DOCX", folder / "Lettre.docx"),
        ("PDF", folder / "Lettre.pdf"),
        ("PDF", folder / "Dossier.pdf"),
    ]
    assert (folder / "Lettre.docx").read_bytes().startswith(b"PK")
    assert len(PdfReader(folder / "Dossier.pdf").pages) == 3


def test_a_paper_stays_in_its_folder(tmp_path: Path) -> None:
    """Whatever a paper is called, it is written in the folder of letters."""
    folder = tmp_path / "a" / "lettres"
    assert save(Paper("../../dehors.pdf", SHEET), folder, no_file)[1] == folder / "dehors.pdf"


def test_an_exhibit_that_is_gone_is_named_in_the_terminal(tmp_path: Path) -> None:
    """Nothing is written, and the line says which one."""
    bundle = Bundle("Dossier.pdf", SHEET, SHEET, (("Devis", "perdu"),))
    with pytest.raises(Unusable, match="la pièce «\u00a0Devis\u00a0» n’est plus gardée"):
        save(bundle, tmp_path / "lettres", no_file)
    assert not (tmp_path / "lettres").exists()


def test_exhibits_too_heavy_are_told_in_the_terminal(tmp_path: Path) -> None:
    """A bundle past what one file may weigh is not written."""
    heavy = {"f1": b"%PDF-" + bytes(60_000_000)}
    bundle = Bundle("Dossier.pdf", SHEET, SHEET, (("Devis", "f1"),))
    with pytest.raises(Unusable, match="trop lourdes"):
        save(bundle, tmp_path / "lettres", heavy.get)


def test_an_exhibit_that_cannot_be_read_is_told_in_the_terminal(tmp_path: Path) -> None:
    """A content the store no longer holds whole is one line, and nothing is written."""
    bundle = Bundle("Dossier.pdf", SHEET, SHEET, (("Devis", "f1"),))
    with pytest.raises(Unusable, match="ne peut pas être lue"):
        save(bundle, tmp_path / "lettres", {"f1": b"rien"}.get)
    assert not (tmp_path / "lettres").exists()


def test_a_picture_and_a_calendar_are_saved_beside_the_letters(tmp_path: Path) -> None:
    """Each in its own format, under the name it bears."""
    head = {"value": "1 €", "label": "à recevoir", "notes": []}
    sheet = {"title": "Vue", "day": "24 novembre 2026", "headline": head, "panels": []}
    kind, path = save(Picture("Vue", sheet), tmp_path, lambda _: None)
    assert (kind, path.name) == ("PNG", "Vue.png")
    assert path.read_bytes().startswith(b"\x89PNG")
    entry = Entry("n1-x@relance", date(2027, 2, 2), "Titre", "Texte", (7,))
    made_at = datetime(2026, 11, 24, 10, tzinfo=UTC)
    kind, path = save(Agenda("Délais", (entry,), made_at), tmp_path, lambda _: None)
    assert (kind, path.name) == ("ICS", "Délais.ics")
    assert path.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
