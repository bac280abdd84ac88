"""Amounts of money as people type them. Euros, exact, never a guess."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import islice

from flows.reading.data import limits, vocabulary
from flows.reading.numerals import cardinal
from flows.reading.plain import short, words
from flows.reading.result import Reading, Refused, Understood

CENT = Decimal("0.01")

EURO_WORDS = r"(?:euros?|eurs?|euross|euors?|eruos?|eurros?|erous?|eros?|uros?|balles)"
"""« euro » as it is typed on a phone, folded."""
_EURO = rf"(?:€(?:€|uros?\b)?|{EURO_WORDS}\b|e\b)"
_TAX = (
    r"(?:(?P<ht>ht\b|h\.t\.?|hors taxes?\b|hors tva\b)"
    r"|(?P<ttc>ttc\b|t\.t\.c\.?|toutes taxes(?: comprises)?\b))"
)
AMOUNT = re.compile(
    # Not the tail of a word, of a date, of a reference or of another number.
    r"(?<![a-z0-9_/.,'-])"
    r"(?P<sign>[+-] ?|moins )?"
    r"(?:(?:€|eur(?:os?)?\b) ?)?"
    r"(?P<number>[0-9](?:[0-9 .,']{0,40}[0-9])?)(?![0-9])"
    r"(?:(?P<point>[.,]-{1,2}))?"
    r"(?: ?(?:(?P<kilo>k)(?:(?P<after>[0-9]{1,3})(?![0-9])|(?=$|[ €.,;:!?)]|e\b|eur))"
    r"|(?P<mille>milles?)\b(?: (?P<rest>[0-9]{1,3})(?![0-9]))?"
    r"|(?P<million>millions?\b(?: d'| de\b)?|m(?=€))))?"
    rf"(?P<euro> ?{_EURO})?"
    # « 12€50 », « 12 euros et 5 centimes », « 50 centimes »
    r"(?:(?P<glued>(?<=€)[0-9]{2}|(?<=e)[0-9]{2})(?![0-9]))?"
    r"(?P<cents> ?(?:et )?(?:(?P<cent>[0-9]{1,2}) ?)?(?:centimes?|cts?)\b)?"
    rf"(?P<tax>[ ,(]{{0,2}}{_TAX}\)?)?"
)
"""An amount in a folded text; `value_of` reads the match."""

_GLUED_E = re.compile(r"(?<=[0-9])e(?=[0-9]{2}(?![0-9]))")
_OTHER_MONEY = re.compile(
    r"[$£¥₿]|\b(?:dollars?|usd|livres?|gbp|francs?|chf|xpf|cfa|yens?|bitcoins?|btc)\b"
)
_HT = re.compile(r"\b(?:ht|h\.t|hors taxes?|hors tva)\b")
_TTC = re.compile(r"\b(?:ttc|t\.t\.c|toutes taxes)\b")
_ABOUT = re.compile(
    r"\b(?:environ|(?:un peu )?(?:plus|moins) de|a peu pres|presque|dans les|autour|vers|approximativement)\b|~"
)
# A franchise en base: the sum is what is due, whatever the words around.
_NO_TAX = re.compile(
    r"\b(?:pas de tva|tva non applicable|non assujettie? a la tva|(?:en )?franchise (?:de|en) (?:tva|base))\b"
)
_WITHOUT_TAX = re.compile(r"\bsans (?:la )?tva\b")
_TAXED = re.compile(rf"[ ,(]{{0,2}}{_TAX}")
ABOUT_BEFORE = re.compile(
    r"\b(?:environ|a peu pres|presque|dans les|autour de|vers|(?:plus|moins) de) $|~ ?$"
)
"""What, right before an amount, says that it is not exact."""
_SPELT = re.compile(
    rf"(?<![a-z])((?:[a-z]+[ -]){{1,10}})(?:{EURO_WORDS}\b|€)(?! et (?:[a-z]+[ -]){{1,4}}cent)"
)
_PUNCTUATION = frozenset(" .,;:!?()«»\"'’~=\n")


def read_amount(text: str) -> Reading[Decimal]:
    """Read an amount in euros, above zero, with at most two decimals.

    Notes: "ht" (said to exclude VAT), "ambiguous_thousands" (« 1.250 »: read as 1250),
    "approximate_amount". Refused rather than guessed: several amounts, three decimals, a minus
    sign, another currency, more than `amount_max`.
    """
    said = short(text, limits().short_max)
    if said is None:
        return Refused("amount_unclear")
    if not said:
        return Refused("amount_missing")
    if _OTHER_MONEY.search(said):
        return Refused("amount_other_money")
    if "e" in said:
        said = _GLUED_E.sub("€", said)
    if "tva" in said or "franchise" in said:
        said = _WITHOUT_TAX.sub("hors tva", _NO_TAX.sub(" ", said))
    found = list(islice(AMOUNT.finditer(said), 3))
    if not found:
        return _in_words(said)
    match = found[0]
    if len(found) > 1:
        taxed = [m for m in found if m["ttc"]]
        if not (len(found) == 2 and len(taxed) == 1 and any(m["ht"] for m in found)):
            return Refused("amount_several" if all(map(_is_money, found)) else "amount_unclear")
        match = taxed[0]
        around = said[: found[0].start()] + said[found[0].end() : found[1].start()]
        around += said[found[1].end() :]
    else:
        around = f"{said[: match.start()]} {said[match.end() :]}"
    if not _harmless(around) or said[: match.start()].endswith("("):
        return Refused("amount_unclear")
    return _noted(value_of(match), said, taxed=match["ttc"] is not None)


def value_of(match: re.Match[str]) -> Reading[Decimal]:
    """Read one match of `AMOUNT`; the note "ht" when the amount itself says so."""
    read = _number(match)
    if isinstance(read, Refused):
        return read
    value, notes = read.value, list(read.notes)
    if match["sign"] and not match["sign"].startswith("+"):
        return Refused("amount_negative")
    if match["ht"]:
        notes.append("ht")
    return _bounded(value, tuple(notes))


def _bounded(value: Decimal, notes: tuple[str, ...]) -> Reading[Decimal]:
    if value == 0:
        return Refused("amount_zero")
    if value > limits().amount_max:
        return Refused(
            "amount_too_large", {"most": f"{limits().amount_max:,f}".replace(",", "\u202f")}
        )
    cents = value.quantize(CENT)
    return Understood(cents, notes) if cents == value else Refused("amount_decimals")


def _number(match: re.Match[str]) -> Reading[Decimal]:
    number, cents = match["number"], match["glued"] or match["cent"]
    if match["cents"] and not match["cent"]:  # « 50 centimes »: the number itself counts cents
        if match["euro"] or _scaled(match) or not number.isdigit() or len(number) > 2:
            return Refused("amount_unclear")
        return Understood(Decimal(number) * CENT)
    if match["after"] or match["rest"]:  # « 1k2 », « 2 mille 500 »
        return _split_thousands(match) if cents is None else Refused("amount_unclear")
    if _scaled(match) and re.fullmatch(r"[0-9]{1,3}[.,][0-9]{1,3}", number):
        notes = ("ambiguous_thousands",) if number[-4:-3] in {".", ","} else ()
        read: Reading[Decimal] = Understood(Decimal(number.replace(",", ".")), notes)
    else:
        read = _digits(number)
    if isinstance(read, Refused):
        return read
    value = read.value * (1_000_000 if match["million"] else 1000 if _scaled(match) else 1)
    if cents is not None:
        if value != value.to_integral_value() or not (match["euro"] or match["glued"]):
            return Refused("amount_unclear")
        value += Decimal(cents) * CENT
    return Understood(value, read.notes)


def _scaled(match: re.Match[str]) -> bool:
    return bool(match["kilo"] or match["mille"] or match["million"])


def _split_thousands(match: re.Match[str]) -> Reading[Decimal]:
    number = match["number"]
    if not (number.isdigit() and len(number) <= 3):
        return Refused("amount_unclear")
    below = match["after"].ljust(3, "0") if match["after"] else match["rest"]
    return Understood(Decimal(number) * 1000 + Decimal(below))


def _digits(number: str) -> Reading[Decimal]:
    """Read digits with separators: which separator is decimal is decided, never guessed."""
    if number.isdigit():
        return Understood(Decimal(number)) if _plain(number) else Refused("amount_unclear")
    last = max(number.rfind("."), number.rfind(","))
    head, tail = (number[:last], number[last + 1 :]) if last >= 0 else (number, "")
    notes: tuple[str, ...] = ()
    if last >= 0 and not tail.isdigit():  # the point separates something else: « 1,250 000 »
        return Refused("amount_unclear")
    if len(tail) >= 3:
        point = number[last]
        others = {c for c in head if not c.isdigit()}
        if len(tail) > 3 or others - {point} or not (_plain(head) or others) or head == "0":
            return Refused("amount_decimals" if tail.isdigit() else "amount_unclear")
        if not others:
            if len(head) > 3:
                return Refused("amount_decimals")
            notes = ("ambiguous_thousands",)
        head, tail = number, ""
    whole = _grouped(head, number[last] if tail else "")
    return (
        Refused("amount_unclear")
        if whole is None
        else Understood(Decimal(f"{whole}.{tail or '0'}"), notes)
    )


def _grouped(head: str, point: str) -> str | None:
    """Give the digits of a whole number grouped by three with one kind of separator, else None."""
    kinds = {c for c in head if not c.isdigit()}
    if not kinds:
        return head if _plain(head) else None
    if len(kinds) > 1 or point in kinds:
        return None
    first, *groups = head.split(kinds.pop())
    if not (1 <= len(first) <= 3 and first[0] != "0" and all(len(g) == 3 for g in groups)):
        return None
    return first + "".join(groups)


def _plain(digits: str) -> bool:
    """Tell whether these digits write a number: « 0042 » is a reference, thirty digits a slip."""
    return 1 <= len(digits) <= 15 and (digits[0] != "0" or len(digits) == 1)


def _is_money(match: re.Match[str]) -> bool:
    return bool(match["euro"] or match["tax"] or match["kilo"])


def _harmless(around: str) -> bool:
    rest = _ABOUT.sub(" ", around)
    if "a-t-" in rest:
        rest = rest.replace("-", " ")
    if any(not (c.isalnum() or c in _PUNCTUATION) for c in rest):
        return False
    return all(word in vocabulary().around_amount for word in words(rest))


def _noted(read: Reading[Decimal], said: str, *, taxed: bool = False) -> Reading[Decimal]:
    if isinstance(read, Refused):
        return read
    notes = read.notes
    if "ht" not in notes and not taxed and _HT.search(said) and not _TTC.search(said):
        notes = (*notes, "ht")
    if _ABOUT.search(said):
        notes = (*notes, "approximate_amount")
    return Understood(read.value, notes)


def _in_words(said: str) -> Reading[Decimal]:
    """Read « mille deux cent cinquante euros et dix centimes »."""
    if any(c.isdigit() or c in "%+*/" for c in said):
        return Refused("amount_unclear")
    tokens = [*words(said.replace("€", " euros ")), ""]
    negative = "moins" in tokens
    # « un » and « et » may be mere words: the longest number is the amount.
    best: tuple[int, int, int] | None = None
    at = 0
    while at < len(tokens):
        found = cardinal(tokens, at)
        if found and (best is None or found[1] - at > best[2] - best[1]):
            best = (found[0], at, found[1])
        at = found[1] if found else at + 1
    if best is None:
        return Refused("amount_missing")
    value, start, end = Decimal(best[0]), best[1], best[2]
    in_euros = re.fullmatch(EURO_WORDS, tokens[end]) is not None or tokens[end : end + 2] == [
        "d",
        "euros",
    ]
    if tokens[end] in {"centime", "centimes"}:
        value, in_euros, end = value * CENT, value < 100, end + 1
    elif in_euros:
        cents_at = end + 1 + (tokens[end + 1] == "et")
        cents = cardinal(tokens, cents_at)
        if cents and cents[0] < 100 and tokens[cents[1]] in {"centime", "centimes"}:
            value, end = value + cents[0] * CENT, cents[1] + 1
    around = [word for word in (*tokens[:start], *tokens[end:]) if word and word != "moins"]
    if (not in_euros and value < 100 and value) or any(
        word not in vocabulary().around_amount for word in around
    ):
        return Refused("amount_unclear" if in_euros or value >= 100 else "amount_missing")
    if negative:
        return Refused("amount_negative")
    return _noted(_bounded(value, ()), said)


def sum_in_letters(folded: str) -> tuple[Reading[Decimal], int, int] | None:
    """Find the one sum in letters, « deux mille euros », as (amount, start, end) in `folded`.

    None when there is none, or several.
    """
    found: list[tuple[Reading[Decimal], int, int]] = []
    for match in islice(_SPELT.finditer(folded), 3):
        spans = [word.span() for word in re.finditer(r"[a-z]+", match[1])]
        tokens = [match[1][start:end] for start, end in spans]
        for at, (start, _) in enumerate(spans):
            read = cardinal(tokens, at)
            if read and read[1] == len(tokens):
                about = ABOUT_BEFORE.search(" ".join(tokens[:at]) + " ")
                notes = ("approximate_amount",) if about else ()
                tax = _TAXED.match(folded, match.end())
                notes = ("ht", *notes) if tax and tax["ht"] else notes
                found.append(
                    (_bounded(Decimal(read[0]), notes), match.start() + start, match.end())
                )
                break
    return found[0] if len(found) == 1 else None
