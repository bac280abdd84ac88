"""The tables, with what the database itself refuses. A change here needs a migration.

Instants are epoch seconds (UTC) and days are ISO text, in both databases alike, so that a copy from
one to the other is the same row for row.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

HEAD = "0005"
"""The newest revision of `migrations/versions`: what this code wants to find."""

PARKED_AT = 253_402_300_799
"""The `wake_at` of a reminder that waits for its person to come back: the last instant of the year 9999."""

# On SQLite only a column declared INTEGER can be the row's own key, and there it holds 64 bits.
BIG = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Make an index of the rows `where` says; on PostgreSQL it needs `for_postgresql` too."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where))


def for_postgresql() -> None:
    """Tell the tables what only PostgreSQL reads of them, before they meet it.

    Not said where they stand: to hear it SQLAlchemy loads its PostgreSQL half, 20 ms of the time
    the terminal takes to start.
    """
    for table in metadata.tables.values():
        for index in table.indexes:
            where = index.dialect_options["sqlite"]["where"]
            if where is not None:
                index.dialect_kwargs["postgresql_where"] = where


inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BIG, autoincrement=False, nullable=False),
    Column("chat_id", BIG, nullable=False),
    Column("payload", Text, nullable=False),
    Column("received_at", BIG, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    PrimaryKeyConstraint("update_id"),
    CheckConstraint("status IN ('new', 'done', 'failed')", name="status"),
    CheckConstraint("attempts >= 0", name="attempts"),
    CheckConstraint("status <> 'failed' OR error IS NOT NULL", name="failed_says_why"),
    # Only what waits is indexed: the index stays small however many updates were handled.
    _partial(
        "ix_inbox_waiting",
        "chat_id",
        "update_id",
        where="status = 'new'",
    ),
    sqlite_strict=True,
)

dossiers = Table(
    "dossiers",
    metadata,
    Column("id", Text, nullable=False),
    Column("chat_id", BIG, nullable=False),
    Column("data", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("debtor_name", Text, nullable=False),
    Column("opened_on", Text, nullable=False),
    Column("updated_at", BIG, nullable=False),
    # What a list says of it, as the caller made it from the dossier and its acts; "" while not made.
    Column("outline", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("id"),
    # What points at a dossier names its owner too: nothing of one chat can point at another's.
    UniqueConstraint("id", "chat_id"),
    CheckConstraint("id <> ''", name="id"),
    CheckConstraint("status IN ('ouvert', 'en_pause', 'paye', 'clos')", name="status"),
    CheckConstraint("length(opened_on) = 10", name="opened_on"),
    Index("ix_dossiers_chat_id_status", "chat_id", "status"),
    sqlite_strict=True,
)

conversations = Table(
    "conversations",
    metadata,
    Column("chat_id", BIG, autoincrement=False, nullable=False),
    Column("state", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("dossier_id", Text),
    Column("version", Integer, nullable=False),
    Column("reachable", Integer, nullable=False),
    Column("updated_at", BIG, nullable=False),
    PrimaryKeyConstraint("chat_id"),
    # Deferred: a first answer stores the conversation and the dossier it opens in either order.
    ForeignKeyConstraint(
        ["dossier_id", "chat_id"],
        ["dossiers.id", "dossiers.chat_id"],
        deferrable=True,
        initially="DEFERRED",
    ),
    CheckConstraint("state <> ''", name="state"),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint("reachable IN (0, 1)", name="reachable"),
    sqlite_strict=True,
)

acts = Table(
    "acts",
    metadata,
    Column("dossier_id", Text, nullable=False),
    Column("seq", Integer, autoincrement=False, nullable=False),
    Column("kind", Text, nullable=False),
    Column("on_day", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("data", Text, nullable=False),
    PrimaryKeyConstraint("dossier_id", "seq"),
    ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], ondelete="CASCADE"),
    CheckConstraint("seq >= 1", name="seq"),
    CheckConstraint("kind <> ''", name="kind"),
    CheckConstraint("length(on_day) = 10", name="on_day"),
    CheckConstraint("length(at) >= 25", name="at"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", BIG, autoincrement=True, nullable=False),
    Column("dossier_id", Text, nullable=False),
    Column("chat_id", BIG, nullable=False),
    Column("key", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("due_at", BIG, nullable=False),
    Column("status", Text, nullable=False),
    Column("fired_at", BIG),
    # `due_at` follows from the acts; this is when the row is looked at next: then, later, or parked.
    Column("wake_at", BIG, nullable=False),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("dossier_id", "key"),
    ForeignKeyConstraint(
        ["dossier_id", "chat_id"], ["dossiers.id", "dossiers.chat_id"], ondelete="CASCADE"
    ),
    CheckConstraint("status IN ('pending', 'fired', 'cancelled')", name="status"),
    CheckConstraint("status <> 'fired' OR fired_at IS NOT NULL", name="fired_says_when"),
    CheckConstraint("key <> ''", name="key"),
    _partial(
        "ix_reminders_wake",
        "wake_at",
        where="status = 'pending'",
    ),
    _partial(
        "ix_reminders_wake_of_chat",
        "chat_id",
        "wake_at",
        where="status = 'pending'",
    ),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BIG, autoincrement=True, nullable=False),
    Column("chat_id", BIG, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("dedup_key", Text),
    Column("status", Text, nullable=False),
    Column("not_before", BIG, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("maybe_sent", Integer, nullable=False),
    Column("created_at", BIG, nullable=False),
    Column("claimed_at", BIG),
    Column("sent_at", BIG),
    Column("message_id", BIG),
    Column("error", Text),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("dedup_key"),
    CheckConstraint("status IN ('pending', 'sending', 'sent', 'failed', 'dropped')", name="status"),
    CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name="sent_says_when"),
    CheckConstraint("status <> 'sending' OR claimed_at IS NOT NULL", name="sending_says_when"),
    CheckConstraint("status NOT IN ('failed', 'dropped') OR error IS NOT NULL", name="says_why"),
    CheckConstraint("attempts >= 0", name="attempts"),
    CheckConstraint("maybe_sent IN (0, 1)", name="maybe_sent"),
    CheckConstraint("kind <> ''", name="kind"),
    _partial(
        "ix_outbox_unsent",
        "chat_id",
        "id",
        where="status IN ('pending', 'sending')",
    ),
    # One message of a chat is on its way at a time, even if a claim were written wrong.
    _partial(
        "uq_outbox_sending",
        "chat_id",
        unique=True,
        where="status = 'sending'",
    ),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

files = Table(
    "files",
    metadata,
    Column("id", Text, nullable=False),
    Column("chat_id", BIG, nullable=False),
    Column("dossier_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("size", BIG, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("created_at", BIG, nullable=False),
    # What is before it is read without going through it.
    Column("content", LargeBinary, nullable=False),
    # What tells one file of a dossier from another: its digest, or what a key makes of it.
    Column("mark", Text, nullable=False),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("dossier_id", "mark"),
    ForeignKeyConstraint(
        ["dossier_id", "chat_id"], ["dossiers.id", "dossiers.chat_id"], ondelete="CASCADE"
    ),
    CheckConstraint("id <> ''", name="id"),
    CheckConstraint("kind IN ('pdf', 'photo')", name="kind"),
    CheckConstraint("pages >= 1", name="pages"),
    # What is sealed is longer than what it seals.
    CheckConstraint("size >= 1 AND size <= length(content)", name="size"),
    CheckConstraint("length(sha256) >= 64", name="sha256"),
    CheckConstraint("length(mark) = 64", name="mark"),
    Index("ix_files_chat_id", "chat_id"),
    sqlite_strict=True,
)

# Under which keys rows may be, so that starting without one of them is refused at once. « plain »: what
# was kept before the first key may be there still.
seal_keys = Table(
    "seal_keys",
    metadata,
    Column("key_id", Text, nullable=False),
    Column("check_value", Text, nullable=False),
    Column("since", BIG, nullable=False),
    PrimaryKeyConstraint("key_id"),
    CheckConstraint("(key_id = 'plain') = (check_value = '')", name="check_value"),
    sqlite_strict=True,
)


# Acts are added one after the other and never touched again. A dossier that is erased takes its
# acts with it: its own row is gone by then, which is how the trigger tells that from tampering. An
# act sealed again is the same act: whoever lacks the key can write nothing that opens in its place.
SQLITE_TRIGGERS = (
    """
    CREATE TRIGGER acts_no_update BEFORE UPDATE ON acts
    WHEN NEW.dossier_id <> OLD.dossier_id OR NEW.seq <> OLD.seq OR NEW.kind <> OLD.kind
      OR NEW.on_day <> OLD.on_day OR NEW.at <> OLD.at OR substr(NEW.data, 1, 5) <> 'enc1:'
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
      ELSIF TG_OP = 'UPDATE' AND NEW.dossier_id = OLD.dossier_id AND NEW.seq = OLD.seq
        AND NEW.kind = OLD.kind AND NEW.on_day = OLD.on_day AND NEW.at = OLD.at
        AND substr(NEW.data, 1, 5) = 'enc1:'
      THEN
        RETURN NEW;
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

# PostgreSQL keeps samples of each column for its plans, and they outlive the rows. Nothing is looked
# for by what people said: none is kept of it.
POSTGRESQL_SAMPLES = tuple(
    f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0"
    for table, column in (
        ("inbox", "payload"),
        ("conversations", "data"),
        ("dossiers", "data"),
        ("dossiers", "debtor_name"),
        ("dossiers", "outline"),
        ("acts", "data"),
        ("outbox", "payload"),
        ("files", "sha256"),
        ("files", "content"),
    )
)

for _dialect, _statements in (
    ("sqlite", SQLITE_TRIGGERS),
    ("postgresql", POSTGRESQL_TRIGGERS + POSTGRESQL_SAMPLES),
):
    for _statement in _statements:
        event.listen(metadata, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
