"""Words a text to a debtor may not hold: what the law forbids, and what is out of date."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from letters.words import HERE, CatalogueError, read_yaml, vocabulary


def _plain(text: str) -> str:
    """Fold case, accents, apostrophes, no-break spaces and the writing of article numbers."""
    text = unicodedata.normalize("NFKD", text.replace("’", "'"))
    text = "".join(char for char in text if not unicodedata.combining(char)).casefold()
    text = re.sub(r"\b([lrd])\.?\s*(?=\d)", r"\1", text)
    return re.sub(r"\s+", " ", text)


@cache
def _patterns(debtor_kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    data = read_yaml(HERE / "forbidden.yaml")
    if set(data) != {"everywhere", "by_debtor"}:
        raise CatalogueError("forbidden.yaml holds everywhere and by_debtor")
    if unknown := set(data["by_debtor"]) - set(vocabulary()["debtors"]):
        raise CatalogueError(f"forbidden.yaml: unknown debtor {', '.join(sorted(unknown))}")
    words = [*data["everywhere"], *data["by_debtor"].get(debtor_kind, [])]
    return tuple((w, re.compile(rf"(?<!\w){re.escape(_plain(w))}(?!\w)")) for w in words)


def forbidden_in(text: str, debtor_kind: str) -> tuple[str, ...]:
    """Give the forbidden words found in a text meant for this kind of debtor, () when none."""
    plain = _plain(text)
    return tuple(word for word, pattern in _patterns(debtor_kind) if pattern.search(plain))
