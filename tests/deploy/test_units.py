"""The systemd units, as systemd itself reads them."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICES = ("relance.service", "relance-sauvegarde.service")
needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd-analyze"
)


def analyze(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units with the clone at a place that exists, and a program there."""
    program = tmp_path / ".venv" / "bin" / "relance"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    folder = tmp_path / "units"
    folder.mkdir()
    for path in DEPLOY.glob("relance*.*"):
        if path.suffix in {".service", ".timer"}:
            moved = path.read_text("utf-8").replace("/opt/relance", str(tmp_path))
            (folder / path.name).write_text(moved)
    # Two replicas: the same file under the name the runbook gives it.
    shutil.copy(folder / "relance.service", folder / "relance@.service")
    return folder


@needs_systemd
@pytest.mark.parametrize("name", [*SERVICES, "relance@1.service", "relance-sauvegarde.timer"])
def test_systemd_accepts_the_unit(units: Path, name: str) -> None:
    """No unknown key, no value it would pass over: it has nothing to say."""
    done = analyze("verify", "--man=no", name, cwd=units)
    said = [
        line for line in (done.stdout + done.stderr).splitlines() if name.replace("@1", "@") in line
    ]
    assert (done.returncode, said) == (0, [])


@needs_systemd
def test_systemd_would_have_said_so(units: Path) -> None:
    """A misspelt key is something to say: the test above can fail."""
    unit = units / "relance.service"
    unit.write_text(unit.read_text().replace("ProtectClock=", "ProtectClocks="))
    done = analyze("verify", "--man=no", unit.name, cwd=units)
    assert "ProtectClocks" in done.stdout + done.stderr


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_the_unit_exposes_little(units: Path, name: str) -> None:
    """The own score of systemd for exposure stays at 2.0 or below (of 10)."""
    done = analyze("security", "--offline=true", "--threshold=20", f"./{name}", cwd=units)
    assert done.returncode == 0, done.stdout[-400:] + done.stderr


def read(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((DEPLOY / name).read_text("utf-8"))
    return parser


def test_the_backup_runs_as_the_bot_does() -> None:
    """Same account, same data, same place of backups; the timer starts the service of its name."""
    bot, backup = ((DEPLOY / name).read_text("utf-8") for name in SERVICES)
    for line in (
        "User=",
        "EnvironmentFile=/",
        "Environment=RELANCE_DATA_DIR=",
        "Environment=RELANCE_BACKUP_DIR=",
    ):
        found = [re.findall(rf"^{line}.*$", text, re.MULTILINE) for text in (bot, backup)]
        assert found[0] == found[1] != []
    assert read("relance-sauvegarde.timer")["Timer"]["Persistent"] == "true"
    state = read("relance-sauvegarde.service")["Service"]["StateDirectory"].split()
    assert {f"/var/lib/{name}" for name in state} == {
        "/var/lib/relance",
        "/var/lib/relance-sauvegardes",
    }


def test_what_cannot_mend_itself_is_not_tried_again() -> None:
    """The exit codes that stop the restarts are those the page says an operator must mend."""
    stop = read("relance.service")["Service"]["RestartPreventExitStatus"].split()
    page = (DEPLOY / "README.md").read_text("utf-8")
    codes = re.findall(r"^\| (\d+) \|", page.split("## Exit codes")[1].split("##")[0], re.MULTILINE)
    assert set(stop) == set(codes) - {"0", "1"}
