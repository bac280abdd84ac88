"""Which question to ask next: only one that can still change the result, the most telling first."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, product
from typing import TYPE_CHECKING

from flows.diagnosis.catalogue import outcome, questions, rules
from flows.diagnosis.evidence import concerns, diagnose
from flows.diagnosis.model import DONT_KNOW, Question
from flows.dossier import DebtorKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flows.diagnosis.model import Diagnosis

_Result = tuple[str, str, str | None]
_Answers = frozenset[tuple[str, str]]


def next_question(
    outcome_id: str, answers: Mapping[str, str], debtor_kind: DebtorKind | None, budget: int
) -> Question | None:
    """Give the question to ask now, or None when none can change the result any more.

    `budget` is how many more questions may be asked, this one included. A question is kept when one of its
    answers, alone or with answers to other questions within the budget, changes the cause, how sure it is, or
    its variant. Raises UnknownAnswerError when an id is not declared.
    """
    if budget < 1:
        return None
    return _choose(outcome_id, frozenset(answers.items()), debtor_kind, budget)


@lru_cache(maxsize=4096)
def _choose(
    outcome_id: str, answers: _Answers, debtor_kind: DebtorKind | None, budget: int
) -> Question | None:
    now = diagnose(outcome_id, dict(answers), debtor_kind)
    open_ones = _open(outcome_id, answers, debtor_kind, now)
    told = [
        (len(_results(outcome_id, answers, debtor_kind, (asked,)) - {_result(now)}), asked)
        for asked in open_ones
    ]
    most = max((count for count, _ in told), default=0)
    if most:
        return next(asked for count, asked in told if count == most)
    # No question tells anything alone: look for a few that do together.
    for size in range(2, min(budget, rules().lookahead) + 1):
        for group in combinations(open_ones, size):
            if _results(outcome_id, answers, debtor_kind, group) != {_result(now)}:
                return group[0]
    return None


def _open(
    outcome_id: str, answers: _Answers, debtor_kind: DebtorKind | None, now: Diagnosis
) -> list[Question]:
    answered = {name for name, _ in answers}
    start = outcome(outcome_id)
    return [
        asked
        for asked in questions()
        if asked.id not in answered
        and concerns(asked, start, debtor_kind)
        and (not asked.causes or now.cause in asked.causes)
    ]


def _results(
    outcome_id: str, answers: _Answers, debtor_kind: DebtorKind | None, group: Sequence[Question]
) -> set[_Result]:
    """Give every result that answers to the whole group can lead to."""
    choices = [[(asked.id, a.id) for a in asked.answers if a.id != DONT_KNOW] for asked in group]
    return {
        _result(diagnose(outcome_id, dict([*answers, *picked]), debtor_kind))
        for picked in product(*choices)
    }


def _result(found: Diagnosis) -> _Result:
    return found.cause, found.sureness, found.variant
