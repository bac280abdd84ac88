"""The bundle: letter, list of exhibits and exhibits in one PDF, stamped, tagged, the same every time."""

from __future__ import annotations

import io
import re
from datetime import date
from functools import cache
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, IndirectObject, RectangleObject

from letters import bundled, pdf
from letters.bundle import BundleRefused, bordereau_sheet, bundle
from letters.exhibits import accept
from letters.limits import limits
from letters.pdffile import BoundedReader
from letters.stamps import exhibit_name

TODAY = date(2026, 11, 22)
NBSP = "\u00a0"
MM = 72 / 25.4


def sheet(**changes: Any) -> dict[str, Any]:
    """Lay out a letter of one line."""
    run = [{"t": "Je vous mets en demeure de payer."}]
    return {
        **bordereau_sheet("", []),
        "kind": "letter",
        "title": "Mise en demeure de payer",
        "author": "Camille Martin EI",
        "date": TODAY.isoformat(),
        "sender": [[{"t": "Camille Martin EI"}], [{"t": "12 rue de l’Église"}]],
        "place_date": [{"t": "Strasbourg, le 22 novembre 2026"}],
        "heading": [],
        "subject": [{"t": "Mise en demeure"}],
        "blocks": [{"kind": "text", "lines": [run]}],
        "signatures": [[{"t": "Camille Martin EI"}]],
        **changes,
    }


@cache
def letter() -> bytes:
    """Print the letter."""
    return pdf.render(sheet(), TODAY)


@cache
def bordereau(count: int = 2) -> bytes:
    """Print the list of exhibits."""
    listed = [{"number": at, "title": "Devis signé", "pages": 1} for at in range(1, count + 1)]
    return pdf.render(bordereau_sheet("Mise en demeure", listed), TODAY)


@cache
def photo(width: int = 400, height: int = 300) -> bytes:
    """Give a photo, accepted."""
    held = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(held, "JPEG")
    return accept(held.getvalue()).content


@cache
def scan(pages: int = 3) -> bytes:
    """Give a scan of some pages, accepted."""
    held = io.BytesIO()
    frames = [Image.new("L", (200, 280), 40 * at) for at in range(pages)]
    frames[0].save(held, "PDF", save_all=True, append_images=frames[1:])
    return accept(held.getvalue()).content


@cache
def whole() -> bytes:
    """Give a bundle of a photo and a scan."""
    exhibits = [("Devis signé", photo()), ("Échanges", scan())]
    return bundle(letter(), bordereau(), exhibits, today=TODAY)


def read(content: bytes) -> PdfReader:
    """Read a bundle, strictly."""
    return PdfReader(io.BytesIO(content), strict=True)


def stamp_of(page: Any) -> tuple[float, float, float, float]:
    """Give the sides of a stamp on its page, in points."""
    content = page.get_contents().get_data()
    placed = re.search(rb"q 1 0 0 1 ([-\d.]+) ([-\d.]+) cm [-\d. ]+ cm /S0", content)
    assert placed is not None
    x, y = map(float, placed.groups())
    box = page["/Resources"]["/XObject"]["/S0"]["/BBox"]
    return x, y, x + float(box[2] - box[0]), y + float(box[3] - box[1])


def test_the_parts_follow_one_another() -> None:
    """The letter comes first, then the list, then the exhibits in their order."""
    texts = [page.extract_text() for page in read(whole()).pages]
    assert len(texts) == 6
    assert "Je vous mets en demeure de payer." in texts[0]
    assert "Bordereau des pièces" in texts[1]
    assert [text.replace(NBSP, " ").split("\n")[0].strip() for text in texts[2:]] == [
        "Pièce n° 1",
        "Pièce n° 2 1/3",
        "Pièce n° 2 2/3",
        "Pièce n° 2 3/3",
    ]


def test_the_same_parts_and_day_give_the_same_bytes() -> None:
    """Only the parts and the day make a bundle what it is."""
    exhibits = [("Devis signé", photo()), ("Échanges", scan())]
    assert bundle(letter(), bordereau(), exhibits, today=TODAY) == whole()
    later = bundle(letter(), bordereau(), exhibits, today=date(2026, 11, 23))
    assert later != whole()
    assert read(later).trailer["/ID"] != read(whole()).trailer["/ID"]


def test_bookmarks_and_page_labels_name_each_part() -> None:
    """Each part is one step away, and its pages are counted on their own."""
    reader = read(whole())
    outline = reader.outline
    assert [item.title for item in outline] == [  # type: ignore[union-attr]
        "Mise en demeure de payer",
        "Bordereau des pièces",
        f"Pièce n°{NBSP}1 – Devis signé",
        f"Pièce n°{NBSP}2 – Échanges",
    ]
    starts = [reader.get_destination_page_number(item) for item in outline]  # type: ignore[arg-type]
    assert starts == [0, 1, 2, 3]
    assert reader.page_labels == [
        "1",
        f"Bordereau{NBSP}1",
        f"Pièce{NBSP}1 – 1",
        f"Pièce{NBSP}2 – 1",
        f"Pièce{NBSP}2 – 2",
        f"Pièce{NBSP}2 – 3",
    ]


def test_the_file_says_what_it_is() -> None:
    """Title, author, day and language are those of the letter; it claims no standard it does not keep."""
    reader = read(whole())
    about = reader.metadata
    assert about is not None
    assert (about.title, about.author) == ("Mise en demeure de payer", "Camille Martin EI")
    assert about.creation_date is not None
    assert about.creation_date.date() == TODAY
    assert str(reader.root_object["/Lang"]) == "fr-FR"
    assert b"pdfaid" not in whole()
    assert "/Metadata" not in reader.root_object


def test_the_tags_lead_to_every_page() -> None:
    """Each page has its entry in the tree of tags, and each entry leads back to it."""
    reader = read(whole())
    tree: Any = reader.root_object["/StructTreeRoot"]
    (document,) = tree["/K"]
    assert document.get_object()["/S"] == "/Document"
    parts = [part.get_object() for part in document.get_object()["/K"]]
    assert [part["/S"] for part in parts] == ["/Document", "/Document", "/Sect", "/Sect"]
    assert all(part.raw_get("/P") == document for part in parts)
    flat = list(tree["/ParentTree"]["/Nums"])
    parents = dict(zip(flat[::2], flat[1::2], strict=True))
    assert flat[::2] == sorted(set(flat[::2]))
    assert tree["/ParentTreeNextKey"] > flat[-2]
    for page in reader.pages:
        tags = [tag.get_object() for tag in parents[page["/StructParents"]].get_object()]
        held = [tag for tag in tags if isinstance(tag, DictionaryObject) and "/Pg" in tag]
        assert held
        assert all(tag.raw_get("/Pg") == page.indirect_reference for tag in held)


@pytest.mark.parametrize("content", [photo(400, 300), photo(300, 400), scan(1)])
def test_the_stamp_stands_in_the_corner_clear_of_the_exhibit(content: bytes) -> None:
    """The stamp is at the upper right of a page of either shape, above what is drawn there."""
    page = read(bundle(letter(), bordereau(), [("", content)], today=TODAY)).pages[2]
    left, low, right, high = stamp_of(page)
    wide, tall = float(page.mediabox.width), float(page.mediabox.height)
    assert wide - right == pytest.approx(7 * MM, abs=0.1)
    assert tall - high == pytest.approx(5 * MM, abs=0.1)
    assert low > tall - limits()["page"]["top"] * MM
    assert left > wide / 2


def test_the_stamp_follows_the_turn_and_the_corner_of_any_page() -> None:
    """An exhibit that is not yet laid on A4 is stamped where its reader sees the upper right."""
    writer = PdfWriter()
    turned = writer.add_blank_page(600, 300)
    turned.mediabox = RectangleObject((-100, 50, 500, 350))
    turned.rotate(90)
    held = io.BytesIO()
    writer.write(held)
    content = held.getvalue()
    page = read(bundle(letter(), bordereau(), [("", content)], today=TODAY)).pages[2]
    assert [float(side) for side in page.mediabox] == [0, 0, 300, 600]
    assert stamp_of(page)[2:] == pytest.approx((300 - 7 * MM, 600 - 5 * MM), abs=0.1)


def test_the_fonts_of_the_bundle_are_embedded() -> None:
    """Letter, list and stamps print alike on any machine."""
    fonts = re.findall(rb"/FontDescriptor|/FontFile[23]?(?= )", whole())
    assert fonts.count(b"/FontDescriptor") > 2
    assert whole().count(b"/Type /FontDescriptor") == len(
        [f for f in fonts if f != b"/FontDescriptor"]
    )


def test_a_bundle_without_exhibits_is_the_letter_and_its_list() -> None:
    """A person who sent nothing yet still gets both."""
    assert len(read(bundle(letter(), bordereau(), [], today=TODAY)).pages) == 2


def test_the_links_of_a_letter_lead_on() -> None:
    """A link printed in the letter is kept in the bundle, tagged, and no other action is."""
    run = [{"t": "Voir https://www.justice.fr pour le formulaire"}]
    linked = pdf.render(sheet(blocks=[{"kind": "text", "lines": [run]}]), TODAY)
    reader = read(bundle(letter(), linked, [], today=TODAY))
    links: Any = reader.pages[1]["/Annots"]
    (link,) = links
    assert link.get_object()["/A"] == {"/S": "/URI", "/URI": "https://www.justice.fr"}
    tree: Any = reader.root_object["/StructTreeRoot"]
    flat = list(tree["/ParentTree"]["/Nums"])
    assert link.get_object()["/StructParent"] in flat[::2]
    assert "/Annots" not in reader.pages[0]


def test_what_is_too_large_or_no_pdf_is_refused() -> None:
    """A bundle over what can be sent, or with a part that cannot be read, has its code."""
    heavy = b"%PDF-1.7" + b"\0" * 25_000_000
    with pytest.raises(BundleRefused) as refused:
        bundle(letter(), bordereau(), [("", heavy), ("", heavy)], today=TODAY)
    assert refused.value.code == "too_big"
    for parts in (
        (b"rien", bordereau(), photo()),
        (letter(), b"", photo()),
        (letter(), bordereau(), b"x"),
    ):
        with pytest.raises(BundleRefused) as refused:
            bundle(parts[0], parts[1], [("", parts[2])], today=TODAY)
        assert refused.value.code == "broken"


def test_what_was_read_of_an_exhibit_is_let_go_before_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many exhibits there are, the objects of one alone are held, beside those of printed parts."""
    opened: list[BoundedReader] = []
    held: list[int] = []

    class Watched(BoundedReader):
        def __init__(self, content: bytes) -> None:
            opened.append(self)
            super().__init__(content)

        def get_object(self, indirect_reference: int | IndirectObject) -> Any:
            found = super().get_object(indirect_reference)
            held.append(sum(bool(reader.resolved_objects) for reader in opened))
            return found

    monkeypatch.setattr(bundled, "BoundedReader", Watched)
    most = []
    for count in (1, 6):
        opened.clear()
        held.clear()
        exhibits = [(str(n), photo()) for n in range(count)]
        bundle(letter(), bordereau(count), exhibits, today=TODAY)
        most.append(max(held))
    assert most[0] == most[1]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("", "Pièce n° 4"),
        ("Devis", "Pièce n° 4 – Devis"),
        ("a\nb\x00\u202ec  d", "Pièce n° 4 – a b c d"),
        ("#panic() {{7*7}} <b> (", "Pièce n° 4 – #panic() {{7*7}} <b> ("),
        ("x" * 300, "Pièce n° 4 – " + "x" * 120),
    ],
)
def test_an_exhibit_is_named_by_number_and_title(title: str, name: str) -> None:
    """A title typed by a person is shown as typed, on one line of a sane length."""
    assert exhibit_name(4, title).replace(NBSP, " ") == name


@pytest.mark.parametrize("title", ["\ud800 seul", "(a) \\ >> endobj", "عقد 契約 😀"])
def test_any_title_comes_out_as_typed(title: str) -> None:
    """Nothing a person types in a title breaks the file."""
    reader = read(bundle(letter(), bordereau(), [(title, photo())], today=TODAY))
    shown = reader.outline[2].title  # type: ignore[union-attr]
    assert shown == exhibit_name(1, title)


def test_the_list_of_exhibits_counts_them() -> None:
    """The list has a row to each exhibit and says the sum of their pages."""
    listed = [
        {"number": 1, "title": "Devis signé", "pages": 2},
        {"number": 2, "title": "<b> #panic()", "pages": 1},
    ]
    laid = bordereau_sheet("Requête", listed, head=sheet())
    texts = read(pdf.render(laid)).pages[0].extract_text().replace(NBSP, " ")
    assert "Pièces jointes : Requête" in texts
    assert "Devis signé" in texts
    assert "<b> #panic()" in texts
    assert "Soit 2 pièces, 3 pages en tout." in texts
    assert (laid["kind"], laid["author"], laid["date"]) == (
        "note", "Camille Martin EI", "2026-11-22",
    )  # fmt: skip
    alone = bordereau_sheet("Requête", listed[:1])
    assert alone["date"] is None
