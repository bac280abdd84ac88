"""Kills at any point: no answer is lost, none counts twice, and a message comes twice at most once a kill."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.bot_process import BotProcess, Kept
from tests.acceptance.visitor import (
    WORDS,
    WORDS_END,
    Visitor,
    said_to,
    wait_struck,
    without_repeats,
)
from tests.standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kept, list[str]]]:
    """What is stored and what was said after the whole case, with nothing going wrong."""
    folder = tmp_path_factory.mktemp("calm")
    with StandIn() as api, BotProcess(api, folder).start() as bot:
        person = api.person("Camille")
        for words in WORDS:
            person.say(words)
        person.wait(lambda: WORDS_END in "".join(said_to(person)), 20, "the case did not end")
        assert bot.terminate() == 0
        yield bot.kept(person), said_to(person)


def test_killed_again_and_again(
    api: StandIn, bot: BotProcess, calm: tuple[Kept, list[str]]
) -> None:
    """Killed at random instants while five people answer, the bot ends as if nothing had happened."""
    kills = 4
    chance = random.Random(2026)
    people = [api.person("Camille") for _ in range(5)]
    left = {person.id: list(WORDS) for person in people}
    for _ in range(kills):
        bot.start()
        until = time.monotonic() + chance.uniform(0, 0.12)
        while time.monotonic() < until:
            person = chance.choice(people)
            if left[person.id]:
                person.say(left[person.id].pop(0))
            time.sleep(chance.uniform(0, 0.01))
        bot.kill()
    bot.start()
    for person in people:
        for words in left[person.id]:
            person.say(words)
    for person in people:
        person.wait(lambda p=person: WORDS_END in "".join(said_to(p)), 20, "an answer was lost")  # type: ignore[misc]
    assert bot.terminate() == 0
    kept, texts = calm
    for person in people:
        assert bot.kept(person) == kept
        assert without_repeats(said_to(person)) == texts
        assert len(said_to(person)) - len(texts) <= kills
    assert api.violations == []


def test_killed_as_soon_as_updates_left(
    api: StandIn, bot: BotProcess, calm: tuple[Kept, list[str]]
) -> None:
    """Killed as soon as Telegram has given the updates, the bot answers them all after the restart."""
    bot.start()
    person = api.person("Camille")
    for words in WORDS:
        person.say(words)
    api.wait_call("getUpdates", lambda call: call.result)
    bot.restart()
    person.wait(lambda: WORDS_END in "".join(said_to(person)), 20, "an answer was lost")
    assert bot.terminate() == 0
    assert bot.kept(person) == calm[0]
    assert without_repeats(said_to(person)) == calm[1]
    assert len(said_to(person)) <= len(calm[1]) + 1


def test_killed_with_messages_on_their_way(api: StandIn, bot: BotProcess) -> None:
    """What had not left comes once, what had arrived unknown to the bot comes twice, an edit once."""
    bot.start()
    unsent, unknown, edited = (Visitor(api.person("Camille")) for _ in range(3))
    edited.start().shown("facture impayée")
    api.faults.hang("sendMessage", 60, chat_id=unsent.person.id)
    api.faults.stall("sendMessage", 60, chat_id=unknown.person.id)
    api.faults.stall("editMessageText", 60, chat_id=edited.person.id)
    unsent.person.command("aide")
    unknown.person.command("aide")
    edited.press("facture impayée")
    wait_struck(api, "sendMessage", "hang")
    wait_struck(api, "sendMessage", "stall")
    wait_struck(api, "editMessageText", "stall")
    assert (unsent.person.messages(), len(unknown.person.messages())) == ([], 1)
    bot.restart()
    unsent.person.expect("Comment ça marche")
    unknown.person.wait(lambda: len(said_to(unknown.person)) == 2, 10, "not sent again")
    edited.press("Une société").say("Dupont SARL")
    assert bot.terminate() == 0
    bot.start()
    for visitor in (unsent, unknown, edited):
        visitor.person.quiet(0.1)
    assert len(said_to(unsent.person)) == 1
    assert len(said_to(unknown.person)) == 2
    assert len(edited.person.messages()) == 2
    # The edit was asked for twice, and Telegram says that it changes nothing: all is well.
    assert all("not modified" in call.description for call in api.violations)


def test_killed_while_telegram_is_silent(
    api: StandIn, bot: BotProcess, calm: tuple[Kept, list[str]]
) -> None:
    """With Telegram silent on every call and a kill meanwhile, all is said once it speaks again."""
    bot.start()
    api.faults.hang("*", 60, times=1000)
    person = api.person("Camille")
    for words in WORDS:
        person.say(words)
    wait_struck(api, "sendMessage", "hang")
    bot.kill()
    api.faults.clear()
    bot.start()
    person.wait(lambda: WORDS_END in "".join(said_to(person)), 20, "an answer was lost")
    assert bot.terminate() == 0
    assert said_to(person) == calm[1]
    assert bot.kept(person) == calm[0]


def test_a_reminder_due_while_the_bot_was_down(api: StandIn, bot: BotProcess) -> None:
    """A reminder due while the bot was down, then killed as it left, comes once and says it is late."""
    bot.start()
    camille = Visitor(api.person("Camille"))
    camille.to_draft("oubli")
    day = camille.send()
    bot.kill()
    bot.advance(30)
    mark = camille.person.mark()
    api.faults.hang("sendMessage", 60)
    bot.start()
    wait_struck(api, "sendMessage", "hang")
    bot.restart()
    assert f"aurait dû arriver le {day.day}" in camille.nudged().text
    assert bot.terminate() == 0
    acts = bot.kept(camille.person).dossiers[0][2]
    assert [kind for kind, _ in acts].count("rappel") == 1
    bot.start()
    camille.person.quiet(0.2)
    assert len(camille.person._after(mark)) == 1


def test_an_update_delivered_twice(api: StandIn, bot: BotProcess) -> None:
    """An update delivered twice acts once, in the same process and after a restart."""
    bot.start()
    camille = Visitor(api.person("Camille")).tell()
    before = camille.person.mark()
    amount = next(u for u in api.updates if u.get("message", {}).get("text") == "1 250 €")
    api.redeliver(amount)
    camille.person.quiet(0.3)
    bot.kill()
    api.redeliver(amount)
    bot.start()
    camille.person.quiet(0.3)
    assert camille.person._after(before) == []
    camille.press("Il avait oublié")
    camille.settle_questions()
