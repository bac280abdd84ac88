"""Weigh the evidence: the outcome of the contact and the answers give a cause, with its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.diagnosis.catalogue import CAUSES, outcome, question, rules
from flows.diagnosis.model import Diagnosis, Question, Rules, Sureness
from flows.dossier import Cause, DebtorKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flows.diagnosis.model import Answer, Outcome

_LEVELS = (Sureness.PROBABLE, Sureness.POSSIBLE)


def diagnose(
    outcome_id: str, answers: Mapping[str, str], debtor_kind: DebtorKind | None
) -> Diagnosis:
    """Weigh an outcome and the answers (question id -> answer id), in whatever order they came.

    Answers to questions that are not for this kind of debtor or this outcome weigh nothing: the person may
    have corrected either since. Raises UnknownAnswerError when an id is not declared.
    """
    start = outcome(outcome_id)
    given = {
        name: asked.answer(answers[name])
        for name in sorted(answers)
        if concerns(asked := question(name), start, debtor_kind)
    }
    scores: dict[Cause, int] = {cause: start.weights.get(cause, 0) for cause in CAUSES}
    for answer in given.values():
        for cause, weight in answer.weights.items():
            scores[cause] += weight
    table = rules()
    if start.settled:
        cause, sureness = max(CAUSES, key=lambda c: start.weights.get(c, 0)), Sureness.PROBABLE
    else:
        cause, sureness = _likeliest(scores, given, table)
    return Diagnosis(
        cause=cause,
        sureness=sureness,
        reasons=_reasons(cause, start, given, table),
        flags=start.flags,
        variant=_variant(cause, start, given, table),
        ranking=tuple(sorted(scores.items(), key=lambda item: -item[1])),
    )


def concerns(asked: Question, start: Outcome, debtor_kind: DebtorKind | None) -> bool:
    """Say whether a question is for this outcome and kind of debtor, whatever the cause."""
    return (
        not start.settled
        and (not asked.outcomes or start.id in asked.outcomes)
        and start.id not in asked.not_outcomes
        and (not asked.kinds or debtor_kind in asked.kinds)
    )


def _pieces(cause: Cause, given: Mapping[str, Answer]) -> int:
    return sum(1 for answer in given.values() if answer.weights.get(cause, 0) > 0)


def _likeliest(
    scores: Mapping[Cause, int], given: Mapping[str, Answer], table: Rules
) -> tuple[Cause, Sureness]:
    """Give the leading cause among those that have enough of their own to be named at all."""
    standing = {}
    for cause in CAUSES:
        bar = table.thresholds[cause][Sureness.POSSIBLE]
        # A cause short of distinct facts is no rival either: a hunch must not hide what is known.
        if _pieces(cause, given) >= bar.pieces and (not bar.pieces or scores[cause] >= bar.score):
            standing[cause] = scores[cause]
    first, *others = sorted(standing, key=lambda c: -standing[c])
    lead = standing[first] - max((standing[c] for c in others), default=0)
    for sureness in _LEVELS:
        bar = table.thresholds[first][sureness]
        enough = standing[first] >= bar.score and _pieces(first, given) >= bar.pieces
        if enough and lead >= bar.lead:
            return first, sureness
    return Cause.UNKNOWN, Sureness.TOO_EARLY


def _reasons(
    cause: Cause, start: Outcome, given: Mapping[str, Answer], table: Rules
) -> tuple[str, ...]:
    if cause is Cause.UNKNOWN:
        # What the assistant counted by itself was never said by the person: it is named here.
        counted = (a.reason for name, a in given.items() if question(name).hidden and a.reason)
        return (start.reason, *counted, table.unclear) if given else (start.reason,)
    found = [
        (weight, answer.reason)
        for answer in given.values()
        if (weight := answer.weights.get(cause, 0)) > 0
    ]
    if (weight := start.weights.get(cause, 0)) > 0:
        found.append((weight, start.reason))
    return tuple(dict.fromkeys(reason for _, reason in sorted(found, key=lambda f: -f[0])))


def _variant(cause: Cause, start: Outcome, given: Mapping[str, Answer], table: Rules) -> str | None:
    for rule in table.variants:
        if rule.causes and cause not in rule.causes:
            continue
        if rule.outcomes and start.id not in rule.outcomes:
            continue
        if rule.answers and not any(
            given[name].id in wanted for name, wanted in rule.answers.items() if name in given
        ):
            continue
        return rule.variant
    return None
