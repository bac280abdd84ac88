"""A payment promised for a day, of the whole or of a sum."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flows.dialogue.taking_back import undo
from flows.dialogue.turn import Turn
from flows.dossier import ActKind

SUM = "promised_sum"
"""The word of the scratch pad that holds the sum told with the day."""


def record_promise(turn: Turn, day: date, *, again: bool = False) -> None:
    """Append a promise with its sum if one was told; `again`: it takes the place of the one before."""
    told = turn.need_dossier().last(ActKind.PROMISED)
    if again and told is not None:
        undo(turn, told)
    amount, remaining = turn.conversation.scratch.get(SUM), turn.need_dossier().remaining
    turn.drop_scratch(SUM)
    if isinstance(amount, Decimal) and remaining is not None and amount < remaining:
        turn.record(ActKind.PROMISED, promised_on=day, amount=amount)
    else:
        turn.record(ActKind.PROMISED, promised_on=day)
