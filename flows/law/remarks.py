"""What a décompte says of itself: the choices made, what was left out and why, in French."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from flows.law.agreed import AgreedForm, AgreedRate, Standing
from flows.law.calendar import ONE_DAY
from flows.law.law import UnknownForPeriod
from flows.law.ledger import Account, Ledger
from flows.law.regimes import Starts
from flows.law.wording import day_text, euros_text, percent_text, semester_text, sentence

_LENGTH = 300
"""Characters of a sentence on the agreed rate, which stands under a letter on a phone."""
_TWO = 2
"""Several, in French: what may be counted rather than named."""


def sentences(ledger: Ledger) -> Iterator[str]:
    """Give the sentences of a ledger that was run, in the order they are read."""
    regime = ledger.regime
    if any(account.late for account in ledger.accounts):
        if regime.caution:
            yield sentence(regime.caution)
        if regime.starts is Starts.FORMAL_NOTICE:
            yield from _notice(ledger)
    elif not any(account.claim.due_on < ledger.until for account in ledger.accounts):
        yield sentence("not_late")
    yield from agreed_sentences(ledger)
    yield from _refusals(ledger)
    yield from _credit_notes(ledger)
    yield from _imputation(ledger)
    yield from _stopped(ledger)
    if ledger.credit:
        key = "credit_with_notes" if ledger.notes else "credit"
        yield sentence(key, credit=euros_text(ledger.credit))


def agreed_sentences(ledger: Ledger) -> Iterator[str]:
    """Say what the law leaves of the agreed rate; nothing when it applies as it stands."""
    if ledger.agreed is None:
        return
    if ledger.regime.agreed_note:
        if any(account.late for account in ledger.accounts):
            yield sentence(ledger.regime.agreed_note)
        return
    for standing in Standing:
        if standing is not Standing.KEPT:
            yield from _standing(ledger, ledger.agreed, standing)


def _standing(ledger: Ledger, agreed: AgreedRate, standing: Standing) -> Iterator[str]:
    """Tell the half-years and, among several with numbers, the invoices where a rate so stands.

    They are counted instead of told one by one when the sentence would pass `_LENGTH`.
    """
    floors: dict[date, Decimal] = {}
    numbers: list[str] = []
    for account in ledger.accounts:
        found = {r.semester: r.floor for r in account.rates if r.standing is standing and r.floor}
        floors |= found
        if found:
            numbers.append(account.claim.number)
    if not floors:
        return
    named = numbers if len(ledger.accounts) > 1 and all(numbers) else []
    told = [
        sentence(standing, agreed=agreed.words, periods=periods, claims=claims)
        for periods in _periods(floors)
        for claims in _claims(named)
    ]
    yield next((text for text in told if len(text) <= _LENGTH), told[-1])


def _periods(floors: Mapping[date, Decimal]) -> list[str]:
    """Name half-years with their minimum, from the longest way to the shortest."""
    each = [
        sentence("agreed_period", semester=semester_text(day), floor=percent_text(floor))
        for day, floor in sorted(floors.items())
    ]
    ways = [sentence("agreed_and").join(each)]
    if len(each) > _TWO:
        ways.append(sentence("agreed_periods", first=each[0], count=str(len(each) - 1)))
    if len(each) >= _TWO:
        ways.append(sentence("agreed_periods_count", count=str(len(each))))
    return ways


def _claims(numbers: list[str]) -> list[str]:
    """Name invoices, from the longest way to the shortest; "" alone when none is to be named."""
    if not numbers:
        return [""]
    each = (sentence("claim_named", number=number) for number in numbers)
    ways = [sentence("and").join(each)]
    if len(numbers) >= _TWO:
        ways.append(sentence("claims_count", count=str(len(numbers))))
    return [sentence("for_claims", claims=way) for way in ways]


def _of_claim(account: Account) -> str:
    number = account.claim.number
    return sentence("of_claim", number=number) if number else ""


def _notice(ledger: Ledger) -> Iterator[str]:
    if ledger.notice_on is None:
        yield sentence("no_notice")
        return
    for account in ledger.accounts:
        if account.starts is None and account.late:
            yield sentence("notice_too_early", claim=_of_claim(account))


def _refusals(ledger: Ledger) -> Iterator[str]:
    """Tell the half-years whose rate, or whose minimum for a fixed agreed rate, is not known."""
    found: dict[tuple[date, str], bool] = {}
    for account in ledger.accounts:
        if account.unknown and account.cursor:
            key = (account.cursor, _unknown_thing(ledger, account.unknown))
            found[key] = found.get(key, False) or bool(account.lines)
    for (first_unknown, what), after_lines in sorted(found.items()):
        period = semester_text(first_unknown)
        if after_lines:
            last = day_text(first_unknown - ONE_DAY)
            yield sentence(f"{what}_later", period=period, last_known=last)
        else:
            yield sentence(f"{what}_earlier", period=period)
    yield from dict.fromkeys(unknown.sentence for unknown in ledger.unknown_lump_sums)


def _unknown_thing(ledger: Ledger, unknown: UnknownForPeriod) -> str:
    rule = ledger.regime.agreed
    fixed = ledger.agreed and ledger.agreed.form is AgreedForm.FIXED
    floor = rule and unknown.parameter in (rule.floor, rule.multiple)
    return "refused_floor" if fixed and floor else "refused"


def _credit_notes(ledger: Ledger) -> Iterator[str]:
    if any(account.lines for account in ledger.accounts):
        if any(note.corrects for note in ledger.notes):
            yield sentence("credit_note_correction")
        if not all(note.corrects for note in ledger.notes):
            yield sentence("credit_note_goodwill")
    for account in ledger.accounts:
        if account.cancelled:
            yield sentence("cancelled", claim=_of_claim(account))


def _imputation(ledger: Ledger) -> Iterator[str]:
    if not (ledger.payments and any(account.lines for account in ledger.accounts)):
        return
    yield sentence(str(ledger.imputation))
    if len(ledger.accounts) > 1:
        yield sentence("several_invoices")


def _stopped(ledger: Ledger) -> Iterator[str]:
    """Tell what a collective procedure stops, and which invoices keep their fixed sum."""
    if not ledger.stopped_on:
        return
    yield sentence("stopped", last_day=day_text(ledger.last_day))
    if not ledger.regime.lump_sum:
        return
    if any(account.lump_sum_accrued for account in ledger.accounts):
        yield sentence("stopped_lump_sum_kept")
    if any(a.principal and a.claim.due_on >= ledger.last_day for a in ledger.accounts):
        yield sentence("stopped_lump_sum_lost")
