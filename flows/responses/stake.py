"""What is at stake: it changes the tone, the pace and sometimes the response, and says how."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from flows.diagnosis.model import DONT_KNOW, LABEL_LIMIT
from flows.diagnosis.tables import Row, load
from flows.responses.catalogue import all_responses, read_situation
from flows.responses.model import (
    Adjustment,
    Stake,
    StakeAnswer,
    StakeQuestion,
    StakeTable,
    Tone,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIELDS = {
    "importance": frozenset({"forte", "moyenne", "faible"}),
    "keep_relation": frozenset({"oui", "non"}),
    "amount": frozenset({"small", "middle", "large"}),
    "proof": frozenset({"solide", "partielle", "faible"}),
}
"""What each part of the stake may be, as the data files name it."""


@cache
def stake_table() -> StakeTable:
    """Give how the stake weighs. Raises BadTableError."""
    return read_stake(load("flows.responses", "stake.yaml"), frozenset(all_responses()))


def stake_questions() -> tuple[StakeQuestion, ...]:
    """Give the questions on what is at stake, in the order they are asked."""
    return stake_table().questions


def stake_question(question_id: str) -> StakeQuestion:
    """Give one question on the stake. Raises KeyError when there is none of that id."""
    return {q.id: q for q in stake_questions()}[question_id]


def stake_of(answers: Mapping[str, str], amount: Decimal | None = None) -> Stake:
    """Make a stake of answers (question id -> answer id) and of the amount still due, in euros TTC.

    « Je ne sais pas » and questions not answered leave the field unknown. Raises ValueError on an unknown id.
    """
    known: dict[str, str] = {}
    for name, answer in answers.items():
        asked = next((q for q in stake_questions() if q.id == name), None)
        if asked is None or answer not in {a.id for a in asked.answers}:
            raise ValueError(f"no answer {answer!r} to a question {name!r} on the stake")
        if answer != DONT_KNOW:
            known[name] = answer
    keep = known.get("keep_relation")
    return Stake(
        importance=known.get("importance"),
        keep_relation=None if keep is None else keep == "oui",
        amount=amount,
        proof=known.get("proof"),
    )


def described(stake: Stake, table: StakeTable) -> dict[str, str]:
    """Give the known parts of a stake as the data files name them."""
    keep = {None: None, True: "oui", False: "non"}[stake.keep_relation]
    size = None
    if stake.amount is not None:
        size = "middle"
        if stake.amount < table.small:
            size = "small"
        elif stake.amount >= table.large:
            size = "large"
    parts = {
        "importance": stake.importance,
        "keep_relation": keep,
        "amount": size,
        "proof": stake.proof,
    }
    return {name: value for name, value in parts.items() if value is not None}


def tone_of(stake: Stake, table: StakeTable) -> Tone:
    """Give the tone, and the pace with it, that the stake calls for."""
    total = sum(
        table.weights[name].get(value, 0) for name, value in described(stake, table).items()
    )
    for tone in table.tones:
        low = tone.at_least is None or total >= tone.at_least
        high = tone.at_most is None or total <= tone.at_most
        if low and high:
            return tone
    raise AssertionError("the last tone has no bounds")


@dataclass(slots=True)
class _Seen:
    """Ids met so far, to refuse one used twice."""

    ids: set[str] = field(default_factory=set)

    def new(self, row: Row) -> str:
        name = row.text("id")
        if name in self.ids:
            raise row.fail("the id is used twice")
        self.ids.add(name)
        return name


def read_stake(table: Row, known: frozenset[str]) -> StakeTable:
    """Read stake.yaml; `known` are the responses it may name. Raises BadTableError."""
    amounts = table.row("amounts")
    small, large = amounts.decimal("small"), amounts.decimal("large")
    amounts.done()
    if not Decimal(0) < small < large:
        raise amounts.fail("small must be positive and below large")
    found = StakeTable(
        questions=_questions(table),
        small=small,
        large=large,
        weights=_weights(table.row("weights")),
        tones=_tones(table.row("tones")),
        adjustments=tuple(_adjustment(row, known) for row in table.rows("adjustments")),
    )
    table.done()
    return found


def _questions(table: Row) -> tuple[StakeQuestion, ...]:
    found = []
    seen = _Seen()
    for row in table.rows("questions"):
        name = seen.new(row)
        answers = []
        answer_ids = _Seen()
        for answer in row.rows("answers"):
            answers.append(StakeAnswer(answer_ids.new(answer), answer.text("label")))
            answer.done()
            if len(answers[-1].label) > LABEL_LIMIT:
                raise answer.fail(f"label is longer than {LABEL_LIMIT} characters")
        if name not in _FIELDS or answer_ids.ids != {*_FIELDS[name], DONT_KNOW}:
            raise row.fail(f"answers must be those of a stake's {name}, and {DONT_KNOW}")
        found.append(StakeQuestion(name, row.text("text"), tuple(answers)))
        row.done()
    return tuple(found)


def _weights(table: Row) -> Mapping[str, Mapping[str, int]]:
    found = {}
    for name, values in _FIELDS.items():
        row = table.row(name)
        found[name] = {value: row.integer(value, 0) for value in values}
        row.done()
    table.done()
    return found


def _tones(table: Row) -> tuple[Tone, ...]:
    found = []
    for name in ("plus_doux", "plus_ferme", "normal"):
        row = table.row(name)
        found.append(
            Tone(
                name=name,
                at_most=row.integer("at_most") if "at_most" in row else None,
                at_least=row.integer("at_least") if "at_least" in row else None,
                pace=row.decimal("pace"),
                because=row.text_or_none("because"),
            )
        )
        row.done()
        if found[-1].pace <= 0:
            raise row.fail("pace must be positive")
    table.done()
    if found[-1].at_most is not None or found[-1].at_least is not None:
        raise table.fail("the tone « normal » is for all the rest: it has no bounds")
    return tuple(found)


def _adjustment(row: Row, known: frozenset[str]) -> Adjustment:
    when = row.row("when")
    stake = {name: frozenset(when.texts(name)) for name in _FIELDS if name in when}
    for name, values in stake.items():
        if not values or not values <= _FIELDS[name]:
            raise when.fail(f"{name} names an unknown answer")
    found = Adjustment(
        when=read_situation(when),
        stake=stake,
        prefer=row.text_or_none("prefer"),
        add=row.texts("add"),
        because=row.text("because"),
    )
    when.done()
    row.done()
    if not stake or bool(found.prefer) == bool(found.add):
        raise row.fail("an adjustment depends on the stake, and says either prefer or add")
    if not known.issuperset([*found.add, *([found.prefer] if found.prefer else [])]):
        raise row.fail("a response is unknown")
    return found
