"""What the law is asked about a dossier, gathered from its facts and acts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.dialogue.conversation import Moment
from flows.dialogue.library import Library
from flows.dossier import Act, ActKind, DebtorKind, Dossier
from flows.facts import fact
from flows.facts.legal import (
    clocks_of,
    due_date_of,
    limitation_of,
    postcode_of,
    situation_of,
)
from flows.facts.occurrences import occurrences
from flows.law import load_law
from flows.law.deadlines import StepState
from flows.law.limitation import Limitation, State
from flows.law.parameter import Confidence
from flows.law.routes import routes_for
from flows.law.terms import DueDate, Undecided
from flows.values import Value, facts_from_json, facts_to_json
from tests.facts.makers import TODAY, act, happened, taken_back

LAW = load_law()
LIBRARY = Library(LAW)
MOMENT = Moment(datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Europe/Paris")))
INVOICE = date(2026, 9, 20)
DONE = date(2025, 9, 1)


def dossier(*acts: Act, kind: str = "professionnel", **facts: Value) -> Dossier:
    """Make a debt of 1 250 € due on 15 October 2026, its work done on 1 September 2025."""
    known: dict[str, Value] = {
        "debtor_kind": kind,
        "amount_due": Decimal("1250.00"),
        "invoice_due_on": date(2026, 10, 15),
        "work_done_on": DONE,
        **facts,
    }
    return Dossier("n1", date(2026, 10, 16), known, acts)


# --- due date --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "facts", "due"),
    [
        ("professionnel", {"payment_terms": "aucun"}, date(2026, 10, 20)),
        ("professionnel", {"payment_terms": "jours:60"}, date(2026, 11, 19)),
        ("professionnel", {"payment_terms": "fin_de_mois:45:ajouter"}, date(2026, 11, 30)),
        ("professionnel", {"payment_terms": "fin_de_mois:45:fin"}, date(2026, 11, 14)),
        ("particulier", {"payment_terms": "aucun"}, INVOICE),
        ("association", {"payment_terms": "aucun"}, date(2026, 10, 20)),
        ("public", {"public_body": "collectivite"}, date(2026, 10, 20)),
        ("public", {"public_body": "etat"}, date(2026, 10, 20)),
        ("public", {"public_body": "hopital"}, date(2026, 11, 9)),
        ("public", {"public_body": "entreprise_publique"}, date(2026, 11, 19)),
        ("etranger", {"payment_terms": "jours:30"}, date(2026, 10, 20)),
    ],
)
def test_the_due_date_follows_from_the_terms(kind: str, facts: dict[str, Value], due: date) -> None:
    """An invoice of 20 September 2026 falls due as its terms and its debtor say."""
    bare = Dossier("n", TODAY, {"debtor_kind": kind, "invoice_on": INVOICE, **facts})
    found = due_date_of(bare, LAW)
    assert isinstance(found, DueDate)
    assert found.on == due
    assert found.rule


@pytest.mark.parametrize("missing", ["debtor_kind", "invoice_on", "payment_terms"])
def test_no_due_date_while_something_is_unknown(missing: str) -> None:
    """Without the debtor, the invoice date or the terms, no due date is given."""
    facts: dict[str, Value] = {
        "debtor_kind": "professionnel",
        "invoice_on": INVOICE,
        "payment_terms": "jours:30",
    }
    known = Dossier("n", TODAY, facts)
    assert isinstance(due_date_of(known, LAW), DueDate)
    assert due_date_of(known.without_facts(missing), LAW) is None


def test_two_readings_are_both_given() -> None:
    """45 days end of month without a reading gives the two days and chooses neither."""
    facts: dict[str, Value] = {
        "debtor_kind": "professionnel",
        "invoice_on": INVOICE,
        "payment_terms": "fin_de_mois:45",
    }
    found = due_date_of(Dossier("n", TODAY, facts), LAW)
    assert isinstance(found, Undecided)
    assert {choice.due.on for choice in found.choices} == {date(2026, 11, 30), date(2026, 11, 14)}


def test_a_foreign_debtor_without_terms_has_no_date_of_ours() -> None:
    """French default terms are not applied abroad: a sentence says so and no reading is offered."""
    facts: dict[str, Value] = {
        "debtor_kind": "etranger",
        "invoice_on": INVOICE,
        "payment_terms": "aucun",
    }
    found = due_date_of(Dossier("n", TODAY, facts), LAW)
    assert isinstance(found, Undecided)
    assert found.choices == ()
    assert "étranger" in found.sentence


# --- limitation ------------------------------------------------------------------------------


def term(found: Dossier) -> Limitation:
    """Give the limitation of a dossier, which must be known."""
    counted = limitation_of(found, TODAY, LAW)
    assert isinstance(counted, Limitation)
    return counted


@pytest.mark.parametrize(
    ("kind", "facts", "last"),
    [
        ("professionnel", {}, date(2030, 9, 1)),
        ("particulier", {}, date(2027, 9, 1)),
        ("association", {}, date(2027, 9, 1)),
        ("public", {"public_body": "collectivite"}, date(2029, 12, 31)),
        ("public", {"public_body": "entreprise_publique"}, date(2029, 12, 31)),
        ("professionnel", {"special_case": "transport"}, date(2026, 9, 1)),
    ],
)
def test_limitation_counts_from_the_work(kind: str, facts: dict[str, Value], last: date) -> None:
    """Work done on 1 September 2025 can be claimed until a day that depends on who owes and for what."""
    found = term(dossier(kind=kind).with_facts(**facts))
    assert found.last_on == last
    assert (found.state is State.PASSED) == (last < TODAY)


def test_limitation_is_unknown_without_the_work() -> None:
    """Neither the invoice nor its due date starts the limitation: without the work it is not given."""
    assert limitation_of(dossier().without_facts("work_done_on"), TODAY, LAW) is None
    delivered = dossier(delivered_on=DONE).without_facts("work_done_on")
    assert limitation_of(delivered, TODAY, LAW) == limitation_of(dossier(), TODAY, LAW)


@pytest.mark.parametrize(
    ("acts", "last"),
    [
        ((act(ActKind.SENT, date(2026, 11, 2), document="mise_en_demeure_pro"),), date(2030, 9, 1)),
        ((act(ActKind.SENT, date(2026, 11, 2), document="relance_1"),), date(2030, 9, 1)),
        ((happened("requete_injonction", date(2026, 11, 2)),), date(2030, 9, 1)),
        ((happened("ordonnance", date(2026, 11, 2)),), date(2030, 9, 1)),
        ((happened("signification_ordonnance", date(2026, 11, 10)),), date(2031, 11, 10)),
        ((happened("reconnaissance", date(2026, 11, 10)),), date(2031, 11, 10)),
        ((happened("echeancier_signe", date(2026, 11, 10)),), date(2031, 11, 10)),
        (
            (
                happened("reconnaissance", date(2026, 11, 10)),
                taken_back("reconnaissance", date(2026, 11, 10)),
            ),
            date(2030, 9, 1),
        ),
    ],
    ids=lambda value: value[-1].kind.value + value[-1].text("what") if isinstance(value, tuple) else "",
)  # fmt: skip
def test_what_interrupts_the_limitation(acts: tuple[Act, ...], last: date) -> None:
    """A letter or a request interrupts nothing; a service, an acknowledgement, a signed plan do until taken back."""
    assert term(dossier(*acts)).last_on == last


def test_a_written_claim_interrupts_for_a_public_body_only() -> None:
    """The written claim starts the four calendar years again for a public body, and nothing for a company."""
    claim = act(ActKind.SENT, date(2026, 11, 2), document="mise_en_demeure_public")
    public = dossier(claim, kind="public", public_body="collectivite")
    assert term(public).last_on == date(2030, 12, 31)
    assert term(dossier(claim)).last_on == date(2030, 9, 1)


def test_a_suspension_ends_with_what_ends_it() -> None:
    """A conciliation suspends until its end is noted, and gives back the days it took."""
    begun = happened("conciliation", date(2026, 9, 1))
    ended = happened("conciliation_echec", date(2026, 11, 1))
    over = term(dossier(begun, ended))
    assert term(dossier(begun)).state is State.SUSPENDED
    assert over.state is State.RUNNING
    assert over.last_on > date(2030, 9, 1)


# --- clocks ----------------------------------------------------------------------------------

ORDER = happened("ordonnance", date(2026, 11, 2))
SERVED = happened("signification_ordonnance", date(2026, 11, 10))
OPPOSED = happened("opposition", date(2026, 11, 20))


def states(found: Dossier, today: date = TODAY) -> dict[str, StepState]:
    """Give the state of each step of the clocks."""
    return {step.id: step.state for step in clocks_of(found, today, LAW).steps}


def test_no_procedure_no_step() -> None:
    """Without an order or a collective procedure, only the limitation is counted."""
    assert states(dossier()) == {}
    assert clocks_of(dossier(), TODAY, LAW).limitation is not None


def test_an_order_is_to_be_served_in_three_months() -> None:
    """An order of 2 November 2026 is to be served by 2 February 2027, then is void."""
    (step, *later) = clocks_of(dossier(ORDER), TODAY, LAW).steps
    assert (step.id, step.state) == ("signification_ordonnance", StepState.OPEN)
    assert step.deadline is not None
    assert step.deadline.raw_on == date(2027, 2, 2)
    assert {one.state for one in later} == {StepState.LATER}
    late = states(dossier(ORDER), date(2027, 2, 3))
    assert late["signification_ordonnance"] is StepState.MISSED


def test_an_order_moves_on_with_what_is_noted() -> None:
    """Served, one waits for the opposition; opposed, for the hearing; taken back, one waits again."""
    served = states(dossier(ORDER, SERVED))
    assert served["signification_ordonnance"] is StepState.DONE
    assert served["opposition_injonction"] is StepState.WAITING
    opposed = states(dossier(ORDER, SERVED, OPPOSED))
    assert opposed["opposition_recue"] is StepState.DONE
    assert "opposition_injonction" not in opposed
    back = dossier(ORDER, SERVED, OPPOSED, taken_back("opposition", OPPOSED.on))
    assert states(back) == served
    undone = dossier(ORDER, taken_back("ordonnance", ORDER.on))
    assert states(undone) == {}


def test_a_title_ends_the_wait_for_it() -> None:
    """Once the title is obtained, nothing waits any more for the opposition or for the title."""
    title = happened("titre", date(2026, 11, 23))
    found = states(dossier(ORDER, SERVED, title))
    assert StepState.WAITING not in found.values()


@pytest.mark.parametrize(
    "acts",
    [
        (ORDER, SERVED, OPPOSED, taken_back("signification_ordonnance", SERVED.on)),
        (ORDER, SERVED, OPPOSED, happened("signification_ordonnance", date(2026, 11, 22))),
        (ORDER, SERVED, OPPOSED, happened("ordonnance", date(2026, 11, 15))),
    ],
    ids=["service taken back", "served again later", "another order since"],
)
def test_an_odd_history_of_an_order_still_has_its_clocks(acts: tuple[Act, ...]) -> None:
    """Days that do not follow one another, after a correction or a second try, leave a clock to show."""
    assert states(dossier(*acts))


def test_a_claim_is_declared_from_its_publication() -> None:
    """In a collective procedure the declaration counts from the BODACC notice; declared, it is done."""
    opened = act(ActKind.PROCEDURE_OPENED, date(2026, 10, 5), dated="oui")
    published = happened("publication_bodacc", date(2026, 10, 20))
    (first, *_) = clocks_of(dossier(opened, published), TODAY, LAW).steps
    assert (first.id, first.state) == ("declaration_creance", StepState.OPEN)
    assert first.deadline is not None
    assert first.deadline.raw_on == date(2026, 12, 20)
    declared = happened("declaration_creance", date(2026, 11, 12))
    assert states(dossier(opened, published, declared))["declaration_creance"] is StepState.DONE
    assert "signification_ordonnance" not in states(dossier(ORDER, opened))


@pytest.mark.parametrize("what", ["publication_bodacc", "declaration_creance"])
def test_a_day_before_the_judgment_still_has_its_clocks(what: str) -> None:
    """A publication or declaration noted before the judgment's day, a slip of the finger, breaks nothing."""
    opened = act(ActKind.PROCEDURE_OPENED, date(2026, 10, 5), dated="oui")
    assert states(dossier(opened, happened(what, date(2026, 9, 30))))


def test_a_procedure_taken_back_leaves_no_clock() -> None:
    """When there was no procedure after all, nothing is left to declare."""
    opened = act(ActKind.PROCEDURE_OPENED, date(2026, 10, 5), dated="oui")
    undone = act(ActKind.CORRECTED, TODAY, fact="procedure")
    assert "declaration_creance" in states(dossier(opened))
    assert states(dossier(opened, undone)) == {}


def test_work_older_than_the_term_is_no_error() -> None:
    """Work done before the term of today existed gives no day still to come, and no error."""
    old = dossier(work_done_on=date(2007, 3, 1))
    found = clocks_of(old, TODAY, LAW).limitation
    assert not isinstance(found, Limitation) or found.state is State.PASSED
    assert situation_of(old, {}, TODAY, LAW).limitation_passed is not False


def test_a_public_body_has_its_silence_counted_from_the_letter() -> None:
    """The formal notice is itself a réclamation: two months from its receipt, or its sending if unknown."""
    sent = act(ActKind.SENT, date(2026, 9, 1), document="mise_en_demeure_public")
    got = act(ActKind.RECEIVED, date(2026, 9, 4), document="mise_en_demeure_public")
    again = act(ActKind.SENT, date(2026, 10, 1), document="mise_en_demeure_public")
    told = happened("demande_ecrite_public", date(2026, 9, 2))

    def silence(*acts: Act) -> date:
        found = dossier(*acts, kind="public", public_body="collectivite")
        (step,) = clocks_of(found, TODAY, LAW).steps
        assert step.id == "silence_administration"
        assert step.deadline is not None
        return step.deadline.starts_on

    assert silence(sent) == date(2026, 9, 1)
    assert silence(sent, got) == date(2026, 9, 4)
    assert silence(sent, told) == date(2026, 9, 2)
    assert silence(sent, got, told) == date(2026, 9, 4)
    assert silence(sent, again) == date(2026, 9, 1)
    assert states(dossier(sent)) == {}


def test_a_title_by_agreement_does_not_live_ten_years() -> None:
    """The title of petites créances follows the debt; a judgment has its ten years."""
    title, agreed = happened("titre", TODAY), happened("petites_creances", date(2026, 11, 2))
    assert "validite_titre" in states(dossier(title))
    assert "validite_titre" not in states(dossier(agreed, title))
    assert "validite_titre" in states(dossier(agreed, ORDER, SERVED, title))


def test_counting_begins_on_the_first_of_january_for_a_public_body() -> None:
    """The four years are counted from the first of January after the work; elsewhere from its end."""
    assert term(dossier(kind="public", public_body="etat")).starts_on == date(2026, 1, 1)
    assert term(dossier()).starts_on == DONE


def test_an_act_of_no_account_is_named() -> None:
    """What came before the work was finished is named with its day."""
    early = act(ActKind.PART_PAID, date(2025, 8, 1), amount=Decimal(100))
    letters = [act(ActKind.SENT, date(2025, 8, n), document="mise_en_demeure_pro") for n in (2, 3)]
    own = dossier(early, happened("reconnaissance", date(2025, 8, 4)), *letters)
    said = [one.sentence for one in term(own).timeline]
    assert any("La reconnaissance de dette du 04/08/2025" in one for one in said)
    assert not any("Cet acte" in one for one in said)


def test_a_public_due_date_says_what_it_assumes() -> None:
    """The invoice day stands for the day of receipt, and the sentence says that a later one moves it."""
    facts: dict[str, Value] = {
        "debtor_kind": "public",
        "invoice_on": INVOICE,
        "public_body": "etat",
    }
    found = due_date_of(Dossier("n", TODAY, facts), LAW)
    assert isinstance(found, DueDate)
    assert any("Chorus Pro" in line and "recule" in line for line in found.sentences)
    assert found.confidence is not Confidence.CONFIRMED
    private = due_date_of(
        Dossier("n", TODAY, {**facts, "debtor_kind": "professionnel", "payment_terms": "jours:30"}),
        LAW,
    )
    assert isinstance(private, DueDate)
    assert private.sentences == ()


# --- situation -------------------------------------------------------------------------------


def test_a_situation_needs_its_debtor() -> None:
    """Routes are not asked before who owes is known."""
    with pytest.raises(ValueError, match="not known"):
        situation_of(dossier().without_facts("debtor_kind"), {}, TODAY, LAW)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "inconnu"),
        ({"contact_outcome": "refuse"}, "inconnu"),
        ({"contact_outcome": "pas_content"}, "oui"),
        ({"contact_outcome": "oublie"}, "inconnu"),
        ({"contact_outcome": "pas_content", "contested": "non"}, "non"),
        ({"contested": "oui"}, "oui"),
    ],
)
def test_a_contest_is_told_or_read_in_the_outcome(facts: dict[str, Value], expected: str) -> None:
    """A complaint is a contest by itself, a bare refusal is none, and the word of the person counts first."""
    assert situation_of(dossier().with_facts(**facts), {}, TODAY, LAW).contested == expected


def test_an_opposition_is_a_contest() -> None:
    """Who opposed the order contests, whatever was told before; taken back, no more."""
    opposed = dossier(ORDER, SERVED, OPPOSED).with_facts(contested="non")
    assert situation_of(opposed, {}, TODAY, LAW).contested == "oui"
    undone = opposed.with_act(taken_back("opposition", OPPOSED.on))
    assert situation_of(undone, {}, TODAY, LAW).contested == "non"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ""),
        ({"debtor_address": "3 place du Commerce, 44000 Nantes"}, "44000"),
        ({"debtor_address": "12345 route du Lac, 67000 Strasbourg"}, "67000"),
        ({"debtor_address": "3 place du Commerce\n44000 Nantes", "debtor_postcode": "75001"}, "75001"),
    ],
)  # fmt: skip
def test_the_postcode_is_told_or_read(facts: dict[str, Value], expected: str) -> None:
    """The postcode told wins over the one of the address, whose last one counts."""
    assert postcode_of(dossier().with_facts(**facts)) == expected


def test_the_letter_sent_is_in_the_situation() -> None:
    """No letter, a letter whose delay runs, a letter that has run out: three situations."""
    letter = act(ActKind.SENT, date(2026, 11, 2), document="mise_en_demeure_pro", channel="lrar")
    received = act(ActKind.RECEIVED, date(2026, 11, 4), document="mise_en_demeure_pro")
    found = dossier(letter, received)
    assert situation_of(dossier(), {}, TODAY, LAW).formal_notice == "aucune"
    assert situation_of(found, {}, date(2026, 11, 6), LAW).formal_notice == "en_cours"
    assert situation_of(found, {}, TODAY, LAW).formal_notice == "echue"


def test_what_happened_is_in_the_situation() -> None:
    """A failed conciliation, a title and a procedure are seen by the routes, and no longer once taken back."""
    failed, title = happened("conciliation_echec", TODAY), happened("titre", TODAY)
    opened = act(ActKind.PROCEDURE_OPENED, TODAY, dated="non")
    found = situation_of(dossier(failed, title, opened), {}, TODAY, LAW)
    assert (found.conciliation_tried, found.title, found.procedure_open) == (True, True, True)
    bare = situation_of(dossier(title, taken_back("titre", TODAY)), {}, TODAY, LAW)
    assert (bare.conciliation_tried, bare.title, bare.procedure_open) == (False, False, False)


def test_the_sums_of_a_situation() -> None:
    """The principal is what remains after payments and credit notes; the total is never below it."""
    paid = act(ActKind.PART_PAID, date(2026, 11, 1), amount=Decimal("250.00"))
    credit = act(ActKind.CREDITED, date(2026, 11, 2), amount=Decimal("100.00"), corrects="non")
    for kind in DebtorKind:
        found = situation_of(dossier(paid, credit, kind=kind.value), {}, TODAY, LAW)
        assert found.principal == Decimal("900.00")
        assert found.total >= found.principal


@pytest.mark.parametrize(
    ("published", "today", "claim"),
    [
        (None, TODAY, "inconnue"),
        (date(2026, 10, 10), TODAY, "en_cours"),
        (date(2026, 6, 10), date(2026, 8, 10), "en_cours"),
        (date(2026, 6, 10), date(2026, 8, 11), "passee"),
        (date(2026, 6, 10), TODAY, "passee"),
        (date(2026, 6, 10), date(2026, 12, 11), "forclose"),
    ],
)
def test_where_the_declaration_stands(published: date | None, today: date, claim: str) -> None:
    """Two months to declare, six to ask to declare late, both from the notice; unknown without it."""
    opened = act(ActKind.PROCEDURE_OPENED, date(2026, 6, 1), dated="oui")
    noted = [happened("publication_bodacc", published)] if published else []
    found = situation_of(dossier(opened, *noted), {}, today, LAW)
    assert found.claim == claim
    assert (found.claim_until is None) == (published is None)
    if published == date(2026, 6, 10):
        assert found.claim_until == date(2026, 8, 10)
        assert found.relief_until == date(2026, 12, 10)
        sent = happened("declaration_creance", date(2026, 7, 1))
        assert situation_of(dossier(opened, *noted, sent), {}, today, LAW).claim == "declaree"


def test_a_late_declaration_leaves_the_relief_to_ask() -> None:
    """A declaration sent after its last day is none: the relief is still to be asked for."""
    opened = act(ActKind.PROCEDURE_OPENED, date(2026, 6, 1), dated="oui")
    acts = [happened("publication_bodacc", date(2026, 6, 10))]
    late = happened("declaration_creance", date(2026, 9, 1))
    assert situation_of(dossier(opened, *acts, late), {}, TODAY, LAW).claim == "passee"
    assert situation_of(dossier(*acts), {}, TODAY, LAW).claim == "inconnue"


@pytest.mark.parametrize(
    ("acts", "stage"),
    [
        ((), "aucune"),
        ((happened("requete_injonction", date(2026, 10, 1)),), "requete"),
        ((happened("requete_injonction", date(2026, 10, 1)), ORDER), "ordonnance"),
        ((ORDER, SERVED), "signifiee"),
        ((ORDER, SERVED, OPPOSED), "opposition"),
        ((ORDER, SERVED, OPPOSED, taken_back("opposition", OPPOSED.on)), "signifiee"),
        ((happened("ordonnance", date(2026, 4, 1)),), "non_avenue"),
        ((happened("conciliation", date(2026, 9, 1)),), "conciliation"),
        (
            (
                happened("conciliation", date(2026, 9, 1)),
                happened("conciliation_echec", date(2026, 10, 1)),
            ),
            "aucune",
        ),
        (
            (
                happened("conciliation", date(2026, 9, 1)),
                happened("petites_creances", date(2026, 10, 1)),
            ),
            "petites_creances",
        ),
        (
            (
                happened("petites_creances", date(2026, 10, 1)),
                happened("petites_creances_refus", date(2026, 10, 9)),
            ),
            "aucune",
        ),
        (
            (
                happened("ordonnance", date(2026, 4, 1)),
                happened("requete_injonction", date(2026, 11, 1)),
            ),
            "requete",
        ),
        ((happened("assignation", date(2026, 11, 2)),), "juge_saisi"),
        ((ORDER, SERVED, happened("titre", TODAY)), "aucune"),
    ],
)
def test_how_far_a_suit_went(acts: tuple[Act, ...], stage: str) -> None:
    """Request, order, service, opposition and assignation each make a stage; an order not served is void."""
    assert situation_of(dossier(*acts), {}, TODAY, LAW).stage == stage


def test_the_end_of_the_time_to_act_is_in_the_situation() -> None:
    """Near its end, over or far: the situation says so, with the last day."""
    near = situation_of(dossier(work_done_on=date(2021, 12, 31)), {}, TODAY, LAW)
    assert (near.limitation_near, near.limitation_passed) == (True, False)
    assert near.limitation_until == date(2026, 12, 31)
    over = situation_of(dossier(work_done_on=date(2021, 6, 1)), {}, TODAY, LAW)
    assert (over.limitation_near, over.limitation_passed) == (False, True)
    far = situation_of(dossier(), {}, TODAY, LAW)
    assert (far.limitation_near, far.limitation_passed) == (False, False)


# --- whatever is noted -----------------------------------------------------------------------

_DAYS = st.integers(0, 1500).map(lambda n: TODAY - timedelta(days=n))
_NOTED = st.sampled_from(sorted(name for name, one in occurrences().items() if not one.is_credit))
_ACTS = st.one_of(
    st.builds(happened, _NOTED, _DAYS),
    st.builds(taken_back, _NOTED, _DAYS),
    st.builds(lambda on: act(ActKind.PROCEDURE_OPENED, on, dated="oui"), _DAYS),
    st.builds(lambda on: act(ActKind.PART_PAID, on, amount=Decimal(100)), _DAYS),
    st.builds(lambda on: act(ActKind.SENT, on, document="mise_en_demeure_pro"), _DAYS),
)
_CASES = st.sampled_from([value for value, _ in fact("special_case").choices])
_BODIES = st.sampled_from([value for value, _ in fact("public_body").choices])


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(DebtorKind), st.lists(_ACTS, max_size=6), _CASES, _BODIES, st.none() | _DAYS)
def test_whatever_is_noted_has_its_clocks_and_routes(
    kind: DebtorKind, acts: list[Act], case: str, body: str, work: date | None
) -> None:
    """Any acts in any order, for any debtor, leave clocks and routes that can be shown."""
    found = dossier(*acts, kind=kind.value, special_case=case, public_body=body)
    bare = found.without_facts("work_done_on")
    found = bare if work is None else bare.with_facts(work_done_on=work)
    clocks = clocks_of(found, TODAY, LAW)
    assert (clocks.limitation is None) == (work is None)
    for step in clocks.steps:
        assert step.label
        assert step.articles
    routes = routes_for(situation_of(found, {}, TODAY, LAW), LAW)
    assert all(route.reason for route in routes)


@pytest.mark.parametrize(
    "data",
    [
        {"what": "ordonnance"},
        {"amount": Decimal("100.50"), "corrects": "oui"},
        {"route": "injonction_de_payer", "label": "Injonction de payer"},
        {"fact": "evenement", "what": "opposition", "day": date(2026, 11, 20)},
        {"payment_terms": "fin_de_mois:45:ajouter", "penalty_terms": "taux:15.00"},
        {"work_done_on": DONE, "unknown.payment_terms": True},
    ],
    ids=lambda data: next(iter(data)),
)
def test_new_acts_and_facts_survive_storage(data: dict[str, Value]) -> None:
    """What these acts and facts hold comes back equal and of the same type."""
    back = facts_from_json(facts_to_json(data))
    assert back == data
    assert [type(value) for value in back.values()] == [type(value) for value in data.values()]


def test_the_court_of_the_route_taken_rules_the_clock() -> None:
    """Before a commercial court the costs are deposited; a consumer is never before one; unknown, it is told too."""
    asked = happened("requete_injonction", date(2026, 11, 23))

    def steps(kind: str, court: str | None) -> list[str]:
        taken = act(ActKind.ROUTE_CHOSEN, TODAY, route="injonction_de_payer", court=court or "")
        acts = (asked,) if court is None else (taken, asked)
        return [one.id for one in clocks_of(dossier(*acts, kind=kind), TODAY, LAW).steps]

    deposit = ["consignation_requete"]
    assert [steps("professionnel", court) for court in ("tc", "tae", "choix", None)] == [
        deposit
    ] * 4
    assert steps("professionnel", "tj") == steps("particulier", None) == []


def test_a_payment_taken_back_was_never_made() -> None:
    """A part payment noted by mistake and taken back lowers nothing and moves no limitation."""
    paid = act(ActKind.PART_PAID, date(2026, 11, 2), amount=Decimal(500))
    undone = act(
        ActKind.CORRECTED,
        TODAY,
        fact="paiement_partiel",
        amount=Decimal(500),
        day=date(2026, 11, 2),
    )
    assert dossier(paid).remaining == Decimal(750)
    assert dossier(paid, undone).remaining == Decimal(1250)
    assert dossier(paid, undone).payments == ()


def test_over_indebtedness_stops_the_ladder_not_the_law() -> None:
    """Once the debtor filed for over-indebtedness no step of the ladder comes; the limitation still runs."""
    told = act(ActKind.ANSWERED, TODAY, outcome="surendettement")
    found = dossier(told, kind="particulier", work_done_on=DONE)
    assert [one.what for one in LIBRARY.reminders(found, MOMENT)] == ["prescription"] * 5
