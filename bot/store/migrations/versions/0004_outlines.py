"""What a list says of a dossier, kept beside it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Add the column. Empty is « not made yet »: it is made when the dossier is next listed or saved."""
    op.add_column("dossiers", sa.Column("outline", sa.Text(), nullable=False, server_default=""))
