"""What the running bot tells its operator about the law: at the start and once a day."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot import app
from bot.law_watch import LawWatch, notice
from bot.settings import load_settings
from bot.store import StoreError
from bot.telegram.outgoing import decode
from bot.vitals import Vitals
from flows.law import load_law

if TYPE_CHECKING:
    from bot.relay import Handle
    from bot.store import Store
    from bot.store.writer import Writer

    from .conftest import FakeClock

CHAT = 4242


@pytest.fixture
def watch(writer: Writer, clock: FakeClock, tmp_path: Path) -> LawWatch:
    settings = load_settings(
        {"RELANCE_DATA_DIR": str(tmp_path), "RELANCE_OPERATOR_CHAT": str(CHAT)}
    )
    return LawWatch(load_law(), settings, writer, clock)


def sent(store: Store, clock: FakeClock) -> list[str]:
    """Take what waits for the operator, as the outbox would."""
    with store.write() as tx:
        rows = tx.claim_outbox(clock.epoch, 30, CHAT)
        for row in rows:
            tx.mark_sent(row.id, 1, clock.epoch)
    return [decode(row.payload)["text"] for row in rows]


async def test_nothing_is_said_when_nothing_is_due(
    watch: LawWatch, store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    """More than a month before the first renewal there is no line and no message."""
    await watch.turn()
    assert caplog.records == []
    assert sent(store, clock) == []


async def test_each_renewal_is_a_warning_once_a_day(
    watch: LawWatch, store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    """One WARNING a renewal and one message, again only when the local day has changed."""
    clock.now = datetime(2026, 12, 1, 7, tzinfo=UTC)
    due = load_law().renewals(date(2026, 12, 1))
    await watch.turn()
    await watch.turn()
    clock.now = datetime(2026, 12, 1, 22, 59, tzinfo=UTC)  # a minute before midnight in Paris
    await watch.turn()
    assert len(due) > 1
    assert [r.getMessage() for r in caplog.records] == [f"the law, {r.english}" for r in due]
    assert {r.levelno for r in caplog.records} == {logging.WARNING}
    (text,) = sent(store, clock)
    assert due[0].french in text
    clock.advance(60)
    await watch.turn()
    assert len(caplog.records) == 2 * len(due)
    assert len(sent(store, clock)) == 1


@pytest.mark.parametrize(
    ("today", "missing", "first"),
    [
        (date(2026, 11, 30), 0, ""),
        (date(2026, 12, 5), 0, "• Taux de la BCE retenu pour le semestre\u00a0: à compléter avant"),
        (date(2027, 1, 1), 2, "• Taux de la BCE retenu pour le semestre\u00a0: plus aucune valeur"),
        (date(2027, 2, 1), 2, "• Taux de la BCE retenu pour le semestre\u00a0: plus aucune valeur"),
    ],
)
async def test_the_turn_of_the_year_is_told_in_time(
    watch: LawWatch,
    store: Store,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
    today: date,
    missing: int,
    first: str,
) -> None:
    """Silence in November, then what will be missing, then what is, before what is to be read again."""
    clock.now = datetime.combine(today, time(9), UTC)
    await watch.turn()
    lines = [record.getMessage() for record in caplog.records]
    assert sum("no known value since 2027-01-01" in line for line in lines) == missing
    texts = sent(store, clock)
    assert len(texts) == (1 if first else 0)
    for text in texts:
        rates = text.splitlines()[1:3]
        assert rates[0].startswith(first)
        assert "autres cas" in rates[1]


async def test_another_start_the_same_day_sends_no_second_message(
    watch: LawWatch,
    store: Store,
    clock: FakeClock,
    writer: Writer,
    tmp_path: Path,
) -> None:
    """The outbox knows that today was told, whatever became of the process."""
    clock.now = datetime(2026, 12, 1, 7, tzinfo=UTC)
    await watch.turn()
    assert len(sent(store, clock)) == 1
    settings = load_settings(
        {"RELANCE_DATA_DIR": str(tmp_path), "RELANCE_OPERATOR_CHAT": str(CHAT)}
    )
    await LawWatch(load_law(), settings, writer, clock).turn()
    assert sent(store, clock) == []


async def test_without_a_chat_only_the_log_is_written(
    writer: Writer,
    store: Store,
    clock: FakeClock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No setting, no message to anybody."""
    clock.now = datetime(2026, 12, 1, 7, tzinfo=UTC)
    settings = load_settings({"RELANCE_DATA_DIR": str(tmp_path)})
    await LawWatch(load_law(), settings, writer, clock).turn()
    assert caplog.records
    with store.write() as tx:
        assert tx.claim_outbox(clock.epoch, 30) == []


async def test_a_clock_that_goes_back_repeats_nothing(
    watch: LawWatch, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    """A corrected clock does not make an earlier day new."""
    clock.now = datetime(2026, 12, 2, 7, tzinfo=UTC)
    await watch.turn()
    said = len(caplog.records)
    clock.now -= timedelta(days=1)
    await watch.turn()
    assert len(caplog.records) == said


async def test_a_store_in_trouble_is_tried_again_without_a_second_log(
    watch: LawWatch,
    writer: Writer,
    store: Store,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The message of the day is queued once the store answers; the warnings are not repeated."""
    clock.now = datetime(2026, 12, 1, 7, tzinfo=UTC)

    async def fail(_: object) -> None:
        raise StoreError("occupée")

    with monkeypatch.context() as broken:
        broken.setattr(writer, "run", fail)
        await watch.turn()
    warned = [r for r in caplog.records if r.levelno == logging.WARNING]
    await watch.turn()
    assert [r for r in caplog.records if r.levelno == logging.WARNING] == warned
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 1
    assert len(sent(store, clock)) == 1


async def test_it_tells_at_the_start_and_stops_when_asked(
    watch: LawWatch, store: Store, clock: FakeClock
) -> None:
    """The loop speaks before it rests, and ends at once."""
    clock.now = datetime(2026, 12, 1, 7, tzinfo=UTC)
    running = asyncio.create_task(watch.run())
    for _ in range(200):
        if texts := sent(store, clock):
            break
        await asyncio.sleep(0.01)
    watch.stop()
    await asyncio.wait_for(running, 5)
    assert len(texts) == 1


def test_a_long_list_is_cut_to_one_message() -> None:
    """What Telegram can carry, the worst first, and how many more there are."""
    many = load_law().renewals(date(2040, 1, 1)) * 10
    text = notice(many)
    assert len(text) < 4096
    assert many[0].french in text
    assert f"• et {len(many) - 12} autres." in text
    assert "• et " not in notice(many[:12])


def test_the_running_bot_watches_the_law_of_the_operator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """`relance run` warns from its own clock, and what the operator's file gives is not asked for."""
    file = tmp_path / "droit.yaml"
    file.write_text(
        "interet_legal_autres_cas:\n"
        "  last_checked_on: 2026-12-30\n"
        "  known_until: 2027-06-30\n"
        "  values:\n"
        '    2027-01-01: {value: "3.10", confidence: likely, reference: [{title: Arrêté}]}\n',
        encoding="utf-8",
    )
    settings = load_settings({"RELANCE_DATA_DIR": str(tmp_path), "RELANCE_LAW_FILE": str(file)})
    seen: list[Handle] = []

    class Application:
        vitals = Vitals()

        async def run(self) -> int:
            for _ in range(500):
                if caplog.records:
                    break
                await asyncio.sleep(0.01)
            return 7

        def stop(self) -> None:
            """Have nothing to end."""

    def build(_: object, writer: Writer, handle: Handle, *__: object, **___: object) -> Application:
        seen.append(handle)
        return Application()

    monkeypatch.setattr("bot.telegram.application.build_application", build)
    assert app.run(settings, lambda: datetime(2027, 1, 1, 9, tzinfo=UTC)) == 7
    said = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert any("bce_semestre: no known value since 2027-01-01" in line for line in said)
    assert not any("interet_legal_autres_cas" in line for line in said)
    engine = seen[0].__self__  # type: ignore[attr-defined]
    assert engine.library.law.is_own("interet_legal_autres_cas", date(2027, 1, 1))
