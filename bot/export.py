"""All that is kept of one person, as ZIP files: `relance.json`, the letters that left, the exhibits.

Made at the moment of sending, from what is kept then, and stored nowhere. The form of `relance.json` is
a contract (`deploy/donnees.md`): a change of it is a new `VERSION`.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Any

from bot.limits import limits
from bot.telegram.outgoing import Item, safe_filename

if TYPE_CHECKING:
    from bot.store import ConversationRow, DossierRow, FileRow, ReminderRow, Tx
    from flows.dossier import Act, Dossier

FORMAT, VERSION = "relance", 1
_READ_ME = "LISEZMOI.txt"
_DRAFT = "draft"
"""The datum of an act that holds the text as it left: it stands in the ZIP as a file."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store holds of a chat, but the content of its files."""

    conversation: ConversationRow | None
    dossiers: tuple[DossierRow, ...]
    reminders: tuple[ReminderRow, ...]
    files: tuple[FileRow, ...]


def gather(tx: Tx, chat_id: int) -> Kept:
    """Read all that is kept of a chat, in one picture."""
    dossiers = sorted(
        tx.dossiers_of(chat_id, limit=limits().person_dossiers),
        key=lambda row: (row.opened_on, row.id),
    )
    return Kept(
        tx.load_conversation(chat_id),
        tuple(dossiers),
        tuple(tx.reminders_of(chat_id)),
        tuple(tx.files_of(chat_id)),
    )


def in_parts(tx: Tx, chat_id: int, items: Sequence[Item]) -> list[Item]:
    """Give outbox items in which each export is as many ZIP files as Telegram needs to take it."""
    sizes = [(row.id, row.size) for row in tx.files_of(chat_id)]
    found: list[Item] = []
    for item in items:
        if item["kind"] != "export":
            found.append(item)
            continue
        shares = shared_out(sizes, limits().export_part_bytes)
        for part, ids in enumerate(shares, 1):
            told = {"part": part, "parts": len(shares), "files": ids}
            if len(shares) > 1:
                stem = item["name"].removesuffix(".zip")
                told |= {
                    "name": f"{stem}-{part}.zip",
                    "caption": f"{item.get('caption', '')} ({part} / {len(shares)})".strip(),
                }
            found.append(item | told)
    return found


def shared_out(sizes: Sequence[tuple[str, int]], most: int) -> list[list[str]]:
    """Put files (id, bytes) in parts of at most `most` bytes, in order; one part at least, even empty.

    A file that alone weighs more has a part of its own.
    """
    shares: list[list[str]] = [[]]
    room = most
    for file_id, size in sizes:
        if size > room and shares[-1]:
            shares.append([])
            room = most
        shares[-1].append(file_id)
        room -= size
    return shares


class Archive:
    """One ZIP in the making. `item` holds `on`, `part`, `parts` as `in_parts` made them.

    The first part holds all but the exhibits. What was erased since it was asked is left out.
    """

    def __init__(self, kept: Kept, item: Mapping[str, Any]) -> None:
        self._book = _Book(kept)
        self._buffer = io.BytesIO()
        self._zip = zipfile.ZipFile(self._buffer, "w", zipfile.ZIP_DEFLATED)
        self._on = date.fromisoformat(item["on"])
        part, parts = int(item["part"]), int(item["parts"])
        self._write(_READ_ME, _read_me(self._on, part, parts))
        if part == 1:
            told = json.dumps(self._book.told(self._on), ensure_ascii=False, indent=1)
            self._write("relance.json", told.encode())
            for path, draft in self._book.letters.values():
                self._write(path, _printed(draft, path))

    def add(self, file_id: str, content: bytes) -> None:
        """Add an exhibit; one that is no longer listed is left out."""
        if path := self._book.pieces.get(file_id):
            self._write(path, content, zipfile.ZIP_STORED)

    def done(self) -> bytes:
        """Give the ZIP."""
        self._zip.close()
        return self._buffer.getvalue()

    def _write(self, path: str, content: bytes, how: int = zipfile.ZIP_DEFLATED) -> None:
        # The day it was asked: the same data give the same bytes.
        about = zipfile.ZipInfo(path, (self._on.year, self._on.month, self._on.day, 0, 0, 0))
        about.external_attr = 0o600 << 16
        self._zip.writestr(about, content, how)


def whole(kept: Kept, on: date, read: Callable[[str], bytes | None]) -> bytes:
    """Make the one ZIP of all that is kept, however large. `read` gives an exhibit by its id, None when gone."""
    archive = Archive(kept, {"on": on.isoformat(), "part": 1, "parts": 1})
    for row in kept.files:
        content = read(row.id)
        if content is not None:
            archive.add(row.id, content)
    return archive.done()


class _Book:
    """What is kept, read, with the place of each letter and each exhibit in the ZIP."""

    def __init__(self, kept: Kept) -> None:
        from bot.engine import dossier_from_row

        self._kept = kept
        self._dossiers = [(row, dossier_from_row(row)) for row in kept.dossiers]
        width = len(str(len(self._dossiers)))
        self._folders = {
            row.id: f"dossiers/{number:0{width}}-{_stem(dossier.debtor_name or 'client')}"
            for number, (row, dossier) in enumerate(self._dossiers, 1)
        }

    @cached_property
    def letters(self) -> dict[tuple[str, int], tuple[str, Any]]:
        """The path and the text of each letter that left, by its dossier and the place of its act."""
        from flows.dialogue.writing import as_sent

        found: dict[tuple[str, int], tuple[str, Any]] = {}
        for row, dossier in self._dossiers:
            for place, act in enumerate(dossier.acts):
                if draft := as_sent(act):
                    name = f"{place + 1:03}-{act.on.isoformat()}-{_stem(draft.title)}"
                    path = f"{self._folders[row.id]}/lettres/{name}.{_extension(draft)}"
                    found[row.id, place] = path, draft
        return found

    @cached_property
    def pieces(self) -> dict[str, str]:
        """The path of each exhibit, by its id."""
        found: dict[str, str] = {}
        for number, row in enumerate(self._kept.files, 1):
            if row.dossier_id in self._folders:
                title = self._titles.get(row.id, "piece")
                name = f"{number:03}-{_stem(title)}.pdf"
                found[row.id] = f"{self._folders[row.dossier_id]}/pieces/{name}"
        return found

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {one.file: one.title for _, dossier in self._dossiers for one in dossier.exhibits}

    def told(self, on: date) -> dict[str, Any]:
        """Give what `relance.json` holds."""
        row = self._kept.conversation
        data = json.loads(row.data) if row else {}
        return {
            "format": FORMAT,
            "version": VERSION,
            "made_on": on.isoformat(),
            "person": _plain(data.pop("person", {})),
            "conversation": {"state": row.state if row else "", **_plain(data)},
            "dossiers": [self._dossier(one, dossier) for one, dossier in self._dossiers],
        }

    def _dossier(self, row: DossierRow, dossier: Dossier) -> dict[str, Any]:
        balances = dossier.settlement.balances
        return {
            "id": row.id,
            "status": row.status,
            "opened_on": row.opened_on.isoformat(),
            "facts": _plain(json.loads(row.data)),
            "invoices": [
                {
                    "key": one.key,
                    "number": one.number,
                    "amount": str(one.amount),
                    "due_on": one.due_on.isoformat() if one.due_on else None,
                    "remaining": str(balances[one.key]),
                }
                for one in dossier.invoices
            ],
            "acts": [self._act(row.id, place, act) for place, act in enumerate(dossier.acts)],
            "reminders": [
                {"key": one.key, "stage": one.stage, "due_at": _instant(one.due_at)}
                for one in self._kept.reminders
                if one.dossier_id == row.id
            ],
            "files": [
                {
                    "path": self.pieces[one.id],
                    "id": one.id,
                    "title": self._titles.get(one.id, ""),
                    "kind": one.kind,
                    "pages": one.pages,
                    "size": one.size,
                    "sha256": one.sha256,
                    "received_at": _instant(one.created_at),
                }
                for one in self._kept.files
                if one.dossier_id == row.id
            ],
        }

    def _act(self, dossier_id: str, place: int, act: Act) -> dict[str, Any]:
        from flows.values import facts_to_json

        data = _plain(facts_to_json({k: v for k, v in act.data.items() if k != _DRAFT}))
        letter = self.letters.get((dossier_id, place))
        return {
            "kind": act.kind.value,
            "on": act.on.isoformat(),
            "at": act.at.astimezone(UTC).isoformat(),
            "data": data,
            **({"letter": letter[0]} if letter else {}),
        }


def _plain(value: Any) -> Any:
    """Give a stored value without the marks of its type: amounts and days as text."""
    if isinstance(value, dict):
        if len(value) == 1 and (tagged := next(iter(value.items())))[0] in {"n", "d", "t"}:
            return tagged[1]
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _stem(text: str) -> str:
    return safe_filename(text, "x").removesuffix(".x")[:40].strip("-._") or "document"


def _extension(draft: Any) -> str:
    from flows.dialogue.papers import PRINTED

    return "pdf" if draft.kind in PRINTED else "txt"


def _printed(draft: Any, path: str) -> bytes:
    if path.endswith(".txt"):
        return str(draft.text).encode()
    import letters
    from letters import pdf

    return pdf.render(letters.sheet(draft))


def _read_me(on: date, part: int, parts: int) -> bytes:
    from letters.format import date_longue

    text = resources(__package__).joinpath("lisezmoi.txt").read_text("utf-8")
    several = f"Ce fichier est le numéro {part} sur {parts}.\n" if parts > 1 else ""
    return text.format(on=date_longue(on), several=several).encode()
