"""How a dossier ends, what is offered then, and how it begins again."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from flows.dialogue.events import Pressed
from flows.dossier import ActKind, Status
from letters.format import date_longue
from tests.dialogue.player import KINDS, Player, plain
from tests.dialogue.test_causes import intake
from tests.dialogue.test_happening import card

LOST = ["Arrêter", "Perdu"]
GIVEN_UP = ["Arrêter", "J’abandonne"]
MISTAKE = ["Arrêter", "Erreur"]


def over(*labels: str, kind: str = "professionnel") -> Player:
    """A dossier with one text sent, ended from its card."""
    return card(kind).press(*labels)


def test_a_payment_is_told_in_one_line_with_what_to_write() -> None:
    """Paid: one line of congratulation, the thanks, the receipt, the review, the way back."""
    player = over("Payé")
    assert plain(player.body) == (
        "Bravo, <b>Dupont SARL</b> a payé : le dossier est clos, plus aucun rappel."
    )
    assert player.labels == [
        "Merci",
        "Quittance",
        "Pour la prochaine fois",
        "C’était un autre jour",
        "Rouvrir",
        "Mes dossiers",
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("ends", "button", "said"),
    [
        (["Payé"], "Merci", "J’ai bien reçu votre règlement"),
        (["Payé"], "Quittance", "quittance"),
        (["Payé"], "Pour la prochaine fois", "Ce qui aurait aidé"),
        (LOST, "Note pour mes comptes", "n’a pas été encaissée"),
        (LOST, "Pour la prochaine fois", "Ce qui aurait aidé"),
        (GIVEN_UP, "Note pour mes comptes", "renonciation à la réclamer"),
    ],
)
def test_each_button_of_the_end_gives_its_text(
    ends: list[str], button: str, said: str, kind: str
) -> None:
    """One press shows the text alone in its message, whoever the client is."""
    player = over(*ends, kind=kind).press(button)
    while player.state == "need":
        player.say("Camille Martin EI")
    assert player.state == "draft"
    assert said in plain(player.copies[-1])


@pytest.mark.parametrize("button", ["Note pour mes comptes", "Pour la prochaine fois"])
def test_a_note_to_keep_counts_no_penalty(button: str) -> None:
    """Under a note that claims nothing, no penalty is counted and no rate is asked."""
    player = over(*LOST).press(button)
    assert "pénalités" not in player.body
    assert "Taux convenu" not in player.labels


def test_stopping_notes_nothing_before_it_is_said_how() -> None:
    """« Arrêter » asks how it ends; until then the dossier is open and its reminders stay."""
    player = card()
    reminders = dict(player.reminders)
    assert reminders
    player.press("Arrêter")
    assert player.state == "stop"
    assert player.labels[:4] == [
        "Payé",
        "Perdu : je n’y arriverai pas",
        "J’abandonne : ça ne vaut pas la peine",
        "Erreur : ce n’est pas une dette",
    ]
    assert player.dossier.status is Status.OPEN
    assert player.reminders == reminders
    player.press("Voir le dossier")
    assert player.state == "card"
    assert player.dossier.status is Status.OPEN


@pytest.mark.parametrize(
    ("ends", "how", "row", "line"),
    [
        (LOST, "perdu", "perdu", "noté perdu le 24/11/2026"),
        (GIVEN_UP, "abandon", "abandonné", "abandonné le 24/11/2026"),
        (MISTAKE, "erreur", "pas une dette", "ce n’était pas une dette, le 24/11/2026"),
    ],
)
def test_how_it_ended_is_kept_and_said(ends: list[str], how: str, row: str, line: str) -> None:
    """The way it ended is noted once, and said in the list and on the card in words."""
    player = over(*ends)
    assert player.state == "closed"
    assert [act.text("how") for act in player.dossier.acts_of(ActKind.CLOSED)] == [how]
    assert player.reminders == {}
    player.press("Mes dossiers")
    assert f"<i>{row}</i>" in player.body
    player.press("Dupont")
    assert line in player.body


def test_paid_from_the_question_is_paid() -> None:
    """« Payé » under « comment cela se termine » is the same as « Payé » on the card."""
    player = over("Arrêter", "Payé")
    assert player.dossier.status is Status.PAID
    assert player.body == over("Payé").body


@pytest.mark.parametrize("end", ["Payé", "Perdu", "J’abandonne", "Erreur"])
def test_an_end_pressed_twice_is_noted_once(end: str) -> None:
    """The second press of the same answer says that it is noted, and adds no act."""
    player = over("Arrêter")
    data = player.choice(end).data
    player.send(Pressed(data))
    acts = player.dossier.acts
    player.send(Pressed(data))
    assert player.toasts
    assert player.dossier.acts == acts


def test_an_end_of_another_time_is_not_taken() -> None:
    """An answer left on an old screen, once something else has happened, shows the card and closes nothing."""
    player = over("Arrêter")
    data = player.choice("Perdu").data
    player.press("Voir le dossier", "Payé en partie").say("200 €")
    player.send(Pressed(data))
    assert player.dossier.status is Status.OPEN
    assert "plus à jour" in player.body
    assert player.state == "card"


def test_an_end_acts_on_the_dossier_it_names() -> None:
    """Pressed while another dossier is in hand, the answer still closes its own."""
    player = over("Arrêter")
    first, data = player.dossier.id, player.choice("Perdu").data
    player.command("nouveau").press("Une société").say("Autre SAS", "900", "15/10/2026")
    player.send(Pressed(data))
    states = {dossier.id: dossier.status for dossier in player.book.dossiers.values()}
    assert states.pop(first) is Status.CLOSED
    assert set(states.values()) == {Status.OPEN}


@pytest.mark.parametrize("ends", [LOST, GIVEN_UP])
def test_what_a_loss_means_is_said_without_a_figure(ends: list[str]) -> None:
    """A sum not received is not declared; nothing is promised, and no figure is given."""
    player = over(*ends)
    said = plain(player.body)
    assert "elle ne se déclare pas, et rien n’est à déduire" in said
    assert "garde son numéro" in said
    assert not re.search(r"\d", said)
    assert player.labels == [
        "Note pour mes comptes",
        "Pour la prochaine fois",
        "Rouvrir",
        "Mes dossiers",
    ]


def test_a_mistake_offers_no_text() -> None:
    """What was no debt is neither thanked for, nor lost, nor learned from."""
    assert over(*MISTAKE).labels == ["Rouvrir", "Mes dossiers"]


def test_a_dossier_hardly_begun_can_be_closed() -> None:
    """Closed before the client or the sum was told, it offers no text that it could not write."""
    player = Player().start().press("facture impayée").command("dossiers")
    player.press("Client sans nom", "Arrêter")
    assert "Payé" not in player.labels
    player.press("Erreur")
    assert player.state == "closed"
    assert player.labels == ["Rouvrir", "Mes dossiers"]
    player.press("Rouvrir", "Arrêter", "Perdu")
    assert player.labels == ["Rouvrir", "Mes dossiers"]


@pytest.mark.parametrize("ends", [["Payé"], LOST, GIVEN_UP, MISTAKE])
def test_reopening_says_what_comes_next(ends: list[str]) -> None:
    """From every end the dossier reopens, its reminders are made again and the next one is told."""
    player = over(*ends)
    assert player.reminders == {}
    player.press("Rouvrir")
    assert player.state == "card"
    assert player.dossier.status is Status.OPEN
    day = min(player.reminders.values()).date()
    assert f"est rouvert. Je reviens vers vous le <b>{date_longue(day)}</b> : " in player.body
    assert player.later(40)
    assert player.now.date() == day


def test_a_credit_that_covers_all_keeps_its_words() -> None:
    """Closed by a credit note, the dossier says that nothing is due, and offers no receipt."""
    player = card().press("Noter un évènement", "avoir (geste)", "Aujourd’hui").say("1 250 €")
    assert "Plus rien n’est dû" in player.body
    assert "Quittance" not in player.labels
    assert player.dossier.remaining == Decimal(0)
    player.press("Mes dossiers")
    assert "<i>soldé</i>" in player.body


@pytest.fixture(params=["nudge", "card"])
def asked(request: pytest.FixtureRequest) -> Player:
    """Somebody asked how it ends, from a nudge or from the card."""
    ways: dict[str, Callable[[], Player]] = {"nudge": _nudged, "card": card}
    return ways[request.param]().press("Arrêter")


def _nudged() -> Player:
    player = intake().press("Il avait oublié", "C’est ça", "J’ai envoyé")
    player.press(player.labels[0], "Hier")
    assert player.later(40)
    return player


@pytest.mark.parametrize(("typed", "how"), [("perdu", "perdu"), ("3", "abandon")])
def test_the_end_can_be_typed(asked: Player, typed: str, how: str) -> None:
    """The words or the number of an answer do what its button does."""
    asked.say(typed)
    closed = asked.dossier.last(ActKind.CLOSED)
    assert closed is not None
    assert closed.text("how") == how
