"""What the filings of a collective procedure, of the administrative judge and of the accounts say case by case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from letters import draft, load_catalogue

Make = Callable[[str], dict[str, Any]]
CLAIM = "declaration_creance"


def plain(text: str) -> str:
    """Write spaces and apostrophes as a keyboard does."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def written(document_id: str, known: dict[str, Any]) -> str:
    """Write a document and give its text with plain spaces and apostrophes."""
    return plain(draft(load_catalogue().get(document_id), known).text)


def test_a_consumer_is_not_asked_for_the_guarantee_of_a_business(facts: Make) -> None:
    """A building site changes the letter of suspension for a business only."""
    usual = written("suspension_travaux", facts("particulier"))
    assert (
        written("suspension_travaux", facts("particulier") | {"special_case": "batiment"}) == usual
    )
    assert "1799-1" not in usual


def test_an_invoice_not_due_at_the_judgment_is_declared_as_falling_due(facts: Make) -> None:
    """A sum due on or after the opening judgment is « à échoir », with its date, none is « échue »."""
    for due_on in (date(2026, 11, 2), date(2026, 11, 30)):
        text = written(CLAIM, facts("professionnel") | {"invoice_due_on": due_on})
        assert "Somme échue au jour du jugement d'ouverture : néant" in text
        assert "Somme à échoir : 1 250,00 €, à l'échéance du" in text


@pytest.mark.parametrize("document_id", [CLAIM, "releve_forclusion"])
@pytest.mark.parametrize(
    ("kind", "words", "article"),
    [
        ("sauvegarde", "Procédure : sauvegarde, ouverte", ""),
        ("redressement", "Procédure : redressement judiciaire, ouverte", "L. 631-14"),
        ("liquidation", "Procédure : liquidation judiciaire, ouverte", "L. 641-3"),
    ],
)
def test_each_procedure_names_the_article_that_applies_the_rule(
    document_id: str, kind: str, words: str, article: str, facts: Make
) -> None:
    """The rules of the sauvegarde reach the other procedures by an article of their own."""
    text = written(document_id, facts("professionnel") | {"procedure_kind": kind})
    assert words in text
    for other in ("L. 631-14", "L. 641-3"):
        assert (other in text) == (other == article)


def test_a_claim_says_what_it_rests_on(facts: Make) -> None:
    """A title or a request or a suit from before the judgment, or none: each is said, and alone."""
    known = facts("professionnel")
    titled = written(CLAIM, known | {"title_on": date(2026, 10, 28)})
    asked = written(CLAIM, known | {"request_on": date(2026, 10, 20)})
    sued = written(CLAIM, known | {"sued_on": date(2026, 10, 20), "request_on": None})
    neither = written(CLAIM, known)
    said = [
        "Elle résulte d'un titre exécutoire du 28 octobre 2026",
        "déposée le 20 octobre 2026 au tribunal judiciaire de Paris",
        "Elle fait l'objet d'une instance engagée le 20 octobre 2026 devant le tribunal judiciaire de Paris",
        "aucune juridiction n'en est saisie",
    ]
    for at, text in enumerate((titled, asked, sued, neither)):
        assert [words in text for words in said] == [rank == at for rank in range(4)]


def test_goods_sold_with_a_reserve_keep_it_in_the_claim(facts: Make) -> None:
    """The claim for goods names the clause and does not give it up; another work names none."""
    known = facts("professionnel")
    goods = written(CLAIM, known | {"special_case": "marchandises"})
    assert "sans renoncer à cette réserve" in goods
    assert "au verso du devis signé D-2026-031" in goods
    assert "réserve de propriété" not in written(CLAIM, known)


def test_a_public_hospital_needs_no_lawyer_either(facts: Make) -> None:
    """The request says which of the two bodies it is made against."""
    hospital = written(
        "refere_provision_administratif", facts("public") | {"public_body": "hopital"}
    )
    assert "est un établissement public de santé : cette requête est dispensée d'avocat" in hospital
    assert "collectivité territoriale" not in hospital


def test_interest_not_known_yet_is_asked_from_the_due_date(facts: Make) -> None:
    """Without a computed interest, the request asks it from the day after the due date, at the legal rate."""
    known = facts("public") | {"penalties": Decimal(0)}
    known["decompte"] = known["decompte"] | {"lines": []}
    text = written("refere_provision_administratif", known)
    assert "au taux fixé par l'article R. 2192-31 du code de la commande publique" in text
    assert "à compter du lendemain de l'échéance et jusqu'à" in text


@pytest.mark.parametrize("status", ["commercant", "inconnu", None])
def test_only_one_who_is_no_trader_says_so(status: str | None, facts: Make) -> None:
    """The excluded invoices between traders are denied only by a libéral or an artisan."""
    known = facts("professionnel")
    assert "entre commerçants" in written(
        "petites_creances", known | {"creditor_status": "artisan"}
    )
    assert "entre commerçants" not in written(
        "petites_creances", known | {"creditor_status": status}
    )


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("abandon", "renonciation à la réclamer"),
        ("liquidation", "liquidation judiciaire du client"),
        ("prescription", "délai pour agir dépassé"),
        ("geste", "geste commercial convenu avec le client"),
    ],
)
def test_the_accounts_get_the_reason_and_the_vat(reason: str, words: str, facts: Make) -> None:
    """With VAT charged, the note gives the principle and sends to the accountant; without, nothing to do."""
    known = facts("professionnel") | {"loss_reason": reason}
    free = written("note_comptable", known)
    charged = written("note_comptable", known | {"creditor_vat": "assujetti"})
    assert words in free
    assert words in charged
    assert "272-1" not in free
    assert "article 272-1 du code général des impôts" in charged
    assert "À vérifier avec votre comptable" in charged
    assert ("Avoir n° A-2026-003" in written("note_comptable", known | {"exhibits": []})) == (
        reason == "geste"
    )


@pytest.mark.parametrize(
    ("document_id", "fact"),
    [
        ("saisine_conciliateur", "facts_summary"),
        ("saisine_mediateur_entreprises", "facts_summary"),
        ("releve_forclusion", "late_reason"),
    ],
)
def test_a_typed_sentence_ends_once(document_id: str, fact: str, facts: Make) -> None:
    """What the person typed keeps its own full stop, and gets one when it has none."""
    for typed in ("aucun avis reçu", "aucun avis reçu."):
        text = written(document_id, facts("professionnel") | {fact: typed})
        assert "aucun avis reçu." in text
        assert "aucun avis reçu.." not in text
