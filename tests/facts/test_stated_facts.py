"""All that a document may state of a dossier: the court, the days, the instalments, the values of the law."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from flows.dossier import Act, ActKind, Dossier
from flows.facts import registry
from flows.facts.computed import schedule
from flows.facts.legal import clocks_of, situation_of
from flows.facts.stated import NONE, stated_facts
from flows.law import load_law
from flows.law.routes.courts import case_of, court_of
from flows.law.routes.rulebook import load_rulebook
from flows.values import Value
from letters import load_catalogue
from tests.facts.makers import TODAY, act, happened, taken_back

LAW = load_law()
CATALOGUE = load_catalogue()
DOCUMENTS = [document.id for document in CATALOGUE]
PARIS = "3 rue de la Paix, 75002 Paris"
LYON = "1 place Bellecour, 69002 Lyon"
STRASBOURG = "1 quai Kléber, 67000 Strasbourg"
NOUMEA = "3 rue de l’Alma, 98800 Nouméa"
CLERMONT = "2 place de Jaude, 63000 Clermont-Ferrand"
COURT = {"court_name", "court_find", "court_territory", "court_city"}
DERIVED = {
    *("request_on", "sued_on", "order_on", "served_on", "opposed_on", "title_on", "bodacc_on"),
    *("notice_on", "notice_received_on", "prior_claim_on", "paid_total", "paid_on", "paid_amount"),
    *("closed_on", "exhibits", "instalment_on", "instalment_amount", "next_instalments"),
    *("serve_by_on", "declare_by_on", "referral_court"),
}
"""Facts that nobody is asked for when the acts give them; `closed_on` is today until it is closed."""


def dossier(*acts: Act, **facts: Value) -> Dossier:
    """Make a dossier of 1 250 euros due on 15 October by a company, unless told otherwise."""
    known: dict[str, Value] = {
        "debtor_kind": "professionnel",
        "debtor_name": "Dupont SARL",
        "amount_due": Decimal(1250),
        "invoice_due_on": date(2026, 10, 15),
    }
    return Dossier("n", date(2026, 10, 1), {**known, **facts}, acts)


def stated(document: str, *acts: Act, person: Any = None, **facts: Any) -> dict[str, Any]:
    """Give what a document may state of that dossier today."""
    chosen = CATALOGUE.get(document)
    return stated_facts(dossier(*acts, **facts), person or {}, chosen, TODAY, LAW, CATALOGUE)


def sent(document: str, on: date) -> Act:
    """Make the act of a letter that left."""
    return act(ActKind.SENT, on, document=document)


def part(amount: str, on: date) -> Act:
    """Make a part payment."""
    return act(ActKind.PART_PAID, on, amount=Decimal(amount))


# --- the court ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "address", "name", "city"),
    [
        ("requete_injonction_tj", PARIS, "tribunal judiciaire", "Paris"),
        ("requete_injonction_tj", LYON, "tribunal judiciaire", "Lyon"),
        ("requete_injonction_tj", STRASBOURG, "tribunal judiciaire", None),
        ("requete_injonction_tj", "", "tribunal judiciaire", None),
        ("requete_injonction_tc", PARIS, "tribunal des activités économiques", "Paris"),
        ("requete_injonction_tc", LYON, "tribunal des activités économiques", "Lyon"),
        (
            "requete_injonction_tc",
            "1 avenue Pablo-Picasso, 92000 Nanterre",
            "tribunal des activités économiques",
            None,
        ),
        ("requete_injonction_tc", STRASBOURG, "chambre commerciale du tribunal judiciaire", None),
        ("requete_injonction_tc", CLERMONT, "tribunal de commerce", None),
        ("requete_injonction_tc", "", "tribunal de commerce", None),
        ("requete_injonction_tc", "1 rue Frébault, 97110 Pointe-à-Pitre", "tribunal mixte de commerce", None),
        ("requete_au_fond", PARIS, "tribunal judiciaire", "Paris"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("creditor", ["liberal", "artisan", "commercant", None])
def test_a_filing_names_the_court_it_is_written_for(
    creditor: str | None, document: str, address: str, name: str, city: str | None
) -> None:
    """Whatever the creditor's choice, each request names its own court, and the town that is sure."""
    person: dict[str, Value] = {"creditor_status": creditor} if creditor else {}
    facts = stated(document, person=person, debtor_address=address)
    assert (facts["court_name"], facts.get("court_city")) == (name, city)
    assert facts["court_find"]
    assert facts["court_territory"]


@pytest.mark.parametrize("kind", ["particulier", "association"])
def test_a_consumer_and_an_association_are_before_the_civil_court(kind: str) -> None:
    """No status changes it: the court of somebody who does not trade is the tribunal judiciaire."""
    for document in ("requete_injonction_tj", "requete_au_fond", "refere_provision"):
        facts = stated(document, debtor_kind=kind, debtor_address=PARIS)
        assert facts["court_name"] == "tribunal judiciaire"
        assert facts["court_city"] == "Paris"


@pytest.mark.parametrize(
    ("creditor", "debtor", "name"),
    [
        ("commercant", "societe", "tribunal de commerce"),
        ("artisan", "societe", "tribunal de commerce"),
        ("liberal", "societe", "tribunal judiciaire"),
        ("commercant", "civile", "tribunal judiciaire"),
        ("commercant", "liberal", "tribunal judiciaire"),
        ("commercant", "inconnu", "tribunal judiciaire"),
        ("inconnu", "inconnu", "tribunal judiciaire"),
    ],
)
def test_a_document_for_either_court_follows_the_parties(
    creditor: str, debtor: str, name: str
) -> None:
    """The référé supposes no court: what the two parties are decides; while that is open, the civil court is named."""
    person: dict[str, Value] = {"creditor_status": creditor}
    facts = stated("refere_provision", person=person, debtor_status=debtor, debtor_address=CLERMONT)
    assert facts["court_name"] == name


def test_a_public_body_is_before_the_administrative_court() -> None:
    """The town follows from the postcode of the public body, and so does the court."""
    facts = stated(
        "refere_provision_administratif",
        debtor_kind="public",
        public_body="collectivite",
        debtor_address=PARIS,
    )
    assert (facts["court_name"], facts["court_city"]) == ("tribunal administratif", "Paris")


def test_the_postcode_told_counts_before_that_of_the_address() -> None:
    """A postcode the person gave is the debtor's, whatever the address says."""
    facts = stated("requete_injonction_tj", debtor_address=STRASBOURG, debtor_postcode="75002")
    assert facts["court_city"] == "Paris"


def test_the_town_told_is_kept() -> None:
    """Told that the court sits elsewhere, the document says so, whatever the postcode gives."""
    facts = stated("requete_injonction_tj", debtor_address=PARIS, court_city="Bobigny")
    assert facts["court_city"] == "Bobigny"
    assert facts["referral_court"] == "tribunal judiciaire de Bobigny"


def test_the_court_of_a_referral_is_the_one_seized_unless_told() -> None:
    """In case of opposition the case goes before the court asked, or the one the person names."""
    assert stated("requete_injonction_tj", debtor_address=LYON)["referral_court"] == (
        "tribunal judiciaire de Lyon"
    )
    told = stated(
        "requete_injonction_tj", debtor_address=LYON, referral_court="tribunal judiciaire de Nice"
    )
    assert told["referral_court"] == "tribunal judiciaire de Nice"
    assert "referral_court" not in stated("requete_injonction_tj", debtor_address=STRASBOURG)


def test_the_court_of_a_requete_is_stated_where_it_is_spoken_of() -> None:
    """A declaration of claim goes to no court: it names the one that has the requête, and none without one."""
    asked = happened("requete_injonction", date(2026, 10, 20))
    person: dict[str, Value] = {"creditor_status": "commercant"}
    facts = stated(
        "declaration_creance", asked, person=person, debtor_status="societe", debtor_address=PARIS
    )
    assert facts["court_name"] == "tribunal des activités économiques"
    assert "court_name" not in stated("declaration_creance", person=person, debtor_address=PARIS)


def test_a_court_still_open_is_no_name() -> None:
    """While the activities of the parties are not known, no document says « tribunal à préciser de Paris »."""
    facts = stated("refere_provision", debtor_address=PARIS)
    assert facts["court_name"] == "tribunal judiciaire"
    assert facts["referral_court"] == "tribunal judiciaire de Paris"


def _entered() -> dict[str, bool]:
    """Give the courts of the rulebook, by key, and whether each has a name to write."""
    return {key: entry.name is not None for key, entry in load_rulebook().courts.items()}


@pytest.mark.parametrize("key", sorted(_entered()))
def test_a_court_bears_a_name_or_says_that_it_has_none(key: str) -> None:
    """What is to be written in a filing is told apart from what only labels a court still to be found."""
    book = load_rulebook()
    rule = next(r for rules in book.court_rules.values() for r in rules if r.court == key)
    here = situation_of(dossier(), {}, TODAY, LAW)
    found = court_of(rule, case_of(here, LAW))
    assert found.key == key
    assert found.named is _entered()[key]
    if not found.named:
        assert found.name == book.courts[key].label


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("address", [PARIS, STRASBOURG, NOUMEA, ""])
def test_no_document_writes_a_label_for_a_court(document: str, address: str) -> None:
    """Whatever the debtor and however little is known, the court stated has a name, or is « tribunal »."""
    labels = {load_rulebook().courts[key].label for key, named in _entered().items() if not named}
    assert labels
    for kind in CATALOGUE.get(document).debtors:
        facts = stated(document, debtor_kind=kind, debtor_address=address)
        said = (facts.get("court_name", ""), facts.get("referral_court", ""))
        assert not [label for label in labels if any(label in one for one in said)]


@pytest.mark.parametrize("document", ["requete_injonction_tj", "refere_provision"])
def test_a_court_that_has_no_name_here_is_a_tribunal(document: str) -> None:
    """In a territory of the Pacific the court is to be checked: a filing says « tribunal », and how to find it."""
    facts = stated(document, debtor_address=NOUMEA)
    assert facts["court_name"] == "tribunal"
    assert facts["court_find"]


def test_the_town_of_a_court_is_elided() -> None:
    """The court of a referral is « d’Orléans », not « de Orléans », and « du Mans »."""
    for town, words in (("Orléans", "d’Orléans"), ("Le Mans", "du Mans"), ("Nantes", "de Nantes")):
        facts = stated("requete_injonction_tj", debtor_address=LYON, court_city=town)
        assert facts["referral_court"] == f"tribunal judiciaire {words}"


def test_the_letters_of_today_are_not_letters_before() -> None:
    """A letter that left today is not said to have been sent before; yesterday’s is."""
    acts = (sent("relance_1", TODAY - timedelta(days=1)), sent("relance_2", TODAY))
    facts = stated("mise_en_demeure_pro", *acts)
    assert [letter["on"] for letter in facts["letters_before"]] == [TODAY - timedelta(days=1)]
    assert stated("mise_en_demeure_pro", sent("relance_1", TODAY))["letters_before"] == []


def test_a_letter_that_names_the_notice_does_not_list_it_again() -> None:
    """Where the day of the mise en demeure is stated by itself, it is not among the letters before."""
    acts = (sent("relance_1", ORDER), sent("mise_en_demeure_pro", SERVED))
    facts = stated("requete_injonction_tj", *acts)
    assert [letter["on"] for letter in facts["letters_before"]] == [ORDER]
    assert facts["notice_on"] == SERVED


# --- days from the acts ---------------------------------------------------------------------------

ORDER, SERVED, OPPOSED = date(2026, 9, 7), date(2026, 9, 21), date(2026, 10, 5)


@pytest.mark.parametrize(
    ("fact", "what", "document"),
    [
        ("request_on", "requete_injonction", "declaration_creance"),
        ("order_on", "ordonnance", "signification_ordonnance"),
        ("served_on", "signification_ordonnance", "opposition_audience"),
        ("opposed_on", "opposition", "opposition_audience"),
        ("sued_on", "assignation", "declaration_creance"),
        ("title_on", "titre", "declaration_creance"),
        ("bodacc_on", "publication_bodacc", "declaration_creance"),
        ("prior_claim_on", "demande_ecrite_public", "lettre_prefet_mandatement"),
    ],
)
def test_what_happened_gives_its_day(fact: str, what: str, document: str) -> None:
    """A day noted is stated; taken back, it no longer is; told by the person, their word wins."""
    kind = "public" if what == "demande_ecrite_public" else "professionnel"
    assert fact in CATALOGUE.get(document).reads()
    assert stated(document, happened(what, ORDER), debtor_kind=kind)[fact] == ORDER
    assert fact not in stated(document, happened(what, ORDER), taken_back(what, ORDER), debtor_kind=kind)  # fmt: skip
    told = stated(document, happened(what, ORDER), debtor_kind=kind, **{fact: SERVED})
    assert told[fact] == SERVED


def test_the_last_of_two_days_counts() -> None:
    """An order obtained again after a failed service is the one that stands."""
    acts = (happened("ordonnance", SERVED), happened("ordonnance", ORDER))
    assert stated("signification_ordonnance", *acts)["order_on"] == SERVED


def test_the_first_notice_received_and_its_sending() -> None:
    """Of two mises en demeure the first received is stated, since interest counts from it; none: the last sent."""
    acts = (
        sent("mise_en_demeure_pro", ORDER),
        act(ActKind.RECEIVED, ORDER + timedelta(days=2), document="mise_en_demeure_pro"),
        sent("mise_en_demeure_sous_traitant", SERVED),
        act(ActKind.RECEIVED, SERVED + timedelta(days=3), document="mise_en_demeure_sous_traitant"),
        sent("derniere_relance", OPPOSED),
        act(ActKind.RECEIVED, OPPOSED, document="reclamation_prealable"),
    )
    facts = stated("requete_injonction_tj", *acts)
    assert facts["notice_on"] == ORDER
    assert facts["notice_received_on"] == ORDER + timedelta(days=2)
    unanswered = stated("requete_injonction_tj", acts[0], acts[2])
    assert unanswered["notice_on"] == SERVED
    assert "notice_received_on" not in unanswered
    assert "notice_on" not in stated("requete_injonction_tj", sent("derniere_relance", OPPOSED))


def test_the_first_claim_on_a_public_body_counts() -> None:
    """The silence of an administration runs from the first written claim, whether sent here or told."""
    acts = (
        sent("relance_public", date(2026, 10, 20)),
        sent("mise_en_demeure_public", date(2026, 11, 2)),
        sent("reclamation_prealable", date(2026, 11, 9)),
    )
    facts = {"debtor_kind": "public"}
    assert stated("lettre_prefet_mandatement", *acts, **facts)["prior_claim_on"] == date(2026, 11, 2)  # fmt: skip
    earlier = (*acts, happened("demande_ecrite_public", date(2026, 10, 26)))
    assert stated("lettre_prefet_mandatement", *earlier, **facts)["prior_claim_on"] == date(2026, 10, 26)  # fmt: skip
    assert "prior_claim_on" not in stated("lettre_prefet_mandatement", acts[0], **facts)


# --- the last days the law gives ------------------------------------------------------------------


def clock(found: Dossier, step: str) -> date:
    """Give the last safe day of a legal clock."""
    deadlines = {one.id: one.deadline for one in clocks_of(found, TODAY, LAW).steps}
    last = deadlines[step]
    assert last is not None
    return last.safe_on


def test_the_last_day_to_serve_is_that_of_the_legal_clock() -> None:
    """An order of 2 November is served before the day the legal clock gives, three months at most."""
    order = happened("ordonnance", date(2026, 11, 2))
    last = stated("signification_ordonnance", order)["serve_by_on"]
    assert last == clock(dossier(order), "signification_ordonnance")
    assert date(2026, 11, 2) < last <= date(2027, 2, 2)
    assert "serve_by_on" not in stated("signification_ordonnance")


@pytest.mark.parametrize("kind", ["professionnel", "association"])
def test_the_last_day_to_declare_is_that_of_the_legal_clock(kind: str) -> None:
    """A claim is declared before the day the legal clock gives from the notice in the BODACC."""
    acts = (
        act(ActKind.PROCEDURE_OPENED, date(2026, 10, 27), dated="oui"),
        happened("publication_bodacc", date(2026, 11, 3)),
    )
    last = stated("declaration_creance", *acts, debtor_kind=kind)["declare_by_on"]
    assert last == clock(dossier(*acts, debtor_kind=kind), "declaration_creance")
    assert date(2026, 11, 3) < last <= date(2027, 1, 3)
    assert "declare_by_on" not in stated("declaration_creance", debtor_kind=kind)


# --- instalments and payments ---------------------------------------------------------------------

FIRST = date(2026, 9, 1)
PLANNED: dict[str, Value] = {"instalments": 3, "first_instalment_on": FIRST}
AGREED = sent("accord_echeancier", date(2026, 8, 20))
DAYS = [item["on"] for item in schedule(Decimal(1250), 3, FIRST)]


@pytest.mark.parametrize(
    ("paid", "awaited", "amount", "after"),
    [
        ([], DAYS[0], "416.66", ["416.66", "416.68"]),
        (["100"], DAYS[0], "316.66", ["416.66", "416.68"]),
        (["416.66"], DAYS[1], "416.66", ["416.68"]),
        (["200", "216.66"], DAYS[1], "416.66", ["416.68"]),
        (["500"], DAYS[1], "333.32", ["416.68"]),
        (["833.32"], DAYS[2], "416.68", []),
        (["1249.99"], DAYS[2], "0.01", []),
    ],
)
def test_what_is_left_of_a_plan(
    paid: list[str], awaited: date, amount: str, after: list[str]
) -> None:
    """Payments cover the oldest instalments first; what is left of one is what is asked."""
    acts = [part(euros, date(2026, 9, 2)) for euros in paid]
    facts = stated("rappel_versement", AGREED, *acts, **PLANNED)
    assert (facts["instalment_on"], facts["instalment_amount"]) == (awaited, Decimal(amount))
    assert [item["amount"] for item in facts["next_instalments"]] == [Decimal(one) for one in after]
    left = facts["instalment_amount"] + sum(item["amount"] for item in facts["next_instalments"])
    assert left == Decimal(1250) - sum(map(Decimal, paid))


def test_a_plan_wholly_paid_awaits_nothing() -> None:
    """Once all its instalments are paid, no instalment is stated."""
    facts = stated("rappel_versement", AGREED, part("1250", date(2026, 9, 2)), **PLANNED)
    assert "instalment_on" not in facts
    assert "instalment_amount" not in facts
    assert facts["next_instalments"] == []


def test_what_was_paid_before_the_plan_is_outside_it() -> None:
    """A payment before the plan lowered the sum it shares out, and pays none of its instalments."""
    facts = stated("rappel_versement", part("350", date(2026, 8, 10)), AGREED, **PLANNED)
    assert (facts["instalment_on"], facts["instalment_amount"]) == (DAYS[0], Decimal(300))
    assert [item["amount"] for item in facts["next_instalments"]] == [Decimal(300), Decimal(300)]


def test_a_payment_taken_back_pays_no_instalment() -> None:
    """A payment noted by mistake and taken back leaves the plan as it was."""
    wrong = part("416.66", date(2026, 9, 2))
    back = act(
        ActKind.CORRECTED,
        TODAY,
        fact="paiement_partiel",
        amount=Decimal("416.66"),
        day=date(2026, 9, 2),
    )
    facts = stated("rappel_versement", AGREED, wrong, back, **PLANNED)
    assert (facts["instalment_on"], facts["instalment_amount"]) == (DAYS[0], Decimal("416.66"))


def test_a_receipt_is_for_the_last_part() -> None:
    """A receipt for a part states that part, its day, and what is left."""
    acts = (part("200", ORDER), part("300.50", SERVED))
    facts = stated("quittance_partielle", *acts)
    assert (facts["paid_on"], facts["paid_amount"]) == (SERVED, Decimal("300.50"))
    assert facts["amount_remaining"] == Decimal("749.50")


def test_a_receipt_of_the_whole_is_for_what_was_left() -> None:
    """Once all is paid, the receipt states the last payment: what was left, on the day it came."""
    acts = (part("200", ORDER), act(ActKind.PAID, SERVED))
    facts = stated("quittance", *acts)
    assert (facts["paid_on"], facts["paid_amount"]) == (SERVED, Decimal(1050))


def test_a_payment_undone_by_a_reopening_gives_no_receipt() -> None:
    """A dossier reopened was not paid: its last part is what a receipt may be for."""
    acts = (act(ActKind.PAID, ORDER), act(ActKind.REOPENED, SERVED))
    assert "paid_on" not in stated("quittance", *acts)
    facts = stated("quittance", part("200", OPPOSED), *acts)
    assert (facts["paid_on"], facts["paid_amount"]) == (OPPOSED, Decimal(200))


def test_what_was_received_in_all() -> None:
    """The payments add up, those taken back left out, and none is zero."""
    reader = next(d for d in CATALOGUE if "paid_total" in d.reads()).id
    assert stated(reader)["paid_total"] == Decimal(0)
    assert stated(reader, part("200", ORDER), part("0.50", SERVED))["paid_total"] == Decimal("200.50")  # fmt: skip


def test_the_end_of_a_dossier() -> None:
    """A note for the books bears the day the dossier ended, today while it has not."""
    reader = next(d for d in CATALOGUE if "closed_on" in d.reads()).id
    assert stated(reader)["closed_on"] == TODAY
    assert stated(reader, act(ActKind.CLOSED, SERVED, how="abandon"))["closed_on"] == SERVED


def test_the_exhibits_are_numbered_as_they_stand() -> None:
    """The list of exhibits follows their order, from one, without those taken out."""
    reader = next(d for d in CATALOGUE if "exhibits" in d.reads()).id
    acts = [
        act(ActKind.EXHIBIT_ADDED, ORDER, file=name, title=title, pages=pages)
        for name, title, pages in (("a", "Devis", 2), ("b", "Photo", 1), ("c", "Facture", 1))
    ]
    acts += [
        act(ActKind.CORRECTED, SERVED, fact="piece", file="b"),
        act(ActKind.CORRECTED, SERVED, fact="piece_avant", file="c"),
    ]
    assert stated(reader, *acts)["exhibits"] == [
        {"number": 1, "title": "Facture", "pages": 1},
        {"number": 2, "title": "Devis", "pages": 2},
    ]


# --- agreements, and payments as people or as the law count them -----------------------------------


@pytest.mark.parametrize("document", ["accord_echeancier", "transaction"])
def test_an_agreement_supposes_no_instalment(document: str) -> None:
    """What will be signed is asked: without a number and a first day, an agreement has no schedule."""
    assert CATALOGUE.get(document).kind == "agreement"
    facts = stated(document)
    assert not {"instalments", "first_instalment_on", "schedule"} & set(facts)
    told = stated(document, instalments=3)
    assert "first_instalment_on" not in told
    assert "schedule" not in told
    assert [item["on"] for item in stated(document, **PLANNED)["schedule"]] == DAYS


def test_a_proposal_has_its_usual_instalments() -> None:
    """A message that only proposes has a usual number of payments and a first day to come."""
    facts = stated("proposition_echeancier")
    assert facts["first_instalment_on"] > TODAY
    assert len(facts["schedule"]) == facts["instalments"] > 1


def test_an_agreement_of_instalments_asks_both() -> None:
    """The agreement that sets out payments cannot be drawn before their number and first day are told."""
    assert {"instalments", "first_instalment_on"} <= set(CATALOGUE.get("accord_echeancier").needs)


PART = part("400", date(2026, 11, 10))
AS_PEOPLE_COUNT = (
    *("quittance_partielle", "accord_echeancier", "transaction", "mail_amical", "relance_2"),
    *("rappel_versement", "proposition_echeancier", "sms_amical"),
)
AS_THE_LAW_COUNTS = (
    *("mise_en_demeure_pro", "requete_injonction_tj", "requete_injonction_tc", "requete_au_fond"),
    *("declaration_creance", "refere_provision", "saisine_conciliateur"),
)


@pytest.mark.parametrize("document", AS_PEOPLE_COUNT)
def test_a_payment_lowers_the_invoice_in_what_people_sign_and_say(document: str) -> None:
    """In a receipt, an agreement or a message a payment of 400 leaves 850 of 1 250."""
    assert stated(document, PART)["amount_remaining"] == Decimal(850)


@pytest.mark.parametrize("document", AS_THE_LAW_COUNTS)
def test_a_payment_goes_to_interest_first_in_what_claims(document: str) -> None:
    """In a letter that claims, before a court or to a third party, interest is paid first (art. 1343-1 C. civ.)."""
    facts = stated(document, PART)
    assert facts["amount_remaining"] > Decimal(850)
    chosen = stated(document, PART, imputation="principal_first")
    assert chosen["amount_remaining"] == Decimal(850)


# --- what there is none of ------------------------------------------------------------------------


@pytest.mark.parametrize("fact", ["notice_on", "agreed_on"])
def test_what_the_person_says_there_is_none_of_is_told_to_the_text(fact: str) -> None:
    """Told that there is no such thing, a text knows it under `absent`; otherwise the list is empty."""
    assert registry()[fact].none
    assert stated("requete_injonction_tj")["absent"] == []
    assert stated("requete_injonction_tj", **{NONE + fact: True})["absent"] == [fact]


# --- what is told, what is read -------------------------------------------------------------------

TOLD: dict[str, tuple[str, Value]] = {
    "notice_on": ("requete_injonction_tj", SERVED),
    "prior_claim_on": ("lettre_prefet_mandatement", SERVED),
    "paid_on": ("quittance", SERVED),
    "paid_amount": ("quittance", Decimal(17)),
    "order_on": ("signification_ordonnance", SERVED),
    "bodacc_on": ("declaration_creance", SERVED),
}


@pytest.mark.parametrize("fact", TOLD)
def test_what_the_person_told_wins_over_the_acts(fact: str) -> None:
    """A day or a sum the person gave is stated as given, whatever the acts say."""
    document, value = TOLD[fact]
    acts = (
        sent("mise_en_demeure_pro", ORDER),
        sent("mise_en_demeure_public", ORDER),
        happened("ordonnance", ORDER),
        happened("publication_bodacc", ORDER),
        act(ActKind.PAID, OPPOSED),
    )
    kind = "public" if document == "lettre_prefet_mandatement" else "professionnel"
    from_acts = stated(document, *acts, debtor_kind=kind)[fact]
    assert from_acts != value
    assert stated(document, *acts, debtor_kind=kind, **{fact: value})[fact] == value


@pytest.mark.parametrize("document", DOCUMENTS)
def test_only_what_is_read_is_worked_out(document: str) -> None:
    """No derived fact comes without the document declaring it; the court comes whole or not at all."""
    chosen = CATALOGUE.get(document)
    wanted = chosen.reads()
    kind = chosen.debtors[0]
    acts = (
        AGREED,
        sent("mise_en_demeure_public", ORDER),
        act(ActKind.RECEIVED, SERVED, document="mise_en_demeure_public"),
        *(happened(what) for what in ("requete_injonction", "ordonnance", "titre")),
        *(happened(what) for what in ("signification_ordonnance", "opposition")),
        happened("publication_bodacc"),
        part("200", SERVED),
    )
    facts = stated(document, *acts, debtor_kind=kind, debtor_address=PARIS, **PLANNED)
    with_court = COURT | {"referral_court"} if wanted & COURT else set()
    assert {name for name in DERIVED | COURT if name in facts} <= wanted | with_court
    named = COURT - {"court_city"} - {*facts}
    assert named in (set(), COURT - {"court_city"})


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_law_comes_in_words_of_the_day(document: str) -> None:
    """Each parameter a document reads is stated in words, with no blank left; without any, the law is absent."""
    chosen = CATALOGUE.get(document)
    law = stated(document, debtor_kind=chosen.debtors[0]).get("law", {})
    assert set(law) == set(chosen.law)
    for name, said in law.items():
        for text in said if isinstance(said, list) else [said]:
            assert text.strip(), name
            assert not set("{}") & set(text), (name, text)


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        ("delai_declaration_creance", "2 mois"),
        ("nom_tribunal_judiciaire", "tribunal judiciaire"),
        ("delai_public", "30 jours"),
        ("formulaire_injonction_tc", "12946"),
    ],
)
def test_a_value_of_the_law_bears_its_unit(parameter: str, words: str) -> None:
    """A delay comes in months, a sum in euros, a name and a form as they are called."""
    reader = next(d for d in CATALOGUE if parameter in d.law)
    text = stated(reader.id, debtor_kind=reader.debtors[0])["law"][parameter]
    assert text.replace("\u00a0", " ").replace("\u202f", " ") == words


@pytest.mark.parametrize(("told", "expected"), [("oui", True), ("non", False), (None, False)])
def test_tutoiement_is_said_by_the_person(told: str | None, expected: bool) -> None:
    """A document says « tu » only once the person asked for it."""
    facts: dict[str, Value] = {"tutoiement": told} if told else {}
    assert stated("mail_amical", **facts)["tutoiement"] is expected


def test_a_court_is_not_named_before_the_debtor_is_known() -> None:
    """Without the kind of debtor no court can be named, and the call says so."""
    nobody = Dossier("n", TODAY, {"amount_due": Decimal(1)})
    with pytest.raises(ValueError, match="debtor"):
        stated_facts(nobody, {}, CATALOGUE.get("requete_injonction_tj"), TODAY, LAW, CATALOGUE)


def test_the_same_dossier_and_day_state_the_same() -> None:
    """Stated twice, a dossier says the same, and is not changed by it."""
    acts = (AGREED, part("500", SERVED))
    first = stated("rappel_versement", *acts, **PLANNED)
    assert stated("rappel_versement", *acts, **PLANNED) == first


@pytest.mark.parametrize(
    ("contested", "rest"), [("300", Decimal(950)), ("1250", None), ("2000", None)]
)
def test_the_part_not_contested_is_stated(contested: str, rest: Decimal | None) -> None:
    """The answer to a contest names the sum that is not contested, and the day of the contest."""
    told = act(ActKind.HAPPENED, date(2026, 9, 2), what="contestation", amount=Decimal(contested))
    facts = stated("reponse_contestation", told)
    assert facts.get("undisputed_amount") == rest
    assert facts["complaint_on"] == date(2026, 9, 2)
