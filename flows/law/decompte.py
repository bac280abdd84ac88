"""The décompte: what a debtor owes on a day, line by line, so that anyone can add it up again.

Sources: C. com. L441-10 and D441-5 (professionals), C. civ. 1231-6, 1344-1 and 1343-1 (others, part
payments), CCP R2192-31 to -33 and D2192-35 (public bodies). Rates, sums and articles come from the
law's files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from flows.dossier import DebtorKind
from flows.law.calendar import ONE_DAY
from flows.law.claims import ZERO, Balance, Claim, Decompte, Line, Payment
from flows.law.law import Law, UnknownForPeriod
from flows.law.ledger import Account, Ledger, Rates
from flows.law.regimes import Imputation, Regime, Starts
from flows.law.wording import (
    day_text,
    euros_text,
    number_text,
    percent_text,
    semester_text,
    sentence,
)


def compute_decompte(
    claims: Iterable[Claim],
    payments: Iterable[Payment],
    debtor_kind: DebtorKind,
    until: date,
    law: Law,
    *,
    formal_notice_on: date | None = None,
    stopped_on: date | None = None,
    imputation: Imputation | None = None,
) -> Decompte:
    """Draw up what is owed at the end of the day `until`.

    `formal_notice_on`: the day a mise en demeure was received (or first presented). `stopped_on`:
    the day of the judgment that opened a collective procedure, which bears no interest.
    `imputation`: the person's choice, None for the regime's own. Payments made after `until` do not
    count yet.

    A half-year whose rate is unknown is never guessed: interest stops the day before,
    `refused_from` says where and a sentence says why. Amounts that are not euros and cents raise
    ValueError when claims and payments are made.
    """
    regime = law.regimes[debtor_kind]
    notice_on = formal_notice_on if formal_notice_on and formal_notice_on <= until else None
    ledger = Ledger(
        law=law,
        regime=regime,
        rates=Rates(law, regime.rate) if regime.rate else None,
        accounts=[Account(c, _start(c, regime, notice_on), c.amount) for c in claims],
        payments=sorted((p for p in payments if p.on <= until), key=lambda payment: payment.on),
        until=until,
        notice_on=notice_on,
        stopped_on=stopped_on if stopped_on and stopped_on <= until else None,
        imputation=imputation or regime.imputation,
    )
    ledger.run()
    return _closed(ledger)


def _start(claim: Claim, regime: Regime, notice: date | None) -> date | None:
    """Give the first day that bears interest, None when none does.

    A mise en demeure received before the debt was late is not settled in law: the cautious side is
    to count nothing.
    """
    if regime.starts is Starts.DUE_DATE:
        return claim.due_on + ONE_DAY
    return notice + ONE_DAY if notice and notice > claim.due_on else None


def _closed(ledger: Ledger) -> Decompte:
    accounts = ledger.accounts
    lines = tuple(line for account in accounts for line in account.lines)
    principal = sum((account.principal for account in accounts), ZERO)
    interest = sum((account.interest for account in accounts), ZERO)
    lump_sum = sum((account.lump_sum for account in accounts), ZERO)
    open_accounts = [account for account in accounts if account.principal] or accounts
    used = ledger.used | (ledger.rates.used if ledger.rates else set())
    return Decompte(
        lines=lines,
        balances=tuple(
            Balance(a.claim.number, a.principal, a.interest, a.lump_sum, a.days_late(ledger.until))
            for a in accounts
        ),
        principal_remaining=principal,
        interest=interest,
        lump_sum=lump_sum,
        total=principal + interest + lump_sum,
        interest_accrued=sum((line.amount for line in lines), ZERO),
        lump_sum_accrued=sum((account.lump_sum_accrued for account in accounts), ZERO),
        paid=sum((payment.amount for payment in ledger.payments), ZERO),
        credit=ledger.credit,
        days_late=max((account.days_late(ledger.until) for account in open_accounts), default=0),
        until=ledger.until,
        penalties_until=max((line.to_on for line in lines), default=ledger.until),
        refused_from=min((a.cursor for a in accounts if a.refused and a.cursor), default=None),
        imputation=ledger.imputation,
        rate_text=_rate_text(ledger, lines),
        articles=_articles(ledger, lines),
        sentences=tuple(_sentences(ledger, lines)),
        checked_on=ledger.law.checked_on_for(used),
    )


def _rate_text(ledger: Ledger, lines: tuple[Line, ...]) -> str:
    """Say the rate of the latest line, or of the last day; "" when there is none."""
    rule, wording = ledger.regime.rate, ledger.regime.wording
    if not (rule and wording and ledger.rates):
        return ""
    starts = [a.starts for a in ledger.accounts if a.starts and a.starts <= ledger.last_day]
    if lines:
        latest = max(lines, key=lambda line: line.to_on)
        owner = next(account for account in ledger.accounts if latest in account.lines)
        day = owner.starts if rule.fixed and owner.starts else latest.to_on
    else:
        day = min(starts) if rule.fixed and starts else ledger.last_day
    try:
        rate = ledger.rates.on(day)
        margin = ledger.law.number(rule.margin, day) if rule.margin else Decimal(0)
    except UnknownForPeriod:
        return ""
    return sentence(
        wording,
        rate=percent_text(rate),
        margin=number_text(margin),
        semester=semester_text(day),
    )


def _articles(ledger: Ledger, lines: tuple[Line, ...]) -> tuple[str, ...]:
    regime = ledger.regime
    found = regime.interest_articles
    if any(account.lump_sum_accrued for account in ledger.accounts):
        found += regime.lump_sum_articles
    if ledger.payments and lines and ledger.imputation is Imputation.INTEREST_FIRST:
        found += regime.imputation_articles
    return found


def _sentences(ledger: Ledger, lines: tuple[Line, ...]) -> Iterator[str]:
    regime = ledger.regime
    if any(account.late for account in ledger.accounts):
        if regime.caution:
            yield sentence(regime.caution)
        if regime.starts is Starts.FORMAL_NOTICE:
            yield from _notice_sentences(ledger)
    elif not any(account.claim.due_on < ledger.until for account in ledger.accounts):
        yield sentence("not_late")
    yield from _refusals(ledger)
    if ledger.payments and lines:
        yield sentence(str(ledger.imputation))
    if ledger.stopped_on:
        yield sentence("stopped", last_day=day_text(ledger.last_day))
    if ledger.credit:
        yield sentence("credit", credit=euros_text(ledger.credit))


def _notice_sentences(ledger: Ledger) -> Iterator[str]:
    if ledger.notice_on is None:
        yield sentence("no_notice")
        return
    for account in ledger.accounts:
        if account.starts is None and account.late:
            number = account.claim.number
            yield sentence(
                "notice_too_early", claim=sentence("on_claim", number=number) if number else ""
            )


def _refusals(ledger: Ledger) -> Iterator[str]:
    refused = [account for account in ledger.accounts if account.refused]
    for first_unknown in sorted({a.cursor for a in refused if a.cursor}):
        period = semester_text(first_unknown)
        if any(account.lines for account in refused if account.cursor == first_unknown):
            last = day_text(first_unknown - ONE_DAY)
            yield sentence("refused_later", period=period, last_known=last)
        else:
            yield sentence("refused_earlier", period=period)
    yield from dict.fromkeys(unknown.sentence for unknown in ledger.unknown_lump_sums)
