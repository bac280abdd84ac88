"""A due date on the day of the ceiling and what is said of each term."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from flows.dossier import DebtorKind
from flows.law import (
    Law,
)
from flows.law.parameter import Confidence
from flows.law.terms import DueDate, PaymentTerms, Undecided, due_date, excess


def plain(text: str) -> str:
    """Write a text with ordinary spaces."""
    return text.replace("\u00a0", " ")


def _due(terms: str, kind: DebtorKind, law: Law, **given: Any) -> DueDate:
    given.setdefault("invoice_on", date(2026, 10, 20))
    found = due_date(PaymentTerms.parse(terms), kind, law, **given)
    assert isinstance(found, DueDate)
    return found


def test_the_days_agreed_are_told_in_every_form(law: Law) -> None:
    """« 45 jours » stands in the rule, in each reading and in the question."""
    on = date(2026, 10, 20)
    for form in ("jours:45", "fin_de_mois:45:ajouter", "fin_de_mois:45:fin"):
        assert "45 jours" in plain(_due(form, DebtorKind.CONSUMER, law).rule)
    asked = due_date(PaymentTerms.parse("fin_de_mois:45"), DebtorKind.CONSUMER, law, invoice_on=on)
    assert isinstance(asked, Undecided)
    assert plain(asked.sentence).startswith("« 45 jours fin de mois » se lit de deux façons")
    assert all("45 jours" in plain(choice.words) for choice in asked.choices)


def test_two_readings_of_the_same_day_are_held_against_the_ceiling(law: Law) -> None:
    """From the end of June « 92 jours fin de mois » is 30 September in both readings: too long."""
    on = date(2026, 6, 30)
    found = _due("fin_de_mois:92", DebtorKind.PROFESSIONAL, law, invoice_on=on)
    assert found.on == date(2026, 9, 30)
    assert "92 jours fin de mois" in plain(found.rule)
    assert found.excess is not None
    assert (found.excess.limit_on, found.excess.days) == (date(2026, 8, 31), 30)
    periodic = _due("fin_de_mois:92", DebtorKind.PROFESSIONAL, law, invoice_on=on, periodic=True)
    assert periodic.excess is not None
    assert (periodic.excess.limit_on, periodic.excess.days) == (date(2026, 8, 14), 47)
    abroad = _due("fin_de_mois:92", DebtorKind.FOREIGN, law, invoice_on=on)
    assert abroad.excess is None
    assert "à l’étranger" in abroad.sentences[0]
    assert abroad.confidence is Confidence.LIKELY


def test_a_summary_invoice_has_its_own_ceiling_when_a_date_is_typed(law: Law) -> None:
    """Forty-six days are lawful for one invoice, one too many for that of a month."""
    on, typed = date(2026, 10, 1), date(2026, 11, 16)
    assert excess(on, typed, DebtorKind.PROFESSIONAL, law) is None
    found = excess(on, typed, DebtorKind.PROFESSIONAL, law, periodic=True)
    assert found is not None
    assert found.days == 1


def test_a_typed_date_of_a_public_buyer_waits_for_the_work(law: Law) -> None:
    """The delay of the texts starts at the end of the work when that is later."""
    on, done = date(2026, 9, 1), date(2026, 10, 1)
    given: dict[str, Any] = {"received_on": on, "public_body": "etat"}
    limit = _due("aucun", DebtorKind.PUBLIC, law, invoice_on=on, done_on=done, **given).on
    assert limit == date(2026, 11, 2)
    assert excess(on, limit, DebtorKind.PUBLIC, law, done_on=done, **given) is None
    found = excess(on, limit + timedelta(1), DebtorKind.PUBLIC, law, done_on=done, **given)
    assert found is not None
    assert (found.days, found.limit_on) == (1, limit)
    assert "02/11/2026, et non le 03/11/2026" in found.sentences[0]
    early = excess(on, limit, DebtorKind.PUBLIC, law, **given)
    assert early is not None


def test_the_day_agreed_with_a_public_buyer_is_the_one_told(law: Law) -> None:
    """On receipt means the day of receipt; the same day as the texts calls for no remark."""
    on, received = date(2026, 9, 1), date(2026, 9, 10)
    given: dict[str, Any] = {
        "invoice_on": on,
        "received_on": received,
        "done_on": on,
        "public_body": "etat",
    }
    short = _due("reception", DebtorKind.PUBLIC, law, **given)
    assert (short.on, short.confidence) == (date(2026, 10, 12), Confidence.LIKELY)
    assert any("finirait le 10/09/2026" in said for said in short.sentences)
    given["received_on"] = on
    plain_due = _due("aucun", DebtorKind.PUBLIC, law, **given)
    assert plain_due.on == date(2026, 10, 1)
    same = _due("jours:30", DebtorKind.PUBLIC, law, **given)
    assert (same.on, same.sentences, same.confidence) == (plain_due.on, (), Confidence.CONFIRMED)
    longer = _due("jours:31", DebtorKind.PUBLIC, law, **given)
    assert longer.excess is not None
    assert longer.excess.days == 1
    assert "art. L2192-10 CCP" in longer.excess.articles
    assert set(longer.excess.articles) <= set(longer.articles)


def test_a_public_term_without_the_day_of_receipt_keeps_every_doubt(law: Law) -> None:
    """The articles of the buyer and of the missing day are both cited; no doubt is lost."""
    on = date(2026, 9, 1)
    found = _due("aucun", DebtorKind.PUBLIC, law, invoice_on=on, done_on=on, public_body="etat")
    assert {"art. R2192-10 CCP", "art. R2192-14 CCP"} <= set(found.articles)
    assert found.confidence is Confidence.LIKELY
    company = _due(
        "aucun",
        DebtorKind.PUBLIC,
        law,
        invoice_on=on,
        done_on=on,
        received_on=on,
        public_body="entreprise_publique",
    )
    assert company.confidence is Confidence.LIKELY
    sunday = _due(
        "aucun",
        DebtorKind.PUBLIC,
        law,
        invoice_on=date(2026, 9, 11),
        done_on=on,
        received_on=date(2026, 9, 11),
        public_body="etat",
    )
    assert (sunday.on, sunday.confidence) == (date(2026, 10, 12), Confidence.LIKELY)
    assert any("le 11/10/2026" in s and "le 12/10/2026" in s for s in sunday.sentences)


def test_a_doubt_about_the_date_outlives_what_the_ceiling_adds(law: Law) -> None:
    """Receipt unknown makes a likely date, whatever is then said of it."""
    found = _due("reception", DebtorKind.FOREIGN, law)
    assert found.confidence is Confidence.LIKELY
    assert found.rule.startswith("L’échéance convenue est le jour de la réception")


@pytest.mark.parametrize(
    "kind", [DebtorKind.CONSUMER, DebtorKind.NONTRADER, DebtorKind.PROFESSIONAL]
)
def test_the_end_of_the_work_is_asked_for_only_when_it_is_not_known(
    kind: DebtorKind, law: Law
) -> None:
    """Without it the date is not sure and the person is told; with it nothing is asked."""
    asks = "La date de fin de la prestation"
    unknown = _due("aucun", kind, law)
    assert any(said.startswith(asks) for said in unknown.sentences)
    known = _due("aucun", kind, law, done_on=date(2026, 10, 20))
    assert not any(said.startswith(asks) for said in known.sentences)
    if kind is not DebtorKind.CONSUMER:
        assert "20/10/2026" in unknown.rule
