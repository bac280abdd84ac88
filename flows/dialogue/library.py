"""The data the conversation reads: law, catalogue, ladder. Loaded once, at first use, so that a start is quick."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import letters
from flows import ladder, responses
from flows.dialogue.room import Room
from flows.dossier import DebtorKind, Dossier, Status
from flows.facts.alarms import alarms_of
from flows.facts.computed import decompte_of, imputation_chosen
from flows.facts.legal import LegalClocks, notice_days, situation_of
from flows.facts.stated import stated_facts
from flows.ladder.position import Position, position
from flows.law import Decompte, Law, load_law
from flows.law.calendar import is_working_day
from flows.law.routes import questions_for
from flows.responses.stake import stake_table, tone_of
from flows.values import Facts

STAKE = "stake."
"""Prefix of the facts that answer the stake questions."""

if TYPE_CHECKING:
    from flows.dialogue.conversation import Moment
    from flows.dialogue.keeping import Retention
    from flows.dialogue.turn import Turn


def pace_of(dossier: Dossier) -> Decimal:
    """Give what multiplies the habitual delays, from what is at stake with this client."""
    answers = {k[len(STAKE) :]: str(v) for k, v in dossier.facts.items() if k.startswith(STAKE)}
    return tone_of(responses.stake_of(answers, dossier.remaining), stake_table()).pace


class Library:
    """What does not change between two messages. `law`: the package's own when not given."""

    def __init__(
        self,
        law: Law | None = None,
        *,
        export_minutes: int = 0,
        retention: Retention | None = None,
        sealed: bool = False,
        room: Room | None = None,
    ) -> None:
        self._law = law
        self.export_minutes = export_minutes
        """Minutes from one export of a person to the next; 0: at will."""
        self.retention = retention
        """For how long anything is kept, to be told; None: for ever."""
        self.sealed = sealed
        """Whether what people say is kept under a key, to be told."""
        self.room = room or Room()
        """How much is kept of one person."""

    @cached_property
    def law(self) -> Law:
        """The dated parameters."""
        return self._law or load_law()

    @cached_property
    def catalogue(self) -> letters.Catalogue:
        """The documents."""
        return letters.load_catalogue()

    def notice_days(self, on: date) -> dict[DebtorKind, int]:
        """Give the usual delay of a mise en demeure by debtor, as the parameters stand on a day."""
        return notice_days(on, self.law)

    def reminders(
        self, dossier: Dossier, moment: Moment, clocks: LegalClocks | None = None
    ) -> tuple[ladder.Deadline, ...]:
        """Give all a dossier should wake for, earliest first; `clocks`: its own, when worked out already."""
        if dossier.due_on is None and dossier.status is not Status.PAUSED:
            return ()
        where = position(dossier)
        steps = ladder.reminders(
            dossier,
            today=moment.today,
            is_working_day=moment.usual.is_open,
            notice_days=self.notice_days(moment.today),
            pace=pace_of(dossier),
            where=where,
        )
        found = (*steps, *self._legal(dossier, moment.today, where, clocks))
        return tuple(sorted(found, key=lambda deadline: (deadline.on, deadline.key)))

    def _legal(
        self, dossier: Dossier, today: date, where: Position, clocks: LegalClocks | None
    ) -> Iterator[ladder.Deadline]:
        """Give the alarms of the legal clocks as deadlines; none once it is paid, paused or closed."""
        if dossier.status is not Status.OPEN:
            return
        alarms = alarms_of(dossier, today, self.law, clocks)
        if not alarms:
            return
        stage = ladder.stage_of(dossier, today, is_working_day, where)
        for alarm in alarms:
            late = alarm.on < today
            yield ladder.Deadline(alarm.key, stage, alarm.on, alarm.why, late, alarm.what)

    def total_due(self, dossier: Dossier, today: date) -> Decompte | None:
        """Compute what is owed today, penalties included."""
        return decompte_of(dossier, today, self.law, imputation_chosen(dossier))

    def facts_for(
        self, dossier: Dossier, person: Facts, document: letters.Document, today: date
    ) -> dict[str, Any]:
        """Gather the facts a document may state for a dossier."""
        return stated_facts(dossier, person, document, today, self.law, self.catalogue)

    def route_question(self, turn: Turn) -> str | None:
        """Give the next fact that could open or close a legal route, None when nothing asked could."""
        situation = situation_of(
            turn.need_dossier(), turn.conversation.person, turn.today, self.law
        )
        skipped = set(turn.scratch("skipped").split())
        known = {**turn.conversation.person, **turn.need_dossier().facts}
        wanted = questions_for(situation, self.law)
        return next((n for n in wanted if n not in known and n not in skipped), None)

    def missing(self, turn: Turn) -> list[str]:
        """Give the facts still to ask before the document in hand can be shown, in order."""
        if turn.scratch("only"):
            return []
        document = self.catalogue.get(turn.scratch("document"))
        missing = letters.missing(document, turn.facts_for(document))
        skipped = set(turn.scratch("skipped").split())
        wanted = (*missing.needs, *(missing.blanks if turn.scratch("completing") else ()))
        return [name for name in wanted if name not in skipped]


def due_at(deadline: ladder.Deadline, moment: Moment) -> datetime:
    """Give the instant a deadline wakes its person: at their hour of its day, by their clocks."""
    return moment.usual.at(deadline.on)
