"""Dossiers and their acts. Every way in names the chat: nobody reaches another's dossier."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select, update

from bot.store.errors import NotYours, Refused
from bot.store.rows import ActRow, DossierRow, OutlineRow
from bot.store.schema import acts, conversations, dossiers
from bot.store.session import Session, insert

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from sqlalchemy import Executable

_OWNED = (dossiers.c.id == bindparam("dossier")) & (dossiers.c.chat_id == bindparam("chat"))
_DOSSIER = (
    dossiers.c.id,
    dossiers.c.chat_id,
    dossiers.c.data,
    dossiers.c.status,
    dossiers.c.opened_on,
    dossiers.c.debtor_name,
    dossiers.c.updated_at,
)
_ACT = (acts.c.kind, acts.c.on_day, acts.c.at, acts.c.data, acts.c.seq)

_load = select(*_DOSSIER).where(_OWNED)
_acts = select(*_ACT).where(acts.c.dossier_id == bindparam("dossier")).order_by(acts.c.seq)
_all = (
    select(*_DOSSIER)
    .where(dossiers.c.chat_id == bindparam("chat"))
    .order_by(dossiers.c.updated_at.desc(), dossiers.c.id)
    .limit(bindparam("count"))
)
_all_with = _all.where(dossiers.c.status == bindparam("status"))
_named = select(*_DOSSIER).where(
    dossiers.c.chat_id == bindparam("chat"),
    dossiers.c.id.in_(bindparam("dossiers", expanding=True)),
)
_outlines = (
    select(dossiers.c.id, dossiers.c.status, dossiers.c.debtor_name, dossiers.c.outline)
    .where(dossiers.c.chat_id == bindparam("chat"))
    .order_by(dossiers.c.updated_at.desc(), dossiers.c.id)
    .limit(bindparam("count"))
)
_outline = update(dossiers).where(_OWNED).values(outline=bindparam("made"))
_finished = (
    select(dossiers.c.chat_id)
    .where(
        dossiers.c.status.in_(["paye", "clos"]),
        dossiers.c.updated_at <= bindparam("before"),
        dossiers.c.chat_id > bindparam("after"),
    )
    .distinct()
    .order_by(dossiers.c.chat_id)
    .limit(bindparam("count"))
)
_acts_of_many = (
    select(acts.c.dossier_id, *_ACT)
    .where(acts.c.dossier_id.in_(bindparam("dossiers", expanding=True)))
    .order_by(acts.c.dossier_id, acts.c.seq)
)
_last_act = select(func.coalesce(func.max(acts.c.seq), 0)).where(
    acts.c.dossier_id == bindparam("dossier")
)
_append = acts.insert()
_leave = (
    update(conversations)
    .where(
        conversations.c.chat_id == bindparam("chat"),
        conversations.c.dossier_id == bindparam("dossier"),
    )
    .values(dossier_id=None, version=conversations.c.version + 1)
)
_erase = delete(dossiers).where(_OWNED)


_CHANGING = ("data", "status", "debtor_name", "updated_at", "outline")


@cache
def _save(postgresql: bool) -> Executable:
    new = insert(dossiers, postgresql=postgresql)
    return new.on_conflict_do_update(
        index_elements=[dossiers.c.id],
        set_={name: new.excluded[name] for name in _CHANGING},
        where=dossiers.c.chat_id == new.excluded.chat_id,
    )


class Dossiers(Session):
    """The dossiers within one transaction."""

    __slots__ = ()

    def load_dossier(self, dossier_id: str, chat_id: int) -> DossierRow | None:
        """Give a dossier with its acts; None when there is none, or when it is another chat's."""
        row = self._row(_load, {"dossier": dossier_id, "chat": chat_id})
        if row is None:
            return None
        return self._opened_dossier(row, self._rows(_acts, {"dossier": dossier_id}))

    def dossiers_of(
        self, chat_id: int, limit: int = 50, status: str | None = None
    ) -> list[DossierRow]:
        """Give a chat's dossiers with their acts, the latest changed first."""
        values = {"chat": chat_id, "count": limit}
        rows = (
            self._rows(_all, values)
            if status is None
            else self._rows(_all_with, {**values, "status": status})
        )
        return self._with_acts(rows)

    def dossiers_named(self, ids: Sequence[str], chat_id: int) -> list[DossierRow]:
        """Give these dossiers with their acts, in any order, without those that are not this chat's."""
        return self._with_acts(self._rows(_named, {"dossiers": list(ids), "chat": chat_id}))

    def chats_with_finished(self, before: int, after: int | None, limit: int) -> list[int]:
        """Give the chats past `after`, in order, with a paid or closed dossier unchanged since `before`."""
        start = -(2**63) if after is None else after
        rows = self._rows(_finished, {"before": before, "after": start, "count": limit})
        return [row[0] for row in rows]

    def outlines_of(self, chat_id: int, limit: int = 50) -> list[OutlineRow]:
        """Give what a list says of a chat's dossiers, the latest changed first."""
        rows = self._rows(_outlines, {"chat": chat_id, "count": limit})
        return [
            OutlineRow(
                id_,
                status,
                self._ring.open("dossiers.debtor_name", chat_id, id_, name),
                self._ring.open("dossiers.outline", chat_id, id_, outline),
            )
            for id_, status, name, outline in rows
        ]

    def save_outlines(self, chat_id: int, made: Mapping[str, str]) -> None:
        """Keep outlines by dossier; the dossiers themselves are as they were."""
        if made:
            rows = [
                {
                    "dossier": one,
                    "chat": chat_id,
                    "made": self._ring.seal("dossiers.outline", chat_id, one, text),
                }
                for one, text in made.items()
            ]
            self._run(_outline, rows)

    def _with_acts(self, rows: Sequence[Any]) -> list[DossierRow]:
        if not rows:
            return []
        history: defaultdict[str, list[Sequence[Any]]] = defaultdict(list)
        for dossier_id, *act in self._rows(_acts_of_many, {"dossiers": [row[0] for row in rows]}):
            history[dossier_id].append(act)
        return [self._opened_dossier(row, history[row[0]]) for row in rows]

    def _opened_dossier(self, row: Sequence[Any], history: Sequence[Sequence[Any]]) -> DossierRow:
        dossier_id, chat_id, data, status, opened_on, debtor_name, updated_at = row
        opened = self._ring.open
        return DossierRow(
            dossier_id,
            chat_id,
            opened("dossiers.data", chat_id, dossier_id, data),
            status,
            date.fromisoformat(opened_on),
            opened("dossiers.debtor_name", chat_id, dossier_id, debtor_name),
            updated_at,
            tuple(
                ActRow(
                    kind,
                    date.fromisoformat(on),
                    datetime.fromisoformat(at),
                    opened("acts.data", chat_id, act_key(dossier_id, seq), about),
                    seq,
                )
                for kind, on, at, about, seq in history
            ),
        )

    def save_dossier(self, row: DossierRow, new_acts: Sequence[ActRow] = ()) -> None:
        """Store a dossier (new or known) and append `new_acts`; `row.acts` is not looked at.

        The day it was opened and its owner never change. Raises NotYours when it is another chat's,
        Refused when an act's instant has no time zone.
        """
        seal = self._ring.seal
        done = self._count(
            _save(self.postgresql),
            {
                "id": row.id,
                "chat_id": row.chat_id,
                "data": seal("dossiers.data", row.chat_id, row.id, row.data),
                "status": row.status,
                "debtor_name": seal("dossiers.debtor_name", row.chat_id, row.id, row.debtor_name),
                "opened_on": row.opened_on.isoformat(),
                "updated_at": self._clock(),
                "outline": seal("dossiers.outline", row.chat_id, row.id, row.outline),
            },
        )
        if not done:
            raise NotYours("Ce dossier appartient à une autre conversation.")
        if not new_acts:
            return
        # The chat is locked: nobody else adds to it, and an act is sealed for the number it takes.
        last = self._value(_last_act, {"dossier": row.id})
        self._run(
            _append,
            [
                {
                    "dossier_id": row.id,
                    "seq": seq,
                    "kind": act.kind,
                    "on_day": act.on.isoformat(),
                    "at": _instant(act.at),
                    "data": seal("acts.data", row.chat_id, act_key(row.id, seq), act.data),
                }
                for seq, act in enumerate(new_acts, last + 1)
            ],
        )

    def erase_dossier(self, dossier_id: str, chat_id: int) -> bool:
        """Remove a dossier with its acts and reminders. False when there is none of this chat.

        A conversation that stood in it leaves it, with a new version.
        """
        self.erased = True
        values = {"dossier": dossier_id, "chat": chat_id}
        self._run(_leave, values)
        return self._count(_erase, values) == 1


def _instant(at: datetime) -> str:
    if at.tzinfo is None:
        raise Refused("Un acte porte un instant sans fuseau horaire.")
    return at.astimezone(UTC).isoformat()


def act_key(dossier_id: str, seq: int) -> str:
    """Name an act by its dossier and its number."""
    return f"{dossier_id}/{seq}"
