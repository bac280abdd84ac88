"""The data files of the diagnosis, and the reader that refuses what it does not know."""

from __future__ import annotations

import re
from typing import Any

import pytest

from flows.diagnosis import DONT_KNOW, outcomes, outcomes_for, questions
from flows.diagnosis.catalogue import read_outcomes, read_questions, read_rules
from flows.diagnosis.tables import BadTableError, Row
from flows.dossier import DebtorKind

CONTRACT = {
    "rien", "sans_reponse", "pas_recue", "validation", "virement_fait", "promesse", "pas_content", "pas_argent",
    "refuse", "procedure", "surendettement", "ne_sait_pas", "oublie",
}  # fmt: skip


def _outcome(**changes: Any) -> Row:
    row = {"id": "x", "label": "X", "reason": "parce que", **changes}
    return Row({"outcomes": [row]}, "t")


def _question(**changes: Any) -> Row:
    answers = [
        {"id": "oui", "label": "Oui", "reason": "un fait", "weights": {"oubli": 1}},
        {"id": DONT_KNOW, "label": "Je ne sais pas"},
    ]
    row = {"id": "q", "text": "Quoi", "why": "Pour savoir.", "answers": answers, **changes}
    return Row({"questions": [row]}, "t")


def test_every_stored_outcome_is_declared() -> None:
    """The outcomes are exactly those whose ids are stored in acts."""
    assert {o.id for o in outcomes()} == CONTRACT


def test_outcomes_ask_for_what_they_announce() -> None:
    """A promise asks for its date, a validation for the missing piece."""
    asks = {o.id: o.asks for o in outcomes()}
    assert asks["promesse"] == ("promised_on",)
    assert asks["validation"] == ("missing_piece",)


def test_a_transfer_said_to_be_sent_holds_three_working_days() -> None:
    """Only an announced transfer holds the dossier, for three working days."""
    assert {o.id: o.hold for o in outcomes() if o.hold} == {"virement_fait": 3}


def test_every_label_fits_a_button() -> None:
    """No label is longer than forty characters."""
    labels = [o.label for o in outcomes()] + [a.label for q in questions() for a in q.answers]
    assert [label for label in labels if len(label) > 40] == []


def test_one_may_always_not_know() -> None:
    """Every question ends with « Je ne sais pas », which weighs nothing."""
    for question in questions():
        assert question.answers[-1].id == DONT_KNOW
        assert not question.answers[-1].weights


def test_questions_are_one_short_sentence() -> None:
    """A question is one sentence of at most sixty-five characters, with a question mark."""
    for question in questions():
        assert len(question.text) <= 65
        assert question.text.count("?") == 1
        assert question.text.endswith("?")


def test_reasons_are_not_verdicts() -> None:
    """A reason follows « parce que » and never names bad faith."""
    for answer in (a for q in questions() for a in q.answers if a.reason):
        assert answer.reason[0].islower()
        assert not answer.reason.endswith(".")
        assert not re.search(r"mauvaise foi|menteur|malhonn|fraud", answer.reason)


def test_texts_keep_french_typography(french_table: str) -> None:
    """No breakable space stands before ; : ? ! or inside « », and no straight apostrophe between letters."""
    assert re.findall(r".{0,20} [;?!:](?=\s).{0,5}", french_table) == []
    assert re.findall(r"«[^\u00a0].{0,10}|.{0,10}[^\u00a0]»", french_table) == []
    assert re.findall(r"\w'\w.{0,10}", french_table) == []


def test_texts_do_not_threaten(french_table: str) -> None:
    """The words that scare, or promise to win, appear nowhere."""
    assert not re.search(
        r"huissier|\bsommation|poursuites immédiates|vous gagnerez|!", french_table, re.IGNORECASE
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": "rouge"},
        {"label": "x" * 41},
        {"label": None},
        {"weights": {"jalousie": 1}},
        {"weights": {"pas_encore": 1}},
        {"weights": {"oubli": "1"}},
        {"hold": "3"},
        {"contacted": "oui"},
    ],
)
def test_a_wrong_outcome_is_refused_with_its_place(changes: dict[str, Any]) -> None:
    """An unknown key, a wrong type, a long label or an unknown cause names the outcome at fault."""
    with pytest.raises(BadTableError, match=r"outcomes\[x\]"):
        read_outcomes(_outcome(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"answers": []},
        {"answers": [{"id": DONT_KNOW, "label": "Je ne sais pas"}]},
        {"answers": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]},
        {"answers": [{"id": "a", "label": "A", "weights": {"oubli": 1}}, {"id": DONT_KNOW, "label": "?"}]},
        {"applies_when": {"outcomes": ["inconnu"]}},
        {"applies_when": {"moon": ["full"]}},
        {"why": ""},
    ],
)  # fmt: skip
def test_a_wrong_question_is_refused(changes: dict[str, Any]) -> None:
    """A question needs two to five answers, the last of them « je ne sais pas », and known conditions."""
    with pytest.raises(BadTableError):
        read_questions(_question(**changes), frozenset({"rien"}))


def test_rules_that_let_one_outcome_accuse_are_refused() -> None:
    """A table by which an outcome alone gives mauvaise foi cannot be loaded."""
    level = {"score": 4, "lead": 1, "pieces": 1}
    raw = {
        "sureness": {
            "default": {"possible": level, "probable": level},
            "mauvaise_foi": {"possible": {**level, "score": 1}, "probable": level},
        },
        "lookahead": 2,
        "unclear": "rien de clair",
        "variants": [{"variant": "v"}],
    }
    with pytest.raises(BadTableError, match="refuse would accuse"):
        read_rules(Row(raw, "t"), outcomes(), questions())


def test_an_id_used_twice_is_refused() -> None:
    """Two outcomes cannot share an id."""
    row = {"id": "x", "label": "X", "reason": "parce que"}
    with pytest.raises(BadTableError, match="used twice"):
        read_outcomes(Row({"outcomes": [row, row]}, "t"))


def test_an_outcome_is_offered_only_where_it_can_be() -> None:
    """A collective procedure is told of a business, over-indebtedness of a consumer, neither of a public body."""
    offered = {kind: {o.id for o in outcomes_for(kind)} for kind in DebtorKind}
    assert [kind for kind in DebtorKind if "procedure" in offered[kind]] == [
        DebtorKind.PROFESSIONAL,
        DebtorKind.NONTRADER,
        DebtorKind.FOREIGN,
    ]
    assert [kind for kind in DebtorKind if "surendettement" in offered[kind]] == [
        DebtorKind.CONSUMER
    ]
    assert outcomes_for(None) == outcomes()
