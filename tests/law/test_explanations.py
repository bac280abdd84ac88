"""« Pourquoi ? »: a rule in plain words, its figures from the parameters, its articles, its day."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.law import Law, load_law
from flows.law.explain import Explanation, advisers, explain, standing_sentence, topics
from flows.law.explain.topics import parse_topics
from flows.law.sources import source_of
from flows.law.strict import LawFileError
from flows.yamlfile import load_yaml

TODAY = date(2026, 11, 22)
DATA = load_yaml(files("flows.law.explain") / "explanations.yaml")
HABITS = {"diviseur", "avoir"}
"""Topics that no article imposes."""
ASKED = {
    "penalites_professionnel", "taux_convenu", "taux_sous_plancher", "plancher", "taux_trois_fois_legal",
    "penalites_public", "interet_particulier", "interet_association", "etranger_sans_penalite",
    "indemnite_forfaitaire", "indemnite_public", "pas_d_indemnite_particulier", "diviseur", "semestres",
    "imputation_interets", "imputation_principal", "pas_de_capitalisation", "avoir", "delai_mise_en_demeure",
    "effet_mise_en_demeure", "mise_en_demeure_sans_reception", "echeance_defaut", "echeance_plafond",
    "echeance_fin_de_mois", "echeance_public", "echeance_particulier", "prescription_professionnel",
    "prescription_particulier", "prescription_public", "prescription_association", "prescription_transport",
    "prescription_non_interrompue", "procedure_collective_interets", "procedure_collective_declaration",
    "taux_inconnu", "injonction_signification", "injonction_titre", "conciliation_prealable", "tribunal",
    "frais_recouvrement_interdits", "suspension_travaux", "acompte_arrhes", "promesse", "reconnaissance", "lrar",
    "relance", "pourquoi_attendre",
}  # fmt: skip


def told(topic: str, law: Law, on: date = TODAY, **values: str) -> str:
    """Give the text of an explanation with plain spaces."""
    return plain(explain(topic, law, on, **values).text)


def plain(text: str) -> str:
    """Replace no-break spaces by spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_what_is_asked_can_be_explained() -> None:
    """Every topic a screen may ask « pourquoi ? » about is in the file, none twice."""
    assert set(topics()) >= ASKED
    assert len(set(topics())) == len(topics())


@pytest.mark.parametrize("topic", topics())
def test_every_topic_is_a_whole_answer(topic: str, law: Law) -> None:
    """A title that fits a button, a short text without a blank left, articles that can be read."""
    made = explain(topic, law, TODAY)
    assert made.topic == topic
    assert 0 < len(made.title) <= 40
    assert 60 <= len(made.text) <= 420
    assert made.text.endswith(".")
    assert "aucun chiffre n’est avancé." not in made.text
    assert (made.articles == ()) == (topic in HABITS)
    for cited in made.articles:
        assert cited.href.startswith("https://")
        assert not cited.label.startswith("art.")
    assert made.checked_on == TODAY


@pytest.mark.parametrize("topic", topics())
def test_the_texts_are_plain_and_rightly_typeset(topic: str, law: Law) -> None:
    """No shout, no scare word, no promise; no-break spaces where French typography wants them."""
    text = explain(topic, law, TODAY).text
    assert not re.search(r" [:;?!%€»]|« |[!'{}]|  ", text)
    assert not re.search(r"\w[;?!»]|«\w", text)
    assert not re.search(r"(?i)huissier|sommation|gagner|poursuites|tribunal d’instance", text)


def test_no_figure_is_written_by_hand() -> None:
    """The file holds no digit in what is read: each comes from a parameter of the day."""
    for topic in DATA["topics"].values():
        texts = [topic.get(key, "") for key in ("title", "text", "detail", "caution")]
        texts += topic.get("variants", {}).get("texts", {}).values()
        for text in texts:
            assert not re.search(r"\d", re.sub(r"\{\w+\}", "", text)), text


def test_every_parameter_of_the_file_exists(law: Law) -> None:
    """What stands between braces is a parameter of the law, or is made of some."""
    for name, topic in parse_topics(DATA, load_law()).topics.items():
        assert set(topic.parameters) <= set(law.parameters), name


@pytest.mark.parametrize(
    ("topic", "on", "said"),
    [
        ("penalites_professionnel", TODAY, "(2,40 %) majoré de 10 points, soit 12,40 % par an"),
        ("penalites_professionnel", date(2024, 3, 1), "(4,50 %) majoré de 10 points, soit 14,50 %"),
        ("plancher", TODAY, "3 fois le taux de l’intérêt légal (2,75 %), soit 8,25 % par an"),
        ("plancher", date(2024, 3, 1), "soit 15,21 % par an au premier semestre 2024"),
        ("plancher", date(2024, 3, 1), "reste de 14,50 %, même quand il est plus bas"),
        ("penalites_public", TODAY, "majoré de 8 points"),
        (
            "penalites_public",
            TODAY,
            "Pour un retard commencé au second semestre 2026 : 10,40 % par an.",
        ),
        ("interet_particulier", TODAY, "2,75 % par an au second semestre 2026"),
        ("interet_association", TODAY, "2,75 % par an au second semestre 2026"),
        ("taux_convenu", TODAY, "soit 8,25 % par an au second semestre 2026"),
        ("taux_sous_plancher", date(2026, 6, 30), "7,86 % par an au premier semestre 2026"),
        ("taux_trois_fois_legal", date(2026, 6, 30), "par an au premier semestre 2026"),
        ("indemnite_forfaitaire", TODAY, "donne droit à 40,00 €, une seule fois"),
        ("diviseur", TODAY, "une année de 365 jours, même bissextile"),
        ("delai_mise_en_demeure", TODAY, "8 jours pour un professionnel, de 15 jours"),
        ("echeance_defaut", TODAY, "dans les 30 jours"),
        (
            "echeance_plafond",
            TODAY,
            "60 jours après la date de la facture, ou 45 jours fin de mois",
        ),
        (
            "echeance_public",
            TODAY,
            "30 jours, les établissements publics de santé dans les 50 jours",
        ),
        ("prescription_professionnel", TODAY, "Vous avez 5 ans pour agir"),
        ("prescription_particulier", TODAY, "vous avez 2 ans pour agir"),
        ("prescription_public", TODAY, "au bout de 4 ans, comptés depuis le premier janvier"),
        ("prescription_transport", TODAY, "délai de 1 an, compté depuis la livraison"),
        ("procedure_collective_declaration", TODAY, "dans les 2 mois qui suivent la publication"),
        ("injonction_signification", date(2026, 8, 31), "dans les 6 mois"),
        ("injonction_signification", date(2026, 9, 1), "dans les 3 mois"),
        ("injonction_titre", date(2026, 8, 31), "certificat de non-opposition"),
        ("injonction_titre", date(2026, 9, 1), "si, 2 mois après sa signification"),
        ("conciliation_prealable", TODAY, "qui ne dépasse pas 5 000,00 €"),
        (
            "tribunal",
            TODAY,
            "c’est le tribunal de commerce, appelé tribunal des activités économiques",
        ),
    ],
)
def test_the_figure_is_that_of_the_day(topic: str, on: date, said: str, law: Law) -> None:
    """Each figure is the parameter as it stood on the day asked, written with its unit."""
    assert said in told(topic, law, on)


@pytest.mark.parametrize(
    "topic",
    [
        "penalites_professionnel",
        "plancher",
        "interet_particulier",
        "penalites_public",
        "taux_convenu",
    ],
)
def test_a_figure_that_is_not_known_is_refused(topic: str, law: Law) -> None:
    """In 2027 no rate is carried over: the text is the refusal, the articles stay."""
    made = explain(topic, law, date(2027, 1, 1))
    assert made.text.endswith("aucun chiffre n’est avancé.")
    assert "premier semestre 2027" in made.text
    assert not re.search(r"\d,\d\d", made.text)
    assert made.articles == explain(topic, law, TODAY).articles


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("interet_particulier", "le taux de l’intérêt légal n’est pas connu"),
        ("penalites_public", "le taux de la Banque centrale européenne n’est pas connu"),
    ],
)
def test_a_refusal_names_the_rate_as_a_person_would(topic: str, said: str, law: Law) -> None:
    """What a value is called on file is for the operator: the refusal says the plain name."""
    text = told(topic, law, date(2027, 1, 1))
    assert text.startswith(f"Pour le premier semestre 2027, {said}")
    assert not any(parameter.label in text for parameter in law.parameters.values())


@pytest.mark.parametrize("topic", topics())
def test_no_explanation_speaks_of_this_half_year(topic: str, law: Law) -> None:
    """The day explained may be long past: a half-year is named, never « ce semestre » of a figure."""
    assert "par an pour ce semestre" not in told(topic, law)
    assert "commencé ce semestre" not in told(topic, law)


def test_the_rule_without_a_figure_holds_in_2027(law: Law) -> None:
    """What rests on no rate can be explained when rates are unknown, above all why they are."""
    on = date(2027, 1, 1)
    assert explain("taux_inconnu", law, on).text == explain("taux_inconnu", law, TODAY).text


def test_an_unknown_topic_is_a_key_error(law: Law) -> None:
    """A topic that does not exist is a slip of the program."""
    with pytest.raises(KeyError, match="pourquoi_pas"):
        explain("pourquoi_pas", law, TODAY)


def test_a_detail_is_told_when_it_is_given(law: Law) -> None:
    """The agreed rate is repeated when the caller gives it, and nothing is said of it otherwise."""
    assert "Ici, le taux convenu est de 5,00 % par an." in told(
        "taux_sous_plancher", law, taux_convenu="5,00\u00a0%"
    )
    assert "Ici" not in told("taux_sous_plancher", law)
    with pytest.raises(TypeError, match="takes no taux_convenu"):
        explain("plancher", law, TODAY, taux_convenu="5,00\u00a0%")


@pytest.mark.parametrize(
    "topic",
    ["taux_sous_plancher", "taux_trois_fois_legal", "interet_association", "etranger_sans_penalite",
     "imputation_interets", "avoir", "mise_en_demeure_sans_reception", "prescription_association",
     "prescription_transport", "promesse"],
)  # fmt: skip
def test_what_is_not_settled_is_said_to_be(topic: str, law: Law) -> None:
    """A rule that is less than confirmed is marked approximate and its text says so."""
    made = explain(topic, law, TODAY)
    assert made.approximate
    assert re.search(r"à vérifier|n’est pas tranchée?", made.text)


def test_what_is_confirmed_is_not_marked(law: Law) -> None:
    """The default rate and the fixed sum are firm: no reserve is added to them."""
    for topic in ("penalites_professionnel", "indemnite_forfaitaire", "injonction_signification"):
        made = explain(topic, law, TODAY)
        assert not made.approximate
        assert "à vérifier" not in made.text


def test_a_figure_less_than_confirmed_marks_its_topic(law: Law) -> None:
    """Before 2019 the public margin is only likely: the explanation of that day says so."""
    made = explain("penalites_public", law, date(2018, 1, 1))
    assert made.approximate
    assert made.text.endswith("Ce point est à vérifier avant de vous y fier.")


def _older(law: Law, name: str, checked: date) -> Law:
    parameters = dict(law.parameters)
    parameters[name] = replace(parameters[name], last_checked_on=checked)
    return Law(parameters, law.regimes)


def test_the_day_of_check_is_the_oldest(law: Law) -> None:
    """An explanation is no fresher than the oldest parameter it rests on, and not touched by others."""
    old = date(2026, 3, 1)
    older = _older(law, "majoration_professionnel", old)
    assert explain("penalites_professionnel", older, TODAY).checked_on == old
    assert explain("indemnite_forfaitaire", older, TODAY).checked_on == TODAY
    source = _older(law, "bce_refinancement", old)
    assert explain("penalites_professionnel", source, TODAY).checked_on == old
    assert explain("relance", older, TODAY).checked_on == DATA["last_checked_on"]


@given(
    topic=st.sampled_from(topics()),
    on=st.dates(date(2010, 1, 1), date(2035, 12, 31)),
)
@settings(deadline=None, max_examples=150)
def test_any_topic_can_be_asked_for_any_day(topic: str, on: date) -> None:
    """Whatever the day, an answer comes: the rule, or the refusal of a figure, and no blank is left."""
    made = explain(topic, load_law(), on)
    assert isinstance(made, Explanation)
    assert made.text.endswith(".")
    assert "{" not in made.text


def test_the_standing_sentence_says_what_this_is_and_who_advises() -> None:
    """General information, no advice; conciliateur, point-justice, lawyer, chambers are named."""
    said = standing_sentence()
    assert said.startswith("Information générale, et non un conseil juridique.")
    assert len(said) <= 300
    for who in (
        "conciliateur de justice", "point-justice", "maison de justice et du droit", "avocat",
        "chambre de métiers et de l’artisanat", "CCI",
    ):  # fmt: skip
        assert who in said
    assert next(adviser.name for adviser in advisers()) == "Conciliateur de justice"
    assert all(adviser.href.startswith("https://") and adviser.what for adviser in advisers())


def _topic(**changes: object) -> dict[str, Any]:
    """Give the whole file with one topic, changed; None takes a key away."""
    data: dict[str, Any] = deepcopy(DATA)
    topic = {"title": "Essai", "text": "Une règle à {diviseur_jours}.", "articles": []} | changes
    data["topics"] = {"essai": {key: value for key, value in topic.items() if value is not None}}
    return data


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"text": "Un délai de 30 jours."}, "a figure"),
        ({"text": None}, "either text or variants"),
        ({"variants": {"parameter": "x", "texts": {}}}, "either text or variants"),
        ({"text": "Un taux de {taux:.2f}."}, "a name alone"),
        ({"title": "x" * 45}, "longer"),
        ({"surprise": "x"}, "unknown"),
        ({"articles": [""]}, "a text"),
        ({"given": ["x"]}, "given goes with detail"),
        ({"given": ["x"], "detail": "Rien."}, "nothing reads"),
        ({"rates": {"taux": {"add": ["bce_semestre"]}}}, "nothing reads"),
        ({"rates": {"taux": {"add": ["a", "b"]}}}, "no parameter"),
        ({"rates": {"taux": {"add": ["delai_public"]}}}, "not in"),
        ({"text": "Un délai de {delai_du_voisin}."}, "no parameter"),
        ({"rates": {"taux": {"add": ["a"], "multiply": ["b"]}}, "text": "{taux}"}, "either add"),
        ({"approximate": "oui"}, "true or false"),
    ],
)
def test_a_slip_in_a_topic_is_refused(changes: dict[str, object], says: str) -> None:
    """A figure by hand, a blank nothing fills, a key by mistake: the file is not read."""
    with pytest.raises(LawFileError, match=says):
        parse_topics(_topic(**changes), load_law())


def test_a_good_topic_is_read(law: Law) -> None:
    """The trial topic, untouched, is read with the parameter it rests on."""
    assert parse_topics(_topic(), law).topics["essai"].parameters == ("diviseur_jours",)


def test_the_life_of_a_figure_ends_with_its_rule(law: Law) -> None:
    """The day before a fixed sum existed, its explanation gives no sum."""
    on = date(2013, 1, 1)
    assert "40,00 €" in told("indemnite_forfaitaire", law, on)
    assert "40" not in told("indemnite_forfaitaire", law, on - timedelta(days=1))


def test_every_citation_of_the_file_is_recognised() -> None:
    """No explanation cites a text that cannot be named in full."""
    cited = {text for topic in DATA["topics"].values() for text in topic["articles"]}
    assert [text for text in cited if source_of(text) is None] == []
