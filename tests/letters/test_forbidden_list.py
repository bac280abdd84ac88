"""What may not be written: each prohibition, what breaks it, what only resembles it, and our own texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import letters
from flows.law.sources import source_of
from flows.yamlfile import load_yaml
from letters import CatalogueError, Draft, forbidden_in, load_catalogue
from letters.forbidden import parse_prohibitions, prohibitions
from letters.words import vocabulary

Write = Callable[..., Draft]
DATA = load_yaml(Path(letters.__file__).parent / "forbidden.yaml")
EVERYONE = ("professionnel", "particulier", "public", "association", "etranger")
IDS = [
    "frais_de_recouvrement",
    "quarante_euros_au_consommateur",
    "penalites_a_letranger",
    "penalites_privees_au_public",
    "apparence_dacte_judiciaire",
    "menace_impossible",
    "menace_impossible_public",
    "menace_impossible_non_commercant",
    "menace_impossible_etranger",
    "chantage",
    "publicite",
    "pression_par_les_tiers",
    "harcelement",
    "verdict",
    "droit_perime",
]
BREAKS = [
    ("frais_de_recouvrement", "professionnel", "Les frais de relance s’ajoutent à ma facture."),
    ("frais_de_recouvrement", "professionnel", "Les frais de la procédure seront à votre charge."),
    ("frais_de_recouvrement", "particulier", "Des frais de dossier de 15 € sont ajoutés."),
    ("frais_de_recouvrement", "public", "Tous les frais de cette lettre vous seront facturés."),
    ("frais_de_recouvrement", "professionnel", "Cette démarche se fera à vos frais."),
    ("frais_de_recouvrement", "professionnel", "Vous devrez payer tous les frais engagés."),
    ("frais_de_recouvrement", "professionnel", "La somme sera majorée des frais d’envoi."),
    (
        "frais_de_recouvrement",
        "professionnel",
        "Je vous réclamerai des frais de lettre recommandée.",
    ),
    ("frais_de_recouvrement", "professionnel", "Ma facture, plus les frais de recouvrement."),
    (
        "quarante_euros_au_consommateur",
        "particulier",
        "Une indemnité forfaitaire de 40\u00a0€ est due.",
    ),
    ("quarante_euros_au_consommateur", "association", "Les pénalités de retard courent déjà."),
    ("quarante_euros_au_consommateur", "particulier", "Voyez l’article L.\u00a0441-10."),
    ("penalites_a_letranger", "etranger", "Les pénalités de retard courent déjà."),
    ("penalites_privees_au_public", "public", "Voyez l’article D. 441-5 du code de commerce."),
    ("apparence_dacte_judiciaire", "professionnel", "SOMMATION DE PAYER"),
    ("apparence_dacte_judiciaire", "particulier", "Les huissiers viendront."),
    ("apparence_dacte_judiciaire", "professionnel", "République française, au nom de la loi"),
    ("apparence_dacte_judiciaire", "particulier", "Dernier avis avant saisie"),
    ("menace_impossible", "professionnel", "Je ferai pratiquer des saisies sur vos comptes."),
    ("menace_impossible", "particulier", "Je ferai saisir votre salaire."),
    ("menace_impossible", "particulier", "Vous risquez la prison."),
    ("menace_impossible", "professionnel", "J’engagerai des poursuites immédiates."),
    ("menace_impossible_public", "public", "Je déposerai une requête en injonction de payer."),
    ("menace_impossible_public", "public", "Un conciliateur vous convoquera."),
    ("menace_impossible_public", "public", "Un commissaire de justice se présentera."),
    ("menace_impossible_non_commercant", "particulier", "Je saisirai le tribunal de commerce."),
    ("menace_impossible_etranger", "etranger", "Je demanderai une injonction de payer."),
    ("chantage", "professionnel", "Sans paiement, je porterai plainte."),
    ("chantage", "particulier", "Votre attitude relève de l’escroquerie."),
    ("chantage", "professionnel", "Je dénoncerai vos pratiques."),
    ("chantage", "professionnel", "J’écrirai à l’Urssaf."),
    ("publicite", "professionnel", "Je laisserai un avis négatif."),
    ("publicite", "particulier", "Votre nom figurera sur une liste noire."),
    ("publicite", "professionnel", "Je compte rendre public ce retard."),
    ("pression_par_les_tiers", "particulier", "J’écrirai à votre employeur."),
    ("pression_par_les_tiers", "professionnel", "Vos clients seront informés."),
    ("harcelement", "particulier", "Je vous appellerai chaque jour jusqu’au paiement."),
    ("harcelement", "professionnel", "Tous les jours, je vous écrirai."),
    ("harcelement", "particulier", "Je passerai chez vous pour être payé."),
    ("harcelement", "particulier", "Payez, ou vous le regretterez."),
    ("verdict", "professionnel", "Vous serez très lourdement condamné."),
    ("verdict", "particulier", "Le tribunal vous condamnera."),
    ("verdict", "professionnel", "J’obtiendrai gain de cause."),
    ("droit_perime", "professionnel", "Je saisirai le tribunal d’instance."),
    ("droit_perime", "professionnel", "Selon l’art. L. 441-6 du code de commerce, …"),
    ("droit_perime", "particulier", "Selon l’article 1153 du code civil, …"),
]
PASSES = [
    ("frais_de_recouvrement", "professionnel", "L’indemnité forfaitaire pour frais de recouvrement s’y ajoute."),
    ("frais_de_recouvrement", "public", "Vous devez l’indemnité forfaitaire pour frais de recouvrement."),
    ("frais_de_recouvrement", "professionnel", "Les frais de recouvrement exposés sont justifiés ci-joint."),
    ("frais_de_recouvrement", "particulier", "Vous devez aussi les frais de déplacement prévus au devis."),
    ("frais_de_recouvrement", "professionnel", "Les frais de livraison, à votre charge selon le devis, sont compris."),
    ("quarante_euros_au_consommateur", "professionnel", "Une indemnité forfaitaire de 40,00\u00a0€ est due."),
    ("quarante_euros_au_consommateur", "particulier", "Il reste 1\u202f240,00\u00a0€ à régler, avec l’intérêt légal."),
    ("penalites_a_letranger", "professionnel", "Les pénalités de retard courent déjà."),
    ("penalites_privees_au_public", "public", "Voyez l’article D. 2192-35 du code de la commande publique."),
    ("apparence_dacte_judiciaire", "professionnel", "Cette lettre vaut mise en demeure."),
    ("apparence_dacte_judiciaire", "particulier", "Je recommande cette lettre et la commande reste valable."),
    ("menace_impossible", "professionnel", "Une erreur de saisie explique ce montant."),
    ("menace_impossible", "particulier", "Je saisirai le tribunal compétent."),
    ("menace_impossible", "professionnel", "La saisie du tribunal serait la suite."),
    ("menace_impossible", "professionnel", "Je souhaite la poursuite de nos relations."),
    ("menace_impossible_public", "professionnel", "Je déposerai une requête en injonction de payer."),
    ("menace_impossible_public", "public", "Je saisirai le juge des référés du tribunal administratif."),
    ("menace_impossible_non_commercant", "professionnel", "Je saisirai le tribunal de commerce."),
    ("menace_impossible_etranger", "etranger", "Je porterai ma demande devant le tribunal compétent."),
    ("chantage", "professionnel", "L’examen du dossier ne révèle aucun écart."),
    ("chantage", "particulier", "C’est volontiers que je vous réponds."),
    ("publicite", "professionnel", "La publication du site est faite."),
    ("pression_par_les_tiers", "particulier", "Merci d’en parler au service comptable."),
    ("harcelement", "particulier", "Je passerai chez vous le 3 décembre reprendre la peinture."),
    ("harcelement", "professionnel", "Sans autre rappel, chaque jour de retard ajoute un intérêt."),
    ("harcelement", "professionnel", "Je regrette de devoir vous écrire."),
    ("verdict", "professionnel", "La porte du local sera condamnée pendant les travaux."),
    ("verdict", "particulier", "Le tribunal pourra être saisi."),
    ("droit_perime", "professionnel", "Je saisirai le tribunal judiciaire."),
    ("droit_perime", "professionnel", "Selon l’art. L. 441-10 du code de commerce, …"),
    ("droit_perime", "particulier", "Selon les articles 1344 et 1344-1 du code civil, …"),
]  # fmt: skip


def broken(text: str, debtor: str, addressee: str = "debiteur") -> set[str]:
    """Give the ids of the prohibitions a text about this debtor breaks, by who reads it."""
    held = [i for i in prohibitions() if debtor in i.debtors and addressee in i.addressees]
    return {item.id for item in held if item.found_in(text)}


def test_the_list_is_whole() -> None:
    """The fifteen prohibitions stand in the list, in order, each for debtors that exist."""
    assert [item.id for item in prohibitions()] == IDS
    assert set(EVERYONE) == set(vocabulary()["debtors"])


@pytest.mark.parametrize("item", prohibitions(), ids=lambda item: item.id)
def test_each_prohibition_says_what_and_why(item: letters.forbidden.Prohibition) -> None:
    """One plain sentence, and articles written as the law's files write them."""
    assert item.what.endswith(".")
    assert len(item.what) <= 200
    assert item.articles
    assert [cited for cited in item.articles if source_of(cited) is None] == []


@pytest.mark.parametrize("name", IDS)
def test_each_prohibition_has_its_trigger_and_its_near_miss(name: str) -> None:
    """Below, each prohibition is broken at least once and missed narrowly at least once."""
    assert name in {case[0] for case in BREAKS}
    assert name in {case[0] for case in PASSES}


@pytest.mark.parametrize(("name", "debtor", "text"), BREAKS)
def test_a_sentence_that_may_not_be_written_is_found(name: str, debtor: str, text: str) -> None:
    """The sentence breaks its prohibition, and `forbidden_in` gives the words that break it."""
    assert name in broken(text, debtor)
    (item,) = (item for item in prohibitions() if item.id == name)
    assert set(item.found_in(text)) <= set(forbidden_in(text, debtor))


@pytest.mark.parametrize(("name", "debtor", "text"), PASSES)
def test_a_sentence_that_only_resembles_it_passes(name: str, debtor: str, text: str) -> None:
    """A lawful sentence in near the same words is let through, by every prohibition."""
    assert broken(text, debtor) == set(), name
    assert forbidden_in(text, debtor) == ()


@pytest.mark.parametrize("document_id", load_catalogue().ids())
def test_no_document_of_the_catalogue_breaks_one(document_id: str, written: Write) -> None:
    """With all facts, then with blanks, in both ways to say « you », no document holds any."""
    document = load_catalogue().get(document_id)
    ways = product(
        document.debtors, document.tones, {False, document.has_tutoiement}, (False, True)
    )
    for debtor, tone, tu, least in ways:
        made = written(document_id, debtor, tone, tu=tu, least=least)
        text = f"{made.subject}\n{made.text}"
        assert forbidden_in(text, debtor, document.addressee) == (), (debtor, tone, tu, least)


def test_a_court_may_be_told_what_a_debtor_may_not_be_threatened_with() -> None:
    """Only law that is out of date is refused whoever reads; the rest protects the debtor."""
    words = "une saisie par le commissaire de justice, devant le tribunal d’instance"
    for addressee in ("tribunal", "tiers", "soi"):
        assert forbidden_in(words, "particulier", addressee) == ("tribunal d’instance",)
    assert forbidden_in(words, "particulier") == ("saisie", "tribunal d’instance")
    assert {item.id for item in prohibitions() if "tribunal" in item.addressees} == {"droit_perime"}


def test_no_fee_of_recovery_is_lawful_for_anyone() -> None:
    """The ban on recovery fees without a title binds the creditor towards every debtor."""
    (fees,) = (item for item in prohibitions() if item.id == "frais_de_recouvrement")
    assert fees.debtors == EVERYONE
    assert "art. L111-8, al. 2 CPCE" in fees.articles


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("huissier", "LES HUISSIERS"),
        ("huissier", "un huissier"),
        ("saisie", "plusieurs saisies"),
        ("pénal", "des suites pénales"),
        ("liste noire", "les listes noires"),
        ("L441-6", "l’article L.\u00a0441-6"),
        ("à vos frais", "À VOS FRAIS"),
    ],
)
def test_writing_does_not_hide_a_word(word: str, text: str) -> None:
    """Plural, case, accents, no-break spaces and the writing of an article change nothing."""
    assert word in forbidden_in(text, "professionnel")


@given(st.text(max_size=200), st.sampled_from(EVERYONE))
@settings(deadline=None, max_examples=150)
def test_any_text_can_be_read(text: str, debtor: str) -> None:
    """Whatever was typed, what is found is in the list, and a forbidden word added to it is found."""
    names = {name for item in prohibitions() for name, _ in item.signs}
    assert set(forbidden_in(text, debtor)) <= names
    assert "huissier" in forbidden_in(f"{text} huissier ", debtor)


def _changed(**changes: object) -> dict[str, Any]:
    """Give the file with its first prohibition changed; None takes a key away."""
    data = deepcopy(DATA)
    first = data["prohibitions"][0] | changes
    data["prohibitions"][0] = {key: value for key, value in first.items() if value is not None}
    return dict(data)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"what": None}, "missing what"),
        ({"surprise": 1}, "unknown surprise"),
        ({"articles": []}, "an article"),
        ({"words": None, "patterns": None}, "a word or pattern"),
        ({"debtors": ["voisin"]}, "unknown debtors: voisin"),
        ({"addressees": ["voisin"]}, "unknown addressees: voisin"),
        ({"words": [40]}, "a word in quotes"),
        ({"patterns": {"x": "à vos frais"}}, "accent"),
        ({"patterns": {"x": "Vos frais"}}, "capital"),
        ({"patterns": {"x": "%rien%"}}, "%name%"),
        ({"patterns": {"x": "("}}, "missing"),
        ({"patterns": {"x": 3}}, "in quotes"),
        ({"id": "verdict"}, "twice"),
    ],
)
def test_a_slip_in_the_list_is_refused(changes: dict[str, object], says: str) -> None:
    """A mistake in the file stops the reading, with the place it is at."""
    with pytest.raises(CatalogueError, match=re.escape(says)):
        parse_prohibitions(_changed(**changes))


def test_another_key_at_the_top_is_refused() -> None:
    """The file holds its two parts and no other."""
    with pytest.raises(CatalogueError, match="holds let and prohibitions"):
        parse_prohibitions({**DATA, "everywhere": []})
