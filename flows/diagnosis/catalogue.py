"""The outcomes, questions and rules, read once from their data files and checked."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

from flows.diagnosis.model import (
    DONT_KNOW,
    LABEL_LIMIT,
    Answer,
    Outcome,
    Question,
    Rules,
    Sureness,
    Threshold,
    UnknownAnswerError,
    VariantRule,
)
from flows.diagnosis.tables import Row, load
from flows.dossier import Cause, DebtorKind
from flows.reading.plain import fold, words

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")
_PACKAGE = "flows.diagnosis"
CAUSES: tuple[Cause, ...] = tuple(cause for cause in Cause if cause is not Cause.UNKNOWN)
"""The causes evidence can weigh for."""


@cache
def outcomes() -> tuple[Outcome, ...]:
    """Give the outcomes of a contact, in the order they are offered. Raises BadTableError."""
    return tuple(found for found in declared_outcomes() if not found.hidden)


def outcomes_for(kind: DebtorKind | None) -> tuple[Outcome, ...]:
    """Give the outcomes that can be told of this debtor, all of them while it is not known."""
    return tuple(found for found in outcomes() if kind is None or kind in found.kinds)


@cache
def declared_outcomes() -> tuple[Outcome, ...]:
    """Give every outcome an act may hold, those nobody is offered too. Raises BadTableError."""
    return read_outcomes(load(_PACKAGE, "outcomes.yaml"))


@cache
def questions() -> tuple[Question, ...]:
    """Give the questions that may be asked, in the order of the file. Raises BadTableError."""
    return tuple(found for found in _declared_questions() if not found.hidden)


@cache
def _declared_questions() -> tuple[Question, ...]:
    known = frozenset(o.id for o in declared_outcomes())
    return read_questions(load(_PACKAGE, "questions.yaml"), known)


@cache
def rules() -> Rules:
    """Give the thresholds and variants. Raises BadTableError."""
    return read_rules(load(_PACKAGE, "rules.yaml"), declared_outcomes(), _declared_questions())


def outcome(outcome_id: str) -> Outcome:
    """Give one outcome by its id, hidden or not. Raises UnknownAnswerError."""
    return _find(_outcomes_by_id(), outcome_id, "outcome")


def question(question_id: str) -> Question:
    """Give one question by its id, hidden or not. Raises UnknownAnswerError."""
    return _find(_questions_by_id(), question_id, "question")


@cache
def _outcomes_by_id() -> Mapping[str, Outcome]:
    return {o.id: o for o in declared_outcomes()}


@cache
def _questions_by_id() -> Mapping[str, Question]:
    return {q.id: q for q in _declared_questions()}


def _find(table: Mapping[str, T], key: str, what: str) -> T:
    if key not in table:
        raise UnknownAnswerError(f"no {what} called {key!r}")
    return table[key]


def read_outcomes(table: Row) -> tuple[Outcome, ...]:
    """Read outcomes.yaml. Raises BadTableError."""
    found: list[Outcome] = []
    for row in table.rows("outcomes"):
        found.append(
            Outcome(
                id=_new_id(row, {o.id for o in found}),
                label=_label(row),
                reason=row.text("reason"),
                weights=_weights(row),
                asks=row.texts("asks"),
                flags=frozenset(row.texts("flags")),
                hold=row.integer("hold", 0),
                contacted=row.flag("contacted"),
                message_first=row.flag("message_first"),
                settled=row.flag("settled"),
                hidden=row.flag("hidden"),
                kinds=frozenset(row.members("kinds", DebtorKind) or DebtorKind),
                says=_says(row, {said for o in found for said in o.says}),
            )
        )
        row.done()
        if found[-1].hidden and found[-1].says:
            raise row.fail("a hidden outcome is not read in what people say")
    table.done()
    return tuple(found)


def read_questions(table: Row, outcome_ids: frozenset[str]) -> tuple[Question, ...]:
    """Read questions.yaml; `outcome_ids` are the outcomes it may name. Raises BadTableError."""
    found: list[Question] = []
    for row in table.rows("questions"):
        when, hidden = row.row("applies_when"), row.flag("hidden")
        found.append(
            Question(
                id=_new_id(row, {q.id for q in found}),
                text=row.text("text"),
                why=row.text("why"),
                answers=_answers(row, asked=not hidden),
                outcomes=_among(when, "outcomes", outcome_ids),
                not_outcomes=_among(when, "not_outcomes", outcome_ids),
                kinds=frozenset(when.members("kinds", DebtorKind)),
                causes=frozenset(when.members("causes", Cause)),
                hidden=hidden,
            )
        )
        when.done()
        row.done()
    table.done()
    return tuple(found)


def read_rules(
    table: Row, known_outcomes: tuple[Outcome, ...], known_questions: tuple[Question, ...]
) -> Rules:
    """Read rules.yaml against the outcomes and questions. Raises BadTableError."""
    sureness = table.row("sureness")
    default = _thresholds(sureness.row("default"))
    own = {
        sureness.member(name, Cause): _thresholds(sureness.row(name))
        for name in sureness.keys()  # noqa: SIM118 - a method of Row, not a dict
        if name != "default"
    }
    thresholds: dict[Cause, Mapping[Sureness, Threshold]] = {
        cause: own.get(cause, default) for cause in CAUSES
    }
    for known in known_outcomes:
        bar = thresholds[Cause.BAD_FAITH][Sureness.POSSIBLE]
        if bar.pieces < 1 or known.weights.get(Cause.BAD_FAITH, 0) >= bar.score:
            raise table.fail(f"outcome {known.id} would accuse of mauvaise foi on its own")
    variants: list[VariantRule] = []
    for row in table.rows("variants"):
        variants.append(_variant(row, known_outcomes, known_questions))
        row.done()
    found = Rules(thresholds, tuple(variants), table.integer("lookahead"), table.text("unclear"))
    table.done()
    return found


def _variant(
    row: Row, known_outcomes: tuple[Outcome, ...], known_questions: tuple[Question, ...]
) -> VariantRule:
    named = row.row("answers")
    ids = {q.id: frozenset(a.id for a in q.answers) for q in known_questions}
    answers = {}
    for name in named.keys():  # noqa: SIM118 - a method of Row, not a dict
        if name not in ids:
            raise named.fail(f"no question called {name!r}")
        answers[name] = _among(named, name, ids[name])
    return VariantRule(
        variant=row.text("variant"),
        causes=frozenset(row.members("causes", Cause)),
        outcomes=_among(row, "outcomes", frozenset(o.id for o in known_outcomes)),
        answers=answers,
    )


def _thresholds(row: Row) -> dict[Sureness, Threshold]:
    found = {}
    for sureness in (Sureness.POSSIBLE, Sureness.PROBABLE):
        level = row.row(sureness.value)
        found[sureness] = Threshold(*(level.integer(name) for name in ("score", "lead", "pieces")))
        level.done()
    row.done()
    low, high = found[Sureness.POSSIBLE], found[Sureness.PROBABLE]
    if low.lead < 1 or high.score < low.score or high.lead < low.lead or high.pieces < low.pieces:
        raise row.fail("« probable » must ask for at least what « possible » does, and a lead")
    return found


def _answers(row: Row, *, asked: bool) -> tuple[Answer, ...]:
    found: list[Answer] = []
    for answer in row.rows("answers"):
        weights = _weights(answer)
        found.append(
            Answer(
                id=_new_id(answer, {a.id for a in found}),
                label=_label(answer),
                reason=answer.text_or_none("reason") or "",
                weights=weights,
            )
        )
        answer.done()
        if any(weight > 0 for weight in weights.values()) and not found[-1].reason:
            raise answer.fail("an answer that weighs for a cause needs a reason")
    if not 2 <= len(found) <= 5:
        raise row.fail("a question has two to five answers")
    last = found[-1]
    if asked and (last.id != DONT_KNOW or last.weights or last.reason):
        raise row.fail(f"the last answer must be {DONT_KNOW}, without weight or reason")
    return tuple(found)


def _weights(row: Row) -> Mapping[Cause, int]:
    weights = row.integers("weights", Cause)
    if Cause.UNKNOWN in weights or 0 in weights.values():
        raise row.fail("weights name a real cause and are never zero")
    return weights


def _says(row: Row, taken: set[str]) -> tuple[str, ...]:
    found = row.texts("says")
    for said in found:
        if said in taken or said != " ".join(words(fold(said))):
            raise row.fail(f"says holds {said!r}: plain words, each fragment for one outcome")
    return found


def _label(row: Row) -> str:
    label = row.text("label")
    if len(label) > LABEL_LIMIT:
        raise row.fail(f"label is longer than {LABEL_LIMIT} characters")
    return label


def _new_id(row: Row, taken: set[str]) -> str:
    name = row.text("id")
    if name in taken:
        raise row.fail(f"id {name} is used twice")
    return name


def _among(row: Row, name: str, known: frozenset[str]) -> frozenset[str]:
    values = frozenset(row.texts(name))
    if not values <= known:
        raise row.fail(f"{name} names unknown {', '.join(sorted(values - known))}")
    return values
