"""Each cause, from /start to a text ready to copy and past its deadline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from flows.diagnosis import Outcome, outcomes_for
from flows.dialogue.case import FIRST_DRAFT_ANSWERS
from flows.dialogue.events import Pressed, Woken
from flows.dossier import ActKind, Cause, DebtorKind, Status
from letters import Draft
from tests.dialogue.player import LIBRARY, Player, copy_of


def intake(kind: str = "Une société", due: str = "15/10/2026") -> Player:
    """Tell who owes how much, one answer a message: the longest way there is."""
    player = Player().start().press("facture impayée", kind)
    return player.say("Dupont SARL", "1 250 €", due)


CAUSES = {
    "oubli": (["Il avait oublié"], [], Cause.FORGOT, "sms_amical"),
    "administratif": (
        ["il manque une pièce"],
        ["Un bon de commande"],
        Cause.ADMIN,
        "piece_manquante",
    ),
    "insatisfaction fondée": (
        ["pas content"],
        ["Oui, pour l’essentiel"],
        Cause.UNHAPPY,
        "reponse_insatisfaction_fondee",
    ),
    "insatisfaction infondée": (
        ["pas content"],
        ["Non, le travail"],
        Cause.UNHAPPY,
        "reponse_insatisfaction_infondee",
    ),
    "trésorerie": (["Pas d’argent"], ["Je ne sais pas"], Cause.CASH, "proposition_echeancier"),
    "mauvaise foi": (["refuse"], ["change à chaque fois"], Cause.BAD_FAITH, "mise_en_demeure_pro"),
    "pas encore": (["Rien fait"], ["Je ne sais pas"], Cause.UNKNOWN, "script_appel"),
}


def answer_all(player: Player, answers: list[str]) -> None:
    """Answer what is asked before the diagnosis, « je ne sais pas » when nothing better is given."""
    given = list(answers)
    while player.state in {"probe", "contact_detail"}:
        player.press(given.pop(0) if given else "Je ne sais pas")


def to_draft(name: str) -> Player:
    """Play a cause to its first draft, pressing the recommended response."""
    outcomes, answers, _, _ = CAUSES[name]
    player = intake().press(*outcomes)
    answer_all(player, answers)
    assert player.state == "diagnosis", (player.state, player.body)
    return player.press("C’est ça")


@pytest.mark.parametrize("name", CAUSES)
def test_eight_answers_at_most_to_a_first_draft(name: str) -> None:
    """From /start to a text ready to copy, no cause asks for more than eight answers."""
    player = to_draft(name)
    assert player.state == "draft", player.body
    assert len(player.copies) == 1
    assert player.answers <= FIRST_DRAFT_ANSWERS


@pytest.mark.parametrize("name", CAUSES)
def test_the_cause_and_its_document(name: str) -> None:
    """Each played situation leads to its cause and to the document that fits it."""
    _, _, cause, document = CAUSES[name]
    player = to_draft(name)
    assert (player.dossier.cause, player.conversation.scratch["document"]) == (cause, document)


@pytest.mark.parametrize("name", CAUSES)
def test_the_reasons_are_said(name: str) -> None:
    """The diagnosis says why, and how sure it is."""
    outcomes, answers, _, _ = CAUSES[name]
    player = intake().press(*outcomes)
    answer_all(player, answers)
    assert "Parce que" in player.body
    assert any(word in player.body for word in ("probablement", "peut-être", "trop tôt"))


@pytest.mark.parametrize("name", CAUSES)
def test_the_draft_stands_alone(name: str) -> None:
    """The draft's message holds the text and nothing else, with the client's own figures."""
    text = to_draft(name).copies[0]
    assert "1\u202f250,00\u00a0€" in text
    assert "Voici «" not in text
    assert "{{" not in text


@pytest.mark.parametrize("name", CAUSES)
def test_past_the_deadline_comes_a_nudge(name: str) -> None:
    """Once sent, the bot comes back by itself, names client and amount, and goes on to the next draft."""
    player = to_draft(name).press("J’ai")
    if name == "pas encore":  # a call is asked about at once; here nobody answered
        assert player.state == "contact"
        player.press("Message laissé")
        answer_all(player, [])
        player.press("C’est ça", "J’ai envoyé")
    player.press(player.labels[0], "Aujourd’hui")
    if player.state == "tracking":
        player.press("plus tard")
    assert player.state == "waiting", player.body
    assert player.later(40), "no nudge came"
    assert "Dupont SARL" in player.body
    assert "1\u202f250,00" in player.body
    assert "Payé depuis" in player.body
    player.press("Toujours rien")
    if name == "mauvaise foi":  # the delay of the letter still runs
        assert player.state == "waiting"
        player.later(40)
        player.press("Toujours rien")
    while player.state == "probe":
        player.press("Je ne sais pas")
    assert player.state == "diagnosis", player.body
    if name == "mauvaise foi":
        assert "choisir une voie" in player.body
        return
    player.press("C’est ça")
    assert player.state in {"draft", "need"}
    sent = player.dossier.last(ActKind.SENT)
    assert sent is not None
    assert player.conversation.scratch["document"] != sent.data["document"]


def test_a_promise_holds_until_its_date() -> None:
    """A promise with a date: nothing is proposed before it; the nudge comes just after."""
    player = intake().press("promet").say("vendredi prochain")
    assert player.state == "waiting"
    assert "ne rien envoyer" in player.body
    assert player.later(30)
    assert player.now.date().isoformat() > "2026-11-27"
    player.press("Toujours rien")
    while player.state == "probe":
        player.press("Je ne sais pas")
    player.press("C’est ça")
    assert player.conversation.scratch["document"] == "promesse_non_tenue"
    assert "27\u00a0novembre 2026" in player.copies[0]


def test_a_transfer_said_to_be_made_is_checked() -> None:
    """« Le virement est parti »: hold, then check three working days later."""
    player = intake().press("virement est parti")
    assert player.state == "waiting"
    assert player.later(20)
    assert player.now.date().isoformat() == "2026-11-27"


def test_a_collective_procedure_stops_reminders() -> None:
    """With a collective procedure no letter is proposed; the declaration of the claim is explained."""
    player = intake().press("Sauvegarde", "Je ne sais pas")
    assert "BODACC" in player.body
    assert player.copies == []
    player.press("D’accord")
    assert player.later(5), "the announcement is to be looked for at once"
    assert "BODACC" in player.body
    player.press("Il a répondu", "Il promet").say("demain")
    player.later(20)
    assert "Créance déclarée" in player.body, "a promise does not end a collective procedure"
    assert "Toujours rien" not in player.labels
    player.command("dossiers").press("Dupont", "Corriger", "Pas de procédure")
    player.press("Continuer", "Il avait oublié")
    answer_all(player, [])
    assert "mandataire" not in player.body


def test_before_the_due_date() -> None:
    """A due date in the future: a courteous reminder is offered, and a nudge the day after."""
    player = intake(due="15/12/2026")
    if player.state == "due_date":
        player.press("Oui")
    assert player.state == "before_due"
    player.press("Préparer un rappel")
    assert len(player.copies) == 1
    player.command("annuler").press("Reprendre").press("Prévenez-moi")
    assert player.later(30)
    assert player.now.date().isoformat() == "2026-12-16"


def test_the_person_can_overrule() -> None:
    """« Non, c’est plutôt… » replaces the table's cause, and care is taken with bad faith."""
    player = intake().press("Il avait oublié").press("Non, c’est plutôt", "ne veut pas payer")
    assert "n’accuseront personne" in player.body
    player.press("C’est ça")
    assert player.dossier.cause is Cause.BAD_FAITH
    act = player.dossier.last(ActKind.DIAGNOSED)
    assert act is not None
    assert act.data["by"] == "personne"


def test_a_consumer_is_never_asked_forty_euros() -> None:
    """A consumer's mise en demeure claims neither the fixed sum nor the professional penalties."""
    player = intake(kind="Un particulier").press("refuse", "change à chaque fois", "C’est ça")
    assert player.conversation.scratch["document"] == "mise_en_demeure_particulier"
    text = player.copies[0]
    assert "mise en demeure" in text.lower()
    assert "forfaitaire" not in text
    assert "L441-10" not in text.replace(". ", "")


def test_part_payment_goes_on_with_the_rest() -> None:
    """A part payment is taken off, read back, and the next text asks for the rest."""
    player = to_draft("oubli").press("J’ai envoyé", "SMS", "Aujourd’hui")
    player.later(40)
    player.press("Payé en partie").say("500")
    assert player.dossier.remaining == Decimal("750.00")
    assert "750,00" in player.body
    assert player.state == "waiting"
    player.press("Préparer un message")
    answer_all(player, [])
    player.press("C’est ça")
    assert "750,00" in "".join(player.copies)


def test_more_than_what_was_due_is_asked_about() -> None:
    """A payment above what remained is read back; all paid can be reopened with the debt as it was."""
    player = to_draft("oubli").press("J’ai envoyé", "SMS", "Aujourd’hui")
    player.later(40)
    player.press("Payé en partie").say("2000")
    assert player.state == "paid_part"
    player.press("Non, je corrige").say("2000")
    player.say("oui")
    assert player.dossier.status is Status.PAID
    player.press("Rouvrir")
    assert player.dossier.remaining == Decimal("1250.00")


def test_the_amount_corrected_is_what_remains() -> None:
    """After a part payment the card shows, and corrects, what remains."""
    player = to_draft("oubli").press("J’ai envoyé", "SMS", "Aujourd’hui")
    player.later(40)
    player.press("Payé en partie").say("1000")
    player.press("Voir le dossier")
    assert "Reste dû : 250,00" in player.body
    player.press("Corriger", "Reste dû").say("300")
    assert player.dossier.remaining == Decimal("300.00")
    assert "Reste dû : 300,00" in player.body


def test_backing_over_an_overruled_cause_restores_the_table() -> None:
    """« Retour » after « Non, c’est plutôt… » takes the overruling back, once."""
    player = intake().press("Il avait oublié")
    answer_all(player, [])
    before = player.body
    player.press("Non, c’est plutôt", "n’a pas l’argent")
    assert player.body != before
    player.press("Retour")
    assert player.state == "diagnosis"
    assert player.dossier.get("cause_chosen") is None
    assert "un oubli" in player.body


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("il est en liquidation judiciaire", "procedure"),
        ("elle ne répond pas", "sans_reponse"),
        ("il n'est pas content du boulot", "pas_content"),
        ("il a pas d'argent en ce moment", "pas_argent"),
    ],
)
def test_what_happened_can_be_told_in_words(said: str, outcome: str) -> None:
    """A sentence in place of a button is understood and read back."""
    player = intake().say(said)
    assert player.dossier.get("contact_outcome") == outcome


def test_a_wrong_line_is_corrected_by_writing_it_again() -> None:
    """At the read-back, the right words replace the wrong line."""
    player = Player().say("Dupont SARL me doit 1250 € depuis le 15 octobre")
    player.say("1 350 €").say("le 12 octobre")
    assert "1\u202f350,00" in player.body
    assert "12\u00a0octobre" in player.body
    player.say("oui")
    assert player.dossier.amount_due == Decimal("1350.00")


def test_paid_ends_everything() -> None:
    """« Payé » closes the dossier and no reminder remains."""
    player = to_draft("oubli").press("J’ai envoyé", "SMS", "Aujourd’hui")
    player.later(40)
    player.press("Payé")
    assert player.dossier.status is Status.PAID
    assert player.reminders == {}
    assert not player.later(60)


def test_pause_and_resume() -> None:
    """A paused dossier is silent until it is taken up again."""
    player = to_draft("oubli").press("J’ai envoyé", "SMS", "Aujourd’hui")
    player.later(40)
    player.press("Mettre en pause", "Sans date")
    assert not player.later(30)
    player.press("Voir le dossier", "Reprendre")
    assert player.dossier.status is Status.OPEN


def test_snooze_moves_the_nudge() -> None:
    """« Reporter » gives the nudge a new day."""
    player = to_draft("oubli").press("J’ai envoyé", "SMS", "Aujourd’hui")
    player.later(40)
    day = player.now.date()
    player.press("Reporter").say("10 jours")
    assert player.later(30)
    assert (player.now.date() - day).days >= 10


def test_stop_can_be_undone() -> None:
    """« Arrêter » ends the reminders, and the dossier can be reopened."""
    player = to_draft("oubli").press("J’ai envoyé", "SMS", "Aujourd’hui")
    player.later(40)
    player.press("Arrêter", "J’abandonne")
    assert player.dossier.status is Status.CLOSED
    assert not player.later(30)
    player.press("Rouvrir")
    assert player.dossier.status.value == "ouvert"


def test_a_nudge_waits_for_the_day_the_text_gives() -> None:
    """The bot does not come back before the day that the sent text gave the client is over."""
    player = intake().press("Message laissé")
    while player.state == "probe":
        player.press("Je ne sais pas")
    player.press("C’est ça", "J’ai envoyé", "E-mail", "Aujourd’hui")
    sent = player.dossier.last(ActKind.SENT)
    assert sent is not None
    asked_by = sent.data["asked_by"]
    assert isinstance(asked_by, date)
    assert player.later(30)
    assert player.now.date() > asked_by


def test_a_silence_asks_nothing_and_keeps_the_cause() -> None:
    """« Toujours rien » brings no question, and what was agreed on the cause still stands."""
    player = to_draft("mauvaise foi").press("J’ai envoyé", "Recommandé", "Aujourd’hui")
    player.later(40)
    player.press("Toujours rien")
    assert player.state == "waiting"
    assert player.dossier.cause is Cause.BAD_FAITH


def test_a_reminder_does_not_hijack_another_dossier() -> None:
    """While a question on another dossier is open, a reminder is said beside it and the question stays."""
    player = to_draft("oubli").press("J’ai envoyé", "SMS", "Aujourd’hui")
    player.command("nouveau").press("Une société")
    assert player.later(40)
    assert "Payé depuis" in player.body
    nudge = player.screen
    assert player.state == "debtor_name"
    player.say("Autre SAS")
    assert player.state == "amount"
    player.send(Pressed(nudge.choices[0][0].data))
    assert player.state == "closed"
    assert player.dossier.debtor_name == "Dupont SARL"


def test_the_opening_judgment_stops_interest() -> None:
    """The day of the opening judgment is kept, and nothing is counted from it on."""
    player = intake().press("Sauvegarde").say("01/11/2026")
    counted = LIBRARY.total_due(player.dossier, player.now.date())
    assert counted is not None
    assert max(line.to_on for line in counted.lines) < date(2026, 11, 1)


def ways(player: Player) -> Iterator[Player]:
    """Give every way from the question on the screen to a diagnosis or a rest, one player each."""
    if player.state not in {"probe", "contact_detail"}:
        yield player
        return
    for choice in player.choices:
        if not choice.data.endswith(".back"):
            twin = copy_of(player)
            twin.answers = player.answers
            twin.press(choice.label)
            yield from ways(twin)


KINDS = {
    "Une société": DebtorKind.PROFESSIONAL,
    "Un particulier": DebtorKind.CONSUMER,
    "Une mairie": DebtorKind.PUBLIC,
}


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [(outcome, label) for label, kind in KINDS.items() for outcome in outcomes_for(kind)],
    ids=lambda found: found if isinstance(found, str) else found.id,
)
def test_eight_answers_at_most_whatever_is_answered(outcome: Outcome, kind: str) -> None:
    """No answer to any question makes the first draft take more than eight answers."""
    for player in ways(intake(kind).press(outcome.label)):
        if player.state != "diagnosis" or "C’est ça" not in "".join(player.labels):
            continue
        player.press("C’est ça")
        assert player.state == "draft", (player.state, player.body)
        assert player.answers <= FIRST_DRAFT_ANSWERS, player.body


def test_what_is_sent_is_what_was_shown() -> None:
    """« J’ai envoyé » pressed days later keeps the text, the sums and the dates that were copied."""
    player = to_draft("mauvaise foi")
    shown = player.copies[0]
    drafted = player.now.date()
    player.now += timedelta(days=6)
    player.press("J’ai envoyé", "Recommandé").say(drafted.strftime("%d/%m/%Y"))
    sent = player.dossier.last(ActKind.SENT)
    assert sent is not None
    assert Draft.from_json(str(sent.data["draft"])).text == shown
    assert sent.on == drafted


def test_a_letter_that_no_longer_fits_is_not_shown() -> None:
    """A mise en demeure whose due date turns out to be ahead gives way to what fits."""
    player = to_draft("mauvaise foi").press("Modifier", "Changer une information", "Échéance")
    player.say("15/12/2026")
    if "doubt" in player.conversation.scratch:
        player.say("oui")
    assert player.state == "diagnosis"
    assert "ne convient plus" in player.body
    assert player.copies == []


def test_an_old_nudge_counts_once() -> None:
    """« Toujours rien » of a nudge already answered does nothing more than show where things stand."""
    player = to_draft("oubli").press("J’ai envoyé", "SMS", "Aujourd’hui")
    player.later(40)
    old = player.choice("Toujours rien").data
    player.send(Pressed(old))
    acts = player.dossier.acts
    player.press("Voir d’autres")
    player.send(Pressed(old))
    assert player.dossier.acts == acts
    assert "plus à jour" in player.body


def test_back_over_a_procedure_takes_it_back() -> None:
    """« Retour » after « Sauvegarde, redressement, liquidation » leaves no procedure behind."""
    player = intake().press("Sauvegarde", "Retour").press("Il avait oublié")
    answer_all(player, [])
    assert "procédure" not in player.body


def test_a_reminder_does_not_take_a_text_being_written() -> None:
    """While a paragraph is being rewritten a reminder is said beside it, and the text goes where it was meant."""
    player = to_draft("oubli").press("J’ai envoyé", "SMS", "Aujourd’hui")
    player.press("Voir le dossier", "Continuer")
    answer_all(player, [])
    player.press("C’est ça", "Modifier", "«")
    assert player.state == "edit_text"
    (dossier_id, key), at = next(iter(player.reminders.items()))
    player.send(Woken(dossier_id, key, at))
    assert "Payé depuis" in player.body
    player.say("Bonjour à vous,")
    assert player.state == "draft"
    assert "Bonjour à vous," in player.copies[0]


@pytest.mark.parametrize(
    "said", ["Dupont SARL me doit 1250 € depuis le 31/09", "il me doit 300 € ou 400 €"]
)
def test_what_cannot_be_read_in_a_sentence_is_said(said: str) -> None:
    """A part of a sentence that cannot be right is not dropped in silence."""
    player = Player().start().say(said)
    assert "exemple" in player.told() or "existe pas" in player.told()


def test_starting_again_does_not_pile_up_empty_dossiers() -> None:
    """/nouveau three times leaves one dossier to fill in."""
    player = Player().start()
    for _ in range(3):
        player.command("nouveau")
    assert len(player.book.dossiers) == 1


def test_a_question_left_for_days_gives_way_to_the_reminder() -> None:
    """Days later a reminder of the same dossier takes the floor, and « Retour » leads back to the question."""
    player = to_draft("mauvaise foi").press("Compléter")
    assert player.state == "need"
    assert player.later(40)
    assert player.state == "nudge"
    player.say("il n'est pas content du travail")
    assert player.dossier.get("contact_outcome") == "pas_content"


def test_the_words_of_a_button_are_no_answer_to_the_question() -> None:
    """« Laisser en blanc » typed where a name is asked leaves a blank, and is not taken for a name."""
    player = to_draft("mauvaise foi").press("Compléter").say("laisser en blanc")
    assert "creditor_name" not in player.conversation.person
    assert player.state == "need"


def test_a_procedure_taken_back_lets_interest_run_again() -> None:
    """« Pas de procédure collective, en fait » also takes back the day on which interest stopped."""
    player = intake().press("Sauvegarde").say("01/11/2026")
    stopped = LIBRARY.total_due(player.dossier, player.now.date())
    player.command("dossiers").press("Dupont", "Corriger", "Pas de procédure")
    running = LIBRARY.total_due(player.dossier, player.now.date())
    assert stopped is not None
    assert running is not None
    assert running.interest > stopped.interest
