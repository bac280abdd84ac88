"""Payment terms as people type them: « 30 jours », « 45j FDM », « à réception », « pas écrit ».

What is given is the text form of the fact `payment_terms`: "jours:30", "fin_de_mois:45" (in which
order to count is not said), "fin_de_mois:45:fin", "fin_de_mois:45:ajouter", "reception", "aucun".
"""

from __future__ import annotations

import re

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

ON_RECEIPT = "reception"

LENGTH_UNIT = r"(?:jours?|jous|jors|jrs?|j|semaines?|sem|mois)"
MONTH_END = r"(?:fins? ?(?:de |du |d' ?)?moi[st]?|findemois|f\.?d\.?m)\b"
AT_ONCE = (
    r"(?:(?:(?:a|des|sur|apres) ?(?:la |l')?)?(?:recep|recpe|rece?ti)[a-z]*|comptant|contant|cash"
    r"|immediat[a-z]*|tout de suite|de suite|sans (?:aucun )?delai)\b"
)
"""Regular expressions of a folded unit of time, of « fin de mois » and of « à réception »."""

LENGTH = re.compile(
    rf"(?<![0-9])(?<![0-9][.,/-])(?<!^-)(?<! -)(?P<count>[0-9]{{1,9}}) ?(?P<unit>{LENGTH_UNIT})\b"
)
END = re.compile(rf"\b{MONTH_END}")
NOW = re.compile(rf"\b{AT_ONCE}")
"""A length of time, the end of the month and « at once », in a text made by `canonical`."""

_AFTER_TODAY = re.compile(r"j ?\+ ?([0-9]{1,9})(?: ?(?:jours?|j)\b)?")
_NO_UNIT_AFTER = re.compile(
    rf"\b(net|fin de mois(?: ?\+| puis| plus)?) ?([0-9]{{1,9}})(?![0-9/-]|[.,][0-9]| ?{LENGTH_UNIT}\b)"
)
_NO_UNIT_BEFORE = re.compile(r"(?<![0-9.,/-])([0-9]{1,3}) ?(?=(?:net|fin de mois)\b)")
_WORKING = re.compile(r"\bouvr(?:es?|ables?)\b")
# The day the count starts from is none of the invoice's: the due date alone says what is meant.
_OTHER_DAY = re.compile(
    r"\b(?:livr\w+|prestations?|travaux|command\w+|service fait|disposition|chantier|marchandises?"
    r"|colis|envoi|suivante?|prochaine?|decade|quinzaine|trimestre|annee)\b"
)
_ON_DAY = re.compile(r"^[ ,]*(?:le|au) [0-9]{1,2}\b")
_THEN = re.compile(r"[ ,(]*(?:et )?(?:puis|ensuite)[ ,]*(?:(?:a|la|le|au|jusqu'a) ?)*")
_FROM_THE_END = re.compile(
    r"[ ,]*(?:apres|a partir de|a compter de|depuis)(?: ?(?:la|le|l'))? ?|[ ,]*de la "
)
_AND = re.compile(r"[ ,(]*(?:\+|plus|(?:et )?puis|et|ensuite)?[ ,]*(?:les )?")
_AFTER = re.compile(r"[ ,]*apres (?:les )?")
_BRACKETED = re.compile(r"[^()]*\((?P<inside>[^()]+)\)[ .]*")


def canonical(said: str) -> str:
    """Give a folded text with its lengths of time in digits and jours, and « FDM » in full."""
    said = in_digits(seen_only(said), rf"{LENGTH_UNIT}\b")
    said = END.sub("fin de mois", said)
    said = _AFTER_TODAY.sub(r"\1 jours ", said)
    said = _NO_UNIT_AFTER.sub(r"\1 \2 jours", said)
    return " ".join(_NO_UNIT_BEFORE.sub(r"\1 jours ", said).split())


def read_payment_terms(text: str) -> Reading[str]:
    """Read when an invoice asks to be paid, in the text form of `payment_terms`.

    Notes: "days_assumed" (a bare « 30 »), "to_check" (« je crois »). Refused: a length in months,
    a count that starts from another day than the invoice's (the due date itself is asked for),
    working days, nothing or more than `terms_days_max` days, anything else.
    """
    said = short(text, limits().short_max)
    if not said:
        return Refused("terms_unclear")
    if says_nothing_written(said):
        return Understood(NOT_WRITTEN)
    said, notes = without_doubt(said)
    bare = said.strip(" .!?")
    if bare.isascii() and bare.isdigit():
        said, notes = f"{bare} jours", (*notes, "days_assumed")
    read = terms_of(canonical(said))
    return Understood(read.value, notes) if isinstance(read, Understood) else read


def terms_of(said: str) -> Reading[str]:
    """Read the terms that a whole `canonical` text says."""
    lengths, ends = list(LENGTH.finditer(said)), list(END.finditer(said))
    bracketed = _BRACKETED.fullmatch(said)
    if bracketed and LENGTH.search(bracketed["inside"]) and END.search(bracketed["inside"]):
        same = len({match["count"] for match in lengths}) == 1  # as `show_terms` writes them
        return terms_of(bracketed["inside"]) if same else Refused("terms_unclear")
    if _WORKING.search(said):
        return Refused("delay_working_days")
    if len(lengths) > 1 or len(ends) > 1:
        return Refused("terms_unclear")
    if not lengths:
        return _without_length(said, at_month_end=bool(ends))
    if NOW.search(said):  # « 30 jours à réception »: from the day it is received
        return Refused("terms_need_date")
    length, end = lengths[0], ends[0] if ends else None
    first, last = sorted([length, end or length], key=lambda match: match.start())
    order = _order(said[first.end() : last.start()], length_first=first is length) if end else ""
    rest = f"{said[: first.start()]} {said[last.end() :]}"
    if _OTHER_DAY.search(rest) or _ON_DAY.match(said[last.end() :]):
        return Refused("terms_need_date")
    if order is None or not harmless(rest, vocabulary().around_terms):
        return Refused("terms_unclear")
    return _counted(length, "fin_de_mois" if end else "jours", order)


def _without_length(said: str, *, at_month_end: bool) -> Reading[str]:
    rest = NOW.sub(" ", said)
    if at_month_end or _OTHER_DAY.search(rest):
        return Refused("terms_need_date")
    if rest != said and harmless(rest, vocabulary().around_terms):
        return Understood(ON_RECEIPT)
    return Refused("terms_unclear")


def _order(between: str, *, length_first: bool) -> str | None:
    """Tell which comes first, from what stands between; "" when not said, None when unclear."""
    if length_first:
        if _THEN.fullmatch(between):
            return ":ajouter"
        if _FROM_THE_END.fullmatch(between):
            return ":fin"
        return "" if harmless(between, vocabulary().around_terms, "+-/") else None
    if _AND.fullmatch(between):
        return ":fin"
    if _AFTER.fullmatch(between):
        return ":ajouter"
    return "" if harmless(between, vocabulary().around_terms, "-/") else None


def _counted(length: re.Match[str], kind: str, order: str) -> Reading[str]:
    unit, most = length["unit"], limits().terms_days_max
    if unit == "mois":  # a month is not thirty days
        return Refused("terms_need_date")
    days = int(length["count"]) * (7 if unit.startswith("s") else 1)
    if not 1 <= days <= most:
        return Refused("terms_range", {"most": str(most)})
    return Understood(f"{kind}:{days}{order}")
