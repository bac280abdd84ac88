"""The command as an operator meets it: one line for a mistake, never a traceback."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.store import HEAD, ConversationRow, OutgoingRow, Store
from tests.bot.shell import environment, one_line, relance, relance_alone
from tests.standin import StandIn

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


def test_run_without_a_token_says_how_to_get_one(tmp_path: Path) -> None:
    """One line: the variable, @BotFather, and that the terminal needs none."""
    line = one_line(relance(tmp_path, "run"))
    for needed in ("RELANCE_TELEGRAM_TOKEN", "@BotFather", "make chat"):
        assert needed in line
    assert not (tmp_path / "donnees").exists()


@pytest.mark.parametrize("command", ["run", "chat", "migrate", "loi"])
def test_a_wrong_setting_is_one_line_whatever_the_command(tmp_path: Path, command: str) -> None:
    """A wrong time zone stops every command alike."""
    done = relance(tmp_path, command, RELANCE_TIMEZONE="Mars/Olympus")
    assert one_line(done).startswith("RELANCE_TIMEZONE : ")


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        ((), "commande"),
        (("danse",), "danse"),
        (("chat", "--aujourdhui", "31/12/2026"), "AAAA-MM-JJ"),
        (("chat", "--aujourdhui", "2026-02-30"), "2026-02-30"),
        (("chat", "--donnees", ""), "--donnees"),
        (("run", "--vite"), "--vite"),
        (("effacer",), "CHAT"),
        (("effacer", "camille"), "camille"),
        (("effacer", "1_000"), "1_000"),
        (("effacer", "9223372036854775808"), "9223372036854775808"),
    ],
)
def test_a_wrong_command_line_is_one_line(
    tmp_path: Path, arguments: tuple[str, ...], needed: str
) -> None:
    """Unknown commands, options and dates are named in one line."""
    assert needed in one_line(relance(tmp_path, *arguments))


def test_a_database_that_cannot_be_reached_is_one_line_without_its_password(
    tmp_path: Path,
) -> None:
    """A PostgreSQL that is not there ends with one line that does not hold the password."""
    url = "postgresql://relance:mot-secret@127.0.0.1:9/relance"
    done = relance(tmp_path, "migrate", RELANCE_DATABASE_URL=url)
    assert "mot-secret" not in one_line(done)


def test_migrate_makes_the_database_and_says_so_once(tmp_path: Path) -> None:
    """The first call goes to the newest schema, the second has nothing to do."""
    first, second = (relance_alone(tmp_path, "migrate") for _ in range(2))
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert f"vide → {HEAD}" in first.stdout
    assert "déjà" in second.stdout


def test_an_unknown_variable_is_told_and_does_not_stop(tmp_path: Path) -> None:
    """A misspelt variable gives a warning line and the command goes on."""
    done = relance(tmp_path, "migrate", RELANCE_TIMEZON="Europe/Paris")
    assert done.returncode == 0
    assert "RELANCE_TIMEZONE ?" in done.stderr


def test_version_is_printed(tmp_path: Path) -> None:
    """`--version` prints the name and a version."""
    assert re.fullmatch(r"relance \d+\.\d+\.\d+\S*\n", relance(tmp_path, "--version").stdout)


def test_doctor_reports_one_line_a_check(tmp_path: Path) -> None:
    """A fresh machine without token passes, with a word on the token; nothing is created.

    What it finds of the law depends on the day the tests are run, and is tested elsewhere.
    """
    done = relance(tmp_path, "doctor")
    wrong = [line for line in done.stdout.splitlines() if line.startswith("PANNE")]
    assert [line for line in wrong if " droit : " not in line] == []
    assert done.returncode == int(bool(wrong)), done.stdout
    for line in done.stdout.splitlines():
        assert re.match(r"(OK|À VOIR|PANNE) +\S.* : ", line), line
    assert "TELEGRAM_TOKEN absent" in done.stdout
    assert not (tmp_path / "donnees").exists()


def test_doctor_fails_on_a_wrong_setting_and_on_a_dead_database(tmp_path: Path) -> None:
    """A « PANNE » line means exit code 1."""
    wrong = relance(tmp_path, "doctor", RELANCE_LOG_LEVEL="BAVARD")
    assert (wrong.returncode, wrong.stdout.count("PANNE")) == (1, 1)
    url = "postgresql://relance:mot-secret@127.0.0.1:9/relance"
    dead = relance(tmp_path, "doctor", RELANCE_DATABASE_URL=url)
    assert dead.returncode == 1
    assert re.search(r"^PANNE +base : ", dead.stdout, re.MULTILINE)
    assert "mot-secret" not in dead.stdout + dead.stderr


def test_doctor_asks_telegram_who_the_token_is(tmp_path: Path) -> None:
    """A good token gives the bot's name, a wrong one an error line without the token."""
    with StandIn() as api:
        good = relance(
            tmp_path,
            "doctor",
            RELANCE_TELEGRAM_TOKEN=api.token,
            RELANCE_TELEGRAM_API_URL=api.url,
        )
        bad = relance(
            tmp_path, "doctor", RELANCE_TELEGRAM_TOKEN=TOKEN, RELANCE_TELEGRAM_API_URL=api.url
        )
    assert good.stderr == ""
    assert re.search(r"^OK +jeton : @\w+", good.stdout, re.MULTILINE)
    assert bad.returncode == 1
    assert re.search(r"^PANNE +jeton : ", bad.stdout, re.MULTILINE)
    assert TOKEN not in bad.stdout + bad.stderr


def test_the_running_bot_stops_on_sigterm_and_never_writes_its_token(tmp_path: Path) -> None:
    """At DEBUG the real process answers, stops within seconds, and never shows its token."""
    with StandIn(token=TOKEN) as api:
        camille = api.person("Camille")
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=tmp_path,
            env=environment(
                tmp_path,
                RELANCE_TELEGRAM_TOKEN=TOKEN,
                RELANCE_TELEGRAM_API_URL=api.url,
                RELANCE_LOG_LEVEL="DEBUG",
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            camille.start()
            camille.wait(camille.messages, 30, "no answer to /start")
            asked = time.monotonic()
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=20)
            took = time.monotonic() - asked
        finally:
            process.kill()
            process.wait()
    assert process.returncode == 0, output
    assert took < 10
    assert "en marche" in output
    assert TOKEN.partition(":")[2] not in output
    assert "Camille" not in output


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (("doctor",), {141}),
        (("effacer", "42"), {141}),
        (("--help",), {0, 141}),  # argparse keeps silent over a write that fails at once
    ],
)
def test_a_reader_who_leaves_early_gets_no_traceback(
    tmp_path: Path, arguments: tuple[str, ...], codes: set[int], unbuffered: str
) -> None:
    """`relance doctor | head -3` ends quietly, whatever was still to be printed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=tmp_path,
        env=environment(tmp_path, PYTHONUNBUFFERED=unbuffered),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr:
        said = process.stderr.read()
    assert process.wait(60) in codes
    assert said == ""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_doctor_fails_on_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A data folder under /proc is an error line and exit code 1."""
    done = relance(tmp_path, "doctor", RELANCE_DATA_DIR="/proc/x")
    assert (done.returncode, done.stderr) == (1, "")
    assert re.search(r"^PANNE +dossier des données : /proc/x ", done.stdout, re.MULTILINE)


def kept(path: Path, *chats: int) -> None:
    with Store.open(f"sqlite:///{path}") as store:
        store.prepare()
        for chat in chats:
            with store.write() as tx:
                tx.record_update(abs(chat), chat, "{}", 0)
                tx.save_conversation(ConversationRow(chat, "home", "{}"))
                tx.push_outbox(chat, [OutgoingRow("copy", "{}")], 0)


def chats_in(path: Path) -> list[int]:
    with sqlite3.connect(path) as base:
        rows = [
            row[0]
            for table in ("conversations", "inbox", "outbox")
            for row in base.execute(f"SELECT chat_id FROM {table}")
        ]
    base.close()
    return sorted(rows)


@pytest.mark.parametrize("chat", [123456789, -100])
def test_a_person_is_erased_and_the_others_stay(tmp_path: Path, chat: int) -> None:
    """One line tells where and how many rows went; a second call finds nothing and is no failure."""
    base = tmp_path / "donnees" / "relance.sqlite3"
    kept(base, chat, 42)
    first, second = (relance(tmp_path, "effacer", str(chat)) for _ in range(2))
    assert (first.returncode, first.stderr, second.returncode) == (0, "", 0)
    assert len(first.stdout.splitlines()) == len(second.stdout.splitlines()) == 1
    for needed in ("3 lignes effacées", str(chat), str(base)):
        assert needed in first.stdout
    assert "rien n’était gardé" in second.stdout
    assert chats_in(base) == [42, 42, 42]


def test_erasing_makes_no_database(tmp_path: Path) -> None:
    """Without a database nothing was kept: the file looked for is named, and not made."""
    done = relance(tmp_path, "effacer", "42")
    assert (done.returncode, done.stderr) == (0, "")
    assert "rien n’était gardé" in done.stdout
    assert str(tmp_path / "donnees" / "relance.sqlite3") in done.stdout
    assert not (tmp_path / "donnees").exists()


def test_an_erasure_that_cannot_be_done_is_a_failure(tmp_path: Path) -> None:
    """A file that is no database is never said to hold nothing."""
    base = tmp_path / "donnees" / "relance.sqlite3"
    base.parent.mkdir(mode=0o700)
    base.write_bytes(b"ceci n'est pas une base" * 100)
    done = relance(tmp_path, "effacer", "42")
    assert done.returncode == 1
    assert one_line(done)
    assert done.stdout == ""


def test_a_database_that_cannot_be_looked_at_is_never_said_to_hold_nothing(tmp_path: Path) -> None:
    """A file that may be there, out of reach of this account, is a failure in one line."""
    loop = tmp_path / "boucle"
    loop.symlink_to(loop)
    done = relance(tmp_path, "effacer", "42", RELANCE_DATABASE_URL=f"sqlite:///{loop}")
    assert (done.returncode, done.stdout) == (1, "")
    assert one_line(done)


def test_effacer_is_explained_in_french(tmp_path: Path) -> None:
    """The list of commands names it, its own help says what goes and that nothing comes back."""
    assert "effacer tout ce qui est gardé" in relance(tmp_path, "--help").stdout
    words = " ".join(relance(tmp_path, "effacer", "--help").stdout.split())
    for needed in ("CHAT", "dossiers, actes, rappels, messages", "sans rien demander"):
        assert needed in words
