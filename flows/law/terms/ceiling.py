"""The ceiling of the law on a payment term (art. L441-10, I C. com.), and what lies beyond."""

from __future__ import annotations

from datetime import date, timedelta

from flows.law.law import Law
from flows.law.parameter import Unit
from flows.law.prose import fill, written
from flows.law.terms.answers import Excess
from flows.law.terms.payment_terms import PaymentTerms, TermsKind
from flows.law.terms.rules import load_rules
from flows.law.wording import day_text


def professional_excess(
    invoice_on: date, due_on: date, law: Law, terms: PaymentTerms | None, periodic: bool
) -> Excess | None:
    """Tell how far a due date between professionals goes beyond the ceiling, None when it does not.

    Raises UnknownForPeriod when no ceiling is known on the day of the invoice.
    """
    flat = law.days(
        "delai_facture_periodique" if periodic else "delai_paiement_plafond", invoice_on
    )
    limit = invoice_on + timedelta(days=flat)
    key, alternative = "periodic" if periodic else "professional", None
    if not periodic:
        latest = _latest_month_end(invoice_on, law, terms)
        if terms is not None and terms.kind is TermsKind.MONTH_END:
            key, limit = "month_end", max(limit, latest)
        elif terms is None and due_on <= latest:
            alternative = latest
    days = (due_on - limit).days
    if days <= 0:
        return None
    excess = load_rules().excess
    said = [fill(excess[key].text, law, invoice_on, excess=written(days, Unit.DAYS))]
    if alternative:
        said.append(fill(excess["alternative"].text, law, invoice_on, limit=day_text(alternative)))
    return Excess(days, limit, True, tuple(said), excess[key].articles)


def _latest_month_end(invoice_on: date, law: Law, terms: PaymentTerms | None) -> date:
    """Give the latest day the ceiling in days « fin de mois » allows, in the reading agreed if any."""
    ceiling = PaymentTerms(
        TermsKind.MONTH_END,
        law.days("delai_paiement_fin_de_mois", invoice_on),
        terms.reading if terms else None,
    )
    return max(reading.counted_from(invoice_on) for reading in ceiling.readings())


def public_excess(invoice_on: date, typed: date, limit: date, law: Law) -> Excess | None:
    """Tell how far a date agreed with a public buyer goes beyond the term of the texts, if it does."""
    days = (typed - limit).days
    if days <= 0:
        return None
    rule = load_rules().excess["public"]
    said = fill(rule.text, law, invoice_on, limit=day_text(limit), typed=day_text(typed))
    return Excess(days, limit, False, (said,), rule.articles)
