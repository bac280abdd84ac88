"""Killed at every point of deploy/PROMISE.md: the end is that of a calm run, the repeats are those promised."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.bot_process import PATIENCE
from tests.acceptance.test_erased_and_exported import on_disk
from tests.acceptance.test_exhibits_over_http import JOINED, photo, stored
from tests.acceptance.visitor import INTAKE, WORDS, Visitor, said_to, without_repeats
from tests.chaos.points import ERASURE, FILE, MESSAGE, PAPER, PRESS, REMINDER, UPDATE, Point
from tests.standin import Person, StandIn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.chaos.mortal import MortalBot

Make = Callable[..., "MortalBot"]
BUTTONS = ("facture impayée", "Une société")


def killed_at(bot: MortalBot, person: Person, points: Sequence[Point], copies: int = 0) -> None:
    """Kill the bot at each of these points in turn; what reaches the person is counted on the way."""
    mark = person.mark()
    for point in points:
        bot.dies_at(point.name)
        copies += point.name.startswith("left:send") or point.name == "answered:sendMessage"
        person.wait(lambda n=copies: len(person._after(mark)) >= n, PATIENCE, f"{point}: not sent")  # type: ignore[misc]


def repeats(points: Sequence[Point]) -> int:
    """Give how often a person reads again what was sent, when the bot is killed at each of these points."""
    return sum(point.repeats for point in points)


def finish(bot: MortalBot, *people: Person) -> None:
    """Let it all settle, ask the bot to end, and find that nothing more is said afterwards."""
    bot.settle()
    said = [len(person._after(0)) for person in people]
    assert bot.terminate() == 0
    bot.start()
    bot.settle()
    assert [len(person._after(0)) for person in people] == said
    assert bot.terminate() == 0


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, list[str]]:
    """What is kept and what was said after a whole case and its reminder, with nothing going wrong."""
    from tests.chaos.mortal import MortalBot

    with StandIn() as api, MortalBot(api, tmp_path_factory.mktemp("calm")) as bot:
        bot.start()
        camille = api.person("Camille")
        play(bot, camille, WORDS)
        bot.advance(8)
        bot.terminate()
        bot.start()
        camille.expect("Payé depuis ?", timeout=PATIENCE)
        bot.settle()
        bot.terminate()
        return bot.rows(camille), said_to(camille)


def play(bot: MortalBot, person: Person, words: Sequence[str]) -> None:
    """Type these words and wait until all is answered."""
    for said in words:
        person.say(said)
    bot.settle()


@pytest.mark.parametrize("way", ["polling", "webhook"])
def test_an_answer_and_a_reminder(
    way: str, bot_of: Make, api: StandIn, calm: tuple[Any, list[str]]
) -> None:
    """Killed at each point of an answer, then of a reminder: both come, repeated only where promised, and act once."""
    bot = bot_of(way)
    bot.start()
    camille = api.person("Camille")
    play(bot, camille, WORDS[:4])
    bot.kill()
    camille.say(WORDS[4])
    # How a message leaves has nothing to do with how one arrives.
    leaving, waking = (MESSAGE, (*REMINDER, *MESSAGE)) if way == "polling" else ((), ())
    killed_at(bot, camille, (*UPDATE, *leaving))
    assert api.waiting == 0  # it was acknowledged, and only once it was stored
    bot.start()
    play(bot, camille, WORDS[5:])
    bot.kill()
    assert len(said_to(camille)) == len(calm[1]) - 1 + repeats(leaving)
    bot.advance(8)
    killed_at(bot, camille, waking)
    bot.start()
    finish(bot, camille)
    assert bot.rows(camille) == calm[0]
    assert without_repeats(said_to(camille)) == calm[1]
    assert len(said_to(camille)) == len(calm[1]) + repeats((*leaving, *waking))
    assert api.violations == []


def test_the_first_start(bot: MortalBot, api: StandIn) -> None:
    """Killed again and again while it makes its tables, the bot starts in the end, and answers."""
    for number in range(6):
        bot.launch()
        time.sleep(0.02 * number)
        bot.kill()
    bot.start()
    camille = api.person("Camille")
    camille.command("aide")
    camille.expect("Comment ça marche")
    assert " ERROR " not in bot.log
    assert bot.terminate() == 0


def test_a_press(bot_of: Make, api: StandIn) -> None:
    """Killed about the answer to a press, what was pressed is done once; only the words of the answer may be missed."""
    bot = bot_of("webhook").start()
    camille = Visitor(api.person("Camille")).start()
    for point, label in zip(PRESS, (*BUTTONS, "Il avait oublié"), strict=True):
        if label not in BUTTONS:
            camille.say(*INTAKE)
        camille.shown(label)
        bot.arm(point.name)
        press = camille.person.press(label)
        bot.died()
        bot.start()
        bot.settle()
        if point is PRESS[0]:
            assert press.callback.answer is None
        else:
            assert press.answer()
    camille.draft()
    finish(bot, camille.person)
    assert len(bot.kept(camille.person).dossiers) == 1
    again = len(said_to(camille.person)) - len(without_repeats(said_to(camille.person)))
    assert again <= len(PRESS)  # each kill may have struck the screen that was on its way meanwhile


def test_an_edit_and_what_is_sent_with_it(bot: MortalBot, api: StandIn) -> None:
    """Killed once an edit left, or was answered, it is asked for again, which changes nothing: nobody sees it."""
    bot.start()
    camille = Visitor(api.person("Camille")).start()
    camille.shown(BUTTONS[0])
    bot.arm("left:editMessageText")
    camille.press(BUTTONS[0])
    bot.died()
    bot.dies_at("answered:editMessageText")
    bot.start()
    finish(bot, camille.person)
    assert [event.kind for event in camille.person._after(0)] == ["new", "edit"]


def test_a_file_and_a_letter_with_it(bot_of: Make, api: StandIn) -> None:
    """Killed at each point of a file that comes and of a bundle that is made: each is there once, in its place."""
    bot = bot_of("webhook").start()
    camille = Visitor(api.person("Camille"))
    camille.to_draft("mauvaise foi")
    bot.settle()
    bot.kill()
    camille.person.send_photo(photo(), "Le devis")
    camille.person.send_photo(photo("red"), "La facture")
    killed_at(bot, camille.person, FILE)
    bot.start()
    camille.person.expect("pièce n° 2 ajoutée : « La facture »", timeout=PATIENCE)
    bot.settle()
    assert stored(bot, camille.person) == [("photo", 1), ("photo", 1)]
    added = [text for text in said_to(camille.person) if "ajoutée" in text]
    assert ["Le devis" in text for text in added] == [True, False]
    camille.press("Pièces")
    camille.shown(JOINED)
    bot.arm(PAPER[0].name)
    camille.press(JOINED)
    bot.died()
    bot.dies_at(PAPER[1].name)  # a third kill, and it would not be made again
    bot.start()
    finish(bot, camille.person)
    assert documents(camille.person) == 1
    assert api.violations == []


def documents(person: Person) -> int:
    """Count the files that reached somebody."""
    return sum(event.message.document is not None for event in person._after(0))


def test_a_copy_and_an_erasure(bot: MortalBot, api: StandIn, tmp_path: Path) -> None:
    """Killed at each point of a copy and of an erasure: it comes, all is gone, and the last words are said."""
    bot.start()
    zoe = api.person("Zéphirine")
    play(bot, zoe, WORDS)
    for points in (PAPER[:2], PAPER[2:]):
        bot.advance(1)
        before = documents(zoe)
        bot.arm(points[0].name)
        zoe.command("exporter")
        bot.died()
        bot.dies_at(points[1].name)
        bot.start()
        bot.settle()
        assert documents(zoe) - before == 1 + repeats(points)
    play(bot, zoe, ["/supprimer"])
    bot.kill()
    mark = zoe.mark()
    zoe.say("SUPPRIMER")
    killed_at(bot, zoe, (*ERASURE[:3], *MESSAGE[:4], ERASURE[3]))
    bot.start()
    finish(bot, zoe)
    said = [event.message.text for event in zoe._after(mark)]
    assert len(said) == 1 + repeats((*MESSAGE[:4], ERASURE[3]))
    assert "tout ce qui était gardé de vous" in said[0]
    assert len(set(said)) == 1
    wanted = [word.encode() for word in ("Dupont", "Zéphirine", str(zoe.id))]
    assert on_disk(tmp_path, wanted) == []
