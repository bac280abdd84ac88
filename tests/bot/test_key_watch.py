"""A running bot that another process left without a key."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.key_watch import KeyWatch
from bot.keys import Key
from bot.store import Store
from bot.store.writer import Writer
from tests.store.sealed import NEW, OLD


@pytest.mark.parametrize("keys", [(), (OLD,), (OLD, NEW)], ids=["none", "old", "both"])
async def test_a_bot_without_a_key_that_rows_are_under_ends(
    tmp_path: Path, keys: tuple[Key, ...]
) -> None:
    """Once another process has noted a key this one lacks it is asked to end, with a code; not before, nor with it."""
    url, ended = f"sqlite:///{tmp_path}/r.sqlite3", asyncio.Event()
    with Store.open(url, keys=keys) as store, Store.open(url, keys=[NEW, OLD]) as other:
        store.prepare()
        store.unlock()
        writer = Writer(store)
        watch = KeyWatch(writer, ended.set, look=0.01)
        running = asyncio.create_task(watch.run())
        await asyncio.sleep(0.05)
        assert (ended.is_set(), watch.exit_code) == (False, 0)
        other.unlock()
        if NEW in keys:
            await asyncio.sleep(0.05)
            assert (ended.is_set(), watch.exit_code) == (False, 0)
            watch.stop()
        else:
            await asyncio.wait_for(ended.wait(), 5)
            assert watch.exit_code == 2
        await asyncio.wait_for(running, 5)
        await writer.close()
