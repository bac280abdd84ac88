"""Documents for several invoices of one client: `golden/several/<id>.txt` holds each for three of them.

RELANCE_GOLDEN=1 writes the golden texts anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from letters import Draft, docx, draft, forbidden_in, load_catalogue, pdf, sheet
from letters.format import date_courte, date_longue, euros
from letters.several import of_one, phrases

TODAY = date(2026, 11, 22)
Make = Callable[..., dict[str, Any]]
GOLDEN = Path(__file__).parent / "golden" / "several"
CATALOGUE = load_catalogue()
NUMBERS = ("F-2026-014", "F-2026-018", "F-2026-021")
ONE_LEFT = re.compile(
    r"\b(?:[Mm]a|[Ll]a|[Cc]ette|[Ss]a|[Uu]ne) facture\b(?! de travaux| entre commerçants n| rectificative)"
    r"|\b[Ff]acture n°[^,;.]* (?:est|reste|devait|était)\b"
    r"|\bElle (?:reste impayée|est échue)|[Ss]on échéance"
)
"""Words that speak of one invoice."""
BLANK = "[numéro de la facture]"


def several(facts: dict[str, Any], count: int) -> dict[str, Any]:
    """Make a client owe `count` invoices: 1 250 €, 800 € and 300 €, each due two weeks after the one before."""
    first = facts["invoice_due_on"]
    amounts = (Decimal("1250.00"), Decimal("800.00"), Decimal("300.00"))
    listed = [
        {
            "number": number,
            "on": facts["invoice_on"] + timedelta(days=14 * at),
            "due_on": first + timedelta(days=14 * at),
            "amount": amount,
            "remaining": amount,
            "label": "",
        }
        for at, (number, amount) in enumerate(zip(NUMBERS, amounts, strict=True))
    ][:count]
    owed = sum((item["amount"] for item in listed), Decimal(0))
    counted = facts["decompte"]
    (only,) = counted["invoices"]
    others = [
        {
            "number": item["number"],
            "due_on": item["due_on"],
            "principal": item["amount"],
            "interest": Decimal(0),
            "lump_sum": only["lump_sum"],
            "days_late": 0,
        }
        for item in listed[1:]
    ]
    lines = [{**one, "number": NUMBERS[0], "due_on": first} for one in counted["lines"]]
    lump_sum = only["lump_sum"] * count
    return {
        **facts,
        "invoices": listed,
        "facts_summary": "j’ai livré les sites aux dates convenues",
        "amount_remaining": owed,
        "lump_sum": lump_sum,
        "total_due": owed + facts["penalties"] + lump_sum,
        "decompte": {
            **counted,
            "lines": lines,
            "invoices": [{**only, "due_on": first}, *others],
        },
        "exhibits": [
            *(
                {"number": at, "title": f"Facture n° {n}", "pages": 1}
                for at, n in enumerate(NUMBERS[:count], 1)
            ),
            {"number": count + 1, "title": "Devis accepté D-2026-031", "pages": 2},
        ],
    }


def made(
    document_id: str, debtor: str, facts: Make, count: int = 3, tone: str = "normal", **told: Any
) -> Draft:
    """Write a document for `count` invoices."""
    known = several(facts(debtor, document_id), count) | told
    return draft(CATALOGUE.get(document_id), known, tone)


def whole(written: Draft) -> str:
    """Give all that is read of a document, one line a paragraph."""
    around = (written.subject, *written.references, *written.enclosures)
    return "\n".join((*around, written.text, *(said for _, said in written.sending)))


def every() -> Iterator[tuple[str, str, str]]:
    """Give each document, debtor and tone."""
    for document in CATALOGUE:
        if document.family != "prevention" and not of_one(document.id):
            for debtor in document.debtors:
                for tone in document.tones:
                    yield document.id, debtor, tone


DOCUMENTS = sorted({document_id for document_id, _, _ in every()})


@pytest.mark.parametrize("document_id", DOCUMENTS)
def test_a_document_for_three_invoices_reads_as_reviewed(document_id: str, facts: Make) -> None:
    """Its text is the golden one, and nothing of it is forbidden or badly set."""
    document = CATALOGUE.get(document_id)
    parts = []
    for tu in (False, True) if document.has_tutoiement else (False,):
        written = made(document_id, document.debtors[0], facts, tutoiement=tu)
        assert forbidden_in(written.text, document.debtors[0], written.addressee_kind) == ()
        parts.append(whole(written))
    text = "\n\n=== tutoiement ===\n\n".join(parts) + "\n"
    path = GOLDEN / f"{document_id}.txt"
    if os.environ.get("RELANCE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text, "read the change, then RELANCE_GOLDEN=1"
    for unwanted in ("None", "  ", " ,", "'", ",,", "..", "##", "{{", "{%"):
        assert unwanted not in text


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("document_id", DOCUMENTS)
def test_no_word_of_one_invoice_is_left(document_id: str, count: int, facts: Make) -> None:
    """Whatever the debtor, the tone and the way to say « you », nothing speaks of one invoice, and all are named."""
    document = CATALOGUE.get(document_id)
    for _, debtor, tone in (one for one in every() if one[0] == document_id):
        for tu in {False, document.has_tutoiement}:
            text = whole(made(document_id, debtor, facts, count, tone, tutoiement=tu)).replace(
                "\u00a0", " "
            )
            usual = draft(document, facts(debtor, document_id) | {"tutoiement": tu}, tone)
            assert [text[m.start() - 60 : m.end() + 60] for m in ONE_LEFT.finditer(text)] == [], (
                debtor,
                tone,
                tu,
            )
            if NUMBERS[0] in whole(usual):
                assert all(number in text for number in NUMBERS[:count]), (debtor, tone, tu)
            assert not any(number in text for number in NUMBERS[count:])


@pytest.mark.parametrize("document_id", DOCUMENTS)
def test_each_due_date_is_told_where_that_of_one_is(document_id: str, facts: Make) -> None:
    """A document that tells the day one invoice fell due tells that of each."""
    document = CATALOGUE.get(document_id)
    debtor = document.debtors[0]
    due: date = facts(debtor, document_id)["invoice_due_on"]
    usual = draft(document, facts(debtor, document_id)).text
    text = made(document_id, debtor, facts).text
    if date_longue(due) not in usual and date_courte(due) not in usual:
        return
    for at in range(3):
        day = due + timedelta(days=14 * at)
        assert date_longue(day) in text or date_courte(day) in text


def test_every_enclosure_is_an_invoice_of_its_own(facts: Make) -> None:
    """Each invoice joined is a line, so that it is a numbered exhibit before a judge."""
    written = made("mise_en_demeure_pro", "professionnel", facts)
    assert [one for one in written.enclosures if one.startswith("Facture")] == [
        "Facture n°\u00a0F-2026-014 du 29\u00a0août 2026",
        "Facture n°\u00a0F-2026-018 du 12\u00a0septembre 2026",
        "Facture n°\u00a0F-2026-021 du 26\u00a0septembre 2026",
    ]


@pytest.mark.parametrize(
    "document_id", ["requete_injonction_tj", "requete_injonction_tc", "requete_au_fond"]
)
def test_exhibits_not_sent_are_numbered_after_the_invoices(document_id: str, facts: Make) -> None:
    """Without exhibits, the text names the rank of each enclosure: three invoices push the quote to the fourth."""
    known = several(facts("professionnel", document_id), 3)
    known.pop("exhibits")
    text = draft(CATALOGUE.get(document_id), known).text.replace("\u00a0", " ")
    assert "(pièces n° 1, 2 et 3)" in text
    assert "31 du 1er juillet 2026 (pièce n° 4)" in text
    assert re.search(r"Pièce n° 4 : Devis", text)
    proof = re.search(r"Pièce n° (\d+) : (?:Preuve|Mise en demeure)[^\n]*", text)
    assert proof is not None
    assert f"(pièce n° {proof[1]})" in text


def test_the_table_of_a_decompte_names_each_invoice(facts: Make) -> None:
    """Each sum says which invoice it is of, and the fixed sums how many they are."""
    text = made("mise_en_demeure_pro", "professionnel", facts).text.replace("\u00a0", " ")
    assert "Facture n° F-2026-018, échéance du 12/10/2026, somme restant due : 800,00 €" in text
    assert "Pénalités de retard, facture n° F-2026-014, du 29/09/2026" in text
    assert "Indemnité forfaitaire pour frais de recouvrement (3 factures) : 120,00 €" in text


def test_an_unknown_number_is_a_blank_of_the_first_alone(facts: Make) -> None:
    """The number of the first invoice is asked as ever; another one without a number is named by its dates."""
    known = several(facts("professionnel", "mise_en_demeure_pro"), 2)
    known["invoices"] = [{**one, "number": ""} for one in known["invoices"]]
    known.pop("invoice_number")
    written = draft(CATALOGUE.get("mise_en_demeure_pro"), known)
    assert "invoice_number" in written.blanks
    assert "sans numéro du 12" in written.text


def test_what_is_not_due_at_the_judgment_is_declared_apart(facts: Make) -> None:
    """In a declaration of claim, an invoice that falls due after the judgment is « à échoir », with its day."""
    known = several(facts("professionnel", "declaration_creance"), 3)
    known["procedure_opened_on"] = known["invoices"][1]["due_on"] + timedelta(days=1)
    text = draft(CATALOGUE.get("declaration_creance"), known).text.replace("\u00a0", " ")
    assert "Somme à échoir : 300,00 €, à l’échéance du 26 octobre 2026" in text
    due = euros(known["total_due"] - Decimal(300)).replace("\u00a0", " ").replace("\u202f", " ")
    assert f"jugement d’ouverture : {due}" in text.replace("\u202f", " ")


@pytest.mark.parametrize("document_id", DOCUMENTS)
def test_a_document_for_several_is_stored_and_printed(document_id: str, facts: Make) -> None:
    """As PDF and as DOCX it names each invoice that its text names, and what was stored of it is the same draft."""
    written = made(document_id, CATALOGUE.get(document_id).debtors[0], facts)
    assert Draft.from_json(written.to_json()) == written
    named = [number for number in NUMBERS if number in whole(written).replace("\u00a0", " ")]
    paper = sheet(written)
    read = "".join(
        page.extract_text() for page in PdfReader(BytesIO(pdf.render(paper, today=TODAY))).pages
    )
    with ZipFile(BytesIO(docx.render(paper, today=TODAY))) as parts:
        xml = parts.read("word/document.xml").decode()
    for number in named:
        assert number in read.replace("\n", "")
        assert number in xml


def test_every_phrase_serves() -> None:
    """A phrase of the file that no document holds any more would be dead."""
    sources = [
        re.sub(r"\s+", " ", source)
        for d in CATALOGUE
        for source in (
            d.subject,
            *d.references,
            *d.enclosures,
            d.body,
            d.body_tu,
            *(s for _, s in d.sending),
        )
    ]
    dead = [
        one for one, _ in phrases().phrases if not any(" ".join(one.split()) in s for s in sources)
    ]
    assert dead == []


def test_no_golden_text_of_several_is_left_over() -> None:
    """Each golden file belongs to a document."""
    assert sorted(path.stem for path in GOLDEN.glob("*.txt")) == DOCUMENTS
