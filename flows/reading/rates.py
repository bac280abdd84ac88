"""The rate of late-payment penalties as written on an invoice: « 15 % », « 3 fois le taux légal ».

What is given is the text form of the fact `penalty_terms`: "taux:15.00" (percent a year), "legal:3"
(times the legal rate), "bce:10" (points above the ECB's rate), "aucun".
"""

from __future__ import annotations

import re
from decimal import Decimal

from flows.reading.data import limits, vocabulary
from flows.reading.plain import short
from flows.reading.result import Reading, Refused, Understood
from flows.reading.written import (
    NOT_WRITTEN,
    harmless,
    in_digits,
    says_nothing_written,
    seen_only,
    without_doubt,
)

CENT = Decimal("0.01")

_NUMBER = r"(?<![0-9a-z])(?<![0-9][.,])[0-9]{1,9}(?:[.,][0-9]{1,9})?(?![0-9])(?![.,][0-9])"
_TIMES = r"(?:x|fois|\*|×)"
_RATE = re.compile(_NUMBER)
_MULTIPLE = re.compile(
    rf"(?P<before>{_NUMBER}) ?{_TIMES}(?![a-z])"
    rf"|(?:\b(?:multiplie par|fois|x)|\*|×) ?(?P<after>[0-9]{{1,9}}(?:[.,][0-9]{{1,9}})?)(?![0-9.,])"
    r"|\b(?P<word>double|triple)\b"
)
_WORDS = {"double": "2", "triple": "3"}
_GLUED = re.compile(rf"([0-9]){_TIMES}(?=[a-z])")
_LEGAL = re.compile(r"\b(?:l[ea]ga(?:l|le|ls|ux)|til)\b")
_CENTRAL_BANK = re.compile(r"\b(?:bce|b\.c\.e\b\.?|banque centrale(?: europeenne)?)")
_NOT_YEARLY = re.compile(
    r"(?:\bpar |\bchaque |/ ?|\ble |\b/)(?:jour|semaine|trimestre|j\b)|\bjournalier"
    r"|\bquotidien|\btrimestriel|\bhebdo"
)
_MONTHLY = re.compile(
    r"(?:\bpar |\bchaque |\bdu |\ble |/ ?)mois\b(?: de retard)?|\bmensuel(?:le|s|les)?\b"
)
_MONTHS = 12
_PART_OF_SUM = re.compile(r"(?:%|cent) (?:de|du) (?:la |ma |cette )?(?:facture|total|montant)")
_MINUS = re.compile(r"- ?[0-9]|\bmoins\b")


def read_penalty_rate(text: str) -> Reading[str]:
    """Read the penalty rate that an invoice says, in the text form of `penalty_terms`.

    Notes: "monthly_rate" (« 1,5 % par mois »: twelve times as much a year, to be confirmed),
    "legal_once" (« taux légal », without a number of times), "to_check" (« je crois »). Refused: a
    rate by the day, the week or the quarter; the bank's rate without its points; zero; more than
    `rate_max`; more than two decimals; anything else.
    """
    said = short(text, limits().short_max)
    if not said:
        return Refused("rate_unclear")
    if says_nothing_written(said):
        return Understood(NOT_WRITTEN)
    said, notes = without_doubt(said)
    said = in_digits(seen_only(said), rf"{_TIMES}\b|%|pour ?cent\b|pct\b|points?\b|pts?\b")
    if _MINUS.search(said) or _PART_OF_SUM.search(said):
        return Refused("rate_unclear")
    if _NOT_YEARLY.search(said):
        return Refused("rate_not_yearly")
    read = _monthly(said) if _MONTHLY.search(said) else _rate(said)
    return Understood(read.value, (*read.notes, *notes)) if isinstance(read, Understood) else read


def _monthly(said: str) -> Reading[str]:
    read = _rate(_MONTHLY.sub(" ", said))
    if isinstance(read, Refused):
        return read
    kind, _, figure = read.value.partition(":")
    if kind != "taux":
        return Refused("rate_not_yearly")
    yearly = _bounded(kind, str(Decimal(figure) * _MONTHS))
    return Understood(yearly.value, ("monthly_rate",)) if isinstance(yearly, Understood) else yearly


def _rate(said: str) -> Reading[str]:
    legal, central = _LEGAL.search(said), _CENTRAL_BANK.search(said)
    if legal and central:
        return Refused("rate_unclear")
    if legal:
        return _times_legal(_GLUED.sub(r"\1 x ", _LEGAL.sub(" ", said)))
    numbers = _RATE.findall(said)
    rest = _RATE.sub(" ", _CENTRAL_BANK.sub(" ", said))
    marks = "%+-" if central else "%/"
    if central and not numbers and harmless(rest, vocabulary().around_rate, marks):
        return Refused("rate_needs_points")
    if len(numbers) != 1 or not harmless(rest, vocabulary().around_rate, marks):
        return Refused("rate_unclear")
    return _bounded("bce" if central else "taux", numbers[0])


def _times_legal(said: str) -> Reading[str]:
    found = list(_MULTIPLE.finditer(said))
    rest = _MULTIPLE.sub(" ", said)
    if len(found) > 1 or not harmless(rest, vocabulary().around_rate):
        return Refused("rate_unclear")
    if not found:
        return Understood("legal:1", ("legal_once",))
    match = found[0]
    return _bounded("legal", match["before"] or match["after"] or _WORDS[match["word"]])


def _bounded(kind: str, typed: str) -> Reading[str]:
    value, most = Decimal(typed.replace(",", ".")), limits().rate_max
    if not 0 < value <= most:
        return Refused("rate_range", {"most": str(most)})
    if value != value.quantize(CENT):
        return Refused("rate_decimals")
    return Understood(f"{kind}:{value:.2f}" if kind == "taux" else f"{kind}:{plain(value)}")


def plain(value: Decimal) -> str:
    """Write a number with no more decimals than it has: 10, 10.5."""
    return f"{value.normalize():f}"
