"""The day's message over HTTP: several clients at once, without a sound, never at night; the law apart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.acceptance.bot_process import PATIENCE, TODAY
from tests.acceptance.visitor import Visitor, stays_silent, wake
from tests.standin.views import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.acceptance.bot_process import BotProcess
    from tests.standin import StandIn


def second_client(camille: Visitor, name: str) -> date:
    """Send a first message for another client; give the day of return."""
    camille.person.command("nouveau")
    camille.press("Une société").say(name, "900", "15/10/2026").press("Il avait oublié")
    camille.settle_questions()
    camille.draft()
    return camille.send()


def two_clients(visit: Callable[..., Visitor], bot: BotProcess) -> tuple[Visitor, date]:
    """Give somebody who waits for two clients, and the day of return for both."""
    bot.go_to(TODAY)
    camille = visit()
    camille.to_draft("oubli")
    first = camille.send()
    assert second_client(camille, "Martin SA") == first
    return camille, first


def test_two_clients_of_a_day_are_one_message_without_a_sound(
    visit: Callable[..., Visitor], shared_api: StandIn, shared_bot: BotProcess
) -> None:
    """Two reminders due together come as one silent message; one client is dealt with, then the other."""
    camille, day = two_clients(visit, shared_bot)
    mark = camille.person.mark()
    shared_bot.go_to(day)
    wake(shared_api)
    message = camille.person.expect("2 dossiers à voir aujourd’hui", timeout=PATIENCE)
    assert message.silent
    assert len([e for e in camille.person._after(mark) if e.kind == "new"]) == 1
    camille.press("Martin SA")
    assert "Martin SA" in plain(camille.nudged().text)
    camille.press("Payé")
    camille.press("Encore 1 à voir")
    camille.press("Dupont SARL")
    camille.press("Reporter", "Demain").shown("Voir le dossier")
    stays_silent(camille, shared_api, shared_bot, days=0)


def test_nothing_is_said_at_night(
    visit: Callable[..., Visitor], shared_api: StandIn, shared_bot: BotProcess
) -> None:
    """A bot that finds out at night what came due says it in the morning, and that it is late."""
    camille, day = two_clients(visit, shared_bot)
    mark = camille.person.mark()
    night = day + timedelta(days=7)
    assert night.weekday() < 4
    shared_bot.go_to(night, hour=23)
    wake(shared_api)
    camille.person.quiet(0.3)
    assert camille.person._after(mark) == []
    shared_bot.go_to(night + timedelta(days=1), hour=9)
    wake(shared_api)
    message = camille.person.expect("2 dossiers à voir aujourd’hui", timeout=PATIENCE)
    assert "aurait dû arriver" in plain(message.text)


def test_the_hour_and_the_days_of_a_person(
    visit: Callable[..., Visitor], shared_api: StandIn, shared_bot: BotProcess
) -> None:
    """Another hour is kept: nothing before it, the day's message at it."""
    camille, day = two_clients(visit, shared_bot)
    camille.person.command("parametres")
    camille.press("Mes rappels", "Heure du rappel").say("14 h")
    mark = camille.person.mark()
    shared_bot.go_to(day, hour=13)
    wake(shared_api)
    camille.person.quiet(0.3)
    assert camille.person._after(mark) == []
    shared_bot.go_to(day, hour=14)
    wake(shared_api)
    camille.person.expect("2 dossiers à voir aujourd’hui", timeout=PATIENCE)


def test_a_message_refused_is_told_on_return(
    visit: Callable[..., Visitor], shared_api: StandIn, shared_bot: BotProcess
) -> None:
    """Blocked when the day's message left, the person finds it the same day when they come back."""
    camille, day = two_clients(visit, shared_bot)
    shared_api.faults.refuse("sendMessage", 403, chat_id=camille.person.id)
    shared_bot.go_to(day)
    wake(shared_api)
    shared_bot.wait(lambda: not shared_bot.kept(camille.person).reachable, "not noticed")
    mark = camille.person.mark()
    camille.person.command("confidentialite")
    camille.person.expect("2 dossiers à voir aujourd’hui", timeout=PATIENCE)
    told = [e.message.text for e in camille.person._after(mark) if "à voir" in e.message.text]
    assert len(told) == 1


def test_no_call_was_wrong(shared_api: StandIn) -> None:
    """All of this was done with calls Telegram takes."""
    assert shared_api.violations == []
