"""Payment terms inside a longer sentence: « facture du 15 septembre à 30 jours, 850 € »."""

from __future__ import annotations

import re
from typing import NamedTuple

from flows.reading.moments import MONTH_NAME
from flows.reading.result import Reading, Refused
from flows.reading.terms import LENGTH_UNIT, MONTH_END, read_payment_terms

_COUNT = r"(?:[0-9]{1,3}|[a-z]+(?:[ -][a-z]+){0,2}?)"
_MIDDLE = r"[ ,]*(?:(?:et )?puis |a |apres (?:la )?)?"
# « le 10 »: the day of the month on which it is to be paid.
_AT_MONTH_END = rf"(?:{_MIDDLE}{MONTH_END}(?: le [0-9]{{1,2}}(?![0-9/.-]| ?(?:{MONTH_NAME})\b))?)"
_FROM = (
    r"(?: nets?\b| (?:a (?:compter|partir) de la |apres la )?date (?:de |d')(?:la )?(?:facture|facturation|emission)"
    r"| (?:a|apres|des) (?:la )?reception(?: de (?:la )?facture)?| fermes?\b)"
)
_CUE = (
    r"(?:net|payable|reglable|paiement|reglement|echeance|delais?|conditions?)"
    r"(?: de paiement| de reglement)?(?: etait| est| prevu)?(?: ?:)? ?"
    r"(?:a |au |sous |de |net |dans les |maximum )*"
)
_NOT_TERMS_AFTER = (
    rf"(?![ ,]*{MONTH_END})"
    r"(?! ?(?:de retard|pres\b|avant|plus tard|ouvr|d[eu]\b(?! [0-9\x00])|d'|pour\b|apres\b))"
)
_TERMS = re.compile(
    r"(?<![a-z0-9/.-])(?:"
    rf"(?:{_CUE}|a (?:(?:payer|regler) (?:sous |a |dans les ))?)"
    rf"(?P<counted>{_COUNT} ?{LENGTH_UNIT}\b{_AT_MONTH_END}?{_FROM}?)"
    rf"{_NOT_TERMS_AFTER}"
    rf"|(?P<month_end>[0-9]{{1,3}} ?(?:{LENGTH_UNIT}\b|(?={MONTH_END})){_AT_MONTH_END}{_FROM}?)"
    rf"|(?P<dated>[0-9]{{1,3}} ?{LENGTH_UNIT}\b{_FROM})"
    rf"|(?P<then>{MONTH_END}[ ,]*(?:\+|puis |plus )? ?[0-9]{{1,3}} ?(?:jours?|j)\b){_NOT_TERMS_AFTER}"
    r"|(?P<net>net ?[0-9]{1,3}(?: ?(?:jours?|j)\b)?(?![0-9/-]|[.,][0-9]| ?(?:€|e\b|eur)))"
    r"|(?:(?:payable|paiement|reglement|a payer|a regler|echeance) )?"
    r"(?P<receipt>(?:a|des) (?:la )?reception\b(?: de (?:la |ma |cette )?facture)?)(?! d[eu']| des)"
    r"|(?:payable|paiement|reglement|facture) (?:au )?(?P<cash>comptant|immediate?(?:ment)?)\b"
    r")"
)
_AFTER_DATE = re.compile(
    rf"[ ,(/-]+(?P<bare>[0-9]{{1,3}} ?{LENGTH_UNIT}\b{_AT_MONTH_END}?|comptant)(?= ?(?:$|[,;.)!?/-])| [0-9])"
)
# Somebody's promise, a delay granted, or a letter with its « accusé de réception »: no terms.
_NOT_TERMS_BEFORE = re.compile(
    r"\b(?:promi\w*|relanc\w*|devis|paier\w*|dit|demand\w*|propos\w*|veut|retard|depuis|y a|laiss\w*|accord\w*"
    r"|donn\w*|demeure|report\w*|en [0-9] fois|accuse\w*|lettre|recommande\w*|courrier)\b"
)
# « ma facture a 30 jours » without its accent may tell how old it is.
_HAS = re.compile(r"\b(?:la|ma|cette|sa|leur|notre|une) facture ?\x00* ?$")
_OF_AN_INVOICE = re.compile(
    r"\b(?:factur\w*|fact?|paiement|payables?|reglement|net|conditions?|echeance|delai|emise)\b"
    rf"|\b{MONTH_END}"
)


class SaidTerms(NamedTuple):
    """Terms found in a sentence: where, and what they are."""

    start: int
    end: int
    read: Reading[str]


def find_terms(clean: str, left: str) -> list[SaidTerms]:
    """Find the payment terms plainly said in a cleaned sentence.

    `left` is the folded sentence, position for position, with other facts hidden by NUL characters.
    """
    if not _OF_AN_INVOICE.search(left):
        return []
    found = []
    for match in _TERMS.finditer(left):
        before = left[: match.start()]
        if clean[match.start()] == "a" and _HAS.search(before):
            continue
        clause = re.split(r"[,;!?]", before)[-1]
        said = next(text for text in match.groupdict().values() if text)
        read = read_payment_terms(said)
        if not _NOT_TERMS_BEFORE.search(clause[-60:]) and not _unclear(read):
            found.append(SaidTerms(*match.span(), read))
    return found


def terms_after_date(left: str, at: int) -> SaidTerms | None:
    """Give the terms that stand bare right after an invoice's date: « du 15/09, 30 jours »."""
    match = _AFTER_DATE.match(left, at)
    if match is None:
        return None
    read = read_payment_terms(match["bare"])
    return None if _unclear(read) else SaidTerms(*match.span("bare"), read)


def _unclear(read: Reading[str]) -> bool:
    return isinstance(read, Refused) and read.code == "terms_unclear"
