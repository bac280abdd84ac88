"""One event of one chat, inside one transaction: load, step, save. The terminal and Telegram share it."""

from __future__ import annotations

import json
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.export import in_parts
from bot.limits import limits
from bot.outlines import outlines_from, written
from bot.store import ActRow, ConversationRow, DossierRow, FileRow, OutgoingRow, ReminderRow
from bot.telegram.outgoing import FAREWELL, FILES, encode, to_items
from flows.dialogue.conversation import Conversation, Moment, Step
from flows.dialogue.events import ReceivedFile, SentFile, Wakes, Woken
from flows.dialogue.keeping import Retention, review
from flows.dialogue.library import Library, due_at
from flows.dialogue.step import step
from flows.dossier import EXHIBIT_OUT, Act, ActKind, Dossier
from flows.outline import Outline
from flows.values import facts_from_json, facts_to_json

if TYPE_CHECKING:
    from bot.store import Tx
    from flows.dialogue.events import Event
    from flows.dialogue.screens import Shown
    from letters.exhibits import Exhibit

_ID_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_ID_LENGTH = 10
_LAST_UPDATE = 2**62
"""No update has a greater number: all of a chat were before."""
_FILE_ID_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Arrived:
    """An exhibit accepted and not kept yet: what the dialogue is told of it, and the rest."""

    file: ReceivedFile
    sha256: str
    content: bytes = field(repr=False)

    @classmethod
    def of(cls, exhibit: Exhibit) -> Arrived:
        """Give what `letters.exhibits.accept` made, under an identifier that nobody can guess."""
        file_id = "".join(secrets.choice(_ID_ALPHABET) for _ in range(_FILE_ID_LENGTH))
        file = ReceivedFile(file_id, exhibit.pages, exhibit.kind, len(exhibit.content))
        return cls(file, exhibit.sha256, exhibit.content)


class StoredBook:
    """The dossiers of one chat, read as they are asked for; ownership is enforced by the store."""

    def __init__(self, tx: Tx, chat_id: int) -> None:
        self._tx = tx
        self._chat_id = chat_id
        self._read: dict[str, Dossier | None] = {}
        self._all: list[Dossier] | None = None
        self.outlined: dict[str, str] = {}
        """Outlines that were missing and have been made, by dossier: to be kept with what the step changed."""

    def get(self, dossier_id: str) -> Dossier | None:
        """Give one dossier of this chat, None for any other."""
        if dossier_id not in self._read:
            row = self._tx.load_dossier(dossier_id, self._chat_id)
            self._read[dossier_id] = dossier_from_row(row) if row else None
        return self._read[dossier_id]

    def all(self) -> Sequence[Dossier]:
        """Give the dossiers of this chat, the latest changed first."""
        if self._all is None:
            rows = self._tx.dossiers_of(self._chat_id, limit=limits().person_dossiers)
            self._all = [dossier_from_row(row) for row in rows]
            self._read.update({d.id: d for d in self._all})
        return self._all

    def outlines(self) -> Sequence[Outline]:
        """Give what a list says of each, in the same order."""
        rows = self._tx.outlines_of(self._chat_id, limits().person_dossiers)
        found, made = outlines_from(rows, self.all)
        self.outlined |= made
        return found

    def some(self, ids: Sequence[str]) -> Sequence[Dossier]:
        """Give those of these dossiers that are this chat's, in the order asked."""
        unread = [one for one in ids if one not in self._read]
        rows = self._tx.dossiers_named(unread, self._chat_id) if unread else []
        self._read.update({row.id: dossier_from_row(row) for row in rows})
        return [dossier for one in ids if (dossier := self._read.get(one)) is not None]

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
        update_id: int | None = None,
        first_name: str = "",
        pressed_message_id: int | None = None,
        arrived: Arrived | None = None,
    ) -> Sequence[Shown]:
        """Take one event in the caller's transaction and push what is to be sent. Gives what was shown.

        `update_id` is the update that brought it, whose words go with what it has erased.
        """
        result = self._taken(
            tx, chat_id, event, now, first_name=first_name, arrived=arrived, update_id=update_id
        )
        if result.forgotten:
            push_farewell(tx, chat_id, result.shown, now)
        else:
            _push(tx, chat_id, result.shown, now, pressed_message_id)
        return result.shown

    def handle_wake(
        self, tx: Tx, chat_id: int, rows: Sequence[ReminderRow], *, now: datetime
    ) -> Sequence[Shown]:
        """Take what `wake` takes and push what is to be sent. Gives what was shown."""
        shown = self.wake(tx, chat_id, rows, now=now)
        _push(tx, chat_id, shown, now)
        return shown

    def untell(
        self, tx: Tx, chat_id: int, told: Sequence[tuple[str, str]], *, now: datetime
    ) -> None:
        """Take back that reminders were told, as (dossier, key): their message never arrived.

        Those that still stand wait again, and are told when the person can be reached.
        """
        row, conversation = _load(tx, chat_id)
        if not row.version:
            return  # erased meanwhile
        book, moment = StoredBook(tx, chat_id), Moment.at(now, self.zone)
        local = moment.of(conversation.person)
        changed: dict[str, Dossier] = {}
        for dossier_id, key in told:
            dossier = changed.get(dossier_id) or book.get(dossier_id)
            lost = [act for act in dossier.told if act.text("key") == key] if dossier else []
            if dossier and lost:
                act = Act(ActKind.UNTOLD, local.today, now, {"key": key})
                changed[dossier_id] = dossier.with_act(act)
                conversation = conversation.without_day_told(lost[-1].on)
        waiting = {i: self.library.reminders(dossier, local) for i, dossier in changed.items()}
        done = Step(conversation, (), tuple(changed.values()), waiting)
        self._save(tx, row, book, done, moment)
        for dossier_id, deadlines in waiting.items():
            keys = {key for one, key in told if one == dossier_id} & {d.key for d in deadlines}
            for key in keys:
                tx.revive_reminder(dossier_id, chat_id, key)

    def advance(
        self,
        tx: Tx,
        chat_id: int,
        event: Event,
        *,
        now: datetime,
        first_name: str = "",
        arrived: Arrived | None = None,
    ) -> Sequence[Shown]:
        """Take one event and save what it changed. Gives what is to be shown; sends nothing.

        `arrived` is the file of a `SentFile`: kept when the step makes an act of it, else forgotten.
        """
        return self._taken(tx, chat_id, event, now, first_name=first_name, arrived=arrived).shown

    def _taken(
        self,
        tx: Tx,
        chat_id: int,
        event: Event,
        now: datetime,
        *,
        first_name: str,
        arrived: Arrived | None,
        update_id: int | None = None,
    ) -> Step:
        row, conversation = _load(tx, chat_id)
        if first_name and "creditor_first_name" not in conversation.person:
            conversation = conversation.with_person(creditor_first_name=first_name)
        book = StoredBook(tx, chat_id)
        moment = Moment.at(now, self.zone)
        result = step(conversation, book, event, moment, self.library)
        keeper = _keeper(result, book, arrived)
        if arrived is not None and keeper and isinstance(event, SentFile):
            instead = _instead(tx, keeper, chat_id, event, arrived)
            if instead is not None:
                # Only now is it known which dossier would keep it: the step, which changes nothing
                # by itself, is taken again from the start.
                result, keeper = step(conversation, book, instead, moment, self.library), None
        if result.forgotten:
            tx.erase_chat(chat_id, update_id)
            return result
        heard = result.conversation.but(heard_on=moment.today.isoformat(), leaving_on="")
        self._save(tx, row, book, replace(result, conversation=heard), moment)
        if result.erased:
            tx.forget_messages(chat_id, update_id)
        if moment.of(heard.person).rhythm != moment.of(conversation.person).rhythm:
            tx.release_reminders(chat_id)  # held by wishes the person no longer has
        if arrived is not None and keeper:
            tx.add_file(_file_row(arrived, chat_id, keeper))
        return result

    def wake(
        self, tx: Tx, chat_id: int, rows: Sequence[ReminderRow], *, now: datetime
    ) -> Sequence[Shown]:
        """Take the reminders of a chat that came due, as one event, and save what it changed.

        `rows` were read in this transaction, the chat locked. Each is fired, unless the dialogue
        holds it: then it waits until the instant it said. Gives what is to be shown; sends nothing.
        """
        if not rows:
            return ()
        row, conversation = _load(tx, chat_id)
        woken = tuple(
            Woken(due.dossier_id, due.key, datetime.fromtimestamp(due.due_at, UTC)) for due in rows
        )
        event = woken[0] if len(woken) == 1 else Wakes(woken)
        book = StoredBook(tx, chat_id)
        book.some(list({due.dossier_id: None for due in rows}))  # read together, not one by one
        moment = Moment.at(now, self.zone)
        result = step(conversation, book, event, moment, self.library)
        instant = int(now.timestamp())
        # Before saving: a reminder wanted for later than it fired is a postponement, and waits again.
        told = []
        for due in rows:
            until = result.held.get((due.dossier_id, due.key))
            if until is None:
                told.append(due.id)
            else:
                # Never for now: it would be looked at again and again until its instant passed.
                tx.hold_reminder(due.id, max(math.ceil(until.timestamp()), instant + 1))
        tx.fire_reminders(told, instant)
        self._save(tx, row, book, result, moment)
        return result.shown

    def review(self, tx: Tx, chat_id: int, keep: Retention, *, now: datetime) -> bool:
        """Tell a chat what will go, or erase what was told and has been kept long enough. True when it did.

        The chat is locked first; nothing is done for one that another process holds.
        """
        if not tx.lock_free_chat(chat_id) or tx.next_update(chat_id):
            return False  # in other hands, or about to be heard
        row, conversation = _load(tx, chat_id)
        if not row.version:
            return False
        book, moment = StoredBook(tx, chat_id), Moment.at(now, self.zone)
        if not conversation.heard_on:  # from before this was noted: it counts from the last change
            last = datetime.fromtimestamp(row.updated_at, UTC).astimezone(self.zone).date()
            conversation = replace(conversation, heard_on=last.isoformat())
            done = Step(conversation, ())
        else:
            found = review(conversation, book, moment, keep, reached=row.reachable)
            if found is None:
                return False
            done = found
        if done.forgotten:
            tx.erase_chat(chat_id, _LAST_UPDATE)
            if row.reachable:
                push_farewell(tx, chat_id, done.shown, now)
            return True
        self._save(tx, row, book, done, moment)
        if done.erased:
            tx.forget_messages(chat_id, _LAST_UPDATE)
        if row.reachable:
            _push(tx, chat_id, done.shown, now)
        return bool(done.shown)

    def _save(
        self, tx: Tx, row: ConversationRow, book: StoredBook, result: Step, moment: Moment
    ) -> None:
        instant = int(moment.now.timestamp())
        tx.save_outlines(row.chat_id, book.outlined)
        for dossier in result.dossiers:
            new = dossier.acts[book.acts_stored(dossier.id) :]
            tx.save_dossier(row_of(dossier, row.chat_id, instant), [act_to_row(act) for act in new])
            for act in new:
                if act.kind is ActKind.CORRECTED and act.text("fact") == EXHIBIT_OUT:
                    tx.drop_file(act.text("file"), row.chat_id)
        at = moment.of(result.conversation.person)
        for dossier_id, deadlines in result.reminders.items():
            wanted = [
                ReminderRow(d.key, int(due_at(d, at).timestamp()), d.stage.value) for d in deadlines
            ]
            tx.sync_reminders(dossier_id, row.chat_id, wanted)
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
        for gone in result.erased:
            tx.erase_dossier(gone, row.chat_id)


def _load(tx: Tx, chat_id: int) -> tuple[ConversationRow, Conversation]:
    row = tx.load_conversation(chat_id) or ConversationRow(chat_id, "home", "{}")
    return row, Conversation.from_json(row.state, row.dossier_id, json.loads(row.data))


def _push(
    tx: Tx, chat_id: int, shown: Sequence[Shown], now: datetime, pressed: int | None = None
) -> None:
    items = to_items(shown, pressed)
    if any(item["kind"] == "export" for item in items):
        items = in_parts(tx, chat_id, items)
    if any(item["kind"] in FILES for item in items):
        # Asked for again while it waits to leave: it comes once.
        waiting = set(tx.pending_of(chat_id))
        items = [one for one in items if one["kind"] not in FILES or encode(one) not in waiting]
    rows = [OutgoingRow(str(item["kind"]), encode(item)) for item in items]
    tx.push_outbox(chat_id, rows, int(now.timestamp()))


def push_farewell(tx: Tx, chat_id: int, shown: Sequence[Shown], now: datetime) -> None:
    """Push the last words to somebody of whom nothing is kept: rows that go as soon as they are sent."""
    rows = [
        OutgoingRow(FAREWELL, encode({**item, "kind": FAREWELL})) for item in to_items(shown, None)
    ]
    tx.push_outbox(chat_id, rows, int(now.timestamp()))


def _keeper(result: Step, book: StoredBook, arrived: Arrived | None) -> str | None:
    """Give the id of the dossier in which the step wrote down the file, None when it did not."""
    if arrived is None:
        return None
    for dossier in result.dossiers:
        new = dossier.acts[book.acts_stored(dossier.id) :]
        if any(act.data.get("file") == arrived.file.id for act in new):
            return dossier.id
    return None


def _instead(
    tx: Tx, dossier_id: str, chat_id: int, event: SentFile, arrived: Arrived
) -> SentFile | None:
    """Give the event to take when the dossier cannot keep the file as a new one, None when it can."""
    if tx.file_alike(dossier_id, chat_id, arrived.sha256):
        return replace(event, file=None, refused="already")
    if not limits().fits(tx.room_taken(dossier_id, chat_id), arrived.file.size):
        return replace(event, file=None, refused="too_many")
    return None


def _file_row(arrived: Arrived, chat_id: int, dossier_id: str) -> FileRow:
    file = arrived.file
    return FileRow(
        file.id,
        chat_id,
        dossier_id,
        file.kind,
        file.pages,
        file.size,
        arrived.sha256,
        content=arrived.content,
    )


def dossier_from_row(row: DossierRow) -> Dossier:
    """Read a dossier as stored. Raises ValueError when it was not made by `row_of`."""
    # All in one go: a reading for each would take twice as long.
    facts, *told = json.loads(f"[{','.join([row.data, *(act.data for act in row.acts)])}]")
    acts = tuple(
        Act(ActKind(act.kind), act.on, act.at, facts_from_json(data))
        for act, data in zip(row.acts, told, strict=True)
    )
    return Dossier(row.id, row.opened_on, facts_from_json(facts), acts)


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
        outline=written(Outline.of(dossier)),
    )


def act_to_row(act: Act) -> ActRow:
    """Write an act for the store."""
    data = json.dumps(facts_to_json(act.data), ensure_ascii=False, separators=(",", ":"))
    return ActRow(act.kind.value, act.on, act.at, data)
