"""What the client wrote: kept as it was pasted, told again, and the promise it may hold."""

from __future__ import annotations

from flows.dialogue.asking import keep
from flows.dialogue.choosing import chosen_key
from flows.dialogue.handler import Misunderstood, View
from flows.dialogue.promising import SUM
from flows.dialogue.taking_back import undo
from flows.dialogue.texts import say
from flows.dialogue.turn import Turn
from flows.dossier import ActKind
from flows.facts import fact
from flows.reading import Understood, read_promise
from flows.reading.plain import lines
from flows.values import Value
from letters.format import euros

NOTE = "note"
"""The word of the scratch pad, and the datum of the act, that hold what the client wrote."""
NOTE_LIMIT = 2000
"""Characters kept of it."""
PASTED_WORDS = 8
"""From so many words on, what is typed where an answer is asked is the client's own text, not a slip."""
PROMISED_ON = "promised_on"


def chosen_or_pasted(turn: Turn, view: View, text: str) -> str | None:
    """Give the button a text names; None when it is a text to keep, whose outcome is then asked.

    Raises `Misunderstood` for a few words that name no button.
    """
    try:
        return chosen_key(view, text)
    except Misunderstood:
        if len(text.split()) < PASTED_WORDS:
            raise
    turn.set_scratch(**{NOTE: bounded(text)})
    return None


def bounded(text: str) -> str:
    """Give a text as it was pasted, without what cannot be seen, up to the limit."""
    kept = "\n".join(lines(text))
    return kept if len(kept) <= NOTE_LIMIT else kept[: NOTE_LIMIT - 1] + "…"


def note_of(turn: Turn, told: str) -> dict[str, Value]:
    """Give what the act of an answer keeps of the words: those just told, else those pasted before."""
    note = bounded(told) or turn.scratch(NOTE)
    return {NOTE: note} if note else {}


def fold_answer(turn: Turn) -> None:
    """Take back the answer just told, and the promise that came with it: it is told otherwise."""
    dossier = turn.need_dossier()
    answer = dossier.last(ActKind.ANSWERED)
    if answer is None:
        return
    since = dossier.acts[dossier.acts.index(answer) :]
    for act in since:
        if act is answer or (act.kind is ActKind.PROMISED and dossier.stands(act)):
            undo(turn, act)


def keep_promise(turn: Turn, text: str, *, alone: bool = False) -> bool:
    """Keep the day a text promises to pay, and the sum if it tells one; False when it tells no day.

    `alone`: only when it tells a sum too; a day alone is read as any other fact.
    """
    if alone and (turn.asked_fact is None or turn.asked_fact.name != PROMISED_ON):
        return False
    day, amount = read_promise(text, turn.today)
    sure = isinstance(day, Understood) and "far_year" not in day.notes
    if not sure or (alone and amount is None) or not isinstance(day, Understood):
        return False
    if amount is not None:
        turn.set_scratch(**{SUM: amount})
        turn.notes.append(say("promise_sum", amount=euros(amount)))
    keep(turn, fact(PROMISED_ON), day.value)
    return True
