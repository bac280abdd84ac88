"""The exhibits people sent. Every way in names the chat: nobody reaches another's file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, delete, func, select

from bot.store.errors import NotYours, Refused
from bot.store.rows import FileRoom, FileRow
from bot.store.schema import dossiers, files
from bot.store.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_OWNED = files.c.chat_id == bindparam("chat")
_IN_DOSSIER = (files.c.dossier_id == bindparam("dossier")) & _OWNED
# All but the content, which is only read by its own id.
_ABOUT = (
    files.c.id,
    files.c.chat_id,
    files.c.dossier_id,
    files.c.kind,
    files.c.pages,
    files.c.size,
    files.c.sha256,
    files.c.created_at,
)

_load = select(*_ABOUT, files.c.content).where(files.c.id == bindparam("file"), _OWNED)
_alike = select(*_ABOUT).where(_IN_DOSSIER, files.c.mark.in_(bindparam("marks", expanding=True)))
_of_chat = select(*_ABOUT).where(_OWNED).order_by(files.c.created_at, files.c.id)
_here = files.c.dossier_id == bindparam("dossier")
_room = select(
    func.coalesce(func.sum(case((_here, 1), else_=0)), 0),
    func.coalesce(func.sum(case((_here, files.c.size), else_=0)), 0),
    func.count(),
    func.coalesce(func.sum(files.c.size), 0),
).where(_OWNED)
_owner = select(dossiers.c.id).where(
    dossiers.c.id == bindparam("dossier"), dossiers.c.chat_id == bindparam("chat")
)
_add = files.insert()
_drop = delete(files).where(files.c.id == bindparam("file"), _OWNED)


class Files(Session):
    """The exhibits within one transaction: added, never changed, erased when taken out or with their dossier."""

    __slots__ = ()

    def add_file(self, row: FileRow) -> None:
        """Store a file of a dossier that is stored already; `row.created_at` is not looked at.

        Raises NotYours when the dossier is another chat's, Refused when the dossier holds the same
        content or when `size` is not that of the content.
        """
        if self._value(_owner, {"dossier": row.dossier_id, "chat": row.chat_id}) is None:
            raise NotYours("Ce dossier appartient à une autre conversation.")
        if row.size != len(row.content):
            raise Refused("Un fichier n’a pas la taille annoncée.")
        marks = self._ring.marks(row.dossier_id, row.sha256)
        # One kept before the last change of key stands under another mark, which no constraint sees.
        values = {"dossier": row.dossier_id, "chat": row.chat_id, "marks": marks[1:]}
        if marks[1:] and self._row(_alike, values):
            raise Refused("Ce dossier contient déjà ce fichier.")
        self._run(
            _add,
            {
                "id": row.id,
                "chat_id": row.chat_id,
                "dossier_id": row.dossier_id,
                "kind": row.kind,
                "pages": row.pages,
                "size": row.size,
                "sha256": self._ring.seal("files.sha256", row.chat_id, row.id, row.sha256),
                "created_at": self._clock(),
                "content": self._ring.seal_bytes("files.content", row.chat_id, row.id, row.content),
                "mark": marks[0],
            },
        )

    def drop_file(self, file_id: str, chat_id: int) -> None:
        """Erase a file of a chat; nothing happens when there is none, or when it is another chat's."""
        self.erased = True
        self._run(_drop, {"file": file_id, "chat": chat_id})

    def load_file(self, file_id: str, chat_id: int) -> FileRow | None:
        """Give a file with its content; None when there is none, or when it is another chat's."""
        row = self._row(_load, {"file": file_id, "chat": chat_id})
        if row is None:
            return None
        *about, content = row
        content = self._ring.open_bytes("files.content", chat_id, file_id, content)
        return replace(self._opened_file(about), content=content)

    def file_alike(self, dossier_id: str, chat_id: int, sha256: str) -> FileRow | None:
        """Give the file of a dossier that has this content, itself left out; None without one."""
        marks = self._ring.marks(dossier_id, sha256)
        row = self._row(_alike, {"dossier": dossier_id, "chat": chat_id, "marks": marks})
        return None if row is None else self._opened_file(row)

    def files_of(self, chat_id: int) -> list[FileRow]:
        """Give the files of a chat without their content, oldest first."""
        return [self._opened_file(row) for row in self._rows(_of_chat, {"chat": chat_id})]

    def _opened_file(self, about: Sequence[Any]) -> FileRow:
        row = FileRow(*about)
        return replace(row, sha256=self._ring.open("files.sha256", row.chat_id, row.id, row.sha256))

    def room_taken(self, dossier_id: str, chat_id: int) -> FileRoom:
        """Give how many files, and how many bytes, a dossier and its person hold."""
        row = self._row(_room, {"dossier": dossier_id, "chat": chat_id})
        return FileRoom(*(int(figure) for figure in row))
