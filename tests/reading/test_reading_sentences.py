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
            "debtor_name": "mairie de Saint-Étienne",
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
            "debtor_name": "syndic Foncia",
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
            "debtor_name": "hôpital privé Saint-Jean",
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
        ("Dupont me doit 0 €", "amount_due", "amount_zero"),
        ("échéance le 15/10/2026, exigible le 16/10/2026", "invoice_due_on", "date_several"),
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
