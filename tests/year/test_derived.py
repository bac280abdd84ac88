"""Reminders are derived: the acts, read again from nothing, give the rows that were kept one act at a time."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine import act_to_row, dossier_from_row, row_of
from bot.store import ConversationRow, ReminderRow, Store
from flows.diagnosis.catalogue import declared_outcomes
from flows.dialogue.conversation import Conversation, Moment, Step
from flows.dialogue.events import Woken
from flows.dialogue.library import due_at
from flows.dialogue.memory import MemoryBook
from flows.dialogue.step import step
from flows.dossier import Act, ActKind, DebtorKind, Dossier
from flows.facts.legal import limitation_of
from flows.facts.occurrences import occurrences
from flows.ladder import ladder
from flows.law.calendar import is_working_day
from flows.law.limitation import Limitation
from flows.values import Value
from tests.year.world import LIBRARY, PARIS, rows_of

START = datetime(2026, 1, 12, 10, tzinfo=PARIS)
Told = tuple[ActKind, int, dict[str, Any]]
"""A kind of act, how many days before it is told it happened, and its data (days as numbers from the telling)."""

_days_to_come = st.integers(0, 60)
_data: dict[ActKind, st.SearchStrategy[dict[str, Any]]] = {
    ActKind.SENT: st.fixed_dictionaries(
        {
            "document": st.sampled_from(sorted(ladder().follow_up)),
            "channel": st.sampled_from(["sms", "mail", "lrar", "courrier"]),
        }
    ),
    ActKind.RECEIVED: st.just({"document": ""}),
    ActKind.ANSWERED: st.fixed_dictionaries(
        {"outcome": st.sampled_from([one.id for one in declared_outcomes()])}
    ),
    ActKind.PROMISED: st.fixed_dictionaries({"promised_on": _days_to_come}),
    ActKind.PART_PAID: st.fixed_dictionaries(
        {"amount": st.sampled_from([Decimal(50), Decimal(400)])}
    ),
    ActKind.SNOOZED: st.fixed_dictionaries({"until": _days_to_come}),
    ActKind.HAPPENED: st.fixed_dictionaries({"what": st.sampled_from(sorted(occurrences()))}),
    ActKind.ROUTE_CHOSEN: st.just({"route": "injonction", "label": "Injonction", "court": ""}),
    **{
        kind: st.just({})
        for kind in (
            *(ActKind.PAUSED, ActKind.RESUMED, ActKind.PAID, ActKind.REOPENED),
            *(ActKind.PROCEDURE_OPENED, ActKind.CLOSED),
        )
    },
}
_told = st.sampled_from(sorted(_data)).flatmap(
    lambda kind: st.tuples(st.just(kind), st.sampled_from([0, 0, 1, 5]), _data[kind])
)
histories = st.lists(st.tuples(st.integers(0, 25), _told), min_size=1, max_size=12)
"""Acts, each so many days after the one before."""
known_facts = st.fixed_dictionaries(
    {
        "debtor_kind": st.sampled_from([kind.value for kind in DebtorKind]),
        "invoice_due_on": st.sampled_from(
            [date(2025, 10, 15), date(2026, 1, 9), date(2026, 2, 28)]
        ),
    },
    optional={
        "work_done_on": st.sampled_from([date(2024, 3, 1), date(2025, 9, 1)]),
        "instalments": st.just(3),
        "first_instalment_on": st.just(date(2026, 1, 31)),
        "debtor_postcode": st.sampled_from(["75011", "97400"]),
    },
)


def act_at(now: datetime, told: Told) -> Act:
    """Make the act told at an instant."""
    kind, ago, data = told
    kept: dict[str, Value] = {
        name: now.date() + timedelta(days=value) if isinstance(value, int) else value
        for name, value in data.items()
    }
    return Act(kind, now.date() - timedelta(days=ago), now, kept)


def begun(facts: dict[str, Value], name: str = "d") -> Dossier:
    """Open a dossier on the first day."""
    opened = Act(ActKind.OPENED, START.date(), START)
    told = {"debtor_name": "Dupont", "amount_due": Decimal(1250), **facts}
    return Dossier(name, START.date(), told, (opened,))


class Kept:
    """One dossier of one person in a store, saved act after act as the engine does."""

    _numbers = itertools.count(1)

    def __init__(self, store: Store) -> None:
        self.store, self.now, self.chat = store, START, next(self._numbers)
        self.name = f"d{self.chat}"
        with store.write() as tx:
            tx.save_conversation(ConversationRow(self.chat, "home", "{}"))

    def save(self, dossier: Dossier, known: int) -> None:
        """Append the acts from the `known` first on, and make the rows those the dossier gives."""
        moment = Moment.at(self.now, PARIS)
        wanted = [
            ReminderRow(d.key, int(due_at(d, moment).timestamp()), d.stage.value)
            for d in LIBRARY.reminders(dossier, moment)
        ]
        with self.store.write() as tx:
            acts = [act_to_row(act) for act in dossier.acts[known:]]
            row = row_of(replace(dossier, id=self.name), self.chat, int(self.now.timestamp()))
            tx.save_dossier(row, acts)
            tx.sync_reminders(self.name, self.chat, wanted)

    def fire_until(self, dossier: Dossier, then: datetime) -> Dossier:
        """Let time pass: what comes due is fired, written down if it still stands, and the rows made again."""
        while True:
            at = min(self.rows().values(), default=math.inf)
            if at > then.timestamp():
                self.now = then
                return dossier
            self.now = max(self.now, datetime.fromtimestamp(at, PARIS))
            with self.store.write() as tx:
                due = tx.due_of_chat(self.chat, int(self.now.timestamp()))
                for row in due:
                    assert tx.fire_reminder(row.id, int(self.now.timestamp()))
            standing = {d.key for d in LIBRARY.reminders(dossier, Moment.at(self.now, PARIS))}
            known = len(dossier.acts)
            for row in due:
                if row.key in standing:
                    told = Act(ActKind.NUDGED, self.now.date(), self.now, {"key": row.key})
                    dossier = dossier.with_act(told)
            self.save(dossier, known)

    def rows(self) -> dict[str, int]:
        with self.store.read() as tx:
            return rows_of(tx, self.name)

    def read_again(self) -> Dossier:
        with self.store.read() as tx:
            row = tx.load_dossier(self.name, self.chat)
        assert row is not None
        return dossier_from_row(row)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for all the examples: each is a person and a dossier of its own."""
    folder = tmp_path_factory.mktemp("derived")
    opened = Store.open(f"sqlite:///{folder}/r.sqlite3", clock=lambda: int(START.timestamp()))
    opened.prepare()
    yield opened
    opened.close()


@given(facts=known_facts, history=histories, later=st.integers(0, 400))
@settings(max_examples=40, deadline=None)
def test_computed_again_from_the_acts_the_rows_are_those_kept(
    store: Store, facts: dict[str, Value], history: list[tuple[int, Told]], later: int
) -> None:
    """A table that saw the acts one by one and one that sees them all at once hold the same rows."""
    kept, fresh = Kept(store), Kept(store)
    dossier = begun(facts)
    kept.save(dossier, 0)
    for days, told in history:
        dossier = kept.fire_until(dossier, kept.now + timedelta(days=days, minutes=7))
        known = len(dossier.acts)
        dossier = dossier.with_act(act_at(kept.now, told))
        kept.save(dossier, known)
    assert kept.read_again() == replace(dossier, id=kept.name)
    fresh.now = kept.now
    fresh.save(kept.read_again(), 0)
    assert fresh.rows() == kept.rows()
    # Nothing is done any more: what fires is written down, and no day that passes makes another row.
    known = len(dossier.acts)
    dossier = kept.fire_until(dossier, kept.now + timedelta(days=later))
    fresh.now = kept.now
    fresh.save(dossier, known)
    assert fresh.rows() == kept.rows()


def test_a_period_that_stands_still_is_recalled_on_the_same_days() -> None:
    """While a conciliation holds the limitation period its end moves every day; the days to recall it do not."""
    opened = begun({"debtor_kind": "particulier", "invoice_due_on": date(2025, 1, 15)})
    noted = act_at(START, (ActKind.HAPPENED, 0, {"what": "conciliation"}))
    dossier = opened.with_facts(work_done_on=date(2025, 1, 10)).with_act(noted)
    ends, days = set(), set()
    for later in (0, 1, 30, 90):
        now = START + timedelta(days=later)
        held = limitation_of(dossier, now.date(), LIBRARY.law)
        assert isinstance(held, Limitation)
        ends.add(held.last_on)
        due = LIBRARY.reminders(dossier, Moment.at(now, PARIS))
        days.add(tuple(d.on for d in due if d.what == "prescription"))
    assert len(ends) == 4
    assert len(days) == 1
    assert len(next(iter(days))) == 5


def test_a_reminder_that_no_longer_stands_has_its_dossier_looked_at_again() -> None:
    """What woke for nothing says nothing, changes nothing, and the rows of its dossier are made anew."""
    book = MemoryBook()
    book.dossiers["d"] = begun({"debtor_kind": "particulier", "invoice_due_on": date(2025, 1, 15)})
    done = step(Conversation(), book, Woken("d", "autre", START), Moment.at(START, PARIS), LIBRARY)
    assert (done.shown, done.dossiers) == ((), ())
    assert done.reminders["d"] == LIBRARY.reminders(book.dossiers["d"], Moment.at(START, PARIS))


@given(
    facts=known_facts,
    history=histories,
    late=st.sampled_from([0, 1, 4, 30]),
    again=st.sampled_from([0, 1, 9]),
)
@settings(max_examples=50, deadline=None)
def test_a_wake_that_comes_twice_or_late_counts_once(
    facts: dict[str, Value], history: list[tuple[int, Told]], late: int, again: int
) -> None:
    """Told on its day or days late, a reminder that comes a second time says nothing and changes nothing."""
    now, dossier = START, begun(facts)
    for days, told in history:
        now += timedelta(days=days, minutes=7)
        dossier = dossier.with_act(act_at(now, told))
    moment = Moment.at(now, PARIS)
    due = LIBRARY.reminders(dossier, moment)
    if not due:
        return
    at = due_at(due[0], moment)
    woken = Woken("d", due[0].key, at)
    book, conversation = MemoryBook(), Conversation()
    book.dossiers["d"] = dossier
    # Noon of a Tuesday to a Friday that is worked: an hour at which anything may be told.
    noon = next_open(max(at, now) + timedelta(days=late)).replace(hour=12)

    def wake(conversation: Conversation, moment: datetime) -> Step:
        done = step(conversation, book, woken, Moment.at(moment, PARIS), LIBRARY)
        book.keep(done)
        return done

    first = wake(conversation, noon)
    acts = book.dossiers["d"].acts
    if woken.key in {d.key for d in LIBRARY.reminders(dossier, Moment.at(noon, PARIS))}:
        assert [a.text("key") for a in acts[len(dossier.acts) :] if a.kind is ActKind.NUDGED] == [
            woken.key
        ]
        assert first.shown
    for minutes in (1, again * 24 * 60):
        second = wake(first.conversation, noon + timedelta(minutes=minutes))
        assert second.shown == ()
        assert book.dossiers["d"].acts == acts
        assert second.conversation == first.conversation


def next_open(moment: datetime) -> datetime:
    """Give the instant itself, or the same hour of the first worked day after it."""
    while not is_working_day(moment.date()):
        moment += timedelta(days=1)
    return moment
