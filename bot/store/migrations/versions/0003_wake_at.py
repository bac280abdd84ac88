"""When a reminder is looked at next, apart from when it is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: None = None
depends_on: None = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

PARKED_AT = 253_402_300_799
PENDING = sa.text("status = 'pending'")

# What waits for somebody who blocked the bot must not wake: it would be sent, refused and lost.
WAKE_AT = f"""
    CASE WHEN status = 'pending' AND EXISTS (
      SELECT 1 FROM conversations
      WHERE conversations.chat_id = {{table}}.chat_id AND conversations.reachable = 0
    ) THEN {PARKED_AT} ELSE due_at END
"""


def upgrade() -> None:
    """Add the column, and the indexes of what waits by it."""
    op.drop_index("ix_reminders_due", "reminders")
    if op.get_bind().dialect.name == "sqlite":
        _copy()
    else:
        op.add_column("reminders", sa.Column("wake_at", BIG))
        op.execute(f"UPDATE reminders SET wake_at = {WAKE_AT.format(table='reminders')}")
        op.alter_column("reminders", "wake_at", nullable=False)
    for name, columns in (
        ("ix_reminders_wake", ["wake_at"]),
        ("ix_reminders_wake_of_chat", ["chat_id", "wake_at"]),
    ):
        op.create_index(
            name, "reminders", columns, sqlite_where=PENDING, postgresql_where=PENDING
        )


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
    columns = "id, dossier_id, chat_id, key, stage, due_at, status, fired_at"
    op.execute(
        f"INSERT INTO reminders ({columns}, wake_at) "
        f"SELECT {columns}, {WAKE_AT.format(table='reminders_0002')} FROM reminders_0002"
    )
    # An id once given is never given again, be it of a row that is gone.
    op.execute("DELETE FROM sqlite_sequence WHERE name = 'reminders'")
    op.execute("UPDATE sqlite_sequence SET name = 'reminders' WHERE name = 'reminders_0002'")
    op.drop_table("reminders_0002")
