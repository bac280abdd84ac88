"""An explanation: the rule in one or two plain sentences, its articles, the day of last check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from flows.law.explain.topics import SEMESTER, Book, Topic, parse_topics
from flows.law.law import Law, UnknownForPeriod, load_law
from flows.law.parameter import Confidence
from flows.law.prose import fill
from flows.law.sources import full, read_at
from flows.law.wording import semester_text
from flows.yamlfile import load_yaml


@dataclass(frozen=True, slots=True)
class Citation:
    """A text in full, « article 1411 du code de procédure civile », and where to read it or ""."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to « pourquoi ? ».

    `title` fits a button. `articles` is empty for a habit that no text imposes. `approximate`: the
    rule, or a figure in it, is less than confirmed; the text says so.
    """

    topic: str
    title: str
    text: str
    articles: tuple[Citation, ...]
    checked_on: date
    approximate: bool


def topics() -> tuple[str, ...]:
    """Give every topic that can be explained, in the order of the file."""
    return tuple(_book().topics)


def explain(topic: str, law: Law, on: date, **given: str) -> Explanation:
    """Explain a topic as the law stands on a day.

    `given`, in words, fills the detail some topics have (`taux_sous_plancher`: `taux_convenu`,
    « 5,50 % »): it is told when all it needs is given. For an order (injonction de payer) `on` is the order's
    date. A figure not known for that day is refused: the text is then that refusal.

    Raises KeyError for an unknown topic, TypeError for a value the topic does not take.
    """
    book = _book()
    if topic not in book.topics:
        raise KeyError(f"no explanation of {topic!r}")
    found = book.topics[topic]
    if extra := given.keys() - set(found.given):
        raise TypeError(f"{topic} takes no {', '.join(sorted(extra))}")
    approximate = found.approximate
    try:
        text = _text(found, law, on, given)
    except UnknownForPeriod as refusal:
        text = _refusal(refusal, book, law, on)
    else:
        approximate = approximate or any(
            law.confidence(name, on) is not Confidence.CONFIRMED
            for name in found.parameters_of(law, on)
        )
        if approximate and not found.caution:
            text = f"{text} {book.to_check}"
    return Explanation(
        topic=topic,
        title=found.title,
        text=text,
        articles=tuple(Citation(full(cited), read_at(cited)) for cited in found.articles),
        checked_on=law.checked_on_for(found.parameters, book.last_checked_on),
        approximate=approximate,
    )


def _text(topic: Topic, law: Law, on: date, given: dict[str, str]) -> str:
    parts = [topic.text_of(law, on)]
    if topic.detail and set(topic.given) <= given.keys():
        parts.append(topic.detail)
    if topic.caution:
        parts.append(topic.caution)
    rates = {name: rate.text(law, on) for name, rate in topic.rates.items()}
    half_year = {SEMESTER: semester_text(on)}
    return fill(" ".join(parts), law, on, **given, **rates, **half_year)


def _refusal(refusal: UnknownForPeriod, book: Book, law: Law, on: date) -> str:
    """Refuse a figure in the words of a person where the file gives them, else in those of the law."""
    thing = book.plain_names.get(refusal.parameter)
    if thing is None:
        return refusal.sentence
    return fill(book.unknown, law, on, thing=thing, period=refusal.period)


@cache
def _book() -> Book:
    return parse_topics(load_yaml(files("flows.law.explain") / "explanations.yaml"), load_law())
