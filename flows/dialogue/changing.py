"""What one event may change: the dossier in hand, its acts, the scratch pad, the words to say.

The base of `flows.dialogue.turn.Turn`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from flows.dialogue.case import Case
from flows.dialogue.conversation import Book, Conversation, Moment
from flows.dialogue.library import Library
from flows.dialogue.screens import Shown
from flows.dossier import Act, ActKind, Dossier, Status
from flows.facts import Fact
from flows.values import Facts, Value

_DOCUMENT = ("document", "response", "tone")
ABOUT = {
    "probe": ("probe",),
    "stake": ("stake",),
    "contact_detail": ("fact",),
    "invoice": ("invoice",),
    "need": ("fact", "purpose", "only", "invoice", "completing", *_DOCUMENT),
    "draft": _DOCUMENT,
    "advice": _DOCUMENT,
    "sent_how": _DOCUMENT,
    "sent_when": ("channel", *_DOCUMENT),
    "route": ("route",),
    "routes": ("page",),
    "documents": ("page",),
    "exhibits": _DOCUMENT,
    "prevention_kind": ("topic",),
    "prevention_text": ("topic", "kind"),
    "exhibit": ("exhibit", *_DOCUMENT),
    "exhibit_title": ("exhibit", *_DOCUMENT),
}
"""States whose question depends on words of the scratch pad, kept on the trail with them."""


def trail_entry(conversation: Conversation) -> str:
    """Write the present question so that « Retour » finds it again: its state, and what it is about."""
    words = {name: conversation.scratch.get(name) for name in ABOUT.get(conversation.state, ())}
    about = "&".join(f"{name}={word}" for name, word in words.items() if word)
    return f"{conversation.state}:{about}" if about else conversation.state


class Changing(Case):
    """The conversation and its dossier, gathering what changes."""

    def __init__(
        self, conversation: Conversation, book: Book, moment: Moment, library: Library
    ) -> None:
        super().__init__(conversation, book, moment, library)
        self._given = moment
        self.entry = trail_entry(conversation)
        self.moved = False
        """Whether a trigger was fired: what stands in its own message is then shown again."""
        self.shown: list[Shown] = []
        self.notes: list[str] = []
        """HTML lines to read at the top of the next screen: what was noted, what was assumed."""
        self.held: dict[tuple[str, str], datetime] = {}
        """Reminders that woke and are not told yet, as (dossier, key), and until when."""
        self.outdated: dict[str, Dossier] = {}
        """Dossiers that did not change and of which something woke that no longer stands: days have moved on."""

        self.erased: list[str] = []
        """Dossiers to erase for good."""
        self.forgotten = False
        """Whether all of the person is to be erased."""

    def put(self, dossier: Dossier) -> None:
        """Take a changed dossier in hand."""
        self._dossier = dossier
        self.changed[dossier.id] = dossier
        if self.conversation.dossier_id != dossier.id:
            self.conversation = self.conversation.but(dossier_id=dossier.id)

    def hold(self, dossier: Dossier) -> None:
        """Take an unchanged dossier in hand; a draft of another one is put away."""
        if self.conversation.dossier_id != dossier.id:
            self.conversation = replace(
                self.conversation, dossier_id=dossier.id, scratch={}, trail=()
            )
            self.entry = ""
        self._dossier = dossier

    def open_dossier(self, facts: Facts) -> None:
        """Start a dossier with what is known of it."""
        self.conversation = replace(
            self.conversation, dossier_id=None, scratch={}, trail=(), answers=0
        )
        self.entry = ""  # « Retour » does not lead out of a new dossier
        listed = self.book.outlines()
        empty = (o.id for o in listed if o.blank and o.status is Status.OPEN)
        if begun := self.book.get(next(empty, "")):
            self.put(begun.with_facts(**facts))
            return
        self.library.room.for_dossier(len(listed))
        dossier = Dossier(id=self.book.new_id(), opened_on=self.today, facts=dict(facts))
        self.put(dossier.with_act(Act(ActKind.OPENED, self.today, self.moment.now)))

    def record(self, kind: ActKind, on: date | None = None, **data: Value) -> None:
        """Append an act to the dossier in hand."""
        act = Act(kind, on or self.today, self.moment.now, data)
        self.put(self.need_dossier().with_act(act))

    def everything(self) -> tuple[Dossier, ...]:
        """Give every dossier as it stands: another hour or zone moves the reminders of each."""
        others = (dossier for dossier in self.book.all() if dossier.id not in self.changed)
        return (*self.changed.values(), *others)

    def begin_with_the_debt(self) -> None:
        """Have a dossier begin on the day its debt is told: nothing was late while it said nothing.

        Begun and left for days, it would else be recalled at once, in the middle of its first questions.
        """
        for dossier in list(self.changed.values()):
            before, opened = self.book.get(dossier.id), dossier.last(ActKind.OPENED)
            if before is None or opened is None or len(before.acts) != len(dossier.acts):
                continue
            if before.due_on is None and dossier.due_on is not None and opened.on < self.today:
                act = Act(ActKind.OPENED, self.today, self.moment.now)
                self.changed[dossier.id] = dossier.with_act(act)

    def set_fact(self, declared: Fact, value: Value) -> None:
        """Store an answer where its fact lives: with the person or with the dossier."""
        if declared.scope == "person":
            self.conversation = self.conversation.with_person(**{declared.name: value})
            self.moment = self._given.of(self.conversation.person)
        else:
            self.put(self.need_dossier().with_facts(**{declared.name: value}))

    def set_scratch(self, **words: Value) -> None:
        """Note something for the questions at hand. Another fact is asked without the doubt about the one before."""
        known = self.conversation.scratch
        if "fact" in words and "doubt" in known and words["fact"] != known.get("fact"):
            known = {k: v for k, v in known.items() if k not in {"doubt", "doubt_note"}}
        self.conversation = self.conversation.but(scratch={**known, **words})

    def drop_scratch(self, *names: str) -> None:
        """Forget words of the scratch pad; all of them without a name."""
        kept = {k: v for k, v in self.conversation.scratch.items() if names and k not in names}
        if len(kept) != len(self.conversation.scratch):
            self.conversation = self.conversation.but(scratch=kept)

    def leave_dossier(self) -> None:
        """Put the dossier in hand away, with the question at hand."""
        self.leave()
        self.conversation = replace(self.conversation, dossier_id=None)

    def erase_dossier(self) -> None:
        """Have the dossier in hand erased, and keep no word of it."""
        gone = self.need_dossier().id
        self.erased.append(gone)
        self.changed.pop(gone, None)
        self.leave_dossier()
        told = tuple(one for one in self.conversation.digest if one != gone)
        self.conversation = replace(self.conversation, digest=told, last_pressed="")

    def leave(self) -> None:
        """Put the question at hand aside for good: « Retour » does not lead back to it."""
        self.drop_scratch()
        self.conversation = replace(self.conversation, trail=())
        self.entry = ""
