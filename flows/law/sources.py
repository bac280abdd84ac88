"""Where an article cited by the law's files can be read, and its name in full (`sources.yaml`).

A citation is written in one way: « art. L441-10, II C. com. » (the code last, abbreviated),
« loi n° 75-1334 du 31 décembre 1975, art. 12 », « Cass. com., 18 mai 2022, n° 20-23.204 ». Addresses are
official ones: Légifrance, EUR-Lex, the courts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from flows.law.strict import LawFileError, keys, parse_day, parse_href
from flows.yamlfile import load_yaml

_NUMBER = (
    r"(?:[LRDA]\.? ?)?\d+(?:er)?(?:-\d+)*(?: (?:bis|ter|quater|nonies|sexies)\b)?(?: [A-Z]\b)?"
)
_PART = r"(?:[IVX]+(?: bis)?\b|al\. \d+|\d+°|[a-z]\)|dernier al\.|ann\. [IVX]+)"
_NUMBERS = rf"art\. (?P<numbers>{_NUMBER}(?:,? (?:et |à )?(?:{_NUMBER}|{_PART}))*(?: et s\.)?)"
_BEFORE = re.compile(rf"{_NUMBERS} (?:du (?=code ))?(?P<text>.+)")
_AFTER = re.compile(rf"(?P<text>.+?), {_NUMBERS}")
_SEVERAL = re.compile(rf"(?: et |, | à ){_NUMBER}(?![\d°])|et s\.$")
_FIRST = re.compile(_NUMBER)


@dataclass(frozen=True, slots=True)
class Source:
    """A citation in full and the https address where to read it, "" when none is sure."""

    full: str
    href: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    match: re.Pattern[str]
    name: str
    joined: str
    href: str


@dataclass(frozen=True, slots=True)
class _Text:
    name: str
    joined: str
    href: str


@dataclass(frozen=True, slots=True)
class _Sources:
    codes: Mapping[str, _Text]
    articles: Mapping[str, str]
    texts: Mapping[str, _Text]
    patterns: tuple[_Pattern, ...]


def read_at(citation: str) -> str:
    """Give the official https address of a cited text: its article, else its code, else a search.

    "" when none is sure, or when the citation is not written as citations are.
    """
    found = source_of(citation)
    return found.href if found else ""


def full(citation: str) -> str:
    """Write a citation in full: « article L441-10, II du code de commerce ».

    A citation that is not written as citations are is given back unchanged.
    """
    found = source_of(citation)
    return found.full if found else citation


@cache
def source_of(citation: str) -> Source | None:
    """Give what a citation refers to, None when it is not written as citations are."""
    written = " ".join(citation.split())
    before = _BEFORE.fullmatch(written)
    articles = before or _AFTER.fullmatch(written)
    text = _text(articles["text"] if articles else written, by_article=before is not None)
    if text is None:
        return None
    if articles is None:
        return Source(text.name, text.href)
    numbers = articles["numbers"]
    word = "articles" if _SEVERAL.search(numbers) else "article"
    joined = text.joined if text.joined.endswith("’") else f"{text.joined} "
    return Source(
        f"{word} {numbers} {joined}{text.name}", _address(numbers, articles["text"], text)
    )


def _address(numbers: str, abbreviation: str, text: _Text) -> str:
    first = _FIRST.match(numbers)
    number = re.sub(r"^([LRDA])\.? ?", r"\1", first[0]) if first else ""
    return _sources().articles.get(f"{number} {abbreviation}", text.href)


def _text(written: str, *, by_article: bool) -> _Text | None:
    """Find a text by its abbreviation, its name or its number; a code is only cited by article."""
    sources = _sources()
    if by_article and written in sources.codes:
        return sources.codes[written]
    if written in sources.texts:
        return sources.texts[written]
    for pattern in sources.patterns:
        if found := pattern.match.fullmatch(written):
            groups = found.groupdict()
            return _Text(
                pattern.name.format(**groups), pattern.joined, pattern.href.format(**groups)
            )
    return None


# --- reading ---------------------------------------------------------------------------------

_WHERE = "sources.yaml"


@cache
def _sources() -> _Sources:
    return parse_sources(load_yaml(files("flows.law") / _WHERE))


def parse_sources(data: Any) -> _Sources:
    """Check the content of `sources.yaml`. Raises LawFileError."""
    top = keys(_WHERE, data, {"last_checked_on", "codes", "articles", "texts", "patterns"})
    parse_day(f"{_WHERE}: last_checked_on", top["last_checked_on"])
    codes = {
        name: _Text(code["name"], "du", parse_href(f"{_WHERE}: {name}", code["href"]))
        for name, raw in top["codes"].items()
        for code in (keys(f"{_WHERE}: {name}", raw, {"name", "href"}),)
    }
    texts = {
        name: _Text(text["name"], text["joined"], parse_href(f"{_WHERE}: {name}", text["href"]))
        for name, raw in top["texts"].items()
        for text in (keys(f"{_WHERE}: {name}", raw, {"name", "joined", "href"}),)
    }
    articles = {
        name: parse_href(f"{_WHERE}: {name}", href) for name, href in top["articles"].items()
    }
    for name in articles:
        if not any(name.endswith(f" {code}") for code in codes):
            raise LawFileError(f"{_WHERE}: {name}: no such code")
    return _Sources(codes, articles, texts, tuple(_pattern(raw) for raw in top["patterns"]))


def _pattern(raw: Any) -> _Pattern:
    item = keys(f"{_WHERE}: patterns", raw, {"match", "name", "joined", "href"})
    where = str(item["match"])
    try:
        match = re.compile(where)
    except re.error as error:
        raise LawFileError(f"{_WHERE}: {where}: {error}") from error
    blanks = dict.fromkeys(match.groupindex, "0")
    for text in (item["name"], item["href"]):
        try:
            text.format(**blanks)
        except KeyError as error:
            raise LawFileError(f"{_WHERE}: {where}: no group {error}") from error
    return _Pattern(
        match, item["name"], item["joined"], parse_href(f"{_WHERE}: {where}", item["href"])
    )
