"""What is at stake changes the tone, the pace and sometimes the response, and says how."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

from flows.dossier import Cause, DebtorKind, Stage
from flows.responses import Stake, recommend, stake_of, stake_question, stake_questions
from flows.responses.stake import stake_table

PRO = DebtorKind.PROFESSIONAL


def test_without_a_stake_tone_and_pace_are_normal() -> None:
    """Nothing known of the stake leaves the tone normal and the delays as they are."""
    found = recommend(Cause.FORGOT, Stage.REMINDER_1, PRO)
    assert (found.tone, found.pace) == ("normal", Decimal(1))


def test_a_client_one_wants_to_keep_is_handled_more_softly_and_slowly() -> None:
    """An important client to keep gives the soft tone, a slower pace, and a sentence that says so."""
    stake = Stake(importance="forte", keep_relation=True)
    found = recommend(Cause.FORGOT, Stage.REMINDER_1, PRO, stake=stake)
    assert found.tone == "plus_doux"
    assert found.pace > 1
    assert any("ton reste doux" in line for line in found.because)


def test_a_large_sum_with_good_proof_is_handled_more_firmly() -> None:
    """A large sum, well proved, gives the firm tone and a faster pace."""
    stake = Stake(amount=stake_table().large, proof="solide")
    found = recommend(Cause.UNKNOWN, Stage.LAST_REMINDER, PRO, stake=stake)
    assert found.tone == "plus_ferme"
    assert found.pace < 1


def test_one_cent_below_the_threshold_is_not_large() -> None:
    """The threshold of a large sum belongs to it; one cent less does not."""
    below = Stake(amount=stake_table().large - Decimal("0.01"), proof="solide")
    assert recommend(Cause.FORGOT, Stage.REMINDER_1, PRO, stake=below).tone == "normal"


def test_keeping_the_relation_puts_a_voice_before_a_message() -> None:
    """At a first contact the call takes the place of the message, which stays among the alternatives."""
    plain = recommend(Cause.FORGOT, Stage.FIRST_CONTACT, PRO)
    kept = recommend(Cause.FORGOT, Stage.FIRST_CONTACT, PRO, stake=Stake(keep_relation=True))
    assert plain.recommended
    assert kept.recommended
    assert kept.recommended.id == "script_appel"
    assert plain.recommended in kept.alternatives
    assert any("une voix" in line for line in kept.because)


def test_a_small_sum_may_be_let_go() -> None:
    """For a small sum, giving up without regret stands among the responses to mauvaise foi."""
    small = Stake(amount=Decimal(80))
    found = recommend(Cause.BAD_FAITH, Stage.REMINDER_1, PRO, stake=small)
    assert "abandonner" in {r.id for r in found.alternatives}
    assert "abandonner" not in {
        r.id for r in recommend(Cause.BAD_FAITH, Stage.REMINDER_1, PRO).alternatives
    }


def test_thin_proof_is_said_before_a_formal_notice() -> None:
    """With hardly anything in writing, gathering proof is offered before the mise en demeure."""
    found = recommend(Cause.UNKNOWN, Stage.FORMAL_NOTICE, PRO, stake=Stake(proof="faible"))
    assert "reunir_preuves" in {r.id for r in found.alternatives}


def test_the_stake_never_turns_nothing_into_a_letter() -> None:
    """Whatever the stake, a situation with nothing to send stays so."""
    stakes = [
        Stake(importance, keep, amount, proof)
        for importance, keep, amount, proof in product(
            (None, "forte", "faible"),
            (None, True, False),
            (None, Decimal(1), Decimal(10**6)),
            (None, "solide", "faible"),
        )
    ]
    for stake, stage, kind in product(stakes, Stage, DebtorKind):
        plain = recommend(Cause.UNHAPPY, stage, kind)
        found = recommend(Cause.UNHAPPY, stage, kind, stake=stake)
        assert found.nothing == plain.nothing
        assert (found.recommended is None) == (plain.recommended is None)


def test_what_stops_everything_gets_no_alternative_from_the_stake() -> None:
    """A collective procedure leaves nothing else to do, whatever is at stake."""
    stake = Stake(amount=Decimal(50), proof="faible", keep_relation=True)
    found = recommend(Cause.CASH, Stage.FORMAL_NOTICE, PRO, None, {"procedure_collective"}, stake)
    assert found.alternatives == ()


def test_answers_make_a_stake() -> None:
    """Answers to the questions become the fields of a stake; « je ne sais pas » leaves one unknown."""
    answers = {"importance": "ne_sait_pas", "keep_relation": "non", "proof": "solide"}
    assert stake_of(answers, Decimal(10)) == Stake(None, False, Decimal(10), "solide")
    assert stake_of({}) == Stake()


@pytest.mark.parametrize("answers", [{"importance": "énorme"}, {"humeur": "forte"}])
def test_unknown_answers_are_refused(answers: dict[str, str]) -> None:
    """An answer or a question that is not declared raises an error."""
    with pytest.raises(ValueError, match="on the stake"):
        stake_of(answers)


def test_labels_fit_their_buttons() -> None:
    """No answer on the stake is longer than forty characters, and each question is found by its id."""
    for question in stake_questions():
        assert stake_question(question.id) is question
        assert all(len(answer.label) <= 40 for answer in question.answers)
