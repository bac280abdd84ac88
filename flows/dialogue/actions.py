"""What can be said of a dossier at any time: paid, part paid, answered, nothing new, and the rest.

Offered on the card and under every nudge. The buttons name their dossier, so a nudge answered days later still acts
on the right one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from flows import ladder
from flows.dialogue.case import ANNOUNCED, SILENCE
from flows.dialogue.closing import CLOSING, ENDS, to_write
from flows.dialogue.diagnosing import new_contact
from flows.dialogue.filing import ANSWERS as FILED
from flows.dialogue.filing import act_filed_still
from flows.dialogue.handler import grid
from flows.dialogue.intake import summary
from flows.dialogue.screens import Choice
from flows.dialogue.texts import buttons, say
from flows.dialogue.turn import IN_HAND, Turn
from flows.dossier import OF_THE_BOT, ActKind, Dossier, Status
from flows.facts.filings import awaited
from flows.plan import plan_of
from flows.post import awaiting_number, awaiting_receipt

DOSSIER = "d."
"""Prefix of the data of a button that names its dossier: d.<dossier>.<action>.<acts>."""
REST = "quittance_partielle"
"""The document that says what came and what is left."""
PAPERS = frozenset({"documents", "exhibits"})
"""What there is to write, and what is joined to it."""
LAW = frozenset({"why", "routes", "clocks", "note_event"})
"""What the law says of a dossier: asked for at any time, it changes nothing by itself."""
OWN = frozenset({"new", "dossiers", "digest"})
"""Buttons under a dossier's screen that lead away from it."""
ONCE = frozenset({"filed_still", "paid", *ENDS, "silent", "declared"})
"""Actions that record an act: the same button pressed twice records one."""
STOP = frozenset({"stop", *ENDS})
"""Asking how it ends, and the answers to it."""


def dossier_button(dossier: Dossier, choice: Choice) -> Choice:
    """Bind a button to its dossier, as it stands: its version tells a button of another time."""
    return Choice(f"{DOSSIER}{dossier.id}.{choice.data}.{version(dossier)}", choice.label)


def version(dossier: Dossier) -> str:
    """Give what changes each time something happens in a dossier; a reminder is no such thing."""
    return str(sum(1 for act in dossier.acts if act.kind not in OF_THE_BOT))


def read_dossier_button(data: str) -> tuple[str, str, str]:
    """Give (dossier, action, version) of such a button's data; three "" for anything else."""
    parts = data.removeprefix(DOSSIER).split(".")
    if not data.startswith(DOSSIER) or len(parts) != 3:
        return ("", "", "")
    return (parts[0], parts[1], parts[2])


def bound(turn: Turn, choices: list[Choice]) -> tuple[tuple[Choice, ...], ...]:
    """Lay out buttons bound to the dossier in hand; those that leave it stay as they are."""
    own = turn.need_dossier()
    return grid(c if c.data in OWN else dossier_button(own, c) for c in choices)


def way_back(turn: Turn) -> tuple[tuple[Choice, ...], ...]:
    """Give the row that leads from a question asked on the card back to it."""
    return ((dossier_button(turn.need_dossier(), buttons("way_back")[0]),),)


def act_silent(turn: Turn) -> None:
    """Nothing new: an announced payment that did not come is noted as such, once.

    A silence says nothing of the cause: what was told before it still stands.
    """
    told = turn.need_dossier().last(ActKind.ANSWERED, ActKind.PART_PAID)
    announced = turn.outcome in ANNOUNCED and told is not None and told.text("outcome") in ANNOUNCED
    if not turn.outcome:
        turn.put(turn.need_dossier().with_facts(contact_outcome=SILENCE))
    turn.record(ActKind.ANSWERED, outcome=SILENCE)
    turn.drop_scratch()
    turn.notes.append(
        say("not_kept") if announced else say("silent_noted", client=summary(turn)[0])
    )
    turn.set_scratch(quiet=True)
    go_on(turn)


def go_on(turn: Turn) -> None:
    """Take the dossier up where it stands: before a judge, at its clocks, for no letter comes any more."""
    dossier = turn.need_dossier()
    at_law = ladder.at_law(dossier) and not ladder.procedure_open(dossier)
    at_law = at_law or ladder.claim_declared(dossier)
    turn.fire("see_clocks" if at_law else "go_on", remember=False)


def act_go_on(turn: Turn) -> None:
    """Take the dossier up from a button: at the text that was in hand, else where it stands."""
    document, _, tone = str(turn.need_dossier().get(IN_HAND) or "").partition(" ")
    turn.leave()
    held = turn.library.catalogue.find(document)
    kind = turn.need_dossier().debtor_kind
    if held is None or kind is None or kind.value not in held.debtors:
        # Gone, or written for another kind of client than the one told since.
        go_on(turn)
        return
    turn.put(turn.need_dossier().without_facts(IN_HAND))
    turn.set_scratch(document=document, tone=tone)
    turn.fire("take_up_text", remember=False)


def act_replied(turn: Turn) -> None:
    """The client reacted: ask how."""
    new_contact(turn)
    turn.fire("go_on", remember=False)


def act_declared(turn: Turn) -> None:
    """The claim is declared: the mandataire has it now, and the bot stops asking."""
    turn.record(ActKind.HAPPENED, what="declaration_creance")
    turn.notes.append(say("claim_declared"))
    turn.drop_scratch()
    turn.fire("rest", remember=False)


def act_unpause(turn: Turn) -> None:
    """Take a paused dossier up again."""
    turn.record(ActKind.RESUMED)
    turn.notes.append(say("resumed", client=summary(turn)[0]))
    turn.fire("go_on", remember=False)


def act_nudge(turn: Turn) -> None:
    """Take up one dossier of the day's message."""
    turn.leave()
    turn.set_scratch(why=reason_today(turn))
    turn.fire("wake", remember=False)


def reason_today(turn: Turn) -> str:
    """Give why the dossier in hand was recalled today, "" when it was not."""
    dossier, today = turn.need_dossier(), turn.today
    acts = tuple(a for a in dossier.acts if (a.kind, a.on) != (ActKind.NUDGED, today))
    due = turn.library.reminders(replace(dossier, acts=acts), turn.moment)
    return next((one.why for one in due if one.on <= today), "")


def _go(trigger: str) -> Callable[[Turn], None]:
    def act(turn: Turn) -> None:
        turn.leave()
        turn.fire(trigger, remember=False)

    return act


def see_routes(turn: Turn) -> None:
    """Ask what could open or close a route, then show them all."""
    turn.leave()
    turn.set_scratch(purpose="routes")
    turn.fire("see_routes", remember=False)


def _rest(turn: Turn) -> None:
    """Write to the client about what is left after a payment, whatever is waited for."""
    turn.leave()
    turn.set_scratch(document=REST, tone="normal")
    turn.fire("take_up_text", remember=False)


ACTIONS: Mapping[str, Callable[[Turn], None]] = {
    **CLOSING,
    "silent": act_silent,
    "nudge": act_nudge,
    "replied": act_replied,
    "pause": _go("put_pause"),
    "steps": _go("see_steps"),
    "declared": act_declared,
    "unpause": act_unpause,
    "part": _go("part_paid"),
    "received": _go("received"),
    "track": _go("track"),
    "said": _go("see_said"),
    "plan": _go("ask_plan"),
    "paid_day": _go("ask_paid_day"),
    "rest": _rest,
    "filed_still": act_filed_still,
    "filed_answer": _go("note_event"),
    "snooze": _go("put_off"),
    "card": _go("open_card"),
    "go_on": act_go_on,
    "routes": see_routes,
    "clocks": _go("see_clocks"),
    "note_event": _go("note_event"),
    "invoices": _go("see_invoices"),
    "documents": _go("see_documents"),
    "exhibits": _go("see_exhibits"),
    "erase": _go("ask_erase_one"),
}


def allowed(turn: Turn) -> set[str]:
    """Give the actions that make sense for the dossier in hand as it stands."""
    return _followed(turn) | to_write(turn) | written(turn) | {"erase"}


def written(turn: Turn) -> set[str]:
    """Give what the acts themselves offer: the words pasted, the plan to change, the rest of a payment, its day."""
    dossier = turn.need_dossier()
    told = dossier.acts_of(ActKind.ANSWERED)
    plan = plan_of(dossier)
    so = {
        "said": any(act.text("note") for act in told),
        "plan": dossier.status is Status.OPEN and plan is not None and not plan.called,
        "rest": dossier.status is Status.OPEN and bool(dossier.part_payments),
        "paid_day": dossier.status is Status.PAID,
    }
    own = {name for name, offered in so.items() if offered}
    return own | FILED if awaited(dossier) else own


def _followed(turn: Turn) -> set[str]:
    dossier = turn.need_dossier()
    # Left before the client was told of, there is nothing to write to them nor to say of the law.
    papers, law = (PAPERS, LAW) if dossier.debtor_kind is not None else (set[str](), set[str]())
    match dossier.status:
        case Status.PAID | Status.CLOSED:
            return {"reopen", "card", *papers}
        case Status.PAUSED:
            return {"paid", "unpause", "card", "invoices", *STOP, *law, *papers}
    if ladder.procedure_open(dossier):
        told = {
            "nudge",
            "paid",
            "declared",
            "invoices",
            "replied",
            "snooze",
            "pause",
            "go_on",
            "card",
            *STOP,
        }
        if ladder.claim_declared(dossier):
            told -= {"declared", "snooze"}
        return told | LAW | PAPERS
    known = dossier.amount_due is not None and dossier.due_on is not None
    actions = {"nudge", "go_on", "pause", "card", *STOP}
    if known:
        actions |= {"paid", "part", "replied", "silent", "snooze", "invoices"}
    if known and dossier.debtor_kind is not None:
        actions |= {*LAW, *PAPERS, "steps"}
    if awaiting_receipt(dossier):
        actions.add("received")
    if awaiting_number(dossier):
        actions.add("track")
    return actions
