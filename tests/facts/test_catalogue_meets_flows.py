"""What the documents name (law, routes, occurrences, facts, conditions) is something that `flows` knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import product
from typing import cast

import pytest

from flows.dossier import Act, ActKind, DebtorKind, Dossier
from flows.facts import registry
from flows.facts.conditions import _CONDITIONS, Standing
from flows.facts.occurrences import occurrences
from flows.facts.stated import stated_facts
from flows.law import load_law
from flows.law.parameter import Unit
from flows.law.routes.rulebook import load_rulebook
from flows.reading import Understood
from flows.values import Facts, Value
from letters import Document, draft, load_catalogue
from letters.words import vocabulary
from tests.facts.makers import TODAY, act, happened

CATALOGUE = load_catalogue()
LAW = load_law()
DUE = date(2026, 8, 31)
EACH = pytest.mark.parametrize("document", list(CATALOGUE), ids=lambda d: d.id)


def _dossier(kind: str, *acts: Act, **facts: Value) -> Dossier:
    known: dict[str, Value] = {
        "debtor_kind": kind,
        "debtor_name": "Dupont SARL",
        "debtor_address": "3 place du Commerce, 67000 Strasbourg",
        "amount_due": Decimal("1200.00"),
        "invoice_due_on": DUE,
        "gesture_amount": Decimal("100.00"),
        "penalty_terms": "aucun",
        **facts,
    }
    return Dossier("d1", DUE, known, acts)


def _stories(kind: str) -> Iterator[Dossier]:
    """Give dossiers in which, taken together, everything that is worked out can be stated."""
    sent = act(ActKind.SENT, date(2026, 9, 10), document="relance_1")
    plan = act(ActKind.SENT, date(2026, 9, 12), document="proposition_echeancier")
    notice = act(ActKind.SENT, date(2026, 9, 20), document="mise_en_demeure_pro")
    received = act(ActKind.RECEIVED, date(2026, 9, 22), document="mise_en_demeure_pro")
    said = act(ActKind.ANSWERED, date(2026, 9, 15), outcome="virement_fait")
    part = act(ActKind.PART_PAID, date(2026, 10, 2), amount=Decimal("100.00"))
    exhibit = act(ActKind.EXHIBIT_ADDED, date(2026, 10, 3), file="f1", title="Facture", pages=1)
    agreed: dict[str, Value] = {"instalments": 3, "first_instalment_on": date(2026, 9, 30)}
    told = {"contact_outcome": "virement_fait", **agreed}
    yield _dossier(kind, sent, plan, said, part, exhibit, **told)
    judged = ("requete_injonction", "ordonnance", "signification_ordonnance", "opposition", "titre")
    days = (happened(what, date(2026, 10, 5 + at)) for at, what in enumerate(judged))
    yield _dossier(kind, notice, received, *days)
    yield _dossier(kind, happened("requete_injonction"), happened("ordonnance"))
    yield _dossier(kind, happened("assignation", date(2026, 10, 5)))
    opened = act(ActKind.PROCEDURE_OPENED, date(2026, 10, 20), dated="oui")
    yield _dossier(kind, opened, happened("publication_bodacc", date(2026, 10, 27)))
    yield _dossier(kind, act(ActKind.PAID, date(2026, 10, 30)))
    partly: dict[str, Value] = {"what": "contestation", "amount": Decimal("100.00")}
    yield _dossier(kind, act(ActKind.HAPPENED, date(2026, 10, 5), **partly))


@cache
def _stated(document_id: str, kind: str) -> frozenset[str]:
    """Give the names of all that is stated of a document, in one story or another."""
    document = CATALOGUE.get(document_id)
    found: set[str] = set()
    people: list[Facts] = [{}, *({"default_penalty_terms": rate} for rate in ("bce:10", "taux:1"))]
    for dossier, person in product(_stories(kind), people):
        facts = stated_facts(dossier, person, document, TODAY, LAW, CATALOGUE)
        found |= {name for name, value in facts.items() if value is not None}
    return frozenset(found)


@EACH
def test_the_figures_a_document_says_are_parameters(document: Document) -> None:
    """Each name of `law` is a parameter, has a value today, and is handed in as words, a list in its items."""
    for name in document.law:
        assert name in LAW.parameters
        assert LAW.value(name, TODAY) is not None
    if document.law:
        facts = stated_facts(_dossier(document.debtors[0]), {}, document, TODAY, LAW, CATALOGUE)
        assert facts["law"].keys() == {*document.law}
        for name, said in facts["law"].items():
            listed = LAW.parameters[name].unit is Unit.LIST
            assert isinstance(said, list if listed else str)
            assert all(isinstance(text, str) and text for text in (said if listed else [said]))


@EACH
def test_the_routes_a_document_carries_out_exist(document: Document) -> None:
    """Each id of `routes` is a route of the rulebook."""
    assert set(document.routes) <= load_rulebook().routes.keys()


@EACH
def test_what_a_sending_notes_can_happen_with_each_client(document: Document) -> None:
    """`records` is an occurrence, one that exists for every kind of client the document is for."""
    if document.records:
        noted = occurrences()[document.records]
        assert {DebtorKind(kind) for kind in document.debtors} <= noted.kinds


@EACH
def test_what_is_computed_for_a_document_is_computed(document: Document) -> None:
    """Each fact a document takes as computed is stated for every client it is for, and never asked."""
    assert set(document.computed) & registry().keys() == set()
    for kind in document.debtors:
        assert set(document.computed) - _stated(document.id, kind) == set()


@EACH
def test_no_optional_fact_waits_for_a_value_that_never_comes(document: Document) -> None:
    """Each optional fact is either asked or stated in some story with some client."""
    known = set(registry()).union(*(_stated(document.id, kind) for kind in document.debtors))
    assert set(document.optional) - known == set()


@EACH
def test_the_answers_to_the_needs_are_enough(document: Document) -> None:
    """With its needs answered, each document is written from a dossier, for each client, in some story."""
    for kind in document.debtors:
        written = 0
        for dossier in _stories(kind):
            answers = {n: _an_answer(n) for n in document.needs if dossier.get(n) is None}
            told = dossier.with_facts(**answers)
            facts = stated_facts(told, {}, document, TODAY, LAW, CATALOGUE)
            if all(facts.get(name) is not None for name in document.computed):
                assert draft(document, facts).paragraphs
                written += 1
        assert written


def _an_answer(name: str) -> Value:
    """Read an answer as the conversation does: the first of these that this kind of fact takes."""
    asked = registry()[name]
    choices = [label for _, label in asked.choices]
    for typed in (*choices, "dans 9 jours", "31/08", "50 €", "3", "quelques mots"):
        read = asked.read(typed, TODAY)
        if isinstance(read, Understood):
            return cast("Value", read.value)
    raise AssertionError(name)


def test_every_condition_of_the_vocabulary_is_evaluated() -> None:
    """`flows` settles each condition a document may name, or says it is not known; and no other."""
    assert sorted(_CONDITIONS) == sorted(vocabulary()["conditions"])
    for kind in DebtorKind:
        for dossier in _stories(kind.value):
            here = Standing(dossier, {}, TODAY, LAW)
            for condition in vocabulary()["conditions"]:
                assert here.holds(condition) in {True, False, None}
    assert sorted(vocabulary()["otherwise"]) == sorted(vocabulary()["conditions"])
    with pytest.raises(KeyError):
        Standing(_dossier("public"), {}, TODAY, LAW).holds("inconnue")
