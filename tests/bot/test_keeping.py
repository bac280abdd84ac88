"""What is kept long enough, on the real store: told through the outbox, then erased; others are not touched."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.app import retention_of
from bot.engine import Engine
from bot.keeping import Keeping
from bot.settings import SettingsError, load_settings
from bot.store import Store
from bot.store.schema import outbox
from bot.store.writer import Writer
from flows.dialogue.events import Command, Pressed, Typed
from flows.dialogue.keeping import Retention
from flows.dialogue.library import Library
from flows.dialogue.screens import Screen
from tests.bot.conftest import FakeClock

KEEP = Retention(finished_days=100, silent_days=200, notice_days=30)
PAID, OTHER = 7, 8


class House:
    """An engine, its store, and people who talk to it."""

    def __init__(self, store: Store, writer: Writer, clock: FakeClock) -> None:
        self.store, self.writer, self.clock = store, writer, clock
        self.engine = Engine(Library(), ZoneInfo("Europe/Paris"))

    def say(self, chat: int, *typed: str) -> None:
        for text in typed:
            event = Command(text[1:]) if text.startswith("/") else Typed(text)
            with self.store.write() as tx:
                shown = self.engine.handle(tx, chat, event, now=self.clock())
        self.choices = [c for s in shown if isinstance(s, Screen) for r in s.choices for c in r]

    def press(self, chat: int, label: str) -> None:
        data = next(choice.data for choice in self.choices if label in choice.label)
        with self.store.write() as tx:
            shown = self.engine.handle(tx, chat, Pressed(data), now=self.clock())
        self.choices = [c for s in shown if isinstance(s, Screen) for r in s.choices for c in r]

    async def look(self, keep: Retention = KEEP) -> int:
        return await Keeping(self.engine, keep, self.writer, self.clock).turn()

    def told(self, chat: int) -> list[str]:
        wanted = select(outbox.c.payload).where(outbox.c.chat_id == chat).order_by(outbox.c.id)
        with self.store._engine.connect() as connection:
            return [json.loads(row[0]).get("text", "") for row in connection.execute(wanted)]

    def names(self, chat: int) -> set[str]:
        with self.store.read() as tx:
            return {row.debtor_name for row in tx.dossiers_of(chat)}


@pytest.fixture
def house(store: Store, writer: Writer, clock: FakeClock) -> House:
    """Two people with one dossier each; the first one is paid."""
    house = House(store, writer, clock)
    for chat, client in ((PAID, "Garnier SARL"), (OTHER, "Martin SA")):
        house.say(chat, "/nouveau", "une société", client, "1250", "15/10/2026", "/dossiers")
    house.say(PAID, "/dossiers")
    house.press(PAID, "Garnier")
    house.press(PAID, "Payé")
    return house


async def test_a_finished_dossier_goes_after_its_notice(house: House, clock: FakeClock) -> None:
    """Told by one message, then erased with the traces of it in the tables; the other person hears nothing."""
    clock.advance(86_400 * 71)
    assert await house.look(Retention(100, 0, 30)) == 1
    assert "Garnier SARL" in house.told(PAID)[-1]
    assert await house.look(Retention(100, 0, 30)) == 0
    clock.advance(86_400 * 30)
    with house.store.write() as tx:
        while claimed := tx.claim_outbox(clock.epoch):
            for row in claimed:
                tx.mark_sent(row.id, 1, clock.epoch)
    assert await house.look(Retention(100, 0, 30)) == 1
    assert house.names(PAID) == set()
    assert house.names(OTHER) == {"Martin SA"}
    assert len(house.told(PAID)) == 1
    assert "Garnier" not in house.told(PAID)[0]
    assert not any("supprim" in text for text in house.told(OTHER))


async def test_who_says_nothing_is_told_then_erased(house: House, clock: FakeClock) -> None:
    """After the silence both are told; the one who writes again stays, the other goes with a last word."""
    clock.advance(86_400 * 171)
    assert await house.look(Retention(0, 200, 30)) == 2
    clock.advance(86_400)
    house.say(OTHER, "/dossiers")
    clock.advance(86_400 * 31)  # a Monday
    assert await house.look(Retention(0, 200, 30)) == 1
    assert house.names(PAID) == set()
    assert house.names(OTHER) == {"Martin SA"}
    with house.store.read() as tx:
        assert tx.load_conversation(PAID) is None
    assert len(house.told(PAID)) == 1


async def test_somebody_about_to_be_heard_stays(house: House, clock: FakeClock) -> None:
    """A message that waits to be read counts as heard: nothing is erased before it is."""
    clock.advance(86_400 * 171)
    await house.look(Retention(0, 200, 30))
    clock.advance(86_400 * 32)
    with house.store.write() as tx:
        tx.record_update(1, PAID, "{}", clock.epoch)
    await house.look(Retention(0, 200, 30))
    assert house.names(PAID) == {"Garnier SARL"}


async def test_the_silence_of_an_old_conversation_counts_from_now_on(
    house: House, clock: FakeClock
) -> None:
    """One stored before the last word was noted gets its last change as such, and is told in due time."""
    with house.store.write() as tx:
        row = tx.load_conversation(PAID)
        assert row is not None
        data = json.loads(row.data)
        del data["heard_on"]
        tx.save_conversation(replace(row, data=json.dumps(data)))
    assert await house.look(Retention(0, 200, 30)) == 0
    with house.store.read() as tx:
        row = tx.load_conversation(PAID)
    assert row is not None
    assert json.loads(row.data)["heard_on"] == "2026-11-23"


async def test_nothing_is_looked_for_when_all_is_kept(house: House, clock: FakeClock) -> None:
    """Both settings at 0: nobody is told anything, after any time."""
    clock.now = datetime(2036, 11, 24, 10, tzinfo=UTC) + timedelta(hours=1)
    assert await house.look(Retention()) == 0


def test_the_settings_say_for_how_long() -> None:
    """A year after its end for a dossier, two years for a silent person; other whole numbers of days, 0 for ever."""
    assert retention_of(load_settings({})) == Retention(365, 730, 30)
    chosen = {"RELANCE_RETENTION_DAYS": "90", "RELANCE_INACTIVE_DAYS": "0"}
    assert retention_of(load_settings(chosen)) == Retention(90, 0, 30)


@pytest.mark.parametrize("value", ["-1", "un an", "1.5", "999999"])
def test_a_wrong_number_of_days_is_refused(value: str) -> None:
    """The line names the setting and what was expected."""
    with pytest.raises(SettingsError, match="RELANCE_RETENTION_DAYS"):
        load_settings({"RELANCE_RETENTION_DAYS": value})
