"""A document for several invoices: its words for one, said for several (`several.yaml`).

Documents are written for one invoice, which is what nearly all dossiers hold. Where several are claimed, the phrases of
`several.yaml` take the place of those that speak of one, before anything typed comes in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from letters.documents import Document
from letters.format import Blank, enumeration
from letters.template import as_data, line
from letters.words import HERE, read_yaml

_GAP = r"(?:[ \t]*\n[ \t]*|[ \t]+)"
"""Between two words of a phrase: a space, or one line end."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """What `several.yaml` holds: phrases to replace, longest first; each invoice in words; documents of one alone."""

    phrases: tuple[tuple[str, str], ...]
    names: Mapping[str, str]
    of_one: frozenset[str]
    whole: frozenset[str]


@cache
def phrases() -> Phrases:
    """Load the file. Raises KeyError when a part is missing."""
    read = read_yaml(HERE / "several.yaml")
    pairs = [(item["one"].strip(), item["several"].strip("\n")) for item in read["phrases"]]
    pairs.sort(key=lambda pair: len(pair[0]), reverse=True)
    return Phrases(tuple(pairs), read["names"], frozenset(read["of_one"]), frozenset(read["whole"]))


def of_one(document_id: str) -> bool:
    """Tell whether a document can only be about one invoice, whatever else is owed."""
    return document_id in phrases().of_one


def of_all(document: Document) -> bool:
    """Tell whether a document is about all that is owed, even what is not due yet."""
    return bool({document.id, document.family} & phrases().whole)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(_GAP.join(re.escape(word) for word in one.split())), several)
        for one, several in phrases().phrases
    )


def _said(source: str) -> str:
    for pattern, several in _patterns():
        source = pattern.sub(lambda _, by=several: by, source)  # type: ignore[misc]
    return source


@cache
def for_several(document: Document) -> Document:
    """Give a document whose texts speak of several invoices: they read `factures` and `invoices`."""
    return replace(
        document,
        subject=_said(document.subject),
        references=tuple(map(_said, document.references)),
        enclosures=tuple(map(_said, document.enclosures)),
        sending=tuple((key, _said(text)) for key, text in document.sending),
        body=_said(document.body),
        body_tu=_said(document.body_tu),
    )


def in_words(
    invoices: Sequence[Mapping[str, Any]], today: object, unknown: Blank | None = None
) -> dict[str, Any]:
    """Give the invoices {number, on, due_on, remaining} in the words of the file, by the name of each way.

    `liste` is those of `datees`, one by one; the other ways are joined with commas and « et ». `unknown` stands for
    the number of the first one when it is not known.
    """
    said: dict[str, Any] = {}
    for name, source in phrases().names.items():
        each = [
            line(
                source,
                {
                    "on": None,
                    **as_data(item),
                    "number": item["number"] or (unknown if at == 0 else None),
                    "today": today,
                },
            )
            for at, item in enumerate(invoices)
        ]
        said[name] = enumeration(each)
        if name == "datees":
            said["liste"] = each
    return said
