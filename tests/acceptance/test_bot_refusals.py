"""Telegram refusing, failing, staying silent: what is waited out, what is given up, what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.bot_process import TODAY, BotProcess
from tests.acceptance.visitor import (
    WORDS,
    WORDS_END,
    Visitor,
    said_to,
    stays_silent,
    wait_struck,
    wake,
)
from tests.standin import Pace, StandIn
from tests.standin.views import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.standin import Person

HELP = "Comment ça marche"


@pytest.fixture
def person(visit: Callable[..., Visitor]) -> Person:
    """Somebody who knows the bot."""
    someone = visit().start()
    someone.shown("facture impayée")
    return someone.person


def test_429_is_waited_out(shared_api: StandIn, person: Person) -> None:
    """After a 429 the chat waits as long as Telegram said, then all is said, in order."""
    shared_api.faults.refuse("sendMessage", 429, retry_after=1, chat_id=person.id)
    person.command("aide")
    person.say("/confidentialite")
    first = person.expect(HELP)
    assert person.expect("Ce qui est gardé").id > first.id
    refused, sent, *_ = shared_api.calls("sendMessage", person.id)[1:]
    assert (refused.status, sent.status) == (429, 200)
    assert sent.at - refused.at >= 1


def test_what_failed_is_tried_again(
    shared_api: StandIn, shared_bot: BotProcess, visit: Callable[..., Visitor]
) -> None:
    """After a 500 or a cut connection a message comes once; after a lost answer, twice and no more."""
    error, cut, lost = (visit().person for _ in range(3))
    shared_api.faults.refuse("sendMessage", 500, chat_id=error.id)
    shared_api.faults.drop("sendMessage", chat_id=cut.id)
    shared_api.faults.lose_answer("sendMessage", chat_id=lost.id)
    for person in (error, cut, lost):
        person.command("aide")
    for person in (error, cut, lost, lost):
        person.expect(HELP)
    lost.quiet(0.2)
    assert [len(person.messages()) for person in (error, cut, lost)] == [1, 1, 2]
    assert [c.status for c in shared_api.calls("sendMessage", error.id)] == [500, 200]
    assert "may be sent twice" in shared_bot.log


def test_updates_cut_off_on_the_way(shared_api: StandIn, visit: Callable[..., Visitor]) -> None:
    """Updates whose delivery was cut off come again, and each acts once."""
    cut, calm = visit().person, visit().person
    shared_api.faults.lose_answer("getUpdates")
    for person in (cut, calm):
        for words in WORDS:
            person.say(words)
        person.wait(lambda p=person: WORDS_END in "".join(said_to(p)), 20, "an answer was lost")  # type: ignore[misc]
    assert any(call.injected == "lose" for call in shared_api.calls("getUpdates"))
    assert said_to(cut) == said_to(calm)


def test_two_people_side_by_side(shared_api: StandIn, visit: Callable[..., Visitor]) -> None:
    """While nothing can be sent to one person, another plays a whole case."""
    stuck, other = visit("Alix").person, visit()
    shared_api.faults.hang("sendMessage", 60, chat_id=stuck.id)
    stuck.command("aide")
    held = wait_struck(shared_api, "sendMessage", "hang")
    assert "1 250,00 €" in plain(other.to_draft("oubli").text)
    assert said_to(stuck) == []
    assert held.status == 0


def test_a_message_telegram_never_takes(
    shared_api: StandIn, shared_bot: BotProcess, person: Person
) -> None:
    """A message refused for good is given up and logged; the next ones come."""
    shared_api.faults.refuse(
        "sendMessage", 400, description="Bad Request: something new", chat_id=person.id
    )
    person.command("aide")
    person.say("/confidentialite")
    person.expect("Ce qui est gardé")
    assert "given up" in shared_bot.log


def test_broken_markup_is_said_without_markup(shared_api: StandIn, person: Person) -> None:
    """A body whose markup Telegram cannot read is said in plain words rather than not at all."""
    words = "Bad Request: can't parse entities: Unsupported start tag"
    shared_api.faults.refuse("sendMessage", 400, description=words, chat_id=person.id)
    person.command("aide")
    said = person.expect(HELP)
    assert said.entities == () or all(e["type"] == "bot_command" for e in said.entities)
    assert "<b>" not in said.text


@pytest.mark.parametrize(
    ("words", "anew"),
    [
        ("Bad Request: message is not modified: specified new message content is the same", False),
        ("Bad Request: message to edit not found", True),
        ("Bad Request: message can't be edited", True),
    ],
)
def test_an_edit_refused(
    shared_api: StandIn, visit: Callable[..., Visitor], words: str, anew: bool
) -> None:
    """An edit that changes nothing is done; one of a message that is gone is said anew."""
    camille = visit().start()
    camille.shown("facture impayée")
    shared_api.faults.refuse("editMessageText", 400, description=words, chat_id=camille.person.id)
    camille.press("facture impayée")
    if anew:
        camille.press("Une société")
    else:
        shared_api.wait_call("editMessageText", lambda c: c.chat_id == camille.person.id)
        camille.person.say("Une société")
    camille.person.expect("Quel est son nom")


def test_a_callback_answered_too_late(shared_api: StandIn, visit: Callable[..., Visitor]) -> None:
    """A press whose answer Telegram refuses as too old has done its work all the same."""
    words = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    shared_api.faults.refuse("answerCallbackQuery", 400, description=words)
    camille = visit().start()
    camille.press("facture impayée", "Une société").say("Dupont SARL")


def test_somebody_who_blocks_the_bot(
    shared_api: StandIn, shared_bot: BotProcess, visit: Callable[..., Visitor]
) -> None:
    """Who blocks the bot is written to no more, and finds the dossier again when they come back."""
    shared_bot.go_to(TODAY)
    camille = visit()
    camille.to_draft("oubli")
    camille.send()
    camille.person.block()
    shared_bot.wait(lambda: not shared_bot.kept(camille.person).reachable, "not noticed")
    stays_silent(camille, shared_api, shared_bot, days=41)  # a Monday: reminders are told again
    camille.person.unblock()
    camille.start()
    assert "aurait dû" in camille.nudged().text
    assert shared_bot.kept(camille.person).reachable


def test_a_403_found_on_sending(
    shared_api: StandIn, shared_bot: BotProcess, visit: Callable[..., Visitor]
) -> None:
    """A 403 marks the person unreachable and drops what waited; their next word brings the bot back."""
    camille = visit().start()
    camille.shown("facture impayée")
    shared_api.faults.refuse("sendMessage", 403, chat_id=camille.person.id)
    camille.person.command("aide")
    shared_bot.wait(lambda: not shared_bot.kept(camille.person).reachable, "not noticed")
    camille.person.quiet(0.2)
    camille.person.command("confidentialite")
    camille.person.expect("Ce qui est gardé")
    assert shared_bot.kept(camille.person).reachable
    assert not any(HELP in message.text for message in camille.person.messages())


def test_the_token_is_in_no_log_line(
    shared_api: StandIn, shared_bot: BotProcess, person: Person
) -> None:
    """At the most talkative level, through all these failures, neither the token nor a name is logged."""
    wake(shared_api)
    log = shared_bot.log
    assert len(log.splitlines()) > 5
    assert shared_bot.settings["RELANCE_LOG_LEVEL"] == "DEBUG"
    assert shared_api.token not in log
    assert shared_api.token.partition(":")[2] not in log
    assert "Dupont" not in log


def test_no_call_was_wrong(shared_api: StandIn, person: Person) -> None:
    """Of all that was refused, nothing was the bot's own fault."""
    assert shared_api.violations == []


def test_telegrams_own_pace(tmp_path: Path) -> None:
    """At its default pace the bot never meets Telegram's flood control, and says all in order."""
    with StandIn(pace=Pace()) as api:
        default = {"RELANCE_RATE": "", "RELANCE_CHAT_RATE": ""}
        bot = BotProcess(api, tmp_path, **default).start()
        people = [api.person("Camille") for _ in range(20)]
        words = ("/start", "/nouveau", "Une société", "Dupont SARL")
        for person in people:
            for said in words:
                person.say(said)
        for person in people:
            person.expect("Combien", timeout=20)
            assert ["Quel est son nom" in m.text for m in person.messages()] == [False] * 2 + [
                True,
                False,
            ]
        assert bot.terminate() == 0
        assert 429 not in {call.status for call in api.calls()}
        assert api.violations == []
