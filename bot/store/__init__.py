"""The store: `Store.open(url)`, `prepare()`, then `with store.write() as tx`."""

from __future__ import annotations

from bot.store.errors import (
    Altered,
    Conflict,
    KeyMissing,
    NotYours,
    Refused,
    StoreError,
    Unavailable,
)
from bot.store.rows import (
    ActRow,
    ConversationRow,
    DossierRow,
    FileRoom,
    FileRow,
    OutboxRow,
    OutgoingRow,
    OutlineRow,
    ReminderRow,
    Stats,
    UpdateRow,
)
from bot.store.schema import HEAD
from bot.store.store import Store, Tx

__all__ = [
    "HEAD",
    "ActRow",
    "Altered",
    "Conflict",
    "ConversationRow",
    "DossierRow",
    "FileRoom",
    "FileRow",
    "KeyMissing",
    "NotYours",
    "OutboxRow",
    "OutgoingRow",
    "OutlineRow",
    "Refused",
    "ReminderRow",
    "Stats",
    "Store",
    "StoreError",
    "Tx",
    "Unavailable",
    "UpdateRow",
]
