"""What the engine writes by itself: « de » before a town, a full stop, an exhibit's number, what is left to a hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from letters import Draft, blank_label, courts, draft, load_catalogue, sheet
from letters.docx import render as render_docx
from letters.drafted import BY_HAND
from letters.format import Blank, d_, de, phrase, piece, que, typeset
from letters.pdf import render as render_pdf

Make = Callable[[str], dict[str, Any]]
Write = Callable[..., Draft]
AGREEMENTS = [d.id for d in load_catalogue() if d.kind == "agreement"]
WITH_DECOMPTE = [d for d in load_catalogue() if "decompte" in d.computed]
DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("town", "said"),
    [
        ("Paris", "de Paris"),
        ("Avignon", "d’Avignon"),
        ("Évreux", "d’Évreux"),
        ("Yvetot", "d’Yvetot"),
        ("Haguenau", "de Haguenau"),
        ("Le Mans", "du Mans"),
        ("LE HAVRE", "du HAVRE"),
        ("Les Sables-d’Olonne", "des Sables-d’Olonne"),
        ("La Rochelle", "de La Rochelle"),
        ("Lens", "de Lens"),
        ("Lesquin", "de Lesquin"),
        ("Hyères", "d’Hyères"),
        ("Hénin-Beaumont", "d’Hénin-Beaumont"),
        ("Honfleur", "de Honfleur"),
        ("Le", "de Le"),
        ("", "de "),
    ],
)
def test_a_town_follows_de_as_it_is_said(town: str, said: str) -> None:
    """Elided before a vowel, joined to « Le » and « Les », as it is otherwise."""
    assert de(town) == said


@pytest.mark.parametrize(
    ("name", "after_de", "after_que"),
    [
        ("Dupont SARL", "de Dupont SARL", "que Dupont SARL"),
        ("Atelier Orange SARL", "d’Atelier Orange SARL", "qu’Atelier Orange SARL"),
        ("Aline Henry", "d’Aline Henry", "qu’Aline Henry"),
        ("Élise Morel", "d’Élise Morel", "qu’Élise Morel"),
        ("Hugo", "de Hugo", "que Hugo"),
        ("Hôtel du Parc", "d’Hôtel du Parc", "qu’Hôtel du Parc"),
        ("HÔTEL-RESTAURANT", "d’HÔTEL-RESTAURANT", "qu’HÔTEL-RESTAURANT"),
        ("Hélène Petit", "d’Hélène Petit", "qu’Hélène Petit"),
        ("Habitat 44", "d’Habitat 44", "qu’Habitat 44"),
        ("Halle aux Vins", "de Halle aux Vins", "que Halle aux Vins"),
        ("Hotelier SARL", "de Hotelier SARL", "que Hotelier SARL"),
        ("H", "de H", "que H"),
        ("Yves Martin", "d’Yves Martin", "qu’Yves Martin"),
        ("Yannick Martin", "de Yannick Martin", "que Yannick Martin"),
        ("Le Mas SARL", "de Le Mas SARL", "que Le Mas SARL"),
        ("Les Mouettes", "de Les Mouettes", "que Les Mouettes"),
        ("3D Services", "de 3D Services", "que 3D Services"),
        ("", "de ", "que "),
    ],
)
def test_a_name_follows_de_and_que_as_it_is_said(name: str, after_de: str, after_que: str) -> None:
    """Elided before a vowel; the article of a name is part of it, and is not joined as a town's is."""
    assert d_(name) == after_de
    assert que(name) == after_que


@pytest.mark.parametrize(
    ("court", "said"),
    [
        ("tribunal de commerce de Lyon", ("le", "du", "au")),
        ("TAE de Lyon", ("le", "du", "au")),
        ("chambre commerciale de Colmar", ("la", "de la", "à la")),
        ("Chambre commerciale de Metz", ("la", "de la", "à la")),
        ("juridiction du Mans", ("la", "de la", "à la")),
        ("", ("le", "du", "au")),
    ],
)
def test_a_court_has_the_article_of_its_gender(court: str, said: tuple[str, ...]) -> None:
    """« La chambre », « le tribunal », alone or after « de » and « à »."""
    assert (courts.le(court), courts.du(court), courts.au(court)) == tuple(
        f"{article} {court}" for article in said
    )


def test_a_court_left_blank_has_the_article_of_a_tribunal() -> None:
    """The label of a blank is no name: « le [tribunal] »."""
    blank = Blank("procedure_court", "chambre", set())
    assert courts.le(blank) == "le [chambre]"


@pytest.mark.parametrize(
    ("document_id", "said"),
    [
        ("declaration_creance", "par la chambre commerciale de Colmar"),
        ("releve_forclusion", "par la chambre commerciale de Colmar"),
        ("revendication_marchandises", "la chambre commerciale de Colmar a ouvert"),
    ],
)
def test_a_letter_says_a_chamber_in_the_feminine(document_id: str, said: str, facts: Make) -> None:
    """A commercial chamber, typed as the notice names it, is « la chambre » in the letter."""
    known = facts("professionnel") | {"procedure_court": "chambre commerciale de Colmar"}
    text = draft(load_catalogue().get(document_id), known).text
    assert said in text.replace("\u00a0", " ")
    assert "le chambre" not in text


def test_a_name_left_blank_is_not_elided() -> None:
    """The label of a blank is no name, whatever letter it begins with."""
    used: set[str] = set()
    assert d_(Blank("debtor_name", "ami", used)) == "de [ami]"
    assert que(Blank("creditor_name", "ami", used)) == "que [ami]"
    assert used == {"debtor_name", "creditor_name"}


def test_a_registration_number_stays_with_what_it_is() -> None:
    """« SIREN » and « SIRET » never end a line, their number on the next."""
    assert (
        typeset("SIRET {{ a }}, SIREN : {{ b }}") == "SIRET\u00a0{{ a }}, SIREN\u00a0:\u00a0{{ b }}"
    )
    assert typeset("un SIREN est demandé") == "un SIREN est demandé"


@pytest.mark.parametrize("document_id", ["requete_injonction_tj", "requete_au_fond"])
def test_a_filing_is_sent_from_home_for_want_of_another_address(
    document_id: str, facts: Make
) -> None:
    """The address of the business comes first; without it the home that the filing states stands there."""
    known = facts("professionnel") | {"creditor_home": "3 rue Neuve\n67100 Strasbourg"}
    document = load_catalogue().get(document_id)
    assert draft(document, known).sender[2:4] == ("12 rue de l’Église", "67000 Strasbourg")
    del known["creditor_address"]
    assert draft(document, known).sender[2] == "3 rue Neuve"
    assert "creditor_address" not in draft(document, known).blanks
    del known["creditor_home"]
    assert draft(document, known).sender[2] == f"[{blank_label('creditor_home')}]"


def test_a_town_left_blank_follows_de_and_is_noted() -> None:
    """A blank is printed after « de », and counted as one to fill."""
    used: set[str] = set()
    assert de(Blank("court_city", "ville", used)) == "de [ville]"
    assert phrase(Blank("late_reason", "raison", used)) == "[raison]."
    assert used == {"court_city", "late_reason"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("rien reçu", "rien reçu."),
        ("rien.", "rien."),
        ("quoi ?", "quoi ?"),
        ("et…", "et…"),
        ("", "."),
    ],
)
def test_a_sentence_ends_once(typed: str, said: str) -> None:
    """A full stop is added unless the sentence ends by itself."""
    assert phrase(typed) == said


def test_an_exhibit_is_named_by_its_title_or_by_its_rank() -> None:
    """The title that has the word soonest wins; no exhibit has it: none is named; none sent: the rank."""
    sent = [
        {"number": 1, "title": "Mise en demeure de payer la facture"},
        {"number": 2, "title": "FACTURE F-7"},
    ]
    assert piece(sent, ["facture"], 9) == " (pièce n°\u00a02)"
    assert piece(sent, ["devis", "demeure"], 9) == " (pièce n°\u00a01)"
    assert piece(sent, ["devis"], 9) == ""
    assert piece([], ["devis"], 9) == piece(None, ["devis"], 9) == " (pièce n°\u00a09)"


def test_no_text_of_the_catalogue_defines_a_macro() -> None:
    """What several texts need is in the engine, once."""
    assert [d.id for d in load_catalogue() if "{% macro" in "".join(d.bodies())] == []


@pytest.mark.parametrize("document_id", AGREEMENTS)
def test_the_day_of_an_agreement_is_left_to_write(document_id: str, written: Write) -> None:
    """Who signs dates it: dots in the chat, a rule without a name in the files, the place as known."""
    made = written(document_id, "professionnel")
    assert f"Fait à Strasbourg, le {BY_HAND}" in made.text
    laid_out = sheet(made)
    assert laid_out["place_date"] == [
        {"t": "Fait à Strasbourg, le "},
        {"b": "", "mm": 45, "rules": 1},
    ]
    assert laid_out["date"] == DAY.isoformat()
    shown = "".join(page.extract_text() for page in PdfReader(BytesIO(render_pdf(laid_out))).pages)
    body = Document(BytesIO(render_docx(laid_out))).element.body
    for text in (shown, "".join(body.itertext())):
        assert "Fait à Strasbourg, le" in text
        assert BY_HAND not in text


@pytest.mark.parametrize("document_id", AGREEMENTS)
def test_the_place_of_an_agreement_is_a_blank_until_known(document_id: str, facts: Make) -> None:
    """Without the town of who writes, a blank stands for it, and is counted."""
    known = {
        name: value for name, value in facts("professionnel").items() if name != "creditor_city"
    }
    made = draft(load_catalogue().get(document_id), known)
    assert made.blanks == ("creditor_city",)
    assert f"Fait à [{blank_label('creditor_city')}], le {BY_HAND}" in made.text
    assert [run["b"] for run in sheet(made)["place_date"] if "b" in run] == ["votre ville", ""]


@pytest.mark.parametrize("document", WITH_DECOMPTE, ids=lambda d: d.id)
def test_only_the_debtor_is_told_what_to_settle(document: Any, written: Write) -> None:
    """The last line of the décompte asks for a payment when the debtor reads it; otherwise it adds up."""
    for debtor in document.debtors:
        made = written(document.id, debtor)
        tables = [block for block in sheet(made)["blocks"] if block.get("name") == "decompte"]
        for total in (table["total"][0] for table in tables if table["total"]):
            assert total == ("Total à régler" if document.addressee == "debiteur" else "Total")
            assert f"– {total}\u00a0: " in made.text


def test_a_blank_among_the_exhibits_is_a_rule_to_fill(written: Write) -> None:
    """In the list of exhibits as elsewhere: a rule and its name, in both files, no bracket."""
    made = written("requete_injonction_tj", "professionnel", least=True)
    laid_out = sheet(made)
    (listed,) = (block for block in laid_out["blocks"] if block.get("name") == "exhibits")
    first = listed["rows"][0][1]
    assert [run["b"] for run in first if "b" in run] == [
        "numéro de la facture",
        "date de la facture",
    ]
    pages = PdfReader(BytesIO(render_pdf(laid_out, today=DAY))).pages
    shown = "".join(page.extract_text() for page in pages)
    body = Document(BytesIO(render_docx(laid_out, today=DAY)))
    cells = "\n".join(
        cell.text for table in body.tables for row in table.rows for cell in row.cells
    )
    assert "numéro de la facture" in shown
    assert "(numéro\u00a0de\u00a0la\u00a0facture)" in cells
    assert "[" not in shown
    assert "[" not in cells


def test_a_list_of_the_law_comes_as_a_list(facts: Make) -> None:
    """A parameter that is a list is written item by item, whatever its items start with."""
    known = facts("professionnel")
    law = {**known["law"], "mentions_facture": ["Le nom, Le numéro", "Une date"]}
    text = draft(load_catalogue().get("prevention_facture"), {**known, "law": law}).text
    assert "– Le nom, Le numéro\n– Une date\n" in text
