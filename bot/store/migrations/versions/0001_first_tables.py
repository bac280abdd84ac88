"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: None = None
depends_on: None = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SQLITE_TRIGGERS = (
    """
    CREATE TRIGGER acts_no_update BEFORE UPDATE ON acts
    BEGIN SELECT RAISE(ABORT, 'acts are append-only'); END
    """,
    """
    CREATE TRIGGER acts_no_delete BEFORE DELETE ON acts
    WHEN EXISTS (SELECT 1 FROM dossiers WHERE id = OLD.dossier_id)
    BEGIN SELECT RAISE(ABORT, 'acts are append-only'); END
    """,
    """
    CREATE TRIGGER acts_in_order BEFORE INSERT ON acts
    WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM acts WHERE dossier_id = NEW.dossier_id)
    BEGIN SELECT RAISE(ABORT, 'acts follow one another'); END
    """,
    """
    CREATE TRIGGER dossiers_keep_owner BEFORE UPDATE OF id, chat_id ON dossiers
    WHEN NEW.chat_id <> OLD.chat_id OR NEW.id <> OLD.id
    BEGIN SELECT RAISE(ABORT, 'a dossier keeps its owner'); END
    """,
)

POSTGRESQL_TRIGGERS = (
    """
    CREATE FUNCTION acts_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
      END IF;
      RAISE EXCEPTION 'acts are append-only' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE FUNCTION acts_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'acts are append-only' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE FUNCTION dossiers_keep_owner() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'a dossier keeps its owner' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER acts_guard BEFORE INSERT OR UPDATE OR DELETE ON acts
    FOR EACH ROW EXECUTE FUNCTION acts_guard()
    """,
    """
    CREATE TRIGGER acts_no_truncate BEFORE TRUNCATE ON acts
    FOR EACH STATEMENT EXECUTE FUNCTION acts_no_truncate()
    """,
    """
    CREATE TRIGGER dossiers_keep_owner BEFORE UPDATE OF id, chat_id ON dossiers
    FOR EACH ROW WHEN (NEW.chat_id <> OLD.chat_id OR NEW.id <> OLD.id)
    EXECUTE FUNCTION dossiers_keep_owner()
    """,
)


def upgrade() -> None:
    """Make every table, index and trigger."""
    op.create_table(
        "inbox",
        sa.Column("update_id", BIG, autoincrement=False, nullable=False),
        sa.Column("chat_id", BIG, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("received_at", BIG, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_inbox")),
        sa.CheckConstraint("status IN ('new', 'done', 'failed')", name=op.f("ck_inbox_status")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_inbox_attempts")),
        sa.CheckConstraint(
            "status <> 'failed' OR error IS NOT NULL", name=op.f("ck_inbox_failed_says_why")
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["chat_id", "update_id"],
        sqlite_where=sa.text("status = 'new'"),
        postgresql_where=sa.text("status = 'new'"),
    )
    op.create_table(
        "dossiers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("chat_id", BIG, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("debtor_name", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Text(), nullable=False),
        sa.Column("updated_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers")),
        sa.UniqueConstraint("id", "chat_id", name=op.f("uq_dossiers_id_chat_id")),
        sa.CheckConstraint("id <> ''", name=op.f("ck_dossiers_id")),
        sa.CheckConstraint(
            "status IN ('ouvert', 'en_pause', 'paye', 'clos')", name=op.f("ck_dossiers_status")
        ),
        sa.CheckConstraint("length(opened_on) = 10", name=op.f("ck_dossiers_opened_on")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_dossiers_chat_id_status",
        "dossiers",
        ["chat_id", "status"],
    )
    op.create_table(
        "conversations",
        sa.Column("chat_id", BIG, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("dossier_id", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reachable", sa.Integer(), nullable=False),
        sa.Column("updated_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_conversations")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "chat_id"],
            ["dossiers.id", "dossiers.chat_id"],
            deferrable=True,
            initially="DEFERRED",
            name=op.f("fk_conversations_dossiers"),
        ),
        sa.CheckConstraint("state <> ''", name=op.f("ck_conversations_state")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_conversations_version")),
        sa.CheckConstraint("reachable IN (0, 1)", name=op.f("ck_conversations_reachable")),
        sqlite_strict=True,
    )
    op.create_table(
        "acts",
        sa.Column("dossier_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dossier_id", "seq", name=op.f("pk_acts")),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossiers.id"], ondelete="CASCADE", name=op.f("fk_acts_dossiers")
        ),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_acts_seq")),
        sa.CheckConstraint("kind <> ''", name=op.f("ck_acts_kind")),
        sa.CheckConstraint("length(on_day) = 10", name=op.f("ck_acts_on_day")),
        sa.CheckConstraint("length(at) >= 25", name=op.f("ck_acts_at")),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
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
    op.create_index(
        "ix_reminders_due",
        "reminders",
        ["due_at"],
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("chat_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("dedup_key", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("not_before", BIG, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("maybe_sent", sa.Integer(), nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("claimed_at", BIG),
        sa.Column("sent_at", BIG),
        sa.Column("message_id", BIG),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_outbox_dedup_key")),
        sa.CheckConstraint(
            "status IN ('pending', 'sending', 'sent', 'failed', 'dropped')",
            name=op.f("ck_outbox_status"),
        ),
        sa.CheckConstraint(
            "(status = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_outbox_sent_says_when")
        ),
        sa.CheckConstraint(
            "status <> 'sending' OR claimed_at IS NOT NULL",
            name=op.f("ck_outbox_sending_says_when"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('failed', 'dropped') OR error IS NOT NULL",
            name=op.f("ck_outbox_says_why"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts")),
        sa.CheckConstraint("maybe_sent IN (0, 1)", name=op.f("ck_outbox_maybe_sent")),
        sa.CheckConstraint("kind <> ''", name=op.f("ck_outbox_kind")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_unsent",
        "outbox",
        ["chat_id", "id"],
        sqlite_where=sa.text("status IN ('pending', 'sending')"),
        postgresql_where=sa.text("status IN ('pending', 'sending')"),
    )
    op.create_index(
        "uq_outbox_sending",
        "outbox",
        ["chat_id"],
        unique=True,
        sqlite_where=sa.text("status = 'sending'"),
        postgresql_where=sa.text("status = 'sending'"),
    )
    triggers = SQLITE_TRIGGERS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_TRIGGERS
    for trigger in triggers:
        op.execute(trigger)
