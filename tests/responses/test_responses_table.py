"""Every situation has its answer: a response, or why there is nothing to send."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest

from flows.diagnosis import outcomes
from flows.diagnosis.catalogue import rules as diagnosis_rules
from flows.diagnosis.tables import BadTableError, Row
from flows.dossier import Cause, DebtorKind, Stage
from flows.responses import all_responses, recommend, response, rule_for, rules
from flows.responses.catalogue import read_responses, read_rules
from letters import load_catalogue

VARIANTS = (None, *dict.fromkeys(v.variant for v in diagnosis_rules().variants))
FLAGS = (frozenset[str](), *dict.fromkeys(o.flags for o in outcomes() if o.flags))
SITUATIONS = tuple(product(Cause, Stage, DebtorKind, VARIANTS, FLAGS))
AMICABLE_ONLY = {"mise_en_demeure_pro", "mise_en_demeure_particulier", "mise_en_demeure_public"}


def test_every_situation_resolves_to_a_response_or_to_a_reason() -> None:
    """Six causes, eight stages, five debtors, every variant and flag: one or the other, never both."""
    for situation in SITUATIONS:
        found = recommend(*situation)
        assert (found.recommended is None) != (found.nothing is None), situation
        assert found.recommended not in found.alternatives
        if found.recommended:
            assert found.recommended.document, situation
            assert found.because, situation


def test_every_rule_is_reached() -> None:
    """No rule of the table is hidden by the ones above it."""
    reached = {rule_for(*situation).id for situation in SITUATIONS}
    assert [rule.id for rule in rules() if rule.id not in reached] == []


def test_no_rule_is_a_default_letter() -> None:
    """A rule that recommends is for at most four causes and four stages of the eight."""
    for rule in rules():
        if rule.recommended:
            assert 1 <= len(rule.when.causes) <= 4
            assert 1 <= len(rule.when.stages) <= 4
            assert rule.when.kinds


def test_documents_are_those_of_the_catalogue() -> None:
    """A response names a document of the catalogue, no other response does, and it is for all its debtors."""
    found = [r for r in all_responses().values() if r.document]
    documents = [load_catalogue().get(str(r.document)) for r in found]
    assert len({document.id for document in documents}) == len(documents)
    for one, document in zip(found, documents, strict=True):
        assert {kind.value for kind in one.kinds} <= set(document.debtors), one.id


def test_no_response_is_offered_to_a_debtor_it_does_not_exist_for() -> None:
    """Neither the recommended response nor an alternative is outside its kinds of debtor."""
    for situation in SITUATIONS:
        found = recommend(*situation)
        for one in (*found.alternatives, *([found.recommended] if found.recommended else [])):
            assert situation[2] in one.kinds, (situation, one.id)


def test_sentences_hold_no_figure_of_law() -> None:
    """No text of a response or a rule holds a digit."""
    for one in all_responses().values():
        texts = (one.label, one.why, one.cost, one.delay, one.effect, one.then)
        assert not re.search(r"\d", " ".join(texts)), one.id
    for rule in rules():
        assert not re.search(r"\d", f"{rule.because} {rule.nothing}"), rule.id


@pytest.mark.parametrize("kind", list(DebtorKind))
@pytest.mark.parametrize("stage", list(Stage))
def test_a_procedure_stops_everything(stage: Stage, kind: DebtorKind) -> None:
    """With a collective procedure there is nothing to send: the claim goes to the mandataire, never the debtor."""
    for cause in Cause:
        found = recommend(cause, stage, kind, None, {"procedure_collective"})
        assert found.recommended is None
        assert found.alternatives == ()
        assert found.nothing
        for word in ("mandataire judiciaire", "liquidateur", "jamais au client", "BODACC"):
            assert word in found.nothing


@pytest.mark.parametrize("kind", list(DebtorKind))
@pytest.mark.parametrize("cause", list(Cause))
def test_nothing_is_sent_while_a_payment_is_announced(cause: Cause, kind: DebtorKind) -> None:
    """On hold there is neither a response nor an alternative."""
    found = recommend(cause, Stage.HOLD, kind, "promesse", {"paiement_annonce"})
    assert found.recommended is None
    assert found.alternatives == ()


@pytest.mark.parametrize("kind", list(DebtorKind))
@pytest.mark.parametrize("cause", list(Cause))
def test_once_the_notice_has_run_out_no_letter_is_left(cause: Cause, kind: DebtorKind) -> None:
    """At the choice of a route there is nothing to send, and first steps are given."""
    found = recommend(cause, Stage.ROUTE, kind)
    assert found.recommended is None
    assert found.nothing
    assert "Pour commencer" in found.nothing


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        (DebtorKind.PROFESSIONAL, "mise_en_demeure_pro"),
        (DebtorKind.CONSUMER, "mise_en_demeure_particulier"),
        (DebtorKind.NONTRADER, "mise_en_demeure_particulier"),
        (DebtorKind.PUBLIC, "mise_en_demeure_public"),
        (DebtorKind.FOREIGN, None),
    ],
)
def test_each_debtor_has_its_own_formal_notice(kind: DebtorKind, document: str | None) -> None:
    """The formal notice is the one of the debtor; a debtor abroad gets none, and is told why."""
    found = recommend(Cause.UNKNOWN, Stage.FORMAL_NOTICE, kind)
    assert (found.recommended.document if found.recommended else None) == document
    if document is None:
        assert found.nothing


def test_a_public_debtor_is_never_told_of_an_injunction_but_to_exclude_it() -> None:
    """For a public debtor the injonction de payer is named only to say that it does not exist."""
    found = recommend(Cause.UNKNOWN, Stage.ROUTE, DebtorKind.PUBLIC)
    assert found.nothing
    assert "n’existe pas contre une personne publique" in found.nothing
    assert found.nothing.count("injonction") == 1


def test_words_come_first_even_for_bad_faith() -> None:
    """At a first contact, mauvaise foi leads to a call and offers no formal notice."""
    for kind in DebtorKind:
        found = recommend(Cause.BAD_FAITH, Stage.FIRST_CONTACT, kind)
        assert found.recommended == response("script_appel")
        assert AMICABLE_ONLY.isdisjoint(r.id for r in found.alternatives)


@pytest.mark.parametrize(
    ("cause", "variant", "document"),
    [
        (Cause.FORGOT, None, "relance_1"),
        (Cause.ADMIN, "piece", "piece_manquante"),
        (Cause.ADMIN, None, "facture_renvoyee"),
        (Cause.UNHAPPY, "fondee", "reponse_insatisfaction_fondee"),
        (Cause.UNHAPPY, "infondee", "reponse_insatisfaction_infondee"),
        (Cause.UNHAPPY, None, "script_appel"),
        (Cause.CASH, None, "proposition_echeancier"),
        (Cause.CASH, "promesse", "promesse_non_tenue"),
        (Cause.UNKNOWN, "promesse", "promesse_non_tenue"),
        (Cause.BAD_FAITH, None, "mise_en_demeure_pro"),
    ],
)
def test_the_first_answer_to_each_cause(cause: Cause, variant: str | None, document: str) -> None:
    """Once reached, a professional gets the response made for the cause."""
    found = recommend(cause, Stage.REMINDER_1, DebtorKind.PROFESSIONAL, variant)
    assert found.recommended
    assert found.recommended.document == document


def test_one_who_does_not_answer_is_tried_elsewhere() -> None:
    """A debtor out of reach gets another channel among the responses."""
    found = recommend(
        Cause.UNKNOWN, Stage.REMINDER_1, DebtorKind.PROFESSIONAL, None, {"injoignable"}
    )
    ids = [r.id for r in found.alternatives]
    assert "autre_canal" in ids
    assert "verifier_entreprise" in ids


def test_founded_complaints_get_no_formal_notice() -> None:
    """While the client is right about the work, no formal notice is offered at any stage."""
    for stage, kind in product(Stage, DebtorKind):
        found = recommend(Cause.UNHAPPY, stage, kind, "fondee")
        offered = {r.id for r in found.alternatives} | {found.recommended and found.recommended.id}
        assert offered.isdisjoint(AMICABLE_ONLY)


RULE: dict[str, Any] = {
    "id": "r",
    "when": {"causes": ["oubli"], "stages": ["relance_1"], "kinds": ["professionnel"]},
    "recommended": "relance_1",
    "because": "Une raison.",
}


@pytest.mark.parametrize(
    "changes",
    [
        {"recommended": "lettre_inconnue"},
        {"recommended": None},
        {"nothing": "Rien."},
        {"because": None},
        {"when": {"causes": ["oubli"], "stages": ["relance_1"]}},
        {"when": {"stages": ["relance_1"], "kinds": ["professionnel"]}},
        {"when": {**RULE["when"], "flags": ["inconnu"]}},
        {"when": {**RULE["when"], "kinds": ["public"]}},
        {"when": {**RULE["when"], "moons": ["full"]}},
        {"alternatives": ["relance_1"]},
        {"surplus": "x"},
    ],
)
def test_a_wrong_rule_is_refused(changes: dict[str, Any]) -> None:
    """A rule that is a wildcard letter, says both or neither, or names what does not exist, is refused."""
    raw = {"flags": [], "variants": [], "rules": [{**RULE, **changes}]}
    with pytest.raises(BadTableError, match=r"rules\[r\]"):
        read_rules(Row(raw, "t"), all_responses())


def test_a_right_rule_is_read() -> None:
    """The rule that the wrong ones above derive from is itself accepted."""
    raw = {"flags": [], "variants": [], "rules": [RULE]}
    (rule,) = read_rules(Row(raw, "t"), all_responses())
    assert rule.recommended == "relance_1"


def test_a_response_label_must_fit_its_button() -> None:
    """A label over forty characters is refused."""
    fields = dict.fromkeys(("why", "cost", "delay", "effect", "then"), "x")
    raw = {"responses": [{"id": "r", "label": "x" * 41, "document": None, **fields}]}
    with pytest.raises(BadTableError, match="longer than 40"):
        read_responses(Row(raw, "t"))
