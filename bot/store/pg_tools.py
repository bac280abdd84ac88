"""PostgreSQL's own `pg_dump` and `pg_restore`, called with what they must agree on with us."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import exc, text

from bot.mistakes import PREFIX
from bot.store import engine as engines
from bot.store.digest import VERSION_TABLE, Content, contents, count_all, revision_of, tables_of
from bot.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import URL, Connection

_SCHEMA = "public"


def dump(url: URL, file: Path) -> tuple[str, Mapping[str, Content]]:
    """Dump the database into `file`; give its revision and what it holds, of the very same instant."""
    with _connected(url, isolation="REPEATABLE READ") as connection:
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        if not _has_version(connection):
            raise StoreError(f"{engines.describe(url)} ne contient aucune base de Relance.")
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        _call(
            url,
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--schema={_SCHEMA}",
            f"--snapshot={snapshot}",
            f"--file={file}",
        )
        # Read through to its end, as a restore would, and thrown away.
        _run("pg_restore", f"--file={os.devnull}", str(file))
        return revision_of(connection), contents(connection)


def restore(
    url: URL, file: Path, aside: str, *, replace: bool, check: Callable[[], None]
) -> str | None:
    """Read a dump into the database; what stood there goes to the schema `aside`, given if it held rows.

    `check` looks at the result, and may bring it further. Raises StoreError, the database as it
    was: rows stand there and `replace` is False, somebody is connected, pg_restore or `check` refuses.
    """
    with _connected(url) as connection:
        names = tables_of(connection)
        rows = count_all(connection, names)
        if rows and not replace:
            raise StoreError(
                f"{engines.describe(url)} n’est pas vide ({rows} lignes) : ajoutez --remplacer pour "
                "mettre de côté ce qu’elle contient."
            )
        if others := _others(connection):
            raise StoreError(
                f"{engines.describe(url)} a {others} autres connexions : arrêtez le bot d’abord."
            )
        connection.execute(text(f"ALTER SCHEMA {_SCHEMA} RENAME TO {aside}"))
        connection.execute(text(f"CREATE SCHEMA {_SCHEMA}"))
    try:
        _call(
            url,
            "pg_restore",
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            f"--schema={_SCHEMA}",
            str(file),
        )
        check()
    except BaseException:
        with _connected(url) as connection:
            connection.execute(text(f"DROP SCHEMA {_SCHEMA} CASCADE"))
            connection.execute(text(f"ALTER SCHEMA {aside} RENAME TO {_SCHEMA}"))
        raise
    if not rows:
        with _connected(url) as connection:
            connection.execute(text(f"DROP SCHEMA {aside} CASCADE"))
    return aside if rows else None


def what_it_holds(url: URL) -> tuple[str, Mapping[str, Content]]:
    """Give the revision of a database and what it holds."""
    with _connected(url, isolation="REPEATABLE READ") as connection:
        return revision_of(connection), contents(connection)


@contextmanager
def _connected(url: URL, isolation: str = "READ COMMITTED") -> Iterator[Connection]:
    """Open a transaction of its own; errors of the driver become one line."""
    engine = engines.connect(url)
    try:
        with engine.execution_options(isolation_level=isolation).begin() as connection:
            yield connection
    except exc.DBAPIError as error:
        raise engines.readable(error, url) from error
    finally:
        engine.dispose()


def _has_version(connection: Connection) -> bool:
    return connection.execute(text(f"SELECT to_regclass('{VERSION_TABLE}')")).scalar() is not None


def _others(connection: Connection) -> int:
    return int(
        connection.execute(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        ).scalar_one()
    )


def _call(url: URL, tool: str, *arguments: str) -> None:
    """Run a tool on the database, its password out of sight of `ps`. Raises StoreError."""
    address = url.set(drivername="postgresql", password=None).render_as_string()
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    _run(tool, f"--dbname={address}", "--no-password", *arguments, **password)


def _run(tool: str, *arguments: str, **environ: str) -> None:
    program = shutil.which(tool)
    if program is None:
        raise StoreError(
            f"{tool} manque sur cette machine : installez postgresql-client, de la version du "
            "serveur ou plus récente (deploy/RUNBOOK.md)."
        )
    # The token and the keys have no business there.
    given = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    done = subprocess.run(  # noqa: S603 - the program of the system, and arguments of our own
        [program, *arguments],
        env=given | environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.returncode:
        return
    if "version mismatch" in done.stderr:
        raise StoreError(
            f"{program} est plus ancien que le serveur : installez postgresql-client de sa version."
        )
    lines = [line for line in done.stderr.splitlines() if "error" in line]
    said = lines[0].removeprefix(f"{tool}: ") if lines else f"code {done.returncode}"
    raise StoreError(f"{tool} a échoué : {said}")
