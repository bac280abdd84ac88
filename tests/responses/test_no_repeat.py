"""The same document is not recommended twice in a dossier."""

from __future__ import annotations

import pytest

from flows.dossier import Cause, DebtorKind, Stage
from flows.responses import Recommendation, recommend, without_repeat


@pytest.fixture
def advice() -> Recommendation:
    return recommend(
        Cause.UNHAPPY, Stage.REMINDER_2, DebtorKind.PROFESSIONAL, "infondee", frozenset()
    )


def test_a_fresh_recommendation_is_kept(advice: Recommendation) -> None:
    """What was never sent stays recommended."""
    assert without_repeat(advice, {"relance_1"}, ["relance_2"], "x") == advice


def test_a_sent_document_gives_way_to_the_ladder(advice: Recommendation) -> None:
    """Once sent, it gives way to the step's habit and stays among the alternatives, with the reason said."""
    moved = without_repeat(
        advice, {"reponse_insatisfaction_infondee"}, ["relance_2"], "déjà envoyé"
    )
    assert moved.recommended is not None
    assert moved.recommended.document == "relance_2"
    assert "reponse_insatisfaction_infondee" in [r.document for r in moved.alternatives]
    assert moved.because == ("déjà envoyé",)


def test_an_alternative_serves_when_the_habit_was_sent_too(advice: Recommendation) -> None:
    """When the habit was sent as well, the first alternative with a fresh document is recommended."""
    sent = {"reponse_insatisfaction_infondee", "relance_2"}
    moved = without_repeat(advice, sent, ["relance_2"], "déjà envoyé")
    assert moved.recommended is not None
    assert moved.recommended.document not in {*sent, None}


def test_when_all_was_sent_nothing_changes(advice: Recommendation) -> None:
    """With nothing fresh left, the advice stands."""
    sent = {r.document for r in advice.alternatives if r.document} | {
        "reponse_insatisfaction_infondee"
    }
    assert without_repeat(advice, sent, [], "déjà envoyé") == advice


def test_the_first_habit_not_sent_yet_serves(advice: Recommendation) -> None:
    """Of the habits of the steps to come, the first that was never sent is recommended."""
    sent = {"reponse_insatisfaction_infondee", "relance_2"}
    moved = without_repeat(advice, sent, ["relance_2", "derniere_relance"], "déjà envoyé")
    assert moved.recommended is not None
    assert moved.recommended.document == "derniere_relance"


def test_a_founded_complaint_leads_to_a_gesture() -> None:
    """Once the answer to a founded complaint was sent, the commercial gesture follows, not a reminder."""
    first = recommend(Cause.UNHAPPY, Stage.REMINDER_1, DebtorKind.PROFESSIONAL, "fondee")
    moved = without_repeat(first, {"reponse_insatisfaction_fondee"}, ["relance_1"], "déjà envoyé")
    assert moved.recommended is not None
    assert moved.recommended.document == "geste_commercial"
