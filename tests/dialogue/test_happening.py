"""Noting what happened that the law counts from: what is offered, refused, recalled and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from flows.dialogue.events import Pressed, Typed
from flows.dossier import ActKind, Status
from flows.facts.occurrences import occurrences
from tests.dialogue.player import KINDS, TODAY, Player, copy_of, plain
from tests.dialogue.test_causes import intake

CREDITS = {"geste": "avoir (geste)", "erreur": "avoir (erreur)"}


def card(kind: str = "professionnel") -> Player:
    """Somebody who waits for the answer to a first text, on the card of the dossier."""
    player = intake(kind=KINDS[kind]).press("Il avait oublié", "C’est ça", "J’ai envoyé")
    player.press(player.labels[0], "Hier", "Voir le dossier")
    assert player.state == "card"
    return player


def note(player: Player, label: str, day: str) -> Player:
    """Note an event from wherever its button is."""
    player.press("Noter un évènement", label)
    return player.say(day)


@pytest.fixture
def served() -> Player:
    """An order of 2 November served on the 10th, its work finished on 1 September 2025."""
    player = card().press("Délais de la loi", "Dire quand").say("01/09/2025")
    note(player, "Ordonnance obtenue", "02/11/2026")
    return note(player, "signifiée", "10/11/2026")


# --- what is offered, and its day ------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_each_event_can_be_noted(kind: str) -> None:
    """Whatever is offered for a debtor is recorded once, on its day, read back, and shown on the card."""
    asking = card(kind).press("Noter un évènement")
    offered = [
        choice for choice in asking.choices if choice.data.partition(".")[2] in occurrences()
    ]
    assert len(offered) >= 6
    for choice in offered:
        player = copy_of(asking)
        one = occurrences()[choice.data.partition(".")[2]]
        player.send(Pressed(choice.data))
        assert player.state == "event_when"
        assert one.question in player.body
        player.press("Hier")
        if one.is_credit or one.sum:
            assert player.state == "event_amount"
            continue
        if one.id == "echeancier_signe":  # its dates are asked next
            assert player.state == "plan_parts"
            assert f"Noté : {one.label}, le 23/11/2026." in player.body
            continue
        assert player.state == "clocks"
        assert f"Noté : {one.label}, le 23/11/2026." in player.body
        (act,) = [a for a in player.dossier.acts if a.kind is ActKind.HAPPENED]
        assert (act.on, dict(act.data)) == (date(2026, 11, 23), {"what": one.id})
        assert f"{one.label}, le 23/11/2026" in player.press("Voir le dossier").body


def test_a_day_to_come_is_refused() -> None:
    """An event in the future is not noted: the question is asked again and nothing is recorded."""
    player = card().press("Noter un évènement", "Ordonnance obtenue")
    before = player.dossier
    player.say("demain")
    assert "pas encore passée" in player.body
    assert (player.state, player.dossier) == ("event_when", before)
    player.say("25/11/2026")
    assert (player.state, player.dossier) == ("event_when", before)
    player.say("24/11/2026")
    assert player.dossier.happened_on("ordonnance") == TODAY


def test_a_day_that_cannot_be_read_is_asked_again() -> None:
    """Words that are no day leave the question open."""
    player = card().press("Noter un évènement", "Ordonnance obtenue").say("bientôt peut-être")
    assert player.state == "event_when"
    assert player.dossier.happened == ()


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("Ordonnance obtenue", "Ordonnance signifiée"),
        ("Conciliation ou médiation", "Fin de la conciliation"),
        ("Titre exécutoire", "Saisie faite"),
    ],
)
def test_what_follows_does_not_come_before(first: str, then: str) -> None:
    """A day before what it follows is refused and says why; the same day is taken."""
    player = note(card(), first, "10/11/2026").press("Noter un évènement", then)
    before = player.dossier
    player.say("09/11/2026")
    assert "Cette date est avant" in player.body
    assert "10/11/2026" in player.body
    assert (player.state, player.dossier) == ("event_when", before)
    player.say("10/11/2026")
    assert len(player.dossier.happened) == 2


def test_what_follows_is_offered_in_its_turn() -> None:
    """Opposition is offered once the service is noted, and no longer once it is taken back."""
    player = note(card(), "Ordonnance obtenue", "02/11/2026").press("Noter un évènement")
    assert "Ordonnance signifiée" in player.labels
    assert "Opposition du client" not in player.labels
    player.press("signifiée").say("10/11/2026").press("Noter un évènement")
    assert "Opposition du client" in player.labels
    player.press("Voir le dossier", "Corriger", "Retirer : Ordonnance signifiée")
    player.press("Noter un évènement")
    assert "Opposition du client" not in player.labels


def test_leaving_without_noting_records_nothing() -> None:
    """« Voir le dossier » and « Retour » leave the list and the question without any act."""
    player = card()
    before = player.dossier
    player.press("Noter un évènement", "Voir le dossier")
    assert (player.state, player.dossier) == ("card", before)
    player.press("Noter un évènement", "Titre exécutoire").command("retour")
    assert (player.state, player.dossier) == ("event", before)


# --- clocks ----------------------------------------------------------------------------------


def test_the_limitation_is_asked_then_shown() -> None:
    """Without the end of the work nothing is counted and it is asked; with it, the last day and the safe one."""
    player = card().press("Délais de la loi")
    assert "Il manque le jour où la prestation a été terminée" in player.body
    assert "prescription" not in player.body
    player.press("Dire quand").say("01/09/2025")
    body = plain(player.body)
    assert player.state == "clocks"
    assert "au plus tard le <b>30 août 2030</b>" in body
    assert "Dernier jour : 1er septembre 2030" in body
    assert "art. 2224 C. civ." in body
    assert not any("Dire quand" in label for label in player.labels)


@pytest.mark.parametrize(
    ("kind", "last"),
    [
        ("professionnel", "1er septembre 2030"),
        ("particulier", "1er septembre 2027"),
        ("public", "31 décembre 2029"),
    ],
)
def test_each_debtor_has_its_limitation(kind: str, last: str) -> None:
    """Five years, two years, four calendar years: the clock shows the last day of each."""
    player = card(kind).press("Délais de la loi", "Dire quand").say("01/09/2025")
    assert last in plain(player.body)


def test_the_clock_of_an_order(served: Player) -> None:
    """Obtained, it is to be served in three months; served, one waits; opposed, the hearing comes."""
    player = card().press("Délais de la loi", "Dire quand").say("01/09/2025")
    note(player, "Ordonnance obtenue", "02/11/2026")
    assert "Faire signifier l’ordonnance</b> : au plus tard le <b>2 février 2027</b>" in plain(player.body)  # fmt: skip
    assert "art. 1411 CPC" in player.body
    body = plain(served.body)
    assert "Faire signifier l’ordonnance</b> : fait." in body
    assert "Attendre la fin du délai d’opposition</b> : à partir du <b>11 décembre 2026</b>" in body
    assert "Dernier jour : 10 novembre 2031" in body, "the service started the limitation again"
    note(served, "Opposition", "20/11/2026")
    assert "Opposition du débiteur</b> : fait." in plain(served.body)
    assert "Attendre la fin du délai d’opposition" not in served.body


def test_an_alarm_of_what_was_just_told_is_not_called_late() -> None:
    """Told on 14 December of an order to be served by the 18th, the bot recalls it and blames no delay."""
    player = card()
    player.later(20, stop=False)
    player.command("dossiers").press("Dupont")
    note(player, "Ordonnance obtenue", "18/09/2026")
    assert player.later(1)
    assert "faire signifier l’ordonnance" in player.body.lower()
    assert "aurait dû arriver" not in player.body


def test_the_alarms_come_on_their_days_once(served: Player) -> None:
    """Let the days pass: each legal alarm rings once, on its own day, and says which delay it is."""
    served.later(60, stop=False)
    legal = [(day, key) for day, key in served.fired if "!" in key]
    assert legal == [
        (date(2026, 12, 11), "opposition_injonction!20261211"),
        (date(2027, 1, 12), "titre_injonction!20270112"),
    ]
    assert len({key for _, key in served.fired}) == len(served.fired)


def test_a_legal_alarm_offers_the_clocks(served: Player) -> None:
    """The nudge of a legal delay leads to the clocks; that of a friendly step speaks of no law."""
    assert served.later(40)
    while not served.fired[-1][1].startswith("opposition"):
        assert served.later(40)
    assert "Délais de la loi" in served.labels
    plain_nudge = card()
    assert plain_nudge.later(30)
    assert "Délais de la loi" not in plain_nudge.labels


@pytest.mark.parametrize(
    "end",
    [
        ["Payé"],
        ["Arrêter", "Perdu"],
        ["Arrêter", "Erreur"],
        ["Mettre en pause", "Sans date", "Oui, mettre en pause"],
    ],
)
def test_nothing_rings_after_the_end(served: Player, end: list[str]) -> None:
    """Paid, stopped or paused, the dossier keeps silent whatever legal day passes."""
    served.press("Voir le dossier", *end)
    assert served.reminders == {}
    assert not served.later(90)


def test_an_order_with_a_title_waits_for_nothing(served: Player) -> None:
    """Once the title is obtained, the clock no longer tells to wait for it."""
    served.later(60, stop=False)
    served.command("dossiers").press("Dupont")
    note(served, "Titre exécutoire", "20/01/2027")
    assert "<b>Attendre" not in plain(served.body)


def test_taken_back_the_clock_moves_back(served: Player) -> None:
    """« Corriger » takes an event back: clock, limitation and alarms are as before it, and the history says so."""
    card_, at_service = copy_of(served), served.body.partition("\n\n")[2]
    alarms = dict(served.reminders)
    note(card_, "Opposition", "20/11/2026")
    assert card_.reminders != alarms
    card_.press("Voir le dossier", "Corriger", "Retirer : Opposition du client, le 20/11/2026")
    assert card_.state == "card"
    assert "retiré" in card_.body
    assert [a.text("what") for a in card_.dossier.happened] == ["ordonnance", "signification_ordonnance"]  # fmt: skip
    assert card_.reminders == alarms
    assert card_.press("Délais de la loi").body == at_service
    card_.press("Voir le dossier", "Corriger", "Retirer : Ordonnance signifiée")
    card_.press("Délais de la loi")
    assert "2 février 2027" in plain(card_.body)
    assert "Dernier jour : 1er septembre 2030" in plain(card_.body)


def test_taking_back_what_others_follow_keeps_the_chat_alive(served: Player) -> None:
    """Service taken back under an opposition still noted: clocks, routes and card are still shown."""
    note(served, "Opposition", "20/11/2026")
    served.press("Voir le dossier", "Corriger", "Retirer : Ordonnance signifiée")
    assert served.state == "card"
    served.press("Délais de la loi")
    assert "l’ordonnance" in served.body


def test_an_old_end_of_work_is_no_dead_end() -> None:
    """Work said to be finished before the term of today existed is answered, whatever the law can say of it."""
    player = card().press("Délais de la loi", "Dire quand").say("01/03/2007")
    assert player.state == "clocks"
    assert player.shown


def test_the_same_event_pressed_twice_counts_once() -> None:
    """The day's button pressed twice, as a slow network does, records one act."""
    player = card().press("Noter un évènement", "Titre exécutoire")
    data = player.choice("Hier").data
    player.send(Pressed(data))
    player.send(Pressed(data))
    assert len(player.dossier.happened) == 1


# --- a collective procedure ------------------------------------------------------------------


def test_a_notice_of_a_procedure_stops_the_letters_and_counts_the_claim() -> None:
    """The BODACC notice tells of the procedure: the claim is to be declared in two months, no letter is offered."""
    player = note(card(), "BODACC", "20/11/2026")
    assert player.dossier.last(ActKind.PROCEDURE_OPENED) is not None
    assert "20 janvier 2027" in plain(player.body)
    assert "art. R622-24 C. com." in player.body
    player.press("Voir le dossier")
    assert "Payé en partie" not in player.labels
    procedures = [a for a in player.dossier.acts if a.kind is ActKind.PROCEDURE_OPENED]
    note(player, "BODACC", "21/11/2026")
    assert [a for a in player.dossier.acts if a.kind is ActKind.PROCEDURE_OPENED] == procedures


def test_a_declared_claim_is_done() -> None:
    """Declared, the claim asks nothing more of its delay and no alarm of it is left."""
    player = note(card(), "BODACC", "20/11/2026")
    assert any("declaration_creance" in key for _, key in player.reminders)
    note(player, "Créance déclarée", "23/11/2026")
    assert "fait." in player.body
    assert not any(key.startswith("declaration_creance") for _, key in player.reminders)


def test_a_notice_before_the_judgment_keeps_the_chat_alive() -> None:
    """A notice noted before the judgment told earlier, a slip, is refused or shown, never a dead end."""
    player = intake().press("Sauvegarde").say("10/11/2026")
    player.command("dossiers").press("Dupont", "Noter un évènement", "BODACC").say("02/11/2026")
    assert player.state in {"clocks", "event_when"}
    assert player.shown


# --- credit notes ----------------------------------------------------------------------------


@pytest.mark.parametrize(("what", "label"), CREDITS.items())
def test_a_credit_note_lowers_the_sum(what: str, label: str) -> None:
    """A part credited is taken off everywhere, and whether it corrects the invoice is kept."""
    player = card().press("Noter un évènement", label, "Hier").say("250,50 €")
    assert player.state == "clocks"
    assert "Avoir de 250,50 € noté : il reste <b>999,50 €</b>" in plain(player.body)
    (act,) = [a for a in player.dossier.acts if a.kind is ActKind.CREDITED]
    corrects = "oui" if what == "erreur" else "non"
    assert (act.on, act.data["amount"], act.text("corrects")) == (
        date(2026, 11, 23),
        Decimal("250.50"),
        corrects,
    )
    player.press("Voir le dossier")
    assert "Reste dû : 999,50 €" in plain(player.body)
    assert "avoir de 250,50 €, le 23/11/2026" in plain(player.body)
    player.press("Continuer")
    while player.state == "probe":
        player.press("Je ne sais pas")
    player.press("C’est ça")
    assert "999,50" in "".join(player.copies)


@pytest.mark.parametrize(
    ("label", "said"),
    [("avoir (geste)", "n’est pas tranchée"), ("avoir (erreur)", "dès le départ")],
)
def test_a_letter_after_a_credit_note_says_how_it_counts(label: str, said: str) -> None:
    """The letter claims interest on the net sum, and the draft says why for this kind of credit note."""
    player = intake().command("dossiers").press("Dupont", "Noter un évènement", label, "Hier")
    player.say("1 000 €").press("Voir le dossier", "Il a répondu", "refuse", "Préciser")
    player.press("change à chaque fois", "C’est ça")
    assert player.conversation.scratch["document"] == "mise_en_demeure_pro"
    assert "sur 250,00 €" in plain(player.copies[-1])
    assert said in player.body


@pytest.mark.parametrize("label", CREDITS.values())
def test_a_whole_credit_closes_the_dossier(label: str) -> None:
    """A credit of all that remains ends the dossier: nothing wakes any more."""
    player = card().press("Noter un évènement", label, "Aujourd’hui").say("1 250 €")
    assert player.state == "closed"
    assert player.dossier.status is Status.CLOSED
    assert player.dossier.remaining == Decimal(0)
    closed = player.dossier.last(ActKind.CLOSED)
    assert closed is not None
    assert closed.text("how") == "avoir"
    assert player.reminders == {}
    assert not player.later(90)


@pytest.mark.parametrize("typed", ["1 250,01 €", "3000", "beaucoup", "-10"])
def test_too_much_or_unclear_is_refused(typed: str) -> None:
    """A credit above what remains, or that cannot be read, is asked again and records nothing."""
    player = card().press("Noter un évènement", "avoir (geste)", "Hier")
    before = player.dossier
    player.say(typed)
    assert (player.state, player.dossier) == ("event_amount", before)
    player.say("100")
    assert player.dossier.remaining == Decimal("1150.00")


def test_two_credits_and_a_payment_add_up() -> None:
    """Each lowers what the next may be; the last that fits closes the dossier."""
    player = card().press("Payé en partie").say("250").press("Voir le dossier")
    player.press("Noter un évènement", "avoir (geste)", "Hier").say("400")
    player.press("Noter un évènement", "avoir (erreur)", "Hier").say("601")
    assert player.state == "event_amount"
    assert "600,00" in player.body
    player.say("600")
    assert player.dossier.status is Status.CLOSED


@pytest.mark.parametrize("label", CREDITS.values())
def test_a_credit_note_can_be_taken_back(label: str) -> None:
    """« Corriger » takes a credit note back: the sum is as before it, and the history says so."""
    player = card().press("Noter un évènement", label, "Hier").say("250")
    player.press("Voir le dossier", "Corriger", "Retirer : avoir")
    assert player.dossier.remaining == Decimal("1250.00")
    assert "Reste dû : 1 250,00 €" in plain(player.body)
    assert "retiré" in player.body


def test_a_credit_note_taken_back_leaves_the_events() -> None:
    """An order, its service and a declaration noted before it still stand."""
    player = card()
    for label in ("Ordonnance obtenue", "Ordonnance signifiée", "Créance déclarée"):
        note(player, label, "10/11/2026")
    noted = player.dossier.happened
    player.press("Noter un évènement", "avoir (geste)", "Hier").say("250")
    player.press("Voir le dossier", "Corriger", "Retirer : avoir")
    assert player.dossier.happened == noted
    assert len(noted) == 3


# --- what is stored --------------------------------------------------------------------------

PLACES: dict[str, Callable[[], Player]] = {
    "event": lambda: card().press("Noter un évènement"),
    "event_when": lambda: card().press("Noter un évènement", "Ordonnance obtenue"),
    "event_amount": lambda: card().press("Noter un évènement", "avoir (geste)", "Hier"),
    "clocks": lambda: card().press("Délais de la loi"),
}


@pytest.mark.parametrize("state", PLACES)
def test_taken_up_days_later(state: str) -> None:
    """A question left open is stored as it was, and its buttons and answers still count three days later."""
    player = PLACES[state]()
    assert player.state == state
    player.later(3)
    match state:
        case "event":
            player.press("Titre exécutoire", "Hier")
        case "event_when":
            player.say("02/11/2026")
        case "event_amount":
            player.say("100")
        case _:
            player.press("Noter un évènement", "Titre exécutoire", "Hier")
    kinds = {act.kind for act in player.dossier.acts}
    assert player.state == "clocks"
    assert kinds & {ActKind.HAPPENED, ActKind.CREDITED}


@pytest.mark.parametrize("state", PLACES)
def test_odd_words_change_nothing(state: str) -> None:
    """Words that answer nothing leave the question and the dossier as they were."""
    player = PLACES[state]()
    before = player.dossier
    player.send(Typed("🙃 <b>{{7*7}}</b>"))
    assert (player.state, player.dossier) == (state, before)
    assert player.shown


def test_before_a_judge_no_letter_is_proposed_any_more(served: Player) -> None:
    """Nothing new, or taken up again: with an order the dossier shows its clocks, and never a letter."""
    served.later(40)
    assert served.state == "nudge"
    silent = copy_of(served).press("Toujours rien")
    assert silent.state == "clocks"
    again = copy_of(served).press("Délais de la loi", "Voir le dossier", "Continuer")
    assert again.state == "clocks"
    assert "à partir du 11 décembre 2026" in plain(served.body)


def test_a_payment_taken_back_leaves_nothing_behind() -> None:
    """Noted by mistake and taken back, a part payment moves no reminder and is not the last thing told."""
    player = card()
    before = {at.date() for at in player.reminders.values()}
    last = copy_of(player)
    assert last.later(30)
    player.press("Payé en partie").say("500 €")
    player.press("Voir le dossier", "Corriger", "Retirer : 500")
    assert player.dossier.remaining == player.dossier.amount_due
    assert {at.date() for at in player.reminders.values()} == before
    assert player.later(30)
    assert "Dernière étape : « SMS amical »" in plain(last.body)
    assert "Dernière étape : « SMS amical »" in plain(player.body)
