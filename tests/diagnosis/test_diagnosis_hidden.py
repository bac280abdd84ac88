"""What the assistant records or counts by itself: never offered, never asked, still weighed."""

from __future__ import annotations

import pytest

from flows.diagnosis import diagnose, next_question, outcome, outcomes, question, questions
from flows.diagnosis.catalogue import read_outcomes, read_questions
from flows.diagnosis.tables import BadTableError, Row
from flows.dossier import Cause, DebtorKind

PRO = DebtorKind.PROFESSIONAL


def test_still_nothing_is_recorded_and_not_offered() -> None:
    """« Toujours rien » is found by its id, is no button, and says nothing of the client."""
    found = outcome("toujours_rien")
    assert found.id not in {o.id for o in outcomes()}
    assert found.hidden
    assert found.label == "toujours rien de sa part"
    assert (found.contacted, found.hold, found.flags) == (False, 0, frozenset())
    assert not found.weights
    assert diagnose("toujours_rien", {}, PRO).cause is Cause.UNKNOWN
    assert not any(o.hidden for o in outcomes())


def test_silences_are_weighed_and_never_asked() -> None:
    """The count of silences is evidence by its id, and no question put to anybody."""
    assert question("silences").hidden
    assert "silences" not in {q.id for q in questions()}
    for start in outcomes():
        answers: dict[str, str] = {}
        while (asked := next_question(start.id, answers, PRO, 20)) is not None:
            assert asked.id != "silences"
            answers[asked.id] = asked.answers[0].id


@pytest.mark.parametrize(
    ("silences", "cause", "sureness"),
    [(None, Cause.FORGOT, "probable"), ("deux", Cause.FORGOT, "possible"),
        ("quatre", Cause.UNKNOWN, "trop_tot")],
)  # fmt: skip
def test_silences_wear_an_oversight_out(silences: str | None, cause: Cause, sureness: str) -> None:
    """An oversight gets less sure with two messages unanswered, and no cause at all with four."""
    found = diagnose("oublie", {"silences": silences} if silences else {}, PRO)
    assert (found.cause, found.sureness) == (cause, sureness)


def test_silences_are_named_when_no_cause_stands() -> None:
    """Without a cause, the messages left unanswered are among the reasons."""
    assert (
        "plusieurs messages sans réponse"
        in diagnose("sans_reponse", {"silences": "deux"}, PRO).reasons
    )
    assert (
        "quatre messages sans réponse ou plus"
        in diagnose("oublie", {"silences": "quatre"}, PRO).reasons
    )


@pytest.mark.parametrize(
    ("outcome_id", "answers"),
    [("pas_recue", {"envoi": "erreur"}), ("sans_reponse", {"facture_juste": "erreur"})],
)
def test_a_wrong_invoice_is_a_missing_piece(outcome_id: str, answers: dict[str, str]) -> None:
    """An error on the invoice is administratif, and the corrected invoice is the missing piece."""
    found = diagnose(outcome_id, answers, PRO)
    assert (found.cause, found.variant) == (Cause.ADMIN, "piece")


def test_a_hidden_outcome_is_not_read_in_words() -> None:
    """What the assistant records by itself cannot be told by the person."""
    row = {"id": "x", "label": "x", "reason": "parce que", "hidden": True, "says": ["rien"]}
    with pytest.raises(BadTableError, match="hidden"):
        read_outcomes(Row({"outcomes": [row]}, "t"))


def test_a_hidden_question_still_needs_two_answers() -> None:
    """It needs no « je ne sais pas », and still two answers."""
    one = {"id": "a", "label": "A", "reason": "un fait", "weights": {"oubli": -1}}
    row = {"id": "q", "text": "Quoi", "why": "Pour.", "hidden": True, "answers": [one]}
    with pytest.raises(BadTableError):
        read_questions(Row({"questions": [row]}, "t"), frozenset())
    both = {**row, "answers": [one, {**one, "id": "b"}]}
    assert read_questions(Row({"questions": [both]}, "t"), frozenset())[0].hidden
