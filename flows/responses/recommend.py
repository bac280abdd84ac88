"""Which response fits: the first rule of the table that is for the situation, then what the stake changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flows.dossier import Cause, DebtorKind, Stage
from flows.responses.catalogue import response, rules
from flows.responses.model import Recommendation, Rule, Stake
from flows.responses.stake import described, stake_table, tone_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from flows.responses.model import Adjustment

_NO_STAKE = Stake()


class NoRuleError(LookupError):
    """The table says nothing of a situation: a hole in the data, never a reason to send a default letter."""


def recommend(
    cause: Cause,
    stage: Stage,
    debtor_kind: DebtorKind,
    variant: str | None = None,
    flags: AbstractSet[str] = frozenset(),
    stake: Stake = _NO_STAKE,
) -> Recommendation:
    """Give the response that fits, the alternatives, or why there is nothing to send.

    `variant` and `flags` come from the diagnosis. Raises NoRuleError when the table has a hole.
    """
    table = stake_table()
    tone = tone_of(stake, table)
    rule = rule_for(cause, stage, debtor_kind, variant, flags)
    recommended = rule.recommended
    others = [name for name in rule.alternatives if debtor_kind in response(name).kinds]
    because = [rule.because] if rule.because else []
    parts = described(stake, table)
    stops = rule.nothing is not None and not others
    for change in () if stops else table.adjustments:
        if not _applies(change, parts, cause, stage, debtor_kind, variant):
            continue
        if change.prefer:
            if recommended is None or change.prefer not in others:
                continue
            others.remove(change.prefer)
            others.insert(0, recommended)
            # The rule's own reason was for the response that gave way.
            recommended, because = change.prefer, []
        else:
            others += [
                name
                for name in change.add
                if name not in (recommended, *others) and debtor_kind in response(name).kinds
            ]
        because.append(change.because)
    if tone.because and not rule.nothing:
        because.append(tone.because)
    return Recommendation(
        recommended=response(recommended) if recommended else None,
        alternatives=tuple(response(name) for name in others),
        nothing=rule.nothing,
        tone=tone.name,
        pace=tone.pace,
        because=tuple(because),
        rule=rule.id,
        then=response(rule.then) if rule.then else None,
    )


def without_repeat(
    advice: Recommendation, sent: AbstractSet[str], habits: Sequence[str], because: str
) -> Recommendation:
    """Give `advice` without recommending again a document that was already sent.

    `habits` are the documents the ladder has from the present step on; `because` says why the advice moved on.
    What was recommended stays among the alternatives; when all else was sent too, nothing changes.
    """
    first = advice.recommended
    if first is None or first.document not in sent:
        return advice
    others = (
        *([advice.then] if advice.then else []),
        *(response(habit) for habit in habits),
        *advice.alternatives,
    )
    fresh = next((r for r in others if r.document and r.document not in sent), None)
    if fresh is None:
        return advice
    rest = tuple(r for r in (*advice.alternatives, first) if r.id != fresh.id)
    return replace(advice, recommended=fresh, alternatives=rest, because=(because,))


def rule_for(
    cause: Cause,
    stage: Stage,
    debtor_kind: DebtorKind,
    variant: str | None,
    flags: AbstractSet[str],
) -> Rule:
    """Give the first rule of the table that is for the situation. Raises NoRuleError when none is."""
    for rule in rules():
        if rule.when.holds(cause, stage, debtor_kind, variant, frozenset(flags)):
            return rule
    raise NoRuleError(f"no rule for {cause}, {stage}, {debtor_kind}, {variant}, {sorted(flags)}")


def _applies(
    change: Adjustment,
    parts: dict[str, str],
    cause: Cause,
    stage: Stage,
    debtor_kind: DebtorKind,
    variant: str | None,
) -> bool:
    return change.when.holds(cause, stage, debtor_kind, variant, frozenset()) and all(
        parts.get(name) in wanted for name, wanted in change.stake.items()
    )
