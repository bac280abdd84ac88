"""Facts found in one sentence, and facts never invented. Sunday 22 November 2026 is today."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from flows.reading import SentenceRead, read_sentence

TODAY = date(2026, 11, 22)

READ: list[tuple[str, dict[str, object]]] = [
    (
        "Dupont SARL me doit 1250 € depuis le 15 octobre, facture F-014",
        {
            "debtor_name": "Dupont SARL",
            "debtor_kind": "professionnel",
            "amount_due": Decimal("1250.00"),
            "invoice_due_on": date(2026, 10, 15),
            "invoice_number": "F-014",
        },
    ),
    (
        "facture F-014 du 15/09 de 850 € HT pas payée par Mairie de Lyon, échéance 15/10",
        {
            "debtor_name": "Mairie de Lyon",
            "debtor_kind": "public",
            "amount_due": Decimal("850.00"),
            "invoice_on": date(2026, 9, 15),
            "invoice_due_on": date(2026, 10, 15),
            "invoice_number": "F-014",
        },
    ),
    ("facture 42 de 300 €", {"amount_due": Decimal("300.00"), "invoice_number": "42"}),
    ("facture 1250 €", {"amount_due": Decimal("1250.00")}),
    ("facture 42 300 €", {}),
    (
        "Facture n°2026/12 : M. Martin ne me paie pas 450 euros depuis 3 semaines",
        {
            "debtor_name": "M. Martin",
            "debtor_kind": "particulier",
            "amount_due": Decimal("450.00"),
            "invoice_due_on": date(2026, 11, 1),
            "invoice_number": "2026/12",
        },
    ),
    ("la mairie me doit 300 €", {"debtor_kind": "public", "amount_due": Decimal("300.00")}),
    (
        (
            "La mairie de Saint-Étienne n’a pas payé la facture FAC 2026-014 de 1 250,00 €"
            " échue le 15/10/2026"
        ),
        {
            "debtor_name": "Mairie de Saint-Étienne",
            "debtor_kind": "public",
            "amount_due": Decimal("1250.00"),
            "invoice_due_on": date(2026, 10, 15),
            "invoice_number": "FAC 2026-014",
        },
    ),
    (
        "mon client me doit 1250 depuis le 3 octobre",
        {"amount_due": Decimal("1250.00"), "invoice_due_on": date(2026, 10, 3)},
    ),
    ("Dupont, client depuis le 3 mars 2020, me doit 500 €", {"amount_due": Decimal("500.00")}),
    (
        "facture du 15/11 échéance 15/12 1200€ TTC",
        {
            "invoice_on": date(2026, 11, 15),
            "invoice_due_on": date(2026, 12, 15),
            "amount_due": Decimal("1200.00"),
        },
    ),
    (
        "Dupont & Fils me doit 850 € HT soit 1020 € TTC",
        {"debtor_name": "Dupont & Fils", "amount_due": Decimal("1020.00")},
    ),
    ("facture de 1500 €, acompte de 500 €, reste 1000 €", {"amount_due": Decimal("1000.00")}),
    (
        "CHU de Nantes, facture FA-2026-014, 1 200 €, à payer avant le 30/09/2026",
        {
            "debtor_name": "CHU de Nantes",
            "debtor_kind": "public",
            "amount_due": Decimal("1200.00"),
            "invoice_due_on": date(2026, 9, 30),
            "invoice_number": "FA-2026-014",
        },
    ),
    (
        "Association des Lilas ne répond plus, 1250€, échéance fin septembre",
        {
            "debtor_name": "Association des Lilas",
            "debtor_kind": "association",
            "amount_due": Decimal("1250.00"),
            "invoice_due_on": date(2026, 9, 30),
        },
    ),
    (
        "Le syndic Foncia me doit 800€",
        {
            "debtor_name": "Syndic Foncia",
            "debtor_kind": "association",
            "amount_due": Decimal("800.00"),
        },
    ),
    (
        "Mme Dupond EI me doit 300 €",
        {
            "debtor_name": "Mme Dupond EI",
            "debtor_kind": "professionnel",
            "amount_due": Decimal("300.00"),
        },
    ),
    (
        "Café de la Mairie me doit 90 €",
        {
            "debtor_name": "Café de la Mairie",
            "amount_due": Decimal("90.00"),
        },
    ),
    (
        "l’hôpital privé Saint-Jean me doit 300 €",
        {
            "debtor_name": "Hôpital privé Saint-Jean",
            "amount_due": Decimal("300.00"),
        },
    ),
    (
        "Bonjour, la société Durand n’a toujours pas réglé ma facture 2026-17 de 640,50 €",
        {
            "debtor_name": "Durand",
            "amount_due": Decimal("640.50"),
            "invoice_number": "2026-17",
        },
    ),
    ("15 octobre 1250 €", {"amount_due": Decimal("1250.00")}),
    (
        "Ma facture F12 envoyée le 1er octobre 2026 n’a pas été payée",
        {
            "invoice_on": date(2026, 10, 1),
            "invoice_number": "F12",
        },
    ),
    (
        "Facture 2026-014 - Dupont SARL - 1250 € TTC - échéance 15/10/2026",
        {
            "debtor_name": "Dupont SARL",
            "debtor_kind": "professionnel",
            "amount_due": Decimal("1250.00"),
            "invoice_due_on": date(2026, 10, 15),
            "invoice_number": "2026-014",
        },
    ),
    ("Dupont doit payer le 30/11", {"debtor_name": "Dupont"}),
    ("j’ai une facture impayée", {}),
    ("On me doit de l’argent", {}),
    ("il m’a dit qu’il paierait le 30/11", {}),
    ("0612345678", {}),
    ("", {}),
]


@pytest.mark.parametrize(("typed", "facts"), READ)
def test_a_sentence_gives_its_facts_and_no_other(typed: str, facts: dict[str, object]) -> None:
    """Every fact plainly said is read, and nothing else is."""
    assert dict(read_sentence(typed, TODAY)) == facts


PHONE: list[tuple[str, str | None, str | None, str | None, str | None]] = [
    # typed, name, amount, invoice date, due date
    (
        "Dupont SARL n’a pas payé ma facture de 850 euros du 3 septembre",
        *("Dupont SARL", "850", "2026-09-03", None),
    ),
    (
        "dupont sarl a pas paye ma facture de 850 euros du 3 septembre",
        *("dupont sarl", "850", "2026-09-03", None),
    ),
    ("facture n 42 du 3/9 de 850 euros", None, "850", "2026-09-03", None),
    ("facture 850€ du 3 septembre, échéance 3 octobre", None, "850", "2026-09-03", "2026-10-03"),
    (
        "facture impayée de 1 250 € TTC du 15/09/26 à échéance du 15/10/26, client Dupont SARL",
        *("Dupont SARL", "1250", "2026-09-15", "2026-10-15"),
    ),
    ("facture de 850 €, du 3 septembre, impayée", None, "850", "2026-09-03", None),
    ("la facture de deux mille euros du 3 septembre", None, "2000", "2026-09-03", None),
    ("ma facture de 850 € pour le concert du 3 septembre", None, "850", None, None),
    ("850 euros du 15 octobre", None, "850", None, None),
    ("un retard du 15 octobre", None, None, None, "2026-10-15"),
    ("850 euros dus depuis le 15 octobre", None, "850", None, "2026-10-15"),
    ("850 euros dûs au 15 octobre par Dupont SARL", "Dupont SARL", "850", None, "2026-10-15"),
    ("montant dû 850 €, dû le 15/10", None, "850", None, "2026-10-15"),
    ("somme due le 15/10, 850 €", None, "850", None, "2026-10-15"),
    ("facture impayée depuis le 15 octobre, 850 €", None, "850", None, "2026-10-15"),
    ("facture échue du 15/10 850€", None, "850", None, "2026-10-15"),
    ("la sarl martin me doit deux mille euros", "Sarl martin", "2000", None, None),
    ("acompte de cent euros", None, None, None, None),
    ("dupont me doit 300 balles depuis 2 mois", "dupont", "300", None, "2026-09-22"),
    ("garage petit me doit 640e depuis ya 3 semaines", "garage petit", "640", None, "2026-11-01"),
    ("dupont me doit 300e depuis plus d'un mois", "dupont", "300", None, "2026-10-22"),
    ("dupont me doit 300e depuis un mois et demi", "dupont", "300", None, "2026-10-07"),
    ("dupont me doit 500€ depuis avant hier", "dupont", "500", None, "2026-11-20"),
    ("facture envoyee ya 3 semaines a dupont sarl", "dupont sarl", None, "2026-11-01", None),
    ("mme leroy me doit 450€ depuis le 3 oct 25", "mme leroy", "450", None, "2025-10-03"),
    ("facture du 3 oct 26 euros", None, "26", "2026-10-03", None),
    ("Mon client, la société ABC Conseil, me doit 360€", "ABC Conseil", "360", None, None),
    ("C’est Dupont SARL qui me doit 850 euros", "Dupont SARL", "850", None, None),
    ("850 euros que me doit Dupont SARL", "Dupont SARL", "850", None, None),
    ("facture de 850 euros du client Dupont SARL", "Dupont SARL", "850", None, None),
    ("850€ a Dupont SARL", "Dupont SARL", "850", None, None),
    ("a plus sarl me doit 100€", "a plus sarl", "100", None, None),
    ("Que du Bonheur SARL me doit 90€", None, "90", None, None),
    ("C'est Beau SARL me doit 90€", "C'est Beau SARL", "90", None, None),
    ("C’est la mairie de Lyon qui me doit 850 euros", "Mairie de Lyon", "850", None, None),
    ("Société ABC, 12 rue X 69003 Lyon, me doit 900€", None, "900", None, None),
    (
        "Client : Batiplus SAS\nMontant : 3450€\nÉchéance : 01/10/2026",
        *("Batiplus SAS", "3450", None, "2026-10-01"),
    ),
    (
        "fact 2026-88 du 01/09/2026 echeance 01/10/2026, Batiplus SAS, 3 450€",
        *("Batiplus SAS", "3450", "2026-09-01", "2026-10-01"),
    ),
    ("Dupont SARL me doit 300 €\npour un logo", "Dupont SARL", "300", None, None),
    ("reste 300 euros sur la facture 12 de dupont sarl", "dupont sarl", "300", None, None),
    ("850e hors acompte me doit dupont", None, "850", None, None),
    ("dupont sarl m a pas payé 850 euros", "dupont sarl", "850", None, None),
    ("Mme Petit ma tjrs pas payé 640e", "Mme Petit", "640", None, None),
    ("dupont sarl paie pas ma facture de 850 euros", "dupont sarl", "850", None, None),
    ("dupont sarl veut pas payer 850 euros", "dupont sarl", "850", None, None),
    ("Jean Petit me dois 850 euros", "Jean Petit", "850", None, None),
    (
        "1250e depuis le 15 oct 26, client mairie de lyon",
        "mairie de lyon",
        "1250",
        None,
        "2026-10-15",
    ),
    ("mairie de vienne 1 250€ttc", "mairie de vienne", "1250", None, None),
    ("Chez Paul me doit 300 €", "Chez Paul", "300", None, None),
    ("À Table SARL me doit 300 €", "À Table SARL", "300", None, None),
    ("l’association Les Amis me doit 300 euros", "Association Les Amis", "300", None, None),
    ("il ma pas payé", None, None, None, None),
    ("la boutique de la mairie me doit 300e", None, "300", None, None),
]


@pytest.mark.parametrize(("typed", "name", "amount", "invoiced", "due"), PHONE)
def test_a_sentence_typed_on_a_phone_is_read_or_left(
    typed: str, name: str | None, amount: str | None, invoiced: str | None, due: str | None
) -> None:
    """No accents, no « ne », « ya », « balles »: the four facts are right, or absent."""
    read = read_sentence(typed, TODAY)
    assert read.get("debtor_name") == name
    assert read.get("amount_due") == (amount and Decimal(amount))
    assert read.get("invoice_on") == (invoiced and date.fromisoformat(invoiced))
    assert read.get("invoice_due_on") == (due and date.fromisoformat(due))


WITH_TERMS: list[tuple[str, str | None, str | None, str | None]] = [
    # typed, terms, invoice date, due date
    (
        "Dupont SARL me doit 1250 €, facture F-014 du 15 septembre à 30 jours",
        *("jours:30", "2026-09-15", None),
    ),
    ("facture F-014 du 15/09 à 45 jours fin de mois, 850 €", "fin_de_mois:45", "2026-09-15", None),
    ("dupont sarl 850e facture 12 du 3/9 45j fdm", "fin_de_mois:45", "2026-09-03", None),
    ("facture n° 2026-12 du 15 sept 45 fdm, 640€", "fin_de_mois:45", "2026-09-15", None),
    ("facture du 20/10, fin de mois + 45 jours, 850 €", "fin_de_mois:45:fin", "2026-10-20", None),
    (
        "facture de 850 € du 3 septembre, payable à réception, impayée",
        *("reception", "2026-09-03", None),
    ),
    ("Dupont SARL me doit 300 €, paiement comptant", "reception", None, None),
    ("Dupont doit 850 €, net 30, facture du 3/9", "jours:30", "2026-09-03", None),
    ("facture à 30 jours du 15 septembre de 850 €", "jours:30", "2026-09-15", None),
    ("facture du 15 septembre, 30 jours, 850 €", "jours:30", "2026-09-15", None),
    ("facture de 850 € du 3 septembre, délai de paiement 30 jours", "jours:30", "2026-09-03", None),
    ("la facture du 2 septembre à trente jours, 1200 €", "jours:30", "2026-09-02", None),
    (
        "acompte de 30 % à la commande, solde 850 € à 30 jours, facture du 2 octobre",
        *("jours:30", "2026-10-02", None),
    ),
    (
        "Facture FA-2026-014 du 20/10/2026\nMontant : 850 €\nDélai : 30 jours\nClient : Dupont SARL",
        *("jours:30", "2026-10-20", None),
    ),
    (
        "Dupont SARL me doit 1250 € depuis le 15 octobre, facture à 30 jours",
        *("jours:30", None, "2026-10-15"),
    ),
    (
        "facture du 15 septembre à 30 jours échue le 15 octobre, 850 €",
        *("jours:30", "2026-09-15", "2026-10-15"),
    ),
    ("facture F12 du 15 septembre échue le 15 octobre 850€", None, "2026-09-15", "2026-10-15"),
    ("850 € à payer pour le 15 octobre, facture du 15/09", None, "2026-09-15", "2026-10-15"),
    ("facture du 5 octobre payable le 5 novembre, 850 €", None, "2026-10-05", "2026-11-05"),
    ("facture du 3/9 à 45 jours fin de mois de facturation", "fin_de_mois:45", "2026-09-03", None),
    ("facture du 3/9 30j 300€", "jours:30", "2026-09-03", None),
    ("facture de 300€ du 3/9 - 30 jours - Dupont SARL", "jours:30", "2026-09-03", None),
    ("facture 15 septembre 30 jours 300€", "jours:30", "2026-09-15", None),
    ("facture du 3/9, à payer sous 15 jours, 300 €", "jours:15", "2026-09-03", None),
    ("facture 12 à échéance du 30/10, 30 jours date de facture", "jours:30", None, "2026-10-30"),
    ("facture émise le 3/9 net à 60 jours 2 500,50 €", "jours:60", "2026-09-03", None),
    ("un délai de paiement de 60 jours, facture du 15/09, 300 €", "jours:60", "2026-09-15", None),
    ("dupont ma dit quil paye a 30 jours 300e", None, None, None),
    ("relance à 15 jours faite, facture du 15/09 300 €", None, "2026-09-15", None),
    ("facture reçue le 3 octobre, payable sous 30 jours, 850 €", "jours:30", None, None),
    ("Dupont me doit 300 € depuis 30 jours", None, None, "2026-10-23"),
    ("Dupont a 30 jours de retard sur 300 €", None, None, None),
    ("facture du 15 septembre, 30 jours de retard, 850 €", None, "2026-09-15", None),
    ("retard de paiement 30 jours, Dupont SARL, 300 €", None, None, None),
    ("Dupont SARL me doit 1250 €, 30 jours", None, None, None),
    ("ma facture a 30 jours, 850 €", None, None, None),
    ("il a promis de payer sous 30 jours les 300 €", None, None, None),
    ("Dupont paiera la facture de 300 € à 30 jours", None, None, None),
    ("je lui ai laissé un délai de 30 jours, il me doit 300 €", None, None, None),
    ("mise en demeure à 8 jours envoyée à Dupont, 300 €, facture 12", None, None, None),
    ("facture envoyée avec accusé de réception, 300 € dus", None, None, None),
    ("à réception du colis, facture de 300 €", None, None, None),
    ("concert à 3 jours de Noël, facture de 850 €", None, None, None),
    ("j’ai une facture à 30 jours", None, None, None),
    ("à 30 jours", None, None, None),
]


@pytest.mark.parametrize(("typed", "terms", "invoiced", "due"), WITH_TERMS)
def test_the_terms_of_an_invoice_are_no_date_and_no_delay_granted(
    typed: str, terms: str | None, invoiced: str | None, due: str | None
) -> None:
    """Terms are read where they are an invoice's, never from a lateness, a promise or a letter."""
    read = read_sentence(typed, TODAY)
    assert read.get("payment_terms") == terms
    assert read.get("invoice_on") == (invoiced and date.fromisoformat(invoiced))
    assert read.get("invoice_due_on") == (due and date.fromisoformat(due))
    assert not read.refused


def test_terms_leave_the_other_facts_of_the_sentence_as_they_are() -> None:
    """The number, the name and the amount stand beside the terms, and « 30 » is none of them."""
    read = read_sentence(
        "Dupont SARL me doit 1250 €, facture F-014 du 15 septembre à 30 jours", TODAY
    )
    assert dict(read) == {
        "debtor_name": "Dupont SARL",
        "debtor_kind": "professionnel",
        "amount_due": Decimal("1250.00"),
        "invoice_on": date(2026, 9, 15),
        "invoice_number": "F-014",
        "payment_terms": "jours:30",
    }
    assert dict(read_sentence("facture 30 jours de 850 €", TODAY)) == {
        "amount_due": Decimal("850.00")
    }


def test_a_day_after_the_word_invoice_is_not_its_number() -> None:
    """« facture 15 septembre » gives a day, and « j’ai facturé 1 200 € » an amount."""
    assert dict(read_sentence("facture 15 septembre 300€", TODAY)) == {
        "invoice_on": date(2026, 9, 15),
        "amount_due": Decimal("300.00"),
    }
    read = read_sentence("j’ai facturé 1 200 € à Martin SARL", TODAY)
    assert read["amount_due"] == Decimal("1200.00")
    assert "invoice_number" not in read


def test_a_way_of_sending_is_no_part_of_a_name() -> None:
    """« par mail à Dupont SARL » names Dupont SARL."""
    read = read_sentence("facture de 300 € envoyée par mail à Dupont SARL", TODAY)
    assert read["debtor_name"] == "Dupont SARL"


@pytest.mark.parametrize(
    ("typed", "fact", "notes"),
    [
        ("Dupont me doit environ 1200 €", "amount_due", ("approximate_amount",)),
        ("Dupont me doit dans les mille euros", "amount_due", ("approximate_amount",)),
        ("Dupont me doit deux mille euros HT", "amount_due", ("ht",)),
        ("échéance 15/12, Dupont, 300 €", "invoice_due_on", ("year_assumed", "far_year")),
    ],
)
def test_a_doubt_in_a_sentence_is_noted(typed: str, fact: str, notes: tuple[str, ...]) -> None:
    """What must be confirmed in an answer must be in a sentence too."""
    assert read_sentence(typed, TODAY).notes[fact] == notes


def test_what_was_assumed_is_noted_fact_by_fact() -> None:
    """A year taken and an amount without VAT are notes of their own facts."""
    read = read_sentence("facture F-014 de 850 € HT, échéance 15/10", TODAY)
    assert read.notes == {"amount_due": ("ht",), "invoice_due_on": ("year_assumed",)}


@pytest.mark.parametrize(
    ("typed", "fact", "code"),
    [
        ("Dupont me doit 300€ depuis le 31/09", "invoice_due_on", "date_impossible"),
        ("Dupont me doit 1250€. Échéance le 12/13/2026", "invoice_due_on", "date_month"),
        ("il me doit 300€ et 200€", "amount_due", "amount_several"),
        ("Dupont me doit 2 factures de 300 €", "amount_due", "amount_several"),
        ("facture 42 300 €", "amount_due", "amount_unclear"),
        ("échéance 3 nov 26 850e", "amount_due", "amount_unclear"),
        ("Dupont a payé 500€ sur 1250€", "amount_due", "amount_several"),
        ("Dupont me doit encore 750€ sur 1250€", "amount_due", "amount_several"),
        ("Dupont me doit 0 €", "amount_due", "amount_zero"),
        ("échéance le 15/10/2026, exigible le 16/10/2026", "invoice_due_on", "date_several"),
        ("facture du 15/9 à 2 mois, 850 €", "payment_terms", "terms_need_date"),
        (
            "facture du 15/9 à 30 jours à réception de facture, 850 €",
            *("payment_terms", "terms_need_date"),
        ),
        (
            "facture de 850 € à 60 jours fin de mois le 10 émise le 3/9",
            *("payment_terms", "terms_need_date"),
        ),
        ("facture à 30 jours, facture à 45 jours, 900 €", "payment_terms", "terms_unclear"),
    ],
)
def test_a_fact_said_wrongly_is_refused_under_its_name(typed: str, fact: str, code: str) -> None:
    """An impossible date or two amounts are not facts, but the reason is kept to ask again."""
    read = read_sentence(typed, TODAY)
    assert fact not in read
    assert read.refused[fact].code == code


def test_a_very_long_text_is_not_searched_for_facts() -> None:
    """A pasted novel gives no fact, and says why."""
    read = read_sentence("Dupont me doit 300 € " * 100, TODAY)
    assert dict(read) == {}
    assert read.refused["sentence"].code == "text_too_long"


def test_a_name_is_cut_out_exactly_as_typed() -> None:
    """Accents, capitals, apostrophes and letters of other alphabets stay in the name."""
    read = read_sentence("L’Œuvre d’Zoë Ñandú SAS me doit 10 €", TODAY)
    assert read["debtor_name"] == "L’Œuvre d’Zoë Ñandú SAS"


def test_a_sentence_read_is_a_mapping() -> None:
    """It is empty by default and lists its facts."""
    assert len(SentenceRead()) == 0
    assert list(SentenceRead({"amount_due": Decimal(1)})) == ["amount_due"]


@pytest.mark.parametrize(
    "typed",
    [
        "Martin Paul 0612345678 me doit 200 euros",
        "Mon client Jean Petit (06 12 34 56 78) me doit 200 €",
        "Quelqu’un me doit 200 euros",
        "Ils me doivent 200 euros",
        "Ma facture de 200 euros n’est pas payée",
        "un client me doit 200 euros",
        "200 euros",
    ],
)
def test_no_name_is_invented(typed: str) -> None:
    """A pronoun, a phone number or « un client » gives no debtor's name."""
    read = read_sentence(typed, TODAY)
    assert "debtor_name" not in read
    assert read["amount_due"] == Decimal("200.00")


@pytest.mark.parametrize(
    ("typed", "name", "kind"),
    [
        ("La commune de Vienne me doit 1250 €", "Commune de Vienne", "public"),
        ("commune de Vienne, 300 €", "commune de Vienne", "public"),
        ("la ville de Nantes me doit 300 €", "Ville de Nantes", "public"),
        ("la mairie de Lyon ne me paie pas 300 €", "Mairie de Lyon", "public"),
        ("EHPAD Les Tilleuls me doit 800 €", "EHPAD Les Tilleuls", "public"),
        ("l’EHPAD Les Tilleuls me doit 800 €", "EHPAD Les Tilleuls", "public"),
        ("le syndicat intercommunal des eaux me doit 500 €", "Syndicat intercommunal des eaux", "public"),
        ("le syndicat mixte du Parc me doit 800 €", "Syndicat mixte du Parc", "public"),
        ("le syndicat des copropriétaires Arc me doit 800 €", "Syndicat des copropriétaires Arc", "association"),
        ("syndicat CGT me doit 300 €", "syndicat CGT", None),
        ("EHPAD privé Korian me doit 900 €", "EHPAD privé Korian", None),
        ("Ehpad Les Lilas SAS me doit 900 €", "Ehpad Les Lilas SAS", None),
        ("Villeneuve Paul me doit 300 €", "Villeneuve Paul", None),
    ],
)  # fmt: skip
def test_a_public_client_is_known_by_its_first_words(
    typed: str, name: str, kind: str | None
) -> None:
    """A commune, a town, a public home, a joint authority; a name that only looks like one is asked."""
    facts = read_sentence(typed, TODAY).facts
    assert facts["debtor_name"] == name
    assert facts.get("debtor_kind") == kind
