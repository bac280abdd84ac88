"""What the procedural clocks share: a step, its state, its words (`steps.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from flows.law.calendar import Place
from flows.law.deadlines.compute import LegalDeadline, deadline
from flows.law.deadlines.table import deadline_table
from flows.law.law import Law, UnknownForPeriod, load_law
from flows.law.prose import fill, parse_sentence
from flows.law.strict import keys, parse_texts
from flows.yamlfile import load_yaml

_GIVEN = frozenset({"whom", "refusal"})
"""The blanks that the clocks fill; every other one is a parameter."""


class StepState(StrEnum):
    """Where a step stands on the day asked."""

    DONE = "done"
    """The person said that it happened."""
    OPEN = "open"
    """To be done now, before its deadline if it has one."""
    WAITING = "waiting"
    """Nothing to do but wait until `deadline.safe_on`."""
    OVER = "over"
    """The wait has ended."""
    LATER = "later"
    """Depends on a step before it."""
    MISSED = "missed"
    """Its last day has passed: see `if_missed`."""


_PAST = frozenset({StepState.DONE, StepState.MISSED})
"""States in which the day to aim at is no longer worth a sentence."""


@dataclass(frozen=True, slots=True)
class ClockStep:
    """One step: what to do, until when, what follows if it is missed.

    `deadline` is None when no day is known or none is set. `at_earliest`: its dates may turn out
    later. `cautions` are the sentences to show, those of a deadline still to come among them.
    """

    id: str
    label: str
    state: StepState
    deadline: LegalDeadline | None
    to_do: str
    if_missed: str
    articles: tuple[str, ...]
    cautions: tuple[str, ...] = ()
    at_earliest: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    label: str
    to_do: str
    if_missed: str
    articles: tuple[str, ...]


@cache
def _data() -> tuple[Mapping[str, _Words], Mapping[str, str]]:
    return parse_steps(load_yaml(files("flows.law.deadlines") / "steps.yaml"), load_law())


def parse_steps(data: Any, law: Law) -> tuple[dict[str, _Words], dict[str, str]]:
    """Make the words of the steps of the content of their file. Raises LawFileError."""
    top = keys("steps", data, {"steps", "sentences"})
    steps = {str(name): _words(str(name), raw, law) for name, raw in top["steps"].items()}
    sentences = {
        str(key): parse_sentence(f"steps.sentences.{key}", text, law)
        for key, text in top["sentences"].items()
    }
    return steps, sentences


def _words(name: str, raw: Any, law: Law) -> _Words:
    entry = keys(name, raw, {"label", "to_do", "if_missed", "articles"})
    missed = entry["if_missed"]
    return _Words(
        label=parse_sentence(f"{name}.label", entry["label"], law),
        to_do=parse_sentence(f"{name}.to_do", entry["to_do"], law, _GIVEN),
        if_missed=parse_sentence(f"{name}.if_missed", missed, law, _GIVEN) if missed else "",
        articles=parse_texts(f"{name}.articles", entry["articles"]),
    )


def clock_sentence(key: str, law: Law, on: date) -> str:
    """Give a sentence of `steps.yaml`, its terms as they stand on a day."""
    return fill(_data()[1][key], law, on)


def step(
    name: str,
    state: StepState,
    law: Law,
    on: date,
    *,
    due: LegalDeadline | None = None,
    cautions: tuple[str, ...] = (),
    at_earliest: bool = False,
    **values: str,
) -> ClockStep:
    """Make a step of `steps.yaml`, its terms as they stand on a day, its blanks from `values`.

    A step that bears the name of a deadline takes its articles and what follows from the table,
    whether or not a day is known.
    """
    words, rule = _data()[0][name], deadline_table().rules.get(name)
    if_missed = words.if_missed or (rule.if_missed if rule else "")
    return ClockStep(
        id=name,
        label=words.label,
        state=state,
        deadline=due,
        to_do=fill(words.to_do, law, on, **values),
        if_missed=fill(if_missed, law, on, **values),
        articles=words.articles or (rule.articles if rule else ()),
        cautions=(*cautions, *(due.cautions if due and state not in _PAST else ())),
        at_earliest=at_earliest,
    )


def standing(due: LegalDeadline, today: date) -> StepState:
    """Tell where a step stands by its deadline alone: open or missed, waiting or over."""
    if due.waits:
        return StepState.OVER if today >= due.safe_on else StepState.WAITING
    return StepState.MISSED if today > due.extended_on else StepState.OPEN


def deadline_step(
    id: str,  # noqa: A002 - the word of the table
    start_on: date,
    law: Law,
    *,
    place: Place | None = None,
    today: date,
) -> ClockStep:
    """Give a deadline of the table as a step of its own, as it stands today.

    An event older than the term on file gives a step without a day, whose words are the refusal.
    Raises KeyError for an unknown id, ValueError for a deadline that needs the day of a decision.
    """
    rule = deadline_table().rules[id]
    try:
        due = deadline(id, start_on, law, place=place)
    except UnknownForPeriod as unknown:
        words, articles = unknown.sentence, rule.articles
        return ClockStep(id, rule.label, StepState.OPEN, None, words, "", articles)
    state = standing(due, today)
    return ClockStep(id, due.label, state, due, due.rule, due.if_missed, due.articles, due.cautions)
