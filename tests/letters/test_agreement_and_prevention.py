"""What a plan, a gesture or an ended file changes in the texts: instalments, credit note, prevention."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from letters import draft, load_catalogue

Make = Callable[[str], dict[str, Any]]
PREVENTION = [
    *("prevention_bilan", "prevention_devis", "prevention_facture"),
    *("prevention_acompte", "prevention_avancement"),
]
DEBTORS = ["professionnel", "particulier", "public", "association", "etranger"]


def _text(document_id: str, facts: dict[str, Any], tone: str = "normal") -> str:
    text = draft(load_catalogue().get(document_id), facts, tone).text
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("tutoiement", [False, True])
@pytest.mark.parametrize("tone", ["normal", "plus_doux", "plus_ferme"])
def test_a_missed_instalment_gets_a_new_date(tone: str, tutoiement: bool, facts: Make) -> None:
    """Once its day has passed, an instalment is said not received, and a new date is given."""
    known = {**facts("professionnel"), "tutoiement": tutoiement}
    due = _text("rappel_versement", known, tone)
    missed = _text("rappel_versement", {**known, "instalment_on": date(2026, 11, 20)}, tone)
    assert "30 novembre 2026" not in due
    assert "20 novembre 2026" in missed
    assert "30 novembre 2026" in missed
    assert "reçu" in missed
    assert ("tout le reste" in missed) == (tone == "plus_ferme")


def test_an_instalment_due_today_is_not_missed(facts: Make) -> None:
    """The day itself still counts as in time."""
    known = {**facts("particulier"), "instalment_on": date(2026, 11, 22)}
    assert "Selon notre échéancier" in _text("rappel_versement", known)


def test_the_last_instalment_announces_no_other(facts: Make) -> None:
    """With nothing left after it, no list of dates follows."""
    known = {**facts("association"), "next_instalments": []}
    assert "La suite de notre échéancier" not in _text("rappel_versement", known)


@pytest.mark.parametrize("debtor", DEBTORS)
def test_a_credit_note_states_the_tax_as_the_creditor_stands(debtor: str, facts: Make) -> None:
    """Exempt: the words of the law; liable: the net and the tax to fill; not known: a blank."""
    known = facts(debtor)
    exempt = _text("avoir", known)
    liable = _text("avoir", {**known, "creditor_vat": "assujetti"})
    unknown = _text("avoir", {name: v for name, v in known.items() if name != "creditor_vat"})
    assert known["law"]["mention_franchise_tva"] in exempt
    assert "hors taxe" not in exempt
    assert "Montant hors taxe : …" in liable
    assert "TVA au taux de …" in liable
    assert "non applicable" not in liable
    assert "TVA : [votre régime de TVA]" in unknown
    for text in (exempt, liable, unknown):
        assert "150,00 €" in text


def test_a_credit_note_without_its_numbers_shows_them_as_blanks(facts: Make) -> None:
    """Its own number and that of the invoice are never made up."""
    lacking = {"credit_number", "invoice_number", "invoice_on"}
    known = {name: v for name, v in facts("professionnel").items() if name not in lacking}
    made = draft(load_catalogue().get("avoir"), known)
    assert set(made.blanks) == lacking
    assert "Facture d’avoir n°\u00a0[numéro de l’avoir]" in made.text


def test_a_corrected_invoice_asks_for_the_due_date_when_it_is_still_to_come(facts: Make) -> None:
    """Before the due date, the date asked is the due date, not a sooner one."""
    known = {**facts("professionnel"), "invoice_due_on": date(2026, 12, 15)}
    text = _text("facture_corrigee", known)
    assert "15 décembre 2026" in text
    assert "30 novembre 2026" not in text


def test_the_status_of_an_invoice_not_due_yet_is_asked_without_delay_said(facts: Make) -> None:
    """Before its due date, a public invoice is expected, not overdue."""
    known = {**facts("public"), "invoice_due_on": date(2026, 12, 15)}
    assert "Le paiement est attendu pour le 15 décembre 2026" in _text("statut_chorus_pro", known)


@pytest.mark.parametrize("document_id", PREVENTION)
@pytest.mark.parametrize("debtor", DEBTORS)
def test_a_text_of_prevention_stays_with_its_reader(
    document_id: str, debtor: str, facts: Make
) -> None:
    """It is written to the person, for every kind of client, and no brace of the law is left."""
    document = load_catalogue().get(document_id)
    assert (document.addressee, document.channel, document.family) == ("soi", "aucun", "prevention")
    text = _text(document_id, facts(debtor))
    assert "{" not in text
    assert "non connue" not in text


@pytest.mark.parametrize("document_id", ["prevention_devis", "prevention_facture"])
def test_the_terms_between_professionals_are_for_them_alone(document_id: str, facts: Make) -> None:
    """The lump sum and the rate of professionals are offered to no consumer, body or association."""
    clause = "majoré de 10 points, et indemnité forfaitaire de 40 €"
    assert clause in _text(document_id, facts("professionnel"))
    for debtor in ("particulier", "public", "association"):
        assert clause not in _text(document_id, facts(debtor))


def test_the_figures_of_the_clauses_follow_the_law_given(facts: Make) -> None:
    """A changed parameter changes the text to paste: no figure is written in it."""
    known = facts("professionnel")
    changed = {"mention_penalites": "Indemnité de 55 €.", "delai_paiement_plafond": "61 jours"}
    law = {**known["law"], **changed}
    text = _text("prevention_devis", {**known, "law": law})
    assert "55 €" in text
    assert "61 jours" in text
    assert "40 €" not in text
    assert "60 jours" not in text


def test_each_mention_of_an_invoice_has_its_own_line(facts: Make) -> None:
    """The lists of the law come out one mention a line, for professionals with theirs added."""
    lines = _text("prevention_facture", facts("professionnel")).split("\n")
    assert "– Le numéro SIREN ou SIRET" in lines
    assert "– Le montant de l’indemnité forfaitaire pour frais de recouvrement" in lines
    consumer = _text("prevention_facture", facts("particulier"))
    assert "indemnité forfaitaire pour frais" not in consumer


def _habits(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith("– ")]


@pytest.mark.parametrize("debtor", DEBTORS)
@pytest.mark.parametrize("kept", [(), ("agreed_on", "delivered_on"), ("complaint", "promised_on")])
def test_the_review_always_gives_three_habits(
    kept: tuple[str, ...], debtor: str, facts: Make
) -> None:
    """Three habits and no more, whatever is known of the file, none twice."""
    known = {name: v for name, v in facts(debtor).items() if name in {*kept, "debtor_kind"}}
    habits = _habits(_text("prevention_bilan", known))
    assert len(habits) == len(set(habits)) == 3


@pytest.mark.parametrize(
    ("debtor", "told", "never"),
    [
        ("professionnel", {"advance_paid": True, "agreed_ref": "D", "delivered_on": date(2026, 8, 1)}, "Un acompte à"),
        ("professionnel", {"debtor_siren": "552100554", "agreed_ref": "D"}, "Vérifier l’entreprise"),
        ("particulier", {"penalty_terms": "aucun"}, "pénalités"),
        ("public", {"stages_help": True}, "Facturer par étapes"),
    ],
)  # fmt: skip
def test_the_review_says_nothing_that_was_done(
    debtor: str, told: dict[str, Any], never: str, facts: Make
) -> None:
    """A deposit asked, a company looked up, a term that this client does not owe: not advised."""
    habits = _habits(_text("prevention_bilan", {"debtor_kind": debtor, **told}))
    assert len(habits) == 3
    assert not any(never in habit for habit in habits)


@pytest.mark.parametrize(
    ("debtor", "told", "expected"),
    [
        ("professionnel", {}, "Un devis daté et signé"),
        ("professionnel", {"agreed_on": date(2026, 7, 1)}, "Une trace de la livraison"),
        ("particulier", {"contested": "oui"}, "signaler les réserves"),
        ("public", {"agreed_ref": "D-1", "delivered_on": date(2026, 8, 1)}, "Le numéro d’engagement"),
        ("professionnel", {"missing_piece": "le bon de commande"}, "ici, le bon de commande"),
        ("association", {"agreed_ref": "D-1", "promised_on": date(2026, 8, 1)}, "Une promesse confirmée"),
        ("professionnel", {"procedure_opened_on": date(2026, 8, 1)}, "bodacc.fr"),
        ("professionnel", {"absent": ["agreed_on"]}, "rien n’était écrit"),
        ("particulier", {"reminded_late": True}, "il est parti plus tard"),
        ("association", {"stages_help": True}, "Facturer par étapes"),
        ("professionnel", {"penalty_terms": "aucun"}, "Le taux des pénalités de retard"),
        ("particulier", {"agreed_ref": "D-1", "delivered_on": date(2026, 8, 1)}, "Un acompte à la commande"),
        ("professionnel", {"agreed_ref": "D-1", "delivered_on": date(2026, 8, 1)}, "Vérifier l’entreprise"),
    ],
)  # fmt: skip
def test_the_review_speaks_of_this_file(
    debtor: str, told: dict[str, Any], expected: str, facts: Make
) -> None:
    """The habits named are those the facts of the file call for."""
    text = _text("prevention_bilan", {"debtor_kind": debtor, **told})
    assert any(expected in habit for habit in _habits(text))
