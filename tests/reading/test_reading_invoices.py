"""The day of an invoice with its terms in one answer. Sunday 22 November 2026 is today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.reading import (
    Refused,
    Understood,
    read_date,
    read_invoice_and_terms,
    read_sentence,
    show_terms,
)

TODAY = date(2026, 11, 22)

READ: list[tuple[str, str, str]] = [
    ("facture du 20/10 à 45 jours fin de mois", "2026-10-20", "fin_de_mois:45"),
    ("Facture du 20/10/2026 (30 jours)", "2026-10-20", "jours:30"),
    ("20 octobre, 30 jours", "2026-10-20", "jours:30"),
    ("15 oct 30 jours net", "2026-10-15", "jours:30"),
    ("20/10/2026 30 jours fin de mois", "2026-10-20", "fin_de_mois:30"),
    ("20 octobre 2026 à réception de facture", "2026-10-20", "reception"),
    ("émise le 3 novembre à réception", "2026-11-03", "reception"),
    ("emise hier, comptant", "2026-11-21", "reception"),
    ("30 jours après le 15 octobre", "2026-10-15", "jours:30"),
    ("à 30 jours du 15 octobre", "2026-10-15", "jours:30"),
    ("45 jours fin de mois à partir du 20/10", "2026-10-20", "fin_de_mois:45"),
    ("30 jours fin de mois, facture du 20/10", "2026-10-20", "fin_de_mois:30"),
    ("facture du 20/10, fin de mois puis 45 jours", "2026-10-20", "fin_de_mois:45:fin"),
    ("facture du 20-10 à trente jours", "2026-10-20", "jours:30"),
    ("fac du 20/10 45j fdm", "2026-10-20", "fin_de_mois:45"),
    ("facture n°42 du 20/10, 30 jours", "2026-10-20", "jours:30"),
    ("facture F-014 du 20/10 à 30 jours 👍", "2026-10-20", "jours:30"),
    ("la facture est du 20 octobre, payable à 30 jours", "2026-10-20", "jours:30"),
    ("ma facture du 3 septembre était à 30 jours", "2026-09-03", "jours:30"),
    ("facture emise le 1er octobre 2026, paiement à 60 jours", "2026-10-01", "jours:60"),
    ("date de la facture 20/10, délai 30 jours", "2026-10-20", "jours:30"),
    ("facture d’il y a 3 semaines à 30 jours", "2026-11-01", "jours:30"),
    ("facture du 20 à 30 jours", "2026-11-20", "jours:30"),
    ("facture du 20/10", "2026-10-20", ""),
    ("facturé le 20 oct", "2026-10-20", ""),
    ("facture datée du 3/9", "2026-09-03", ""),
    ("date de facture : 20/10/2026", "2026-10-20", ""),
    ("j’ai envoyé la facture le 3/9", "2026-09-03", ""),
    ("facture d’hier", "2026-11-21", ""),
    ("déposée le 22/09 sur Chorus Pro", "2026-09-22", ""),
    ("facture déposée sur Chorus Pro le 22/09", "2026-09-22", ""),
    ("reçue le 22 septembre", "2026-09-22", ""),
    ("facture du 22/11/2026 à 30 jours", "2026-11-22", "jours:30"),
    ("à 30 jours du 15", "2026-11-15", "jours:30"),
]


@pytest.mark.parametrize(("typed", "day", "terms"), READ)
def test_an_invoice_is_read_with_its_terms(typed: str, day: str, terms: str) -> None:
    """The day is the invoice's, and the terms are in their text form, "" when not said."""
    read = read_invoice_and_terms(typed, TODAY)
    assert isinstance(read, Understood)
    assert read.value == (date.fromisoformat(day), terms)


@pytest.mark.parametrize(
    "typed",
    [
        "15/10",
        "15/10/2026",
        "le 15 octobre",
        "fin septembre",
        "mi-octobre",
        "il y a 3 semaines",
        "il y a 30 jours",
        "depuis 30 jours",
        "depuis le 15 octobre",
        "dans 30 jours",
        "hier",
        "lundi",
        "lundi dernier",
        "début du mois",
    ],
)
def test_a_plain_due_date_is_left_to_the_reader_of_dates(typed: str) -> None:
    """A date without « facture » nor terms may be the due date: it is not taken for the invoice's."""
    assert read_invoice_and_terms(typed, TODAY) == Refused("invoice_terms_unclear")
    assert isinstance(read_date(typed, TODAY, "past"), Understood)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("échéance le 15/10", "invoice_terms_unclear"),
        ("facture à payer le 15/10", "invoice_terms_unclear"),
        ("facture échue le 15/10", "invoice_terms_unclear"),
        ("facture impayée depuis le 15/10", "invoice_terms_unclear"),
        ("facture pour le 20/10", "invoice_terms_unclear"),
        ("facture du 20/10 payable le 15/11", "invoice_terms_unclear"),
        ("facture du 20/10 échéance 15/11", "invoice_terms_unclear"),
        ("le 15 octobre 30 jours de retard", "invoice_terms_unclear"),
        ("30 jours", "invoice_terms_unclear"),
        ("facture à 30 jours", "invoice_terms_unclear"),
        ("facture à 2 mois", "invoice_terms_unclear"),
        ("facture", "invoice_terms_unclear"),
        ("fin du mois", "invoice_terms_unclear"),
        ("", "invoice_terms_unclear"),
        ("facture du 31/09 à 30 jours", "date_impossible"),
        ("facture du 20/10 à 2 mois", "terms_need_date"),
        ("facture du 20/10 à 400 jours", "terms_range"),
    ],
)
def test_what_is_no_invoice_with_its_terms_is_refused(typed: str, code: str) -> None:
    """A due date, terms without a date and an impossible date each keep their reason."""
    read = read_invoice_and_terms(typed, TODAY)
    assert isinstance(read, Refused)
    assert read.code == code


def test_the_notes_of_the_date_are_kept() -> None:
    """A year that was taken is read back with the invoice."""
    read = read_invoice_and_terms("facture du 20/10 à 30 jours", TODAY)
    assert read == Understood((date(2026, 10, 20), "jours:30"), ("year_assumed",))


FORMS = st.sampled_from(
    ["jours:30", "jours:7", "fin_de_mois:45", "fin_de_mois:60:fin", "fin_de_mois:45:ajouter"]
)


@given(st.integers(0, 700), FORMS, st.sampled_from(["facture du {} à {}", "{}, {}"]))
@settings(deadline=None, max_examples=100)
def test_any_day_and_any_terms_come_back(days: int, form: str, sentence: str) -> None:
    """A full date and terms as they are shown are read as they were."""
    day = TODAY - timedelta(days=days)
    said = sentence.format(f"{day:%d/%m/%Y}", show_terms(form))
    assert read_invoice_and_terms(said, TODAY) == Understood((day, form))


@pytest.mark.parametrize(
    "typed",
    [
        "facture émise le 20 octobre à 45 jours fin de mois le 15",
        "facture émise le 20 octobre à 45 jours fin de mois le 15 du mois suivant",
        "20 octobre, 30 jours le 10",
        "facture du 20 octobre 30 jours 15",
        "45 jours fin de mois le 15",
    ],
)
def test_a_day_to_pay_on_is_no_year(typed: str) -> None:
    """The day of the month on which to pay is never read as the year of the invoice."""
    assert read_invoice_and_terms(typed, TODAY) == Refused("terms_need_date")


@pytest.mark.parametrize(
    "typed", ["facture du 20/10/2027", "facture du 23/11/2026 à 30 jours", "facturé demain"]
)
def test_an_invoice_of_a_day_to_come_is_refused(typed: str) -> None:
    """An invoice that asks to be paid was issued today at the latest."""
    assert read_invoice_and_terms(typed, TODAY) == Refused("invoice_to_come")


def test_a_sentence_refuses_an_invoice_of_a_day_to_come() -> None:
    """A whole sentence keeps the rest and says what is wrong with the invoice's day."""
    read = read_sentence("Dupont SARL me doit 1250 €, facture du 20/10/2027", TODAY)
    assert "invoice_on" not in read.facts
    assert read.refused["invoice_on"] == Refused("invoice_to_come")
    assert read.facts["debtor_name"] == "Dupont SARL"


def test_a_sentence_notes_a_due_date_before_its_invoice() -> None:
    """A dated due date before the invoice is kept with a doubt, one after it without."""
    told = "Dupont SARL me doit 1250 €, facture du 20/10/2026, échéance le {}"
    early = read_sentence(told.format("15/09/2026"), TODAY)
    assert early.notes["invoice_due_on"] == ("due_before_invoice",)
    assert "invoice_due_on" not in read_sentence(told.format("15/11/2026"), TODAY).notes
