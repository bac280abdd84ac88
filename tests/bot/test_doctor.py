"""What `relance doctor` finds."""

from __future__ import annotations

import errno
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot import doctor
from bot.doctor import check_data_dir, check_database, check_law, check_printing
from bot.findings import Finding, Verdict
from bot.queueing import push
from bot.settings import Settings, load_settings, trouble

if TYPE_CHECKING:
    from bot.store import Store

    from .conftest import FakeClock


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"RELANCE_DATA_DIR": str(tmp_path)})


def test_law_that_has_run_out_is_an_error_and_soon_a_warning() -> None:
    """Years from now the rates are unknown, which the operator must hear as an error."""
    verdicts = [finding.verdict for finding in check_law(date(2035, 1, 1))]
    assert Verdict.ERROR in verdicts
    assert Verdict.OK not in verdicts
    assert [f.verdict for f in check_law(date(2026, 11, 22))] == [Verdict.OK]


LAW_FILE = """\
interet_legal_autres_cas:
  last_checked_on: 2026-11-20
  known_until: {until}
  values:
    {day}:
      value: "3.10"
      confidence: confirmed
      reference: [{{title: "Arrêté du 22 décembre 2026"}}]
      replaces: {replaces}
"""


@pytest.mark.parametrize(
    ("written", "verdict", "says"),
    [
        (("2027-06-30", "2027-01-01", "false"), Verdict.OK, "d’après votre fichier"),
        (("2026-12-31", "2026-07-01", "true"), Verdict.WARNING, "la vôtre est retenue"),
        (("2026-12-31", "2026-07-01", "false"), Verdict.ERROR, "replaces: true"),
    ],
)
def test_the_operator_s_values_are_told(
    tmp_path: Path, written: tuple[str, str, str], verdict: Verdict, says: str
) -> None:
    """What the file adds is told; against the package it is a warning, silently so an error."""
    file = tmp_path / "droit.yaml"
    until, day, replaces = written
    file.write_text(LAW_FILE.format(until=until, day=day, replaces=replaces), encoding="utf-8")
    first = next(iter(check_law(date(2026, 11, 22), file)))
    assert first.verdict is verdict
    assert says in first.words


def test_a_line_the_release_made_idle_may_be_removed(tmp_path: Path) -> None:
    """A value the package also gives, and a series it knows as far, are warnings that say so."""
    file = tmp_path / "droit.yaml"
    text = LAW_FILE.format(until="2026-12-31", day="2026-07-01", replaces="false")
    file.write_text(text.replace("3.10", "2.75"), encoding="utf-8")
    idle = list(check_law(date(2026, 11, 22), file))[:2]
    assert [finding.verdict for finding in idle] == [Verdict.WARNING, Verdict.WARNING]
    assert all("retiré" in finding.words for finding in idle)


def test_the_operator_s_half_year_ends_the_warning(tmp_path: Path) -> None:
    """In January the rate given in the file is missed no more, the others are."""
    file = tmp_path / "droit.yaml"
    file.write_text(
        LAW_FILE.format(until="2027-06-30", day="2027-01-01", replaces="false"), encoding="utf-8"
    )

    def missing(given: Path | None) -> set[str]:
        found = check_law(date(2027, 1, 1), given)
        return {f.words.partition("\u00a0:")[0] for f in found if f.verdict is Verdict.ERROR}

    assert missing(None) - missing(file) == {"Taux de l’intérêt légal, autres cas"}
    assert "Taux de la BCE retenu pour le semestre" in missing(file)


def test_a_file_without_a_value_is_a_warning(tmp_path: Path) -> None:
    """The operator who names a file and writes nothing in it is told so, and only warned."""
    file = tmp_path / "droit.yaml"
    file.write_text("# à remplir\n", encoding="utf-8")
    empty, rest = check_law(date(2026, 11, 22), file)
    assert (empty.verdict, rest.verdict) == (Verdict.WARNING, Verdict.OK)
    assert "ce fichier est vide" in empty.words


def test_a_check_of_a_day_to_come_is_an_error(tmp_path: Path) -> None:
    """A reading dated tomorrow is refused today and taken tomorrow."""
    file = tmp_path / "droit.yaml"
    text = LAW_FILE.format(until="2027-06-30", day="2027-01-01", replaces="false")
    file.write_text(text, encoding="utf-8")
    (finding,) = check_law(date(2026, 11, 19), file)
    assert finding.verdict is Verdict.ERROR
    assert "20/11/2026 n’est pas encore venu" in finding.words
    assert Verdict.ERROR not in {f.verdict for f in check_law(date(2026, 11, 20), file)}


@pytest.mark.parametrize(
    ("today", "errors", "warnings"),
    [
        (date(2026, 11, 30), 0, 0),
        (date(2026, 12, 5), 0, 8),
        (date(2027, 1, 1), 2, 6),
        (date(2027, 2, 1), 2, 26),
    ],
)
def test_the_turn_of_the_year(today: date, errors: int, warnings: int) -> None:
    """Nothing until 30 November, warnings through December, errors from 1 January."""
    verdicts = [finding.verdict for finding in check_law(today)]
    assert verdicts.count(Verdict.ERROR) == errors
    assert verdicts.count(Verdict.WARNING) == warnings


def test_a_page_is_really_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing works here, and a broken printer is an error that names only its kind."""
    assert check_printing(date(2026, 11, 22)).verdict is Verdict.OK
    monkeypatch.setattr(doctor, "_SAMPLE", {})
    broken = check_printing(date(2026, 11, 22))
    assert broken.verdict is Verdict.ERROR
    assert "KeyError" in broken.words


def test_a_data_folder_that_others_can_read_is_a_warning(tmp_path: Path) -> None:
    """The folder holds other people's money matters: readable by all is worth a word."""
    folder = tmp_path / "donnees"
    assert "sera créé" in check_data_dir(folder).words
    folder.mkdir(mode=0o700)
    assert check_data_dir(folder).verdict is Verdict.OK
    folder.chmod(0o755)
    assert check_data_dir(folder).verdict is Verdict.WARNING


def test_rows_that_wait_too_long_are_a_warning(
    settings: Settings, store: Store, clock: FakeClock
) -> None:
    """A waiting update or message of an hour ago means that the bot is not running."""
    with store.write() as tx:
        tx.record_update(1, 1, "{}", clock.epoch)
        push(tx, 1, [{"kind": "copy", "text": "a"}], clock.epoch)
    fresh = list(check_database(settings, clock.epoch + 10))
    asked = {"sauvegarde", "chiffrement"}  # neither a backup nor a key here
    assert {f.verdict for f in fresh if f.subject not in asked} == {Verdict.OK}
    late = {f.subject: f for f in check_database(settings, clock.epoch + 3600)}
    assert late["base"].verdict is Verdict.OK
    assert late["messages reçus"].verdict is Verdict.WARNING
    assert "60 min" in late["messages à envoyer"].words
    assert late["rappels"].verdict is Verdict.OK


def test_what_was_given_up_is_a_warning(settings: Settings, store: Store, clock: FakeClock) -> None:
    """Updates and messages that were abandoned are counted."""
    with store.write() as tx:
        tx.record_update(1, 1, "{}", clock.epoch)
        tx.fail_update(1, "défaut", max_attempts=1)
    given_up = [f for f in check_database(settings, clock.epoch) if f.subject == "abandons"]
    assert [f.verdict for f in given_up] == [Verdict.WARNING]
    assert given_up[0].words.startswith("1 messages reçus et 0")


def test_an_older_schema_asks_for_a_migration(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is not at this code's schema is an error with the command to run."""
    monkeypatch.setattr("bot.store.HEAD", "9999_demain")
    (finding,) = check_database(settings, 0)
    assert finding.verdict is Verdict.ERROR
    assert "relance migrate" in finding.words


def test_a_finding_is_one_line_that_starts_with_its_verdict() -> None:
    """A text of several lines is printed as one."""
    finding = Finding(Verdict.ERROR, "base", "deux\nlignes")
    assert str(finding) == "PANNE   base : deux lignes"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_a_folder_nobody_can_make_is_an_error_even_for_root() -> None:
    """Under /proc nothing can be made, whatever the permission bits say; the file of the base neither."""
    settings = load_settings({"RELANCE_DATA_DIR": "/proc/x"})
    finding = check_data_dir(settings.data_dir)
    assert finding.verdict is Verdict.ERROR
    assert "/proc/x ne peut pas être créé (introuvable)" in finding.words
    (base,) = check_database(settings, 0)
    assert base.verdict is Verdict.ERROR


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOENT, "introuvable"),
        (errno.EACCES, "accès refusé à ce compte"),
        (errno.EROFS, "le disque est en lecture seule"),
        (errno.ENOSPC, "le disque est plein"),
        (errno.EIO, f"erreur {errno.EIO} du système"),
        (None, "erreur OSError du système"),
    ],
)
def test_the_system_s_refusal_is_said_in_french(number: int | None, words: str) -> None:
    """No line for the operator holds the system's own English, even for what has no words here."""
    error = OSError(number, os.strerror(number)) if number is not None else OSError("odd")
    assert trouble(error) == words


def test_looking_leaves_nothing_behind(tmp_path: Path) -> None:
    """The trial of a folder is taken away, in one that exists as in one to be made."""
    tmp_path.chmod(0o700)
    assert check_data_dir(tmp_path).verdict is Verdict.OK
    assert check_data_dir(tmp_path / "a" / "b").verdict is Verdict.OK
    assert list(tmp_path.iterdir()) == []
