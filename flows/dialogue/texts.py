"""What the bot says: files under `texts/`, filled in safely.

Bodies are HTML of Telegram's small subset with autoescape on, so what a person typed is escaped here and
nowhere else. Labels of buttons are plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from flows.dialogue.screens import Choice
from flows.yamlfile import load_yaml

_BLANKS = re.compile(r"\n{3,}")
LABEL_LIMIT = 60
"""Characters of a button's words: more is cut by phones anyway."""


class Words:
    """A text to fill in: constant ones stay as they are, the others are compiled at first use."""

    __slots__ = ("_environment", "_source", "_template")

    def __init__(self, environment: ImmutableSandboxedEnvironment, source: str) -> None:
        self._environment = environment
        self._source = source
        self._template: Template | None = None

    def fill(self, values: dict[str, Any]) -> str:
        """Give the text with its values; raises UndefinedError when one is missing."""
        if self._template is None:
            if "{" not in self._source:
                return self._source
            self._template = self._environment.from_string(self._source)
            # A plain mapping: the one it comes with is walked through in Python each time it is filled.
            self._template.globals = dict(self._template.globals)
        return self._template.render(values)


@dataclass(frozen=True, slots=True)
class Text:
    """One entry: its body and its buttons, in order."""

    body: Words
    choices: tuple[tuple[str, Words], ...]


def _environment(*, escape: bool) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        autoescape=escape, undefined=StrictUndefined, keep_trailing_newline=False
    )


@cache
def texts() -> dict[str, Text]:
    """Load every text. Raises ValueError when a key stands in two files."""
    html, plain = _environment(escape=True), _environment(escape=False)
    found: dict[str, Text] = {}
    folder = resources.files("flows.dialogue") / "texts"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".yaml"):
            continue
        for key, entry in load_yaml(file).items():
            if key in found or not set(entry) <= {"text", "choices"}:
                raise ValueError(f"{file.name}: {key} stands twice or holds an unknown field")
            choices = tuple(
                (str(name), Words(plain, str(label))) for name, label in entry.get("choices", ())
            )
            found[key] = Text(Words(html, str(entry["text"])), choices)
    return found


def say(key: str, **values: Any) -> str:
    """Give the text `key` as HTML; every value that is not `Markup` is escaped. KeyError when unknown."""
    return _BLANKS.sub("\n\n", texts()[key].body.fill(values)).strip()


def words(key: str, **values: Any) -> str:
    """Give the short text `key` as plain words, for a place that escapes it itself."""
    return _plain(say(key, **values))


def _plain(body: str) -> str:
    # `say` made this HTML, so taking its marks off is safe; nothing is added to it.
    return str(Markup(body).striptags()) if "<" in body or "&" in body else body  # noqa: S704


def buttons(key: str, only: Iterable[str] | None = None, **values: Any) -> list[Choice]:
    """Give the buttons of `key`; with `only`, those named there, in the file's order."""
    wanted = None if only is None else set(only)
    return [
        Choice(name, label.fill(values)[:LABEL_LIMIT])
        for name, label in texts()[key].choices
        if wanted is None or name in wanted
    ]
