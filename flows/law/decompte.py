"""The décompte: what a debtor owes on a day, line by line, so that anyone can add it up again.

Sources: C. com. L441-10 and D441-5 (professionals), C. civ. 1231-6, 1344-1 and 1343-1 (others, part
payments), CCP R2192-31 to -33 and D2192-35 (public bodies). Rates, sums and articles come from the
law's files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from flows.dossier import DebtorKind
from flows.law.agreed import AgreedRate
from flows.law.calendar import ONE_DAY
from flows.law.claims import ZERO, Balance, Claim, Credit, Decompte, Line, Payment
from flows.law.credit_notes import spread_credits
from flows.law.law import Law, UnknownForPeriod
from flows.law.ledger import Account, Ledger
from flows.law.rates import Rates
from flows.law.regimes import Imputation, Regime, Starts
from flows.law.remarks import agreed_sentences, sentences
from flows.law.wording import sentence


def compute_decompte(  # noqa: PLR0913 - one name for each thing a debt depends on
    claims: Iterable[Claim],
    payments: Iterable[Payment],
    debtor_kind: DebtorKind,
    until: date,
    law: Law,
    *,
    formal_notice_on: date | None = None,
    stopped_on: date | None = None,
    imputation: Imputation | None = None,
    credits: Iterable[Credit] = (),  # noqa: A002 - the builtin is a banner of the interpreter
    agreed: AgreedRate | None = None,
    notices: Mapping[str, date | None] | None = None,
) -> Decompte:
    """Draw up what is owed at the end of the day `until`.

    `formal_notice_on`: the day a mise en demeure was received (or first presented). `stopped_on`:
    the day of the judgment that opened a collective procedure, which bears no interest.
    `imputation`: the person's choice, None for the regime's own. `credits`: each lowers its
    invoice from the start. `agreed`: the penalty rate of the contract; it counts against a
    professional only, for the others a sentence says why not. `notices`: by key of claim, the day
    of the mise en demeure that named it where that is another one, None where none did. Payments
    and credit notes after `until` do not count yet.

    A half-year whose rate is unknown is never guessed: interest stops the day before,
    `refused_from` says where and a sentence says why. Amounts that are not euros and cents raise
    ValueError when claims, payments and credit notes are made.
    """
    regime = law.regimes[debtor_kind]
    claims = list(claims)
    named_on = {claim.key: formal_notice_on for claim in claims} | dict(notices or {})
    named_on = {key: day if day and day <= until else None for key, day in named_on.items()}
    received = [day for claim in claims if (day := named_on[claim.key])]
    notes = [note for note in credits if note.on <= until]
    taken, excess = spread_credits(claims, notes)
    ledger = Ledger(
        law=law,
        regime=regime,
        rates=rates_of(law, regime, agreed),
        accounts=[
            Account(
                claim, _start(claim, regime, named_on[claim.key]), claim.amount - credited, credited
            )
            for claim, credited in zip(claims, taken, strict=True)
        ],
        payments=sorted((p for p in payments if p.on <= until), key=lambda payment: payment.on),
        notes=notes,
        until=until,
        notice_on=min(received, default=None),
        stopped_on=stopped_on if stopped_on and stopped_on <= until else None,
        imputation=imputation or regime.imputation,
        agreed=agreed,
        credit=excess,
    )
    ledger.run()
    return _closed(ledger)


def rates_of(law: Law, regime: Regime, agreed: AgreedRate | None) -> Rates | None:
    """Give the rates of a regime with what was agreed, None for one under which no interest runs."""
    if not (regime.rate and regime.wording):
        return None
    return Rates(
        law=law,
        rule=regime.rate,
        name=regime.rule,
        wording=regime.wording,
        agreed=agreed,
        agreed_rule=regime.agreed,
    )


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
            Balance(
                number=account.claim.number,
                principal=account.principal,
                interest=account.interest,
                lump_sum=account.lump_sum,
                days_late=account.days_late(ledger.until),
                credited=account.credited,
                key=account.claim.key,
                due_on=account.claim.due_on,
            )
            for account in accounts
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
        refused_from=min((a.cursor for a in accounts if a.unknown and a.cursor), default=None),
        imputation=ledger.imputation,
        rate_text=_rate_text(ledger, lines),
        articles=_articles(ledger, lines),
        sentences=tuple(sentences(ledger)),
        checked_on=ledger.law.checked_on_for(used, ledger.regime.last_checked_on),
        credited=sum((note.amount for note in ledger.notes), ZERO),
        agreed_text=ledger.agreed.words if ledger.agreed else "",
        agreed_sentences=tuple(agreed_sentences(ledger)),
    )


def _rate_text(ledger: Ledger, lines: tuple[Line, ...]) -> str:
    """Say the rate of the latest lines, or of the last day; "" when there is none."""
    if not ledger.rates:
        return ""
    if lines:
        latest = max(line.to_on for line in lines)
        found = dict.fromkeys(
            rate.text
            for account in ledger.accounts
            for line, rate in zip(account.lines, account.rates, strict=True)
            if line.to_on == latest
        )
        return sentence("several_rates").join(found)
    starts = [a.starts for a in ledger.accounts if a.starts and a.starts <= ledger.last_day]
    first_day = min(starts, default=ledger.last_day)
    try:
        rate = ledger.rates.on(first_day if ledger.rates.rule.fixed else ledger.last_day, first_day)
    except UnknownForPeriod:
        return ""
    return rate.text


def _articles(ledger: Ledger, lines: tuple[Line, ...]) -> tuple[str, ...]:
    regime = ledger.regime
    found = regime.interest_articles
    if any(account.lump_sum_accrued for account in ledger.accounts):
        found += regime.lump_sum_articles
    if ledger.payments and lines and ledger.imputation is Imputation.INTEREST_FIRST:
        found += regime.imputation_articles
    return found
