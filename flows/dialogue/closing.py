"""How a dossier ends and begins again: paid, lost, given up, opened by mistake, reopened; what is written then.

The acts only: the screens are in `flows.dialogue.ending`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from flows.dialogue.intake import summary
from flows.dialogue.texts import say
from flows.dialogue.turn import Turn
from flows.dossier import ActKind, Dossier, Status
from letters.format import date_longue

AFTER = {
    "thanks": "remerciement",
    "receipt": "quittance",
    "note": "note_comptable",
    "next_time": "prevention_bilan",
}
"""What can be written once a dossier is over, by the button that asks for it."""
LOST, GIVEN_UP, MISTAKE = "perdu", "abandon", "erreur"
"""How a dossier closes without being paid: the datum `how` of its act."""
ENDS = {"lost": LOST, "given_up": GIVEN_UP, "mistake": MISTAKE}
"""Buttons of the question « how does it end », by what they note; « payé » is an act of its own."""


def how_ended(dossier: Dossier) -> str:
    """Give how a closed dossier ended (`how` of its act), "" for one that is open or paid."""
    ended = dossier.last(ActKind.CLOSED)
    return ended.text("how") if ended and dossier.status is Status.CLOSED else ""


def act_paid(turn: Turn, on: date | None = None) -> None:
    """All is paid, today unless another day is told: nothing more will be sent or recalled.

    Of several invoices, ask which are.
    """
    if len(turn.need_dossier().open_invoices) > 1:
        turn.leave()
        turn.set_scratch(which=True, sum_on=on or turn.today)
        turn.fire("part_paid", remember=False)
        return
    turn.record(ActKind.PAID, on)
    turn.drop_scratch()
    turn.fire("finish", remember=False)


def act_stop(turn: Turn) -> None:
    """The person wants no more of it: ask how it ends, nothing is noted yet."""
    turn.leave()
    turn.fire("ask_end", remember=False)


def _end(how: str) -> Callable[[Turn], None]:
    def act(turn: Turn) -> None:
        turn.record(ActKind.CLOSED, how=how)
        turn.drop_scratch()
        turn.fire("finish", remember=False)

    return act


def act_reopen(turn: Turn) -> None:
    """A dossier was closed too soon: its reminders come back, and the next one is told."""
    turn.record(ActKind.REOPENED)
    due = turn.next_deadline()
    turn.notes.append(
        say(
            "reopened",
            client=summary(turn)[0],
            on=date_longue(due.on) if due else "",
            why=due.why if due else "",
        )
    )
    turn.fire("open_card", remember=False)


def _write(document: str) -> Callable[[Turn], None]:
    def act(turn: Turn) -> None:
        turn.leave()
        turn.set_scratch(document=document, tone="normal")
        turn.fire("take_up_text", remember=False)

    return act


def to_write(turn: Turn) -> set[str]:
    """Give the buttons of what the end of the dossier in hand calls for; the review can be made before."""
    dossier = turn.need_dossier()
    told = dossier.debtor_kind and dossier.amount_due is not None and dossier.due_on
    if not told or how_ended(dossier) == MISTAKE:
        return set()  # begun and left before it said enough to write anything
    wanted = set(AFTER) if turn.dossier_over() else {"next_time"}
    return {one for one in wanted if turn.allows(turn.library.catalogue.get(AFTER[one]))}


CLOSING: Mapping[str, Callable[[Turn], None]] = {
    "paid": act_paid,
    "stop": act_stop,
    "reopen": act_reopen,
    **{button: _end(how) for button, how in ENDS.items()},
    **{button: _write(document) for button, document in AFTER.items()},
}
