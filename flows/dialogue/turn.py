"""One turn of the dialogue: the model the machine moves, with the conditions its table names.

A `Turn` lives for one event. It gathers what changed; `flows.dialogue.step` makes a `Step` of it.
"""

from __future__ import annotations

import json
from dataclasses import replace

import letters
from flows import diagnosis, ladder, post, responses
from flows.dialogue import invoice_facts
from flows.dialogue.case import FIRST_DRAFT_ANSWERS, NOT_TOLD
from flows.dialogue.changing import Changing, trail_entry
from flows.dialogue.conversation import TRAIL_LIMIT
from flows.dialogue.remade import EDITED, SEEN, differences, last_stated, stated
from flows.dialogue.table import FORGETTABLE, MACHINE, RESTING
from flows.dialogue.texts import say
from flows.dossier import ActKind, Dossier, Stage, Status
from flows.values import Value

ONE_AFTER_ANOTHER = frozenset({"need", "probe", "stake"})
"""States that ask one question after another: « Retour » leads to the one before."""
_OF_DRAFT = frozenset({"need", "edit", "edit_fact", "edit_text", "edit_add", "exhibits"})
"""Questions about a text in hand: once it is shown again, « Retour » leads to before it."""
_OF_A_TEXT = frozenset({"draft", "sent_how", "sent_when"})
"""States that make the text in hand: « Retour » leads there once it can be made."""
LEFT_OPEN = frozenset({"missing_piece"})
"""Facts of an outcome that a first draft can name in general words when enough was asked already."""
IN_HAND = "text.hand"
"""The dossier's fact that names the text in hand and its tone."""
NOT_SENT = "aucun"
"""The channel of a document that goes to nobody."""
UNKNOWN = "unknown."
"""Prefix of the facts the person said they do not know."""


class Turn(Changing):
    """The conversation, its dossier and what one event does to them."""

    def begin(self) -> None:
        """Start a dossier and ask its first question."""
        self.open_dossier({})
        self.fire("go_on")

    def fire(self, trigger: str, *, remember: bool = True) -> None:
        """Move the machine; `remember` leaves the present question on the trail for « Retour »."""
        before = self.state
        MACHINE.events[trigger].trigger(self)
        self._arrive()
        trail = self.conversation.trail
        cut = _before_draft(trail)
        if self.state == "draft" and before in _OF_DRAFT and (before != "need" or cut != trail):
            trail = (
                cut  # what a first draft needed stays on the trail: it can be answered otherwise
            )
        elif self.state in RESTING and trigger != "wake":
            trail = ()
        elif remember and self.entry and self._left(before) and before not in FORGETTABLE:
            trail = (*trail, self.entry)[-TRAIL_LIMIT:]
        self.conversation = self.conversation.but(
            state=self.state,
            trail=trail,
            serial=self.conversation.serial + 1,
        )

    def aside(self, dossier: Dossier, **words: Value) -> Turn:
        """Make a turn about another dossier, with its own scratch pad; this one keeps its own.

        What it changes of dossiers is changed here too.
        """
        conversation = replace(self.conversation, dossier_id=dossier.id, scratch=words)
        other = Turn(conversation, self.book, self._given, self.library)
        other.changed = self.changed
        return other

    def stay(self) -> None:
        """Number the screen anew without moving: the same button pressed twice acts once."""
        self.conversation = replace(self.conversation, serial=self.conversation.serial + 1)

    def _left(self, before: str) -> bool:
        """Say whether another question is asked now: another state, or the same one about another fact."""
        if before != self.state:
            return True
        return before in ONE_AFTER_ANOTHER and trail_entry(self.conversation) != self.entry

    def _arrive(self) -> None:
        """Note that a screen is shown anew; a text shown bears the day it was shown, until it is sent."""
        self.moved = True
        if self.state == "draft":
            self.set_scratch(drawn_on=self.today)
            self._note_changes()
            self._keep_in_hand()

    def _note_changes(self) -> None:
        """Say what the text states otherwise than when it was last shown, and remember what it states now."""
        now, before = stated(self), last_stated(self)
        if lines := differences(before, now):
            kept = self.need_dossier().get(EDITED + self.scratch("document"))
            self.notes.append(say("remade", lines=lines, edited=bool(kept)))
        if now != before:
            kept = json.dumps(now, ensure_ascii=False)
            self.put(self.need_dossier().with_facts(**{SEEN + self.scratch("document"): kept}))

    def _keep_in_hand(self) -> None:
        """Remember which text is in hand, and its tone, until it is sent or the client reacts.

        A note to keep is never sent: it does not take the place of the message being prepared.
        """
        if self.library.catalogue.get(self.scratch("document")).channel == NOT_SENT:
            return
        held = f"{self.scratch('document')} {self.scratch('tone') or 'normal'}"
        if self.need_dossier().get(IN_HAND) != held:
            self.put(self.need_dossier().with_facts(**{IN_HAND: held}))

    def go_back(self) -> bool:
        """Return to the question before; False when there is none. What was answered stays."""
        if not self.conversation.trail:
            return False
        before = self.state
        self.state, _, about = self.conversation.trail[-1].partition(":")
        dossier = self.dossier
        if before == self.state == "diagnosis" and dossier and dossier.get("cause_chosen"):
            self.put(dossier.without_facts("cause_chosen"))  # the overruling is taken back
        self.drop_scratch("doubt", "doubt_note", "completing", "only", "part")
        self.set_scratch(**dict(pair.split("=", 1) for pair in about.split("&") if pair))
        if self.state in _OF_A_TEXT and self.facts_missing():
            self.state = "need"  # what the text was made of has been taken back since
        self._arrive()
        if self.state == "contact" and dossier and ladder.procedure_open(self.need_dossier()):
            # The outcome that told of it is taken back.
            self.record(ActKind.CORRECTED, fact="procedure")
        self.conversation = replace(
            self.conversation,
            state=self.state,
            trail=self.conversation.trail[:-1],
            serial=self.conversation.serial + 1,
        )
        return True

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

    def terms_missing(self, _: object = None) -> bool:
        """The due date is not known, and the invoice or its terms would give it."""
        dossier = self.need_dossier()
        ways = ("invoice_on", "payment_terms", UNKNOWN + "invoice_due_on")
        told = any(dossier.get(name) is not None for name in ways)
        return dossier.due_on is None and told and not dossier.get(UNKNOWN + "payment_terms")

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
        # The answer being read is not counted yet, and one is kept for taking the response.
        room = FIRST_DRAFT_ANSWERS - 2 - self.conversation.answers
        for name in diagnosis.outcome(self.outcome or NOT_TOLD).asks:
            if room <= 0 and name in LEFT_OPEN and not dossier.last(ActKind.SENT):
                self.put(dossier.with_facts(**{UNKNOWN + name: True}))
                return False
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

    def document_unfit(self, _: object = None) -> bool:
        """The document in hand supposes what is not so (a due date passed, no procedure…); says it."""
        document = self.library.catalogue.find(self.scratch("document"))
        if document is None:
            return False
        unfit = not self.allows(document)
        if unfit:
            self.notes.append(say("document_unfit"))
            return True
        facts = self.facts_for(document)
        if letters.missing(document, facts).needs:
            return False  # asked first: what is computed may follow from it
        uncounted = any(facts.get(name) is None for name in document.computed)
        if uncounted:
            self.notes.append(say("document_uncounted"))
        return uncounted

    def number_awaited(self, _: object = None) -> bool:
        """What just left is a registered letter: it has a tracking number."""
        left = self.need_dossier().last(ActKind.SENT, ActKind.FILED)
        return left is not None and left is post.awaiting_number(self.need_dossier())

    def fact_for_settings(self, _: object = None) -> bool:
        """The fact was asked from the settings."""
        return self.scratch("purpose") == "settings"

    def fact_for_clocks(self, _: object = None) -> bool:
        """The fact was asked for the legal clocks."""
        return self.scratch("purpose") == "clocks"

    def fact_for_routes(self, _: object = None) -> bool:
        """The fact was asked to see which legal routes are open."""
        return self.scratch("purpose") == "routes"

    def route_question_left(self, _: object = None) -> bool:
        """A fact that could open or close a legal route is not known; notes which."""
        name = self.library.route_question(self) if self.fact_for_routes() else None
        if name:
            self.set_scratch(fact=name)
        return name is not None

    def fact_for_card(self, _: object = None) -> bool:
        """The fact was asked to correct the card."""
        return self.scratch("purpose") == "card"

    def fact_for_invoices(self, _: object = None) -> bool:
        """The fact was asked to correct an invoice of the list."""
        return self.scratch("purpose") == "invoices"

    def client_has_dossier(self, _: object = None) -> bool:
        """A dossier is open for the same client, and the one just begun was not said to stay apart."""
        return invoice_facts.same_client(self) is not None

    def client_kind_missing(self, _: object = None) -> bool:
        """The kind of client a text to paste is for has not been said."""
        return not self.scratch("kind")

    def dossier_over(self, _: object = None) -> bool:
        """The dossier is paid or closed."""
        return self.need_dossier().status in {Status.PAID, Status.CLOSED}


def _before_draft(trail: tuple[str, ...]) -> tuple[str, ...]:
    """Give the trail that leads to a text in hand, without what was done to the text itself."""
    while trail and "draft" in (states := [entry.partition(":")[0] for entry in trail]):
        trail = trail[: states.index("draft")]
    return trail
