"""Every document, in every tone, for every debtor it allows. RELANCE_GOLDEN=1 writes the golden texts anew."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from flows.dossier import Cause, DebtorKind, Stage
from letters import (
    Document,
    Draft,
    MissingFactError,
    blank_label,
    draft,
    load_catalogue,
    missing,
)
from letters.words import vocabulary

Make = Callable[[str], dict[str, Any]]
Write = Callable[..., Draft]
GOLDEN = Path(__file__).parent / "golden"
CATALOGUE = load_catalogue()
IDS = CATALOGUE.ids()
FORMAL = ["mise_en_demeure_pro", "mise_en_demeure_particulier", "mise_en_demeure_public"]


def test_an_unknown_document_is_not_found() -> None:
    """`find` gives None for a document the catalogue does not hold, `get` raises."""
    assert CATALOGUE.find("inconnu") is None
    with pytest.raises(KeyError):
        CATALOGUE.get("inconnu")


def test_the_vocabulary_follows_the_enums_of_the_domain() -> None:
    """A cause, stage or debtor of the front matter is one that `flows` knows, and the other way."""
    assert vocabulary()["causes"] == [c.value for c in Cause]
    assert vocabulary()["stages"] == [s.value for s in Stage]
    assert vocabulary()["debtors"] == [k.value for k in DebtorKind]


def least(document: Document, known: dict[str, Any]) -> dict[str, Any]:
    """Keep only the facts without which a document is not written."""
    keep = {*document.needs, *document.computed, "debtor_kind", "law"}
    return {name: value for name, value in known.items() if name in keep}


def ways(document: Document) -> Iterator[tuple[str, str, bool]]:
    """Give each debtor and tone of a document, with both ways to say « you » where it has both."""
    return product(document.debtors, document.tones, sorted({False, document.has_tutoiement}))


@pytest.mark.parametrize("document_id", IDS)
def test_full_facts_give_a_clean_text(document_id: str, written: Write) -> None:
    """With all facts no blank is left, no space doubled, nothing shouted, nothing unwritten."""
    unwanted = ("[", "{", "None", "  ", " ,", "!", "—", "·", "'", ",,", "..", "##", "huissier")
    for way in ways(CATALOGUE.get(document_id)):
        debtor, tone, tu = way
        made = written(document_id, debtor, tone, tu=tu)
        assert made.blanks == (), way
        assert made.tutoiement == tu, way
        said = "\n".join((made.text, *(text for _, text in made.sending)))
        assert [mark for mark in unwanted if mark in said] == [], way
        if made.kind in {"message", "script"}:
            assert len(made.text) < 4096, way


@pytest.mark.parametrize("document", [d for d in CATALOGUE if d.has_tutoiement], ids=lambda d: d.id)
def test_the_two_ways_to_address_a_person_are_not_mixed(document: Document, written: Write) -> None:
    """A text that says « tu » never says « vous », and the other way."""
    for debtor in document.debtors:
        for tone in document.tones:
            vous = written(document.id, debtor, tone)
            tu = written(document.id, debtor, tone, tu=True)
            said = re.compile(r"\b(?:vous|votre|vos|voyez|veuillez)\b", re.IGNORECASE)
            assert not said.search(
                "\n".join((tu.subject, *tu.paragraphs)).replace("rendez-vous", "")
            )
            said = re.compile(r"\b(?:tu|te|toi|ton|ta|tes|t’\w+)\b", re.IGNORECASE)
            assert not said.search("\n".join((vous.subject, *vous.paragraphs)))


@pytest.mark.parametrize("document_id", IDS)
def test_needs_alone_are_enough(document_id: str, facts: Make, written: Write) -> None:
    """With only its needs and what is computed, a document is written and shows its blanks."""
    document = CATALOGUE.get(document_id)
    for way in ways(document):
        debtor, tone, tu = way
        lacking = missing(document, least(document, facts(debtor)))
        made = written(document_id, debtor, tone, tu=tu, least=True)
        assert lacking.needs == (), way
        assert set(made.blanks) <= set(lacking.blanks), way
        assert [name for name in made.blanks if f"[{blank_label(name)}]" not in made.text] == [], (
            way
        )
        assert "  " not in made.text, way
        if made.kind in {"letter", "filing"}:
            assert set(made.blanks) == set(lacking.blanks), way


def _golden(made_for: str, text: str) -> None:
    path = GOLDEN / f"{made_for}.txt"
    if os.environ.get("RELANCE_GOLDEN"):
        path.write_text(f"{text}\n", "utf-8")
    assert path.read_text("utf-8") == f"{text}\n", "read the change, then run with RELANCE_GOLDEN=1"


@pytest.mark.parametrize("document_id", IDS)
def test_the_text_is_the_one_reviewed(document_id: str, written: Write) -> None:
    """Each document reads, tone by tone and debtor by debtor, as its golden text."""
    document = CATALOGUE.get(document_id)
    parts, seen = [], set()
    for debtor in document.debtors:
        for tone in document.tones:
            for tu in [False, True] if document.has_tutoiement else [False]:
                made = written(document_id, debtor, tone, tu=tu)
                if (made.text, made.sending) in seen:
                    continue
                seen.add((made.text, made.sending))
                text = f"######## {debtor} · {tone}{' · tutoiement' if tu else ''}\n\n{made.text}"
                if made.sending:
                    told = "\n".join(f"{key}: {said}" for key, said in made.sending)
                    text += f"\n\n#### sending\n{told}"
                parts.append(text)
    _golden(document_id, "\n\n".join(parts))


def test_no_golden_text_is_left_over() -> None:
    """Each golden file belongs to a document."""
    assert sorted(p.stem for p in GOLDEN.glob("*.txt")) == list(IDS)


@pytest.mark.parametrize("document_id", IDS)
def test_a_missing_need_or_computed_fact_is_refused_by_name(document_id: str, facts: Make) -> None:
    """A fact that must be there and is not raises an error that names it."""
    document = CATALOGUE.get(document_id)
    for name in (*document.needs, *document.computed):
        known = {k: v for k, v in facts(document.debtors[0]).items() if k != name}
        with pytest.raises(MissingFactError) as raised:
            draft(document, known)
        assert raised.value.names == (name,)


@pytest.mark.parametrize("document_id", IDS)
def test_at_most_one_fact_is_asked_beyond_the_known_ones(document_id: str) -> None:
    """Few answers lead to a draft: one need at most besides the client's name and the due date."""
    document = CATALOGUE.get(document_id)
    extra = set(document.needs) - {"debtor_name", "invoice_due_on"}
    assert len(extra) <= (1 if document.kind in {"message", "letter", "script"} else 2)


@pytest.mark.parametrize("tone", CATALOGUE.get("sms_amical").tones)
def test_a_text_message_is_short(tone: str, facts: Make) -> None:
    """A text message holds in 320 characters."""
    made = draft(CATALOGUE.get("sms_amical"), facts("professionnel"), tone)
    assert len(made.text) <= 320
    assert "\n" not in made.text


@pytest.mark.parametrize("tone", ["normal", "plus_doux", "plus_ferme"])
@pytest.mark.parametrize("document_id", FORMAL)
def test_a_formal_notice_carries_what_it_must(document_id: str, tone: str, facts: Make) -> None:
    """Parties, place, date, words, invoice, décompte, basis, payment, delay, sequel, enclosures."""
    document = CATALOGUE.get(document_id)
    for debtor in document.debtors:
        known = facts(debtor)
        text = draft(document, known, tone).text.replace("\u00a0", " ").replace("\u202f", " ")
        for part in (
            "Camille Martin EI", "12 rue de l’Église", "732 829 320 00074", known["debtor_name"],
            "8 boulevard Haussmann", "Lettre recommandée avec avis de réception",
            "Strasbourg, le 22 novembre 2026", "Objet : Mise en demeure", "mise en demeure"
            if tone == "plus_doux" and document_id != "mise_en_demeure_public" else "demeure",
            "F-2026-014 du 29 août 2026", "28 septembre 2026", "8 octobre 2026",
            "somme restant due : 1 250,00 €", f"{known['notice_days']} jours à compter de la",
            "FR76 3000 6000 0112 3456 7890 189", "camille@exemple.fr", "Sans ",
            "Pièces jointes :",
        ):  # fmt: skip
            assert part in text, part
        basis = "Textes vérifiés le 22 novembre 2026 : articles "
        assert (basis in text) == (debtor != "etranger")


def test_each_debtor_is_claimed_what_the_law_gives(facts: Make, written: Write) -> None:
    """Interest, lump sum and remedy differ by debtor, and none is claimed that is not owed."""
    catalogue = CATALOGUE
    pro = draft(catalogue.get("mise_en_demeure_pro"), facts("professionnel")).text
    assert "1\u202f313,36\u00a0€" in pro
    assert "requête en injonction de payer" in pro
    assert "L.\u00a0441-10" in pro
    abroad = draft(catalogue.get("mise_en_demeure_pro"), facts("etranger")).text
    assert "injonction" not in abroad
    assert "441-10" not in abroad
    public = draft(catalogue.get("mise_en_demeure_public"), facts("public")).text
    assert "Intérêts moratoires" in public
    assert "40,00\u00a0€" in public
    assert "juge des référés du tribunal administratif" in public
    assert "R.\u00a0421-1" in public
    assert "injonction" not in public
    for debtor in ("particulier", "association"):
        for document in catalogue:
            if debtor in document.debtors and document.addressee == "debiteur":
                for tone in document.tones:
                    text = written(document.id, debtor, tone).text
                    assert "40,00" not in text
                    assert "indemnité" not in text
                    assert "pénalité" not in text
        consumer = draft(catalogue.get("mise_en_demeure_particulier"), facts(debtor)).text
        assert "À compter de la réception de cette lettre, elle produit intérêt" in consumer
        assert "conciliateur de justice" in consumer
