"""Taking everything away and having it erased, in the chat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flows.dialogue.conversation import Conversation
from flows.dialogue.events import Pressed, Typed
from flows.dialogue.library import Library
from flows.dialogue.screens import Export
from flows.dialogue.step import step
from tests.dialogue.player import Player, plain


@pytest.fixture
def player() -> Player:
    """Somebody whose one dossier has a letter on its way."""
    one = Player().start().press("facture impayée", "Une société")
    one.say("Garnier SARL", "1250", "15/10/2026").press(
        "refuse", "change à chaque fois", "C’est ça"
    )
    return one.press("J’ai envoyé", "Recommandé", "Hier")


def test_everything_goes_at_the_word(player: Player) -> None:
    """« SUPPRIMER » typed whole erases all: nothing of the conversation, no dossier, no button, one last message."""
    player.command("supprimer")
    assert player.state == "erase_all"
    player.say("SUPPRIMER")
    assert player.conversation == Conversation()
    assert player.book.dossiers == {}
    assert len(player.shown) == 1
    assert "supprimé" in player.body
    assert player.labels == []


def test_it_says_what_goes_and_what_stays(player: Player) -> None:
    """Before the word is typed: the dossiers counted, Telegram's own history, the backups, the copy, the way back."""
    player.command("supprimer")
    told = plain(player.body)
    for words in ("votre dossier", "Telegram", "sauvegardes", "SUPPRIMER"):
        assert words in told
    assert player.labels[:2] == ["Ne rien supprimer", "D’abord une copie"]


@pytest.mark.parametrize(
    "typed", ["supprimer", "SUPPRIMER tout", "oui", "tout", "", "S U P P R I M E R"]
)
def test_nothing_else_erases(player: Player, typed: str) -> None:
    """Any other word asks again, and everything is still there."""
    player.command("supprimer").say(typed)
    assert player.state == "erase_all"
    assert "SUPPRIMER" in player.body
    assert len(player.book.dossiers) == 1


def test_the_word_elsewhere_erases_nothing(player: Player) -> None:
    """Typed without having been asked for, the word is a word like any other."""
    player.command("dossiers").say("SUPPRIMER")
    assert len(player.book.dossiers) == 1


def test_there_is_a_way_back(player: Player) -> None:
    """« Ne rien supprimer » leaves all as it was, and leads back to the question that was asked."""
    player.command("nouveau")
    player.command("supprimer").press("Ne rien supprimer")
    assert player.state == "debtor_kind"
    assert "Rien n’est supprimé" in player.body
    assert "Garnier SARL" in {d.debtor_name for d in player.book.dossiers.values()}


def test_one_dossier_goes_from_its_card(player: Player) -> None:
    """« Supprimer ce dossier » asks, then erases this one alone, its reminders with it; no word of it is said."""
    player.command("nouveau").press("Une société").say("Martin SA", "900", "15/10/2026")
    player.command("dossiers").press("Garnier SARL", "Supprimer ce dossier")
    assert player.state == "erase_one"
    assert "Garnier" in player.body
    player.press("Oui, supprimer")
    assert [d.debtor_name for d in player.book.dossiers.values()] == ["Martin SA"]
    assert "Garnier" not in player.told()
    assert "Garnier" not in str(player.conversation.to_json())
    player.command("dossiers")
    assert "Garnier" not in player.body


def test_one_dossier_can_be_typed_away_or_kept(player: Player) -> None:
    """The same word works there too; another one, or the way back, keeps the dossier."""
    player.command("dossiers").press("Garnier SARL", "Supprimer ce dossier").say("non merci")
    assert player.state == "erase_one"
    player.press("Voir le dossier")
    assert player.state == "card"
    player.press("Supprimer ce dossier").say("SUPPRIMER")
    assert player.book.dossiers == {}


def test_a_button_of_an_older_question_erases_nothing(player: Player) -> None:
    """« Oui, supprimer » pressed once the question was left does nothing."""
    player.command("dossiers").press("Garnier SARL", "Supprimer ce dossier")
    yes = player.choice("Oui, supprimer")
    player.command("dossiers").send(Pressed(yes.data))
    assert len(player.book.dossiers) == 1


def test_a_copy_is_given_once_in_so_many_minutes(player: Player) -> None:
    """/exporter gives a copy and stays where it was; a second one too soon is refused, with the delay."""
    library, state = Library(export_minutes=10), player.state
    from flows.dialogue.events import Command

    def asked(minutes: int) -> list[Export]:
        player.now += timedelta(minutes=minutes)
        player.keep(
            step(player.conversation, player.book, Command("exporter"), player.moment, library)
        )
        return [one for one in player.shown if isinstance(one, Export)]

    assert [one.on for one in asked(0)] == [player.now.date()]
    assert player.state == state
    assert asked(9) == []
    assert "10 minutes" in plain(player.body)
    assert len(asked(1)) == 1


def test_a_copy_can_be_taken_before_all_goes(player: Player) -> None:
    """The question offers the copy, gives it, and is still asked afterwards."""
    player.command("supprimer").press("D’abord une copie")
    assert any(isinstance(one, Export) for one in player.shown)
    assert player.state == "erase_all"
    player.send(Typed("SUPPRIMER"))
    assert player.book.dossiers == {}


def test_a_text_for_another_kind_of_client_is_not_taken_up() -> None:
    """« Continuer » after the kind of client was corrected: the text in hand was for a company, so it is left."""
    one = Player().start().press("facture impayée", "Une société")
    one.say("Garnier SARL", "1250", "15/10/2026").press(
        "refuse", "change à chaque fois", "C’est ça"
    )
    assert one.state == "draft"
    one.command("dossiers").press("Garnier SARL", "Corriger", "Client :").press("syndic")
    one.command("dossiers").press("Garnier SARL", "Continuer")
    assert one.state != "draft"
