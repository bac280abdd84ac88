"""The six causes in the terminal: the real `relance chat`, one answer a line, past a deadline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from tests.acceptance.bot_process import command, installed
from tests.acceptance.visitor import CAUSES, INTAKE, NEEDS, UNSURE
from tests.dialogue.player import Player
from tests.standin.views import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RULE = "─" * 60


class Script:
    """What a person types in the terminal, found by playing the same case on the pure dialogue."""

    def __init__(self) -> None:
        self.player = Player().start()
        self.lines: list[str] = []
        self.copies: list[str] = []
        self.papers: list[str] = []

    def press(self, label: str) -> Script:
        """Type the number of a button."""
        labels = [plain(one).lower() for one in self.player.labels]
        number = next(n for n, one in enumerate(labels) if plain(label).lower() in one)
        self.lines.append(str(number + 1))
        self.player.press(self.player.labels[number])
        return self._note()

    def say(self, *texts: str) -> Script:
        """Type texts."""
        for text in texts:
            self.lines.append(text)
            self.player.say(text)
            self._note()
        return self

    def advance(self, days: int) -> Script:
        """Let days pass, until a reminder speaks."""
        self.lines.append(f"/avance {days}j")
        assert self.player.later(days)
        return self._note()

    def _note(self) -> Script:
        self.copies += self.player.copies
        self.papers += [paper.name for paper in self.player.papers]
        return self

    def play(self, name: str) -> Script:
        """Play a cause to its draft, keep its letter, send it, and go past its deadline."""
        cause = CAUSES[name]
        self.press("facture impayée").press("Une société").say(*INTAKE).press(cause.outcome)
        for answer in cause.answers:
            self.press(answer)
        self.conclude().press("C'est ça")
        if "PDF" in self.player.labels:
            self.press("PDF")
        self.press("J'ai")
        if self.player.state == "contact":  # after a call, what came of it is asked at once
            self.press("Message laissé").conclude().press("C'est ça").press("J'ai envoyé")
        self.press(self.player.labels[0]).press("Aujourd'hui").advance(15)
        self.press("Toujours rien").conclude()
        if name == "mauvaise foi":
            return self
        self.press("C'est ça")
        while self.player.state == "need":
            self.say(*[said for asked, said in NEEDS.items() if asked in plain(self.player.body)])
        return self

    def conclude(self) -> Script:
        """Answer « je ne sais pas » until the bot concludes."""
        while self.player.state in {"probe", "contact_detail"}:
            self.press(UNSURE)
        return self


def talk(script: Script, folder: Path, database_url: str = "") -> str:
    """Feed the script to a terminal in this folder; give what it printed."""
    done = command(
        "chat",
        "--aujourdhui",
        "2026-11-24",
        cwd=folder,
        text="\n".join(script.lines) + "\n",
        RELANCE_DATABASE_URL=database_url,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def texts_in(printed: str) -> list[str]:
    """Give the texts printed between rules, ready to copy."""
    return re.findall(rf"^{RULE}\n(.*?)\n{RULE}$", printed, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", CAUSES)
def test_a_cause_in_the_terminal(tmp_path: Path, name: str) -> None:
    """Each cause is played from a pipe to its draft and past its deadline, with its letter kept."""
    script = Script().play(name)
    printed = talk(script, tmp_path)
    assert texts_in(printed) == script.copies
    assert len(script.copies) >= (1 if name == "mauvaise foi" else 2)
    assert "Payé depuis ?" in plain(printed)
    assert "aurait dû" not in printed
    assert printed.rstrip().endswith("Vos dossiers sont gardés.")
    letters = sorted((tmp_path / "lettres").glob("*")) if script.papers else []
    assert [letter.name for letter in letters] == sorted(script.papers)
    for letter in letters:
        text = plain(" ".join(page.extract_text() for page in PdfReader(letter).pages))
        assert "1 250,00 €" in text
    assert bool(letters) == (name not in {"oubli", "pas encore"})


def test_taken_up_the_next_day(tmp_path: Path) -> None:
    """A conversation left in the middle is there at the next start, late reminders included."""
    script = Script().play("oubli")
    sent = script.lines.index("/avance 15j")
    # The buttons of the nudge are numbered after those of the menu, so the first one is said in words.
    first, rest = script.lines[:sent], ["toujours rien", *script.lines[sent + 2 :]]
    one = installed("chat", "--aujourdhui", "2026-11-24", cwd=tmp_path, text="\n".join(first))
    assert one.returncode == 0
    two = command("chat", "--aujourdhui", "2026-12-24", cwd=tmp_path, text="\n".join(rest))
    assert two.returncode == 0
    assert "aurait dû arriver" in two.stdout
    assert len(texts_in(two.stdout)) == 1


def test_a_terminal_on_postgresql(postgres: Callable[[], str], tmp_path: Path) -> None:
    """The same conversation runs on PostgreSQL and leaves no file but the letters."""
    script = Script().play("trésorerie")
    printed = talk(script, tmp_path, postgres())
    assert texts_in(printed) == script.copies
    assert not list(tmp_path.rglob("*.sqlite3"))
