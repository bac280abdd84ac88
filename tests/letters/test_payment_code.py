"""The code of a transfer: what it says, when there is none, how it is drawn and where it is printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from letters import Document, draft, load_catalogue, sheet
from letters.payment import matrix_svg, png, rows, transfer
from letters.pdf import render

Make = Callable[[str], dict[str, Any]]
IBAN = "FR7630006000011234567890189"
WRITTEN = "\n".join(
    ["BCD", "002", "1", "SCT", "", "Camille Martin EI", IBAN, "EUR1313.36", "", "", "Facture F-1"]
)


def test_a_transfer_is_written_as_the_rule_wants() -> None:
    """Eleven lines, UTF-8, no BIC, the amount with a point and two decimals."""
    grouped = "FR76 3000 6000 0112 3456 7890 189"
    assert transfer("Camille Martin EI", grouped, Decimal("1313.36"), "Facture F-1") == WRITTEN


@pytest.mark.parametrize(
    ("amount", "line"),
    [
        ("0.01", "EUR0.01"),
        ("5", "EUR5.00"),
        ("999999999.99", "EUR999999999.99"),
        ("1.005", "EUR1.01"),
    ],
)
def test_an_amount_is_in_cents(amount: str, line: str) -> None:
    """From one cent to a thousand million less one cent."""
    written = transfer("A", IBAN, Decimal(amount), "")
    assert written is not None
    assert written.split("\n")[7] == line


@pytest.mark.parametrize(
    ("name", "iban", "amount"),
    [
        ("A", IBAN, "0"),
        ("A", IBAN, "0.004"),
        ("A", IBAN, "-3"),
        ("A", IBAN, "1000000000"),
        ("A", IBAN, "1e40"),
        ("A", IBAN, "-1e40"),
        ("A", IBAN, "NaN"),
        ("A", IBAN, "Infinity"),
        ("A", "FR7630006000011234567890188", "1"),
        ("A", "", "1"),
        ("A", "n’importe quoi", "1"),
        ("  \n", IBAN, "1"),
    ],
)
def test_what_cannot_be_paid_has_no_code(name: str, iban: str, amount: str) -> None:
    """A wrong IBAN, no name or an impossible amount gives none, and no error."""
    assert transfer(name, iban, Decimal(amount), "x") is None


@given(
    st.text(max_size=300), st.text(max_size=300), st.text(max_size=40), st.decimals(allow_nan=True)
)
def test_nothing_typed_stops_a_letter_or_adds_a_line(
    name: str, reference: str, iban: str, amount: Decimal
) -> None:
    """Whatever was typed, there is a whole transfer of at most eleven lines, or none."""
    transfer(name, iban, amount, reference)
    written = transfer(name, IBAN, Decimal(12), reference)
    if written is not None:
        lines = written.split("\n")
        assert len(lines) <= 11
        assert lines[6:8] == [IBAN, "EUR12.00"]
        assert 0 < len(lines[5]) <= 70
        assert len("".join(lines[10:])) <= 140
        assert len(written.encode()) <= 331
        assert len(rows(written)) <= 17 + 4 * 13


def test_the_drawings_hold_the_same_code() -> None:
    """The SVG's squares and the PNG's pixels are those of the code that segno makes."""
    code = segno.make_qr(
        WRITTEN, mode="byte", encoding="utf-8", error="m", boost_error=False, mask=4
    )
    expected = tuple("".join("1" if dark else "0" for dark in row) for row in code.matrix)
    assert rows(WRITTEN) == expected
    image = Image.open(BytesIO(png(WRITTEN))).convert("L")
    side = len(expected) + 8
    assert image.size == (side * 10, side * 10)
    drawn = tuple(
        "".join(
            "1" if image.getpixel((x * 10 + 5, y * 10 + 5)) == 0 else "0"
            for x in range(4, side - 4)
        )
        for y in range(4, side - 4)
    )
    assert drawn == expected
    svg = matrix_svg(WRITTEN)
    assert f'viewBox="0 0 {side} {side}"' in svg
    squares = sum(int(width) for width in re.findall(r"h(\d+)v1", svg))
    assert squares == sum(row.count("1") for row in expected)


def test_the_same_transfer_is_drawn_in_the_same_bytes() -> None:
    """Nothing but the payload enters the drawing."""
    first = png(WRITTEN), matrix_svg(WRITTEN)
    png.cache_clear()
    matrix_svg.cache_clear()
    assert (png(WRITTEN), matrix_svg(WRITTEN)) == first


@pytest.mark.parametrize("document", [d for d in load_catalogue() if d.asks], ids=lambda d: d.id)
def test_the_code_stands_where_the_text_names_the_account(document: Document, facts: Make) -> None:
    """For every client, tone and wording: a code if and only if the words give the IBAN."""
    for kind in document.debtors:
        for tone in document.tones:
            made = draft(document, facts(kind), tone)
            named = "FR76\u00a03000" in made.text
            assert (sheet(made)["payment"] is not None) is named, (kind, tone)


def test_a_corrected_invoice_goes_through_the_portal_without_a_code(facts: Make) -> None:
    """A public client pays what is on Chorus Pro: no code of a transfer is printed for it."""
    corrected = load_catalogue().get("facture_corrigee")
    assert sheet(draft(corrected, facts("public")))["payment"] is None
    assert sheet(draft(corrected, facts("professionnel")))["payment"] is not None


def test_a_letter_that_asks_a_payment_shows_its_code(facts: Make) -> None:
    """Code, name, IBAN, amount and reference are on the page, the code with words for who cannot see it."""
    made = draft(load_catalogue().get("mise_en_demeure_pro"), facts("professionnel"))
    payment = sheet(made)["payment"]
    assert payment["payload"] == transfer(
        "Camille Martin EI", IBAN, Decimal("1313.36"), "Facture F-2026-014"
    )
    assert payment["amount"] == "1\u202f313,36\u00a0€"
    pdf = render(sheet(made))
    text = (
        PdfReader(BytesIO(pdf))
        .pages[0]
        .extract_text()
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
    )
    shown = text[text.index("Payer par virement") :]
    for part in (
        "Camille Martin EI",
        "IBAN : FR76 3000 6000 0112 3456 7890 189",
        "1 313,36 €",
        "Facture F-2026-014",
    ):
        assert part in shown


@pytest.mark.parametrize("missing", ["creditor_iban", "creditor_name"])
def test_without_an_account_or_a_name_there_is_no_code(missing: str, facts: Make) -> None:
    """A blank to fill cannot be paid: the letter prints without the code."""
    known = {name: value for name, value in facts("professionnel").items() if name != missing}
    laid_out = sheet(draft(load_catalogue().get("mise_en_demeure_pro"), known))
    assert laid_out["payment"] is None
    assert "Payer par virement" not in PdfReader(BytesIO(render(laid_out))).pages[0].extract_text()


def test_without_a_number_the_due_date_is_the_reference(facts: Make) -> None:
    """The transfer still says which invoice it pays."""
    known = facts("professionnel") | {"invoice_number": None}
    made = draft(load_catalogue().get("relance_1"), known)
    assert sheet(made)["payment"]["reference"] == "Facture échue le 28/09/2026"
    assert made.payment == Decimal("1250.00")
