"""A backup of the database in one file, with a manifest beside it that says what it holds.

Made while the bot runs. A backup counts as made once its manifest stands beside it: the manifest is
written last, so a cut leaves nothing that could be taken for one.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, exc, text

from bot.store import engine as engines
from bot.store import pg_tools
from bot.store.digest import Content, contents, revision_of
from bot.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import URL, Connection

FORMAT = 1
_STAMP = "%Y%m%dT%H%M%S"
_STEM = "relance-"
_STALE_SECONDS = 86_400
_SUFFIXES = {"sqlite": ".sqlite3", "postgresql": ".dump"}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is said of a backup. `made_at` is an ISO instant (UTC), `size` is in bytes."""

    file: str
    made_at: str
    database: str
    revision: str
    size: int
    sha256: str
    tables: Mapping[str, Content]
    format: int = FORMAT

    @property
    def made(self) -> datetime:
        """The instant whose picture the backup is."""
        return datetime.fromisoformat(self.made_at)

    @property
    def rows(self) -> int:
        """How many rows it holds."""
        return sum(content.rows for content in self.tables.values())

    @classmethod
    def read(cls, file: Path) -> Manifest:
        """Read one. Raises StoreError when it is not one this code knows."""
        try:
            found = json.loads(file.read_text("utf-8"))
            tables = {name: Content(**content) for name, content in found.pop("tables").items()}
            manifest = cls(**found, tables=tables)
            usable = manifest.format == FORMAT and manifest.made.tzinfo is not None
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            usable = False
        if not usable:
            raise StoreError(f"{file} n’est pas un manifeste de sauvegarde lisible.")
        return manifest


def make(url: str, folder: Path, now: datetime, keep: int) -> tuple[Path, Manifest]:
    """Back the database up into `folder`, then let go of all backups but the last `keep` there.

    Gives the file and what it holds. Raises StoreError with one line: nothing of it is left then,
    and the earlier backups stay.
    """
    parsed = engines.parse(url)
    kind = "sqlite" if parsed.drivername == "sqlite" else "postgresql"
    if kind == "sqlite":
        engines.require_file(parsed)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _unfinished(folder) as part:
            if kind == "sqlite":
                revision, tables = _copy_sqlite(parsed, part)
            else:
                revision, tables = pg_tools.dump(parsed, part)
            reach_the_disk(part)
            file = _free_name(folder, now, _SUFFIXES[kind])
            size, sha256 = part.stat().st_size, hash_of(part)
            manifest = Manifest(
                file.name, now.isoformat(timespec="seconds"), kind, revision, size, sha256, tables
            )
            part.rename(file)
        with _unfinished(folder) as part:
            part.write_text(json.dumps(asdict(manifest), indent=1) + "\n", "utf-8")
            reach_the_disk(part)
            part.rename(manifest_of(file))
        reach_the_disk(folder)
    except OSError as error:
        raise StoreError(f"La sauvegarde dans {folder} a échoué ({error.strerror}).") from None
    _let_go(folder, keep)
    _sweep(folder, now)
    return file, manifest


def manifest_of(file: Path) -> Path:
    """Give where the manifest of a backup stands."""
    return file.with_name(file.name + ".json")


def made_in(folder: Path) -> list[tuple[Path, Manifest]]:
    """Give the backups of a folder, the latest first; what has no manifest is none."""
    found = []
    for written in folder.glob(f"{_STEM}*.json"):
        try:
            manifest = Manifest.read(written)
        except StoreError:
            continue
        if (file := written.with_suffix("")).is_file():
            found.append((file, manifest))
    return sorted(found, key=lambda one: (one[1].made, one[0].name), reverse=True)


def hash_of(file: Path) -> str:
    """Give the SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def check_sqlite(file: Path) -> tuple[str, Mapping[str, Content]]:
    """Read a SQLite file that nobody has open; give its revision and what it holds. Raises StoreError."""
    # Read as it lies: opened the usual way, it would be turned to a journal and get two files more.
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(
            f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True
        ),
    )
    try:
        with engine.connect() as connection:
            return _checked(connection, file)
    except (exc.DBAPIError, sqlite3.Error):
        raise StoreError(f"{file} n’est pas une base SQLite de Relance lisible.") from None
    finally:
        engine.dispose()


def _checked(connection: Connection, file: Path) -> tuple[str, Mapping[str, Content]]:
    verdict = connection.execute(text("PRAGMA integrity_check(1)")).scalar_one()
    if verdict != "ok" or connection.execute(text("PRAGMA foreign_key_check")).first():
        raise StoreError(f"{file} est abîmé : {verdict}.")
    return revision_of(connection), contents(connection)


def _copy_sqlite(url: URL, part: Path) -> tuple[str, Mapping[str, Content]]:
    """Write a picture of one instant, without what was erased, and read it again."""
    engine = engines.connect(url)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(part),))
    except exc.DBAPIError as error:
        raise engines.readable(error, url) from error
    finally:
        engine.dispose()
    return check_sqlite(part)


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """Give an empty file for the owner alone, gone at the end unless it was renamed."""
    number, name = tempfile.mkstemp(prefix=".relance-", suffix=".part", dir=folder)
    os.close(number)
    part = Path(name)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _free_name(folder: Path, now: datetime, suffix: str) -> Path:
    stem = f"{_STEM}{now.astimezone(UTC).strftime(_STAMP)}"
    names = [f"{stem}Z{suffix}", *(f"{stem}Z-{again}{suffix}" for again in range(2, 100))]
    for name in names:
        if not (file := folder / name).exists():
            return file
    raise StoreError(f"Trop de sauvegardes de la même seconde dans {folder}.")


def reach_the_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would outlive a power cut."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _let_go(folder: Path, keep: int) -> None:
    """Remove the oldest: the manifest first, so that what is half removed is no backup any more."""
    for file, _ in made_in(folder)[keep:]:
        manifest_of(file).unlink(missing_ok=True)
        file.unlink(missing_ok=True)


def _sweep(folder: Path, now: datetime) -> None:
    """Remove what a backup killed half-way left a day ago or more: it holds what people said."""
    for part in folder.glob(".relance-*.part"):
        if part.stat().st_mtime < now.timestamp() - _STALE_SECONDS:
            part.unlink(missing_ok=True)
