"""What the person usually does: the rate of their conditions, « tu » or « vous » to their clients."""

from __future__ import annotations

import pytest

from flows.dialogue.usual import TERMS
from letters import load_catalogue
from tests.dialogue.player import KINDS, Player, plain

SENTENCE = "Dupont SARL me doit 1250 € depuis le 15 octobre"


def person(**told: str) -> Player:
    """Somebody who told these in the settings: the label's first words, and the answer."""
    player = Player().start()
    labels = {"rate": "Votre taux", "tu": "Tutoyer vos clients"}
    for name, answer in told.items():
        player.command("parametres").press("Avec mes clients", labels[name]).say(answer)
    return player.command("start")


def begun(player: Player, kind: str = "professionnel") -> Player:
    player.press("facture impayée", KINDS[kind])
    player.say("Dupont SARL")
    if player.state == "same_client":
        player.press("Dossier séparé")
    return player.say("1 250 €", "15/10/2026")


def test_a_new_dossier_takes_the_rate_and_says_so() -> None:
    """Told once, the rate of the conditions counts for a new professional client, and is read back."""
    player = person(rate="15 %").press("facture impayée", "Une société")
    assert player.dossier.get(TERMS) == "taux:15.00"
    assert "Taux de pénalités de vos réglages : <b>15 % par an</b>" in plain(player.body)
    player.say("Dupont SARL", "1 250 €", "15/10/2026").press(
        "refuse", "change à chaque fois", "C’est ça"
    )
    assert "taux convenu de 15,00 % par an" in plain(player.copies[-1])


def test_a_sentence_takes_it_too() -> None:
    """The kind read in a sentence and confirmed takes the rate as well."""
    player = person(rate="3 fois le taux légal").say(SENTENCE, "oui")
    assert player.dossier.get(TERMS) == "legal:3"
    assert "3 fois le taux légal" in plain(player.body)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "professionnel"])
def test_a_client_who_does_not_owe_it_has_none(kind: str) -> None:
    """A rate between professionals is not put on another kind of client."""
    player = begun(person(rate="15 %"), kind)
    assert player.dossier.get(TERMS) is None
    assert "réglages" not in "".join(str(one) for one in player.history)


def test_the_dossier_s_own_answer_wins() -> None:
    """Changed on the card, the rate of one dossier stays whatever the settings become; a new dossier follows them."""
    player = (
        begun(person(rate="15 %")).command("dossiers").press("Dupont", "Corriger", "Taux convenu")
    )
    player.say("12 %")
    assert player.dossier.get(TERMS) == "taux:12.00"
    first = player.dossier.id
    player.command("parametres").press("Avec mes clients", "Votre taux").say("18 %")
    assert player.book.dossiers[first].get(TERMS) == "taux:12.00"
    begun(player.command("start"))
    assert player.dossier.id != first
    assert player.dossier.get(TERMS) == "taux:18.00"


def test_a_dossier_already_there_keeps_the_law_s_rate() -> None:
    """Told after a dossier was opened, the rate is not put on it."""
    player = (
        begun(Player().start())
        .command("parametres")
        .press("Avec mes clients", "Votre taux")
        .say("15 %")
    )
    assert player.dossier.get(TERMS) is None


def test_nothing_agreed_is_taken_in_silence() -> None:
    """« Aucun taux convenu » is known for the new dossier, and nothing is said of it."""
    player = person(rate="aucun").press("facture impayée", "Une société")
    assert player.dossier.get(TERMS) == "aucun"
    assert "réglages" not in player.body


@pytest.mark.parametrize("own", [False, True])
def test_another_kind_of_client_drops_what_was_only_usual(own: bool) -> None:
    """Corrected to a consumer, the dossier forgets the rate it had from the settings, and keeps the one told."""
    player = begun(person(rate="15 %")).command("dossiers").press("Dupont")
    if own:
        player.press("Corriger", "Taux convenu").say("12 %")
    player.press("Corriger", "Type de client", "Un particulier")
    assert player.dossier.get(TERMS) == ("taux:12.00" if own else None)


def message(player: Player, kind: str = "professionnel") -> Player:
    return begun(player, kind).take("sms_amical")


def test_messages_say_tu_when_the_person_usually_does() -> None:
    """The first message says « tu », says that it does, and « Vouvoyer » changes it for this client alone."""
    player = message(person(tu="oui"))
    assert "Vous tutoyez ce client" in player.body
    said_tu = player.copies[-1]
    player.press("Vouvoyer")
    assert "Vous tutoyez" not in player.body
    assert player.copies[-1] != said_tu
    player.take("sms_amical")
    assert "Vous tutoyez" not in player.body
    player.command("start")
    assert "Vous tutoyez" in message(player).body


@pytest.mark.parametrize("told", ["non", None])
def test_messages_say_vous_otherwise(told: str | None) -> None:
    """Without that choice, or with the other one, the message says « vous » and offers « Tutoyer »."""
    player = message(person(tu=told) if told else Player().start())
    assert "Vous tutoyez" not in player.body
    player.press("Tutoyer")
    assert "Vous tutoyez" in player.body


def test_a_public_body_is_not_said_tu_to() -> None:
    """The usual « tu » is not for an administration; it can still be chosen for one."""
    player = message(person(tu="oui"), "public")
    assert "Vous tutoyez" not in player.body


def test_a_letter_always_says_vous() -> None:
    """No letter, filing or agreement has a second wording, so the choice cannot reach one."""
    formal = [d for d in load_catalogue() if d.kind in {"letter", "filing", "agreement"}]
    assert formal
    assert [d.id for d in formal if d.has_tutoiement] == []
    player = begun(person(tu="oui")).press("refuse", "change à chaque fois", "C’est ça")
    assert player.conversation.scratch["document"] == "mise_en_demeure_pro"
    assert "Vous tutoyez" not in player.body
