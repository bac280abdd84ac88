"""What the evidence gives: the cause, how sure, the reasons, the variant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.diagnosis import (
    DONT_KNOW,
    Question,
    Sureness,
    UnknownAnswerError,
    diagnose,
    next_question,
    outcomes,
    questions,
)
from flows.diagnosis.catalogue import rules
from flows.diagnosis.evidence import concerns
from flows.dossier import Cause, DebtorKind

PRO = DebtorKind.PROFESSIONAL
LEVELS = [Sureness.TOO_EARLY, Sureness.POSSIBLE, Sureness.PROBABLE]

outcome_ids = st.sampled_from([o.id for o in outcomes()])
kinds = st.sampled_from(DebtorKind)
answer_sets = st.fixed_dictionaries(
    {}, optional={q.id: st.sampled_from([a.id for a in q.answers]) for q in questions()}
)


@pytest.mark.parametrize(
    ("outcome_id", "cause", "sureness", "variant"),
    [
        ("oublie", Cause.FORGOT, "probable", None),
        ("pas_recue", Cause.ADMIN, "possible", None),
        ("validation", Cause.ADMIN, "probable", "piece"),
        ("pas_content", Cause.UNHAPPY, "possible", None),
        ("pas_argent", Cause.CASH, "probable", None),
        ("procedure", Cause.CASH, "probable", None),
        ("promesse", Cause.UNKNOWN, "trop_tot", "promesse"),
        ("virement_fait", Cause.UNKNOWN, "trop_tot", None),
        ("rien", Cause.UNKNOWN, "trop_tot", None),
        ("ne_sait_pas", Cause.UNKNOWN, "trop_tot", None),
        ("sans_reponse", Cause.UNKNOWN, "trop_tot", None),
        ("refuse", Cause.UNKNOWN, "trop_tot", None),
    ],
)
def test_what_an_outcome_alone_says(
    outcome_id: str, cause: Cause, sureness: str, variant: str | None
) -> None:
    """An outcome without any answer says this much and no more."""
    found = diagnose(outcome_id, {}, PRO)
    assert (found.cause, found.sureness, found.variant) == (cause, sureness, variant)


def test_flags_come_with_the_outcome() -> None:
    """Silence flags the debtor out of reach; a procedure, and a payment announced, flag theirs."""
    assert diagnose("sans_reponse", {}, PRO).flags == {"injoignable"}
    assert diagnose("procedure", {}, PRO).flags == {"procedure_collective"}
    assert diagnose("promesse", {}, PRO).flags == {"paiement_annonce"}


def test_reasons_are_the_facts_for_the_cause_strongest_first() -> None:
    """Two broken promises and no reserve are given as reasons, as one would say them."""
    found = diagnose("refuse", {"plainte": "jamais", "promesses": "plusieurs"}, PRO)
    assert found.cause is Cause.BAD_FAITH
    assert found.reasons == (
        "deux promesses non tenues ou plus, sans réserve sur le travail",
        "aucune réserve sur le travail",
        "le client refuse de payer",
    )


def test_bad_faith_is_probable_only_with_three_facts() -> None:
    """One strong answer makes it possible; three distinct ones make it probable."""
    answers = {"refus": "change"}
    assert diagnose("refuse", answers, PRO).sureness == "possible"
    answers |= {"promesses": "plusieurs"}
    assert diagnose("refuse", answers, PRO).sureness == "possible"
    answers |= {"plainte": "jamais"}
    found = diagnose("refuse", answers, PRO)
    assert (found.cause, found.sureness) == (Cause.BAD_FAITH, "probable")


def test_being_sure_the_work_is_right_is_no_proof_of_bad_faith() -> None:
    """The user's own view of the work weighs nothing towards mauvaise foi."""
    before = dict(diagnose("refuse", {}, PRO).ranking)
    after = dict(diagnose("refuse", {"fondee": "non"}, PRO).ranking)
    assert after[Cause.BAD_FAITH] == before[Cause.BAD_FAITH]


@pytest.mark.parametrize(
    ("answer", "variant"),
    [("oui", "fondee"), ("partie", "fondee"), ("non", "infondee"), (DONT_KNOW, None)],
)
def test_a_complaint_is_founded_or_not(answer: str, variant: str | None) -> None:
    """Whether the client is right gives the variant of insatisfaction."""
    found = diagnose("pas_content", {"fondee": answer}, PRO)
    assert (found.cause, found.variant) == (Cause.UNHAPPY, variant)


def test_trouble_that_lasts_is_told_apart() -> None:
    """A lack of money in a business that slows down is the sliding variant."""
    assert diagnose("pas_argent", {"activite": "ralentie"}, PRO).variant == "glissante"


def test_an_invoice_well_sent_points_to_an_oversight() -> None:
    """« Pas reçu » with an invoice rightly addressed turns from administratif to oubli."""
    assert diagnose("pas_recue", {"envoi": "bon_contact"}, PRO).cause is Cause.FORGOT


def test_every_cause_is_reached_with_one_question() -> None:
    """With a single question after the outcome, each of the six causes can come out."""
    reached = set()
    for outcome in outcomes():
        reached.add(diagnose(outcome.id, {}, PRO).cause)
        asked = next_question(outcome.id, {}, PRO, 1)
        for answer in asked.answers if asked else ():
            assert asked is not None
            reached.add(diagnose(outcome.id, {asked.id: answer.id}, PRO).cause)
    assert reached == set(Cause)


def test_the_first_question_after_a_refusal_can_show_bad_faith() -> None:
    """After « il refuse », the one question asked can make mauvaise foi possible, or clear it."""
    asked = next_question("refuse", {}, PRO, 1)
    assert asked is not None
    causes = {diagnose("refuse", {asked.id: a.id}, PRO).cause for a in asked.answers}
    assert causes >= {Cause.BAD_FAITH, Cause.UNHAPPY, Cause.CASH, Cause.ADMIN, Cause.UNKNOWN}


@pytest.mark.parametrize(
    ("outcome_id", "answers"),
    [("inconnu", {}), ("rien", {"inconnue": "oui"}), ("rien", {"plainte": "inconnue"})],
)
def test_ids_that_are_not_declared_are_refused(outcome_id: str, answers: dict[str, str]) -> None:
    """An unknown outcome, question or answer raises an error that names it."""
    with pytest.raises(UnknownAnswerError, match="inconnu"):
        diagnose(outcome_id, answers, PRO)


@pytest.mark.parametrize(
    ("outcome_id", "answers"),
    [("validation", {}),
        ("oublie", {}), ("virement_fait", {}), ("procedure", {}), ("procedure", {"plainte": "precis"})],
)  # fmt: skip
def test_nothing_is_asked_when_nothing_can_change(outcome_id: str, answers: dict[str, str]) -> None:
    """No question follows an outcome that no answer would alter."""
    assert next_question(outcome_id, answers, PRO, 5) is None


def test_no_budget_no_question() -> None:
    """With nothing left to ask, no question is given."""
    assert next_question("refuse", {}, PRO, 0) is None


def test_a_public_client_is_asked_about_chorus() -> None:
    """Only a public client is asked where the invoice stands on Chorus Pro."""
    asked = next_question("ne_sait_pas", {}, DebtorKind.PUBLIC, 1)
    assert asked is not None
    assert asked.id == "chorus"
    for kind in set(DebtorKind) - {DebtorKind.PUBLIC}:
        given_ = {"chorus": "rejetee"}
        assert diagnose("rien", given_, kind).cause is Cause.UNKNOWN


@given(outcome_ids, answer_sets, kinds, st.randoms())
@settings(deadline=None, max_examples=150)
def test_the_order_of_answers_does_not_matter(
    outcome_id: str, answers: dict[str, str], kind: DebtorKind, random: st.DataObject
) -> None:
    """The same answers in another order give the same diagnosis."""
    pairs = list(answers.items())
    random.shuffle(pairs)  # type: ignore[attr-defined]  # a random.Random
    assert diagnose(outcome_id, dict(pairs), kind) == diagnose(outcome_id, answers, kind)


@given(outcome_ids, kinds)
@settings(deadline=None, max_examples=60)
def test_without_evidence_never_bad_faith(outcome_id: str, kind: DebtorKind) -> None:
    """No outcome, with every question left unknown, gives mauvaise foi."""
    nothing = {q.id: DONT_KNOW for q in questions()}
    assert diagnose(outcome_id, {}, kind).cause is not Cause.BAD_FAITH
    assert diagnose(outcome_id, nothing, kind).cause is not Cause.BAD_FAITH


@given(outcome_ids, answer_sets, kinds)
@settings(deadline=None, max_examples=300)
def test_bad_faith_always_has_its_pieces(
    outcome_id: str, answers: dict[str, str], kind: DebtorKind
) -> None:
    """Mauvaise foi never comes out with fewer distinct facts than the table asks for."""
    found = diagnose(outcome_id, answers, kind)
    if found.cause is not Cause.BAD_FAITH:
        return
    start = next(o for o in outcomes() if o.id == outcome_id)
    pieces = [
        q.id
        for q in questions()
        if q.id in answers
        and concerns(q, start, kind)
        and q.answer(answers[q.id]).weights.get(Cause.BAD_FAITH, 0) > 0
    ]
    assert len(pieces) >= rules().thresholds[Cause.BAD_FAITH][Sureness(found.sureness)].pieces >= 1


def _only_for(question: Question, answer_id: str) -> set[Cause]:
    """Give the cause an answer supports when it opposes or ignores all others."""
    weights = question.answer(answer_id).weights
    supported = {cause for cause, weight in weights.items() if weight > 0}
    return supported if len(supported) == 1 else set()


@given(outcome_ids, answer_sets, kinds, st.data())
@settings(deadline=None, max_examples=400)
def test_evidence_for_a_cause_never_lowers_it(
    outcome_id: str, answers: dict[str, str], kind: DebtorKind, data: st.DataObject
) -> None:
    """One more answer that supports a single cause leaves its score, and how sure it is, at least as high."""
    pure = [(q, a.id) for q in questions() for a in q.answers if _only_for(q, a.id)]
    question, answer_id = data.draw(st.sampled_from(pure))
    before_answers = {k: v for k, v in answers.items() if k != question.id}
    (cause,) = _only_for(question, answer_id)
    before = diagnose(outcome_id, before_answers, kind)
    after = diagnose(outcome_id, {**before_answers, question.id: answer_id}, kind)
    assert dict(after.ranking)[cause] >= dict(before.ranking)[cause]
    if before.cause is cause:
        assert after.cause is cause
        assert LEVELS.index(after.sureness) >= LEVELS.index(before.sureness)


@given(outcome_ids, kinds, st.integers(1, 20), st.data())
@settings(deadline=None, max_examples=80)
def test_asking_ends_and_never_repeats(
    outcome_id: str, kind: DebtorKind, budget: int, data: st.DataObject
) -> None:
    """Whatever is answered, the questions end within the budget and none comes twice."""
    answers: dict[str, str] = {}
    while (asked := next_question(outcome_id, answers, kind, budget - len(answers))) is not None:
        assert asked.id not in answers
        answers[asked.id] = data.draw(st.sampled_from([a.id for a in asked.answers]))
    assert len(answers) <= budget


@given(outcome_ids, answer_sets, kinds)
@settings(deadline=None, max_examples=100)
def test_a_question_with_one_left_can_change_the_result(
    outcome_id: str, answers: dict[str, str], kind: DebtorKind
) -> None:
    """The last question allowed is asked only if one of its answers changes the result."""
    asked = next_question(outcome_id, answers, kind, 1)
    now = diagnose(outcome_id, answers, kind)
    changing = {
        q.id
        for q in questions()
        if q.id not in answers
        and (not q.causes or now.cause in q.causes)
        and any(_differs(outcome_id, answers, kind, q.id, a.id) for a in q.answers)
    }
    assert (asked.id in changing) if asked else not changing


def _differs(
    outcome_id: str, answers: dict[str, str], kind: DebtorKind, name: str, answer: str
) -> bool:
    now = diagnose(outcome_id, answers, kind)
    then = diagnose(outcome_id, {**answers, name: answer}, kind)
    return (now.cause, now.sureness, now.variant) != (then.cause, then.sureness, then.variant)
