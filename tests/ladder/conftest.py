"""What the tests of the ladder share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest

from flows.dossier import Act, ActKind, DebtorKind, Dossier
from flows.ladder import Deadline, next_deadline, reminders
from flows.values import Value

Make = Callable[..., Act]
_HOLIDAYS = {date(2026, 11, 11), date(2026, 12, 25), date(2027, 1, 1)}


def _working(day: date) -> bool:
    return day.weekday() < 6 and day not in _HOLIDAYS


@pytest.fixture
def told() -> Make:
    """Make an act recorded at ten on `told_on`, its own day unless said otherwise."""

    def make(kind: ActKind, on: date, told_on: date | None = None, **data: Value) -> Act:
        return Act(kind, on, datetime.combine(told_on or on, time(10), tzinfo=UTC), data)

    return make


@pytest.fixture
def debt(told: Make) -> Callable[..., Dossier]:
    """Make a dossier due on 15 October 2026, opened the day after, with these acts."""

    def make(*acts: Act, **facts: Value) -> Dossier:
        known: dict[str, Value] = {
            "debtor_kind": "professionnel",
            "invoice_due_on": date(2026, 10, 15),
            **facts,
        }
        opened = told(ActKind.OPENED, date(2026, 10, 16))
        return Dossier("d", opened.on, known, (opened, *acts))

    return make


@pytest.fixture
def wakes() -> Callable[[Dossier], tuple[Deadline, ...]]:
    """Give every day a dossier wakes, on a calendar whose week ends on Saturday."""

    def find(dossier: Dossier) -> tuple[Deadline, ...]:
        notice = dict.fromkeys(DebtorKind, 8)
        found = reminders(dossier, dossier.acts[-1].on, _working, notice)
        first = next_deadline(dossier, dossier.acts[-1].on, _working, notice)
        assert first == (found[0] if found else None)
        return found

    return find
