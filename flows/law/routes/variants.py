"""Texts that vary with the situation: a sentence, or several with the condition of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flows.law.law import Law, UnknownForPeriod
from flows.law.prose import blanks, fill_with_doubts, parse_sentence
from flows.law.routes.conditions import Case, Condition, Names, parse_condition
from flows.law.routes.situation import DAYS
from flows.law.strict import LawFileError, keys
from flows.law.wording import day_text


@dataclass(frozen=True, slots=True)
class Variant:
    """A sentence and when it is said."""

    when: Condition
    text: str

    @property
    def parameters(self) -> frozenset[str]:
        """The parameters it rests on."""
        return (blanks(self.text) - frozenset(DAYS)) | self.when.parameters


Text = tuple[Variant, ...]
"""Variants of one text, in order."""


def parse_text(where: str, data: Any, law: Law, names: Names) -> Text:
    """Make variants of a sentence, or of a list of sentences and {when, text}. Raises LawFileError."""
    entries = data if isinstance(data, list) else [data]
    return tuple(_variant(f"{where}[{n}]", raw, law, names) for n, raw in enumerate(entries))


def _variant(where: str, data: Any, law: Law, names: Names) -> Variant:
    if not isinstance(data, dict):
        return Variant(Condition(), parse_sentence(where, data, law, DAYS))
    entry = keys(where, data, {"when", "text"})
    when = parse_condition(where, entry["when"], law, names)
    return Variant(when, parse_sentence(where, entry["text"], law, DAYS))


def always_ends(where: str, conditions: list[Condition]) -> None:
    """Check that the last condition, and no other, always holds. Raises LawFileError."""
    if not conditions or conditions[-1].tests or not all(c.tests for c in conditions[:-1]):
        raise LawFileError(f"{where}: the last rule, and it alone, has no condition")


def first(text: Text, case: Case) -> str:
    """Give the first variant that applies, filled. The last one always applies, by the load check."""
    return filled(next(v.text for v in text if _holds(v, case)), case)


def every(text: Text, case: Case) -> tuple[str, ...]:
    """Give all the variants that apply, filled."""
    return tuple(filled(v.text, case) for v in text if _holds(v, case))


def filled(text: str, case: Case) -> str:
    """Fill a sentence by the days of the situation and the law of the day of the case."""
    for name in DAYS:
        if name in text and (day := getattr(case.situation, name)) is not None:
            text = text.replace(f"{{{name}}}", day_text(day))
    return fill_with_doubts(text, case.law, case.situation.today)


def _holds(variant: Variant, case: Case) -> bool:
    """Tell whether a variant is said; one that rests on a value unknown that day is not."""
    try:
        return variant.when.holds(case)
    except UnknownForPeriod:
        return False
