"""One turn of the dialogue: the model the machine moves, with the conditions its table names.

A `Turn` lives for one event. It gathers what changed; `flows.dialogue.step` makes a `Step` of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flows import diagnosis, ladder, responses
from flows.dialogue.conversation import TRAIL_LIMIT, Book, Conversation, Moment
from flows.dialogue.library import STAKE, Library
from flows.dialogue.screens import Shown
from flows.dialogue.table import FACT_OF_STATE, FORGETTABLE, MACHINE, RESTING
from flows.dialogue.texts import words
from flows.dialogue.timeline import short_title
from flows.dossier import Act, ActKind, Cause, Dossier, Facts, Stage, Status, Value
from flows.facts import Fact, fact
from flows.law.calendar import is_working_day
from letters import Document

FIRST_DRAFT_ANSWERS = 8
"""From the first button to a text ready to copy, at most so many answers."""
NOT_TOLD = "ne_sait_pas"
"""The outcome that stands in while none was told."""
ANNOUNCED = {"virement_fait": "virement_non_recu", "promesse": "promesse_passee"}
"""Outcomes that announce a payment, and what they become as evidence once it did not come."""
SILENCES = ((4, "quatre"), (2, "deux"))
"""How many silences make which answer."""
FIRST_PROBES = 2
"""Discriminating questions before a first draft, even when there is room for more: people are tired."""
LATER_PROBES = 3
"""Discriminating questions asked once the dossier already lives: the person has time for them."""
_DOCUMENT = ("document", "response", "tone")
ABOUT = {
    "probe": ("probe",),
    "stake": ("stake",),
    "contact_detail": ("fact",),
    "need": ("fact", "purpose", "only", "completing", *_DOCUMENT),
    "draft": _DOCUMENT,
    "advice": _DOCUMENT,
    "sent_how": _DOCUMENT,
}
"""States whose question depends on words of the scratch pad, kept on the trail with them."""
PROMISE = "promesse"
"""The variant of a cause when a promised date has passed."""
UNKNOWN = "unknown."
"""Prefix of the facts the person said they do not know."""
PROBE = "probe."


def trail_entry(conversation: Conversation) -> str:
    """Write the present question so that « Retour » finds it again: its state, and what it is about."""
    words = {name: conversation.scratch.get(name) for name in ABOUT.get(conversation.state, ())}
    about = "&".join(f"{name}={word}" for name, word in words.items() if word)
    return f"{conversation.state}:{about}" if about else conversation.state


class Turn:
    """The conversation, its dossier and what one event does to them."""

    def __init__(
        self, conversation: Conversation, book: Book, moment: Moment, library: Library
    ) -> None:
        self.state = conversation.state
        self.entry = trail_entry(conversation)
        self.moved = False
        """Whether a trigger was fired: what stands in its own message is then shown again."""
        self.conversation = conversation
        self.book = book
        self.moment = moment
        self.library = library
        self.shown: list[Shown] = []
        self.notes: list[str] = []
        """HTML lines to read at the top of the next screen: what was noted, what was assumed."""
        self.changed: dict[str, Dossier] = {}
        self._dossier: Dossier | None = None
        # What follows from the dossier in hand, worked out once for each state of it.
        self._diagnosis: tuple[Dossier, diagnosis.Diagnosis] | None = None
        self._advice: tuple[Dossier, responses.Recommendation] | None = None
        self._stage: tuple[Dossier, Stage] | None = None
        self._facts: tuple[Dossier, Facts, str, dict[str, Any]] | None = None

    # --- what the turn is about ---------------------------------------------------------------

    @property
    def today(self) -> date:
        """The local day."""
        return self.moment.today

    @property
    def dossier(self) -> Dossier | None:
        """The dossier in hand."""
        wanted = self.conversation.dossier_id
        if wanted is None:
            return None
        if self._dossier is None or self._dossier.id != wanted:
            self._dossier = self.changed.get(wanted) or self.book.get(wanted)
        return self._dossier

    def need_dossier(self) -> Dossier:
        """Give the dossier in hand; raises LookupError when there is none."""
        if self.dossier is None:
            raise LookupError("no dossier in hand")
        return self.dossier

    def scratch(self, name: str) -> str:
        """Give a word of the scratch pad, "" when absent."""
        return str(self.conversation.scratch.get(name, ""))

    def person(self, name: str) -> Value | None:
        """Give a fact of the creditor."""
        return self.conversation.person.get(name)

    # --- changes ------------------------------------------------------------------------------

    def put(self, dossier: Dossier) -> None:
        """Take a changed dossier in hand."""
        self._dossier = dossier
        self.changed[dossier.id] = dossier
        self.conversation = replace(self.conversation, dossier_id=dossier.id)

    def hold(self, dossier: Dossier) -> None:
        """Take an unchanged dossier in hand; a draft of another one is put away."""
        if self.conversation.dossier_id != dossier.id:
            self.conversation = replace(
                self.conversation, dossier_id=dossier.id, draft=None, scratch={}, trail=()
            )
            self.entry = ""
        self._dossier = dossier

    def open_dossier(self, facts: Facts) -> None:
        """Start a dossier with what is known of it."""
        self.conversation = replace(
            self.conversation, dossier_id=None, draft=None, scratch={}, trail=(), answers=0
        )
        self.entry = ""  # « Retour » does not lead out of a new dossier
        dossier = Dossier(id=self.book.new_id(), opened_on=self.today, facts=dict(facts))
        self.put(dossier.with_act(Act(ActKind.OPENED, self.today, self.moment.now)))

    def record(self, kind: ActKind, on: date | None = None, **data: Value) -> None:
        """Append an act to the dossier in hand."""
        act = Act(kind, on or self.today, self.moment.now, data)
        self.put(self.need_dossier().with_act(act))

    def set_fact(self, declared: Fact, value: Value) -> None:
        """Store an answer where its fact lives: with the person or with the dossier."""
        if declared.scope == "person":
            self.conversation = self.conversation.with_person(**{declared.name: value})
        else:
            self.put(self.need_dossier().with_facts(**{declared.name: value}))

    def set_scratch(self, **words: Value) -> None:
        """Note something for the questions at hand."""
        self.conversation = replace(
            self.conversation, scratch={**self.conversation.scratch, **words}
        )

    def drop_scratch(self, *names: str) -> None:
        """Forget words of the scratch pad; all of them without a name."""
        kept = {k: v for k, v in self.conversation.scratch.items() if names and k not in names}
        self.conversation = replace(self.conversation, scratch=kept)

    def set_draft(self, draft: Mapping[str, Any] | None) -> None:
        """Keep the draft in hand, as JSON values."""
        self.conversation = replace(self.conversation, draft=draft)

    def fire(self, trigger: str, *, remember: bool = True) -> None:
        """Move the machine; `remember` leaves the present question on the trail for « Retour »."""
        before = self.state
        MACHINE.events[trigger].trigger(self)
        self.moved = True
        trail = self.conversation.trail
        if self.state in RESTING and trigger != "wake":
            trail = ()
        elif remember and self.entry and before != self.state and before not in FORGETTABLE:
            trail = (*trail, self.entry)[-TRAIL_LIMIT:]
        self.conversation = replace(
            self.conversation,
            state=self.state,
            trail=trail,
            serial=self.conversation.serial + 1,
        )

    def go_back(self) -> bool:
        """Return to the question before; False when there is none. What was answered stays."""
        if not self.conversation.trail:
            return False
        before = self.state
        self.state, _, about = self.conversation.trail[-1].partition(":")
        dossier = self.dossier
        if before == self.state == "diagnosis" and dossier and dossier.get("cause_chosen"):
            self.put(dossier.without_facts("cause_chosen"))  # the overruling is taken back
        self.drop_scratch("doubt", "doubt_note")
        self.set_scratch(**dict(pair.split("=", 1) for pair in about.split("&") if pair))
        self.moved = True
        self.conversation = replace(
            self.conversation,
            state=self.state,
            trail=self.conversation.trail[:-1],
            serial=self.conversation.serial + 1,
        )
        return True

    # --- what follows from the facts ------------------------------------------------------------

    @property
    def asked_fact(self) -> Fact | None:
        """The fact the present state asks for, if it asks for one."""
        if self.state in FACT_OF_STATE:
            return fact(FACT_OF_STATE[self.state])
        if self.state in {"need", "contact_detail"} and self.scratch("fact"):
            return fact(self.scratch("fact"))
        return None

    @property
    def outcome(self) -> str:
        """The outcome of the last contact, "" when it has not been told."""
        return str(self.need_dossier().get("contact_outcome") or "")

    def answers_to(self, prefix: str) -> dict[str, str]:
        """Give the answers stored under a prefix (probes, stake) as question → answer."""
        facts = self.need_dossier().facts
        return {k[len(prefix) :]: str(v) for k, v in facts.items() if k.startswith(prefix)}

    @property
    def stage(self) -> Stage:
        """Where the dossier stands on the ladder."""
        dossier = self.need_dossier()
        if self._stage is None or self._stage[0] is not dossier:
            self._stage = (dossier, ladder.stage_of(dossier, self.today, is_working_day))
        return self._stage[1]

    def facts_for(self, document: Document) -> dict[str, Any]:
        """Gather the facts a document may state for the dossier in hand."""
        dossier, person, known = self.need_dossier(), self.conversation.person, self._facts
        if known and known[0] is dossier and known[1] is person and known[2] == document.id:
            return known[3]
        facts = self.library.facts_for(dossier, person, document, self.today)
        self._facts = (dossier, person, document.id, facts)
        return facts

    @property
    def diagnosed(self) -> diagnosis.Diagnosis:
        """What the table says of the present facts."""
        dossier = self.need_dossier()
        if self._diagnosis is None or self._diagnosis[0] is not dossier:
            found = diagnosis.diagnose(self.evidence_outcome, self.evidence, dossier.debtor_kind)
            if ladder.procedure_open(dossier):
                found = replace(found, flags=found.flags | {"procedure_collective"})
            self._diagnosis = (dossier, found)
        return self._diagnosis[1]

    @property
    def evidence_outcome(self) -> str:
        """The outcome as evidence: an announced payment whose day has passed did not come."""
        announced = ANNOUNCED.get(self.outcome)
        return announced if announced and self.stage is not Stage.HOLD else self.outcome or NOT_TOLD

    @property
    def evidence(self) -> dict[str, str]:
        """The answers given, and those the history gives by itself."""
        answers = self.answers_to(PROBE)
        if broken := ladder.broken_promises(self.need_dossier(), self.today):
            answers.setdefault("promesses", "une" if broken == 1 else "plusieurs")
        for least, answer in SILENCES:
            if self.silences >= least:
                answers["silences"] = answer
                break
        return answers

    @property
    def silences(self) -> int:
        """How many times nothing new was noted since the client last said something."""
        count = 0
        for act in reversed(self.need_dossier().acts):
            if act.kind is ActKind.ANSWERED:
                if act.text("outcome") != "toujours_rien":
                    break
                count += 1
        return count

    @property
    def cause(self) -> Cause:
        """The cause that counts: the person's own word, else the table's."""
        chosen = self.need_dossier().get("cause_chosen")
        return Cause(str(chosen)) if chosen else self.diagnosed.cause

    @property
    def recommendation(self) -> responses.Recommendation:
        """The response that fits now, with its alternatives, or why there is none."""
        dossier = self.need_dossier()
        if self._advice is None or self._advice[0] is not dossier:
            self._advice = (dossier, self._recommend(dossier))
        return self._advice[1]

    def _recommend(self, dossier: Dossier) -> responses.Recommendation:
        assert dossier.debtor_kind is not None
        found = self.diagnosed
        advice = responses.recommend(
            self.cause,
            self.stage,
            dossier.debtor_kind,
            self._variant(),
            found.flags,
            responses.stake_of(self.answers_to(STAKE), dossier.remaining),
        )
        sent = {act.text("document") for act in dossier.acts_of(ActKind.SENT)}
        again = advice.recommended.document if advice.recommended else None
        if again not in sent:
            return advice
        document = self.library.catalogue.find(str(again))
        title = short_title(document.title) if document else str(again)
        because = words("already_sent", title=title)
        return responses.without_repeat(advice, sent, self._habits(), because)

    def _habits(self) -> tuple[str, ...]:
        """Give the documents the ladder has for this debtor, from the present step on."""
        kind, steps = self.need_dossier().debtor_kind, ladder.ladder().steps
        order = list(steps)
        here = order.index(self.stage) if self.stage in steps else len(order)
        found = (steps[stage].documents.get(kind) for stage in order[here:] if kind)
        return tuple(dict.fromkeys(document for document in found if document))

    def _variant(self) -> str | None:
        """Give what narrows the cause; a promise counts only once broken, however it was told."""
        found = self.diagnosed
        variant = found.variant if self.cause is found.cause else None
        if ladder.promise_broken(self.need_dossier(), self.today):
            return variant if variant not in {None, PROMISE} else PROMISE
        return None if variant == PROMISE else variant

    @property
    def probes_left(self) -> int:
        """How many discriminating questions may still be asked before a first draft."""
        dossier = self.need_dossier()
        if dossier.last(ActKind.SENT):
            return LATER_PROBES - len(self.answers_to(PROBE))
        # The answer being read is not counted yet, and one is kept for taking the response.
        room = FIRST_DRAFT_ANSWERS - 2 - self.conversation.answers
        return min(room, FIRST_PROBES - len(self.answers_to(PROBE)))

    @property
    def cause_settled(self) -> bool:
        """The person agreed on a cause since the last contact that told something."""
        for act in reversed(self.need_dossier().acts):
            if act.kind is ActKind.DIAGNOSED:
                return True
            if act.kind is ActKind.ANSWERED and act.text("outcome") == self.outcome:
                return False
        return False

    def next_probe(self, budget: int) -> diagnosis.Question | None:
        """Give the question that could still change the result, None when none could."""
        dossier = self.need_dossier()
        if budget <= 0 or dossier.get("cause_chosen"):
            return None
        return diagnosis.next_question(
            self.evidence_outcome, self.evidence, dossier.debtor_kind, budget
        )

    def next_deadline(self) -> ladder.Deadline | None:
        """Give what the dossier in hand wakes for next."""
        due = self.library.reminders(self.need_dossier(), self.moment)
        return due[0] if due else None

    # --- conditions named by the table ------------------------------------------------------------

    def kind_missing(self, _: object = None) -> bool:
        """Who the client is has not been said."""
        return self.need_dossier().debtor_kind is None

    def name_missing(self, _: object = None) -> bool:
        """The client has no name yet."""
        return not self.need_dossier().debtor_name

    def amount_missing(self, _: object = None) -> bool:
        """The amount is not known."""
        return self.need_dossier().amount_due is None

    def due_missing(self, _: object = None) -> bool:
        """The due date is not known."""
        return self.need_dossier().due_on is None

    def not_due_yet(self, _: object = None) -> bool:
        """The due date has not passed and no contact was told of."""
        return self.stage is Stage.BEFORE_DUE and not self.outcome

    def outcome_missing(self, _: object = None) -> bool:
        """What happened since the due date has not been told."""
        return not self.outcome

    def detail_missing(self, _: object = None) -> bool:
        """The outcome calls for a fact that is not known; notes which."""
        dossier = self.need_dossier()
        for name in diagnosis.outcome(self.outcome or NOT_TOLD).asks:
            if dossier.get(name) is None and dossier.get(UNKNOWN + name) is None:
                self.set_scratch(fact=name)
                return True
        return False

    def payment_announced(self, _: object = None) -> bool:
        """A payment was announced or promised for a day that has not passed."""
        return self.stage is Stage.HOLD

    def worth_probing(self, _: object = None) -> bool:
        """A question can change the result and there is room for it; notes which."""
        quiet = self.cause_settled or self.scratch("quiet")
        question = None if quiet else self.next_probe(self.probes_left)
        if question:
            self.set_scratch(probe=question.id)
        return question is not None

    def next_stake(self) -> responses.StakeQuestion | None:
        """Give the next question on what is at stake, None when all are answered."""
        known = self.answers_to(STAKE)
        return next((q for q in responses.stake_questions() if q.id not in known), None)

    def stake_worth_asking(self, _: object = None) -> bool:
        """The person asked to weigh what is at stake and a question is left; notes which."""
        question = self.next_stake() if self.scratch("weigh") else None
        if question:
            self.set_scratch(stake=question.id)
        else:
            self.drop_scratch("weigh")
        return question is not None

    def response_without_document(self, _: object = None) -> bool:
        """The chosen response is advice, not a text."""
        chosen = self.scratch("response")
        return bool(chosen) and responses.response(chosen).document is None

    def facts_missing(self, _: object = None) -> bool:
        """The document in hand lacks a fact that must be asked; notes which."""
        names = self.library.missing(self)
        if names:
            self.set_scratch(fact=names[0])
        else:
            self.drop_scratch("fact", "only", "completing", "skipped")
        return bool(names)

    def fact_for_settings(self, _: object = None) -> bool:
        """The fact was asked from the settings."""
        return self.scratch("purpose") == "settings"

    def fact_for_card(self, _: object = None) -> bool:
        """The fact was asked to correct the card."""
        return self.scratch("purpose") == "card"

    def dossier_over(self, _: object = None) -> bool:
        """The dossier is paid or closed."""
        return self.need_dossier().status in {Status.PAID, Status.CLOSED}


def was_late(due_at: datetime, moment: Moment) -> bool:
    """Say whether a reminder comes on a later day than it should have."""
    return due_at.astimezone(moment.now.tzinfo).date() < moment.today
