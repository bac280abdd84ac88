"""The outcome of a contact told in one's own words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.diagnosis import outcome_said, outcomes
from flows.diagnosis.catalogue import read_outcomes
from flows.diagnosis.tables import BadTableError, Row


@pytest.mark.parametrize(
    ("text", "outcome_id"),
    [
        ("il est en liquidation judiciaire", "procedure"),
        ("Elle a été placée en redressement judiciaire.", "procedure"),
        ("il ne répond pas, elle est en liquidation", "procedure"),
        ("elle ne répond plus depuis qu'elle est en sauvegarde", "procedure"),
        ("elle ne répond pas", "sans_reponse"),
        ("elle ne répond toujours pas", "sans_reponse"),
        ("sans réponse", "sans_reponse"),
        ("pas de nouvelles", "sans_reponse"),
        ("aucune réponse à mes mails", "sans_reponse"),
        ("j’ai laissé un message", "sans_reponse"),
        ("il dit qu'il va payer le 30 novembre", "promesse"),
        ("il a promis vendredi", "promesse"),
        ("il me paie le 30 novembre", "promesse"),
        ("elle me paye vendredi", "promesse"),
        ("elle dit avoir déjà viré", "virement_fait"),
        ("Où en est la facture ?", "pas_recue"),
        ("Il paiera la semaine prochaine", "promesse"),
        ("il va faire le virement lundi", "promesse"),
        ("il veut payer en 3 fois", "pas_argent"),
        ("il demande un délai", "pas_argent"),
        ("il a pas d'argent", "pas_argent"),
        ("IL N’A PLUS D’ARGENT", "pas_argent"),
        ("il ne peut pas payer", "pas_argent"),
        ("il n'est pas content", "pas_content"),
        ("pas contente du travail", "pas_content"),
        ("elle est mécontente", "pas_content"),
        ("il dit qu'il a viré", "virement_fait"),
        ("le virement est parti hier", "virement_fait"),
        ("il refuse", "refuse"),
        ("il ne veut pas payer", "refuse"),
        ("il ne paiera pas", "refuse"),
        ("il conteste tout", "refuse"),
        ("il attend le bon de commande", "validation"),
        ("la facture est en cours de validation", "validation"),
        ("il n'a pas reçu la facture", "pas_recue"),
        ("elle n’a jamais reçu ma facture", "pas_recue"),
        ("il avait oublié", "oublie"),
        ("je n'ai rien fait", "rien"),
        ("je ne sais pas", "ne_sait_pas"),
        ("je ne sais pas s'il est en liquidation", "ne_sait_pas"),
    ],
)
def test_what_people_say_is_understood(text: str, outcome_id: str) -> None:
    """Usual words give their outcome, whatever the accents, the case and the apostrophes."""
    assert outcome_said(text) == outcome_id


@pytest.mark.parametrize(
    "text",
    [
        "il n'est pas en liquidation",
        "elle n’est pas du tout en liquidation judiciaire",
        "je ne crois pas qu'il soit en liquidation",
        "il ne refuse pas",
        "il refuse pas de payer",
        "il ne dit pas qu'il refuse",
        "il n'a fait aucun reproche",
        "il n'a pas promis",
        "il n'a pas fait le virement",
        "il n'est pas mécontent",
        "je n'ai pas reçu le paiement",
        "j'ai oublié de le relancer",
        "il refuse, il dit qu'il n'a pas d'argent",
        "il risque la liquidation",
        "je pense qu'il est en liquidation",
        "est-il en liquidation ?",
        "bonjour",
        "850 euros",
        "",
        "   ",
    ],
)
def test_what_is_denied_or_unclear_is_not_guessed(text: str) -> None:
    """A denial, two different outcomes or none give nothing."""
    assert outcome_said(text) is None


def test_a_procedure_wins_over_anything_else() -> None:
    """Said beside something else, a collective procedure is what counts."""
    assert outcome_said("il n'a pas d'argent, il est en liquidation") == "procedure"


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=200)
def test_any_text_gives_an_offered_outcome_or_none(text: str) -> None:
    """Whatever is typed gives an offered outcome or nothing."""
    assert outcome_said(text) in {None, *(o.id for o in outcomes())}


def test_a_text_too_long_is_not_read() -> None:
    """Pages of text are no answer to this question."""
    assert outcome_said("il refuse " + "x " * 5000) is None


def test_every_fragment_gives_its_own_outcome() -> None:
    """Each fragment of the file, said alone, gives the outcome it stands under."""
    wrong = [(f, outcome_said(f)) for o in outcomes() for f in o.says if outcome_said(f) != o.id]
    assert wrong == []


@pytest.mark.parametrize("says", [["Refusé"], ["il n'a"], ["deux", "deux"], [" x"]])
def test_a_fragment_that_could_never_match_is_refused(says: list[str]) -> None:
    """Fragments are lower-case words without accents or apostrophes, each given once."""
    row: dict[str, Any] = {"id": "x", "label": "X", "reason": "parce que", "says": says}
    with pytest.raises(BadTableError, match="says"):
        read_outcomes(Row({"outcomes": [row]}, "t"))


def test_a_fragment_of_two_outcomes_is_refused() -> None:
    """The same fragment cannot stand under two outcomes."""
    rows = [{"id": i, "label": "X", "reason": "parce que", "says": ["mot"]} for i in ("a", "b")]
    with pytest.raises(BadTableError, match="says"):
        read_outcomes(Row({"outcomes": rows}, "t"))
