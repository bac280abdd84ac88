"""What the client answered: pasted, told again, promised; and the history of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from flows.dialogue.answering import NOTE_LIMIT
from flows.dossier import ActKind
from flows.ladder import broken_promises
from tests.dialogue.player import TODAY, Player, copy_of, plain
from tests.dialogue.test_causes import intake

PASTED = (
    "Bonjour, j’ai bien reçu votre message,\nnotre service comptable revient vers vous "
    "au plus vite concernant ce dossier. Cordialement"
)


@pytest.fixture(scope="module")
def asked() -> Player:
    """Somebody who sent a first message and says « Il a répondu »."""
    player = intake().press("Il avait oublié", "C’est ça", "J’ai envoyé", "SMS", "Hier")
    return player.press("Il a répondu")


@pytest.fixture
def player(asked: Player) -> Player:
    return copy_of(asked)


def history(player: Player) -> list[str]:
    """Give the lines of the card's history."""
    player.command("dossiers").press("Dupont SARL")
    return [line[2:] for line in plain(player.body).split("\n") if line.startswith("• ")]


def test_a_pasted_answer_is_kept_whole(player: Player) -> None:
    """A text pasted is kept with the answer it gives, shortened in the history, whole from a button."""
    assert "Collez sa réponse" in player.body
    player.say(PASTED)
    assert player.state == "contact"
    assert "Sa réponse est gardée" in player.body
    player.press("Message laissé")
    act = player.dossier.last(ActKind.ANSWERED)
    assert act is not None
    assert act.text("note") == PASTED
    lines = history(player)
    assert "« Bonjour, j’ai bien reçu votre message, notre service compta… »" in lines[-1]
    player.press("Ce qu’il a écrit")
    assert "au plus vite concernant ce dossier. Cordialement" in plain(player.body)
    player.press("Voir le dossier")
    assert player.state == "card"


def test_a_text_that_tells_its_outcome_is_kept_with_it(player: Player) -> None:
    """A text that says what happened needs no button, and is kept."""
    player.say("Il dit que le virement est parti hier soir de sa banque")
    act = player.dossier.last(ActKind.ANSWERED)
    assert act is not None
    assert act.text("outcome") == "virement_fait"
    assert act.text("note").startswith("Il dit que le virement")


def test_a_long_answer_is_bounded(player: Player) -> None:
    """What is kept has a limit, and says that it was cut."""
    player.say("mot " * 1000).press("Message laissé")
    act = player.dossier.last(ActKind.ANSWERED)
    assert act is not None
    assert len(act.text("note")) <= NOTE_LIMIT
    assert act.text("note").endswith("…")


def test_markup_in_an_answer_is_shown_as_typed(player: Player) -> None:
    """What was pasted is data: its marks are shown, never obeyed."""
    player.say("Bonjour <b>je</b> reviens vers vous & vite dès que possible merci {{ 7*7 }}")
    player.press("Message laissé")
    history(player)
    player.press("Ce qu’il a écrit")
    assert "&lt;b&gt;je&lt;/b&gt;" in player.body
    assert "{{ 7*7 }}" in player.body


def test_a_few_words_that_say_nothing_are_asked_again(player: Player) -> None:
    """A slip is no answer of the client: nothing is kept and the question stays."""
    before = player.dossier
    player.say("euh oui peut-être")
    assert (player.state, player.dossier) == ("contact", before)
    assert "note" not in player.conversation.scratch


def test_an_answer_told_otherwise_leaves_one_line(player: Player) -> None:
    """Gone back and told otherwise, the first answer is folded away: acts stay, the history shows the last."""
    player.press("Pas d’argent").command("retour").press("Il refuse")
    told = [act.text("outcome") for act in player.dossier.acts_of(ActKind.ANSWERED)]
    assert told == ["oublie", "refuse"]
    lines = history(player)
    assert not [line for line in lines if "argent" in line]
    assert len([line for line in lines if "refuse" in line]) == 1


def test_the_same_answer_told_twice_is_one_line(player: Player) -> None:
    """Gone back and told again, an answer counts once."""
    player.press("Pas d’argent").command("retour").press("Pas d’argent")
    told = [act.text("outcome") for act in player.dossier.acts_of(ActKind.ANSWERED)]
    assert told == ["oublie", "pas_argent"]
    assert len([line for line in history(player) if "argent" in line]) == 1


def test_a_promised_day_corrected_is_no_broken_promise(player: Player) -> None:
    """A day told by mistake and corrected on the card leaves one promise, and only its own day is waited for."""
    player.press("Il promet").say("vendredi")
    player.press("Voir le dossier", "Corriger", "Paiement promis").say("11/12/2026")
    assert [act.data["promised_on"] for act in player.dossier.acts_of(ActKind.PROMISED)] == [
        date(2026, 12, 11)
    ]
    player.now += timedelta(days=9)
    assert broken_promises(player.dossier, player.now.date()) == 0
    assert len([line for line in history(player) if "promis pour" in line]) == 1


@pytest.mark.parametrize("typed", ["500 € le 5 décembre", "le 5 décembre, 500 €"])
def test_a_promise_of_a_sum(player: Player, typed: str) -> None:
    """A day and a sum are kept together, read back and shown; what is paid of it is taken off."""
    player.press("Il promet").say(typed)
    act = player.dossier.last(ActKind.PROMISED)
    assert act is not None
    assert (act.data["promised_on"], act.data["amount"]) == (date(2026, 12, 5), Decimal(500))
    assert "Somme promise : 500,00 €" in plain(player.body)
    assert any("500,00 € promis pour le 5 décembre 2026" in line for line in history(player))
    player.press("Payé en partie").say("200 €")
    assert player.later(20)
    assert "300,00 €" in plain(player.body)
    assert "le 5 décembre 2026, est passée" in plain(player.body)


def test_a_promise_told_in_one_sentence(player: Player) -> None:
    """The answer, the sum and the day may come in one sentence."""
    player.say("il promet 500 € le 5 décembre")
    act = player.dossier.last(ActKind.PROMISED)
    assert act is not None
    assert (act.data["promised_on"], act.data["amount"]) == (date(2026, 12, 5), Decimal(500))


def test_a_promise_of_the_whole_is_no_part(player: Player) -> None:
    """A sum that covers what is due is a promise of all of it; a day alone has no sum."""
    player.press("Il promet").say("2000 € le 5 décembre")
    act = player.dossier.last(ActKind.PROMISED)
    assert act is not None
    assert "amount" not in act.data


def test_a_promised_sum_without_a_day_is_asked_again(player: Player) -> None:
    """« 500 € » is no day: the question is asked again and nothing is recorded."""
    player.press("Il promet")
    before = player.dossier
    player.say("500 €")
    assert (player.state, player.dossier) == ("contact_detail", before)


def test_a_promise_wholly_kept_is_waited_for_no_more(player: Player) -> None:
    """Paid in two halves, the sum promised is kept."""
    player.press("Il promet").say("500 € le 5 décembre")
    player.press("Voir le dossier", "Payé en partie").say("250 €")
    assert [key for _, key in player.reminders if key.startswith("promesse")]
    player.press("Voir le dossier", "Payé en partie").say("250 €")
    assert not [key for _, key in player.reminders if key.startswith("promesse")]
    assert player.now.date() == TODAY


def test_the_words_of_a_button_are_no_answer_of_the_client() -> None:
    """Typing the words of a choice chooses it; only what tells more is kept as what the client said."""
    player = Player().start().press("facture impayée", "Une société")
    player.say("Dupont SARL", "1250", "15/10/2026", "il refuse ou conteste tout")
    answered = player.dossier.last(ActKind.ANSWERED)
    assert answered is not None
    assert "note" not in answered.data


def test_before_a_judge_a_nudge_lets_note_what_happened() -> None:
    """Once an order was noted, the nudge offers to note its service; before, it speaks of the client."""
    player = Player().start().press("facture impayée", "Une société")
    player.say("Dupont SARL", "1250", "15/10/2026").press("refuse", "change à chaque fois")
    player.press("C’est ça").command("dossiers").press("Dupont SARL")
    player.press("Noter un", "Ordonnance obtenue", "Hier")
    assert player.later(40)
    assert "Noter un évènement" in player.labels
    assert "dernière étape : ordonnance obtenue" in player.body.lower()


def test_another_day_of_payment_leaves_one_line() -> None:
    """Paid another day than today, the history says the right day and nothing of the wrong one."""
    player = intake().press("Il avait oublié", "C’est ça", "J’ai envoyé", "SMS", "Hier")
    player.press("Payé", "C’était un autre jour", "Hier")
    lines = history(player)
    assert lines[-1] == "payé le 23/11/2026"
    assert not any("correction" in line for line in lines)
    assert sum("payé" in line for line in lines) == 1


def test_a_delay_until_the_end_of_the_month_is_said_as_such() -> None:
    """A step put off to the end of the month reads so in the history, not « no day after »."""
    player = intake().press("Il avait oublié", "C’est ça", "J’ai envoyé", "SMS", "Hier")
    player.command("dossiers").press("Dupont SARL", "Étapes", "Changer le délai").say("fin du mois")
    assert any("à la fin du mois" in line for line in history(player))


def test_a_doubt_goes_with_its_question() -> None:
    """A value read back and left there is not read back as the answer to the next question, nor kept as it."""
    player = Player().start().command("parametres").press("Vous, dans vos lettres", "Votre adresse")
    player.say("12 rue des Lilas")
    assert "doubt" in player.conversation.scratch
    player.command("parametres").press("Mes rappels")
    player.press(next(label for label in player.labels if "heure" in label.lower()))
    assert player.state == "need"
    assert "Lilas" not in player.body
    player.say("oui")
    assert "Lilas" not in str(player.conversation.person)
