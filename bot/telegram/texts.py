"""What the bot says outside the conversation, and how it presents itself: two files, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_LIMITS = {"description": 512, "short_description": 120}
_COMMAND_LIMITS = (32, 256)


class TextsError(Exception):
    """A text file of this package is not as it must be."""


@dataclass(frozen=True, slots=True)
class Descriptions:
    """How the bot presents itself: `commands` in the order of the menu, name to description."""

    description: str
    short_description: str
    commands: Mapping[str, str]
    aliases: tuple[str, ...]


def _load(name: str) -> Any:
    text = files(__package__).joinpath(name).read_text("utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe


@cache
def load_descriptions() -> Descriptions:
    """Read descriptions.yaml. Raises TextsError when a text is missing, unknown or too long."""
    return check_descriptions(_load("descriptions.yaml"))


def check_descriptions(data: Any) -> Descriptions:
    """Check what descriptions.yaml holds and give it typed. Raises TextsError."""
    expected = {"description", "short_description", "commands", "aliases"}
    if not isinstance(data, dict) or data.keys() != expected:
        raise TextsError(f"descriptions.yaml must hold exactly {sorted(expected)}")
    for key, limit in _LIMITS.items():
        if not isinstance(data[key], str) or not 0 < len(data[key].strip()) <= limit:
            raise TextsError(f"descriptions.yaml: {key} must hold 1 to {limit} characters")
    for name, words in data["commands"].items():
        if not (1 <= len(name) <= _COMMAND_LIMITS[0] and 1 <= len(words) <= _COMMAND_LIMITS[1]):
            raise TextsError(f"descriptions.yaml: the command {name!r} is too long or empty")
    return Descriptions(
        data["description"].strip(),
        data["short_description"].strip(),
        dict(data["commands"]),
        tuple(data["aliases"]),
    )


@cache
def _messages() -> Mapping[str, str]:
    return {key: text.strip() for key, text in _load("messages.yaml").items()}


def message_text(key: str, **values: str) -> str:
    """Give a text of messages.yaml with its `{names}` filled in. Raises KeyError when unknown."""
    return _messages()[key].format(**values)
