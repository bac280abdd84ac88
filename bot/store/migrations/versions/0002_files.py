"""The exhibits people send, kept with their dossier."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: None = None
depends_on: None = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of files."""
    op.create_table(
        "files",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("chat_id", BIG, nullable=False),
        sa.Column("dossier_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("dossier_id", "sha256", name=op.f("uq_files_dossier_id_sha256")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "chat_id"],
            ["dossiers.id", "dossiers.chat_id"],
            ondelete="CASCADE",
            name=op.f("fk_files_dossiers"),
        ),
        sa.CheckConstraint("id <> ''", name=op.f("ck_files_id")),
        sa.CheckConstraint("kind IN ('pdf', 'photo')", name=op.f("ck_files_kind")),
        sa.CheckConstraint("pages >= 1", name=op.f("ck_files_pages")),
        sa.CheckConstraint("size >= 1 AND size = length(content)", name=op.f("ck_files_size")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_files_sha256")),
        sqlite_strict=True,
    )
    op.create_index("ix_files_chat_id", "files", ["chat_id"])
