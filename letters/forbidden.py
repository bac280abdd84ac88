"""What a text to a debtor may not hold: what the law forbids, and what is out of date.

`forbidden.yaml` lists the prohibitions, each with its articles and the words that betray it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from letters.words import HERE, CatalogueError, read_yaml, vocabulary

_WHERE = "forbidden.yaml"
_KEYS = {"id", "what", "articles", "debtors", "addressees", "words", "patterns"}
_OPTIONAL = re.compile(r"\((\w+)\)")


@dataclass(frozen=True, slots=True)
class Prohibition:
    """One thing that may not be written, `what`, and its articles.

    `debtors`: the kinds of debtor it may not be written to, or about; `addressees`: who may not be
    written it (a court may be told of a seizure); `signs`: the name of each forbidden word or turn,
    with the expression that finds it in a folded text.
    """

    id: str
    what: str
    articles: tuple[str, ...]
    debtors: tuple[str, ...]
    addressees: tuple[str, ...]
    signs: tuple[tuple[str, re.Pattern[str]], ...]

    def found_in(self, text: str) -> tuple[str, ...]:
        """Give the names of the forbidden words and turns a text holds, () when none."""
        plain = _plain(text)
        return tuple(name for name, pattern in self.signs if pattern.search(plain))


def prohibitions() -> tuple[Prohibition, ...]:
    """Give everything that may not be written, in the order of the file."""
    return _prohibitions()


def forbidden_in(text: str, debtor_kind: str, addressee: str = "debiteur") -> tuple[str, ...]:
    """Give the forbidden words found in a text about this kind of debtor, () when none.

    `addressee`: who reads it, by default the debtor.
    """
    plain = _plain(text)
    return tuple(name for name, pattern in _signs(debtor_kind, addressee) if pattern.search(plain))


def _plain(text: str) -> str:
    """Fold case, accents, apostrophes, no-break spaces and the writing of article numbers."""
    text = unicodedata.normalize("NFKD", text.replace("’", "'"))
    text = "".join(char for char in text if not unicodedata.combining(char)).casefold()
    text = re.sub(r"\b([lrd])\.?\s*(?=\d)", r"\1", text)
    return re.sub(r"\s+", " ", text)


@cache
def _signs(debtor_kind: str, addressee: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    held = (
        item
        for item in _prohibitions()
        if debtor_kind in item.debtors and addressee in item.addressees
    )
    return tuple(dict(sign for item in held for sign in item.signs).items())


# --- reading ---------------------------------------------------------------------------------


@cache
def _prohibitions() -> tuple[Prohibition, ...]:
    return parse_prohibitions(read_yaml(HERE / _WHERE))


def parse_prohibitions(data: dict[str, Any]) -> tuple[Prohibition, ...]:
    """Make the prohibitions of the content of their file. Raises CatalogueError."""
    if set(data) != {"let", "prohibitions"}:
        raise CatalogueError(f"{_WHERE} holds let and prohibitions")
    found = tuple(_prohibition(raw, data["let"]) for raw in data["prohibitions"])
    if len({item.id for item in found}) != len(found):
        raise CatalogueError(f"{_WHERE}: the same id twice")
    return found


def _prohibition(raw: dict[str, Any], let: Mapping[str, str]) -> Prohibition:
    where = f"{_WHERE}: {raw.get('id')}"
    if missing := {"id", "what", "articles"} - set(raw):
        raise CatalogueError(f"{where}: missing {', '.join(sorted(missing))}")
    if extra := set(raw) - _KEYS:
        raise CatalogueError(f"{where}: unknown {', '.join(sorted(extra))}")
    debtors = _among(where, "debtors", raw.get("debtors", vocabulary()["debtors"]))
    addressees = _among(where, "addressees", raw.get("addressees", ["debiteur"]))
    signs = [_word(where, word) for word in raw.get("words", [])]
    signs += [
        _pattern(where, name, expression, let)
        for name, expression in raw.get("patterns", {}).items()
    ]
    if not raw["what"] or not raw["articles"] or not signs:
        raise CatalogueError(f"{where}: what, an article and a word or pattern are expected")
    return Prohibition(
        raw["id"], raw["what"], tuple(raw["articles"]), debtors, addressees, tuple(signs)
    )


def _among(where: str, kind: str, words: list[str]) -> tuple[str, ...]:
    if unknown := set(words) - set(vocabulary()[kind]):
        raise CatalogueError(f"{where}: unknown {kind}: {', '.join(sorted(unknown))}")
    return tuple(words)


def _word(where: str, word: Any) -> tuple[str, re.Pattern[str]]:
    """Compile a whole word or phrase; « saisie(s) » is named « saisie »."""
    if not isinstance(word, str) or not word.strip():
        raise CatalogueError(f"{where}: a word in quotes is expected, not {word!r}")
    ends = (f"(?:{piece})?" if i % 2 else re.escape(piece) for i, piece in _pieces(word))
    return _OPTIONAL.sub("", word), re.compile(rf"(?<!\w){''.join(ends)}(?!\w)")


def _pieces(word: str) -> enumerate[str]:
    """Split a folded word into what must stand there (even places) and what may (odd places)."""
    return enumerate(_OPTIONAL.split(_plain(word)))


def _pattern(
    where: str, name: str, expression: Any, let: Mapping[str, str]
) -> tuple[str, re.Pattern[str]]:
    """Compile an expression, which must be written as a folded text is."""
    if not isinstance(expression, str):
        raise CatalogueError(f"{where}: {name}: an expression in quotes is expected")
    for short, meaning in let.items():
        expression = expression.replace(f"%{short}%", meaning)
    if _accented(expression) or "%" in expression:
        raise CatalogueError(f"{where}: {name}: an accent, a capital, or an unknown %name%")
    try:
        return name, re.compile(expression)
    except re.error as error:
        raise CatalogueError(f"{where}: {name}: {error}") from error


def _accented(expression: str) -> bool:
    bare = re.sub(r"\\.", "", expression)
    return bare != _plain(bare)
