"""Read a data file strictly: an unknown key, a missing one or a wrong type is an error that says where."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

from flows.yamlfile import load_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

E = TypeVar("E", bound=StrEnum)


class BadTableError(ValueError):
    """A data file does not have the form the code expects; the message names the file and the place."""


class Row:
    """A mapping of a data file, read key by key; `done` refuses the keys nobody read."""

    def __init__(self, raw: object, where: str) -> None:
        if not isinstance(raw, dict):
            raise BadTableError(f"{where}: a mapping is expected, not {raw!r}")
        self.where = where
        self._raw: dict[Any, Any] = raw
        self._read: set[Any] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._raw

    def _get(self, name: str) -> object:
        self._read.add(name)
        return self._raw.get(name)

    def fail(self, why: str) -> BadTableError:
        """Give the error that says `why` at this place, to be raised."""
        return BadTableError(f"{self.where}: {why}")

    def text(self, name: str) -> str:
        """Give a text that must be there and not be blank."""
        value = self._get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(f"{name} must be a text")
        return value.strip()

    def text_or_none(self, name: str) -> str | None:
        """Give a text, or None when it is absent or null."""
        return None if self._get(name) is None else self.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a list of texts, empty when absent."""
        value = self._get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise self.fail(f"{name} must be a list of texts")
        if len(set(value)) != len(value):
            raise self.fail(f"{name} holds the same text twice")
        return tuple(value)

    def members(self, name: str, kind: type[E]) -> tuple[E, ...]:
        """Give a list of members of an enumeration, empty when absent."""
        return tuple(self.member(value, kind) for value in self.texts(name))

    def member(self, value: object, kind: type[E]) -> E:
        """Give the member of `kind` that `value` names."""
        try:
            return kind(str(value))
        except ValueError as error:
            raise self.fail(f"{value!r} is no {kind.__name__}") from error

    def integer(self, name: str, default: int | None = None) -> int:
        """Give a whole number; absent, the default, an error when there is none."""
        value = self._get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fail(f"{name} must be a whole number")
        return value

    def whole_numbers(self, name: str) -> tuple[int, ...]:
        """Give a list of whole numbers, empty when absent."""
        value = self._get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(type(v) is int for v in value):
            raise self.fail(f"{name} must be a list of whole numbers")
        return tuple(value)

    def decimal(self, name: str) -> Decimal:
        """Give an exact number, written between quotes in the file."""
        value = self._get(name)
        try:
            number = Decimal(value) if isinstance(value, str) else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            raise self.fail(f"{name} must be a number between quotes")
        return number

    def flag(self, name: str) -> bool:
        """Give true or false, false when absent."""
        value = self._get(name)
        if value is not None and not isinstance(value, bool):
            raise self.fail(f"{name} must be true or false")
        return bool(value)

    def row(self, name: str) -> Row:
        """Give a mapping, empty when absent."""
        value = self._get(name)
        return Row({} if value is None else value, f"{self.where}.{name}")

    def rows(self, name: str) -> Iterator[Row]:
        """Give the mappings of a list, each named by its `id` in errors."""
        value = self._get(name)
        if not isinstance(value, list) or not value:
            raise self.fail(f"{name} must be a list that is not empty")
        for number, raw in enumerate(value, start=1):
            label = raw.get("id", number) if isinstance(raw, dict) else number
            yield Row(raw, f"{self.where}.{name}[{label}]")

    def keys(self) -> tuple[str, ...]:
        """Give every key, and take them as read."""
        self._read.update(self._raw)
        return tuple(str(key) for key in self._raw)

    def integers(self, name: str, kind: type[E]) -> dict[E, int]:
        """Give a mapping from members of `kind` to whole numbers, empty when absent."""
        row = self.row(name)
        return {row.member(key, kind): row.integer(key) for key in row.keys()}  # noqa: SIM118 - a method, not a dict

    def done(self) -> None:
        """Refuse the keys that were not read. Raises BadTableError."""
        unknown = [str(key) for key in self._raw if key not in self._read]
        if unknown:
            raise self.fail(f"unknown key {', '.join(unknown)}")


def load(package: str, name: str) -> Row:
    """Read the data file `name` that lies in `package`. Raises BadTableError, or ValueError if it is no YAML."""
    return Row(load_yaml(files(package).joinpath(name)), name)
