"""The PDF: its marks, its text, its pages, and the same bytes each time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from letters import draft, load_catalogue, sheet
from letters.pdf import INSTEAD, pages, render, undrawn

Make = Callable[[str], dict[str, Any]]
CASES = [(d.id, debtor) for d in load_catalogue() for debtor in d.debtors]


def printed(document_id: str, known: dict[str, Any], tone: str = "normal") -> bytes:
    """Write and print a document."""
    return render(sheet(draft(load_catalogue().get(document_id), known, tone)))


def words(pdf: bytes) -> str:
    """Give the text of a PDF with its spaces and line ends taken out."""
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"[\s\u00a0\u202f]", "", text)


@pytest.mark.parametrize(("document_id", "debtor"), CASES)
def test_every_document_prints_on_one_page_in_order(
    document_id: str, debtor: str, facts: Make
) -> None:
    """Each prints on one page in each tone, and its paragraphs read in order."""
    document = load_catalogue().get(document_id)
    for tone in document.tones:
        made = draft(document, facts(debtor), tone)
        pdf = render(sheet(made))
        assert pages(pdf) == len(PdfReader(BytesIO(pdf)).pages) == 1
        text, at = words(pdf), 0
        for index, paragraph in enumerate(made.paragraphs):
            if index == made.table_at:
                continue
            first = re.sub(r"[\s\u00a0\u202f]", "", paragraph.split("……")[0].split("\n")[0])
            assert first in text[at:]
            at = text.index(first, at)


@pytest.mark.parametrize(("document_id", "debtor"), CASES)
def test_every_document_prints_with_its_blanks(document_id: str, debtor: str, facts: Make) -> None:
    """With its needs only, a document prints and labels each blank."""
    document = load_catalogue().get(document_id)
    keep = {*document.needs, *document.computed, "debtor_kind"}
    made = draft(document, {k: v for k, v in facts(debtor).items() if k in keep})
    laid_out = sheet(made)
    text = words(render(laid_out, today=date(2026, 11, 22)))
    labels = set(re.findall(r'"b": "(.*?)"', json.dumps(laid_out, ensure_ascii=False)))
    assert len(labels) == len(made.blanks)
    for label in labels:
        assert re.sub(r"[\s\u00a0]", "", label) in text


def test_the_file_is_marked_for_archives_and_for_all_readers(facts: Make) -> None:
    """PDF/A-2a and PDF/UA-1, tagged, in French, with title, author and every font embedded."""
    reader = PdfReader(BytesIO(printed("mise_en_demeure_pro", facts("professionnel"))))
    root: Any = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfaid:part>2<", xmp)
    assert re.search(r"pdfaid:conformance>A<", xmp)
    assert re.search(r"pdfuaid:part>1<", xmp)
    assert root["/Lang"].lower().startswith("fr")
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert reader.metadata.title == "Mise en demeure de payer la facture n°\u00a0F-2026-014"
    assert reader.metadata.author == "Camille Martin EI"
    fonts: Any = reader.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    assert len(fonts) >= 2
    for font in fonts.values():
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)


def test_the_same_sheet_and_day_give_the_same_bytes(facts: Make) -> None:
    """Nothing of the clock or of earlier printings enters the file; the day does."""
    laid_out = sheet(draft(load_catalogue().get("mise_en_demeure_pro"), facts("professionnel")))
    stored = json.loads(json.dumps(laid_out))
    first = render(laid_out)
    printed("relance_1", facts("particulier"))
    assert render(stored) == first
    assert render(laid_out, today=date(2026, 11, 23)) != first


@pytest.mark.parametrize(
    "typed",
    [
        "{{7*7}} <b>gras</b>",
        '#panic("non") *x* @ref $a$ _y_ `z` // fin /* */ ~ --- "q" \\ [a]',
        "= titre",
        "- liste",
        "x" * 300,
        "مرحبا",
        "Ωμέγα Привет œuvre Œ ŷ ‑ … ½",
    ],
)
def test_what_a_person_typed_is_printed_as_typed(typed: str, facts: Make) -> None:
    """No character of a person becomes markup, in a fact or in a paragraph."""
    known = facts("professionnel") | {"debtor_name": typed, "invoice_number": typed}
    made = draft(load_catalogue().get("mise_en_demeure_pro"), known).with_paragraph(2, typed)
    text = words(render(sheet(made)))
    expected = re.sub(r"\s", "", typed)
    if typed.startswith("م"):
        assert expected in text or expected[::-1] in text
    else:
        assert text.count(expected) >= 3


@pytest.mark.parametrize(
    "typed", ["🎉", "👨‍👩‍👧", "漢字", "\U000e0041", "\ud83c", "\x07", "\ue000", "⸮", "ꙮ"]
)
def test_a_character_without_a_glyph_never_stops_a_letter(typed: str, facts: Make) -> None:
    """It is drawn as a square or left out, the words around stay, and `undrawn` tells."""
    known = facts("professionnel") | {"work_label": f"avant {typed} après"}
    laid_out = sheet(draft(load_catalogue().get("mise_en_demeure_pro"), known))
    text = words(render(laid_out))
    assert re.search(rf"avant{INSTEAD}*[⸮ꙮ]?{INSTEAD}*après", text)
    assert (INSTEAD in text) == bool(undrawn(laid_out))


def test_a_long_letter_numbers_its_pages_and_keeps_its_end_together(facts: Make) -> None:
    """Pages are numbered from two on, and the signature is never alone."""
    known = facts("professionnel")
    made = draft(load_catalogue().get("mise_en_demeure_pro"), known)
    assert "Page1sur" not in words(render(sheet(made)))
    long = made.with_paragraph(1, "Une phrase de plus pour voir. " * 90)
    reader = PdfReader(BytesIO(render(sheet(long))))
    assert len(reader.pages) == 2
    first, last = (page.extract_text() for page in reader.pages)
    assert "Page 1 sur 2" in first
    assert "Page 2 sur 2" in last
    assert "Je vous prie d’agréer" in last
    assert "Sans règlement" in last


def test_the_longest_names_stay_in_their_place(facts: Make) -> None:
    """Very long names and addresses push the text down; nothing is lost."""
    name = "Société anonyme d’exploitation des établissements Vanderstraeten-Kowalczyk, fils et Cie"
    address = "\n".join(f"Ligne d’adresse numéro {n} de la rue la plus longue" for n in range(6))
    known = facts("professionnel") | {"debtor_name": name, "debtor_address": address}
    text = words(printed("mise_en_demeure_pro", known))
    assert re.sub(r"\s", "", name) in text
    assert re.sub(r"\s", "", address) in text


def test_later_facts_fill_the_head_of_an_edited_letter(facts: Make) -> None:
    """Addresses learnt after the draft go to the sheet; a date is needed to print."""
    known = facts("professionnel")
    del known["debtor_address"]
    made = draft(load_catalogue().get("mise_en_demeure_pro"), known)
    assert "8boulevardHaussmann" not in words(render(sheet(made)))
    filled = sheet(made, {"debtor_address": "8 boulevard Haussmann\n75009 Paris"})
    assert "8boulevardHaussmann75009Paris" in words(render(filled))
    with pytest.raises(ValueError, match="today"):
        render({**filled, "date": None})
