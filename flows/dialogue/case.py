"""What is known and what follows from it, within one turn: the cause, the stage, the response that fits.

Nothing here changes anything; `flows.dialogue.turn` does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flows import diagnosis, ladder, post, responses
from flows.dialogue.agreement import advised
from flows.dialogue.conversation import Book, Conversation, Moment
from flows.dialogue.library import STAKE, Library
from flows.dialogue.table import FACT_OF_STATE
from flows.dialogue.texts import words
from flows.dialogue.timeline import short_title
from flows.dossier import ActKind, Cause, Dossier, Stage
from flows.facts import Fact, fact
from flows.facts.conditions import Standing
from flows.law.calendar import is_working_day
from flows.responses.choice import cautions, supposes
from flows.values import Facts, Value
from letters import Document

FIRST_DRAFT_ANSWERS = 8
"""From the first button to a text ready to copy, at most so many answers."""
NOT_TOLD = "ne_sait_pas"
"""The outcome that stands in while none was told."""
ANNOUNCED = {"virement_fait": "virement_non_recu", "promesse": "promesse_passee"}
"""Outcomes that announce a payment, and what they become as evidence once it did not come."""
SILENCE = "toujours_rien"
"""The outcome the bot records when there is nothing new."""
SILENCES = ((4, "quatre"), (2, "deux"))
"""How many silences make which answer."""
FIRST_PROBES = 2
"""Discriminating questions before a first draft, even when there is room for more: people are tired."""
LATER_PROBES = 3
"""Discriminating questions asked once the dossier already lives: the person has time for them."""
PROMISE = "promesse"
"""The variant of a cause when a promised date has passed."""
LAST_REMINDER = "derniere_relance"
BROKEN_PROMISE = "promesse_non_tenue"
"""Documents the advice looks for in the history."""
PROBE = "probe."
"""Prefix of the facts that answer the discriminating questions."""


class Case:
    """The conversation and its dossier, as they stand."""

    def __init__(
        self, conversation: Conversation, book: Book, moment: Moment, library: Library
    ) -> None:
        self.state = conversation.state
        self.conversation = conversation
        self.book = book
        self.moment = moment.of(conversation.person)
        self.library = library
        self.changed: dict[str, Dossier] = {}
        self._dossier: Dossier | None = None
        # What follows from the dossier in hand, worked out once for each state of it.
        self._diagnosis: tuple[Dossier, diagnosis.Diagnosis] | None = None
        self._advice: tuple[Dossier, responses.Recommendation] | None = None
        self._stage: tuple[Dossier, Stage] | None = None
        self._standing: Standing | None = None
        self._facts: tuple[Dossier, Facts, str, dict[str, Any]] | None = None

    # --- what it is about ---------------------------------------------------------------

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
        found = self.dossier
        if found is None:
            raise LookupError("no dossier in hand")
        return found

    def scratch(self, name: str) -> str:
        """Give a word of the scratch pad, "" when absent."""
        return str(self.conversation.scratch.get(name, ""))

    def person(self, name: str) -> Value | None:
        """Give a fact of the creditor."""
        return self.conversation.person.get(name)

    # --- what follows from the facts ------------------------------------------------------------

    @property
    def asked_fact(self) -> Fact | None:
        """The fact the present state asks for, if it asks for one."""
        if self.state in FACT_OF_STATE:
            return fact(FACT_OF_STATE[self.state])
        if self.state in {"need", "contact_detail"} and self.scratch("fact"):
            return fact(self.scratch("fact"))
        return None

    def need_fact(self) -> Fact:
        """Give the fact the present state asks for; raises LookupError when it asks none."""
        if self.asked_fact is None:
            raise LookupError(f"{self.state} asks no fact")
        return self.asked_fact

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
            stage = ladder.stage_of(dossier, self.today, is_working_day)
            if stage is Stage.ROUTE and self._notice_runs(dossier):
                stage = Stage.HOLD
            self._stage = (dossier, stage)
        return self._stage[1]

    def _notice_runs(self, dossier: Dossier) -> bool:
        """Say whether the delay of the last mise en demeure still runs: no route is open before its end."""
        days = self.library.notice_days(self.today)
        until = ladder.notice_runs_until(dossier, is_working_day, days)
        return until is not None and self.today < until

    def facts_for(self, document: Document) -> dict[str, Any]:
        """Gather the facts a document may state for the dossier in hand."""
        dossier, person, known = self.need_dossier(), self.conversation.person, self._facts
        drawn = self.conversation.scratch.get("drawn_on")
        # A text already shown keeps its day and its sums: what is sent is what was read.
        shown = isinstance(drawn, date) and document.id == self.scratch("document")
        day = drawn if shown and isinstance(drawn, date) else self.today
        key = f"{document.id} {day}"
        if known and known[0] is dossier and known[1] is person and known[2] == key:
            return known[3]
        facts = self.library.facts_for(dossier, person, document, day)
        self._facts = (dossier, person, key, facts)
        return facts

    def allows(self, document: Document) -> bool:
        """Say whether what a document supposes of the dossier (`must_be_true`) is so today."""
        return not supposes(document, self.standing)

    @property
    def standing(self) -> Standing:
        """The dossier in hand as the documents look at it."""
        dossier, person = self.need_dossier(), self.conversation.person
        kept = self._standing
        if kept is None or kept.dossier is not dossier or kept.person is not person:
            kept = self._standing = Standing(dossier, person, self.today, self.library.law)
        return kept

    def cautions(self, document: Document) -> tuple[str, ...]:
        """Give what had better be so before a document is sent, and is not."""
        return cautions(document, self.standing)

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
        undated = self.outcome == PROMISE and self.need_dossier().get("promised_on") is None
        if announced and not undated and self.stage is not Stage.HOLD:
            return announced
        return self.outcome or NOT_TOLD

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
                if act.text("outcome") != SILENCE:
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
            self._advice = (dossier, advised(self, self._recommend(dossier)))
        return self._advice[1]

    def _recommend(self, dossier: Dossier) -> responses.Recommendation:
        assert dossier.debtor_kind is not None
        found = self.diagnosed
        advice = responses.recommend(
            self._cause_to_answer(dossier),
            self.stage,
            dossier.debtor_kind,
            self._variant(),
            found.flags,
            responses.stake_of(self.answers_to(STAKE), dossier.remaining),
        )
        promised = dossier.last(ActKind.PROMISED)
        sent = {
            act.text("document")
            for act in post.delivered(dossier)
            # A promise broken after that letter calls for one of its own.
            if act.text("document") != BROKEN_PROMISE or promised is None or act.at > promised.at
        }
        again = advice.recommended.document if advice.recommended else None
        if again not in sent:
            return advice
        document = self.library.catalogue.find(str(again))
        title = short_title(document.title) if document else str(again)
        because = words("already_sent", title=title)
        return responses.without_repeat(advice, sent, self._habits(), because)

    def _cause_to_answer(self, dossier: Dossier) -> Cause:
        """Give the cause the response is for: bad faith that nothing shows is first answered like the unknown."""
        warned = any(act.text("document") == LAST_REMINDER for act in dossier.acts_of(ActKind.SENT))
        if self.cause is Cause.BAD_FAITH is not self.diagnosed.cause and not warned:
            return Cause.UNKNOWN
        return self.cause

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

    def next_stake(self) -> responses.StakeQuestion | None:
        """Give the next question on what is at stake, None when all are answered."""
        known = self.answers_to(STAKE)
        return next((q for q in responses.stake_questions() if q.id not in known), None)
