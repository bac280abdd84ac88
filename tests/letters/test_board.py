"""The picture of figures: what is drawn, that nothing typed is markup, that everything holds."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from letters.board import FULL, TONES, render

HOSTILE = [
    '#panic("x") $x$ <b> *gras* `c` \\ " ]',
    "W" * 400,
    "😀 中文公司 العربية",
    "a\nb\tc\x00\u202e",
    "Société Générale de Travaux Publics et d’Aménagement du Val-de-Marne",
    "",
]


def row(
    label: str, value: str = "", note: str = "", share: int | None = None, tone: int = 0
) -> Any:
    return {"label": label, "value": value, "note": note, "share": share, "tone": tone}


def panel(title: str, *rows: Any, empty: str = "Rien.", lead: bool = False) -> Any:
    return {"title": title, "rows": list(rows), "empty": empty, "lead": lead}


def sheet(*panels: Any, **headline: Any) -> dict[str, Any]:
    head = {"value": "1 250,00 €", "label": "à recevoir", "notes": ["1 dossier"], **headline}
    return {"title": "Titre", "day": "24 novembre 2026", "headline": head, "panels": list(panels)}


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def test_a_picture_is_a_png_made_for_a_phone() -> None:
    """Upright, some 720 pixels wide, within what Telegram shows whole; the same sheet gives the same bytes."""
    rows = [row(f"Client {n}", "1 250,00 €", share=FULL - n * 100, tone=5) for n in range(7)]
    about = sheet(panel("Par retard", *rows[:5]), panel("Par client", *rows), panel("Vide"))
    content = render(about)
    made = Image.open(io.BytesIO(content))
    assert made.format == "PNG"
    assert 700 <= made.width <= 740
    assert made.width < made.height <= 1280
    assert render(about) == content


def test_markup_typed_by_a_person_is_drawn_as_text() -> None:
    """A name that is Typst code, too long, in another script or empty is drawn, and the page keeps its width."""
    plain = sheet(panel("A", row("Dupont", "1 €", "une note", 10, 1)))
    for name in HOSTILE:
        about = sheet(
            panel(name, row(name, "1 €", name, 10, 1), row(name, name, name)),
            panel("B", row(name, "28 nov.", name), lead=True),
            value=name,
            notes=[name],
        )
        assert picture(render(about)).width == picture(render(plain)).width


def test_a_long_name_is_cut_where_its_place_ends() -> None:
    """Whatever its length, a name takes one line, and its figure stays where it is."""
    short, long = (
        picture(render(sheet(panel("A", row(name, "1 250,00 €", share=500, tone=1)))))
        for name in ("Dupont", "Dupont et associés, travaux de toutes sortes")
    )
    assert short.size == long.size
    half = (short.width // 2, 0, short.width, short.height)
    assert ImageChops.difference(short.crop(half), long.crop(half)).getbbox() is None


def test_each_tone_is_told_without_colour() -> None:
    """In grey, no two fills look alike."""
    seen = set()
    for tone in range(TONES):
        drawn = picture(render(sheet(panel("A", row("x", "1 €", share=FULL, tone=tone)))))
        seen.add(drawn.convert("L").tobytes())
    assert len(seen) == TONES


def test_a_bar_is_as_long_as_its_share() -> None:
    """Twice the share is twice the ink of a plain bar."""

    def ink(share: int) -> int:
        drawn = picture(render(sheet(panel("A", row("x", "1 €", share=share, tone=5)))))
        counted = {pixel: count for count, pixel in drawn.getcolors(1 << 24) or []}
        return counted.get((31, 95, 153), 0)

    title = ink(0)
    whole, half = ink(FULL) - title, ink(FULL // 2) - title
    assert whole > 1000
    assert abs(whole - 2 * half) < whole * 0.05


def test_a_share_out_of_bounds_is_refused() -> None:
    """A bar never runs out of its place."""
    for share in (-1, FULL + 1):
        with pytest.raises(ValueError, match="a bar holds"):
            render(sheet(panel("A", row("x", share=share))))


def test_an_empty_panel_says_so() -> None:
    """Without rows, its sentence is drawn in their place."""
    said, silent = (render(sheet(panel("A", empty=words))) for words in ("Rien.", "Autre chose."))
    assert said != silent


@settings(deadline=None, max_examples=25)
@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=60))
def test_any_text_is_drawn(label: str, value: str, note: str) -> None:
    """Whatever the characters, a picture comes out."""
    assert render(sheet(panel(label, row(label, value, note), row(note, value, share=3))))
