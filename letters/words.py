"""The data files documents rest on: the words front matter may use, and what a blank says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fastest safe loader there is."""


class CatalogueError(ValueError):
    """A document's file, or a data file beside it, is wrong; the message names file and reason."""


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds a mapping. Raises CatalogueError otherwise."""
    try:
        data = yaml.load(path.read_text("utf-8"), Loader=Loader)  # noqa: S506 — a safe loader
    except yaml.YAMLError as error:
        raise CatalogueError(f"{path.name}: {error}") from error
    if not isinstance(data, dict):
        raise CatalogueError(f"{path.name}: a mapping is expected")
    return data


@cache
def vocabulary() -> dict[str, Any]:
    """Give the words front matter may use (`vocabulary.yaml`)."""
    return read_yaml(HERE / "vocabulary.yaml")


@dataclass(frozen=True, slots=True)
class BlankRule:
    """A blank on paper: what it says, the length of its rule in millimetres, the rules it has."""

    label: str
    mm: int = 38
    rules: int = 1


@cache
def blank_rules() -> dict[str, BlankRule]:
    """Give every blank a document may leave (`blanks.yaml`), by fact."""
    blanks = {}
    for name, value in read_yaml(HERE / "blanks.yaml").items():
        said = value if isinstance(value, dict) else {"label": value}
        label = said.get("label")
        sizes = [said.get(key, 1) for key in ("mm", "rules")]
        if name not in vocabulary()["facts"] or not isinstance(label, str) or not label:
            raise CatalogueError(f"blanks.yaml: {name}: unknown fact or empty label")
        if set(said) - {"label", "mm", "rules"} or any(type(n) is not int or n < 1 for n in sizes):
            raise CatalogueError(f"blanks.yaml: {name}: label, mm and rules are expected")
        blanks[name] = BlankRule(**said)
    return blanks


def blank_label(name: str) -> str:
    """Give what a blank for the fact `name` says: « votre adresse ».

    Raises KeyError when `blanks.yaml` has no label for it.
    """
    return blank_rules()[name].label


def blank_rule(name: str) -> BlankRule:
    """Give how a blank for the fact `name` is ruled on paper. Raises KeyError as `blank_label`."""
    return blank_rules()[name]
