"""What becomes of a letter that left: its number, its arrival, its return, and what is told by mistake."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from flows.dossier import TOLD, Act, ActKind, Stage
from flows.ladder import stage_of
from tests.dialogue.player import KINDS, TODAY, Player, copy_of, plain
from tests.dialogue.test_causes import intake

LATER = "Je l’ajouterai plus tard"


def lrar(kind: str = "professionnel") -> Player:
    """Somebody whose mise en demeure left yesterday, asked its tracking number."""
    player = intake(kind=KINDS[kind]).press("Il refuse")
    while player.state == "probe":
        player.press("Je ne sais pas")
    player.take(f"mise_en_demeure_{'particulier' if kind == 'particulier' else 'pro'}")
    player.press("J’ai envoyé", "Recommandé", "Hier")
    assert player.state == "tracking", player.body
    return player


@pytest.fixture(scope="module")
def letter() -> Player:
    return lrar()


@pytest.fixture
def sent(letter: Player) -> Player:
    return copy_of(letter)


def test_the_number_is_kept_and_shown(sent: Player) -> None:
    """A number typed is kept as an act, and shown beside its letter on the card."""
    sent.say("1A 123 456 7890 1")
    assert sent.state == "waiting"
    act = sent.dossier.last(ActKind.TRACKED)
    assert act is not None
    assert act.text("number") == "1A12345678901"
    card = sent.press("Voir le dossier")
    assert "le 23/11/2026, suivi 1A12345678901" in plain(card.body)
    assert "Numéro de suivi" not in card.labels


def test_a_number_can_wait(sent: Player) -> None:
    """« Plus tard » keeps nothing; the card offers to add it, and « Retour » does not undo the sending."""
    before = sent.dossier
    sent.press(LATER)
    assert (sent.state, sent.dossier) == ("waiting", before)
    sent.press("Voir le dossier", "Numéro de suivi").say("RK 12 345 678 5 FR")
    assert "suivi RK123456785FR" in sent.press("Voir le dossier").body


@pytest.mark.parametrize(
    "said", ["plus tard", "Plus tard.", "non", "je l'ajouterai plus tard", "1"]
)
def test_a_number_can_wait_in_words(sent: Player, said: str) -> None:
    """« Plus tard », typed, does what the button does."""
    before = sent.dossier
    sent.say(said)
    assert (sent.state, sent.dossier) == ("waiting", before)
    assert sent.press("Voir le dossier", "Numéro de suivi").state == "tracking"


def test_how_to_send_recalls_the_number_of_what_left(sent: Player) -> None:
    """« Comment l’envoyer », for a text that left already, says when and under which number, once told."""
    without, other = copy_of(sent).press(LATER), copy_of(sent)
    sent.say("1A 123 456 7890 1").take("mise_en_demeure_pro").press("Comment l’envoyer")
    assert plain(sent.screens[0].body).endswith(
        "<b>Déjà parti :</b> le 23/11/2026, numéro de suivi 1A12345678901."
    )
    without.take("mise_en_demeure_pro").press("Comment l’envoyer")
    assert "Déjà parti" not in without.screens[0].body
    other.say("1A 123 456 7890 1").take("garantie_de_paiement")
    assert "Déjà parti" not in other.press("Comment l’envoyer").screens[0].body


def test_a_wrong_number_is_asked_again(sent: Player) -> None:
    """A number that cannot be is refused with why, nothing is recorded, and the letter stays sent."""
    before = sent.dossier
    sent.say("1A 123")
    assert sent.state == "tracking"
    sent.say("1A 123 456 7890")
    assert "13 caractères, j’en lis 12" in sent.body
    assert (sent.state, sent.dossier) == ("tracking", before)


def test_back_from_the_number_is_no_way_to_send_twice(sent: Player) -> None:
    """Once recorded, the sending is not on the way back."""
    before = sent.dossier
    sent.command("retour")
    assert (sent.state, sent.dossier) == ("tracking", before)


@pytest.mark.parametrize("channel", ["E-mail", "Lettre simple", "En main propre"])
def test_only_a_registered_letter_has_a_number(channel: str) -> None:
    """Any other channel leads straight to the wait."""
    player = intake().press("Il refuse")
    while player.state == "probe":
        player.press("Je ne sais pas")
    player.take("mise_en_demeure_pro").press("J’ai envoyé", channel, "Hier")
    assert player.state == "waiting"


@pytest.mark.parametrize(
    ("button", "how", "said"),
    [
        ("Revenue non réclamée", "non_reclamee", "non réclamée"),
        ("Refusée", "refusee", "refusée"),
    ],
)
def test_not_taken_it_counts_from_its_first_presentation(
    sent: Player, button: str, how: str, said: str
) -> None:
    """A letter not taken is a mise en demeure from its first presentation; its delay runs from there."""
    sent.press(LATER, "Voir le dossier", "Lettre reçue", button)
    assert "présentée pour la première fois" in sent.body
    sent.press("Aujourd’hui")
    act = sent.dossier.last(ActKind.RECEIVED)
    assert act is not None
    assert (act.on, act.text("how")) == (TODAY, how)
    assert "vaut quand même mise en demeure" in sent.body
    (due,) = [d for d in sent.reminders if d[1].startswith("voie")]
    # 24 November, 8 days, and the day after: Thursday 3 December.
    assert sent.reminders[due].date() == date(2026, 12, 3)
    assert f"lettre présentée le 24/11/2026, {said}" in plain(sent.press("Voir le dossier").body)


@pytest.mark.parametrize(
    ("kind", "where"), [("professionnel", "annuaire"), ("particulier", "devis")]
)
def test_unknown_there_no_delay_runs(kind: str, where: str) -> None:
    """A letter that reached nobody starts no delay: it is to be sent again, and where to look is said."""
    player = lrar(kind).press(LATER, "Voir le dossier", "Lettre reçue", "inconnu")
    assert "revenue" in player.body
    player.say("24/11/2026")
    assert player.dossier.last(ActKind.RECEIVED) is None
    assert where in player.body
    assert "commissaire de justice" in player.body
    assert stage_of(player.dossier, TODAY) is Stage.FORMAL_NOTICE
    assert not [key for _, key in player.reminders if key.startswith(("voie", "reception"))]
    assert player.later(3)
    assert "l’adresse est à vérifier" in player.body
    assert "Prochaine étape : mise en demeure" in plain(player.body)


def test_not_known_yet_leaves_it_open(sent: Player) -> None:
    """« Je ne sais pas encore » records nothing, and the question can be asked again."""
    sent.press(LATER, "Voir le dossier")
    before = sent.dossier
    sent.press("Lettre reçue", "Je ne sais pas encore")
    assert (sent.state, sent.dossier) == ("waiting", before)
    assert "Lettre reçue" in sent.press("Voir le dossier").labels


def test_a_return_pressed_by_mistake_leads_back(sent: Player) -> None:
    """« Ce n’était pas cela » asks again how it arrived; a day before the sending is refused."""
    sent.press(LATER, "Voir le dossier", "Lettre reçue", "Refusée")
    before = sent.dossier
    sent.say("20/11/2026")
    assert (sent.state, sent.dossier) == ("returned_on", before)
    assert "avant l’envoi" in sent.body
    sent.press("Ce n’était pas cela")
    assert (sent.state, sent.dossier) == ("received_on", before)
    sent.press("Hier")
    assert sent.dossier.last(ActKind.RECEIVED) is not None


def test_a_letter_given_by_hand_does_not_come_back() -> None:
    """In person there is a day, and no return by the post."""
    player = intake().press("Il refuse")
    while player.state == "probe":
        player.press("Je ne sais pas")
    player.take("mise_en_demeure_pro").press("J’ai envoyé", "En main propre", "Hier")
    player.press("Voir le dossier", "Lettre reçue")
    assert player.labels[:3] == ["Aujourd’hui", "Hier", "Je ne sais pas encore"]


def test_the_number_is_shown_where_the_arrival_is_asked(sent: Player) -> None:
    """The number to look up stands in the question."""
    sent.say("1A 123 456 7890 1").press("Voir le dossier", "Lettre reçue")
    assert "1A12345678901" in sent.body


def test_a_letter_noted_by_mistake_is_taken_back(sent: Player) -> None:
    """Taken back, the letter and its arrival count no more: no delay, the step is to be done again."""
    sent.press(LATER, "Voir le dossier", "Lettre reçue", "Hier", "Voir le dossier")
    sent.press("Corriger", "Retirer : « Mise en demeure")
    assert sent.dossier.last(ActKind.SENT) is None
    assert sent.dossier.last(ActKind.RECEIVED) is None
    assert not [key for _, key in sent.reminders if key.startswith("voie")]
    history = [line for line in plain(sent.body).split("\n") if line.startswith("•")]
    assert [line for line in history if "Mise en demeure" in line] == [
        "• correction le 24/11/2026 : Mise en demeure, du 23 novembre 2026, retiré"
    ]


def test_a_mise_en_demeure_told_by_its_date_is_taken_back(sent: Player) -> None:
    """One told by its date only can be taken back too, whatever was sent since."""
    player = intake().press("Il avait oublié", "C’est ça", "J’ai envoyé", "SMS", "Aujourd’hui")
    told = Act(
        ActKind.SENT,
        date(2026, 10, 20),
        player.now,
        {"document": "mise_en_demeure_pro", "channel": "lrar", "told": TOLD},
    )
    old = player.dossier
    player.book.dossiers[old.id] = replace(old, acts=(old.acts[0], told, *old.acts[1:]))
    player.press("Voir le dossier", "Corriger", "Retirer : « Mise en demeure")
    last = player.dossier.last(ActKind.SENT)
    assert last is not None
    assert last.text("document") == "sms_amical"
    assert len(list(player.dossier.acts_of(ActKind.SENT))) == 1
