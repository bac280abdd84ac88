"""What the bot tells of itself: figures, latencies, loops that hang, a database that is away."""

from __future__ import annotations

import asyncio
import logging
import threading
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.health import Health
from bot.pacing import Loop
from bot.store import HEAD, DossierRow, OutgoingRow, ReminderRow, Store, UpdateRow
from bot.store import waiting as looks
from bot.telegram.failures import Flooded, ServerTrouble, Unreachable
from bot.vitals import CountedLines, Vitals
from flows.law import Law, Severity, load_law
from tests.store.test_store_plans import plan_of

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store import Tx
    from bot.store.writer import Writer
    from tests.bot.conftest import FakeClock

PARIS = ZoneInfo("Europe/Paris")


class Pace:
    """A monotonic clock moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def pace() -> Pace:
    return Pace()


@pytest.fixture
def vitals(pace: Pace) -> Vitals:
    return Vitals(pace)


def figures(text: str) -> dict[str, float]:
    """Read the text as Prometheus does; a sample by its name and its labels."""
    return {
        s.name + "".join(f" {k}={v}" for k, v in sorted(s.labels.items()) if k != "le"): s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
    }


async def told(health: Health) -> dict[str, float]:
    return figures((await health.metrics()).decode())


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law()


@pytest.fixture
def health(vitals: Vitals, writer: Writer, law: Law, clock: FakeClock) -> Health:
    return Health(vitals, writer, law, clock, PARIS)


async def test_an_update_is_timed_from_its_storing(
    vitals: Vitals, pace: Pace, health: Health
) -> None:
    """Latencies run from the storing to the handling, and to the next message for that chat, once."""
    vitals.stored([1, 2], 2)
    pace.at += 0.25
    vitals.handled(1, 7, 0, answered=True)
    vitals.handled(2, 8, 0, answered=False)
    pace.at += 1.5
    vitals.sent(7)
    vitals.sent(7)
    vitals.sent(8)
    seen = await told(health)
    assert seen["relance_updates_received_total"] == 2
    assert seen["relance_updates_handled_total"] == 2
    assert seen["relance_update_handled_seconds_sum"] == 0.5
    assert seen["relance_update_sent_seconds_sum"] == 1.75
    assert seen["relance_update_sent_seconds_count"] == 1
    assert seen["relance_messages_sent_total"] == 3


async def test_one_stored_by_an_earlier_process_is_timed_by_its_row(
    vitals: Vitals, health: Health
) -> None:
    """An update found at the start counts from when it was stored; a clock set back counts as nothing."""
    vitals.handled(1, 7, 40, answered=True)
    vitals.handled(2, 7, -5, answered=True)
    vitals.sent(7)
    seen = await told(health)
    assert seen["relance_update_handled_seconds_sum"] == 40
    assert seen["relance_update_sent_seconds_sum"] == 40


async def test_repeats_and_failures_are_counted_apart(vitals: Vitals, health: Health) -> None:
    """An update seen before is a repeat; 429 and each kind of error have their own figure from the start."""
    seen = await told(health)
    assert seen["relance_errors_total kind=telegram_5xx"] == 0
    vitals.stored([1], 1)
    vitals.stored([1], 0)
    vitals.given_up(1)
    vitals.handled(3, 7, 1, answered=True)
    vitals.not_sent(7, Flooded(3))
    vitals.not_sent(7, ServerTrouble("502"))
    vitals.not_sent(7, Unreachable("403"))
    vitals.sent(7)  # not for that update any more
    seen = await told(health)
    assert seen["relance_updates_received_total"] == 1
    assert seen["relance_updates_repeated_total"] == 1
    assert seen["relance_updates_failed_total"] == 1
    assert seen["relance_telegram_429_total"] == 1
    assert seen["relance_errors_total kind=telegram_429"] == 1
    assert seen["relance_errors_total kind=telegram_5xx"] == 1
    assert seen["relance_errors_total kind=telegram_403"] == 1
    assert seen["relance_update_sent_seconds_count"] == 0


async def test_what_is_remembered_is_bounded(vitals: Vitals) -> None:
    """Updates never handled and answers never sent do not grow the memory without end."""
    for n in range(30_000):
        vitals.stored([n], 1)
        vitals.handled(-n, n, 0, answered=True)
    assert len(vitals._stored) == len(vitals._unsent) == 20_000


async def test_log_lines_are_counted_without_their_words(vitals: Vitals, health: Health) -> None:
    """A line from WARNING upward counts by level and module; what it says is nowhere."""
    log = logging.getLogger("bot.relay")
    handler = CountedLines(vitals)
    log.addHandler(handler)
    try:
        log.warning("Dupont SARL %s", "42")
        log.info("Dupont SARL")
    finally:
        log.removeHandler(handler)
    text = (await health.metrics()).decode()
    assert 'relance_log_lines_total{level="WARNING",module="bot.relay"} 1.0' in text
    assert "Dupont" not in text


async def test_what_waits_is_told_with_its_age(
    store: Store, clock: FakeClock, health: Health
) -> None:
    """The figures of what waits are those of the tables at that instant; nothing waiting is an age of 0."""
    seen = await told(health)
    assert seen["relance_database_up"] == 1
    assert seen["relance_inbox_oldest_age_seconds"] == 0
    assert seen["relance_reminders_oldest_due_age_seconds"] == 0
    start = clock.epoch
    with store.write() as tx:
        tx.record_updates([UpdateRow(n, 7, "{}", start + n) for n in range(3)])
        tx.load_conversation(7)
        tx.push_outbox(7, [OutgoingRow("copy", "{}")] * 2, start + 10)
        tx.finish_update(0)
        _dossier(tx, start)
    clock.advance(100)
    seen = await told(health)
    assert seen["relance_inbox_waiting"] == 2
    assert seen["relance_inbox_oldest_age_seconds"] == 99
    assert seen["relance_outbox_pending"] == 2
    assert seen["relance_outbox_oldest_age_seconds"] == 90
    assert seen["relance_reminders_oldest_due_age_seconds"] == 50


def _dossier(tx: Tx, start: int) -> None:
    tx.save_dossier(DossierRow("d", 7, "{}", "ouvert", date(2026, 11, 23), "x", start))
    due = [ReminderRow("a", start + 50, "rappel"), ReminderRow("b", start + 500, "rappel")]
    tx.sync_reminders("d", 7, due)


async def test_the_law_to_renew_is_counted(law: Law, health: Health, clock: FakeClock) -> None:
    """How many parameters are due, by how pressing, is that of the day, and follows it."""
    clock.advance(timedelta(days=500).total_seconds())
    today = clock().astimezone(PARIS).date()
    wanted = [renewal.severity for renewal in law.renewals(today)]
    seen = await told(health)
    assert wanted.count(Severity.EXPIRED) > 0
    for severity in Severity:
        name = f"relance_law_parameters_to_renew severity={severity.value}"
        assert seen[name] == wanted.count(severity)


async def test_alive_until_a_loop_hangs(vitals: Vitals, health: Health, pace: Pace) -> None:
    """A loop that rests lately is alive; one that has not turned for two minutes is named."""
    loop = Loop(5)
    vitals.watch("outbox", loop)
    loop.turned_at = pace.at
    pace.at += 119
    assert health.alive() == ""
    pace.at += 2
    assert health.alive() == "boucle arrêtée : outbox"
    await loop._rest(0.01)
    pace.at = loop.turned_at
    assert health.alive() == ""


async def test_ready_once_connected_until_asked_to_end(vitals: Vitals, health: Health) -> None:
    """Not ready before Telegram knew the token, ready then, not any more once asked to end."""
    assert "jeton" in await health.ready()
    vitals.connected = True
    assert await health.ready() == ""
    vitals.stopping = True
    assert await health.ready() == "arrêt en cours"


async def test_not_ready_with_another_schema(
    vitals: Vitals, health: Health, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database at another revision than this code's is not ready."""
    vitals.connected = True
    monkeypatch.setattr("bot.health.HEAD", HEAD + "9")
    assert "schéma" in await health.ready()


async def test_a_database_that_hangs_is_neither_ready_nor_told(
    vitals: Vitals, health: Health, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a database that does not answer, readiness is refused within its patience, figures unknown."""
    monkeypatch.setattr("bot.health._PATIENCE", 0.05)
    vitals.connected = True
    free = threading.Event()
    hanging = asyncio.create_task(writer.run(lambda _: free.wait(10)))
    await asyncio.sleep(0.01)
    async with asyncio.timeout(2):
        asked = await asyncio.gather(*(health.ready() for _ in range(50)))
        seen = await told(health)
    assert asked == ["la base ne répond pas, ou est occupée"] * 50
    assert writer._queue.qsize() <= 2  # the fifty asked once
    assert seen["relance_database_up"] == 0
    assert seen["relance_inbox_waiting"] != seen["relance_inbox_waiting"]  # NaN
    free.set()
    await hanging


@pytest.mark.parametrize(
    ("look", "index"),
    [
        ("_updates", "ix_inbox_waiting"),
        ("_messages", "ix_outbox_unsent"),
        ("_due", "ix_reminders_wake"),
    ],
)
def test_the_figures_are_read_by_the_indexes_of_what_waits(
    tmp_path: Path, look: str, index: str
) -> None:
    """What is asked at each scrape costs by what waits, not by what was ever received or sent."""
    path = tmp_path / "x.sqlite3"
    with Store.open(f"sqlite:///{path}") as store:
        store.prepare()
    plan = plan_of(path, getattr(looks, look))
    assert f"USING INDEX {index}" in plan or f"USING COVERING INDEX {index}" in plan, plan
