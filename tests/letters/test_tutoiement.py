"""The « tu » form of the messages: the same facts as the « vous » form, and one form of address only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

from letters import Draft, draft, load_catalogue

Make = Callable[[str], dict[str, Any]]
Write = Callable[..., Draft]
FAMILIAR = [
    "confirmation_accord",
    "facture_corrigee",
    "facture_renvoyee",
    "geste_commercial",
    "mail_amical",
    "piece_manquante",
    "promesse_non_tenue",
    "proposition_echeancier",
    "rappel_avant_echeance",
    "rappel_versement",
    "relance_1",
    "relance_2",
    "remerciement",
    "reponse_insatisfaction_fondee",
    "reponse_insatisfaction_infondee",
    "sms_amical",
    "statut_chorus_pro",
]
VOUS = re.compile(r"\b(?:vous|votre|vos|vôtres?)\b|\b\w{2,}ez\b", re.IGNORECASE)
TU = re.compile(r"\b(?:tu|te|toi|ton|ta|tes)\b|\bt’", re.IGNORECASE)
NOT_VOUS = {"chez", "assez"}
FIGURES = re.compile(r"[\dA-Z][\d\w\-/,\u00a0\u202f]*\d|\d+")


def _cases(document_id: str) -> Iterator[tuple[str, str]]:
    """Give each debtor and tone of a document."""
    document = load_catalogue().get(document_id)
    return product(document.debtors, document.tones)


def _both(document_id: str, facts: dict[str, Any], tone: str) -> tuple[str, str]:
    document = load_catalogue().get(document_id)
    polite = draft(document, {**facts, "tutoiement": False}, tone).text
    familiar = draft(document, {**facts, "tutoiement": True}, tone).text
    return polite, familiar


def _vous_in(text: str) -> list[str]:
    return [word for word in VOUS.findall(text) if word.lower() not in NOT_VOUS]


def test_the_informal_messages_and_no_others_say_tu() -> None:
    """A « tu » form exists for the informal messages, never for a last reminder or a letter."""
    assert [d.id for d in load_catalogue() if d.has_tutoiement] == FAMILIAR


@pytest.mark.parametrize("document_id", FAMILIAR)
def test_each_form_keeps_to_its_own_address(document_id: str, written: Write) -> None:
    """No « vous » slips into the « tu » form, its subject included, and no « tu » into the other."""
    for debtor, tone in _cases(document_id):
        assert _vous_in(written(document_id, debtor, tone, tu=True).text) == [], (debtor, tone)
        assert TU.findall(written(document_id, debtor, tone).text) == [], (debtor, tone)


@pytest.mark.parametrize("document_id", FAMILIAR)
def test_both_forms_state_the_same_figures(document_id: str, written: Write) -> None:
    """Amounts, dates, numbers and accounts are the same in both forms, in the same order."""
    for debtor, tone in _cases(document_id):
        polite = written(document_id, debtor, tone).text
        familiar = written(document_id, debtor, tone, tu=True).text
        assert FIGURES.findall(familiar) == FIGURES.findall(polite), (debtor, tone)
        assert FIGURES.findall(polite), (debtor, tone)
        assert familiar.count("\n\n") == polite.count("\n\n"), (debtor, tone)


@pytest.mark.parametrize("document_id", FAMILIAR)
def test_both_forms_leave_the_same_blanks(document_id: str, written: Write) -> None:
    """With the needs alone, the same facts are left to complete, and still no « vous » slips in."""
    for debtor, tone in _cases(document_id):
        polite = written(document_id, debtor, tone, least=True)
        familiar = written(document_id, debtor, tone, tu=True, least=True)
        assert familiar.blanks == polite.blanks, (debtor, tone)
        assert _vous_in(re.sub(r"\[[^]]*\]", "", familiar.text)) == [], (debtor, tone)


@pytest.mark.parametrize("document_id", FAMILIAR)
def test_the_tone_changes_the_familiar_form_as_it_does_the_other(
    document_id: str, facts: Make
) -> None:
    """Gentler and firmer words exist in the « tu » form wherever they do in the « vous » form."""
    document = load_catalogue().get(document_id)
    pairs = [_both(document_id, facts(document.debtors[0]), tone) for tone in document.tones]
    assert len({polite for polite, _ in pairs}) == len(document.tones)
    assert len({familiar for _, familiar in pairs}) == len(document.tones)


@pytest.mark.parametrize("label", ["la création de votre site", "Vos photos", "le plan pour vous"])
def test_a_label_that_says_vous_is_left_out_of_the_familiar_form(label: str, facts: Make) -> None:
    """What a person typed with « vous » or « votre » is not repeated to someone called « tu »."""
    for document_id in ("mail_amical", "relance_2", "remerciement"):
        polite, familiar = _both(
            document_id, {**facts("professionnel"), "work_label": label}, "normal"
        )
        assert label in polite
        assert label not in familiar


def test_a_label_that_says_no_vous_stays_in_the_familiar_form(facts: Make) -> None:
    """A neutral label is said in both forms."""
    known = {**facts("professionnel"), "work_label": "les photos du catalogue"}
    for document_id in ("mail_amical", "facture_renvoyee", "rappel_avant_echeance", "remerciement"):
        assert "les photos du catalogue" in _both(document_id, known, "normal")[1]


def test_the_platform_of_the_client_is_said_in_the_same_form(facts: Make) -> None:
    """The choice « votre plateforme » becomes « ta plateforme »."""
    piece = "le dépôt de la facture sur votre plateforme"
    known = {**facts("professionnel"), "missing_piece": piece}
    polite, familiar = _both("piece_manquante", known, "normal")
    assert "sur votre plateforme" in polite
    assert "sur ta plateforme" in familiar
    assert _vous_in(familiar) == []
