"""Facts to write every document with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

LATE = {"professionnel", "public"}
NAMES = {
    "professionnel": "Dupont SARL",
    "particulier": "Claude Dupont",
    "public": "Mairie de Colmar",
    "association": "Association Les Mouettes",
    "etranger": "Muster GmbH",
}
BASIS = {
    "professionnel": ["art. L441-10, II C. com.", "art. D441-5 C. com."],
    "public": ["art. R2192-31 à R2192-33 CCP", "art. D2192-35 CCP"],
    "etranger": [],
}


def all_facts(kind: str) -> dict[str, Any]:
    """Give every fact a document may read, for one kind of debtor."""
    late = kind in LATE
    interest = Decimal("23.36") if late else Decimal(0)
    lump_sum = Decimal(40) if late else Decimal(0)
    lines = [
        {
            "label": "",
            "from_on": date(2026, 9, 29),
            "to_on": date(2026, 11, 22),
            "days": 55,
            "base": Decimal("1250.00"),
            "rate": Decimal("12.40"),
            "amount": interest,
        }
    ]
    return {
        "creditor_name": "Camille Martin EI",
        "creditor_first_name": "Camille",
        "creditor_trade": "Création de sites internet",
        "creditor_address": "12 rue de l’Église\n67000 Strasbourg",
        "creditor_siret": "73282932000074",
        "creditor_phone": "06 12 34 56 78",
        "creditor_email": "camille@exemple.fr",
        "creditor_iban": "FR7630006000011234567890189",
        "creditor_city": "Strasbourg",
        "debtor_kind": kind,
        "debtor_name": NAMES[kind],
        "debtor_address": "8 boulevard Haussmann\n75009 Paris",
        "debtor_contact": "Madame Weber",
        "debtor_siren": "732829320",
        "invoice_number": "F-2026-014",
        "invoice_on": date(2026, 8, 29),
        "invoice_due_on": date(2026, 9, 28),
        "amount_due": Decimal("1250.00"),
        "work_label": "la création de votre site",
        "work_done_on": date(2026, 8, 28),
        "agreed_on": date(2026, 7, 1),
        "agreed_ref": "D-2026-031",
        "delivered_on": date(2026, 8, 28),
        "public_reference": "EJ4500123456",
        "public_body": "collectivite",
        "contested": "non",
        "penalties_unknown": False,
        "promised_on": date(2026, 11, 10),
        "missing_piece": "le bon de commande",
        "complaint": "les photos de la page d’accueil sont floues",
        "complaint_on": date(2026, 10, 2),
        "fix_on": date(2026, 12, 1),
        "gesture_amount": Decimal(150),
        "instalments": 3,
        "today": date(2026, 11, 22),
        "new_due_on": date(2026, 11, 30),
        "reply_by_on": date(2026, 12, 1),
        "notice_days": 8 if kind == "professionnel" else 15,
        "amount_remaining": Decimal("1250.00"),
        "net_after_gesture": Decimal("1100.00"),
        "penalties": interest,
        "lump_sum": lump_sum,
        "total_due": Decimal("1250.00") + interest + lump_sum,
        "penalties_until": date(2026, 11, 22),
        "days_late": 55,
        "penalty_rate_text": "taux convenu pour l’essai" if late else "",
        "decompte": {
            "lines": lines if late else [],
            "invoices": [
                {
                    "number": "F-2026-014",
                    "principal": Decimal("1250.00"),
                    "interest": interest,
                    "lump_sum": lump_sum,
                    "days_late": 55,
                }
            ],
            "interest_accrued": interest,
            "paid": Decimal(0),
            "credit": Decimal(0),
            "imputation": "interest_first",
            "sentences": [],
        },
        "letters_before": [
            {"title": "Première relance", "on": date(2026, 10, 8)},
            {"title": "Deuxième relance", "on": date(2026, 10, 23)},
        ],
        "schedule": [
            {"on": date(2026, 12, 1), "amount": Decimal("416.66")},
            {"on": date(2027, 1, 1), "amount": Decimal("416.66")},
            {"on": date(2027, 2, 1), "amount": Decimal("416.68")},
        ],
        "law_checked_on": date(2026, 11, 22),
        "legal_basis": BASIS.get(kind, ["art. 1231-6 C. civ.", "art. 1344-1 C. civ."]),
    }


@pytest.fixture
def facts() -> Callable[[str], dict[str, Any]]:
    """Every fact, by kind of debtor."""
    return all_facts
