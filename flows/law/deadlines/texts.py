"""The French sentences of the deadlines, terms of the law filled in as they stand on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from string import Formatter

from flows.law.law import Law
from flows.law.parameter import WHOLE, LawFileError
from flows.yamlfile import load_yaml


@cache
def _texts() -> dict[str, str]:
    texts = load_yaml(files("flows.law.deadlines") / "texts.yaml")
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise LawFileError("deadlines/texts.yaml: every entry must be a sentence")
    return texts


def say(key: str, **values: str) -> str:
    """Give the sentence `key`, blanks filled. Raises KeyError when key or value is missing."""
    return _texts()[key].format(**values)


def blanks(text: str) -> frozenset[str]:
    """Give the names between braces in a sentence."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def term_text(name: str, law: Law, on: date) -> str:
    """Write a term as it stands on a day: « 15 jours », « 3 mois », « 1 an »."""
    value, unit = law.value(name, on), law.parameters[name].unit
    if unit not in WHOLE:
        raise TypeError(f"{name} is not a term")
    return say(f"term_{unit if value != 1 else str(unit).removesuffix('s')}", n=str(value))


def fill(text: str, law: Law, on: date, **values: str) -> str:
    """Fill a sentence with the terms it names, as they stand on a day, and with `values`.

    Raises UnknownForPeriod when a term is not known on that day.
    """
    return text.format(
        **{name: term_text(name, law, on) for name in blanks(text) - set(values)}, **values
    )


def check_terms(where: str, texts: Iterable[str], law: Law, extra: Iterable[str] = ()) -> None:
    """Raise LawFileError when a sentence names what is neither a term of the law nor in `extra`."""
    known = {name for name, parameter in law.parameters.items() if parameter.unit in WHOLE}
    for text in texts:
        if unknown := blanks(text) - known - set(extra):
            raise LawFileError(f"{where}: {sorted(unknown)} are not terms of the law")
