"""The conversation in a terminal, fed line by line."""

from __future__ import annotations

import errno
import io
import os
import re
from datetime import date
from pathlib import Path

import pytest

from bot.app import open_store
from bot.settings import Settings, load_settings
from bot.terminal import main

START = ["1", "1", "Dupont SARL", "1 250 €", "15/10/2026"]
SENT = ["3", "c’est ça", "j’ai envoyé", "sms", "aujourd’hui"]
LETTER = ["refuse", "sa raison change", "c’est ça", "pdf"]
FAR = 2**33


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
    other = ["1", "1", "Martin SARL", *START[3:]]
    assert "Parce que" in talk(settings, tmp_path, "/start", *other, "il avait oublié")


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


def test_a_reminder_speaks_at_the_hour_that_was_chosen(settings: Settings, tmp_path: Path) -> None:
    """With the evening chosen, `/avance` waits for it on the day itself: nothing comes a day late."""
    evening = ["/parametres", "2", "1", "18 h", "/dossiers"]
    text = talk(settings, tmp_path, *START, *SENT, *evening, "/avance 20j", "/avance 1j")
    text = text.replace("\u00a0", " ")
    assert "[Nous sommes le 2 décembre 2026, 12 j avant la date demandée.]" in text
    assert "aurait dû" not in text
    assert "[Nous sommes le 3 décembre 2026. Rien n’était prévu d’ici là.]" in text
    with open_store(settings.for_terminal()) as store, store.read() as tx:
        told = [act for row in tx.dossiers_of(1) for act in row.acts if act.kind == "rappel"]
    assert [(act.on.day, act.at.astimezone(settings.timezone).hour) for act in told] == [(2, 18)]


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


def test_the_running_bot_never_sees_the_terminal(settings: Settings, tmp_path: Path) -> None:
    """In one data folder, what the terminal keeps is in a file the bot does not open."""
    talk(settings, tmp_path, *START, *SENT)
    for mine, others in ((settings, False), (settings.for_terminal(), True)):
        with open_store(mine) as store, store.read() as tx:
            assert bool(tx.due_reminders(FAR)) is others
            assert (tx.load_conversation(1) is not None) is others
    assert {path.name for path in (tmp_path / "data").glob("*.sqlite3")} == {
        "relance.sqlite3",
        "terminal.sqlite3",
    }


def test_a_database_that_was_chosen_is_used_as_it_is(tmp_path: Path) -> None:
    """With an address given, be it the usual one, the terminal keeps everything there."""
    file = tmp_path / "data" / "relance.sqlite3"
    chosen = load_settings(
        {"RELANCE_DATA_DIR": str(file.parent), "RELANCE_DATABASE_URL": f"sqlite:///{file}"}
    )
    talk(chosen, tmp_path, *START, *SENT)
    with open_store(chosen) as store, store.read() as tx:
        assert tx.due_reminders(FAR)
    assert [path.name for path in file.parent.glob("*.sqlite3")] == ["relance.sqlite3"]


def test_a_file_in_the_place_of_the_folder_of_letters_is_told(
    settings: Settings, tmp_path: Path
) -> None:
    """A file named « lettres » costs the PDF and one line, not the conversation."""
    (tmp_path / "lettres").write_text("à moi", encoding="utf-8")
    text = talk(settings, tmp_path, *START, *LETTER, "/dossiers")
    (line,) = re.findall(r"^\[PDF non enregistré.*$", text, re.MULTILINE)
    assert str(tmp_path / "lettres") in line
    assert "il faut un dossier" in line
    assert "Dupont SARL" in text.partition("› /dossiers")[2]
    assert (tmp_path / "lettres").read_text(encoding="utf-8") == "à moi"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EACCES, "écriture refusée"),
        (errno.EROFS, "écriture refusée"),
        (errno.ENOSPC, "le disque est plein"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_a_letter_that_cannot_be_written_is_told_with_its_reason(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    reason: str,
) -> None:
    """Read-only, full or broken: one line names the file and why, and the talk goes on."""

    def refuse(path: Path, data: bytes) -> int:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    text = talk(settings, tmp_path, *START, *LETTER, "/dossiers")
    (line,) = re.findall(r"^\[PDF.*$", text, re.MULTILINE)
    assert ".pdf" in line
    assert line.endswith(f"{reason}.]")
    assert "Dupont SARL" in text.partition("› /dossiers")[2]


def test_every_button_of_one_turn_has_its_own_number(settings: Settings, tmp_path: Path) -> None:
    """Two reminders due together come as one message, numbered on from the opening screen."""
    second = ["/nouveau", "1", "Durand SARL", "900 €", "15/10/2026"]
    talk(settings, tmp_path, *START, *SENT, *second, *SENT)
    late = talk(settings, tmp_path, "/dossiers", today=date(2026, 11, 25))
    assert "aurait dû" not in late
    opening = talk(settings, tmp_path, today=date(2026, 12, 15))
    assert "2 dossiers à voir aujourd’hui" in opening
    numbers = [int(n) for n in re.findall(r"^  (\d+)\. ", opening, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("name", ["Dupont SARL", "Durand SARL"])
def test_each_of_two_reminders_is_answered_by_its_number(
    settings: Settings, tmp_path: Path, name: str
) -> None:
    """The number printed beside a client takes that client up; the next turn counts from 1."""
    second = ["/nouveau", "1", "Durand SARL", "900 €", "15/10/2026"]
    talk(settings, tmp_path, *START, *SENT, *second, *SENT)
    ahead = "/avance 30j"
    seen = talk(settings, tmp_path, ahead, today=date(2026, 11, 25)).partition(f"› {ahead}")[2]
    found = re.search(rf"^  (\d+)\. {name}$", seen, re.MULTILINE)
    assert found, seen
    again = load_settings({"RELANCE_DATA_DIR": str(tmp_path / "again")})
    talk(again, tmp_path, *START, *SENT, *second, *SENT)
    text = talk(again, tmp_path, ahead, found[1], "/start", today=date(2026, 11, 25))
    after = text.partition(f"› {found[1]}\n")[2]
    assert re.match(rf"\n{name} : ", after), after
    assert "Payé depuis ?" in after
    assert re.search(r"^  1\. ", after.partition("› /start")[2], re.MULTILINE)
