"""The day of an invoice with its terms, in one answer: « facture du 20/10 à 45 jours fin de mois »."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flows.reading.cues import MARK
from flows.reading.data import limits
from flows.reading.dates import read_date
from flows.reading.plain import short
from flows.reading.result import Reading, Refused, Understood
from flows.reading.terms import END, LENGTH, NOW, canonical, terms_of

if TYPE_CHECKING:
    from datetime import date

# « il y a 3 semaines », « dans 8 jours »: a moment, not the terms of an invoice.
_MOMENT = re.compile(
    r"(?:\b(?:il )?y ?'?a|\bily ?a|\bdepuis|\bdans|\bd'ici|\bvoila|\bfait)"
    r"(?: ?(?:environ|plus de|bien|deja))? ?$"
)
_INVOICED = re.compile(
    r"^[ ,:]*(?:(?:c'est|j'ai (?:envoye|emis|etabli|edite|fait)e?|oui|euh|bonjour"
    r"|la|ma|une|cette|sa|j'ai|je l'ai|elle est|elle a ete|il)[ ,]+)*"
    r"(?:"
    r"(?:date de (?:la )?(?:facture|facturation)|dates? d'emission)[ :]*(?:(?:le|du|au|est le)\b)?"
    rf"|(?:factures?|fact\.?|fac)\b(?: impayee)?"
    rf"(?: (?:{MARK})?[a-z0-9/_.-]{{0,20}}[0-9](?= (?:du|de|d'|en|datee?|emise?|envoyee?|le)\b))?"
    r"(?:[ ,:]+(?:datee?|datant|emise?|etablie?|editee?|envoyee?|recue|deposee|faite?|en date))?"
    r"(?:[ ,:]+(?:(?:du|le|de|au|en date du)(?=[ 0-9])|d'))?"
    r"|(?:facturee?|datee?|emise?|etablie?|editee?|envoyee?|recue|deposee)(?: (?:le|du|au|en|il y a(?= [0-9]))\b)?"
    r")"
)
_DUE = re.compile(
    r"\b(?:echeances?|echue?s?|exigible|payable|payee?s?|payer|regler|dues?|dus|impayee?s?|depuis"
    r"|retard|avant|pour|jusqu\w*|limite|d'ici|dans|promi\w*)\b"
)
_BEFORE_TERMS = re.compile(
    r"(?:(?:^|[ ,(]+)(?:a|au|etait|est|en|sous|dans les|les|de|delai|paiement|reglement|payable|payer|regler|echeance|"
    r"conditions?|net|avec|un|et|pour|apres|facture)\b[ :]*)*[ ,(:]*$"
)
_AFTER_TERMS = re.compile(
    r"^[ ,)]*(?:(?:date de (?:la )?facture(?:ation)?|net|nets|apres|a compter|a partir|suivant|de (?:la )?facture"
    r"|la date d[eu]|du|le)\b[ ,]*)*"
)
# « à 45 jours fin de mois le 15 »: a day to pay on, not the year of the date before.
_DAY_OF_MONTH = re.compile(
    r"^[ ,(]*(?:(?:le|au|du) )?[0-9]{1,2}(?:er)?(?: (?:du|de chaque|de ce) mois.*)?[ .,;!?)]*$"
)
_ON_DAY = re.compile(r"^[ ,(]*(?:le|au) ")
_PLATFORM = re.compile(r"[ ,]*(?:sur|dans|via|par|par le) (?:la plateforme )?chorus(?: ?pro)?\b")


def read_invoice_and_terms(text: str, today: date) -> Reading[tuple[date, str]]:
    """Read the day of an invoice and its terms, "" when it gives none; `today` is the local day.

    A date alone is refused: it may be the due date. The invoice must be named (« facture du »,
    « émise le », « déposée le »), or terms must stand beside the date. A day to come is refused.
    Notes are those of `read_date`.
    """
    said = short(text, limits().short_max)
    if not said:
        return Refused("invoice_terms_unclear")
    said = _PLATFORM.sub("", canonical(said))
    found = _terms_span(said)
    if found is None:
        return _invoice_day(said, "", today)
    start, end = found
    before = said[:start]
    lead = _BEFORE_TERMS.search(before)
    before = before[: lead.start()] if lead else before
    rest = said[end:]
    if _DAY_OF_MONTH.match(rest) and (_ON_DAY.match(rest) or any(c.isdigit() for c in before)):
        return Refused("terms_need_date")
    after = _AFTER_TERMS.match(rest)
    rest = rest[after.end() :] if after else rest
    terms = terms_of(said[start:end])
    if isinstance(terms, Refused):
        day = _invoice_day(f"{before} {rest}", "", today, beside_terms=True)
        return terms if isinstance(day, Understood) else Refused("invoice_terms_unclear")
    return _invoice_day(f"{before} {rest}", terms.value, today, beside_terms=True)


def _terms_span(said: str) -> tuple[int, int] | None:
    spans = [m.span() for m in LENGTH.finditer(said) if not _MOMENT.search(said[: m.start()])]
    spans += [m.span() for pattern in (END, NOW) for m in pattern.finditer(said)]
    if not spans:
        return None
    start, end = min(start for start, _ in spans), max(end for _, end in spans)
    return start, end + (said[end:].startswith(")") and "(" in said[start:end])


def _invoice_day(
    said: str, terms: str, today: date, *, beside_terms: bool = False
) -> Reading[tuple[date, str]]:
    named = _INVOICED.match(said)
    rest = (said[named.end() :] if named else said).strip(" ,.;:()")
    if not (named or beside_terms) or _DUE.search(rest):
        return Refused("invoice_terms_unclear")
    numeric = rest[:1].isdigit()
    read = read_date(f"le {rest}" if numeric else rest, today)
    if isinstance(read, Refused):
        code_is_of_a_date = read.code not in {"date_unclear", "date_missing", "date_direction"}
        return read if code_is_of_a_date else Refused("invoice_terms_unclear")
    if read.value > today:
        return Refused("invoice_to_come")
    return Understood((read.value, terms), read.notes)
