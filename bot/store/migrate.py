"""The migrations: the only module that knows Alembic, imported only to migrate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from sqlalchemy import Connection


def configuration(connection: Connection | None = None) -> Config:
    """Give Alembic's settings, to work through `connection`."""
    config = Config()
    folder = str(Path(__file__).with_name("migrations")).replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.attributes["connection"] = connection
    return config


def revisions() -> tuple[str, ...]:
    """Give the known revisions, newest first."""
    scripts = ScriptDirectory.from_config(configuration())
    return tuple(script.revision for script in scripts.walk_revisions())


def is_known(revision: str | None) -> bool:
    """Say whether this code knows a revision."""
    return revision in revisions()


def upgrade(connection: Connection, target: str = "head") -> None:
    """Run the missing migrations within the connection's transaction."""
    command.upgrade(configuration(connection), target)
