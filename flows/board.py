"""The whole of a person's dossiers in figures: what is owed and how old, by whom, who pays late, what is to be watched.

Pure: the dossiers, the day, the law and the next date of each are arguments. Words are made elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from flows import ladder
from flows.dangers import Danger, Reason, dangers, habits
from flows.dossier import ActKind, Dossier, Status
from flows.facts.legal import LegalClocks
from flows.law import Law

_T = TypeVar("_T")
_ZERO = Decimal(0)
LIVING = frozenset({Status.OPEN, Status.PAUSED})
"""Dossiers whose money is still expected."""


@dataclass(frozen=True, slots=True)
class Age:
    """What is owed on invoices of one age: `first` to `last` days late, None where there is no bound.

    `first` 0 is what has not fallen due yet; both None: the due date is not known.
    """

    first: int | None
    last: int | None
    amount: Decimal
    invoices: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one client owes, over `dossiers` of them; "" is a client whose name is not known."""

    client: str
    amount: Decimal
    dossiers: int


@dataclass(frozen=True, slots=True)
class Delay:
    """Days from the due date to the payment, on average over `dossiers` paid; below zero, paid ahead."""

    client: str
    days: int
    dossiers: int


@dataclass(frozen=True, slots=True)
class Risk:
    """A dossier to be watched, and why."""

    dossier: Dossier
    amount: Decimal
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """The next date of a dossier; what should have come before today comes today."""

    dossier: Dossier
    on: date
    deadline: ladder.Deadline


@dataclass(frozen=True, slots=True)
class Board:
    """The whole on one day. Amounts are euros of principal TTC still due.

    `others`: the clients beyond those named, None when all are. `average`: None while too few dossiers were paid;
    `slowest`: the clients that paid, the latest first.
    """

    total: Decimal
    late: Decimal
    open: int
    paused: int
    ended: int
    ages: tuple[Age, ...]
    clients: tuple[Share, ...]
    others: Share | None
    other_clients: int
    average: Delay | None
    slowest: tuple[Delay, ...]
    risks: tuple[Risk, ...]
    coming: tuple[Coming, ...]


def board_of(
    dossiers: Iterable[Dossier],
    today: date,
    law: Law,
    deadlines: Mapping[str, ladder.Deadline],
    clocks: Mapping[str, LegalClocks] | None = None,
) -> Board:
    """Work out the whole; `deadlines` gives the next date of a dossier by its id, where it has one.

    `clocks` gives the legal clocks of dossiers on that day by their ids, where they were worked out already.
    """
    everything, known = tuple(dossiers), clocks or {}
    living = [d for d in everything if d.status in LIVING]
    owing = [(d, owed) for d in living if (owed := d.remaining)]
    ages = ages_of((d for d, _ in owing), today)
    shares = sorted(_shares(owing), key=lambda share: (-share.amount, share.client))
    named, rest = shares[: habits()["clients"]], shares[habits()["clients"] :]
    paid = [(d, days) for d in everything if (days := payment_delay(d)) is not None]
    enough = len(paid) >= habits()["enough_paid"]
    risks = [
        Risk(d, owed, found)
        for d, owed in owing
        if (found := dangers(d, today, law, known.get(d.id)))
    ]
    risks.sort(key=_gravity)
    coming = [Coming(d, max(due.on, today), due) for d in living if (due := deadlines.get(d.id))]
    coming.sort(key=lambda one: (one.on, one.deadline.on, one.dossier.id))
    return Board(
        total=sum((owed for _, owed in owing), _ZERO),
        late=sum((age.amount for age in ages if age.first), _ZERO),
        open=sum(d.status is Status.OPEN for d in living),
        paused=sum(d.status is Status.PAUSED for d in living),
        ended=len(everything) - len(living),
        ages=ages,
        clients=tuple(named),
        others=_together(rest) if rest else None,
        other_clients=len(rest),
        average=_average("", [days for _, days in paid]) if enough else None,
        slowest=tuple(_slowest(paid)) if enough else (),
        risks=tuple(risks),
        coming=tuple(coming[: habits()["dates"]]),
    )


def ages_of(dossiers: Iterable[Dossier], today: date) -> tuple[Age, ...]:
    """Give what is owed by age, every age in order; one of invoices without a due date only if there is any.

    Each invoice has its own age. The day after the due date is the first day late.
    """
    bounds = habits()["ages"]
    sums: dict[int | None, Decimal] = defaultdict(Decimal)
    counts: dict[int | None, int] = defaultdict(int)
    for dossier in dossiers:
        balances = dossier.settlement.balances
        for invoice in dossier.open_invoices:
            days = (today - invoice.due_on).days if invoice.due_on else None
            place = None if days is None else sum(days > bound for bound in (0, *bounds))
            sums[place] += balances[invoice.key]
            counts[place] += 1
    starts = [0, *(bound + 1 for bound in (0, *bounds))]
    ends = [0, *bounds, None]
    known = [
        Age(first, last, sums[place], counts[place])
        for place, (first, last) in enumerate(zip(starts, ends, strict=True))
    ]
    unknown = [Age(None, None, sums[None], counts[None])] if counts[None] else []
    return (*known, *unknown)


def payment_delay(dossier: Dossier) -> int | None:
    """Give the days from the due date to the payment of a dossier, None unless it is paid and both are known."""
    paid = dossier.last(ActKind.PAID)
    if dossier.status is not Status.PAID or paid is None or dossier.due_on is None:
        return None
    return (paid.on - dossier.due_on).days


def _gravity(risk: Risk) -> tuple[int, int, Decimal, str]:
    first = list(Danger).index(risk.reasons[0].danger)
    return (first, -len(risk.reasons), -risk.amount, risk.dossier.id)


def client_of(dossier: Dossier) -> str:
    """Give the client's name on one line, "" while unknown."""
    return " ".join(dossier.debtor_name.split())


def _shares(owing: Iterable[tuple[Dossier, Decimal]]) -> Iterator[Share]:
    """Add up by client; two ways of writing the same name in capitals are one client."""
    found = _by_client(owing)
    return (Share(name, sum(sums, _ZERO), len(sums)) for name, sums in found)


def _by_client(told: Iterable[tuple[Dossier, _T]]) -> Iterator[tuple[str, list[_T]]]:
    """Gather by client what was told of each dossier, under the name first met."""
    names: dict[str, str] = {}
    values: dict[str, list[_T]] = defaultdict(list)
    for dossier, value in told:
        key = client_of(dossier).casefold()
        names.setdefault(key, client_of(dossier))
        values[key].append(value)
    return ((name, values[key]) for key, name in names.items())


def _together(shares: list[Share]) -> Share:
    amount = sum((share.amount for share in shares), _ZERO)
    return Share("", amount, sum(share.dossiers for share in shares))


def _slowest(paid: Iterable[tuple[Dossier, int]]) -> list[Delay]:
    found = [_average(name, days) for name, days in _by_client(paid)]
    found.sort(key=lambda delay: (-delay.days, -delay.dossiers, delay.client))
    return found[: habits()["clients"]]


def _average(client: str, days: list[int]) -> Delay:
    mean = (Decimal(sum(days)) / len(days)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return Delay(client, int(mean), len(days))
