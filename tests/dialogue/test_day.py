"""The day's reminders: together, at the person's hour, once; what the law counts apart; the wishes of a person."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from flows.dialogue.conversation import Step
from flows.dialogue.events import Wakes, Woken
from flows.dialogue.screens import Screen
from flows.dialogue.step import step
from tests.dialogue.player import LIBRARY, PARIS, Player, plain

CLIENTS = ("Dupont SARL", "Martin SA", "Garage Leroy")


def player_with(count: int) -> Player:
    """Give a player who sent a first message to so many clients, who wait for the same day."""
    player = Player().start()
    for name in CLIENTS[:count]:
        player.command("nouveau").press("Une société").say(name, "1 250 €", "15/10/2026")
        player.press("Il avait oublié")
        while player.state == "probe":
            player.press("Je ne sais pas")
        player.press("C’est ça", "J’ai envoyé", "SMS", "Aujourd’hui")
    player.command("annuler")
    return player


def due(player: Player) -> tuple[Woken, ...]:
    """Give what waits, the earliest first."""
    waiting = sorted(player.reminders.items(), key=lambda one: (one[1], one[0]))
    return tuple(Woken(dossier_id, key, at) for (dossier_id, key), at in waiting)


def take(player: Player, event: Wakes | Woken) -> Step:
    """Give what an event leads to, without keeping it."""
    return step(player.conversation, player.book, event, player.moment, LIBRARY)


def bodies(result: Step) -> list[str]:
    return [plain(one.body) for one in result.shown if isinstance(one, Screen)]


def test_several_dossiers_of_a_day_come_as_one_message() -> None:
    """Three clients due the same day: one message, without a sound, that asks first whether one paid."""
    player = player_with(3)
    assert player.later(30)
    (screen,) = player.screens
    assert "3 dossiers à voir aujourd’hui" in plain(screen.body)
    assert "payé depuis ?" in plain(screen.body)
    assert screen.silent
    assert all(name in plain(screen.body) for name in CLIENTS)
    assert [choice.label for choice in player.choices][:3] == sorted(CLIENTS)


def test_the_day_is_gone_through_dossier_by_dossier() -> None:
    """After each answer, a button leads to what is left of the day; then nothing is left."""
    player = player_with(3)
    player.later(30)
    player.press("Martin SA")
    assert player.state == "nudge"
    assert "Martin SA" in plain(player.body)
    assert "Payé depuis ?" in plain(player.body)
    player.press("Payé")
    player.press("Encore 2 à voir aujourd’hui", "Dupont SARL", "Reporter", "Dans 3 jours")
    player.press("Encore 1 à voir aujourd’hui")
    assert "1 dossier à voir aujourd’hui" in plain(player.body)
    player.press("Garage Leroy", "Reporter", "Demain")
    assert not [label for label in player.labels if "aujourd’hui" in label]


def test_one_dossier_alone_comes_as_itself() -> None:
    """A single reminder is the nudge itself, with its answers at once."""
    player = player_with(1)
    assert player.later(30)
    assert player.state == "nudge"
    assert "Toujours rien" in player.labels


def test_a_second_message_the_same_day_waits_for_the_next() -> None:
    """What comes due after the day's message is held until the next morning open."""
    player = player_with(2)
    first, second = due(player)
    player.now = first.due_at
    player.send(first)
    player.now += timedelta(hours=2)
    result = take(player, second)
    assert result.shown == ()
    assert result.dossiers == ()
    until = result.held[second.dossier_id, second.key]
    assert until == player.moment.usual.next_digest(player.now, [player.now.date()])


@pytest.mark.parametrize(
    ("hour", "told"), [(3, False), (8, False), (9, True), (19, True), (20, False), (23, False)]
)
def test_nothing_is_said_at_night(hour: int, told: bool) -> None:
    """A reminder that is taken up at night is held until the person's hour."""
    player = player_with(2)
    wakes = Wakes(due(player))
    player.now = player.now.replace(hour=hour) + timedelta(days=14)  # a Tuesday again
    result = take(player, wakes)
    assert bool(result.shown) is told
    assert bool(result.held) is not told
    for until in result.held.values():
        local = until.astimezone(PARIS)
        assert (local.hour, local.minute) == (9, 0)
        assert until > player.now


def test_what_came_too_late_says_so_once() -> None:
    """After three weeks without the bot, one message says since when it should have come."""
    player = player_with(3)
    woken = due(player)
    player.now = player.now + timedelta(days=35)
    result = take(player, Wakes(woken))
    (body,) = bodies(result)
    assert "aurait dû arriver dès le" in body
    assert not result.held


def test_a_weekly_cap_is_kept_and_what_was_asked_for_is_not_capped() -> None:
    """With one day a week, the next message comes a week later, unless the person chose its day."""
    player = player_with(2)
    player.conversation = player.conversation.with_person(weekly_cap="1")
    first, second = due(player)
    player.now = first.due_at
    player.send(first)
    player.now += timedelta(days=1)
    until = take(player, second).held[second.dossier_id, second.key]
    assert until.date() == first.due_at.date() + timedelta(days=7)
    player.press("Reporter", "Demain")
    asked = next(woken for woken in due(player) if woken.dossier_id == first.dossier_id)
    player.now = asked.due_at
    assert take(player, asked).shown


def test_a_payment_silences_what_was_about_to_be_told() -> None:
    """A reminder taken up after the payment says nothing, and is not held either."""
    player = player_with(2)
    woken = due(player)
    paid = next(d for d in player.book.all() if d.debtor_name == "Martin SA")
    player.command("dossiers").press("Martin SA", "Payé")
    player.now = woken[0].due_at
    result = take(player, Wakes(woken))
    assert not result.held
    assert paid.id not in {dossier.id for dossier in result.dossiers}
    assert "Martin SA" not in " ".join(bodies(result))


def test_a_digest_does_not_take_the_floor_from_a_question() -> None:
    """While somebody answers a question, the day's message stands beside it and takes nothing."""
    player = player_with(3)
    woken = due(player)
    player.command("nouveau").press("Une société")
    player.now = woken[0].due_at
    player.command("aide")  # the question is of today
    player.send(Wakes(woken))
    assert player.state == "debtor_name"
    assert "3 dossiers à voir" in plain(player.screens[-1].body)
    player.say("Durand SAS")
    assert player.state == "amount"


def law_player() -> Player:
    """Give a player with an order to have served, whose clock runs, and another client to remind."""
    player = player_with(1)
    player.command("nouveau").press("Une société").say("Tardieu SAS", "900 €", "15/09/2026")
    player.press("Il avait oublié")
    while player.state == "probe":
        player.press("Je ne sais pas")
    player.press("C’est ça").command("dossiers").press("Tardieu SAS")
    player.press("Noter un", "Ordonnance obtenue", "Aujourd’hui")
    player.command("annuler")
    return player


def test_a_legal_clock_stands_apart_and_rings() -> None:
    """What the law counts comes as a message of its own, with a sound, beside the day's ordinary one."""
    player = law_player()
    legal = next(woken for woken in due(player) if "!" in woken.key)
    ordinary = next(woken for woken in due(player) if "!" not in woken.key)
    player.now = max(legal.due_at, ordinary.due_at)
    result = take(player, Wakes((ordinary, legal)))
    screens = [one for one in result.shown if isinstance(one, Screen)]
    assert len(screens) == 2
    assert "Tardieu SAS" in plain(screens[0].body)
    assert not screens[0].silent


def test_a_legal_clock_speaks_on_a_sunday_and_during_a_silence() -> None:
    """A day kept quiet holds the ordinary reminders, never a legal clock; at night it waits for the morning."""
    player = law_player()
    silence = date(2027, 6, 1)
    player.conversation = player.conversation.with_person(quiet_until=silence, weekly_cap="1")
    legal = next(woken for woken in due(player) if "!" in woken.key)
    ordinary = next(woken for woken in due(player) if "!" not in woken.key)
    sunday = legal.due_at.date() + timedelta(days=6 - legal.due_at.weekday())
    player.now = datetime.combine(sunday, datetime.min.time(), PARIS) + timedelta(hours=10)
    result = take(player, Wakes((ordinary, legal)))
    assert any("Tardieu" in body for body in bodies(result))
    assert result.held.keys() == {(ordinary.dossier_id, ordinary.key)}
    assert result.held[ordinary.dossier_id, ordinary.key].date() >= silence
    player.now = player.now.replace(hour=2)
    assert take(player, legal).held[legal.dossier_id, legal.key].hour == 9


# --- the wishes ------------------------------------------------------------------------------------


def test_the_hour_moves_every_reminder() -> None:
    """Another hour, another zone, another quiet day: what waits in every dossier moves with it."""
    player = player_with(2)
    before = {woken.dossier_id: woken.due_at for woken in due(player)}
    player.command("parametres").press("Mes rappels", "Heure du rappel").say("18 h 30")
    assert "Heure du rappel : 18 h 30" in plain(player.body)
    after = {woken.dossier_id: woken.due_at for woken in due(player)}
    assert {at.strftime("%H:%M") for at in after.values()} == {"18:30"}
    assert {i: at.date() for i, at in after.items()} == {i: at.date() for i, at in before.items()}
    day = next(iter(after.values()))
    name = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")[day.weekday()]
    player.press("Jours sans rappel").say(f"le {name}")
    assert all(woken.due_at.date() > day.date() for woken in due(player))
    player.press("Fuseau horaire", "La Réunion")
    assert {str(woken.due_at.utcoffset()) for woken in due(player)} == {"4:00:00"}


def test_settings_are_shown_by_group() -> None:
    """The settings show every group with what counts now; a group opens, a bad answer asks again."""
    player = Player().start().command("parametres")
    assert "Heure du rappel : 9 h (d’office)" in plain(player.body)
    assert "Vous, dans vos lettres" in player.labels
    player.press("Mes rappels", "Rappels par semaine", "Deux jours")
    assert "Rappels par semaine : Deux jours" in plain(player.body)
    player.press("Heure du rappel").say("3 h")
    assert "entre 7 h et 19 h" in plain(player.body)
    player.say("8 h")
    assert "Heure du rappel : 8 h" in plain(player.body)
    player.press("Silence jusqu’au").say("2 semaines")
    assert "Silence jusqu’au : 8 décembre 2026" in plain(player.body)
    player.press("Tous les paramètres", "Terminé")
    assert player.state == "home"


def test_what_only_a_filing_asks_is_not_listed_before() -> None:
    """Birth and nationality stand in the settings only once they were given."""
    player = Player().start().command("parametres").press("Vous, dans vos lettres")
    assert "naissance" not in plain(player.body).lower()
    player.conversation = player.conversation.with_person(creditor_born_on=date(1980, 5, 4))
    player.command("parametres").press("Vous, dans vos lettres")
    assert "4 mai 1980" in plain(player.body)


def test_a_dossier_begins_when_its_debt_is_told() -> None:
    """Begun and left empty for weeks, a dossier is not recalled at once when its debt is told at last."""
    player = Player().start().press("facture impayée")
    player.now += timedelta(days=30)
    player.press("Une société").say("Dupont SARL", "1 250 €", "30/11/2026")
    (woken,) = due(player)
    assert woken.due_at.date() > player.now.date()
