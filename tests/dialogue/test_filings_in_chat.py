"""After a filing: the nudge says what to do, « Toujours rien » gives the next thing; and a sum contested."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from flows.dialogue.events import Pressed
from flows.dossier import ActKind
from tests.dialogue.player import Player, copy_of, plain
from tests.dialogue.test_causes import intake


def file(player: Player, document: str) -> Player:
    """Prepare a document with blanks where something is not known, and send it yesterday."""
    player.take(document)
    for _ in range(30):
        if player.state != "need":
            break
        labels = player.labels
        if "Voir le texte maintenant" in labels:
            player.press("Voir le texte maintenant")
        elif labels and labels[0] != "‹ Retour":
            player.press(labels[0])
        else:
            player.say("12/09/2026")
    player.press("C’est envoyé" if "C’est envoyé" in player.labels else "J’ai envoyé")
    player.press(player.labels[0], "Hier")
    return player.press("plus tard") if player.state == "tracking" else player


@pytest.fixture(scope="module")
def conciliator() -> Player:
    player = intake().press("Il refuse")
    while player.state == "probe":
        player.press("Je ne sais pas")
    return file(player, "saisine_conciliateur")


@pytest.fixture
def filed(conciliator: Player) -> Player:
    return copy_of(conciliator)


def test_the_nudge_says_what_to_do(filed: Player) -> None:
    """The concrete thing, and answers about the filing rather than about the client."""
    assert filed.dossier.last(ActKind.FILED) is not None
    assert filed.later(40)
    assert "avez-vous une date de rendez-vous" in filed.body
    assert {"J’ai une réponse", "Toujours rien", "Reporter"} <= set(filed.labels)
    assert "Il a répondu" not in filed.labels
    assert filed.labels.count("Toujours rien") == 1


def test_the_last_thing_done_is_the_filing(filed: Player) -> None:
    """The nudge recalls what was filed as the last step, though it was told with an earlier day."""
    filed.later(40)
    assert "Dernière étape : « Demande au conciliateur" in plain(filed.body)


def test_still_nothing_gives_a_text_and_a_day(filed: Player) -> None:
    """« Toujours rien » says the next thing, gives a message to copy, and comes back later."""
    filed.later(40)
    day = filed.now.date()
    filed.press("Toujours rien")
    assert filed.state == "filing"
    assert "point-justice" in filed.body
    (text,) = filed.copies
    assert "demande de conciliation concernant Dupont SARL" in text
    assert "23 novembre 2026" in plain(text)
    assert "[votre nom]" in text
    told = [act.text("outcome") for act in filed.dossier.acts_of(ActKind.ANSWERED)]
    assert told == ["refuse"]  # a silence of the conciliateur is none of the client's
    assert filed.later(40)
    assert filed.now.date() >= day + timedelta(days=14)
    assert "avez-vous une date de rendez-vous" in filed.body


def test_an_answer_is_noted_and_ends_the_wait(filed: Player) -> None:
    """« J’ai une réponse » leads to what can be noted; noted, the next nudge asks no more."""
    filed.later(40)
    filed.press("J’ai une réponse", "Conciliation ou médiation", "Aujourd’hui")
    filed.command("dossiers").press("Dupont SARL")
    assert filed.later(60)
    assert "rendez-vous" not in filed.body
    assert "J’ai une réponse" not in filed.labels


def test_each_button_of_a_filing_leads_somewhere(filed: Player) -> None:
    """The card, the answer, the clocks and the delay are all one press away."""
    filed.later(40)
    filed.press("Toujours rien")
    for label, state in [
        ("Voir le dossier", "card"),
        ("J’ai une réponse", "event"),
        ("Délais de la loi", "clocks"),
        ("Reporter", "snooze"),
    ]:
        assert copy_of(filed).press(label).state == state


def test_a_button_pressed_twice_acts_once(filed: Player) -> None:
    """« Toujours rien » pressed twice comes back once."""
    filed.later(40)
    button = filed.choice("Toujours rien")
    filed.press("Toujours rien")
    before = filed.dossier
    filed.send(Pressed(button.data))
    assert filed.dossier == before


def test_a_legal_clock_speaks_of_itself() -> None:
    """Under the alarm of a legal clock, nothing is said of the filing, and its answers stay away."""
    player = intake().press("Il refuse")
    while player.state == "probe":
        player.press("Je ne sais pas")
    file(player, "requete_injonction_tc")
    assert player.later(40)
    assert "onsigner les frais" in player.body
    assert "appelez le greffe" not in player.body
    assert "J’ai une réponse" not in player.labels


# --- a sum contested ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def waiting_() -> Player:
    return intake().press("Il avait oublié", "C’est ça", "J’ai envoyé", "SMS", "Hier")


@pytest.fixture
def contested(waiting_: Player) -> Player:
    player = copy_of(waiting_)
    player.command("dossiers").press("Dupont SARL", "Noter un évènement", "Il conteste", "Hier")
    assert player.state == "event_amount"
    return player


def test_a_part_contested_leaves_the_rest_to_pay(contested: Player) -> None:
    """A sum contested is noted; what is not contested is to be paid now; what is owed does not move."""
    contested.say("300 €")
    assert "Les <b>950,00 €</b> qu’il ne conteste pas" in plain(contested.body)
    (act,) = contested.dossier.happened
    assert act.data["amount"] == Decimal(300)
    assert contested.dossier.remaining == Decimal(1250)
    card = plain(contested.command("dossiers").press("Dupont SARL").body)
    assert "Contesté : 300,00 € ; non contesté, à payer maintenant : 950,00 €" in card


def test_all_of_it_may_be_contested(contested: Player) -> None:
    """« Toute la somme » contests what remains, and nothing is said of a rest."""
    contested.press("Toute la somme")
    (act,) = contested.dossier.happened
    assert act.data["amount"] == Decimal(1250)
    assert "ne conteste pas" not in contested.body


def test_more_than_what_is_owed_is_refused(contested: Player) -> None:
    """More than what remains, or no sum at all, is asked again and notes nothing."""
    before = contested.dossier
    contested.say("2000 €")
    assert "plus que ce qui reste" in contested.body
    assert (contested.state, contested.dossier) == ("event_amount", before)
    contested.say("un peu")
    assert (contested.state, contested.dossier) == ("event_amount", before)


def test_a_contest_can_be_taken_back(contested: Player) -> None:
    """Taken back, it is as if nothing was contested."""
    contested.say("300 €").command("dossiers")
    contested.press("Dupont SARL", "Corriger", "Retirer : Il conteste")
    assert contested.dossier.happened == ()
    assert "Contesté" not in contested.body
