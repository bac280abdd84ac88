"""The six causes over HTTP: from /start to a text ready to copy, and past its deadline."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from flows.dialogue.conversation import Conversation
from tests.acceptance.bot_process import TODAY, day_named
from tests.acceptance.visitor import CAUSES, Visitor, stays_silent, wake
from tests.dialogue.player import Player
from tests.standin.views import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tests.acceptance.bot_process import BotProcess
    from tests.standin import StandIn


def expected_text(name: str) -> str:
    """Give the draft of a cause as the dialogue makes it, without any channel."""
    cause = CAUSES[name]
    player = Player(conversation=Conversation().with_person(creditor_first_name="Camille"))
    player.start().press("facture impayée", "Une société").say("Dupont SARL", "1 250 €")
    player.say("15/10/2026").press(cause.outcome.replace("'", "’"))
    player.press(*(answer.replace("'", "’") for answer in cause.answers))
    while player.state in {"probe", "contact_detail"}:
        player.press("Je ne sais pas")
    return player.press("C’est ça").copies[0]


@pytest.mark.parametrize("name", CAUSES)
def test_a_cause_to_its_draft(
    visit: Callable[..., Visitor], shared_bot: BotProcess, name: str
) -> None:
    """Each cause leads, in eight answers at most, to its own text, alone in its message."""
    shared_bot.go_to(TODAY)
    camille = visit()
    draft = camille.to_draft(name)
    assert camille.answers <= 8
    assert draft.text == expected_text(name).strip()
    assert draft.message.buttons == ()
    assert CAUSES[name].title.lower() in plain(draft.screen.text).lower()


def test_past_the_deadline_of_every_cause(api: StandIn, bot: BotProcess) -> None:
    """When the deadline of a sent text passes, the bot comes back by itself with the next step."""
    bot.start()
    people = {name: Visitor(api.person("Camille")) for name in CAUSES}
    returns: dict[str, date] = {}
    with ThreadPoolExecutor(4) as pool:

        def send(name: str) -> None:
            people[name].to_draft(name)
            returns[name] = people[name].send()

        list(pool.map(send, CAUSES))
    for nth, day in enumerate(sorted(set(returns.values()))):
        due = [name for name in CAUSES if returns[name] == day]
        early = [name for name in CAUSES if returns[name] > day]
        marks = {name: people[name].person.mark() for name in early}
        bot.go_to(day)
        if nth:  # the first time, nobody writes: the bot looks at its clock by itself
            wake(api)
        for name in due:
            nudge = people[name].nudged()
            assert "Dupont SARL" in nudge.text, name
            assert "1 250,00 €" in plain(nudge.text), name
            assert "aurait dû" not in nudge.text, name
        for name in early:
            assert people[name].person._after(marks[name]) == [], name
    for name, camille in people.items():
        first = camille.person.messages()
        camille.press("Toujours rien")
        if name == "mauvaise foi":  # the delay of the letter still runs: nothing more is sent
            _, waiting = camille.shown("Voir le dossier")
            assert "supposée reçue" in waiting.text
            continue
        camille.settle_questions()
        draft = camille.draft()
        assert draft.text not in [message.text for message in first], name
        asked = "1 150,00 €" if name == "insatisfaction fondée" else "1 250,00 €"
        assert asked in plain(draft.text), name
    assert api.violations == []
    assert bot.terminate() == 0


@pytest.fixture
def nudged(visit: Callable[..., Visitor], shared_api: StandIn, shared_bot: BotProcess) -> Visitor:
    """Somebody to whom the bot just came back about a forgotten invoice."""
    shared_bot.go_to(TODAY)
    camille = visit()
    camille.to_draft("oubli")
    shared_bot.go_to(camille.send())
    wake(shared_api)
    camille.nudged()
    return camille


def test_answer_paid(nudged: Visitor, shared_api: StandIn, shared_bot: BotProcess) -> None:
    """« Payé » closes the dossier: however long after, no word comes."""
    nudged.press("Payé")
    nudged.person.expect("a payé")
    assert shared_bot.kept(nudged.person).dossiers[0][1] == "paye"
    stays_silent(nudged, shared_api, shared_bot, days=60)


def test_answer_part_paid(nudged: Visitor) -> None:
    """« Payé en partie » takes the sum off and goes on with the rest."""
    nudged.press("Payé en partie").say("500")
    _, waiting = nudged.shown("Préparer un message")
    assert "il reste 750,00 €" in plain(waiting.text)
    nudged.press("Préparer un message")
    nudged.settle_questions()
    assert "750,00 €" in plain(nudged.draft().text)


def test_answer_replied(nudged: Visitor) -> None:
    """« Il a répondu » asks what the client said, and the answer leads to a draft that fits it."""
    nudged.press("Il a répondu", "Pas d'argent")
    nudged.settle_questions()
    assert "paiement en plusieurs fois" in plain(nudged.draft().screen.text)


def test_answer_snoozed(nudged: Visitor, shared_api: StandIn, shared_bot: BotProcess) -> None:
    """« Reporter » moves the nudge to the day asked for, not before."""
    asked = shared_bot.today + timedelta(days=10)
    nudged.press("Reporter").say("10 jours")
    _, waiting = nudged.shown("Voir le dossier")
    day = day_named(waiting.text)
    assert asked <= day <= asked + timedelta(days=4)  # never on a day off
    stays_silent(nudged, shared_api, shared_bot, days=(day - shared_bot.today).days - 1)
    shared_bot.advance(1)
    wake(shared_api)
    assert "Dupont SARL" in nudged.nudged().text


def test_answer_paused(nudged: Visitor, shared_api: StandIn, shared_bot: BotProcess) -> None:
    """« Mettre en pause » silences the bot until « Reprendre »."""
    nudged.press("Mettre en pause")
    nudged.press("Sans date")
    nudged.person.expect("en pause")
    stays_silent(nudged, shared_api, shared_bot, days=60)
    nudged.press("Voir le dossier", "Reprendre")
    nudged.person.expect("reprend")


def test_answer_stopped(nudged: Visitor, shared_api: StandIn, shared_bot: BotProcess) -> None:
    """« Arrêter » ends the reminders, and the dossier can be reopened."""
    nudged.press("Arrêter")
    nudged.press("J’abandonne")
    nudged.person.expect("Vous laissez")
    stays_silent(nudged, shared_api, shared_bot, days=60)
    nudged.press("Rouvrir")
    nudged.shown("Continuer")


def test_no_call_was_refused(shared_api: StandIn, shared_bot: BotProcess) -> None:
    """Through all these conversations Telegram had nothing to refuse, and nothing was logged as wrong."""
    assert shared_api.violations == []
    assert len(shared_api.calls("sendMessage")) > 50
    assert " ERROR " not in shared_bot.log
