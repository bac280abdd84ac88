"""Several invoices of one client, told to the bot: the list, one more, money for one of them, the client met again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from flows.dossier import ActKind, Status
from tests.dialogue.player import Player, plain

FIRST = "Dupont SARL me doit 1250 € depuis le 15 octobre, facture F-014"
SECOND = "facture F-018 800 € échue le 3/11"


def opened(*invoices: str) -> Player:
    """Open a dossier for F-014, then add invoices told in one sentence each."""
    player = Player().start().say(FIRST).press("Oui", "Rien fait")
    for told in invoices:
        listed(player).press("Ajouter").say(told).press("Oui, l’ajouter")
    return player


def listed(player: Player) -> Player:
    """Go to the list of the invoices."""
    return player.command("dossiers").press("Dupont").press("Factures")


def left(player: Player) -> dict[str, Decimal]:
    """Give what remains on each invoice, by number."""
    balances = player.dossier.settlement.balances
    return {one.number: balances[one.key] for one in player.dossier.invoices}


def test_a_sentence_adds_an_invoice() -> None:
    """Number, sum and due date told at once are read back, then added; the total and the count are said."""
    player = listed(opened()).press("Ajouter").say(SECOND)
    assert "F-018" in player.body
    assert "800,00 €" in plain(player.body)
    assert "3 novembre 2026" in plain(player.body)
    player.press("Oui, l’ajouter")
    assert player.state == "invoices"
    assert "2 050,00 € sur 2 factures" in plain(player.body)
    assert left(player) == {"F-014": 1250, "F-018": 800}


def test_an_invoice_is_added_step_by_step() -> None:
    """Number, sum, then the date of the invoice and its terms, from which the due date follows."""
    player = listed(opened()).press("Ajouter")
    player.say("F-020", "640,50", "facture du 15/10 à 30 jours")
    assert "14 novembre 2026" in plain(player.body)
    player.press("Oui, l’ajouter")
    added = player.dossier.invoices[1]
    assert (added.number, added.amount) == ("F-020", Decimal("640.50"))
    assert (added.issued_on, added.due_on) == (date(2026, 10, 15), date(2026, 11, 14))


def test_an_invoice_added_may_be_due_later() -> None:
    """A day and a month to come are those to come, not last year's."""
    player = opened("F-021, 300 €, à payer le 20/12")
    assert player.dossier.invoices[1].due_on == date(2026, 12, 20)
    assert player.dossier.due_on == date(2026, 10, 15)


def test_the_list_reads_a_sentence() -> None:
    """On the list, a sentence tells a new invoice, and a number opens that invoice."""
    player = listed(opened(SECOND)).say("F-019 90 € échue le 5/11")
    assert player.state == "invoice_new"
    player.press("Oui, l’ajouter").say("F-018")
    assert player.state == "invoice"
    assert "Facture F-018" in player.body


def test_the_same_number_is_not_added_twice() -> None:
    """The number of an invoice that is there is refused, with a sentence."""
    player = listed(opened(SECOND)).press("Ajouter").say("F-018")
    assert "déjà dans ce dossier" in player.body
    assert player.state == "invoice_new"


def test_an_invoice_may_be_left_out_at_the_last_moment() -> None:
    """Nothing is kept of an invoice that is not confirmed."""
    player = listed(opened()).press("Ajouter").say(SECOND).press("Ne pas l’ajouter")
    assert player.state == "invoices"
    assert not player.dossier.several_invoices


@pytest.mark.parametrize(
    "said",
    [
        "J’ai reçu 500 € pour la F-014",
        "reçu 500 euros sur la facture F014",
        "Dupont m’a versé 500 € pour F-014",
    ],
)
def test_a_payment_told_in_a_sentence_goes_to_its_invoice(said: str) -> None:
    """Money told with the number of an invoice is recorded for it, from wherever the dossier rests."""
    player = opened(SECOND).command("dossiers").say(said)
    assert left(player) == {"F-014": 750, "F-018": 800}
    assert "facture F-014" in player.body


def test_an_invoice_told_paid_is_settled_alone() -> None:
    """« F-018 payée » settles that invoice; the other one stays open, with its dossier."""
    player = opened(SECOND).command("dossiers").say("F-018 payée")
    assert left(player) == {"F-014": 1250, "F-018": 0}
    assert player.dossier.status is Status.OPEN
    assert "1 250,00 €" in plain(player.body)


def test_an_unpaid_invoice_is_not_taken_for_paid() -> None:
    """« F-018 toujours pas payée » records no payment."""
    player = opened(SECOND).command("dossiers").say("F-018 toujours pas payée")
    assert not player.dossier.part_payments


def test_a_part_payment_asks_for_which_invoice() -> None:
    """With several invoices, a sum without a name is asked about; a button gives it to one."""
    player = opened(SECOND).command("dossiers").press("Dupont").press("Payé en partie").say("300 €")
    assert "Pour quelle facture" in player.body
    player.press("F-018")
    assert left(player) == {"F-014": 1250, "F-018": 500}


def test_without_precision_the_oldest_is_paid_first() -> None:
    """« Sans précision » pays the invoice due first."""
    player = opened(SECOND).command("dossiers").press("Dupont").press("Payé en partie")
    player.say("300 € le 20/11").press("Sans précision")
    assert left(player) == {"F-014": 950, "F-018": 800}
    assert player.dossier.part_payments[0].on == date(2026, 11, 20)


def test_with_one_invoice_nothing_more_is_asked() -> None:
    """A dossier of one invoice takes a part payment as ever."""
    player = opened().command("dossiers").press("Dupont").press("Payé en partie").say("300 €")
    assert player.state == "waiting"
    assert left(player) == {"F-014": 950}
    assert not player.dossier.part_payments[0].text("invoice")


def test_paying_one_invoice_does_not_hide_the_others() -> None:
    """« Payé » asks what is: the invoice named is settled, the other one is still chased, and its clock runs."""
    player = opened("F-021, 300 €, à payer le 20/12").command("dossiers").press("Dupont")
    player.press("Payé")
    assert "qu’est-ce qui est payé" in player.body
    player.press("F-014")
    assert player.dossier.status is Status.OPEN
    assert left(player) == {"F-014": 0, "F-021": 300}
    assert player.dossier.due_on == date(2026, 12, 20)
    assert player.later(40), "the invoice that is left is recalled"
    assert player.state == "nudge"
    assert "300,00 €" in plain(player.body)


def test_all_paid_closes_the_dossier() -> None:
    """« Payé », then « Tout », closes the dossier with all its invoices."""
    player = opened(SECOND).command("dossiers").press("Dupont").press("Payé").press("Tout")
    assert player.dossier.status is Status.PAID
    assert player.state == "closed"


def test_the_last_invoice_paid_closes_the_dossier() -> None:
    """Settled one after the other from the list, the last one closes the dossier."""
    player = opened(SECOND)
    listed(player).press("F-014").press("Elle est payée")
    assert player.dossier.last(ActKind.PAID) is None
    listed(player).press("F-018").press("Elle est payée")
    assert player.dossier.status is Status.PAID


def test_a_part_received_on_one_invoice_is_noted_from_its_screen() -> None:
    """« Reçu une partie » on an invoice asks the sum only."""
    player = opened(SECOND)
    listed(player).press("F-018").press("Reçu une partie").say("200")
    assert left(player) == {"F-014": 1250, "F-018": 600}


@pytest.mark.parametrize(
    ("button", "said", "part", "value"),
    [
        ("numéro", "F-18", "number", "F-18"),
        ("échéance", "10/11", "due_on", date(2026, 11, 10)),
        ("la date", "03/10", "issued_on", date(2026, 10, 3)),
        ("travail", "la maintenance", "label", "la maintenance"),
        ("somme", "850", "amount", Decimal(850)),
    ],
)
def test_an_invoice_added_is_corrected_alone(
    button: str, said: str, part: str, value: object
) -> None:
    """Each fact of an invoice can be told again; the first invoice does not move."""
    player = opened(SECOND)
    before = player.dossier.invoices[0]
    listed(player).press("F-018").press(button).say(said)
    assert player.state == "invoices"
    assert getattr(player.dossier.invoices[1], part) == value
    assert player.dossier.invoices[0] == before
    assert player.dossier.last(ActKind.CORRECTED) is not None


def test_the_first_invoice_is_corrected_from_the_list() -> None:
    """The sum told of the first invoice is what remains on it, whatever was paid on both."""
    player = opened(SECOND).command("dossiers").say("reçu 250 € pour F-014")
    listed(player).press("F-014").press("somme").say("900")
    assert left(player) == {"F-014": 900, "F-018": 800}


def test_an_invoice_added_by_mistake_is_taken_out() -> None:
    """Taken out, it is owed no more; what was received for it pays the other."""
    player = opened(SECOND).command("dossiers").say("reçu 100 € pour F-018")
    listed(player).press("F-018").press("Retirer")
    assert left(player) == {"F-014": 1150}


def test_the_first_invoice_taken_out_leaves_its_place() -> None:
    """The next invoice becomes the dossier's own, with its number, sum and due date."""
    player = opened(SECOND)
    listed(player).press("F-014").press("Retirer")
    assert left(player) == {"F-018": 800}
    assert player.dossier.due_on == date(2026, 11, 3)
    assert not player.dossier.several_invoices


def test_the_card_and_the_list_show_the_whole() -> None:
    """The list of dossiers and the card give the total, the number of invoices, and their numbers."""
    player = opened(SECOND, "F-021 300 € échue le 10/11").command("dossiers")
    assert "2 350,00 € (3 factures)" in plain(player.body)
    player.press("Dupont")
    assert "2 350,00 € sur 3 factures" in plain(player.body)
    assert "F-014, F-018, F-021" in player.body


def test_a_text_is_written_for_all_that_is_due() -> None:
    """A reminder names each invoice due and their sum."""
    player = opened(SECOND).take("relance_1")
    text = plain("\n".join(player.copies))
    assert "F-014" in text
    assert "F-018" in text
    assert "2 050,00 €" in text


def test_a_letter_asks_about_the_invoice_it_is_for() -> None:
    """Once the first is paid, the date a letter lacks is asked and kept for the invoice that is left."""
    player = opened(SECOND).command("dossiers").say("F-014 payée")
    player.take("mise_en_demeure_pro").press("Compléter")
    while player.conversation.scratch.get("fact") != "invoice_on":
        player.press("Laisser en blanc")
    player.say("05/10")
    assert player.dossier.invoices[1].issued_on == date(2026, 10, 5)
    assert player.dossier.get("invoice_on") is None


def test_a_new_dossier_of_the_same_client_joins_the_open_one() -> None:
    """The name typed otherwise is the same client: the invoice just told goes to the dossier that is open."""
    player = opened()
    known = player.dossier.id
    player.command("nouveau").say("DUPONT sarl me doit 800 € depuis le 3 novembre, facture F-018")
    player.press("Oui")
    assert player.state == "same_client"
    player.press("Ajouter au dossier")
    assert "F-018" in player.body
    player.press("Oui, l’ajouter")
    assert player.dossier.id == known
    assert left(player) == {"F-014": 1250, "F-018": 800}


def test_a_new_dossier_of_the_same_client_may_stay_apart() -> None:
    """« Dossier séparé » goes on with the new dossier, and does not ask again."""
    player = opened()
    known = player.dossier.id
    player.command("nouveau").press("Une société").say("Dupont SARL").press("Dossier séparé")
    assert player.state == "amount"
    player.say("800")
    assert player.state == "due_date"
    assert player.dossier.id != known


def test_another_client_is_not_asked_about() -> None:
    """A name that is not that of an open dossier is asked nothing more."""
    player = opened().command("nouveau").press("Une société").say("Durand SARL")
    assert player.state == "amount"


def test_a_paid_dossier_is_not_offered() -> None:
    """An invoice of a client whose dossier is over opens a new one."""
    player = opened().command("dossiers").press("Dupont").press("Payé")
    player.command("nouveau").press("Une société").say("Dupont SARL")
    assert player.state == "amount"


def test_a_screen_left_behind_leads_nowhere_wrong() -> None:
    """An invoice taken out meanwhile: its screen shows the first one, and its button does no harm."""
    player = opened(SECOND)
    listed(player).press("F-018")
    button = player.choice("Elle est payée")
    player.press("Retirer")
    assert not player.dossier.part_payments
    assert button.label not in player.labels


@pytest.mark.parametrize(("added", "said"), [((), False), ((SECOND,), True)])
def test_the_routes_weigh_the_sum_of_the_invoices(added: tuple[str, ...], said: bool) -> None:
    """The ceilings are compared to all that is due, and the screen says so; with one invoice it says nothing of it."""
    player = opened(*added).command("dossiers").press("Dupont").press("Voies possibles")
    while player.state == "need":
        player.press("Passer")
    assert ("somme des 2 factures" in plain(player.body)) is said


def test_the_legal_clock_names_the_invoice_it_is_of() -> None:
    """Among several invoices, the time to act is that of the first to end, and the screen names it."""
    player = opened("facture F-001 du 03/01/2022, 90 €, échue le 03/02/2022")
    player.command("dossiers").press("Dupont").press("Délais de la loi").press("Dire quand").say(
        "30/09"
    )
    assert "Facture F-001" in player.body


def test_a_nudge_says_how_many_invoices() -> None:
    """The nudge gives the total of the invoices and their number, counted from the oldest that is due."""
    player = opened(SECOND)
    assert player.later(10)
    assert "2 050,00 € sur 2 factures" in plain(player.body)
    assert "échéance dépassée depuis 41 jours" in plain(player.body)
