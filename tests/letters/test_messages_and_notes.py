"""What a message says by itself: its subject, its tones, its blanks, and how it prints as a note."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from letters import CatalogueError, Draft, draft, load_catalogue, missing, sheet
from letters.pdf import pages, render
from letters.reader import parse
from letters.template import names_read
from letters.words import blank_rule

Make = Callable[[str], dict[str, Any]]
Write = Callable[..., Draft]
Print = Callable[..., bytes]
Read = Callable[..., tuple[str, ...]]
Alike = Callable[..., tuple[tuple[str, str], ...]]
CATALOGUE = load_catalogue()
PAIRS = [pytest.param(d, debtor, id=f"{d.id}-{debtor}") for d in CATALOGUE for debtor in d.debtors]
MESSAGES = [d.id for d in CATALOGUE if d.kind == "message"]
NUMBERED = [
    d
    for d in CATALOGUE
    if "invoice_number" in names_read(d.subject)
    and ("invoice_number" in d.blanks or "invoice_due_on" in names_read(d.subject))
]
FORMAL = ["mise_en_demeure_pro", "mise_en_demeure_particulier", "mise_en_demeure_public"]
DUE = "28\u00a0septembre 2026"


def bare(facts: dict[str, Any], document: Any, *more: str) -> dict[str, Any]:
    """Keep of `facts` only what `document` cannot do without, and the names of `more`."""
    keep = {*document.needs, *document.computed, "debtor_kind", "today", "law", *more}
    return {name: value for name, value in facts.items() if name in keep}


def words(pdf: bytes) -> str:
    """Give the text of a PDF with its spaces and line ends taken out."""
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"[\s\u00a0\u202f]", "", text)


@pytest.mark.parametrize("document", NUMBERED, ids=lambda d: d.id)
def test_a_subject_without_a_number_tells_the_due_date(document: Any, facts: Make) -> None:
    """Without an invoice number a subject says when the invoice fell due, or leaves the number blank."""
    known = bare(facts(document.debtors[0]), document, "debtor_name", "invoice_due_on")
    for tone in document.tones:
        subject = draft(document, known, tone).subject
        assert DUE in subject or "[numéro" in subject
        assert not re.search(r"facture(?=\s*(:|$))", subject, re.IGNORECASE)
        numbered = draft(document, known | {"invoice_number": "F-7"}, tone).subject
        assert "F-7" in numbered


@pytest.mark.parametrize("document_id", ["piece_manquante", "reponse_insatisfaction_fondee"])
def test_a_subject_before_the_due_date_does_not_call_it_past(document_id: str, facts: Make) -> None:
    """On its due date an invoice falls due; the day after, it has fallen due."""
    document = CATALOGUE.get(document_id)
    known = bare(facts("professionnel"), document, "invoice_due_on")
    before = draft(document, known | {"today": date(2026, 9, 28)}).subject
    after = draft(document, known | {"today": date(2026, 9, 29)}).subject
    assert f"à échéance du {DUE}" in before
    assert f"échue le {DUE}" in after


@pytest.mark.parametrize(("document", "debtor"), PAIRS)
def test_each_tone_reads_differently(document: Any, debtor: str, facts: Make) -> None:
    """For every debtor, with all facts or the fewest, no two tones of a document write the same."""
    full = facts(debtor)
    for known in (full, bare(full, document)):
        written = [draft(document, known, tone).paragraphs for tone in document.tones]
        assert len(set(written)) == len(document.tones)


@pytest.mark.parametrize("document", list(CATALOGUE), ids=lambda d: d.id)
def test_only_a_paper_lists_its_articles(
    document: Any, distinct: Alike, written: Write, read: Read
) -> None:
    """The day the law was checked is in a paper that cites it, in the chat and on its PDF, and in no message."""
    for debtor, tone in distinct(document.id):
        made = written(document.id, debtor, tone)
        assert not (made.small_print and document.kind in {"message", "script"})
        assert ("Textes vérifiés le" in made.text) == bool(made.small_print)
        if tone == document.tones[0]:
            shown = re.sub(r"\s", "", "".join(read(document.id, debtor, tone)))
            assert ("Textesvérifiésle" in shown) == bool(made.small_print)


def test_articles_are_refused_in_a_message() -> None:
    """A message's file that lists articles is refused: nothing would print them."""
    text = (
        "---\ntitle: Essai\nkind: message\nchannel: sms\n"
        "family: relancer\naddressee: debiteur\n"
        "when: {causes: [], stages: [], debtors: [public]}\ntones: [normal]\nneeds: [debtor_name]\n"
        "articles: [article 1]\nlegal: false\n---\nBonjour\n"
    )
    with pytest.raises(CatalogueError, match="only a letter"):
        parse("essai", text)


@pytest.mark.parametrize(
    "piece", ["le numéro d’engagement", "le Numéro d'engagement", "un numéro de commande"]
)
def test_a_number_that_was_missing_is_a_blank_then_is_given(piece: str, facts: Make) -> None:
    """The number asked for is a blank to fill, and once known stands in the text, once."""
    document = CATALOGUE.get("piece_manquante")
    for debtor in ("professionnel", "public"):
        known = bare(facts(debtor), document) | {"missing_piece": piece}
        made = draft(document, known)
        assert made.blanks == ("public_reference", "creditor_name")
        assert missing(document, known).blanks == made.blanks
        assert "[numéro d’engagement]" in made.text
        assert "…" not in made.text
        filled = draft(document, known | {"public_reference": "EJ45"}).text
        assert filled.count("EJ45") == 1
        assert f"{piece}, qui est le EJ45." in filled


@pytest.mark.parametrize("piece", ["le bon de commande", "le numéro de TVA", "la facture corrigée"])
def test_a_number_nobody_asked_for_is_no_blank(piece: str, facts: Make) -> None:
    """Another piece leaves no blank for the reference, nor a question about it."""
    document = CATALOGUE.get("piece_manquante")
    for debtor in ("professionnel", "public"):
        known = bare(facts(debtor), document) | {"missing_piece": piece}
        assert draft(document, known).blanks == ("creditor_name",)
        assert missing(document, known).blanks == ("creditor_name",)
    assert "public_reference" not in missing(document, {"debtor_kind": "public"}).blanks


def test_a_condition_on_what_is_no_blank_is_refused() -> None:
    """`only_when` names blanks of the document, with a condition on facts it declares."""
    text = (
        "---\ntitle: Essai\nkind: message\nchannel: sms\n"
        "family: relancer\naddressee: debiteur\n"
        "when: {causes: [], stages: [], debtors: [public]}\ntones: [normal]\nneeds: [debtor_name]\n"
        "blanks: [creditor_name]\nonly_when: {creditor_name: debtor_name}\nlegal: false\n---\nBonjour\n"
    )
    assert parse("essai", text).only_when == (("creditor_name", "debtor_name"),)
    for before, after, said in (
        ("{creditor_name: debtor_name}", "{creditor_iban: debtor_name}", "creditor_iban is not a blank"),
        ("{creditor_name: debtor_name}", "{creditor_name: missing_piece}", "not declared"),
        ("{creditor_name: debtor_name}", "{creditor_name: debtor_name ==}", "line"),
        ("{creditor_name: debtor_name}", "[creditor_name]", "only_when"),
    ):  # fmt: skip
        with pytest.raises(CatalogueError, match=said):
            parse("essai", text.replace(before, after))


@pytest.mark.parametrize("tone", ["normal", "plus_doux", "plus_ferme"])
def test_an_instalment_plan_is_answered_before_its_first_payment(tone: str, facts: Make) -> None:
    """The answer is asked by a day before the first instalment, whatever the dates given."""
    document = CATALOGUE.get("proposition_echeancier")
    known = facts("professionnel")
    early = draft(document, known | {"reply_by_on": date(2026, 11, 30)}, tone).text
    assert "répondre d’ici au 30\u00a0novembre 2026" in early
    for late in (date(2026, 12, 1), date(2026, 12, 9)):
        text = draft(document, known | {"reply_by_on": late}, tone).text
        assert "répondre avant le 1er\u00a0décembre 2026" in text
        assert "9\u00a0décembre" not in text


@pytest.mark.parametrize("document_id", ["relance_1", "relance_2"])
def test_an_announced_transfer_that_did_not_come_is_mentioned(
    document_id: str, facts: Make
) -> None:
    """In each tone the reminder states the day announced, and nothing when none was."""
    document = CATALOGUE.get(document_id)
    said = (
        "Vous m’aviez annoncé un virement le 20\u00a0novembre 2026, je ne l’ai pas reçu à ce jour."
    )
    for tone in document.tones:
        known = facts("professionnel")
        assert said in draft(document, known | {"announced_on": date(2026, 11, 20)}, tone).text
        assert "annoncé" not in draft(document, known, tone).text


@pytest.mark.parametrize("document_id", MESSAGES)
def test_a_message_prints_as_a_note_between_two_names(document_id: str, facts: Make) -> None:
    """Names, day and subject, no address; unknown ones leave no room and no blank of their own."""
    document = CATALOGUE.get(document_id)
    known = facts(document.debtors[0])
    laid_out = sheet(draft(document, known))
    text = words(render(laid_out))
    assert text.startswith("CamilleMartinEI")
    assert f"À:{re.sub(r' ', '', known['debtor_name'])},MadameWeber" in text
    assert "Le22novembre2026" in text
    for absent in ("12ruedel", "8boulevard", "SIRET", "Strasbourg,le"):
        assert absent not in text[: text.index("Bonjour")]
    few = sheet(draft(document, bare(known, document)))
    assert few["sender"] == []
    assert not any("b" in run for line in few["addressee"] for run in line)
    assert pages(render(few)) == 1


@pytest.mark.parametrize(
    ("document_id", "closing"),
    [("relance_1", "Bien cordialement"), ("mise_en_demeure_pro", "Camille Martin")],
)
def test_a_single_enclosure_stands_under_the_signature(
    document_id: str, closing: str, facts: Make
) -> None:
    """It starts at the left margin, below the name, and holds on one line as the text does."""
    unused = dict.fromkeys(("agreed_on", "agreed_ref", "delivered_on", "letters_before"))
    made = draft(CATALOGUE.get(document_id), facts("professionnel") | unused)
    assert len(made.enclosures) == 1
    places: dict[str, tuple[float, float]] = {}

    def place(text: str, page: list[float], line: list[float], *_: Any) -> None:
        for word in ("Pièce jointe", "Objet", closing):
            if word in text.replace("\u00a0", " "):
                places[word] = (line[4] * page[0] + page[4], line[5] * page[3] + page[5])

    printed = PdfReader(BytesIO(render(sheet(made)))).pages[0].extract_text(visitor_text=place)
    assert places["Pièce jointe"][0] == pytest.approx(places["Objet"][0], abs=1)
    assert places["Pièce jointe"][1] < places[closing][1]
    rows = printed.replace("\u00a0", " ").splitlines()
    enclosed = made.enclosures[0].replace("\u00a0", " ")
    assert any(enclosed in row for row in rows if "jointe" in row)


def test_a_blank_has_the_room_its_content_needs(facts: Make) -> None:
    """An address has two rules and an IBAN a long one, on paper; each run says so."""
    assert blank_rule("creditor_address").rules == 2
    assert blank_rule("creditor_iban").mm > blank_rule("creditor_siret").mm
    document = CATALOGUE.get("mise_en_demeure_pro")
    laid_out = sheet(draft(document, bare(facts("professionnel"), document)))
    rule = blank_rule("creditor_address")
    assert [{"b": rule.label, "mm": rule.mm, "rules": 2}] in laid_out["sender"]


@pytest.mark.parametrize("document", [d for d in CATALOGUE if d.id in FORMAL], ids=lambda d: d.id)
def test_a_formal_notice_stays_on_one_page(document: Any, facts: Make, pdf_of: Print) -> None:
    """No second page for a few lines, whether little is known or the names are long."""
    long = {
        "creditor_name": "Marie-Antoinette de La Rochefoucauld-Montmorency EI",
        "creditor_address": "Résidence Les Jardins du Rhin, bâtiment B\n228 rue du Rhin\n67000 Strasbourg",
        "debtor_name": "Société anonyme d’exploitation des établissements Vanderstraeten, fils et Cie",
        "debtor_address": "Bâtiment C, porte 312\nZone industrielle\n1127 avenue de Lattre\n67100 Strasbourg",
        "work_label": "la refonte de votre site internet, de votre catalogue et de la charte graphique",
        "invoice_number": "FACT-2026-0000014-B",
    }  # fmt: skip
    for debtor in document.debtors:
        for tone in document.tones:
            assert pages(pdf_of(document.id, debtor, tone, least=True)) == 1
            assert pages(render(sheet(draft(document, facts(debtor) | long, tone)))) == 1


def test_raised_letters_and_bound_words_still_read_as_such(facts: Make) -> None:
    """« 1er » is raised on paper and stays the same letters; « EI » is not parted from its name."""
    printed = render(sheet(draft(CATALOGUE.get("mise_en_demeure_pro"), facts("professionnel"))))
    assert "du1erjuillet2026" in words(printed)
    assert "Camille Martin\u00a0EI" in PdfReader(BytesIO(printed)).pages[0].extract_text()
