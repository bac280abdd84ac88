"""Facts to write every document with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from flows.facts.stated import in_words
from flows.law import load_law
from letters import Draft, draft, load_catalogue, sheet
from letters.format import pourcent
from letters.pdf import render

TODAY = date(2026, 11, 22)
DUE = date(2026, 9, 28)
PRINCIPAL = Decimal("1250.00")
RATES = {"professionnel": Decimal("12.40"), "public": Decimal("10.40")}
RATE_TEXTS = {
    kind: f"taux de la Banque centrale européenne majoré de {points} points, "
    f"soit {pourcent(RATES[kind])} par an au second semestre 2026"
    for kind, points in (("professionnel", 10), ("public", 8))
}
STORIES: dict[str, dict[str, Any]] = {
    "declaration_creance": {"penalties_until": date(2026, 11, 2)},  # the day of the judgment
    "releve_forclusion": {
        "procedure_opened_on": date(2026, 9, 7),
        "bodacc_on": date(2026, 9, 15),
        "penalties_until": date(2026, 9, 7),
    },
    "refere_provision_administratif": {
        "delivered_on": date(2026, 7, 28),
        "invoice_on": date(2026, 7, 29),
        "invoice_due_on": date(2026, 8, 28),
        "prior_claim_on": date(2026, 9, 15),
        "prior_claim_over": True,
    },
}
"""The days that differ for a document whose own delays would not be kept otherwise."""
FORMS = {"association": ("association déclarée", "présidence")}
FIRM = ("société à responsabilité limitée", "gérance")
LAW = {name: in_words(name, load_law(), TODAY) for name in load_law().parameters}
"""Every parameter of the law in words, as of the day of the examples."""
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


def all_facts(kind: str, document_id: str = "") -> dict[str, Any]:
    """Give every fact a document may read, for one kind of debtor; the days are those its document supposes."""
    story = STORIES.get(document_id, {})
    due, until = story.get("invoice_due_on", DUE), story.get("penalties_until", TODAY)
    return {**_facts(kind), **_counted(kind, due, until), **story}


def _counted(kind: str, due: date, until: date) -> dict[str, Any]:
    """Count what is owed on a day: interest by the rate of the debtor, the lump sum once it is late."""
    late = kind in RATES and until > due
    days = (until - due).days if late else 0
    rate = RATES.get(kind, Decimal(0))
    interest = (PRINCIPAL * rate * days / 36500).quantize(Decimal("0.01"))
    lump_sum = Decimal(40) if late else Decimal(0)
    line = {
        "label": "",
        "from_on": due + timedelta(days=1),
        "to_on": until,
        "days": days,
        "base": PRINCIPAL,
        "rate": rate,
        "amount": interest,
    }
    invoice = {
        "number": "F-2026-014",
        "principal": PRINCIPAL,
        "interest": interest,
        "lump_sum": lump_sum,
        "days_late": 55,
    }
    return {
        "penalties": interest,
        "lump_sum": lump_sum,
        "total_due": PRINCIPAL + interest + lump_sum,
        "penalties_until": until,
        "penalty_rate_text": RATE_TEXTS[kind] if late else "",
        "decompte": {
            "lines": [line] if late else [],
            "invoices": [invoice],
            "interest_accrued": interest,
            "paid": Decimal(0),
            "credit": Decimal(0),
            "imputation": "interest_first",
            "sentences": [],
        },
    }


def _facts(kind: str) -> dict[str, Any]:
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
        "invoice_due_on": DUE,
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
        "first_instalment_on": date(2026, 12, 1),
        "today": date(2026, 11, 22),
        "new_due_on": date(2026, 11, 30),
        "reply_by_on": date(2026, 12, 1),
        "notice_days": 8 if kind == "professionnel" else 15,
        "amount_remaining": PRINCIPAL,
        "net_after_gesture": Decimal("1100.00"),
        "days_late": 55,
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
        **_filing_facts(),
        "debtor_form": FORMS.get(kind, FIRM)[0],
        "debtor_representative": f"Dominique Dupont, en qualité de {FORMS.get(kind, FIRM)[1]}",
        **_later_facts(),
        "legal_basis": BASIS.get(kind, ["art. 1231-6 C. civ.", "art. 1344-1 C. civ."]),
    }


def _filing_facts() -> dict[str, Any]:
    """Give what a filing states: civil status, courts, procedures."""
    return {
        "creditor_civil_name": "Martin Camille Anne",
        "creditor_born_on": date(1990, 5, 4),
        "creditor_born_at": "Nantes",
        "creditor_nationality": "française",
        "creditor_home": "12 rue de l’Église\n67000 Strasbourg",
        "creditor_status": "liberal",
        "creditor_vat": "franchise",
        "consumer_mediator": "Médiation des services, 3 rue des Tilleuls, 75011 Paris",
        "debtor_status": "societe",
        "debtor_country_name": "Allemagne",
        "end_client_name": "Bâtisseurs Réunis SAS",
        "end_client_address": "1 place des Halles\n69003 Lyon",
        "commissaire_name": "Étude Morel, commissaires de justice",
        "commissaire_address": "4 rue du Palais\n75001 Paris",
        "mandataire_name": "Maître Roux, mandataire judiciaire",
        "mandataire_address": "9 quai des Brumes\n67000 Strasbourg",
        "administrator_name": "aucun",
        "administrator_address": "2 rue du Dôme\n67000 Strasbourg",
        "service_name": "Service facturier",
        "service_address": "1 place de la Mairie\n68000 Colmar",
        "court_name": "tribunal judiciaire",
        "court_city": "Paris",
        "court_address": "Parvis du Tribunal\n75017 Paris",
        "court_find": "L’annuaire de justice.fr donne le tribunal de la commune du débiteur.",
        "court_territory": "Celui du domicile du débiteur.",
        "referral_court": "tribunal judiciaire de Paris",
        "order_number": "21-26-004521",
        "order_amount": Decimal("1313.36"),
        "procedure_kind": "redressement",
        "procedure_opened_on": date(2026, 11, 2),
        "procedure_court": "tribunal de commerce de Colmar",
        "procedure_number": "2026J00123",
        "bodacc_on": date(2026, 11, 10),
        "declare_by_on": date(2027, 1, 11),
        "late_reason": "je n’ai pas été averti de la procédure par le mandataire",
        "notice_on": date(2026, 10, 30),
        "notice_received_on": date(2026, 11, 3),
        "prior_claim_on": date(2026, 10, 5),
        "prior_claim_over": False,
        "limitation_passed": False,
        "request_on": date(2026, 11, 12),
        "sued_on": date(2026, 11, 13),
        "order_on": date(2026, 11, 16),
        "served_on": date(2026, 11, 18),
        "serve_by_on": date(2027, 2, 16),
        "opposed_on": date(2026, 11, 20),
        "title_on": date(2026, 11, 21),
    }


def _later_facts() -> dict[str, Any]:
    """Give what the letters of a longer story state: contest, agreement, payment, end."""
    return {
        "goods_label": "trois chaises en chêne",
        "retention_clause": "au verso du devis signé D-2026-031",
        "suspended_from_on": date(2026, 12, 8),
        "contest_reply": "les photos ont été livrées dans la taille prévue au devis",
        "facts_summary": "j’ai livré le site à la date convenue et la facture n’a pas été payée",
        "amicable_attempt": "réunion avec le conciliateur de justice le 12 novembre 2026, sans accord",
        "credit_number": "A-2026-003",
        "special_case": "aucun",
        "paid_amount": Decimal("1250.00"),
        "paid_on": date(2026, 11, 20),
        "paid_means": "virement",
        "paid_total": Decimal("0.00"),
        "loss_reason": "liquidation",
        "instalment_on": date(2026, 12, 1),
        "instalment_amount": Decimal("416.66"),
        "next_instalments": [{"on": date(2027, 1, 4), "amount": Decimal("416.66")}],
        "closed_on": date(2026, 11, 22),
        "tutoiement": False,
        "absent": [],
        "exhibits": [
            {"number": 1, "title": "Facture n° F-2026-014", "pages": 1},
            {"number": 2, "title": "Devis accepté D-2026-031", "pages": 2},
        ],
        "law": LAW,
    }


@cache
def _written(
    document_id: str, debtor: str, tone: str = "normal", *, tu: bool = False, least: bool = False
) -> Draft:
    document = load_catalogue().get(document_id)
    known = all_facts(debtor, document_id)
    if least:
        keep = {*document.needs, *document.computed, "debtor_kind", "law"}
        known = {name: value for name, value in known.items() if name in keep}
    return draft(document, known | {"tutoiement": tu}, tone)


@cache
def _printed(document_id: str, debtor: str, tone: str = "normal", *, least: bool = False) -> bytes:
    return render(sheet(_written(document_id, debtor, tone, least=least)), today=TODAY)


@cache
def _read(
    document_id: str, debtor: str, tone: str = "normal", *, least: bool = False
) -> tuple[str, ...]:
    pdf = PdfReader(BytesIO(_printed(document_id, debtor, tone, least=least)))
    return tuple(page.extract_text() for page in pdf.pages)


@cache
def _distinct(document_id: str, *, least: bool = False) -> tuple[tuple[str, str], ...]:
    document = load_catalogue().get(document_id)
    found: dict[str, tuple[str, str]] = {}
    for debtor in document.debtors:
        for tone in document.tones:
            text = _written(document_id, debtor, tone, least=least).text
            found.setdefault(text.replace(NAMES[debtor], ""), (debtor, tone))
    return tuple(found.values())


@pytest.fixture
def written() -> Callable[..., Draft]:
    """Write a document for a debtor in a tone: with all facts, or with the `least` it needs.

    `tu`: in the informal way. What was written once is not written again.
    """
    return _written


@pytest.fixture
def distinct() -> Callable[..., tuple[tuple[str, str], ...]]:
    """Give each debtor and tone of a document whose text is not an earlier one with another name."""
    return _distinct


@pytest.fixture
def pdf_of() -> Callable[..., bytes]:
    """Print what `written` gives, as of the day of the examples, once."""
    return _printed


@pytest.fixture
def read() -> Callable[..., tuple[str, ...]]:
    """Read the pages of what `pdf_of` gives, once."""
    return _read


@pytest.fixture
def facts() -> Callable[..., dict[str, Any]]:
    """Every fact, by kind of debtor, and by document where its days differ."""
    return all_facts
