"""What people said may be sealed: which keys the rows are under, acts sealed again, files told apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: None = None
depends_on: None = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SQLITE_TRIGGER = """
    CREATE TRIGGER acts_no_update BEFORE UPDATE ON acts
    WHEN NEW.dossier_id <> OLD.dossier_id OR NEW.seq <> OLD.seq OR NEW.kind <> OLD.kind
      OR NEW.on_day <> OLD.on_day OR NEW.at <> OLD.at OR substr(NEW.data, 1, 5) <> 'enc1:'
    BEGIN SELECT RAISE(ABORT, 'acts are append-only'); END
"""
POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION acts_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        IF NEW.seq <> (
          SELECT coalesce(max(seq), 0) + 1 FROM acts WHERE dossier_id = NEW.dossier_id
        ) THEN
          RAISE EXCEPTION 'acts follow one another' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
      ELSIF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM dossiers WHERE id = OLD.dossier_id) THEN
        RETURN OLD;
      ELSIF TG_OP = 'UPDATE' AND NEW.dossier_id = OLD.dossier_id AND NEW.seq = OLD.seq
        AND NEW.kind = OLD.kind AND NEW.on_day = OLD.on_day AND NEW.at = OLD.at
        AND substr(NEW.data, 1, 5) = 'enc1:'
      THEN
        RETURN NEW;
      END IF;
      RAISE EXCEPTION 'acts are append-only' USING ERRCODE = 'restrict_violation';
    END $$
"""
# A text that looks sealed and was typed before anything was: it stays what was typed.
TYPED = """
    UPDATE dossiers SET debtor_name = 'enc0:' || debtor_name
    WHERE substr(debtor_name, 1, 5) IN ('enc0:', 'enc1:')
"""
SAMPLED = (
    ("inbox", "payload", "TEXT"),
    ("conversations", "data", "TEXT"),
    ("dossiers", "data", "TEXT"),
    ("dossiers", "debtor_name", "TEXT"),
    ("dossiers", "outline", "TEXT"),
    ("acts", "data", "TEXT"),
    ("outbox", "payload", "TEXT"),
    ("files", "sha256", "TEXT"),
    ("files", "content", "BYTEA"),
)
CHECKS = (
    ("size", "size >= 1 AND size <= length(content)"),
    ("sha256", "length(sha256) >= 64"),
    ("mark", "length(mark) = 64"),
)


def upgrade() -> None:
    """Make the table of keys, let an act be sealed again, give files a mark and room to be longer.

    PostgreSQL keeps no samples any more of what people said.
    """
    op.create_table(
        "seal_keys",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("check_value", sa.Text(), nullable=False),
        sa.Column("since", BIG, nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_seal_keys")),
        sa.CheckConstraint(
            "(key_id = 'plain') = (check_value = '')", name=op.f("ck_seal_keys_check_value")
        ),
        sqlite_strict=True,
    )
    op.execute(TYPED)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER acts_no_update")
        op.execute(SQLITE_TRIGGER)
        _copy_files()
        return
    op.execute(POSTGRESQL_FUNCTION)
    op.drop_constraint("ck_files_size", "files")
    op.drop_constraint("ck_files_sha256", "files")
    op.drop_constraint("uq_files_dossier_id_sha256", "files")
    op.add_column("files", sa.Column("mark", sa.Text()))
    op.execute("UPDATE files SET mark = sha256")
    op.alter_column("files", "mark", nullable=False)
    op.create_unique_constraint(op.f("uq_files_dossier_id_mark"), "files", ["dossier_id", "mark"])
    for name, condition in CHECKS:
        op.create_check_constraint(op.f(f"ck_files_{name}"), "files", condition)
    for table, column, kind in SAMPLED:
        # The same kind again: nothing is rewritten, and the samples kept until now are dropped.
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}")
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def _copy_files() -> None:
    """Make the table anew: SQLite changes no constraint."""
    op.drop_index("ix_files_chat_id", "files")
    op.rename_table("files", "files_0004")
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
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("dossier_id", "mark", name=op.f("uq_files_dossier_id_mark")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "chat_id"],
            ["dossiers.id", "dossiers.chat_id"],
            ondelete="CASCADE",
            name=op.f("fk_files_dossiers"),
        ),
        sa.CheckConstraint("id <> ''", name=op.f("ck_files_id")),
        sa.CheckConstraint("kind IN ('pdf', 'photo')", name=op.f("ck_files_kind")),
        sa.CheckConstraint("pages >= 1", name=op.f("ck_files_pages")),
        *(sa.CheckConstraint(said, name=op.f(f"ck_files_{name}")) for name, said in CHECKS),
        sqlite_strict=True,
    )
    op.execute("INSERT INTO files SELECT *, sha256 FROM files_0004")
    op.drop_table("files_0004")
    op.create_index("ix_files_chat_id", "files", ["chat_id"])
