"""Exhibits: what a person sends becomes clean A4 pages, or a refusal with its reason, and nothing else."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import StreamObject

from letters.exhibits import Exhibit, ExhibitRefused, accept
from letters.limits import limits

A4 = (595.276, 841.89)
RED, GREEN, BLUE, GREY = (220, 30, 30), (30, 160, 60), (40, 60, 210), (128, 128, 128)


def refusal(content: bytes) -> str:
    """Give the code a content is refused with."""
    with pytest.raises(ExhibitRefused) as refused:
        accept(content)
    return refused.value.code


def outcome(content: bytes) -> Exhibit | str:
    """Give what comes of a content; any other exception than a refusal passes through."""
    try:
        return accept(content)
    except ExhibitRefused as refused:
        return refused.code


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Give a picture as a file."""
    held = io.BytesIO()
    image.save(held, kind, **options)
    return held.getvalue()


def quarters(width: int = 400, height: int = 300, mode: str = "RGB") -> Image.Image:
    """Draw four corners that differ: red, green, blue, grey, as one reads."""
    image = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    for at, colour in enumerate((RED, GREEN, BLUE, GREY)):
        image.paste(colour, ((at % 2) * half[0], (at // 2) * half[1], width, height))
    return image.convert(mode)


def pictures(exhibit: Exhibit) -> list[Image.Image]:
    """Give the picture on each page of an exhibit."""
    return [
        Image.open(io.BytesIO(page["/Resources"]["/XObject"]["/X0"].get_data()))  # type: ignore[index]
        for page in PdfReader(io.BytesIO(exhibit.content)).pages
    ]


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """Give the colours near the four corners, as one reads."""
    seen = image.convert("RGB")
    wide, tall = seen.size
    places = [(x, y) for y in (tall // 8, tall - tall // 8) for x in (wide // 8, wide - wide // 8)]
    return [seen.getpixel(place) for place in places]  # type: ignore[misc]


def close(one: tuple[int, ...], other: tuple[int, ...], by: int = 12) -> bool:
    """Tell whether two colours look alike."""
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


def pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """Write a PDF from its objects, numbered from 1."""
    parts, starts, end = [b"%PDF-1.7\n"], [], 9
    for number, content in enumerate(objects, 1):
        starts.append(end)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        end += len(parts[-1])
    held = b"".join(parts)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(objects) + 1
    return held + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, trailer, len(held),
    )  # fmt: skip


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Write a stream object."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
HELVETICA = b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
WORDS = b"BT /F1 20 Tf 50 60 Td (Devis signe) Tj ET"


def page(more: bytes = b"", box: bytes = b"0 0 595 842") -> bytes:
    """Write a page object, with its content in object 4."""
    return b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Resources%s/Contents 4 0 R%s>>" % (
        box, HELVETICA, more,
    )  # fmt: skip


def one_page(more: bytes = b"", box: bytes = b"0 0 595 842", *others: bytes) -> bytes:
    """Write a PDF of one page; `others` are objects from 5."""
    return pdf(CATALOG, PAGES, page(more, box), stream(WORDS), *others)


def written_pdf(**encryption: Any) -> bytes:
    """Give a PDF of one page that pypdf has written, locked as told."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(one_page())))
    if encryption:
        writer.encrypt(**encryption)
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def opened(exhibit: Exhibit) -> PdfReader:
    """Read an exhibit back, strictly."""
    return PdfReader(io.BytesIO(exhibit.content), strict=True)


def laid_at(exhibit: Exhibit, place: tuple[float, float], drawn: int = 0) -> tuple[float, float]:
    """Give where a place of a drawing's own space is on the first page, in points from the lower left."""
    content = opened(exhibit).pages[0].get_contents()
    assert content is not None
    matrices = re.findall(rb"((?:[-\d.]+ ){6})cm", content.get_data())
    x, y = place
    for matrix in (matrices[1 + drawn], matrices[0]):
        a, b, c, d, e, f = map(float, matrix.split())
        x, y = a * x + c * y + e, b * x + d * y + f
    return x, y


def everything(exhibit: Exhibit) -> bytes:
    """Give all an exhibit holds, unpacked."""
    reader = opened(exhibit)
    held = [exhibit.content]
    for number in range(1, int(str(reader.trailer["/Size"]))):
        found = reader.get_object(number)
        if isinstance(found, StreamObject) and found.get("/Filter") != "/DCTDecode":
            held.append(found.get_data())
    return b"\n".join(held)


def images() -> dict[str, bytes]:
    """Give one picture of each kind that is read."""
    return {
        "jpeg": saved(quarters(), "JPEG", quality=95),
        "png": saved(quarters(), "PNG"),
        "webp": saved(quarters(), "WEBP", lossless=True),
        "gif": saved(quarters(), "GIF"),
        "tiff": saved(quarters(), "TIFF"),
    }


# What becomes of each kind of file


@pytest.mark.parametrize("kind", sorted(images()))
def test_a_picture_becomes_one_a4_page_that_shows_it(kind: str) -> None:
    """Each kind of picture is laid alone on an A4 page, its colours and place kept."""
    exhibit = accept(images()[kind])
    (shown,) = pictures(exhibit)
    assert (exhibit.kind, exhibit.pages) == ("photo", 1)
    assert shown.size == (400, 300)
    seen = zip(corners(shown), (RED, GREEN, BLUE, GREY), strict=True)
    assert all(close(a, b) for a, b in seen)
    box = opened(exhibit).pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx((A4[1], A4[0]), abs=0.1)


def test_a_pdf_becomes_a4_pages_with_its_text() -> None:
    """The text of a PDF is still there, on A4, under room for the stamp."""
    exhibit = accept(one_page())
    (shown,) = opened(exhibit).pages
    assert (exhibit.kind, exhibit.pages) == ("pdf", 1)
    assert "Devis signe" in shown.extract_text()
    assert (float(shown.mediabox.width), float(shown.mediabox.height)) == pytest.approx(A4, abs=0.1)
    assert exhibit.sha256 == sha256(exhibit.content).hexdigest()


@pytest.mark.parametrize("content", [one_page(), images()["jpeg"], images()["png"]])
def test_the_same_file_gives_the_same_bytes(content: bytes) -> None:
    """Nothing of the day or of chance enters an exhibit."""
    assert accept(content) == accept(content)


def test_an_exhibit_is_accepted_again_as_it_is() -> None:
    """An exhibit is itself a PDF that is read."""
    again = accept(accept(images()["jpeg"]).content)
    assert (again.kind, again.pages) == ("pdf", 1)


# What is refused


def zipped() -> bytes:
    """Give an archive, as a DOCX is."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return held.getvalue()


def png_header(width: int, height: int, colour: int = 2) -> bytes:
    """Give a PNG of a few bytes that says it is of this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    packed = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


AES = (
    b"<</Filter/Standard/V 4/R 4/Length 128/CF<</StdCF<</CFM/AESV2/AuthEvent/DocOpen/Length 16>>>>"
    b"/StmF/StdCF/StrF/StdCF/O<%s>/U<%s>/P -44>>" % (b"ab" * 32, b"cd" * 32)
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\0" * 500, "empty"),
        (b" \n", "empty"),
        (b"Bonjour", "not_a_file_we_read"),
        (zipped(), "not_a_file_we_read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_file_we_read"),
        (saved(quarters(), "BMP"), "not_a_file_we_read"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 50, "heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + b"\0" * 50, "heic"),
        (b"%PDF-1.7\n" + b"\0" * 20_000_000, "too_big"),
        (b"%PDF-1.7\n", "broken"),
        (b"%PDF-1.7\nBonjour\n%%EOF", "broken"),
        (b"\xff\xd8\xff\xe0 rien", "broken"),
        (saved(quarters(), "JPEG")[:2000], "broken"),
        (saved(quarters(), "PNG")[:200], "broken"),
        (png_header(30_000, 30_000), "too_many_pixels"),
        (png_header(11_000, 8_000, colour=6), "too_many_pixels"),
        (written_pdf(user_password="secret", algorithm="RC4-128"), "encrypted"),
        (
            pdf(CATALOG, PAGES, page(), stream(WORDS), AES, trailer=b"/Root 1 0 R/Encrypt 5 0 R"),
            "encrypted",
        ),
        (pdf(CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"), "broken"),
        (pdf(CATALOG, b"<</Type/Pages/Kids[%s]>>" % (b"3 0 R " * 61), page()), "too_many_pages"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_an_exhibit_is_refused_with_its_reason(
    content: bytes, code: str
) -> None:
    """Each reason has its own code, found by what the file holds."""
    assert refusal(content) == code


def test_a_pdf_locked_against_changes_only_is_unlocked() -> None:
    """A PDF that opens without a password is taken over in clear."""
    exhibit = accept(written_pdf(user_password="", owner_password="o", algorithm="RC4-128"))
    assert "Devis signe" in opened(exhibit).pages[0].extract_text()
    assert not opened(exhibit).is_encrypted


# Hostile PDFs


def packed(data: bytes, times: int = 1) -> bytes:
    """Give a stream object packed as often as told."""
    for _ in range(times):
        data = zlib.compress(data, 9)
    return stream(data, b"/Filter[%s]" % (b"/FlateDecode " * times))


def chain(length: int) -> list[bytes]:
    """Give objects that each refer to the next."""
    return [b"<</Next %d 0 R>>" % (at + 6) for at in range(length)]


def object_streams(count: int, size: int) -> bytes:
    """Give a PDF whose cross-reference leads into streams that unfold far."""
    inner = b"5 0 " + b"[" + b"0 " * (size // 2) + b"]"
    held = b"%PDF-1.7\n"
    starts = []
    for at in range(count):
        starts.append(len(held))
        body = zlib.compress(inner.replace(b"5 0 ", b"%d 0 " % (100 + at), 1))
        held += b"%d 0 obj\n%s\nendobj\n" % (
            10 + at, stream(body, b"/Type/ObjStm/N 1/First %d/Filter/FlateDecode" % len(b"%d 0 " % (100 + at))),
        )  # fmt: skip
    fixed = {
        1: CATALOG,
        2: PAGES,
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<<%s>>>>>>"
        % b"".join(b"/X%d %d 0 R" % (at, 100 + at) for at in range(count)),
    }
    places = {}
    for number, content in fixed.items():
        places[number] = len(held)
        held += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = (
        b"".join(struct.pack(">BIH", 1, places[n], 0) for n in sorted(places))
        + b"".join(struct.pack(">BIH", 1, start, 0) for start in starts)
        + b"".join(struct.pack(">BIH", 2, 10 + at, 0) for at in range(count))
    )
    table = stream(
        rows,
        b"/Type/XRef/Size %d/W[1 4 2]/Index[1 3 10 %d 100 %d]/Root 1 0 R"
        % (100 + count, count, count),
    )
    return held + b"9 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(held))


def nested_kids(levels: int) -> bytes:
    """Give a PDF whose one page lies under many levels of the page tree."""
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (at + 3) for at in range(levels)]
    return pdf(CATALOG, *nodes, b"<</Type/Page/MediaBox[0 0 595 842]>>")


def names(size: int) -> bytes:
    """Give names of about `size` bytes in all."""
    return (b"/" + b"n" * 98 + b" ") * (size // 100 + 1)


def loose(size: int) -> bytes:
    """Give an entry of a page that is drawn with, and takes about `size` bytes."""
    return b"/Group<</K[%s]>>" % names(size)


BOMB = b"0 0 m " * 5_000_000
HOSTILE: dict[str, Callable[[], bytes]] = {
    "a page tree that is its own child": lambda: pdf(
        CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"
    ),
    "a page tree with a loop of two": lambda: pdf(
        CATALOG,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Pages/Kids[2 0 R]/Count 1>>",
    ),
    "a page tree of many levels": lambda: nested_kids(3000),
    "a hundred thousand times the same page": lambda: pdf(
        CATALOG, b"<</Type/Pages/Kids[%s]>>" % (b"3 0 R " * 100_000), page(), stream(WORDS)
    ),
    "arrays in one another": lambda: one_page(b"/Group " + b"[" * 50_000 + b"]" * 50_000),
    "arrays in one another, a few": lambda: one_page(b"/Group<</K " + b"[" * 60 + b"]" * 60 + b">>"),
    "a content that unfolds": lambda: pdf(CATALOG, PAGES, page(), packed(BOMB)),
    "a content that unfolds twice": lambda: pdf(CATALOG, PAGES, page(), packed(BOMB, 2)),
    "a content in parts that unfold": lambda: pdf(
        CATALOG, PAGES, page().replace(b"4 0 R", b"[" + b"4 0 R " * 40 + b"]"), packed(BOMB[:3_000_000])
    ),
    "a content packed seventeen times": lambda: pdf(CATALOG, PAGES, page(), packed(b"q Q", 17)),
    "object streams that unfold": lambda: object_streams(40, 400_000),
    "references to what is not there": lambda: one_page(
        b"/Group<</K[%s]>>" % b"".join(b"%d 0 R " % at for at in range(100, 30_000)),
        b"0 0 595 842",
        stream(b" " * 1_000_000),
    ),
    "sixty thousand objects": lambda: one_page(
        b"/Group<</K[%s]>>" % b"".join(b"%d 0 R " % at for at in range(5, 60_005)),
        b"0 0 595 842",
        *[b"0"] * 60_000,
    ),
    "more outside streams than an exhibit may hold": lambda: one_page(loose(1_001_000)),
    "more outside streams than an exhibit may hold, in parts": lambda: one_page(
        b"/Group<</K[%s]>>" % b"".join(b"%d 0 R " % at for at in range(5, 105)),
        b"0 0 595 842",
        *[b"[%s]" % names(10_001)] * 100,
    ),
    "a content that is no stream of what it says": lambda: pdf(
        CATALOG, PAGES, page(), stream(b"this is no zlib at all", b"/Filter/FlateDecode")
    ),
    "a filter that does not exist": lambda: pdf(
        CATALOG, PAGES, page(), stream(b"abc", b"/Filter/Nothing")
    ),
    "a catalog that is a number": lambda: pdf(b"12"),
    "no catalog": lambda: pdf(b"null", PAGES, trailer=b""),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_pdf_is_refused(name: str) -> None:
    """Loops, depth, size and nonsense end in a refusal, as a broken file or one of too many pages."""
    assert refusal(HOSTILE[name]()) in {"broken", "too_many_pages"}


def test_a_rich_page_is_no_bomb() -> None:
    """What large fonts and colour tables take outside streams, and far more, is accepted."""
    assert accept(one_page(loose(900_000))).pages == 1


def test_objects_that_refer_to_one_another_in_a_long_chain_are_followed() -> None:
    """A chain longer than Python's recursion is taken over like any other."""
    exhibit = accept(one_page(b"/Group 5 0 R", b"0 0 595 842", *chain(5000), b"null"))
    assert exhibit.pages == 1


def test_a_form_that_draws_itself_is_taken_over_once() -> None:
    """Resources that lead back to their own object make no endless copy."""
    looped = stream(
        b"/X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"
    )
    content = pdf(
        CATALOG, PAGES, page().replace(HELVETICA, b"<</XObject<</X 5 0 R>>>>"), stream(b"/X Do"), looped
    )  # fmt: skip
    assert len(accept(content).content) < 3000


def test_numbers_that_mean_nothing_are_passed_over() -> None:
    """A page whose box and turn are nonsense is laid as A4, upright."""
    exhibit = accept(one_page(b"/Rotate " + b"9" * 40, b"0 0 0.0.0 " + b"9" * 40))
    assert "Devis signe" in opened(exhibit).pages[0].extract_text()


@pytest.mark.parametrize("cut", range(20, len(one_page()), 40))
def test_a_pdf_cut_short_is_read_or_refused(cut: int) -> None:
    """A download that stopped is a broken file, or still gives its page."""
    found = outcome(one_page()[:cut])
    assert found == "broken" or (isinstance(found, Exhibit) and found.pages == 1)


def test_what_acts_in_a_pdf_stays_behind() -> None:
    """Scripts, actions, attached files, links, forms and notes about the document are not taken over."""
    acts = [
        b"app.alert",
        b"launch.exe",
        b"secret.xls",
        b"evil.example",
        b"typed-name",
        b"Jean Martin",
    ]
    script = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
    content = pdf(
        b"<</Type/Catalog/Pages 2 0 R/OpenAction%s/AA<</WC%s>>/Names<</JavaScript<</Names[(a)%s]>>"
        b"/EmbeddedFiles<</Names[(a)7 0 R]>>>>/AcroForm<</Fields[5 0 R]>>/Metadata 8 0 R>>"
        % (script, script, script),
        PAGES,
        page(b"/AA<</O%s>>/Annots[5 0 R 6 0 R]/AF[7 0 R]/Metadata 8 0 R" % script),
        stream(WORDS, b"/AF[7 0 R]/F(launch.exe)/Metadata 8 0 R"),
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(typed-name)/Rect[0 0 9 9]/AA<</K%s>>>>" % script,
        b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(http://evil.example)>>>>",
        b"<</Type/Filespec/F(launch.exe)/EF<</F 9 0 R>>>>",
        stream(b"<xmp>Jean Martin</xmp>", b"/Type/Metadata/Subtype/XML"),
        stream(b"secret.xls", b"/Type/EmbeddedFile"),
        b"<</Author(Jean Martin)>>",
        trailer=b"/Root 1 0 R/Info 10 0 R",
    )
    assert all(
        act in content for act in (b"app.alert", b"launch.exe", b"secret.xls", b"Jean Martin")
    )
    held = everything(accept(content))
    assert b"Devis signe" in held
    assert [act for act in acts if act in held] == []
    gone = (
        b"/JavaScript",
        b"/OpenAction",
        b"/AA",
        b"/EmbeddedFile",
        b"/Annots",
        b"/AcroForm",
        b"/URI",
    )
    assert [act for act in gone if act in held] == []


def test_what_was_typed_in_a_form_stays_visible() -> None:
    """A filled field is drawn where it stood; a hidden one is not."""
    look = stream(
        b"BT /F1 12 Tf 0 0 Td (Bon pour accord) Tj ET",
        b"/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources" + HELVETICA,
    )
    field = b"<</Type/Annot/Subtype/Widget/Rect[100 500 300 520]/AP<</N 6 0 R>>%s>>"
    blank = (stream(b""),)
    shown, hidden = (
        accept(pdf(CATALOG, PAGES, page(b"/Annots[5 0 R]"), *blank, field % flags, look))
        for flags in (b"/F 4", b"/F 2")
    )
    assert "Bon pour accord" in opened(shown).pages[0].extract_text()
    assert "Bon pour accord" not in opened(hidden).pages[0].extract_text()
    assert laid_at(shown, (0, 0), drawn=1) == pytest.approx(laid_at(shown, (100, 500)), abs=0.1)
    assert laid_at(shown, (200, 20), drawn=1) == pytest.approx(laid_at(shown, (300, 520)), abs=0.1)


# Pages of odd sizes and turns


@pytest.mark.parametrize(
    ("turn", "quarter"),
    [(0, "low left"), (90, "high left"), (180, "high right"), (270, "low right"), (-90, "low right"), (45, "low left")],
)  # fmt: skip
def test_a_turned_page_is_laid_as_it_is_shown(turn: int, quarter: str) -> None:
    """Words near the lower left of a page stand where a reader that turns the page shows them."""
    exhibit = accept(one_page(b"/Rotate %d" % turn, b"0 0 595 842"))
    shown = opened(exhibit).pages[0]
    wide, tall = float(shown.mediabox.width), float(shown.mediabox.height)
    x, y = laid_at(exhibit, (50, 60))
    place = f"{'low' if y < tall / 2 else 'high'} {'left' if x < wide / 2 else 'right'}"
    assert place == quarter
    assert (wide > tall) is (turn % 180 == 90)
    assert "/Rotate" not in shown


@pytest.mark.parametrize(
    "box",
    [b"0 0 595 842", b"0 0 2384 3370", b"0 0 612 792", b"0 0 200 300", b"-300 -400 300 400", b"595 842 0 0",
     b"0 0 0 0", b"0 0 (a) 5", b"0 0 1000 700"],
)  # fmt: skip
def test_a_page_of_any_size_holds_on_a4_under_the_stamp(box: bytes) -> None:
    """Whatever the box says, the drawing stays within the margins and clear of the stamp."""
    found = outcome(one_page(b"", box))
    if isinstance(found, str):
        assert (box, found) == (b"0 0 (a) 5", "broken")
        return
    shown = opened(found).pages[0]
    sides = sorted((float(shown.mediabox.width), float(shown.mediabox.height)))
    assert sides == pytest.approx(A4, abs=0.1)
    drawn = shown.get_contents()
    assert drawn is not None
    words = drawn.get_data().split()
    scale, x, y = (float(words[at]) for at in (1, 5, 6))
    left, low, wide, tall = (float(words[at]) for at in (8, 9, 10, 11))
    mm = 72 / 25.4
    assert x + scale * left >= 6.9 * mm
    assert y + scale * low >= 6.9 * mm
    assert y + scale * (low + tall) <= float(shown.mediabox.height) - 15.9 * mm
    assert x + scale * (left + wide) <= float(shown.mediabox.width) - 6.9 * mm


def test_only_what_the_crop_box_shows_is_laid() -> None:
    """A crop box moves and clips the drawing."""
    exhibit = accept(one_page(b"/CropBox[40 50 240 350]", b"0 0 595 842"))
    scale = limits()["page"]["largest_scale"]
    room = 297 - limits()["page"]["top"] - limits()["page"]["bottom"]
    middle = (A4[0] / 2, (limits()["page"]["bottom"] + room / 2) * 72 / 25.4)
    assert b"/BBox [40 50 240 350]" in everything(exhibit)
    assert laid_at(exhibit, (140, 200)) == pytest.approx(middle, abs=0.1)
    right = (middle[0] + 100 * scale, middle[1])
    assert laid_at(exhibit, (240, 200)) == pytest.approx(right, abs=0.1)


def test_a_page_without_end_is_cut_over_several() -> None:
    """A web page printed as one tall page stays readable: each part fills the width of its page."""
    exhibit = accept(one_page(b"", b"0 0 595 4000"))
    assert exhibit.pages == 5
    assert "Devis signe" in opened(exhibit).pages[-1].extract_text()


def test_an_empty_page_is_kept() -> None:
    """A blank page counts, so that pages are numbered as the person knows them."""
    blank = b"<</Type/Page/MediaBox[0 0 595 842]>>"
    assert accept(pdf(CATALOG, PAGES, blank)).pages == 1


def test_a_content_in_parts_is_joined() -> None:
    """A page whose content is cut in the middle of its words is drawn whole."""
    parts = page().replace(b"4 0 R", b"[4 0 R 5 0 R]")
    exhibit = accept(pdf(CATALOG, PAGES, parts, stream(WORDS[:20]), packed(WORDS[20:])))
    assert "Devis signe" in opened(exhibit).pages[0].extract_text()


# Photos


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(orientation: int) -> None:
    """Whichever way the camera was held, what was up is up."""
    stored = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = quarters(2400, 1800)
    image = image.transpose(stored[orientation]) if orientation > 1 else image
    notes = Image.Exif()
    notes[0x0112] = orientation
    content = saved(image, "JPEG", exif=notes)
    assert ImageOps.exif_transpose(Image.open(io.BytesIO(content))).size == (2400, 1800)
    (shown,) = pictures(accept(content))
    assert shown.size == (1920, 1440)
    assert all(close(a, b) for a, b in zip(corners(shown), (RED, GREEN, BLUE, GREY), strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_photo_no_longer_says_where_and_when(kind: str) -> None:
    """Place, day, device and remarks are dropped."""
    notes = Image.Exif()
    notes[0x010F] = "Marque-Telephone"
    notes.get_ifd(0x8825).update({1: "N", 2: (48.0, 34.0, 24.5)})
    notes.get_ifd(0x8769)[0x9003] = "2026:11:01 10:00:00"
    content = saved(quarters(), kind, exif=notes)
    assert b"Marque-Telephone" in content
    exhibit = accept(content)
    (shown,) = pictures(exhibit)
    assert not shown.getexif()
    assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Marque-Telephone" not in exhibit.content
    assert b"2026:11:01" not in exhibit.content


def test_damaged_notes_about_a_photo_do_not_matter() -> None:
    """A photo whose EXIF is nonsense is shown as it is stored."""
    content = saved(quarters(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff broken")
    assert accept(content).pages == 1


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((4032, 3024), (1920, 1440)),
        ((3024, 4032), (1440, 1920)),
        ((6000, 3000), (2000, 1000)),
        ((300, 200), (300, 200)),
        ((1, 1), (1, 1)),
        ((4000, 400), (2000, 200)),
    ],
)
def test_a_photo_is_brought_to_what_paper_shows(
    size: tuple[int, int], shown: tuple[int, int]
) -> None:
    """A large photo is made smaller, a small one is left."""
    (found,) = pictures(accept(saved(Image.new("RGB", size, RED), "JPEG")))
    assert found.size == shown


def test_a_long_screenshot_is_cut_over_several_pages() -> None:
    """A conversation scrolled down keeps its width, and every part of it is on a page."""
    exhibit = accept(saved(Image.new("RGB", (1080, 9000), GREEN), "PNG"))
    assert exhibit.pages == 7
    assert {image.size for image in pictures(exhibit)} == {(1080, 9000)}
    assert exhibit.content.count(b"/DCTDecode") == 1


def test_a_picture_thinner_than_a_thread_is_refused() -> None:
    """A picture that would need hundreds of pages is refused as too many."""
    assert refusal(saved(Image.new("L", (10, 60_000)), "PNG")) == "too_many_pages"


def test_a_cmyk_photo_keeps_its_colours() -> None:
    """The four inks of a print shop's JPEG become what a screen shows."""
    (shown,) = pictures(accept(saved(quarters(mode="CMYK"), "JPEG", quality=95)))
    assert shown.mode == "RGB"
    assert all(
        close(a, b, 25) for a, b in zip(corners(shown), (RED, GREEN, BLUE, GREY), strict=True)
    )


def test_a_picture_of_sixteen_bits_keeps_its_greys() -> None:
    """A scan in 65,536 greys is not burnt out to white."""
    deep = Image.new("I;16", (200, 100), 30_000)
    (shown,) = pictures(accept(saved(deep, "PNG")))
    assert shown.mode == "L"
    assert abs(shown.getpixel((50, 50)) - 30_000 // 256) <= 2  # type: ignore[operator]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_white(mode: str) -> None:
    """A picture with a transparent ground is shown on white paper."""
    clear = Image.new("RGBA", (120, 80), (0, 0, 0, 0))
    clear.paste((10, 10, 10, 255), (0, 0, 60, 80))
    content = saved(clear.quantize(4) if mode == "P" else clear.convert(mode), "PNG")
    (shown,) = pictures(accept(content))
    seen = shown.convert("RGB")
    assert close(seen.getpixel((100, 40)), (255, 255, 255))  # type: ignore[arg-type]
    assert close(seen.getpixel((20, 40)), (10, 10, 10))  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["1", "L"])
def test_a_picture_without_colour_stays_grey(mode: str) -> None:
    """A scan in black and white takes no room for colours."""
    (shown,) = pictures(accept(saved(quarters(mode=mode), "PNG")))
    assert shown.mode == "L"


def test_the_first_image_of_an_animation_is_shown() -> None:
    """Of an animated GIF the first image is the exhibit."""
    frames = [Image.new("RGB", (60, 40), colour) for colour in (RED, GREEN, BLUE)]
    content = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    exhibit = accept(content)
    (shown,) = pictures(exhibit)
    assert close(corners(shown)[0], RED)


def test_each_page_of_a_scan_is_shown() -> None:
    """All pages of a TIFF are the exhibit, up to the limit."""
    frames = [Image.new("RGB", (60, 80), colour) for colour in (RED, GREEN, BLUE)]
    content = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    shown = pictures(accept(content))
    assert [close(corners(i)[0], c) for i, c in zip(shown, (RED, GREEN, BLUE), strict=True)] == [
        True
    ] * 3
    many = saved(frames[0], "TIFF", save_all=True, append_images=frames * 20)
    assert refusal(many) == "too_many_pages"


# Whatever comes


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    start=st.sampled_from([b"", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0",
                           b"MM\0*", b"RIFF\0\0\0\0WEBPVP8 ", b"\0\0\0\x18ftypheic"]),
    rest=st.binary(max_size=400),
)  # fmt: skip
@example(start=b"RIFF", rest=b"\0\0\0\0WEBP")
def test_random_bytes_are_an_exhibit_or_a_refusal(start: bytes, rest: bytes) -> None:
    """Nothing but a refusal is ever raised."""
    found = outcome(start + rest)
    assert isinstance(found, Exhibit) or found


WHOLE = [
    one_page(b"/Group<</S/Transparency/CS/DeviceRGB>>/Rotate 90"),
    written_pdf(),
    written_pdf(user_password="", owner_password="o", algorithm="RC4-128"),
    object_streams(3, 20),
    *(saved(quarters(40, 30), kind) for kind in ("JPEG", "PNG", "GIF", "TIFF", "WEBP")),
]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(whole=st.sampled_from(WHOLE), seed=st.integers(0, 2**32), hits=st.integers(1, 12))
def test_a_damaged_file_is_an_exhibit_or_a_refusal(whole: bytes, seed: int, hits: int) -> None:
    """Bytes changed, dropped or doubled anywhere raise nothing but a refusal."""
    chance = random.Random(seed)
    damaged = bytearray(whole)
    for _ in range(hits):
        at = chance.randrange(len(damaged))
        match chance.randrange(3):
            case 0:
                damaged[at] = chance.randrange(256)
            case 1:
                del damaged[at : at + chance.randrange(1, 9)]
            case _:
                damaged[at:at] = damaged[at : at + chance.randrange(1, 40)]
    found = outcome(bytes(damaged))
    if isinstance(found, Exhibit):
        assert len(opened(found).pages) == found.pages


def test_the_files_that_are_damaged_above_are_whole() -> None:
    """What the fuzzing starts from is accepted."""
    assert all(isinstance(outcome(whole), Exhibit) for whole in WHOLE)
