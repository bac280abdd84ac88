"""What people type in a French chat, read in microseconds, by hand-written readers.

A reader takes a text and gives `Understood(value, notes)` or `Refused(code, params)`; it never
raises on what was typed and never guesses. `sentence` gives the French words of a code or a note.
"""

from flows.reading.after import After, read_after
from flows.reading.amounts import read_amount
from flows.reading.answers import read_choice, read_yes_no
from flows.reading.birth import read_birth_date
from flows.reading.dates import read_date
from flows.reading.delays import read_count, read_delay
from flows.reading.ending import split_day
from flows.reading.free_text import read_address, read_name, read_reference, read_text
from flows.reading.identifiers import (
    read_email,
    read_iban,
    read_phone,
    read_postcode,
    read_siren,
    read_siret,
)
from flows.reading.invoices import read_invoice_and_terms
from flows.reading.moments import Prefer
from flows.reading.nationality import read_nationality
from flows.reading.past import read_past_day
from flows.reading.promises import read_payment, read_promise
from flows.reading.rates import read_penalty_rate
from flows.reading.result import Reading, Refused, Understood
from flows.reading.rhythm import (
    read_hour,
    read_weekdays,
    read_zone,
    show_hour,
    show_weekdays,
)
from flows.reading.several import SentenceRead, read_sentence
from flows.reading.showing import show_penalty_rate, show_terms
from flows.reading.terms import read_payment_terms
from flows.reading.tracking import read_tracking
from flows.reading.wording import sentence

__all__ = [
    "After",
    "Prefer",
    "Reading",
    "Refused",
    "SentenceRead",
    "Understood",
    "read_address",
    "read_after",
    "read_amount",
    "read_birth_date",
    "read_choice",
    "read_count",
    "read_date",
    "read_delay",
    "read_email",
    "read_hour",
    "read_iban",
    "read_invoice_and_terms",
    "read_name",
    "read_nationality",
    "read_past_day",
    "read_payment",
    "read_payment_terms",
    "read_penalty_rate",
    "read_phone",
    "read_postcode",
    "read_promise",
    "read_reference",
    "read_sentence",
    "read_siren",
    "read_siret",
    "read_text",
    "read_tracking",
    "read_weekdays",
    "read_yes_no",
    "read_zone",
    "sentence",
    "show_hour",
    "show_penalty_rate",
    "show_terms",
    "show_weekdays",
    "split_day",
]
