"""The conversation in a terminal, fed line by line."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from bot.settings import Settings, load_settings
from bot.terminal import main

START = ["1", "1", "Dupont SARL", "1 250 €", "15/10/2026"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"RELANCE_DATA_DIR": str(tmp_path / "data")})


def talk(settings: Settings, tmp_path: Path, *lines: str, today: date = date(2026, 11, 24)) -> str:
    """Feed `lines` as a pipe would and give what was printed."""
    settings.ensure_data_dir()
    out = io.StringIO()
    source = io.StringIO("".join(line + "\n" for line in lines))
    code = main(settings, today=today, source=source, out=out, folder=tmp_path / "lettres")
    assert code == 0
    return out.getvalue()


def test_numbers_and_words_both_choose(settings: Settings, tmp_path: Path) -> None:
    """A choice is made by its number or by its words."""
    by_number = talk(settings, tmp_path, *START, "3")
    assert "Il avait oublié" in by_number
    assert "Parce que" in talk(settings, tmp_path, "/start", "1", *START[1:], "il avait oublié")


def test_a_letter_is_saved(settings: Settings, tmp_path: Path) -> None:
    """« PDF » writes the letter under the folder of letters."""
    text = talk(
        settings, tmp_path, *START, "refuse", "sa raison change", "c’est ça", "pdf", "/quitter"
    )
    saved = list((tmp_path / "lettres").iterdir())
    assert [path.suffix for path in saved] == [".pdf"]
    assert saved[0].read_bytes().startswith(b"%PDF")
    assert str(saved[0]) in text


def test_days_pass_until_a_reminder_speaks(settings: Settings, tmp_path: Path) -> None:
    """`/avance` stops on the day something is due, and says when nothing was."""
    text = talk(
        settings, tmp_path, *START, "3", "c’est ça", "j’ai envoyé", "sms", "aujourd’hui",
        "/avance 2j", "/avance 15j",
    )  # fmt: skip
    assert "Rien n’était prévu" in text
    assert "Nous sommes le" in text
    assert "Payé depuis" in text


def test_an_unreadable_delay_is_explained(settings: Settings, tmp_path: Path) -> None:
    """A delay nobody can read is answered with what was expected, and time does not move."""
    text = talk(settings, tmp_path, "/avance bientôt peut-être")
    assert "Nous sommes le" not in text
    assert "exemple" in text


def test_dossiers_survive_the_end_of_the_session(settings: Settings, tmp_path: Path) -> None:
    """What was told in one session is there in the next, with its late reminder."""
    talk(settings, tmp_path, *START, "3", "c’est ça", "j’ai envoyé", "sms", "aujourd’hui")
    text = talk(settings, tmp_path, "/dossiers", today=date(2026, 12, 15))
    assert "aurait dû arriver" in text
    assert "Dupont SARL" in text


def test_the_markup_is_turned_into_words(settings: Settings, tmp_path: Path) -> None:
    """No tag and no entity of the chat is left in the terminal."""
    text = talk(settings, tmp_path, "1", "1", "<b>Dupont</b> & Fils", "1250", "15/10/2026", "3")
    assert "<b>Dupont</b> & Fils" in text
    assert "&lt;" not in text
    assert "<i>" not in text
