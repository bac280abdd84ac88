"""The session that the README shows, played again: `python -m tests.readme_session` writes it anew."""

from __future__ import annotations

import io
import tempfile
from datetime import date
from pathlib import Path

from bot.settings import load_settings
from bot.terminal import main

README = Path(__file__).parents[1] / "README.md"
START, END = "<!-- transcript: start -->", "<!-- transcript: end -->"
TODAY = date(2026, 11, 24)
TYPED = (
    "Dupont SARL me doit 1250 € depuis le 15 octobre, facture F-2026-014",
    "oui",
    "il avait oublié",
    "oui",
    "j'ai envoyé",
    "sms",
    "aujourd'hui",
    "/avance 15j",
)
INTRODUCTION = "A real conversation of `make chat`, as it prints it. What follows `›` was typed."


def played() -> str:
    """Play the lines typed on a new database; give what was printed, without the banner and the end."""
    out = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({"RELANCE_DATA_DIR": folder})
        source = io.StringIO("".join(line + "\n" for line in TYPED))
        main(settings, today=TODAY, source=source, out=out, folder=Path(folder) / "lettres")
    text = out.getvalue()
    return text[text.index("Relance vous aide") : text.rindex("\nÀ bientôt")].strip()


def with_session(page: str) -> str:
    """Give `page` with the session between its marks made anew."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{INTRODUCTION}\n\n```text\n{played()}\n```\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_session(README.read_text("utf-8")), "utf-8")
