"""The bench itself: what it measures is really done, and a missed aim is told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.keys import Key
from bot.telegram.failures import Flooded
from flows.dialogue.events import Pressed, Typed
from flows.dossier import Status
from tests.bench import bulk, replicas, steady, stored, throughput, whole
from tests.bench.crowd import crowd
from tests.bench.durable import NOW, opened, play
from tests.bench.flood import StrictTelegram, drain
from tests.bench.people import Numbers, scripts, waves
from tests.bench.report import Row, Size, at_least, table
from tests.bench.virtual import VirtualLoop, virtually

if TYPE_CHECKING:
    from pathlib import Path


async def test_all_that_is_played_is_answered(tmp_path: Path) -> None:
    """The real bot, with a key, answers every update of a small crowd; `play` raises when one is left."""
    reached: list[int] = []
    played = await play(
        tmp_path, 60, people=5, marks=[20, 60], reached=reached.append, keys=[Key.new(NOW.date())]
    )
    assert (played.updates, len(played.waited), reached) == (60, 12, [20, 60])


def test_every_contender_has_its_turn() -> None:
    """The bot, what the library does alone, its dialogue in memory and on each pickle have a rate."""
    size = replace(Size.quick(), updates=20, pickled=(5, 10))
    values = {row.what: row.value for row in throughput.measure(size)}
    rates = [what for what, value in values.items() if value.endswith("/s")]
    assert len(rates) - ("aiogram FSM, in memory" in rates) == 7
    assert {"PTB ConversationHandler, in memory", "PTB + pickle, 10 people stored"} <= set(rates)
    assert "durable / pickle at 10 stored" in values


def test_a_steady_stream_counts_each_answer() -> None:
    """Every update is waited for from its arrival to the last message it brings."""
    (row,) = steady.measure(replace(Size.quick(), steady=0.7))
    assert row.what.startswith("21 updates at 30/s")
    assert 0 < float(row.value.split()[0]) < 10_000


def test_two_stores_are_set_side_by_side(tmp_path: Path) -> None:
    """Each has as many dossiers as it says, of chats that do not play, and people play in both."""
    size = replace(Size.quick(), updates=20, stored=1_200)
    few, many = (f"sqlite:///{tmp_path}/{name}.sqlite3" for name in ("few", "many"))
    rows = stored.compare(size, few, many, "SQLite")
    assert [row.value.split()[-1] for row in rows] == ["µs", "µs", "x"]
    with opened(many) as store, store.read() as tx:
        stats = tx.stats(int(NOW.timestamp()))
        assert stats.dossiers == 1_200
        assert stats.reminders_pending >= 1_200
        assert tx.load_conversation(1001 + stored.FAR) is not None


def test_replicas_are_posted_to_until_all_is_handled(tmp_path: Path) -> None:
    """Every update posted to the webhook of a real process is handled; twice, each time by new people."""
    url = f"sqlite:///{tmp_path}/r.sqlite3"
    with replicas.running(url, 1) as bots:
        assert min(bots.handle(12), bots.handle(5)) > 0
    with opened(url) as store, store.read() as tx:
        assert len(tx.conversations_page(None, 100)) == 17


def test_what_is_stored_in_bulk_lies_among_the_rest(tmp_path: Path) -> None:
    """Chats are even and spread over the whole range, ids begin with any letter the bot gives."""
    with opened(f"sqlite:///{tmp_path}/b.sqlite3") as store:
        bulk.fill(store, 500, int(NOW.timestamp()))
        with store.read() as tx:
            chats = [chat for chat, _ in tx.conversations_page(None, 1000)]
            first = {tx.outlines_of(chat)[0].id[0] for chat in chats}
    assert len(chats) == 500
    assert (chats[0], chats[-1]) == (2, bulk.NUMBERS - 3998)
    assert not any(chat % 2 for chat in chats)
    assert first == set(bulk.LETTERS)


def test_waves_go_on_from_any_number() -> None:
    """Who plays a second time has new updates and new chats, as far apart as asked."""
    wave = next(waves(2, people=2, numbers=Numbers(update=41, chat=7, step=100)))
    assert [update["update_id"] for update in wave.updates] == [41, 42]
    assert [update["message"]["chat"]["id"] for update in wave.updates] == [7, 107]


def test_each_script_types_and_presses_up_to_a_letter() -> None:
    """Every script holds typed answers, pressed buttons and a text made to be copied."""
    for script in scripts():
        assert {Typed, Pressed} <= {type(said.event) for said in script}
        assert any(item["kind"] == "copy" for said in script for item in said.items)


def test_waves_are_numbered_and_hold_one_update_a_person() -> None:
    """Update ids rise by one, and nobody does two things in one wave."""
    given = list(waves(23, people=5))
    updates = [update for wave in given for update in wave.updates]
    assert [update["update_id"] for update in updates] == list(range(1, 24))
    assert [len(wave.updates) for wave in given] == [5, 5, 5, 5, 3]


def test_a_missed_aim_is_told() -> None:
    """A ratio under its aim is marked in the table, one that reaches it is not."""
    told = table("Titre", [at_least("a", 0.2, 0.5), at_least("b", 0.5, 0.5), Row("c", "1")])
    lines = told.splitlines()[-3:]
    assert [("MISSED" in line, "met" in line) for line in lines] == [
        (True, False),
        (False, True),
        (False, False),
    ]


def test_hundreds_of_dossiers_are_measured() -> None:
    """Each row has a figure, and the list, the card and the picture an aim."""
    size = replace(Size.quick(), dossiers=30)
    rows = whole.measure(size)
    assert all(row.value.endswith(" ms") for row in rows)
    assert [row.aim for row in rows] == ["≤ 20 ms", "≤ 20 ms", "", "", "≤ 50 ms"]


def test_the_crowd_is_always_the_same() -> None:
    """The same seed gives the same dossiers, of every fate, with the drafts that left."""
    people = list(crowd(200))
    assert people == list(crowd(200))
    assert {one.status for one in people} == set(Status)
    assert max(len(one.acts) for one in people) > 12
    assert any("draft" in act.data for one in people for act in one.acts)


def test_an_hour_of_virtual_time_takes_no_time() -> None:
    """Those who sleep wake in the order of their instants, and each sees its own."""

    async def story() -> list[tuple[str, float]]:
        loop, woken = asyncio.get_running_loop(), []

        async def sleep(name: str, seconds: float) -> None:
            await asyncio.sleep(seconds)
            woken.append((name, loop.time()))

        await asyncio.gather(sleep("later", 3600), sleep("soon", 1), sleep("then", 60))
        return woken

    assert virtually(story()) == [("soon", 1), ("then", 60), ("later", 3600)]


def test_the_strict_telegram_refuses_what_comes_too_fast() -> None:
    """The 31st message of a second, and the second of a chat in a second, are answered 429."""

    async def story() -> tuple[int, int]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        telegram = StrictTelegram(loop, 100)
        sent = [telegram.send(chat, {"text": "x"}) for chat in range(31)]
        await asyncio.gather(*sent, return_exceptions=True)
        crowd = telegram.refused
        await asyncio.sleep(2)
        await telegram.send(1, {"text": "x"})
        with pytest.raises(Flooded):
            await telegram.send(1, {"text": "x"})
        return crowd, telegram.refused

    assert virtually(story()) == (1, 2)


@pytest.mark.parametrize("queued", [False, True])
def test_a_flood_goes_out_near_the_pace_of_telegram_without_a_refusal(queued: bool) -> None:
    """Three hundred due at once: at least 24 a second, no 429, though all stands still now and then."""
    drained = drain(300, queued=queued)
    assert drained.refused == 0
    assert drained.rate > 24
    assert max(drained.waited, default=0) < 5
