"""The pure parts: what one step, one décompte, the law cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from statistics import median

from flows.dossier import DebtorKind
from flows.law import Claim, compute_decompte, load_law
from tests.bench.people import replay
from tests.bench.report import Row, Size, spread, timed

_UNTIL = date(2026, 11, 24)
_LOAD_AIM = 50.0
"""Milliseconds to read every parameter of the law."""
_DECOMPTE_AIM = 2000.0
"""Microseconds for a décompte of ten invoices over five years."""


def _repeat(work: Callable[[], int], repetitions: int) -> list[float]:
    """Give microseconds for one, as many times as said; `work` gives how many it did."""
    work()
    found = []
    for _ in range(repetitions):
        seconds, done = timed(work)
        found.append(seconds / done * 1e6)
    return found


def _decomptes() -> int:
    law = load_law()
    claims = [
        Claim(f"F-{n}", date(2021 + n // 2, 1 + 6 * (n % 2), 15), Decimal(1000 + n))
        for n in range(10)
    ]
    for _ in range(20):
        compute_decompte(claims, [], DebtorKind.PROFESSIONAL, _UNTIL, law)
    return 20


def _loads() -> int:
    load_law.__wrapped__()
    return 1


def measure(size: Size) -> list[Row]:
    """Measure the dialogue without a store, the décompte and the law."""
    steps = _repeat(replay, size.repetitions)
    accounts = _repeat(_decomptes, size.repetitions)
    loads = [micro / 1e3 for micro in _repeat(_loads, size.repetitions)]
    account, load = median(accounts), median(loads)
    return [
        Row("a step of the dialogue, no store", f"{median(steps):.0f} µs", spread(steps)),
        Row(
            "a décompte: ten invoices, five years",
            f"{account:.0f} µs",
            spread(accounts),
            f"≤ {_DECOMPTE_AIM:.0f} µs",
            account <= _DECOMPTE_AIM,
        ),
        Row(
            f"the law: {len(load_law().parameters)} parameters read and checked",
            f"{load:.1f} ms",
            spread(loads, 1),
            f"≤ {_LOAD_AIM:.0f} ms",
            load <= _LOAD_AIM,
        ),
    ]
