"""Keys for the tests, a life full of words found nowhere else, and a search for them past the store."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from bot.keys import Key
from bot.store import ActRow, ConversationRow, DossierRow, FileRow, OutgoingRow, Store, UpdateRow
from bot.store.engine import connect, parse
from bot.store.schema import metadata

NOW = 1_795_000_000
OLD = Key(date(2025, 11, 1), bytes(range(32)))
NEW = Key(date(2026, 11, 22), bytes(range(1, 33)))
OTHER = Key(date(2026, 11, 22), bytes(range(2, 34)))
WORDS = (
    "Quintefeuille",
    "Ragondin",
    "Sarbacane",
    "Topinambour",
    "Urticaire",
    "Vilebrequin",
    "Wapiti",
    "Xylophone",
)
"""One for each sealed column: found in the database, it says which is not."""
CONTENT = b"%PDF-1.7 Xylophone " + bytes(range(256)) * 3


def live(store: Store, chat: int = 7, on: str = "d") -> None:
    """Put a word of each kind in its column, for a chat and its one dossier."""
    name = f"{on}{chat}"
    with store.write() as tx:
        tx.record_updates(
            [UpdateRow(1000 + chat, chat, f'{{"text": "Quintefeuille {chat}"}}', NOW)]
        )
        tx.load_conversation(chat)
        tx.save_dossier(
            DossierRow(
                name, chat, '{"n": "Sarbacane"}', "ouvert", date(2026, 11, 22), "Topinambour",
                outline='{"o": "Urticaire"}',
            ),
            [
                ActRow("ouvert", date(2026, 11, 22), datetime(2026, 11, 22, 9, tzinfo=UTC), '{"a": "Vilebrequin"}'),
                ActRow("relance", date(2026, 11, 22), datetime(2026, 11, 22, 9, tzinfo=UTC), '{"a": "Vilebrequin 2"}'),
            ],
        )  # fmt: skip
        tx.save_conversation(ConversationRow(chat, "home", '{"p": "Ragondin"}', name))
        tx.push_outbox(
            chat, [OutgoingRow("copy", '{"kind": "copy", "text": "Wapiti"}', f"k{chat}")], NOW
        )
        tx.add_file(file_row(f"f{chat}", chat, name))


def file_row(name: str, chat: int, dossier: str, content: bytes = CONTENT) -> FileRow:
    digest = hashlib.sha256(content).hexdigest()
    return FileRow(name, chat, dossier, "pdf", 1, len(content), digest, content=content)


def check_alive(store: Store, chat: int = 7, on: str = "d") -> None:
    """Read everything of `live` back, word for word."""
    name = f"{on}{chat}"
    with store.read() as tx:
        conversation, dossier = tx.load_conversation(chat), tx.load_dossier(name, chat)
        assert conversation is not None
        assert conversation.data == '{"p": "Ragondin"}'
        assert dossier is not None
        assert (dossier.data, dossier.debtor_name) == ('{"n": "Sarbacane"}', "Topinambour")
        assert [act.data for act in dossier.acts] == [
            '{"a": "Vilebrequin"}',
            '{"a": "Vilebrequin 2"}',
        ]
        assert tx.dossiers_of(chat) == tx.dossiers_named([name], chat) == [dossier]
        (outline,) = tx.outlines_of(chat)
        assert (outline.debtor_name, outline.outline) == ("Topinambour", '{"o": "Urticaire"}')
        assert tx.pending_of(chat) == ['{"kind": "copy", "text": "Wapiti"}']
        (update,) = [row for row in tx.pending_updates() if row.chat_id == chat]
        assert tx.next_update(chat) == update
        assert update.payload == f'{{"text": "Quintefeuille {chat}"}}'
        digest = hashlib.sha256(CONTENT).hexdigest()
        (about,) = tx.files_of(chat)
        assert (about.sha256, about.content) == (digest, b"")
        assert tx.file_alike(name, chat, digest) == about
        found = tx.load_file(f"f{chat}", chat)
        assert found is not None
        assert (found.content, found.sha256) == (CONTENT, digest)
        assert (chat, '{"p": "Ragondin"}') in tx.conversations_page(None, 100)


def words_in(url: str) -> set[str]:
    """Give the words that can be read without a key: in any file of a SQLite folder, in any column elsewhere."""
    if url.startswith("sqlite"):
        folder = Path(parse(url).database or "").parent
        held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    else:
        engine, held = connect(parse(url)), b""
        with engine.connect() as connection:
            for table in metadata.tables.values():
                for row in connection.execute(sa.select(table)):
                    held += b"\n".join(
                        cell if isinstance(cell, bytes) else str(cell).encode() for cell in row
                    )
        engine.dispose()
    digest = hashlib.sha256(CONTENT).hexdigest()
    return {word for word in (*WORDS, digest) if word.encode() in held}
