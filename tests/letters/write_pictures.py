"""Draw the pages shown in README.md again: pictures of what `letters.pdf` prints. `make diagrams`."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from letters import draft, load_catalogue, sheet
from letters.pdf import render
from tests.letters.conftest import all_facts

FOLDER = Path(__file__).parents[2] / "letters" / "pictures"
SHOWN = {
    "mise-en-demeure": ("mise_en_demeure_pro", "professionnel"),
    "requete-injonction-de-payer": ("requete_injonction_tj", "particulier"),
    "accord-echeancier": ("accord_echeancier", "professionnel"),
}
"""Name of the picture -> the document, of which the first page is shown, and the kind of debtor."""
SOURCE = "Source"
"""Where a picture keeps the mark of the file it shows."""
PPI, GREYS = 110, 16
_FRAME = """#set page(width: 210mm, height: 297mm, margin: 0pt)
#image("page.pdf", format: "pdf", page: 1, width: 210mm)
"""


def printed(name: str) -> bytes:
    """Give the PDF that a picture shows, printed with all facts."""
    document_id, debtor = SHOWN[name]
    return render(sheet(draft(load_catalogue().get(document_id), all_facts(debtor, document_id))))


def mark_of(pdf: bytes) -> str:
    """Give the mark of a file: another one when a byte of it changes."""
    return sha256(pdf).hexdigest()


def picture(pdf: bytes) -> bytes:
    """Draw the first page of a PDF as a PNG in greys, with the mark of the file."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "page.pdf").write_bytes(pdf)
        (Path(folder) / "frame.typ").write_text(_FRAME, "utf-8")
        drawn = typst.compile(Path(folder) / "frame.typ", format="png", ppi=PPI)
    if not isinstance(drawn, bytes):
        raise TypeError("one page was to be drawn")
    marked = PngInfo()
    marked.add_text(SOURCE, mark_of(pdf))
    file = BytesIO()
    page = Image.open(BytesIO(drawn)).convert("L").quantize(GREYS, dither=Image.Dither.NONE)
    page.save(file, "PNG", optimize=True, pnginfo=marked)
    return file.getvalue()


if __name__ == "__main__":
    for name in SHOWN:
        (FOLDER / f"{name}.png").write_bytes(picture(printed(name)))
