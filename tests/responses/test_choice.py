"""Which documents a dossier offers first, which are closed and why: cases, then what holds of any dossier."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import ladder
from flows.dossier import Act, ActKind, Cause, DebtorKind, Dossier, Stage
from flows.facts import registry
from flows.facts.computed import town_of
from flows.facts.conditions import Standing
from flows.facts.occurrences import occurrences
from flows.law import load_law
from flows.law.routes import Status as Way
from flows.law.routes import routes_for
from flows.responses.choice import Fit, Offer, cautions, offers, supposes
from flows.values import Value
from flows.yamlfile import load_yaml
from letters import Document, load_catalogue
from letters.words import vocabulary
from tests.facts.makers import TODAY, act
from tests.facts.told import dossier_of, person_of

CASES = load_yaml(Path(__file__).parent / "cases" / "choice.yaml")
LAW = load_law()
CATALOGUE = load_catalogue()
SENTENCES = dict(vocabulary()["conditions"])
AGAINST = dict(vocabulary()["otherwise"])
"""The same conditions when they are not so."""
AFTERWARDS = {"apres", "prevention"}
ASKING = {"relancer", "mise_en_demeure", "accord"}
"""Families of documents that ask the debtor to pay."""


def offered(
    dossier: Dossier, cause: Cause, stage: Stage, person: dict[str, Value] | None = None
) -> tuple[Offer, ...]:
    """Give what a dossier offers today, its routes worked out as in the chat."""
    here = Standing(dossier, person or {}, TODAY, LAW)
    return offers(CATALOGUE, here, cause, stage, routes_for(here.situation, LAW, _town(dossier)))


def _town(dossier: Dossier) -> str:
    return town_of(str(dossier.get("debtor_address") or ""))


def offered_to(case: dict[str, Any]) -> tuple[Offer, ...]:
    """Give what the dossier of a case offers."""
    return offered(dossier_of(case), Cause(case["cause"]), Stage(case["étape"]), person_of(case))


def names(found: tuple[Offer, ...], *fits: Fit) -> list[str]:
    """Give the ids of the documents offered in one of these ways."""
    return [one.document.id for one in found if one.fit in fits]


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _cases() -> list[Any]:
    return [pytest.param(case, id=case["nom"]) for case in CASES]


@pytest.mark.parametrize("case", _cases())
def test_the_documents_of_a_dossier_are_as_the_case_says(case: dict[str, Any]) -> None:
    """What comes first, what is advised against, what is closed and why is what a jurist wrote."""
    told = {"nom", "client", "dû", "échéance", "dit", "vous", "histoire", "cause", "étape"}
    assert set(case) <= told | {
        "d’abord",
        "parmi",
        "avec réserve",
        "à vérifier",
        "fermés",
        "jamais",
    }
    found = offered_to(case)
    first = names(found, Fit.FITS)
    if "d’abord" in case:
        assert sorted(first) == sorted(case["d’abord"])
        warned = [one.document.id for one in found if one.fit is Fit.FITS and one.why]
        assert sorted(warned) == sorted(case.get("avec réserve", []))
    assert set(case.get("parmi", [])) <= set(first)
    unsure = {one.document.id: " ".join(one.check) for one in found if one.fit is Fit.POSSIBLE}
    for document, reason in case.get("à vérifier", {}).items():
        assert reason in _plain(unsure[document]), document
    closed = {one.document.id: " ".join(one.why) for one in found if one.fit is Fit.CLOSED}
    for document, reason in case.get("fermés", {}).items():
        assert reason in closed[document], document
    assert set(case["jamais"]) & set(names(found, *Fit)) == set()


def test_the_cases_tell_each_kind_of_debtor_and_each_fate() -> None:
    """Every kind of debtor, cause and end is met, and no two cases bear the same name."""
    assert {case["client"] for case in CASES} == {kind.value for kind in DebtorKind}
    assert {case["cause"] for case in CASES} == {cause.value for cause in Cause}
    assert len({case["nom"] for case in CASES}) == len(CASES) >= 25
    told = {line.split()[0] for case in CASES for line in case.get("histoire", [])}
    assert {"payé", "clos", "versé", "jugement", "noté", "envoyé"} <= told


@pytest.mark.parametrize("case", _cases())
def test_the_fitting_come_first_and_the_closed_last(case: dict[str, Any]) -> None:
    """The order is: those that fit, those that are possible, those that are closed."""
    order = [list(Fit).index(one.fit) for one in offered_to(case)]
    assert order == sorted(order)


@pytest.mark.parametrize("case", _cases())
def test_every_document_of_the_debtor_is_there_once(case: dict[str, Any]) -> None:
    """Nothing is hidden but what does not exist for that debtor."""
    expected = [d.id for d in CATALOGUE if case["client"] in d.debtors]
    assert sorted(names(offered_to(case), *Fit)) == sorted(expected)


@pytest.mark.parametrize("case", _cases())
def test_what_fits_is_meant_for_the_cause_and_the_step(case: dict[str, Any]) -> None:
    """What fits was written for that debtor, cause and step; of the rest, one of those lacks, or all is not known."""
    over = {"payé", "clos"} & {line.split()[0] for line in case.get("histoire", [])}
    for one in offered_to(case):
        meant = one.document.fits(debtor=case["client"], cause=case["cause"], stage=case["étape"])
        if one.fit is Fit.FITS:
            assert meant
            assert one.check == ()
        elif one.fit is Fit.POSSIBLE and meant:
            early = one.document.family == "prevention" and not over
            assert early or one.check or _later(one.document, case), one.document.id


def _later(document: Document, case: dict[str, Any]) -> bool:
    """Say whether a document is the habit of a step after the case's, whatever steps it may serve."""
    order, here = list(Stage), Stage(case["étape"])
    notice = Stage.FORMAL_NOTICE if document.id.startswith("mise_en_demeure") else None
    own = Stage.ROUTE if document.family == "juge" else notice
    habits = {
        step.stage
        for step in ladder.ladder().steps.values()
        if step.documents.get(DebtorKind(case["client"])) == document.id
    }
    steps = habits or ({own} if own else set())
    return bool(steps) and here not in steps and max(map(order.index, steps)) > order.index(here)


@pytest.mark.parametrize("cause", [Cause.FORGOT, Cause.UNKNOWN, Cause.CASH])
@pytest.mark.parametrize("kind", [kind.value for kind in DebtorKind])
def test_a_text_of_a_later_step_waits_for_it(kind: str, cause: Cause) -> None:
    """At the first reminder, the last one and the mise en demeure are among the others; at theirs they fit."""
    dossier = dossier_of({"client": kind})
    steps = ladder.ladder().steps
    for stage in (Stage.REMINDER_1, Stage.LAST_REMINDER, Stage.FORMAL_NOTICE):
        found = {one.document.id: one for one in offered(dossier, cause, stage)}
        own = steps[stage].documents.get(DebtorKind(kind))
        for step in steps.values():
            later = step.documents.get(DebtorKind(kind))
            if later and later != own and list(Stage).index(step.stage) > list(Stage).index(stage):
                assert found[later].fit is not Fit.FITS, (later, stage)
        if own:
            assert found[own].fit is Fit.FITS, (own, stage)


def test_what_is_not_known_is_to_be_checked() -> None:
    """A document that supposes what nothing told settles is possible, and says what to check."""
    dossier = dossier_of({"client": "professionnel"})
    found = {one.document.id: one for one in offered(dossier, Cause.UNHAPPY, Stage.REMINDER_2)}
    assert found["reponse_contestation"].fit is Fit.POSSIBLE
    assert found["reponse_contestation"].check == (SENTENCES["contestation"],)
    told = dossier_of({"client": "professionnel", "dit": {"contested": "oui"}})
    found = {one.document.id: one for one in offered(told, Cause.UNHAPPY, Stage.REMINDER_2)}
    assert found["reponse_contestation"].fit is Fit.FITS
    assert found["reponse_contestation"].check == ()


# --- the end of a dossier -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DebtorKind)
@pytest.mark.parametrize("stage", Stage)
def test_a_paid_dossier_offers_only_what_comes_after(kind: DebtorKind, stage: Stage) -> None:
    """Once all is paid: a receipt, thanks, the next time; nothing that asks for money or goes to a judge."""
    paid = dossier_of({"client": kind.value, "histoire": ["payé le 2026-11-20"]})
    for cause in Cause:
        found = offered(paid, cause, stage)
        open_ = [one for one in found if one.fit is not Fit.CLOSED]
        assert {one.document.family for one in open_} <= AFTERWARDS
        assert {"quittance", "remerciement"} <= {one.document.id for one in open_}
        assert "note_comptable" not in {one.document.id for one in open_}


@pytest.mark.parametrize("kind", DebtorKind)
@pytest.mark.parametrize("how", ["abandon", "perdu"])
def test_a_dossier_given_up_offers_the_books_and_the_next_time(kind: DebtorKind, how: str) -> None:
    """Once given up, what is left is a note for the books; there is no receipt, for nothing was paid."""
    closed = dossier_of({"client": kind.value, "histoire": [f"clos {how} le 2026-11-20"]})
    found = offered(closed, Cause.CASH, Stage.ROUTE)
    open_ = set(names(found, Fit.FITS, Fit.POSSIBLE))
    assert "note_comptable" in open_
    assert not {"quittance", "remerciement", "quittance_partielle"} & open_
    assert {CATALOGUE.get(name).family for name in open_} <= AFTERWARDS


def test_a_dossier_reopened_offers_letters_again() -> None:
    """Paid by mistake then reopened, a dossier has its reminders back and no receipt."""
    again = dossier_of(
        {"client": "professionnel", "histoire": ["payé le 2026-11-10", "rouvert le 2026-11-12"]}
    )
    first = names(offered(again, Cause.FORGOT, Stage.REMINDER_1), Fit.FITS)
    assert "relance_1" in first
    assert "quittance" not in first


# --- no match -------------------------------------------------------------------------------------


def test_no_match_none_proposed() -> None:
    """Where every document supposes what is not so, none is proposed, and each says why."""
    before = dossier_of({"client": "professionnel", "échéance": date(2026, 12, 2)})
    here = Standing(before, {}, TODAY, LAW)
    late_only = [d for d in CATALOGUE if "echeance_passee" in d.must_be_true]
    found = offers(late_only, here, Cause.UNKNOWN, Stage.BEFORE_DUE)  # type: ignore[arg-type]
    assert found
    assert names(found, Fit.FITS, Fit.POSSIBLE) == []
    assert all(AGAINST["echeance_passee"] in one.why for one in found)


def test_before_the_debtor_is_known_nothing_is_offered() -> None:
    """Documents depend on who owes: until it is told, none is."""
    nobody = Standing(Dossier("n", TODAY, {"amount_due": Decimal(5)}), {}, TODAY, LAW)
    assert offers(CATALOGUE, nobody, Cause.UNKNOWN, Stage.FIRST_CONTACT) == ()


def test_a_route_that_is_closed_closes_its_documents() -> None:
    """A document whose every way is closed is closed, and gives the reason of the way."""
    case = {
        "client": "professionnel",
        "vous": {"creditor_status": "commercant"},
        "dit": {"debtor_status": "societe"},
    }
    dossier, person = dossier_of(case), person_of(case)
    (found,) = [
        one
        for one in offered(dossier, Cause.BAD_FAITH, Stage.ROUTE, person)
        if one.document.id == "petites_creances"
    ]
    here = Standing(dossier, person, TODAY, LAW)
    (way,) = [one for one in routes_for(here.situation, LAW) if one.id == "petites_creances"]
    assert (found.fit, found.why) == (Fit.CLOSED, (way.reason,))


def test_without_its_routes_a_document_is_judged_on_what_it_supposes_alone() -> None:
    """When no route is given, none closes a document nor is unsure of it."""
    dossier = dossier_of({"client": "professionnel"})
    here = Standing(dossier, {"creditor_status": "commercant"}, TODAY, LAW)
    found = offers(CATALOGUE, here, Cause.BAD_FAITH, Stage.ROUTE)
    assert "petites_creances" in names(found, Fit.FITS)


def test_what_is_advised_cautions_and_closes_nothing() -> None:
    """A requête without a mise en demeure is offered, with the word that one had better be sent first."""
    dossier = dossier_of({"client": "particulier", "dit": {"contested": "non"}})
    here = Standing(dossier, {}, TODAY, LAW)
    document = CATALOGUE.get("requete_injonction_tj")
    assert supposes(document, here) == ()
    assert cautions(document, here) == (AGAINST["mise_en_demeure_envoyee"],)
    (found,) = [
        one
        for one in offered(dossier, Cause.BAD_FAITH, Stage.ROUTE)
        if one.document.id == document.id
    ]
    assert (found.fit, found.why) == (Fit.FITS, cautions(document, here))


def test_what_is_not_known_stands_against_nothing() -> None:
    """Not knowing whether the client contests neither closes a document nor warns of it."""
    here = Standing(dossier_of({"client": "professionnel"}), {}, TODAY, LAW)
    assert here.holds("contestation") is None
    assert supposes(CATALOGUE.get("reponse_contestation"), here) == ()
    assert AGAINST["pas_de_contestation"] not in cautions(CATALOGUE.get("transaction"), here)


# --- what a dossier rules out -------------------------------------------------------------------


def _in_procedure(*more: str) -> Dossier:
    history = ["jugement le 2026-10-27", "noté publication_bodacc le 2026-11-03", *more]
    return dossier_of({"client": "professionnel", "histoire": history})


def test_once_a_procedure_is_open_nothing_asks_the_debtor_to_pay() -> None:
    """The opening judgment forbids paying what was owed before (art. L622-7 C. com.): no reminder is offered."""
    found = offered(_in_procedure(), Cause.CASH, Stage.FIRST_CONTACT)
    asking = [
        one.document.id
        for one in found
        if one.fit is not Fit.CLOSED and one.document.family in ASKING
    ]
    assert asking == []


def test_a_claim_already_declared_is_not_said_to_be_late() -> None:
    """Declared on time, a claim closes its form with words that say it may be done, not only that time ran out."""
    found = offered(
        _in_procedure("noté declaration_creance le 2026-11-10"), Cause.CASH, Stage.FIRST_CONTACT
    )
    (form,) = [one for one in found if one.document.id == "declaration_creance"]
    assert form.fit is Fit.CLOSED
    assert form.why == (AGAINST["delai_de_declaration_ouvert"],)
    assert "déjà déclarée" in form.why[0]


def test_a_debt_that_seems_too_old_is_not_taken_to_a_judge_unsaid() -> None:
    """When the time to act seems over, a requête is offered with that word, or not at all."""
    old = dossier_of(
        {
            "client": "particulier",
            "échéance": date(2023, 5, 1),
            "dit": {"work_done_on": date(2023, 4, 1), "contested": "non"},
            "histoire": [
                "envoyé mise_en_demeure_particulier le 2026-10-20",
                "reçu mise_en_demeure_particulier le 2026-10-22",
            ],
        }
    )
    found = {one.document.id: one for one in offered(old, Cause.UNKNOWN, Stage.ROUTE)}
    request = found["requete_injonction_tj"]
    assert request.fit is not Fit.FITS
    said = " ".join((*request.why, *request.check))
    assert "Le délai pour agir semble passé" in said


def test_what_a_route_is_not_sure_of_is_told_of_its_documents() -> None:
    """A document whose way is « to check » is possible, never first, and gives the reason of the way."""
    case = {"client": "professionnel", "dit": {"special_case": "batiment"}}
    dossier = dossier_of(case)
    here = Standing(dossier, {}, TODAY, LAW)
    ways = {way.id: way for way in routes_for(here.situation, LAW)}
    found = {one.document.id: one for one in offered(dossier, Cause.CASH, Stage.REMINDER_2)}
    unsure = [
        (one, ways[name])
        for one in found.values()
        if one.fit is not Fit.CLOSED
        for name in one.document.routes
        if name in ways and ways[name].status is Way.TO_CHECK
    ]
    assert {"garantie_de_paiement", "petites_creances"} <= {one.document.id for one, _ in unsure}
    for one, way in unsure:
        assert one.fit is Fit.POSSIBLE
        assert way.reason in one.check


@pytest.mark.parametrize("condition", sorted(AGAINST))
def test_what_is_not_so_is_a_sentence_of_its_own(condition: str) -> None:
    """Each condition has its words for when it is so and its words for when it is not, two whole sentences."""
    assert set(AGAINST) == set(SENTENCES)
    assert AGAINST[condition] != SENTENCES[condition]
    for said in (AGAINST[condition], SENTENCES[condition]):
        assert said[0].isupper()
        assert said.endswith(".")


# --- any dossier ----------------------------------------------------------------------------------

_DAYS = st.integers(-400, 0).map(lambda days: TODAY + timedelta(days=days))
_CHOSEN = ("special_case", "public_body", "debtor_status", "debtor_country", "contested")
_OUTCOMES = ("surendettement", "pas_content", "promesse", "virement_fait", "procedure", "rien_fait")
_SUMS = st.decimals(1, 5000, places=2)


def _acts() -> st.SearchStrategy[Act]:
    """Make any act that bears on what documents suppose."""
    sent = st.sampled_from([d.id for d in CATALOGUE])
    noted = st.sampled_from([one.id for one in occurrences().values() if not one.is_credit])
    return st.one_of(
        st.builds(lambda on, name: act(ActKind.SENT, on, document=name), _DAYS, sent),
        st.builds(lambda on, name: act(ActKind.RECEIVED, on, document=name), _DAYS, sent),
        st.builds(lambda on, name: act(ActKind.HAPPENED, on, what=name), _DAYS, noted),
        st.builds(lambda on, sum_: act(ActKind.PART_PAID, on, amount=sum_), _DAYS, _SUMS),
        st.builds(lambda on: act(ActKind.PROCEDURE_OPENED, on, dated="oui"), _DAYS),
        st.builds(
            lambda on, after: act(ActKind.PROMISED, on, promised_on=on + timedelta(days=after)),
            _DAYS,
            st.integers(0, 60),
        ),
        st.builds(
            lambda on, kind: act(kind, on),
            _DAYS,
            st.sampled_from((ActKind.PAID, ActKind.REOPENED, ActKind.PAUSED, ActKind.RESUMED)),
        ),
        st.builds(
            lambda on, how: act(ActKind.CLOSED, on, how=how),
            _DAYS,
            st.sampled_from(("abandon", "perdu", "avoir")),
        ),
    )


@st.composite
def _dossiers(draw: st.DrawFn) -> tuple[Dossier, dict[str, Value]]:
    facts: dict[str, Value] = {
        "debtor_kind": draw(st.sampled_from(list(DebtorKind))).value,
        "debtor_name": "Dupont",
        "amount_due": draw(_SUMS),
    }
    if draw(st.booleans()):
        facts["invoice_due_on"] = TODAY + timedelta(days=draw(st.integers(-2500, 60)))
    for name in _CHOSEN:
        values = [value for value, _ in registry()[name].choices]
        if (told := draw(st.sampled_from([None, *values]))) is not None:
            facts[name] = told
    for name in ("work_done_on", "delivered_on"):
        if draw(st.booleans()):
            facts[name] = TODAY + timedelta(days=draw(st.integers(-2500, 90)))
    if (outcome := draw(st.sampled_from([None, *_OUTCOMES]))) is not None:
        facts["contact_outcome"] = outcome
    founded = draw(st.sampled_from((None, "oui", "partie", "non", "ne_sait_pas")))
    if founded is not None:
        facts["probe.fondee"] = founded
    postcode = draw(st.sampled_from(("", "75002", "67000", "97110", "98800", "69002")))
    if postcode:
        facts["debtor_address"] = f"1 rue Haute, {postcode} Ville"
    status = draw(st.sampled_from((None, "liberal", "artisan", "commercant", "inconnu")))
    person: dict[str, Value] = {"creditor_status": status} if status else {}
    acts = sorted(draw(st.lists(_acts(), max_size=6)), key=lambda one: one.at)
    return Dossier("n", date(2026, 10, 1), facts, tuple(acts)), person


@given(_dossiers(), st.sampled_from(list(Cause)), st.sampled_from(list(Stage)))
@settings(max_examples=150, deadline=None)
def test_any_dossier_has_its_documents(
    told: tuple[Dossier, dict[str, Value]], cause: Cause, stage: Stage
) -> None:
    """Whatever was told, nothing fails, the closed say why, and nothing of another debtor is offered."""
    dossier, person = told
    found = offered(dossier, cause, stage, person)
    kind = dossier.facts["debtor_kind"]
    assert {one.document.id for one in found} == {d.id for d in CATALOGUE if kind in d.debtors}
    here = Standing(dossier, person, TODAY, LAW)
    ways = {way.id: way for way in routes_for(here.situation, LAW, _town(dossier))}
    for one in found:
        if one.fit is Fit.CLOSED:
            assert set(one.why) <= {*AGAINST.values(), *(way.reason for way in ways.values())}
            assert one.why, one.document.id
            assert all(reason.strip() for reason in one.why)
        else:
            assert supposes(one.document, here) == ()
            assert one.why == cautions(one.document, here)
            unknown = [n for n in one.document.must_be_true if here.holds(n) is None]
            unsure = [ways[n] for n in one.document.routes if n in ways]
            assert one.check == (
                *(SENTENCES[name] for name in unknown),
                *(way.reason for way in unsure if way.status is Way.TO_CHECK),
            )
    again = offered(dossier, cause, stage, person)
    assert again == found
