"""A file read apart from the bot: what it can be, and what it cannot do."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bot import accepting
from bot.accepting import NotAccepted, accept_apart, accept_here
from bot.limits import check_limits, limits
from bot.store import FileRoom


def photo() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (90, 60), "white").save(made, "JPEG")
    return made.getvalue()


async def test_a_file_read_apart_is_the_same_as_one_read_here() -> None:
    """Content, pages, kind and digest come through whole."""
    apart = await accept_apart(photo())
    assert apart == accept_here(photo())
    assert (apart.kind, apart.pages, apart.content[:5]) == ("photo", 1, b"%PDF-")


@pytest.mark.parametrize("content", [b"", b"MZ\x90\0 no picture", b"%PDF-1.7 and nothing more"])
async def test_a_refusal_apart_has_the_code_of_a_refusal_here(content: bytes) -> None:
    """What the reader says of a bad file reaches the conversation unchanged."""
    with pytest.raises(NotAccepted) as here:
        accept_here(content)
    with pytest.raises(NotAccepted) as apart:
        await accept_apart(content)
    assert apart.value.code == here.value.code


async def test_the_folder_it_runs_in_lends_no_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file there that is named like a module the reader needs is not run."""
    for name in ("json", "yaml", "pypdf"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    assert (await accept_apart(photo())).pages == 1


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script that stands where Python does, and so reads the file in its own way."""
    script = tmp_path / "reader"
    monkeypatch.setattr(sys, "executable", str(script))
    return script


def write(script: Path, *lines: str) -> None:
    script.write_text("\n".join(("#!/bin/sh", *lines)) + "\n")
    script.chmod(0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="the reader is a shell script")
async def test_a_reader_that_never_ends_is_ended(
    reader: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Past its time the file is refused as damaged, and the process is gone."""
    monkeypatch.setattr(accepting, "limits", lambda: replace(limits(), accept_seconds=1))
    write(reader, f"echo $$ > {tmp_path}/pid", "exec sleep 600")
    with pytest.raises(NotAccepted, match="broken"):
        await accept_apart(photo())
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="the reader is a shell script")
async def test_a_reader_that_dies_refuses_its_file(reader: Path) -> None:
    """A reader the system killed, for its memory for instance, says that the file is damaged."""
    write(reader, "kill -9 $$")
    with pytest.raises(NotAccepted, match="broken"):
        await accept_apart(photo())


@pytest.mark.skipif(sys.platform == "win32", reason="the reader is a shell script")
async def test_a_reader_is_given_no_secret(
    reader: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither the token nor the address of the database is in its environment."""
    monkeypatch.setenv("RELANCE_TELEGRAM_TOKEN", "123456789:AAE-secret")
    monkeypatch.setenv("RELANCE_DATABASE_URL", "postgresql://a:hunter2@b/c")
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    write(reader, f"env > {tmp_path}/env", "exit 1")
    with pytest.raises(NotAccepted):
        await accept_apart(photo())
    given = (tmp_path / "env").read_text()
    assert "LANG=fr_FR.UTF-8" in given
    assert "RELANCE_" not in given


def test_each_limit_can_be_met_and_not_passed() -> None:
    """Files and bytes, of the dossier and of the person, are each refused one past their limit."""
    most = limits()
    size = 1000
    full = FileRoom(
        most.dossier_files - 1,
        most.dossier_bytes - size,
        most.person_files - 1,
        most.person_bytes - size,
    )
    assert most.fits(full, size)
    assert not most.fits(full, size + 1)
    for name in ("dossier_count", "dossier_bytes", "person_count", "person_bytes"):
        assert not most.fits(replace(full, **{name: getattr(full, name) + 1}), size)


def test_a_full_dossier_can_be_sent_in_one_file() -> None:
    """What a dossier may hold leaves room, in what Telegram takes, for the letter and the list."""
    assert limits().dossier_bytes < limits().sent_bytes * 0.9


@pytest.mark.parametrize("change", [{"dossier_files": 0}, {"dossier_files": "10"}, {"autre": 1}])
def test_limits_that_make_no_sense_are_refused(change: dict[str, object]) -> None:
    """A limit that is zero, no number, or unknown is an error when the file is read."""
    known: dict[str, object] = {name: getattr(limits(), name) for name in limits().__slots__}
    assert check_limits(known) == limits()
    with pytest.raises(ValueError, match=r"limits\.yaml"):
        check_limits(known | change)
