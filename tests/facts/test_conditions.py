"""What a document supposes of a dossier: cases a jurist can read, then what holds of all of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.dossier import DebtorKind, Dossier
from flows.facts.conditions import Standing
from flows.law import load_law
from flows.yamlfile import load_yaml
from letters import load_catalogue
from letters.words import vocabulary
from tests.facts.makers import TODAY
from tests.facts.told import dossier_of, person_of

CASES = load_yaml(Path(__file__).parent / "cases" / "conditions.yaml")
LAW = load_law()
DECLARED = list(vocabulary()["conditions"])
SAID = {"oui": True, "non": False, "inconnu": None}
OPPOSED = (
    ("echeance_passee", "echeance_a_venir"),
    ("contestation", "pas_de_contestation"),
    ("procedure_collective_ouverte", "pas_de_procedure_collective"),
    ("surendettement", "pas_de_surendettement"),
    ("reserve_fondee", "reserve_infondee"),
)
"""Conditions that are each the contrary of the other."""


def standing(case: dict[str, Any]) -> Standing:
    """Give the dossier of a case as the documents look at it."""
    return Standing(dossier_of(case), person_of(case), TODAY, LAW)


def _cases() -> list[Any]:
    return [pytest.param(case, id=case["nom"]) for case in CASES]


@pytest.mark.parametrize("case", _cases())
def test_a_condition_holds_as_the_case_says(case: dict[str, Any]) -> None:
    """Each condition named by a case is so, not so or not known, as a jurist wrote it."""
    assert set(case) <= {"nom", "client", "dû", "échéance", "dit", "vous", "histoire", "alors"}
    here = standing(case)
    found = {name: here.holds(name) for name in case["alors"]}
    assert found == {name: SAID[told] for name, told in case["alors"].items()}


def test_every_condition_has_its_cases() -> None:
    """Each condition of the vocabulary is met true and false, and no other is named."""
    met: dict[str, set[str]] = {name: set() for name in DECLARED}
    for case in CASES:
        for name, told in case["alors"].items():
            met[name].add(told)
    lacking = {
        name: {"oui", "non"} - seen for name, seen in met.items() if not {"oui", "non"} <= seen
    }
    assert lacking == {}


def test_the_cases_have_names_of_their_own() -> None:
    """No two cases bear the same name, and there are many."""
    names = [case["nom"] for case in CASES]
    assert len(set(names)) == len(names) >= 60


@pytest.mark.parametrize("case", _cases())
def test_contraries_never_hold_together(case: dict[str, Any]) -> None:
    """Of two contraries one holds and the other does not, or neither is known."""
    here = standing(case)
    for one, other in OPPOSED:
        first, second = here.holds(one), here.holds(other)
        assert (first is None) == (second is None)
        assert first is None or first is not second


@pytest.mark.parametrize("case", _cases())
def test_every_condition_can_be_asked_of_every_dossier(case: dict[str, Any]) -> None:
    """Whatever the case, each declared condition has an answer, and asking changes nothing."""
    here = standing(case)
    first = {name: here.holds(name) for name in DECLARED}
    assert set(first.values()) <= {True, False, None}
    assert {name: here.holds(name) for name in DECLARED} == first


@pytest.mark.parametrize("kind", DebtorKind)
def test_a_new_dossier_answers_for_every_kind_of_debtor(kind: DebtorKind) -> None:
    """With nothing told but who owes, nothing is said to have been done."""
    here = Standing(Dossier("n", TODAY, {"debtor_kind": kind.value}), {}, TODAY, LAW)
    done = (
        *("relance_deja_envoyee", "mise_en_demeure_envoyee", "client_paye"),
        *("ordonnance_rendue", "opposition_formee", "versement_recu", "echeancier_convenu"),
        *("procedure_collective_ouverte", "surendettement", "dette_abandonnee", "geste_convenu"),
        *("reclamation_deja_faite", "delai_de_declaration_ouvert", "delai_de_declaration_passe"),
    )
    assert [name for name in done if here.holds(name)] == []
    assert here.holds("dossier_ouvert")


def test_the_conditions_of_the_documents_are_declared() -> None:
    """Whatever a document supposes or advises can be asked, and nothing else can."""
    used = {n for d in load_catalogue() for n in (*d.must_be_true, *d.advised)}
    assert used <= set(DECLARED)
    with pytest.raises(KeyError):
        standing(CASES[0]).holds("il_fait_beau")


def test_every_condition_serves() -> None:
    """A condition that no document supposes nor advises would be tested for nothing."""
    used = {n for d in load_catalogue() for n in (*d.must_be_true, *d.advised)}
    assert set(DECLARED) == used


def test_the_day_decides() -> None:
    """The same dossier seen on its due date is not late yet."""
    here = standing(CASES[0])
    due = here.dossier.due_on
    assert due is not None
    assert replace(here, today=due).holds("echeance_a_venir") is True
    assert here.holds("echeance_a_venir") is False


def test_before_the_debtor_is_known_the_situation_cannot_be_asked() -> None:
    """What depends on who owes says so rather than guess."""
    here = Standing(Dossier("n", TODAY), {}, TODAY, LAW)
    with pytest.raises(ValueError, match="debtor"):
        here.holds("pas_devant_le_juge")
