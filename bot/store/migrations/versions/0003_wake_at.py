"""When a reminder is looked at next, apart from when it is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: None = None
depends_on: None = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

PENDING = sa.text("status = 'pending'")
# What waits for somebody who blocked the bot must not wake: it would be sent, refused and lost.
PARK = """
    UPDATE reminders SET wake_at = 253402300799
    WHERE status = 'pending'
      AND chat_id IN (SELECT chat_id FROM conversations WHERE reachable = 0)
"""


def upgrade() -> None:
    """Add the column, and the indexes of what waits by it."""
    op.drop_index("ix_reminders_due", "reminders")
    if op.get_bind().dialect.name == "sqlite":
        _copy()
    else:
        op.add_column("reminders", sa.Column("wake_at", BIG))
        op.execute("UPDATE reminders SET wake_at = due_at")
        op.alter_column("reminders", "wake_at", nullable=False)
    op.execute(PARK)
    for name, columns in (
        ("ix_reminders_wake", ["wake_at"]),
        ("ix_reminders_wake_of_chat", ["chat_id", "wake_at"]),
    ):
        op.create_index(name, "reminders", columns, sqlite_where=PENDING, postgresql_where=PENDING)


def _copy() -> None:
    """Make the table anew: SQLite adds no column that must hold something."""
    op.rename_table("reminders", "reminders_0002")
    op.create_table(
        "reminders",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("dossier_id", sa.Text(), nullable=False),
        sa.Column("chat_id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("due_at", BIG, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("fired_at", BIG),
        sa.Column("wake_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("dossier_id", "key", name=op.f("uq_reminders_dossier_id_key")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "chat_id"],
            ["dossiers.id", "dossiers.chat_id"],
            ondelete="CASCADE",
            name=op.f("fk_reminders_dossiers"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'fired', 'cancelled')", name=op.f("ck_reminders_status")
        ),
        sa.CheckConstraint(
            "status <> 'fired' OR fired_at IS NOT NULL", name=op.f("ck_reminders_fired_says_when")
        ),
        sa.CheckConstraint("key <> ''", name=op.f("ck_reminders_key")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.execute(
        "INSERT INTO reminders SELECT id, dossier_id, chat_id, key, stage, due_at, status, "
        "fired_at, due_at FROM reminders_0002"
    )
    # An id once given is never given again, be it of a row that is gone.
    op.execute("DELETE FROM sqlite_sequence WHERE name = 'reminders'")
    op.execute("UPDATE sqlite_sequence SET name = 'reminders' WHERE name = 'reminders_0002'")
    op.drop_table("reminders_0002")
