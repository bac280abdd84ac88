"""Strict reading of the small pieces of a file of the law: keys, days, texts, words of a list.

Each refusal says in English and in one line of French where it is and what was expected.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from flows.law.wording import sentence

_E = TypeVar("_E", bound=StrEnum)
_SHOWN = 80
"""Characters of a wrong value that are repeated to the operator."""


class LawFileError(ValueError):
    """A file of the law does not hold what it should; the message names the file and the place.

    `french` says the same in one line, "" for what can only be wrong in the package itself.
    """

    def __init__(self, message: str, french: str = "") -> None:
        super().__init__(message)
        self.french = french


def refused(where: str, english: str, key: str, **shown: object) -> LawFileError:
    """Give the error for a place of a file: in English, and in French by the sentence `file_<key>`."""
    texts = {name: str(value)[:_SHOWN] for name, value in shown.items()}
    return LawFileError(f"{where}: {english}", sentence(f"file_{key}", where=where, **texts))


def keys(
    where: str, data: Any, required: Set[str], optional: Set[str] = frozenset()
) -> Mapping[str, Any]:
    """Give `data` back when it is a mapping with these keys and no other. Raises LawFileError."""
    if not isinstance(data, dict):
        raise refused(where, "a mapping is expected", "mapping")
    if missing := sorted(required - set(data)):
        raise refused(where, f"missing {missing}", "missing", keys=", ".join(missing))
    if extra := sorted(map(str, set(data) - required - optional)):
        raise refused(where, f"unknown {extra}", "unknown", keys=", ".join(extra))
    return data


def parse_day(where: str, value: Any) -> date:
    """Give a day as YAML reads it. Raises LawFileError for anything else."""
    if type(value) is not date:
        raise refused(
            where, f"a day such as 2026-07-01 is expected, not {value!r}", "day", value=value
        )
    return value


def parse_day_or_none(where: str, value: Any) -> date | None:
    """Give a day, or None for an empty value. Raises LawFileError for anything else."""
    return None if value is None else parse_day(where, value)


def parse_href(where: str, value: Any) -> str:
    """Give an https address, or "". Raises LawFileError for anything else."""
    if value != "" and not (isinstance(value, str) and value.startswith("https://")):
        raise refused(where, f"{value!r} is not an https address", "href", value=value)
    return str(value)


def parse_member(kind: type[_E], where: str, value: Any) -> _E:
    """Give the member of a list of words. Raises LawFileError for another word."""
    try:
        return kind(value)
    except ValueError as error:
        known = [str(member) for member in kind]
        raise refused(
            where,
            f"{value!r} is not one of {known}",
            "member",
            value=value,
            members=", ".join(known),
        ) from error


def parse_text(where: str, value: Any) -> str:
    """Give a text without the spaces around it. Raises LawFileError when empty or not a text."""
    if not isinstance(value, str) or not value.strip():
        raise refused(where, f"a text in quotes is expected, not {value!r}", "text", value=value)
    return value.strip()


def parse_texts(where: str, value: Any, *, least: int = 0) -> tuple[str, ...]:
    """Give a list of texts, `least` of them or more, as a tuple. Raises LawFileError."""
    if not isinstance(value, list):
        raise refused(where, f"a list of texts is expected, not {value!r}", "list", value=value)
    if len(value) < least:
        raise refused(where, f"a list of at least {least} is expected", "list", value=value)
    return tuple(parse_text(where, item) for item in value)


def parse_flag(where: str, value: Any) -> bool:
    """Give true or false. Raises LawFileError for anything else."""
    if not isinstance(value, bool):
        raise refused(where, f"true or false is expected, not {value!r}", "flag", value=value)
    return value
