"""A database with something in every table."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

from bot.store import ActRow, ConversationRow, DossierRow, FileRow, OutgoingRow, ReminderRow, Store

NOW = 1_795_000_000
ODD = "Dupont & fils, 1\u202f250,00\u00a0€, l’« été » \U0001f9fe \\ ' \" {}"


def add_person(store: Store, chat: int, text: str = ODD) -> None:
    """Add a person with one dossier, an act, a reminder, an exhibit, a message and an update."""
    with store.write() as tx:
        tx.record_update(1000 + chat, chat, f'{{"text": "{chat}"}}', NOW)
        tx.load_conversation(chat)
        tx.save_dossier(
            DossierRow(f"d{chat}", chat, f'{{"n": {chat}}}', "ouvert", date(2026, 11, 22), text),
            [ActRow("ouvert", date(2026, 11, 22), datetime(2026, 11, 22, 9, tzinfo=UTC), "{}")],
        )
        tx.save_conversation(ConversationRow(chat, state="accueil", data="{}"))
        tx.sync_reminders(f"d{chat}", chat, [ReminderRow("a", NOW + 100, "a")])
        content = bytes(range(256)) * (chat % 3 + 1)
        tx.add_file(
            FileRow(
                f"f{chat}",
                chat,
                f"d{chat}",
                "pdf",
                1,
                len(content),
                hashlib.sha256(content).hexdigest(),
                content=content,
            )
        )
        tx.push_outbox(chat, [OutgoingRow("copy", text, f"k{chat}"), OutgoingRow("copy", "b")], NOW)
