"""Why the client has not paid, and which response fits."""

from __future__ import annotations

from typing import Any

from flows import diagnosis, ladder, responses
from flows.dialogue.answering import NOTE, chosen_or_pasted, fold_answer, keep_promise, note_of
from flows.dialogue.case import PROBE
from flows.dialogue.handler import Handler, View, column
from flows.dialogue.intake import summary
from flows.dialogue.library import STAKE
from flows.dialogue.screens import Choice
from flows.dialogue.texts import buttons, say, texts, words
from flows.dialogue.turn import IN_HAND, UNKNOWN, Turn
from flows.dossier import ActKind, Cause, Stage

PROMISED_ON = "promised_on"
"""The fact that holds a promised day."""
SENT_BEFORE = "told"
"""The button that tells what had been sent before the dossier was opened."""
NOTHING_DONE = "rien"
"""The outcome that makes no sense once something was sent."""
PROCEDURE = "procedure_collective"
"""The flag of a collective procedure."""
# What a new contact makes out of date: it is asked again, the history keeps what was said.
_PASSING = (
    "contact_outcome",
    "promised_on",
    "missing_piece",
    "cause_chosen",
)


def new_contact(turn: Turn) -> None:
    """Forget the last outcome and what hung on it, so that the contact is told afresh."""
    dossier = turn.need_dossier()
    passing = (PROBE, UNKNOWN)
    stale = [*_PASSING, IN_HAND, *(name for name in dossier.facts if name.startswith(passing))]
    turn.put(dossier.without_facts(*stale))
    turn.drop_scratch()


def show_contact(turn: Turn) -> View:
    """Ask what happened since the due date, from facts a person knows."""
    client, amount, days = summary(turn)
    told = turn.need_dossier().last(ActKind.ANSWERED) is not None and not turn.outcome
    again = told or turn.need_dossier().last(ActKind.SENT) is not None
    pasted = bool(turn.scratch(NOTE))
    body = say("contact", client=client, amount=amount, days=days, again=again, pasted=pasted)
    offered = diagnosis.outcomes_for(turn.need_dossier().debtor_kind)
    choices = [Choice(o.id, o.label) for o in offered if not (again and o.id == NOTHING_DONE)]
    return View(body, column([*choices, *([] if again else buttons("contact_told"))]))


def type_contact(turn: Turn, text: str) -> None:
    """Read a sentence that tells what happened, else the words of a button."""
    said = outcome_told(turn, text) or chosen_or_pasted(turn, show_contact(turn), text)
    if said is None:
        return
    if said == SENT_BEFORE:
        press_contact(turn, said)
        return
    note_outcome(turn, said, text if outcome_told(turn, text) else "")
    if PROMISED_ON in diagnosis.outcome(said).asks:
        keep_promise(turn, text)
    turn.fire("answered")


def outcome_told(turn: Turn, text: str) -> str | None:
    """Give the outcome a text tells, None for none or for one this debtor cannot have."""
    said = diagnosis.outcome_said(text)
    possible = {one.id for one in diagnosis.outcomes_for(turn.need_dossier().debtor_kind)}
    return said if said in possible else None


def press_contact(turn: Turn, key: str) -> None:
    """Keep the outcome as a fact and as an act; or ask first what had been sent."""
    if key == SENT_BEFORE:
        turn.fire("tell_sent")
        return
    note_outcome(turn, key)
    turn.fire("answered")


def note_outcome(turn: Turn, outcome_id: str, note: str = "") -> None:
    """Record the outcome of a contact, with what was written; the questions that hung on an older one are forgotten.

    Told again where it was just asked, it takes the place of the first one.
    """
    outcome = diagnosis.outcome(outcome_id)
    kept = {} if _same_words(note, outcome.label) else note_of(turn, note)
    if turn.state == "contact" and turn.outcome:
        fold_answer(turn)
    if turn.outcome != outcome_id:
        new_contact(turn)
    turn.put(turn.need_dossier().with_facts(contact_outcome=outcome_id))
    turn.record(ActKind.ANSWERED, turn.today, outcome=outcome_id, **kept)
    if PROCEDURE in outcome.flags and not ladder.procedure_open(turn.need_dossier()):
        turn.record(ActKind.PROCEDURE_OPENED, dated="non")
    turn.notes.append(say("noted", label=words("since_then"), value=outcome.label))


def _same_words(note: str, label: str) -> bool:
    """Say whether what was typed only names the answer: it tells nothing more to keep."""
    said, known = (" ".join(text.replace("'", "’").lower().split()) for text in (note, label))
    return bool(said) and said in known


def show_probe(turn: Turn) -> View:
    """Ask the discriminating question at hand."""
    question = diagnosis.question(turn.scratch("probe"))
    body = say("probe", question=question.text, why=question.why)
    return View(body, column(Choice(a.id, a.label) for a in question.answers))


def press_probe(turn: Turn, key: str) -> None:
    """Keep the answer as evidence."""
    name = PROBE + turn.scratch("probe")
    piece = f"piece_{turn.scratch('probe')}_{key}"
    turn.drop_scratch("probe")
    turn.put(turn.need_dossier().with_facts(**{name: key}))
    if piece in texts() and turn.need_dossier().get("missing_piece") is None:
        # What is wrong says what to send: it need not be asked again.
        turn.put(turn.need_dossier().with_facts(missing_piece=words(piece)))
    turn.fire("answered")


def show_diagnosis(turn: Turn) -> View:
    """State the likeliest cause with its reasons, and the response that fits."""
    client, _, _ = summary(turn)
    found, advice = turn.diagnosed, turn.recommendation
    chosen = turn.need_dossier().get("cause_chosen") is not None
    body = say(
        "diagnosis",
        client=client,
        cause=words(f"cause_{turn.cause.value}"),
        chosen=chosen,
        sureness=found.sureness,
        reasons=() if chosen else found.reasons,
        nothing=advice.nothing or "",
        response=advice.recommended,
        because=advice.because,
    )
    offered = {"overrule"}
    if advice.recommended:
        offered.add("choose")
        if turn.next_stake():
            offered.add("ask_stake")
    else:
        offered |= {"settle", "replied"}
    if advice.alternatives:
        offered.add("compare")
    if not chosen and turn.next_probe(1):
        offered.add("probe_more")
    if turn.stage is Stage.ROUTE or ladder.procedure_open(turn.need_dossier()):
        offered.add("routes")
    label = advice.recommended.label if advice.recommended else ""
    agree = "choose" if advice.recommended else "settle"
    rows = column(buttons("diagnosis_choices", offered, label=label))
    return View(body, rows, yes=agree, no="overrule")


def press_diagnosis(turn: Turn, key: str) -> None:
    """Agree, look at the alternatives, answer one more question, or overrule."""
    match key:
        case "choose":
            settle_cause(turn)
            chosen = turn.recommendation.recommended
            assert chosen is not None
            take_response(turn, chosen.id)
        case "compare":
            settle_cause(turn)
            turn.fire("compare")
        case "probe_more":
            question = turn.next_probe(1)
            assert question is not None
            turn.set_scratch(probe=question.id)
            turn.fire("probe_more")
        case "ask_stake":
            question_at_stake = turn.next_stake()
            assert question_at_stake is not None
            turn.set_scratch(weigh=True, stake=question_at_stake.id)
            turn.fire("ask_stake")
        case "routes":
            settle_cause(turn)
            turn.drop_scratch()
            turn.set_scratch(purpose="routes")
            turn.fire("see_routes")
        case "settle":
            settle_cause(turn)
            turn.fire("settle")
        case "replied":
            new_contact(turn)
            turn.fire("go_on")
        case _:
            turn.fire("overrule")


def settle_cause(turn: Turn) -> None:
    """Record the cause the person agreed with, once."""
    by = "personne" if turn.need_dossier().get("cause_chosen") else "table"
    last = turn.need_dossier().last(ActKind.DIAGNOSED)
    data: dict[str, Any] = {
        "cause": turn.cause.value,
        "sureness": turn.diagnosed.sureness,
        "by": by,
    }
    if last is None or dict(last.data) != data:
        turn.record(ActKind.DIAGNOSED, **data)


def take_response(turn: Turn, response_id: str) -> None:
    """Go on to the document of a response, or to its advice."""
    chosen = responses.response(response_id)
    advice = turn.recommendation
    turn.drop_scratch()
    turn.set_scratch(response=chosen.id, document=chosen.document or "", tone=advice.tone)
    turn.fire("choose")


def show_other_cause(turn: Turn) -> View:
    """Let the person name the cause."""
    return View(say("other_cause"), column(buttons("other_cause")))


def press_other_cause(turn: Turn, key: str) -> None:
    """Take the person's word, and say so when nothing told supports bad faith."""
    if Cause(key) is Cause.BAD_FAITH and turn.diagnosed.cause is not Cause.BAD_FAITH:
        turn.notes.append(say("mauvaise_foi_care"))
    turn.put(turn.need_dossier().with_facts(cause_chosen=key))
    turn.fire("answered")


def show_stake(turn: Turn) -> View:
    """Ask one question on what is at stake."""
    question = responses.stake_question(turn.scratch("stake"))
    return View(
        say("stake", question=question.text),
        column(Choice(a.id, a.label) for a in question.answers),
    )


def press_stake(turn: Turn, key: str) -> None:
    """Keep the answer; the next question follows until all are known."""
    name = STAKE + turn.scratch("stake")
    turn.put(turn.need_dossier().with_facts(**{name: key}))
    turn.fire("answered")


def fitting(turn: Turn) -> list[responses.Response]:
    """Give the recommended response, then the alternatives."""
    advice = turn.recommendation
    return [*([advice.recommended] if advice.recommended else []), *advice.alternatives]


def show_responses(turn: Turn) -> View:
    """Show every response that fits, each with why, cost, delay, effect and what comes next."""
    rows: list[dict[str, Any]] = []
    for place, r in enumerate(fitting(turn)):
        rows.append(
            {
                "label": r.label,
                "why": r.why,
                "cost": r.cost,
                "delay": r.delay,
                "effect": r.effect,
                "then": r.then,
                "recommended": place == 0 and turn.recommendation.recommended is not None,
            }
        )
    body = say("responses", responses=rows)
    return View(body, column(Choice(r.id, r.label) for r in fitting(turn)))


def press_responses(turn: Turn, key: str) -> None:
    """Take the response picked."""
    take_response(turn, key)


def show_advice(turn: Turn) -> View:
    """Explain a response that is not a document."""
    chosen = responses.response(turn.scratch("response"))
    return View(say("advice", response=chosen), column(buttons("advice")))


def press_advice(turn: Turn, key: str) -> None:
    """Leave it there, or look at the others."""
    turn.fire(key)


HANDLERS = {
    "contact": Handler(show_contact, press_contact, type_contact),
    "probe": Handler(show_probe, press_probe),
    "diagnosis": Handler(show_diagnosis, press_diagnosis),
    "other_cause": Handler(show_other_cause, press_other_cause),
    "stake": Handler(show_stake, press_stake),
    "responses": Handler(show_responses, press_responses),
    "advice": Handler(show_advice, press_advice),
}
