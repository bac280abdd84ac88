"""A backup put back where a bot can run on it, at the newest schema.

What stood there is put aside, never erased, and stays as it was when anything goes wrong.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.store import engine as engines
from bot.store import pg_tools
from bot.store.backup import (
    Manifest,
    check_sqlite,
    hash_of,
    manifest_of,
    reach_the_disk,
)
from bot.store.digest import KEYS_TABLE, VERSION_TABLE
from bot.store.errors import StoreError
from bot.store.schema import HEAD
from bot.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import URL

    from bot.keys import Key
    from bot.store.digest import Content
    from bot.store.store import Tx

_BESIDE = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: its picture's instant, its schema as backed up, and where the former is."""

    made_at: datetime
    revision: str
    rows: int
    aside: str | None
    verified: bool
    """Whether a manifest said what it must hold."""


def restore(
    file: Path,
    url: str,
    *,
    replace: bool,
    now: datetime,
    finish: Callable[[Tx, datetime], None],
    keys: Sequence[Key] = (),
) -> Restored:
    """Put a backup into the database of `url`, migrated; `finish` writes into it before any bot may.

    `finish` is given the instant of the backup. `keys` are those of the settings. Raises StoreError
    with one line, what stood there as it was; KeyMissing when the backup is sealed under another.
    """
    if file.suffix == ".json":
        file = file.with_suffix("")
    if not file.is_file():
        raise StoreError(f"{file} : ce fichier n’existe pas.")
    manifest = Manifest.read(manifest_of(file)) if manifest_of(file).exists() else None
    if manifest is not None and hash_of(file) != manifest.sha256:
        raise StoreError(f"{file} n’est plus le fichier que décrit son manifeste (SHA-256).")
    parsed = engines.parse(url)
    made_at = manifest.made if manifest else datetime.fromtimestamp(file.stat().st_mtime, UTC)
    _check_kind(file, parsed)
    if parsed.drivername == "sqlite":
        return _into_file(file, parsed, manifest, made_at, finish, keys, replace=replace, now=now)
    if manifest is not None:
        _check_known(manifest.revision)
    found: list[tuple[str, Mapping[str, Content]]] = []

    def check() -> None:
        revision, held = pg_tools.what_it_holds(parsed)
        _check_content(manifest, held)
        _check_known(revision)
        _finish(url, made_at, finish, keys)
        found.append((revision, held))

    aside = pg_tools.restore(
        parsed, file, f"relance_remplacee_{_stamp(now)}".lower(), replace=replace, check=check
    )
    ((revision, held),) = found
    return _restored(made_at, revision, held, aside, manifest)


def _restored(
    made_at: datetime,
    revision: str,
    held: Mapping[str, Content],
    aside: str | None,
    manifest: Manifest | None,
) -> Restored:
    rows = sum(content.rows for content in held.values())
    return Restored(made_at, revision, rows, aside, verified=manifest is not None)


def _check_kind(file: Path, url: URL) -> None:
    if _is_sqlite(file) != (url.drivername == "sqlite"):
        raise StoreError(
            f"{file} ne vient pas de la même sorte de base que {engines.describe(url)} : restaurez-la "
            "dans une base de sa sorte, puis « relance copie »."
        )


def _is_sqlite(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(16) == b"SQLite format 3\0"


def _check_known(revision: str) -> None:
    from bot.store import migrate

    if not migrate.is_known(revision):
        raise StoreError(
            f"Cette sauvegarde vient d’une version plus récente de Relance (schéma {revision}, "
            f"connu ici : {HEAD}) : mettez Relance à jour."
        )


def _check_content(manifest: Manifest | None, held: Mapping[str, Content]) -> None:
    if manifest is not None and manifest.tables != held:
        wrong = sorted(
            n for n in {*manifest.tables, *held} if manifest.tables.get(n) != held.get(n)
        )
        raise StoreError(
            f"La base restaurée ne contient pas ce que dit le manifeste ({', '.join(wrong)})."
        )


def _finish(
    url: str, made_at: datetime, finish: Callable[[Tx, datetime], None], keys: Sequence[Key]
) -> None:
    with Store.open(url, keys=keys) as store:
        store.prepare()
        store.unlock()
        with store.write() as tx:
            finish(tx, made_at)


def _into_file(
    file: Path,
    url: URL,
    manifest: Manifest | None,
    made_at: datetime,
    finish: Callable[[Tx, datetime], None],
    keys: Sequence[Key],
    *,
    replace: bool,
    now: datetime,
) -> Restored:
    target = Path(url.database or "").absolute()
    rows = _close_and_count(target)
    if rows and not replace:
        raise StoreError(
            f"{target} n’est pas vide : ajoutez --remplacer pour mettre ce fichier de côté."
        )
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".relance-", dir=target.parent) as folder:
            fresh = Path(folder) / "fresh.sqlite3"
            shutil.copyfile(file, fresh)
            fresh.chmod(0o600)
            revision, held = check_sqlite(fresh)
            _check_content(manifest, held)
            _check_known(revision)
            _finish(f"sqlite:///{fresh.as_posix()}", made_at, finish, keys)
            if left := [name for name in _BESIDE if Path(f"{fresh}{name}").exists()]:
                raise StoreError(f"La base restaurée n’a pas pu être refermée ({', '.join(left)}).")
            reach_the_disk(fresh)
            aside = _put_aside(target, now, keep=bool(rows))
            fresh.replace(target)
            reach_the_disk(target.parent)
    except OSError as error:
        raise StoreError(f"La restauration dans {target} a échoué ({error.strerror}).") from None
    return _restored(made_at, revision, held, aside, manifest)


def _close_and_count(target: Path) -> int:
    """Give how many rows stand in a file, its journal emptied into it. Raises StoreError: in use.

    A file that cannot be read counts as one row: something is there.
    """
    if not target.exists():
        return 0
    if target.stat().st_size and not _is_sqlite(target):
        return 1  # not opened: SQLite would throw away the journal of a file it does not know
    with closing(sqlite3.connect(target, timeout=2, isolation_level=None)) as connection:
        try:
            # Refused as long as another process has the file open: the bot keeps it so.
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            names = [
                name
                for (name,) in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                    "AND name NOT IN (?, ?)",
                    (VERSION_TABLE, KEYS_TABLE),
                )
            ]
            return sum(
                connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
                for name in names
            )
        except sqlite3.Error as error:
            if (error.sqlite_errorname or "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise StoreError(
                    f"{target} est ouvert par un autre programme : arrêtez le bot d’abord."
                ) from None
            return 1


def _stamp(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%S")


def _put_aside(target: Path, now: datetime, *, keep: bool) -> str | None:
    """Give what stands at `target` a second name; give that, None when it held nothing.

    The first name stays until the restored file takes it: cut in between, no empty base is started.
    """
    if not target.exists():
        return None
    aside = target.with_name(f"{target.name}.remplacee-{_stamp(now)}")
    for name in _BESIDE:  # of a broken file alone: emptying the journal took them away
        if (one := Path(f"{target}{name}")).exists():
            one.replace(f"{aside}{name}")
    if not keep:
        return None
    try:
        aside.hardlink_to(target)
    except OSError:
        shutil.copyfile(target, aside)
    aside.chmod(0o600)
    return str(aside)
