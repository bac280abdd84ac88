"""Two bots on one PostgreSQL database, behind one address: one voice, and either may be killed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from bot.store.seat import SEAT_LOCK
from tests.acceptance.bot_process import BotProcess
from tests.acceptance.replicas import Replicas
from tests.acceptance.visitor import WORDS, WORDS_END, Visitor, said_to, wait_struck
from tests.standin import Pace, StandIn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def pair(
    shared_api: StandIn,
    postgres: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Replicas]:
    """Two running replicas for the tests of this file; each test leaves both running."""
    with Replicas(shared_api, tmp_path_factory.mktemp("pair"), postgres()) as replicas:
        yield replicas.start()


def test_two_replicas_share_the_work(pair: Replicas, shared_api: StandIn) -> None:
    """Both handle updates, one sends, and each of six people reads the whole case in its order."""
    people = [shared_api.person("Camille") for _ in range(6)]
    for words in WORDS:
        for person in people:
            person.say(words)
    for person in people:
        person.wait(lambda p=person: WORDS_END in "".join(said_to(p)), 20, "the case did not end")  # type: ignore[misc]
    assert len({tuple(said_to(person)) for person in people}) == 1
    assert min(pair.figure(place, "relance_updates_handled_total") for place in (0, 1)) > 0
    sender = pair.sender()
    assert pair.figure(1 - sender, "relance_messages_sent_total") == 0
    assert shared_api.violations == []


def test_the_sender_killed_is_replaced(pair: Replicas, shared_api: StandIn) -> None:
    """What the killed sender had on its way leaves through the other: once, or twice when it had arrived."""
    sender = pair.sender()
    unsent, unknown = (Visitor(shared_api.person("Camille")) for _ in range(2))
    shared_api.faults.hang("sendMessage", 60, chat_id=unsent.person.id)
    shared_api.faults.stall("sendMessage", 60, chat_id=unknown.person.id)
    for visitor in (unsent, unknown):
        visitor.person.command("aide")
    wait_struck(shared_api, "sendMessage", "hang")
    wait_struck(shared_api, "sendMessage", "stall")
    pair[sender].kill()
    unsent.person.expect("Comment ça marche")
    unknown.person.wait(lambda: len(said_to(unknown.person)) == 2, 10, "not sent again")
    assert pair.senders() == [1 - sender]
    unsent.tell()
    pair[sender].start()
    unsent.press("Il avait oublié")
    unsent.settle_questions()
    assert len(said_to(unknown.person)) == 2


def test_the_session_of_the_sender_ended_by_the_server(pair: Replicas, shared_api: StandIn) -> None:
    """When PostgreSQL ends the connection that holds the seat, one of the two sits again, and all is said."""
    sender = pair.sender()
    camille = Visitor(shared_api.person("Camille")).tell()
    with psycopg.connect(pair[0].database_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s",
            [SEAT_LOCK],
        )
    camille.press("Il avait oublié")
    camille.settle_questions()
    assert len(pair.senders()) == 1
    assert pair[sender].running
    assert "the sender’s seat is out of reach" in pair[sender].log


def test_a_reminder_comes_once_from_two(pair: Replicas, shared_api: StandIn) -> None:
    """On the day of a deadline both look, and the person is told once."""
    camille = Visitor(shared_api.person("Camille"))
    camille.to_draft("oubli")
    day = camille.send()
    mark = camille.person.mark()
    pair.go_to(day)
    for _ in pair:  # an update makes a process look at the reminders at once
        shared_api.person("Alix").command("aide")
    camille.nudged()
    camille.person.quiet(0.3)
    assert len(camille.person._after(mark)) == 1


def test_the_pace_is_that_of_the_token(postgres: Callable[[], str], tmp_path: Path) -> None:
    """With Telegram counting, two replicas and a sender killed in the middle meet no 429."""
    with (
        StandIn(pace=Pace()) as api,
        Replicas(api, tmp_path, postgres(), RELANCE_RATE="28", RELANCE_CHAT_RATE="1") as replicas,
    ):
        replicas.start()
        people = [api.person("Camille") for _ in range(45)]
        for person in people:
            person.command("aide")
        time.sleep(0.5)
        replicas[replicas.sender()].kill()
        for person in people[:5]:
            person.command("aide")
        for place, person in enumerate(people):
            wanted = 2 if place < 5 else 1
            person.wait(lambda p=person, w=wanted: len(said_to(p)) >= w, 20, "an answer was lost")  # type: ignore[misc]
        assert [call for call in api.calls() if call.status == 429] == []
        assert api.violations == []


def test_polling_passes_to_the_other(
    api: StandIn, postgres: Callable[[], str], tmp_path: Path
) -> None:
    """Without a webhook one of two polls; asked to end, it leaves the polling to the other."""
    database = postgres()
    bots = [
        BotProcess(api, tmp_path / str(place), RELANCE_DATABASE_URL=database) for place in (0, 1)
    ]
    try:
        for bot in bots:
            bot.start()
        camille = Visitor(api.person("Camille")).tell()
        assert bots[0].terminate() == 0
        camille.press("Il avait oublié")
        camille.settle_questions()
        assert bots[1].running
        assert all("another process is fetching" not in bot.log for bot in bots)
    finally:
        for bot in bots:
            bot.close()
