"""Every document, in every tone, for every debtor it allows. RELANCE_GOLDEN=1 writes the golden texts anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.dossier import Cause, DebtorKind, Stage
from letters import MissingFactError, blank_label, draft, forbidden_in, load_catalogue, missing
from letters.words import vocabulary

Make = Callable[[str], dict[str, Any]]
GOLDEN = Path(__file__).parent / "golden"
CASES = [
    pytest.param(d.id, debtor, tone, id=f"{d.id}-{debtor}-{tone}")
    for d in load_catalogue()
    for debtor in d.debtors
    for tone in d.tones
]
IDS = [
    "derniere_relance",
    "facture_renvoyee",
    "geste_commercial",
    "mail_amical",
    "mise_en_demeure_particulier",
    "mise_en_demeure_pro",
    "mise_en_demeure_public",
    "piece_manquante",
    "promesse_non_tenue",
    "proposition_echeancier",
    "rappel_avant_echeance",
    "relance_1",
    "relance_2",
    "relance_public",
    "reponse_insatisfaction_fondee",
    "reponse_insatisfaction_infondee",
    "script_appel",
    "sms_amical",
]
FORMAL = ["mise_en_demeure_pro", "mise_en_demeure_particulier", "mise_en_demeure_public"]


def test_the_catalogue_holds_the_whole_list() -> None:
    """The eighteen documents are there, and `find` gives None for one that is not."""
    assert list(load_catalogue().ids()) == IDS
    assert load_catalogue().find("inconnu") is None


def test_the_vocabulary_follows_the_enums_of_the_domain() -> None:
    """A cause, stage or debtor of the front matter is one that `flows` knows, and the other way."""
    assert vocabulary()["causes"] == [c.value for c in Cause]
    assert vocabulary()["stages"] == [s.value for s in Stage]
    assert vocabulary()["debtors"] == [k.value for k in DebtorKind]


@pytest.mark.parametrize(("document_id", "debtor", "tone"), CASES)
def test_full_facts_give_a_clean_text(
    document_id: str, debtor: str, tone: str, facts: Make
) -> None:
    """With all facts no blank is left, no word is forbidden, no space doubled, nothing shouted."""
    made = draft(load_catalogue().get(document_id), facts(debtor), tone)
    assert made.blanks == ()
    for unwanted in ("[", "{", "None", "  ", " ,", "!", "—", "·", "'", ",,"):
        assert unwanted not in made.text
    assert forbidden_in(made.text, debtor) == ()
    assert len(made.text) < 4096


@pytest.mark.parametrize(("document_id", "debtor", "tone"), CASES)
def test_needs_alone_are_enough(document_id: str, debtor: str, tone: str, facts: Make) -> None:
    """With only its needs and what is computed, a document is written and shows its blanks."""
    document = load_catalogue().get(document_id)
    known = {
        name: value
        for name, value in facts(debtor).items()
        if name in {*document.needs, *document.computed, "debtor_kind"}
    }
    made = draft(document, known, tone)
    assert missing(document, known).needs == ()
    assert set(made.blanks) <= set(missing(document, known).blanks)
    for name in made.blanks:
        assert f"[{blank_label(name)}]" in made.text
    assert "  " not in made.text
    if made.kind == "letter":
        assert made.blanks == document.blanks


def _golden(made_for: str, text: str) -> None:
    path = GOLDEN / f"{made_for}.txt"
    if os.environ.get("RELANCE_GOLDEN"):
        path.write_text(f"{text}\n", "utf-8")
    assert path.read_text("utf-8") == f"{text}\n", "read the change, then run with RELANCE_GOLDEN=1"


@pytest.mark.parametrize("document_id", IDS)
def test_the_text_is_the_one_reviewed(document_id: str, facts: Make) -> None:
    """Each document reads, tone by tone and debtor by debtor, as its golden text."""
    document = load_catalogue().get(document_id)
    parts, seen = [], set()
    for debtor in document.debtors:
        for tone in document.tones:
            text = draft(document, facts(debtor), tone).text
            if text not in seen:
                parts.append(f"######## {debtor} · {tone}\n\n{text}")
                seen.add(text)
    _golden(document_id, "\n\n".join(parts))


def test_no_golden_text_is_left_over() -> None:
    """Each golden file belongs to a document."""
    assert sorted(p.stem for p in GOLDEN.glob("*.txt")) == IDS


@pytest.mark.parametrize("document_id", IDS)
def test_a_missing_need_or_computed_fact_is_refused_by_name(document_id: str, facts: Make) -> None:
    """A fact that must be there and is not raises an error that names it."""
    document = load_catalogue().get(document_id)
    for name in (*document.needs, *document.computed):
        known = {k: v for k, v in facts(document.debtors[0]).items() if k != name}
        with pytest.raises(MissingFactError) as raised:
            draft(document, known)
        assert raised.value.names == (name,)


@pytest.mark.parametrize("document_id", IDS)
def test_at_most_one_fact_is_asked_beyond_the_known_ones(document_id: str) -> None:
    """Few answers lead to a draft: one need at most besides the client's name and the due date."""
    extra = set(load_catalogue().get(document_id).needs) - {"debtor_name", "invoice_due_on"}
    assert len(extra) <= 1


@pytest.mark.parametrize("tone", load_catalogue().get("sms_amical").tones)
def test_a_text_message_is_short(tone: str, facts: Make) -> None:
    """A text message holds in 320 characters."""
    made = draft(load_catalogue().get("sms_amical"), facts("professionnel"), tone)
    assert len(made.text) <= 320
    assert "\n" not in made.text


@pytest.mark.parametrize("tone", ["normal", "plus_doux", "plus_ferme"])
@pytest.mark.parametrize("document_id", FORMAL)
def test_a_formal_notice_carries_what_it_must(document_id: str, tone: str, facts: Make) -> None:
    """Parties, place, date, words, invoice, décompte, basis, payment, delay, sequel, enclosures."""
    document = load_catalogue().get(document_id)
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
            "Pièces jointes :", "Textes vérifiés le 22 novembre 2026 : ", "code",
        ):  # fmt: skip
            assert part in text, part


def test_each_debtor_is_claimed_what_the_law_gives(facts: Make) -> None:
    """Interest, lump sum and remedy differ by debtor, and none is claimed that is not owed."""
    catalogue = load_catalogue()
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
            if debtor in document.debtors:
                for tone in document.tones:
                    text = draft(document, facts(debtor), tone).text
                    assert "40,00" not in text
                    assert "indemnité" not in text
                    assert "pénalité" not in text
        consumer = draft(catalogue.get("mise_en_demeure_particulier"), facts(debtor)).text
        assert "À compter de la réception de cette lettre, elle produit intérêt" in consumer
        assert "conciliateur de justice" in consumer
