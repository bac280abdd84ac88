"""Reminders through the engine: told together, fired or held in the transaction that tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import engine as engines
from bot.engine import Engine
from bot.queueing import let_go
from bot.store import ReminderRow, Store
from flows.dialogue import step as steps
from flows.dialogue.conversation import Step
from flows.dialogue.events import Command, Event, Typed, Wakes, Woken
from flows.dialogue.screens import Screen
from tests.overdue import NOW, PARIS, SENT, keep, library

CHAT = 7


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    store.prepare()
    yield store
    store.close()


@pytest.fixture
def engine() -> Engine:
    return Engine(library(), PARIS)


def beside(monkeypatch: pytest.MonkeyPatch, change: Callable[[Event, Step], Step]) -> None:
    """Let the dialogue do what it does, then change what it gives back."""
    real = steps.step

    def step(conversation, book, event, moment, library):  # type: ignore[no-untyped-def]
        return change(event, real(conversation, book, event, moment, library))

    monkeypatch.setattr(engines, "step", step)


def told_to_wait(store: Store, name: str) -> None:
    with store.write() as tx:
        keep(tx, CHAT, name)


def due(store: Store, now: datetime = NOW) -> list[ReminderRow]:
    with store.read() as tx:
        return tx.due_of_chat(CHAT, int(now.timestamp()))


def wake(store: Store, engine: Engine, now: datetime = NOW) -> str:
    """Wake the person; give all that is said."""
    with store.write() as tx:
        rows = tx.due_of_chat(CHAT, int(now.timestamp()))
        shown = engine.handle_wake(tx, CHAT, rows, now=now)
    return "\n".join(one.body for one in shown if isinstance(one, Screen))


def nudged(store: Store, name: str) -> int:
    with store.read() as tx:
        dossier = tx.load_dossier(f"d{CHAT}{name}", CHAT)
    assert dossier is not None
    return [act.kind for act in dossier.acts].count("rappel")


def waiting(store: Store) -> int:
    with store.read() as tx:
        return tx.stats(int(NOW.timestamp())).out_pending


def test_one_reminder_is_an_event_of_its_own_and_several_are_one_event(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dialogue sees the reminder as before when it is alone, else all of them, the oldest first."""
    events: list[Event] = []

    def see(event: Event, result: Step) -> Step:
        events.append(event)
        return result

    beside(monkeypatch, see)
    told_to_wait(store, "Dupont")
    first = [Woken(r.dossier_id, r.key, datetime.fromtimestamp(r.due_at, UTC)) for r in due(store)]
    assert len(first) == 1
    wake(store, engine)
    told_to_wait(store, "Martin")
    told_to_wait(store, "Durand")
    both = [Woken(r.dossier_id, r.key, datetime.fromtimestamp(r.due_at, UTC)) for r in due(store)]
    assert [woken.dossier_id for woken in both] == ["d7Martin", "d7Durand"]
    wake(store, engine)
    assert events == [first[0], Wakes(tuple(both))]


def test_what_is_told_is_fired_in_the_same_transaction(store: Store, engine: Engine) -> None:
    """Both dossiers are named, noted as told once, sent, and nothing of them is due any more."""
    told_to_wait(store, "Dupont")
    told_to_wait(store, "Martin")
    said = wake(store, engine)
    assert "Dupont" in said
    assert "Martin" in said
    assert (nudged(store, "Dupont"), nudged(store, "Martin")) == (1, 1)
    assert waiting(store) > 0
    sent = waiting(store)
    assert wake(store, engine) == ""
    assert due(store) == []
    assert waiting(store) == sent


def test_what_the_dialogue_holds_waits_until_the_instant_it_said(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A held reminder is not fired; a fraction of a second is rounded to after it, the past to later."""
    later = NOW + timedelta(hours=1, milliseconds=500)
    told_to_wait(store, "Dupont")
    told_to_wait(store, "Martin")
    first, second = due(store)
    held = {(first.dossier_id, first.key): later}

    def holding(_: Event, result: Step) -> Step:
        told = tuple(dossier for dossier in result.dossiers if dossier.id != first.dossier_id)
        waits = {i: rows for i, rows in result.reminders.items() if i != first.dossier_id}
        return replace(result, held=held, dossiers=told, reminders=waits)

    with monkeypatch.context() as patch:
        beside(patch, holding)
        wake(store, engine)
    assert due(store) == []
    assert due(store, NOW + timedelta(hours=1)) == []
    (row,) = due(store, NOW + timedelta(hours=1, seconds=1))
    assert (row.id, row.due_at) == (first.id, first.due_at)
    held[first.dossier_id, first.key] = NOW - timedelta(days=1)
    with monkeypatch.context() as patch:
        beside(patch, holding)
        wake(store, engine, NOW + timedelta(hours=2))
    assert due(store, NOW + timedelta(hours=2)) == []
    (row,) = due(store, NOW + timedelta(hours=2, seconds=1))
    assert row.id == first.id
    assert second.id != first.id


def test_nothing_due_is_nothing_said(store: Store, engine: Engine) -> None:
    """Waking somebody for nothing stores no conversation and sends no message."""
    assert wake(store, engine) == ""
    with store.read() as tx:
        assert tx.load_conversation(CHAT) is None
    assert waiting(store) == 0


def test_a_failure_fires_nothing(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the messages cannot be written, the reminders wait as before and nothing was noted."""
    told_to_wait(store, "Dupont")
    before = due(store)
    with monkeypatch.context() as patch:
        patch.setattr(engines, "encode", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            wake(store, engine)
    assert due(store) == before
    assert nudged(store, "Dupont") == 0


def test_who_comes_back_after_a_block_is_told_everything_at_once(
    store: Store, engine: Engine
) -> None:
    """Blocked, nothing is due for weeks; back, one message names both dossiers, each noted once."""
    names = ("Dupont", "Martin")
    with store.write() as tx:
        engine.handle(tx, CHAT, Command("start"), now=SENT)
        tx.set_reachable(CHAT, False)
    for name in names:
        told_to_wait(store, name)
    sent, later = waiting(store), NOW + timedelta(days=7)
    assert due(store, later) == []
    with store.write() as tx:
        tx.set_reachable(CHAT, True)
    said = wake(store, engine, later)
    assert [name in said for name in names] == [True, True]
    assert [nudged(store, name) for name in names] == [1, 1]
    assert waiting(store) == sent + 1


def test_what_never_arrived_is_told_on_return(store: Store, engine: Engine) -> None:
    """A message refused because the person blocked the bot is told once when they are back, with the rest."""
    told_to_wait(store, "Dupont")
    told_to_wait(store, "Martin")
    assert "Dupont" in wake(store, engine)
    with store.write() as tx:
        (row,) = tx.claim_outbox(int(NOW.timestamp()), 9)
        let_go(tx, CHAT, engine.untell, "403", NOW, row)
    later = NOW + timedelta(days=2)
    assert due(store, later) == []
    with store.write() as tx:
        tx.set_reachable(CHAT, reachable=True)
    assert len(due(store, later)) == 2
    said = wake(store, engine, later)
    assert "Dupont" in said
    assert "Martin" in said
    assert due(store, later) == []
    assert waiting(store) == 1


def test_what_waits_behind_a_refused_message_is_told_on_return(
    store: Store, engine: Engine
) -> None:
    """Blocked before the day's message left, the person finds it on return: it was only given up."""
    told_to_wait(store, "Dupont")
    assert "Dupont" in wake(store, engine)
    with store.write() as tx:
        let_go(tx, CHAT, engine.untell, "bloqué", NOW)
        tx.set_reachable(CHAT, reachable=True)
    assert waiting(store) == 0
    assert "Dupont" in wake(store, engine, NOW + timedelta(days=1))


def test_a_reminder_taken_back_twice_waits_once(store: Store, engine: Engine) -> None:
    """The same refusal told again changes nothing, and a key nobody knows is passed over."""
    told_to_wait(store, "Dupont")
    (row,) = due(store)
    wake(store, engine)
    told = [(row.dossier_id, row.key), (row.dossier_id, row.key), ("inconnu", "k")]
    with store.write() as tx:
        engine.untell(tx, CHAT, told, now=NOW)
        engine.untell(tx, CHAT, told, now=NOW)
    assert [one.key for one in due(store)] == [row.key]


def test_what_wishes_held_is_looked_at_again_when_they_change(store: Store, engine: Engine) -> None:
    """Once a silence is lifted, what it held is told, not kept for the day the silence would have ended."""
    told_to_wait(store, "Dupont")

    def say(*texts: str) -> None:
        for text in texts:
            event = Command("parametres") if text == "/" else Typed(text)
            with store.write() as tx:
                engine.handle(tx, CHAT, event, now=NOW)

    say("/", "Mes rappels", "Silence jusqu’au", "2 semaines")
    assert wake(store, engine) == ""
    assert due(store, NOW + timedelta(days=1)) == []
    say("Silence jusqu’au", "Pas de silence")
    assert "Dupont" in wake(store, engine)
