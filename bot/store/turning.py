"""Which keys the rows are under, noted and counted, and the rows sealed again under the first.

A page of rows is read, sealed outside any lock, then written where each is still what was read: what
the running bot changed meanwhile is left to the next look.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from bot.store.dossiers import act_key
from bot.store.errors import Altered, KeyMissing
from bot.store.schema import acts, conversations, dossiers, files, inbox, outbox, seal_keys
from bot.store.sealing import NOTHING, PREFIX_LENGTH, SEALED
from bot.store.session import Session, insert_new

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Column, ColumnElement, Select, Table, Update

    from bot.store.store import Store

PLAIN = "plain"
"""What stands for a key where rows are not sealed."""
_PASSES = 5
"""How often a table is gone through, for the sake of rows that were in use."""
_COMPARED = 64
"""Of a file's content, the bytes by which it is known still to be the one that was read."""


@dataclass(frozen=True)
class Sealed:
    """A table with sealed texts. `own` makes of a row's key what its texts are bound to."""

    table: Table
    columns: tuple[str, ...]
    own: Callable[..., object]
    page: int = 500

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    @cached_property
    def key(self) -> tuple[Column[Any], ...]:
        """The columns that name a row."""
        return tuple(self.table.primary_key.columns)

    @cached_property
    def start(self) -> tuple[object, ...]:
        """What stands before the key of any row."""
        lowest = {"text": "", "integer": -(2**31), "big_integer": -(2**63)}
        return tuple(lowest[column.type.__visit_name__] for column in self.key)

    @cached_property
    def told_by(self) -> tuple[Column[Any], ...]:
        """The columns that tell under which key a row is: not the content of a file, too long to be read for it."""
        return tuple(self.table.c[name] for name in self.columns if name != "content")

    @cached_property
    def _source(self) -> Any:
        # Only the dossier knows whose an act is.
        return self.table.join(dossiers) if self.table is acts else self.table

    @cached_property
    def _chat(self) -> Column[Any]:
        return dossiers.c.chat_id if self.table is acts else self.table.c.chat_id

    @cached_property
    def waiting(self) -> Select[Any]:
        """Ask for a page of rows past the key `after_…` of which a text is not under the key `prefix`."""
        after = [bindparam(f"after_{n}", type_=c.type) for n, c in enumerate(self.key)]
        extra = [files.c.dossier_id] if self.table is files else []
        asked = [*self.key, self._chat, *(self.table.c[name] for name in self.columns), *extra]
        return (
            select(*asked)
            .select_from(self._source)
            .where(tuple_(*self.key) > tuple_(*after), self._elsewhere())
            .order_by(*self.key)
            .limit(bindparam("count"))
        )

    @cached_property
    def one(self) -> Select[Any]:
        """Ask for any row."""
        return select(literal(1)).select_from(self.table).limit(1)

    @cached_property
    def left(self) -> Select[Any]:
        """Ask for one row that is not under the key `prefix`."""
        return self.one.where(self._elsewhere())

    def _elsewhere(self) -> ColumnElement[bool]:
        return or_(
            *(
                and_(func.substr(c, 1, PREFIX_LENGTH) != bindparam("prefix"), c.not_in(NOTHING))
                for c in self.told_by
            )
        )

    @cached_property
    def labels(self) -> Select[Any]:
        """Ask how many rows there are by the keys of their texts."""
        labels = [
            case(
                (func.substr(c, 1, len(SEALED)) == SEALED, func.substr(c, len(SEALED) + 1, 8)),
                (c.in_(NOTHING), ""),
                else_=PLAIN,
            ).label(f"k{n}")
            for n, c in enumerate(self.told_by)
        ]
        # Worked out once, below: a database cannot know that two expressions with parameters are one.
        found = select(*labels).select_from(self.table).subquery()
        return select(func.count(), *found.c).group_by(*found.c)

    @cached_property
    def locked(self) -> Select[Any]:
        """Ask to lock a row of the key `key_…`, unless somebody has it: whoever waits for none crosses nobody."""
        return (
            select(literal(1)).where(self._this()).with_for_update(skip_locked=True, of=self.table)
        )

    @cached_property
    def rewrite(self) -> Update:
        """Write the texts `new_…` of a row where they are still `old_…`."""
        same = [
            func.substr(self.table.c[name], 1, _COMPARED) == bindparam(f"old_{name}")
            if name == "content"
            else self.table.c[name] == bindparam(f"old_{name}")
            for name in self.columns
        ]
        names = (*self.columns, "mark") if self.table is files else self.columns
        new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        return update(self.table).where(self._this(), *same).values(new)

    def _this(self) -> ColumnElement[bool]:
        return and_(*(c == bindparam(f"key_{n}") for n, c in enumerate(self.key)))


TABLES = (
    Sealed(conversations, ("data",), lambda _: ""),
    Sealed(dossiers, ("data", "debtor_name", "outline"), lambda id_: id_),
    Sealed(acts, ("data",), act_key),
    Sealed(files, ("sha256", "content"), lambda id_: id_, page=4),
    Sealed(inbox, ("payload",), lambda update_id: update_id),
    Sealed(outbox, ("payload",), lambda _: ""),
)
"""Every column that is sealed, by table."""

_noted = select(seal_keys.c.key_id, seal_keys.c.check_value, seal_keys.c.since).order_by(
    seal_keys.c.since, seal_keys.c.key_id
)
_forget = delete(seal_keys).where(seal_keys.c.key_id == bindparam("gone"))


class Turning(Session):
    """The keys of the rows, within one transaction."""

    __slots__ = ()

    def noted_keys(self) -> Mapping[str, int]:
        """Give the keys that rows may be under, `plain` among them, each with since when (epoch seconds)."""
        return {key_id: since for key_id, _, since in self._rows(_noted)}

    def check_keys(self) -> None:
        """Raise KeyMissing when rows may be under a key that is not here, or that is another of that name."""
        for key_id, check_value, _ in self._rows(_noted):
            if key_id == PLAIN:
                continue
            if key_id not in self._ring:
                raise KeyMissing(key_id)
            try:
                self._ring.check(key_id, check_value)
            except Altered:
                raise KeyMissing(key_id) from None

    def note_key(self) -> None:
        """Check the keys, then note that rows may be under the first from now on. Raises KeyMissing."""
        self.check_keys()
        first, noted = self._ring.first, self.noted_keys()
        if first is None or first.id in noted:
            return
        new = [{"key_id": first.id, "check_value": self._ring.check_value()}]
        if not noted and any(self._value(t.one) for t in TABLES):
            new.append({"key_id": PLAIN, "check_value": ""})
        self._run(
            insert_new(seal_keys, postgresql=self.postgresql),
            [{**row, "since": self._clock()} for row in new],
        )

    def rows_by_key(self) -> Mapping[str, int]:
        """Count the rows under each key, and `plain`; one under two keys counts twice. Reads every row."""
        found: Counter[str] = Counter()
        for sealed in TABLES:
            for count, *labels in self._rows(sealed.labels):
                for label in {label for label in labels if label}:
                    found[label] += count
        return found

    def waiting_to_turn(self, sealed: Sealed, after: Sequence[Any]) -> list[dict[str, Any]]:
        """Give a page of rows to be sealed again, already sealed under the first key: to be given to `turn_rows`.

        `after` is the key of the last row looked at. Of a row that was altered comes its key alone: it
        is left as it is. Raises KeyMissing.
        """
        values = {
            "prefix": self._ring.prefix,
            "count": sealed.page,
            **{f"after_{n}": value for n, value in enumerate(after)},
        }
        found = []
        for row in self._rows(sealed.waiting, values):
            key, rest = row[: len(sealed.key)], row[len(sealed.key) :]
            named = {f"key_{n}": value for n, value in enumerate(key)}
            try:
                found.append(named | self._turned(sealed, sealed.own(*key), rest))
            except Altered:
                found.append(named)
        return found

    def _turned(self, sealed: Sealed, own: object, row: Sequence[Any]) -> dict[str, Any]:
        chat, *rest = row
        ring, turned = self._ring, dict[str, Any]()
        for name, stored in zip(sealed.columns, rest, strict=False):
            place = f"{sealed.name}.{name}"
            if name == "content":
                content = ring.open_bytes(place, chat, own, stored)
                turned["old_content"] = bytes(stored[:_COMPARED])
                turned["new_content"] = ring.seal_bytes(place, chat, own, content)
                continue
            opened = ring.open(place, chat, own, stored)
            turned[f"old_{name}"] = stored
            turned[f"new_{name}"] = ring.seal(place, chat, own, opened)
            if name == "sha256":
                turned["new_mark"] = ring.marks(rest[-1], opened)[0]
        return turned

    def turn_rows(self, sealed: Sealed, rows: Sequence[dict[str, Any]]) -> int:
        """Write rows sealed again; give how many were still what had been read."""
        locked, rewrite, done = sealed.locked, sealed.rewrite, 0
        for row in rows:
            keys = {name: value for name, value in row.items() if name.startswith("key_")}
            if keys == row:
                continue  # altered
            if not self.postgresql or self._value(locked, keys):
                done += self._count(rewrite, row)
        return done

    def all_turned(self) -> bool:
        """Tell whether every row is under the first key. Reads every row."""
        return not any(self._value(t.left, {"prefix": self._ring.prefix}) for t in TABLES)

    def forget_keys(self) -> list[str]:
        """Forget the keys, and `plain`, that no row is under once `all_turned`: all but the first; give them.

        A process that still seals with one of them notes it again at its next look.
        """
        gone = [key for key in self.noted_keys() if key != self._ring.keys[0].id]
        if gone:
            self._run(_forget, [{"gone": key} for key in gone])
        return gone


def turn(store: Store) -> Iterator[tuple[str, int]]:
    """Seal every row again that is not under the first key; give, page by page, the table and how many rows.

    Each page is a transaction: stopped anywhere, what is left is done the next time. Raises StoreError,
    KeyMissing among them.
    """
    for sealed in TABLES:
        for _ in range(_PASSES):
            after, left = sealed.start, 0
            while True:
                with store.read() as tx:
                    rows = tx.waiting_to_turn(sealed, after)
                if not rows:
                    break
                with store.write() as tx:
                    done = tx.turn_rows(sealed, rows)
                left += len(rows) - done
                after = tuple(rows[-1][f"key_{n}"] for n in range(len(sealed.key)))
                yield sealed.name, done
            if not left:
                break
