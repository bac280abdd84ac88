"""The law passed in is the one applied, everywhere; and what it does not know is refused, not raised."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.dossier import DebtorKind
from flows.law import Law, law_with, load_law
from flows.law.deadlines import (
    StepState,
    claim_clock,
    deadline,
    deadline_step,
    deadline_table,
    injonction_clock,
    place_of,
)
from flows.law.explain import explain, topics
from flows.law.limitation import Limitation, UnknownTerm, limitation
from flows.law.routes import (
    Situation,
    Status,
    court_for,
    questions_for,
    recommended,
    routes_for,
)
from flows.law.routes.rulebook import load_rulebook
from flows.law.terms import DueDate, PaymentTerms, Undecided, due_date, excess

ON = date(2027, 3, 1)
"""A day the values of the operator below hold."""
LAW = load_law()


def _with(name: str, value: object) -> Law:
    """Give the law with another value of a parameter from 2027 on."""
    entry = {"value": value, "confidence": "confirmed", "reference": [{"title": "Essai"}]}
    extra = {name: {"last_checked_on": date(2026, 11, 22), "values": {date(2027, 1, 1): entry}}}
    return law_with(LAW, extra)[0]


def _situation(**changes: Any) -> Situation:
    base = Situation(
        today=ON,
        debtor_kind=DebtorKind.CONSUMER,
        principal=Decimal(6000),
        total=Decimal(6000),
        contested="non",
        special_case="aucun",
    )
    return replace(base, **changes)


def _status(law: Law) -> str:
    routes = routes_for(_situation(), law)
    return str(next(route.status for route in routes if route.id == "petites_creances"))


def _due(law: Law) -> date:
    found = due_date(
        PaymentTerms.parse("aucun"), DebtorKind.PROFESSIONAL, law, invoice_on=ON, done_on=ON
    )
    assert isinstance(found, DueDate)
    return found.on


def _last(law: Law) -> date:
    found = limitation(DebtorKind.CONSUMER, law, start_on=ON, today=ON, special_case="aucun")
    assert isinstance(found, Limitation)
    return found.last_on


@pytest.mark.parametrize(
    ("name", "value", "asked", "before", "after"),
    [
        ("plafond_petites_creances", "7000", _status, "fermee", "ouverte"),
        ("delai_paiement_defaut", 20, _due, date(2027, 3, 31), date(2027, 3, 21)),
        ("prescription_particulier", 1, _last, date(2029, 3, 1), date(2028, 3, 1)),
        (
            "delai_declaration_creance",
            3,
            lambda law: deadline("declaration_creance", ON, law).raw_on,
            date(2027, 5, 1),
            date(2027, 6, 1),
        ),
        (
            "delai_opposition_injonction",
            2,
            lambda law: "2\u00a0mois" in deadline("opposition_injonction", ON, law).rule,
            False,
            True,
        ),
        (
            "delai_paiement_defaut",
            20,
            lambda law: "20\u00a0jours" in explain("echeance_defaut", law, ON).text,
            False,
            True,
        ),
        (
            "nom_tribunal_judiciaire",
            "tribunal d’essai",
            lambda law: getattr(court_for(_situation(), law), "name", ""),
            "tribunal judiciaire",
            "tribunal d’essai",
        ),
        (
            "plafond_petites_creances",
            "7000",
            lambda law: (
                "petites_creances"
                in {
                    one.route
                    for one in recommended(routes_for(_situation(), law), _situation(), law)
                }
            ),
            False,
            True,
        ),
    ],
)
def test_a_value_of_the_operator_reaches_what_is_said(
    name: str, value: object, asked: Callable[[Law], object], before: object, after: object
) -> None:
    """A due date, a limitation, a deadline, a route, a court, an explanation follow the law given."""
    assert asked(LAW) == before
    assert asked(_with(name, value)) == after


def test_a_route_says_when_what_it_rests_on_was_last_checked() -> None:
    """The oldest check among the files of the routes and the parameters of that route alone."""
    old = date(2026, 1, 5)
    parameter = replace(LAW.parameters["plafond_petites_creances"], last_checked_on=old)
    law = replace(LAW, parameters={**LAW.parameters, parameter.name: parameter})
    checked = {route.id: route.checked_on for route in routes_for(_situation(), law)}
    assert checked["petites_creances"] == old
    assert checked["conciliateur"] == load_rulebook().last_checked_on == date(2026, 11, 22)


# --- what the law does not know --------------------------------------------------------------

KINDS = st.sampled_from(list(DebtorKind))
DAYS = st.dates(date(1995, 1, 1), date(2045, 12, 31))
BODIES = st.sampled_from(["etat", "collectivite", "hopital", "entreprise_publique", "inconnu"])
TERMS = st.sampled_from(["aucun", "reception", "jours:0", "jours:90", "fin_de_mois:45"])


@settings(deadline=None, max_examples=200)
@given(KINDS, DAYS, TERMS, BODIES, st.booleans())
def test_a_due_date_of_any_day_is_given_or_refused(
    kind: DebtorKind, on: date, terms: str, body: str, periodic: bool
) -> None:
    """An invoice older than the texts on file gets a sentence, never an error."""
    asked = PaymentTerms.parse(terms)
    found = due_date(asked, kind, LAW, invoice_on=on, public_body=body, periodic=periodic)
    assert isinstance(found, DueDate) or found.sentence
    excess(on, on + timedelta(90), kind, LAW, asked, public_body=body, periodic=periodic)


@settings(deadline=None, max_examples=200)
@given(
    KINDS,
    DAYS,
    DAYS,
    st.sampled_from(["aucun", "transport", "agent_commercial", "inconnu"]),
    BODIES,
)
def test_a_limitation_of_any_day_is_given_or_refused(
    kind: DebtorKind, start: date, today: date, special: str, body: str
) -> None:
    """Work older than the terms on file gets a sentence, never an error."""
    found = limitation(
        kind, LAW, start_on=start, today=today, special_case=special, public_body=body
    )
    if isinstance(found, UnknownTerm):
        assert "n’est pas connue" in found.sentence
    else:
        assert (found is None) == (start > today)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(DAYS, min_size=3, max_size=3).map(sorted),
    DAYS,
    st.sampled_from(["sauvegarde", "redressement", "liquidation", "inconnu"]),
    st.sampled_from(["75001", "67000", "97400", "98000", ""]),
)
def test_the_clocks_of_any_day_are_given_or_refused(
    days: list[date], today: date, procedure: Any, postcode: str
) -> None:
    """An order or a procedure older than the terms on file gives steps, never an error."""
    first, second, third = days
    place = place_of(postcode)
    order = injonction_clock(
        LAW, order_on=first, served_on=second, opposed_on=third, place=place, today=today
    )
    claim = claim_clock(
        LAW,
        procedure=procedure,
        judgment_on=first,
        published_on=second,
        declared_on=third,
        retention_of_title=True,
        place=place,
        today=today,
    )
    assert all(step.to_do for step in (*order, *claim))


@settings(deadline=None, max_examples=60)
@given(KINDS, DAYS, BODIES, st.sampled_from(["0.01", "5000", "5000.01", "20000"]))
def test_the_routes_of_any_day_are_given(
    kind: DebtorKind, today: date, body: str, amount: str
) -> None:
    """On a day whose ceilings are not known a route is to be checked; nothing is raised."""
    sum_ = Decimal(amount)
    situation = _situation(
        debtor_kind=kind, today=today, principal=sum_, total=sum_, public_body=body
    )
    routes = routes_for(situation, LAW, "Lyon")
    assert all(route.reason and route.status in Status for route in routes)
    questions_for(situation, LAW)
    recommended(routes, situation, LAW)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(topics()), DAYS)
def test_the_explanations_of_any_day_are_given(topic: str, on: date) -> None:
    """A figure that is not known that day is refused in the text itself."""
    assert explain(topic, LAW, on).text


def test_an_unknown_delay_leaves_the_date_to_be_asked() -> None:
    """The refusal of a due date offers no reading to choose from."""
    found = due_date(
        PaymentTerms.parse("aucun"), DebtorKind.PUBLIC, LAW, invoice_on=date(2018, 6, 1)
    )
    assert isinstance(found, Undecided)
    assert not found.choices


def test_every_deadline_of_the_table_can_be_worked_out_today() -> None:
    """No entry of the table rests on a term that is not known on the day of writing."""
    for name in deadline_table().rules:
        found = deadline(name, date(2026, 11, 22), LAW, decided_on=date(2026, 11, 22))
        assert found.raw_on > found.starts_on


@pytest.mark.parametrize(
    ("start", "today", "state"),
    [
        (date(2014, 12, 31), date(2026, 11, 22), StepState.OPEN),
        (date(2020, 2, 29), date(2026, 11, 22), StepState.OPEN),
        (date(2015, 1, 1), date(2026, 11, 22), StepState.MISSED),
    ],
)
def test_a_deadline_alone_is_a_step_or_a_refusal(
    start: date, today: date, state: StepState
) -> None:
    """A title older than the term on file gets its articles and a sentence, but no day."""
    step = deadline_step("validite_titre", start, LAW, today=today)
    known = start >= date(2015, 1, 1)
    assert (step.id, step.state, bool(step.deadline)) == ("validite_titre", state, known)
    assert ("n’est pas connue" in step.to_do) is not known
    assert step.articles
    if step.deadline:
        assert (step.to_do, step.if_missed) == (step.deadline.rule, step.deadline.if_missed)


# --- loading ---------------------------------------------------------------------------------


def test_importing_the_dialogue_reads_no_file_of_the_law() -> None:
    """The YAML files are read at first use, so that a command that needs none starts at once."""
    code = (
        "import flows.yamlfile as y\n"
        "read = []\n"
        "y.load_yaml = read.append\n"
        "import flows.dialogue.step, flows.law.routes, flows.law.deadlines, flows.law.explain\n"
        "print(read)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
