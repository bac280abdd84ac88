"""What the person usually does, taken for a new dossier and said: the penalty rate of their conditions."""

from __future__ import annotations

from flows.dialogue.texts import say
from flows.dialogue.turn import Turn
from flows.dossier import DebtorKind
from flows.facts import fact
from flows.facts.hindsight import DEFAULT_RATE
from flows.law.agreed import NOTHING_AGREED

TERMS = "penalty_terms"
_TAKEN = "usual.penalty_terms"
"""The dossier's fact that says that its rate was taken from the person's, not told."""


def take_usual_rate(turn: Turn) -> None:
    """Take the person's rate once the client is known to be one that owes it; what was told of the dossier wins.

    A rate taken so is dropped again when the client proves to be of another kind.
    """
    dossier, usual = turn.need_dossier(), turn.person(DEFAULT_RATE)
    if dossier.debtor_kind is not DebtorKind.PROFESSIONAL:
        if dossier.get(_TAKEN) is not None and dossier.get(_TAKEN) == dossier.get(TERMS):
            turn.put(dossier.without_facts(TERMS, _TAKEN))
        return
    if usual is None or dossier.get(TERMS) is not None:
        return
    turn.put(dossier.with_facts(**{TERMS: usual, _TAKEN: usual}))
    if usual != NOTHING_AGREED:
        turn.notes.append(say("usual_rate", rate=fact(TERMS).show(usual)))
