"""The sentences on an agreed rate stand under a letter, on a phone: they stay short whatever is counted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.dossier import DebtorKind
from flows.law import AgreedRate, Claim, Decompte, compute_decompte, load_law

UNTIL = date(2026, 11, 22)
MOST = 340


def draw_up(agreed: str, dues: list[date], prefix: str = "F") -> Decompte:
    """Count invoices of 1 000 €, each with a number."""
    claims = [Claim(f"{prefix}{n}", due, Decimal(1000)) for n, due in enumerate(dues)]
    rate = AgreedRate.parse(agreed)
    return compute_decompte(claims, [], DebtorKind.PROFESSIONAL, UNTIL, load_law(), agreed=rate)


@settings(deadline=None, max_examples=80)
@given(
    agreed=st.sampled_from(["taux:0.01", "taux:15.00", "taux:8.25", "legal:2.75", "bce:5.75"]),
    dues=st.lists(st.dates(date(2015, 1, 1), date(2026, 10, 31)), min_size=1, max_size=8),
    prefix=st.sampled_from(["F", "FACTURE-2026-0000"]),
)
def test_no_sentence_on_an_agreed_rate_is_long(agreed: str, dues: list[date], prefix: str) -> None:
    """Ten years of half-years and eight invoices make no sentence of more than 340 characters."""
    for text in draw_up(agreed, dues, prefix).agreed_sentences:
        assert len(text) <= MOST
        assert "minimum légal" in text


@pytest.mark.parametrize(
    ("dues", "prefix", "says"),
    [
        (
            [date(2026, 1, 31)],
            "F",
            "7,86\u00a0%), au second semestre 2026 (minimum de 8,25\u00a0%)",
        ),
        ([date(2020, 1, 31)], "F", "(minimum de 2,61\u00a0%) et pendant 13 autres semestres."),
        ([date(2026, 7, 31)] * 2, "F", "pour la facture F0 et la facture F1, est inférieur"),
        ([date(2026, 7, 31)] * 8, "FACTURE-2026-0000", "pour 8 factures, est inférieur"),
    ],
)
def test_what_does_not_fit_is_counted(dues: list[date], prefix: str, says: str) -> None:
    """Half-years and invoices are named while they fit, and counted after."""
    (text,) = draw_up("taux:0.01", dues, prefix).agreed_sentences
    assert says in text
