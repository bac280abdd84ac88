"""Kills at any point: no answer is lost, none counts twice, and a message comes twice at most once a kill."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.bot_process import BotProcess, Kept
from tests.acceptance.visitor import Visitor
from tests.standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.standin import Call, Person

WORDS = (
    "/start",
    "/nouveau",
    "Une société",
    "Dupont SARL",
    "1 250 €",
    "15/10/2026",
    "Il avait oublié",
    "1",
    "J’ai envoyé",
    "SMS",
    "Aujourd’hui",
)
"""A whole case, typed: a person may type the words of a button."""
END = "Je reviens vers vous"


def said_to(person: Person) -> list[str]:
    """Give the texts of the bot as they came, edits included."""
    return [event.message.text for event in person._after(0)]


def without_repeats(texts: list[str]) -> list[str]:
    """Give the texts without those that only repeat the one before."""
    return [text for n, text in enumerate(texts) if n == 0 or texts[n - 1] != text]


def wait_struck(api: StandIn, method: str, kind: str) -> Call:
    """Wait until a planned fault holds a call."""
    return api.wait_call(method, lambda call: call.injected == kind)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kept, list[str]]]:
    """What is stored and what was said after the whole case, with nothing going wrong."""
    with StandIn() as api:
        bot = BotProcess(api, tmp_path_factory.mktemp("calm")).start()
        person = api.person("Camille")
        for words in WORDS:
            person.say(words)
        person.wait(lambda: END in "".join(said_to(person)), 20, "the case did not end")
        assert bot.terminate() == 0
        yield bot.kept(person), said_to(person)


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_again_and_again(
    api: StandIn, bot: BotProcess, calm: tuple[Kept, list[str]], seed: int
) -> None:
    """Killed at random instants while five people answer, the bot ends as if nothing had happened."""
    kills = 5
    chance = random.Random(seed)
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
        person.wait(lambda p=person: END in "".join(said_to(p)), 20, "an answer was lost")  # type: ignore[misc]
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
    person.wait(lambda: END in "".join(said_to(person)), 20, "an answer was lost")
    assert bot.terminate() == 0
    assert bot.kept(person) == calm[0]
    assert without_repeats(said_to(person)) == calm[1]
    assert len(said_to(person)) <= len(calm[1]) + 1


def test_updates_lost_on_the_way(
    api: StandIn, bot: BotProcess, calm: tuple[Kept, list[str]]
) -> None:
    """Updates whose delivery was cut off come again, and each acts once."""
    api.faults.lose_answer("getUpdates", times=2)
    person = api.person("Camille")
    for words in WORDS:
        person.say(words)
    bot.start()
    person.wait(lambda: END in "".join(said_to(person)), 20, "an answer was lost")
    assert said_to(person) == calm[1]
    assert bot.terminate() == 0
    assert bot.kept(person) == calm[0]


def test_killed_before_its_message_leaves(api: StandIn, bot: BotProcess) -> None:
    """Killed after the commit and before the message was sent, the bot sends it once at the restart."""
    bot.start()
    api.faults.hang("sendMessage", 60)
    person = api.person("Camille")
    person.command("aide")
    wait_struck(api, "sendMessage", "hang")
    bot.restart()
    person.expect("Comment ça marche")
    person.quiet(0.2)
    assert len(said_to(person)) == 1


def test_killed_before_it_knows_its_message_arrived(api: StandIn, bot: BotProcess) -> None:
    """Killed while Telegram stays silent on a message that arrived, the bot sends it twice, no more."""
    bot.start()
    api.faults.stall("sendMessage", 60)
    person = api.person("Camille")
    person.command("aide")
    person.expect("Comment ça marche")
    wait_struck(api, "sendMessage", "stall")
    bot.restart()
    person.expect("Comment ça marche")
    person.quiet(0.2)
    assert len(said_to(person)) == 2
    bot.restart()
    person.quiet(0.2)


def test_killed_on_an_edit(api: StandIn, bot: BotProcess) -> None:
    """Killed on an edit that was made, the bot goes on: the same edit again changes nothing."""
    bot.start()
    camille = Visitor(api.person("Camille")).start()
    camille.shown("facture impayée")
    api.faults.stall("editMessageText", 60)
    camille.press("facture impayée")
    wait_struck(api, "editMessageText", "stall")
    bot.restart()
    camille.press("Une société").say("Dupont SARL")
    assert [call.description for call in api.violations if "not modified" not in call.description] == []
    assert len(camille.person.messages()) == 2


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
    bot.launch()
    wait_struck(api, "getMe", "hang")
    bot.kill()
    api.faults.clear()
    bot.start()
    person.wait(lambda: END in "".join(said_to(person)), 20, "an answer was lost")
    assert bot.terminate() == 0
    assert said_to(person) == calm[1]
    assert bot.kept(person) == calm[0]


def test_a_reminder_due_while_the_bot_was_down(api: StandIn, bot: BotProcess) -> None:
    """A reminder due while the bot was down comes once at the restart, and says that it is late."""
    bot.start()
    camille = Visitor(api.person("Camille"))
    camille.to_draft("oubli")
    day = camille.send()
    bot.kill()
    bot.advance(30)
    mark = camille.person.mark()
    bot.start()
    nudge = camille.nudged()
    assert f"aurait dû arriver le {day.day}" in nudge.text
    assert bot.terminate() == 0
    bot.start()
    camille.person.quiet(0.3)
    assert len(camille.person._after(mark)) == 1


def test_killed_while_a_reminder_leaves(api: StandIn, bot: BotProcess) -> None:
    """Killed when a reminder has fired and its message has not left, the bot sends it at the restart."""
    bot.start()
    camille = Visitor(api.person("Camille"))
    camille.to_draft("oubli")
    day = camille.send()
    bot.kill()
    bot.go_to(day)
    api.faults.hang("sendMessage", 60)
    bot.start()
    wait_struck(api, "sendMessage", "hang")
    bot.restart()
    camille.nudged()
    camille.person.quiet(0.2)
    assert bot.terminate() == 0
    acts = bot.kept(camille.person).dossiers[0][2]
    assert [kind for kind, _ in acts].count("rappel") == 1


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
    assert camille.settle_questions()


def test_two_people_side_by_side(api: StandIn, bot: BotProcess) -> None:
    """While nothing can be sent to one person, another plays a whole case."""
    bot.start()
    stuck, other = api.person("Alix"), Visitor(api.person("Camille"))
    api.faults.hang("sendMessage", 3, chat_id=stuck.id)
    stuck.command("aide")
    wait_struck(api, "sendMessage", "hang")
    began = time.monotonic()
    other.to_draft("oubli")
    assert time.monotonic() - began < 2.5
    assert said_to(stuck) == []
    stuck.expect("Comment ça marche")
