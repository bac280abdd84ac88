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

from letters import Draft, blank_label, draft, load_catalogue, sheet
from letters.bundle import bordereau_sheet
from letters.glyphs import loose, shortened
from letters.pdf import INSTEAD, pages, render, undrawn

Make = Callable[[str], dict[str, Any]]
Write = Callable[..., Draft]
Print = Callable[..., bytes]
Read = Callable[..., tuple[str, ...]]
Alike = Callable[..., tuple[tuple[str, str], ...]]
LONG = {
    "creditor_name": "Marie-Antoinette de La Rochefoucauld-Montmorency EI",
    "creditor_address": "Résidence Les Jardins du Rhin, bâtiment B\n228 rue du Rhin\n67000 Strasbourg",
    "debtor_name": "Société anonyme d’exploitation des établissements Vanderstraeten, fils et Cie",
    "debtor_address": "Bâtiment C, porte 312\nZone industrielle\n1127 avenue de Lattre\n67100 Strasbourg",
    "work_label": "la refonte de votre site internet, de votre catalogue et de la charte graphique",
    "invoice_number": "FACT-2026-0000014-B",
}  # fmt: skip
IDS = load_catalogue().ids()


def printed(document_id: str, known: dict[str, Any], tone: str = "normal") -> bytes:
    """Write and print a document."""
    return render(sheet(draft(load_catalogue().get(document_id), known, tone)))


def words(pdf: bytes) -> str:
    """Give the text of a PDF with its spaces and line ends taken out."""
    return squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def squeezed(text: str) -> str:
    """Take the spaces and line ends out of a text."""
    return re.sub(r"[\s\u00a0\u202f]", "", text)


@pytest.mark.parametrize("document_id", IDS)
def test_every_document_prints_in_order(
    document_id: str, distinct: Alike, written: Write, pdf_of: Print, read: Read
) -> None:
    """In each tone its paragraphs read in order; a message and a script hold on one page."""
    document = load_catalogue().get(document_id)
    most = {"message": 1, "script": 1, "letter": 2}.get(document.kind, 4)
    for debtor, tone in distinct(document_id):
        counted = pages(pdf_of(document_id, debtor, tone))
        assert counted <= most
        if tone != document.tones[0]:
            continue
        made, shown = written(document_id, debtor, tone), read(document_id, debtor, tone)
        assert counted == len(shown)
        text, at = squeezed("".join(shown)), 0
        for index, paragraph in enumerate(made.paragraphs):
            if index in dict(made.tables):
                continue
            first = squeezed(paragraph.split("……")[0].split("\n")[0])[:40]
            assert first in text[at:]
            at = text.index(first, at)


@pytest.mark.parametrize("document_id", IDS)
def test_every_document_prints_with_its_blanks(
    document_id: str, distinct: Alike, written: Write, pdf_of: Print, read: Read
) -> None:
    """With its needs only, a document prints and labels each blank."""
    document = load_catalogue().get(document_id)
    for tone in document.tones[1:]:
        assert pdf_of(document_id, document.debtors[0], tone, least=True)
    seen = set()
    for debtor, tone in distinct(document_id, least=True):
        made = written(document_id, debtor, tone, least=True)
        if tone != document.tones[0] or made.blanks in seen:
            continue
        seen.add(made.blanks)
        text = squeezed("".join(read(document_id, debtor, tone, least=True)))
        labels = set(re.findall(r'"b": "([^"]+)"', json.dumps(sheet(made), ensure_ascii=False)))
        assert labels == {blank_label(name) for name in made.blanks}
        for label in labels:
            assert squeezed(label) in text


@pytest.mark.parametrize("document_id", [d.id for d in load_catalogue() if d.kind != "script"])
@pytest.mark.parametrize("names", ["short", "long", "unknown"])
def test_the_last_page_is_never_for_a_few_lines(
    document_id: str, names: str, facts: Make, read: Read
) -> None:
    """A page more is taken for five lines at least: otherwise the text is set smaller."""
    document = load_catalogue().get(document_id)
    debtor = document.debtors[0]
    if names == "long":
        reader = PdfReader(BytesIO(printed(document_id, facts(debtor) | LONG)))
        shown = tuple(page.extract_text() for page in reader.pages[1:][-1:])
    else:
        shown = read(document_id, debtor, least=names == "unknown")[1:]
    if shown:
        lines = shown[-1].splitlines()
        assert len([line for line in lines if line.strip() and "Page " not in line]) >= 5


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


def lines_at(pdf: bytes) -> list[tuple[float, str]]:
    """Give each drawn piece of text with the place of its left end, in points."""
    found: list[tuple[float, str]] = []

    def note(text: str, page: list[float], line: list[float], *_: Any) -> None:
        found.append((line[4] * page[0] + page[4], text))

    for page in PdfReader(BytesIO(pdf)).pages:
        page.extract_text(visitor_text=note)
    return found


@pytest.mark.parametrize(
    "typed", ["x" * 300, "https://exemple.fr/" + "a/" * 120, "nom." * 60 + "@a.fr"]
)
def test_a_word_without_end_is_broken_at_the_margin(typed: str, facts: Make) -> None:
    """It stays within its column in the head, the table, the text and the payment, whole."""
    known = facts("professionnel") | {"debtor_name": typed, "invoice_number": typed[:60]}
    known["creditor_name"] = typed
    made = draft(load_catalogue().get("mise_en_demeure_pro"), known).with_paragraph(2, typed)
    pdf = render(sheet(made))
    assert words(pdf).count(typed) >= 3
    for left, text in lines_at(pdf):
        room = 595.3 - 20 * 2.835 - left  # to the right margin of 20 mm
        assert len(text.strip()) * 3.2 <= room + 1, text  # 3,2 points: a narrow letter of the text


def test_addresses_can_be_followed(facts: Make) -> None:
    """The e-mail and a link lead where they say, as annotations, and read as text."""
    made = draft(load_catalogue().get("mise_en_demeure_pro"), facts("professionnel"))
    made = made.with_paragraph(1, "Voyez https://exemple.fr/facture?n=1, puis répondez.")
    reader = PdfReader(BytesIO(render(sheet(made))))
    annotations: Any = reader.pages[0]["/Annots"]
    leads = {note.get_object()["/A"]["/URI"] for note in annotations}
    assert leads == {"mailto:camille@exemple.fr", "https://exemple.fr/facture?n=1"}
    assert "https://exemple.fr/facture?n=1, puis" in reader.pages[0].extract_text()


def test_headings_tables_and_lists_are_tagged(facts: Make) -> None:
    """A reading program finds the title, the sections, the tables and their heading cells, the lists."""
    document = load_catalogue().get("requete_injonction_tj")
    reader = PdfReader(BytesIO(render(sheet(draft(document, facts("particulier"))))))
    root: Any = reader.trailer["/Root"]
    tags: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for item in node:
                walk(item)
        elif isinstance(node, dict):
            if "/S" in node:
                tags.append(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    walk(root["/StructTreeRoot"])
    assert tags.count("/H1") == 1
    assert tags.count("/H2") >= 3
    assert {"/Table", "/TH", "/L", "/LI", "/P"} <= set(tags)


def test_the_pages_after_the_first_recall_the_title(facts: Make) -> None:
    """A page that follows says what it follows, and each page its number."""
    made = draft(load_catalogue().get("mise_en_demeure_pro"), facts("professionnel"))
    long = made.with_paragraph(1, "Une phrase de plus pour voir. " * 90)
    first, last = PdfReader(BytesIO(render(sheet(long)))).pages
    title = "Mise en demeure de payer la facture n° F-2026-014"
    assert first.extract_text().replace("\u00a0", " ").count(title) == 1
    assert last.extract_text().replace("\u00a0", " ").count(title) == 1


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


def placed(pdf: bytes) -> list[tuple[int, float, float, str]]:
    """Give each drawn piece of text with its page, and its left end and base line in mm from the corner."""
    found: list[tuple[int, float, float, str]] = []
    for number, page in enumerate(PdfReader(BytesIO(pdf)).pages):

        def note(
            text: str, at: list[float], line: list[float], *_: Any, number: int = number
        ) -> None:
            x, y = line[4] * at[0] + at[4], line[5] * at[3] + at[5]
            found.append((number, x / 2.8346, 297 - y / 2.8346, text))

        page.extract_text(visitor_text=note)
    return [(number, x, y, text) for number, x, y, text in found if text.strip()]


@pytest.mark.parametrize("lines", [2, 4, 6, 8])
def test_the_address_stays_in_the_window_of_the_envelope(lines: int, facts: Make) -> None:
    """A long name and many lines start higher and are set smaller, never under 85 mm."""
    address = "\n".join(f"Ligne d’adresse numéro {n} de la rue" for n in range(lines))
    known = facts("professionnel") | LONG | {"debtor_address": address}
    found = placed(printed("mise_en_demeure_pro", known))
    of_the_address = [
        (x, y)
        for number, x, y, text in found
        if number == 0 and ("Ligne" in text or "Société anonyme" in text or "Weber" in text)
    ]
    assert len(of_the_address) == lines + 2
    assert all(round(x) == 110 and 46 <= y <= 85 for x, y in of_the_address)


def test_what_follows_a_blank_of_two_lines_comes_after_the_second(facts: Make) -> None:
    """The words after an address to write stand beside its last rule, not its first."""
    document = load_catalogue().get("accord_echeancier")
    keep = {*document.needs, *document.computed, "debtor_kind", "law", "today"}
    known = {k: v for k, v in facts("professionnel").items() if k in keep}
    found = placed(render(sheet(draft(document, known))))
    heights = {key: next(y for _, _, y, text in found if key in text) for key in ("Entre", "SIRET")}
    assert heights["SIRET"] - heights["Entre"] > 6


@pytest.mark.parametrize("phrases", [44, 48, 52])
def test_what_is_written_by_hand_stays_on_one_page(phrases: int, facts: Make) -> None:
    """The lines a client completes in an agreement, their heading and the signatures go together."""
    made = draft(load_catalogue().get("accord_echeancier"), facts("professionnel"))
    pdf = render(sheet(made.with_paragraph(2, "Une phrase de plus pour voir. " * phrases)))
    wanted = ("5. Signatures", "en toutes lettres", "Date :", "Cet accord est fait", "Fait à")
    found = [(number, text.replace("\u00a0", " ")) for number, _, _, text in placed(pdf)]
    on = [next(number for number, text in found if key in text) for key in wanted]
    assert pages(pdf) == 2
    assert on == [1] * 5


def test_a_title_with_a_blank_is_the_one_of_the_catalogue(facts: Make) -> None:
    """No « [numéro de la facture] » names the file or runs at the foot of its pages."""
    known = facts("professionnel")
    del known["invoice_number"]
    document = load_catalogue().get("mise_en_demeure_pro")
    assert sheet(draft(document, known))["title"] == "Mise en demeure"


def test_dates_of_the_head_and_telephone_numbers_are_not_parted(facts: Make) -> None:
    """No year or pair of digits is left alone on a line."""
    laid_out = sheet(draft(load_catalogue().get("mise_en_demeure_pro"), facts("professionnel")))
    head = json.dumps([laid_out["subject"], laid_out["references"]], ensure_ascii=False)
    assert "28\u00a0septembre\u00a02026" in head
    assert [{"t": "06\u00a012\u00a034\u00a056\u00a078"}] in laid_out["sender"]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Mise en demeure", "Mise en demeure"),
        ("mot " * 30, "mot " * 22 + "mot…"),
        ("x" * 120, "x" * 94 + "…"),
    ],
)
def test_a_long_title_is_recalled_up_to_a_word(title: str, shown: str) -> None:
    """It is cut after a word, or within one when it is a single word."""
    assert shortened(title) == shown


def test_only_a_text_with_a_part_that_cannot_be_broken_is_loose() -> None:
    """An IBAN is not parted: its paragraph would gape; hyphens and spaces let a line end."""
    assert loose("au compte FR76\u00a03000\u00a06000\u00a00112\u00a03456\u00a07890\u00a0189.")
    assert not loose("Société Vanderstraeten-Kowalczyk-Montmorency, facture n°\u00a0F-2026-014")


def test_a_list_of_exhibits_says_whose_they_are_and_of_which_day(facts: Make) -> None:
    """Apart from its letter it still names who hands it in, with the place and the date."""
    document = load_catalogue().get("requete_injonction_tj")
    head = sheet(draft(document, facts("particulier")))
    listed = [{"number": 1, "title": "Facture", "pages": 1}]
    text = words(render(bordereau_sheet("Requête en injonction de payer", listed, head=head)))
    assert text.startswith("CamilleMartinEI")
    assert text.index("Strasbourg,le22novembre2026") < text.index("Bordereaudespièces")
