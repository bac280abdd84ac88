"""The French sentence of each refusal and each note (`sentences.yaml`). Plain text: escape it."""

from __future__ import annotations

from functools import cache
from string import Formatter
from typing import TYPE_CHECKING, Any

from flows.reading.data import load, same_keys

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def sentences() -> Mapping[str, str]:
    """Give every sentence by its code. Raises ValueError when the file is wrong."""
    return sentences_from(load("sentences.yaml"))


def sentences_from(data: Mapping[str, Any]) -> Mapping[str, str]:
    """Check the content of `sentences.yaml`: two groups, texts with plain `{names}` only."""
    same_keys("sentences.yaml", data, {"refused", "notes"})
    result: dict[str, str] = {}
    for group, texts in data.items():
        if not isinstance(texts, dict):
            raise ValueError(f"sentences.yaml: {group} must map codes to sentences")
        for code, text in texts.items():
            if not isinstance(text, str) or not text.strip():
                raise ValueError(f"sentences.yaml: {code}: a sentence is expected")
            if code in result:
                raise ValueError(f"sentences.yaml: {code} stands twice")
            if not all(name.isidentifier() for name in _names(text)):
                raise ValueError(f"sentences.yaml: {code}: only plain names in braces")
            result[code] = text.strip()
    return result


def _names(text: str) -> set[str]:
    return {
        f"{name}{spec}{'!' if conversion else ''}"
        for _, name, spec, conversion in Formatter().parse(text)
        if name is not None
    }


def sentence(code: str, **params: str) -> str:
    """Give the sentence of a refused code or of a note, `params` filled in, as plain text.

    Raises KeyError for an unknown code, or when a value that the sentence names is not given.
    """
    try:
        text = sentences()[code]
    except KeyError:
        raise KeyError(f"no sentence for the code {code!r}") from None
    return text.format_map(params)
