"""At the bounds: what there is no room for is refused with a sentence, what was entered stays, and one can go on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.limits import limits
from flows.dialogue.edits import MOST_CHARACTERS, Change, Edits
from flows.dialogue.events import Pressed
from flows.dialogue.room import Room, characters
from flows.dossier import Act, ActKind, Status
from flows.values import Value
from tests.dialogue.player import LIBRARY, TODAY, Player, plain
from tests.dialogue.test_manners import check


@pytest.fixture
def player() -> Player:
    """Somebody whose letter has left."""
    found = Player().start().press("facture impayée", "Une société")
    found.say("Dupont SARL", "1250", "15/10/2026").press("refuse", "change à chaque fois")
    return found.press("C’est ça", "J’ai envoyé", "Recommandé", "Hier", "plus tard")


def bounded(monkeypatch: pytest.MonkeyPatch, **room: int) -> None:
    monkeypatch.setattr(LIBRARY, "room", Room(**room))


def refused(player: Player, words: str, before: object) -> None:
    """The last thing said was refused with these words, moved nothing, and left something to press."""
    check(player)
    assert words in player.told()
    assert player.labels
    assert (player.conversation.state, dict(player.book.dossiers)) == before


def stands(player: Player) -> object:
    return player.conversation.state, dict(player.book.dossiers)


def test_no_room_for_another_dossier(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the bound no way opens another dossier; one erased makes room."""
    bounded(monkeypatch, dossiers=1)
    player.command("dossiers")
    before = stands(player)
    player.command("nouveau")
    refused(player, "Vous avez 1 dossiers", before)
    player.press("facture impayée")
    refused(player, "je n’en garde pas plus", before)
    player.command("annuler")
    before = stands(player)
    player.say("Martin SA me doit 900 € depuis le 15/10/2026")
    refused(player, "Rien n’est perdu", before)
    bounded(monkeypatch, dossiers=2)
    player.command("nouveau")
    assert player.state == "debtor_kind"
    assert len(player.book.dossiers) == 2
    player.command("nouveau")  # the empty one is taken again
    assert player.state == "debtor_kind"


def test_no_room_for_another_invoice(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the bound an invoice is refused before any question, and when told of the same client again."""
    bounded(monkeypatch, invoices=2)
    player.command("dossiers").press("Dupont SARL", "Factures", "Ajouter")
    player.say("F2", "500 €", "20/10/2026").press(player.labels[0])
    assert len(player.dossier.invoices) == 2
    before = stands(player)
    player.press("Ajouter")
    refused(player, "compte déjà 2 factures", before)
    player.command("nouveau").press("Une société").say("Dupont SARL")
    assert player.state == "same_client"
    before = stands(player)
    player.press(player.labels[0])
    refused(player, "Ouvrez un autre dossier", before)
    player.press("séparé")
    assert player.state == "amount"


def test_no_room_for_another_act(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the bound nothing more is noted in an open dossier; a reminder still comes, the payment is still noted."""
    bounded(monkeypatch, acts=len(player.dossier.acts))
    player.press("répondu")
    before = stands(player)
    player.press("Pas d’argent")
    refused(player, "Ce dossier est plein", before)
    player.command("annuler")
    assert player.later(40), "no reminder came"
    assert "Dupont SARL" in player.body
    player.press("Payé")
    assert player.dossier.status is Status.PAID


def test_no_room_for_more_words(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past its characters a dossier takes no more text, until some of it is taken out."""
    bounded(monkeypatch, characters=characters(player.dossier) + 100)
    player.press("répondu").say("Nous ne paierons pas, le travail est mal fait. " * 20)
    before = stands(player)
    player.press("pas content")
    refused(player, "trop de texte", before)
    player.now += timedelta(days=1)
    player.command("dossiers").press("Dupont SARL", "Payé")
    assert player.dossier.status is Status.PAID


def test_a_text_rewritten_at_length_is_full() -> None:
    """The words put in a text are bounded together, not only each paragraph."""
    part = "x" * 2000
    most = MOST_CHARACTERS // len(part)
    assert not Edits((Change("add", 0, "", part, 1),) * (most - 1)).full
    assert Edits((Change("add", 0, "", part, 1),) * most).full


def test_a_button_longer_than_telegram_carries_is_not_kept(player: Player) -> None:
    """Data past sixty-four characters is no button of the bot, whatever it begins with, and none of it is kept."""
    before = stands(player)
    player.send(Pressed(f"d.{player.dossier.id}.card.{'9' * 5000}"))
    check(player)
    assert stands(player) == before
    assert "999" not in str(player.conversation)


def test_as_many_invoices_as_may_be_are_listed_and_claimed(player: Player) -> None:
    """At the bound of bot/limits.yaml the invoices are listed, a letter claims them all, each screen can be shown."""
    dossier = player.dossier
    for number in range(limits().dossier_invoices - 1):
        told: dict[str, Value] = {"key": f"i{number + 2}", "number": f"F-{number}"}
        told |= {"amount": Decimal(100), "due_on": date(2026, 10, 20)}
        act = Act(ActKind.INVOICE_ADDED, TODAY, player.now, told)
        dossier = dossier.with_act(act)
    player.book.dossiers[dossier.id] = dossier
    assert len(dossier.invoices) == limits().dossier_invoices
    player.command("dossiers").press("Dupont SARL", "Factures")
    check(player)
    player.take("mise_en_demeure_pro")
    while player.state == "need":
        player.press(player.labels[-2])
    check(player)
    assert player.state == "draft"
    assert "6 150,00" in plain(player.copies[-1])


def test_without_bounds_nothing_is_refused() -> None:
    """A room of zeroes, as in the tests of the dialogue, never refuses."""
    Room().for_dossier(10**6)
