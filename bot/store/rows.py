"""What goes in and out of the store: plain frozen rows.

Instants are epoch seconds (UTC), days are `date`. Texts named `data` and `payload` are JSON made
and read by the caller: the store never looks inside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """One update received and not yet handled. `attempts` counts the failures so far."""

    update_id: int
    chat_id: int
    payload: str
    received_at: int
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """Where one chat stands. `version` 0 means not stored yet.

    `reachable` is only read here: `set_reachable` changes it, so that a handler and the relay, both
    busy with the same chat, never overwrite each other.
    """

    chat_id: int
    state: str
    data: str
    dossier_id: str | None = None
    version: int = 0
    reachable: bool = True
    updated_at: int = 0


@dataclass(frozen=True, slots=True)
class ActRow:
    """One thing that happened: `on` is the local day, `at` the aware instant it was recorded.

    `seq` counts from 1 within a dossier and is given by the store.
    """

    kind: str
    on: date
    at: datetime
    data: str = "{}"
    seq: int = 0


@dataclass(frozen=True, slots=True)
class DossierRow:
    """One dossier and, when read, its acts, oldest first."""

    id: str
    chat_id: int
    data: str
    status: str
    opened_on: date
    debtor_name: str = ""
    updated_at: int = 0
    acts: tuple[ActRow, ...] = ()
    outline: str = ""


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """What a list says of a dossier; `outline` is "" while it was not made."""

    id: str
    status: str
    debtor_name: str
    outline: str


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """A deadline to come back to. `key` names it within its dossier.

    The last four are filled when read. `wake_at`: when it is looked at next.
    """

    key: str
    due_at: int
    stage: str = ""
    dossier_id: str = ""
    chat_id: int = 0
    id: int = 0
    wake_at: int = 0


@dataclass(frozen=True, slots=True)
class OutgoingRow:
    """A message to send. One `dedup_key` is sent at most once; nothing leaves before `not_before`.

    A row that waits holds back the later ones of its chat: their order is kept.
    """

    kind: str
    payload: str
    dedup_key: str | None = None
    not_before: int = 0


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message claimed for sending. `attempts` counts this one.

    `maybe_sent`: an earlier attempt was cut off, so the person may already have it.
    """

    id: int
    chat_id: int
    kind: str
    payload: str
    attempts: int
    maybe_sent: bool


@dataclass(frozen=True, slots=True)
class FileRow:
    """An exhibit of a dossier, as it is joined to letters: `size` bytes of `content`, `pages` pages.

    `content` is only filled by the one who adds the file and by `load_file`.
    """

    id: str
    chat_id: int
    dossier_id: str
    kind: str
    pages: int
    size: int
    sha256: str
    created_at: int = 0
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class FileRoom:
    """What files take up: those of one dossier, and all those of its person."""

    dossier_count: int
    dossier_bytes: int
    person_count: int
    person_bytes: int


@dataclass(frozen=True, slots=True)
class Stats:
    """What an operator asks about. An `oldest_…` is an instant, None when nothing waits."""

    conversations: int
    dossiers: int
    updates_new: int
    updates_failed: int
    oldest_update_at: int | None
    out_pending: int
    out_sending: int
    out_failed: int
    oldest_out_at: int | None
    reminders_pending: int
    oldest_overdue_at: int | None
