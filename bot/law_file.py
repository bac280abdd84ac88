"""The operator's own values of the law: their file read, and said in one line when it is wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.settings import PREFIX, SettingsError, trouble
from flows.law import LawFileError, law_with, load_law
from flows.law.wording import day_text
from flows.yamlfile import load_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from flows.law import Law
    from flows.law.own_values import OwnLine

_LINE = re.compile(r"line (\d+)")


def read_law(file: Path | None, today: date | None = None) -> tuple[Law, tuple[OwnLine, ...]]:
    """Give the law, completed by the operator's file when there is one, and what its lines did.

    `today`: a line that says it was checked on a later day is refused; None when the file was
    looked at before. Raises SettingsError with one French line when the file cannot be used.
    """
    law = load_law()
    if file is None:
        return law, ()
    try:
        law, own = law_with(law, _content(file))
    except LawFileError as error:
        raise _wrong(file, error.french or str(error)) from None
    for line in own:
        if today is not None and line.checked_on > today:
            raise _wrong(
                file,
                f"{line.parameter}.last_checked_on\u00a0: {day_text(line.checked_on)} n’est pas"
                " encore venu\u00a0; attendu\u00a0: le jour où vous avez lu la source.",
            )
    return law, own


def emptiness(file: Path | None, own: Sequence[OwnLine]) -> str:
    """Say in one line that the operator's file holds nothing, "" when it does or there is none."""
    if file is None or own:
        return ""
    return str(
        _wrong(file, "ce fichier est vide, seules les valeurs de la version installée servent.")
    )


def _content(file: Path) -> Any:
    try:
        return load_yaml(file)
    except OSError as error:
        raise _wrong(file, f"ce fichier ne peut pas être lu ({trouble(error)}).") from None
    except UnicodeDecodeError:
        raise _wrong(file, "ce fichier n’est pas du texte en UTF-8.") from None
    except (ValueError, TypeError, RecursionError) as error:
        # Not YAML, a key that stands twice, a day that no calendar has.
        line = _LINE.search(str(error))
        where = f", vers la ligne {line[1]}" if line else ""
        reason = "ce n’est pas du YAML, une clé y est répétée ou une date n’existe pas"
        raise _wrong(file, f"fichier illisible{where}\u00a0: {reason}.") from None


def _wrong(file: Path, why: str) -> SettingsError:
    return SettingsError(f"{PREFIX}LAW_FILE, {file}\u00a0: {why}")
