"""Taking back what was noted by mistake: the act stays in the history, and a correction says it does not count."""

from __future__ import annotations

from flows.dialogue.turn import Turn
from flows.dossier import REMOVABLE, Act, ActKind, Dossier
from flows.facts.occurrences import depending_on

_LETTERS = (ActKind.SENT, ActKind.RECEIVED, ActKind.RETURNED, ActKind.PLANNED)
_WITH_A_LETTER = (ActKind.RECEIVED, ActKind.RETURNED)


def removable(dossier: Dossier) -> tuple[Act, ...]:
    """Give what was noted and can be taken back: events, payments, credit notes, the last letter and its arrival.

    A sending told afterwards, by its date, can be taken back whatever was sent since.
    """
    last = [act for kind in _LETTERS if (act := dossier.last(kind))]
    told = [act for act in dossier.told_sendings if act not in last]
    noted = (*dossier.happened, *dossier.part_payments, *dossier.credits)
    return (*noted, *told, *last)


def take_back(turn: Turn, act: Act) -> None:
    """Record that an act does not count, nor what cannot stand without it."""
    dossier = turn.need_dossier()
    for one in (act, *depending_on(dossier, act), *_arrivals(dossier, act)):
        undo(turn, one)


def undo(turn: Turn, act: Act) -> None:
    """Record that one act does not count."""
    name = REMOVABLE[act.kind]
    told = {name: act.data[name]} if name in act.data else {}
    if invoice := act.text("invoice"):
        told["invoice"] = invoice
    turn.record(ActKind.CORRECTED, turn.today, fact=act.kind.value, day=act.on, **told)


def _arrivals(dossier: Dossier, letter: Act) -> list[Act]:
    """Give the arrivals of a letter: what never left never arrived."""
    if letter.kind is not ActKind.SENT:
        return []
    since = dossier.acts[dossier.acts.index(letter) + 1 :]
    return [
        act
        for act in since
        if act.kind in _WITH_A_LETTER
        and act.text("document") == letter.text("document")
        and dossier.stands(act)
    ]
