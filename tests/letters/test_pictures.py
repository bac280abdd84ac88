"""The pictures of README.md: those of what is printed now."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from tests.letters.write_pictures import FOLDER, SHOWN, SOURCE, mark_of, picture, printed

MOST_BYTES = 150_000


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_shows_what_is_printed_now(name: str) -> None:
    """It carries the mark of the file made today, on an A4 page, and is small; else `make diagrams`."""
    content = (FOLDER / f"{name}.png").read_bytes()
    shown = Image.open(BytesIO(content))
    assert shown.text[SOURCE] == mark_of(printed(name))  # type: ignore[attr-defined]
    assert shown.size == (909, 1286)
    assert len(content) < MOST_BYTES


def test_a_picture_is_drawn_alike_twice_and_not_blank() -> None:
    """The same file gives the same bytes, dark on white."""
    pdf = printed("mise-en-demeure")
    drawn = picture(pdf)
    assert picture(pdf) == drawn
    darkest, lightest = Image.open(BytesIO(drawn)).convert("L").getextrema()
    assert (darkest, lightest) < (60, 256)
    assert lightest == 255


def test_the_folder_holds_the_pictures_shown_and_no_other() -> None:
    """No picture of a document that is shown no more is left."""
    assert {path.stem for path in FOLDER.iterdir()} == set(SHOWN)
