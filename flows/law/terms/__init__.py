"""Due dates: what was agreed, what the law says when nothing was, and the legal ceiling."""

from flows.law.terms.answers import Choice, DueDate, Excess, Undecided
from flows.law.terms.due import due_date, excess
from flows.law.terms.payment_terms import PaymentTerms, Reading, TermsKind

__all__ = [
    "Choice",
    "DueDate",
    "Excess",
    "PaymentTerms",
    "Reading",
    "TermsKind",
    "Undecided",
    "due_date",
    "excess",
]
