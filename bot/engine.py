"""One event of one chat, inside one transaction: load, step, save. The terminal and Telegram share it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.store import ActRow, ConversationRow, DossierRow, OutgoingRow, ReminderRow
from bot.telegram.outgoing import encode, to_items
from flows.dialogue.conversation import Conversation, Moment, Step
from flows.dialogue.library import Library, due_at
from flows.dialogue.step import step
from flows.dossier import Act, ActKind, Dossier, facts_from_json, facts_to_json

if TYPE_CHECKING:
    from bot.store import Tx
    from flows.dialogue.events import Event
    from flows.dialogue.screens import Shown

DOSSIERS_LIMIT = 500
"""Dossiers of one person that a list can hold."""
_ID_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_ID_LENGTH = 10


class StoredBook:
    """The dossiers of one chat, read as they are asked for; ownership is enforced by the store."""

    def __init__(self, tx: Tx, chat_id: int) -> None:
        self._tx = tx
        self._chat_id = chat_id
        self._read: dict[str, Dossier | None] = {}
        self._all: list[Dossier] | None = None

    def get(self, dossier_id: str) -> Dossier | None:
        """Give one dossier of this chat, None for any other."""
        if dossier_id not in self._read:
            row = self._tx.load_dossier(dossier_id, self._chat_id)
            self._read[dossier_id] = dossier_from_row(row) if row else None
        return self._read[dossier_id]

    def all(self) -> Sequence[Dossier]:
        """Give the dossiers of this chat, the latest changed first."""
        if self._all is None:
            rows = self._tx.dossiers_of(self._chat_id, limit=DOSSIERS_LIMIT)
            self._all = [dossier_from_row(row) for row in rows]
            self._read.update({d.id: d for d in self._all})
        return self._all

    def new_id(self) -> str:
        """Give an identifier nobody can guess and nobody misreads."""
        return "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_LENGTH))

    def acts_stored(self, dossier_id: str) -> int:
        """Give how many acts of a dossier the store already holds."""
        known = self.get(dossier_id)
        return len(known.acts) if known else 0


class Engine:
    """Runs the dialogue on the store. Holds nothing of any person between two events."""

    def __init__(self, library: Library, zone: ZoneInfo) -> None:
        self.library = library
        self.zone = zone

    def handle(
        self,
        tx: Tx,
        chat_id: int,
        event: Event,
        *,
        now: datetime,
        update_id: int | None = None,  # noqa: ARG002 - the caller's transaction already settles it
        first_name: str = "",
        pressed_message_id: int | None = None,
    ) -> Sequence[Shown]:
        """Take one event in the caller's transaction and push what is to be sent. Gives what was shown."""
        shown = self.advance(tx, chat_id, event, now=now, first_name=first_name)
        items = to_items(shown, pressed_message_id)
        instant = int(now.timestamp())
        tx.push_outbox(
            chat_id, [OutgoingRow(str(item["kind"]), encode(item)) for item in items], instant
        )
        return shown

    def advance(
        self, tx: Tx, chat_id: int, event: Event, *, now: datetime, first_name: str = ""
    ) -> Sequence[Shown]:
        """Take one event and save what it changed. Gives what is to be shown; sends nothing."""
        row = tx.load_conversation(chat_id) or ConversationRow(chat_id, "home", "{}")
        conversation = Conversation.from_json(row.state, row.dossier_id, json.loads(row.data))
        if first_name and "creditor_first_name" not in conversation.person:
            conversation = conversation.with_person(creditor_first_name=first_name)
        book = StoredBook(tx, chat_id)
        moment = Moment.at(now, self.zone)
        result = step(conversation, book, event, moment, self.library)
        self._save(tx, row, book, result, moment)
        return result.shown

    def _save(
        self, tx: Tx, row: ConversationRow, book: StoredBook, result: Step, moment: Moment
    ) -> None:
        instant = int(moment.now.timestamp())
        for dossier in result.dossiers:
            new = dossier.acts[book.acts_stored(dossier.id) :]
            tx.save_dossier(row_of(dossier, row.chat_id, instant), [act_to_row(act) for act in new])
            wanted = [
                ReminderRow(d.key, int(due_at(d, moment).timestamp()), d.stage.value)
                for d in result.reminders[dossier.id]
            ]
            tx.sync_reminders(dossier.id, row.chat_id, wanted)
        after = result.conversation
        data = json.dumps(after.to_json(), ensure_ascii=False, separators=(",", ":"))
        tx.save_conversation(
            ConversationRow(
                row.chat_id,
                after.state,
                data,
                after.dossier_id,
                row.version,
                row.reachable,
                instant,
            )
        )


def dossier_from_row(row: DossierRow) -> Dossier:
    """Read a dossier as stored. Raises ValueError when it was not made by `row_of`."""
    acts = tuple(
        Act(ActKind(a.kind), a.on, a.at, facts_from_json(json.loads(a.data))) for a in row.acts
    )
    return Dossier(row.id, row.opened_on, facts_from_json(json.loads(row.data)), acts)


def row_of(dossier: Dossier, chat_id: int, instant: int) -> DossierRow:
    """Write a dossier for the store, without its acts: those are appended one by one."""
    data = json.dumps(facts_to_json(dossier.facts), ensure_ascii=False, separators=(",", ":"))
    return DossierRow(
        dossier.id,
        chat_id,
        data,
        dossier.status.value,
        dossier.opened_on,
        dossier.debtor_name,
        instant,
    )


def act_to_row(act: Act) -> ActRow:
    """Write an act for the store."""
    data = json.dumps(facts_to_json(act.data), ensure_ascii=False, separators=(",", ":"))
    return ActRow(act.kind.value, act.on, act.at, data)
