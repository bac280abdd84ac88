"""What `relance doctor` says of a system that runs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from bot.findings import Finding, Verdict
from bot.running_checks import check_backup, check_room, check_sender, check_waiting
from bot.settings import Settings, load_settings
from bot.store import DossierRow, OutgoingRow, ReminderRow, Store, backup
from tests.bot.shell import relance

if TYPE_CHECKING:
    from .conftest import FakeClock

HOUR = 3600
OK, LOOK, DOWN = Verdict.OK, Verdict.WARNING, Verdict.ERROR


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"RELANCE_DATA_DIR": str(tmp_path)})


@pytest.mark.parametrize(
    ("after", "verdict"), [(300, OK), (301, LOOK), (HOUR, LOOK), (HOUR + 1, DOWN)]
)
def test_what_waits_is_judged_by_the_age_of_the_oldest(
    store: Store, clock: FakeClock, after: int, verdict: Verdict
) -> None:
    """From five minutes it is to be looked at, from an hour it is down; the line says what to do."""
    now = clock.epoch
    with store.write() as tx:
        tx.record_update(1, 1, "{}", now)
        tx.push_outbox(1, [OutgoingRow("copy", "x")], now)
        tx.save_dossier(DossierRow("d", 1, "{}", "ouvert", clock.now.date(), "x"))
        tx.sync_reminders("d", 1, [ReminderRow("a", now, "a")])
    with store.read() as tx:
        found = list(check_waiting(tx.stats(now + after), now + after))
    assert [f.subject for f in found] == ["messages reçus", "messages à envoyer", "rappels"]
    assert {f.verdict for f in found} == {verdict}
    assert all(bool(f.todo) == (verdict is not OK) for f in found)


def test_whether_somebody_sends() -> None:
    """Nobody in the sender's seat is a warning; a SQLite file does not say, and nothing is said of it."""
    assert [one.verdict for one in check_sender(sends=True)] == [Verdict.OK]
    (nobody,) = check_sender(sends=False)
    assert nobody.verdict is Verdict.WARNING
    assert list(check_sender(sends=None)) == []


@pytest.mark.parametrize(
    ("hours", "verdict"), [(1, OK), (36, OK), (37, LOOK), (7 * 24, LOOK), (7 * 24 + 1, DOWN)]
)
def test_a_backup_gets_old(
    settings: Settings, store: Store, clock: FakeClock, hours: int, verdict: Verdict
) -> None:
    """A day and a half is fine, a week is the limit; the newest counts."""
    for days in (30, 0):
        made_at = clock.now - timedelta(days=days)
        backup.make(settings.database_url, settings.backup_dir, made_at, keep=5)
    assert check_backup(settings, clock.epoch + hours * HOUR).verdict is verdict


def test_no_backup_and_one_cut_short(settings: Settings, store: Store, clock: FakeClock) -> None:
    """None at all is to be looked at; a file shorter than its manifest says is down."""
    none = check_backup(settings, clock.epoch)
    assert none.verdict is LOOK
    assert "relance sauvegarde" in none.todo
    file, _ = backup.make(settings.database_url, settings.backup_dir, clock.now, keep=5)
    file.write_bytes(file.read_bytes()[:-1])
    assert check_backup(settings, clock.epoch).verdict is DOWN


def test_a_backup_of_another_database_does_not_count(
    settings: Settings, store: Store, clock: FakeClock
) -> None:
    """After the move to PostgreSQL the backups of the SQLite file are none of it."""
    backup.make(settings.database_url, settings.backup_dir, clock.now, keep=5)
    moved = replace(settings, database_url="postgresql://relance@127.0.0.1/relance")
    assert check_backup(settings, clock.epoch).verdict is OK
    assert check_backup(moved, clock.epoch).verdict is LOOK


class Usage(NamedTuple):
    free: int


@pytest.mark.parametrize(
    ("free", "verdict"), [(10**9, OK), (10**9 - 1, LOOK), (10**8, LOOK), (10**8 - 1, DOWN)]
)
def test_a_disk_that_fills(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, verdict: Verdict
) -> None:
    """Under a gigabyte the operator is told, under a hundred megabytes it is down."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(free))
    (disk,) = check_room(settings)
    assert disk.verdict is verdict


def test_a_journal_that_grows(settings: Settings, store: Store) -> None:
    """Beyond a hundred megabytes something reads for too long, and the line says so."""
    file = settings.sqlite_file
    assert file is not None
    size, _ = check_room(settings)
    assert size.verdict is OK
    with Path(f"{file}-wal").open("r+b") as opened:
        opened.truncate(100_000_001)
    size, _ = check_room(settings)
    assert size.verdict is LOOK


def test_the_line_ends_with_what_to_do() -> None:
    """The words, an arrow, then what to do: on one line."""
    line = str(Finding(LOOK, "disque", "peu\nde place", "faites de la place"))
    assert line == "À VOIR  disque : peu de place → faites de la place"


def test_the_report_for_a_program(tmp_path: Path) -> None:
    """`--json` gives one object: the worst verdict, the instant, each finding; the code is the same."""
    with Store.open(f"sqlite:///{tmp_path}/donnees/relance.sqlite3") as store:
        store.prepare()
        with store.write() as tx:
            tx.record_update(1, 1, "{}", 1)
    done = relance(tmp_path, "doctor", "--json")
    report = json.loads(done.stdout)
    by_subject = {one["subject"]: one for one in report["findings"]}
    assert (done.returncode, report["verdict"]) == (1, "PANNE")
    assert by_subject["messages reçus"]["verdict"] == "PANNE"
    assert by_subject["sauvegarde"]["verdict"] == "À VOIR"
    assert {"base", "disque", "taille de la base", "jeton", "PDF", "droit"} <= set(by_subject)
    assert datetime.fromisoformat(report["at"]) <= datetime.now(UTC)
    wrong = relance(tmp_path, "doctor", "--json", RELANCE_TIMEZONE="Mars/Olympus")
    assert (wrong.returncode, json.loads(wrong.stdout)["verdict"]) == (1, "PANNE")
