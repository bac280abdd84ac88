"""Which routes are open for a situation: cases a jurist can read, then what holds for every situation."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.dossier import DebtorKind
from flows.law import Law, load_law
from flows.law.routes import (
    Route,
    Situation,
    Status,
    questions_for,
    recommended,
    routes_for,
)
from flows.law.routes.rulebook import FILES, load_rulebook, parse_rulebook
from flows.law.routes.situation import DAYS, VALUES
from flows.law.strict import LawFileError
from flows.yamlfile import load_yaml

CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 11, 22)
LAW = load_law()
ALWAYS = {
    "conciliateur",
    "mediateur_entreprises",
    "petites_creances",
    "injonction_de_payer",
    "requete_au_fond",
    "assignation_au_fond",
    "refere_provision",
    "sommation",
    "recouvrement_amiable",
    "protection_juridique",
    "reclamation_prealable",
    "refere_provision_administratif",
    "mandatement_d_office",
    "injonction_europeenne",
    "petits_litiges_europeens",
    "declaration_de_creance",
}
SUITS = {
    "petites_creances",
    "injonction_de_payer",
    "refere_provision",
    "titre_sans_juge",
    "injonction_europeenne",
    "petits_litiges_europeens",
    "requete_au_fond",
    "assignation_au_fond",
    "saisie_conservatoire",
    "execution_du_titre",
    "reclamation_prealable",
    "refere_provision_administratif",
    "mandatement_d_office",
}
ORDERS = {"requete", "ordonnance", "signifiee", "opposition"}
"""The stages of an order to pay, which no public body can be the object of."""
FACTS = {
    "creditor_status": "creditor_status",
    "debtor_status": "debtor_status",
    "public_body": "public_body",
    "debtor_country": "country",
    "contested": "contested",
    "special_case": "special_case",
    "debtor_postcode": "postcode",
}


def situation(**given_: Any) -> Situation:
    """A situation of a case: amounts as text, the total equal to the principal unless said."""
    principal = Decimal(given_.pop("principal", "1200"))
    total = Decimal(given_.pop("total", principal))
    kind = DebtorKind(given_.pop("debtor_kind"))
    today = given_.pop("today", TODAY)
    return Situation(today=today, debtor_kind=kind, principal=principal, total=total, **given_)


def _cases() -> Iterator[Any]:
    cases = load_yaml(CASES / "voies.yaml")
    names = [case["name"] for case in cases]
    assert len(set(names)) == len(names) >= 60
    return (pytest.param(case, id=case["name"]) for case in cases)


@pytest.mark.parametrize("case", list(_cases()))
def test_a_route_is_as_the_case_says(case: dict[str, Any], law: Law) -> None:
    """Status, reason and article are those a jurist wrote in the case."""
    assert set(case) == {"name", "source", "given", "expected"}
    routes = {route.id: route for route in routes_for(situation(**case["given"]), law)}
    for id_, (status, reason, article) in case["expected"].items():
        route = routes[id_]
        assert (id_, str(route.status)) == (id_, status)
        assert reason in route.reason
        assert article in route.articles


def _values(field: str) -> list[Any]:
    return sorted(VALUES[field], key=str)


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Any situation, sums often on a ceiling."""
    cents = st.integers(1, 3_000_000).map(lambda n: Decimal(n) / 100)
    principal = draw(st.sampled_from([Decimal(5000), Decimal(10000), Decimal(1500)]) | cents)
    total = principal + draw(st.sampled_from([Decimal(0), Decimal("0.01"), Decimal(90)]))
    fields = {f: draw(st.sampled_from(_values(f))) for f in VALUES if f != "debtor_kind"}
    days: dict[str, Any] = {name: draw(st.none() | st.just(TODAY)) for name in DAYS}
    return Situation(
        today=TODAY,
        debtor_kind=draw(st.sampled_from(DebtorKind)),
        principal=principal,
        total=total,
        postcode=draw(st.sampled_from(["", "75001", "67000", "97400", "98800"])),
        **fields,
        **days,
    )


def by_id(s: Situation) -> dict[str, Route]:
    """The routes of a situation by id."""
    return {route.id: route for route in routes_for(s, LAW)}


@settings(deadline=None, max_examples=150)
@given(situations())
def test_every_route_is_shown_with_its_reason_and_article(s: Situation) -> None:
    """Each route of the list is there for every debtor, and says why, with a text to read."""
    routes = by_id(s)
    assert set(routes) >= ALWAYS
    for route in routes.values():
        assert route.reason.endswith(".")
        assert "?" not in route.reason
        assert len(route.label) <= 40
        assert route.articles
        assert (route.court is None) or route.status is not Status.CLOSED
        texts = [value for value in asdict(route).values() if isinstance(value, str)]
        assert all(text.strip() for text in texts)
        assert not any("{" in text for text in texts)


@settings(deadline=None, max_examples=150)
@given(situations())
def test_a_public_debtor_is_neither_seized_nor_ordered_to_pay(s: Situation) -> None:
    """No injonction de payer, no seizure and no civil suit is open against a public body."""
    routes = by_id(replace(s, debtor_kind=DebtorKind.PUBLIC))
    for id_ in SUITS - {
        "reclamation_prealable",
        "refere_provision_administratif",
        "mandatement_d_office",
    }:
        assert id_ not in routes or routes[id_].status is not Status.OPEN


@settings(deadline=None, max_examples=150)
@given(situations())
def test_a_collective_procedure_closes_every_suit(s: Situation) -> None:
    """An open procedure closes suits, seizures and amicable payment of a private debtor, whatever else."""
    kind = DebtorKind.PROFESSIONAL if s.debtor_kind is DebtorKind.PUBLIC else s.debtor_kind
    routes = by_id(replace(s, procedure_open=True, debtor_kind=kind))
    for id_ in SUITS & set(routes) | {"conciliateur", "recouvrement_amiable", "sommation"}:
        assert (id_, routes[id_].status) == (id_, Status.CLOSED)
    assert (routes["declaration_de_creance"].status is Status.CLOSED) == (s.claim == "declaree")
    assert "releve_de_forclusion" in routes


@settings(deadline=None, max_examples=150)
@given(situations())
def test_a_judge_who_has_the_case_is_not_asked_again(s: Situation) -> None:
    """Once a judge is asked no other suit is open: only the order asked for goes on."""
    routes = by_id(replace(s, title=False))
    opened = {id_ for id_ in SUITS & set(routes) if routes[id_].status is Status.OPEN}
    court = opened - {"reclamation_prealable", "mandatement_d_office"}
    if s.stage == "juge_saisi":
        assert not court
    elif s.stage in ORDERS and s.debtor_kind is not DebtorKind.PUBLIC:
        assert court <= {"injonction_de_payer"}


@settings(deadline=None, max_examples=100)
@given(situations())
def test_no_prior_attempt_is_required_for_an_injonction(s: Situation) -> None:
    """The order to pay is asked for without any amicable attempt."""
    assert by_id(s)["injonction_de_payer"].prior_attempt.startswith("Aucune tentative")


@settings(deadline=None, max_examples=60)
@given(situations(), st.sampled_from(sorted(FACTS)))
def test_a_fact_that_is_not_asked_changes_nothing(s: Situation, fact: str) -> None:
    """An unknown fact is asked exactly when one of its values changes a route or the court."""
    field = FACTS[fact]
    unknown = "" if field == "postcode" else "inconnu"
    changes: Any = {field: unknown}
    s = replace(s, **changes)
    if fact == "special_case" and s.debtor_kind is DebtorKind.CONSUMER:
        assert fact not in questions_for(s, LAW)
        return
    values = ["75001", "57000", "68100", "97200"] if field == "postcode" else _values(field)
    outcomes = set()
    for value in [unknown, *values]:
        changes = {field: value}
        other = replace(s, **changes)
        routes = routes_for(other, LAW)
        courts = frozenset(r.court.key for r in routes if r.court)
        outcomes.add((courts, tuple((r.id, r.status) for r in routes)))
    assert (fact in questions_for(s, LAW)) == (len(outcomes) > 1)


@settings(deadline=None, max_examples=60)
@given(situations())
def test_only_unknown_facts_are_asked(s: Situation) -> None:
    """What is known is never asked again, and nothing is asked twice."""
    asked = questions_for(s, LAW)
    assert len(set(asked)) == len(asked)
    assert all(getattr(s, FACTS[fact]) in ("", "inconnu") for fact in asked)


@settings(deadline=None, max_examples=150)
@given(situations())
def test_what_is_recommended_is_open(s: Situation) -> None:
    """At most three routes, each open, each with one line that promises nothing."""
    routes = routes_for(s, LAW)
    found = recommended(routes, s, LAW)
    opened = {route.id for route in routes if route.status is Status.OPEN}
    assert len(found) <= 3
    assert {r.route for r in found} <= opened
    assert len({r.route for r in found}) == len(found)
    assert not any(re.search("gagner|certain|garanti", r.why) for r in found)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (
            {"debtor_kind": "particulier", "principal": "300"},
            ["conciliateur", "petites_creances", "injonction_de_payer"],
        ),
        (
            {"debtor_kind": "professionnel", "principal": "8000", "contested": "non"},
            ["injonction_de_payer", "refere_provision", "assignation_au_fond"],
        ),
        (
            {"debtor_kind": "particulier", "principal": "900", "contested": "oui"},
            ["conciliateur", "requete_au_fond", "assignation_au_fond"],
        ),
        (
            {
                "debtor_kind": "public",
                "public_body": "collectivite",
                "contested": "non",
            },
            ["reclamation_prealable", "mandatement_d_office", "refere_provision_administratif"],
        ),
        (
            {
                "debtor_kind": "public",
                "public_body": "collectivite",
                "contested": "non",
                "prior_claim": "silence_echu",
            },
            ["refere_provision_administratif", "mandatement_d_office", "mediateur_entreprises"],
        ),
        (
            {
                "debtor_kind": "public",
                "public_body": "collectivite",
                "contested": "non",
                "prior_claim": "en_cours",
            },
            ["mandatement_d_office", "refere_provision_administratif", "mediateur_entreprises"],
        ),
        (
            {"debtor_kind": "public", "public_body": "etat", "contested": "oui"},
            ["reclamation_prealable", "mediation_publique", "mediateur_entreprises"],
        ),
        (
            {"debtor_kind": "etranger", "country": "ue"},
            ["injonction_europeenne", "petits_litiges_europeens", "aide_locale"],
        ),
        ({"debtor_kind": "etranger", "country": "hors_ue"}, ["aide_locale"]),
        (
            {"debtor_kind": "professionnel", "procedure_open": True},
            ["declaration_de_creance"],
        ),
        (
            {"debtor_kind": "professionnel", "procedure_open": True, "claim": "passee"},
            ["releve_de_forclusion"],
        ),
        (
            {"debtor_kind": "professionnel", "procedure_open": True, "claim": "forclose"},
            [],
        ),
        (
            {"debtor_kind": "professionnel", "procedure_open": True, "claim": "declaree"},
            [],
        ),
        (
            {"debtor_kind": "professionnel", "principal": "4000", "stage": "requete"},
            ["injonction_de_payer"],
        ),
        (
            {"debtor_kind": "particulier", "principal": "80", "stage": "ordonnance"},
            ["injonction_de_payer"],
        ),
        (
            {"debtor_kind": "particulier", "stage": "signifiee", "limitation_near": True},
            ["injonction_de_payer"],
        ),
        (
            {
                "debtor_kind": "professionnel",
                "principal": "4000",
                "stage": "opposition",
                "contested": "oui",
            },
            ["injonction_de_payer", "conciliateur", "mediateur_entreprises"],
        ),
        ({"debtor_kind": "particulier", "stage": "juge_saisi"}, ["conciliateur"]),
        ({"debtor_kind": "particulier", "stage": "conciliation"}, ["conciliateur"]),
        ({"debtor_kind": "particulier", "stage": "petites_creances"}, ["petites_creances"]),
        (
            {"debtor_kind": "public", "public_body": "etat", "stage": "conciliation"},
            ["mediation_publique"],
        ),
        ({"debtor_kind": "particulier", "principal": "80"}, ["conciliateur", "abandon"]),
        (
            {"debtor_kind": "particulier", "principal": "80", "contested": "oui"},
            ["conciliateur", "abandon"],
        ),
        (
            {"debtor_kind": "professionnel", "principal": "80", "conciliation_tried": True},
            ["abandon"],
        ),
        (
            {"debtor_kind": "public", "public_body": "collectivite", "principal": "80"},
            ["reclamation_prealable", "abandon"],
        ),
        ({"debtor_kind": "etranger", "country": "ue", "principal": "80"}, ["abandon"]),
        (
            {"debtor_kind": "particulier", "limitation_near": True},
            ["requete_au_fond", "assignation_au_fond", "refere_provision"],
        ),
        (
            {"debtor_kind": "professionnel", "principal": "9000", "limitation_near": True},
            ["assignation_au_fond", "refere_provision"],
        ),
        (
            {"debtor_kind": "particulier", "limitation_passed": True},
            ["conciliateur", "abandon"],
        ),
        (
            {"debtor_kind": "public", "public_body": "etat", "limitation_passed": True},
            ["mediation_publique", "abandon"],
        ),
        (
            {"debtor_kind": "etranger", "country": "ue", "limitation_passed": True},
            ["aide_locale", "abandon"],
        ),
        (
            {"debtor_kind": "particulier", "title": True},
            ["execution_du_titre", "abandon"],
        ),
        ({"debtor_kind": "professionnel", "overdue": False}, []),
        (
            {"debtor_kind": "public", "public_body": "collectivite", "title": True},
            ["paiement_decision_publique", "mediateur_entreprises"],
        ),
        ({"debtor_kind": "etranger", "country": "hors_ue", "title": True}, ["aide_locale"]),
        ({"debtor_kind": "particulier", "surendettement": True}, ["commission_surendettement"]),
        (
            {
                "debtor_kind": "particulier",
                "principal": "900",
                "formal_notice": "echue",
                "conciliation_tried": True,
            },
            ["injonction_de_payer", "petites_creances", "requete_au_fond"],
        ),
    ],
)
def test_the_routes_worth_considering(given_: dict[str, Any], expected: list[str]) -> None:
    """Small, contested, public, foreign, insolvent: each has its own order."""
    s = situation(**given_)
    assert [r.route for r in recommended(routes_for(s, LAW), s, LAW)] == expected


@pytest.mark.parametrize(
    ("given_", "route", "field", "says"),
    [
        ({"principal": "10000"}, "assignation_au_fond", "lawyer", "facultatif jusqu’à 10\u202f000"),
        ({"principal": "10000.01"}, "assignation_au_fond", "lawyer", "obligatoire au-dessus"),
        (
            {"principal": "9990", "total": "10010"},
            "assignation_au_fond",
            "lawyer",
            "par prudence, comptez",
        ),
        ({"principal": "5000"}, "requete_au_fond", "prior_attempt", "obligatoire avant"),
        ({"principal": "5000"}, "assignation_au_fond", "prior_attempt", "obligatoire avant"),
        ({"principal": "5000.01"}, "assignation_au_fond", "prior_attempt", "Aucune tentative"),
        (
            {"principal": "4990", "total": "5010"},
            "assignation_au_fond",
            "prior_attempt",
            "Par prudence",
        ),
        (
            {"conciliation_tried": True},
            "requete_au_fond",
            "prior_attempt",
            "a été faite",
        ),
        (
            {"petites_creances_tried": True},
            "requete_au_fond",
            "prior_attempt",
            "dispense de la tentative",
        ),
        ({}, "refere_provision", "prior_attempt", "seule l’urgence"),
        (
            {"conciliation_tried": True},
            "requete_au_fond",
            "first_step",
            "tentative amiable déjà faite",
        ),
        (
            {"petites_creances_tried": True},
            "requete_au_fond",
            "first_step",
            "petites créances n’a pas abouti",
        ),
        ({}, "requete_au_fond", "first_step", "Faire d’abord la tentative amiable"),
        ({"stage": "conciliation"}, "conciliateur", "first_step", "le constat d’échec"),
        ({"stage": "petites_creances"}, "petites_creances", "first_step", "déjà chargé"),
        ({"stage": "petites_creances"}, "petites_creances", "limitation", "est suspendu depuis"),
        ({"stage": "opposition"}, "injonction_de_payer", "limitation", "a interrompu le délai"),
        ({"stage": "signifiee"}, "injonction_de_payer", "limitation", "a interrompu le délai"),
        ({"stage": "ordonnance"}, "injonction_de_payer", "limitation", "n’arrête pas"),
        ({"claim": "declaree"}, "declaration_de_creance", "first_step", "Garder la preuve"),
        ({"claim": "declaree"}, "declaration_de_creance", "limitation", "a interrompu le délai"),
        ({"claim": "passee"}, "declaration_de_creance", "first_step", "relevé de forclusion"),
        (
            {"special_case": "sous_traitance", "formal_notice": "echue"},
            "action_directe",
            "first_step",
            "la copie de la mise en demeure",
        ),
        ({}, "requete_au_fond", "cost", "50\u00a0€"),
        ({}, "injonction_de_payer", "cost", "Pas de frais de greffe"),
        ({}, "injonction_de_payer", "limitation", "n’arrête pas"),
        ({}, "petites_creances", "cost", "entièrement à votre charge"),
        ({"principal": "12000"}, "injonction_de_payer", "lawyer", "En cas d’opposition"),
        ({}, "injonction_de_payer", "lawyer", "Pas d’avocat."),
    ],
)
def test_what_is_said_of_a_route(given_: dict[str, Any], route: str, field: str, says: str) -> None:
    """Lawyer, cost, prior attempt and limitation follow the sums and what was tried (consumer)."""
    text = getattr(by_id(situation(debtor_kind="particulier", **given_))[route], field)
    assert says in text


@pytest.mark.parametrize(
    ("given_", "route", "field", "says"),
    [
        ({}, "refere_provision_administratif", "first_step", "Envoyer d’abord la réclamation"),
        (
            {"prior_claim": "en_cours"},
            "refere_provision_administratif",
            "first_step",
            "Sans réponse après 2\u00a0mois",
        ),
        (
            {"prior_claim": "silence_echu"},
            "refere_provision_administratif",
            "first_step",
            "Déposer la requête",
        ),
        (
            {"prior_claim": "en_cours"},
            "refere_provision_administratif",
            "prior_attempt",
            "est faite",
        ),
        ({"prior_claim": "en_cours"}, "reclamation_prealable", "first_step", "attendre la réponse"),
        ({"prior_claim": "silence_echu"}, "reclamation_prealable", "prior_attempt", "déjà faite"),
        ({"prior_claim": "en_cours"}, "reclamation_prealable", "limitation", "a interrompu"),
        ({"prior_claim": "silence_echu"}, "mandatement_d_office", "prior_attempt", "est faite"),
        ({"stage": "conciliation"}, "mediation_publique", "first_step", "ou son échec"),
    ],
)
def test_what_is_said_to_who_is_owed_by_a_public_body(
    given_: dict[str, Any], route: str, field: str, says: str
) -> None:
    """Once the written claim is made, no text of a route asks for it again."""
    s = situation(debtor_kind="public", public_body="collectivite", **given_)
    assert says in getattr(by_id(s)[route], field)


def _traders(**more: Any) -> dict[str, Route]:
    statuses = {"creditor_status": "commercant", "debtor_status": "societe"}
    return by_id(situation(debtor_kind="professionnel", **statuses, **more))


def test_a_fee_that_is_not_firm_is_shown_as_approximate() -> None:
    """The fee of the greffe between traders is a range, and the greffe gives the exact sum."""
    cost = _traders()["injonction_de_payer"].cost
    assert "environ 30 à 35\u00a0€. Le greffe indique le montant exact" in cost


def test_the_form_has_no_issue_number() -> None:
    """The form is named by its number alone, that of the court."""
    consumer = by_id(situation(debtor_kind="particulier"))["injonction_de_payer"].papers
    assert consumer[0] == "Formulaire Cerfa n°\u00a012948, facultatif"
    assert "12946" in _traders()["injonction_de_payer"].papers[0]


def test_no_prior_attempt_before_the_commercial_court() -> None:
    """The duty of an amicable attempt stands in the title of the tribunal judiciaire only."""
    assert "tribunal de commerce" in _traders()["assignation_au_fond"].prior_attempt


@pytest.mark.parametrize(
    ("body", "says"),
    [("collectivite", "Pas d’avocat"), ("hopital", "Pas d’avocat"), ("etat", "Avocat obligatoire")],
)
def test_the_lawyer_before_the_administrative_court(body: str, says: str) -> None:
    """None against a commune or a public hospital, one against the State."""
    route = by_id(situation(debtor_kind="public", public_body=body))[
        "refere_provision_administratif"
    ]
    assert route.lawyer.startswith(says)


@pytest.mark.parametrize(
    ("notice", "says"), [("aucune", "Une mise en demeure d’abord"), ("en_cours", "Attendez la fin")]
)
def test_a_formal_notice_comes_first(notice: str, says: str) -> None:
    """Before the notice has run out, the order to pay says what to wait for."""
    s = situation(debtor_kind="particulier", formal_notice=notice)
    assert any(c.startswith(says) for c in by_id(s)["injonction_de_payer"].cautions)
    later = by_id(replace(s, formal_notice="echue"))["injonction_de_payer"].cautions
    assert not any(c.startswith(says) for c in later)


def test_a_new_route_is_to_be_checked_once_its_decree_is_found() -> None:
    """When the operator notes the decree, the title without a judge is no longer closed."""
    waiting = LAW.parameters["etat_titre_sans_juge"]
    found = replace(waiting, values=(replace(waiting.values[0], value="praticable"),))
    law = replace(LAW, parameters={**LAW.parameters, "etat_titre_sans_juge": found})
    s = situation(
        debtor_kind="professionnel", creditor_status="commercant", debtor_status="societe"
    )
    routes = {route.id: route for route in routes_for(s, law)}
    assert routes["titre_sans_juge"].status is Status.TO_CHECK


def test_no_sum_is_said_before_it_exists() -> None:
    """Before the contribution of March 2026 no amount is named for it."""
    before = situation(debtor_kind="particulier", today=date(2026, 2, 28))
    assert not re.search(r"\d", by_id(before)["requete_au_fond"].cost)
    assert "contribution" not in by_id(before)["assignation_au_fond"].cost


@settings(deadline=None, max_examples=150)
@given(situations(), situations())
def test_answering_all_that_is_not_asked_changes_nothing(s: Situation, answers: Situation) -> None:
    """Facts left out of the questions change no route, even when all are answered together."""
    asked = questions_for(s, LAW)
    never = {"special_case"} if s.debtor_kind is DebtorKind.CONSUMER else set()
    never |= {"debtor_postcode"} if answers.postcode == "98800" else set()
    unknown = [f for fact, f in FACTS.items() if fact not in {*asked, *never}]
    changes: Any = {f: getattr(answers, f) for f in unknown if getattr(s, f) in ("", "inconnu")}
    later = routes_for(replace(s, **changes), LAW)
    before = [(route.id, route.status) for route in routes_for(s, LAW)]
    assert [(route.id, route.status) for route in later] == before


@pytest.mark.parametrize(
    "bad",
    [
        {"contested": "peut-être"},
        {"postcode": "7500"},
        {"postcode": "75A01"},
        {"principal": "10", "total": "9"},
        {"principal": "-1"},
    ],
)
def test_a_situation_that_cannot_be_is_refused(bad: dict[str, Any]) -> None:
    """A value out of its list, a wrong postcode or a total under the principal raises."""
    with pytest.raises(ValueError, match=r".+"):
        situation(debtor_kind="particulier", **bad)


# --- the files -------------------------------------------------------------------------------


def contents() -> dict[str, Any]:
    """The files of the routes, as read."""
    folder = files("flows.law.routes")
    return {name: load_yaml(folder / f"{name}.yaml") for name in FILES}


def _texts(data: Any) -> Iterator[str]:
    """Every sentence a person reads; references, conditions and trial values left out."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in (
                *("articles", "when", "listed", "values", "at_most"),
                *("cities", "territories", "habits"),
            ):
                yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)
    elif isinstance(data, str):
        yield data


def test_no_figure_stands_in_a_sentence() -> None:
    """Every figure of a sentence comes from a parameter, and its words respect the house style."""
    for text in _texts(contents()):
        bare = re.sub(r"\{[a-z0-9_]+\}", "", text)
        assert not re.search(r"\d", bare), text
        assert not re.search(r"huissier|poursuites immédiates|vous gagnerez", bare), text
        assert "!" not in bare, text
        assert "'" not in bare, text
        assert not re.search(r" [:;?%»€]|« ", bare), text


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("routes", "abandon", "cost"), "Environ 20 euros.", "figure"),
        (("routes", "abandon", "cost"), "", "sentence"),
        (("routes", "abandon", "cost"), "Jusqu’à {plafond_du_voisin}.", "no parameter"),
        (("routes", "abandon", "surprise"), "x", "unknown"),
        (("routes", "abandon", "family"), "autre", "family"),
        (("routes", "abandon", "courts"), "ailleurs", "no rules"),
        (("routes", "abandon", "listed"), {"humeur": "bonne"}, "unknown condition"),
        (("routes", "abandon", "listed"), {"contested": "peut-être"}, "not one of"),
        (("routes", "abandon", "listed"), {"total_over": "delai_public"}, "not in euro"),
        (("routes", "abandon", "listed"), {"total_over": "absent"}, "no parameter"),
        (("routes", "abandon", "listed"), "toujours", "mapping"),
        (("routes", "abandon", "cautions"), [{"when": {}}], "missing ['text']"),
        (("routes", "abandon", "cost"), [{"when": {"title": True}, "text": "x."}], "the last"),
        (("conditions", "routes", "abandon", 0, "status"), "entrouverte", "entrouverte"),
        (("conditions", "routes", "abandon", 0, "articles"), [], "at least 1"),
        (("conditions", "routes", "abandon", 0, "when"), {"title": True}, "the last rule"),
        (("conditions", "routes", "abandon", 0), {"use": "absent"}, "no group"),
        (("conditions", "routes", "voie_absente"), [], "unknown"),
        (("courts", "rules", "execution", 0, "court"), "absent", "no court"),
        (("courts", "courts", "tj", "name"), "delai_public", "not in text"),
        (("courts", "courts", "tj", "label"), "tribunal", "not both"),
        (("questions", 0, "values"), ["non"], "every other value"),
        (("questions", 0, "kinds"), ["martien"], "no debtor is"),
        (("recommendations", "advice", 0, "route"), "absente", "no route"),
        (("recommendations", "advice", 0, "last"), "oui", "true or false"),
        (("routes", "abandon", "listed"), {"territory": "lune"}, "unknown condition"),
        (("routes", "abandon", "listed"), {"day_known": "hier"}, "unknown condition"),
        (("routes", "abandon", "listed"), {"habit_over": "absente"}, "unknown condition"),
        (("courts", "cities", "Paris"), [], "at least 1"),
    ],
)
def test_a_slip_in_the_files_is_refused(path: tuple[Any, ...], value: Any, says: str) -> None:
    """Whatever is not as expected stops the reading with a message that says what."""
    data = copy.deepcopy(contents())
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(LawFileError, match=re.escape(says)):
        parse_rulebook(data, LAW)


def test_every_rule_and_group_is_used() -> None:
    """No route lacks rules, no group of rules and no court is left over."""
    data = contents()
    used = {
        r["use"] for rules in data["conditions"]["routes"].values() for r in rules if "use" in r
    }
    assert used == set(data["conditions"]["groups"])
    book = load_rulebook()
    named = {rule.court for rules in book.court_rules.values() for rule in rules}
    assert named == set(book.courts)
    assert {e.courts for e in book.routes.values()} - {None} == set(book.court_rules)


# --- what a screen holds ----------------------------------------------------------------------

BUDGET = 2600
"""Characters of a page left to the routes: 3 000, less its title, notice and closing sentence."""


@pytest.mark.parametrize("kind", list(DebtorKind), ids=str)
def test_a_page_of_routes_is_not_too_long(kind: DebtorKind) -> None:
    """Open, to check or closed: what is said of the routes of a page stays short, procedure or not."""
    base = situation(debtor_kind=kind, public_body="etat", country="ue")
    of_kind = {
        DebtorKind.PROFESSIONAL: [
            {"creditor_status": mine, "debtor_status": theirs}
            for mine in _values("creditor_status")
            for theirs in _values("debtor_status")
        ],
        DebtorKind.PUBLIC: [{"public_body": body} for body in _values("public_body")],
        DebtorKind.FOREIGN: [{"country": country} for country in _values("country")],
    }
    states: list[dict[str, Any]] = [
        {},
        {"contested": "oui"},
        {"contested": "non", "special_case": "sous_traitance", "business_relation": True},
        {"limitation_passed": True},
        {"procedure_open": True, "claim": "passee", "claim_until": TODAY, "relief_until": TODAY},
        {"procedure_open": True, "title": True},
        {"stage": "opposition", "contested": "oui"},
        {"stage": "requete"},
        {"postcode": "98800"},
    ]
    sums = [{"principal": Decimal(n), "total": Decimal(n) + 20} for n in (80, 4990, 25000)]
    for own, state, amount in product(of_kind.get(kind, [{}]), states, sums):
        changes: Any = {**own, **state, **amount}
        s = replace(base, **changes)
        routes = routes_for(s, LAW)
        advised = {one.route: one.why for one in recommended(routes, s, LAW)}
        for status in Status:
            said = sum(_said(r, advised) for r in routes if r.status is status)
            assert said <= BUDGET, (status, changes)


def _said(route: Route, advised: dict[str, str]) -> int:
    """Count the characters of a route on its page, with the words around it."""
    if route.status is Status.OPEN:
        why = advised.get(route.id, route.reason)
        return len(
            f"{route.label} (à regarder d’abord)\n{why}\nCoût : {route.cost} Délai : {route.delay}\n"
        )
    articles = f" ({' ; '.join(route.articles)})" if route.status is Status.CLOSED else ""
    return len(f"{route.label}\n{route.reason}{articles}\n")


def test_a_small_sum_is_a_habit_not_a_law() -> None:
    """Up to the habit, letting go is proposed; one cent above, the usual routes are."""
    within, above = (
        situation(debtor_kind="particulier", principal="100", total=total)
        for total in ("150", "150.01")
    )
    first, second = (
        [r.route for r in recommended(routes_for(s, LAW), s, LAW)] for s in (within, above)
    )
    assert first == ["conciliateur", "abandon"]
    assert "abandon" not in second
    assert "petite_somme" not in LAW.parameters


def test_nothing_is_asked_when_no_answer_counts() -> None:
    """With a collective procedure open, neither the activity, the place nor the contest changes a route."""
    s = situation(debtor_kind="professionnel", procedure_open=True, special_case="aucun")
    assert questions_for(s, LAW) == ()
    assert "debtor_status" in questions_for(replace(s, procedure_open=False), LAW)


@pytest.mark.parametrize("kind", list(DebtorKind), ids=str)
def test_the_cases_of_a_trade_are_not_asked_of_a_consumer(kind: DebtorKind) -> None:
    """Subcontracting, transport or agency are asked about professionals, public bodies and the like."""
    asked = questions_for(situation(debtor_kind=kind), LAW)
    assert ("special_case" in asked) == (kind is not DebtorKind.CONSUMER)


@pytest.mark.parametrize(
    ("stage", "field", "says"),
    [
        ("requete", "first_step", "réponse du juge"),
        ("ordonnance", "first_step", "sans attendre"),
        ("signifiee", "first_step", "délai d’opposition"),
        ("opposition", "first_step", "Préparer l’audience"),
        ("opposition", "then", "Si personne ne vient"),
        ("opposition", "lawyer", "Avocat obligatoire à l’audience"),
        ("non_avenue", "reason", "nouvelle requête"),
    ],
)
def test_an_order_under_way_says_its_next_step(stage: str, field: str, says: str) -> None:
    """Each stage of an injonction has its own next step, and a large sum its lawyer at the hearing."""
    s = situation(debtor_kind="particulier", principal="12000", stage=stage)
    assert says in getattr(by_id(s)["injonction_de_payer"], field)


def test_no_letter_is_asked_for_once_a_judge_has_the_case() -> None:
    """« Une mise en demeure d’abord » is not said of an order already asked for."""
    s = situation(debtor_kind="particulier", stage="requete", formal_notice="aucune")
    cautions = by_id(s)["injonction_de_payer"].cautions
    assert not any(c.startswith("Une mise en demeure") for c in cautions)


def test_near_the_end_only_the_service_counts() -> None:
    """The order is not the quick way near the end, and its caution says what interrupts."""
    s = situation(debtor_kind="particulier", limitation_near=True)
    cautions = by_id(s)["injonction_de_payer"].cautions
    assert any("Seule sa signification" in c for c in cautions)
    why = [r.why for r in recommended(routes_for(s, LAW), s, LAW)]
    assert "seule la signification l’interrompt" in " ".join(why)


def test_the_days_of_a_procedure_are_in_words() -> None:
    """The last day to ask for the relief is told first, the day missed in the declaration."""
    days: Any = {"claim_until": date(2026, 8, 10), "relief_until": date(2026, 12, 10)}
    s = situation(debtor_kind="professionnel", procedure_open=True, claim="passee", **days)
    routes = by_id(s)
    (first, *_) = recommended(routes.values(), s, LAW)
    assert first.route == "releve_de_forclusion"
    assert "10/12/2026" in first.why
    assert "10/08/2026" in routes["declaration_de_creance"].reason
    assert routes["declaration_de_creance"].status is Status.TO_CHECK


@pytest.mark.parametrize("postcode", ["67000", "97400"])
@pytest.mark.parametrize("mine", ["liberal", "inconnu", "commercant"])
def test_no_commercial_court_where_there_is_none(postcode: str, mine: str) -> None:
    """In Alsace-Moselle and overseas nothing is said of the fees or forms of a tribunal de commerce."""
    s = situation(
        debtor_kind="professionnel",
        creditor_status=mine,
        debtor_status="societe",
        postcode=postcode,
    )
    route = by_id(s)["injonction_de_payer"]
    court = route.court
    assert court is not None
    assert "tribunal de commerce" not in " ".join([route.cost, *route.papers, *court.alternatives])
